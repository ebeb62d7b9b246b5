//! Many packages on one host: the compiled cache keeps to its bounds, and what is used stays. `examples/packages.rs` has what
//! loading them costs.

#[path = "support/packages.rs"]
mod packages;
mod support;

use packages::{cached, load_numbered, write_numbered};
use std::path::Path;
use traverse_runtime::{Cache, Runtime};

/// Loads so many packages one after the other, the first of them again and again.
fn load_many(count: usize, cache: &Cache, max_entries: u64) {
    let home = tempfile::tempdir().expect("a folder");
    let (package, first) = (home.path().join("package"), home.path().join("first"));
    write_numbered(&first, 0);
    let runtime = cached(cache);
    let first_is_kept = |runtime: &Runtime| {
        let entries = names(cache.folder());
        load_numbered(runtime, &first, 0);
        names(cache.folder()) == entries
    };
    load_numbered(&runtime, &first, 0);
    for number in 1..count {
        write_numbered(&package, number);
        load_numbered(&runtime, &package, number);
        if number % 10 == 0 {
            assert!(first_is_kept(&runtime), "what is used goes, at {number}");
            assert!(cache.contents().expect("a cache").entries <= max_entries, "at {number}");
        }
    }
    // The last ones are there, and the second has gone long ago.
    for number in [count - 1, count - 2] {
        write_numbered(&package, number);
        let entries = names(cache.folder());
        load_numbered(&runtime, &package, number);
        assert_eq!(names(cache.folder()), entries, "{number} was there");
    }
    write_numbered(&package, 1);
    let entries = names(cache.folder());
    load_numbered(&runtime, &package, 1);
    assert_ne!(names(cache.folder()), entries, "the second was not there");
}

fn names(folder: &Path) -> Vec<std::ffi::OsString> {
    let mut names: Vec<_> = std::fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name())
        .collect();
    names.sort();
    names
}

// spec: RUN-18
#[test]
fn what_is_used_stays_in_a_small_cache_while_many_packages_go_by() {
    let home = tempfile::tempdir().expect("a folder");
    let cache = Cache::at(home.path().join("compiled"));
    write_numbered(&home.path().join("one"), 1);
    load_numbered(&cached(&cache), &home.path().join("one"), 1);
    let one = cache.contents().expect("one").bytes;
    cache.clear().expect("cleared");
    load_many(150, &cache.max_bytes(one * 40 + one / 2), 40);
}

// spec: RUN-18
#[test]
#[ignore = "ten thousand packages take a minute or more"]
fn ten_thousand_packages_leave_a_thousand_entries_at_most() {
    let home = tempfile::tempdir().expect("a folder");
    load_many(10_000, &Cache::at(home.path().join("compiled")), 1000);
}
