//! Decides whether an order ships free of charge, under the contract in `traverse.spec.toml`.

use traverse_sdk::prelude::*;

#[capability]
fn free_shipping(total: f64) -> Output {
    Output {
        free: total >= 50.0,
    }
}
