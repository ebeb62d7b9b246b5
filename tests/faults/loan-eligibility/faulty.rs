//! Whether an applicant may have a loan.

use traverse_sdk::prelude::*;

#[capability]
fn loan(age: u8, income: u32, amount: u32) -> Output {
    let affordable = i64::from(amount) <= i64::from(income) * 3;
    Output { eligible: age > 18 && affordable }
}
