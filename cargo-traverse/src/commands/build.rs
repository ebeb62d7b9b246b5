//! `cargo traverse build`.

pub(crate) mod belong;
mod timings;

use crate::args::BuildArgs;
use crate::commands::{Context, verify};
use crate::error::CommandError;
use crate::guest::build::{Built, build};
use crate::guest::compile::CompileOptions;
use crate::project::Project;
use crate::report::{Report, Screen, Style, grouped};
use crate::toolchain::Origin;
use serde::Serialize;
use std::path::PathBuf;
use std::time::Instant;
use tempfile::NamedTempFile;
use timings::Timings;

/// What was built: `{id, version, artifact, changed, digest, bytes, imports, contract_digest, toolchain, seconds}`.
#[derive(Debug, Serialize)]
pub(crate) struct BuildReport {
    /// The capability's id.
    pub(crate) id: String,
    /// The capability's version.
    pub(crate) version: String,
    /// The artifact's path.
    pub(crate) artifact: PathBuf,
    /// Whether artifact or manifest were written.
    pub(crate) changed: bool,
    /// `sha256:…` of the artifact.
    pub(crate) digest: String,
    /// The artifact's size.
    pub(crate) bytes: usize,
    /// What it imports, as `module.name`, sorted.
    pub(crate) imports: Vec<String>,
    /// `sha256:…` of the contract in it.
    pub(crate) contract_digest: String,
    /// What made it.
    pub(crate) toolchain: BuildToolchain,
    /// Whether a second build elsewhere came to the same bytes; left out where none was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) verified: Option<bool>,
    /// Where the time went; left out where that was not asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) timings: Option<Timings>,
    /// How long it took.
    pub(crate) seconds: f64,
}

/// `{origin, rustc, target_std, sdk}`
#[derive(Debug, Serialize)]
pub(crate) struct BuildToolchain {
    /// `active` or `debian`.
    pub(crate) origin: Origin,
    /// `1.96.0 (ac68faa20 2026-05-25)`
    pub(crate) rustc: String,
    /// `sha256:…` of the target's standard library.
    pub(crate) target_std: String,
    /// The SDK's version.
    pub(crate) sdk: String,
}

impl BuildReport {
    fn of(built: Built, began: Instant) -> Self {
        BuildReport {
            id: built.id,
            version: built.version,
            artifact: built.artifact,
            changed: built.changed,
            digest: built.digest,
            bytes: built.bytes,
            imports: built.imports,
            contract_digest: built.contract_digest,
            toolchain: BuildToolchain {
                origin: built.origin,
                rustc: built.made.rustc,
                target_std: built.made.target_std,
                sdk: built.made.sdk,
            },
            verified: None,
            timings: None,
            seconds: seconds_since(began),
        }
    }
}

fn seconds_since(began: Instant) -> f64 {
    (began.elapsed().as_secs_f64() * 1000.0).round() / 1000.0
}

impl Report for BuildReport {
    fn render_human(&self, screen: &mut Screen) {
        let (word, note) = if self.changed { ("Built", "") } else { ("Unchanged", ", nothing to do") };
        let word = screen.paint(Style::Good, format!("{word:>12}"));
        screen.line(format!("{word} {} in {:.2} s{note}", self.artifact.display(), self.seconds));
        screen.line(format!("        size {} bytes", grouped(self.bytes as u64)));
        screen.line(format!("      digest {}", self.digest));
        if self.verified == Some(true) {
            screen.line("    verified built again elsewhere, the same bytes");
        }
        screen.line(format!("     imports {}", self.imports.join(", ")));
        screen.line(format!("    contract {} {}", self.id, self.version));
        screen.line(format!("       rustc {}", self.toolchain.rustc));
        if let Some(timings) = &self.timings {
            timings.render(screen);
        }
    }
}

/// Runs the command.
///
/// # Errors
///
/// As [`build`].
pub(crate) fn execute(args: &BuildArgs, context: &Context) -> Result<BuildReport, CommandError> {
    let began = Instant::now();
    let project = Project::locate(context.manifest_path.as_deref())?;
    let times = match args.timings {
        true => Some(NamedTempFile::new().map_err(|error| {
            CommandError::io("timings-unwritable", "write in", &std::env::temp_dir(), &error)
        })?),
        false => None,
    };
    let options = CompileOptions {
        offline: args.offline,
        locked: args.locked,
        debug: args.debug,
        times: times.as_ref().map(|file| file.path().to_owned()),
        target_folder: None,
    };
    let built = build(&project, &options, &context.terminal)?;
    let stages = built.stages.clone();
    let mut report = BuildReport::of(built, began);
    if let Some(file) = &times {
        report.timings = Some(Timings::read(stages, file.path())?);
    }
    if args.verify {
        verify::of_artifact(&project, &report.artifact, args.offline, context)?;
        report.verified = Some(true);
        report.seconds = seconds_since(began);
    }
    Ok(report)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// spec: PKG-44
    #[test]
    fn the_document_has_these_fields() {
        let report = BuildReport {
            id: "a.b".into(),
            version: "1.0.0".into(),
            artifact: "artifacts/a.wasm".into(),
            changed: true,
            digest: "sha256:0".into(),
            bytes: 3,
            imports: vec!["wasi_snapshot_preview1.fd_read".into()],
            contract_digest: "sha256:1".into(),
            toolchain: BuildToolchain {
                origin: Origin::Debian,
                rustc: "1.96.0 (ac68faa20 2026-05-25)".into(),
                target_std: "sha256:2".into(),
                sdk: "0.1.0".into(),
            },
            verified: None,
            timings: None,
            seconds: 0.05,
        };
        assert_eq!(
            serde_json::to_string(&report).unwrap(),
            "{\"id\":\"a.b\",\"version\":\"1.0.0\",\"artifact\":\"artifacts/a.wasm\",\"changed\":true,\
             \"digest\":\"sha256:0\",\"bytes\":3,\"imports\":[\"wasi_snapshot_preview1.fd_read\"],\
             \"contract_digest\":\"sha256:1\",\"toolchain\":{\"origin\":\"debian\",\
             \"rustc\":\"1.96.0 (ac68faa20 2026-05-25)\",\"target_std\":\"sha256:2\",\"sdk\":\"0.1.0\"},\
             \"seconds\":0.05}"
        );
    }
}
