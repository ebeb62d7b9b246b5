//! `cargo traverse verify`: does this source build these bytes (spec `PKG-51` and `PKG-52`)?

use crate::args::VerifyArgs;
use crate::commands::Context;
use crate::error::CommandError;
use crate::guest::verify::{Verified, verify};
use crate::project::{Project, Target};
use crate::report::{Report, Screen, Style, grouped};
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::time::Instant;
use traverse_runtime::file::{MAX_FILE_BYTES, read_regular};

/// `{artifact, source, digest, bytes, seconds}`; a module that is another is an error.
#[derive(Debug, Serialize)]
pub(crate) struct VerifyReport {
    artifact: PathBuf,
    source: PathBuf,
    digest: String,
    bytes: usize,
    seconds: f64,
}

impl Report for VerifyReport {
    fn render_human(&self, screen: &mut Screen) {
        let word = screen.paint(Style::Good, format!("{:>12}", "Verified"));
        screen.line(format!(
            "{word} {}: built again elsewhere, the same {} bytes",
            self.artifact.display(),
            grouped(self.bytes as u64)
        ));
        screen.line(format!("      digest {}", self.digest));
    }
}

/// Runs the command.
///
/// # Errors
///
/// As [`verify`]; `artifact-missing`.
pub(crate) fn execute(args: &VerifyArgs, context: &Context) -> Result<VerifyReport, CommandError> {
    let target = Target::locate(args.path.as_deref(), context.manifest_path.as_deref())?;
    let (project, artifact) = match (target, &args.source) {
        (Target::Package(project), None) => {
            let artifact = project.artifact(&project.manifest()?);
            (project, artifact)
        }
        (Target::Module(artifact), Some(source)) => (Project::locate(Some(source))?, artifact),
        (Target::Module(_), None) => {
            return Err(CommandError::usage("a module alone does not say where its source is")
                .help("name the package with `--source DIR`"));
        }
        (Target::Package(_), Some(_)) => {
            return Err(CommandError::usage("`--source` goes with a `.wasm` file")
                .help("give the module's path, or the package's folder alone"));
        }
    };
    of_artifact(&project, &artifact, args.offline, context)
}

/// Verifies one module against one package.
///
/// # Errors
///
/// As [`execute`].
pub(super) fn of_artifact(
    project: &Project,
    artifact: &Path,
    offline: bool,
    context: &Context,
) -> Result<VerifyReport, CommandError> {
    let began = Instant::now();
    let module = read_regular(artifact, MAX_FILE_BYTES).map_err(|error| {
        CommandError::io("artifact-missing", "read the artifact", artifact, &error)
            .help("`cargo traverse build` makes it")
    })?;
    let name = artifact.display().to_string();
    let Verified { digest, bytes } = verify(project, &module, &name, offline, &context.terminal)?;
    Ok(VerifyReport {
        artifact: artifact.to_owned(),
        source: project.folder.clone(),
        digest,
        bytes,
        seconds: (began.elapsed().as_secs_f64() * 1000.0).round() / 1000.0,
    })
}
