//! The points that a purchase earns.

use traverse_sdk::prelude::*;

#[capability]
fn points(amount: u32, tier: Tier) -> Output {
    let factor = match tier {
        Tier::Basic => 1,
        Tier::Silver => 3,
        Tier::Gold => 5,
    };
    Output { points: u64::from(amount * factor) }
}
