//! What `cargo traverse test` compares, records and writes besides its lines.

use crate::package::{Package, command_with, echo, module};
use insta::assert_snapshot;
use serde_json::json;
use std::time::{Duration, Instant};

const CASES: [&str; 3] = ["test", "--budget", "0"];

// spec: TEST-6, TEST-7, TEST-2
#[test]
fn a_case_says_how_it_is_compared_and_may_have_several_inputs() {
    let package = Package::of_another_tool(&echo()).case(
        "a.json",
        r#"[{"name": "near", "input": {"note": "hi", "amount": 5.001},
             "expect": {"outcome": "result", "result": {"amount": 5, "note": "hi"}}, "compare": {"tolerance": 0.01}},
            {"name": "part", "input": {"note": "hi", "amount": 5},
             "expect": {"outcome": "result", "result": {"note": "hi"}}, "compare": {"subset": true}, "note": "words"},
            {"name": "all", "inputs": [{"note": "a", "amount": 5}, {"note": "b", "amount": 7}],
             "expect": {"outcome": "result", "result": {"note": "a", "amount": 5}}, "compare": {"ignore": ["/result/*"]}}]"#,
    );
    package.command(&CASES, b"").exits(0).prints(
        "    ok  a: near\n    ok  a: part\n    ok  a: all [0]\n    ok  a: all [1]\nok: 4 passed, 0 failed\n",
    );
    package.replace("cases/a.json", "0.01", "-1");
    package.command(&CASES, b"").exits(1).says("error[case-invalid]: `tolerance` must be a number from 0");
    package.replace("cases/a.json", "{\"tolerance\": -1}", "{\"tolerence\": 1}");
    package.command(&CASES, b"").exits(1).says("unknown field `tolerence`").says("cases/a.json:2:");
}

// spec: TEST-10
#[test]
fn accept_records_what_was_found_and_leaves_the_rest_as_it_was() {
    let text = "[\n  {\"name\": \"wrong\",\n   \"input\": {\"note\": \"hi\", \"amount\": 5},\n   \"expect\": {\"outcome\": \"result\", \"result\": 1}},\n  {\"input\": {\"note\": \"hi\", \"amount\": -1}}\n]\n";
    let package = Package::of_another_tool(&echo()).case("a.json", text);
    package
        .command(&CASES, b"")
        .exits(1)
        .says("error[case-invalid]: missing field `expect`")
        .says("cases/a.json:5:");
    let finished = package.command(&[&CASES[..], &["--accept"]].concat(), b"").exits(0);
    assert_snapshot!("test_accept", finished.stdout);
    assert_snapshot!("test_accepted_file", package.read("cases/a.json"));
    package.command(&CASES, b"").exits(0);
}

// spec: TEST-10
#[test]
fn a_broken_contract_is_not_accepted() {
    let text = r#"{"input": {"note": "hi", "amount": 500}, "expect": {"outcome": "result", "result": 1}}"#;
    let package = Package::of_another_tool(&echo()).case("a.json", text);
    package.command(&[&CASES[..], &["--accept"]].concat(), b"").exits(1);
    assert_eq!(package.read("cases/a.json"), text);
    let text = r#"{"inputs": [{"note": "a", "amount": 5}, {"note": "b", "amount": 5}]}"#;
    package.write("cases/a.json", text);
    let accept = [&CASES[..], &["--accept"]].concat();
    package
        .command(&accept, b"")
        .exits(1)
        .says("error[cases-not-accepted]: the inputs of `a [0]` come to different outcomes");
    package
        .command(&[&accept[..], &["a [1]"]].concat(), b"")
        .exits(1)
        .says("error[cases-not-accepted]: not every input of `a [1]` was run");
    assert_eq!(package.read("cases/a.json"), text);
    // One of two breaks the contract: neither is recorded.
    let text = r#"{"inputs": [{"note": "a", "amount": 5}, {"note": "a", "amount": 500}]}"#;
    package.write("cases/a.json", text);
    package.command(&accept, b"").exits(1);
    assert_eq!(package.read("cases/a.json"), text);
}

// spec: TEST-10, TEST-6
#[test]
fn what_is_recorded_stands_where_it_should_and_is_no_more_than_is_compared() {
    let accept = [&CASES[..], &["--accept"]].concat();
    let recorded = |before: &str, after: &str| {
        let package = Package::of_another_tool(&echo()).case("a.json", before);
        package.command(&accept, b"").exits(0);
        assert_eq!(package.read("cases/a.json"), after);
        package.command(&CASES, b"").exits(0);
    };
    let expect = r#""expect": {"outcome": "result", "result": {"note": "a", "amount": 5}}"#;
    let inputs = r#"[{"note": "a", "amount": 5}, {"note": "a", "amount": 5}]"#;
    recorded(
        &format!("{{\"inputs\": {inputs}}}\r\n"),
        &format!("{{\"inputs\": {inputs},\r\n {expect}}}\r\n"),
    );
    let input = r#""input": {"note": "a", "amount": 5}"#;
    recorded(&format!("{{\"expect\": null, {input}}}"), &format!("{{{expect}, {input}}}"));
    let part = |amount: &str| {
        format!(
            r#"{{{input}, "expect": {{"outcome": "result", "result": {{"amount": {amount}}}}}, "compare": {{"subset": true}}}}"#
        )
    };
    recorded(&part("6"), &part("5"));
}

// spec: TEST-3, TEST-5
#[test]
fn a_key_that_stands_twice_and_an_ignored_outcome_are_errors() {
    let case = |expect: &str, compare: &str| {
        let text = format!(
            r#"{{"input": {{"note": "a", "amount": 9007199254740992}}, "expect": {expect}, "compare": {compare}}}"#
        );
        Package::of_another_tool(&echo()).case("a.json", &text).command(&CASES, b"").exits(1)
    };
    let result = r#"{"outcome": "result", "result": {"note": "a", "note": "a"}}"#;
    case(result, "{}").says("duplicate key at `/result/note` of `expect`");
    case(r#"{"outcome": "undeclared"}"#, r#"{"ignore": ["/outcome"]}"#).says("`/outcome`, cannot be ignored");
}

// spec: TEST-24
#[test]
fn a_regression_is_neither_overwritten_nor_written_out_of_the_package() {
    let package = Package::of_another_tool(&echo());
    package.command(&["test", "--seed", "7"], b"").exits(1);
    let files = || {
        let folder = package.path().join("cases/regressions");
        let mut names: Vec<_> =
            std::fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path()).collect();
        names.sort();
        names
    };
    let kept = files();
    for path in &kept {
        let text = std::fs::read_to_string(path).expect("a file");
        std::fs::write(path, text.replace("\"note\": \"", "\"note\": \"known: ")).expect("a file");
    }
    package.command(&["test", "--seed", "7"], b"").exits(1);
    for path in &kept {
        assert!(std::fs::read_to_string(path).expect("a file").contains("known: "));
    }
    #[cfg(unix)]
    {
        let elsewhere = tempfile::tempdir().expect("a folder");
        std::fs::remove_dir_all(package.path().join("cases/regressions")).expect("a folder");
        std::os::unix::fs::symlink(elsewhere.path(), package.path().join("cases/regressions"))
            .expect("a link");
        let finished = package.command(&["test", "--seed", "7"], b"");
        assert_eq!(std::fs::read_dir(elsewhere.path()).expect("a folder").count(), 0, "{finished:?}");
    }
}

// spec: TEST-40, TEST-42
#[test]
fn costs_are_recorded_and_a_rise_is_told() {
    let case = r#"{"input": {"note": "hi", "amount": 5}, "expect": {"outcome": "holds"}}"#;
    let package = Package::of_another_tool(&echo()).case("a.json", case);
    package.command(&[&CASES[..], &["--bless-cost"]].concat(), b"").exits(0);
    let costs: serde_json::Value = serde_json::from_str(&package.read("traverse.costs.json")).expect("JSON");
    let fuel = costs["cases"]["a"]["fuel"].as_u64().expect("a number");
    package.command(&CASES, b"").exits(0).prints("    ok  a\nok: 1 passed, 0 failed\n");
    package.replace("traverse.costs.json", &fuel.to_string(), &(fuel / 2).to_string());
    let finished = package.command(&CASES, b"").exits(0);
    let told = format!("  dearer: `a` takes {fuel} fuel, and took {} when its cost was recorded\n", fuel / 2);
    assert!(finished.stdout.contains(&told), "{}", finished.stdout);
    package.write("cases/b.json", case);
    package.command(&[&CASES[..], &["--bless-cost", "b"]].concat(), b"").exits(0);
    let costs: serde_json::Value = serde_json::from_str(&package.read("traverse.costs.json")).expect("JSON");
    assert_eq!(
        (&costs["cases"]["a"]["fuel"], &costs["cases"]["b"]["fuel"]),
        (&json!(fuel / 2), &json!(fuel))
    );
    package.write("traverse.costs.json", "[]");
    package.command(&CASES, b"").exits(1).says("error[costs-invalid]");
    package.command(&[&CASES[..], &["--bless-cost"]].concat(), b"").exits(0);
}

// spec: TEST-21, TEST-23, TEST-24, TEST-30, TEST-31
#[test]
fn a_drawn_input_shows_what_no_case_does() {
    // It gives back what it was given, so an amount of more than 100 breaks its promise.
    let package = Package::of_another_tool(&echo());
    let finished = package.command(&["test", "--seed", "7"], b"").exits(1);
    let found = "FAULT   clause-broken\n        error[violation]: `result.amount <= 100` does not hold\n";
    assert!(finished.stdout.contains(found), "{}", finished.stdout);
    let case = "            \"input\": {\"note\": \"\", \"amount\": 101},\n            \"expect\": {\"outcome\": \"holds\"}\n";
    assert!(finished.stdout.contains(case), "{}", finished.stdout);
    assert!(finished.stdout.contains("TooLoud") && finished.stdout.contains("never raised"));
    let kept = finished
        .stdout
        .lines()
        .filter_map(|line| line.trim().strip_prefix("kept as "))
        .find(|kept| kept.contains("postcondition"))
        .expect("it is kept");
    assert!(kept.starts_with("cases/regressions/postcondition-0-"), "{kept}");
    let name = kept.trim_start_matches("cases/").trim_end_matches(".json");
    // From now on it is a case, and its fault is not told twice.
    let again = package.command(&["test", "--seed", "7", "--message-format", "json"], b"").exits(1).json();
    let cases = again["cases"].as_array().expect("an array");
    let case = cases.iter().find(|case| case["name"] == json!(name)).expect("the regression is a case");
    assert_eq!(case["status"], json!("failed"));
    let faults = again["generated"]["faults"].as_array().expect("an array");
    assert!(
        faults.iter().all(|fault| fault["message"] != "`result.amount <= 100` does not hold"),
        "{faults:?}"
    );
}

// spec: TEST-32, TEST-12
#[test]
fn coverage_can_be_required() {
    let package = Package::of_another_tool(&echo())
        .case("a.json", r#"{"input": {"note": "hi", "amount": 5}, "expect": {"outcome": "holds"}}"#);
    let finished = package.command(&[&CASES[..], &["--require-clause-coverage"]].concat(), b"").exits(1);
    assert!(finished.stdout.contains("never false"), "{}", finished.stdout);
    assert!(finished.stdout.ends_with("FAILED: 1 passed, 0 failed, clause coverage is not whole\n"));
}

// spec: TEST-70, TEST-71
#[test]
fn changes_that_nothing_notices_are_listed() {
    let package = Package::of_another_tool(&echo()).case(
        "a.json",
        r#"{"input": {"note": "hi", "amount": 100}, "expect": {"outcome": "result", "result": {"note": "hi", "amount": 100}}}"#,
    );
    let finished = package.command(&["test", "--seed", "7", "--inputs", "2000", "--mutate"], b"");
    let shown = |text: &str| assert!(finished.stdout.contains(text), "no `{text}`:\n{}", finished.stdout);
    shown("unnoticed: precondition `positive-amount` `amount > 0`: `>` turned into `>=`");
    shown("no case has an input that one admits and the other does not");
    shown(
        "any value of `result.note` passes: no clause ties it to the input (invariants in words apart); 1 case says what it must be",
    );
    assert!(!finished.stdout.contains("`result.amount <= 100`: `100` moved to `99`"), "{}", finished.stdout);
}

// spec: TEST-62, TEST-63, TEST-64
#[test]
fn reports_are_written_for_machines_and_reviewers() {
    let package = Package::of_another_tool(&echo()).case(
        "wrong.json",
        r#"{"name": "<&\">", "input": {"note": "hi", "amount": 5}, "expect": {"outcome": "result", "result": {"note": "<script>"}}}"#,
    );
    let arguments = ["test", "--seed", "7", "--inputs", "300", "--junit", "r.xml", "--html", "r.html"];
    let finished = command_with(package.path(), &arguments, &[("GITHUB_ACTIONS", "true")]).exits(1);
    let xml = package.read("r.xml");
    assert!(xml.contains("<testsuite name=\"test.echo\" tests=\"3\" failures=\"3\" errors=\"0\">"), "{xml}");
    assert!(xml.contains("name=\"wrong: &lt;&amp;&quot;&gt;\"") && !xml.contains("<script>"), "{xml}");
    let page = package.read("r.html");
    assert!(page.contains("default-src 'none'") && !page.contains("<script"), "{page}");
    assert!(page.contains("result.amount &lt;= 100") && page.contains("class=\"bar\""), "{page}");
    assert!(finished.stderr.contains("::error file="), "{}", finished.stderr);
    let line = finished.stderr.lines().find(|line| line.contains("wrong.json")).expect("an annotation");
    assert!(line.contains("cases/wrong.json,line=1,title=case wrong%3A <&\">"), "{line}");
    let nowhere = ["test", "--budget", "0", "--junit", "no/such/r.xml"];
    package.command(&nowhere, b"").exits(1).says("error[report-unwritable]");
    // What stands there and is no file is left alone, and the test is told all the same.
    let finished = package.command(&["test", "--budget", "0", "--html", "/dev/null"], b"").exits(1);
    assert!(finished.stdout.contains("FAILED: 0 passed, 3 failed"), "{finished:?}");
}

// spec: TEST-50, TEST-61
#[test]
fn several_packages_are_tested_beside_each_other() {
    let good = r#"{"input": {"note": "hi", "amount": 5}, "expect": {"outcome": "holds"}}"#;
    let root = Package::empty();
    for name in ["one", "two", "vendor"] {
        Package::of_another_tool(&echo()).case("a.json", good).copy_to(&root.path().join(name));
    }
    let arguments = ["test", "--workspace", "--budget", "0", "--message-format", "json"];
    let report = root.command(&arguments, b"").exits(0).json();
    let folders: Vec<_> =
        report["packages"].as_array().expect("an array").iter().map(|one| &one["folder"]).collect();
    assert_eq!(folders, ["one", "two"]);
    assert_eq!((&report["passed"], &report["not_tested"]), (&json!(2), &json!(0)));
    root.remove("two/artifacts/echo.wasm");
    let finished = root.command(&["test", "--workspace", "--budget", "0"], b"").exits(3);
    assert!(finished.stdout.contains("FAILED  test.echo  artifact-missing: "), "{}", finished.stdout);
    assert!(finished.stdout.ends_with("FAILED: 1 of 2 packages passed\n"), "{}", finished.stdout);
    root.command(&["test", "-p", "one", "--budget", "0"], b"").exits(0);
    root.command(&["test", "-p", "onee"], b"")
        .exits(1)
        .says("error[package-not-found]: no package is called `onee`");
}

// spec: TEST-51
#[test]
fn watching_tests_again_when_a_case_changes() {
    let good = r#"{"input": {"note": "hi", "amount": 5}, "expect": {"outcome": "holds"}}"#;
    let package = Package::of_another_tool(&echo()).case("a.json", good);
    let arguments = ["test", "--watch", "--inputs", "50", "--html", "r.html", "--bless-cost"];
    let watching = crate::package::Watching::start(package.path(), &arguments);
    watching.wait_for("Watching");
    assert!(watching.said().contains("50 inputs"), "{}", watching.said());
    let began = Instant::now();
    package.write("cases/b.json", &good.replace('5', "500"));
    watching.wait_for("FAILED  b (cases/b.json:1)");
    // What it writes itself is no change. (No measure of speed: only that it does not go on and on.)
    let times = || watching.said().matches("Watching").count();
    while times() < 2 && began.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(50));
    }
    std::thread::sleep(Duration::from_millis(700));
    assert_eq!(times(), 2, "{}", watching.said());
    assert_eq!(
        watching.said().matches("inputs, ").count(),
        1,
        "nothing is drawn for a case:\n{}",
        watching.said()
    );
}

// spec: TEST-41, TEST-21
#[test]
fn a_call_that_comes_to_a_limit_is_a_fault() {
    let package = Package::of_another_tool(&module("", "(loop $again (br $again))"));
    let arguments = ["test", "--seed", "7", "--inputs", "40", "--no-regressions", "--message-format", "json"];
    let report = package.command(&arguments, b"").exits(1).json();
    let faults = report["generated"]["faults"].as_array().expect("an array");
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert_eq!((&faults[0]["kind"], &faults[0]["kept"]), (&json!("stopped"), &json!(null)));
    let message = faults[0]["message"].as_str().expect("a text");
    assert!(message.contains("2000000"), "{message}");
    assert!(!package.path().join("cases").exists());
}

// spec: TEST-60
#[test]
fn nothing_is_counted_where_nobody_watches() {
    let package = Package::of_another_tool(&echo());
    let arguments = ["test", "--seed", "7", "--inputs", "1000000", "--budget", "0.8", "--no-regressions"];
    let finished = package.command(&arguments, b"").exits(1);
    assert_eq!(finished.stderr, "");
    assert!(!finished.stdout.contains('\r'), "{}", finished.stdout);
}

// spec: TEST-24, TEST-21
#[test]
fn a_case_that_expects_a_fault_does_not_hide_it() {
    let package = Package::of_another_tool(&echo()).case(
        "a.json",
        r#"{"input": {"note": "hi", "amount": 500}, "expect": {"outcome": "violation", "clause": {"kind": "postcondition", "index": 0}}}"#,
    );
    let arguments = ["test", "--seed", "7", "--no-regressions", "--message-format", "json"];
    let report = package.command(&arguments, b"").exits(1).json();
    assert_eq!(report["cases"][0]["status"], json!("passed"));
    let faults = report["generated"]["faults"].as_array().expect("an array");
    assert!(
        faults.iter().any(|fault| fault["message"] == "`result.amount <= 100` does not hold"),
        "{faults:?}"
    );
    // A failed case shows it already: it is only counted.
    package.replace("cases/a.json", "\"index\": 0", "\"index\": 1");
    let report = package.command(&arguments, b"").exits(1).json();
    assert!(report["generated"]["known"].as_u64().is_some_and(|known| known > 0), "{}", report["generated"]);
}

// spec: TEST-20, TEST-21
#[test]
fn a_module_with_the_sdk_must_refuse_what_the_host_refuses() {
    // It says that the SDK is in it, and gives back whatever it is given.
    let package = Package::of(&echo());
    let arguments =
        ["test", "--seed", "7", "--inputs", "200", "--no-regressions", "--message-format", "json"];
    let report = package.command(&arguments, b"").exits(1).json();
    let faults = report["generated"]["faults"].as_array().expect("an array");
    let fault = faults.iter().find(|fault| fault["kind"] == "refusal-differs").expect("it is found");
    assert_eq!(fault["message"], json!("module and host do not refuse the input alike"));
    let notes = fault["notes"].to_string();
    assert!(notes.contains("module: exit code 0") && notes.contains("host: exit code 2"), "{notes}");
}
