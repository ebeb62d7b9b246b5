//! Guests that mean harm, each with the code it ends with, and a good one beside them.

use super::*;
use traverse_runtime::{Capability, Runtime};

/// What a guest does, and the code that the call or the loading ends with.
pub(crate) struct Hostile {
    pub(crate) what: &'static str,
    pub(crate) module: Vec<u8>,
    pub(crate) code: &'static str,
}

fn command(what: &'static str, declarations: &str, body: &str, code: &'static str) -> Hostile {
    Hostile { what, module: doing(declarations, body, RESULT, "words"), code }
}

/// Ends with 0 after this was said.
fn says(what: &'static str, stdout: &str, code: &'static str) -> Hostile {
    Hostile { what, module: saying(0, stdout, ""), code }
}

pub(crate) fn guests() -> Vec<Hostile> {
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

pub(crate) fn good(runtime: &Runtime) -> Capability {
    runtime.load_bytes(&sealed(saying(0, RESULT, ""))).expect("the good one loads")
}
