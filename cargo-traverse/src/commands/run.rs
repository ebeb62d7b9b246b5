//! `cargo traverse run`.

use crate::args::RunArgs;
use crate::commands::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::report::{Report, Screen};
use serde::Serialize;

/// What the command did.
#[derive(Debug, Serialize)]
pub(crate) struct RunReport {}

impl Report for RunReport {
    fn render_human(&self, _screen: &mut Screen) {}

    fn exit(&self) -> Exit {
        Exit::Success
    }
}

/// Runs the command.
pub(crate) fn execute(_args: &RunArgs, _context: &Context) -> Result<RunReport, CommandError> {
    Err(CommandError::new("not-available", "`run` is not available yet"))
}
