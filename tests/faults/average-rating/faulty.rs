//! The average of a product's ratings, in tenths.

use traverse_sdk::prelude::*;

#[capability]
fn average(ratings: &[u8]) -> Output {
    let sum: i64 = ratings.iter().map(|rating| i64::from(*rating)).sum();
    let count = ratings.len() as i64;
    Output { tenths: sum * 10 / count }
}
