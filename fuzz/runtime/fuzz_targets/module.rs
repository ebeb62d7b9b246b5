//! Any bytes as a module: loaded and called, it ends in an outcome or a declared error. The first byte says what the others are: a
//! whole module, one that the sections are put to, or the text of one of its sections.
#![no_main]
#![allow(unreachable_pub, missing_docs)]

#[path = "../../../runtime/tests/support/anything.rs"]
mod anything;
#[path = "../../../runtime/tests/support/mod.rs"]
mod support;

use libfuzzer_sys::fuzz_target;
use std::cell::LazyCell;
use support::{RESULT, contract_json, package_json, saying, sealed, with_section};
use traverse_runtime::Runtime;

thread_local! {
    static RUNTIME: LazyCell<Runtime> = LazyCell::new(anything::impatient);
}

fuzz_target!(|bytes: &[u8]| {
    let Some((kind, bytes)) = bytes.split_first() else { return };
    let good = || saying(0, RESULT, "");
    let module = match kind % 4 {
        0 => bytes.to_vec(),
        1 => sealed(bytes.to_vec()),
        2 => with_section(good(), "traverse.contract", bytes),
        _ => {
            let module = with_section(good(), "traverse.contract", contract_json().as_bytes());
            let package =
                if bytes.is_empty() { package_json().to_string().into_bytes() } else { bytes.to_vec() };
            with_section(module, "traverse.package", &package)
        }
    };
    RUNTIME.with(|runtime| anything::module(runtime, &module));
});
