//! Whether the serial numbers on a delivery note are all different.

use traverse_sdk::prelude::*;

#[capability]
fn unique(serials: Vec<String>) -> Output {
    let count = serials.len();
    let mut serials = serials;
    serials.dedup();
    Output { unique: serials.len() == count }
}
