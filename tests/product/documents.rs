//! The JSON documents of the commands that need a toolchain. Those of the others are snapshots of the command's own
//! tests.

use serde_json::Value;
use traverse_tests::{Project, traverse};

/// What differs from machine to machine, replaced where it is there and of its type.
fn redact(document: &mut Value, texts: &[&str], numbers: &[&str]) {
    for pointer in texts {
        if let Some(value) = document.pointer_mut(pointer).filter(|value| value.is_string()) {
            *value = "[text]".into();
        }
    }
    for pointer in numbers {
        if let Some(value) = document.pointer_mut(pointer).filter(|value| value.is_number()) {
            *value = "[number]".into();
        }
    }
}

// spec: CLI-60
#[test]
fn new_lists_what_it_wrote() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let finished = traverse(
        folder.path(),
        &["new", "document-new", "--template", "pricing", "--message-format", "json"],
    )
    .exits(0);
    assert_eq!(finished.stderr, "");
    insta::assert_json_snapshot!("new", finished.json());
}

// spec: CLI-61
#[test]
fn build_says_what_it_made() {
    let project = Project::new("document-build", "minimal");
    let build = || {
        let mut document = project.traverse(&["build", "--message-format", "json"]).exits(0).json();
        let texts =
            ["/digest", "/contract_digest", "/toolchain/origin", "/toolchain/rustc", "/toolchain/target_std"];
        redact(&mut document, &texts, &["/bytes", "/seconds"]);
        document
    };
    let first = build();
    insta::assert_json_snapshot!("build", first);
    let mut second = build();
    assert_eq!(second["changed"], false);
    second["changed"] = true.into();
    assert_eq!(second, first);
}

// spec: CLI-62
#[test]
fn doctor_lists_every_prerequisite() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let document = traverse(folder.path(), &["doctor", "--message-format", "json"]).json();
    let checks = document["checks"].as_array().expect("checks");
    assert!(checks.len() >= 5, "{document}");
    let missing = checks.iter().any(|check| check["status"] == "missing");
    assert_eq!(document["ok"], !missing);
    for check in checks {
        assert!(check["name"].is_string() && check["found"].is_string(), "{check}");
        assert!(["ok", "optional", "missing"].contains(&check["status"].as_str().unwrap_or("")), "{check}");
        assert!(check["status"] != "missing" || check["mend"].is_string(), "{check}");
    }
}

// spec: CLI-63
#[test]
fn toolchain_show_says_what_build_uses() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut document =
        traverse(folder.path(), &["toolchain", "show", "--message-format", "json"]).exits(0).json();
    redact(&mut document, &["/origin", "/rustc", "/sysroot", "/target_libdir", "/target_std"], &[]);
    insta::assert_json_snapshot!("toolchain_show", document);
}
