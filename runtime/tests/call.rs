//! Calling: what the host checks before and after the guest, and what it makes of a guest that lies.

mod support;

use serde_json::{Value, json};
use support::*;
use traverse_runtime::{Call, Error, Runtime};

/// What the guest ends with makes no difference: the host refuses the input before the guest runs.
fn call_never_reaching_the_guest(input: &[u8]) -> Call {
    let call = load(saying(0, RESULT, "I ran")).call(input).expect("an outcome");
    assert_eq!(call.trace.exit_code, None);
    assert_eq!(call.trace.fuel_used, 0);
    assert!(call.stdout.is_empty() && call.stderr.is_empty());
    call
}

// spec: RUN-7
#[test]
fn input_that_is_no_single_json_value_never_reaches_the_guest() {
    let nested = format!("{}{}", "[".repeat(101), "]".repeat(60));
    for (input, message) in [
        (&b""[..], "input is empty: expected one JSON value"),
        (b" \n", "input is empty: expected one JSON value"),
        (b"{\"total\":1.0,\"tier\":\"gold\"} {}", "not valid JSON: more data after the value at byte 28"),
        (b"\xff{}", "not UTF-8: invalid at byte 0"),
        (b"\xef\xbb\xbf{}", "not valid JSON: byte-order mark at byte 0"),
        (nested.as_bytes(), "nested deeper than 100 levels"),
    ] {
        let call = call_never_reaching_the_guest(input);
        let document = call.outcome.to_json();
        assert_eq!(document["outcome"], "rejected");
        assert_eq!(document["message"], message);
    }
}

// spec: RUN-7, RUN-9
#[test]
fn input_over_its_limit_never_reaches_the_guest() {
    let input = format!("{}{}", String::from_utf8_lossy(INPUT), " ".repeat(200));
    assert_eq!(
        call_never_reaching_the_guest(input.as_bytes()).outcome.to_json(),
        json!({"outcome": "rejected", "at": "", "message": "input is larger than the limit of 200 bytes"})
    );
    let lower = Runtime::builder().max_input_bytes(10).build().expect("the engine starts");
    let capability = lower.load_bytes(&sealed(saying(0, RESULT, ""))).expect("it loads");
    assert_eq!(
        outcome(capability.call(INPUT)),
        json!({"outcome": "rejected", "at": "", "message": "input is larger than the limit of 10 bytes"})
    );
}

// spec: RUN-7
#[test]
fn a_million_brackets_are_a_rejection() {
    // The limit of the spec is far lower; the same text under a limit that lets it pass is in the contract's own tests.
    let call = call_never_reaching_the_guest("[".repeat(1_000_000).as_bytes());
    assert_eq!(call.outcome.to_json()["message"], "input is larger than the limit of 200 bytes");
}

// spec: RUN-7
#[test]
fn input_that_does_not_fit_the_schema_never_reaches_the_guest() {
    let call = call_never_reaching_the_guest(br#"{"total":"much","tier":"gold"}"#);
    assert_eq!(
        call.outcome.to_json(),
        json!({"outcome": "rejected", "at": "/total", "message": "expected a number, found a string"})
    );
}

// spec: RUN-7
#[test]
fn a_broken_precondition_never_reaches_the_guest() {
    let call = call_never_reaching_the_guest(br#"{"total":0,"tier":"gold"}"#);
    assert_eq!(
        call.outcome.to_json(),
        json!({
            "outcome": "violation",
            "clause": {"kind": "precondition", "index": 1, "id": "not-nothing", "rule": "total > 0.0"},
            "observed": {"total": 0.0},
            "message": "the cart is empty",
            "found_by": "host"
        })
    );
    assert_eq!(
        serde_json::to_value(&call.trace.clauses()[..3]).expect("JSON"),
        json!([
            {"kind": "precondition", "index": 0, "rule": "total < 1000000.0", "host": "holds", "guest": null},
            {"kind": "precondition", "index": 1, "id": "not-nothing", "rule": "total > 0.0", "host": "violated", "guest": null},
            {"kind": "postcondition", "index": 0, "rule": "result.percent >= 0", "host": null, "guest": null}
        ])
    );
}

// spec: RUN-15
#[test]
fn a_trace_explains_a_call() {
    let capability = load(saying(0, RESULT, "a word\n"));
    let call = capability.call(INPUT).expect("an outcome");
    assert_eq!(call.stderr, b"a word\n");
    let mut trace = serde_json::to_value(&call.trace).expect("JSON");
    assert!(trace["fuel_used"].as_u64().is_some_and(|fuel| fuel > 200 && fuel < 1000), "{trace}");
    trace["fuel_used"] = json!("some");
    let times = trace.as_object_mut().and_then(|fields| fields.remove("times")).expect("times");
    assert!(
        times["guest_ns"].as_u64() > Some(0) && times["total_ns"].as_u64() > times["guest_ns"].as_u64(),
        "{times}"
    );
    assert_eq!(
        trace,
        json!({
            "id": "shop.discount",
            "version": "1.2.0",
            "contract_digest": capability.contract_digest(),
            "artifact_digest": capability.module().digest,
            "limits": {"fuel": 100000000, "memory_bytes": 1048576, "input_bytes": 200, "output_bytes": 65536},
            "outcome": "result",
            "exit_code": 0,
            "fuel_used": "some",
            "peak_memory_bytes": 131072,
            "clauses": [
                {"kind": "precondition", "index": 0, "rule": "total < 1000000.0", "host": "holds", "guest": "holds"},
                {"kind": "precondition", "index": 1, "id": "not-nothing", "rule": "total > 0.0", "host": "holds", "guest": "holds"},
                {"kind": "postcondition", "index": 0, "rule": "result.percent >= 0", "host": "holds", "guest": "holds"},
                {"kind": "postcondition", "index": 1, "rule": "size(result.note) > 0", "host": "holds", "guest": "holds"},
                {"kind": "invariant", "index": 0, "rule": "tier == 'gold' or result.percent <= 20", "host": "holds", "guest": "holds"},
                {"kind": "invariant", "index": 1, "rule": "no discount is ever surprising", "host": null, "guest": "holds"}
            ],
            "exceptions": [
                {"name": "CartTooBig", "when": "total >= 5000.0", "host": "violated", "raised": false},
                {"name": "WrongTier", "when": null, "host": null, "raised": false},
                {"name": "Closed", "when": null, "host": null, "raised": false}
            ]
        })
    );
}

// spec: RUN-8
#[test]
fn the_same_call_costs_the_same() {
    let module = sealed(saying(0, RESULT, ""));
    let fuel: Vec<_> = (0..3)
        .map(|_| runtime().load_bytes(&module).and_then(|capability| capability.call(INPUT)))
        .map(|call| call.expect("an outcome").trace.fuel_used)
        .collect();
    assert_eq!(fuel[0], fuel[1]);
    assert_eq!(fuel[1], fuel[2]);
}

// spec: RUN-8
#[test]
fn every_call_starts_from_the_same_state() {
    // Says its result the first time that its memory is fresh, and traps when it finds a mark of its own.
    let body = format!(
        "(if (i32.load (i32.const 90000)) (then unreachable)) (i32.store (i32.const 90000) (i32.const 1))
        (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
        (if (i32.ne (global.get $calls) (i32.const 1)) (then unreachable)) {}",
        say_stdout()
    );
    let capability = load(doing("(global $calls (mut i32) (i32.const 0))", &body, RESULT, ""));
    for _ in 0..5 {
        assert_eq!(outcome(capability.call(INPUT))["outcome"], "result");
    }
}

// spec: RUN-8
#[test]
fn calls_from_many_threads_do_not_meet() {
    // Answers with what stands on stdin: 0 at 0..8 is the buffer, 4096 the text.
    let echo = "(i32.store (i32.const 0) (i32.const 50000)) (i32.store (i32.const 4) (i32.const 200))
        (drop (call $fd_read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
        (i32.store (i32.const 4) (i32.load (i32.const 8)))
        (drop (call $fd_write (i32.const 2) (i32.const 0) (i32.const 1) (i32.const 8)))";
    let capability = load(doing("", &format!("{echo} {}", say_stdout()), RESULT, ""));
    std::thread::scope(|scope| {
        for thread in 1..5 {
            let capability = &capability;
            scope.spawn(move || {
                for call in 0..50 {
                    let input = format!(r#"{{"total":{thread}{call}.5,"tier":"gold"}}"#);
                    let call = capability.call(input.as_bytes()).expect("an outcome");
                    assert_eq!(String::from_utf8_lossy(&call.stderr), input);
                }
            });
        }
    });
}

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

fn exception(fields: Value) -> String {
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

fn showing(clause: Value, observed: Value, message: &str, found_by: &str) -> String {
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

// spec: RUN-10
#[test]
fn an_endless_loop_is_stopped() {
    let capability = load(doing("", "(loop $l (br $l))", "", ""));
    assert_eq!(
        failure(capability.call(INPUT)),
        ("fuel-exhausted", "the guest used up its 100000000 units of fuel".into())
    );
    let lower = Runtime::builder().max_fuel(1000).build().expect("the engine starts");
    let capability = lower.load_bytes(&sealed(doing("", "(loop $l (br $l))", "", ""))).expect("it loads");
    assert_eq!(
        failure(capability.call(INPUT)),
        ("fuel-exhausted", "the guest used up its 1000 units of fuel".into())
    );
}

// spec: RUN-11
#[test]
fn a_gigabyte_of_memory_is_refused() {
    // As an allocator does: asks, and gives up when there is none.
    let capability = load(doing(
        "",
        "(if (i32.eq (memory.grow (i32.const 16384)) (i32.const -1)) (then unreachable))",
        "",
        "",
    ));
    assert_eq!(
        failure(capability.call(INPUT)),
        (
            "memory-exceeded",
            "the guest asked for 1073872896 bytes of memory, and its limit is 1048576".into()
        )
    );
    let page_by_page = load(doing(
        "",
        "(loop $l (br_if $l (i32.ne (memory.grow (i32.const 1)) (i32.const -1)))) unreachable",
        "",
        "",
    ));
    assert_eq!(failure(page_by_page.call(INPUT)).0, "memory-exceeded");
}

// spec: RUN-11
#[test]
fn a_guest_that_lives_with_a_refusal_goes_on() {
    let body = format!("(drop (memory.grow (i32.const 16384))) {}", say_stdout());
    assert_eq!(outcome(load(doing("", &body, RESULT, "")).call(INPUT))["outcome"], "result");
}

// spec: RUN-11
#[test]
fn a_hundred_megabytes_of_stdout_are_stopped_at_the_limit() {
    let capability = load(doing(
        "",
        "(local $i i32)
        (i32.store (i32.const 0) (i32.const 8192)) (i32.store (i32.const 4) (i32.const 32768))
        (loop $l
            (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
            (local.set $i (i32.add (local.get $i) (i32.const 1)))
            (br_if $l (i32.lt_u (local.get $i) (i32.const 3200))))",
        "",
        "",
    ));
    assert_eq!(
        failure(capability.call(INPUT)),
        ("output-too-large", "the guest wrote more than its limit of 65536 bytes to stdout".into())
    );
}

// spec: RUN-11
#[test]
fn a_violation_may_be_larger_than_a_result_may_be() {
    // The limits: 200 bytes of input, 1,000 of output.
    let spec = SPEC.replace("output_bytes = 65536", "output_bytes = 1000");
    let source = traverse_contract::Source { name: "traverse.spec.toml".into(), text: spec };
    let contract = traverse_contract::canonical::contract_json(&source).expect("a contract");
    let under = |module| {
        let module = with_section(module, "traverse.contract", contract.as_bytes());
        runtime().load_bytes(&module).expect("it loads").call(INPUT)
    };
    let note = json!({"kind": "postcondition", "index": 1, "rule": "size(result.note) > 0"});
    let said = showing(note, json!({"result.note": "n".repeat(2000)}), "say why", "guest");
    assert_eq!(outcome(under(saying(22, &said, ""))).to_string(), said);

    let large = json!({"percent": 5, "note": "n".repeat(2000)}).to_string();
    let detailed = exception(json!({"name": "WrongTier", "details": {"expected": "n".repeat(2000)}}));
    for (exit_code, stdout) in [(0, large), (10, detailed)] {
        assert_eq!(
            failure(under(saying(exit_code, &stdout, ""))),
            ("output-too-large", "the guest wrote more than its limit of 1000 bytes to stdout".into())
        );
    }
}

// spec: RUN-9
#[test]
fn a_bare_module_has_the_default_limits_at_most_unless_the_host_raises_them() {
    let spec = SPEC
        .replace("fuel = 100000000", "fuel = 9007199254740991")
        .replace("memory_bytes = 1048576", "memory_bytes = 4294967296");
    let source = traverse_contract::Source { name: "traverse.spec.toml".into(), text: spec };
    let contract = traverse_contract::canonical::contract_json(&source).expect("a contract");
    let module = with_section(saying(0, RESULT, ""), "traverse.contract", contract.as_bytes());
    let limits = |runtime: Runtime| *runtime.load_bytes(&module).expect("it loads").limits();
    assert_eq!(limits(runtime()).fuel, 1_000_000_000);
    assert_eq!(limits(runtime()).memory_bytes, 64 << 20);
    let raised = Runtime::builder().max_fuel(5_000_000_000).max_memory_bytes(128 << 20).build();
    let raised = limits(raised.expect("the engine starts"));
    assert_eq!((raised.fuel, raised.memory_bytes), (5_000_000_000, 128 << 20));
}

// spec: RUN-11
#[test]
fn stderr_does_not_grow_without_bound() {
    let body = format!(
        "(local $i i32)
        (i32.store (i32.const 0) (i32.const 8192)) (i32.store (i32.const 4) (i32.const 32768))
        (loop $l
            (drop (call $fd_write (i32.const 2) (i32.const 0) (i32.const 1) (i32.const 8)))
            (local.set $i (i32.add (local.get $i) (i32.const 1)))
            (br_if $l (i32.lt_u (local.get $i) (i32.const 1000))))
        {}",
        say_stdout()
    );
    let call = load(doing("", &body, RESULT, "")).call(INPUT).expect("an outcome");
    assert_eq!(call.stderr.len(), 65536);
    assert_eq!(call.trace.outcome, "result");
}

// spec: RUN-14
#[test]
fn a_panic_is_told_with_its_message() {
    let body = format!("{} unreachable", say_stderr());
    let panic = "total is odd, src/main.rs:17:9\n";
    assert_eq!(
        failure(load(doing("", &body, "", panic)).call(INPUT)),
        (
            "trap",
            "the guest trapped: total is odd, src/main.rs:17:9 (wasm `unreachable` instruction executed)"
                .into()
        )
    );
    let error = load(doing("", "unreachable", "", "")).call(INPUT).expect_err("a trap");
    let Error::Trap { cause, message, .. } = &error else { panic!("{error:?}") };
    assert_eq!((cause.as_str(), message), ("wasm `unreachable` instruction executed", &None));
}

// spec: RUN-14
#[test]
fn a_guest_that_calls_itself_without_end_traps() {
    let capability = load(doing("(func $deep (call $deep))", "(call $deep)", "", ""));
    assert_eq!(failure(capability.call(INPUT)), ("trap", "the guest trapped: call stack exhausted".into()));
    let recursion = "look for a recursion without end, or raise `stack_bytes` in `[limits]` of the spec";
    assert_eq!(capability.call(INPUT).expect_err("a trap").help(), recursion);
    // What compiled Rust does: its stack grows down to address 0, and below.
    let capability = load(doing("", "(i32.store (i32.const -4) (i32.const 1))", "", ""));
    assert_eq!(capability.call(INPUT).expect_err("a trap").help(), recursion);
    let capability = load(doing("", "unreachable", "", ""));
    assert!(capability.call(INPUT).expect_err("a trap").help().starts_with("correct the panic"));
    // And the next call is well.
    assert_eq!(failure(capability.call(INPUT)).0, "trap");
}

#[test]
fn a_start_function_is_metered_too() {
    let module = sealed(wat(r#"(module (memory (export "memory") 1) (func $forever (loop $l (br $l)))
        (start $forever) (func (export "_start")))"#));
    assert_eq!(
        failure(runtime().load_bytes(&module).and_then(|capability| capability.call(INPUT))).0,
        "fuel-exhausted"
    );
}

// spec: RUN-14
#[test]
fn the_last_words_of_a_guest_that_was_stopped_are_kept() {
    for (ending, code) in [
        ("unreachable", "trap"),
        ("(loop $l (br $l))", "fuel-exhausted"),
        ("(call $proc_exit (i32.const 7))", "outcome-mismatch"),
        ("", "output-not-json"),
    ] {
        let capability = load(doing("", &format!("{} {ending}", say_stderr()), "", "so far so good\n"));
        let error = capability.call(INPUT).expect_err("no outcome");
        assert_eq!(error.code(), code);
        assert_eq!(error.stderr(), b"so far so good\n");
    }
    assert_eq!(runtime().load_bytes(b"").expect_err("no module").stderr(), b"");
}
