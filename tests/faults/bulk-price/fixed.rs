//! The price of many pieces of an article.

use traverse_sdk::prelude::*;

#[capability]
fn bulk(quantity: u32, unit_cents: u32) -> Output {
    let list = i64::from(quantity) * i64::from(unit_cents);
    let percent = match quantity {
        1000.. => 10,
        100.. => 5,
        _ => 0,
    };
    Output { cents: list - list * percent / 100 }
}
