//! Input that is not what it should be, on the real command.

use serde_json::json;
use std::sync::OnceLock;
use traverse_tests::{Finished, Project, traverse_with};

fn pricing() -> &'static Project {
    static PRICING: OnceLock<Project> = OnceLock::new();
    PRICING.get_or_init(|| {
        let project = Project::new("input-pricing", "pricing");
        project.build();
        project
    })
}

fn run(input: &[u8]) -> Finished {
    traverse_with(&pricing().path(), &["run"], input)
}

#[test]
fn empty_input_is_rejected() {
    let rejected = run(b"").exits(20).json();
    assert_eq!(rejected["message"], json!("input is empty: expected one JSON value"));
    run(b" \n\t ").exits(20);
}

#[test]
fn two_values_are_rejected() {
    let rejected = run(b"{} {}").exits(20).json();
    assert!(
        rejected["message"].as_str().is_some_and(|text| text.contains("more data after the value")),
        "{rejected}"
    );
}

#[test]
fn bytes_that_are_not_utf8_are_rejected() {
    let rejected = run(b"{\"customer\":{\"tier\":\"\xff\"}}").exits(20).json();
    assert!(rejected["message"].as_str().is_some_and(|text| text.contains("UTF-8")), "{rejected}");
}

#[test]
fn a_million_brackets_are_rejected_at_once() {
    let rejected = run("[".repeat(1_000_000).as_bytes()).exits(20).json();
    assert_eq!(rejected["message"], json!("nested deeper than 100 levels"));
}

#[test]
fn input_over_the_limit_is_rejected() {
    let big = format!(r#"{{"customer":{{"tier":"{}"}},"cart":{{"total":1}}}}"#, "x".repeat(2 << 20));
    let rejected = run(big.as_bytes()).exits(20).json();
    assert_eq!(rejected["message"], json!("input is larger than the limit of 1048576 bytes"));
}

#[test]
fn a_repeated_key_and_a_missing_one_are_rejected_where_they_stand() {
    let rejected = run(br#"{"cart":{"total":1,"total":2},"customer":{"tier":"standard"}}"#).exits(20).json();
    assert_eq!(rejected, json!({"outcome":"rejected","at":"/cart/total","message":"duplicate key"}));
    let rejected = run(br#"{"cart":{},"customer":{"tier":"standard"}}"#).exits(20).json();
    assert_eq!(
        rejected,
        json!({"outcome":"rejected","at":"/cart","message":"required property `total` is missing"})
    );
}

#[test]
fn input_comes_from_a_file_or_the_command_line_too() {
    let project = pricing();
    let text = r#"{"customer":{"tier":"enterprise"},"cart":{"total":1}}"#;
    project.write("one.json", text);
    project.traverse(&["run", "--input", "one.json"]).exits(0);
    project.traverse(&["run", "--input-json", text]).exits(0);
    project.traverse(&["run", "--input", "none.json"]).exits(1).says("none.json");
    project.traverse(&["run", "--input", "one.json", "--input-json", text]).exits(2);
}

#[test]
fn json_format_is_one_document() {
    let project = pricing();
    let text = r#"{"customer":{"tier":"enterprise"},"cart":{"total":1}}"#;
    let document =
        project.traverse(&["run", "--input-json", text, "--message-format", "json"]).exits(0).json();
    let shown = document.to_string();
    assert!(shown.contains("fuel_used"), "{document:#}");
    assert!(shown.contains("enterprise customers never receive standard pricing"), "{document:#}");
}
