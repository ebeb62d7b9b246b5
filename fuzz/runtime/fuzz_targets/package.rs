//! Any text as manifest and as spec of a package, with a line `----` between them; the artifact is a good one, whose digest the manifest
//! has where it says `DIGEST`. Loading ends in a capability or a declared error, and writes nothing.
#![no_main]
#![allow(dead_code)] // Each target uses a part of what they share.

#[path = "../../../runtime/tests/support/anything.rs"]
mod anything;
#[path = "../../../runtime/tests/support/mod.rs"]
mod support;

use libfuzzer_sys::fuzz_target;
use std::cell::LazyCell;
use support::{RESULT, saying, sealed};
use traverse_runtime::Runtime;

struct Place {
    runtime: Runtime,
    folder: tempfile::TempDir,
    artifact: Vec<u8>,
    digest: String,
}

thread_local! {
    static PLACE: LazyCell<Place> = LazyCell::new(|| {
        let artifact = sealed(saying(0, RESULT, ""));
        let digest = traverse_contract::canonical::sha256(&artifact);
        Place { runtime: anything::impatient(), folder: tempfile::tempdir().expect("a folder"), artifact, digest }
    });
}

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let (manifest, spec) = text.split_once("\n----\n").unwrap_or((&text, support::SPEC));
    PLACE.with(|place| {
        let manifest = manifest.replace("DIGEST", &place.digest);
        anything::package(
            &place.runtime,
            place.folder.path(),
            manifest.as_bytes(),
            spec.as_bytes(),
            &place.artifact,
        );
        let left = std::fs::read_dir(place.folder.path()).expect("a folder").count();
        assert_eq!(left, 3, "something else was written");
    });
});
