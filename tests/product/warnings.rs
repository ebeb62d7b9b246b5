//! What a contract is warned of is told by the author's compiler, and by the command's build once.

use traverse_contract::compiled::{FINGERPRINT_VARIABLE, fingerprint};
use traverse_tests::{Finished, Project, finish, guest_target_dir, process};

const SPEC: &str = r#"[capability]
id      = "shop.free-shipping"
version = "0.1.0"
runtime = "wasm32-wasip1"

[input]
type       = "object"
required   = ["total"]
properties = { total = { type = "number", minimum = 0 } }

[output]
type       = "object"
required   = ["free"]
properties = { free = { type = "boolean" } }

[contract]
preconditions = ["total >= 0"]
invariants    = ["result.free == (total >= 50)"]
"#;

const PROGRAM: &str = "#![deny(unused)]
use traverse_sdk::prelude::*;

#[capability]
fn free_shipping(total: f64) -> Output {
    Output { free: total >= 50.0 }
}
";

fn cargo(project: &Project, arguments: &[&str]) -> Finished {
    let mut command = process("cargo", &project.path());
    command.args(arguments).env("CARGO_TARGET_DIR", guest_target_dir().join("native"));
    finish(command, b"")
}

fn count(finished: &Finished, text: &str) -> usize {
    finished.stderr.matches(text).count()
}

/// spec: IO-31, PKG-28
#[test]
fn the_compiler_and_the_command_warn_once_each() {
    let project = Project::with("warned", SPEC, PROGRAM);
    for _ in 0..2 {
        // What cargo keeps of the first time it says the second time.
        let checked = cargo(&project, &["check", "--locked"]).exits(0);
        let checked = checked.says("[lang-always-true] this precondition always holds, so it says nothing");
        let checked =
            checked.says("--> traverse.spec.toml:17:19").says(r#"17 | preconditions = ["total >= 0"]"#);
        let checked = checked.says("^^^^^^^^^^ always true").says("= help: take it away");
        let checked = checked.says("--> src/main.rs:5:4");
        assert_eq!(count(&checked, "lang-always-true"), 1, "{}", checked.stderr);
        let built = project.build().says("warning[lang-always-true]: this precondition always holds");
        assert_eq!(count(&built, "this precondition always holds"), 1, "{}", built.stderr);
    }

    // Beside an error of the contract, and beside one that the compiler itself finds.
    project.replace("traverse.spec.toml", "total >= 50", "totl >= 50");
    cargo(&project, &["check", "--locked"])
        .exits(101)
        .says("[lang-unknown-field]")
        .says("[lang-always-true]");
    project.replace("traverse.spec.toml", "totl >= 50", "total >= 50");
    project.replace("src/main.rs", "total >= 50.0", "\"no bool\"");
    cargo(&project, &["check", "--locked"]).exits(101).says("mismatched types").says("[lang-always-true]");
    project.write("src/main.rs", PROGRAM);

    // A crate that denies warnings is stopped by them, but not the command's build.
    project.replace("src/main.rs", "deny(unused)", "deny(warnings)");
    let denied = cargo(&project, &["check", "--locked"]).exits(101);
    assert_eq!(count(&denied, "lang-always-true"), 1, "{}", denied.stderr);
    project.build();

    project.replace("traverse.spec.toml", "\"total >= 0\"", "\"total < 1e9\"");
    let checked = cargo(&project, &["check", "--locked"]).exits(0);
    assert_eq!(count(&checked, "warning"), 0, "{}", checked.stderr);
}

/// spec: IO-31
#[test]
fn a_warning_leaves_nothing_in_the_program() {
    let project = Project::with("warned-program", SPEC, PROGRAM);
    let program = |told: Option<String>| {
        let mut command = process("cargo", &project.path());
        let target = guest_target_dir().join("native");
        command.args(["build", "--locked"]).env("CARGO_TARGET_DIR", &target).env("CARGO_INCREMENTAL", "0");
        // What the command's build sets, which then has shown the warnings.
        command.envs(told.map(|fingerprint| (FINGERPRINT_VARIABLE, fingerprint)));
        let built = finish(command, b"").exits(0);
        let program = target.join("debug").join(format!("warned-program{}", std::env::consts::EXE_SUFFIX));
        (count(&built, "lang-always-true"), std::fs::read(program).expect("a program"))
    };
    let (warnings, warned) = program(None);
    assert_eq!(warnings, 1);
    let (warnings, silent) = program(Some(fingerprint(SPEC)));
    assert_eq!(warnings, 0);
    assert!(silent == warned, "{} bytes, {} bytes", silent.len(), warned.len());
    // Another contract's warnings were shown, not this one's.
    assert_eq!(program(Some(fingerprint("another"))).0, 1);
}
