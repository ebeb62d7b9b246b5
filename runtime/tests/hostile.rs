//! Guests that mean harm, one after the other on one runtime: each ends as the rules say, and after each a good guest has its
//! result, with the memory of the process bounded.

mod support;

use std::sync::atomic::{AtomicUsize, Ordering};
use support::*;
use traverse_runtime::{Capability, Runtime};

/// What a guest does, and the code that the call or the loading ends with.
struct Hostile {
    what: &'static str,
    module: Vec<u8>,
    code: &'static str,
}

fn command(what: &'static str, declarations: &str, body: &str, code: &'static str) -> Hostile {
    Hostile { what, module: doing(declarations, body, RESULT, "words"), code }
}

/// Ends with 0 after this was said.
fn says(what: &'static str, stdout: &str, code: &'static str) -> Hostile {
    Hostile { what, module: saying(0, stdout, ""), code }
}

fn guests() -> Vec<Hostile> {
    let forever = "(loop $again (br $again))";
    let flood =
        |fd: i32| format!("(loop $again {} (br $again))", if fd == 1 { say_stdout() } else { say_stderr() });
    let functions = "(func (result i32) (i32.const 7))".repeat(100_000);
    let segment = format!(
        "(module (import \"wasi_snapshot_preview1\" \"proc_exit\" (func (param i32))) (memory (export \"memory\") 900) \
         (data (i32.const 0) \"{}\") (func (export \"_start\")))",
        "x".repeat(50 << 20)
    );
    let iovec = |address: u32, length: u32, count: u32| {
        format!(
            "(i32.store (i32.const 0) (i32.const {address})) (i32.store (i32.const 4) (i32.const {length}))
             (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const {count}) (i32.const 8))) {forever}"
        )
    };
    vec![
        command("loops", "", forever, "fuel-exhausted"),
        command(
            "loops in its start function",
            &format!("(func $s {forever}) (start $s)"),
            "",
            "fuel-exhausted",
        ),
        command("calls itself without end", "(func $f (call $f))", "(call $f)", "trap"),
        command(
            "asks for 4 GiB",
            "",
            "(if (i32.lt_s (memory.grow (i32.const 65534)) (i32.const 0)) (then unreachable))",
            "memory-exceeded",
        ),
        command("has a table of ten million", "(table 10000000 funcref)", "", "memory-exceeded"),
        command(
            "lets a table grow without end",
            "(table 1 funcref)",
            "(loop $again (drop (table.grow (ref.null func) (i32.const 100000))) (br $again))",
            "fuel-exhausted",
        ),
        command("has 100,000 functions", &functions, "unreachable", "trap"),
        Hostile { what: "has 50 MiB of data", module: wat(&segment), code: "memory-exceeded" },
        command("floods stdout", "", &flood(1), "output-too-large"),
        command("floods stderr", "", &flood(2), "fuel-exhausted"),
        command(
            "writes to stdin",
            "",
            "(drop (call $fd_write (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))",
            "output-not-json",
        ),
        command(
            "reads from stdout",
            "",
            "(drop (call $fd_read (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))",
            "output-not-json",
        ),
        command("writes from outside of memory", "", &iovec(0xffff_fff0, 100, 1), "fuel-exhausted"),
        command("writes a buffer over itself", "", &iovec(0, 16, 2), "fuel-exhausted"),
        command("writes 2^32 - 1 buffers", "", &iovec(0, 1, u32::MAX), "fuel-exhausted"),
        command("ends with 255", "", "(call $proc_exit (i32.const 255))", "outcome-mismatch"),
        command("ends with -1", "", "(call $proc_exit (i32.const -1))", "outcome-mismatch"),
        command("ends with 30", "", "(call $proc_exit (i32.const 30))", "outcome-mismatch"),
        command("says nothing", "", "", "output-not-json"),
        says("says half a value", "{\"percent\":5,", "output-not-json"),
        says("says two values", &format!("{RESULT}{RESULT}"), "output-not-json"),
        says("says brackets", &"[".repeat(20_000), "output-not-json"),
        says("says NaN", "{\"percent\":NaN,\"note\":\"x\"}", "output-not-json"),
        says(
            "says a number of many digits",
            &format!("{{\"percent\":{},\"note\":\"x\"}}", "9".repeat(20_000)),
            "output-not-json",
        ),
        says("says a key twice", "{\"percent\":5,\"percent\":6,\"note\":\"x\"}", "output-not-json"),
        command(
            "says what is not UTF-8",
            "(data (i32.const 60000) \"\\ff\")",
            "(i32.store (i32.const 0) (i32.const 60000)) (i32.store (i32.const 4) (i32.const 1)) (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))",
            "output-not-json",
        ),
        command("shares its memory", "(memory 1 1 shared)", "", "compile-failed"),
        command("has 64-bit memory", "(memory i64 1)", "", "compile-failed"),
    ]
}

fn good(runtime: &Runtime) -> Capability {
    runtime.load_bytes(&sealed(saying(0, RESULT, ""))).expect("the good one loads")
}

/// What the process has in memory, in bytes; nothing where the system does not say so.
fn resident_bytes() -> Option<u64> {
    let statm = std::fs::read_to_string("/proc/self/statm").ok()?;
    Some(statm.split(' ').nth(1)?.parse::<u64>().ok()? * 4096)
}

// spec: RUN-8, RUN-10, RUN-11, RUN-12, RUN-14
#[test]
fn every_hostile_guest_ends_as_it_must_and_the_host_goes_on() {
    for places in [4, 0] {
        let runtime = Runtime::builder().max_concurrent_calls(places).build().expect("the engine starts");
        let good = good(&runtime);
        for Hostile { what, module, code } in guests() {
            let ended = runtime.load_bytes(&sealed(module)).and_then(|capability| capability.call(INPUT));
            assert_eq!(failure(ended).0, code, "a guest that {what}, {places} places");
            assert_eq!(outcome(good.call(INPUT))["outcome"], "result", "after a guest that {what}");
        }
    }
}

// spec: RUN-4
#[test]
fn what_is_no_module_is_refused_and_the_host_goes_on() {
    let runtime = runtime();
    for bytes in [&b""[..], b"\0asm", b"\0asm\x0d\0\x01\0", b"\x7fELF\x02\x01\x01", &[0xff; 4096]] {
        assert_eq!(failure(runtime.load_bytes(bytes)).0, "artifact-not-wasm");
    }
    assert_eq!(outcome(good(&runtime).call(INPUT))["outcome"], "result");
}

/// `calls` calls on two threads, one in ten hostile: the right number of each ending, and flat memory.
fn soak(calls: usize) {
    let runtime = Runtime::builder().max_fuel(20_000).build().expect("the engine starts");
    let good = good(&runtime);
    let quick = ["loops", "calls itself without end", "floods stdout", "ends with 255", "says half a value"];
    let hostile: Vec<(Capability, &str)> = guests()
        .into_iter()
        .filter(|guest| quick.contains(&guest.what))
        .map(|guest| (runtime.load_bytes(&sealed(guest.module)).expect("it loads"), guest.code))
        .collect();
    assert_eq!(hostile.len(), quick.len());
    let (next, results) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let work = || {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= calls {
                return;
            }
            if number % 10 == 9 {
                let (capability, code) = &hostile[number / 10 % hostile.len()];
                let ended = failure(capability.call(INPUT)).0;
                // Fuel may be gone before the output is too large.
                assert!(ended == *code || ended == "fuel-exhausted", "{ended} and not {code}");
            } else {
                assert_eq!(capability_result(&good), "result");
                results.fetch_add(1, Ordering::Relaxed);
            }
        }
    };
    let run = |until: usize| {
        next.store(until, Ordering::Relaxed);
        std::thread::scope(|scope| {
            scope.spawn(work);
            scope.spawn(work);
        });
    };
    // The first tenth fills what stays filled.
    run(calls - calls / 10);
    let before = resident_bytes();
    results.store(0, Ordering::Relaxed);
    run(0);
    assert_eq!(results.load(Ordering::Relaxed), calls - calls / 10);
    if let (Some(before), Some(after)) = (before, resident_bytes()) {
        let grown = after.saturating_sub(before);
        assert!(grown < 4 << 20, "{grown} bytes more after {calls} calls");
    }
}

fn capability_result(capability: &Capability) -> &'static str {
    capability.call(INPUT).map_or("error", |call| call.trace.outcome)
}

// spec: RUN-8, RUN-11
#[test]
fn many_calls_one_in_ten_hostile_leave_nothing() {
    soak(20_000);
}

#[test]
#[ignore = "takes a minute: a million calls"]
fn a_million_calls_one_in_ten_hostile_leave_nothing() {
    soak(1_000_000);
}
