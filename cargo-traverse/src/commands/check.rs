//! `cargo traverse check`: spec, manifest and clauses, without compiling (spec `CLI-40` to `CLI-43`).

use crate::agreement::{disagreements, entry_disagreement};
use crate::approval::{self, LockFile, Standing};
use crate::args::CheckArgs;
use crate::change::comparison::Compared;
use crate::commands::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::facts::{ContractFacts, Origin};
use crate::project::Project;
use crate::report::{Report, Screen, Style, diagnostic_json};
use serde::{Serialize, Serializer};
use traverse_contract::lock::LOCK_FILE;
use traverse_contract::package::{MANIFEST_FILE, Manifest, SPEC_FILE};
use traverse_contract::{Contract, Diagnostic, Severity, Source, canonical};

/// What is wrong with a package, and what its contract says where that can be known:
/// `{ok, errors, warnings, diagnostics, contract_digest?, contract?}`.
#[derive(Debug, Serialize)]
pub(crate) struct CheckReport {
    ok: bool,
    errors: usize,
    warnings: usize,
    diagnostics: Vec<Found>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contract_digest: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contract: Option<ContractFacts>,
    #[serde(skip)]
    schema_only: bool,
}

/// A diagnostic and the text that it points into.
#[derive(Debug)]
struct Found {
    source: Source,
    diagnostic: Diagnostic,
}

impl Serialize for Found {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        diagnostic_json(&self.source, &self.diagnostic).serialize(serializer)
    }
}

impl Report for CheckReport {
    fn render_human(&self, screen: &mut Screen) {
        for found in &self.diagnostics {
            screen.diagnostic(&found.source, &found.diagnostic);
            screen.note("");
        }
        if !self.ok {
            let warnings = match self.warnings {
                0 => String::new(),
                count => format!(" and {}", counted(count, "warning")),
            };
            let line = format!("{}{warnings} in the package", counted(self.errors, "error"));
            screen.note(format!("{}: {line}", screen.paint_err(Style::Bad, "error")));
            return;
        }
        let Some(contract) = &self.contract else { return };
        if self.schema_only {
            // A schema always serializes.
            screen.line(serde_json::to_string_pretty(&contract.schema).unwrap_or_default());
            return;
        }
        let good = match self.warnings {
            0 => "no errors".to_owned(),
            count => format!("no errors, {}", counted(count, "warning")),
        };
        screen.line(format!("{} {}: {}", contract.id, contract.version, screen.paint(Style::Good, good)));
        screen.line(format!("  {}", contract.counts()));
        let from = |origin| match origin {
            Origin::Written => "written",
            Origin::Inferred => "inferred from the clauses",
        };
        let schema_from = contract.schema_from;
        screen.line(format!(
            "  input schema {}, output schema {}",
            from(schema_from.input),
            from(schema_from.output)
        ));
    }

    fn exit(&self) -> Exit {
        if self.ok { Exit::Success } else { Exit::Failure }
    }
}

/// Checks everything that can be checked without compiling, and reports all of it at once.
pub(crate) fn execute(args: &CheckArgs, context: &Context) -> Result<CheckReport, CommandError> {
    let project = Project::locate(context.manifest_path.as_deref())?;
    let mut found = Vec::new();
    let manifest = read_manifest(&project, &mut found)?;
    let contract_path = manifest
        .as_ref()
        .map_or(SPEC_FILE, |(_, manifest)| manifest.capability_ref.contract_path.value.as_str());
    let spec = read_contract(&project, contract_path, &mut found);
    if let (Some((source, manifest)), Some((_, contract))) = (&manifest, &spec) {
        add(&mut found, source, disagreements(manifest, contract));
    }
    if let Some((source, manifest)) = &manifest {
        check_files(&project, source, manifest, &mut found);
    }
    if let Some((source, contract)) = &spec {
        check_approval(&project, contract_path, source, contract, &mut found);
    }
    let contract_digest = spec
        .as_ref()
        .and_then(|(source, _)| canonical::contract_json(source).ok())
        .map(|json| canonical::sha256(json.as_bytes()));
    let count =
        |severity| found.iter().filter(|found: &&Found| found.diagnostic.severity == severity).count();
    let errors = count(Severity::Error);
    Ok(CheckReport {
        ok: errors == 0,
        errors,
        warnings: count(Severity::Warning),
        contract_digest,
        contract: spec.map(|(_, contract)| ContractFacts::of(&contract)),
        diagnostics: found,
        schema_only: args.schema,
    })
}

/// What the approved versions say of the contract (spec `CHANGE-25`).
fn check_approval(
    project: &Project,
    contract_path: &str,
    source: &Source,
    contract: &Contract,
    found: &mut Vec<Found>,
) {
    let Ok(json) = canonical::contract_json(source) else { return };
    let now = Compared { contract: contract.clone(), json, from: source.name.clone() };
    let stands =
        LockFile::beside(project, contract_path).and_then(|file| approval::standing(&file, &now, false));
    match stands {
        Ok(Standing::Changed(comparison)) => add(found, source, vec![approval::changed(&comparison, &now)]),
        Ok(Standing::New(Some(comparison))) => {
            add(found, source, approval::too_small(&comparison, &now).into_iter().collect());
        }
        Ok(Standing::Approved | Standing::Behind(_) | Standing::New(None)) => {}
        Err(mut error) if !error.diagnostics.is_empty() => {
            let all = std::mem::take(&mut error.diagnostics);
            found.extend(all.into_iter().map(|(source, diagnostic)| Found { source, diagnostic }));
        }
        Err(error) => found.push(placeless(LOCK_FILE, error)),
    }
}

/// The manifest, if it can be read. Where the folder holds no spec either, this is no package at all.
fn read_manifest(
    project: &Project,
    found: &mut Vec<Found>,
) -> Result<Option<(Source, Manifest)>, CommandError> {
    let source = match project.read(MANIFEST_FILE) {
        Ok(source) => source,
        Err(error) if project.path(SPEC_FILE).is_file() => {
            found.push(placeless(&project.path(MANIFEST_FILE).display().to_string(), error));
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    match Manifest::from_toml(&source) {
        Ok(manifest) => Ok(Some((source, manifest))),
        Err(diagnostics) => {
            add(found, &source, diagnostics);
            Ok(None)
        }
    }
}

fn read_contract(project: &Project, path: &str, found: &mut Vec<Found>) -> Option<(Source, Contract)> {
    let source = match project.read(path) {
        Ok(source) => source,
        Err(error) => {
            found.push(placeless(&project.path(path).display().to_string(), error));
            return None;
        }
    };
    match Contract::from_toml(&source) {
        Ok(contract) => {
            add(found, &source, contract.warnings.clone());
            Some((source, contract))
        }
        Err(diagnostics) => {
            add(found, &source, diagnostics);
            None
        }
    }
}

/// The files that the manifest names are there. The artifact may not be: `build` makes it.
fn check_files(project: &Project, source: &Source, manifest: &Manifest, found: &mut Vec<Found>) {
    let path = &manifest.source.path;
    if !project.path(&path.value).is_file() {
        let diagnostic =
            Diagnostic::error("manifest-source-missing", format!("there is no file `{}`", path.value))
                .at(path.span, "")
                .help("`source.path` names the file with the `#[capability]` function");
        add(found, source, vec![diagnostic]);
    } else if let Ok(text) = project.read(&path.value) {
        add(found, source, entry_disagreement(manifest, &text.text).into_iter().collect());
    }
}

fn add(found: &mut Vec<Found>, source: &Source, diagnostics: Vec<Diagnostic>) {
    found.extend(diagnostics.into_iter().map(|diagnostic| Found { source: source.clone(), diagnostic }));
}

/// A file that could not be read: an error about the file, at no place in it.
fn placeless(name: &str, error: CommandError) -> Found {
    let mut diagnostic = Diagnostic::error(error.code, error.message);
    diagnostic.help = error.help;
    Found { source: Source { name: name.to_owned(), text: String::new() }, diagnostic }
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
