//! Ending a call from outside, calls at once, and the other ways to call.

mod support;

use serde_json::{Value, json};
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant};
use support::*;
use traverse_runtime::{Capability, Error, Host, Interrupt, Runtime};

/// Long enough that only a stop from outside ends an endless loop in time for the test to go on.
const MUCH_FUEL: u64 = 1 << 50;

fn endless() -> Vec<u8> {
    doing("", "(loop $again (br $again))", "", "")
}

fn spec_with_fuel(module: Vec<u8>, runtime: &Runtime) -> Capability {
    let contract = contract_json().replace("\"fuel\":100000000", &format!("\"fuel\":{MUCH_FUEL}"));
    let module = with_section(module, "traverse.contract", contract.as_bytes());
    runtime.load_bytes(&module).expect("it loads")
}

// spec: RUN-20
#[test]
fn a_guest_is_stopped_when_its_time_is_over() {
    for host in [Host::Metered, Host::WasmtimeWasi] {
        for places in [0, 4] {
            let runtime = Runtime::builder()
                .host(host)
                .max_concurrent_calls(places)
                .max_fuel(MUCH_FUEL)
                .max_duration(Duration::from_millis(50))
                .build()
                .expect("the engine starts");
            let capability = spec_with_fuel(endless(), &runtime);
            let (code, message) = failure(capability.call(INPUT));
            assert_eq!((code, message.as_str()), ("time-exceeded", "the guest ran longer than its 50 ms"));
            // The runtime is as good as before, and counts the same fuel as one without a time.
            let good = runtime.load_bytes(&sealed(saying(0, RESULT, ""))).expect("it loads").call(INPUT);
            let plain = Runtime::builder().host(host).build().expect("the engine starts");
            let same = plain.load_bytes(&sealed(saying(0, RESULT, ""))).expect("it loads").call(INPUT);
            assert_eq!(good.expect("an outcome").trace.fuel_used, same.expect("an outcome").trace.fuel_used);
        }
    }
}

// spec: RUN-20
#[test]
fn a_time_that_is_never_over_stops_nothing() {
    let runtime = Runtime::builder().max_duration(Duration::MAX).build().expect("the engine starts");
    let capability = runtime.load_bytes(&sealed(saying(0, RESULT, ""))).expect("it loads");
    assert_eq!(outcome(capability.call(INPUT))["outcome"], "result");
}

// spec: RUN-20
#[test]
fn a_call_is_interrupted_from_another_thread() {
    let runtime = Runtime::builder().max_fuel(MUCH_FUEL).interruptible().build().expect("the engine starts");
    let capability = spec_with_fuel(endless(), &runtime);
    let interrupt = Interrupt::new();
    let called = std::thread::scope(|scope| {
        let calling = scope.spawn(|| capability.call_until(INPUT, &interrupt));
        std::thread::sleep(Duration::from_millis(20));
        interrupt.interrupt();
        calling.join().expect("no panic")
    });
    assert_eq!(failure(called), ("interrupted", "the call was interrupted".to_owned()));
    // What was interrupted before it began never runs, in any runtime.
    assert!(interrupt.is_interrupted());
    assert_eq!(failure(load(saying(0, RESULT, "")).call_until(INPUT, &interrupt)).0, "interrupted");
    assert!(load(saying(0, RESULT, "")).call_until(INPUT, &Interrupt::new()).is_ok());
}

// spec: RUN-19
#[test]
fn as_many_calls_as_there_are_places_and_no_more() {
    // With 16 there may be several engines, which fill up one after the other.
    for places in [2, 16] {
        fill_every_place(places);
    }
}

fn fill_every_place(places: u32) {
    let runtime = Runtime::builder()
        .max_fuel(MUCH_FUEL)
        .max_concurrent_calls(places)
        .interruptible()
        .build()
        .expect("the engine starts");
    let (slow, quick) =
        (spec_with_fuel(endless(), &runtime), runtime.load_bytes(&sealed(saying(0, RESULT, ""))));
    let quick = quick.expect("it loads");
    let interrupt = Interrupt::new();
    // One that finds no place, for a quick one has it, tries again.
    let hold_a_place = || loop {
        let ended = failure(slow.call_until(INPUT, &interrupt)).0;
        if ended != "busy" {
            break ended;
        }
    };
    std::thread::scope(|scope| {
        let calls: Vec<_> = (0..places).map(|_| scope.spawn(hold_a_place)).collect();
        let began = Instant::now();
        let refused = loop {
            match quick.call(INPUT) {
                Err(error) => break Some(error),
                Ok(_) if began.elapsed() > Duration::from_secs(60) => break None,
                Ok(_) => {}
            }
        };
        interrupt.interrupt();
        for call in calls {
            assert_eq!(call.join().expect("no panic"), "interrupted");
        }
        let refused = refused.expect("all places were taken");
        assert_eq!(
            (refused.code(), refused.message().as_str()),
            ("busy", format!("all {places} places for calls are taken").as_str())
        );
    });
    assert_eq!(outcome(quick.call(INPUT))["outcome"], "result");
}

// spec: RUN-19, RUN-8
#[test]
fn nothing_of_a_call_is_there_in_the_next() {
    // Says how often the byte at 60000, a global and a table were found used.
    let body = format!(
        "(if (i32.or (i32.load8_u (i32.const 60000)) (global.get $used))
            (then {fail}) (else (i32.store8 (i32.const 60000) (i32.const 1)) (global.set $used (i32.const 1)) {good}))
         (call $proc_exit (i32.const 0))",
        fail = say_stderr(),
        good = say_stdout()
    );
    let module = doing("(global $used (mut i32) (i32.const 0))", &body, RESULT, "used");
    for places in [0, 1, 8] {
        let runtime = Runtime::builder().max_concurrent_calls(places).build().expect("the engine starts");
        let capability = runtime.load_bytes(&sealed(module.clone())).expect("it loads");
        for _ in 0..20 {
            let call = capability.call(INPUT).expect("an outcome");
            assert!(call.stderr.is_empty(), "{places} places");
        }
    }
}

// spec: RUN-19
#[test]
fn modules_that_do_not_fit_the_pool_run_all_the_same() {
    let body = format!("{} (call $proc_exit (i32.const 0))", say_stdout());
    for declarations in
        ["(table 20000 funcref)", "(table 1 funcref)", "(table 1 2 funcref) (table 1 2 funcref)"]
    {
        let call = load(doing(declarations, &body, RESULT, "")).call(INPUT);
        // 20,000 elements are 160 KB of the contract's 1 MiB.
        assert_eq!(outcome(call)["outcome"], "result", "{declarations}");
    }
}

#[test]
fn a_value_and_a_batch_come_to_what_their_texts_come_to() {
    let capability = load(saying(0, RESULT, ""));
    let value: Value = serde_json::from_slice(INPUT).expect("JSON");
    assert_eq!(outcome(capability.call_value(&value)), outcome(capability.call(INPUT)));
    let inputs: Vec<Vec<u8>> =
        (0..40).map(|number| if number % 3 == 0 { b"{}".to_vec() } else { INPUT.to_vec() }).collect();
    let called = capability.call_batch(&inputs);
    assert_eq!(called.len(), 40);
    for (number, call) in called.into_iter().enumerate() {
        let expected = if number % 3 == 0 { "rejected" } else { "result" };
        assert_eq!(outcome(call)["outcome"], json!(expected), "{number}");
    }
    assert!(capability.call_batch(&[] as &[&[u8]]).is_empty());
}

/// Counts how often it is woken.
struct Woken(AtomicUsize, std::thread::Thread);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
        self.1.unpark();
    }
}

fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Woken(AtomicUsize::new(0), std::thread::current())));
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(output) => return output,
            Poll::Pending => std::thread::park(),
        }
    }
}

// spec: RUN-20
#[test]
fn an_awaited_call_blocks_nobody_and_ends_when_nobody_waits() {
    let capability = load(saying(0, RESULT, ""));
    assert_eq!(outcome(block_on(capability.call_async(INPUT.to_vec())))["outcome"], "result");

    let runtime = Runtime::builder().max_fuel(MUCH_FUEL).interruptible().build().expect("the engine starts");
    let slow = spec_with_fuel(endless(), &runtime);
    let waker = Waker::noop();
    for _ in 0..8 {
        // More than there are threads: were they not ended, the last call here would wait for ever.
        let mut call = Box::pin(slow.call_async(INPUT.to_vec()));
        assert!(call.as_mut().poll(&mut Context::from_waker(waker)).is_pending());
        drop(call);
    }
    let quick = runtime.load_bytes(&sealed(saying(0, RESULT, ""))).expect("it loads");
    assert_eq!(outcome(block_on(quick.call_async(INPUT.to_vec())))["outcome"], "result");
}

#[test]
fn errors_that_stop_a_guest_say_where_it_was() {
    let Err(error) = load(endless()).call(INPUT) else { panic!("it ends") };
    assert!(matches!(error, Error::FuelExhausted { .. }));
    assert!(error.frames().iter().all(|frame| frame.offset.is_some()) && !error.frames().is_empty());
}
