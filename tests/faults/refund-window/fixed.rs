//! Whether a purchase can still be returned.

use traverse_sdk::prelude::*;

#[capability]
fn refund(days: u16, opened: bool, defect: bool) -> Result<Output, Exception> {
    if !defect {
        let window = if opened { 14 } else { 30 };
        if days > window {
            return Err(Exception::WindowClosed);
        }
    }
    Ok(Output { fee: if opened && !defect { 500 } else { 0 } })
}
