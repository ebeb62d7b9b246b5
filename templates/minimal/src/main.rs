//! Decides whether an order ships free of charge, under the contract in `traverse.spec.toml`.

use traverse_sdk::prelude::*;

#[capability]
fn free_shipping(cents: i64) -> Output {
    Output {
        free: cents >= 5000,
    }
}
