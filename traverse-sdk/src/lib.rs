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

/// For the author's own `#[test]` functions: calls with every check of the contract, in this process, without a module.
///
/// ```ignore
/// #[test]
/// fn a_very_large_cart_has_expired() {
///     use traverse_sdk::test::call;
///
///     call!(r#"{"customer": {"tier": "enterprise"}, "cart": {"total": 120}}"#).assert_holds();
///     call!(r#"{"customer": {"tier": "standard"}, "cart": {"total": 10001}}"#).assert_exception("CartExpired");
///     call!(r#"{"customer": {"tier": "gold"}, "cart": {"total": 5}}"#).assert_violation("precondition", 0);
/// }
/// ```
///
/// `cargo test` runs them; `cargo traverse test` tests the module that is shipped, and looks for what no test was written for.
#[cfg(not(target_arch = "wasm32"))]
pub mod test {
    #[doc(inline)]
    pub use crate::__call as call;
    pub use traverse_guest::testing::Called;

    #[doc(hidden)]
    pub use traverse_guest::testing::call as __call;
}

/// Calls the crate's capability with a text that is one JSON value; what it comes to is a [`test::Called`].
// `crate` is the author's, where the contract's types are.
#[doc(hidden)]
#[allow(clippy::crate_in_macro_def)]
#[cfg(not(target_arch = "wasm32"))]
#[macro_export]
macro_rules! __call {
    ($input:expr) => {
        $crate::test::__call::<crate::__traverse::Contract>($input)
    };
}

#[doc(hidden)]
pub use traverse_guest::__private;
