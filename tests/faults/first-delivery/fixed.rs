//! The first day on which something of an order arrives.

use traverse_sdk::prelude::*;

#[capability]
fn first_delivery(ordered_on: u32, parcels: Vec<Parcel>) -> Output {
    let mut days: Vec<u8> = parcels.iter().map(|parcel| parcel.days).collect();
    days.sort_unstable();
    Output { day: i64::from(ordered_on) + i64::from(days.first().copied().unwrap_or(0)) }
}
