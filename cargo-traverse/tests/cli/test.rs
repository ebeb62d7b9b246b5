//! `cargo traverse test`.

use crate::package::{Package, echo, module};
use insta::assert_snapshot;

const GOOD: &str = r#"[
  {"name": "small", "input": {"note": "hi", "amount": 5},
   "expect": {"outcome": "result", "result": {"amount": 5.0, "note": "hi"}}},
  {"name": "nothing", "input": {"note": "hi", "amount": 0},
   "expect": {"outcome": "violation", "clause": {"kind": "precondition", "id": "positive-amount"}}},
  {"input": {"note": "hi", "amount": 101},
   "expect": {"outcome": "violation", "clause": {"kind": "postcondition", "index": 0}, "found_by": "host"}}
]"#;

// spec: TEST-1, TEST-2, TEST-4, TEST-8
#[test]
fn cases_that_pass_have_a_line_each() {
    let package = Package::of_another_tool(&echo())
        .case("b-amounts.json", GOOD)
        .case("a-single.json", r#"{"input": {"note": 1}, "expect": {"outcome": "rejection", "at": "/note"}}"#)
        .case("readme.txt", "not a case")
        .case(".hidden.json", "not a case");
    package.command(&["test", "--budget", "0"], b"").exits(0).prints(
        "    ok  a-single\n    ok  b-amounts: small\n    ok  b-amounts: nothing\n    ok  b-amounts: 2\nok: 4 passed, 0 failed\n",
    );
}

// spec: TEST-2
#[test]
fn the_module_gets_the_very_text_of_the_input() {
    let package = Package::of_another_tool(&echo()).case(
        "twice.json",
        r#"{"input": {"note": "a", "note": "b", "amount": 1},
            "expect": {"outcome": "rejected", "at": "/note", "message": "duplicate key"}}"#,
    );
    package.command(&["test", "--budget", "0"], b"").exits(0);
}

// spec: TEST-8
#[test]
fn a_case_that_fails_shows_the_difference() {
    let package = Package::of_another_tool(&echo()).case(
        "wrong.json",
        r#"[{"name": "value", "input": {"note": "hi", "amount": 5.0},
             "expect": {"outcome": "result", "result": {"note": "ho", "amount": 5}}},
            {"name": "kind", "input": {"note": "hi", "amount": -1},
             "expect": {"outcome": "exception", "name": "TooLoud"}},
            {"name": "right", "input": {"note": "hi", "amount": 5},
             "expect": {"outcome": "result", "result": {"note": "hi", "amount": 5}}}]"#,
    );
    let finished = package.command(&["test", "--budget", "0"], b"").exits(1);
    assert_snapshot!("test_failures", finished.stdout);
}

// spec: TEST-8
#[test]
fn a_module_that_is_stopped_fails_its_case() {
    let package = Package::of_another_tool(&module("", "unreachable"))
        .case(
            "a.json",
            r#"{"input": {"note": "hi", "amount": 5}, "expect": {"outcome": "result", "result": 1}}"#,
        )
        .case("b.json", r#"{"input": {"note": "hi"}, "expect": {"outcome": "rejected"}}"#);
    let finished = package.command(&["test", "--budget", "0"], b"").exits(1);
    assert!(finished.stdout.contains("\"code\": \"trap\""), "{}", finished.stdout);
    assert!(
        finished.stdout.ends_with("    ok  b\n        - expected, + found\nFAILED: 1 passed, 1 failed\n"),
        "{}",
        finished.stdout
    );
}

// spec: TEST-3, CLI-5
#[test]
fn broken_case_files_are_shown_with_their_places() {
    let package = Package::of_another_tool(&echo())
        .case("good.json", GOOD)
        .case("cut.json", "{\"input\": 1,\n")
        .case("key.json", "[\n  {\"inptu\": 1, \"expect\": {\"outcome\": \"result\", \"result\": 1}}\n]")
        .case("outcome.json", r#"{"input": 1, "expect": {"outcome": "success"}}"#)
        .case("needs.json", r#"{"input": 1, "expect": {"outcome": "exception"}}"#)
        .case("apart.json", r#"{"input": 1, "expect": {"outcome": "result", "result": 1, "at": ""}}"#)
        .case("kind.json", r#"{"input": 1, "expect": {"outcome": "violation", "clause": {"kind": "rule"}}}"#)
        .case("text.json", "\"case\"")
        .case("absent.json", r#"{"expect": {"outcome": "undeclared"}}"#);
    let finished = package.command(&["test", "--budget", "0"], b"").exits(1).prints("");
    assert_snapshot!("test_broken_files", finished.stderr);
}

// spec: TEST-9
#[test]
fn no_case_is_no_success() {
    let package = Package::of_another_tool(&echo());
    package
        .command(&["test", "--budget", "0"], b"")
        .exits(1)
        .prints("")
        .says("error[cases-missing]: there are no cases in `cases`")
        .says("help: write cases/first.json");
    let package = package.case("a.json", "[1]");
    package
        .command(&["test", "--budget", "0"], b"")
        .exits(1)
        .says("error[case-invalid]: invalid type: integer `1`, expected a case, an object");
    let package = package.case("a.json", GOOD);
    package
        .command(&["test", "nothing"], b"")
        .exits(0)
        .prints("    ok  a: nothing\nok: 1 passed, 0 failed, 2 filtered out\n");
    package
        .command(&["test", "everything"], b"")
        .exits(1)
        .says("error[cases-none-match]: none of 3 cases has `everything` in its name");
}

// spec: TEST-11, TEST-12
#[test]
fn an_artifact_without_its_sources_is_tested_as_it_is() {
    let package = Package::of_another_tool(&echo()).case("a.json", GOOD);
    package.command(&["test", "--budget", "0"], b"").exits(0);
    package.write("Cargo.toml", "this is no manifest of cargo's");
    package.command(&["test", "--no-build", "--budget", "0"], b"").exits(0);
    package.command(&["test", "--budget", "0"], b"").exits(3).prints("");
    package.remove("artifacts/echo.wasm");
    package.command(&["test", "--no-build", "--budget", "0"], b"").exits(3).says("error[artifact-missing]");
}

// spec: TEST-61, CLI-9
#[test]
fn json_lists_every_case() {
    let package = Package::of_another_tool(&echo()).case("a.json", GOOD).case(
        "b.json",
        r#"{"input": {"note": "hi", "amount": 5}, "expect": {"outcome": "result", "result": 5}}"#,
    );
    let finished = package.command(&["test", "--budget", "0", "--message-format", "json"], b"").exits(1);
    insta::assert_json_snapshot!("test", finished.redacted_json());
}
