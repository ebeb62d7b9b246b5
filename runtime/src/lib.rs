//! Loads, verifies and calls Traverse capabilities.
//!
//! A capability is a WebAssembly module that carries its contract. Nothing of it runs before its digest, its contract,
//! its imports, the input and the preconditions have been checked, in that order; nothing that it says is believed
//! before its output and postconditions have been. Every call starts from a fresh state, with nothing granted: no
//! argument, environment, file, clock, random source or network exists inside.
//!
//! ```no_run
//! use traverse_runtime::{Runtime, outcome::Outcome};
//!
//! let runtime = Runtime::new()?;
//! let capability = runtime.load_package("eligibility".as_ref())?;
//! let call = capability.call(br#"{"customer":{"tier":"enterprise"},"cart":{"total":120.0}}"#)?;
//! match call.outcome {
//!     Outcome::Result(result) => println!("{result}"),
//!     other => eprintln!("{}", other.to_json()),
//! }
//! eprintln!("{} units of fuel", call.trace.fuel_used);
//! # Ok::<(), traverse_runtime::Error>(())
//! ```
//!
//! - [`Runtime`]: compiles; its [`Builder`] sets the limits of the host
//! - [`Host`]: whose functions a guest calls; the metered ones unless another host is chosen
//! - [`Capability`]: loaded and verified, to be called any number of times, from any thread
//! - [`Cache`]: compiled code on disk, between processes
//! - [`Interrupt`]: ends calls from another thread
//! - [`Call`], [`Trace`]: what a call ended in, and how to explain it afterwards
//! - [`module::inspect`]: what a module says of itself, without compiling or running it
//! - [`mod@file`]: reading regular files of a bounded size, inside a package
//! - [`Error`]: every way in which the host refuses or stops a capability
//!
//! This crate prints nothing and reads no arguments. The rules that it carries out are `specs/runtime.md`.

mod capability;
mod claim;
mod engine;
mod error;
pub mod file;
mod frames;
mod judge;
mod limits;
pub mod module;
mod package;
mod runtime;
mod trace;
mod workers;

pub use capability::{Call, Capability, GuestCall};
pub use engine::Host;
pub use engine::cache::{Cache, CacheUse};
pub use engine::watch::Interrupt;
pub use error::{Error, ErrorClass, InvalidText};
pub use frames::Frame;
pub use limits::CallLimits;
pub use module::ModuleFacts;
pub use runtime::{Builder, Runtime};
pub use trace::{ClauseVerdict, ExceptionRef, ExceptionVerdict, Finding, Times, Trace};

/// What a call ends in; the type is the contract crate's.
pub use traverse_contract::outcome;
