//! Strict JSON, small enough for every guest to carry: [`parse`] reads one value, [`pointer`](Value::pointer) finds
//! one inside another. Writing is [`crate::encode`]'s.
//!
//! The rules and the texts of rejections are those of spec IO; the host has its own reader of the same rules.

mod number;
mod read;
#[cfg(test)]
mod tests;

pub use read::parse;

pub(crate) use number::{parse_f64, shortest, write_f64, write_i64};

use crate::clause::Text;
use alloc::string::String;
use alloc::vec::Vec;

/// How deep arrays and objects may nest (spec IO-4).
pub(crate) const MAX_DEPTH: usize = 100;

/// A JSON value, its strings decoded, its properties in the document's order and unique.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number without fraction or exponent that fits `i64`.
    Int(i64),
    /// Every other number, as the nearest double; finite.
    Double(f64),
    /// Text.
    String(String),
    /// A list.
    Array(Vec<Value>),
    /// Properties by name.
    Object(Vec<(String, Value)>),
}

impl Value {
    /// What a message calls a value of this kind.
    pub(crate) fn noun(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Int(_) | Value::Double(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "an array",
            Value::Object(_) => "an object",
        }
    }

    /// The value at a JSON pointer (RFC 6901).
    pub(crate) fn pointer(&self, pointer: &str) -> Option<&Value> {
        let mut value = self;
        for step in pointer.split('/').skip(1) {
            let step = step.replace("~1", "/").replace("~0", "~");
            value = match value {
                Value::Array(items) => items.get(step.parse::<usize>().ok()?)?,
                Value::Object(properties) => &properties.iter().find(|(name, _)| *name == step)?.1,
                _ => return None,
            };
        }
        Some(value)
    }
}

/// Why an input is turned away (spec IO-10): a place and a sentence.
#[derive(Debug, Clone, PartialEq)]
pub struct Rejection {
    /// JSON pointer to the offending value; empty for the whole input.
    pub at: String,
    /// What is wrong with it.
    pub message: String,
    /// Whether the rejection has a place inside the document; a syntax error concerns the whole.
    pub(crate) placed: bool,
    /// Where in the message the noun of what was expected ends; 0 where it is of something else.
    pub(crate) noun_end: usize,
}

impl Rejection {
    /// A rejection of the value at hand, which the callers that know its place complete with [`Rejection::under`].
    pub(crate) fn here(message: impl Into<String>) -> Rejection {
        Rejection { at: String::new(), message: message.into(), placed: true, noun_end: 0 }
    }

    /// As [`Rejection::here`], of a value that is not what `noun` says.
    #[cold]
    pub(crate) fn expected(noun: &str, found: &str) -> Rejection {
        let mut message = String::from("expected ");
        message.push_str(noun);
        let noun_end = message.len();
        message.push_str(", found ");
        message.push_str(found);
        Rejection { noun_end, ..Rejection::here(message) }
    }

    /// The same, where null would have done as well.
    #[cold]
    pub(crate) fn or_null(mut self) -> Rejection {
        if self.at.is_empty() && self.noun_end > 0 {
            self.message.insert_str(self.noun_end, " or null");
        }
        self.told()
    }

    /// The same, to which nothing is added: null is told of once.
    #[cold]
    pub(crate) fn told(self) -> Rejection {
        Rejection { noun_end: 0, ..self }
    }

    /// A rejection of the whole input.
    pub(crate) fn whole(message: impl Into<String>) -> Rejection {
        Rejection { at: String::new(), message: message.into(), placed: false, noun_end: 0 }
    }

    /// The same, seen from the object or array that holds the value under `step`.
    pub(crate) fn under(mut self, step: &str) -> Rejection {
        if self.placed {
            let mut at = String::with_capacity(step.len() + 1 + self.at.len());
            at.push('/');
            for character in step.chars() {
                match character {
                    '~' => at.push_str("~0"),
                    '/' => at.push_str("~1"),
                    other => at.push(other),
                }
            }
            at.push_str(&self.at);
            self.at = at;
        }
        self
    }

    /// As [`Rejection::under`], for an element of an array.
    pub(crate) fn under_index(self, index: usize) -> Rejection {
        let mut step = Text::new("");
        step.push_integer(index as i64);
        self.under(&step.0)
    }
}
