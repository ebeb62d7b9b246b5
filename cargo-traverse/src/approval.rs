//! How a contract stands to the approved versions of it, in `traverse.lock` (spec `CHANGE-20` to `CHANGE-26`).

use crate::change::comparison::{Compared, Comparison};
use crate::change::version::Judgement;
use crate::error::CommandError;
use crate::project::Project;
use semver::Version;
use traverse_contract::lock::{Approved, LOCK_FILE, Lock};
use traverse_contract::{Contract, Diagnostic, Severity, Source};

/// The lock of a package.
#[derive(Debug)]
pub(crate) struct LockFile {
    /// Its path in the package: beside the spec.
    pub(crate) path: String,
    /// As read; empty where there is none yet.
    pub(crate) lock: Lock,
}

impl LockFile {
    /// Reads the lock that lies beside the spec at `contract_path`. Where there is none, nothing is approved.
    ///
    /// # Errors
    /// `lock-invalid` with a diagnostic for everything wrong in it; `file-unreadable` for a link that leads nowhere;
    /// those of [`Project::read`].
    pub(crate) fn beside(project: &Project, contract_path: &str) -> Result<LockFile, CommandError> {
        let path = match contract_path.rsplit_once('/') {
            Some((folder, _)) => format!("{folder}/{LOCK_FILE}"),
            None => LOCK_FILE.to_owned(),
        };
        let source = match project.read(&path) {
            Ok(source) => source,
            Err(error) if error.code == "file-missing" => {
                let place = project.path(&path);
                if place.symlink_metadata().is_ok() {
                    let message =
                        format!("cannot read `{}`: it is a link that leads nowhere", place.display());
                    return Err(CommandError::new("file-unreadable", message)
                        .help("put back what it led to, or take the link away if nothing is approved"));
                }
                return Ok(LockFile { path, lock: Lock::default() });
            }
            Err(error) => return Err(error),
        };
        let lock = Lock::from_toml(&source).map_err(|diagnostics| {
            CommandError::new("lock-invalid", format!("`{}` is not a valid lock file", source.name))
                .diagnostics(&source, diagnostics)
        })?;
        Ok(LockFile { path, lock })
    }

    /// An approved contract, to be compared.
    ///
    /// # Errors
    /// `lock-contract-unreadable` where this version of the command cannot read it.
    pub(crate) fn compared(&self, approved: &Approved) -> Result<Compared, CommandError> {
        let contract =
            Contract::from_json(&approved.contract).map_err(|diagnostics| {
                let version = &approved.version;
                let message =
                    format!("the approved contract of version `{version}` cannot be read by this command");
                let first = diagnostics.into_iter().find(|diagnostic| diagnostic.severity == Severity::Error);
                CommandError::new("lock-contract-unreadable", message)
                    .note(first.map_or_else(
                        || "it has no error that can be named".to_owned(),
                        |first| first.message,
                    ))
                    .help("compare with the version of `cargo traverse` that approved it")
            })?;
        Ok(Compared {
            contract,
            json: approved.contract.clone(),
            from: format!("{} {}", self.path, approved.version),
        })
    }
}

/// How a contract stands to the lock.
#[derive(Debug)]
pub(crate) enum Standing {
    /// Its version is approved, and it is that contract.
    Approved,
    /// Its version is approved with another contract; the difference, where the old one can be read.
    Changed(Result<Box<Comparison>, CommandError>),
    /// Its version is not approved. The latest approved one before it, and the difference.
    New(Option<Box<Comparison>>),
    /// Its version is not approved, and lies before all that are.
    Behind(Version),
}

/// Holds a contract against the lock.
///
/// # Errors
/// As [`LockFile::compared`], for the version before.
pub(crate) fn standing(
    lock: &LockFile,
    now: &Compared,
    allow_undecided: bool,
) -> Result<Standing, CommandError> {
    let version = now.version();
    if let Some(approved) = lock.lock.get(&version) {
        if approved.contract == now.json {
            return Ok(Standing::Approved);
        }
        let comparison =
            lock.compared(approved).map(|old| Box::new(Comparison::of(&old, now, allow_undecided)));
        // Versions that differ in their build metadata are one.
        return Ok(match comparison {
            Ok(comparison) if comparison.judgement == Judgement::Identical => Standing::Approved,
            comparison => Standing::Changed(comparison),
        });
    }
    match (lock.lock.before(&version), lock.lock.latest()) {
        (Some(before), _) => {
            let old = lock.compared(before)?;
            Ok(Standing::New(Some(Box::new(Comparison::of(&old, now, allow_undecided)))))
        }
        (None, Some(latest)) => Ok(Standing::Behind(latest.version.clone())),
        (None, None) => Ok(Standing::New(None)),
    }
}

/// What is wrong where a contract differs from the approved one of its version; the place is in the spec.
pub(crate) fn changed(comparison: &Result<Box<Comparison>, CommandError>, now: &Compared) -> Diagnostic {
    let version = &now.contract.spec.capability.version;
    let message =
        format!("version `{}` is approved, and the contract is no longer the one that was", version.value);
    let error = Diagnostic::error("contract-changed", message).at(version.span, "approved");
    match comparison {
        Ok(comparison) => error.note(comparison.summary()).help(comparison.mend()),
        Err(unreadable) => error
            .note(format!("what changed is not known: {}", unreadable.message))
            .help("give the contract a new version, or take the change back"),
    }
}

/// Refuses a contract that differs from the approved one of its version.
///
/// # Errors
/// `contract-changed` with what changed and which version that needs; `lock-invalid`.
pub(crate) fn check(
    project: &Project,
    contract_path: &str,
    source: &Source,
    now: &Compared,
) -> Result<(), CommandError> {
    let lock = LockFile::beside(project, contract_path)?;
    // Only a changed contract is compared.
    let Some(approved) = lock.lock.get(&now.version()) else { return Ok(()) };
    if approved.contract == now.json {
        return Ok(());
    }
    match standing(&lock, now, false)? {
        Standing::Changed(comparison) => {
            let message = format!("`{}` differs from the contract that was approved", source.name);
            Err(CommandError::new("contract-changed", message)
                .diagnostics(source, vec![changed(&comparison, now)]))
        }
        _ => Ok(()),
    }
}

/// A warning where a version that is not approved yet is too small for what changed since the one before.
pub(crate) fn too_small(comparison: &Comparison, now: &Compared) -> Option<Diagnostic> {
    if comparison.suffices {
        return None;
    }
    let version = &now.contract.spec.capability.version;
    let message = format!(
        "version `{}` is too small for what changed since `{}`",
        version.value, comparison.old.version
    );
    let warning = Diagnostic::warning("version-too-small", message).at(version.span, "");
    Some(warning.note(comparison.summary()).help(comparison.mend()))
}
