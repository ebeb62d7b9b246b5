//! What a guest says of its call: believed where the host cannot know better, checked where it can.

use crate::support::*;
use serde_json::{Value, json};

// spec: RUN-12
#[test]
fn the_host_finds_what_the_guest_passed_over() {
    for (result, clause, observed, message) in [
        (
            r#"{"percent":"5","note":"x"}"#,
            json!({"kind": "output-schema", "index": 0, "rule": "/percent expected an integer, found a string"}),
            json!({"result": "5"}),
            "the result does not fit the output schema at `/percent`: expected an integer, found a string",
        ),
        (
            r#"{"percent":95,"note":"x"}"#,
            json!({"kind": "output-schema", "index": 0, "rule": "/percent must be at most 90"}),
            json!({"result": 95}),
            "the result does not fit the output schema at `/percent`: must be at most 90",
        ),
        (
            r#"{"percent":5,"note":""}"#,
            json!({"kind": "postcondition", "index": 1, "rule": "size(result.note) > 0"}),
            json!({"result.note": ""}),
            "say why",
        ),
        (
            r#"{"percent":50,"note":"x"}"#,
            json!({"kind": "invariant", "index": 0, "rule": "tier == 'gold' or result.percent <= 20"}),
            json!({"tier": "standard", "result.percent": 50}),
            "`tier == 'gold' or result.percent <= 20` does not hold",
        ),
    ] {
        let call = call_saying(0, result).expect("an outcome");
        assert_eq!(
            call.outcome.to_json(),
            json!({"outcome": "violation", "clause": clause, "observed": observed, "message": message, "found_by": "host"})
        );
        // The guest's own words are kept beside the host's finding.
        assert_eq!(call.stdout, result.as_bytes());
        assert_eq!(call.trace.exit_code, Some(0));
        assert_eq!(call.trace.outcome, "violation");
    }
    let call = call_saying(0, r#"{"percent":50,"note":"x"}"#).expect("an outcome");
    let invariant = serde_json::to_value(&call.trace.clauses()[4]).expect("JSON");
    assert_eq!((&invariant["host"], &invariant["guest"]), (&json!("violated"), &json!("holds")));
}

pub(crate) fn exception(fields: Value) -> String {
    let mut document = json!({"outcome": "exception"});
    let Value::Object(fields) = fields else { unreachable!("the test passes an object") };
    document.as_object_mut().expect("an object").extend(fields);
    document.to_string()
}

// spec: RUN-13
#[test]
fn a_declared_exception_is_an_outcome() {
    let closed = exception(json!({"name": "Closed"}));
    let call = call_saying(10, &closed).expect("an outcome");
    assert_eq!(call.outcome.to_json().to_string(), closed);
    assert_eq!(
        serde_json::to_value(&call.trace.exceptions()[2]).expect("JSON"),
        json!({"name": "Closed", "when": null, "host": null, "raised": true})
    );
    assert_eq!(serde_json::to_value(call.trace.clauses()[0].guest).expect("JSON"), "holds");
    assert_eq!(call.trace.clauses()[2].guest, None);

    let detailed = exception(json!({"name": "WrongTier", "details": {"expected": "gold"}}));
    assert_eq!(outcome(call_saying(10, &detailed)).to_string(), detailed);

    let big = load(saying(10, &exception(json!({"name": "CartTooBig", "message": "ask for an offer"})), ""));
    assert_eq!(outcome(big.call(br#"{"total":5000,"tier":"gold"}"#))["outcome"], "exception");
}

// spec: RUN-13
#[test]
fn an_exception_that_is_not_the_contracts_is_not_believed() {
    for (fields, reason) in [
        (json!({"name": "Vanished"}), "the contract declares no exception `Vanished`"),
        (
            json!({"name": "Closed", "message": "call this number"}),
            "the message of exception `Closed` is not the contract's",
        ),
        (json!({"name": "Closed", "details": {}}), "exception `Closed` has no details in the contract"),
        (json!({"name": "WrongTier"}), "exception `WrongTier` comes without its details"),
        (
            json!({"name": "WrongTier", "details": {"expected": 1}}),
            "the details of exception `WrongTier` do not fit their schema at `/expected`: expected a string, found a number",
        ),
    ] {
        assert_eq!(
            failure(call_saying(10, &exception(fields))),
            ("outcome-mismatch", format!("the guest ended with exit code 10, which does not fit: {reason}"))
        );
    }
}

// spec: RUN-13
#[test]
fn an_exception_against_its_condition_is_undeclared() {
    let raised = exception(json!({"name": "CartTooBig", "message": "ask for an offer"}));
    let call = call_saying(10, &raised).expect("an outcome");
    assert_eq!(
        call.outcome.to_json(),
        json!({
            "outcome": "undeclared",
            "message": "exception `CartTooBig` was raised, but its condition `total >= 5000.0` does not hold"
        })
    );
    assert_eq!(call.outcome.exit_code(), 24);
    let input = br#"{"total":5000,"tier":"gold"}"#;
    for (exit_code, stdout) in [(0, RESULT.to_owned()), (10, exception(json!({"name": "Closed"})))] {
        assert_eq!(
            outcome(load(saying(exit_code, &stdout, "")).call(input)),
            json!({
                "outcome": "undeclared",
                "message": "`total >= 5000.0` holds, so exception `CartTooBig` must be raised"
            })
        );
    }
}

fn violation(clause: Value, found_by: &str) -> String {
    let message = format!("`{}` does not hold", clause["rule"].as_str().unwrap_or_default());
    showing(clause, json!({}), &message, found_by)
}

pub(crate) fn showing(clause: Value, observed: Value, message: &str, found_by: &str) -> String {
    json!({"outcome": "violation", "clause": clause, "observed": observed, "message": message, "found_by": found_by})
        .to_string()
}

// spec: RUN-12
#[test]
fn a_violation_that_the_guest_found_is_an_outcome() {
    let clause = json!({"kind": "invariant", "index": 1, "rule": "no discount is ever surprising"});
    let call = call_saying(23, &violation(clause, "guest")).expect("an outcome");
    let document = call.outcome.to_json();
    assert_eq!((&document["outcome"], &document["found_by"]), (&json!("violation"), &json!("guest")));
    let guest: Vec<_> = call.trace.clauses().iter().map(|verdict| json!(verdict.guest)).collect();
    assert_eq!(guest, ["holds", "holds", "holds", "holds", "holds", "violated"]);
    assert_eq!(json!(call.trace.clauses()[5].host), Value::Null);

    let schema = json!({"kind": "output-schema", "index": 0, "rule": "/percent must be at most 90"});
    let message = "the result does not fit the output schema at `/percent`: must be at most 90";
    let said = showing(schema, json!({"result": 95}), message, "guest");
    assert_eq!(outcome(call_saying(22, &said)).to_string(), said);

    let note = json!({"kind": "postcondition", "index": 1, "rule": "size(result.note) > 0"});
    let said = showing(note, json!({"result.note": ""}), "say why", "guest");
    assert_eq!(outcome(call_saying(22, &said)).to_string(), said);

    // The guest may spell a number of the input in its own way.
    let mixed = json!({"kind": "invariant", "index": 0, "rule": "tier == 'gold' or result.percent <= 20"});
    let message = "`tier == 'gold' or result.percent <= 20` does not hold";
    let said = showing(mixed, json!({"tier": "standard", "result.percent": 50}), message, "guest");
    assert_eq!(outcome(call_saying(23, &said)).to_string(), said);
}

// spec: RUN-12
#[test]
fn a_violation_in_other_words_or_with_other_values_is_not_believed() {
    let note = json!({"kind": "postcondition", "index": 1, "rule": "size(result.note) > 0"});
    let percent = json!({"kind": "postcondition", "index": 0, "rule": "result.percent >= 0"});
    let mixed = json!({"kind": "invariant", "index": 0, "rule": "tier == 'gold' or result.percent <= 20"});
    let mixed_message = "`tier == 'gold' or result.percent <= 20` does not hold";
    let prose = json!({"kind": "invariant", "index": 1, "rule": "no discount is ever surprising"});
    let schema = |index: usize, rule: &str| json!({"kind": "output-schema", "index": index, "rule": rule});
    let schema_message = "the result does not fit the output schema at `/percent`: must be at most 90";
    let not_contracts =
        |rule: &str| format!("the message of the violation of `{rule}` is not the contract's");
    let not_broken = "what it shows does not break the output schema as it says";
    for (exit_code, stdout, reason) in [
        (
            22,
            showing(note.clone(), json!({"result.note": ""}), "anything\nerror: x", "guest"),
            not_contracts("size(result.note) > 0"),
        ),
        (
            22,
            showing(
                percent.clone(),
                json!({}),
                "`result.percent >= 0` cannot be evaluated: call 555\n",
                "guest",
            ),
            not_contracts("result.percent >= 0"),
        ),
        (
            23,
            showing(prose.clone(), json!({}), "m", "guest"),
            not_contracts("no discount is ever surprising"),
        ),
        (
            23,
            showing(prose, json!({"x": 1}), "`no discount is ever surprising` does not hold", "guest"),
            "it shows a value that the rule does not read".into(),
        ),
        (
            23,
            showing(mixed.clone(), json!({"tier": "gold", "result.percent": 50}), mixed_message, "guest"),
            "`tier` of the input is not what the guest shows".into(),
        ),
        (
            23,
            showing(mixed.clone(), json!({"result.percent": 50}), mixed_message, "guest"),
            "`tier` of the input is not what the guest shows".into(),
        ),
        (
            23,
            showing(mixed, json!({"tier": "standard", "evil": 1}), mixed_message, "guest"),
            "it shows a value that the rule does not read".into(),
        ),
        (
            22,
            showing(schema(7, "/percent must be at most 90"), json!({"result": 95}), schema_message, "guest"),
            "the output schema is one, with index 0 and without an id".into(),
        ),
        (22, showing(schema(0, "blah"), json!({"result": 95}), schema_message, "guest"), not_broken.into()),
        (
            22,
            showing(schema(0, "/percent must be at most 90"), json!({"result": 5}), schema_message, "guest"),
            not_broken.into(),
        ),
        (
            22,
            showing(schema(0, "/percent must be at most 90"), json!({}), schema_message, "guest"),
            "it must show the one value that does not fit the output schema".into(),
        ),
    ] {
        assert_eq!(
            failure(call_saying(exit_code, &stdout)),
            (
                "outcome-mismatch",
                format!("the guest ended with exit code {exit_code}, which does not fit: {reason}")
            )
        );
    }
    // A rule that cannot be evaluated is told in the words of the language.
    let said =
        showing(percent, json!({}), "`result.percent >= 0` cannot be evaluated: integer overflow", "guest");
    assert_eq!(outcome(call_saying(22, &said)).to_string(), said);
}

// spec: RUN-13
#[test]
fn a_violation_while_a_condition_holds_is_undeclared() {
    let note = json!({"kind": "postcondition", "index": 1, "rule": "size(result.note) > 0"});
    let said = showing(note, json!({"result.note": ""}), "say why", "guest");
    let capability = load(saying(22, &said, ""));
    assert_eq!(
        outcome(capability.call(br#"{"total":5000,"tier":"gold"}"#)),
        json!({
            "outcome": "undeclared",
            "message": "`total >= 5000.0` holds, so exception `CartTooBig` must be raised"
        })
    );
}

// spec: RUN-13
#[test]
fn an_undeclared_outcome_that_the_guest_found_is_believed_where_the_host_finds_it_too() {
    let undeclared = |message: &str| json!({"outcome": "undeclared", "message": message}).to_string();
    let raised =
        undeclared("exception `CartTooBig` was raised, but its condition `total >= 5000.0` does not hold");
    assert_eq!(outcome(call_saying(24, &raised)).to_string(), raised);
    for message in ["I say so", "`total >= 5000.0` holds, so exception `CartTooBig` must be raised"] {
        assert_eq!(
            failure(call_saying(24, &undeclared(message))),
            (
                "outcome-mismatch",
                "the guest ended with exit code 24, which does not fit: no exception's condition says so on this input"
                    .into()
            )
        );
    }
}

// spec: RUN-12
#[test]
fn what_a_guest_cannot_know_or_cannot_be_is_not_believed() {
    let holding = json!({"kind": "precondition", "index": 0, "rule": "total < 1000000.0"});
    let unknown = json!({"kind": "postcondition", "index": 7, "rule": "false"});
    let prose = json!({"kind": "invariant", "index": 1, "rule": "no discount is ever surprising"});
    for (exit_code, stdout, reason) in [
        (
            21,
            violation(holding, "guest"),
            "precondition `total < 1000000.0` holds, and the guest says that it does not",
        ),
        (22, violation(unknown, "guest"), "the contract has no postcondition 7 `false`"),
        (23, violation(prose, "host"), "it names the host as who found the violation"),
        (
            20,
            json!({"outcome": "rejected", "at": "/total", "message": "no"}).to_string(),
            "the guest rejected input that fits the schema, at `/total`: no",
        ),
    ] {
        assert_eq!(
            failure(call_saying(exit_code, &stdout)),
            (
                "outcome-mismatch",
                format!("the guest ended with exit code {exit_code}, which does not fit: {reason}")
            )
        );
    }
}

// spec: RUN-12
#[test]
fn exit_code_and_stdout_must_go_together() {
    let rejected = json!({"outcome": "rejected", "at": "", "message": "no"}).to_string();
    let closed = exception(json!({"name": "Closed"}));
    for (exit_code, stdout) in
        [(10, RESULT), (10, &rejected), (20, &closed), (24, &closed), (21, "{}"), (22, "[]"), (23, "null")]
    {
        let (code, message) = failure(call_saying(exit_code, stdout));
        assert_eq!(code, "outcome-mismatch");
        assert_eq!(
            message,
            format!(
                "the guest ended with exit code {exit_code}, which does not fit: \
                 stdout does not have the shape of an outcome with this exit code"
            )
        );
    }
    // Exit code 0 is a result, whatever it looks like: here one that does not fit the output schema.
    let document = outcome(call_saying(0, &closed));
    assert_eq!(document["clause"]["kind"], "output-schema");
}

// spec: RUN-12
#[test]
fn an_exit_code_that_no_outcome_has_is_told_with_the_last_words() {
    for exit_code in [1, 2, 11, 25, 101, 300, -1] {
        let (code, message) = failure(load(saying(exit_code, RESULT, "could not find it\n")).call(INPUT));
        assert_eq!(code, "outcome-mismatch");
        assert_eq!(
            message,
            format!(
                "the guest ended with exit code {exit_code}, which does not fit: \
                 no outcome has this exit code; its stderr ends in: could not find it"
            )
        );
    }
}

// spec: RUN-12
#[test]
fn stdout_that_is_no_single_json_value_is_not_believed() {
    for (stdout, reason) in [
        ("", "it is empty"),
        ("\n", "it is empty"),
        ("hello", "not valid JSON"),
        (r#"{"percent":5,"note":"x"} done"#, "not valid JSON"),
        (r#"debug: 1 {"percent":5,"note":"x"}"#, "not valid JSON"),
        (r#"{"percent":5,"percent":6,"note":"x"}"#, "duplicate key at `/percent`"),
    ] {
        let (code, message) = failure(call_saying(0, stdout));
        assert_eq!(code, "output-not-json", "{stdout}");
        assert!(
            message.starts_with(&format!(
                "the guest ended with exit code 0, and its stdout is no single JSON value: {reason}"
            )),
            "{message}"
        );
    }
    assert_eq!(outcome(call_saying(0, &format!(" {RESULT}\n")))["outcome"], "result");

    let note = |stdout: &str| call_saying(0, stdout).expect_err("no outcome").note();
    assert_eq!(note(""), None);
    assert_eq!(note("he\x1b said\n{}").as_deref(), Some(r#"stdout begins with "he\u{1b} said\n{}""#));
    assert_eq!(note(&"x".repeat(61)), Some(format!("stdout begins with \"{}\"…", "x".repeat(60))));
}
