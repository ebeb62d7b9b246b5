//! Arguments of `explain`.

use clap::{Args, ValueEnum};
use serde::Serialize;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// A package folder, a spec or a .wasm file [default: this folder]
    #[arg(value_name = "PATH")]
    pub(crate) path: Option<PathBuf>,
    /// What to write
    #[arg(long, value_name = "FORMAT", default_value = "markdown")]
    pub(crate) format: ExplainFormat,
    /// Write it into this file instead of to stdout
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

/// `--format`
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ExplainFormat {
    /// Markdown with tables
    Markdown,
    /// One HTML file that stands alone
    Html,
    /// A JSON document
    Json,
}

pub(super) const HELP: &str = "\
Nothing is compiled or run. Of a .wasm file it is the contract that the module carries.

Examples:
  cargo traverse explain
  cargo traverse explain --format html --out contract.html
  cargo traverse explain artifacts/greeting.wasm

Exit codes:
  0  written
  1  the contract has errors, is not there, or the file could not be written
  2  wrong arguments";
