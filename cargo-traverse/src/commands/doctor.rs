//! `cargo traverse doctor`.

use crate::args::DoctorArgs;
use crate::commands::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::report::{Report, Screen};
use serde::Serialize;

/// What the command did.
#[derive(Debug, Serialize)]
pub(crate) struct DoctorReport {}

impl Report for DoctorReport {
    fn render_human(&self, _screen: &mut Screen) {}

    fn exit(&self) -> Exit {
        Exit::Success
    }
}

/// Runs the command.
pub(crate) fn execute(_args: &DoctorArgs, _context: &Context) -> Result<DoctorReport, CommandError> {
    Err(CommandError::new("not-available", "`doctor` is not available yet"))
}
