//! `cargo traverse check`.

use crate::args::CheckArgs;
use crate::commands::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::report::{Report, Screen};
use serde::Serialize;

/// What the command did.
#[derive(Debug, Serialize)]
pub(crate) struct CheckReport {}

impl Report for CheckReport {
    fn render_human(&self, _screen: &mut Screen) {}

    fn exit(&self) -> Exit {
        Exit::Success
    }
}

/// Runs the command.
pub(crate) fn execute(_args: &CheckArgs, _context: &Context) -> Result<CheckReport, CommandError> {
    Err(CommandError::new("not-available", "`check` is not available yet"))
}
