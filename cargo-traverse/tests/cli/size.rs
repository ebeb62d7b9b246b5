//! `cargo traverse size`.

use crate::package::{Package, bytes_of};

const OLD: &str = "(module (memory 1) (func $app::small nop) (data (i32.const 0) \"abc\"))";
const NEW: &str = "(module (memory 1) (func $app::small nop) (func $app::large nop nop nop))";

// spec: CLI-110, CLI-111
#[test]
fn two_modules_are_compared_by_section_crate_and_function() {
    let package = Package::empty();
    package.write_bytes("old.wasm", &bytes_of(OLD));
    package.write_bytes("new.wasm", &bytes_of(NEW));
    let report =
        package.command(&["size", "old.wasm", "new.wasm", "--message-format", "json"], b"").exits(0).json();
    let (old, new) = (bytes_of(OLD).len() as i64, bytes_of(NEW).len() as i64);
    assert_eq!(report["difference"], serde_json::json!(new - old));
    let data =
        report["sections"].as_array().unwrap().iter().find(|section| section["name"] == "data").unwrap();
    assert_eq!((data["new"].as_u64(), data["difference"].as_i64().unwrap() < 0), (Some(0), true));
    assert_eq!(
        report["functions"],
        serde_json::json!([{"name": "app::large", "old": 0, "new": 6, "difference": 6}])
    );
    assert_eq!(report["crates"], serde_json::json!([{"name": "app", "old": 4, "new": 10, "difference": 6}]));
    let shown = package.command(&["size", "old.wasm", "new.wasm"], b"").exits(0);
    assert!(shown.stdout.contains("app::large"), "{}", shown.stdout);
}

// spec: CLI-110
#[test]
fn what_is_no_module_is_an_error() {
    let package = Package::empty();
    package.write_bytes("old.wasm", &bytes_of("(module)"));
    package.write("text.wasm", "no");
    package.command(&["size", "old.wasm", "text.wasm"], b"").exits(1).says("error[artifact-not-wasm]");
    package.command(&["size", "old.wasm", "none.wasm"], b"").exits(1).says("error[artifact-missing]");
    package
        .command(&["size", "old.wasm", "old.wasm"], b"")
        .exits(0)
        .says("note: crates and functions are not known");
}
