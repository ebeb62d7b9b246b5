//! Arguments of `diff` and `approve`.

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct DiffArgs {
    /// What was: a spec, a package folder, a .wasm file, or an approved version [default: the latest approved one]
    #[arg(value_name = "OLD")]
    pub(crate) old: Option<String>,
    /// What is, likewise [default: the package's spec]
    #[arg(value_name = "NEW")]
    pub(crate) new: Option<String>,
    /// Count what is not decided as compatible: the author answers for it
    #[arg(long)]
    pub(crate) allow_undecided: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ApproveArgs {
    /// Count what is not decided as compatible: the author answers for it
    #[arg(long)]
    pub(crate) allow_undecided: bool,
    /// Approve the version even if the change needs a larger one
    #[arg(long)]
    pub(crate) allow_breaking: bool,
}

pub(super) const DIFF_HELP: &str = "\
Each clause, each place of input and result, and each exception is judged: identical, text (words
for readers), compatible, breaking, or not decided, where neither a proof nor a counterexample was
found. What is not decided counts as breaking.

Examples:
  cargo traverse diff
  cargo traverse diff 1.2.0
  cargo traverse diff old.spec.toml traverse.spec.toml
  cargo traverse diff artifacts/greeting.wasm . --message-format json

Exit codes:
  0  the new version suffices for the change
  1  it does not, or one of the two contracts is not there or has errors
  2  wrong arguments";

pub(super) const APPROVE_HELP: &str = "\
Writes version, digest and contract into traverse.lock, which belongs under version control.

Examples:
  cargo traverse approve
  cargo traverse approve --allow-undecided

Exit codes:
  0  the version is approved
  1  it is not: the contract has errors, or its version is approved with another contract, or is
     too small for the change
  2  wrong arguments";
