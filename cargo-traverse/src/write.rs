//! Writing a file so that a reader sees the old one or the new one, never half of it: beside, then renamed.

use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// A file's new bytes, on the disk beside its place. Gone where it is dropped.
#[derive(Debug)]
pub(crate) struct Staged {
    file: NamedTempFile,
    place: PathBuf,
}

impl Staged {
    /// Writes `bytes` beside `place`, whose folder must exist. Permissions of a file that will be replaced are kept.
    ///
    /// # Errors
    ///
    /// What the system says; nothing is left beside `place` then.
    pub(crate) fn beside(place: &Path, bytes: &[u8]) -> std::io::Result<Staged> {
        let (folder, prefix) = (folder_of(place), prefix(place));
        let mut builder = tempfile::Builder::new();
        builder.prefix(&prefix);
        #[cfg(unix)]
        builder.permissions({
            use std::os::unix::fs::PermissionsExt;
            // The process's umask applies.
            std::fs::Permissions::from_mode(0o666)
        });
        let mut file = builder.tempfile_in(folder)?;
        file.write_all(bytes)?;
        if let Ok(metadata) = std::fs::metadata(place) {
            file.as_file().set_permissions(metadata.permissions())?;
        }
        // What a full disk or a lost connection has to say, it says here and not after the file was moved.
        file.as_file().sync_all()?;
        Ok(Staged { file, place: place.to_owned() })
    }

    /// [`Staged::take_place`], of another place in the same folder.
    ///
    /// # Errors
    ///
    /// As there.
    pub(crate) fn take_place_of(mut self, place: &Path) -> std::io::Result<()> {
        place.clone_into(&mut self.place);
        self.take_place()
    }

    /// Moves it to its place: what is there is replaced at once.
    ///
    /// # Errors
    ///
    /// What the system says; the place is as it was then.
    pub(crate) fn take_place(self) -> std::io::Result<()> {
        self.file.persist(&self.place).map_err(|error| error.error)?;
        Ok(())
    }
}

fn folder_of(place: &Path) -> &Path {
    match place.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// How the names of files begin that are to take this place.
fn prefix(place: &Path) -> OsString {
    let mut prefix = OsString::from(".traverse-");
    prefix.push(place.file_name().unwrap_or_default());
    prefix.push("-");
    prefix
}

/// Removes what was left beside `place` by writers that were killed. Only where no other process writes it now.
pub(crate) fn clear_beside(place: &Path) {
    let prefix = prefix(place);
    let Ok(entries) = std::fs::read_dir(folder_of(place)) else { return };
    for entry in entries.flatten() {
        let is_left = entry.file_name().as_encoded_bytes().starts_with(prefix.as_encoded_bytes())
            && entry.file_type().is_ok_and(|kind| kind.is_file());
        if is_left {
            // What stays is in nobody's way.
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// Writes `bytes` to `path`. The folder must exist; what `path` named before is replaced at once, and stays where
/// writing fails. Permissions of a file that is replaced are kept.
///
/// # Errors
///
/// What the system says; nothing is left beside `path` then.
pub(crate) fn write_beside(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    Staged::beside(path, bytes)?.take_place()
}

/// [`write_beside`] for a file that the user named: where that is a link, the file that it leads to is replaced, and
/// what is no regular file (a device, a folder) is left alone.
///
/// # Errors
///
/// What the system says, or that there is something else in the place.
pub(crate) fn write_named(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    match std::fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => write_beside(&path.canonicalize()?, bytes),
        Ok(_) => {
            let reason = "it is not a regular file";
            Err(std::io::Error::new(std::io::ErrorKind::InvalidInput, reason))
        }
        Err(_) => write_beside(path, bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_new_file_takes_the_place_and_nothing_stays_beside() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        write_beside(&path, b"one").unwrap();
        write_beside(&path, b"two").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"two");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_is_dropped_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        write_beside(&path, b"one").unwrap();
        drop(Staged::beside(&path, b"two").unwrap());
        assert_eq!(std::fs::read(&path).unwrap(), b"one");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_a_killed_writer_left_goes_and_all_else_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        std::mem::forget(Staged::beside(&path, b"left").unwrap());
        std::mem::forget(Staged::beside(&folder.path().join("b.txt"), b"another's").unwrap());
        std::fs::write(folder.path().join(".traverse-a"), b"the user's").unwrap();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3);
        clear_beside(&path);
        write_beside(&path, b"one").unwrap();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_and_what_is_no_file_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("a.txt"), folder.path().join("b.txt"));
        write_named(&path, b"one").unwrap();
        std::os::unix::fs::symlink(&path, &link).unwrap();
        write_named(&link, b"two").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"two");
        assert!(link.symlink_metadata().unwrap().is_symlink());
        let error = write_named(folder.path(), b"x").unwrap_err();
        assert_eq!(error.to_string(), "it is not a regular file");
    }

    #[test]
    fn a_folder_that_is_not_there_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        assert!(write_beside(&folder.path().join("absent/a.txt"), b"x").is_err());
    }
}
