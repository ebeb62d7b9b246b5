//! The rule of the pricing template as a plugin of Extism: serde, and every check by hand.

use extism_pdk::{FnResult, Json, WithReturnCode, plugin_fn};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
struct Input {
    customer: Customer,
    cart: Cart,
}

#[derive(Deserialize)]
struct Customer {
    tier: String,
}

#[derive(Deserialize)]
struct Cart {
    total: f64,
}

#[derive(Serialize)]
struct Output {
    eligible: bool,
    reason: &'static str,
}

fn ends<T>(code: i32, message: &'static str) -> FnResult<T> {
    Err(WithReturnCode::new(extism_pdk::Error::msg(message), code))
}

/// Takes and gives JSON. Errors have the exit codes that a capability has.
#[plugin_fn]
pub fn eligibility_check(Json(input): Json<Input>) -> FnResult<Json<Output>> {
    let Input { customer, cart } = input;
    if !["standard", "enterprise"].contains(&customer.tier.as_str()) {
        return ends(21, "unknown tier");
    }
    if !(cart.total > 0.0) {
        return ends(21, "the cart is empty");
    }
    if cart.total > 10_000.0 {
        return ends(10, "CartExpired");
    }
    let (eligible, reason) = if customer.tier == "enterprise" {
        (true, "within the enterprise agreement")
    } else if cart.total < 50.0 {
        (false, "below the smallest total of standard pricing")
    } else {
        (true, "standard pricing applies")
    };
    if customer.tier == "enterprise" && reason.starts_with("standard pricing") {
        return ends(23, "standard pricing");
    }
    Ok(Json(Output { eligible, reason }))
}
