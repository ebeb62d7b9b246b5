//! Any bytes as a module: loaded and called, it ends in an outcome or a declared error. The first byte says what the others are: a
//! whole module, one that the sections are put to, or the text of one of its sections. With `TRAVERSE_FUZZ_SEEDS` it writes what
//! all targets begin with into that folder, and ends.
#![no_main]
#![allow(dead_code)] // Each target uses a part of what they share.

#[path = "../../../runtime/tests/support/anything.rs"]
mod anything;
mod seeds;
#[path = "../../../runtime/tests/support/mod.rs"]
mod support;

use libfuzzer_sys::fuzz_target;
use std::cell::LazyCell;
use support::{RESULT, contract_json, package_json, saying, sealed, with_section};
use traverse_runtime::Runtime;

thread_local! {
    static RUNTIME: LazyCell<Runtime> = LazyCell::new(anything::impatient);
}

fuzz_target!(init: {
    if let Some(folder) = std::env::var_os("TRAVERSE_FUZZ_SEEDS") {
        seeds::write(folder.as_ref()).expect("the seeds can be written");
        std::process::exit(0);
    }
}, |bytes: &[u8]| {
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
