//! A debug build says at which line the guest was stopped, and changes nothing of the package.

use traverse_tests::{Project, guest_target_dir};

const SPEC: &str = r#"
[capability]
id      = "test.debug"
version = "0.1.0"
runtime = "wasm32-wasip1"

[input]
type       = "object"
required   = ["kind"]
properties = { kind = { type = "integer" } }

[output]
type       = "object"
required   = ["value"]
properties = { value = { type = "integer" } }

[contract]

[limits]
fuel = 100000000
"#;

const PROGRAM: &str = r#"use traverse_sdk::prelude::*;

#[inline(never)]
fn deeper(n: i64) -> i64 {
    let block = [n; 64];
    if n < 0 { 0 } else { std::hint::black_box(&block).len() as i64 + deeper(n + 1) }
}

#[inline(never)]
fn endless(mut n: i64) -> i64 {
    while std::hint::black_box(n) != 1 {
        n = n.wrapping_mul(2);
    }
    n
}

#[capability]
fn debug(kind: i64) -> Output {
    let value = match kind {
        0 => deeper(0),
        1 => endless(4),
        _ => panic!("kind {kind}"),
    };
    Output { value }
}
"#;

/// spec: PKG-50, PKG-55, CLI-110, CLI-111, CLI-51
#[test]
fn a_trap_is_told_with_lines_and_nothing_of_the_package_changes() {
    let project = Project::with("debugged", SPEC, PROGRAM);
    let timed = project.traverse(&["build", "--timings", "--message-format", "json"]).exits(0).json();
    let stages: Vec<&str> = timed["timings"]["stages"]
        .as_array()
        .expect("stages")
        .iter()
        .map(|stage| stage["name"].as_str().expect("a name"))
        .collect();
    assert_eq!(stages, ["contract", "toolchain", "cargo metadata", "cargo build and link", "close", "write"]);
    let crates = timed["timings"]["crates"].as_array().expect("crates");
    assert!(crates.iter().any(|found| found["name"] == "debugged" && found["of"] == "module"), "{crates:?}");

    let (manifest, module) =
        (project.read("traverse.package.toml"), std::fs::read(project.artifact()).expect("it"));
    // Without lines the trap says how to have them.
    project
        .run(r#"{"kind":1}"#)
        .exits(33)
        .says("`cargo traverse build --debug` makes a module that says at which line");
    let panicked = project.run(r#"{"kind":2}"#).exits(38);
    assert!(!panicked.stderr.contains("build --debug"), "{}", panicked.stderr);

    let built = project.traverse(&["build", "--debug", "--message-format", "json"]).exits(0).json();
    let debug = guest_target_dir().join("traverse/debug/debugged.wasm");
    assert_eq!(built["artifact"], serde_json::json!(debug));
    assert_eq!(project.read("traverse.package.toml"), manifest);
    assert_eq!(std::fs::read(project.artifact()).expect("it"), module);

    let run = |input: &str| project.traverse(&["run", debug.to_str().expect("UTF-8"), "--input-json", input]);
    run(r#"{"kind":1}"#).exits(33).says("stopped at src/main.rs:1").says("in `endless`");
    run(r#"{"kind":0}"#).exits(38).says("in `deeper`").says("`stack_bytes`");
    run(r#"{"kind":2}"#).exits(38).says("stopped at src/main.rs:22");

    // Where the bytes are is known of both, by crate, too.
    let debug = debug.to_str().expect("UTF-8");
    let sizes = project.traverse(&["size", debug, "--message-format", "json"]).exits(0).json();
    assert_eq!(sizes["new"]["bytes"], serde_json::json!(module.len()));
    assert!(sizes["crates"].as_array().is_some_and(|crates| !crates.is_empty()), "{sizes}");
    let inspected = project.traverse(&["inspect", "--message-format", "json"]).exits(0).json();
    let names = |list: &serde_json::Value| -> Vec<String> {
        list.as_array()
            .into_iter()
            .flatten()
            .map(|part| part["name"].as_str().expect("a name").to_owned())
            .collect()
    };
    assert!(names(&inspected["sizes"]["crates"]).contains(&"traverse_guest".to_owned()), "{inspected}");
    assert!(names(&inspected["sizes"]["sections"]).contains(&"traverse.contract".to_owned()), "{inspected}");
}
