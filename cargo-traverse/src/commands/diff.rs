//! `cargo traverse diff`: what changed from one contract to another (spec `CLI-80` to `CLI-82`).

use crate::approval::LockFile;
use crate::args::DiffArgs;
use crate::change::comparison::{Compared, Comparison};
use crate::commands::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::project::{Project, Target};
use crate::report::{Report, Screen};
use crate::spec_file::SpecFile;
use semver::Version;
use std::path::Path;
use traverse_contract::package::{CONTRACT_SECTION, SPEC_FILE};
use traverse_contract::{Contract, Diagnostic, Severity, Source, canonical};
use traverse_runtime::{Error, module};

impl Report for Comparison {
    fn render_human(&self, screen: &mut Screen) {
        self.render(screen);
    }

    fn exit(&self) -> Exit {
        if self.suffices { Exit::Success } else { Exit::Failure }
    }
}

/// Compares the two contracts. Nothing is built or run.
pub(crate) fn execute(args: &DiffArgs, context: &Context) -> Result<Comparison, CommandError> {
    let old = load(args.old.as_deref(), true, context)?;
    let new = load(args.new.as_deref(), false, context)?;
    Ok(Comparison::of(&old, &new, args.allow_undecided))
}

/// What an argument names. Without one, of what was the latest approved version, of what is the package's spec.
fn load(named: Option<&str>, old: bool, context: &Context) -> Result<Compared, CommandError> {
    let manifest_path = context.manifest_path.as_deref();
    let Some(named) = named else {
        let project = Project::locate(manifest_path)?;
        return if old { approved(&project, None) } else { from_spec(SpecFile::of_package(&project)?) };
    };
    let path = Path::new(named);
    if !path.exists()
        && let Ok(version) = Version::parse(named)
    {
        return approved(&Project::locate(manifest_path)?, Some(&version));
    }
    let is_module = path.extension().is_some_and(|extension| extension == "wasm");
    if is_module && let Target::Module(path) = Target::locate(Some(path), None)? {
        return from_module(&path);
    }
    if !path.exists() {
        return Err(CommandError::new(
            "path-missing",
            format!("there is no `{named}`, and it is no version"),
        )
        .help("give a spec, a package folder, a `.wasm` file, or an approved version such as `1.2.0`"));
    }
    from_spec(SpecFile::locate(Some(path), None)?)
}

fn from_spec(file: SpecFile) -> Result<Compared, CommandError> {
    let contract = file.contract()?;
    let json =
        canonical::contract_json(&file.source).map_err(|diagnostics| invalid(&file.source, diagnostics))?;
    Ok(Compared { contract, json, from: file.source.name })
}

/// A spec that has errors.
pub(crate) fn invalid(source: &Source, diagnostics: Vec<Diagnostic>) -> CommandError {
    CommandError::new("spec-invalid", format!("`{}` is not a valid contract", source.name))
        .diagnostics(source, diagnostics)
}

fn from_module(path: &Path) -> Result<Compared, CommandError> {
    let facts = module::inspect_file(path)?;
    let missing = || Error::ContractMissing { path: Some(path.to_owned()), section: CONTRACT_SECTION };
    let json = facts.contract_json.ok_or_else(missing)?;
    let contract = Contract::from_json(&json).map_err(|diagnostics| {
        let first = diagnostics.iter().find(|diagnostic| diagnostic.severity == Severity::Error);
        let reason = first.map_or_else(String::new, |first| first.message.clone());
        CommandError::from(Error::ContractInvalid { path: Some(path.to_owned()), reason })
    })?;
    Ok(Compared { contract, json, from: path.display().to_string() })
}

/// An approved version of the package, or the latest.
fn approved(project: &Project, version: Option<&Version>) -> Result<Compared, CommandError> {
    let file = LockFile::beside(project, &contract_path(project)?)?;
    let found = match version {
        Some(version) => file.lock.get(version),
        None => file.lock.latest(),
    };
    if let Some(found) = found {
        return file.compared(found);
    }
    let approved: Vec<String> =
        file.lock.approved.iter().map(|approved| format!("`{}`", approved.version)).collect();
    let place = project.path(&file.path);
    let error = match version {
        Some(version) => CommandError::new(
            "version-not-approved",
            format!("version `{version}` is not in `{}`", place.display()),
        ),
        None => CommandError::new("version-not-approved", "no version of the contract is approved"),
    };
    Err(error.help(if approved.is_empty() {
        "`cargo traverse approve` approves the version that the spec has now".to_owned()
    } else {
        format!("approved are {}", approved.join(", "))
    }))
}

/// Where the package's manifest says that the spec lies; a package need not have a manifest yet.
pub(crate) fn contract_path(project: &Project) -> Result<String, CommandError> {
    match project.manifest() {
        Ok(manifest) => Ok(manifest.capability_ref.contract_path.value),
        Err(error) if error.code == "manifest-missing" => Ok(SPEC_FILE.to_owned()),
        Err(error) => Err(error),
    }
}
