//! Where a guest is stopped, and what is told of it.

use crate::said::{exception, showing};
use crate::support::*;
use serde_json::json;
use traverse_runtime::{Error, Runtime};

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
