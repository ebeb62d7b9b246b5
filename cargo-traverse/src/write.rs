//! Writing a file so that a reader sees the old one or the new one, never half of it: beside, then renamed.

use std::io::Write;
use std::path::Path;

/// Writes `bytes` to `path`. The folder must exist; what `path` named before is replaced at once, and stays where
/// writing fails. Permissions of a file that is replaced are kept.
///
/// # Errors
///
/// What the system says; nothing is left beside `path` then.
pub(crate) fn write_beside(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(".traverse-");
    #[cfg(unix)]
    builder.permissions({
        use std::os::unix::fs::PermissionsExt;
        // The process's umask applies.
        std::fs::Permissions::from_mode(0o666)
    });
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(bytes)?;
    if let Ok(metadata) = std::fs::metadata(path) {
        file.as_file().set_permissions(metadata.permissions())?;
    }
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
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
    fn a_folder_that_is_not_there_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        assert!(write_beside(&folder.path().join("absent/a.txt"), b"x").is_err());
    }
}
