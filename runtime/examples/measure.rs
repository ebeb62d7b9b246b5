//! What a call costs, beside other ways to have the same rule run: all of them in one run, told as ratios.
//!
//! ```text
//! cargo run --example measure -- PACKAGE HAND_WRITTEN.wasm
//! ```
//!
//! `PACKAGE` is the pricing template, built; `HAND_WRITTEN.wasm` the same rule with serde_json, `benches/guests/serde-by-hand`.
//! `scripts/measure-runtime.sh` makes both.

use std::hint::black_box;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;
use traverse_runtime::outcome::Outcome;
use traverse_runtime::{Cache, Capability, Runtime};

#[path = "measure/native.rs"]
mod native;
#[path = "measure/plain.rs"]
mod plain;

const INPUT: &[u8] = br#"{"customer":{"tier":"enterprise"},"cart":{"total":120.0}}"#;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [package, by_hand] = arguments.as_slice() else {
        eprintln!("usage: measure PACKAGE HAND_WRITTEN.wasm");
        return ExitCode::from(2);
    };
    match measure(Path::new(package), Path::new(by_hand)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn measure(package: &Path, by_hand: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let runtime = Runtime::new()?;
    let capability = runtime.load_package(package)?;
    let call = capability.call(INPUT)?;
    let Outcome::Result(result) = &call.outcome else { return Err("the call has no result".into()) };
    if result != &serde_json::from_slice::<serde_json::Value>(&native::call(INPUT).0)? {
        return Err("the native rule comes to another result".into());
    }
    let hand = plain::Plain::load(by_hand)?;
    if !hand.call(INPUT)?.starts_with(b"{") {
        return Err("the hand-written guest has no result".into());
    }

    // Side by side, so that what else the machine does is done to each.
    let (mut warm, mut plain, mut native_rule, mut outside) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..200 {
        time(&mut warm, 50, || capability.call(black_box(INPUT)).is_ok());
        time(&mut plain, 20, || hand.call(black_box(INPUT)).is_ok());
        time(&mut native_rule, 200, || native::call(black_box(INPUT)).1 == 0);
        let mut nanoseconds = 0;
        for _ in 0..50 {
            let times = capability.call(INPUT)?.trace.times;
            nanoseconds += times.total_ns - times.guest_ns.unwrap_or(0);
        }
        outside.push(nanoseconds as f64 / 50.0 / 1000.0);
    }
    let mut cold = Vec::new();
    for _ in 0..5 {
        let fresh = || Some(Runtime::new().ok()?.load_package(package).ok()?.call(INPUT).is_ok());
        time(&mut cold, 1, || fresh() == Some(true));
    }
    let [warm, plain, native_rule, outside, cold] = [warm, plain, native_rule, outside, cold].map(median);
    println!("warm call, contract on both sides, trace: {warm:.2} µs");
    ratio(
        "plain wasmtime-wasi on the hand-written guest",
        plain,
        warm / plain,
        "at most 0.2",
        warm / plain <= 0.2,
    );
    ratio(
        "reading, hashing, compiling and running each time",
        cold,
        cold / warm,
        "at least 3,000",
        cold / warm >= 3000.0,
    );
    ratio(
        "the native function with the same checks",
        native_rule,
        warm / native_rule,
        "at most 20",
        warm / native_rule <= 20.0,
    );
    ratio("contract and trace on the host", outside, outside / warm, "at most 0.25", outside / warm <= 0.25);
    threads(&capability)?;
    cached_load(package)?;
    memory(&capability)
}

/// How much more two threads do than one.
fn threads(capability: &Capability) -> Result<(), Box<dyn std::error::Error>> {
    const CALLS: u32 = 20_000;
    let work = || (0..CALLS).all(|_| capability.call(black_box(INPUT)).is_ok());
    let (mut one, mut two) = (Vec::new(), Vec::new());
    for _ in 0..25 {
        time(&mut one, 1, work);
        time(&mut two, 1, || {
            std::thread::scope(|scope| {
                let other = scope.spawn(work);
                work() && other.join().is_ok_and(|good| good)
            })
        });
    }
    // Each pair in the same moment of the machine.
    let gain = median(one.iter().zip(&two).map(|(one, two)| 2.0 * one / two).collect());
    ratio(
        "two threads do as much in the same time as one",
        median(two) / f64::from(2 * CALLS),
        gain,
        "at least 1.85",
        gain >= 1.85,
    );
    Ok(())
}

/// How long it takes to load a package whose compiled code is kept.
fn cached_load(package: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::temp_dir().join(format!("traverse-measure-{}", std::process::id()));
    let runtime = Runtime::builder().cache(Cache::at(&folder)).build()?;
    runtime.load_package(package)?;
    let mut loads = Vec::new();
    for _ in 0..50 {
        time(&mut loads, 1, || runtime.load_package(package).is_ok());
    }
    std::fs::remove_dir_all(&folder)?;
    let load = median(loads);
    println!(
        "load of a package whose compiled code is kept: {load:.0} µs (goal: at most 1,000): {}",
        met(load <= 1000.0)
    );
    Ok(())
}

/// What a million calls leave.
fn memory(capability: &Capability) -> Result<(), Box<dyn std::error::Error>> {
    let calls = |number: u32| (0..number).all(|_| capability.call(black_box(INPUT)).is_ok());
    assert!(calls(10_000), "a measured call failed");
    let before = resident_bytes()?;
    assert!(calls(990_000), "a measured call failed");
    let grown = resident_bytes()?.saturating_sub(before);
    println!(
        "990,000 calls after the first 10,000: {} KiB more (goal: less than 1,024): {}",
        grown / 1024,
        met(grown < 1 << 20)
    );
    Ok(())
}

/// What Linux says that this process has in memory.
fn resident_bytes() -> Result<u64, Box<dyn std::error::Error>> {
    let pages = std::fs::read_to_string("/proc/self/statm")?;
    let resident = pages.split(' ').nth(1).ok_or("statm has no second number")?;
    Ok(resident.parse::<u64>()? * 4096)
}

fn met(met: bool) -> &'static str {
    if met { "met" } else { "NOT MET" }
}

fn ratio(what: &str, micros: f64, ratio: f64, goal: &str, met: bool) {
    let met = self::met(met);
    println!("{what}: {micros:.2} µs, ratio {ratio:.2} (goal: {goal}): {met}");
}

/// Adds the time of one call in microseconds, taken over `calls` of them. Every one must say that it went well.
fn time(into: &mut Vec<f64>, calls: u32, mut call: impl FnMut() -> bool) {
    let began = Instant::now();
    let mut good = true;
    for _ in 0..calls {
        good &= call();
    }
    assert!(good, "a measured call failed");
    into.push(began.elapsed().as_secs_f64() * 1e6 / f64::from(calls));
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
