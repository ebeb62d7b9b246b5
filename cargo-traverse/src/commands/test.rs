//! `cargo traverse test`.

use crate::args::TestArgs;
use crate::commands::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::report::{Report, Screen};
use serde::Serialize;

/// What the command did.
#[derive(Debug, Serialize)]
pub(crate) struct TestReport {}

impl Report for TestReport {
    fn render_human(&self, _screen: &mut Screen) {}

    fn exit(&self) -> Exit {
        Exit::Success
    }
}

/// Runs the command.
pub(crate) fn execute(_args: &TestArgs, _context: &Context) -> Result<TestReport, CommandError> {
    Err(CommandError::new("not-available", "`test` is not available yet"))
}
