//! Reading what a stranger may have put on disk: regular files only, never more than a bound, and for the files of a
//! package only those that lie inside it.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The most of an artifact, a source or a file of cases that is read, in bytes (spec RUN-17).
pub const MAX_FILE_BYTES: u64 = 64 << 20;

/// The most of a manifest or a spec that is read, in bytes (spec SPEC-1).
pub const MAX_TOML_BYTES: u64 = 1 << 20;

/// All of a regular file of at most `max_bytes`. Links are followed; a pipe, a device, a folder is not opened, for
/// opening may wait for ever.
///
/// # Errors
///
/// What the system says; `InvalidInput` with a reason where the file is not a regular one, or is larger.
pub fn read_regular(path: &Path, max_bytes: u64) -> io::Result<Vec<u8>> {
    let refused = |reason: String| io::Error::new(io::ErrorKind::InvalidInput, reason);
    let metadata = fs::metadata(path)?;
    if metadata.is_dir() {
        return Err(refused("it is a folder".into()));
    }
    if !metadata.is_file() {
        return Err(refused("it is not a regular file".into()));
    }
    let too_large = || refused(format!("it is larger than {max_bytes} bytes"));
    if metadata.len() > max_bytes {
        return Err(too_large());
    }
    // The size is checked again: a file may grow, and those that the system makes up have none.
    let mut bytes = Vec::new();
    File::open(path)?.take(max_bytes.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > max_bytes {
        return Err(too_large());
    }
    Ok(bytes)
}

/// [`read_regular`], as text.
///
/// # Errors
///
/// As there; `InvalidData` where it is not UTF-8.
pub fn read_regular_text(path: &Path, max_bytes: u64) -> io::Result<String> {
    let bytes = read_regular(path, max_bytes)?;
    String::from_utf8(bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

/// Where a file of the package in `folder` lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Located {
    /// Inside the package, without links.
    Inside(PathBuf),
    /// Elsewhere: some link on the way leads out (spec RUN-3).
    Outside(PathBuf),
}

/// Follows every link on the way to the file that `folder` names `relative`.
///
/// # Errors
///
/// What the system says, for example that there is no such file.
pub fn locate(folder: &Path, relative: &str) -> io::Result<Located> {
    let root = folder.canonicalize()?;
    let target = root.join(relative).canonicalize()?;
    Ok(if target.starts_with(&root) { Located::Inside(target) } else { Located::Outside(target) })
}
