//! What a parcel costs by its weight.

use traverse_sdk::prelude::*;

#[capability]
fn shipping(grams: i64) -> Output {
    let cents = match grams {
        ..=1000 => 490,
        ..5000 => 790,
        _ => 1290,
    };
    Output { cents }
}
