//! The number on a ticket, from the event and the seat.

use traverse_sdk::prelude::*;

use std::sync::atomic::{AtomicI64, Ordering};

static SOLD: AtomicI64 = AtomicI64::new(0);

#[capability]
fn ticket(event: u16, seat: u32) -> Output {
    Output { number: next(event) + i64::from(seat) }
}

/// Tickets of one event are counted on.
fn next(event: u16) -> i64 {
    i64::from(event) * 100_000 + SOLD.fetch_add(1, Ordering::Relaxed)
}
