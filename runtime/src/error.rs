//! Every way in which the host refuses or stops a capability (spec RUN-14).
//!
//! An outcome (a result, an exception, a rejection, a violation) is no error. Here stands what keeps a call from having
//! an outcome at all: each a variant of its own, with a stable code, the facts, and the mend.

mod help;

use crate::frames::Frame;
use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fmt, io};
use traverse_contract::diagnostic::is_hidden;
use traverse_contract::package::MANIFEST_FILE;
use traverse_contract::{Diagnostic, Severity, Source};

/// Why a capability could not be loaded or called.
///
/// `to_string()` is one lower-case fragment with the facts in backticks; [`Error::code`] is for programs,
/// [`Error::help`] for people.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// `engine-failed`: the engine cannot run on this machine.
    #[error("the WebAssembly engine cannot start: {}", plain(reason))]
    EngineFailed {
        /// The engine's own words.
        reason: String,
    },

    /// `package-missing`: there is no such folder.
    #[error("no package folder at `{}`", plain(&path.display()))]
    PackageMissing {
        /// The folder that was asked for.
        path: PathBuf,
    },

    /// `manifest-missing`: the folder holds no `traverse.package.toml`.
    #[error("no manifest at `{}`", plain(&path.display()))]
    ManifestMissing {
        /// Where it should be.
        path: PathBuf,
    },

    /// `manifest-unreadable`: the manifest is there and cannot be read.
    #[error("the manifest `{}` cannot be read: {}", plain(&path.display()), plain(reason))]
    ManifestUnreadable {
        /// The manifest.
        path: PathBuf,
        /// Why.
        reason: String,
    },

    /// `manifest-invalid`: the manifest is not a manifest.
    #[error("the manifest `{}` is not valid: {}", plain(&.0.source.name), plain(&.0.summary()))]
    ManifestInvalid(
        /// The text and what is wrong with it.
        Box<InvalidText>,
    ),

    /// `path-outside-package`: a path of the manifest leads out of the package, perhaps through a link (spec RUN-3).
    #[error("{} leads out of the package: `{}` is `{}`", named_by(key), plain(path), plain(&target.display()))]
    PathOutsidePackage {
        /// The manifest's key, for example `binary.path`; for the manifest itself its name.
        key: &'static str,
        /// As the manifest has it.
        path: String,
        /// Where it leads.
        target: PathBuf,
    },

    /// `artifact-missing`: there is no `.wasm` at the path.
    #[error("no artifact at `{}`", plain(&path.display()))]
    ArtifactMissing {
        /// The path.
        path: PathBuf,
    },

    /// `artifact-unreadable`: the `.wasm` is there and cannot be read.
    #[error("the artifact `{}` cannot be read: {}", plain(&path.display()), plain(reason))]
    ArtifactUnreadable {
        /// The path.
        path: PathBuf,
        /// Why.
        reason: String,
    },

    /// `digest-missing`: the manifest has no digest to compare with, because the package was never built.
    #[error("the manifest has no `{key}`")]
    DigestMissing {
        /// `binary.digest` or `capability_ref.contract_digest`.
        key: &'static str,
    },

    /// `digest-mismatch`: the artifact's bytes are not those that the manifest names.
    #[error("the artifact's digest is `{}`, and the manifest says `{}`", plain(found), plain(expected))]
    DigestMismatch {
        /// In the manifest.
        expected: String,
        /// Of the bytes.
        found: String,
    },

    /// `size-mismatch`: the artifact has not as many bytes as the manifest says.
    #[error("the artifact has {found} bytes, and `binary.bytes` of the manifest says {expected}")]
    SizeMismatch {
        /// In the manifest.
        expected: u64,
        /// In the file.
        found: u64,
    },

    /// `artifact-not-wasm`: the bytes are no core WebAssembly module, or are cut short.
    #[error("the artifact{} is not a WebAssembly module: {}", named(path), plain(reason))]
    ArtifactNotWasm {
        /// The file, if the module was read from one.
        path: Option<PathBuf>,
        /// What is wrong, and at which byte.
        reason: String,
    },

    /// `contract-missing`: the module carries no contract.
    #[error("the module{} carries no contract: it has no custom section `{section}`", named(path))]
    ContractMissing {
        /// The file, if the module was read from one.
        path: Option<PathBuf>,
        /// `traverse.contract`
        section: &'static str,
    },

    /// `contract-invalid`: the module carries something that is not a contract.
    #[error("the contract in the module{} is not valid: {}", named(path), plain(reason))]
    ContractInvalid {
        /// The file, if the module was read from one.
        path: Option<PathBuf>,
        /// What is wrong with it.
        reason: String,
    },

    /// `contract-mismatch`: the module's contract is not the approved one.
    #[error(
        "the module's {what} is `{}`, and {} says `{}`",
        plain(found),
        plain(approved_by),
        plain(expected)
    )]
    ContractMismatch {
        /// What was compared, for example `contract digest`.
        what: &'static str,
        /// Who holds the approved value, for example ``the spec `traverse.spec.toml` ``.
        approved_by: String,
        /// The approved value.
        expected: String,
        /// The module's.
        found: String,
    },

    /// `spec-missing`: the approved spec that the manifest names is not there.
    #[error("no spec at `{}`", plain(&path.display()))]
    SpecMissing {
        /// Where the manifest says that it is.
        path: PathBuf,
    },

    /// `spec-unreadable`: the approved spec is there and cannot be read.
    #[error("the spec `{}` cannot be read: {}", plain(&path.display()), plain(reason))]
    SpecUnreadable {
        /// The path.
        path: PathBuf,
        /// Why.
        reason: String,
    },

    /// `spec-invalid`: the approved spec is not a contract.
    #[error("the spec `{}` is not valid: {}", plain(&.0.source.name), plain(&.0.summary()))]
    SpecInvalid(
        /// The text and what is wrong with it.
        Box<InvalidText>,
    ),

    /// `import-forbidden`: the module asks for more than a capability may have (spec RUN-6).
    #[error("the module{} imports {}, which a capability may not", named(path), quoted(imports))]
    ImportForbidden {
        /// The file, if the module was read from one.
        path: Option<PathBuf>,
        /// Every import that is forbidden, as `module.name`.
        imports: Vec<String>,
    },

    /// `compile-failed`: the module is malformed in a way that only compiling shows.
    #[error("the module{} cannot be compiled: {}", named(path), plain(reason))]
    CompileFailed {
        /// The file, if the module was read from one.
        path: Option<PathBuf>,
        /// The engine's words.
        reason: String,
    },

    /// `link-failed`: the module's imports have other types than the host's, or an export is missing.
    #[error("the module{} cannot be linked: {}", named(path), plain(reason))]
    LinkFailed {
        /// The file, if the module was read from one.
        path: Option<PathBuf>,
        /// Which one, and why.
        reason: String,
    },

    /// `busy`: as many calls as the runtime has places for are under way.
    #[error("all {calls} places for calls are taken")]
    Busy {
        /// How many there are.
        calls: u32,
    },

    /// `time-exceeded`: the guest did not come to an end in the time that the runtime gives it.
    #[error("the guest ran longer than its {} ms", limit.as_millis())]
    TimeExceeded {
        /// [`Builder::max_duration`](crate::Builder::max_duration).
        limit: Duration,
        /// What the guest was in, the innermost call first.
        frames: Vec<Frame>,
        /// The last part of stderr.
        stderr: Vec<u8>,
    },

    /// `interrupted`: the caller wanted the call to end.
    #[error("the call was interrupted")]
    Interrupted {
        /// The last part of stderr.
        stderr: Vec<u8>,
    },

    /// `fuel-exhausted`: the guest did not come to an end in its fuel.
    #[error("the guest used up its {limit} units of fuel")]
    FuelExhausted {
        /// Units of fuel.
        limit: u64,
        /// What the guest was in, the innermost call first.
        frames: Vec<Frame>,
        /// The last part of stderr.
        stderr: Vec<u8>,
    },

    /// `memory-exceeded`: the guest trapped after it was refused memory.
    #[error("the guest asked for {wanted_bytes} bytes of memory, and its limit is {limit_bytes}")]
    MemoryExceeded {
        /// In force for this call.
        limit_bytes: u64,
        /// What it would have held.
        wanted_bytes: u64,
        /// What the guest was in, the innermost call first.
        frames: Vec<Frame>,
        /// The last part of stderr.
        stderr: Vec<u8>,
    },

    /// `output-too-large`: the guest wrote more than its limit to stdout.
    #[error("the guest wrote more than its limit of {limit_bytes} bytes to stdout")]
    OutputTooLarge {
        /// In force for this call.
        limit_bytes: u64,
        /// The last part of stderr.
        stderr: Vec<u8>,
    },

    /// `trap`: the guest panicked, or broke a rule of the machine.
    #[error("the guest trapped: {}", trap_text(cause, message.as_deref()))]
    Trap {
        /// The machine's reason, for example ``wasm `unreachable` instruction executed``.
        cause: String,
        /// The last line of stderr: a panic's message and source line.
        message: Option<String>,
        /// What the guest was in, the innermost call first.
        frames: Vec<Frame>,
        /// The last part of stderr.
        stderr: Vec<u8>,
    },

    /// `output-not-json`: stdout is not exactly one JSON value.
    #[error(
        "the guest ended with exit code {exit_code}, and its stdout is no single JSON value: {}",
        plain(reason)
    )]
    OutputNotJson {
        /// The guest's exit code.
        exit_code: i32,
        /// What is wrong with it.
        reason: String,
        /// The first characters of stdout, in quotes and with escapes, with `…` where there were more; empty if there
        /// were none.
        stdout_start: String,
        /// The last part of stderr.
        stderr: Vec<u8>,
    },

    /// `outcome-mismatch`: what the guest says of itself does not fit its exit code, its contract or its input.
    #[error("the guest ended with exit code {exit_code}, which does not fit: {}", plain(reason))]
    OutcomeMismatch {
        /// The guest's exit code.
        exit_code: i32,
        /// What does not fit.
        reason: String,
        /// The last part of stderr.
        stderr: Vec<u8>,
    },
}

/// The sorts of [`Error`]. A new error belongs to one of these; `cargo traverse run` has an exit code for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorClass {
    /// There is nothing that could be run: files that are missing or broken, bytes that are no module.
    NotRunnable,
    /// The artifact is not the approved one.
    Digest,
    /// The module has no contract, a broken one, or not the approved one.
    Contract,
    /// The module imports what is forbidden.
    Import,
    /// Out of fuel.
    Fuel,
    /// Out of memory.
    Memory,
    /// Out of time.
    Time,
    /// Too much output.
    OutputSize,
    /// What the guest said cannot be believed.
    Output,
    /// The guest panicked or trapped.
    Trap,
}

/// A text that was read from a package and is not what it should be.
#[derive(Debug, Clone)]
pub struct InvalidText {
    /// Its name and text; the diagnostics' spans point into it.
    pub source: Source,
    /// What is wrong with it, in the order of the text; at least one error, and perhaps warnings.
    pub diagnostics: Vec<Diagnostic>,
}

impl InvalidText {
    /// The first error, and how many more there are.
    fn summary(&self) -> String {
        let mut errors = self.diagnostics.iter().filter(|found| found.severity == Severity::Error);
        match (errors.next(), errors.count()) {
            (None, _) => "it is not what it should be".into(),
            (Some(only), 0) => only.message.clone(),
            (Some(first), more) => format!("{} (and {more} more)", first.message),
        }
    }
}

impl Error {
    /// A stable name for programs, for example `digest-mismatch`.
    pub fn code(&self) -> &'static str {
        match self {
            Error::EngineFailed { .. } => "engine-failed",
            Error::PackageMissing { .. } => "package-missing",
            Error::ManifestMissing { .. } => "manifest-missing",
            Error::ManifestUnreadable { .. } => "manifest-unreadable",
            Error::ManifestInvalid(_) => "manifest-invalid",
            Error::PathOutsidePackage { .. } => "path-outside-package",
            Error::ArtifactMissing { .. } => "artifact-missing",
            Error::ArtifactUnreadable { .. } => "artifact-unreadable",
            Error::DigestMissing { .. } => "digest-missing",
            Error::DigestMismatch { .. } => "digest-mismatch",
            Error::SizeMismatch { .. } => "size-mismatch",
            Error::ArtifactNotWasm { .. } => "artifact-not-wasm",
            Error::ContractMissing { .. } => "contract-missing",
            Error::ContractInvalid { .. } => "contract-invalid",
            Error::ContractMismatch { .. } => "contract-mismatch",
            Error::SpecMissing { .. } => "spec-missing",
            Error::SpecUnreadable { .. } => "spec-unreadable",
            Error::SpecInvalid(_) => "spec-invalid",
            Error::ImportForbidden { .. } => "import-forbidden",
            Error::CompileFailed { .. } => "compile-failed",
            Error::LinkFailed { .. } => "link-failed",
            Error::Busy { .. } => "busy",
            Error::TimeExceeded { .. } => "time-exceeded",
            Error::Interrupted { .. } => "interrupted",
            Error::FuelExhausted { .. } => "fuel-exhausted",
            Error::MemoryExceeded { .. } => "memory-exceeded",
            Error::OutputTooLarge { .. } => "output-too-large",
            Error::Trap { .. } => "trap",
            Error::OutputNotJson { .. } => "output-not-json",
            Error::OutcomeMismatch { .. } => "outcome-mismatch",
        }
    }

    /// What sort of failure this is, for hosts that answer each sort in its own way.
    pub fn class(&self) -> ErrorClass {
        match self {
            Error::EngineFailed { .. }
            | Error::PackageMissing { .. }
            | Error::ManifestMissing { .. }
            | Error::ManifestUnreadable { .. }
            | Error::ManifestInvalid(_)
            | Error::PathOutsidePackage { .. }
            | Error::ArtifactMissing { .. }
            | Error::ArtifactUnreadable { .. }
            | Error::ArtifactNotWasm { .. }
            | Error::SpecMissing { .. }
            | Error::SpecUnreadable { .. }
            | Error::SpecInvalid(_)
            | Error::CompileFailed { .. }
            | Error::LinkFailed { .. }
            | Error::Busy { .. }
            | Error::Interrupted { .. } => ErrorClass::NotRunnable,
            Error::TimeExceeded { .. } => ErrorClass::Time,
            Error::DigestMissing { .. } | Error::DigestMismatch { .. } | Error::SizeMismatch { .. } => {
                ErrorClass::Digest
            }
            Error::ContractMissing { .. }
            | Error::ContractInvalid { .. }
            | Error::ContractMismatch { .. } => ErrorClass::Contract,
            Error::ImportForbidden { .. } => ErrorClass::Import,
            Error::FuelExhausted { .. } => ErrorClass::Fuel,
            Error::MemoryExceeded { .. } => ErrorClass::Memory,
            Error::OutputTooLarge { .. } => ErrorClass::OutputSize,
            Error::OutputNotJson { .. } | Error::OutcomeMismatch { .. } => ErrorClass::Output,
            Error::Trap { .. } => ErrorClass::Trap,
        }
    }

    /// What else helps to understand it, where there is something.
    pub fn note(&self) -> Option<String> {
        match self {
            Error::OutputNotJson { stdout_start, .. } if !stdout_start.is_empty() => {
                Some(format!("stdout begins with {stdout_start}"))
            }
            _ => None,
        }
    }

    /// Names the file, in an error about a module that was read from one.
    pub(crate) fn in_file(mut self, file: &Path) -> Error {
        if let Error::ArtifactNotWasm { path, .. }
        | Error::ContractMissing { path, .. }
        | Error::ContractInvalid { path, .. }
        | Error::ImportForbidden { path, .. }
        | Error::CompileFailed { path, .. }
        | Error::LinkFailed { path, .. } = &mut self
        {
            path.get_or_insert_with(|| file.to_owned());
        }
        self
    }

    /// What happened, with the facts: the same as `to_string()`.
    pub fn message(&self) -> String {
        self.to_string()
    }

    /// The last 64 KiB of what the guest wrote to stderr before it was stopped or disbelieved; empty for the errors of
    /// loading, where no guest ran.
    pub fn stderr(&self) -> &[u8] {
        match self {
            Error::FuelExhausted { stderr, .. }
            | Error::TimeExceeded { stderr, .. }
            | Error::Interrupted { stderr, .. }
            | Error::MemoryExceeded { stderr, .. }
            | Error::OutputTooLarge { stderr, .. }
            | Error::Trap { stderr, .. }
            | Error::OutputNotJson { stderr, .. }
            | Error::OutcomeMismatch { stderr, .. } => stderr,
            _ => &[],
        }
    }

    /// What the guest was in when it was stopped, the innermost call first; empty for other errors.
    pub fn frames(&self) -> &[Frame] {
        match self {
            Error::FuelExhausted { frames, .. }
            | Error::TimeExceeded { frames, .. }
            | Error::MemoryExceeded { frames, .. }
            | Error::Trap { frames, .. } => frames,
            _ => &[],
        }
    }
}

/// Why a file could not be read; without the system's number, in lower case.
pub(crate) fn io_reason(error: &io::Error) -> String {
    if error.kind() == io::ErrorKind::InvalidData {
        return "it is not UTF-8".into();
    }
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or_default().to_lowercase()
}

fn trap_text(cause: &str, message: Option<&str>) -> String {
    match message {
        Some(message) => format!("{message} ({cause})"),
        None => cause.to_owned(),
    }
}

/// Who names a path: a key of the manifest, or no one but the package's form, for the manifest itself.
fn named_by(key: &str) -> String {
    if key == MANIFEST_FILE { "the manifest".into() } else { format!("`{key}` of the manifest") }
}

/// `` `PATH` `` after a space, or nothing.
fn named(path: &Option<PathBuf>) -> String {
    path.as_ref().map_or_else(String::new, |path| format!(" `{}`", plain(&path.display())))
}

/// What a stranger may have written, with nothing hidden in it that would steer a terminal (spec DIAG-2).
fn plain(text: &impl fmt::Display) -> String {
    let text = text.to_string();
    if !text.contains(is_hidden) {
        return text;
    }
    let show = |character: char| match character {
        hidden if is_hidden(hidden) => format!("\\u{{{:x}}}", u32::from(hidden)),
        other => other.into(),
    };
    text.chars().map(show).collect()
}

/// Names that a stranger chose: each on one line and not too long, and not too many of them.
fn quoted(names: &[String]) -> String {
    const SHOWN_NAMES: usize = 10;
    const SHOWN_CHARS: usize = 200;
    let quote = |name: &String| {
        let mut shown = String::new();
        for (index, character) in name.chars().enumerate() {
            if index == SHOWN_CHARS {
                shown.push('…');
                break;
            }
            match character {
                hidden if is_hidden(hidden) => shown.push_str(&format!("\\u{{{:x}}}", u32::from(hidden))),
                other => shown.push(other),
            }
        }
        format!("`{shown}`")
    };
    let mut text = names.iter().take(SHOWN_NAMES).map(quote).collect::<Vec<_>>().join(", ");
    if names.len() > SHOWN_NAMES {
        text.push_str(&format!(" and {} more", names.len() - SHOWN_NAMES));
    }
    text
}
