//! Arguments, help, exit codes of wrong use, and where a package is looked for.

use crate::package::{Package, command, echo};
use insta::assert_snapshot;
use std::path::Path;
use traverse_contract::package::MANIFEST_FILE;

const COMMANDS: [&[&str]; 11] = [
    &["new"],
    &["build"],
    &["test"],
    &["run"],
    &["check"],
    &["eval"],
    &["inspect"],
    &["doctor"],
    &["toolchain"],
    &["toolchain", "install"],
    &["toolchain", "show"],
];

// spec: PKG-42
#[test]
fn a_project_with_the_registrys_sdk_says_that_there_is_none_yet() {
    let folder = Package::empty();
    let note = "the SDK's crates are not published yet";
    folder.command(&["new", "a", "--sdk", "registry"], b"").exits(0).says(note);
    assert_eq!(folder.command(&["new", "b"], b"").exits(0).stderr, "");
}

// spec: CLI-1
#[test]
fn every_command_has_help_with_examples_and_exit_codes() {
    for command_name in COMMANDS {
        let arguments = [command_name, &["--help"]].concat();
        let finished = command(Path::new("."), &arguments, b"").exits(0);
        assert_eq!(finished.stderr, "", "{command_name:?}");
        for part in ["Examples:", "Exit codes:", "cargo traverse ", "--message-format", "--manifest-path"] {
            assert!(finished.stdout.contains(part), "no `{part}` in the help of {command_name:?}");
        }
    }
    let finished = command(Path::new("."), &["--help"], b"").exits(0);
    assert!(finished.stdout.contains("Exit codes:"), "{}", finished.stdout);
}

// spec: CLI-3
#[test]
fn the_help_of_run_names_every_exit_code() {
    let help = command(Path::new("."), &["run", "--help"], b"").exits(0).stdout;
    let codes = help.split("Exit codes:").nth(1).expect("exit codes");
    for code in [0, 1, 2, 10, 20, 21, 22, 23, 24, 30, 31, 32, 33, 34, 35, 37, 38] {
        assert!(
            codes.lines().any(|line| line.split_whitespace().next() == Some(code.to_string().as_str())),
            "no {code} in: {codes}"
        );
    }
}

// spec: CLI-1
#[test]
fn cargo_calls_it_with_its_name_first() {
    let package = Package::of(&echo());
    let input = ["run", "--input-json", r#"{"note":"hi","amount":5}"#];
    let by_cargo = package.command(&[&["traverse"], &input[..]].concat(), b"").exits(0);
    let by_name = package.command(&input, b"").exits(0);
    assert_eq!(by_cargo.stdout, by_name.stdout);
    let help = package.command(&["traverse", "--help"], b"").exits(0);
    assert!(help.stdout.contains("Usage: cargo traverse [OPTIONS] <COMMAND>"), "{}", help.stdout);
}

// spec: CLI-2
#[test]
fn wrong_arguments_end_with_2() {
    for wrong in [
        &["walk"][..],
        &[],
        &["run", "--inptu", "x"],
        &["run", "--input", "a", "--input-json", "b"],
        &["eval"],
        &["eval", "1", "--input", "a", "--input-json", "1"],
        &["run", "--message-format", "yaml"],
        &["--message-format", "json", "run", "--nothing"],
        &["new"],
        &["toolchain", "install", "--from", "moon"],
    ] {
        let finished = command(Path::new("."), wrong, b"").exits(2).prints("");
        assert!(!finished.stderr.is_empty(), "{wrong:?}");
    }
    let package = Package::of(&echo());
    package
        .command(&["run", "artifacts/echo.wasm", "--manifest-path", "."], b"")
        .exits(2)
        .prints("")
        .says("error[usage]: `--manifest-path` and a path both say what to work on");
}

// spec: CLI-4
#[test]
fn the_package_is_named_by_any_of_its_files() {
    let package = Package::of(&echo());
    let elsewhere = Package::empty();
    let folder = package.path().display().to_string();
    for path in ["", "/", "/traverse.package.toml", "/traverse.spec.toml", "/Cargo.toml"] {
        elsewhere.command(&["check", "--manifest-path", &format!("{folder}{path}")], b"").exits(0);
    }
    package.command(&["check", "--manifest-path", "traverse.package.toml"], b"").exits(0);
    package.command(&["check", "--manifest-path", "src/main.rs"], b"").exits(1).says(
        "error[package-not-found]: `src/main.rs` is neither a package folder nor `traverse.package.toml`",
    );
    package
        .command(&["check", "--manifest-path", "no/such"], b"")
        .exits(1)
        .says("error[package-not-found]: there is no `no/such`");
    for command_name in ["check", "test", "run", "inspect", "build"] {
        elsewhere.command(&[command_name], b"").exits(1).prints("").says("manifest-missing");
    }
}

// spec: CLI-4, CLI-5
#[test]
fn a_broken_manifest_is_shown_with_its_places_by_every_command() {
    let package = Package::of(&echo()).case("a.json", r#"{"input": 1, "expect": {"outcome": "rejected"}}"#);
    package.replace(MANIFEST_FILE, "[binary]", "[binray]");
    let finished = package.command(&["inspect"], b"").exits(1).prints("");
    assert_snapshot!("broken_manifest", finished.stderr);
    for command_name in ["check", "test", "run", "build"] {
        package.command(&[command_name], b"").exits(1).prints("").says("traverse.package.toml:15:2");
    }
    package.write(MANIFEST_FILE, "package_id = \n");
    for command_name in ["check", "test", "run", "inspect", "build"] {
        package.command(&[command_name], b"").exits(1).prints("").says("error[manifest-toml-syntax]");
    }
}

// spec: CLI-9
#[test]
fn an_error_is_one_json_document_too() {
    let package = Package::of(&echo());
    package.replace(MANIFEST_FILE, "[binary]", "[binray]");
    let finished = package.command(&["inspect", "--message-format", "json"], b"").exits(1);
    assert_eq!(finished.stderr, "");
    insta::assert_json_snapshot!("error", finished.redacted_json());
}

// spec: CLI-7
#[test]
fn there_is_no_colour_in_a_pipe() {
    let package = Package::of(&echo());
    for arguments in [&["check"][..], &["inspect"], &["run"], &["test"], &["--help"]] {
        let finished = package.command(arguments, b"");
        assert!(!finished.stdout.contains('\u{1b}') && !finished.stderr.contains('\u{1b}'), "{arguments:?}");
    }
}
