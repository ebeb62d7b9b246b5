//! Rounds a price in cents to five cents, as shops do where there is no smaller coin.

use traverse_sdk::prelude::*;

#[capability]
fn rounded(cents: u32) -> Output {
    Output { rounded: i64::from((cents + 2) / 5 * 5) }
}
