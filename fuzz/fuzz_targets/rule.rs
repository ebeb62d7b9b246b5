//! Any text as a rule: parsed, checked, its errors shown; no panic, no overflow of the stack, bounded text.
#![no_main]

mod common;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|rule: &str| {
    common::with_rule(rule);
});
