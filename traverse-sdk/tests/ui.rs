//! What an author sees who makes a mistake: one case for every message, named for the mistake.
//!
//! `ui/*.rs` is in this project's own words. `ui/rustc/*.rs` is in the compiler's, which change from release to
//! release, so it is compared under the release that wrote it only.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

/// The release whose words stand in `ui/rustc/*.stderr`.
const RUSTC: &str = "rustc 1.95.";

/// spec: IO-18, IO-31
#[test]
fn ui() -> io::Result<()> {
    // trybuild compiles the cases in a package of its own, and a spec's path is relative to the package.
    let package = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .parent()
        .map(|target| target.join("tests/trybuild").join(env!("CARGO_PKG_NAME")))
        .ok_or_else(|| io::Error::other("no target folder"))?;
    let specs = package.join("tests/specs");
    fs::create_dir_all(&specs)?;
    for entry in fs::read_dir(Path::new("tests/specs"))? {
        let entry = entry?;
        fs::copy(entry.path(), specs.join(entry.file_name()))?;
    }
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/ui/*.rs");
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = Command::new(rustc).arg("--version").output()?.stdout;
    if version.starts_with(RUSTC.as_bytes()) {
        cases.compile_fail("tests/ui/rustc/*.rs");
    } else {
        eprintln!("not compared: tests/ui/rustc, which is in the words of {RUSTC}x");
    }
    Ok(())
}
