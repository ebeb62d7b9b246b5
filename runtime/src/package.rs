//! A package on disk: its manifest, and the two files that the manifest names.

use crate::error::{Error, InvalidText, io_reason};
use crate::file::{Located, MAX_TOML_BYTES, locate, read_regular_text};
use crate::runtime::read_artifact;
use std::io;
use std::path::{Path, PathBuf};
use traverse_contract::package::{MANIFEST_FILE, Manifest, next_name};
use traverse_contract::{Contract, Source, canonical};

/// An open package.
pub(crate) struct Package {
    /// The folder, without links.
    root: PathBuf,
    manifest: Manifest,
}

impl Package {
    pub(crate) fn open(dir: &Path) -> Result<Package, Error> {
        let root = match dir.canonicalize() {
            Ok(root) if root.is_dir() => root,
            _ => return Err(Error::PackageMissing { path: dir.to_owned() }),
        };
        let path = dir.join(MANIFEST_FILE);
        let failed = |error: io::Error| match error.kind() {
            io::ErrorKind::NotFound => Error::ManifestMissing { path: path.clone() },
            _ => Error::ManifestUnreadable { path: path.clone(), reason: io_reason(&error) },
        };
        let text = match locate(&root, MANIFEST_FILE).map_err(failed)? {
            Located::Inside(target) => read_regular_text(&target, MAX_TOML_BYTES).map_err(failed)?,
            Located::Outside(target) => {
                return Err(Error::PathOutsidePackage {
                    key: MANIFEST_FILE,
                    path: MANIFEST_FILE.to_owned(),
                    target,
                });
            }
        };
        let source = Source { name: path.display().to_string(), text };
        let manifest = Manifest::from_toml(&source)
            .map_err(|diagnostics| Error::ManifestInvalid(Box::new(InvalidText { source, diagnostics })))?;
        Ok(Package { root, manifest })
    }

    /// Where the artifact lies, and its bytes, of the approved digest and size (spec RUN-2, PKG-5).
    ///
    /// A build that was stopped after it had written the manifest has left the artifact beside its place (spec PKG-29).
    pub(crate) fn read_artifact(&self) -> Result<(PathBuf, Vec<u8>), Error> {
        let checked = |(path, bytes): (PathBuf, Vec<u8>)| {
            self.check_digest(&bytes)?;
            self.check_size(&bytes)?;
            Ok((path, bytes))
        };
        let path = &self.manifest.binary.path.value;
        self.read_artifact_at(path).and_then(checked).or_else(|error| {
            let missed = matches!(error, Error::ArtifactMissing { .. } | Error::DigestMismatch { .. });
            let next = match path.rsplit_once('/') {
                Some((folder, file)) => format!("{folder}/{}", next_name(file)),
                None => next_name(path),
            };
            let next = missed.then(|| self.read_artifact_at(&next).and_then(checked).ok()).flatten();
            next.ok_or(error)
        })
    }

    fn read_artifact_at(&self, path: &str) -> Result<(PathBuf, Vec<u8>), Error> {
        let artifact = self.locate("binary.path", path, |path, error| match error.kind() {
            io::ErrorKind::NotFound => Error::ArtifactMissing { path },
            _ => Error::ArtifactUnreadable { path, reason: io_reason(&error) },
        })?;
        let bytes = read_artifact(&artifact)?;
        Ok((artifact, bytes))
    }

    /// Spec RUN-2.
    fn check_digest(&self, bytes: &[u8]) -> Result<(), Error> {
        let Some(expected) = &self.manifest.binary.digest else {
            return Err(Error::DigestMissing { key: "binary.digest" });
        };
        let found = canonical::sha256(bytes);
        if expected.value != found {
            return Err(Error::DigestMismatch { expected: expected.value.clone(), found });
        }
        Ok(())
    }

    /// Spec RUN-2, PKG-5: the manifest's count of bytes.
    fn check_size(&self, bytes: &[u8]) -> Result<(), Error> {
        let found = bytes.len() as u64;
        match self.manifest.binary.bytes {
            None => Err(Error::DigestMissing { key: "binary.bytes" }),
            Some(expected) if expected != found => Err(Error::SizeMismatch { expected, found }),
            Some(_) => Ok(()),
        }
    }

    /// Spec RUN-5: the contract in the module, the spec in the package and the digest in the manifest are one.
    pub(crate) fn check_contract(&self, contract_json: &str, contract: &Contract) -> Result<(), Error> {
        let approved = &self.manifest.capability_ref;
        let Some(approved_digest) = &approved.contract_digest else {
            return Err(Error::DigestMissing { key: "capability_ref.contract_digest" });
        };
        let mismatch = |what, approved_by: &str, expected: &str, found: &str| Error::ContractMismatch {
            what,
            approved_by: approved_by.to_owned(),
            expected: expected.to_owned(),
            found: found.to_owned(),
        };

        let capability = &contract.spec.capability;
        for (what, expected, found) in [
            ("id", &approved.id.value, &capability.id.value),
            ("version", &approved.version.value, &capability.version.value),
        ] {
            if expected != found {
                return Err(mismatch(what, "the manifest", expected, found));
            }
        }

        let spec = self.read_spec()?;
        let spec_json = canonical::contract_json(&spec)
            .map_err(|diagnostics| Error::SpecInvalid(Box::new(InvalidText { source: spec, diagnostics })))?;
        let found = canonical::sha256(contract_json.as_bytes());
        if spec_json != contract_json {
            let expected = canonical::sha256(spec_json.as_bytes());
            let approved_by = format!("the spec `{}`", approved.contract_path.value);
            return Err(mismatch("contract digest", &approved_by, &expected, &found));
        }
        if approved_digest.value != found {
            return Err(mismatch("contract digest", "the manifest", &approved_digest.value, &found));
        }
        Ok(())
    }

    fn read_spec(&self) -> Result<Source, Error> {
        let name = &self.manifest.capability_ref.contract_path.value;
        let path = self.locate("capability_ref.contract_path", name, |path, error| match error.kind() {
            io::ErrorKind::NotFound => Error::SpecMissing { path },
            _ => Error::SpecUnreadable { path, reason: io_reason(&error) },
        })?;
        let text = read_regular_text(&path, MAX_TOML_BYTES)
            .map_err(|error| Error::SpecUnreadable { path, reason: io_reason(&error) })?;
        Ok(Source { name: name.clone(), text })
    }

    /// The file that the manifest's `key` names: inside the package, also after every link has been followed
    /// (spec RUN-3).
    fn locate(
        &self,
        key: &'static str,
        path: &str,
        failed: impl FnOnce(PathBuf, io::Error) -> Error,
    ) -> Result<PathBuf, Error> {
        match locate(&self.root, path) {
            Ok(Located::Inside(target)) => Ok(target),
            Ok(Located::Outside(target)) => {
                Err(Error::PathOutsidePackage { key, path: path.to_owned(), target })
            }
            Err(error) => Err(failed(self.root.join(path), error)),
        }
    }
}
