//! The contract expression language (spec `LANG`): lexer → parser → checker → evaluator.
//!
//! [`syntax`] is what is written, [`typed`] is what is meant: the checker turns the one into the other against the
//! schema in force, and both the macro (which emits Rust) and `eval` (which walks JSON) work from [`typed`] alone.

pub mod check;
#[cfg(feature = "host")]
pub mod eval;
pub(crate) mod lexer;
pub mod message;
pub mod parser;
pub mod syntax;
pub mod typed;
