//! From the contract to the bytes of a module, nothing written (spec `PKG-20` to `PKG-28`).

use super::close::{self, CloseError, Closed};
use super::compile::{self, CargoPackage, CompileOptions, Linked};
use super::package::{self, Made};
use super::symbols::{Caller, Symbols};
use super::units;
use crate::agreement;
use crate::approval;
use crate::change::comparison::Compared;
use crate::error::CommandError;
use crate::project::Project;
use crate::toolchain::data::DataFolder;
use crate::toolchain::{Choice, GuestToolchain, Origin, Progress, find, install};
use std::path::Path;
use std::time::{Duration, Instant};
use traverse_contract::compiled::{CompiledFrom, fingerprint};
use traverse_contract::package::{MANIFEST_FILE, Manifest, SPEC_FILE};
use traverse_contract::{Contract, Diagnostic, Source, canonical};

/// What a package is built from, read and checked, before anything is compiled.
pub(crate) struct Inputs {
    /// The text of the manifest.
    pub(crate) manifest_source: Source,
    pub(crate) manifest: Manifest,
    /// The text of the spec.
    pub(crate) spec: Source,
    pub(crate) contract: Contract,
    /// The canonical JSON of the contract.
    pub(crate) contract_json: String,
}

/// A module in memory.
pub(crate) struct Module {
    /// The capability's id.
    pub(crate) id: String,
    /// The capability's version.
    pub(crate) version: String,
    /// The module, with the sections of PKG-25.
    pub(crate) bytes: Vec<u8>,
    /// The same with the names of its functions and without those sections.
    pub(crate) named: Vec<u8>,
    /// What cargo linked, with everything that a debugger reads, if the build was to keep that.
    pub(crate) linked: Vec<u8>,
    /// What it imports, as `module.name`, sorted.
    pub(crate) imports: Vec<String>,
    /// `sha256:…` of `bytes`.
    pub(crate) digest: String,
    /// `sha256:…` of the contract in it.
    pub(crate) contract_digest: String,
    /// What made it.
    pub(crate) made: Made,
    /// Where the toolchain came from.
    pub(crate) origin: Origin,
    /// What the program says that it was compiled from.
    pub(crate) compiled_from: Vec<CompiledFrom>,
    /// What cargo says of the package.
    pub(crate) cargo: CargoPackage,
    /// The crates that were compiled for it.
    pub(crate) units: Vec<units::Unit>,
    /// How long the stages took: reading the package, compiling and linking, closing.
    pub(crate) stages: [(&'static str, Duration); 3],
}

impl Module {
    /// Makes it the module of a debug build: what was linked, names and lines included, under the same contract. Where what
    /// was linked imports more than it may, only the names are kept.
    pub(crate) fn seal_debug(&mut self, contract_json: &str) {
        let linked = std::mem::take(&mut self.linked);
        let is_closed = Symbols::parse(&linked).is_ok_and(|symbols| symbols.imports().all(close::is_allowed));
        self.bytes = if is_closed { linked } else { std::mem::take(&mut self.named) };
        let about = package::package_json(&self.id, &self.version, &self.made);
        package::append_sections(&mut self.bytes, contract_json, &about);
        self.digest = canonical::sha256(&self.bytes);
    }
}

impl Inputs {
    /// Reads manifest and contract, and holds them against each other and against what is approved.
    ///
    /// # Errors
    ///
    /// `manifest-…` and `spec-…` with diagnostics, `contract-changed`, `lock-invalid`.
    pub(crate) fn read(project: &Project) -> Result<Inputs, CommandError> {
        let manifest_source = project.read(MANIFEST_FILE)?;
        let manifest = read_manifest(&manifest_source)?;
        let spec = project.read(&manifest.capability_ref.contract_path.value)?;
        let invalid = |diagnostics| {
            CommandError::new("spec-invalid", format!("`{}` is not a valid contract", spec.name))
                .diagnostics(&spec, diagnostics)
        };
        let contract = Contract::from_toml(&spec).map_err(invalid)?;
        let contract_json = canonical::contract_json(&spec).map_err(invalid)?;
        let mut disagreements = agreement::disagreements(&manifest, &contract);
        if let Ok(source) = project.read(&manifest.source.path.value) {
            disagreements.extend(agreement::entry_disagreement(&manifest, &source.text));
        }
        if !disagreements.is_empty() {
            return Err(disagrees(&manifest_source, disagreements));
        }
        let now =
            Compared { contract: contract.clone(), json: contract_json.clone(), from: spec.name.clone() };
        approval::check(project, &manifest.capability_ref.contract_path.value, &spec, &now)?;
        Ok(Inputs { manifest_source, manifest, spec, contract, contract_json })
    }

    /// Compiles, closes and seals the module.
    ///
    /// # Errors
    ///
    /// Those of cargo (`cargo-metadata`, `binary-missing`, `compile-failed`, `sdk-missing`), `import-forbidden`.
    pub(crate) fn make(
        &self,
        project: &Project,
        toolchain: &GuestToolchain,
        options: &CompileOptions,
        progress: &dyn Progress,
    ) -> Result<Module, CommandError> {
        let began = Instant::now();
        let entry = &self.manifest.source.path.value;
        let mut cargo = CargoPackage::read(toolchain, &project.path("Cargo.toml"), entry)?;
        if let Some(folder) = &options.target_folder {
            cargo.target_folder.clone_from(folder);
        }
        let limits = &self.contract.spec.limits;
        let spec = fingerprint(&self.spec.text);
        let read = began.elapsed();
        let Linked { module: linked, units } =
            compile::compile(&cargo, toolchain, limits, &spec, options, progress)?;
        let compiled = began.elapsed();
        let made = Made {
            sdk: cargo.sdk_version()?,
            rustc: toolchain.rustc_version.clone(),
            target_std: toolchain.target_std.clone(),
            crates: units::units_digest(&units),
        };
        let capability = &self.contract.spec.capability;
        let (id, version) = (capability.id.value.clone(), capability.version.value.clone());
        let Closed { mut bytes, named, imports, compiled_from } =
            close::close_module(&linked).map_err(|error| refused(&error, &linked))?;
        package::append_sections(
            &mut bytes,
            &self.contract_json,
            &package::package_json(&id, &version, &made),
        );
        Ok(Module {
            stages: [
                ("cargo metadata", read),
                ("cargo build and link", compiled.saturating_sub(read)),
                ("close", began.elapsed().saturating_sub(compiled)),
            ],
            id,
            version,
            digest: canonical::sha256(&bytes),
            contract_digest: canonical::sha256(self.contract_json.as_bytes()),
            bytes,
            named,
            linked,
            imports,
            made,
            origin: toolchain.origin,
            compiled_from,
            cargo,
            units,
        })
    }

    /// The program that was linked must be the manifest's function under the manifest's contract (spec `PKG-28`).
    ///
    /// # Errors
    ///
    /// `capability-missing`, `contract-not-compiled`, `manifest-invalid`.
    pub(crate) fn check_origin(&self, found: &[CompiledFrom]) -> Result<(), CommandError> {
        let manifest = &self.manifest;
        let path = &manifest.source.path.value;
        // A program begins in its crate's root; what stands in other modules it calls, if at all.
        let found: Vec<&CompiledFrom> = found.iter().filter(|found| found.is_in_root()).collect();
        let Some(first) = found.first() else {
            let message = format!("the program that was linked of `{path}` has no `#[capability]`");
            return Err(CommandError::new("capability-missing", message)
                .note("without it nothing reads the input, calls the function and checks the contract")
                .help(
                    "write `#[capability]` above the function that carries out the contract, in the crate root",
                ));
        };
        if found.iter().any(|found| found.spec != fingerprint(&self.spec.text)) {
            let contract = &manifest.capability_ref.contract_path.value;
            let message = format!("the program was not compiled from the contract `{}`", self.spec.name);
            return Err(CommandError::new("contract-not-compiled", message)
                .note("the module would carry one contract and keep another")
                .help(format!(
                    "`#[capability]` reads `{SPEC_FILE}`, `#[capability(spec = \"…\")]` another file: name there what \
                     `contract_path` of the manifest names, `{contract}`"
                )));
        }
        if first.entry != manifest.source.entry.value {
            return Err(disagrees(&self.manifest_source, vec![agreement::bad_entry(manifest, &first.entry)]));
        }
        Ok(())
    }
}

/// The guest toolchain; installed, after one line, where there is none.
///
/// # Errors
///
/// As [`install::install`].
pub(crate) fn provide_toolchain(
    folder: &Path,
    progress: &dyn Progress,
) -> Result<GuestToolchain, CommandError> {
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

pub(crate) fn read_manifest(source: &Source) -> Result<Manifest, CommandError> {
    Manifest::from_toml(source).map_err(|diagnostics| {
        CommandError::new("manifest-invalid", format!("`{}` is not a valid manifest", source.name))
            .diagnostics(source, diagnostics)
    })
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
                    refused =
                        refused.note(format!("`{import}` is called by `{function}` of the crate `{krate}`"));
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

fn disagrees(manifest: &Source, disagreements: Vec<Diagnostic>) -> CommandError {
    CommandError::new("manifest-invalid", "the manifest does not agree with what lies beside it")
        .diagnostics(manifest, disagreements)
}
