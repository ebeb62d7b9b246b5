//! The pricing template with every check by hand, in the function.

use traverse_sdk::prelude::*;

#[capability]
fn eligibility_check(customer: Customer, cart: Cart) -> Result<Output, Exception> {
    if customer.tier != "standard" && customer.tier != "enterprise" {
        return Err(Exception::Refused);
    }
    if !(cart.total > 0.0) {
        return Err(Exception::Refused);
    }
    let output = decide(&customer, &cart)?;
    if customer.tier == "enterprise" && output.reason.starts_with("standard pricing") {
        return Err(Exception::Refused);
    }
    Ok(output)
}

fn decide(customer: &Customer, cart: &Cart) -> Result<Output, Exception> {
    if cart.total > 10_000.0 {
        return Err(Exception::CartExpired);
    }
    if customer.tier == "enterprise" {
        return Ok(Output { eligible: true, reason: "within the enterprise agreement".into() });
    }
    if cart.total < 50.0 {
        return Ok(Output { eligible: false, reason: "below the smallest total of standard pricing".into() });
    }
    Ok(Output { eligible: true, reason: "standard pricing applies".into() })
}
