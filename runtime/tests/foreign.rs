//! What a module of another tool may import besides the three functions, under a contract that is given: eight functions that say
//! that there is nothing, under every host the same.

mod support;

use support::*;
use traverse_contract::Source;
use traverse_runtime::{Call, Error, Host, Runtime};

/// The eight, with their types.
const FUNCTIONS: &str = r#"
    (import "wasi_snapshot_preview1" "args_get" (func $args_get (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "args_sizes_get" (func $args_sizes_get (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "environ_get" (func $environ_get (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "environ_sizes_get" (func $environ_sizes_get (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_close" (func $fd_close (param i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_fdstat_get" (func $fd_fdstat_get (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_prestat_get" (func $fd_prestat_get (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_seek" (func $fd_seek (param i32 i64 i32 i32) (result i32)))"#;

fn spec() -> Source {
    Source { name: "given.spec.toml".into(), text: SPEC.into() }
}

/// Calls a command of another tool that does this, under both hosts.
fn call(body: &str) -> [Result<Call, Error>; 2] {
    let module = importing(FUNCTIONS, "", body, RESULT, "");
    [Host::Metered, Host::WasmtimeWasi].map(|host| {
        let runtime = Runtime::builder().host(host).build().expect("the engine starts");
        runtime.load_bytes_under(&module, &spec())?.call(INPUT)
    })
}

/// Traps unless the expression is this number.
fn is(expression: &str, number: i64) -> String {
    format!("(if (i32.ne {expression} (i32.const {number})) (then unreachable))")
}

// spec: RUN-21
#[test]
fn what_is_asked_for_is_not_there() {
    let eight_bytes = |address: i32, number: i64| {
        format!("(if (i64.ne (i64.load (i32.const {address})) (i64.const {number})) (then unreachable))")
    };
    let mut body = String::from("(i64.store (i32.const 32) (i64.const -1))");
    for (sizes, get) in [("args_sizes_get", "args_get"), ("environ_sizes_get", "environ_get")] {
        body += &is(&format!("(call ${sizes} (i32.const 32) (i32.const 36))"), 0);
        body += &eight_bytes(32, 0);
        body += &is(&format!("(call ${get} (i32.const 64) (i32.const 64))"), 0);
        body += &eight_bytes(64, 0);
    }
    for fd in [0, 1, 2] {
        body += &is(&format!("(call $fd_fdstat_get (i32.const {fd}) (i32.const 128))"), 0);
        // Of no known kind, no flags, the right to read or to write alone.
        body += &is("(i32.load8_u (i32.const 128))", 0);
        body += &is("(i32.load16_u (i32.const 130))", 0);
        body += &eight_bytes(136, if fd == 0 { 2 } else { 64 });
        body += &eight_bytes(144, if fd == 0 { 2 } else { 64 });
        body +=
            &is(&format!("(call $fd_seek (i32.const {fd}) (i64.const 0) (i32.const 1) (i32.const 128))"), 70);
        body += &is(&format!("(call $fd_prestat_get (i32.const {fd}) (i32.const 128))"), 8);
    }
    for fd in [3, 4, -1] {
        body += &is(&format!("(call $fd_fdstat_get (i32.const {fd}) (i32.const 128))"), 8);
        body +=
            &is(&format!("(call $fd_seek (i32.const {fd}) (i64.const 0) (i32.const 1) (i32.const 128))"), 8);
        body += &is(&format!("(call $fd_prestat_get (i32.const {fd}) (i32.const 128))"), 8);
        body += &is(&format!("(call $fd_close (i32.const {fd}))"), 8);
    }
    for ended in call(&(body + &say_stdout())) {
        assert_eq!(outcome(ended)["outcome"], "result");
    }
}

// spec: RUN-21
#[test]
fn a_closed_descriptor_is_none() {
    let mut body = say_stdout();
    for fd in [0, 1] {
        body += &is(&format!("(call $fd_close (i32.const {fd}))"), 0);
        body += &is(&format!("(call $fd_close (i32.const {fd}))"), 8);
        body += &is(&format!("(call $fd_fdstat_get (i32.const {fd}) (i32.const 128))"), 8);
        body +=
            &is(&format!("(call $fd_seek (i32.const {fd}) (i64.const 0) (i32.const 1) (i32.const 128))"), 8);
    }
    body += &is("(call $fd_read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8))", 8);
    body += &is("(call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))", 8);
    for ended in call(&body) {
        assert_eq!(outcome(ended)["outcome"], "result");
    }
    // The next call has all three again.
    let module = importing(FUNCTIONS, "", &body, RESULT, "");
    let capability = runtime().load_bytes_under(&module, &spec()).expect("it loads");
    for _ in 0..3 {
        assert_eq!(outcome(capability.call(INPUT))["outcome"], "result");
    }
}

// spec: RUN-10, RUN-21
#[test]
fn they_are_paid_for_and_write_nowhere_but_into_memory() {
    let [metered, _] = call(
        "(loop $again (drop (call $fd_seek (i32.const 0) (i64.const 0) (i32.const 0) (i32.const 0))) (br $again))",
    );
    assert_eq!(failure(metered).0, "fuel-exhausted");
    let outside = [
        "(call $args_sizes_get (i32.const -2) (i32.const 0))",
        "(call $environ_sizes_get (i32.const 0) (i32.const 131070))",
        "(call $fd_fdstat_get (i32.const 1) (i32.const 131056))",
    ];
    for expression in outside {
        let [metered, _] = call(&(is(expression, 21) + &say_stdout()));
        assert_eq!(outcome(metered)["outcome"], "result", "{expression}");
    }
}

// spec: RUN-6, RUN-21
#[test]
fn nobody_else_may_import_them() {
    let module = importing(FUNCTIONS, "", &say_stdout(), RESULT, "");
    // Neither a capability, nor one under the contract that it carries.
    assert_eq!(failure(runtime().load_bytes(&sealed(module.clone()))).0, "import-forbidden");
    assert_eq!(failure(runtime().load_bytes_under(&sealed(module.clone()), &spec())).0, "import-forbidden");
    assert_eq!(failure(runtime().load_bytes(&module)).0, "contract-missing");
    // And no more than the eight.
    for name in
        ["clock_time_get", "random_get", "path_open", "fd_prestat_dir_name", "poll_oneoff", "sched_yield"]
    {
        let import = format!(r#"(import "wasi_snapshot_preview1" "{name}" (func))"#);
        let more = importing(&import, "", "", RESULT, "");
        let (code, message) = failure(runtime().load_bytes_under(&more, &spec()));
        assert_eq!(code, "import-forbidden");
        assert!(message.contains(name), "{message}");
    }
}
