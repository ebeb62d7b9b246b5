//! What a Traverse capability is written with.
//!
//! A capability is an ordinary function under a contract, `traverse.spec.toml`, that lies beside `Cargo.toml`.
//! [`capability`] reads the contract, makes the Rust types of input, output and exceptions from it, and writes the
//! `main` that reads one JSON value from stdin, checks it, calls the function, checks the result, and writes one
//! JSON value to stdout:
//!
//! ```ignore
//! use traverse_sdk::prelude::*;
//!
//! #[capability]
//! fn eligibility_check(customer: Customer, cart: Cart) -> Result<Output, Exception> {
//!     if cart.total > 10_000.0 {
//!         return Err(Exception::CartExpired);
//!     }
//!     Ok(Output { eligible: customer.tier == "enterprise", reason: "within limits".into() })
//! }
//!
//! #[invariant("enterprise customers never receive standard pricing")]
//! fn enterprise_pricing(customer: &Customer, output: &Output) -> bool {
//!     !(customer.tier == "enterprise" && output.reason.starts_with("standard pricing"))
//! }
//! ```
//!
//! # Features
//!
//! - `allocator` (on by default): on WebAssembly, a small allocator in place of the platform's, which saves about
//!   10 KB of every module. Turn it off if the crate brings a global allocator of its own.

#![no_std]

pub use traverse_macros::{capability, invariant};

/// Everything a capability's source needs: `use traverse_sdk::prelude::*;`.
pub mod prelude {
    pub use traverse_guest::__private::BTreeMap;
    pub use traverse_macros::{capability, invariant};
}

#[doc(hidden)]
pub use traverse_guest::__private;
