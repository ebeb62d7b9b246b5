//! The command's own data folder: `$TRAVERSE_HOME`, else `traverse` in the user's data folder (spec `PKG-32`).

use super::Progress;
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
        let path = choose(|name| std::env::var_os(name).map(PathBuf::from), std::env::home_dir())
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

    /// Where compiled modules are kept.
    pub(crate) fn compiled(&self) -> PathBuf {
        self.path.join("compiled")
    }

    /// Waits, after one line, for every other process that installs, and keeps them out until the file is dropped.
    ///
    /// # Errors
    ///
    /// `data-folder` where the folder cannot be made or written.
    pub(crate) fn lock(&self, progress: &dyn Progress) -> Result<File, CommandError> {
        fs::create_dir_all(&self.path)
            .map_err(|error| CommandError::io("data-folder", "make", &self.path, &error))?;
        let path = self.path.join("lock");
        let file =
            File::create(&path).map_err(|error| CommandError::io("data-folder", "write", &path, &error))?;
        if file.try_lock().is_err() {
            progress.status("Waiting", "for another installation to finish");
        }
        file.lock().map_err(|error| CommandError::io("data-folder", "lock", &path, &error))?;
        Ok(file)
    }
}

/// The folder by the variables and the home folder; empty variables count as not set.
fn choose(variable: impl Fn(&str) -> Option<PathBuf>, home: Option<PathBuf>) -> Option<PathBuf> {
    let variable = |name: &str| variable(name).filter(|value| !value.as_os_str().is_empty());
    variable(HOME_VARIABLE)
        // The base directory specification has relative paths ignored.
        .or_else(|| {
            variable("XDG_DATA_HOME").filter(|path| path.is_absolute()).map(|path| path.join("traverse"))
        })
        .or_else(|| home.map(|home| home.join(".local/share/traverse")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use traverse_contract::{Diagnostic, Source};

    struct Silent;

    impl Progress for Silent {
        fn status(&self, _verb: &str, _text: &str) {}
        fn warn(&self, _text: &str) {}
        fn diagnostic(&self, _source: &Source, _diagnostic: &Diagnostic) {}
    }

    /// spec: PKG-32
    #[test]
    fn the_folder_is_where_the_variables_say() {
        let chosen = |own: &str, xdg: &str| {
            let variable = |name: &str| match name {
                "TRAVERSE_HOME" => Some(PathBuf::from(own)),
                _ => Some(PathBuf::from(xdg)),
            };
            choose(variable, Some("/h".into())).unwrap()
        };
        assert_eq!(chosen("/own", "/xdg"), Path::new("/own"));
        assert_eq!(chosen("", "/xdg"), Path::new("/xdg/traverse"));
        assert_eq!(chosen("", "xdg"), Path::new("/h/.local/share/traverse"));
        assert_eq!(chosen("", ""), Path::new("/h/.local/share/traverse"));
        assert_eq!(choose(|_| None, None), None);
    }

    /// spec: PKG-36
    #[test]
    fn one_process_installs_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let data = DataFolder { path: folder.path().join("data") };
        let held = data.lock(&Silent).unwrap();
        let second = File::create(data.path().join("lock")).unwrap();
        assert!(second.try_lock().is_err());
        drop(held);
        assert!(second.try_lock().is_ok());
    }
}
