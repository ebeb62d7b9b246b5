//! Strict JSON, small enough for every guest to carry: [`parse`] reads one value, [`pointer`](Value::pointer) finds
//! one inside another. Writing is [`crate::encode`]'s.
//!
//! The rules and the texts of rejections are those of spec IO; the host has its own reader of the same rules.

mod number;
mod read;
#[cfg(test)]
mod tests;
mod utf8;

pub use read::parse;

pub(crate) use number::{parse_f64, shortest, write_f64, write_i64, write_places};

use crate::text::Text;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

/// How deep arrays and objects may nest (spec IO-4).
pub(crate) const MAX_DEPTH: usize = 100;

/// A document that was read: every value of it in the order of the text, so that it is two allocations, however large.
#[derive(Debug)]
pub struct Document<'a> {
    text: &'a str,
    nodes: Vec<Node>,
    /// What strings with escapes stand for, one after the other.
    unescaped: String,
}

/// A value or the name of a property.
#[derive(Debug, Clone, Copy)]
struct Node {
    kind: Kind,
    /// Where the values after this one begin: what an array or an object holds lies before.
    end: u32,
    /// The number; of a string where it starts and, from bit 32 on, its length; of an array or an object how many it has.
    bits: u64,
}

/// What kind of value it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `null`
    Null,
    /// `true`, `false`
    Bool,
    /// A number without fraction or exponent that fits `i64`.
    Int,
    /// Every other number, as the nearest double; finite.
    Double,
    /// Text as it stands in the document.
    Plain,
    /// Text that had escapes.
    Unescaped,
    /// A list.
    Array,
    /// Properties by name, unique, in the document's order.
    Object,
}

/// A value of a document.
#[derive(Debug, Clone, Copy)]
pub struct Value<'a> {
    document: &'a Document<'a>,
    at: usize,
}

impl<'a> Document<'a> {
    /// The whole.
    pub fn root(&'a self) -> Value<'a> {
        Value { document: self, at: 0 }
    }

    /// Of a place without a value, which no caller asks for, it is null.
    fn node(&self, at: usize) -> Node {
        self.nodes.get(at).copied().unwrap_or(Node { kind: Kind::Null, end: u32::MAX, bits: 0 })
    }

    fn text_at(&self, at: usize) -> Option<&str> {
        let node = self.node(at);
        let start = node.bits as u32 as usize;
        let range = start..start + (node.bits >> 32) as usize;
        match node.kind {
            Kind::Plain => self.text.get(range),
            Kind::Unescaped => self.unescaped.get(range),
            _ => None,
        }
    }
}

impl<'a> Value<'a> {
    pub(crate) fn kind(self) -> Kind {
        self.document.node(self.at).kind
    }

    /// What a message calls a value of this kind.
    pub(crate) fn noun(self) -> &'static str {
        match self.kind() {
            Kind::Null => "null",
            Kind::Bool => "a boolean",
            Kind::Int | Kind::Double => "a number",
            Kind::Plain | Kind::Unescaped => "a string",
            Kind::Array => "an array",
            Kind::Object => "an object",
        }
    }

    /// The bits of a number or a boolean.
    pub(crate) fn bits(self) -> u64 {
        self.document.node(self.at).bits
    }

    /// The text, if it is one.
    pub(crate) fn text(self) -> Option<&'a str> {
        self.document.text_at(self.at)
    }

    /// What an array holds; of an object each name and, after it, the value. Of other values nothing.
    pub(crate) fn parts(self) -> Parts<'a> {
        Parts { document: self.document, at: self.at + 1, end: self.document.node(self.at).end as usize }
    }

    /// How many elements or properties it has.
    pub(crate) fn count(self) -> usize {
        self.bits() as usize
    }

    /// The value at a JSON pointer (RFC 6901).
    pub(crate) fn pointer(self, pointer: &str) -> Option<Value<'a>> {
        let mut value = self;
        for step in pointer.as_bytes().split(|byte| *byte == b'/').skip(1) {
            let is_object = value.kind() == Kind::Object;
            let mut parts = value.parts();
            let mut index = Text::default();
            let mut count = 0;
            value = loop {
                let part = parts.next()?;
                if is_object {
                    let value = parts.next()?;
                    if is_step(part.text()?, step) {
                        break value;
                    }
                } else {
                    index.0.clear();
                    index.push_integer(count);
                    if index.0.as_bytes() == step {
                        break part;
                    }
                    count += 1;
                }
            };
        }
        Some(value)
    }
}

/// Whether a name is written so in a pointer: `~` as `~0`, `/` as `~1`.
fn is_step(name: &str, step: &[u8]) -> bool {
    let mut step = step.iter();
    let same = name.bytes().all(|byte| {
        let (first, second) = match byte {
            b'~' => (b'~', Some(&b'0')),
            b'/' => (b'~', Some(&b'1')),
            other => (other, None),
        };
        step.next() == Some(&first) && (second.is_none() || step.next() == second)
    });
    same && step.next().is_none()
}

/// Values that lie beside each other.
#[derive(Debug, Clone)]
pub struct Parts<'a> {
    document: &'a Document<'a>,
    at: usize,
    end: usize,
}

impl<'a> Iterator for Parts<'a> {
    type Item = Value<'a>;

    fn next(&mut self) -> Option<Value<'a>> {
        if self.at >= self.end {
            return None;
        }
        let value = Value { document: self.document, at: self.at };
        self.at = self.document.node(self.at).end as usize;
        Some(value)
    }
}

/// What reading gives; the rejection is rare and apart, so that a value that was read is all that is passed on.
pub type Decoded<T> = Result<T, Box<Rejection>>;

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
    #[cold]
    pub(crate) fn here(message: &str) -> Box<Rejection> {
        Box::new(Rejection { at: String::new(), message: String::from(message), placed: true, noun_end: 0 })
    }

    /// As [`Rejection::here`], of a value that is not what `noun` says.
    #[cold]
    pub(crate) fn expected(noun: &str, found: &str) -> Box<Rejection> {
        let mut message = Text::new("expected ");
        message.push(noun);
        let noun_end = message.0.len();
        message.push(", found ");
        message.push(found);
        let mut rejection = Rejection::here(&message.0);
        rejection.noun_end = noun_end;
        rejection
    }

    /// The same, where null would have done as well.
    #[cold]
    pub(crate) fn or_null(mut self: Box<Self>) -> Box<Rejection> {
        if self.at.is_empty() && self.noun_end > 0 {
            self.message.insert_str(self.noun_end, " or null");
        }
        self.told()
    }

    /// The same, to which nothing is added: null is told of once.
    #[cold]
    pub(crate) fn told(mut self: Box<Self>) -> Box<Rejection> {
        self.noun_end = 0;
        self
    }

    /// A rejection of the whole input.
    #[cold]
    pub(crate) fn whole(message: &str) -> Box<Rejection> {
        Box::new(Rejection { at: String::new(), message: String::from(message), placed: false, noun_end: 0 })
    }

    /// The same, seen from the object or array that holds the value under `step`.
    #[cold]
    pub(crate) fn under(mut self: Box<Self>, step: &str) -> Box<Rejection> {
        if self.placed {
            let mut at = Text::new("/");
            let mut start = 0;
            for (index, byte) in step.bytes().enumerate() {
                let escape = match byte {
                    b'~' => "~0",
                    b'/' => "~1",
                    _ => continue,
                };
                at.push(step.get(start..index).unwrap_or_default());
                at.push(escape);
                start = index + 1;
            }
            at.push(step.get(start..).unwrap_or_default());
            at.push(&self.at);
            self.at = at.0;
        }
        self
    }

    /// As [`Rejection::under`], for an element of an array.
    #[cold]
    pub(crate) fn under_index(self: Box<Self>, index: usize) -> Box<Rejection> {
        let mut step = Text::default();
        step.push_integer(index as i64);
        self.under(&step.0)
    }
}
