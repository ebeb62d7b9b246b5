//! The capability as a program of this machine, which tests hold against the module (spec TEST-20).
//!
//! It is compiled in the release profile, as the module is, so that macros and build scripts serve both; what makes that
//! profile slow to link is turned off, and what finds mistakes is turned on, by flags that reach the program alone.

use super::compile::{CargoPackage, pass_on};
use super::config::Config;
use super::settings::{cargo_home, set_wrapper, users_flags};
use crate::error::{CommandError, io_reason};
use crate::probe::native::Program;
use crate::toolchain::GuestToolchain;
use cargo_metadata::Message;
use std::io::BufReader;
use std::process::Stdio;
use traverse_contract::compiled::FINGERPRINT_VARIABLE;

const FLAGS: [&str; 7] = [
    "-Coverflow-checks=on",
    "-Cdebug-assertions=on",
    "-Copt-level=1",
    "-Ccodegen-units=16",
    "-Clto=off",
    "-Clinker-plugin-lto=no",
    "-Cembed-bitcode=no",
];

/// Compiles the package for this machine.
///
/// # Errors
///
/// `native-failed` after cargo has said why.
pub(crate) fn compile(
    package: &CargoPackage,
    toolchain: &GuestToolchain,
    spec_fingerprint: &str,
    offline: bool,
) -> Result<Program, CommandError> {
    let config = Config::read(package.folder(), &cargo_home());
    let mut flags = match users_flags() {
        Some((_, flags)) => flags,
        None => config.flags(&["build", "rustflags"]),
    };
    flags.extend(FLAGS.map(str::to_owned));
    let mut cargo = toolchain.cargo_command();
    cargo
        .current_dir(package.folder())
        .env("CARGO_TARGET_DIR", &package.target_folder)
        .args(["build", "--release", "--target", "host-tuple", "--message-format", "json-render-diagnostics"])
        .args(["--quiet", "--manifest-path"])
        .arg(&package.manifest_path)
        .args(["--package", &package.name, "--bin", &package.binary])
        .env(FINGERPRINT_VARIABLE, spec_fingerprint)
        .env_remove("RUSTFLAGS")
        .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    if offline {
        cargo.arg("--offline");
    }
    // It does nothing here; but cargo forgets what it knows of a compiler when it is wrapped otherwise.
    set_wrapper(&mut cargo, &config)?;
    let not_run = |error: &std::io::Error| {
        CommandError::new("native-failed", format!("`cargo` could not be run: {}", io_reason(error)))
            .help("`cargo traverse doctor` shows what is missing")
    };
    let mut child = cargo.spawn().map_err(|error| not_run(&error))?;
    let said = child.stderr.take().map(|stderr| std::thread::spawn(move || pass_on(stderr)));
    let mut program = None;
    if let Some(stdout) = child.stdout.take() {
        for message in Message::parse_stream(BufReader::new(stdout)) {
            if let Message::CompilerArtifact(artifact) = message.map_err(|error| not_run(&error))?
                && artifact.target.name == package.binary
                && let Some(made) = &artifact.executable
            {
                // At once, while cargo still holds its lock on the folder.
                program = Some(Program::of(made.as_std_path()).map_err(|error| {
                    CommandError::io("native-failed", "copy", made.as_std_path(), &error)
                })?);
            }
        }
    }
    let status = child.wait().map_err(|error| not_run(&error))?;
    // What cargo said stands on stderr by then.
    let _ = said.map(std::thread::JoinHandle::join);
    match program {
        Some(program) if status.success() => Ok(program),
        _ => Err(CommandError::new(
            "native-failed",
            format!("package `{}` does not compile for this machine", package.name),
        )
        .note("cargo's own messages stand above, on stderr")
        .help("`--no-native` leaves the native program out; module and host are held against each other all the same")),
    }
}
