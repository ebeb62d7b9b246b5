//! What it costs to load many packages one after the other through the cache of compiled code: the last ones as much as the first.
//!
//! ```text
//! cargo run --example packages -- 10000
//! ```

#[path = "../tests/support/packages.rs"]
mod packages;
#[path = "../tests/support/mod.rs"]
mod support;

use packages::{cached, load_numbered, write_numbered};
use traverse_runtime::Cache;

fn main() {
    let count: usize = std::env::args().nth(1).and_then(|count| count.parse().ok()).unwrap_or(10_000);
    let part = (count / 10).max(1);
    let home = tempfile::tempdir().expect("a folder");
    let cache = Cache::at(home.path().join("compiled"));
    let runtime = cached(&cache);
    let package = home.path().join("package");
    let mean = |times: &[f64]| times.iter().sum::<f64>() / times.len() as f64 * 1e6;

    let mut times = Vec::with_capacity(count);
    let mut resident = 0;
    for number in 0..count {
        write_numbered(&package, number);
        times.push(load_numbered(&runtime, &package, number));
        if number == part {
            resident = resident_kib();
        }
    }
    let (first, last) = (mean(&times[..part]), mean(&times[count - part..]));
    println!(
        "{count} packages, none seen before: the first {part} take {first:.0} µs each, the last {part} {last:.0} µs: ratio {:.2}",
        last / first
    );
    println!(
        "memory after the last, beside after the first {part}: {} KiB more",
        resident_kib().saturating_sub(resident)
    );
    let left = cache.contents().expect("a cache");
    println!("left in the cache: {} entries, {} KiB", left.entries, left.bytes / 1024);

    // Those that are kept, taken from a full cache and from one that has nothing else.
    let mut full = Vec::new();
    for number in count - part.min(500)..count {
        write_numbered(&package, number);
        full.push(load_numbered(&runtime, &package, number));
    }
    cache.clear().expect("cleared");
    let mut alone = Vec::new();
    load_numbered(&runtime, &package, count - 1);
    for _ in 0..full.len() {
        write_numbered(&package, count - 1);
        alone.push(load_numbered(&runtime, &package, count - 1));
    }
    let (full, alone) = (mean(&full), mean(&alone));
    println!(
        "a package whose code is kept: {full:.0} µs among {} others, {alone:.0} µs alone: ratio {:.2}",
        left.entries,
        full / alone
    );
}

/// What Linux says that this process has in memory; 0 elsewhere.
fn resident_kib() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    pages.split(' ').nth(1).and_then(|pages| pages.parse::<u64>().ok()).unwrap_or(0) * 4
}
