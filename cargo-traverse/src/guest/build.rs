//! One build, from the contract to the artifact and the manifest (spec `PKG-20` to `PKG-29`).
//!
//! What comes out is a function of what goes in: the module is closed anew on every build and compared with the file
//! that is there, so "nothing changed" is never a guess from times.

use super::close::{self, CloseError};
use super::compile::{self, CargoPackage, CompileOptions};
use super::package::{self, Made};
use crate::agreement;
use crate::error::CommandError;
use crate::manifest_edit::{self, BuildFacts};
use crate::project::Project;
use crate::toolchain::data::DataFolder;
use crate::toolchain::{Choice, GuestToolchain, Origin, Progress, find, install};
use crate::write::write_beside;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use traverse_contract::package::{MANIFEST_FILE, Manifest};
use traverse_contract::spec::Limits;
use traverse_contract::{Contract, Source, canonical};

/// What a build made.
#[derive(Debug)]
pub(crate) struct Built {
    /// The capability's id.
    pub(crate) id: String,
    /// The capability's version.
    pub(crate) version: String,
    /// The artifact, as the project is named by the user.
    pub(crate) artifact: PathBuf,
    /// `sha256:…` of its bytes.
    pub(crate) digest: String,
    /// Its size.
    pub(crate) bytes: usize,
    /// What it imports, as `module.name`.
    pub(crate) imports: Vec<String>,
    /// `sha256:…` of the contract that it carries.
    pub(crate) contract_digest: String,
    /// What made it.
    pub(crate) made: Made,
    /// Where the toolchain came from.
    pub(crate) origin: Origin,
    /// Whether artifact or manifest were written; not where both stood as they are.
    pub(crate) changed: bool,
}

/// A contract that was read for a build.
struct Approved {
    source: Source,
    contract: Contract,
    json: String,
}

/// Builds the package.
///
/// # Errors
///
/// `manifest-…` and `spec-…` with diagnostics; those of the toolchain; `compile-failed`, `import-forbidden`,
/// `spec-changed`, `artifact-outside`, `artifact-unwritable`. Artifact and manifest are as before then.
pub(crate) fn build(
    project: &Project,
    options: CompileOptions,
    progress: &dyn Progress,
) -> Result<Built, CommandError> {
    let manifest_source = project.read(MANIFEST_FILE)?;
    let manifest = read_manifest(&manifest_source)?;
    let approved = read_contract(project, &manifest)?;
    let mut disagreements = agreement::disagreements(&manifest, &approved.contract);
    if let Ok(source) = project.read(&manifest.source.path.value) {
        disagreements.extend(agreement::entry_disagreement(&manifest, &source.text));
    }
    if !disagreements.is_empty() {
        return Err(CommandError::new(
            "manifest-invalid",
            "the manifest does not agree with what lies beside it",
        )
        .diagnostics(&manifest_source, disagreements));
    }
    for warning in &approved.contract.warnings {
        progress.diagnostic(&approved.source, warning);
    }

    let toolchain = provide_toolchain(&project.folder, progress)?;
    let cargo = CargoPackage::read(&toolchain, &project.path("Cargo.toml"), &manifest.source.path.value)?;
    let stack = approved.contract.spec.limits.stack_bytes.unwrap_or(Limits::DEFAULT_STACK_BYTES);
    let linked = compile::compile(&cargo, &toolchain, stack, options, progress)?;

    let made = Made {
        sdk: cargo.sdk_version()?,
        rustc: toolchain.rustc_version.clone(),
        target_std: toolchain.target_std.clone(),
    };
    let capability = &approved.contract.spec.capability;
    let (id, version) = (capability.id.value.clone(), capability.version.value.clone());
    let mut closed = close::close_module(&linked).map_err(|error| refused(&error))?;
    let about = package::package_json(&id, &version, &made);
    package::append_sections(&mut closed.bytes, &approved.json, &about);

    // The macro read the spec while cargo ran; the module must not carry another contract than it was compiled from.
    if project.read(&manifest.capability_ref.contract_path.value)?.text != approved.source.text {
        return Err(CommandError::new(
            "spec-changed",
            format!("`{}` changed during the build", approved.source.name),
        )
        .help("build again"));
    }

    let digest = canonical::sha256(&closed.bytes);
    let contract_digest = canonical::sha256(approved.json.as_bytes());
    let facts = BuildFacts {
        contract_digest: &contract_digest,
        digest: &digest,
        bytes: closed.bytes.len(),
        rustc: &made.rustc,
        target_std: &made.target_std,
        sdk: &made.sdk,
    };
    let artifact = project.path(&manifest.binary.path.value);
    // The module first: a manifest never names bytes that are not there.
    let wrote_artifact = write_artifact(project, &artifact, &closed.bytes)?;
    let wrote_manifest = write_manifest(project, &manifest_source, &facts)?;
    Ok(Built {
        id,
        version,
        artifact,
        bytes: closed.bytes.len(),
        imports: closed.imports,
        digest,
        contract_digest,
        made,
        origin: toolchain.origin,
        changed: wrote_artifact || wrote_manifest,
    })
}

/// The guest toolchain; installed, after one line, where there is none.
///
/// # Errors
///
/// As [`install::install`].
fn provide_toolchain(folder: &Path, progress: &dyn Progress) -> Result<GuestToolchain, CommandError> {
    let choice = Choice::from_environment()?;
    let data = DataFolder::locate()?;
    if let Some(found) = find::find(choice, &data, folder)? {
        return Ok(found);
    }
    progress.status(
        "Installing",
        &format!("the target `{}`, which the active toolchain does not have", super::TARGET),
    );
    install::install(choice, &data, folder, progress)
}

fn read_manifest(source: &Source) -> Result<Manifest, CommandError> {
    Manifest::from_toml(source).map_err(|diagnostics| {
        CommandError::new("manifest-invalid", format!("`{}` is not a valid manifest", source.name))
            .diagnostics(source, diagnostics)
    })
}

fn read_contract(project: &Project, manifest: &Manifest) -> Result<Approved, CommandError> {
    let source = project.read(&manifest.capability_ref.contract_path.value)?;
    let invalid = |diagnostics| {
        CommandError::new("spec-invalid", format!("`{}` is not a valid contract", source.name))
            .diagnostics(&source, diagnostics)
    };
    let contract = Contract::from_toml(&source).map_err(invalid)?;
    let json = canonical::contract_json(&source).map_err(invalid)?;
    Ok(Approved { source, contract, json })
}

fn refused(error: &CloseError) -> CommandError {
    match error {
        CloseError::NotAModule(reason) => {
            CommandError::new("module-unreadable", "the module that cargo linked cannot be read")
                .note(reason.clone())
        }
        CloseError::ForbiddenImports(imports) => {
            let mut refused = CommandError::new(
                "import-forbidden",
                format!("the capability uses what no capability may: it imports {}", listed(imports)),
            );
            for (reason, imports) in close::explain_imports(imports) {
                refused = refused.note(format!("{}: {reason}", listed(&imports)));
            }
            refused.help(
                "a capability is a function of its input; take what it needs as a property of the input",
            )
        }
    }
}

fn listed(imports: &[String]) -> String {
    imports.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// Writes the artifact where other bytes or none are there; says whether it did.
fn write_artifact(project: &Project, path: &Path, bytes: &[u8]) -> Result<bool, CommandError> {
    let failed = |verb: &str, path: &Path, error: &std::io::Error| {
        CommandError::io("artifact-unwritable", verb, path, error)
    };
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        // Looked at before a folder is made behind a link that leads out.
        check_inside(project, folder)?;
        fs::create_dir_all(folder).map_err(|error| failed("make", folder, &error))?;
    }
    let is_link = path.symlink_metadata().is_ok_and(|metadata| metadata.is_symlink());
    if !is_link && fs::read(path).is_ok_and(|old| old == bytes) {
        // It is as new as its sources, and `run` need not say that it is older. No loss where that cannot be noted.
        if let Ok(file) = fs::File::options().append(true).open(path) {
            let _ = file.set_modified(SystemTime::now());
        }
        return Ok(false);
    }
    write_beside(path, bytes).map_err(|error| failed("write", path, &error))?;
    Ok(true)
}

/// The nearest folder that is there must lie in the package, links followed.
fn check_inside(project: &Project, folder: &Path) -> Result<(), CommandError> {
    let unreadable =
        |path: &Path, error: &std::io::Error| CommandError::io("artifact-unwritable", "resolve", path, error);
    let root = project.folder.canonicalize().map_err(|error| unreadable(&project.folder, &error))?;
    let mut there = Some(folder);
    while let Some(path) = there.filter(|path| !path.as_os_str().is_empty()) {
        if path.symlink_metadata().is_ok() {
            let real = path.canonicalize().map_err(|error| unreadable(path, &error))?;
            if real.starts_with(&root) {
                return Ok(());
            }
            return Err(CommandError::new(
                "artifact-outside",
                format!("`{}` leads out of the package", path.display()),
            )
            .help("`path` under `[binary]` must name a file inside the package, through no link"));
        }
        there = path.parent();
    }
    Ok(())
}

/// Writes the manifest where the facts are not in it yet; says whether it did.
fn write_manifest(project: &Project, read: &Source, facts: &BuildFacts<'_>) -> Result<bool, CommandError> {
    let path = project.path(MANIFEST_FILE);
    // What the author saved while cargo ran is kept.
    let now = project.read(MANIFEST_FILE)?;
    let text = manifest_edit::with_build_facts(&now.text, facts)
        .map_err(|reason| CommandError::new("manifest-invalid", format!("`{}`: {reason}", read.name)))?;
    if text == now.text {
        return Ok(false);
    }
    write_beside(&path, text.as_bytes())
        .map_err(|error| CommandError::io("manifest-unwritable", "write", &path, &error))?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package() -> (tempfile::TempDir, Project) {
        let folder = tempfile::tempdir().unwrap();
        let project = Project { folder: folder.path().join("package") };
        fs::create_dir(&project.folder).unwrap();
        (folder, project)
    }

    /// spec: PKG-29
    #[test]
    fn an_artifact_is_written_once() {
        let (_folder, project) = package();
        let path = project.path("artifacts/deep/a.wasm");
        assert!(write_artifact(&project, &path, b"one").unwrap());
        assert!(!write_artifact(&project, &path, b"one").unwrap());
        assert!(write_artifact(&project, &path, b"two").unwrap());
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(project.path("artifacts/deep")).unwrap().count(), 1);
    }

    /// spec: PKG-29
    #[cfg(unix)]
    #[test]
    fn an_artifact_never_leaves_the_package() {
        use std::os::unix::fs::symlink;
        let (folder, project) = package();
        let outside = folder.path().join("outside");
        fs::create_dir(&outside).unwrap();
        symlink(&outside, project.path("artifacts")).unwrap();
        for path in ["artifacts/a.wasm", "artifacts/deep/a.wasm"] {
            let error = write_artifact(&project, &project.path(path), b"x").unwrap_err();
            assert_eq!(error.code, "artifact-outside", "{path}");
        }
        assert_eq!(fs::read_dir(&outside).unwrap().count(), 0);

        // A link in the artifact's own place is replaced, not followed.
        fs::remove_file(project.path("artifacts")).unwrap();
        fs::create_dir(project.path("artifacts")).unwrap();
        fs::write(outside.join("a.wasm"), "same").unwrap();
        symlink(outside.join("a.wasm"), project.path("artifacts/a.wasm")).unwrap();
        assert!(write_artifact(&project, &project.path("artifacts/a.wasm"), b"same").unwrap());
        assert!(!project.path("artifacts/a.wasm").symlink_metadata().unwrap().is_symlink());
    }
}
