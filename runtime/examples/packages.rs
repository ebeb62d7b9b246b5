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
    let package = home.path().join("package");
    let [old, new] = ["old", "new"].map(|name| Cache::at(home.path().join(name)));
    let aged = cached(&old);
    for number in 0..count - part {
        write_numbered(&package, number);
        load_numbered(&aged, &package, number);
    }

    // The last tenth, side by side with a host that has seen none, whose first these are.
    let resident = resident_kib();
    let fresh = cached(&new);
    let (mut last, mut first) = (Vec::new(), Vec::new());
    for number in count - part..count {
        write_numbered(&package, number);
        let mut on = [(&aged, &mut last), (&fresh, &mut first)];
        if number % 2 == 0 {
            on.reverse();
        }
        for (runtime, times) in on {
            times.push(load_numbered(runtime, &package, number));
        }
    }
    let grown = resident_kib().saturating_sub(resident);
    told(
        &format!("{count} packages, none seen before: one of the last {part}"),
        last,
        "one of the first",
        first,
    );
    let left = old.contents().expect("a cache");
    println!(
        "left in the cache: {} entries, {} KiB; {grown} KiB of memory more for the last {part}",
        left.entries,
        left.bytes / 1024
    );

    // One that is kept, from the full cache and from one that has nothing else.
    new.clear().expect("cleared");
    load_numbered(&fresh, &package, count - 1);
    let (mut full, mut alone) = (Vec::new(), Vec::new());
    for _ in 0..part {
        full.push(load_numbered(&aged, &package, count - 1));
        alone.push(load_numbered(&fresh, &package, count - 1));
    }
    told("a package whose code is kept: among all of these", full, "alone", alone);
}

/// Two kinds of times, as means and as a ratio. The slowest twentieth of each is left out: that is what else the machine did.
fn told(what: &str, times: Vec<f64>, other: &str, others: Vec<f64>) {
    let mean = |mut times: Vec<f64>| {
        times.sort_by(f64::total_cmp);
        times.truncate((times.len() * 19).div_ceil(20));
        times.iter().sum::<f64>() / times.len() as f64 * 1e6
    };
    let (one, two) = (mean(times), mean(others));
    println!("{what} {one:.0} µs, {other} {two:.0} µs: ratio {:.2}", one / two);
}

/// What Linux says that this process has in memory; 0 elsewhere.
fn resident_kib() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    pages.split(' ').nth(1).and_then(|pages| pages.parse::<u64>().ok()).unwrap_or(0) * 4
}
