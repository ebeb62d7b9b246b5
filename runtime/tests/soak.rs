//! Many calls, one in ten hostile, on two threads. The memory of the process is measured, so this file holds one test only: what
//! runs beside it in the same process would be measured too.

mod support;

use std::sync::atomic::{AtomicUsize, Ordering};
use support::hostile::{good, quick};
use support::*;
use traverse_runtime::{Capability, Runtime};

/// What the process has in memory, in bytes; nothing where the system does not say so.
fn resident_bytes() -> Option<u64> {
    let statm = std::fs::read_to_string("/proc/self/statm").ok()?;
    Some(statm.split(' ').nth(1)?.parse::<u64>().ok()? * 4096)
}

/// `calls` calls on two threads, one in ten hostile: the right number of each ending, and flat memory.
fn soak(calls: usize) {
    let runtime = Runtime::builder().max_fuel(20_000).build().expect("the engine starts");
    let good = good(&runtime);
    let wanted = ["loops", "calls itself without end", "floods stdout", "ends with 255", "says half a value"];
    let hostile: Vec<(Capability, &str)> = quick()
        .into_iter()
        .filter(|guest| wanted.contains(&guest.what))
        .map(|guest| (runtime.load_bytes(&guest.module).expect("it loads"), guest.code))
        .collect();
    assert_eq!(hostile.len(), wanted.len());
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
#[ignore = "a million calls"]
fn a_million_calls_one_in_ten_hostile_leave_nothing() {
    soak(1_000_000);
}
