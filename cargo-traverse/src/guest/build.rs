//! One build, from the contract to the artifact and the manifest (spec `PKG-20` to `PKG-29`).
//!
//! What comes out is a function of what goes in: the module is closed anew on every build and compared with the file
//! that is there, so "nothing changed" is never a guess from times.

use super::close::{self, CloseError};
use super::compile::{self, CargoPackage, CompileOptions};
use super::package::{self, Made};
use super::publish::{self, Lock};
use super::symbols::{Caller, Symbols};
use super::twin;
use crate::agreement;
use crate::approval;
use crate::change::comparison::Compared;
use crate::error::{CommandError, io_reason};
use crate::manifest_edit::{self, BuildFacts};
use crate::project::Project;
use crate::toolchain::data::DataFolder;
use crate::toolchain::{Choice, GuestToolchain, Origin, Progress, find, install};
use std::path::{Path, PathBuf};
use traverse_contract::compiled::{CompiledFrom, fingerprint};
use traverse_contract::package::{MANIFEST_FILE, Manifest, SPEC_FILE};
use traverse_contract::spec::Limits;
use traverse_contract::{Contract, Diagnostic, Source, canonical};

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
/// `capability-missing`, `contract-not-compiled`, `contract-changed`, `lock-invalid`, `spec-changed`, `manifest-changed` and those of [`publish::publish`].
/// Artifact and manifest are as before then.
pub(crate) fn build(
    project: &Project,
    options: CompileOptions,
    progress: &dyn Progress,
) -> Result<Built, CommandError> {
    let manifest_source = project.read(MANIFEST_FILE)?;
    let manifest = read_manifest(&manifest_source)?;
    publish::manifest_place(project)?;
    let approved = read_contract(project, &manifest)?;
    let mut disagreements = agreement::disagreements(&manifest, &approved.contract);
    if let Ok(source) = project.read(&manifest.source.path.value) {
        disagreements.extend(agreement::entry_disagreement(&manifest, &source.text));
    }
    if !disagreements.is_empty() {
        return Err(disagrees(&manifest_source, disagreements));
    }
    let now = Compared {
        contract: approved.contract.clone(),
        json: approved.json.clone(),
        from: approved.source.name.clone(),
    };
    approval::check(project, &manifest.capability_ref.contract_path.value, &approved.source, &now)?;
    for warning in &approved.contract.warnings {
        progress.diagnostic(&approved.source, warning);
    }

    let toolchain = provide_toolchain(&project.folder, progress)?;
    let cargo = CargoPackage::read(&toolchain, &project.path("Cargo.toml"), &manifest.source.path.value)?;
    let stack = approved.contract.spec.limits.stack_bytes.unwrap_or(Limits::DEFAULT_STACK_BYTES);
    let spec = fingerprint(&approved.source.text);
    let linked = compile::compile(&cargo, &toolchain, stack, &spec, options, progress)?;

    let made = Made {
        sdk: cargo.sdk_version()?,
        rustc: toolchain.rustc_version.clone(),
        target_std: toolchain.target_std.clone(),
    };
    let capability = &approved.contract.spec.capability;
    let (id, version) = (capability.id.value.clone(), capability.version.value.clone());
    let mut closed = close::close_module(&linked).map_err(|error| refused(&error, &linked))?;
    let about = package::package_json(&id, &version, &made);
    package::append_sections(&mut closed.bytes, &approved.json, &about);

    // From here on no other build of this package writes, and what is read now is what holds.
    let _lock = Lock::acquire(project, &cargo.target_folder)?;
    if project.read(&manifest.capability_ref.contract_path.value)?.text != approved.source.text {
        return Err(changed(&approved.source.name, "spec-changed"));
    }
    let manifest_now = project.read(MANIFEST_FILE)?;
    if used_of(&read_manifest(&manifest_now)?) != used_of(&manifest) {
        return Err(changed(&manifest_source.name, "manifest-changed"));
    }
    check_origin(&closed.compiled_from, &spec, &manifest, &manifest_source, &approved)?;

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
    let text = manifest_edit::with_build_facts(&manifest_now.text, &facts).map_err(|reason| {
        CommandError::new("manifest-invalid", format!("`{}`: {reason}", manifest_now.name))
    })?;
    let changed = publish::publish(project, &artifact, &closed.bytes, &text)?;
    // Only `inspect` and `size` miss it.
    if let Err(error) = twin::keep(&cargo.target_folder, &digest, &closed.named) {
        progress.warn(&format!("the names of functions were not kept: {}", io_reason(&error)));
    }
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
        changed,
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

/// `linked`: the module that cannot be closed, of which the names of functions say what brings an import in.
fn refused(error: &CloseError, linked: &[u8]) -> CommandError {
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
            let symbols = Symbols::parse(linked).unwrap_or_default();
            for import in imports {
                if let Some(Caller { krate, function }) = symbols.caller_of(import) {
                    refused = refused.note(format!("`{import}` is called by `{function}` of the crate `{krate}`"));
                }
            }
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

/// The program that was linked must be the manifest's function under the manifest's contract (spec `PKG-28`).
fn check_origin(
    found: &[CompiledFrom],
    spec: &str,
    manifest: &Manifest,
    manifest_source: &Source,
    approved: &Approved,
) -> Result<(), CommandError> {
    let path = &manifest.source.path.value;
    let Some(first) = found.first() else {
        let message = format!("the program that was linked of `{path}` has no `#[capability]`");
        return Err(CommandError::new("capability-missing", message)
            .note("without it nothing reads the input, calls the function and checks the contract")
            .help(
                "write `#[capability]` above the function that carries out the contract, in the crate root",
            ));
    };
    if found.iter().any(|found| found.spec != spec) {
        let contract = &manifest.capability_ref.contract_path.value;
        let message = format!("the program was not compiled from the contract `{}`", approved.source.name);
        return Err(CommandError::new("contract-not-compiled", message)
            .note("the module would carry one contract and keep another")
            .help(format!(
                "`#[capability]` reads `{SPEC_FILE}`, `#[capability(spec = \"…\")]` another file: name there what \
                 `contract_path` of the manifest names, `{contract}`"
            )));
    }
    if first.entry != manifest.source.entry.value {
        return Err(disagrees(manifest_source, vec![agreement::bad_entry(manifest, &first.entry)]));
    }
    Ok(())
}

fn disagrees(manifest: &Source, disagreements: Vec<Diagnostic>) -> CommandError {
    CommandError::new("manifest-invalid", "the manifest does not agree with what lies beside it")
        .diagnostics(manifest, disagreements)
}
