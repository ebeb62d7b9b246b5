//! The command's own data folder: `$TRAVERSE_HOME`, else `traverse` in the user's data folder (spec `PKG-32`).

use crate::error::CommandError;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// Names the folder; it need not exist.
const HOME_VARIABLE: &str = "TRAVERSE_HOME";

/// The data folder. Nothing is made in it before something is installed or remembered.
#[derive(Debug, Clone)]
pub(crate) struct DataFolder {
    path: PathBuf,
}

impl DataFolder {
    /// The folder of this user.
    ///
    /// # Errors
    ///
    /// `data-folder` where neither the variables nor a home folder say where it is.
    pub(crate) fn locate() -> Result<DataFolder, CommandError> {
        let variable =
            |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let path = variable(HOME_VARIABLE)
            .or_else(|| {
                variable("XDG_DATA_HOME").filter(|path| path.is_absolute()).map(|path| path.join("traverse"))
            })
            .or_else(|| std::env::home_dir().map(|home| home.join(".local/share/traverse")))
            .ok_or_else(|| {
                CommandError::new("data-folder", "there is no home folder for the command's data")
                    .help(format!("set `{HOME_VARIABLE}` to a folder that you may write"))
            })?;
        let path = std::path::absolute(&path)
            .map_err(|error| CommandError::io("data-folder", "resolve", &path, &error))?;
        Ok(DataFolder { path })
    }

    /// The folder itself.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Where the toolchain from Debian's packages lies.
    pub(crate) fn debian_toolchain(&self) -> PathBuf {
        self.path.join("toolchains").join("debian")
    }

    /// Where facts about compilers are remembered.
    pub(crate) fn remembered(&self) -> PathBuf {
        self.path.join("compilers.json")
    }

    /// Waits for every other process that installs, and keeps them out until the file is dropped.
    ///
    /// # Errors
    ///
    /// `data-folder` where the folder cannot be made or written.
    pub(crate) fn lock(&self) -> Result<File, CommandError> {
        fs::create_dir_all(&self.path)
            .map_err(|error| CommandError::io("data-folder", "make", &self.path, &error))?;
        let path = self.path.join("lock");
        let file =
            File::create(&path).map_err(|error| CommandError::io("data-folder", "write", &path, &error))?;
        file.lock().map_err(|error| CommandError::io("data-folder", "lock", &path, &error))?;
        Ok(file)
    }
}
