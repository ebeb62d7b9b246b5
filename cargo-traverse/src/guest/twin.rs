//! The module that `build` made, once more with the names of its functions: what `inspect` and `size` need to say which
//! crate how much of it is. It lies in cargo's target folder under the digest of the module, which has no names.

use crate::write::write_beside;
use std::fs;
use std::path::{Path, PathBuf};

/// So many are kept; those that were written longest ago go.
const KEPT: usize = 16;

fn folder(target_folder: &Path) -> PathBuf {
    target_folder.join("traverse").join("named")
}

fn file(target_folder: &Path, digest: &str) -> PathBuf {
    folder(target_folder).join(format!("{}.wasm", digest.trim_start_matches("sha256:")))
}

/// Keeps the named twin of the module with that digest.
///
/// # Errors
///
/// What the system says.
pub(crate) fn keep(target_folder: &Path, digest: &str, named: &[u8]) -> std::io::Result<()> {
    let place = file(target_folder, digest);
    fs::create_dir_all(folder(target_folder))?;
    write_beside(&place, named)?;
    let mut all: Vec<_> = fs::read_dir(folder(target_folder))?
        .flatten()
        .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
        .collect();
    all.sort();
    for (_, path) in all.iter().take(all.len().saturating_sub(KEPT)) {
        fs::remove_file(path)?;
    }
    Ok(())
}

/// The named twin of the module with that digest, if the package at or above `near` was built here.
pub(crate) fn find(near: &Path, digest: &str) -> Option<Vec<u8>> {
    let near = near.canonicalize().ok()?;
    let named =
        near.ancestors().filter(|folder| folder.join("Cargo.toml").is_file()).map(|f| f.join("target"));
    let set = std::env::var_os("CARGO_TARGET_DIR").filter(|value| !value.is_empty()).map(PathBuf::from);
    set.into_iter().chain(named).find_map(|target| fs::read(file(&target, digest)).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_twin_is_found_from_the_module_and_old_ones_go() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("Cargo.toml"), "").unwrap();
        let artifacts = folder.path().join("artifacts");
        fs::create_dir(&artifacts).unwrap();
        let target = folder.path().join("target");
        for number in 0..=KEPT {
            keep(&target, &format!("sha256:{number}"), b"named").unwrap();
        }
        assert_eq!(fs::read_dir(super::folder(&target)).unwrap().count(), KEPT);
        assert_eq!(find(&artifacts, &format!("sha256:{KEPT}")).as_deref(), Some(&b"named"[..]));
        assert_eq!(find(&artifacts, "sha256:none"), None);
    }
}
