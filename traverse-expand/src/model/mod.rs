//! The Rust that a contract asks for: its types, with their names settled.

mod holds;
mod types;

pub use types::{Field, Item, ItemKind, Shape, Types, int_type};
