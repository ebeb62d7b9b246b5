//! A guest toolchain from Debian 12's packages alone: its compiler, and the standard library of the target, which
//! Debian does not ship, built from the compiler's own source.
//!
//! The compiler stays where the packages put it; what is made here is a folder with a `bin/rustc` that gives the
//! compiler this folder as its root. The library is a function of the packages: every path is taken out of it, so two
//! installs give the same digest wherever they lie.

use super::Progress;
use crate::error::CommandError;
use crate::guest::TARGET;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The compiler of the packages.
pub(super) const RUSTC: &str = "/usr/bin/rustc";
/// The file of a toolchain that says which compiler it was made by and for.
pub(super) const MADE_BY: &str = "made-by";

const CARGO: &str = "/usr/bin/cargo";
const LINKER: &str = "/usr/bin/lld-19";
const SOURCE: &str = "/usr/lib/rustlib/src/rust";
const WASI_LIBC: &str = "/usr/lib/wasm32-wasi";
const PACKAGES: [&str; 5] = ["rustc-web", "cargo-web", "rust-web-src", "wasi-libc", "lld-19"];
/// What the folder that a toolchain is made in begins with.
const MAKING: &str = ".making-";
/// How often a package index or package is asked for before giving up.
const ATTEMPTS: u32 = 3;

/// Why this machine cannot take this way; `None` where it can.
pub(crate) fn obstacle() -> Option<String> {
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    if !is_debian_12(&release) {
        return Some("this is not Debian 12".to_owned());
    }
    if packages_are_installed() || is_root() {
        return None;
    }
    Some(format!("only root may run `apt-get install {}`", PACKAGES.join(" ")))
}

/// Makes the toolchain at `root`, which is replaced as a whole once the new one is complete.
///
/// # Errors
///
/// `toolchain-debian`, with what failed and what it said.
pub(super) fn install(root: &Path, progress: &dyn Progress) -> Result<(), CommandError> {
    if let Some(obstacle) = obstacle() {
        return Err(failed("cannot use Debian's packages").note(obstacle).help(format!(
            "run `rustup target add {TARGET}`, or, on Debian 12 as root, \
             `cargo traverse toolchain install --from debian`"
        )));
    }
    if !packages_are_installed() {
        install_packages(progress)?;
    }
    let parent = root.parent().ok_or_else(|| failed("cannot install into the root folder"))?;
    fs::create_dir_all(parent).map_err(|error| io("make", parent, &error))?;
    remove_leftovers(parent);
    // In the same file system as `root`, so that the last step is a rename. Removed on every way out.
    let work = tempfile::Builder::new()
        .prefix(MAKING)
        .tempdir_in(parent)
        .map_err(|error| io("make a folder in", parent, &error))?;

    progress.status("Compiling", &format!("the standard library for {TARGET} (about half a minute)"));
    let library = compile_library(work.path())?;
    let stage = work.path().join("toolchain");
    assemble(&stage, &library, root)?;
    replace(&stage, root, &work.path().join("old"))
}

/// Removes what installations left that were killed. Only one process at a time comes here.
fn remove_leftovers(parent: &Path) {
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(MAKING) {
            // It is only space; the installation does not need it gone.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

fn failed(message: impl Into<String>) -> CommandError {
    CommandError::new("toolchain-debian", message)
}

fn io(verb: &str, path: &Path, error: &std::io::Error) -> CommandError {
    CommandError::io("toolchain-debian", verb, path, error)
}

fn is_debian_12(release: &str) -> bool {
    let value = |key: &str| {
        release.lines().find_map(|line| line.strip_prefix(key)).map(|value| value.trim_matches('"'))
    };
    value("ID=") == Some("debian") && value("VERSION_ID=") == Some("12")
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

fn packages_are_installed() -> bool {
    let files = [RUSTC, CARGO, LINKER, SOURCE, WASI_LIBC];
    files.iter().all(|path| Path::new(path).exists())
        && Command::new("dpkg-query").args(["-W", "-f", "${Status}\n"]).args(PACKAGES).output().is_ok_and(
            |output| {
                output.status.success()
                    && String::from_utf8_lossy(&output.stdout)
                        .lines()
                        .all(|line| line == "install ok installed")
            },
        )
}

fn install_packages(progress: &dyn Progress) -> Result<(), CommandError> {
    progress.status("Installing", &format!("Debian's packages {}", PACKAGES.join(", ")));
    apt_get(&["update"])?;
    // What the user has installed stays: a package that would push another out is an error.
    let mut arguments = vec!["install", "--yes", "--no-install-recommends", "--no-remove"];
    arguments.extend(PACKAGES);
    apt_get(&arguments)
}

/// Runs `apt-get`, which bounds its own waits, a few times; a mirror may be out of reach for a moment.
fn apt_get(arguments: &[&str]) -> Result<(), CommandError> {
    let mut said = String::new();
    for attempt in 1..=ATTEMPTS {
        let output = Command::new("apt-get")
            .args(["-qq", "-o", "Acquire::Retries=3", "-o", "Acquire::http::Timeout=30"])
            .args(["-o", "DPkg::Lock::Timeout=120"])
            .args(arguments)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .env("LC_ALL", "C.UTF-8")
            .stdin(std::process::Stdio::null())
            .output()
            .map_err(|error| io("run", Path::new("apt-get"), &error))?;
        if output.status.success() {
            return Ok(());
        }
        said = last_lines(&output.stderr);
        if attempt < ATTEMPTS {
            std::thread::sleep(std::time::Duration::from_secs(2 * u64::from(attempt)));
        }
    }
    Err(failed(format!("`apt-get {}` failed", arguments.join(" ")))
        .note(said)
        .help("run that command by hand, mend what it says, and try again"))
}

/// Builds the library in `work` and returns the folder of its crates.
fn compile_library(work: &Path) -> Result<PathBuf, CommandError> {
    let seed = work.join("seed");
    let write = |path: &Path, text: &str| fs::write(path, text).map_err(|error| io("write", path, &error));
    fs::create_dir_all(seed.join("src")).map_err(|error| io("make", &seed, &error))?;
    write(
        &seed.join("Cargo.toml"),
        "[package]\nname = \"seed\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\
         [profile.release]\npanic = \"abort\"\ndebug = false\n[workspace]\n",
    )?;
    write(&seed.join("src/lib.rs"), "")?;

    // Flags that cargo sees become part of its hashes, and the source's true path differs between systems: so the
    // paths are taken out by a wrapper, behind cargo's back, and the library is the same everywhere.
    let source = fs::canonicalize(SOURCE).map_err(|error| io("find", Path::new(SOURCE), &error))?;
    let wrapper = work.join("rustc");
    write(
        &wrapper,
        &format!(
            "#!/bin/sh\nexec {RUSTC} \"$@\" --remap-path-prefix={work}=/work \
             --remap-path-prefix={source}=/rustc --remap-path-prefix={SOURCE}=/rustc\n",
            work = quoted(work),
            source = quoted(&source),
        ),
    )?;
    make_executable(&wrapper)?;

    // The library's own dependencies come with its source, so no registry is asked.
    let cargo_home = work.join("cargo-home");
    fs::create_dir_all(&cargo_home).map_err(|error| io("make", &cargo_home, &error))?;
    write(
        &cargo_home.join("config.toml"),
        &format!(
            "[source.crates-io]\nreplace-with = \"vendored\"\n\
             [source.vendored]\ndirectory = \"{SOURCE}/library/vendor\"\n"
        ),
    )?;

    let target = work.join("target");
    let mut cargo = Command::new(CARGO);
    cargo
        .args([
            "build",
            "--release",
            "--target",
            TARGET,
            "--offline",
            "-Zbuild-std=std,panic_abort,panic_unwind",
            "--target-dir",
        ])
        .arg(&target)
        .current_dir(&seed)
        .stdin(std::process::Stdio::null())
        // The user's configuration has no say in what the library is.
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("HOME", work)
        .env("CARGO_HOME", &cargo_home)
        .env("RUSTC", &wrapper)
        // Only for this one build: the compiler's own library uses what only the compiler may.
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTFLAGS", "-Cembed-bitcode=yes")
        .env("TERM", std::env::var_os("TERM").unwrap_or_else(|| "dumb".into()));
    // Cargo's own progress is shown as it comes.
    let status = cargo.status().map_err(|error| io("run", Path::new(CARGO), &error))?;
    if !status.success() {
        return Err(failed(format!("the standard library for `{TARGET}` does not compile"))
            .note("cargo's own messages stand above, on stderr"));
    }
    Ok(target.join(TARGET).join("release").join("deps"))
}

/// Puts the parts together in `stage`, as they are to lie in `root`.
fn assemble(stage: &Path, library: &Path, root: &Path) -> Result<(), CommandError> {
    let host = host_triple()?;
    let bin = stage.join("bin");
    let libdir = stage.join("lib/rustlib").join(TARGET).join("lib");
    let objects = libdir.join("self-contained");
    let host_dir = stage.join("lib/rustlib").join(&host);
    for folder in [&bin, &objects, &host_dir.join("bin")] {
        fs::create_dir_all(folder).map_err(|error| io("make", folder, &error))?;
    }
    for entry in fs::read_dir(library).map_err(|error| io("read", library, &error))? {
        let path = entry.map_err(|error| io("read", library, &error))?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        if name.ends_with(".rlib") && !name.starts_with("libseed") {
            copy(&path, &libdir.join(name))?;
        }
    }
    for name in ["crt1-command.o", "crt1-reactor.o", "libc.a"] {
        copy(&Path::new(WASI_LIBC).join(name), &objects.join(name))?;
    }
    let link = |to: &Path, from: PathBuf| symlink(to, &from).map_err(|error| io("make", &from, &error));
    link(&Path::new("/usr/lib/rustlib").join(&host).join("lib"), host_dir.join("lib"))?;
    link(Path::new(LINKER), host_dir.join("bin/rust-lld"))?;
    link(Path::new(CARGO), bin.join("cargo"))?;

    let rustc = bin.join("rustc");
    fs::write(&rustc, format!("#!/bin/sh\nexec {RUSTC} --sysroot {} \"$@\"\n", quoted(root)))
        .map_err(|error| io("write", &rustc, &error))?;
    make_executable(&rustc)?;
    let (version, _) = super::library::ask_version(RUSTC.as_ref())?;
    let made_by = stage.join(MADE_BY);
    fs::write(&made_by, version).map_err(|error| io("write", &made_by, &error))
}

/// `x86_64-unknown-linux-gnu`, as the compiler names the machine that it runs on.
fn host_triple() -> Result<String, CommandError> {
    let output =
        Command::new(RUSTC).arg("-vV").output().map_err(|error| io("run", Path::new(RUSTC), &error))?;
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .map(str::to_owned)
        .ok_or_else(|| failed(format!("`{RUSTC}` does not say what it runs on")))
}

/// Moves `stage` to `root`; what was there goes to `old`, and comes back where that fails.
fn replace(stage: &Path, root: &Path, old: &Path) -> Result<(), CommandError> {
    let had_one = root.symlink_metadata().is_ok();
    if had_one {
        fs::rename(root, old).map_err(|error| io("move", root, &error))?;
    }
    fs::rename(stage, root).map_err(|error| {
        if had_one {
            // The error that is told is the first one; this only puts things back as they were.
            let _ = fs::rename(old, root);
        }
        io("make", root, &error)
    })
}

fn copy(from: &Path, to: &Path) -> Result<(), CommandError> {
    fs::copy(from, to).map(|_| ()).map_err(|error| io("copy", from, &error))
}

fn make_executable(path: &Path) -> Result<(), CommandError> {
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).map_err(|error| io("change", path, &error))
}

/// A path as the shell reads it back.
fn quoted(path: &Path) -> String {
    format!("'{}'", path.to_string_lossy().replace('\'', r"'\''"))
}

/// The end of what a program said, where its error stands.
fn last_lines(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    lines[lines.len().saturating_sub(12)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// spec: PKG-34
    #[test]
    fn only_debian_12_has_the_packages() {
        assert!(is_debian_12("PRETTY_NAME=\"x\"\nVERSION_ID=\"12\"\nID=debian\n"));
        assert!(!is_debian_12("VERSION_ID=\"13\"\nID=debian\n"));
        assert!(!is_debian_12("VERSION_ID=\"12\"\nID=ubuntu\nID_LIKE=debian\n"));
        assert!(!is_debian_12(""));
    }

    #[test]
    fn a_shell_reads_every_path_back() {
        assert_eq!(quoted(Path::new("/a b")), "'/a b'");
        assert_eq!(quoted(Path::new("/it's")), r"'/it'\''s'");
    }

    #[test]
    fn the_end_of_a_long_text_is_kept() {
        let text = (0..40).map(|line| format!("line {line}\n\n")).collect::<String>();
        let end = last_lines(text.as_bytes());
        assert!(end.starts_with("line 28") && end.ends_with("line 39"), "{end}");
        assert_eq!(last_lines(b""), "");
    }

    #[test]
    fn what_a_killed_installation_left_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join(".making-abc/target")).unwrap();
        fs::create_dir(folder.path().join("debian")).unwrap();
        remove_leftovers(folder.path());
        let left: Vec<_> =
            fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, ["debian"]);
    }

    #[test]
    fn a_toolchain_is_replaced_as_a_whole() {
        let folder = tempfile::tempdir().unwrap();
        let (stage, root, old) =
            (folder.path().join("stage"), folder.path().join("root"), folder.path().join("old"));
        for (place, text) in [(&stage, "new"), (&root, "before")] {
            fs::create_dir(place).unwrap();
            fs::write(place.join("file"), text).unwrap();
        }
        replace(&stage, &root, &old).unwrap();
        assert_eq!(fs::read_to_string(root.join("file")).unwrap(), "new");
        assert!(!stage.exists());
    }
}
