// The body is right, so nothing is said of it.
use traverse_sdk::prelude::*;

#[capability(spec = "tests/specs/pricing.spec.toml")]
fn eligibility_check(cart: Cart) {
    if cart.total > 10_000.0 {
        return Err(Exception::CartExpired);
    }
    Ok(Output { eligible: true, reason: String::new() })
}

#[invariant("enterprise customers never receive standard pricing", spec = "tests/specs/pricing.spec.toml")]
fn enterprise_pricing(customer: &Customer, output: &Output) {
    !(customer.tier == "enterprise" && output.reason.contains("standard pricing"))
}
