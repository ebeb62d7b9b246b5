//! Arguments of `size`.

use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct SizeArgs {
    /// What was: a .wasm file or a package folder
    #[arg(value_name = "OLD")]
    pub(crate) old: PathBuf,
    /// What is, likewise [default: this folder]
    #[arg(value_name = "NEW")]
    pub(crate) new: Option<PathBuf>,
}

pub(super) const HELP: &str = "\
Crates and functions are known of a module that was built here, and of a debug build.

Examples:
  cargo traverse size before.wasm
  cargo traverse size before.wasm after.wasm
  cargo traverse size ../old-rules/iban-check rules/iban-check --message-format json

Exit codes:
  0  shown
  1  one of the two is not there or not WebAssembly
  2  wrong arguments";
