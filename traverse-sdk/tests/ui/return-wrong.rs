use traverse_sdk::prelude::*;

#[capability(spec = "tests/specs/pricing.spec.toml")]
fn eligibility_check(cart: Cart) -> Output {
    Output { eligible: cart.total > 1.0, reason: String::new() }
}

#[invariant("enterprise customers never receive standard pricing", spec = "tests/specs/pricing.spec.toml")]
fn enterprise_pricing(customer: &Customer, output: &Output) -> bool {
    !(customer.tier == "enterprise" && output.reason.contains("standard pricing"))
}
