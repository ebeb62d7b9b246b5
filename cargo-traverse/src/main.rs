//! The `cargo traverse` command.
fn main() {}
