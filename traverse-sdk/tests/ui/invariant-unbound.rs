use traverse_sdk::prelude::*;

#[capability(spec = "tests/specs/pricing.spec.toml")]
fn eligibility_check() -> Result<Output, Exception> {
    Ok(Output { eligible: true, reason: String::new() })
}
