//! The digest of a package's source (spec `PKG-49`): what `build --check` knows a changed source by, without compiling.

use crate::error::CommandError;
use crate::project::Project;
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use traverse_contract::canonical;
use traverse_contract::package::{MANIFEST_FILE, Manifest};

/// What is not source: what the command and cargo write, cases, approvals, and recorded costs.
const NOT_SOURCE: [&str; 5] = [MANIFEST_FILE, "traverse.lock", "traverse.costs.json", "target", "cases"];

/// A file of the source: its path in the package, with `/`, and where it lies.
type SourceFile = (String, PathBuf);

/// `sha256:…` over the package's source: a line `PATH DIGEST` for each file, sorted by path.
///
/// # Errors
///
/// `file-unreadable`.
pub(crate) fn of_package(project: &Project, manifest: &Manifest) -> Result<String, CommandError> {
    let mut files = Vec::new();
    let artifact = &manifest.binary.path.value;
    // A folder that holds the artifact and no source holds what builds write.
    let written = artifact.split_once('/').map(|(first, _)| first);
    let written = written.filter(|first| !manifest.source.path.value.starts_with(&format!("{first}/")));
    collect(&project.folder, "", artifact, written, &mut files)?;
    files.sort();
    let mut list = String::new();
    for (path, place) in &files {
        let digest =
            digest_of(place).map_err(|error| CommandError::io("file-unreadable", "read", place, &error))?;
        list.push_str(&format!("{path} {digest}\n"));
    }
    Ok(canonical::sha256(list.as_bytes()))
}

/// Of a file that may be larger than memory.
fn digest_of(place: &Path) -> io::Result<String> {
    let (mut file, mut hasher, mut part) = (File::open(place)?, Sha256::new(), vec![0; 64 << 10]);
    loop {
        match file.read(&mut part) {
            Ok(0) => break,
            Ok(count) => hasher.update(&part[..count]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// The files below `inner`, a path in the package that ends in `/` or is empty. Links are not followed.
fn collect(
    folder: &Path,
    inner: &str,
    artifact: &str,
    written: Option<&str>,
    files: &mut Vec<SourceFile>,
) -> Result<(), CommandError> {
    let failed = |error| CommandError::io("file-unreadable", "read", folder, &error);
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{inner}{name}");
        let kind = entry.file_type().map_err(failed)?;
        let hidden = name.starts_with('.') && path != ".cargo";
        let is_written = inner.is_empty() && (NOT_SOURCE.contains(&name.as_str()) || written == Some(&name));
        if hidden || is_written || path == artifact || name.ends_with(".md") {
            continue;
        }
        // A folder that cargo builds into has the file.
        if kind.is_dir() && !entry.path().join("CACHEDIR.TAG").is_file() {
            collect(&entry.path(), &format!("{path}/"), artifact, written, files)?;
        } else if kind.is_file() {
            files.push((path, entry.path()));
        }
    }
    Ok(())
}
