//! What is wrong with a password.

use traverse_sdk::prelude::*;

#[capability]
fn policy(password: &str) -> Output {
    Output {
        too_short: password.chars().count() < 12,
        no_capital: !password.chars().any(|one| one.is_uppercase()),
        no_digit: !password.chars().any(|one| one.is_ascii_digit()),
    }
}
