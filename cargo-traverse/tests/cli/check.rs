//! `cargo traverse check`.

use crate::package::{Package, echo};
use insta::{assert_json_snapshot, assert_snapshot};
use std::fs;
use traverse_contract::package::{MANIFEST_FILE, SPEC_FILE};

// spec: CLI-40, CLI-41
#[test]
fn a_good_package_says_what_its_contract_holds() {
    let package = Package::of(&echo());
    // `check` compiles nothing and needs nothing compiled.
    package.remove("artifacts/echo.wasm");
    let finished = package.command(&["check"], b"").exits(0);
    assert_eq!(finished.stderr, "");
    assert_snapshot!("check_good", finished.stdout);
}

// spec: CLI-40, CLI-41, CLI-5
#[test]
fn everything_wrong_is_shown_at_once() {
    let package = Package::of(&echo());
    package.replace(SPEC_FILE, "preconditions =", "preconditons =");
    package.replace(SPEC_FILE, "result.amount <= 100", "result.amount <= 'x' and");
    package.replace(MANIFEST_FILE, "language = \"rust\"", "language = \"cobol\"");
    let before = listing(&package);
    let finished = package.command(&["check"], b"").exits(1).prints("");
    assert_snapshot!("check_errors", finished.stderr);
    assert_eq!(listing(&package), before, "check writes nothing");
}

// spec: CLI-40, LANG-28
#[test]
fn every_fault_that_types_find_is_told_at_once() {
    let package = Package::of(&echo());
    // The macro's errors on this spec are in traverse-sdk/tests/ui/clauses-with-every-fault.stderr.
    package.write(SPEC_FILE, include_str!("../../../traverse-sdk/tests/specs/every-fault.spec.toml"));
    let report = package.command(&["check", "--message-format", "json"], b"").exits(1).json();
    let codes: Vec<&str> = report["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .map(|found| found["code"].as_str().unwrap())
        .collect();
    assert_eq!(
        codes,
        [
            "lang-unknown-field",
            "lang-type-mismatch",
            "lang-unguarded-optional",
            "lang-result-in-precondition",
            "lang-always-false",
            "lang-always-true",
            "lang-never-equal",
            "lang-repeated-member",
            "lang-contradiction",
            "lang-message",
            "lang-unknown-field",
        ]
    );
}

// spec: CLI-40, PKG-28
#[test]
fn warnings_are_shown_and_counted_apart() {
    let package = Package::of(&echo());
    package.replace(SPEC_FILE, "\"note is string\"", "\"note is string\", \"ammount > 0\"");
    let warning = "warning[lang-similar-names]";
    let finished = package.command(&["check"], b"").exits(0).says(warning);
    assert!(finished.stdout.contains("no errors, 1 warning"), "{}", finished.stdout);
    // `build` says it too, before it needs anything else.
    package.command(&["build"], b"").exits(1).says(warning).says("--> traverse.spec.toml:");

    package.replace(MANIFEST_FILE, "language = \"rust\"", "language = \"cobol\"");
    let finished = package.command(&["check"], b"").exits(1).prints("").says(warning);
    assert!(
        finished.stderr.ends_with("error: 1 error and 1 warning in the package\n"),
        "{}",
        finished.stderr
    );
    let counts = package.command(&["check", "--message-format", "json"], b"").exits(1).json();
    assert_eq!((&counts["errors"], &counts["warnings"]), (&1.into(), &1.into()));
}

// spec: CLI-41, PKG-28
#[test]
fn the_manifest_must_agree_with_the_contract_and_the_sources() {
    let package = Package::of(&echo());
    package.replace(SPEC_FILE, "version = \"1.2.0\"", "version = \"1.3.0\"");
    package.remove("src/main.rs");
    let finished = package.command(&["check"], b"").exits(1).prints("");
    assert_snapshot!("check_disagreement", finished.stderr);

    let package = Package::of(&echo());
    package.write("src/main.rs", "#[capability]\nfn repeat() {}\n");
    for name in ["check", "build"] {
        package
            .command(&[name], b"")
            .exits(1)
            .prints("")
            .says("error[manifest-bad-entry]: `source.entry` is `echo`");
    }
}

// spec: CLI-42, CLI-31
#[test]
fn the_schema_in_force_is_json_schema() {
    let package = Package::of(&echo());
    let finished = package.command(&["check", "--schema"], b"").exits(0);
    let schema: serde_json::Value = serde_json::from_str(&finished.stdout).expect("JSON");
    assert_json_snapshot!("check_schema_inferred", schema);

    package.write(
        SPEC_FILE,
        r##"[capability]
id = "test.echo"
version = "1.2.0"
runtime = "wasm32-wasip1"

[types.Line]
type = "object"
required = ["sku", "count"]
additionalProperties = false
[types.Line.properties]
sku = { type = "string", minLength = 3, description = "stock keeping unit" }
count = { type = "integer", minimum = 1, maximum = 99, default = 1, examples = [2, 12] }
weight = { type = "number", exclusiveMinimum = 0, maximum = 2.5 }

[input]
type = "object"
required = ["lines"]
[input.properties]
lines = { type = "array", items = { "$ref" = "#/types/Line" }, minItems = 1, maxItems = 10 }
tier = { type = "string", enum = ["a", "b"] }

[output]
type = "boolean"
"##,
    );
    let finished = package.command(&["check", "--schema"], b"").exits(0);
    let schema: serde_json::Value = serde_json::from_str(&finished.stdout).expect("JSON");
    assert_json_snapshot!("check_schema_written", schema);

    package.write(SPEC_FILE, "[capability]\n");
    package.command(&["check", "--schema"], b"").exits(1).prints("");
}

// spec: CLI-43, CLI-9, CLI-30
#[test]
fn json_lists_diagnostics_or_the_contract() {
    let package = Package::of(&echo());
    let finished = package.command(&["check", "--message-format", "json"], b"").exits(0);
    assert_json_snapshot!("check", finished.redacted_json());
    package.replace(SPEC_FILE, "[capability]", "[capabilty]");
    let finished = package.command(&["check", "--message-format", "json"], b"").exits(1);
    assert_eq!(finished.stderr, "");
    assert_json_snapshot!("check_diagnostics", finished.redacted_json());
}

// spec: CLI-4, CLI-43
#[test]
fn a_folder_without_a_package_is_an_error() {
    let package = Package::empty();
    package
        .command(&["check"], b"")
        .exits(1)
        .prints("")
        .says("error[manifest-missing]: there is no `traverse.package.toml` in this folder");
    let finished = package.command(&["check", "--message-format", "json"], b"").exits(1);
    assert_eq!(finished.json()["error"]["code"], "manifest-missing");
    // With a spec alone, the spec is checked all the same.
    package.write(SPEC_FILE, "[capability]\nid = 5\n");
    package.command(&["check"], b"").exits(1).says("error[manifest-missing]").says("error[spec-wrong-type]");
    package.write_bytes(SPEC_FILE, b"# \xff\n");
    package.command(&["check"], b"").exits(1).says("is not UTF-8: invalid byte at 2");
}

fn listing(package: &Package) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(package.path())
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}
