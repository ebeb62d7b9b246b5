//! How many monthly rates pay a debt off.

use traverse_sdk::prelude::*;

#[capability]
fn instalments(debt: u16, rate: u16) -> Output {
    let mut left = f64::from(debt) / 100.0;
    let mut months = 0;
    while left > 0.0 {
        left -= f64::from(rate) / 100.0;
        months += 1;
    }
    Output { months }
}
