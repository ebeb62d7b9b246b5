//! How cargo and the compiler are set for a module: the build's own flags, linker and wrapper beside what the user has set
//! (spec `PKG-26`).

use super::TARGET;
use super::compile::CargoPackage;
use super::config::Config;
use super::wrapper::WRAPPING_VARIABLE;
use crate::error::{CommandError, io_reason};
use crate::toolchain::{GuestToolchain, Progress};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The variable by which a user names a linker for the target.
const USERS_LINKER: &str = "CARGO_TARGET_WASM32_WASIP1_LINKER";

/// Gives cargo the build's own flags, linker and wrapper beside what the user has set, and says of that what the module's
/// bytes depend on and what is not used.
pub(super) fn respect_users(
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

    set_wrapper(cargo, config)?;
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
            // Set and empty, they would count as flags for everything.
            cargo.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
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

/// This program as the compiler's wrapper, with the user's own behind it.
pub(super) fn set_wrapper(cargo: &mut Command, config: &Config) -> Result<(), CommandError> {
    // A variable that is set and empty says that there is none, whatever the files say.
    let set = |name: &str| std::env::var_os(name).map(absolute_program);
    let users_wrapper = set("RUSTC_WRAPPER").or_else(|| set("CARGO_BUILD_RUSTC_WRAPPER")).or_else(|| {
        let (file, program) = config.text(&["build", "rustc-wrapper"])?;
        // With a `/` it is a path from the folder that `.cargo` lies in; else a program on the path.
        let beside = file.parent().and_then(Path::parent).unwrap_or(Path::new("")).join(&program);
        Some(if program.contains('/') { beside.into_os_string() } else { program.into() })
    });
    cargo.env("RUSTC_WRAPPER", own_path()?).env(WRAPPING_VARIABLE, users_wrapper.unwrap_or_default());
    Ok(())
}

/// A program by its path means the same from any folder; one by its name is looked for.
fn absolute_program(program: OsString) -> OsString {
    match std::path::absolute(&program) {
        Ok(path) if program.to_string_lossy().contains('/') => path.into_os_string(),
        _ => program,
    }
}

/// Settings of a debug build; the code is that of any other.
pub(super) fn debug_settings(debug: bool) -> &'static [&'static str] {
    if debug {
        &["--config", "profile.release.debug=\"line-tables-only\"", "--config", "profile.release.strip=false"]
    } else {
        &[]
    }
}

/// This program as the linker of the target.
pub(super) fn linker_setting() -> Result<String, CommandError> {
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

/// Flags that take every path of this machine out of the module. Where several fit, the compiler takes the last, so the
/// longest stands last.
pub(super) fn path_flags(
    package: &CargoPackage,
    toolchain: &GuestToolchain,
) -> Result<Vec<String>, CommandError> {
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
pub(super) fn cargo_home() -> PathBuf {
    std::env::var_os("CARGO_HOME")
        .filter(|value| !value.is_empty())
        .map(PathBuf::from)
        .or_else(|| std::env::home_dir().map(|home| home.join(".cargo")))
        .and_then(|path| std::path::absolute(path).ok())
        .unwrap_or_else(|| PathBuf::from("/.cargo"))
}

/// The compiler flags that the user set in the environment, and the variable's name.
pub(super) fn users_flags() -> Option<(&'static str, Vec<String>)> {
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

#[cfg(test)]
mod tests {
    use super::*;

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
