//! The compiler's wrapper during a build (spec `PKG-53`): cargo starts this very program with the compiler and its
//! arguments, and it gives each crate of the module an identity that is the same on every host.
//!
//! Cargo makes the identity (`-C metadata`) of a crate from, among others, that of the macros that it uses, and these are
//! compiled for the host: by another host, in another profile of the host, the names of the module's symbols are others,
//! and so is their order. Crates of the host keep cargo's.

use super::TARGET;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Instant;
use traverse_contract::canonical;

/// The variable by which the build tells this program to be the wrapper; its value is the user's own wrapper, or empty.
pub(crate) const WRAPPING_VARIABLE: &str = "TRAVERSE_WRAPPING";

/// The variable that names the folder of the author's workspace.
pub(crate) const ROOT_VARIABLE: &str = "TRAVERSE_ROOT";
/// The variable that names the file in which the build wants the compiler's times.
pub(crate) const TIMES_VARIABLE: &str = "TRAVERSE_TIMES";

/// Compiles, if this process was started as the wrapper of a compiler.
pub(crate) fn run_if_wrapping() -> Option<ExitCode> {
    let users = std::env::var_os(WRAPPING_VARIABLE)?;
    let mut arguments = std::env::args_os().skip(1);
    let compiler = arguments.next()?;
    // A wrapper of the workspace's crates may stand between.
    if Path::new(&compiler).file_stem()? != "rustc" && !Path::new(&compiler).is_absolute() {
        // A build script or a macro that calls `cargo traverse` during the build.
        return None;
    }
    let mut arguments: Vec<OsString> = arguments.collect();
    if is_of_target(&arguments) {
        let identity = identity(&arguments, |name| std::env::var(name).ok());
        set_metadata(&mut arguments, &identity);
        let folder = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
        arguments.extend(remap_of_outside(&arguments, &folder));
    }
    // What cargo asks the compiler and remembers is not the user's wrapper's to answer.
    let compiles = arguments.iter().any(|argument| argument == "--crate-name");
    let mut command = if users.is_empty() || !compiles {
        Command::new(&compiler)
    } else {
        let mut command = Command::new(&users);
        command.arg(&compiler);
        command
    };
    let began = Instant::now();
    let status = command.args(&arguments).status();
    note_time(&arguments, began);
    Some(match status {
        Ok(status) => ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)),
        Err(error) => {
            let program = if users.is_empty() { compiler } else { users };
            eprintln!(
                "cargo-traverse, as the compiler's wrapper: cannot run `{}`: {error}",
                program.display()
            );
            ExitCode::FAILURE
        }
    })
}

/// Writes down how long the compiler took, where a build wants to know: a line `CRATE module|host SECONDS`.
fn note_time(arguments: &[OsString], began: Instant) {
    let Some(file) = std::env::var_os(TIMES_VARIABLE) else { return };
    let Some(name) = arguments.windows(2).find(|pair| pair[0] == "--crate-name").map(|pair| &pair[1]) else {
        return;
    };
    // What cargo asks a compiler that compiles nothing.
    if name == "___" {
        return;
    }
    let of = if is_of_target(arguments) { "module" } else { "host" };
    let package = std::env::var("CARGO_PKG_NAME").unwrap_or_default();
    let name = match name.to_string_lossy() {
        script if script.starts_with("build_script") => format!("{package}/build-script"),
        name => name.into_owned(),
    };
    let line = format!("{name} {of} {:.3}\n", began.elapsed().as_secs_f64());
    // One short write, so that lines of compilers that run at once do not mix. A table without a line is no wrong one.
    let _ = File::options()
        .append(true)
        .create(true)
        .open(file)
        .and_then(|mut file| file.write_all(line.as_bytes()));
}

/// A dependency by path that lies outside of the package has its folder's path in no module.
fn remap_of_outside(arguments: &[OsString], folder: &str) -> Option<OsString> {
    let remapped = arguments.iter().filter_map(|argument| {
        argument
            .to_str()?
            .strip_prefix("--remap-path-prefix=")?
            .rsplit_once('=')
            .map(|(from, _)| from.to_owned())
    });
    let is_known = remapped.into_iter().any(|from| Path::new(folder).starts_with(from));
    let name = Path::new(folder).file_name()?.to_str()?;
    (!is_known).then(|| format!("--remap-path-prefix={folder}=/dependency/{name}").into())
}

/// Whether the compiler is told to compile for the module's target.
fn is_of_target(arguments: &[OsString]) -> bool {
    arguments.windows(2).any(|pair| pair[0] == "--target" && pair[1] == TARGET)
}

/// What tells a crate of a module from every other: package, version, where that is from, crate, features.
fn identity(arguments: &[OsString], variable: impl Fn(&str) -> Option<String>) -> String {
    let value_of = |flag: &str| {
        let at = arguments.iter().position(|argument| argument == flag)?;
        arguments.get(at + 1).map(|value| value.to_string_lossy().into_owned())
    };
    let mut features: Vec<String> = arguments
        .windows(2)
        .filter(|pair| pair[0] == "--cfg" && pair[1].to_string_lossy().starts_with("feature="))
        .map(|pair| pair[1].to_string_lossy().into_owned())
        .collect();
    features.sort();
    let folder = variable("CARGO_MANIFEST_DIR").unwrap_or_default();
    let parts = [
        variable("CARGO_PKG_NAME").unwrap_or_default(),
        variable("CARGO_PKG_VERSION").unwrap_or_default(),
        place_of(&folder, &variable(ROOT_VARIABLE).unwrap_or_default()),
        value_of("--crate-name").unwrap_or_default(),
        value_of("--crate-type").unwrap_or_default(),
        features.join(","),
    ];
    canonical::sha256(parts.join("\n").as_bytes())["sha256:".len()..][..16].to_owned()
}

/// What tells the folders of two packages of one name and version apart, wherever they lie: in the author's workspace the
/// path in it; else the folder's name, which cargo makes of name and version, or of a commit.
fn place_of(folder: &str, root: &str) -> String {
    let folder = Path::new(folder);
    match folder.strip_prefix(root) {
        Ok(inner) if !root.is_empty() => format!("/{}", inner.to_string_lossy().replace('\\', "/")),
        _ => folder.file_name().unwrap_or_default().to_string_lossy().into_owned(),
    }
}

/// Replaces what cargo gave; a value that a user's flags add stays.
fn set_metadata(arguments: &mut [OsString], identity: &str) {
    let mut previous_is_c = false;
    for argument in arguments {
        let text = argument.to_string_lossy();
        let hit = if previous_is_c { text.starts_with("metadata=") } else { text.starts_with("-Cmetadata=") };
        let is_c = argument == OsStr::new("-C");
        if hit {
            let prefix = if previous_is_c { "metadata=" } else { "-Cmetadata=" };
            *argument = format!("{prefix}{identity}").into();
            return;
        }
        previous_is_c = is_c;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(text: &str) -> Vec<OsString> {
        text.split(' ').map(OsString::from).collect()
    }

    /// spec: PKG-53
    #[test]
    fn crates_of_the_module_have_an_identity_of_their_own() {
        let arguments = given(
            "--crate-name a --target wasm32-wasip1 -C opt-level=z -C metadata=0123 --cfg feature=\"x\"",
        );
        assert!(is_of_target(&arguments));
        assert!(!is_of_target(&given("--crate-name a -C metadata=0123")));
        let package = |folder: &'static str| {
            move |name: &str| {
                Some(match name {
                    "CARGO_MANIFEST_DIR" => folder.to_owned(),
                    "CARGO_PKG_NAME" => "a".to_owned(),
                    ROOT_VARIABLE => String::new(),
                    _ => "1.0.0".to_owned(),
                })
            }
        };
        let one = identity(&arguments, package("/home/one/registry/a-1.0.0"));
        assert_eq!(one, identity(&arguments, package("/srv/two/registry/a-1.0.0")));
        assert_ne!(one, identity(&arguments, package("/srv/two/git/deadbeef")));
        assert_ne!(one, identity(&given("--crate-name a --target wasm32-wasip1"), package("/x/a-1.0.0")));
        assert_eq!(place_of("/home/one/quotes", "/home/one/quotes"), "/");
        assert_eq!(place_of("/home/one/quotes/vendor/x", "/home/one/quotes"), "/vendor/x");
        assert_eq!(place_of("/home/two/x-1.0.0", "/home/one/quotes"), "x-1.0.0");
        let mut changed = arguments.clone();
        set_metadata(&mut changed, "feed");
        assert_eq!(changed[7], "metadata=feed");
        let known = given("--remap-path-prefix=/home/one=/package");
        assert_eq!(remap_of_outside(&known, "/home/one/crates/a"), None);
        assert_eq!(
            remap_of_outside(&known, "/home/two/a").unwrap(),
            "--remap-path-prefix=/home/two/a=/dependency/a"
        );
        let mut joined = given("-Cmetadata=01 -Cmetadata=02");
        set_metadata(&mut joined, "feed");
        assert_eq!(joined, given("-Cmetadata=feed -Cmetadata=02"));
    }
}
