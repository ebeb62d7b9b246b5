//! The Traverse contract: what `traverse.spec.toml` says, and what it means.
//!
//! This crate is the model and the language that every other part shares: the macro compiles clauses to Rust, the
//! runtime evaluates the same clauses on JSON, the command explains them. It does no I/O, reads no clock, prints
//! nothing, and builds for WebAssembly too.
//!
//! - [`spec`]: the file `traverse.spec.toml` → [`spec::Spec`], every value with its place in the file
//! - [`schema`]: the JSON Schema subset, and the schema inferred from clauses where none is written
//! - [`lang`]: the expression language of clauses: lexer → parser → checker → evaluator
//! - [`Contract`]: the three together, checked: what a macro expands and a runtime enforces
//! - [`pattern`]: patterns of text → tables
//! - [`compiled`]: the mark by which a compiled program tells its contract
//! - [`diagnostic`]: one value type for every error a person reads
//!
//! With the feature `host`: `canonical` (canonical JSON, digests), `json` (strict JSON), `package` (the manifest),
//! `lock` (the approved versions of a contract), `outcome` (what a call ends in, as JSON and as an exit code).

pub mod compiled;
pub mod contract;
pub mod diagnostic;
pub mod lang;
pub mod number;
pub mod pattern;
pub mod schema;
pub mod spec;

#[cfg(feature = "host")]
pub mod canonical;
#[cfg(feature = "host")]
pub mod json;
#[cfg(feature = "host")]
pub mod lock;
#[cfg(feature = "host")]
pub mod outcome;
#[cfg(feature = "host")]
pub mod package;

pub use contract::{CheckedClause, CheckedException, Contract, Rule};
pub use diagnostic::{Diagnostic, Severity, Source, Span};

/// The version of this crate, which the SDK, the macros and the command share.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
