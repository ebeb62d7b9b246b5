//! What an order weighs; no line may ask for more than there is.

use traverse_sdk::prelude::*;

#[capability]
fn weigh(lines: Vec<Line>) -> Result<Output, Exception> {
    let mut grams = 0;
    for line in &lines {
        if grams == 0 && line.quantity > line.in_stock {
            return Err(Exception::OutOfStock);
        }
        grams += i64::from(line.quantity) * i64::from(line.grams);
    }
    Ok(Output { grams })
}
