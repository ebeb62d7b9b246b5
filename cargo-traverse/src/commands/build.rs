//! `cargo traverse build`.

use crate::args::BuildArgs;
use crate::commands::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::report::{Report, Screen};
use serde::Serialize;

/// What the command did.
#[derive(Debug, Serialize)]
pub(crate) struct BuildReport {}

impl Report for BuildReport {
    fn render_human(&self, _screen: &mut Screen) {}

    fn exit(&self) -> Exit {
        Exit::Success
    }
}

/// Runs the command.
pub(crate) fn execute(_args: &BuildArgs, _context: &Context) -> Result<BuildReport, CommandError> {
    Err(CommandError::new("not-available", "`build` is not available yet"))
}
