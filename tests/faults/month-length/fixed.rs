//! The number of days in a month of the Gregorian calendar.

use traverse_sdk::prelude::*;

#[capability]
fn days(year: u16, month: u8) -> Output {
    let leap = year % 4 == 0 && year % 100 != 0 || year % 400 == 0;
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    Output { days }
}
