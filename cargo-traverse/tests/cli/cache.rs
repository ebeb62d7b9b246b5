//! `cargo traverse cache`, and that `run` fills it.

use crate::package::{Package, echo};
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Command, Output};

fn traverse(folder: &Path, home: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cargo-traverse"))
        .args(arguments)
        .current_dir(folder)
        .env("TRAVERSE_HOME", home)
        .output()
        .expect("the command runs")
}

fn document(output: &Output) -> Value {
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

// spec: CLI-112
#[test]
fn what_run_compiled_is_shown_and_cleared() {
    let package = Package::of(&echo());
    let home = tempfile::tempdir().expect("a folder");
    let cache = |what: &str| {
        let arguments = ["cache", what, "--message-format", "json"];
        document(&traverse(package.path(), home.path(), &arguments))
    };
    let folder = home.path().join("compiled");
    assert_eq!(cache("show"), json!({"folder": folder, "entries": 0, "bytes": 0, "cleared": false}));
    let run = ["run", "--input-json", r#"{"note":"a","amount":5}"#];
    let first = traverse(package.path(), home.path(), &run);
    let second = traverse(package.path(), home.path(), &run);
    assert_eq!((first.status.code(), first.stdout), (second.status.code(), second.stdout));
    let shown = cache("show");
    assert_eq!(shown["entries"], 1);
    assert!(shown["bytes"].as_u64().is_some_and(|bytes| bytes > 1000), "{shown}");
    let cleared = cache("clear");
    assert_eq!((&cleared["entries"], &cleared["cleared"]), (&json!(1), &json!(true)));
    assert_eq!(cache("show")["entries"], 0);
    let people = traverse(package.path(), home.path(), &["cache", "show"]);
    assert!(String::from_utf8_lossy(&people.stdout).starts_with("compiled: 0 modules, 0 bytes, in "));
}
