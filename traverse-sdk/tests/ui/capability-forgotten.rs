// The types that the functions name are made all the same, so that this is the only error.
use traverse_sdk::prelude::*;

fn eligibility_check(cart: Cart) -> Result<Output, Exception> {
    if cart.total > 10_000.0 {
        return Err(Exception::CartExpired);
    }
    Ok(Output { eligible: true, reason: String::new() })
}

#[invariant("enterprise customers never receive standard pricing", spec = "tests/specs/pricing.spec.toml")]
fn enterprise_pricing(customer: &Customer, output: &Output) -> bool {
    !(customer.tier == "enterprise" && output.reason.contains("standard pricing"))
}

#[invariant("enterprise customers never receive standard pricing", spec = "tests/specs/pricing.spec.toml")]
fn another(customer: &Customer) -> bool {
    customer.tier.is_empty()
}
