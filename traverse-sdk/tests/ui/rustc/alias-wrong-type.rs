// What an alias stands for only the compiler knows.
use traverse_sdk::prelude::*;

type Basket = Customer;
type Answer = Result<Output, String>;

#[capability(spec = "tests/specs/pricing.spec.toml")]
fn eligibility_check(cart: &Basket) -> Answer {
    Ok(Output { eligible: cart.tier.is_empty(), reason: String::new() })
}

#[invariant("enterprise customers never receive standard pricing", spec = "tests/specs/pricing.spec.toml")]
fn enterprise_pricing(customer: &Customer, output: &Output) -> bool {
    !(customer.tier == "enterprise" && output.reason.contains("standard pricing"))
}
