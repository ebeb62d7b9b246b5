use traverse_sdk::prelude::*;

#[capability(spec = "tests/specs/pricing.spec.toml")]
fn eligibility_check(cart: Cart) -> Result<Output, Box<dyn std::error::Error>> {
    if cart.total > 1.0 { Err("too much".into()) } else { Ok(Output { eligible: true, reason: String::new() }) }
}

#[invariant("enterprise customers never receive standard pricing", spec = "tests/specs/pricing.spec.toml")]
fn enterprise_pricing(customer: &Customer, output: &Output) -> bool {
    !(customer.tier == "enterprise" && output.reason.contains("standard pricing"))
}
