//! JSON values → Rust values, by the schema (spec IO-7 to IO-9). The texts of rejections are normative: the host's
//! schema validation gives the same.

use crate::buffer::Owned;
use crate::json::{Decoded, Kind, Parts, Properties, Rejection, Value, order};
use crate::text::Text;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

/// A value that can be read from JSON. Implemented for generated types by `#[capability]`.
pub trait Decode: Sized {
    /// Reads the value.
    ///
    /// # Errors
    ///
    /// A [`Rejection`] whose place is seen from this value.
    fn decode(value: Value<'_>) -> Decoded<Self>;

    /// Looks at the JSON of a value of this type for what the schema says besides.
    ///
    /// # Errors
    ///
    /// As [`Decode::decode`].
    fn check(value: Value<'_>) -> Decoded<()> {
        Self::decode(value).map(|_| ())
    }
}

#[cold]
fn expected(noun: &str, found: Value<'_>) -> Owned<Rejection> {
    Rejection::expected(noun, found.noun())
}

impl Decode for bool {
    fn decode(value: Value<'_>) -> Decoded<bool> {
        match value.kind() {
            Kind::Bool => Ok(value.bits() == 1),
            _ => Err(expected("a boolean", value)),
        }
    }
}

const TWO_TO_63: f64 = 9_223_372_036_854_775_808.0;

impl Decode for i64 {
    fn decode(value: Value<'_>) -> Decoded<i64> {
        match value.kind() {
            Kind::Int => Ok(value.bits() as i64),
            Kind::Whole => Ok(f64::from_bits(value.bits()) as i64),
            // By their bits, but for the sign, as doubles compare.
            Kind::Double if value.bits() << 1 >= TWO_TO_63.to_bits() << 1 => {
                Err(reject("integer out of range"))
            }
            Kind::Double => Err(Rejection::expected("an integer", "a number with a fraction")),
            _ => Err(expected("an integer", value)),
        }
    }
}

impl Decode for f64 {
    fn decode(value: Value<'_>) -> Decoded<f64> {
        match value.kind() {
            Kind::Int => Ok(value.bits() as i64 as f64),
            Kind::Double | Kind::Whole => Ok(f64::from_bits(value.bits())),
            _ => Err(expected("a number", value)),
        }
    }
}

impl Decode for () {
    fn decode(value: Value<'_>) -> Decoded<()> {
        unwrap_null(value)
    }
}

impl<T: Decode> Decode for Option<T> {
    fn decode(value: Value<'_>) -> Decoded<Option<T>> {
        decode_nullable(value, T::decode)
    }
}

impl Decode for String {
    fn decode(value: Value<'_>) -> Decoded<String> {
        unwrap_text(value)
    }
}

impl<T: Decode> Decode for Vec<T> {
    fn decode(value: Value<'_>) -> Decoded<Vec<T>> {
        decode_array(value, T::decode)
    }
}

impl<T: Decode> Decode for BTreeMap<String, T> {
    fn decode(value: Value<'_>) -> Decoded<BTreeMap<String, T>> {
        decode_map(value, T::decode)
    }
}

/// The text of a string, where the document has it.
///
/// # Errors
///
/// If it is none.
pub fn borrow_text(value: Value<'_>) -> Decoded<&str> {
    value.text().ok_or_else(|| expected("a string", value))
}

/// The text of a string.
///
/// # Errors
///
/// If it is none.
pub fn unwrap_text(value: Value<'_>) -> Decoded<String> {
    borrow_text(value).map(String::from)
}

/// The text of a string of so many characters, where the document has it.
///
/// # Errors
///
/// If it is none, or has fewer or more.
pub fn bounded_text(value: Value<'_>, least: u64, most: u64) -> Decoded<&str> {
    let text = borrow_text(value)?;
    check_length(characters(text), least, most, "characters")?;
    Ok(text)
}

/// The text of a string of so many characters.
///
/// # Errors
///
/// If it is none, or has fewer or more.
pub fn decode_text(value: Value<'_>, least: u64, most: u64) -> Decoded<String> {
    bounded_text(value, least, most).map(String::from)
}

/// How many characters a text has, without the standard library's way for very long texts.
pub fn characters(text: &str) -> usize {
    // Of each character the first byte alone is none that goes on with one.
    text.bytes().filter(|byte| byte & 0xc0 != 0x80).count()
}

/// The properties of an object in the document's order. Generated code goes through them in a loop of its own: to hand a
/// function to another would need a table in the module, which every call would have to be given.
#[derive(Debug)]
pub struct Members<'a> {
    rest: Parts<'a>,
    known: &'a [&'a str],
    /// The value at hand, once there is one.
    at: usize,
}

/// The properties of an object, some of which are `known`.
///
/// # Errors
///
/// If it is none.
#[inline(always)]
pub fn members<'a>(value: Value<'a>, known: &'a [&'a str]) -> Decoded<Members<'a>> {
    require_object(value)?;
    Ok(Members { rest: value.parts(), known, at: 0 })
}

impl<'a> Members<'a> {
    /// Goes on to the next property: its place among those that are known, beyond them for one that is not; `usize::MAX`
    /// if there is none.
    #[inline(never)]
    pub fn advance(&mut self) -> usize {
        let Some((name, at)) = self.rest.next_property() else { return usize::MAX };
        self.at = at;
        let mut at = 0;
        while self.known.get(at).is_some_and(|known| order(known.as_bytes(), name) != 0) {
            at += 1;
        }
        at
    }

    /// The value at hand.
    #[inline(always)]
    pub fn value(&self) -> Value<'a> {
        self.rest.value(self.at)
    }

    /// Places what befell it inside the object.
    #[cold]
    pub fn placed(&self, rejection: Owned<Rejection>) -> Owned<Rejection> {
        placed(self.rest.name_of(self.at), rejection)
    }
}

/// The property at hand is none that an object may have.
#[cold]
pub fn unknown() -> Owned<Rejection> {
    reject("unknown property")
}

/// Fills what is empty; so nothing is dropped.
#[inline(always)]
pub fn fill<T>(place: &mut Option<T>, value: T) {
    core::mem::forget(place.replace(value));
}

/// The properties of an object.
///
/// # Errors
///
/// If it is none.
fn unwrap_object(value: Value<'_>) -> Decoded<Properties<'_>> {
    require_object(value)?;
    Ok(value.properties())
}

fn require_object(value: Value<'_>) -> Decoded<()> {
    match value.kind() {
        Kind::Object => Ok(()),
        _ => Err(expected("an object", value)),
    }
}

/// Nothing but null.
///
/// # Errors
///
/// If it is something.
pub fn unwrap_null(value: Value<'_>) -> Decoded<()> {
    match value.kind() {
        Kind::Null => Ok(()),
        _ => Err(Rejection::told(expected("null", value))),
    }
}

/// `None` for null, anything else by `decode`.
///
/// # Errors
///
/// Those of `decode`.
pub fn decode_nullable<'a, T>(
    value: Value<'a>,
    decode: impl FnOnce(Value<'a>) -> Decoded<T>,
) -> Decoded<Option<T>> {
    match value.kind() {
        Kind::Null => Ok(None),
        _ => decode(value).map(Some).map_err(Rejection::or_null),
    }
}

/// The elements of an array, and how many there are.
///
/// # Errors
///
/// If it is none.
pub fn unwrap_array(value: Value<'_>) -> Decoded<(Parts<'_>, usize)> {
    match value.kind() {
        Kind::Array => Ok((value.parts(), value.count())),
        _ => Err(expected("an array", value)),
    }
}

/// The next element of a tuple, if there is one, by `decode`.
///
/// # Errors
///
/// Those of `decode`, with the element's place.
pub fn decode_item<'a, T>(
    items: &mut Parts<'a>,
    index: usize,
    decode: impl FnOnce(Value<'a>) -> Decoded<T>,
) -> Decoded<Option<T>> {
    let Some(item) = items.next() else { return Ok(None) };
    within_index(index, decode(item)).map(Some)
}

/// The elements of an array, each by `decode`.
///
/// # Errors
///
/// If it is none, or the first element that `decode` rejects.
pub fn decode_array<'a, T>(value: Value<'a>, decode: impl Fn(Value<'a>) -> Decoded<T>) -> Decoded<Vec<T>> {
    let (items, count) = unwrap_array(value)?;
    let mut decoded = Vec::with_capacity(count);
    for item in items {
        let item = within_index(decoded.len(), decode(item))?;
        decoded.push(item);
    }
    Ok(decoded)
}

/// How many elements an array has, each of which `check` lets pass.
///
/// # Errors
///
/// If it is none, or the first element that `check` rejects.
pub fn check_array<'a>(value: Value<'a>, check: impl Fn(Value<'a>) -> Decoded<()>) -> Decoded<usize> {
    let (items, count) = unwrap_array(value)?;
    for (index, item) in items.enumerate() {
        within_index(index, check(item))?;
    }
    Ok(count)
}

/// The values of a map, each by `decode`, in the document's order.
///
/// # Errors
///
/// If it is none, or the first value that `decode` rejects.
pub fn decode_map<'a, T>(
    value: Value<'a>,
    decode: impl Fn(Value<'a>) -> Decoded<T>,
) -> Decoded<BTreeMap<String, T>> {
    let mut decoded = BTreeMap::new();
    for (key, value) in unwrap_object(value)? {
        let value = within(key, decode(value))?;
        decoded.insert(String::from(key), value);
    }
    Ok(decoded)
}

/// Places what befell the property `name` inside its object.
///
/// # Errors
///
/// The rejection given, with its place.
pub fn within<T>(name: &str, decoded: Decoded<T>) -> Decoded<T> {
    decoded.map_err(|rejection| placed(name.as_bytes(), rejection))
}

#[cold]
fn placed(name: &[u8], mut rejection: Owned<Rejection>) -> Owned<Rejection> {
    rejection.under(name);
    rejection
}

fn within_index<T>(index: usize, decoded: Decoded<T>) -> Decoded<T> {
    decoded.map_err(|mut rejection| {
        let mut step = Text::default();
        step.push_integer(index as i64);
        rejection.under(step.as_bytes());
        rejection
    })
}

/// A property that must be there and is not.
#[cold]
pub fn missing(name: &str) -> Owned<Rejection> {
    let mut rejection = Rejection::here("required property `");
    rejection.message.push(name);
    rejection.message.push("` is missing");
    rejection
}

/// What a schema says of a value that breaks it.
#[cold]
pub fn reject(message: &'static str) -> Owned<Rejection> {
    Rejection::here(message)
}

/// Bounds of a length.
///
/// # Errors
///
/// What the schema says of it where it is not within them.
pub fn check_length(length: usize, least: u64, most: u64, unit: &str) -> Decoded<()> {
    let (words, bound) = match length as u64 {
        length if length < least => ("at least ", least),
        length if length > most => ("at most ", most),
        _ => return Ok(()),
    };
    let mut rejection = Rejection::here("must have ");
    rejection.message.push(words);
    rejection.message.push_digits(bound);
    rejection.message.push(" ");
    rejection.message.push(unit);
    Err(rejection)
}

/// A bound of the schema.
///
/// # Errors
///
/// `message`, unless it `holds`.
pub fn require(holds: bool, message: &'static str) -> Decoded<()> {
    if holds { Ok(()) } else { Err(reject(message)) }
}
