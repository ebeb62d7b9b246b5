//! From an author's package to the file that is shipped: [`build`] is the whole; [`compile`] runs cargo, [`close`] takes
//! away every import but three, [`package`] appends what the module says about itself, [`publish`] puts it in its place;
//! [`source`] looks for the function.
//!
//! Nothing here prints; [`crate::toolchain::Progress`] carries what a person should see on the way.

pub(crate) mod belong;
pub(crate) mod build;
pub(crate) mod close;
pub(crate) mod compile;
pub(crate) mod config;
pub(crate) mod difference;
pub(crate) mod host;
pub(crate) mod lines;
pub(crate) mod link;
pub(crate) mod make;
pub(crate) mod package;
pub(crate) mod publish;
pub(crate) mod recorded;
pub(crate) mod settings;
pub(crate) mod source;
pub(crate) mod source_digest;
pub(crate) mod symbols;
pub(crate) mod twin;
pub(crate) mod units;
pub(crate) mod verify;
pub(crate) mod wrapper;

/// The target that guests are compiled for.
pub(crate) const TARGET: &str = "wasm32-wasip1";
