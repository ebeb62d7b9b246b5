//! Arguments of `fmt`.

use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct FmtArgs {
    /// A package folder or a spec; `-` is stdin, laid out to stdout [default: this folder]
    #[arg(value_name = "PATH")]
    pub(crate) path: Option<PathBuf>,
    /// Write nothing: show what would change, and end with 1 if anything would
    #[arg(long)]
    pub(crate) check: bool,
}

pub(super) const HELP: &str = "\
The order of what the author wrote, every comment and every value stay; white space, the place of
`=`, and quotes that mean nothing change.

Examples:
  cargo traverse fmt
  cargo traverse fmt --check
  cargo traverse fmt - < traverse.spec.toml

Exit codes:
  0  laid out; with --check, it was already
  1  with --check, something would change; or the file is not TOML, not there, or
     could not be written
  2  wrong arguments";
