//! [`Runtime`]: from bytes, a file or a package to a verified [`Capability`].

use crate::capability::{Capability, Terms};
use crate::engine::cache::Cache;
use crate::engine::{Engine, Host, Settings};
use crate::error::{Error, InvalidText, io_reason};
use crate::file::{MAX_FILE_BYTES, MAX_TOML_BYTES, read_regular, read_regular_text};
use crate::limits::{CallLimits, Ceiling};
use crate::{module, package};
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use traverse_contract::package::CONTRACT_SECTION;
use traverse_contract::{Contract, Diagnostic, Severity, Source, canonical, json};

/// A compiler and the limits of its host. Cheap to clone; use one for as many capabilities as you like.
#[derive(Clone)]
pub struct Runtime {
    engine: Engine,
    ceiling: Ceiling,
    terms: Terms,
}

/// Sets what a host allows at most, and which host it is; see [`Runtime::builder`].
///
/// A limit here lowers that of a spec and never raises it. A module without a package has, where nothing is set here, at
/// most the default fuel, memory and output; a higher value here lets it have what its contract asks for, up to that
/// value (spec RUN-9).
#[derive(Debug, Clone)]
pub struct Builder {
    host: Host,
    ceiling: Ceiling,
    places: u32,
    max_duration: Option<Duration>,
    interruptible: bool,
    cache: Option<Cache>,
}

impl Default for Builder {
    fn default() -> Self {
        Builder {
            host: Host::default(),
            ceiling: Ceiling::default(),
            places: DEFAULT_PLACES,
            max_duration: None,
            interruptible: false,
            cache: None,
        }
    }
}

/// So many calls at once, if the builder does not say otherwise.
const DEFAULT_PLACES: u32 = 256;

impl Builder {
    /// Whose functions guests call: [`Host::Metered`] unless another is chosen here (spec RUN-16).
    pub fn host(mut self, host: Host) -> Self {
        self.host = host;
        self
    }

    /// At most so many units of fuel for a call.
    pub fn max_fuel(mut self, fuel: u64) -> Self {
        self.ceiling.fuel = Some(fuel);
        self
    }

    /// At most so many bytes of memory for a call.
    pub fn max_memory_bytes(mut self, bytes: u64) -> Self {
        self.ceiling.memory_bytes = Some(bytes);
        self
    }

    /// At most so many bytes of input.
    pub fn max_input_bytes(mut self, bytes: u64) -> Self {
        self.ceiling.input_bytes = Some(bytes);
        self
    }

    /// At most so many bytes of output.
    pub fn max_output_bytes(mut self, bytes: u64) -> Self {
        self.ceiling.output_bytes = Some(bytes);
        self
    }

    /// So many calls at once, 256 unless another number is chosen here; one more is [`Error::Busy`]. Each has a place of its
    /// own, 4 GiB of address space, of which only what guests touch is memory of the machine; at most 16 free places for each
    /// processor keep at most 128 pages each. With 0, or where the system has no address space for them, there are none: memory is
    /// asked of the operating system for every call, which takes several times as long, and nothing bounds how many there are at once.
    pub fn max_concurrent_calls(mut self, calls: u32) -> Self {
        self.places = calls;
        self
    }

    /// A guest runs no longer than this, measured on the wall to about a millisecond: for servers, whose callers do not wait for
    /// ever. Fuel bounds a call as well, to the same instruction on every machine.
    pub fn max_duration(mut self, most: Duration) -> Self {
        self.max_duration = Some(most);
        self
    }

    /// Calls can be ended by an [`Interrupt`](crate::Interrupt) while they run. A guest is some per cent slower for it.
    pub fn interruptible(mut self) -> Self {
        self.interruptible = true;
        self
    }

    /// Compiled code is kept in this cache, and taken from it (spec RUN-18).
    pub fn cache(mut self, cache: Cache) -> Self {
        self.cache = Some(cache);
        self
    }

    /// # Errors
    ///
    /// [`Error::EngineFailed`] if the engine cannot run on this machine.
    pub fn build(self) -> Result<Runtime, Error> {
        let stoppable = self.interruptible || self.max_duration.is_some();
        let settings = Settings { host: self.host, places: self.places, stoppable, cache: self.cache };
        let terms = Terms {
            places: self.places,
            stoppable,
            max_duration: self.max_duration,
            workers: Arc::default(),
        };
        Ok(Runtime { engine: Engine::new(settings)?, ceiling: self.ceiling, terms })
    }
}

impl Runtime {
    /// A runtime that takes every limit from the spec.
    ///
    /// # Errors
    ///
    /// [`Error::EngineFailed`] if the engine cannot run on this machine.
    pub fn new() -> Result<Runtime, Error> {
        Runtime::builder().build()
    }

    /// A runtime with limits of its own.
    ///
    /// ```
    /// # use traverse_runtime::Runtime;
    /// let runtime = Runtime::builder().max_fuel(10_000_000).max_memory_bytes(4 << 20).build()?;
    /// # Ok::<(), traverse_runtime::Error>(())
    /// ```
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Loads the package in the folder `dir`: the artifact must be the one that its manifest names, and carry the
    /// contract that its spec states (spec RUN-1).
    ///
    /// # Errors
    ///
    /// In this order: the package, its manifest and the path to its artifact ([`Error::PackageMissing`],
    /// `Manifest…`, [`Error::PathOutsidePackage`], `Artifact…`); the artifact's digest ([`Error::DigestMissing`],
    /// [`Error::DigestMismatch`]) and size ([`Error::SizeMismatch`]); the module ([`Error::ArtifactNotWasm`]); the contract (`Contract…`, `Spec…`); the
    /// imports ([`Error::ImportForbidden`]); compiling and linking ([`Error::CompileFailed`], [`Error::LinkFailed`]).
    pub fn load_package(&self, dir: &Path) -> Result<Capability, Error> {
        let package = package::Package::open(dir)?;
        let (path, bytes) = package.read_artifact()?;
        self.load(&bytes, self.ceiling, |contract_json, contract| {
            package.check_contract(contract_json, contract)
        })
        .map_err(|error| error.in_file(&path))
    }

    /// Loads a bare module. The contract that it carries is taken for the approved one, but for limits above the
    /// defaults: those only this runtime's [`Builder`] can grant (spec RUN-9).
    ///
    /// # Errors
    ///
    /// [`Error::ArtifactMissing`], [`Error::ArtifactUnreadable`], and those of [`Runtime::load_bytes`].
    pub fn load_module(&self, path: &Path) -> Result<Capability, Error> {
        self.load_bytes(&read_artifact(path)?).map_err(|error| error.in_file(path))
    }

    /// Loads a module that is in memory. The contract that it carries is taken for the approved one, with the limits of
    /// [`Runtime::load_module`].
    ///
    /// # Errors
    ///
    /// In this order: [`Error::ArtifactNotWasm`], [`Error::ContractMissing`], [`Error::ContractInvalid`],
    /// [`Error::ContractMismatch`] (with its own section `traverse.package`), [`Error::ImportForbidden`],
    /// [`Error::CompileFailed`], [`Error::LinkFailed`].
    pub fn load_bytes(&self, bytes: &[u8]) -> Result<Capability, Error> {
        self.load(bytes, self.ceiling.of_bare_module(), |_, _| Ok(()))
    }

    /// Loads a module that another tool made, under a contract that the caller gives: any command of WASI preview 1 that
    /// reads its input from stdin, answers as specs/io.md has it, and imports what a capability may, or what asks for arguments, variables,
    /// folders or the state of a descriptor: it hears that there is nothing. Where it does carry a
    /// contract, that must be the same (spec RUN-21).
    ///
    /// # Errors
    ///
    /// [`Error::SpecInvalid`], [`Error::ContractMismatch`], and those of [`Runtime::load_bytes`] but for a contract that is missing.
    pub fn load_bytes_under(&self, bytes: &[u8], spec: &Source) -> Result<Capability, Error> {
        let invalid =
            |diagnostics| Error::SpecInvalid(Box::new(InvalidText { source: spec.clone(), diagnostics }));
        let contract = Contract::from_toml(spec).map_err(invalid)?;
        let contract_json = canonical::contract_json(spec).map_err(invalid)?;
        let mut facts = module::inspect(bytes)?;
        match &facts.contract_json {
            Some(carried) if *carried != contract_json => {
                return Err(Error::ContractMismatch {
                    what: "contract digest",
                    approved_by: format!("the spec `{}`", spec.name),
                    expected: canonical::sha256(contract_json.as_bytes()),
                    found: canonical::sha256(carried.as_bytes()),
                });
            }
            Some(_) => {}
            None => facts.forbidden_imports.retain(|import| !module::may_be_foreign(import)),
        }
        self.compile(bytes, facts, contract, &contract_json, self.ceiling)
    }

    /// [`Runtime::load_bytes_under`], from files.
    ///
    /// # Errors
    ///
    /// As there; [`Error::ArtifactMissing`], [`Error::ArtifactUnreadable`], [`Error::SpecMissing`], [`Error::SpecUnreadable`].
    pub fn load_module_under(&self, path: &Path, spec: &Path) -> Result<Capability, Error> {
        let text = read_regular_text(spec, MAX_TOML_BYTES).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => Error::SpecMissing { path: spec.to_owned() },
            _ => Error::SpecUnreadable { path: spec.to_owned(), reason: io_reason(&error) },
        })?;
        let source = Source { name: spec.display().to_string(), text };
        self.load_bytes_under(&read_artifact(path)?, &source).map_err(|error| error.in_file(path))
    }

    /// What all ways of loading share. `approve` compares the contract with the approved one.
    fn load(
        &self,
        bytes: &[u8],
        ceiling: Ceiling,
        approve: impl FnOnce(&str, &Contract) -> Result<(), Error>,
    ) -> Result<Capability, Error> {
        let facts = module::inspect(bytes)?;
        let Some(contract_json) = facts.contract_json.clone() else {
            return Err(Error::ContractMissing { path: None, section: CONTRACT_SECTION });
        };
        let contract = parse_contract(&contract_json)?;
        check_package_section(&facts, &contract)?;
        approve(&contract_json, &contract)?;
        self.compile(bytes, facts, contract, &contract_json, ceiling)
    }

    fn compile(
        &self,
        bytes: &[u8],
        facts: module::ModuleFacts,
        contract: Contract,
        contract_json: &str,
        ceiling: Ceiling,
    ) -> Result<Capability, Error> {
        if !facts.forbidden_imports.is_empty() {
            return Err(Error::ImportForbidden { path: None, imports: facts.forbidden_imports });
        }
        let compiled = self.engine.compile(bytes)?;
        let limits = CallLimits::new(&contract.spec.limits, &ceiling);
        let contract_digest = canonical::sha256(contract_json.as_bytes());
        Ok(Capability::new(contract, contract_digest, facts, compiled, limits, self.terms.clone()))
    }
}

/// The contract of a module, from the text of its section, which must be in canonical form: its digest is that of the
/// text (spec RUN-5).
fn parse_contract(contract_json: &str) -> Result<Contract, Error> {
    let invalid = |reason: String| Error::ContractInvalid { path: None, reason };
    let value = json::parse(contract_json.as_bytes()).map_err(|rejection| invalid(rejection.message))?;
    if canonical::canonical(&value) != contract_json {
        return Err(invalid("it is not in canonical form".into()));
    }
    Contract::from_json(contract_json).map_err(|diagnostics| invalid(messages(&diagnostics)))
}

/// The two sections of a module must name the same capability.
fn check_package_section(facts: &module::ModuleFacts, contract: &Contract) -> Result<(), Error> {
    let Some(package) = &facts.package else { return Ok(()) };
    let capability = &contract.spec.capability;
    for (what, expected, found) in
        [("id", &capability.id.value, &package.id), ("version", &capability.version.value, &package.version)]
    {
        if expected != found {
            return Err(Error::ContractMismatch {
                what,
                approved_by: "its contract".into(),
                expected: expected.clone(),
                found: found.clone(),
            });
        }
    }
    Ok(())
}

fn messages(diagnostics: &[Diagnostic]) -> String {
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
    errors.map(|diagnostic| diagnostic.message.as_str()).collect::<Vec<_>>().join("; ")
}

/// Reads a `.wasm` file; only regular files of a bounded size, so that nothing endless is read.
pub(crate) fn read_artifact(path: &Path) -> Result<Vec<u8>, Error> {
    read_regular(path, MAX_FILE_BYTES).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
            Error::ArtifactMissing { path: path.to_owned() }
        }
        _ => Error::ArtifactUnreadable { path: path.to_owned(), reason: io_reason(&error) },
    })
}
