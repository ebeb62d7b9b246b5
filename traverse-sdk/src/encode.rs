//! Rust values → JSON text.

use crate::json::{Value, write_f64, write_i64};
use alloc::string::String;
use alloc::vec::Vec;

/// JSON text in the making.
#[derive(Debug, Default)]
pub struct Writer {
    pub(crate) text: Vec<u8>,
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
        self.text.extend_from_slice(text.as_bytes());
    }

    /// Opens an object. Its properties follow, then [`Writer::end`].
    pub fn begin(&mut self) {
        self.raw("{");
    }

    /// Closes an object.
    pub fn end(&mut self) {
        self.raw("}");
    }

    /// A property's name, with the comma before it where one is due. Its value must follow.
    pub fn name(&mut self, name: &str) {
        // An object's text ends in `{` only while it is empty: a string value would end in `"`.
        if self.text.last() != Some(&b'{') {
            self.raw(",");
        }
        self.string(name);
        self.raw(":");
    }

    /// A property.
    pub fn property<T: Encode + ?Sized>(&mut self, name: &str, value: &T) {
        self.name(name);
        value.encode(self);
    }

    /// A property that is left out where there is no value.
    pub fn optional<T: Encode>(&mut self, name: &str, value: &Option<T>) {
        if let Some(value) = value {
            self.property(name, value);
        }
    }

    pub(crate) fn string(&mut self, text: &str) {
        self.raw("\"");
        let mut start = 0;
        for (at, byte) in text.bytes().enumerate() {
            let escape = match byte {
                b'"' => b'"',
                b'\\' => b'\\',
                b'\n' => b'n',
                b'\r' => b'r',
                b'\t' => b't',
                0..=0x1f => b'u',
                _ => continue,
            };
            self.raw(text.get(start..at).unwrap_or_default());
            self.text.extend_from_slice(&[b'\\', escape]);
            if escape == b'u' {
                let digit = |nibble: u8| if nibble < 10 { b'0' + nibble } else { b'a' + nibble - 10 };
                self.text.extend_from_slice(&[b'0', b'0', digit(byte >> 4), digit(byte & 15)]);
            }
            start = at + 1;
        }
        self.raw(text.get(start..).unwrap_or_default());
        self.raw("\"");
    }

    fn list<T: Encode>(&mut self, items: &[T]) {
        self.raw("[");
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.raw(",");
            }
            item.encode(self);
        }
        self.raw("]");
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

impl Encode for f64 {
    fn encode(&self, out: &mut Writer) {
        // Spec IO-14: a bug in the function, not an outcome.
        if self.is_nan() {
            panic!("the result holds NaN, which JSON cannot express");
        }
        if self.is_infinite() {
            panic!("the result holds an infinite number, which JSON cannot express");
        }
        write_f64(*self, &mut out.text);
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

impl Encode for Value {
    fn encode(&self, out: &mut Writer) {
        match self {
            Value::Null => out.raw("null"),
            Value::Bool(value) => value.encode(out),
            Value::Int(value) => value.encode(out),
            Value::Double(value) => value.encode(out),
            Value::String(value) => value.encode(out),
            Value::Array(items) => out.list(items),
            Value::Object(properties) => {
                out.begin();
                for (name, value) in properties {
                    out.property(name, value);
                }
                out.end();
            }
        }
    }
}
