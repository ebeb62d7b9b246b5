use traverse_sdk::prelude::*;

#[capability(specs = "tests/specs/shipping.spec.toml")]
fn free_shipping(total: f64) -> bool {
    total >= 50.0
}
