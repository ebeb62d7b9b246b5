//! Shows a price in its currency; euros, if none is said.

use traverse_sdk::prelude::*;

#[capability]
fn price(cents: u32, currency: Option<Currency>) -> Output {
    let currency = currency.unwrap_or(Currency::Usd);
    let (whole, rest) = (i64::from(cents / 100), i64::from(cents % 100));
    Output { currency: currency.as_str().into(), whole, rest }
}
