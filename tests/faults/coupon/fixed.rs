//! What a coupon code takes off a price, in percent.

use traverse_sdk::prelude::*;

#[capability]
fn coupon(code: &str) -> Output {
    let percent = match code.to_ascii_uppercase().as_str() {
        "WELCOME10" => 10,
        "FRIENDS25" => 25,
        _ => 0,
    };
    Output { percent }
}
