//! `cargo traverse toolchain install` and `cargo traverse toolchain show`.

use crate::args::{ToolchainInstallArgs, ToolchainShowArgs, ToolchainSource};
use crate::commands::Context;
use crate::error::CommandError;
use crate::guest::TARGET;
use crate::project::Project;
use crate::report::{Report, Screen, Style};
use crate::toolchain::data::DataFolder;
use crate::toolchain::{Choice, GuestToolchain, Origin, find, install};
use serde::Serialize;
use std::path::PathBuf;

/// The toolchain that `build` uses: `{target, origin, rustc, sysroot, target_libdir, target_std}`.
#[derive(Debug, Serialize)]
pub(crate) struct ToolchainReport {
    target: &'static str,
    origin: Origin,
    rustc: String,
    sysroot: PathBuf,
    target_libdir: PathBuf,
    target_std: String,
}

impl From<GuestToolchain> for ToolchainReport {
    fn from(toolchain: GuestToolchain) -> Self {
        ToolchainReport {
            target: TARGET,
            origin: toolchain.origin,
            rustc: toolchain.rustc_version,
            sysroot: toolchain.sysroot,
            target_libdir: toolchain.target_libdir,
            target_std: toolchain.target_std,
        }
    }
}

impl Report for ToolchainReport {
    fn render_human(&self, screen: &mut Screen) {
        let origin = match self.origin {
            Origin::Active => "the active toolchain",
            Origin::Debian => "made from Debian's packages",
        };
        let word = screen.paint(Style::Good, format!("{:>12}", "Ready"));
        screen.line(format!("{word} {TARGET}, {origin}"));
        screen.line(format!("       rustc {}", self.rustc));
        screen.line(format!("     sysroot {}", self.sysroot.display()));
        screen.line(format!("     library {}", self.target_std));
    }
}

/// `toolchain install`
///
/// # Errors
///
/// As [`install::install`].
pub(crate) fn install(
    args: &ToolchainInstallArgs,
    context: &Context,
) -> Result<ToolchainReport, CommandError> {
    let choice = match args.from {
        Some(ToolchainSource::Rustup) => Choice::Rustup,
        Some(ToolchainSource::Debian) => Choice::Debian,
        None => Choice::from_environment()?,
    };
    let project = Project::locate(context.manifest_path.as_deref())?;
    let data = DataFolder::locate()?;
    install::install(choice, &data, &project.folder, &context.terminal).map(Into::into)
}

/// `toolchain show`
///
/// # Errors
///
/// `toolchain-missing` where there is none.
pub(crate) fn show(_args: &ToolchainShowArgs, context: &Context) -> Result<ToolchainReport, CommandError> {
    let project = Project::locate(context.manifest_path.as_deref())?;
    let data = DataFolder::locate()?;
    find::find(Choice::from_environment()?, &data, &project.folder)?.map(Into::into).ok_or_else(|| {
        CommandError::new(
            "toolchain-missing",
            format!("there is no Rust toolchain with the target `{TARGET}`"),
        )
        .help("`cargo traverse toolchain install` provides it; `build` does so by itself")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// spec: PKG-37
    #[test]
    fn the_document_has_these_fields() {
        let report = ToolchainReport {
            target: TARGET,
            origin: Origin::Active,
            rustc: "1.96.0 (ac68faa20 2026-05-25)".into(),
            sysroot: "/rust".into(),
            target_libdir: "/rust/lib".into(),
            target_std: "sha256:2".into(),
        };
        assert_eq!(
            serde_json::to_string(&report).unwrap(),
            "{\"target\":\"wasm32-wasip1\",\"origin\":\"active\",\"rustc\":\"1.96.0 (ac68faa20 2026-05-25)\",\
             \"sysroot\":\"/rust\",\"target_libdir\":\"/rust/lib\",\"target_std\":\"sha256:2\"}"
        );
    }
}
