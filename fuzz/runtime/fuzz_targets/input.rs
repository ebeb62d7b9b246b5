//! Any bytes on stdin of the pricing template, whose package `TRAVERSE_FUZZ_PACKAGE` names: a call has an outcome, for the guest is one
//! of our own, and what it says is what the host comes to.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::cell::LazyCell;
use traverse_runtime::{Capability, Runtime};

thread_local! {
    static PRICING: LazyCell<Capability> = LazyCell::new(|| {
        let package = std::env::var_os("TRAVERSE_FUZZ_PACKAGE").expect("scripts/fuzz.sh names the package");
        let runtime = Runtime::new().expect("the engine starts");
        runtime.load_package(package.as_ref()).unwrap_or_else(|error| panic!("{error}"))
    });
}

fuzz_target!(|stdin: &[u8]| {
    PRICING.with(|pricing| {
        let call = pricing.call(stdin).unwrap_or_else(|error| panic!("{error}"));
        let kind = call.trace.outcome;
        assert!(
            ["result", "exception", "rejected", "violation"].contains(&kind),
            "the guest ended in {kind}"
        );
        // What the guest was given fits: it finds nothing that the host does not find first.
        let ran = call.trace.exit_code.is_some();
        assert!(
            !ran || ["result", "exception"].contains(&kind),
            "the guest refuses what the host takes: {}",
            call.outcome.to_json()
        );
    });
});
