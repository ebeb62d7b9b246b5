//! The same guests under every host: what a caller sees is the same.

mod support;

use serde_json::{Value, json};
use support::*;
use traverse_runtime::{Call, Capability, Error, Host, Runtime};

const HOSTS: [Host; 2] = [Host::Metered, Host::WasmtimeWasi];

fn load_under(host: Host, module: Vec<u8>) -> Capability {
    let runtime = Runtime::builder().host(host).build().expect("the engine starts");
    runtime.load_bytes(&sealed(module)).expect("the test's module loads")
}

/// All that a caller sees of a call, but for the fuel.
fn seen(call: Result<Call, Error>) -> Value {
    match call {
        Ok(call) => json!({
            "outcome": call.outcome.to_json(),
            "stdout": String::from_utf8_lossy(&call.stdout),
            "stderr": String::from_utf8_lossy(&call.stderr),
            "exit_code": call.trace.exit_code,
            "peak_memory_bytes": call.trace.peak_memory_bytes,
            "clauses": call.trace.clauses(),
            "exceptions": call.trace.exceptions(),
        }),
        Err(error) => json!({
            "code": error.code(),
            "message": error.message(),
            "stderr": String::from_utf8_lossy(error.stderr()),
        }),
    }
}

/// What a call of the guest looks like, under every host the same.
fn seen_under_every_host(module: Vec<u8>, input: &[u8]) -> Value {
    let [metered, reference] = HOSTS.map(|host| seen(load_under(host, module.clone()).call(input)));
    assert_eq!(metered, reference);
    metered
}

/// Reads all of stdin into one buffer and writes it to stderr.
const ECHO_TO_STDERR: &str =
    "(i32.store (i32.const 0) (i32.const 60000)) (i32.store (i32.const 4) (i32.const 5000))
    (drop (call $fd_read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
    (i32.store (i32.const 4) (i32.load (i32.const 8)))
    (drop (call $fd_write (i32.const 2) (i32.const 0) (i32.const 1) (i32.const 8)))
    ;; There is no more, and the end may be asked for again.
    (i32.store (i32.const 4) (i32.const 5000))
    (drop (call $fd_read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
    (if (i32.load (i32.const 8)) (then unreachable))
    (drop (call $fd_read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
    (if (i32.load (i32.const 8)) (then unreachable))";

// spec: RUN-16
#[test]
fn a_result_is_the_same() {
    let module = doing("", &format!("{ECHO_TO_STDERR} {}", say_stdout()), RESULT, "");
    let seen = seen_under_every_host(module, INPUT);
    assert_eq!(seen["outcome"]["outcome"], "result");
    assert_eq!(seen["stdout"], RESULT);
    assert_eq!(seen["stderr"], String::from_utf8_lossy(INPUT).as_ref());
    assert_eq!(seen["exit_code"], 0);
    assert_eq!(seen["peak_memory_bytes"], 131072);
}

// spec: RUN-16
#[test]
fn every_other_outcome_is_the_same() {
    let exception = json!({"outcome": "exception", "name": "Closed"}).to_string();
    let seen = seen_under_every_host(saying(10, &exception, "we are closed\n"), INPUT);
    assert_eq!(seen["outcome"].to_string(), exception);
    assert_eq!((&seen["exit_code"], &seen["stderr"]), (&json!(10), &json!("we are closed\n")));

    let clause = json!({"kind": "invariant", "index": 1, "rule": "no discount is ever surprising"});
    let violation = json!({"outcome": "violation", "clause": clause, "observed": {}, "message": "`no discount is ever surprising` does not hold", "found_by": "guest"});
    let seen = seen_under_every_host(saying(23, &violation.to_string(), ""), INPUT);
    assert_eq!(seen["outcome"], violation);

    let surprising = r#"{"percent":50,"note":"x"}"#;
    let seen = seen_under_every_host(saying(0, surprising, ""), INPUT);
    assert_eq!(seen["outcome"]["found_by"], "host");

    let seen = seen_under_every_host(saying(0, RESULT, ""), br#"{"total":"much","tier":"gold"}"#);
    assert_eq!((&seen["outcome"]["outcome"], &seen["exit_code"]), (&json!("rejected"), &Value::Null));

    let seen = seen_under_every_host(saying(0, RESULT, ""), br#"{"total":5000,"tier":"gold"}"#);
    assert_eq!(seen["outcome"]["outcome"], "undeclared");
}

// spec: RUN-16
#[test]
fn a_guest_that_is_stopped_or_not_believed_is_the_same() {
    let print_forever = |descriptor: i32| {
        format!(
            "(i32.store (i32.const 0) (i32.const 8192)) (i32.store (i32.const 4) (i32.const 30000))
            (loop $l (drop (call $fd_write (i32.const {descriptor}) (i32.const 0) (i32.const 1) (i32.const 8))) (br $l))"
        )
    };
    let one_flood = "(i32.store (i32.const 0) (i32.const 0)) (i32.store (i32.const 4) (i32.const 70000))
        (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))";
    for (declarations, body, code, message) in [
        (
            "",
            format!("{} unreachable", say_stderr()),
            "trap",
            "the guest trapped: last words (wasm `unreachable` instruction executed)",
        ),
        (
            "(func $deep (call $deep))",
            "(call $deep)".to_owned(),
            "trap",
            "the guest trapped: call stack exhausted",
        ),
        (
            "",
            "(loop $l (br $l))".to_owned(),
            "fuel-exhausted",
            "the guest used up its 100000000 units of fuel",
        ),
        ("", print_forever(2), "fuel-exhausted", "the guest used up its 100000000 units of fuel"),
        (
            "",
            print_forever(1),
            "output-too-large",
            "the guest wrote more than its limit of 65536 bytes to stdout",
        ),
        (
            "",
            one_flood.to_owned(),
            "output-too-large",
            "the guest wrote more than its limit of 65536 bytes to stdout",
        ),
        (
            "",
            "(if (i32.eq (memory.grow (i32.const 16384)) (i32.const -1)) (then unreachable))".to_owned(),
            "memory-exceeded",
            "the guest asked for 1073872896 bytes of memory, and its limit is 1048576",
        ),
        (
            "",
            "(call $proc_exit (i32.const 7))".to_owned(),
            "outcome-mismatch",
            "the guest ended with exit code 7, which does not fit: no outcome has this exit code",
        ),
        (
            "",
            String::new(),
            "output-not-json",
            "the guest ended with exit code 0, and its stdout is no single JSON value: it is empty",
        ),
    ] {
        let seen = seen_under_every_host(doing(declarations, &body, "", "last words\n"), INPUT);
        assert_eq!((&seen["code"], &seen["message"]), (&json!(code), &json!(message)));
    }
}

// spec: RUN-16
#[test]
fn a_refusal_to_load_is_the_same() {
    for import in ["clock_time_get", "random_get", "environ_get", "path_open", "fd_close"] {
        let module = sealed(wat(&format!(
            r#"(module (import "wasi_snapshot_preview1" "{import}" (func)) (memory (export "memory") 1)
                (func (export "_start")))"#
        )));
        for host in HOSTS {
            let runtime = Runtime::builder().host(host).build().expect("the engine starts");
            assert_eq!(failure(runtime.load_bytes(&module)).0, "import-forbidden", "{host:?}");
        }
    }
}

// spec: RUN-16
#[test]
fn descriptors_beyond_stdio_do_not_exist_under_any_host() {
    const BADF: i32 = 8;
    for call in [
        "(call $fd_read (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))",
        "(call $fd_read (i32.const 3) (i32.const 0) (i32.const 1) (i32.const 8))",
        "(call $fd_write (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8))",
        "(call $fd_write (i32.const 3) (i32.const 0) (i32.const 1) (i32.const 8))",
    ] {
        // A result, if the call is refused for that reason.
        let body = format!("(if (i32.ne {call} (i32.const {BADF})) (then unreachable)) {}", say_stdout());
        let seen = seen_under_every_host(doing("", &body, RESULT, ""), INPUT);
        assert_eq!(seen["outcome"]["outcome"], "result", "{call}");
    }
}

// spec: RUN-8, RUN-16
#[test]
fn every_call_starts_from_the_same_state_under_any_host() {
    let body = format!(
        "(if (i32.load (i32.const 90000)) (then unreachable)) (i32.store (i32.const 90000) (i32.const 1))
        {ECHO_TO_STDERR} {}",
        say_stdout()
    );
    for host in HOSTS {
        let capability = load_under(host, doing("", &body, RESULT, ""));
        let calls: Vec<_> = (0..3).map(|_| capability.call(INPUT).expect("an outcome")).collect();
        assert_eq!(calls[0].stderr, INPUT);
        let but_times = |call: &Call| {
            let mut same = call.clone();
            same.trace.times = calls[0].trace.times;
            same
        };
        assert!(calls.iter().all(|call| but_times(call) == calls[0]), "{host:?}");
    }
}

// spec: RUN-16
#[test]
fn a_call_may_be_made_inside_a_task() {
    let module = doing("", &format!("{ECHO_TO_STDERR} {}", say_stdout()), RESULT, "");
    for host in HOSTS {
        let capability = load_under(host, module.clone());
        let executor = tokio::runtime::Builder::new_current_thread().build().expect("an executor");
        let call = executor.block_on(async { capability.call(INPUT) });
        assert_eq!(outcome(call)["outcome"], "result", "{host:?}");
    }
}

// spec: RUN-10, RUN-16
#[test]
fn only_the_metered_host_is_paid_in_fuel() {
    let call = |host, stderr: &str| {
        load_under(host, saying(0, RESULT, stderr)).call(INPUT).expect("an outcome").trace.fuel_used
    };
    let words = "x".repeat(5000);
    let more = |host| call(host, &words) - call(host, "");
    // The words are data of the module, which both have paid for; one has it paid again to write them.
    assert_eq!(more(Host::WasmtimeWasi), 5000);
    assert_eq!(more(Host::Metered), 10_000);
}
