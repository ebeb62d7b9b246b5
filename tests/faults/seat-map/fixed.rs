//! How many seats of a hall are free.

use traverse_sdk::prelude::*;

#[capability]
fn free(rows: u32, seats_per_row: u32, taken: &[u64]) -> Output {
    let seats = u64::from(rows) * u64::from(seats_per_row);
    Output { free: (seats - taken.len() as u64) as i64 }
}
