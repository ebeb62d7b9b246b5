// One error: the function for the contract's words is there.
use traverse_sdk::prelude::*;

#[capability(spec = "tests/specs/pricing.spec.toml")]
fn eligibility_check() -> Result<Output, Exception> {
    Ok(Output { eligible: true, reason: String::new() })
}

#[invariant("enterprise customers never recieve standard prices", spec = "tests/specs/pricing.spec.toml")]
fn enterprise_pricing(customer: &Customer, output: &Output) -> bool {
    !(customer.tier == "enterprise" && output.reason.contains("standard pricing"))
}
