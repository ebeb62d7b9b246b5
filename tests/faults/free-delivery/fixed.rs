//! Whether an order is delivered free of charge.

use traverse_sdk::prelude::*;

#[capability]
fn free_delivery(country: Country, member: bool, total: f64) -> Output {
    Output { free: (member || total >= 50.0) && country == Country::De }
}
