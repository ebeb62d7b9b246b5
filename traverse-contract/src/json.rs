//! Strict JSON, for everything that crosses the boundary (spec `IO`): one value, UTF-8, no byte-order mark, no
//! repeated keys, bounded nesting. What is wrong is a [`Rejection`], in the words that guests use too.

mod borrowed;
mod made;
mod number;
mod read;
mod reference;
#[cfg(test)]
mod tests;

use crate::outcome::Rejection;
use serde_json::Value;

pub use borrowed::{BorrowedObject, BorrowedValue};
pub use reference::{ArrayRef, ObjectRef, ValueRef};

/// How many arrays and objects may stand inside each other.
pub const MAX_DEPTH: usize = 100;

/// A document, and what of its numbers a value does not keep.
#[derive(Debug, Clone, PartialEq)]
pub struct Read<V> {
    /// The document.
    pub value: V,
    /// Of the numbers, counted from 0 in the document's order, those whose nearest double is whole, and is another number
    /// that is within 64 bits or 2^63: with what they are themselves, if that is an integer of 64 bits.
    pub rounded: Vec<(usize, Option<i64>)>,
}

/// Reads exactly one JSON value. Numbers that are written as `i64` or `u64` are such, all others become the nearest double.
/// Keys keep their order.
///
/// # Errors
///
/// The first thing that is wrong: for a repeated key or a number out of range with the JSON pointer of the place, for
/// everything else with an empty one.
pub fn read(bytes: &[u8]) -> Result<Read<BorrowedValue<'_>>, Rejection> {
    read::read(bytes, MAX_DEPTH)
}

/// As [`read()`], into a value that borrows nothing.
///
/// # Errors
///
/// As [`read()`].
pub fn read_value(bytes: &[u8]) -> Result<Read<Value>, Rejection> {
    read::read(bytes, MAX_DEPTH)
}

/// As [`read_value`], the document alone.
///
/// # Errors
///
/// As [`read()`].
pub fn parse(bytes: &[u8]) -> Result<Value, Rejection> {
    read_value(bytes).map(|read| read.value)
}

/// Reads what a guest says that is no plain result: it may show a value as deep as [`MAX_DEPTH`] inside of it.
///
/// # Errors
///
/// As [`parse`].
pub fn parse_outcome(bytes: &[u8]) -> Result<Value, Rejection> {
    read::read(bytes, MAX_DEPTH + OUTCOME_LEVELS).map(|read| read.value)
}

/// The outcome, `observed` or `details`, and the value's own name in it.
const OUTCOME_LEVELS: usize = 3;

/// `pointer` with one more step, escaped as RFC 6901 has it.
pub fn pointer_join(pointer: &str, step: &str) -> String {
    format!("{pointer}/{}", step.replace('~', "~0").replace('/', "~1"))
}
