//! Whether manifest, contract, module and source still belong together (spec `PKG-49`). Nothing is compiled or written.

use super::source_digest;
use crate::error::CommandError;
use crate::project::Project;
use serde::Serialize;
use traverse_contract::package::{MANIFEST_FILE, Manifest};
use traverse_contract::{Source, canonical};
use traverse_runtime::Error;
use traverse_runtime::module::{self, ModuleFacts};

/// What became of a part since the last build.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum State {
    /// As the build left it.
    AsBuilt,
    /// Another than the others say.
    Moved,
    /// Not there, or never recorded.
    Missing,
}

/// One of the four, and why it is not as it was built.
#[derive(Debug, Serialize)]
pub(crate) struct Part {
    /// `manifest`, `contract`, `module` or `source`.
    pub(crate) name: &'static str,
    pub(crate) state: State,
    /// Where it lies.
    pub(crate) file: String,
    /// One sentence for each thing that differs.
    pub(crate) notes: Vec<String>,
}

impl Part {
    fn new(name: &'static str, file: String) -> Part {
        Part { name, state: State::AsBuilt, file, notes: Vec::new() }
    }

    fn moved(&mut self, note: impl Into<String>) {
        if self.state == State::AsBuilt {
            self.state = State::Moved;
        }
        self.notes.push(note.into());
    }

    fn missing(&mut self, note: impl Into<String>) {
        self.state = State::Missing;
        self.notes.push(note.into());
    }
}

/// Holds the four against each other.
///
/// # Errors
///
/// `manifest-…` where there is no manifest that can be read, `file-unreadable`.
pub(crate) fn check(project: &Project) -> Result<[Part; 4], CommandError> {
    let manifest_source = project.read(MANIFEST_FILE)?;
    let manifest = super::make::read_manifest(&manifest_source)?;
    let reference = &manifest.capability_ref;
    let text = |path: &str| project.path(path).display().to_string();
    let mut manifest_part = Part::new("manifest", manifest_source.name.clone());
    let mut contract = Part::new("contract", text(&reference.contract_path.value));
    let mut module = Part::new("module", text(&manifest.binary.path.value));
    let mut source = Part::new("source", text(&manifest.source.path.value));

    let spec_digest = match project.read(&reference.contract_path.value) {
        Ok(spec) => digest_of_spec(&spec, &mut contract),
        Err(error) => {
            contract.missing(error.message);
            None
        }
    };
    let facts = match module::inspect_file(&project.artifact(&manifest)) {
        Ok(facts) => Some(facts),
        Err(error @ Error::ArtifactMissing { .. }) => {
            module.missing(error.message());
            None
        }
        Err(error) => {
            module.moved(error.message());
            None
        }
    };
    compare_contracts(
        &manifest,
        spec_digest,
        facts.as_ref(),
        [&mut manifest_part, &mut contract, &mut module],
    );
    if let Some(facts) = &facts {
        compare_module(&manifest, facts, &mut module);
    }
    match (&manifest.source.digest, source_digest::of_package(project, &manifest)?) {
        _ if !project.path(&manifest.source.path.value).is_file() => source.missing("it is not there"),
        (Some(recorded), now) if recorded.value == now => {}
        (Some(_), _) => {
            source.moved("a file of the package's source is not as it was when the module was built")
        }
        (None, _) => source.missing("the manifest records no digest of the source: it was not built yet"),
    }
    Ok([manifest_part, contract, module, source])
}

fn digest_of_spec(spec: &Source, contract: &mut Part) -> Option<String> {
    match canonical::contract_json(spec) {
        Ok(json) => Some(canonical::sha256(json.as_bytes())),
        Err(_) => {
            contract.moved("it has errors: `cargo traverse check` shows them");
            None
        }
    }
}

/// The spec, the manifest and the module each have a digest of the contract: the one that stands alone has moved.
fn compare_contracts(
    manifest: &Manifest,
    spec: Option<String>,
    facts: Option<&ModuleFacts>,
    [manifest_part, contract, module]: [&mut Part; 3],
) {
    let recorded = manifest.capability_ref.contract_digest.as_ref().map(|digest| digest.value.clone());
    let carried =
        facts.map(|facts| facts.contract_json.as_ref().map(|json| canonical::sha256(json.as_bytes())));
    let Some(recorded) = recorded else {
        manifest_part.missing("it records no digest of the contract: it was not built yet");
        return;
    };
    let spec_differs = spec.is_some_and(|spec| spec != recorded);
    match carried {
        Some(None) => module.moved("it carries no contract"),
        Some(Some(carried)) if carried != recorded => {
            if spec_differs {
                manifest_part.moved("it records another contract than the spec and the module have");
            } else {
                module.moved("it carries another contract");
            }
        }
        _ if spec_differs => contract.moved("it changed since the module was built"),
        _ => {}
    }
}

fn compare_module(manifest: &Manifest, facts: &ModuleFacts, module: &mut Part) {
    match &manifest.binary.digest {
        Some(recorded) if recorded.value == facts.digest => {}
        Some(recorded) => {
            module.moved(format!("its digest is {}, the manifest records {}", facts.digest, recorded.value));
        }
        None => module.missing("the manifest records no digest of it"),
    }
    let Some(package) = &facts.package else { return };
    let reference = &manifest.capability_ref;
    for (what, carried, recorded) in
        [("id", &package.id, &reference.id.value), ("version", &package.version, &reference.version.value)]
    {
        if carried != recorded {
            module.moved(format!("its {what} is `{carried}`, the manifest has `{recorded}`"));
        }
    }
}
