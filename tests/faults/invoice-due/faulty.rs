//! The day on which an invoice is due.

use traverse_sdk::prelude::*;

#[capability]
fn due(issued: u32, terms: u8, paid: bool) -> Output {
    if paid || terms == 0 {
        return Output { due: None };
    }
    Output { due: Some(i64::from(issued) + i64::from(terms)) }
}
