//! The end of a build: the artifact and the manifest that names it take their places, both or neither (spec `PKG-29`).

use crate::error::CommandError;
use crate::project::Project;
use crate::write::{Staged, clear_beside};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use traverse_contract::canonical;
use traverse_contract::package::{MANIFEST_FILE, next_name};

/// Keeps other builds of the package from writing, while it lives.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

impl Lock {
    /// Waits for builds that are writing. On Unix the package's folder itself is locked, so no file is left in it;
    /// elsewhere, where a folder cannot be, a file in cargo's target folder.
    ///
    /// # Errors
    ///
    /// `package-unlockable`.
    pub(crate) fn acquire(project: &Project, target_folder: &Path) -> Result<Lock, CommandError> {
        let place =
            if cfg!(unix) { project.folder.clone() } else { target_folder.join(".traverse-build-lock") };
        let opened = if cfg!(unix) {
            File::open(&place)
        } else {
            File::options().create(true).truncate(false).write(true).open(&place)
        };
        let failed = |error: &io::Error| CommandError::io("package-unlockable", "lock", &place, error);
        let file = opened.map_err(|error| failed(&error))?;
        match file.lock() {
            // A file system without locks is no reason not to build.
            Err(error) if error.kind() != io::ErrorKind::Unsupported => Err(failed(&error)),
            _ => Ok(Lock { _file: file }),
        }
    }
}

/// Where the manifest is written: what it leads to, if it is a link.
///
/// # Errors
///
/// `manifest-outside` where that is not in the package.
pub(crate) fn manifest_place(project: &Project) -> Result<PathBuf, CommandError> {
    let path = project.path(MANIFEST_FILE);
    if !path.symlink_metadata().is_ok_and(|metadata| metadata.is_symlink()) {
        return Ok(path);
    }
    let unreadable =
        |path: &Path, error: &io::Error| CommandError::io("manifest-unwritable", "resolve", path, error);
    let root = project.folder.canonicalize().map_err(|error| unreadable(&project.folder, &error))?;
    let real = path.canonicalize().map_err(|error| unreadable(&path, &error))?;
    if real.starts_with(&root) {
        return Ok(real);
    }
    let message = format!("`{}` is a link that leads out of the package", path.display());
    Err(CommandError::new("manifest-outside", message)
        .note("`build` writes digests into the manifest, and writes nothing outside of the package")
        .help("put the manifest itself in the package's folder"))
}

/// Writes artifact and manifest where other bytes or none are there; says whether it did.
///
/// The caller holds the [`Lock`]. A kill at any moment leaves the old pair or the new one. The new module is on the disk beside its place, under the name
/// that [`next_name`] gives, before the manifest that names it takes the place of the old one; that is the moment at which the new
/// pair holds, for whoever reads a package looks beside the place, too. Then the module moves.
///
/// # Errors
///
/// `artifact-outside`, `artifact-unwritable`, `manifest-outside`, `manifest-unwritable`.
pub(crate) fn publish(
    project: &Project,
    artifact: &Path,
    bytes: &[u8],
    manifest: &str,
) -> Result<bool, CommandError> {
    let place = manifest_place(project)?;
    finish_last(artifact, &place);
    let new_artifact = stage_artifact(project, artifact, bytes)?;
    let manifest_failed = |error: &io::Error| CommandError::io("manifest-unwritable", "write", &place, error);
    let new_manifest = if fs::read(&place).is_ok_and(|old| old == manifest.as_bytes()) {
        None
    } else {
        Some(Staged::beside(&place, manifest.as_bytes()).map_err(|error| manifest_failed(&error))?)
    };
    let changed = new_artifact.is_some() || new_manifest.is_some();
    let artifact_failed =
        |error: &io::Error| CommandError::io("artifact-unwritable", "write", artifact, error);
    let next = next_place(artifact);
    let has_artifact = new_artifact.is_some();
    match new_artifact {
        Some(staged) => {
            staged
                .take_place_of(&next)
                .and_then(|()| sync_folder(&next))
                .map_err(|error| artifact_failed(&error))?;
        }
        // It is as new as its sources, and `run` need not say that it is older. No loss where that cannot be noted.
        None => {
            if let Ok(file) = File::options().append(true).open(artifact) {
                let _ = file.set_modified(SystemTime::now());
            }
        }
    }
    if let Some(staged) = new_manifest {
        let moved = staged.take_place().and_then(|()| sync_folder(&place));
        if let Err(error) = moved {
            // The old pair is what holds. What stays beside it, the next build clears.
            let _ = fs::remove_file(&next);
            return Err(manifest_failed(&error));
        }
    }
    if has_artifact {
        fs::rename(&next, artifact)
            .and_then(|()| sync_folder(artifact))
            .map_err(|error| artifact_failed(&error))?;
    }
    Ok(changed)
}

/// Where the new module waits for the manifest.
pub(crate) fn next_place(artifact: &Path) -> PathBuf {
    artifact.with_file_name(next_name(&artifact.file_name().unwrap_or_default().to_string_lossy()))
}

/// Brings a build to its end that was stopped between the manifest and the module, or clears away what one left that was
/// stopped before.
fn finish_last(artifact: &Path, manifest: &Path) {
    clear_beside(artifact);
    clear_beside(manifest);
    let next = next_place(artifact);
    let Ok(bytes) = fs::read(&next) else { return };
    let named = fs::read_to_string(manifest).is_ok_and(|text| text.contains(&canonical::sha256(&bytes)));
    // Where this fails, so does the build that goes on from here, and says why.
    let _ = if named { fs::rename(&next, artifact) } else { fs::remove_file(&next) };
}

/// What was moved in the folder of `path` is on the disk, where a folder can be asked for that.
fn sync_folder(path: &Path) -> io::Result<()> {
    if cfg!(unix) {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        // A file system that knows no such thing is no reason to fail.
        let _ = File::open(folder)?.sync_all();
    }
    Ok(())
}

/// The artifact beside its place; nothing where these bytes are there.
fn stage_artifact(project: &Project, path: &Path, bytes: &[u8]) -> Result<Option<Staged>, CommandError> {
    let failed = |verb: &str, path: &Path, error: &io::Error| {
        CommandError::io("artifact-unwritable", verb, path, error)
    };
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        // Looked at before a folder is made behind a link that leads out.
        check_inside(project, folder)?;
        fs::create_dir_all(folder).map_err(|error| failed("make", folder, &error))?;
    }
    let is_link = path.symlink_metadata().is_ok_and(|metadata| metadata.is_symlink());
    if !is_link && fs::read(path).is_ok_and(|old| old == bytes) {
        return Ok(None);
    }
    Staged::beside(path, bytes).map(Some).map_err(|error| failed("write", path, &error))
}

/// The nearest folder that is there must lie in the package, links followed.
fn check_inside(project: &Project, folder: &Path) -> Result<(), CommandError> {
    let unreadable =
        |path: &Path, error: &io::Error| CommandError::io("artifact-unwritable", "resolve", path, error);
    let root = project.folder.canonicalize().map_err(|error| unreadable(&project.folder, &error))?;
    let mut there = Some(folder);
    while let Some(path) = there.filter(|path| !path.as_os_str().is_empty()) {
        if path.symlink_metadata().is_ok() {
            let real = path.canonicalize().map_err(|error| unreadable(path, &error))?;
            if real.starts_with(&root) {
                return Ok(());
            }
            return Err(CommandError::new(
                "artifact-outside",
                format!("`{}` leads out of the package", path.display()),
            )
            .help("`path` under `[binary]` must name a file inside the package, through no link"));
        }
        there = path.parent();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package() -> (tempfile::TempDir, Project) {
        let folder = tempfile::tempdir().unwrap();
        let project = Project { folder: folder.path().join("package") };
        fs::create_dir(&project.folder).unwrap();
        (folder, project)
    }

    /// spec: PKG-29
    #[test]
    fn artifact_and_manifest_are_written_once() {
        let (_folder, project) = package();
        let path = project.path("artifacts/deep/a.wasm");
        assert!(publish(&project, &path, b"one", "a = 1").unwrap());
        assert!(!publish(&project, &path, b"one", "a = 1").unwrap());
        assert!(publish(&project, &path, b"two", "a = 1").unwrap());
        assert!(publish(&project, &path, b"two", "a = 2").unwrap());
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read(project.path(MANIFEST_FILE)).unwrap(), b"a = 2");
        assert_eq!(fs::read_dir(project.path("artifacts/deep")).unwrap().count(), 1);
        assert_eq!(fs::read_dir(&project.folder).unwrap().count(), 2);
    }

    /// spec: PKG-29
    #[test]
    fn what_a_stopped_build_left_is_finished_or_cleared() {
        let (_folder, project) = package();
        let path = project.path("artifacts/a.wasm");
        publish(&project, &path, b"one", "a = 1").unwrap();
        // Stopped before the manifest: the old pair holds.
        fs::write(next_place(&path), "half").unwrap();
        assert!(!publish(&project, &path, b"one", "a = 1").unwrap());
        assert!(!next_place(&path).exists());
        // Stopped after it: the new one does.
        let manifest = format!("digest = \"{}\"", canonical::sha256(b"two"));
        fs::write(next_place(&path), "two").unwrap();
        fs::write(project.path(MANIFEST_FILE), &manifest).unwrap();
        assert!(!publish(&project, &path, b"two", &manifest).unwrap());
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert!(!next_place(&path).exists());
    }

    /// spec: PKG-29
    #[cfg(unix)]
    #[test]
    fn a_manifest_that_cannot_be_written_leaves_the_artifact_as_it_was() {
        let (_folder, project) = package();
        let path = project.path("artifacts/a.wasm");
        publish(&project, &path, b"one", "a = 1").unwrap();
        fs::remove_file(project.path(MANIFEST_FILE)).unwrap();
        std::os::unix::fs::symlink("/", project.path(MANIFEST_FILE)).unwrap();
        assert_eq!(publish(&project, &path, b"two", "a = 2").unwrap_err().code, "manifest-outside");
        assert_eq!(fs::read(&path).unwrap(), b"one");
        assert_eq!(fs::read_dir(project.path("artifacts")).unwrap().count(), 1);
    }

    /// spec: PKG-29
    #[cfg(unix)]
    #[test]
    fn a_manifest_that_is_a_link_stays_one() {
        use std::os::unix::fs::symlink;
        let (folder, project) = package();
        fs::create_dir(project.path("config")).unwrap();
        fs::write(project.path("config/real.toml"), "a = 1").unwrap();
        symlink("config/real.toml", project.path(MANIFEST_FILE)).unwrap();
        assert!(publish(&project, &project.path("a.wasm"), b"one", "a = 2").unwrap());
        assert!(project.path(MANIFEST_FILE).symlink_metadata().unwrap().is_symlink());
        assert_eq!(fs::read(project.path("config/real.toml")).unwrap(), b"a = 2");

        fs::write(folder.path().join("outside.toml"), "a = 1").unwrap();
        fs::remove_file(project.path(MANIFEST_FILE)).unwrap();
        symlink("../outside.toml", project.path(MANIFEST_FILE)).unwrap();
        assert_eq!(manifest_place(&project).unwrap_err().code, "manifest-outside");
        assert_eq!(fs::read(folder.path().join("outside.toml")).unwrap(), b"a = 1");
    }

    /// spec: PKG-29
    #[cfg(unix)]
    #[test]
    fn an_artifact_never_leaves_the_package() {
        use std::os::unix::fs::symlink;
        let (folder, project) = package();
        let outside = folder.path().join("outside");
        fs::create_dir(&outside).unwrap();
        symlink(&outside, project.path("artifacts")).unwrap();
        for path in ["artifacts/a.wasm", "artifacts/deep/a.wasm"] {
            let error = publish(&project, &project.path(path), b"x", "").unwrap_err();
            assert_eq!(error.code, "artifact-outside", "{path}");
        }
        assert_eq!(fs::read_dir(&outside).unwrap().count(), 0);

        // A link in the artifact's own place is replaced, not followed.
        fs::remove_file(project.path("artifacts")).unwrap();
        fs::create_dir(project.path("artifacts")).unwrap();
        fs::write(outside.join("a.wasm"), "same").unwrap();
        symlink(outside.join("a.wasm"), project.path("artifacts/a.wasm")).unwrap();
        assert!(publish(&project, &project.path("artifacts/a.wasm"), b"same", "").unwrap());
        assert!(!project.path("artifacts/a.wasm").symlink_metadata().unwrap().is_symlink());
    }

    /// spec: PKG-29
    #[test]
    fn one_build_writes_at_a_time() {
        let (_folder, project) = package();
        let first = Lock::acquire(&project, &project.folder).unwrap();
        let waiting = {
            let project = project.clone();
            std::thread::spawn(move || {
                let _second = Lock::acquire(&project, &project.folder).unwrap();
                fs::read_to_string(project.path("order")).unwrap()
            })
        };
        std::thread::sleep(std::time::Duration::from_millis(50));
        fs::write(project.path("order"), "first").unwrap();
        drop(first);
        assert_eq!(waiting.join().unwrap(), "first");
    }
}
