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
//!     !(customer.tier == "enterprise" && output.reason.contains("standard pricing"))
//! }
//! ```
//!
//! # Features
//!
//! - `allocator` (on by default): on WebAssembly, a small allocator in place of the platform's, which saves about
//!   10 KB of every module. Turn it off if the crate brings a global allocator of its own.

#![no_std]

extern crate alloc;
extern crate std;

#[cfg(all(target_arch = "wasm32", feature = "allocator"))]
mod allocator;
mod clause;
mod convert;
mod decode;
mod driver;
mod encode;
mod exception;
mod held;
mod json;
mod message;
mod panic;
mod pattern;
mod stdio;

pub use traverse_macros::{capability, invariant};

/// Everything a capability's source needs: `use traverse_sdk::prelude::*;`.
pub mod prelude {
    pub use alloc::collections::BTreeMap;
    pub use traverse_macros::{capability, invariant};
}

/// What generated code calls. Not for people: it may change in any release.
#[doc(hidden)]
pub mod __private {
    pub use crate::clause::{
        Clause, Condition, EvalError, Kind, Observed, all, and, check_clause, check_clause_telling,
        check_condition, check_output, compare, concat, exists, implies, int, or,
    };
    /// Conversions of rules.
    pub mod convert {
        pub use crate::convert::{bool_in, double_in, double_text, int_in, int_text, truncated};
    }
    pub use crate::decode::{
        Decode, decode_array, decode_item, decode_map, decode_nullable, missing, reject, require,
        unknown_property, unwrap_array, unwrap_null, unwrap_object, unwrap_text, within,
    };
    pub use crate::driver::{Capability, Reply, main, run};
    pub use crate::encode::{Encode, Writer, all_differ, write_result};
    pub use crate::exception::{Raised, check_raised, raise, raise_telling};
    pub use crate::held::{
        Keyed, Lend, LendRef, Nothing, equal_lists, equal_maps, join, keys, lookup, own_list, own_map,
        written,
    };
    pub use crate::json::{Rejection, Value, parse};
    pub use crate::message::Message;
    pub use crate::pattern::{Pattern, matches};
    pub use alloc::boxed::Box;
    pub use alloc::collections::BTreeMap;
    pub use alloc::string::String;
    pub use alloc::vec::Vec;
}
