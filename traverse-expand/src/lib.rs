//! What the `#[capability]` and `#[invariant]` macros of Traverse expand to. Authors use them through `traverse-sdk`,
//! which documents them; `traverse-macros` is the door that the compiler asks for, and has no more in it than that:
//! cargo begins a library as soon as what it depends on is checked, a crate of macros only when that is compiled, too.
//!
//! One file per stage: `parse` (what the author wrote) → `contract` (the spec, checked) → `model` (the Rust that
//! the contract asks for) → `check` (the author's function against it, all errors in one pass) → `expand` (code;
//! cannot fail). `names` makes Rust names of JSON names; `spelling` compares types as they are written; `scan` looks at
//! the crate's other source.

extern crate proc_macro;

mod check;
mod contract;
mod expand;
mod function;
mod model;
mod names;
mod parse;
mod scan;
mod spelling;

pub use expand::{capability, invariant};
