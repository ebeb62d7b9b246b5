//! The last digit of an article number (GTIN-8).

use traverse_sdk::prelude::*;

#[capability]
fn check_digit(digits: &str) -> Output {
    let weights = [3, 1, 3, 1, 3, 1, 3];
    let sum: u32 = digits.bytes().zip(weights).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    let check_digit = (10 - sum % 10) as u8;
    Output { check_digit, number: format!("{digits}{check_digit}") }
}
