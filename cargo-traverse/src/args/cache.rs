//! Arguments of `cache`.

use clap::{Args, Subcommand};

#[derive(Debug, Args)]
pub(crate) struct CacheArgs {
    #[command(subcommand)]
    pub(crate) command: CacheCommand,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Subcommand)]
pub(crate) enum CacheCommand {
    /// Say where compiled modules are kept, and how much of them
    #[command(after_help = HELP)]
    Show,
    /// Remove them
    #[command(after_help = HELP)]
    Clear,
}

pub(super) const HELP: &str = "\
A module is compiled for this machine when it is first run; what comes of that is kept.

Examples:
  cargo traverse cache show
  cargo traverse cache clear

Exit codes:
  0  shown or cleared
  1  the folder cannot be read or written
  2  wrong arguments";
