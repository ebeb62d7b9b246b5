//! Compiled code on disk (spec `RUN-18`): what was compiled once need not be compiled by the next process.
//!
//! An entry is machine code that this process will run, so it is only taken from a file that nobody else can have written,
//! and whose content is whole: everything else is compiled anew, and replaced.

use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::hash::{Hash, Hasher};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};
use wasmtime::{Engine, Module};

/// Where compiled code is kept, and how much of it.
///
/// The folder is made where it is not there, for its owner alone. Many processes may use one at the same time.
#[derive(Debug, Clone)]
pub struct Cache {
    folder: PathBuf,
    max_bytes: u64,
    seen: Arc<Mutex<Option<Seen>>>,
}

/// What lay there when this process last looked, and what it has put there since.
#[derive(Debug)]
struct Seen {
    entries: usize,
    bytes: u64,
    stored: u32,
}

/// What is in the folder: last change, size and place of each.
#[derive(Default)]
struct Listed {
    entries: Vec<(SystemTime, u64, PathBuf)>,
    /// What is being written, or was by a process that is no more.
    unfinished: Vec<(SystemTime, u64, PathBuf)>,
}

/// What lies in a cache.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CacheUse {
    /// Number of modules.
    pub entries: u64,
    /// Their size together.
    pub bytes: u64,
}

/// An entry begins with this; then come the sha256 of the code and the code.
const HEAD: &[u8] = b"traverse compiled module, form 1\n";
const DIGEST_BYTES: usize = 32;
/// How files begin that are being written.
const WRITING: &str = ".writing-";
/// How the files of entries end.
const ENDING: &str = "compiled";
/// No entry that is larger is read.
const MAX_ENTRY_BYTES: u64 = 512 << 20;
/// So many entries at most, so that looking through them takes no longer as time goes by.
const MAX_ENTRIES: usize = 1000;
/// A process looks through them after so many of its own, or sooner if the cache may be full: others write, too.
const LOOK_AFTER: u32 = 32;
/// No writer takes so long.
const ABANDONED: Duration = Duration::from_secs(3600);
/// 256 MiB.
const DEFAULT_MAX_BYTES: u64 = 256 << 20;

impl Cache {
    /// A cache in `folder`, of at most 256 MiB and 1,000 modules; those that were used longest ago go first.
    pub fn at(folder: impl Into<PathBuf>) -> Cache {
        Cache { folder: folder.into(), max_bytes: DEFAULT_MAX_BYTES, seen: Arc::default() }
    }

    /// At most so many bytes.
    pub fn max_bytes(mut self, bytes: u64) -> Cache {
        self.max_bytes = bytes;
        self
    }

    /// Where it lies.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What lies in it; nothing where there is no folder.
    ///
    /// # Errors
    ///
    /// What the system says of the folder.
    pub fn contents(&self) -> io::Result<CacheUse> {
        let mut found = CacheUse::default();
        for (_, bytes, _) in self.listed()?.entries {
            found.entries += 1;
            found.bytes += bytes;
        }
        Ok(found)
    }

    /// Removes everything that lies in it, and says what that was.
    ///
    /// # Errors
    ///
    /// What the system says of the first file that cannot be removed.
    pub fn clear(&self) -> io::Result<CacheUse> {
        let mut removed = CacheUse::default();
        let listed = self.listed()?;
        for (_, _, path) in listed.unfinished {
            remove(&path)?;
        }
        for (_, bytes, path) in listed.entries {
            if remove(&path)? {
                removed.entries += 1;
                removed.bytes += bytes;
            }
        }
        Ok(removed)
    }

    fn listed(&self) -> io::Result<Listed> {
        let mut listed = Listed::default();
        let folder = match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(listed),
            folder => folder?,
        };
        for entry in folder {
            let entry = entry?;
            let path = entry.path();
            let is_entry = path.extension().is_some_and(|ending| ending == ENDING);
            let is_unfinished = entry.file_name().to_string_lossy().starts_with(WRITING);
            // What goes while it is looked at is gone.
            let Ok(metadata) = path.symlink_metadata() else { continue };
            if !metadata.is_file() || !(is_entry || is_unfinished) {
                continue;
            }
            let into = if is_unfinished { &mut listed.unfinished } else { &mut listed.entries };
            into.push((metadata.modified()?, metadata.len(), path));
        }
        Ok(listed)
    }

    /// The module of these bytes, compiled before or now. What cannot be kept is compiled all the same.
    pub(super) fn compile(&self, engine: &Engine, wasm: &[u8]) -> wasmtime::Result<Module> {
        let path = self.folder.join(format!("{}.{ENDING}", key(engine, wasm)));
        if let Some(module) = load(engine, &path) {
            return Ok(module);
        }
        let module = Module::from_binary(engine, wasm)?;
        let code = module.serialize()?;
        if code.len() as u64 > self.max_bytes / 2 {
            // It would drive out all others.
            return Ok(module);
        }
        // A cache that cannot be written is none; the call is not its business.
        let _ = self.store(&path, &code);
        Ok(module)
    }

    fn store(&self, path: &Path, code: &[u8]) -> io::Result<()> {
        let mut folder = fs::DirBuilder::new();
        folder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
        folder.create(&self.folder)?;
        let metadata = fs::symlink_metadata(&self.folder)?;
        if !metadata.is_dir() || !is_private(&metadata) {
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, "others may write into the folder"));
        }
        // Made for its owner alone, and whole before it has its name.
        let mut file = tempfile::Builder::new().prefix(WRITING).tempfile_in(&self.folder)?;
        file.write_all(HEAD)?;
        file.write_all(&Sha256::digest(code))?;
        file.write_all(code)?;
        file.persist(path).map_err(|error| error.error)?;
        self.make_room((HEAD.len() + DIGEST_BYTES + code.len()) as u64)
    }

    /// After an entry of so many bytes: removes what was used longest ago, until what is left is within the bounds with a tenth to
    /// spare. To look costs as much as there are entries, so it is not done for each.
    fn make_room(&self, added_bytes: u64) -> io::Result<()> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(seen) = seen.as_mut() {
            seen.entries += 1;
            seen.bytes += added_bytes;
            seen.stored += 1;
            if seen.stored < LOOK_AFTER && seen.bytes <= self.max_bytes && seen.entries <= MAX_ENTRIES {
                return Ok(());
            }
        }
        let Listed { mut entries, unfinished } = self.listed()?;
        let long_ago = SystemTime::now().checked_sub(ABANDONED);
        for (written, _, path) in unfinished {
            if long_ago.is_some_and(|long_ago| written < long_ago) {
                remove(&path)?;
            }
        }
        let mut bytes: u64 = entries.iter().map(|(_, bytes, _)| bytes).sum();
        let mut count = entries.len();
        if bytes > self.max_bytes || count > MAX_ENTRIES {
            entries.sort();
            for (_, size, path) in entries {
                if bytes <= self.max_bytes / 10 * 9 && count <= MAX_ENTRIES / 10 * 9 {
                    break;
                }
                remove(&path)?;
                (bytes, count) = (bytes - size, count - 1);
            }
        }
        *seen = Some(Seen { entries: count, bytes, stored: 0 });
        Ok(())
    }
}

/// Whether it was there: another process may be faster.
fn remove(path: &Path) -> io::Result<bool> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Module, engine and settings: code of another version of the engine has another key.
fn key(engine: &Engine, wasm: &[u8]) -> String {
    let mut hasher = Fnv(0xcbf2_9ce4_8422_2325);
    engine.precompile_compatibility_hash().hash(&mut hasher);
    let digest = Sha256::digest(wasm);
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{hex}-{:016x}", hasher.finish())
}

/// The entry at `path`, if it may be trusted and is whole. One that is not is left for its replacement.
fn load(engine: &Engine, path: &Path) -> Option<Module> {
    let folder = fs::symlink_metadata(path.parent()?).ok()?;
    // In a folder that is this user's alone nobody puts a pipe, which would be waited for.
    if !folder.is_dir() || !is_private(&folder) || !fs::symlink_metadata(path).ok()?.is_file() {
        return None;
    }
    let mut file = File::open(path).ok()?;
    // Of the file that is open, whatever has the name by now.
    let metadata = file.metadata().ok()?;
    if !metadata.is_file()
        || !is_private(&metadata)
        || !is_private(&folder)
        || metadata.len() > MAX_ENTRY_BYTES
    {
        return None;
    }
    let mut bytes = Vec::with_capacity(metadata.len() as usize);
    Read::by_ref(&mut file).take(MAX_ENTRY_BYTES).read_to_end(&mut bytes).ok()?;
    let (digest, code) = bytes.strip_prefix(HEAD)?.split_at_checked(DIGEST_BYTES)?;
    if Sha256::digest(code).as_slice() != digest {
        return None;
    }
    // SAFETY: the file belongs to this user, nobody else may write it or into its folder, and its content is what a process of
    // this user wrote after compiling, whole. The engine itself refuses code of another version or other settings.
    let module = unsafe { Module::deserialize(engine, code) }.ok()?;
    // Used now; an entry whose time cannot be set is only taken for older than it is.
    let _ = file.set_modified(SystemTime::now());
    Some(module)
}

/// Whether it belongs to this user and nobody else may write it.
#[cfg(unix)]
fn is_private(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    metadata.uid() == rustix::process::geteuid().as_raw() && metadata.permissions().mode() & 0o022 == 0
}

/// Elsewhere nothing is known of that, so nothing is trusted.
#[cfg(not(unix))]
fn is_private(_: &fs::Metadata) -> bool {
    false
}

/// FNV-1a, the same in every process.
struct Fnv(u64);

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
