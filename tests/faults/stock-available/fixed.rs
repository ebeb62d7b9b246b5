//! How much of an article can still be sold.

use traverse_sdk::prelude::*;

#[capability]
fn available(on_hand: u32, reserved: u32) -> Output {
    let left = i64::from(on_hand) - i64::from(reserved);
    Output { available: left.max(0) as u64 }
}
