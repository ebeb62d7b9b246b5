//! Guests that mean harm, one after the other on one runtime: each ends as the rules say, and after each a good guest has its
//! result.

mod support;

use serde_json::json;
use support::hostile::{Hostile, generous, good, guests};
use support::*;

// spec: RUN-8, RUN-10, RUN-11, RUN-12, RUN-14
#[test]
fn every_hostile_guest_ends_as_it_must_and_the_host_goes_on() {
    for places in [4, 0] {
        let runtime = generous(places);
        let good = good(&runtime);
        for Hostile { what, module, code } in guests() {
            let ended = runtime.load_bytes(&module).and_then(|capability| capability.call(INPUT));
            let ended = ended.map_or_else(|error| error.code(), |call| call.trace.outcome);
            assert_eq!(ended, code, "a guest that {what}, {places} places");
            assert_eq!(outcome(good.call(INPUT))["outcome"], "result", "after a guest that {what}");
        }
    }
}

// spec: RUN-12, RUN-15
#[test]
fn where_guest_and_host_come_to_other_verdicts_both_are_told() {
    let lie = runtime().load_bytes(&sealed(saying(0, r#"{"percent":50,"note":"x"}"#, ""))).expect("it loads");
    let call = lie.call(INPUT).expect("an outcome");
    assert_eq!(call.outcome.to_json()["found_by"], "host");
    let verdicts = serde_json::to_value(call.trace.clauses()).expect("JSON");
    let of = |kind: &str, index: u64| {
        let mut all = verdicts.as_array().expect("a list").iter();
        let found = all.find(|clause| clause["kind"] == kind && clause["index"] == index).expect("a clause");
        (found["host"].clone(), found["guest"].clone())
    };
    // The guest said by its exit code that everything holds.
    assert_eq!(of("invariant", 0), (json!("violated"), json!("holds")));
    assert_eq!(of("postcondition", 0), (json!("holds"), json!("holds")));
}

// spec: RUN-4
#[test]
fn what_is_no_module_is_refused_and_the_host_goes_on() {
    let runtime = runtime();
    for bytes in [&b""[..], b"\0asm", b"\0asm\x0d\0\x01\0", b"\x7fELF\x02\x01\x01", &[0xff; 4096]] {
        assert_eq!(failure(runtime.load_bytes(bytes)).0, "artifact-not-wasm");
    }
    // A component: an empty one, one with a module inside, one that carries a contract; and one in a module's clothes.
    let mut clothed = wat("(component)");
    clothed[4..8].copy_from_slice(b"\x01\0\0\0");
    for component in [
        wat("(component)"),
        wat(r#"(component (core module (memory (export "memory") 1) (func (export "_start"))))"#),
        sealed(wat("(component)")),
    ] {
        let (code, message) = failure(runtime.load_bytes(&component));
        assert_eq!(code, "artifact-not-wasm");
        assert!(message.ends_with("it is a component, and a capability is a core module"), "{message}");
    }
    assert_eq!(failure(runtime.load_bytes(&sealed(clothed))).0, "link-failed");
    assert_eq!(outcome(good(&runtime).call(INPUT))["outcome"], "result");
}
