//! Whether two bookings of a room are at the same time.

use traverse_sdk::prelude::*;

#[capability]
fn clash(first: Booking, second: Booking) -> Output {
    Output { clash: first.from <= second.until && second.from < first.until }
}
