//! Cases: an input and the outcome that it must end in (specs/testing.md, TEST-1 to TEST-12).
//!
//! [`mod@file`] reads `cases/*.json`, [`expect`] checks what they expect, [`compare`] holds that against an outcome, [`diff`]
//! shows how they differ, [`record`] writes a found outcome, or a new case, into a file.

pub(crate) mod compare;
pub(crate) mod diff;
mod expect;
pub(crate) mod file;
pub(crate) mod record;

use compare::Comparison;
use serde_json::Value;
use std::sync::Arc;

/// The folder of a package that holds its cases.
pub(crate) const FOLDER: &str = "cases";

/// The folder in it for the inputs that generated tests found.
pub(crate) const REGRESSIONS: &str = "regressions";

/// One case.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Case {
    /// The file's path below `cases`, without `.json`, then the case's own name, or its place in the file, then the place
    /// among its inputs: `carts: empty cart`, `carts: 2`, `carts: all of these [1]`, or just `carts`.
    pub(crate) name: String,
    /// Its file, by its path in the package.
    pub(crate) file: String,
    /// The line in it where the input begins, from 1.
    pub(crate) line: usize,
    /// What the capability gets on stdin: the very text in the file.
    pub(crate) input: String,
    /// What it must end in: any part of the outcome's document (spec `IO`), `outcome` always among it; null where the file
    /// does not say.
    pub(crate) expect: Value,
    /// How the two are compared.
    pub(crate) comparison: Comparison,
    /// Where `expect` stands.
    pub(crate) place: Place,
    /// The file's text, in which that place is.
    pub(crate) text: Arc<str>,
}

/// Where `expect` of a case stands in its file, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// Its first byte; where it is not written, the end of the input.
    pub(crate) start: usize,
    /// The byte after its last.
    pub(crate) end: usize,
    /// Whether it is written.
    pub(crate) written: bool,
}
