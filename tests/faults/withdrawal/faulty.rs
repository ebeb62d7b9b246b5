//! Takes money from an account.

use traverse_sdk::prelude::*;

#[capability]
fn withdraw(balance: u32, amount: u32) -> Result<Output, Exception> {
    if amount >= balance {
        return Err(Exception::InsufficientFunds);
    }
    Ok(Output { balance: i64::from(balance - amount) })
}
