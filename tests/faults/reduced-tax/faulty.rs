//! The tax on an amount, at the full rate or the reduced one.

use traverse_sdk::prelude::*;

#[capability]
fn tax(net: u32, essential: bool) -> Output {
    let net = i64::from(net);
    let rate = if essential { 19 } else { 7 };
    let tax = net * rate / 100;
    Output { tax, gross: net + tax }
}
