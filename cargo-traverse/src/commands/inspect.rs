//! `cargo traverse inspect`: what a `.wasm` says of itself, from its bytes alone (spec `CLI-50` to `CLI-52`).

use crate::args::InspectArgs;
use crate::commands::Context;
use crate::error::{CommandError, io_reason};
use crate::facts::ContractFacts;
use crate::project::{Project, Target};
use crate::report::{Report, Screen, Style, grouped, printable, printable_line};
use crate::sizes::Sizes;
use serde::Serialize;
use std::path::{Path, PathBuf};
use traverse_contract::{Contract, Severity, canonical};
use traverse_runtime::Error;
use traverse_runtime::file::{MAX_FILE_BYTES, read_regular};
use traverse_runtime::module::{self, CustomSection, MemoryFacts, ModuleFacts, PackageFacts};

/// `{file, id, version, digest, bytes, contract_digest, contract, package, imports, forbidden_imports, exports,
/// functions, code_bytes, data_bytes, memories, sections, sizes}`
#[derive(Debug, Serialize)]
pub(crate) struct InspectReport {
    file: String,
    id: Option<String>,
    version: Option<String>,
    digest: String,
    bytes: u64,
    contract_digest: Option<String>,
    contract: Option<ContractFacts>,
    package: Option<PackageFacts>,
    imports: Vec<String>,
    forbidden_imports: Vec<String>,
    exports: Vec<String>,
    functions: u32,
    code_bytes: u64,
    data_bytes: u64,
    memories: Vec<MemoryFacts>,
    sections: Vec<CustomSection>,
    sizes: Sizes,
}

impl Report for InspectReport {
    fn render_human(&self, screen: &mut Screen) {
        screen.line(screen.paint(Style::Strong, printable(&self.file)));
        let mut fact =
            |name: &str, value: String| screen.line(format!("  {name:<10} {}", printable_line(&value)));
        let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "none".to_owned());
        fact("id", or_none(&self.id));
        fact("version", or_none(&self.version));
        fact("size", format!("{} bytes", grouped(self.bytes)));
        fact("digest", self.digest.clone());
        fact("contract", or_none(&self.contract_digest));
        fact("imports", if self.imports.is_empty() { "none".to_owned() } else { self.imports.join(", ") });
        if !self.forbidden_imports.is_empty() {
            fact("forbidden", format!("{} (a capability may not)", self.forbidden_imports.join(", ")));
        }
        let memories: Vec<String> =
            self.memories.iter().map(|memory| grouped(memory.initial_bytes)).collect();
        fact(
            "memory",
            if memories.is_empty() {
                "none".to_owned()
            } else {
                format!("{} bytes at the start", memories.join(", "))
            },
        );
        fact("toolchain", toolchain(self.package.as_ref()));
        screen.line(screen.paint(Style::Strong, "size"));
        self.sizes.render(screen);
        match &self.contract {
            Some(contract) => {
                contract.render_clauses(screen);
                screen.line(screen.paint(Style::Strong, "schema"));
                let schema = serde_json::to_string_pretty(&contract.schema).unwrap_or_default();
                for line in schema.lines() {
                    screen.line(format!("  {}", printable(line)));
                }
            }
            None => screen.note("note: the module carries no contract, so `cargo traverse run` refuses it"),
        }
    }
}

/// Reads the module's bytes and says what is in them. Nothing is run, nothing beside the file is looked at.
pub(crate) fn execute(args: &InspectArgs, context: &Context) -> Result<InspectReport, CommandError> {
    let path = match Target::locate(args.path.as_deref(), context.manifest_path.as_deref())? {
        Target::Module(path) => path,
        Target::Package(project) => artifact_of(&project)?,
    };
    let (facts, sizes) = read_module(&path)?;
    let contract = match &facts.contract_json {
        Some(json) => Some(ContractFacts::of(&read_contract(json, &path)?)),
        None => None,
    };
    let package = facts.package;
    Ok(InspectReport {
        file: path.display().to_string(),
        id: contract.as_ref().map(|c| c.id.clone()).or_else(|| package.as_ref().map(|p| p.id.clone())),
        version: contract
            .as_ref()
            .map(|c| c.version.clone())
            .or_else(|| package.as_ref().map(|p| p.version.clone())),
        digest: facts.digest,
        bytes: facts.bytes,
        contract_digest: facts.contract_json.as_ref().map(|json| canonical::sha256(json.as_bytes())),
        contract,
        package,
        imports: facts.imports,
        forbidden_imports: facts.forbidden_imports,
        exports: facts.exports,
        functions: facts.functions,
        code_bytes: facts.code_bytes,
        data_bytes: facts.data_bytes,
        memories: facts.memories,
        sections: facts.custom_sections,
        sizes,
    })
}

/// The facts of a module and where its bytes are.
pub(super) fn read_module(path: &Path) -> Result<(ModuleFacts, Sizes), CommandError> {
    let facts = module::inspect_file(path)?;
    let unreadable = |reason: String| {
        CommandError::new(
            "artifact-not-wasm",
            format!("the artifact `{}` cannot be read: {reason}", path.display()),
        )
    };
    let bytes = read_regular(path, MAX_FILE_BYTES).map_err(|error| unreadable(io_reason(&error)))?;
    let sizes = Sizes::of(path, &bytes).map_err(|error| unreadable(error.to_string()))?;
    Ok((facts, sizes))
}

/// The artifact that the package's manifest names.
pub(super) fn artifact_of(project: &Project) -> Result<PathBuf, CommandError> {
    let manifest = project.manifest()?;
    // A file that is not there is told by who reads it.
    let _ = project.inside(&manifest.binary.path.value)?;
    Ok(project.artifact(&manifest))
}

/// A contract that cannot be used is an error here too: what it says would be a guess.
pub(super) fn read_contract(json: &str, path: &Path) -> Result<Contract, CommandError> {
    Contract::from_json(json).map_err(|diagnostics| {
        let first = diagnostics.iter().find(|diagnostic| diagnostic.severity == Severity::Error);
        let reason = first.map_or_else(String::new, |diagnostic| diagnostic.message.clone());
        CommandError::from(Error::ContractInvalid { path: Some(path.to_owned()), reason })
    })
}

fn toolchain(package: Option<&PackageFacts>) -> String {
    let Some(package) = package else { return "unknown".to_owned() };
    let parts: Vec<String> = [
        ("rustc", &package.rustc),
        ("std", &package.target_std),
        ("sdk", &package.sdk),
        ("crates", &package.crates),
        ("built by", &package.built_by),
    ]
    .into_iter()
    .filter_map(|(name, value)| value.as_ref().map(|value| format!("{name} {value}")))
    .collect();
    if parts.is_empty() { "unknown".to_owned() } else { parts.join(", ") }
}
