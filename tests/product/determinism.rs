//! Same source, same lock file, same toolchain: same bytes, wherever project, command and cargo home lie.

use std::path::Path;
use traverse_tests::{command_path, finish, process};

fn build_under(root: &Path, name: &str) -> Vec<u8> {
    std::fs::create_dir_all(root).expect("a folder can be made");
    // The command from another place, too.
    let command_copy = root.join("bin-cargo-traverse");
    std::fs::copy(command_path(), &command_copy).expect("the command can be copied");
    // Another cargo home; what was already downloaded is lent to it.
    let cargo_home = root.join("cargo-home");
    std::fs::create_dir_all(cargo_home.join("registry")).expect("a folder can be made");
    let own_home = std::env::var_os("CARGO_HOME").map_or_else(
        || Path::new(&std::env::var_os("HOME").expect("HOME is set")).join(".cargo"),
        std::convert::Into::into,
    );
    for part in ["index", "cache"] {
        let from = own_home.join("registry").join(part);
        if from.exists() {
            copy_folder(&from, &cargo_home.join("registry").join(part));
        }
    }
    let run = |folder: &Path, arguments: &[&str]| {
        let mut command = process(&command_copy, folder);
        command
            .arg("traverse")
            .args(arguments)
            .env("CARGO_HOME", &cargo_home)
            .env("CARGO_TARGET_DIR", root.join("target-of-its-own"));
        finish(command, b"").exits(0)
    };
    run(root, &["new", name, "--template", "pricing"]);
    run(&root.join(name), &["build"]);
    std::fs::read(root.join(name).join("artifacts").join(format!("{name}.wasm")))
        .expect("the artifact is there")
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder can be made");
    for entry in std::fs::read_dir(from).expect("a folder can be read").flatten() {
        let target = to.join(entry.file_name());
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("a file can be copied");
        }
    }
}

/// spec: PKG-26
#[test]
fn the_same_source_gives_the_same_bytes_anywhere() {
    let one = tempfile::tempdir().expect("a temporary folder");
    let two = tempfile::tempdir().expect("a temporary folder");
    let first = build_under(&one.path().join("a"), "same-bytes");
    let second = build_under(&two.path().join("quite/another/and a longer/place"), "same-bytes");
    assert_eq!(
        traverse_contract::canonical::sha256(&first),
        traverse_contract::canonical::sha256(&second),
        "{} and {} bytes",
        first.len(),
        second.len()
    );
    // No path of either place is inside.
    let text = String::from_utf8_lossy(&first);
    for part in ["cargo-home", "target-of-its-own", "registry/src"] {
        assert!(!text.contains(part), "the module names a path: {part}");
    }
}
