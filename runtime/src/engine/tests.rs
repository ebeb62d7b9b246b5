use super::*;

const LIMITS: CallLimits =
    CallLimits { fuel: 50_000_000, memory_bytes: 1 << 20, input_bytes: 1 << 20, output_bytes: 1 << 16 };

fn engine(host: Host) -> Engine {
    Engine::new(Settings { host, places: 4, stoppable: false, cache: None }).expect("the engine starts")
}

/// A command that imports all three functions and runs `body`.
fn guest(declarations: &str, body: &str) -> Vec<u8> {
    let text = format!(
        r#"(module
            (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
            (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
            (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
            (memory (export "memory") 2)
            {declarations}
            (func (export "_start") {body}))"#
    );
    wat::parse_str(text).expect("the test's module is well-formed")
}

fn run_with(declarations: &str, body: &str, input: &[u8]) -> Run {
    run_under(Host::Metered, declarations, body, input)
}

fn run_under(host: Host, declarations: &str, body: &str, input: &[u8]) -> Run {
    let started = engine(host);
    started.compile(&guest(declarations, body)).expect("the test's module compiles").run(input, &LIMITS, None)
}

fn run(body: &str) -> Run {
    run_with("", body, b"")
}

/// One buffer at 0: address 1024, `length` bytes.
fn one_buffer(length: usize) -> String {
    format!("(i32.store (i32.const 0) (i32.const 1024)) (i32.store (i32.const 4) (i32.const {length}))")
}

#[test]
fn a_start_that_returns_is_exit_code_0() {
    let run = run("");
    assert_eq!(run.ending, Ending::Exited(0));
    assert_eq!(run.peak_memory_bytes, 2 * 65536);
}

#[test]
fn proc_exit_ends_the_run_with_its_code() {
    assert_eq!(run("(call $proc_exit (i32.const 24)) unreachable").ending, Ending::Exited(24));
    assert_eq!(run("(call $proc_exit (i32.const 300)) unreachable").ending, Ending::Exited(300));
}

#[test]
fn stdin_is_read_in_parts_and_then_ends() {
    // Two buffers of 3 and 4 bytes, read until nothing comes; every part is written to stdout.
    let run = run_with(
        r#"(data (i32.const 0) "\00\04\00\00\03\00\00\00\00\08\00\00\04\00\00\00")"#,
        "(local $n i32)
        (loop $more
            (drop (call $fd_read (i32.const 0) (i32.const 0) (i32.const 2) (i32.const 100)))
            (local.set $n (i32.load (i32.const 100)))
            (if (local.get $n) (then
                ;; out: the first buffer in full or in part, then what is left of the second
                (i32.store (i32.const 200) (i32.const 1024))
                (i32.store (i32.const 204) (select (i32.const 3) (local.get $n) (i32.gt_u (local.get $n) (i32.const 3))))
                (i32.store (i32.const 208) (i32.const 2048))
                (i32.store (i32.const 212) (select (i32.sub (local.get $n) (i32.const 3)) (i32.const 0) (i32.gt_u (local.get $n) (i32.const 3))))
                (drop (call $fd_write (i32.const 1) (i32.const 200) (i32.const 2) (i32.const 100)))
                (br $more))))",
        b"hello, wall",
    );
    assert_eq!(run.ending, Ending::Exited(0));
    assert_eq!(String::from_utf8_lossy(&run.stdout), "hello, wall");
}

// spec: RUN-8
#[test]
fn descriptors_beyond_stdio_do_not_exist() {
    for (call, errno) in [
        ("(call $fd_read (i32.const 1) (i32.const 0) (i32.const 0) (i32.const 8))", BADF),
        ("(call $fd_read (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 8))", BADF),
        ("(call $fd_write (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 8))", BADF),
        ("(call $fd_write (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 8))", BADF),
        ("(call $fd_write (i32.const -1) (i32.const 0) (i32.const 0) (i32.const 8))", BADF),
        ("(call $fd_write (i32.const 1) (i32.const 0) (i32.const 0) (i32.const 8))", 0),
    ] {
        assert_eq!(run(&format!("(call $proc_exit {call})")).ending, Ending::Exited(errno), "{call}");
    }
}

const BADF: i32 = 8;
const FAULT: i32 = 21;

#[test]
fn addresses_outside_memory_are_faults_and_touch_nothing() {
    for call in [
        // The list of buffers, the buffer itself, its end, where the count goes.
        "(call $fd_write (i32.const 1) (i32.const -8) (i32.const 1) (i32.const 8))",
        "(i32.store (i32.const 0) (i32.const -1)) (i32.store (i32.const 4) (i32.const 2)) (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))",
        "(i32.store (i32.const 0) (i32.const 131071)) (i32.store (i32.const 4) (i32.const 2)) (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))",
        "(call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const -2))",
        "(call $fd_write (i32.const 1) (i32.const 131000) (i32.const 100000) (i32.const 8))",
        "(i32.store (i32.const 0) (i32.const 131071)) (i32.store (i32.const 4) (i32.const 2)) (call $fd_read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8))",
        "(call $fd_read (i32.const 0) (i32.const -4) (i32.const 1) (i32.const 8))",
    ] {
        let run = run_with("", &format!("{call} (call $proc_exit)"), b"input");
        assert_eq!(run.ending, Ending::Exited(FAULT), "{call}");
        assert_eq!(run.stdout, b"", "{call}");
    }
}

// spec: RUN-10
#[test]
fn an_endless_loop_runs_out_of_fuel() {
    let run = run("(loop $l (br $l))");
    assert_eq!(run.ending, Ending::OutOfFuel);
    assert_eq!(run.fuel_used, LIMITS.fuel);
}

// spec: RUN-10
#[test]
fn what_the_host_does_for_a_guest_costs_fuel() {
    let quiet = run(&one_buffer(1000)).fuel_used;
    let loud = run(&format!(
        "{} (drop (call $fd_write (i32.const 2) (i32.const 0) (i32.const 1) (i32.const 8)))",
        one_buffer(1000)
    ))
    .fuel_used;
    assert!(loud - quiet >= 1100, "{loud} - {quiet}");
}

// spec: RUN-10
#[test]
fn endless_calls_of_the_host_run_out_of_fuel() {
    for call in [
        // Nothing to do, many empty buffers, a flood of stderr, bulk memory, growth that is always refused.
        "(drop (call $fd_write (i32.const 7) (i32.const 0) (i32.const 0) (i32.const 8)))",
        "(drop (call $fd_write (i32.const 2) (i32.const 1024) (i32.const 10000) (i32.const 8)))",
        "(i32.store (i32.const 4) (i32.const 100000)) (drop (call $fd_write (i32.const 2) (i32.const 0) (i32.const 1) (i32.const 8)))",
        "(memory.fill (i32.const 0) (i32.const 1) (i32.const 100000))",
        "(drop (memory.grow (i32.const 60000)))",
    ] {
        let started = std::time::Instant::now();
        let run = run(&format!("(loop $l {call} (br $l))"));
        assert_eq!(run.ending, Ending::OutOfFuel, "{call}");
        assert!(started.elapsed().as_secs() < 20, "{call}: {:?}", started.elapsed());
    }
}

#[test]
fn memory_refused_is_told_only_if_the_guest_then_traps() {
    let asks = "(drop (memory.grow (i32.const 100)))";
    let wanted_bytes = 102 * 65536;
    assert_eq!(run(&format!("{asks} unreachable")).ending, Ending::OutOfMemory { wanted_bytes });
    assert_eq!(run(asks).ending, Ending::Exited(0));
    assert_eq!(run(asks).peak_memory_bytes, 2 * 65536);
}

#[test]
fn a_maximum_of_the_modules_own_is_not_the_hosts_refusal() {
    let started = engine(Host::Metered);
    let module = wat::parse_str(
        r#"(module (memory (export "memory") 1 2)
            (func (export "_start") (drop (memory.grow (i32.const 5))) unreachable))"#,
    )
    .expect("the test's module is well-formed");
    let run = started.compile(&module).expect("it compiles").run(b"", &LIMITS, None);
    assert_eq!(run.ending, Ending::Trapped("wasm `unreachable` instruction executed".into()));
}

// spec: RUN-11
#[test]
fn initial_memory_and_tables_count() {
    let started = engine(Host::Metered);
    for module in [
        r#"(module (memory (export "memory") 17) (func (export "_start")))"#,
        r#"(module (memory (export "memory") 1) (table 200000 funcref) (func (export "_start")))"#,
        r#"(module (memory (export "memory") 1) (table 0 funcref)
            (func (export "_start") (if (i32.eq (table.grow (ref.null func) (i32.const 200000)) (i32.const -1)) (then unreachable))))"#,
    ] {
        let bytes = wat::parse_str(module).expect("the test's module is well-formed");
        let run = started.compile(&bytes).expect("it compiles").run(b"", &LIMITS, None);
        assert!(matches!(run.ending, Ending::OutOfMemory { .. }), "{module}: {:?}", run.ending);
    }
}

#[test]
fn a_peak_stays_although_no_memory_is_given_back() {
    assert_eq!(run("(drop (memory.grow (i32.const 3)))").peak_memory_bytes, 5 * 65536);
}

#[test]
fn stdout_ends_at_its_limit() {
    let exactly = format!(
        "{} (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))",
        one_buffer(1 << 16)
    );
    assert_eq!(run(&exactly).ending, Ending::Exited(0));
    assert_eq!(run(&exactly).stdout.len(), 1 << 16);
    let more = format!(
        "{exactly} (i32.store (i32.const 4) (i32.const 1)) (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))"
    );
    assert_eq!(run(&more).ending, Ending::OutputOverflow);
}

#[test]
fn the_last_part_of_stderr_is_kept() {
    let run = run("(local $i i32)
        (loop $l
            (i32.store8 (i32.const 1024) (i32.add (i32.const 97) (i32.rem_u (local.get $i) (i32.const 26))))
            (i32.store (i32.const 0) (i32.const 1024))
            (i32.store (i32.const 4) (i32.const 30000))
            (drop (call $fd_write (i32.const 2) (i32.const 0) (i32.const 1) (i32.const 8)))
            (local.set $i (i32.add (local.get $i) (i32.const 1)))
            (br_if $l (i32.lt_u (local.get $i) (i32.const 20))))");
    assert_eq!(run.ending, Ending::Exited(0));
    assert_eq!(run.stderr.len(), stdio::STDERR_KEPT_BYTES);
    // Of the last write, the 20th, the first byte is a `t`.
    assert_eq!(run.stderr[run.stderr.len() - 30000], b't');
}

#[test]
fn traps_name_their_cause() {
    for (declarations, body, cause) in [
        ("", "unreachable", "wasm `unreachable` instruction executed"),
        ("", "(drop (i32.div_u (i32.const 1) (i32.const 0)))", "integer divide by zero"),
        ("", "(drop (i32.load (i32.const -4)))", "out of bounds memory access"),
        ("(func $deep (call $deep))", "(call $deep)", "call stack exhausted"),
    ] {
        assert_eq!(run_with(declarations, body, b"").ending, Ending::Trapped(cause.into()));
    }
}

#[test]
fn one_run_leaves_nothing_to_the_next() {
    let started = engine(Host::Metered);
    let counter = guest(
        "(global $calls (mut i32) (i32.const 0)) (data (i32.const 5000) \"\\07\")",
        "(global.set $calls (i32.add (global.get $calls) (i32.const 1)))
        (i32.store8 (i32.const 5000) (i32.add (i32.load8_u (i32.const 5000)) (i32.const 1)))
        (call $proc_exit (i32.add (global.get $calls) (i32.mul (i32.load8_u (i32.const 5000)) (i32.const 16))))",
    );
    let compiled = started.compile(&counter).expect("it compiles");
    for _ in 0..3 {
        assert_eq!(compiled.run(b"", &LIMITS, None).ending, Ending::Exited(1 + 8 * 16));
    }
}

// spec: RUN-8
#[test]
fn every_nan_is_the_same() {
    // 0/0 with another sign and payload put in: the bits that come out are those of the canonical NaN.
    let run = run(
        "(f64.store (i32.const 1024) (f64.add (f64.reinterpret_i64 (i64.const 0xfff4000000001234)) (f64.const 1)))
        (i32.store (i32.const 0) (i32.const 1024)) (i32.store (i32.const 4) (i32.const 8))
        (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))",
    );
    assert_eq!(run.stdout, 0x7ff8_0000_0000_0000_u64.to_le_bytes());
}

// spec: RUN-8
#[test]
fn what_is_not_deterministic_does_not_compile() {
    let started = engine(Host::Metered);
    for module in [
        r#"(module (memory (export "memory") 1 1 shared) (func (export "_start")))"#,
        r#"(module (memory (export "memory") 1) (func (export "_start")
            (drop (f32x4.relaxed_min (v128.const i32x4 0 0 0 0) (v128.const i32x4 0 0 0 0)))))"#,
    ] {
        let bytes = wat::parse_str(module).expect("the test's module is well-formed");
        assert!(matches!(started.compile(&bytes), Err(Error::CompileFailed { .. })), "{module}");
    }
}

// spec: RUN-6, RUN-16
#[test]
fn what_may_not_be_imported_is_not_linked_under_any_host() {
    // The linker of wasmtime-wasi knows this function.
    let module = wat::parse_str(
        r#"(module (import "wasi_snapshot_preview1" "random_get" (func (param i32 i32) (result i32)))
            (memory (export "memory") 1) (func (export "_start")))"#,
    )
    .expect("the test's module is well-formed");
    for host in [Host::Metered, Host::WasmtimeWasi] {
        let compiled = engine(host).compile(&module);
        let Err(Error::LinkFailed { reason, .. }) = compiled else { panic!("{host:?}: it is linked") };
        assert!(reason.contains("random_get"), "{host:?}: {reason}");
    }
}

// spec: RUN-16
#[test]
fn wasmtime_wasi_writes_on_a_second_budget() {
    for length in [1, 4096, 100_000] {
        let body = format!(
            "(loop $l {} (drop (call $fd_write (i32.const 2) (i32.const 0) (i32.const 1) (i32.const 8))) (br $l))",
            one_buffer(length)
        );
        let run = run_under(Host::WasmtimeWasi, "", &body, b"");
        assert_eq!(run.ending, Ending::OutOfFuel);
        assert!(run.fuel_used < LIMITS.fuel, "the guest's own budget is not the one that is spent");
    }
}

// spec: RUN-16
#[test]
fn wasmtime_wasi_takes_no_more_in_one_call_than_memory_holds() {
    const NOMEM: i32 = 48;
    // A list of buffers that would be longer than the memory limit.
    let body =
        "(call $proc_exit (call $fd_write (i32.const 1) (i32.const 0) (i32.const 200000) (i32.const 8)))";
    assert_eq!(run_under(Host::WasmtimeWasi, "", body, b"").ending, Ending::Exited(NOMEM));
}

// spec: RUN-16
#[test]
fn wasmtime_wasi_traps_where_our_host_returns_a_number() {
    for (body, cause) in [
        (
            "(drop (call $fd_write (i32.const 1) (i32.const -8) (i32.const 1) (i32.const 8)))",
            "Pointer out of bounds",
        ),
        (
            "(drop (call $fd_write (i32.const 1) (i32.const 2) (i32.const 1) (i32.const 8)))",
            "Pointer not aligned",
        ),
        ("(call $proc_exit (i32.const 126))", "exit with invalid exit status"),
    ] {
        match run_under(Host::WasmtimeWasi, "", body, b"").ending {
            Ending::Trapped(told) => assert!(told.starts_with(cause), "{body}: {told}"),
            other => panic!("{body}: {other:?}"),
        }
    }
}
