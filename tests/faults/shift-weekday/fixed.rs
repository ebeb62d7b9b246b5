//! The weekday some days from another, 0 for Monday.

use traverse_sdk::prelude::*;

#[capability]
fn weekday(weekday: u8, days: i32) -> Output {
    Output { weekday: (i64::from(weekday) + i64::from(days)).rem_euclid(7) }
}
