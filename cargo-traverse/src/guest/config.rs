//! What the user's cargo configuration says that a build has to know of: cargo itself reads the rest.

use std::path::{Path, PathBuf};
use toml_edit::{DocumentMut, Item};

/// The configuration files that cargo reads for a folder, the nearest first; and the variables that stand above them.
pub(crate) struct Config {
    files: Vec<(PathBuf, DocumentMut)>,
}

impl Config {
    /// Reads the files. One that cannot be read is left to cargo, which says so.
    pub(crate) fn read(folder: &Path, cargo_home: &Path) -> Config {
        let near = folder.ancestors().map(|folder| folder.join(".cargo"));
        let mut files: Vec<(PathBuf, DocumentMut)> = Vec::new();
        for place in near.chain([cargo_home.to_owned()]) {
            // The older name goes first where both are there.
            let found =
                ["config", "config.toml"].iter().map(|name| place.join(name)).find(|path| path.is_file());
            let Some(path) = found else { continue };
            let document = std::fs::read_to_string(&path).ok().and_then(|text| text.parse().ok());
            if let Some(document) = document.filter(|_| files.iter().all(|(known, _)| *known != path)) {
                files.push((path, document));
            }
        }
        Config { files }
    }

    /// The nearest value of a key, and the file that has it.
    pub(crate) fn text(&self, keys: &[&str]) -> Option<(&Path, String)> {
        self.files.iter().find_map(|(path, document)| {
            let item = item(document, keys)?;
            // A program may be given as a path that is relative to where the file's folder lies.
            item.as_str().map(|text| (path.as_path(), text.to_owned()))
        })
    }

    /// A list of flags, or one text of them: those of farther files first, as cargo joins them.
    pub(crate) fn flags(&self, keys: &[&str]) -> Vec<String> {
        let mut flags = Vec::new();
        for (_, document) in self.files.iter().rev() {
            match item(document, keys) {
                Some(item) if item.is_str() => {
                    flags.extend(item.as_str().unwrap_or_default().split_whitespace().map(str::to_owned));
                }
                Some(item) => {
                    let list = item.as_array().into_iter().flatten();
                    flags.extend(list.filter_map(|flag| flag.as_str().map(str::to_owned)));
                }
                None => {}
            }
        }
        flags
    }

    /// Whether a key is in any of the files.
    pub(crate) fn has(&self, keys: &[&str]) -> bool {
        self.files.iter().any(|(_, document)| item(document, keys).is_some())
    }
}

fn item<'a>(document: &'a DocumentMut, keys: &[&str]) -> Option<&'a Item> {
    keys.iter().try_fold(document.as_item(), |item, key| item.get(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// spec: PKG-26
    #[test]
    fn nearer_files_go_before_farther_ones_and_lists_join() {
        let folder = tempfile::tempdir().unwrap();
        let (home, inner) = (folder.path().join("home"), folder.path().join("a/b"));
        for place in [&home, &folder.path().join("a/.cargo"), &inner.join(".cargo")] {
            std::fs::create_dir_all(place).unwrap();
        }
        let write = |path: PathBuf, text: &str| std::fs::write(path, text).unwrap();
        write(home.join("config.toml"), "[build]\nrustflags = [\"-Ca\"]\nrustc-wrapper = \"far\"\n");
        write(folder.path().join("a/.cargo/config.toml"), "build.rustflags = \"-Cb -Cc\"\n");
        write(inner.join(".cargo/config.toml"), "build.rustc-wrapper = \"near\"\n");
        let config = Config::read(&inner, &home);
        assert_eq!(config.flags(&["build", "rustflags"]), ["-Ca", "-Cb", "-Cc"]);
        assert_eq!(config.text(&["build", "rustc-wrapper"]).unwrap().1, "near");
        assert!(!config.has(&["target", "wasm32-wasip1", "linker"]));
    }
}
