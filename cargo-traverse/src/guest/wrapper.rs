//! The compiler's wrapper during a build (spec `PKG-53`): cargo starts this very program with the compiler and its
//! arguments, and it gives each crate of the module an identity that is the same on every host.
//!
//! Cargo makes the identity (`-C metadata`) of a crate from, among others, that of the macros that it uses, and these are
//! compiled for the host: by another host, in another profile of the host, the names of the module's symbols are others,
//! and so is their order. Crates of the host keep cargo's.

use super::TARGET;
use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::{Command, ExitCode};
use traverse_contract::canonical;

/// The variable by which the build tells this program to be the wrapper; its value is the user's own wrapper, or empty.
pub(crate) const WRAPPING_VARIABLE: &str = "TRAVERSE_WRAPPING";

/// Compiles, if this process was started as the wrapper of a compiler.
pub(crate) fn run_if_wrapping() -> Option<ExitCode> {
    let users = std::env::var_os(WRAPPING_VARIABLE)?;
    let mut arguments = std::env::args_os().skip(1);
    let compiler = arguments.next()?;
    if Path::new(&compiler).file_stem()? != "rustc" {
        // A build script or a macro that calls `cargo traverse` during the build.
        return None;
    }
    let mut arguments: Vec<OsString> = arguments.collect();
    if is_of_target(&arguments) {
        let identity = identity(&arguments, |name| std::env::var(name).ok());
        set_metadata(&mut arguments, &identity);
    }
    let mut command = if users.is_empty() {
        Command::new(&compiler)
    } else {
        let mut command = Command::new(&users);
        command.arg(&compiler);
        command
    };
    Some(match command.args(&arguments).status() {
        Ok(status) => ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)),
        Err(error) => {
            let program = if users.is_empty() { compiler } else { users };
            eprintln!("cargo-traverse, as the compiler's wrapper: cannot run `{}`: {error}", program.display());
            ExitCode::FAILURE
        }
    })
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
        .filter(|pair| pair[0] == "--cfg")
        .map(|pair| pair[1].to_string_lossy().into_owned())
        .collect();
    features.sort();
    let folder = variable("CARGO_MANIFEST_DIR").unwrap_or_default();
    let parts = [
        variable("CARGO_PKG_NAME").unwrap_or_default(),
        variable("CARGO_PKG_VERSION").unwrap_or_default(),
        // Two packages of one name and version are in folders of two names: cargo unpacks into `NAME-VERSION`, a checkout
        // of git is a folder of its own.
        Path::new(&folder).file_name().unwrap_or_default().to_string_lossy().into_owned(),
        value_of("--crate-name").unwrap_or_default(),
        value_of("--crate-type").unwrap_or_default(),
        features.join(","),
    ];
    canonical::sha256(parts.join("\n").as_bytes())["sha256:".len()..][..16].to_owned()
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
        let arguments = given("--crate-name a --target wasm32-wasip1 -C opt-level=z -C metadata=0123 --cfg feature=\"x\"");
        assert!(is_of_target(&arguments));
        assert!(!is_of_target(&given("--crate-name a -C metadata=0123")));
        let package = |folder: &'static str| {
            move |name: &str| {
                Some(match name {
                    "CARGO_MANIFEST_DIR" => folder.to_owned(),
                    "CARGO_PKG_NAME" => "a".to_owned(),
                    _ => "1.0.0".to_owned(),
                })
            }
        };
        let one = identity(&arguments, package("/home/one/registry/a-1.0.0"));
        assert_eq!(one, identity(&arguments, package("/root/registry/a-1.0.0")));
        assert_ne!(one, identity(&arguments, package("/root/git/deadbeef")));
        assert_ne!(one, identity(&given("--crate-name a --target wasm32-wasip1"), package("/x/a-1.0.0")));
        let mut changed = arguments.clone();
        set_metadata(&mut changed, "feed");
        assert_eq!(changed[7], "metadata=feed");
        let mut joined = given("-Cmetadata=01 -Cmetadata=02");
        set_metadata(&mut joined, "feed");
        assert_eq!(joined, given("-Cmetadata=feed -Cmetadata=02"));
    }
}
