//! What to do about each error, in a sentence.

use super::Error;

impl Error {
    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            Error::EngineFailed { .. } => "run on a 64-bit machine where a process may map executable memory",
            Error::PackageMissing { .. } => "check the path, or make a package with `cargo traverse new`",
            Error::ManifestMissing { .. } => {
                "name the folder that holds `traverse.package.toml`, or make a package with `cargo traverse new`"
            }
            Error::ManifestUnreadable { .. } => "make the manifest a readable text file in UTF-8",
            Error::ManifestInvalid(_) => {
                "correct the manifest; `cargo traverse check` shows every error in it"
            }
            Error::PathOutsidePackage { .. } => {
                "move the file into the package; links may not lead out of it"
            }
            Error::ArtifactMissing { .. } => {
                "build the package with `cargo traverse build`, or check the path"
            }
            Error::ArtifactUnreadable { .. } => "make the artifact a readable, regular file",
            Error::DigestMissing { .. } => {
                "build the package with `cargo traverse build`, which writes its digests"
            }
            Error::DigestMismatch { .. } | Error::SizeMismatch { .. } => {
                "if you changed the source, build again; if not, get the artifact anew from who published it"
            }
            Error::ArtifactNotWasm { .. } => {
                "build again with `cargo traverse build`; the file may be cut short"
            }
            Error::ContractMissing { .. } => {
                "build the module with `cargo traverse build`, which embeds the contract"
            }
            Error::ContractInvalid { .. } => {
                "build again with the `cargo traverse` of the version that you run it with"
            }
            Error::ContractMismatch { .. } => {
                "if the spec was changed on purpose, build again; if not, restore the approved spec"
            }
            Error::SpecMissing { .. } | Error::SpecUnreadable { .. } => {
                "restore the spec, or correct `contract_path` in the manifest"
            }
            Error::SpecInvalid(_) => "correct the spec; `cargo traverse check` shows every error in it",
            Error::ImportForbidden { .. } => {
                "remove what needs it: a capability has no clock, random source, environment, file or network; \
                 everything it needs comes in its input"
            }
            Error::CompileFailed { .. } => "build again with `cargo traverse build`; the file may be damaged",
            Error::LinkFailed { .. } => {
                "build a command for `wasm32-wasip1` with `cargo traverse build`: it exports `_start` and `memory`"
            }
            Error::TimeExceeded { .. } => {
                "look for an endless loop, or give the runtime a longer `max_duration`"
            }
            Error::Interrupted { .. } => "whoever interrupted the call wanted no result of it",
            Error::Busy { .. } => {
                "call again later, or build the runtime with more of `max_concurrent_calls`"
            }
            Error::FuelExhausted { .. } => {
                "look for an endless loop, or raise `fuel` in `[limits]` of the spec"
            }
            Error::MemoryExceeded { .. } => {
                "use less memory, or raise `memory_bytes` in `[limits]` of the spec"
            }
            Error::OutputTooLarge { .. } => "return less, or raise `output_bytes` in `[limits]` of the spec",
            // A Rust panic ends in `unreachable`; the stack lies below the data, so that one that overflows leaves
            // the memory.
            Error::Trap { cause, .. }
                if cause.contains("out of bounds memory access") || cause.contains("stack") =>
            {
                "look for a recursion without end, or raise `stack_bytes` in `[limits]` of the spec"
            }
            Error::Trap { .. } => {
                "correct the panic in the capability; an expected failure is a declared exception"
            }
            Error::OutputNotJson { .. } => {
                "leave stdout to the SDK: remove `print!`, `println!` and `exit` from the capability"
            }
            Error::OutcomeMismatch { .. } => {
                "leave exit code and stdout to the SDK; if the capability does, build it again"
            }
        }
    }
}
