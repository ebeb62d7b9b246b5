//! The spec that a command is asked about where nothing is to be built: of a package, or a file alone.

use crate::error::CommandError;
use crate::project::{Project, Target};
use std::io;
use std::path::{Path, PathBuf};
use traverse_contract::package::{MANIFEST_FILE, SPEC_FILE};
use traverse_contract::{Contract, Source};
use traverse_runtime::file::{MAX_TOML_BYTES, read_regular};

/// A spec's text and where it lies.
#[derive(Debug, Clone)]
pub(crate) struct SpecFile {
    /// The file.
    pub(crate) path: PathBuf,
    /// Its text.
    pub(crate) source: Source,
}

impl SpecFile {
    /// The `.toml` file that `path` names, else the spec of the package there, of `--manifest-path` or of the current
    /// folder. A package need not have a manifest yet: the contract is written first.
    ///
    /// # Errors
    /// `spec-missing`, `file-unreadable`; those of the manifest; those of [`Target::locate`]; a usage error for a
    /// `.wasm` file.
    pub(crate) fn locate(
        path: Option<&Path>,
        manifest_path: Option<&Path>,
    ) -> Result<SpecFile, CommandError> {
        if let Some(path) = path.filter(|path| is_spec_alone(path)) {
            if manifest_path.is_some() {
                // Says that the two do not go together.
                Target::locate(Some(path), manifest_path)?;
            }
            return SpecFile::alone(path);
        }
        match Target::locate(path, manifest_path)? {
            Target::Package(project) => SpecFile::of_package(&project),
            Target::Module(path) => Err(CommandError::usage(format!("`{}` is not a spec", path.display()))
                .help(format!("give a package folder or its `{SPEC_FILE}`"))),
        }
    }

    /// The spec that the package's manifest names.
    ///
    /// # Errors
    /// As [`SpecFile::locate`].
    pub(crate) fn of_package(project: &Project) -> Result<SpecFile, CommandError> {
        let relative = match project.manifest() {
            Ok(manifest) => manifest.capability_ref.contract_path.value,
            Err(error) if error.code == "manifest-missing" => SPEC_FILE.to_owned(),
            Err(error) => return Err(error),
        };
        Ok(SpecFile { path: project.path(&relative), source: project.read(&relative)? })
    }

    fn alone(path: &Path) -> Result<SpecFile, CommandError> {
        let bytes = read_regular(path, MAX_TOML_BYTES).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => {
                CommandError::new("spec-missing", format!("there is no `{}`", path.display()))
                    .help("a package's contract stands in this file")
            }
            _ => CommandError::io("file-unreadable", "read", path, &error),
        })?;
        let source = text(path.display().to_string(), bytes)?;
        Ok(SpecFile { path: path.to_owned(), source })
    }

    /// The contract that it holds.
    ///
    /// # Errors
    /// `spec-invalid` with everything that is wrong.
    pub(crate) fn contract(&self) -> Result<Contract, CommandError> {
        Contract::from_toml(&self.source).map_err(|diagnostics| {
            CommandError::new("spec-invalid", format!("`{}` is not a valid contract", self.source.name))
                .diagnostics(&self.source, diagnostics)
        })
    }
}

/// Bytes of a spec as text.
///
/// # Errors
/// `file-unreadable` where they are not UTF-8.
pub(crate) fn text(name: String, bytes: Vec<u8>) -> Result<Source, CommandError> {
    String::from_utf8(bytes).map(|text| Source { name: name.clone(), text }).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        CommandError::new("file-unreadable", format!("`{name}` is not UTF-8: invalid byte at {at}"))
    })
}

/// A `.toml` file that stands for itself, not for its package.
fn is_spec_alone(path: &Path) -> bool {
    let of_package = path.file_name().is_some_and(|name| name == MANIFEST_FILE || name == "Cargo.toml");
    !of_package && path.extension().is_some_and(|extension| extension == "toml") && !path.is_dir()
}
