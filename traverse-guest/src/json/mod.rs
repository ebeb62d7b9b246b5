//! Strict JSON, small enough for every guest to carry: [`Document::read`] reads one value, [`pointer`](Value::pointer) finds
//! one inside another. Writing is [`crate::encode`]'s.
//!
//! The rules and the texts of rejections are those of spec IO; the host has its own reader of the same rules.

mod cursor;
mod number;
mod read;
#[cfg(test)]
mod tests;
mod utf8;

pub(crate) use number::{parse_f64, shortest, write_f64, write_places};
pub(crate) use utf8::{checked_text, is_plain, plain_length};

use crate::buffer::{Buffer, Owned, disowned, owned};
use crate::text::Text;

/// How deep arrays and objects may nest (spec IO-4).
pub(crate) const MAX_DEPTH: usize = 100;

/// A document that was read: every value of it in the order of the text, so that it is two allocations, however large.
#[derive(Debug, Default)]
pub struct Document {
    nodes: Buffer<Node>,
    /// Its text, in which each string has given way to what it stands for.
    text: Text,
}

/// A value or the name of a property.
#[derive(Debug, Clone, Copy)]
struct Node {
    kind: Kind,
    /// Where the values after this one begin: what an array or an object holds lies before. Of the name of a property, whose
    /// value lies beside it, anything.
    end: u32,
    /// The number; of a string where it starts and, from bit 32 on, its length; of an array or an object how many it has.
    bits: u64,
}

/// What stands behind a backslash, and what it stands for.
pub(crate) static ESCAPES: [[u8; 2]; 8] =
    [*b"\"\"", *b"\\\\", *b"//", *b"b\x08", *b"f\x0c", *b"n\n", *b"r\r", *b"t\t"];

/// Below zero, zero or above it as one text comes before another, is the same or comes after it, in an order in which the
/// shorter one comes first.
#[inline(never)]
pub(crate) fn order(one: &[u8], other: &[u8]) -> isize {
    if one.len() != other.len() {
        return one.len() as isize - other.len() as isize;
    }
    for (one, other) in one.iter().zip(other) {
        if one != other {
            return *one as isize - *other as isize;
        }
    }
    0
}

/// What kind of value it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `null`
    Null,
    /// `true`, `false`
    Bool,
    /// A number that is an integer and fits `i64`.
    Int,
    /// Every other number, as the nearest double; finite.
    Double,
    /// An integer that is written with a fraction or an exponent, or is minus zero, as the double that it is; where doubles
    /// are asked for.
    Whole,
    /// Text.
    Text,
    /// A list.
    Array,
    /// Properties by name, unique, in the document's order.
    Object,
}

/// A value of a document.
#[derive(Debug, Clone, Copy)]
pub struct Value<'a> {
    document: &'a Document,
    at: usize,
}

impl Document {
    /// A document of a text, to be read.
    pub(crate) fn of(text: &[u8]) -> Document {
        let mut document = Document::default();
        document.text.push_bytes(text);
        document
    }

    /// Its text, before it is read.
    pub(crate) fn text(&mut self) -> &mut Text {
        &mut self.text
    }

    /// Gives its memory back.
    pub(crate) fn release(self) {
        self.nodes.release();
        self.text.release();
    }

    /// The whole, once it is read.
    #[inline(always)]
    pub fn root(&self) -> Value<'_> {
        Value { document: self, at: 0 }
    }

    /// A value that was read: the root, what iterators of [`Value`] give, and what lies beside these.
    #[inline(always)]
    fn node(&self, at: usize) -> &Node {
        let nodes = self.nodes.as_slice();
        debug_assert!(at < nodes.len(), "no value has such a place");
        // SAFETY: a place is the first of a document that was read, which is there, or comes from the `end` of another, and
        // is below that of the array or object that holds it, or lies beside the name of a property, as its value does.
        unsafe { nodes.get_unchecked(at) }
    }

    /// The same, to be changed.
    #[inline(always)]
    fn node_mut(&mut self, at: usize) -> &mut Node {
        let nodes = self.nodes.as_mut_slice();
        debug_assert!(at < nodes.len(), "no value has such a place");
        // SAFETY: as above.
        unsafe { nodes.get_unchecked_mut(at) }
    }

    /// The text at a place that has one.
    #[inline(always)]
    fn name(&self, at: usize) -> &[u8] {
        let Node { bits, .. } = *self.node(at);
        let start = bits as u32 as usize;
        // SAFETY: the reader alone makes nodes of texts, each of a place in the text. Of another node it is asked nowhere.
        unsafe { self.text.as_bytes().get_unchecked(start..start + (bits >> 32) as usize) }
    }

    /// The text at a place; of any other value `None`.
    fn text_at(&self, at: usize) -> Option<&str> {
        let node = self.node(at);
        if node.kind != Kind::Text {
            return None;
        }
        // SAFETY: the reader alone makes nodes of this kind, each for a place that it has written whole characters to.
        Some(unsafe { core::str::from_utf8_unchecked(self.name(at)) })
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
            Kind::Int | Kind::Double | Kind::Whole => "a number",
            Kind::Text => "a string",
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

    /// What an array holds; of an object the first name, from which [`Parts::pass`] leads on. Of other values nothing.
    pub(crate) fn parts(self) -> Parts<'a> {
        Parts { document: self.document, at: self.at + 1, end: self.document.node(self.at).end as usize }
    }

    /// What an object holds; of other values nothing that could be meant.
    pub(crate) fn properties(self) -> Properties<'a> {
        Properties(self.parts())
    }

    /// How many elements or properties it has.
    pub(crate) fn count(self) -> usize {
        self.bits() as usize
    }

    /// The value at a JSON pointer (RFC 6901).
    pub(crate) fn pointer(self, pointer: &[u8]) -> Option<Value<'a>> {
        let mut value = self;
        for step in pointer.split(|byte| *byte == b'/').skip(1) {
            value = if value.kind() == Kind::Object {
                value.properties().find(|(name, _)| is_step(name, step))?.1
            } else {
                let mut count = 0;
                value.parts().find(|_| {
                    let mut index = Text::default();
                    index.push_integer(count);
                    count += 1;
                    index.as_bytes() == step
                })?
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
    document: &'a Document,
    at: usize,
    end: usize,
}

impl<'a> Parts<'a> {
    /// Of an object, the name and the place of the next property.
    #[inline(always)]
    pub(crate) fn next_property(&mut self) -> Option<(&'a [u8], usize)> {
        if self.at >= self.end {
            return None;
        }
        // A name holds nothing, so its value is beside it.
        let (name, at) = (self.document.name(self.at), self.at + 1);
        self.at = self.document.node(at).end as usize;
        Some((name, at))
    }

    /// The value at the place of a property.
    #[inline(always)]
    pub(crate) fn value(&self, at: usize) -> Value<'a> {
        Value { document: self.document, at }
    }

    /// The name of the property whose value is there.
    pub(crate) fn name_of(&self, at: usize) -> &'a [u8] {
        self.document.name(at - 1)
    }
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

/// The properties of an object: name and value.
#[derive(Debug, Clone)]
pub struct Properties<'a>(Parts<'a>);

impl<'a> Iterator for Properties<'a> {
    type Item = (&'a str, Value<'a>);

    fn next(&mut self) -> Option<(&'a str, Value<'a>)> {
        let (_, at) = self.0.next_property()?;
        Some((self.0.document.text_at(at - 1)?, self.0.value(at)))
    }
}

/// What reading gives; the rejection is rare and apart, so that a value that was read is all that is passed on.
pub type Decoded<T> = Result<T, Owned<Rejection>>;

/// Why an input is turned away (spec IO-10): a place and a sentence.
#[derive(Debug, Default, PartialEq)]
#[repr(C)]
pub struct Rejection {
    /// What is wrong with it. It stands first, so that its place is that of the whole.
    pub(crate) message: Text,
    /// JSON pointer to the offending value; empty for the whole input.
    pub(crate) at: Text,
    /// Where in the message the noun of what was expected ends; 0 where it is of something else.
    noun_end: usize,
}

impl Rejection {
    /// A rejection of the value at hand, which the callers that know its place complete with [`Rejection::under`], with a
    /// message that begins so.
    #[cold]
    #[inline(never)]
    pub(crate) fn here(message: &str) -> Owned<Rejection> {
        let mut rejection = owned(Rejection::default());
        rejection.message.push(message);
        rejection
    }

    /// As [`Rejection::here`], of a value that is not what `noun` says.
    #[cold]
    pub(crate) fn expected(noun: &str, found: &str) -> Owned<Rejection> {
        let mut rejection = Rejection::here("expected ");
        rejection.message.push(noun);
        rejection.noun_end = rejection.message.as_bytes().len();
        rejection.message.push(", found ");
        rejection.message.push(found);
        rejection
    }

    /// The pointer as a sentence names it.
    #[cold]
    pub(crate) fn place(&self) -> &[u8] {
        if self.at.as_bytes().is_empty() { b"(root)" } else { self.at.as_bytes() }
    }

    /// The same, where null would have done as well.
    #[cold]
    pub(crate) fn or_null(mut rejection: Owned<Rejection>) -> Owned<Rejection> {
        if rejection.at.as_bytes().is_empty()
            && rejection.noun_end > 0
            && let Some((expected, found)) = rejection.message.as_bytes().split_at_checked(rejection.noun_end)
        {
            let mut message = Text::default();
            message.push_bytes(expected);
            message.push(" or null");
            message.push_bytes(found);
            rejection.message = message;
        }
        Rejection::told(rejection)
    }

    /// The same, to which nothing is added: null is told of once.
    #[cold]
    pub(crate) fn told(mut rejection: Owned<Rejection>) -> Owned<Rejection> {
        rejection.noun_end = 0;
        rejection
    }

    /// Now seen from the object or array that holds the value under `step`.
    #[cold]
    #[inline(never)]
    pub(crate) fn under(&mut self, step: &[u8]) {
        let mut at = Text::new("/");
        for byte in step.iter().copied() {
            let escaped = match byte {
                b'~' => b'0',
                b'/' => b'1',
                other => {
                    at.push_byte(other);
                    continue;
                }
            };
            at.push_byte(b'~');
            at.push_byte(escaped);
        }
        at.push_bytes(self.at.as_bytes());
        self.at = disowned(at);
    }
}
