//! Building once more, in a clean folder under another path, and comparing (spec `PKG-51` and `PKG-52`).

use super::compile::{CargoPackage, CompileOptions};
use super::difference::{self, Rebuilt};
use super::make::{self, Inputs};
use super::units::Unit;
use crate::error::CommandError;
use crate::project::Project;
use crate::toolchain::{GuestToolchain, Progress};
use cargo_metadata::MetadataCommand;
use std::fs;
use std::path::{Path, PathBuf};
use traverse_contract::canonical;

/// A module that was built again with the same bytes.
#[derive(Debug)]
pub(crate) struct Verified {
    /// `sha256:…`
    pub(crate) digest: String,
    pub(crate) bytes: usize,
}

/// Builds `project` elsewhere and compares with `module`, the bytes of what is called `name`.
///
/// # Errors
///
/// `verify-mismatch` with what differs; `dependency-outside` where a dependency by path cannot be taken along; those of a
/// build.
pub(crate) fn verify(
    project: &Project,
    module: &[u8],
    name: &str,
    offline: bool,
    progress: &dyn Progress,
) -> Result<Verified, CommandError> {
    let toolchain = make::provide_toolchain(&project.folder, progress)?;
    let root = check_dependencies(project, &toolchain, offline)?;
    let first = rebuild(project, &root, &toolchain, offline, progress)?;
    if first.module.bytes == module {
        return Ok(Verified { digest: canonical::sha256(module), bytes: module.len() });
    }
    let found = Rebuilt { module: &first.module, toolchain: &toolchain };
    let mut differences = difference::in_words(module, &found);
    if !differences.explained {
        // Nothing that is recorded differs. Does the source come to the same bytes at all?
        progress.status("Rebuilding", "once more, to see whether two builds of this source agree");
        let second = rebuild(project, &root, &toolchain, offline, progress)?;
        differences.words.push(if second.module.bytes == first.module.bytes {
            "two builds of this source agree with each other: the module was built from another source, or with \
             other settings (`RUSTFLAGS`, a profile)"
                .to_owned()
        } else {
            differences.help =
                "let nothing that runs during the build read a clock, a random source or the place of files".to_owned();
            format!(
                "two builds of this source differ from each other: something that runs during the build is not \
                 deterministic{}",
                suspects(&first.module.units)
            )
        });
    }
    let mut error = CommandError::new("verify-mismatch", format!("`{name}` is not what this source builds"));
    error.notes = differences.words;
    Err(error.help(differences.help))
}

/// What runs during the build and does not come with the SDK.
fn suspects(units: &[Unit]) -> String {
    const OF_SDK: [&str; 2] = ["proc-macro2", "quote"];
    let runs = |unit: &&Unit| {
        unit.runs_in_build
            && !unit.package.starts_with("traverse-")
            && !OF_SDK.contains(&unit.package.as_str())
    };
    let mut names: Vec<String> = units
        .iter()
        .filter(runs)
        .map(|unit| {
            let what = if unit.name.starts_with("build-script") { "the build script" } else { "the macros" };
            format!("{what} of `{}` {}", unit.package, unit.version)
        })
        .collect();
    names.dedup();
    if names.is_empty() { String::new() } else { format!(": {}", names.join(", ")) }
}

/// A build in a folder that is gone when this is.
struct Elsewhere {
    module: make::Module,
    _folder: tempfile::TempDir,
}

/// Builds a copy of the workspace at `root`, with nothing compiled before.
fn rebuild(
    project: &Project,
    root: &Path,
    toolchain: &GuestToolchain,
    offline: bool,
    progress: &dyn Progress,
) -> Result<Elsewhere, CommandError> {
    let failed =
        |path: &Path, error: &std::io::Error| CommandError::io("verify-unwritable", "write", path, error);
    let folder = tempfile::Builder::new()
        .prefix("traverse-verify-")
        .tempdir()
        .map_err(|error| failed(&std::env::temp_dir(), &error))?;
    let unresolved = |error| CommandError::io("package-not-found", "resolve", &project.folder, &error);
    let package = project.folder.canonicalize().map_err(unresolved)?;
    let inner = package.strip_prefix(root).unwrap_or(Path::new("")).to_owned();
    let copy = folder.path().join("source");
    copy_folder(root, &copy).map_err(|(path, error)| failed(&path, &error))?;
    let elsewhere = Project { folder: copy.join(inner) };
    progress.status("Rebuilding", &format!("in {}", copy.display()));
    let options = CompileOptions {
        offline,
        locked: root.join("Cargo.lock").is_file(),
        target_folder: Some(folder.path().join("target")),
        ..CompileOptions::default()
    };
    let module = Inputs::read(&elsewhere)?.make(&elsewhere, toolchain, &options, progress)?;
    Ok(Elsewhere { module, _folder: folder })
}

/// The workspace that the package is built in; every dependency by path must lie in it.
fn check_dependencies(
    project: &Project,
    toolchain: &GuestToolchain,
    offline: bool,
) -> Result<PathBuf, CommandError> {
    let manifest = project.path("Cargo.toml");
    let mut query = MetadataCommand::new();
    query.cargo_path(&toolchain.cargo).manifest_path(&manifest);
    // Nothing is written here. Without a lock file cargo would make one; the rebuild makes its own.
    let root =
        CargoPackage::read(toolchain, &manifest, &project.manifest()?.source.path.value)?.workspace_root;
    if root.join("Cargo.lock").is_file() {
        let options = ["--locked", "--offline"].map(str::to_owned);
        query.other_options(if offline { options.to_vec() } else { options[..1].to_vec() });
    } else {
        query.no_deps();
    }
    if let Some(rustc) = &toolchain.rustc {
        query.env("RUSTC", rustc).env_remove("RUSTUP_TOOLCHAIN");
    }
    let metadata = query.exec().map_err(|error| {
        CommandError::new("cargo-metadata", "cargo cannot read the package").note(error.to_string())
    })?;
    let root = metadata.workspace_root.clone().into_std_path_buf();
    let root = root.canonicalize().unwrap_or(root);
    for package in &metadata.packages {
        let path = package.manifest_path.as_std_path();
        let place = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        if package.source.is_none() && !place.starts_with(&root) {
            return Err(CommandError::new(
                "dependency-outside",
                format!("the dependency `{}` lies outside of the package: {}", package.name, path.display()),
            )
            .note("whoever has the package alone cannot build it")
            .help("move it into the package's folder, or depend on it by registry or git"));
        }
    }
    Ok(root)
}

/// Copies what a build may read; not what builds write, nor version control's own folder.
fn copy_folder(from: &Path, to: &Path) -> Result<(), (PathBuf, std::io::Error)> {
    fs::create_dir_all(to).map_err(|error| (to.to_owned(), error))?;
    for entry in fs::read_dir(from).map_err(|error| (from.to_owned(), error))? {
        let entry = entry.map_err(|error| (from.to_owned(), error))?;
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        // A folder that cargo builds into has this file; a copy may lie in what is copied.
        let is_own = path.is_dir() && to.ancestors().any(|ancestor| ancestor == path);
        if entry.file_name() == ".git" || path.join("CACHEDIR.TAG").is_file() || is_own {
            continue;
        }
        let is_link = entry.file_type().is_ok_and(|kind| kind.is_symlink());
        // A link to nothing is what editors leave.
        let Ok(metadata) = fs::metadata(&path) else { continue };
        if metadata.is_dir() && is_link {
            copy_link(&path, &target).map_err(|error| (target.clone(), error))?;
        } else if metadata.is_dir() {
            copy_folder(&path, &target)?;
        } else if metadata.is_file() {
            fs::copy(&path, &target).map_err(|error| (target.clone(), error))?;
        }
    }
    Ok(())
}

/// A link to a folder stays one, so that none is followed round and round.
#[cfg(unix)]
fn copy_link(from: &Path, to: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(fs::read_link(from)?, to)
}

/// Elsewhere the folder is copied.
#[cfg(not(unix))]
fn copy_link(from: &Path, to: &Path) -> std::io::Result<()> {
    copy_folder(from, to).map_err(|(_, error)| error)
}
