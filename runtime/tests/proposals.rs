//! What WebAssembly has beyond its first version: each part runs, or is refused with the code that is declared for it.

mod support;

use support::*;

/// What it is, declarations, the body of the command before it says its result, and how that ends.
const PARTS: &[(&str, &str, &str, &str)] = &[
    (
        "several values",
        "(func $f (result i32 i32) (i32.const 1) (i32.const 2))",
        "(call $f) drop drop",
        "result",
    ),
    ("bulk memory", "", "(memory.fill (i32.const 60000) (i32.const 7) (i32.const 100))", "result"),
    ("sign extension", "", "(drop (i32.extend8_s (i32.const 255)))", "result"),
    ("conversions that do not trap", "", "(drop (i32.trunc_sat_f64_s (f64.const nan)))", "result"),
    (
        "references",
        "(table 1 1 funcref) (elem declare func $f) (func $f)",
        "(table.set (i32.const 0) (ref.func $f))",
        "result",
    ),
    (
        "references to what is the host's",
        "(table 1 1 externref)",
        "(table.set (i32.const 0) (ref.null extern))",
        "compile-failed",
    ),
    (
        "SIMD",
        "",
        "(drop (v128.bitselect (v128.const i64x2 1 2) (v128.const i64x2 3 4) (v128.const i64x2 5 6)))",
        "result",
    ),
    ("tail calls", "(func $f (return_call $g)) (func $g)", "(call $f)", "result"),
    ("tail calls without end", "(func $f (return_call $f))", "(call $f)", "fuel-exhausted"),
    ("extended constants", "(global i32 (i32.add (i32.const 1) (i32.const 2)))", "", "result"),
    (
        "relaxed SIMD",
        "",
        "(drop (i8x16.relaxed_swizzle (v128.const i64x2 1 2) (v128.const i64x2 3 4)))",
        "compile-failed",
    ),
    ("several memories", "(memory 1)", "", "compile-failed"),
    ("64-bit memory", "(memory i64 1)", "", "compile-failed"),
    ("64-bit tables", "(table i64 1 funcref)", "", "compile-failed"),
    ("shared memory", "(memory 1 1 shared)", "", "compile-failed"),
    ("atomic instructions", "", "(drop (i32.atomic.load (i32.const 0)))", "compile-failed"),
    (
        "exceptions",
        "(tag $t) (func $f (throw $t))",
        "(block $b (try_table (catch_all $b) (call $f)))",
        "compile-failed",
    ),
    ("exceptions of the first form", "(tag $t)", "try throw $t catch_all end", "compile-failed"),
    (
        "garbage collection",
        "(type $s (struct (field i32)))",
        "(drop (struct.new $s (i32.const 1)))",
        "compile-failed",
    ),
    (
        "references to functions",
        "(type $t (func)) (func $g (type $t)) (elem declare func $g)",
        "(call_ref $t (ref.func $g))",
        "result",
    ),
    ("pages of one byte", "(memory 1 (pagesize 1))", "", "compile-failed"),
    (
        "wide arithmetic",
        "(func (result i64 i64) (i64.add128 (i64.const 1) (i64.const 2) (i64.const 3) (i64.const 4)))",
        "",
        "compile-failed",
    ),
    ("stack switching", "(type $f (func)) (type $c (cont $f))", "(drop (ref.null $c))", "compile-failed"),
];

// spec: RUN-8, RUN-14
#[test]
fn every_part_of_webassembly_runs_or_is_refused_by_its_code() {
    let runtime = runtime();
    for (what, declarations, body, code) in PARTS {
        let module = doing(declarations, &format!("{body} {}", say_stdout()), RESULT, "");
        let ended = runtime.load_bytes(&sealed(module)).and_then(|capability| capability.call(INPUT));
        let ended = ended.map_or_else(|error| error.code(), |call| call.trace.outcome);
        assert_eq!(ended, *code, "{what}");
    }
}
