//! Whether a purchase can still be returned.

use traverse_sdk::prelude::*;

#[capability]
fn refund(days: u16, opened: bool, defect: bool) -> Result<Output, Exception> {
    if !defect {
        if days > 30 {
            return Err(Exception::WindowClosed);
        }
    }
    Ok(Output { fee: if opened && !defect { 500 } else { 0 } })
}
