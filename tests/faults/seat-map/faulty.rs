//! How many seats of a hall are free.

use traverse_sdk::prelude::*;

#[capability]
fn free(rows: u32, seats_per_row: u32, taken: &[u64]) -> Output {
    let mut is_free = vec![true; (u64::from(rows) * u64::from(seats_per_row)) as usize];
    for seat in taken {
        is_free[*seat as usize] = false;
    }
    Output { free: is_free.iter().filter(|free| **free).count() as i64 }
}
