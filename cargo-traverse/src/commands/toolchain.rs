//! `cargo traverse toolchain`.

use crate::args::{ToolchainInstallArgs, ToolchainShowArgs};
use crate::commands::Context;
use crate::error::CommandError;
use crate::report::{Report, Screen};
use serde::Serialize;

/// The toolchain that `build` uses.
#[derive(Debug, Serialize)]
pub(crate) struct ToolchainReport {}

impl Report for ToolchainReport {
    fn render_human(&self, _screen: &mut Screen) {}
}

/// `toolchain install`
pub(crate) fn install(_args: &ToolchainInstallArgs, _context: &Context) -> Result<ToolchainReport, CommandError> {
    Err(CommandError::new("not-available", "`toolchain install` is not available yet"))
}

/// `toolchain show`
pub(crate) fn show(_args: &ToolchainShowArgs, _context: &Context) -> Result<ToolchainReport, CommandError> {
    Err(CommandError::new("not-available", "`toolchain show` is not available yet"))
}
