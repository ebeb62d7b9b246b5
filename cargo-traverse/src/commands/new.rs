//! `cargo traverse new`.

use crate::args::NewArgs;
use crate::commands::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::report::{Report, Screen};
use serde::Serialize;

/// What the command did.
#[derive(Debug, Serialize)]
pub(crate) struct NewReport {}

impl Report for NewReport {
    fn render_human(&self, _screen: &mut Screen) {}

    fn exit(&self) -> Exit {
        Exit::Success
    }
}

/// Runs the command.
pub(crate) fn execute(_args: &NewArgs, _context: &Context) -> Result<NewReport, CommandError> {
    Err(CommandError::new("not-available", "`new` is not available yet"))
}
