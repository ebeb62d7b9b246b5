//! `cargo run < input.json` behaves as the module does: same stdout, same exit code.

use std::path::Path;
use traverse_tests::{Project, finish, guest_target_dir, process};

fn native(project: &Path, input: &[u8]) -> traverse_tests::Finished {
    let mut command = process("cargo", project);
    command.args(["run", "--quiet", "--locked"]).env("CARGO_TARGET_DIR", guest_target_dir().join("native"));
    finish(command, input)
}

/// spec: IO-1
#[test]
fn native_and_module_say_the_same() {
    let project = Project::new("native-pricing", "pricing");
    project.build();
    let inputs: [&[u8]; 12] = [
        br#"{"customer":{"tier":"enterprise"},"cart":{"total":120.0}}"#,
        br#"{"customer":{"tier":"standard"},"cart":{"total":0.1}}"#,
        br#"{"customer":{"tier":"standard"},"cart":{"total":1e5}}"#,
        br#"{"customer":{"tier":"standard"},"cart":{"total":0}}"#,
        br#"{"customer":{"tier":"standard"},"cart":{"total":-5}}"#,
        br#"{"customer":{"tier":"gold \u00e9\ud83d\ude00"},"cart":{"total":5}}"#,
        br#"{"customer":{"tier":1},"cart":{"total":5}}"#,
        br#"{"customer":{"tier":"standard"}}"#,
        br#"{"customer":{"tier":"standard"},"cart":{"total":5},"more":[1,{"a":null}]}"#,
        br#"{"customer":{"tier":"standard"},"cart":{"total":5,"total":5}}"#,
        br#"[]"#,
        b"",
    ];
    for input in inputs {
        let shown = String::from_utf8_lossy(input);
        let from_native = native(&project.path(), input);
        let from_module = project.run(&shown);
        assert_eq!(from_native.code, from_module.code, "{shown}\n{from_native:?}\n{from_module:?}");
        // Who found it differs: the host looks first. Everything else is the same.
        let of_native = from_native.stdout.trim().replace(r#""found_by":"guest""#, r#""found_by":"host""#);
        assert_eq!(of_native, from_module.stdout.trim(), "{shown}");
    }
}

/// spec: IO-9, IO-15
#[test]
fn a_panic_ends_a_native_program_with_101_even_where_the_profile_aborts() {
    let project = Project::new("native-panic", "pricing");
    project.replace("src/main.rs", "if customer.tier == \"enterprise\" {", "if customer.tier == \"enterprise\" {\n        let nobody: Option<bool> = std::env::args().nth(9).map(|_| true);\n        nobody.expect(\"no one\");");
    let mut command = process("cargo", &project.path());
    command
        .args(["run", "--quiet", "--locked"])
        .env("CARGO_TARGET_DIR", guest_target_dir().join("native"))
        .env("CARGO_PROFILE_DEV_PANIC", "abort");
    let input = br#"{"customer":{"tier":"enterprise"},"cart":{"total":120.0}}"#;
    let panicked = finish(command, input).exits(101).prints("");
    assert!(panicked.stderr.trim_end().ends_with(": no one"), "{panicked:?}");
}
