//! What is known of a compiler and its standard library for the target, remembered by the files' size and time of
//! change, so that a build need not ask the compiler and hash the library again.

use super::data::DataFolder;
use crate::error::CommandError;
use crate::write::write_beside;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::UNIX_EPOCH;
use traverse_contract::canonical;

/// What is known of one compiler.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Facts {
    /// `1.96.0 (ac68faa20 2026-05-25)`.
    pub(super) rustc_version: String,
    /// The full commit; empty where the compiler does not say.
    pub(super) rustc_commit: String,
    /// `sha256:…`.
    pub(super) target_std: String,
}

/// Facts, and the files that they were read from.
#[derive(Debug, Serialize, Deserialize)]
struct Remembered {
    seen: Vec<(PathBuf, u64, u128)>,
    facts: Facts,
}

/// Whether the folder holds a standard library.
pub(super) fn has_library(libdir: &Path) -> bool {
    let Ok(crates) = library_files(libdir) else { return false };
    ["core", "std"].iter().all(|wanted| crates.iter().any(|path| crate_name(path) == *wanted))
}

/// The facts of the compiler `rustc`, whose own file is `rustc_file` and whose library for the target lies in `libdir`.
///
/// # Errors
///
/// `toolchain-broken` where the compiler does not run or the library cannot be read.
pub(super) fn facts(
    data: &DataFolder,
    rustc: &OsStr,
    rustc_file: &Path,
    libdir: &Path,
) -> Result<Facts, CommandError> {
    let broken =
        |path: &Path, error: &std::io::Error| CommandError::io("toolchain-broken", "read", path, error);
    let files = library_files(libdir).map_err(|error| broken(libdir, &error))?;
    let mut seen = Vec::with_capacity(files.len() + 1);
    for path in files.iter().map(PathBuf::as_path).chain([rustc_file]) {
        seen.push(stamp(path).map_err(|error| broken(path, &error))?);
    }

    let key = libdir.to_string_lossy().into_owned();
    let store = data.remembered();
    let mut all: BTreeMap<String, Remembered> =
        fs::read(&store).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
    if let Some(known) = all.get(&key).filter(|known| known.seen == seen) {
        return Ok(known.facts.clone());
    }

    let (rustc_version, rustc_commit) = ask_version(rustc)?;
    let target_std = library_digest(&files).map_err(|error| broken(libdir, &error))?;
    let facts = Facts { rustc_version, rustc_commit, target_std };
    all.insert(key, Remembered { seen, facts: facts.clone() });
    // Only remembered: where the folder cannot be written, the next build asks again.
    if fs::create_dir_all(data.path()).is_ok()
        && let Ok(json) = serde_json::to_vec(&all)
    {
        let _ = write_beside(&store, &json);
    }
    Ok(facts)
}

/// `rustc -vV`: the version as people write it, and the full commit.
pub(super) fn ask_version(rustc: &OsStr) -> Result<(String, String), CommandError> {
    let broken = |reason: String| {
        CommandError::new("toolchain-broken", format!("`{}` does not run: {reason}", rustc.display()))
    };
    let output =
        Command::new(rustc).arg("-vV").output().map_err(|error| broken(crate::error::io_reason(&error)))?;
    if !output.status.success() {
        return Err(broken(String::from_utf8_lossy(&output.stderr).trim().to_owned()));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let version = text.lines().next().and_then(|line| line.strip_prefix("rustc ")).unwrap_or_default();
    // Debian adds how it was built; version, commit and date say which compiler it is.
    let version = match version.match_indices(')').next() {
        Some((end, _)) => &version[..=end],
        None => version,
    };
    let commit = text.lines().find_map(|line| line.strip_prefix("commit-hash: ")).unwrap_or_default();
    let commit = if commit == "unknown" { "" } else { commit };
    Ok((version.to_owned(), commit.to_owned()))
}

/// The crates of a library, sorted by name.
fn library_files(libdir: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(libdir)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "rlib") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// `core` for `libcore-8e6871dda80cc730.rlib`.
fn crate_name(path: &Path) -> &str {
    let stem = path.file_stem().and_then(OsStr::to_str).unwrap_or_default();
    let stem = stem.strip_prefix("lib").unwrap_or(stem);
    stem.rsplit_once('-').map_or(stem, |(name, _)| name)
}

/// The digest of a library: of a list with a line `name sha256:…` for each crate file, in order.
fn library_digest(files: &[PathBuf]) -> std::io::Result<String> {
    let mut list = String::new();
    for path in files {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        list.push_str(&format!("{name} {}\n", canonical::sha256(&fs::read(path)?)));
    }
    Ok(canonical::sha256(list.as_bytes()))
}

fn stamp(path: &Path) -> std::io::Result<(PathBuf, u64, u128)> {
    let metadata = fs::metadata(path)?;
    let changed = metadata.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
    Ok((path.to_owned(), metadata.len(), changed))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn library(folder: &Path, crates: &[(&str, &str)]) {
        for (name, content) in crates {
            fs::write(folder.join(name), content).unwrap();
        }
    }

    #[test]
    fn a_library_needs_core_and_std() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!has_library(folder.path()));
        library(folder.path(), &[("libcore-0a.rlib", "c"), ("self.o", "")]);
        assert!(!has_library(folder.path()));
        library(folder.path(), &[("libstd-0b.rlib", "s")]);
        assert!(has_library(folder.path()));
        assert!(!has_library(&folder.path().join("absent")));
    }

    /// spec: PKG-35
    #[test]
    fn the_digest_sees_names_and_content_and_nothing_else() {
        let digest = |crates: &[(&str, &str)]| {
            let folder = tempfile::tempdir().unwrap();
            library(folder.path(), crates);
            library_digest(&library_files(folder.path()).unwrap()).unwrap()
        };
        let one = digest(&[("libcore-0a.rlib", "c"), ("libstd-0b.rlib", "s")]);
        assert_eq!(one, digest(&[("libstd-0b.rlib", "s"), ("libcore-0a.rlib", "c"), ("libc.a", "x")]));
        assert_ne!(one, digest(&[("libcore-0a.rlib", "c"), ("libstd-0b.rlib", "t")]));
        assert_ne!(one, digest(&[("libcore-0a.rlib", "c"), ("libstd-0c.rlib", "s")]));
    }
}
