//! Arguments of `verify`.

use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// A package folder, or a .wasm file with --source [default: this folder]
    #[arg(value_name = "PATH")]
    pub(crate) path: Option<PathBuf>,
    /// The package that a .wasm file is said to be built from
    #[arg(long, value_name = "DIR")]
    pub(crate) source: Option<PathBuf>,
    /// Use no network; crates must be in the local cache
    #[arg(long)]
    pub(crate) offline: bool,
}

pub(super) const HELP: &str = "\
Builds the package again, in a clean folder elsewhere, and compares the bytes. Nothing of the
package is written. Where the bytes differ, it says in what: the toolchain, the crates, the
contract, the section, the first function.

Examples:
  cargo traverse verify
  cargo traverse verify rules/iban-check
  cargo traverse verify iban-check.wasm --source rules/iban-check

Exit codes:
  0  the same bytes
  1  others, or it could not be built
  2  wrong arguments";
