//! The number on a ticket, from the event and the seat.

use traverse_sdk::prelude::*;

#[capability]
fn ticket(event: u16, seat: u32) -> Output {
    Output { number: i64::from(event) * 100_000 + i64::from(seat) }
}
