//! Calling: what the host checks before the guest runs, and what stands in a trace; what it makes of what a guest says (`said`);
//! where a guest is stopped (`limits`).

mod limits;
mod said;
#[path = "../support/mod.rs"]
mod support;

use serde_json::json;
use support::*;
use traverse_runtime::{Call, Runtime};

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
