//! `cargo traverse test` on real code: what it finds that no case was written for.

use serde_json::json;
use traverse_tests::Project;

/// spec: TEST-20, TEST-21, TEST-23, TEST-24, TEST-8
#[test]
fn a_wrong_bound_is_shown_with_the_smallest_input_until_it_is_mended() {
    let project = Project::new("wrong-bound", "minimal");
    std::fs::remove_dir_all(project.path().join("cases")).expect("there are cases");
    project.traverse(&["test", "--seed", "1"]).exits(0);
    break_bound(&project);
    let found = project.traverse(&["test", "--seed", "1", "--message-format", "json"]).exits(1).json();
    let faults = found["generated"]["faults"].as_array().expect("an array");
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert_eq!(faults[0]["kind"], json!("clause-broken"));
    assert_eq!(found["native"], json!(true));
    let kept = faults[0]["kept"].as_str().expect("it is kept");
    let case: serde_json::Value = serde_json::from_str(&project.read(kept)).expect("it is JSON");
    assert_eq!(case["expect"], json!({"outcome": "holds"}));
    assert_eq!(case["input"], faults[0]["input"]);

    // It is a case from now on, also where nothing is drawn.
    let failed = project.traverse(&["test", "--budget", "0"]).exits(1);
    assert!(failed.stdout.contains("FAILED  regressions/invariant-0-"), "{}", failed.stdout);
    mend_bound(&project);
    project.traverse(&["test", "--budget", "0"]).exits(0);
}

fn break_bound(project: &Project) {
    let source = project.read("src/main.rs");
    let line = source.lines().find(|line| line.contains("free:")).expect("the rule is there");
    project.replace("src/main.rs", line, &line.replace(">=", ">"));
}

fn mend_bound(project: &Project) {
    let source = project.read("src/main.rs");
    let line = source.lines().find(|line| line.contains("free:")).expect("the rule is there");
    project.replace("src/main.rs", line, &line.replace('>', ">="));
}

/// spec: TEST-20, TEST-21
#[test]
fn an_addition_that_overflows_is_seen_natively() {
    let spec = "[capability]\nid = \"shop.points\"\nversion = \"1.0.0\"\nruntime = \"wasm32-wasip1\"\n\
        [input]\ntype = \"object\"\nrequired = [\"points\"]\nadditionalProperties = false\n\
        properties.points = { type = \"integer\" }\n\
        [output]\ntype = \"object\"\nrequired = [\"points\"]\nproperties.points = { type = \"integer\" }\n";
    let program = "use traverse_sdk::prelude::*;\n\n#[capability]\nfn add_bonus(points: i64) -> Output {\n    Output { points: points + 100 }\n}\n";
    let project = Project::with("overflowing-points", spec, program);
    let found = project.traverse(&["test", "--seed", "1", "--message-format", "json"]).exits(1).json();
    let fault = &found["generated"]["faults"][0];
    assert_eq!(fault["kind"], json!("native-differs"));
    let message = fault["message"].as_str().expect("a text");
    assert!(message.contains("panicked at src/main.rs:5:22: attempt to add with overflow"), "{message}");
    // How near to the bound the smallest one lies depends on the time that there was.
    let points = fault["input"]["points"].as_i64().expect("an integer");
    assert!(points > i64::MAX - 100, "{points}");
    project.traverse(&["test", "--seed", "1", "--no-native"]).exits(0);
}

/// spec: TEST-12
#[test]
fn code_that_does_not_compile_is_another_exit_code() {
    let project = Project::new("not-compiling", "minimal");
    let source = project.read("src/main.rs");
    project.write("src/main.rs", &source.replace("Output {\n", "Output {\n        oops: 1,\n"));
    project.traverse(&["test"]).exits(3).says("error[compile-failed]");
}

/// spec: TEST-20
#[test]
fn a_native_program_that_hangs_or_rounds_otherwise_is_told() {
    let spec = "[capability]\nid = \"shop.wave\"\nversion = \"1.0.0\"\nruntime = \"wasm32-wasip1\"\n[contract]\n\
        preconditions = [\"angle >= 0\", \"angle <= 1000000\"]\ninvariants = [\"result.height <= 1\"]\n";
    let program = "use traverse_sdk::prelude::*;\n\n#[capability]\nfn wave(angle: f64) -> Output {\n    \
        if cfg!(not(target_arch = \"wasm32\")) && angle.to_bits() == 0x4053_5000_0000_0000 {\n        loop {}\n    }\n    \
        Output { height: angle.sin() }\n}\n";
    let project = Project::with("sine-wave", spec, program);
    std::fs::create_dir_all(project.path().join("cases")).expect("a folder");
    // The last digits of a sine are the library's, of which there are two.
    let drawn = ["test", "--seed", "1", "--inputs", "2000", "--budget", "60", "--no-regressions"];
    let report = project.traverse(&[&drawn[..], &["--message-format", "json"]].concat()).exits(0).json();
    let rounded = &report["generated"]["rounded"];
    assert!(rounded.as_u64().is_some_and(|rounded| rounded > 0), "{}", report["generated"]);

    let case = r#"{"input": {"angle": 77.25}, "expect": {"outcome": "result", "result": {"height": 0.9}}, "compare": {"ignore": ["/result"]}}"#;
    project.write("cases/loop.json", case);
    let failed = project.traverse(&["test", "--budget", "0"]).exits(1);
    assert!(failed.stdout.contains("the native program did not end in 10 s"), "{}", failed.stdout);
}
