//! Runs cargo for a package, so that the same source gives the same bytes wherever package, cargo home, target folder
//! and compiler lie (spec `PKG-26`).

use super::config::Config;
use super::link::LINKING_VARIABLE;
use super::wrapper::{ROOT_VARIABLE, TIMES_VARIABLE, WRAPPING_VARIABLE};
use super::{TARGET, source};
use crate::error::{CommandError, io_reason};
use crate::toolchain::{GuestToolchain, Progress};
use cargo_metadata::{Artifact, Message, MetadataCommand, TargetKind};
use std::collections::BTreeSet;
use std::io::{BufReader, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use traverse_contract::canonical;
use traverse_contract::compiled::FINGERPRINT_VARIABLE;
use traverse_contract::spec::Limits;

/// What cargo says of a package, without looking at its dependencies.
#[derive(Debug)]
pub(crate) struct CargoPackage {
    /// Its name.
    name: String,
    /// The binary that is the capability.
    pub(crate) binary: String,
    /// The binary's source.
    source: PathBuf,
    /// The `Cargo.toml`.
    manifest_path: PathBuf,
    /// Where the `Cargo.lock` lies.
    pub(crate) workspace_root: PathBuf,
    /// Where cargo writes.
    pub(crate) target_folder: PathBuf,
}

/// The variable by which a user names a linker for the target.
const USERS_LINKER: &str = "CARGO_TARGET_WASM32_WASIP1_LINKER";

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

/// A crate with its version and features.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Unit {
    /// The crate's name.
    pub(crate) name: String,
    /// The package's name.
    pub(crate) package: String,
    /// `1.2.3`
    pub(crate) version: String,
    /// Sorted.
    pub(crate) features: Vec<String>,
    /// Whether it runs during the build: a build script or a crate of macros.
    pub(crate) runs_in_build: bool,
}

/// The digest of what was compiled: a line `NAME VERSION FEATURE,…` for each crate, sorted.
pub(crate) fn units_digest(units: &[Unit]) -> String {
    let mut lines: Vec<String> = units
        .iter()
        .map(|unit| format!("{} {} {}\n", unit.name, unit.version, unit.features.join(",")))
        .collect();
    lines.sort();
    lines.dedup();
    canonical::sha256(lines.concat().as_bytes())
}

/// Says once of each dependency by path that whoever has the package alone does not have it.
fn warn_of_outside(
    artifact: &Artifact,
    package: &CargoPackage,
    told: &mut BTreeSet<PathBuf>,
    progress: &dyn Progress,
) {
    let manifest = artifact.manifest_path.as_std_path();
    let is_path = artifact.package_id.repr.starts_with("path+");
    if is_path && !manifest.starts_with(&package.workspace_root) && told.insert(manifest.to_owned()) {
        progress.warn(&format!(
            "the dependency `{}` lies outside of the package ({}): nobody can rebuild the module from the package alone",
            artifact.target.name,
            manifest.parent().unwrap_or(manifest).display()
        ));
    }
}

fn unit_of(artifact: &Artifact) -> Unit {
    // `registry+https://…#name@1.2.3`, or `path+file:///…/name#1.2.3`.
    let id = &artifact.package_id.repr;
    let after = id.rsplit_once('#').map_or("", |(_, after)| after);
    let (package, version) = match after.rsplit_once('@') {
        Some((package, version)) => (package, version),
        None => (id.rsplit_once('#').and_then(|(path, _)| path.rsplit('/').next()).unwrap_or(""), after),
    };
    let mut features = artifact.features.clone();
    features.sort();
    Unit {
        name: artifact.target.name.clone(),
        package: package.to_owned(),
        version: version.to_owned(),
        features,
        runs_in_build: artifact
            .target
            .kind
            .iter()
            .any(|kind| matches!(kind, TargetKind::ProcMacro | TargetKind::CustomBuild)),
    }
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
    flags.extend(limits.initial_memory_bytes.map(|bytes| format!("-Clink-arg=--initial-memory={bytes}")));

    let mut cargo = toolchain.cargo_command();
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
    let config = Config::read(&package.workspace_root, &cargo_home());
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
                units.push(unit_of(&artifact));
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

/// Gives cargo the build's own flags, linker and wrapper beside what the user has set, and says of that what the module's
/// bytes depend on and what is not used.
fn respect_users(
    cargo: &mut Command,
    config: &Config,
    mut flags: Vec<String>,
    progress: &dyn Progress,
) -> Result<(), CommandError> {
    for variable in users_profile() {
        progress.warn(&format!("`{variable}` is set: the module's bytes depend on it"));
    }
    let linker = ["target", TARGET, "linker"];
    if std::env::var_os(USERS_LINKER).is_some() {
        progress
            .warn(&format!("`{USERS_LINKER}` is set: it is not used, the module is linked by this program"));
    } else if let Some((file, _)) = config.text(&linker) {
        let file = file.display();
        progress.warn(&format!(
            "`{file}` sets a linker for `{TARGET}`: it is not used, the module is linked by this program"
        ));
    }

    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let users_wrapper = set("RUSTC_WRAPPER").or_else(|| set("CARGO_BUILD_RUSTC_WRAPPER")).or_else(|| {
        let (file, program) = config.text(&["build", "rustc-wrapper"])?;
        // With a `/` it is a path from the folder that `.cargo` lies in; else a program on the path.
        let beside = file.parent().and_then(Path::parent).unwrap_or(Path::new("")).join(&program);
        Some(if program.contains('/') { beside.into_os_string() } else { program.into() })
    });
    cargo.env("RUSTC_WRAPPER", own_path()?).env(WRAPPING_VARIABLE, users_wrapper.unwrap_or_default());

    match users_flags() {
        Some((variable, mut users)) => {
            progress.warn(&format!(
                "`{variable}` is set: its flags are used, and the module's bytes depend on them"
            ));
            users.append(&mut flags);
            cargo.env_remove("RUSTFLAGS").env("CARGO_ENCODED_RUSTFLAGS", users.join("\u{1f}"));
        }
        // Joins what the user's configuration says for the target, where the variable would replace it.
        None => {
            let of_target = config.has(&["target", TARGET, "rustflags"])
                || std::env::var_os("CARGO_TARGET_WASM32_WASIP1_RUSTFLAGS").is_some();
            // Flags for the target go before these, as cargo has it.
            if !of_target {
                let mut of_build = config.flags(&["build", "rustflags"]);
                let variable = std::env::var("CARGO_BUILD_RUSTFLAGS").unwrap_or_default();
                of_build.extend(variable.split_whitespace().map(str::to_owned));
                if !of_build.is_empty() {
                    progress.warn("`build.rustflags` is set in cargo's configuration: its flags are used, and the module's bytes depend on them");
                    of_build.append(&mut flags);
                    flags = of_build;
                }
            } else {
                progress.warn(&format!("`target.{TARGET}.rustflags` is set in cargo's configuration: its flags are used, and the module's bytes depend on them"));
            }
            let list: toml_edit::Array = flags.iter().map(String::as_str).collect();
            cargo.arg("--config").arg(format!("target.{TARGET}.rustflags={list}"));
        }
    }
    Ok(())
}

/// Settings of a debug build; the code is that of any other.
fn debug_settings(debug: bool) -> &'static [&'static str] {
    if debug {
        &["--config", "profile.release.debug=\"line-tables-only\"", "--config", "profile.release.strip=false"]
    } else {
        &[]
    }
}

/// This program as the linker of the target.
fn linker_setting() -> Result<String, CommandError> {
    let path: toml_edit::Value = own_path()?.into();
    Ok(format!("target.{TARGET}.linker={path}"))
}

/// Where this program lies.
fn own_path() -> Result<String, CommandError> {
    let program = std::env::current_exe().map_err(|error| {
        CommandError::new("compile-failed", "this program cannot find itself").note(io_reason(&error))
    })?;
    program.to_str().map(str::to_owned).ok_or_else(|| {
        CommandError::new("path-not-utf8", format!("the path `{}` is not UTF-8", program.display()))
            .help("install `cargo-traverse` in a folder with another name")
    })
}

/// Passes cargo's words on to stderr as they come, and keeps the last of them.
fn pass_on(mut from: impl Read) -> Vec<u8> {
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

/// Flags that take every path of this machine out of the module. Where several fit, the compiler takes the last, so the
/// longest stands last.
fn path_flags(package: &CargoPackage, toolchain: &GuestToolchain) -> Result<Vec<String>, CommandError> {
    let commit = if toolchain.rustc_commit.is_empty() { "" } else { "/" };
    let library = format!("/rustc{commit}{}", toolchain.rustc_commit);
    let mut prefixes = vec![
        (toolchain.sysroot.join("lib/rustlib/src/rust"), library),
        (cargo_home(), "/cargo".to_owned()),
        (package.workspace_root.clone(), "/package".to_owned()),
        (package.target_folder.clone(), "/target".to_owned()),
    ];
    prefixes.sort_by_key(|(from, _)| from.as_os_str().len());
    prefixes
        .into_iter()
        .map(|(from, to)| match from.to_str() {
            Some(from) => Ok(format!("--remap-path-prefix={from}={to}")),
            None => Err(CommandError::new(
                "path-not-utf8",
                format!("the path `{}` is not UTF-8", from.display()),
            )
            .help("the compiler cannot take such a path out of the module: use a folder with another name")),
        })
        .collect()
}

/// Where cargo keeps what it downloads.
fn cargo_home() -> PathBuf {
    std::env::var_os("CARGO_HOME")
        .filter(|value| !value.is_empty())
        .map(PathBuf::from)
        .or_else(|| std::env::home_dir().map(|home| home.join(".cargo")))
        .and_then(|path| std::path::absolute(path).ok())
        .unwrap_or_else(|| PathBuf::from("/.cargo"))
}

/// The compiler flags that the user set in the environment, and the variable's name.
fn users_flags() -> Option<(&'static str, Vec<String>)> {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.trim().is_empty());
    let split = |value: String, at: char| {
        value.split(at).map(str::trim).filter(|flag| !flag.is_empty()).map(str::to_owned).collect()
    };
    set("CARGO_ENCODED_RUSTFLAGS")
        .map(|value| ("CARGO_ENCODED_RUSTFLAGS", split(value, '\u{1f}')))
        .or_else(|| set("RUSTFLAGS").map(|value| ("RUSTFLAGS", split(value, ' '))))
}

/// Variables that change the profile that the module is compiled in.
fn users_profile() -> Vec<String> {
    let mut names: Vec<String> = std::env::vars_os()
        .filter_map(|(name, _)| name.into_string().ok())
        .filter(|name| name.starts_with("CARGO_PROFILE_RELEASE_"))
        .collect();
    names.sort();
    names
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

    /// spec: PKG-26
    #[test]
    fn the_longest_path_comes_last() {
        let package = CargoPackage {
            name: "p".into(),
            binary: "p".into(),
            source: "/home/u/p/src/main.rs".into(),
            manifest_path: "/home/u/p/Cargo.toml".into(),
            workspace_root: "/home/u/p".into(),
            target_folder: "/home/u/p/target".into(),
        };
        let toolchain = GuestToolchain {
            origin: crate::toolchain::Origin::Active,
            cargo: "cargo".into(),
            rustc: None,
            rustc_version: "1.96.0".into(),
            rustc_commit: "ac68".into(),
            sysroot: "/opt/rust".into(),
            target_libdir: "/opt/rust/lib".into(),
            target_std: "sha256:0".into(),
        };
        let flags = path_flags(&package, &toolchain).unwrap();
        let place = |end: &str| flags.iter().position(|flag| flag.ends_with(end)).unwrap();
        assert!(place("/home/u/p=/package") < place("/home/u/p/target=/target"));
        assert!(flags.contains(&"--remap-path-prefix=/opt/rust/lib/rustlib/src/rust=/rustc/ac68".to_owned()));
    }
}
