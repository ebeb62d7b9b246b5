//! Packs what `cargo traverse new` writes out: the SDK's sources and the templates, each file as it stands in the
//! repository. What is done to them on the way into a project is `src/vendor`'s business.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// The crates that a capability is compiled with.
const SDK_CRATES: [&str; 5] =
    ["traverse-contract", "traverse-expand", "traverse-guest", "traverse-macros", "traverse-sdk"];

fn main() -> io::Result<()> {
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let repository = here.parent().expect("the crate lies in the repository").to_owned();
    let mut packed = Packed::default();

    for name in SDK_CRATES {
        let folder = repository.join(name);
        packed.file(&folder.join("Cargo.toml"), &format!("{name}/Cargo.toml"))?;
        packed.folder(&folder.join("src"), &format!("{name}/src"), &is_shipped_source)?;
    }
    packed.file(&repository.join("LICENSE"), "LICENSE")?;
    let sdk = std::mem::take(&mut packed.entries);

    packed.folder(&repository.join("templates"), "", &is_template_file)?;
    let templates = packed.entries;

    let text = format!(
        "pub(super) static SDK: &[(&str, &[u8])] = &[\n{sdk}];\n\
         pub(super) static TEMPLATES: &[(&str, &[u8])] = &[\n{templates}];\n"
    );
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it")).join("packed.rs");
    fs::write(out, text)?;
    println!("cargo::rerun-if-changed=build.rs");
    Ok(())
}

/// The crates' own tests stay here: they need what a project does not have.
fn is_shipped_source(path: &Path) -> bool {
    let test = path.file_name().is_some_and(|name| name == "tests.rs")
        || path.components().any(|part| part.as_os_str() == "tests" || part.as_os_str() == "snapshots");
    !test && path.extension().is_some_and(|extension| extension == "rs")
}

/// What building a template in place leaves behind is not part of it.
fn is_template_file(path: &Path) -> bool {
    !path
        .components()
        .any(|part| ["target", "vendor", "artifacts"].iter().any(|name| part.as_os_str() == *name))
}

#[derive(Default)]
struct Packed {
    /// Lines `("name", include_bytes!("file")),`
    entries: String,
}

impl Packed {
    fn file(&mut self, path: &Path, name: &str) -> io::Result<()> {
        if !path.is_file() {
            return Err(io::Error::new(io::ErrorKind::NotFound, format!("{} is not there", path.display())));
        }
        println!("cargo::rerun-if-changed={}", path.display());
        let path = path.to_str().expect("the repository's paths are UTF-8");
        writeln!(self.entries, "    ({name:?}, include_bytes!({path:?})),")
            .expect("a string takes everything");
        Ok(())
    }

    /// Every file of a folder that `take` takes by its path in the folder, sorted.
    fn folder(&mut self, folder: &Path, name: &str, take: &dyn Fn(&Path) -> bool) -> io::Result<()> {
        println!("cargo::rerun-if-changed={}", folder.display());
        let mut files = Vec::new();
        walk(folder, Path::new(""), take, &mut files)?;
        files.sort();
        for file in files {
            let inner: Vec<_> = file.components().map(|part| part.as_os_str().to_string_lossy()).collect();
            let name = if name.is_empty() { inner.join("/") } else { format!("{name}/{}", inner.join("/")) };
            self.file(&folder.join(&file), &name)?;
        }
        Ok(())
    }
}

fn walk(root: &Path, inner: &Path, take: &dyn Fn(&Path) -> bool, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(root.join(inner))? {
        let entry = entry?;
        let path = inner.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            walk(root, &path, take, files)?;
        } else if take(&path) {
            files.push(path);
        }
    }
    Ok(())
}
