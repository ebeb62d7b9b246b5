//! One build, from the contract to the artifact and the manifest (spec `PKG-20` to `PKG-29`).
//!
//! What comes out is a function of what goes in: the module is closed anew on every build and compared with the file
//! that is there, so "nothing changed" is never a guess from times.

use super::compile::{CargoPackage, CompileOptions};
use super::make::{self, Inputs, Module};
use super::package::Made;
use super::publish::{self, Lock};
use super::recorded;
use super::source_digest;
use super::twin;
use crate::error::{CommandError, io_reason};
use crate::manifest_edit::{self, BuildFacts};
use crate::project::Project;
use crate::toolchain::{GuestToolchain, Origin, Progress};
use std::path::PathBuf;
use std::time::{Duration, Instant};
use traverse_contract::package::{MANIFEST_FILE, Manifest};

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
    /// How long each stage took, in their order.
    pub(crate) stages: Vec<(&'static str, Duration)>,
    /// What cargo says of the package.
    pub(crate) cargo: CargoPackage,
    /// What compiled it.
    pub(crate) toolchain: GuestToolchain,
}

/// Builds the package.
///
/// # Errors
///
/// `manifest-…` and `spec-…` with diagnostics; those of the toolchain; `compile-failed`, `import-forbidden`,
/// `capability-missing`, `contract-not-compiled`, `contract-changed`, `lock-invalid`, `spec-changed`, `manifest-changed`,
/// with `locked` `toolchain-changed` and `digest-changed`, and those of [`publish::publish`].
/// Artifact and manifest are as before then.
pub(crate) fn build(
    project: &Project,
    options: &CompileOptions,
    progress: &dyn Progress,
) -> Result<Built, CommandError> {
    let began = Instant::now();
    let inputs = Inputs::read(project)?;
    let checked = began.elapsed();
    publish::manifest_place(project)?;
    for warning in &inputs.contract.warnings {
        progress.diagnostic(&inputs.spec, warning);
    }
    let toolchain = make::provide_toolchain(&project.folder, progress)?;
    let provided = began.elapsed();
    recorded::check_toolchain(&inputs.manifest, &toolchain, options.locked, progress)?;
    // Of what is compiled: a file that its author saves meanwhile is not in the module, and `--check` says that it moved.
    let source_digest = source_digest::of_package(project, &inputs.manifest)?;
    let module = inputs.make(project, &toolchain, options, progress)?;
    let mut stages = vec![("contract", checked), ("toolchain", provided.saturating_sub(checked))];
    stages.extend(module.stages);
    if options.debug {
        return keep_debug(&inputs, module, stages, toolchain);
    }
    let made = began.elapsed();

    // From here on no other build of this package writes, and what is read now is what holds.
    let _lock = Lock::acquire(project, &module.cargo.target_folder)?;
    if project.read(&inputs.manifest.capability_ref.contract_path.value)?.text != inputs.spec.text {
        return Err(changed(&inputs.spec.name, "spec-changed"));
    }
    let manifest_now = project.read(MANIFEST_FILE)?;
    let manifest = make::read_manifest(&manifest_now)?;
    if used_of(&manifest) != used_of(&inputs.manifest) {
        return Err(changed(&inputs.manifest_source.name, "manifest-changed"));
    }
    inputs.check_origin(&module.compiled_from)?;
    if options.locked {
        recorded::check_digests(&manifest, &module)?;
    }

    let facts = BuildFacts {
        contract_digest: &module.contract_digest,
        source_digest: &source_digest,
        digest: &module.digest,
        bytes: module.bytes.len(),
        rustc: &module.made.rustc,
        target_std: &module.made.target_std,
        sdk: &module.made.sdk,
    };
    let artifact = project.path(&manifest.binary.path.value);
    let text = manifest_edit::with_build_facts(&manifest_now.text, &facts).map_err(|reason| {
        CommandError::new("manifest-invalid", format!("`{}`: {reason}", manifest_now.name))
    })?;
    let changed = publish::publish(project, &artifact, &module.bytes, &text)?;
    // Only `inspect` and `size` miss it.
    if let Err(error) = twin::keep(&module.cargo.target_folder, &module.digest, &module.named) {
        progress.warn(&format!("the names of functions were not kept: {}", io_reason(&error)));
    }
    stages.push(("write", began.elapsed().saturating_sub(made)));
    Ok(built(module, artifact, changed, stages, toolchain))
}

fn built(
    module: Module,
    artifact: PathBuf,
    changed: bool,
    stages: Vec<(&'static str, Duration)>,
    toolchain: GuestToolchain,
) -> Built {
    Built {
        id: module.id,
        version: module.version,
        artifact,
        bytes: module.bytes.len(),
        imports: module.imports,
        digest: module.digest,
        contract_digest: module.contract_digest,
        made: module.made,
        origin: module.origin,
        changed,
        stages,
        cargo: module.cargo,
        toolchain,
    }
}

/// A module with names and lines goes into cargo's target folder; manifest and artifact stay as they are (spec `PKG-50`).
fn keep_debug(
    inputs: &Inputs,
    mut module: Module,
    stages: Vec<(&'static str, Duration)>,
    toolchain: GuestToolchain,
) -> Result<Built, CommandError> {
    inputs.check_origin(&module.compiled_from)?;
    module.seal_debug(&inputs.contract_json);
    let place = module
        .cargo
        .target_folder
        .join("traverse")
        .join("debug")
        .join(format!("{}.wasm", module.cargo.binary));
    let failed = |error| CommandError::io("artifact-unwritable", "write", &place, &error);
    if let Some(folder) = place.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    crate::write::write_beside(&place, &module.bytes).map_err(failed)?;
    Ok(built(module, place, true, stages, toolchain))
}

/// What a build takes from the manifest, the package's names apart.
fn used_of(manifest: &Manifest) -> [&str; 6] {
    let reference = &manifest.capability_ref;
    let (source, binary) = (&manifest.source, &manifest.binary);
    [&reference.id, &reference.version, &reference.contract_path, &source.path, &source.entry, &binary.path]
        .map(|text| text.value.as_str())
}

fn changed(name: &str, code: &'static str) -> CommandError {
    CommandError::new(code, format!("`{name}` changed during the build")).help("build again")
}
