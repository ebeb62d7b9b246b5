//! stdin, stdout, stderr and the exit, and nothing else of the outside world.
//!
//! On WebAssembly straight from the host's three functions; elsewhere through the standard library, so that a plain
//! `cargo run < input.json` behaves as the module does.

#[cfg(not(target_arch = "wasm32"))]
mod native;
#[cfg(target_arch = "wasm32")]
mod wasi;

#[cfg(not(target_arch = "wasm32"))]
pub(crate) use native::{end_well, exit, read, write, write_error};
#[cfg(target_arch = "wasm32")]
pub(crate) use wasi::{end_well, exit, read, write, write_error};
