//! Rust values → JSON text.

use crate::json::{Kind, MAX_DEPTH, Value, write_f64, write_i64};
use crate::text::Text;
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

/// JSON text in the making.
#[derive(Debug, Default)]
pub struct Writer {
    pub(crate) text: Text,
    /// The first number that JSON cannot hold.
    not_finite: Option<NotFinite>,
    /// Whether minus zero is written as zero.
    one_zero: bool,
    /// Arrays and objects that are open, and how many have been at once.
    depth: usize,
    deepest: usize,
}

/// Values of types that contain themselves are not followed deeper than this, whatever the author made: what is too deep
/// is reported all the same.
const FOLLOWED_LEVELS: usize = 2 * MAX_DEPTH;

/// A number that JSON cannot hold, and where it stands.
#[derive(Debug)]
struct NotFinite {
    is_nan: bool,
    /// `lines[0].price`; grows from its end, as the values around it are left.
    path: String,
}

/// The result as JSON.
///
/// # Panics
///
/// If it holds a number that is not finite, or is nested too deep. The place of the panic is the caller's: generated code calls this at the
/// name of the author's function.
#[track_caller]
pub fn write_result<T: Encode>(result: &T) -> Writer {
    let mut out = Writer::new();
    result.encode(&mut out);
    out.require_sound("the result");
    out
}

/// Whether no two items are the same value (`uniqueItems`, spec SCHEMA-33). Their texts are sorted, so that the time does
/// not grow with the square of the list.
pub fn all_differ<T: Encode>(items: &[T]) -> bool {
    let text = |item: &T| {
        let mut out = Writer { one_zero: true, ..Writer::default() };
        item.encode(&mut out);
        out.text.0
    };
    let mut texts: Vec<String> = items.iter().map(text).collect();
    texts.sort_unstable();
    texts.windows(2).all(|pair| pair[0] != pair[1])
}

/// A value that can be written as JSON. Implemented for generated types by `#[capability]`.
pub trait Encode {
    /// Appends the value's JSON.
    fn encode(&self, out: &mut Writer);
}

impl Writer {
    /// An empty text.
    pub fn new() -> Writer {
        Writer::default()
    }

    pub(crate) fn raw(&mut self, text: &str) {
        self.text.push(text);
    }

    /// Opens an object. Its properties follow, then [`Writer::end`].
    pub fn begin(&mut self) {
        self.open("{");
    }

    /// Closes an object.
    pub fn end(&mut self) {
        self.close("}");
    }

    fn open(&mut self, bracket: &str) {
        self.raw(bracket);
        self.depth += 1;
        self.deepest = self.deepest.max(self.depth);
    }

    fn close(&mut self, bracket: &str) {
        self.raw(bracket);
        self.depth -= 1;
    }

    /// A property's name, with the comma before it where one is due. Its value must follow.
    pub fn name(&mut self, name: &str) {
        // An object's text ends in `{` only while it is empty: a string value would end in `"`.
        if self.text.0.as_bytes().last() != Some(&b'{') {
            self.raw(",");
        }
        self.string(name);
        self.raw(":");
    }

    /// A property.
    pub fn property<T: Encode + ?Sized>(&mut self, name: &str, value: &T) {
        self.name(name);
        if self.depth > FOLLOWED_LEVELS {
            return self.raw("null");
        }
        let found_before = self.not_finite.is_some();
        value.encode(self);
        if !found_before {
            self.leave(name);
        }
    }

    /// Puts a step in front of the way to a number that was found inside of it.
    fn leave(&mut self, step: &str) {
        if let Some(found) = &mut self.not_finite {
            let dot = if found.path.is_empty() || found.path.starts_with('[') { "" } else { "." };
            found.path.insert_str(0, dot);
            found.path.insert_str(0, step);
        }
    }

    /// Spec IO-15: what JSON cannot hold is a mistake of the function, not an outcome. `whose` begins the sentence.
    #[track_caller]
    pub(crate) fn require_sound(&self, whose: &str) {
        if self.deepest > MAX_DEPTH {
            let mut message = Text::new(whose);
            message
                .push(" is nested deeper than 100 levels, which no reader takes: raise an exception instead");
            crate::panic::fail(&message.0);
        }
        let Some(found) = &self.not_finite else { return };
        let mut message = Text::new(whose);
        if !found.path.is_empty() {
            message.push("'s `");
            message.push(&found.path);
            message.push("`");
        }
        message.push(if found.is_nan { " is NaN" } else { " is infinite" });
        message.push(", which JSON cannot hold: give it a finite number, or raise an exception");
        crate::panic::fail(&message.0);
    }

    /// A property that is left out where there is no value.
    pub fn optional<T: Encode>(&mut self, name: &str, value: &Option<T>) {
        if let Some(value) = value {
            self.property(name, value);
        }
    }

    pub(crate) fn string(&mut self, text: &str) {
        self.raw("\"");
        let (mut start, mut at) = (0, 0);
        while let Some(byte) = text.as_bytes().get(at) {
            at += 1;
            let escape = match byte {
                b'"' => b'"',
                b'\\' => b'\\',
                b'\n' => b'n',
                b'\r' => b'r',
                b'\t' => b't',
                0..=0x1f => b'u',
                _ => continue,
            };
            self.raw(text.get(start..at - 1).unwrap_or_default());
            self.raw("\\");
            self.text.push_ascii(escape);
            if escape == b'u' {
                // The control characters that are left are below 0x20.
                self.raw(if *byte < 16 { "000" } else { "001" });
                let digit = byte & 15;
                self.text.push_ascii(if digit < 10 { b'0' + digit } else { b'a' + digit - 10 });
            }
            start = at;
        }
        self.raw(text.get(start..).unwrap_or_default());
        self.raw("\"");
    }

    fn list<T: Encode>(&mut self, items: &[T]) {
        self.open("[");
        for (index, item) in items.iter().enumerate() {
            self.item(index, item);
        }
        self.close("]");
    }

    /// An element of an array.
    fn item<T: Encode>(&mut self, index: usize, item: &T) {
        if index > 0 {
            self.raw(",");
        }
        let found_before = self.not_finite.is_some();
        item.encode(self);
        if !found_before && self.not_finite.is_some() {
            let mut step = Text::new("[");
            step.push_integer(index as i64);
            step.push("]");
            self.leave(&step.0);
        }
    }
}

impl Encode for bool {
    fn encode(&self, out: &mut Writer) {
        out.raw(if *self { "true" } else { "false" });
    }
}

impl Encode for i64 {
    fn encode(&self, out: &mut Writer) {
        write_i64(*self, &mut out.text);
    }
}

/// The integer types that bounds make.
macro_rules! encode_as_i64 {
    ($($integer:ty)*) => {$(
        impl Encode for $integer {
            fn encode(&self, out: &mut Writer) {
                i64::from(*self).encode(out);
            }
        }
    )*};
}
encode_as_i64! { u8 i8 u16 i16 u32 i32 }

impl Encode for u64 {
    fn encode(&self, out: &mut Writer) {
        match i64::try_from(*self) {
            Ok(value) => value.encode(out),
            // Fits no schema, which is found when the result is read back.
            Err(_) => {
                ((*self / 10) as i64).encode(out);
                out.text.push_ascii(b'0' + (*self % 10) as u8);
            }
        }
    }
}

impl Encode for f64 {
    fn encode(&self, out: &mut Writer) {
        if self.is_finite() {
            // Where texts are compared there is one zero.
            write_f64(if out.one_zero { *self + 0.0 } else { *self }, &mut out.text);
        } else if out.not_finite.is_none() {
            out.not_finite = Some(NotFinite { is_nan: self.is_nan(), path: String::new() });
        }
    }
}

impl Encode for str {
    fn encode(&self, out: &mut Writer) {
        out.string(self);
    }
}

impl Encode for String {
    fn encode(&self, out: &mut Writer) {
        out.string(self);
    }
}

impl<T: Encode> Encode for Vec<T> {
    fn encode(&self, out: &mut Writer) {
        out.list(self);
    }
}

impl<T: Encode> Encode for Box<T> {
    fn encode(&self, out: &mut Writer) {
        (**self).encode(out);
    }
}

impl<T: Encode> Encode for BTreeMap<String, T> {
    fn encode(&self, out: &mut Writer) {
        out.begin();
        for (key, value) in self {
            out.property(key, value);
        }
        out.end();
    }
}

impl Encode for () {
    fn encode(&self, out: &mut Writer) {
        out.raw("null");
    }
}

impl<T: Encode> Encode for Option<T> {
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
            fn encode(&self, out: &mut Writer) {
                out.raw("[");
                $(out.item($at, &self.$at);)*
                out.raw("]");
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

impl Encode for Value<'_> {
    fn encode(&self, out: &mut Writer) {
        let mut parts = self.parts();
        match self.kind() {
            Kind::Null => out.raw("null"),
            Kind::Bool => (self.bits() == 1).encode(out),
            Kind::Int => (self.bits() as i64).encode(out),
            Kind::Double => f64::from_bits(self.bits()).encode(out),
            Kind::Plain | Kind::Unescaped => out.string(self.text().unwrap_or_default()),
            Kind::Array => {
                out.open("[");
                for (index, item) in parts.enumerate() {
                    out.item(index, &item);
                }
                out.close("]");
            }
            Kind::Object => {
                out.begin();
                while let (Some(name), Some(value)) = (parts.next(), parts.next()) {
                    out.property(name.text().unwrap_or_default(), &value);
                }
                out.end();
            }
        }
    }
}
