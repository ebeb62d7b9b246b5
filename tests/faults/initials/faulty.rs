//! The initial of a person's name, for a badge.

use traverse_sdk::prelude::*;

#[capability]
fn initial(name: &str) -> Output {
    Output { initial: name[..1].into() }
}
