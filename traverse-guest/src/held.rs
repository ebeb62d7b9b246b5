//! What lists and maps of rules hold, alike for those of the input and those that a rule makes (spec LANG-70 to
//! LANG-75).
//!
//! A rule looks at texts as `&str`, at lists as slices, at objects as references, at maps as anything [`Keyed`]. What a
//! list of the input holds, a `String`, is [`Lend`]ed as such; what a list of a rule holds may be such already.

use crate::clause::EvalError;
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

/// Something that a list or a map holds, and how a rule looks at it.
pub trait Lend<'a> {
    /// What a rule works with.
    type Value;

    /// The value as a rule has it.
    fn lend(&'a self) -> Self::Value;
}

/// What `[]` and `{}` hold where nothing tells what it would be.
#[derive(Clone, Copy)]
pub enum Nothing {}

/// A generated struct, so that references to it are lent as what they refer to.
pub trait LendRef {}

macro_rules! lend_copies {
    ($($type:ty),*) => {$(
        impl<'a> Lend<'a> for $type {
            type Value = $type;

            fn lend(&'a self) -> $type {
                *self
            }
        }
    )*};
}

lend_copies!(bool, i64, f64, (), Nothing);

macro_rules! lend_ints {
    ($($type:ty),*) => {$(
        impl<'a> Lend<'a> for $type {
            type Value = i64;

            // No integer of a schema is beyond `i64`.
            fn lend(&'a self) -> i64 {
                *self as i64
            }
        }
    )*};
}

lend_ints!(u8, i8, u16, i16, u32, i32, u64);

impl<'a, T: Lend<'a>> Lend<'a> for Option<T> {
    type Value = Option<T::Value>;

    fn lend(&'a self) -> Option<T::Value> {
        self.as_ref().map(Lend::lend)
    }
}

/// Tuples up to the length that a schema may give them, lent as a whole.
macro_rules! lend_tuples {
    ($($item:ident)*) => {
        impl<$($item),*> LendRef for ($($item,)*) {}

        impl<'a, $($item: 'a),*> Lend<'a> for ($($item,)*) {
            type Value = &'a ($($item,)*);

            fn lend(&'a self) -> &'a ($($item,)*) {
                self
            }
        }
    };
}

lend_tuples!(A);
lend_tuples!(A B);
lend_tuples!(A B C);
lend_tuples!(A B C D);
lend_tuples!(A B C D E);
lend_tuples!(A B C D E F);
lend_tuples!(A B C D E F G);
lend_tuples!(A B C D E F G H);
lend_tuples!(A B C D E F G H I);
lend_tuples!(A B C D E F G H I J);
lend_tuples!(A B C D E F G H I J K);
lend_tuples!(A B C D E F G H I J K L);

impl<'a> Lend<'a> for String {
    type Value = &'a str;

    fn lend(&'a self) -> &'a str {
        self
    }
}

impl<'b> Lend<'_> for &'b str {
    type Value = &'b str;

    fn lend(&self) -> &'b str {
        self
    }
}

impl<'a, T: 'a> Lend<'a> for Vec<T> {
    type Value = &'a [T];

    fn lend(&'a self) -> &'a [T] {
        self
    }
}

impl<'b, T> Lend<'_> for &'b [T] {
    type Value = &'b [T];

    fn lend(&self) -> &'b [T] {
        self
    }
}

impl<'a, T: 'a> Lend<'a> for BTreeMap<String, T> {
    type Value = &'a BTreeMap<String, T>;

    fn lend(&'a self) -> &'a BTreeMap<String, T> {
        self
    }
}

impl<'b, T> Lend<'_> for &'b BTreeMap<String, T> {
    type Value = &'b BTreeMap<String, T>;

    fn lend(&self) -> &'b BTreeMap<String, T> {
        self
    }
}

impl<'b, T: LendRef> Lend<'_> for &'b T {
    type Value = &'b T;

    fn lend(&self) -> &'b T {
        self
    }
}

impl<'a, T: Lend<'a>> Lend<'a> for Box<T> {
    type Value = T::Value;

    fn lend(&'a self) -> T::Value {
        (**self).lend()
    }
}

/// A map: of the input, or written in a rule as pairs that are sorted by key.
pub trait Keyed {
    /// What it holds.
    type Held;

    /// The value for this key.
    fn find(&self, key: &str) -> Option<&Self::Held>;

    /// How many entries there are.
    fn count(&self) -> usize;

    /// The entries by key.
    fn entries(&self) -> impl Iterator<Item = (&str, &Self::Held)>;
}

impl<T> Keyed for BTreeMap<String, T> {
    type Held = T;

    fn find(&self, key: &str) -> Option<&T> {
        self.get(key)
    }

    fn count(&self) -> usize {
        self.len()
    }

    fn entries(&self) -> impl Iterator<Item = (&str, &T)> {
        self.iter().map(|(key, value)| (key.as_str(), value))
    }
}

impl<K: AsRef<str>, T> Keyed for [(K, T)] {
    type Held = T;

    fn find(&self, key: &str) -> Option<&T> {
        self.iter().find(|(known, _)| known.as_ref() == key).map(|(_, value)| value)
    }

    fn count(&self) -> usize {
        self.len()
    }

    fn entries(&self) -> impl Iterator<Item = (&str, &T)> {
        self.iter().map(|(key, value)| (key.as_ref(), value))
    }
}

/// `map[key]`
///
/// # Errors
///
/// If there is none.
pub fn lookup<'a, M: Keyed + ?Sized>(map: &'a M, key: &str) -> Result<&'a M::Held, EvalError> {
    map.find(key).ok_or(EvalError::NoSuchKey)
}

/// The keys, by code point.
pub fn keys<M: Keyed + ?Sized>(map: &M) -> Vec<&str> {
    map.entries().map(|(key, _)| key).collect()
}

/// A map literal: its entries by key.
///
/// # Errors
///
/// If a key comes twice.
pub fn written<K: AsRef<str>, T, const N: usize>(mut entries: [(K, T); N]) -> Result<[(K, T); N], EvalError> {
    // Literals are short, and the standard sort costs kilobytes.
    for end in 1..N {
        let mut at = end;
        while at > 0 {
            match entries[at - 1].0.as_ref().cmp(entries[at].0.as_ref()) {
                core::cmp::Ordering::Less => break,
                core::cmp::Ordering::Equal => return Err(EvalError::DuplicateKey),
                core::cmp::Ordering::Greater => entries.swap(at - 1, at),
            }
            at -= 1;
        }
    }
    Ok(entries)
}

/// `left == right` of two lists, element by element.
pub fn equal_lists<L, R>(left: &[L], right: &[R], mut equal: impl FnMut(&L, &R) -> bool) -> bool {
    left.len() == right.len() && left.iter().zip(right).all(|(left, right)| equal(left, right))
}

/// `left == right` of two maps: the same keys, and for each of them equal values.
pub fn equal_maps<L: Keyed + ?Sized, R: Keyed + ?Sized>(
    left: &L,
    right: &R,
    mut equal: impl FnMut(&L::Held, &R::Held) -> bool,
) -> bool {
    left.count() == right.count()
        && left.entries().all(|(key, left)| right.find(key).is_some_and(|right| equal(left, right)))
}

/// `left + right` of two lists, each element made into one of the result's.
pub fn join<'a, 'b, L, R, T>(
    left: &'a [L],
    right: &'b [R],
    own_left: impl FnMut(&'a L) -> T,
    own_right: impl FnMut(&'b R) -> T,
) -> Vec<T> {
    let mut joined = Vec::with_capacity(left.len() + right.len());
    joined.extend(left.iter().map(own_left));
    joined.extend(right.iter().map(own_right));
    joined
}

/// A list that borrows less: each element is made into one of its own.
pub fn own_list<'a, E, T>(list: &'a [E], own: impl FnMut(&'a E) -> T) -> Vec<T> {
    list.iter().map(own).collect()
}

/// A map that borrows less, its entries by key.
pub fn own_map<'a, M: Keyed + ?Sized, T>(
    map: &'a M,
    mut own: impl FnMut(&'a M::Held) -> T,
) -> Vec<(String, T)> {
    map.entries().map(|(key, value)| (String::from(key), own(value))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// spec: LANG-70
    #[test]
    fn a_written_map_is_sorted_and_has_each_key_once() {
        assert_eq!(
            written([("b", 1), ("a", 2), ("é", 3), ("", 4)]),
            Ok([("", 4), ("a", 2), ("b", 1), ("é", 3)])
        );
        assert_eq!(written([("b", 1), ("a", 2), ("b", 3)]), Err(EvalError::DuplicateKey));
        let map = [("a", 1), ("b", 2)];
        assert_eq!(lookup(&map[..], "b"), Ok(&2));
        assert_eq!(lookup(&map[..], "c"), Err(EvalError::NoSuchKey));
    }

    /// spec: LANG-71
    #[test]
    fn maps_of_either_kind_are_equal_if_they_hold_the_same() {
        let stored = BTreeMap::from([(String::from("a"), 1), (String::from("b"), 2)]);
        let equal = |pairs: &[(&str, i64)]| equal_maps(&stored, pairs, |left, right| left == right);
        assert!(equal(&[("a", 1), ("b", 2)]));
        assert!(!equal(&[("a", 1), ("b", 3)]));
        assert!(!equal(&[("a", 1), ("c", 2)]));
        assert!(!equal(&[("a", 1)]));
    }
}
