//! Each template, as a user receives it.

use traverse_tests::{Project, finish, guest_target_dir, process};

fn is_whole(template: &str) {
    let project = Project::new(&format!("template-{template}"), template);
    project.traverse(&["check"]).exits(0);
    project.build();
    project.traverse(&["test"]).exits(0);
    let inspected = project.traverse(&["inspect", "--message-format", "json"]).exits(0).json();
    let mut imports: Vec<_> =
        inspected["imports"].as_array().expect("a list").iter().map(ToString::to_string).collect();
    imports.sort();
    assert_eq!(
        imports,
        ["fd_read", "fd_write", "proc_exit"].map(|name| format!("\"wasi_snapshot_preview1.{name}\"")),
        "{inspected:#}"
    );

    // What an author does every day, with cargo alone.
    for arguments in
        [&["check", "--locked"][..], &["test", "--locked"], &["clippy", "--locked", "--", "-D", "warnings"]]
    {
        let mut command = process("cargo", &project.path());
        command.args(arguments).env("CARGO_TARGET_DIR", guest_target_dir().join("native"));
        finish(command, b"").exits(0);
    }
    let mut command = process("cargo", &project.path());
    command.args(["fmt", "--check"]);
    finish(command, b"").exits(0);
}

#[test]
fn minimal_is_whole() {
    is_whole("minimal");
}

#[test]
fn pricing_is_whole() {
    is_whole("pricing");
}

#[test]
fn iban_is_whole() {
    is_whole("iban");
}

/// What `build` would refuse, clippy names at its place.
#[test]
fn clippy_tells_early_what_a_capability_cannot_have() {
    let project = Project::new("told-early", "minimal");
    let program = project.read("src/main.rs").replacen(
        "-> Output {\n",
        "-> Output {\n    println!(\"{:?}\", std::time::Instant::now());\n",
        1,
    );
    project.write("src/main.rs", &program);
    let mut command = process("cargo", &project.path());
    command.args(["clippy", "--locked"]).env("CARGO_TARGET_DIR", guest_target_dir().join("native"));
    finish(command, b"")
        .exits(0)
        .says("use of a disallowed macro `std::println`")
        .says("use of a disallowed type `std::time::Instant`")
        .says("--> src/main.rs:7:22");
}
