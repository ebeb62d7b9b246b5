//! What runs in every capability: stdin and stdout, strict JSON, the order of a call, the replies, the allocator.
//!
//! Authors use `traverse-sdk`, which is this and the macros. It stands apart from them so that a build compiles the two
//! side by side: nothing here needs the macros, and nothing in the macros needs this.
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
mod buffer;
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
#[cfg(not(target_arch = "wasm32"))]
mod served;
mod stdio;
#[cfg(target_arch = "wasm32")]
mod stead;
#[cfg(not(target_arch = "wasm32"))]
#[doc(hidden)]
pub mod testing;
mod text;

/// What generated code calls, by way of `traverse_sdk::__private`. It may change in any release.
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
    pub use crate::buffer::Owned;
    pub use crate::decode::{
        Decode, borrow_text, bounded_text, characters, check_array, check_length, decode_array, decode_item,
        decode_map, decode_nullable, decode_text, fill, members, missing, reject, require, unknown,
        unwrap_array, unwrap_null, unwrap_text, within,
    };
    pub use crate::driver::{Capability, Ended, Reply, main, run};
    pub use crate::encode::{Encode, Writer, all_differ, write_result};
    pub use crate::exception::{Raised, check_raised, raise, raise_telling};
    pub use crate::held::{
        Keyed, Lend, LendRef, Nothing, equal_lists, equal_maps, join, keys, lookup, own_list, own_map,
        written,
    };
    pub use crate::json::{Decoded, Document, Rejection, Value};
    pub use crate::message::Message;
    pub use crate::pattern::{Pattern, matches};
    pub use crate::text::Text;
    pub use alloc::boxed::Box;
    pub use alloc::collections::BTreeMap;
    pub use alloc::string::String;
    pub use alloc::vec::Vec;
}
