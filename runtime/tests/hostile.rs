//! Guests that mean harm, one after the other on one runtime: each ends as the rules say, and after each a good guest has its
//! result.

mod support;

use support::hostile::{Hostile, good, guests};
use support::*;
use traverse_runtime::Runtime;

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
