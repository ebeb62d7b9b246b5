//! The rule of the pricing template as a native function, JSON in and out, with the same checks by hand.

use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
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
    reason: String,
}

/// stdout, and the exit code.
pub(crate) fn call(input: &[u8]) -> (Vec<u8>, i32) {
    let Ok(Input { customer, cart }) = serde_json::from_slice(input) else { return (Vec::new(), 20) };
    if !["standard", "enterprise"].contains(&customer.tier.as_str())
        || cart.total.is_nan()
        || cart.total <= 0.0
    {
        return (Vec::new(), 21);
    }
    if cart.total > 10_000.0 {
        return (Vec::new(), 10);
    }
    let output = if customer.tier == "enterprise" {
        Output { eligible: true, reason: "within the enterprise agreement".into() }
    } else if cart.total < 50.0 {
        Output { eligible: false, reason: "below the smallest total of standard pricing".into() }
    } else {
        Output { eligible: true, reason: "standard pricing applies".into() }
    };
    if customer.tier == "enterprise" && output.reason.contains("standard pricing") {
        return (Vec::new(), 23);
    }
    (serde_json::to_vec(&output).unwrap_or_default(), 0)
}
