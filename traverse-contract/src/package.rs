//! The manifest, `traverse.package.toml` (spec `PKG`), and the names of the sections that a module carries.
//!
//! Reading only: `build` rewrites the values that it owns and keeps the rest as the author wrote it. What needs the
//! disk (whether a file is there, whether a link leads out of the package) is the runtime's to check.

use crate::canonical::is_digest;
use crate::diagnostic::{Diagnostic, Source, bounded};
use crate::spec::node::Node;
use crate::spec::section::{Codes, Section};
use crate::spec::{Text, names};

/// Custom section with the canonical JSON of the contract.
pub const CONTRACT_SECTION: &str = "traverse.contract";
/// Custom section with id, version and toolchain as JSON.
pub const PACKAGE_SECTION: &str = "traverse.package";
/// The most that a spec may have in bytes, and the canonical JSON of it (spec SPEC-1, RUN-4).
pub const MAX_CONTRACT_BYTES: usize = 1 << 20;
/// The most that the section [`PACKAGE_SECTION`] may have, in bytes (spec RUN-4).
pub const MAX_PACKAGE_SECTION_BYTES: usize = 64 << 10;
/// The spec's file name in a package.
pub const SPEC_FILE: &str = "traverse.spec.toml";
/// The manifest's file name in a package.
pub const MANIFEST_FILE: &str = "traverse.package.toml";

/// Where a build that was stopped between writing the manifest and moving the module to its place has left the module: a
/// file of this name beside the place (spec `PKG-29`).
pub fn next_name(artifact_file: &str) -> String {
    format!(".traverse-next-{artifact_file}")
}

static CODES: Codes = Codes {
    syntax: "manifest-toml-syntax",
    too_large: "manifest-too-large",
    too_deep: "manifest-too-deep",
    number: "manifest-number-range",
    unknown_key: "manifest-unknown-key",
    missing_key: "manifest-missing-key",
    wrong_type: "manifest-wrong-type",
};

/// A manifest as read. What `build` writes (digests, size, toolchain) is optional until the first build.
#[derive(Debug, Clone, PartialEq)]
pub struct Manifest {
    /// `package_id`: as a capability's id.
    pub package_id: Text,
    /// `version`: semantic.
    pub version: Text,
    /// `summary`
    pub summary: Option<Text>,
    /// `[capability_ref]`: exactly one approved contract.
    pub capability_ref: CapabilityRef,
    /// `[source]`
    pub source: SourceRef,
    /// `[binary]`
    pub binary: Binary,
    /// `[toolchain]`: what made the binary.
    pub toolchain: Option<Toolchain>,
    /// `[constraints]`
    pub constraints: Option<Constraints>,
    /// `[[workflow_refs]]`
    pub workflow_refs: Vec<WorkflowRef>,
    /// `[[model_dependencies]]`
    pub model_dependencies: Vec<ModelDependency>,
}

/// `[capability_ref]`
#[derive(Debug, Clone, PartialEq)]
pub struct CapabilityRef {
    /// The capability's id, as in the contract.
    pub id: Text,
    /// The capability's version, as in the contract.
    pub version: Text,
    /// The spec file, relative to the manifest.
    pub contract_path: Text,
    /// `sha256:…` of the contract's canonical JSON.
    pub contract_digest: Option<Text>,
}

/// `[source]`
#[derive(Debug, Clone, PartialEq)]
pub struct SourceRef {
    /// The file with the function, relative to the manifest.
    pub path: Text,
    /// `rust`.
    pub language: Text,
    /// The function's name.
    pub entry: Text,
    /// `sha256:…` of the package's source.
    pub digest: Option<Text>,
}

/// `[binary]`
#[derive(Debug, Clone, PartialEq)]
pub struct Binary {
    /// The module, relative to the manifest; ends in `.wasm`.
    pub path: Text,
    /// `wasm32-wasip1`.
    pub format: Text,
    /// `sha256:…` of the module's bytes.
    pub digest: Option<Text>,
    /// The module's size.
    pub bytes: Option<u64>,
}

/// `[toolchain]`
#[derive(Debug, Clone, PartialEq)]
pub struct Toolchain {
    /// `rustc --version` without its first word.
    pub rustc: Option<Text>,
    /// `sha256:…` of the target's standard library.
    pub target_std: Option<Text>,
    /// The SDK's version.
    pub sdk: Option<Text>,
}

/// `[constraints]`: what the module may touch outside itself. In this version nothing, so each has one value.
#[derive(Debug, Clone, PartialEq)]
pub struct Constraints {
    /// `none`.
    pub host_api_access: Option<Text>,
    /// `forbidden`.
    pub network_access: Option<Text>,
    /// `none`.
    pub filesystem_access: Option<Text>,
}

/// `[[workflow_refs]]`
#[derive(Debug, Clone, PartialEq)]
pub struct WorkflowRef {
    /// As an id.
    pub workflow_id: Text,
    /// Semantic version.
    pub workflow_version: Text,
}

/// `[[model_dependencies]]`: an abstract interface, never a hook.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelDependency {
    /// As an id: `text.summarize`.
    pub interface: Text,
    /// What it is for.
    pub purpose: Option<Text>,
}

impl Manifest {
    /// Reads `traverse.package.toml`.
    ///
    /// # Errors
    ///
    /// Every error in the file, each with its place; if it is not TOML, the syntax errors alone.
    pub fn from_toml(source: &Source) -> Result<Manifest, Vec<Diagnostic>> {
        let root = crate::spec::toml::read(source, &CODES)?;
        let mut errors = Vec::new();
        match parse_manifest(&root, &mut errors) {
            Some(manifest) if errors.is_empty() => Ok(manifest),
            _ => Err(bounded(errors)),
        }
    }
}

type Errors = Vec<Diagnostic>;

fn parse_manifest(root: &Node, errors: &mut Errors) -> Option<Manifest> {
    let known = [
        "package_id",
        "version",
        "summary",
        "capability_ref",
        "source",
        "binary",
        "toolchain",
        "constraints",
        "workflow_refs",
        "model_dependencies",
    ];
    let top = Section::open("the manifest", root, &known, &CODES, errors)?;
    let package_id = id(&top, "package_id", errors);
    let version = version(&top, "version", errors);
    let summary = top.text("summary", errors);
    let capability_ref = parse_required(&top, "capability_ref", parse_capability_ref, errors);
    let source = parse_required(&top, "source", parse_source, errors);
    let binary = parse_required(&top, "binary", parse_binary, errors);
    let toolchain = top.node("toolchain").and_then(|node| parse_toolchain(node, errors));
    let constraints = top.node("constraints").and_then(|node| parse_constraints(node, errors));
    let workflow_refs = top.list("workflow_refs", errors).iter();
    let workflow_refs = workflow_refs.filter_map(|node| parse_workflow_ref(node, errors)).collect();
    let model_dependencies = top.list("model_dependencies", errors).iter();
    let model_dependencies = model_dependencies.filter_map(|node| parse_dependency(node, errors)).collect();
    Some(Manifest {
        package_id: package_id?,
        version: version?,
        summary,
        capability_ref: capability_ref?,
        source: source?,
        binary: binary?,
        toolchain,
        constraints,
        workflow_refs,
        model_dependencies,
    })
}

fn parse_required<T>(
    top: &Section<'_>,
    key: &str,
    parse: impl Fn(&Node, &mut Errors) -> Option<T>,
    errors: &mut Errors,
) -> Option<T> {
    match top.node(key) {
        Some(node) => parse(node, errors),
        None => {
            errors.push(
                Diagnostic::error(CODES.missing_key, format!("the manifest has no `[{key}]` section"))
                    .help(format!("add a section `[{key}]`")),
            );
            None
        }
    }
}

fn parse_capability_ref(node: &Node, errors: &mut Errors) -> Option<CapabilityRef> {
    let known = ["id", "version", "contract_path", "contract_digest"];
    let section = Section::open("`[capability_ref]`", node, &known, &CODES, errors)?;
    let id = id(&section, "id", errors);
    let version = version(&section, "version", errors);
    let contract_path = path(&section, "contract_path", SPEC_FILE, ".toml", errors);
    let contract_digest = digest(&section, "contract_digest", errors);
    Some(CapabilityRef { id: id?, version: version?, contract_path: contract_path?, contract_digest })
}

fn parse_source(node: &Node, errors: &mut Errors) -> Option<SourceRef> {
    let section =
        Section::open("`[source]`", node, &["path", "language", "entry", "digest"], &CODES, errors)?;
    let path = path(&section, "path", "src/main.rs", ".rs", errors);
    let language = one_value(&section, "language", "rust", errors);
    if section.node("language").is_none() {
        errors.push(section.missing("language", "\"rust\""));
    }
    let entry = section.required_text("entry", "\"eligibility_check\"", errors);
    if let Some(entry) = entry.as_ref().filter(|entry| !is_rust_name(&entry.value)) {
        errors.push(
            Diagnostic::error(
                "manifest-bad-entry",
                format!("`{}` is not the name of a function", entry.value),
            )
            .at(entry.span, "")
            .help("name the function under `#[capability]`, without its module"),
        );
    }
    let digest = digest(&section, "digest", errors);
    Some(SourceRef { path: path?, language: language?, entry: entry?, digest })
}

fn parse_binary(node: &Node, errors: &mut Errors) -> Option<Binary> {
    let section = Section::open("`[binary]`", node, &["path", "format", "digest", "bytes"], &CODES, errors)?;
    let path = path(&section, "path", "artifacts/name.wasm", ".wasm", errors);
    let format = one_value(&section, "format", "wasm32-wasip1", errors);
    if section.node("format").is_none() {
        errors.push(section.missing("format", "\"wasm32-wasip1\""));
    }
    let digest = digest(&section, "digest", errors);
    let bytes = section.integer("bytes", 0..=u64::from(u32::MAX), "manifest-bad-size", errors);
    Some(Binary { path: path?, format: format?, digest, bytes })
}

fn parse_toolchain(node: &Node, errors: &mut Errors) -> Option<Toolchain> {
    let section = Section::open("`[toolchain]`", node, &["rustc", "target_std", "sdk"], &CODES, errors)?;
    let rustc = section.text("rustc", errors);
    let target_std = digest(&section, "target_std", errors);
    let sdk = section.text("sdk", errors);
    if let Some(sdk) = &sdk {
        names::check_version(sdk, "manifest-bad-version", "sdk", errors);
    }
    Some(Toolchain { rustc, target_std, sdk })
}

fn parse_constraints(node: &Node, errors: &mut Errors) -> Option<Constraints> {
    let known = ["host_api_access", "network_access", "filesystem_access"];
    let section = Section::open("`[constraints]`", node, &known, &CODES, errors)?;
    Some(Constraints {
        host_api_access: one_value(&section, "host_api_access", "none", errors),
        network_access: one_value(&section, "network_access", "forbidden", errors),
        filesystem_access: one_value(&section, "filesystem_access", "none", errors),
    })
}

fn parse_workflow_ref(node: &Node, errors: &mut Errors) -> Option<WorkflowRef> {
    let known = ["workflow_id", "workflow_version"];
    let section = Section::open("`[[workflow_refs]]`", node, &known, &CODES, errors)?;
    let workflow_id = id(&section, "workflow_id", errors);
    let workflow_version = version(&section, "workflow_version", errors);
    Some(WorkflowRef { workflow_id: workflow_id?, workflow_version: workflow_version? })
}

fn parse_dependency(node: &Node, errors: &mut Errors) -> Option<ModelDependency> {
    let section = Section::open("`[[model_dependencies]]`", node, &["interface", "purpose"], &CODES, errors)?;
    let interface = id(&section, "interface", errors);
    let purpose = section.text("purpose", errors);
    Some(ModelDependency { interface: interface?, purpose })
}

fn id(section: &Section<'_>, key: &str, errors: &mut Errors) -> Option<Text> {
    let text = section.required_text(key, "\"pricing.eligibility-check\"", errors)?;
    names::check_id(&text, "manifest-bad-id", key, errors);
    Some(text)
}

fn version(section: &Section<'_>, key: &str, errors: &mut Errors) -> Option<Text> {
    let text = section.required_text(key, "\"0.1.0\"", errors)?;
    names::check_version(&text, "manifest-bad-version", key, errors);
    Some(text)
}

fn digest(section: &Section<'_>, key: &str, errors: &mut Errors) -> Option<Text> {
    let text = section.text(key, errors)?;
    if !is_digest(&text.value) {
        errors.push(
            Diagnostic::error("manifest-bad-digest", format!("`{key}` is not a digest"))
                .at(text.span, "")
                .note("a digest is `sha256:` and 64 lower-case hexadecimal digits")
                .help("remove the line and run `cargo traverse build`, which writes it"),
        );
    }
    Some(text)
}

/// A key that has a single admitted value in this version.
fn one_value(section: &Section<'_>, key: &str, value: &str, errors: &mut Errors) -> Option<Text> {
    let text = section.text(key, errors)?;
    if text.value != value {
        errors.push(
            Diagnostic::error(
                "manifest-unsupported",
                format!("`{key}` is `{}`, which is not supported", text.value),
            )
            .at(text.span, "")
            .help(format!("write `{key} = \"{value}\"`, the one value of this version")),
        );
    }
    Some(text)
}

/// A path inside the package, in the one form that means the same on every system.
fn path(section: &Section<'_>, key: &str, example: &str, ending: &str, errors: &mut Errors) -> Option<Text> {
    let text = section.required_text(key, &format!("\"{example}\""), errors)?;
    let value = text.value.as_str();
    let wrong = if value.is_empty() {
        Some("it is empty".to_owned())
    } else if value.starts_with('/') || value.split('/').next().is_some_and(|first| first.contains(':')) {
        Some("it is absolute".to_owned())
    } else if value.contains('\\') {
        Some("it has a `\\`; the separator is `/` on every system".to_owned())
    } else if value.chars().any(char::is_control) {
        Some("it has a control character".to_owned())
    } else if value.split('/').any(|step| step == "..") {
        Some("it leads out by `..`".to_owned())
    } else if value.split('/').any(|step| step.is_empty() || step == ".") {
        Some("it has an empty step or a `.`".to_owned())
    } else if !value.ends_with(ending)
        || value.len() == ending.len()
        || value.ends_with(&format!("/{ending}"))
    {
        Some(format!("it does not name a `{ending}` file"))
    } else {
        None
    };
    if let Some(wrong) = wrong {
        errors.push(
            Diagnostic::error(
                "manifest-bad-path",
                format!("`{key}` must be a path inside the package: {wrong}"),
            )
            .at(text.span, "")
            .help(format!("write it relative to the manifest: `{key} = \"{example}\"`")),
        );
    }
    Some(text)
}

fn is_rust_name(name: &str) -> bool {
    let name = name.strip_prefix("r#").unwrap_or(name);
    name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests;
