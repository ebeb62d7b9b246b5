//! Many packages, each with a module of its own, loaded one after the other through one cache.

use crate::support::{INPUT, saying, sealed, with_section, write_package};
use std::path::Path;
use std::time::Instant;
use traverse_runtime::{Cache, Runtime};

/// Writes the package with this number to `folder`: the same command as in all of them, and a section that only it has.
pub(crate) fn write_numbered(folder: &Path, number: usize) {
    let said = format!(r#"{{"percent":5,"note":"package {number}"}}"#);
    write_package(folder, &sealed(with_section(saying(0, &said, ""), "number", &number.to_le_bytes())));
}

/// Loads the package and calls it once. Seconds of the loading alone.
pub(crate) fn load_numbered(runtime: &Runtime, folder: &Path, number: usize) -> f64 {
    let began = Instant::now();
    let capability = runtime.load_package(folder).expect("it loads");
    let seconds = began.elapsed().as_secs_f64();
    let call = capability.call(INPUT).expect("an outcome");
    assert_eq!(call.stdout, format!(r#"{{"percent":5,"note":"package {number}"}}"#).as_bytes());
    seconds
}

/// A runtime with this cache.
pub(crate) fn cached(cache: &Cache) -> Runtime {
    let builder = Runtime::builder().max_concurrent_calls(2);
    builder.cache(cache.clone()).build().expect("the engine starts")
}
