use traverse_sdk::prelude::*;

#[capability(spec = "tests/specs/pricing.spec.toml")]
fn eligibility_check() -> Result<Output, Exception> {
    Ok(Output { eligible: true, reason: String::new() })
}

#[invariant("enterprise customers never receive standard pricing", spec = "tests/specs/pricing.spec.toml")]
fn enterprise_pricing(customer: &Cart, output: &str) -> bool {
    customer.total > 0.0 && output.is_empty()
}
