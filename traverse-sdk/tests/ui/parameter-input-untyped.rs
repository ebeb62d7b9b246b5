use traverse_sdk::prelude::*;

#[capability(spec = "tests/specs/shipping.spec.toml")]
fn free_shipping(input: f64) -> Output {
    Output { free: input >= 50.0 }
}
