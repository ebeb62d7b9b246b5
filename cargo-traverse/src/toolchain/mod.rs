//! The guest toolchain: a `rustc` and `cargo` with the standard library of `wasm32-wasip1` (spec `PKG-30` to
//! `PKG-36`).
//!
//! [`find`] looks for one and changes nothing; [`install`] provides one, by `rustup` or from Debian's packages
//! ([`debian`]), and touches nothing of the user's but the target that `rustup` adds. [`data`] is the command's own
//! folder.

pub(crate) mod data;
pub(crate) mod debian;
pub(crate) mod find;
pub(crate) mod install;
mod library;

use crate::error::CommandError;
use serde::Serialize;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;
use traverse_contract::{Diagnostic, Source};

/// The environment variable that forces where the guest toolchain comes from.
pub(crate) const CHOICE_VARIABLE: &str = "TRAVERSE_TOOLCHAIN";

/// Where the guest toolchain may come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Choice {
    /// The active toolchain if it has the target, else the command's own.
    #[default]
    Auto,
    /// Only the active toolchain, the target added by `rustup`.
    Rustup,
    /// Only the command's own, made from Debian's packages.
    Debian,
}

impl Choice {
    /// What [`CHOICE_VARIABLE`] says.
    ///
    /// # Errors
    ///
    /// `toolchain-choice` where it is none of `auto`, `rustup`, `debian`.
    pub(crate) fn from_environment() -> Result<Choice, CommandError> {
        let Some(value) = std::env::var_os(CHOICE_VARIABLE) else { return Ok(Choice::Auto) };
        Choice::parse(&value.to_string_lossy())
    }

    fn parse(value: &str) -> Result<Choice, CommandError> {
        match value {
            "" | "auto" => Ok(Choice::Auto),
            "rustup" => Ok(Choice::Rustup),
            "debian" => Ok(Choice::Debian),
            other => Err(CommandError::new("toolchain-choice", format!("`{CHOICE_VARIABLE}` is `{other}`"))
                .help("it may be `auto`, `rustup` or `debian`")),
        }
    }
}

/// Where a guest toolchain came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Origin {
    /// The toolchain that cargo uses in the folder.
    Active,
    /// The command's own, made from Debian's packages.
    Debian,
}

/// A toolchain that can compile guests.
#[derive(Debug, Clone)]
pub(crate) struct GuestToolchain {
    /// Where it came from.
    pub(crate) origin: Origin,
    /// The `cargo` to run.
    pub(crate) cargo: OsString,
    /// The `rustc` that this cargo must use; `None` where it finds the right one itself.
    pub(crate) rustc: Option<PathBuf>,
    /// `1.96.0 (ac68faa20 2026-05-25)`.
    pub(crate) rustc_version: String,
    /// The commit of the compiler, as it stands in the paths of its standard library; empty where it is not known.
    pub(crate) rustc_commit: String,
    /// The compiler's root folder.
    pub(crate) sysroot: PathBuf,
    /// The folder of the standard library of the target.
    pub(crate) target_libdir: PathBuf,
    /// Digest of that library: `sha256:…` over the names and the content of its crates.
    pub(crate) target_std: String,
}

impl GuestToolchain {
    /// A command that runs this toolchain's cargo.
    pub(crate) fn cargo_command(&self) -> Command {
        let mut command = Command::new(&self.cargo);
        if let Some(rustc) = &self.rustc {
            command.env("RUSTC", rustc).env_remove("RUSTUP_TOOLCHAIN");
        }
        command
    }
}

/// What a person should see while a toolchain is installed or a guest compiled.
pub(crate) trait Progress {
    /// One line about what goes on now.
    fn status(&self, verb: &str, text: &str);
    /// One line about what the user should know.
    fn warn(&self, text: &str);
    /// What is odd in one of the user's files, with its place.
    fn diagnostic(&self, source: &Source, diagnostic: &Diagnostic);
}

impl Progress for crate::report::Terminal {
    fn status(&self, verb: &str, text: &str) {
        crate::report::Terminal::status(self, verb, text);
    }

    fn warn(&self, text: &str) {
        crate::report::Terminal::warn(self, text);
    }

    fn diagnostic(&self, source: &Source, diagnostic: &Diagnostic) {
        crate::report::Terminal::diagnostic(self, source, diagnostic);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// spec: PKG-31
    #[test]
    fn the_variable_takes_three_words_and_names_them() {
        assert_eq!(Choice::parse("debian").unwrap(), Choice::Debian);
        assert_eq!(Choice::parse("rustup").unwrap(), Choice::Rustup);
        assert_eq!(Choice::parse("auto").unwrap(), Choice::Auto);
        let error = Choice::parse("nix").unwrap_err();
        assert_eq!(error.code, "toolchain-choice");
        assert!(error.help.unwrap().contains("`debian`"));
    }
}
