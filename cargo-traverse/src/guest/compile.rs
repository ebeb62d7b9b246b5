//! Runs cargo for a package, so that the same source gives the same bytes wherever package, cargo home, target folder
//! and compiler lie (spec `PKG-26`).

use super::config::Config;
use super::link::LINKING_VARIABLE;
use super::settings::{cargo_home, debug_settings, linker_setting, path_flags, respect_users};
use super::units::{Unit, unit_of, warn_of_outside};
use super::wrapper::{ROOT_VARIABLE, TIMES_VARIABLE};
use super::{TARGET, source};
use crate::error::{CommandError, io_reason};
use crate::toolchain::{GuestToolchain, Progress};
use cargo_metadata::{Artifact, Message, MetadataCommand, TargetKind};
use std::collections::BTreeSet;
use std::io::{BufReader, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use traverse_contract::compiled::FINGERPRINT_VARIABLE;
use traverse_contract::spec::Limits;

/// What memory has above stack and data, so that a small call need not ask the host for more (spec PKG-26).
const SMALL_CALL_BYTES: usize = 64 << 10;

/// What cargo says of a package, without looking at its dependencies.
#[derive(Debug)]
pub(crate) struct CargoPackage {
    /// Its name.
    pub(super) name: String,
    /// The binary that is the capability.
    pub(crate) binary: String,
    /// The binary's source.
    pub(super) source: PathBuf,
    /// The `Cargo.toml`.
    pub(crate) manifest_path: PathBuf,
    /// Where the `Cargo.lock` lies.
    pub(crate) workspace_root: PathBuf,
    /// Where cargo writes.
    pub(crate) target_folder: PathBuf,
}

/// How to compile.
#[derive(Debug, Clone, Default)]
pub(crate) struct CompileOptions {
    /// Use no network.
    pub(crate) offline: bool,
    /// The lock file must be there and up to date, and so must toolchain and digests in the manifest.
    pub(crate) locked: bool,
    /// Keep names of functions and lines of the source.
    pub(crate) debug: bool,
    /// Where the compiler's wrapper is to write how long each crate took.
    pub(crate) times: Option<PathBuf>,
    /// Where cargo writes, if not where it would.
    pub(crate) target_folder: Option<PathBuf>,
}

/// What cargo made.
pub(crate) struct Linked {
    /// The module as it was linked.
    pub(crate) module: Vec<u8>,
    /// The crates that were compiled for it, or were compiled already.
    pub(crate) units: Vec<Unit>,
}

impl CargoPackage {
    /// The package of the `Cargo.toml` at `manifest_path`, whose capability's source is `entry`, a path in the package.
    ///
    /// # Errors
    ///
    /// `cargo-metadata` where cargo cannot read the package, `binary-missing` where none of its binaries has that source.
    pub(crate) fn read(
        toolchain: &GuestToolchain,
        manifest_path: &Path,
        entry: &str,
    ) -> Result<CargoPackage, CommandError> {
        // A package found above the current folder is named by way of `..`, which would stay in an absolute path.
        let resolved = if manifest_path.starts_with("..") {
            manifest_path.canonicalize()
        } else {
            std::path::absolute(manifest_path)
        };
        let manifest_path =
            resolved.map_err(|error| CommandError::io("cargo-metadata", "resolve", manifest_path, &error))?;
        if !manifest_path.is_file() {
            return Err(CommandError::new(
                "cargo-metadata",
                format!("there is no `{}`", manifest_path.display()),
            )
            .help("`cargo traverse new NAME` makes a package"));
        }
        let mut query = MetadataCommand::new();
        query.cargo_path(&toolchain.cargo).manifest_path(&manifest_path).no_deps();
        if let Some(folder) = manifest_path.parent() {
            query.current_dir(folder);
        }
        if let Some(folder) = std::env::var_os("CARGO_TARGET_DIR").filter(|folder| !folder.is_empty()) {
            // A relative one is meant from where the user is.
            query.env("CARGO_TARGET_DIR", std::path::absolute(&folder).unwrap_or_else(|_| folder.into()));
        }
        if let Some(rustc) = &toolchain.rustc {
            query.env("RUSTC", rustc).env_remove("RUSTUP_TOOLCHAIN");
        }
        let metadata = query.exec().map_err(|error| {
            CommandError::new("cargo-metadata", "cargo cannot read the package")
                .note(cargo_words(&error.to_string()))
        })?;
        let canonical = |path: &Path| path.canonicalize().ok();
        let wanted = canonical(&manifest_path);
        let package = metadata
            .packages
            .iter()
            .find(|package| canonical(package.manifest_path.as_std_path()) == wanted)
            .ok_or_else(|| {
                CommandError::new(
                    "cargo-metadata",
                    format!("`{}` is not the manifest of a package", manifest_path.display()),
                )
            })?;
        let source = manifest_path.parent().and_then(|folder| canonical(&folder.join(entry)));
        let binary = package
            .targets
            .iter()
            .filter(|target| target.kind.contains(&TargetKind::Bin))
            .find(|target| source.is_some() && canonical(target.src_path.as_std_path()) == source)
            .ok_or_else(|| {
                CommandError::new(
                    "binary-missing",
                    format!("package `{}` has no binary with the source `{entry}`", package.name),
                )
                .help("let `path` under `[source]` in `traverse.package.toml` name the binary's source, usually `src/main.rs`")
            })?;
        Ok(CargoPackage {
            name: package.name.to_string(),
            binary: binary.name.clone(),
            source: binary.src_path.clone().into_std_path_buf(),
            manifest_path,
            workspace_root: metadata.workspace_root.clone().into_std_path_buf(),
            target_folder: metadata.target_directory.clone().into_std_path_buf(),
        })
    }

    /// Where the `Cargo.toml` lies.
    pub(super) fn folder(&self) -> &Path {
        self.manifest_path.parent().unwrap_or(Path::new("/"))
    }

    /// The version of `traverse-sdk` in the lock file, which cargo has written or checked by now.
    ///
    /// # Errors
    ///
    /// `sdk-missing` where the lock file names none.
    pub(crate) fn sdk_version(&self) -> Result<String, CommandError> {
        let path = self.workspace_root.join("Cargo.lock");
        let text = std::fs::read_to_string(&path)
            .map_err(|error| CommandError::io("sdk-missing", "read", &path, &error))?;
        locked_version(&text, "traverse-sdk").ok_or_else(|| {
            CommandError::new(
                "sdk-missing",
                format!("package `{}` does not depend on `traverse-sdk`", self.name),
            )
            .help("write the capability with `traverse-sdk`; `cargo traverse new` shows how")
        })
    }
}

/// Compiles a package and returns the module as cargo linked it; anew where the spec is another than it was compiled from. Cargo's own words, progress included, go to stderr.
///
/// # Errors
///
/// `memory-too-small`; `compile-failed` after cargo has said why.
pub(crate) fn compile(
    package: &CargoPackage,
    toolchain: &GuestToolchain,
    limits: &Limits,
    spec_fingerprint: &str,
    options: &CompileOptions,
    progress: &dyn Progress,
) -> Result<Linked, CommandError> {
    let mut flags = path_flags(package, toolchain)?;
    // Cargo keeps apart what was compiled with other flags: without this wrapper a crate has another identity.
    flags.push(format!("--cfg=traverse_build=\"{}\"", env!("CARGO_PKG_VERSION")));
    let stack_bytes = limits.stack_bytes.unwrap_or(Limits::DEFAULT_STACK_BYTES);
    flags.push(format!("-Clink-arg=-zstack-size={stack_bytes}"));
    flags.push(match limits.initial_memory_bytes {
        Some(bytes) => format!("-Clink-arg=--initial-memory={bytes}"),
        None => format!("-Clink-arg=--initial-heap={SMALL_CALL_BYTES}"),
    });

    let mut cargo = toolchain.cargo_command();
    // Cargo reads its configuration, and rustup the toolchain, from where it is run.
    cargo.current_dir(package.folder()).env("CARGO_TARGET_DIR", &package.target_folder);
    if let Some(folder) = &options.target_folder {
        cargo.env("CARGO_TARGET_DIR", folder);
    }
    if let Some(file) = &options.times {
        cargo.env(TIMES_VARIABLE, file);
    }
    cargo
        .args(["build", "--release", "--target", TARGET, "--message-format", "json-render-diagnostics"])
        .arg("--manifest-path")
        .arg(&package.manifest_path)
        .args(["--package", &package.name, "--bin", &package.binary])
        // Cargo compares times alone; a spec that was put back is older than the program made since.
        .env(FINGERPRINT_VARIABLE, spec_fingerprint)
        .env(ROOT_VARIABLE, &package.workspace_root)
        .env(LINKING_VARIABLE, &toolchain.target_libdir)
        .arg("--config")
        .arg(linker_setting()?)
        .args(debug_settings(options.debug))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    // Cargo cannot see that its words reach a terminal; the progress bar alone is lost.
    if std::io::stderr().is_terminal() && std::env::var_os("CARGO_TERM_COLOR").is_none() {
        cargo.env("CARGO_TERM_COLOR", "always");
    }
    for (wanted, flag) in [(options.offline, "--offline"), (options.locked, "--locked")] {
        if wanted {
            cargo.arg(flag);
        }
    }
    let config = Config::read(package.folder(), &cargo_home());
    respect_users(&mut cargo, &config, flags, progress)?;

    let not_run = |error: &std::io::Error| {
        CommandError::new("compile-failed", format!("`cargo` could not be run: {}", io_reason(error)))
            .help("`cargo traverse doctor` shows what is missing")
    };
    let mut child = cargo.spawn().map_err(|error| not_run(&error))?;
    let said = child.stderr.take().map(|stderr| std::thread::spawn(move || pass_on(stderr)));
    let (mut module, mut units, mut outside) = (None, Vec::new(), BTreeSet::new());
    if let Some(stdout) = child.stdout.take() {
        for message in Message::parse_stream(BufReader::new(stdout)) {
            if let Message::CompilerArtifact(artifact) = message.map_err(|error| not_run(&error))? {
                units.push(unit_of(&artifact, package));
                warn_of_outside(&artifact, package, &mut outside, progress);
                // Read at once, while cargo still holds its lock on the folder: a package of the same name that is
                // built into the same folder would put its own module in this place.
                if let Some(path) = module_of(&artifact, package) {
                    module = Some(std::fs::read(&path).map_err(|error| (path, error)));
                }
            }
        }
    }
    let status = child.wait().map_err(|error| not_run(&error))?;
    let said = said.and_then(|said| said.join().ok()).unwrap_or_default();
    if !status.success() {
        let text = String::from_utf8_lossy(&said);
        if let Some((_, needed)) = text.split_once("initial memory too small, ") {
            let needed: u64 = needed.split(' ').next().and_then(|word| word.parse().ok()).unwrap_or_default();
            return Err(CommandError::new(
                "memory-too-small",
                format!(
                    "stack and data of package `{}` need {needed} bytes of memory at the start",
                    package.name
                ),
            )
            .help(format!(
                "write `initial_memory_bytes = {}` in `[limits]` of the spec, or leave it out",
                needed.next_multiple_of(64 << 10)
            )));
        }
        let mut failed = CommandError::new(
            "compile-failed",
            format!("package `{}` does not compile for `{TARGET}`", package.name),
        )
        .note("cargo's own messages stand above, on stderr");
        failed.notes.extend(explain(&text, &package.source));
        return Err(failed);
    }
    match module {
        Some(Ok(module)) => Ok(Linked { module, units }),
        Some(Err((path, error))) => Err(CommandError::io("compile-failed", "read", &path, &error)),
        None => Err(CommandError::new(
            "compile-failed",
            format!("cargo made no module of package `{}`", package.name),
        )),
    }
}

/// Passes cargo's words on to stderr as they come, and keeps the last of them.
pub(super) fn pass_on(mut from: impl Read) -> Vec<u8> {
    const KEPT_BYTES: usize = 256 << 10;
    let (mut kept, mut part) = (Vec::new(), [0; 4096]);
    loop {
        let count = match from.read(&mut part) {
            Ok(0) => return kept,
            Ok(count) => count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(_) => return kept,
        };
        // If stderr is gone there is no one left to tell.
        let _ = std::io::stderr().write_all(&part[..count]);
        kept.extend_from_slice(&part[..count]);
        if kept.len() > 2 * KEPT_BYTES {
            kept.drain(..kept.len() - KEPT_BYTES);
        }
    }
}

/// What cargo's words mean for a capability, where they do not say it themselves.
fn explain(said: &str, source: &Path) -> Vec<String> {
    let mut notes = Vec::new();
    if said.contains("undefined symbol: pthread_") {
        notes.push("a capability has one thread: `std::thread` and what uses it cannot be linked".to_owned());
    }
    if said.contains("git_proxy_options") {
        notes.push(
            "this toolchain's cargo cannot fetch from git on this system: fetch with another (`cargo fetch`), then build \
             with `--offline`"
                .to_owned(),
        );
    }
    let missing =
        said.split_once("undefined symbol: ").and_then(|(_, after)| after.split_whitespace().next());
    if let Some(symbol) = missing.filter(|symbol| !symbol.starts_with("pthread_")) {
        notes.push(format!(
            "`{symbol}` is a function of C or of a host, which a capability does not have: use a crate that is written \
             in Rust"
        ));
    }
    if said.contains("unable to find library -l") || said.contains("error occurred in cc-rs") {
        notes.push(
            "a dependency needs a library of C, which a capability cannot link: use a crate that is written in Rust"
                .to_owned(),
        );
    }
    let found = std::fs::read_to_string(source).ok().and_then(|text| source::capabilities(&text));
    if found.is_some_and(|names| names.is_empty()) {
        notes.push(format!(
            "`{}` has no function under `#[capability]`, which a capability is: write it above the function, in \
             the crate root",
            source.file_name().unwrap_or_default().to_string_lossy()
        ));
    }
    notes
}

fn module_of(artifact: &Artifact, package: &CargoPackage) -> Option<PathBuf> {
    let executable = artifact.executable.as_ref()?;
    (artifact.target.name == package.binary && artifact.target.kind.contains(&TargetKind::Bin))
        .then(|| executable.clone().into_std_path_buf())
}

/// The version that a lock file gives a package.
fn locked_version(lock: &str, name: &str) -> Option<String> {
    let lock: toml_edit::DocumentMut = lock.parse().ok()?;
    let package = lock
        .get("package")?
        .as_array_of_tables()?
        .iter()
        .find(|package| package.get("name").and_then(|value| value.as_str()) == Some(name))?;
    Some(package.get("version")?.as_str()?.to_owned())
}

/// Cargo's message without the words of the crate that carries it.
fn cargo_words(text: &str) -> String {
    let text = text.trim();
    let text = text.strip_prefix("`cargo metadata` exited with an error:").unwrap_or(text).trim();
    text.strip_prefix("error: ").unwrap_or(text).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sdk_is_read_from_the_lock_file() {
        let lock = "version = 4\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\n\
                    [[package]]\nname = \"traverse-sdk\"\nversion = \"0.1.0\"\n";
        assert_eq!(locked_version(lock, "traverse-sdk").as_deref(), Some("0.1.0"));
        assert_eq!(locked_version(lock, "absent"), None);
        assert_eq!(locked_version("not toml [", "a"), None);
    }

    #[test]
    fn a_failed_compilation_is_explained_where_cargo_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("main.rs");
        std::fs::write(&path, "#[capability]\nfn quote() {}\n").unwrap();
        assert!(explain("error[E0308]: mismatched types", &path).is_empty());
        let threads = explain("rust-lld: error: undefined symbol: pthread_create", &path);
        assert!(threads[0].starts_with("a capability has one thread"), "{threads:?}");
        std::fs::write(&path, "fn quote() {}\n").unwrap();
        let none = explain("error[E0601]: `main` function not found", &path);
        assert!(none[0].starts_with("`main.rs` has no function under `#[capability]`"), "{none:?}");
    }
}
