//! A score from 0 to 100.

use traverse_sdk::prelude::*;

#[capability]
fn score(years: u8, late_payments: u16) -> Output {
    let score = 50 + 5 * i32::from(years) - 2 * i32::from(late_payments);
    Output { score: score.max(0).min(120) as u8 }
}
