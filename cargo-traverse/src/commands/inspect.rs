//! `cargo traverse inspect`.

use crate::args::InspectArgs;
use crate::commands::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::report::{Report, Screen};
use serde::Serialize;

/// What the command did.
#[derive(Debug, Serialize)]
pub(crate) struct InspectReport {}

impl Report for InspectReport {
    fn render_human(&self, _screen: &mut Screen) {}

    fn exit(&self) -> Exit {
        Exit::Success
    }
}

/// Runs the command.
pub(crate) fn execute(_args: &InspectArgs, _context: &Context) -> Result<InspectReport, CommandError> {
    Err(CommandError::new("not-available", "`inspect` is not available yet"))
}
