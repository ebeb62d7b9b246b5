//! The digest of a package's source (spec `PKG-49`): what `build --check` knows a changed source by, without compiling.

use crate::error::CommandError;
use crate::project::Project;
use std::fs;
use std::path::Path;
use traverse_contract::canonical;
use traverse_contract::package::{MANIFEST_FILE, Manifest};

/// What is not source: what the command and cargo write, cases, and approvals.
const NOT_SOURCE: [&str; 4] = [MANIFEST_FILE, "traverse.lock", "target", "cases"];

/// `sha256:…` over the package's source: a line `PATH DIGEST` for each file, sorted by path.
///
/// # Errors
///
/// `file-unreadable`.
pub(crate) fn of_package(project: &Project, manifest: &Manifest) -> Result<String, CommandError> {
    let mut files = Vec::new();
    let artifact = &manifest.binary.path.value;
    collect(&project.folder, "", artifact, &mut files)?;
    files.sort();
    let mut list = String::new();
    for path in &files {
        let place = project.folder.join(path);
        let bytes =
            fs::read(&place).map_err(|error| CommandError::io("file-unreadable", "read", &place, &error))?;
        list.push_str(&format!("{path} {}\n", canonical::sha256(&bytes)));
    }
    Ok(canonical::sha256(list.as_bytes()))
}

/// The files below `inner`, a path in the package that ends in `/` or is empty. Links are not followed.
fn collect(root: &Path, inner: &str, artifact: &str, files: &mut Vec<String>) -> Result<(), CommandError> {
    let folder = root.join(inner);
    let failed = |error| CommandError::io("file-unreadable", "read", &folder, &error);
    for entry in fs::read_dir(&folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{inner}{name}");
        let kind = entry.file_type().map_err(failed)?;
        let hidden = name.starts_with('.') && path != ".cargo";
        let written = inner.is_empty() && NOT_SOURCE.contains(&name.as_str());
        if hidden || written || path == artifact || name.ends_with(".md") {
            continue;
        }
        if kind.is_dir() {
            // Where the artifact goes there is no source.
            if inner.is_empty() && artifact.split_once('/').is_some_and(|(first, _)| first == name) {
                continue;
            }
            collect(root, &format!("{path}/"), artifact, files)?;
        } else if kind.is_file() {
            files.push(path);
        }
    }
    Ok(())
}
