//! Rust values → JSON text.

use crate::buffer::{Owned, owned};
use crate::decode::Decode;
use crate::json::{ESCAPES, Kind, MAX_DEPTH, Value, is_plain, plain_length, write_f64};
use crate::text::Text;
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

/// JSON text in the making.
#[derive(Debug, Default)]
#[repr(C)]
pub struct Writer {
    /// It stands first, so that its place is that of the whole.
    pub(crate) text: Text,
    /// What a process ends with that says this.
    pub(crate) exit_code: i32,
    /// Arrays and objects that are open, of those that are counted, and how many have been at once.
    depth: usize,
    deepest: usize,
    /// Whether minus zero is written as zero.
    one_zero: bool,
    /// The first number that JSON cannot hold.
    not_finite: Option<Owned<NotFinite>>,
}

/// A number that JSON cannot hold.
#[derive(Debug)]
struct NotFinite {
    /// What it is.
    words: &'static str,
    /// Where it stands: `lines[0].price`; grows from its end, as the values around it are left.
    path: Text,
    /// How many arrays and objects are around the step that the path grows by next; 0 where there is none.
    path_depth: usize,
}

/// Values of types that contain themselves are not followed deeper than this, whatever the author made: what is too deep
/// is reported all the same.
const FOLLOWED_LEVELS: usize = 2 * MAX_DEPTH;

/// The result as JSON.
///
/// # Panics
///
/// If it holds a number that is not finite, or is nested too deep. The place of the panic is the caller's: generated code calls this at the
/// name of the author's function.
#[track_caller]
pub fn write_result<T: Encode>(result: &T) -> Owned<Writer> {
    let mut out = Writer::new();
    result.encode(&mut out);
    if T::FALLIBLE {
        out.require_sound(b"the result");
    }
    out
}

/// Whether no two items are the same value (`uniqueItems`, spec SCHEMA-33). Their texts are sorted, so that the time does
/// not grow with the square of the list.
pub fn all_differ<T: Encode>(items: &[T]) -> bool {
    let text = |item: &T| {
        let mut out = Writer { one_zero: true, ..Writer::default() };
        item.encode(&mut out);
        let bytes = out.text.as_bytes().to_vec();
        out.text.release();
        bytes
    };
    let mut texts: Vec<Vec<u8>> = items.iter().map(text).collect();
    texts.sort_unstable();
    texts.windows(2).all(|pair| pair[0] != pair[1])
}

/// A value that can be written as JSON. Implemented for generated types by `#[capability]`.
pub trait Encode {
    /// Whether there are values that JSON cannot hold: those with a number, and those that nest without end. Where there
    /// are none, no code looks for them.
    const FALLIBLE: bool;

    /// Appends the value's JSON.
    fn encode(&self, out: &mut Writer);
}

impl Writer {
    /// An empty text.
    #[inline(never)]
    pub fn new() -> Owned<Writer> {
        let mut out = owned(Writer::default());
        // The usual reply grows no further.
        out.text.reserve(120);
        out
    }

    /// The beginning of a reply that is no result.
    pub(crate) fn outcome(exit_code: i32, outcome: &str) -> Owned<Writer> {
        let mut out = Writer::new();
        out.exit_code = exit_code;
        out.begin();
        out.text_property("outcome", outcome.as_bytes());
        out
    }

    pub(crate) fn raw(&mut self, text: &str) {
        self.text.push(text);
    }

    /// Opens an object. Its properties follow, then [`Writer::end`].
    pub fn begin(&mut self) {
        self.text.push_byte(b'{');
    }

    /// Closes an object.
    pub fn end(&mut self) {
        self.text.push_byte(b'}');
    }

    /// What follows is inside of an array or an object. Counted where it matters: around values that JSON may not be
    /// able to hold.
    pub fn descend(&mut self) {
        self.depth += 1;
        self.deepest = self.deepest.max(self.depth);
    }

    /// The end of what [`Writer::descend`] began.
    pub fn ascend(&mut self) {
        self.depth -= 1;
    }

    /// An array, whose elements `write` writes.
    fn array<T: Encode>(&mut self, write: impl FnOnce(&mut Writer)) {
        self.text.push_byte(b'[');
        if T::FALLIBLE {
            self.descend();
        }
        write(self);
        if T::FALLIBLE {
            self.ascend();
        }
        self.text.push_byte(b']');
    }

    /// A property's name in a schema or in a reply, with the comma before it where one is due. Its value must follow.
    pub fn name(&mut self, name: &str) {
        self.next_property();
        // There is nothing in it to escape.
        self.text.push_byte(b'"');
        self.raw(name);
        self.raw("\":");
    }

    /// Any name.
    fn key(&mut self, key: &str) {
        self.next_property();
        self.string(key.as_bytes());
        self.text.push_byte(b':');
    }

    fn next_property(&mut self) {
        // An object's text ends in `{` only while it is empty: a string value would end in `"`.
        if !self.text.as_bytes().ends_with(b"{") {
            self.text.push_byte(b',');
        }
    }

    /// A property.
    pub fn property<T: Encode + ?Sized>(&mut self, name: &str, value: &T) {
        self.name(name);
        self.value_of(name, value);
    }

    #[inline(always)]
    fn value_of<T: Encode + ?Sized>(&mut self, name: &str, value: &T) {
        if T::FALLIBLE && self.depth > FOLLOWED_LEVELS {
            return self.raw("null");
        }
        value.encode(self);
        if T::FALLIBLE && self.is_left() {
            self.leave(name.as_bytes());
        }
    }

    /// A property of a value that was read, or was checked: one that JSON can hold.
    pub(crate) fn sound_property<T: Encode + ?Sized>(&mut self, name: &str, value: &T) {
        self.key(name);
        value.encode(self);
    }

    /// A property that is text.
    pub(crate) fn text_property(&mut self, name: &str, text: &[u8]) {
        self.name(name);
        self.string(text);
    }

    /// Whether what was just written holds the number that JSON cannot hold, and nothing around it has been left: the
    /// first such value at each depth is the one around those before.
    fn is_left(&self) -> bool {
        self.not_finite.as_ref().is_some_and(|found| found.path_depth > 0 && found.path_depth == self.depth)
    }

    /// Puts a step in front of the way to a number that was found inside of it.
    #[cold]
    fn leave(&mut self, step: &[u8]) {
        let Some(found) = &mut self.not_finite else { return };
        let mut path = Text::default();
        path.push_bytes(step);
        if !matches!(found.path.as_bytes().first(), None | Some(b'[')) {
            path.push_byte(b'.');
        }
        path.push_bytes(found.path.as_bytes());
        found.path = path;
        found.path_depth -= 1;
    }

    /// Spec IO-15: what JSON cannot hold is a mistake of the function, not an outcome. `whose` begins the sentence.
    #[track_caller]
    pub(crate) fn require_sound(&self, whose: &[u8]) {
        if self.deepest <= MAX_DEPTH && self.not_finite.is_none() {
            return;
        }
        let mut message = Text::default();
        message.push_bytes(whose);
        match &self.not_finite {
            Some(found) if self.deepest <= MAX_DEPTH => {
                if !found.path.as_bytes().is_empty() {
                    message.push("'s `");
                    message.push_bytes(found.path.as_bytes());
                    message.push("`");
                }
                message.push(found.words);
                message.push(", which JSON cannot hold: give it a finite number, or raise an exception");
            }
            _ => {
                message.push(
                    " is nested deeper than 100 levels, which no reader takes: raise an exception instead",
                );
            }
        }
        crate::panic::fail(message.as_bytes());
    }

    /// A property that is left out where there is no value.
    pub fn optional<T: Encode>(&mut self, name: &str, value: &Option<T>) {
        if let Some(value) = value {
            self.property(name, value);
        }
    }

    /// Text of a reply that is no result; those are rare, so this is short.
    #[inline(never)]
    pub(crate) fn string(&mut self, text: &[u8]) {
        self.text.push_byte(b'"');
        for byte in text.iter().copied() {
            if is_plain(byte) {
                self.text.push_byte(byte);
            } else {
                self.escape(byte);
            }
        }
        self.text.push_byte(b'"');
    }

    /// Text of a result.
    #[inline(never)]
    fn long_string(&mut self, text: &[u8]) {
        self.text.push_byte(b'"');
        let mut rest = text;
        loop {
            let plain = plain_length(rest);
            self.text.push_part(rest, 0, plain);
            let Some((byte, after)) = rest.get(plain..).and_then(<[u8]>::split_first) else { break };
            self.escape(*byte);
            rest = after;
        }
        self.text.push_byte(b'"');
    }

    #[inline(never)]
    fn escape(&mut self, byte: u8) {
        self.text.push_byte(b'\\');
        for [name, meaning] in &ESCAPES {
            if *meaning == byte {
                return self.text.push_byte(*name);
            }
        }
        self.raw("u00");
        self.text.push_byte(b'0' + (byte >> 4));
        let digit = byte & 0xf;
        self.text.push_byte(if digit < 10 { b'0' + digit } else { b'a' - 10 + digit });
    }

    fn list<T: Encode>(&mut self, items: &[T]) {
        self.array::<T>(|out| {
            for (index, item) in items.iter().enumerate() {
                out.item(index, item);
            }
        });
    }

    /// The comma between elements of an array.
    fn separate(&mut self, index: usize) {
        if index > 0 {
            self.text.push_byte(b',');
        }
    }

    /// An element of an array.
    fn item<T: Encode>(&mut self, index: usize, item: &T) {
        self.separate(index);
        item.encode(self);
        if T::FALLIBLE && self.is_left() {
            let mut step = Text::default();
            step.push_byte(b'[');
            step.push_integer(index as i64);
            step.push("]");
            self.leave(step.as_bytes());
        }
    }
}

impl Encode for bool {
    const FALLIBLE: bool = false;

    fn encode(&self, out: &mut Writer) {
        out.raw(if *self { "true" } else { "false" });
    }
}

impl Encode for i64 {
    const FALLIBLE: bool = false;

    fn encode(&self, out: &mut Writer) {
        out.text.push_integer(*self);
    }
}

/// The integer types that bounds make.
macro_rules! encode_as_i64 {
    ($($integer:ty)*) => {$(
        impl Encode for $integer {
    const FALLIBLE: bool = false;

            fn encode(&self, out: &mut Writer) {
                i64::from(*self).encode(out);
            }
        }
    )*};
}
encode_as_i64! { u8 i8 u16 i16 u32 i32 }

impl Encode for u64 {
    const FALLIBLE: bool = false;

    fn encode(&self, out: &mut Writer) {
        match i64::try_from(*self) {
            Ok(value) => value.encode(out),
            // Fits no schema, which is found when the result is read back.
            Err(_) => out.text.push_digits(*self),
        }
    }
}

impl Encode for f64 {
    const FALLIBLE: bool = true;

    fn encode(&self, out: &mut Writer) {
        if self.is_finite() {
            // Where texts are compared there is one zero.
            write_f64(if out.one_zero { *self + 0.0 } else { *self }, &mut out.text);
        } else if out.not_finite.is_none() {
            let words = if self.is_nan() { " is NaN" } else { " is infinite" };
            let found = NotFinite { words, path: Text::default(), path_depth: out.depth };
            out.not_finite = Some(owned(found));
        }
    }
}

impl Encode for str {
    const FALLIBLE: bool = false;

    fn encode(&self, out: &mut Writer) {
        out.long_string(self.as_bytes());
    }
}

impl Encode for String {
    const FALLIBLE: bool = false;

    fn encode(&self, out: &mut Writer) {
        out.long_string(self.as_bytes());
    }
}

impl<T: Encode> Encode for Vec<T> {
    const FALLIBLE: bool = T::FALLIBLE;

    fn encode(&self, out: &mut Writer) {
        out.list(self);
    }
}

impl<T: Encode> Encode for Box<T> {
    const FALLIBLE: bool = T::FALLIBLE;

    fn encode(&self, out: &mut Writer) {
        (**self).encode(out);
    }
}

impl<T: Encode> Encode for BTreeMap<String, T> {
    const FALLIBLE: bool = T::FALLIBLE;

    fn encode(&self, out: &mut Writer) {
        out.begin();
        if T::FALLIBLE {
            out.descend();
        }
        for (key, value) in self {
            out.key(key);
            out.value_of(key, value);
        }
        if T::FALLIBLE {
            out.ascend();
        }
        out.end();
    }
}

impl Encode for () {
    const FALLIBLE: bool = false;

    fn encode(&self, out: &mut Writer) {
        out.raw("null");
    }
}

impl<T: Encode> Encode for Option<T> {
    const FALLIBLE: bool = T::FALLIBLE;

    fn encode(&self, out: &mut Writer) {
        match self {
            Some(value) => value.encode(out),
            None => out.raw("null"),
        }
    }
}

/// Tuples up to the length that a schema may give them.
macro_rules! encode_tuples {
    ($($item:ident $at:tt),*) => {
        impl<$($item: Encode),*> Encode for ($($item,)*) {
            const FALLIBLE: bool = $($item::FALLIBLE)||*;

            fn encode(&self, out: &mut Writer) {
                out.array::<Self>(|out| {
                    $(out.item($at, &self.$at);)*
                });
            }
        }
    };
}

encode_tuples!(A 0);
encode_tuples!(A 0, B 1);
encode_tuples!(A 0, B 1, C 2);
encode_tuples!(A 0, B 1, C 2, D 3);
encode_tuples!(A 0, B 1, C 2, D 3, E 4);
encode_tuples!(A 0, B 1, C 2, D 3, E 4, F 5);
encode_tuples!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
encode_tuples!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
encode_tuples!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8);
encode_tuples!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9);
encode_tuples!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10);
encode_tuples!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11);

/// Writes a value that was read. `DOUBLES` says whether there may be some in it; where a module has none, it needs nothing
/// that writes them.
pub(crate) fn write_value<const DOUBLES: bool>(value: Value<'_>, out: &mut Writer) {
    match value.kind() {
        Kind::Null => out.raw("null"),
        Kind::Bool => (value.bits() == 1).encode(out),
        Kind::Int => (value.bits() as i64).encode(out),
        Kind::Double | Kind::Whole => {
            if DOUBLES {
                f64::decode(value).unwrap_or_default().encode(out);
            }
        }
        Kind::Text => out.string(value.text().unwrap_or_default().as_bytes()),
        Kind::Array => {
            out.text.push_byte(b'[');
            for (index, item) in value.parts().enumerate() {
                out.separate(index);
                write_value::<DOUBLES>(item, out);
            }
            out.text.push_byte(b']');
        }
        Kind::Object => {
            out.begin();
            for (name, value) in value.properties() {
                out.key(name);
                write_value::<DOUBLES>(value, out);
            }
            out.end();
        }
    }
}
