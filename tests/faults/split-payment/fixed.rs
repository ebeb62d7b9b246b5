//! Whether two payments settle a bill.

use traverse_sdk::prelude::*;

#[capability]
fn settled(bill: f64, cash: f64, card: f64) -> Output {
    let over = cash + card - bill;
    Output { settled: over.abs() < 0.005 }
}
