//! One file per command. Each has `execute(&Args, &Context) -> Result<SomeReport, CommandError>`; none prints a report
//! itself or exits.

pub(crate) mod approve;
pub(crate) mod build;
pub(crate) mod cache;
pub(crate) mod check;
pub(crate) mod diff;
pub(crate) mod doctor;
pub(crate) mod eval;
pub(crate) mod explain;
pub(crate) mod fmt;
pub(crate) mod inspect;
pub(crate) mod new;
pub(crate) mod run;
pub(crate) mod schema;
pub(crate) mod size;
pub(crate) mod test;
pub(crate) mod toolchain;
pub(crate) mod verify;

use crate::report::Terminal;
use std::path::PathBuf;

/// What every command gets besides its own arguments.
#[derive(Debug)]
pub(crate) struct Context {
    /// For progress and warnings while the command works.
    pub(crate) terminal: Terminal,
    /// `--manifest-path`, as given.
    pub(crate) manifest_path: Option<PathBuf>,
}
