//! Whatever bytes come: the host does one of the things that its specification names, and says so in bounded text. Used by the
//! drawn tests and by the fuzz targets of `fuzz/runtime`.

use crate::support::{INPUT, SPEC};
use std::path::Path;
use traverse_contract::diagnostic::is_hidden;
use traverse_runtime::{Call, Error, Runtime};

/// What a loading or a call ended in: the code of a declared error, or the kind of the outcome.
///
/// # Panics
/// If it is none that specs/runtime.md names, or is told in a way that it must not be.
pub(crate) fn declared(ended: Result<Call, Error>) -> &'static str {
    match ended {
        Ok(call) => {
            let said = call.outcome.to_json();
            let kind = call.trace.outcome;
            assert!(["result", "exception", "rejected", "violation", "undeclared"].contains(&kind), "{kind}");
            // A result is any JSON; what else a call ends in says what it is.
            assert!(kind == "result" || said["outcome"] == kind, "{kind}: {said}");
            kind
        }
        Err(error) => {
            let code = error.code();
            assert!(SPECIFICATION.contains(&format!("`{code}`")), "{code} is not in specs/runtime.md");
            let message = error.message();
            assert!(!message.is_empty() && message.len() <= MOST_SAID, "{code}: {} bytes", message.len());
            assert!(!message.contains(is_hidden), "{code}: {message:?}");
            assert!(!error.help().is_empty(), "{code}");
            if let Error::ManifestInvalid(invalid) | Error::SpecInvalid(invalid) = &error {
                assert!(!invalid.diagnostics.is_empty(), "refused without a reason");
                let shown = invalid.diagnostics.iter().map(|one| one.render(&invalid.source).len());
                assert!(shown.sum::<usize>() <= MOST_SAID, "{code} is told at too great length");
            }
            code
        }
    }
}

const SPECIFICATION: &str = include_str!("../../../specs/runtime.md");
/// Most bytes that an error may take.
const MOST_SAID: usize = 1 << 20;

/// A runtime in which no guest runs for long.
pub(crate) fn impatient() -> Runtime {
    let builder = Runtime::builder().max_fuel(50_000).max_concurrent_calls(4);
    builder.build().expect("the engine starts")
}

/// Any bytes as a module, under its own contract and under one that is given.
pub(crate) fn module(runtime: &Runtime, bytes: &[u8]) -> &'static str {
    let source = traverse_contract::Source { name: "given.spec.toml".into(), text: SPEC.into() };
    let given = runtime.load_bytes_under(bytes, &source).and_then(|capability| capability.call(INPUT));
    let own = runtime.load_bytes(bytes).and_then(|capability| capability.call(INPUT));
    declared(given);
    declared(own)
}

/// Any bytes as manifest, spec and artifact of a package in `folder`, which is left with them.
pub(crate) fn package(
    runtime: &Runtime,
    folder: &Path,
    manifest: &[u8],
    spec: &[u8],
    artifact: &[u8],
) -> &'static str {
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.join(name), bytes).expect("a file");
    std::fs::create_dir_all(folder.join("artifacts")).expect("a folder");
    write("traverse.package.toml", manifest);
    write("traverse.spec.toml", spec);
    write("artifacts/discount.wasm", artifact);
    declared(runtime.load_package(folder).and_then(|capability| capability.call(INPUT)))
}
