//! Where a package is: from `--manifest-path`, a positional path, or the current folder (spec `CLI-4`).

use crate::error::CommandError;
use crate::guest::publish;
use std::path::{Path, PathBuf};
use std::{fs, io};
use traverse_contract::package::{MANIFEST_FILE, SPEC_FILE};
use traverse_contract::{Source, canonical, package};
use traverse_runtime::file::{Located, MAX_FILE_BYTES, MAX_TOML_BYTES, locate, read_regular};

/// A package folder. Its files may still be missing or broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Project {
    /// The folder that holds `traverse.package.toml`, as the user named it.
    pub(crate) folder: PathBuf,
}

impl Project {
    /// The package of `--manifest-path`, or of the current folder, or of the nearest above it.
    ///
    /// # Errors
    /// `package-not-found` where the path is not there, or is a file of another name.
    pub(crate) fn locate(manifest_path: Option<&Path>) -> Result<Project, CommandError> {
        let Some(path) = manifest_path else { return Ok(Project::around_here()) };
        if path.is_dir() {
            return Ok(Project { folder: path.to_owned() });
        }
        let known = path
            .file_name()
            .is_some_and(|name| name == MANIFEST_FILE || name == "Cargo.toml" || name == SPEC_FILE);
        if !known && path.exists() {
            return Err(CommandError::new(
                "package-not-found",
                format!("`{}` is neither a package folder nor `{MANIFEST_FILE}`", path.display()),
            )
            .help(format!("give the folder that holds `{MANIFEST_FILE}`, or the path of that file")));
        }
        let folder = match path.parent() {
            Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
            Some(parent) => parent,
            None => Path::new("."),
        };
        if !known || !folder.is_dir() {
            return Err(CommandError::new("package-not-found", format!("there is no `{}`", path.display()))
                .help("`cargo traverse new NAME` makes a package"));
        }
        Ok(Project { folder: folder.to_owned() })
    }

    /// The package of the current folder or of the nearest one above it, as cargo looks for its own; the current
    /// folder, where there is none.
    fn around_here() -> Project {
        let holds_package =
            |folder: &Path| [MANIFEST_FILE, SPEC_FILE].into_iter().any(|name| folder.join(name).is_file());
        let here = std::env::current_dir().unwrap_or_default();
        let folder = match here.ancestors().position(holds_package) {
            None | Some(0) => PathBuf::from("."),
            Some(levels) => PathBuf::from(vec![".."; levels].join("/")),
        };
        Project { folder }
    }

    /// A file of the package, by its path in it.
    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        if self.folder == Path::new(".") { PathBuf::from(relative) } else { self.folder.join(relative) }
    }

    /// Reads the text of a file of the package, named by its path in it.
    ///
    /// # Errors
    /// `manifest-missing`, `spec-missing`, `file-unreadable`.
    pub(crate) fn read(&self, relative: &str) -> Result<Source, CommandError> {
        let path = self.path(relative);
        let max_bytes = if relative.ends_with(".toml") { MAX_TOML_BYTES } else { MAX_FILE_BYTES };
        let read = self.inside(relative)?.and_then(|target| read_regular(&target, max_bytes));
        let error = match read {
            Ok(bytes) => {
                return match String::from_utf8(bytes) {
                    Ok(text) => Ok(Source { name: path.display().to_string(), text }),
                    Err(error) => Err(CommandError::new(
                        "file-unreadable",
                        format!(
                            "`{}` is not UTF-8: invalid byte at {}",
                            path.display(),
                            error.utf8_error().valid_up_to()
                        ),
                    )),
                };
            }
            Err(error) => error,
        };
        if error.kind() != io::ErrorKind::NotFound {
            return Err(CommandError::io("file-unreadable", "read", &path, &error));
        }
        Err(match relative {
            MANIFEST_FILE => CommandError::new(
                "manifest-missing",
                format!("there is no `{MANIFEST_FILE}` in {}", self.folder_for_people()),
            )
            .help("go to a package's folder, name it with `--manifest-path`, or make one with `cargo traverse new NAME`"),
            SPEC_FILE => CommandError::new(
                "spec-missing",
                format!("there is no `{SPEC_FILE}` in {}", self.folder_for_people()),
            )
            .help("a package's contract stands in this file"),
            _ => CommandError::new("file-missing", format!("there is no `{}`", path.display())),
        })
    }

    /// Where a file of the package lies after every link has been followed, or why that cannot be known.
    ///
    /// # Errors
    /// `path-outside-package` where a link leads out of the package, as the runtime has it (spec RUN-3).
    pub(crate) fn inside(&self, relative: &str) -> Result<io::Result<PathBuf>, CommandError> {
        Ok(match locate(&self.folder, relative) {
            Ok(Located::Inside(target)) => Ok(target),
            Ok(Located::Outside(target)) => {
                return Err(CommandError::new(
                    "path-outside-package",
                    format!("`{relative}` leads out of the package: it is `{}`", target.display()),
                )
                .help("move the file into the package; links may not lead out of it"));
            }
            Err(error) => Err(error),
        })
    }

    /// Reads the manifest.
    ///
    /// # Errors
    /// `manifest-missing`, `file-unreadable`, and `manifest-invalid` with a diagnostic for everything wrong in it.
    pub(crate) fn manifest(&self) -> Result<package::Manifest, CommandError> {
        let source = self.read(MANIFEST_FILE)?;
        package::Manifest::from_toml(&source).map_err(|diagnostics| {
            CommandError::new("manifest-invalid", format!("`{}` is not a valid manifest", source.name))
                .diagnostics(&source, diagnostics)
        })
    }

    /// Where the module lies that the manifest names: in its place, or beside it, where a build that was stopped has left it
    /// (spec PKG-29).
    pub(crate) fn artifact(&self, manifest: &package::Manifest) -> PathBuf {
        let place = self.path(&manifest.binary.path.value);
        let next = publish::next_place(&place);
        let Some(digest) = &manifest.binary.digest else { return place };
        let is_next = fs::read(&next).is_ok_and(|bytes| canonical::sha256(&bytes) == digest.value);
        if is_next { next } else { place }
    }

    /// Says what every command says where there is no manifest.
    ///
    /// # Errors
    /// `manifest-missing`.
    pub(crate) fn require_manifest(&self) -> Result<(), CommandError> {
        match self.read(MANIFEST_FILE) {
            Err(error) if error.code == "manifest-missing" => Err(error),
            _ => Ok(()),
        }
    }

    /// A source that was changed after the artifact was built: one beside the capability's, the spec or `Cargo.toml`.
    pub(crate) fn newer_than_artifact(&self) -> Option<PathBuf> {
        let manifest = self.manifest().ok()?;
        let modified = |path: &Path| fs::metadata(path).and_then(|metadata| metadata.modified()).ok();
        let built = modified(&self.path(&manifest.binary.path.value))?;
        let source = self.path(&manifest.source.path.value);
        let mut candidates = vec![source.clone()];
        if let Some(folder) = source.parent() {
            files_below(folder, &mut candidates);
        }
        candidates.push(self.path(&manifest.capability_ref.contract_path.value));
        candidates.push(self.path("Cargo.toml"));
        candidates.into_iter().find(|path| modified(path).is_some_and(|changed| changed > built))
    }

    fn folder_for_people(&self) -> String {
        if self.folder == Path::new(".") {
            "this folder or above it".to_owned()
        } else {
            format!("`{}`", self.folder.display())
        }
    }
}

/// The regular files in a folder and in those below it, links not followed; hidden ones are left out.
fn files_below(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut entries: Vec<_> = entries.flatten().collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let Ok(kind) = entry.file_type() else { continue };
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        if kind.is_dir() {
            files_below(&entry.path(), files);
        } else if kind.is_file() {
            files.push(entry.path());
        }
    }
}

/// What `run` and `inspect` work on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// A `.wasm` file alone.
    Module(PathBuf),
    /// A package folder.
    Package(Project),
}

impl Target {
    /// From the positional path, else from `--manifest-path`, else the current folder.
    ///
    /// # Errors
    /// A usage error where both are given; `path-missing`; those of [`Project::locate`].
    pub(crate) fn locate(path: Option<&Path>, manifest_path: Option<&Path>) -> Result<Target, CommandError> {
        let Some(path) = path else {
            return Project::locate(manifest_path).map(Target::Package);
        };
        if manifest_path.is_some() {
            return Err(CommandError::usage("`--manifest-path` and a path both say what to work on")
                .help("give one of the two"));
        }
        let is_manifest = path.file_name().is_some_and(|name| name == MANIFEST_FILE || name == "Cargo.toml");
        if path.is_dir() || is_manifest {
            return Project::locate(Some(path)).map(Target::Package);
        }
        let named_wasm = path.extension().is_some_and(|extension| extension == "wasm");
        if path.exists() || named_wasm {
            return Ok(Target::Module(path.to_owned()));
        }
        Err(CommandError::new("path-missing", format!("there is no `{}`", path.display()))
            .help("give a package folder or a `.wasm` file"))
    }
}
