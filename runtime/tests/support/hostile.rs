//! Guests that mean harm, each with the code it ends with, and a good one beside them.

use super::*;
use traverse_runtime::{Capability, Runtime};

/// What a guest does, and what the call or the loading ends with: an error's code, or the kind of an outcome.
pub(crate) struct Hostile {
    pub(crate) what: &'static str,
    /// With its contract.
    pub(crate) module: Vec<u8>,
    pub(crate) code: &'static str,
}

/// What those may have that say a lot; a host must allow it, too ([`generous`]).
const MUCH: &str = "16777216";

/// A host that allows a bare module as much as [`MUCH`].
pub(crate) fn generous(places: u32) -> Runtime {
    let builder = Runtime::builder().max_concurrent_calls(places);
    builder.max_memory_bytes(16 << 20).max_output_bytes(16 << 20).build().expect("the engine starts")
}

fn command(what: &'static str, declarations: &str, body: &str, code: &'static str) -> Hostile {
    Hostile { what, module: sealed(doing(declarations, body, RESULT, "words")), code }
}

/// Ends with 0 after this was said.
fn says(what: &'static str, stdout: &str, code: &'static str) -> Hostile {
    ends(what, 0, stdout, code)
}

fn ends(what: &'static str, exit_code: i32, stdout: &str, code: &'static str) -> Hostile {
    Hostile { what, module: sealed(saying(exit_code, stdout, "")), code }
}

/// Says this character so many times, between a beginning and an end, under a contract that lets it.
fn says_at_length(what: &'static str, start: &str, byte: u8, times: u32, end: &str) -> Hostile {
    let spec = SPEC
        .replace("memory_bytes = 1048576", &format!("memory_bytes = {MUCH}"))
        .replace("output_bytes = 65536", &format!("output_bytes = {MUCH}"));
    let source = traverse_contract::Source { name: "traverse.spec.toml".into(), text: spec };
    let contract = canonical::contract_json(&source).expect("a contract");
    let (at, after) = (131_072 + start.len(), 131_072 + start.len() as u32 + times);
    let total = start.len() as u32 + times + end.len() as u32;
    let body = format!(
        "(drop (memory.grow (i32.const 200)))
         (memory.copy (i32.const 131072) (i32.const 4100) (i32.const {}))
         (memory.fill (i32.const {at}) (i32.const {byte}) (i32.const {times}))
         (memory.copy (i32.const {after}) (i32.const 40964) (i32.const {}))
         (i32.store (i32.const 0) (i32.const 131072)) (i32.store (i32.const 4) (i32.const {total}))
         (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))",
        start.len(),
        end.len()
    );
    let module = with_section(doing("", &body, start, end), "traverse.contract", contract.as_bytes());
    Hostile { what, module, code: "output-not-json" }
}

/// All of them.
pub(crate) fn guests() -> Vec<Hostile> {
    let mut guests = quick();
    guests.extend(liars());
    guests.extend(large());
    guests
}

/// Those whose size is the harm.
fn large() -> Vec<Hostile> {
    let functions = "(func (result i32) (i32.const 7))".repeat(100_000);
    let segment = format!(
        "(module (import \"wasi_snapshot_preview1\" \"proc_exit\" (func (param i32))) (memory (export \"memory\") 900) \
         (data (i32.const 0) \"{}\") (func (export \"_start\")))",
        "x".repeat(50 << 20)
    );
    vec![
        command("has 100,000 functions", &functions, "unreachable", "trap"),
        Hostile { what: "has 50 MiB of data", module: sealed(wat(&segment)), code: "memory-exceeded" },
        says_at_length("says 10 MiB of brackets", "", b'[', 10 << 20, ""),
        says_at_length("says a string of 10 MiB without end", "{\"note\":\"", b'x', 10 << 20, ""),
        says_at_length(
            "says a number of a million digits",
            "{\"percent\":",
            b'9',
            1_000_000,
            ",\"note\":\"x\"}",
        ),
    ]
}

/// Those that say something of the contract, or of what they found, that is not so.
fn liars() -> Vec<Hostile> {
    let violation = |clause: serde_json::Value, observed: serde_json::Value, message: &str| {
        let said = json!({"outcome": "violation", "clause": clause, "message": message, "observed": observed, "found_by": "guest"});
        said.to_string()
    };
    let precondition = json!({"kind": "precondition", "index": 0, "rule": "total < 1000000.0"});
    let unknown = json!({"kind": "invariant", "index": 9, "rule": "true"});
    let broken = json!({"kind": "postcondition", "index": 0, "rule": "result.percent >= 0"});
    let no = "`total < 1000000.0` does not hold";
    vec![
        says("breaks an invariant and says that all is well", "{\"percent\":50,\"note\":\"x\"}", "violation"),
        says(
            "breaks the output schema and says that all is well",
            "{\"percent\":91,\"note\":\"x\"}",
            "violation",
        ),
        ends(
            "says that a precondition is broken that holds",
            21,
            &violation(precondition, json!({"total": 120.0}), no),
            "outcome-mismatch",
        ),
        ends(
            "says that a rule is broken that nobody wrote",
            23,
            &violation(unknown, json!({}), "no"),
            "outcome-mismatch",
        ),
        ends(
            "shows another input than it was given",
            22,
            &violation(broken, json!({"total": 7.0}), "no"),
            "outcome-mismatch",
        ),
        ends(
            "rejects what fits the schema",
            20,
            "{\"outcome\":\"rejected\",\"at\":\"/total\",\"message\":\"no\"}",
            "outcome-mismatch",
        ),
        ends(
            "raises an exception that is not declared",
            10,
            "{\"outcome\":\"exception\",\"name\":\"Whim\"}",
            "outcome-mismatch",
        ),
        ends(
            "raises an exception against its condition",
            10,
            "{\"outcome\":\"exception\",\"name\":\"CartTooBig\",\"message\":\"ask for an offer\"}",
            "undeclared",
        ),
        ends(
            "says that the host found it",
            21,
            "{\"outcome\":\"violation\",\"found_by\":\"host\"}",
            "outcome-mismatch",
        ),
    ]
}

/// Small ones, which are compiled at once.
pub(crate) fn quick() -> Vec<Hostile> {
    let forever = "(loop $again (br $again))";
    let flood =
        |fd: i32| format!("(loop $again {} (br $again))", if fd == 1 { say_stdout() } else { say_stderr() });
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
        command("writes a buffer that ends outside of memory", "", &iovec(131_000, 73, 1), "fuel-exhausted"),
        command(
            "writes from a list that lies outside of memory",
            "",
            &format!(
                "(drop (call $fd_write (i32.const 1) (i32.const -8) (i32.const 2) (i32.const 8))) {forever}"
            ),
            "fuel-exhausted",
        ),
        command(
            "reads into its own list of buffers",
            "",
            "(i32.store (i32.const 4) (i32.const 131072)) (drop (call $fd_read (i32.const 0) (i32.const 0) (i32.const 2) (i32.const 0)))",
            "output-not-json",
        ),
        command(
            "has the count written outside of memory",
            "",
            "(drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 0) (i32.const -1)))",
            "output-not-json",
        ),
        command(
            "ends with the least number",
            "",
            "(call $proc_exit (i32.const -2147483648))",
            "outcome-mismatch",
        ),
        command(
            "ends in its start function",
            "(func $s (call $proc_exit (i32.const 0))) (start $s)",
            "unreachable",
            "output-not-json",
        ),
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
