//! Cases: an input and the outcome that it must end in (spec `CLI-20` to `CLI-26`).
//!
//! [`mod@file`] reads `cases/*.json`, [`compare`] holds an expectation against an outcome, [`diff`] shows how they differ.

pub(crate) mod compare;
pub(crate) mod diff;
pub(crate) mod file;

use serde_json::Value;

/// The folder of a package that holds its cases.
pub(crate) const FOLDER: &str = "cases";

/// One case.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Case {
    /// The file's name without `.json`, then the case's own name, or its place in the file: `carts: empty cart`,
    /// `carts: 2`, or just `carts` for a file that holds one case without a name.
    pub(crate) name: String,
    /// Its file, by its path in the package.
    pub(crate) file: String,
    /// What the capability gets on stdin: the very text in the file.
    pub(crate) input: String,
    /// What it must end in: any part of the outcome's document (spec `IO`), `outcome` always among it.
    pub(crate) expect: Value,
}
