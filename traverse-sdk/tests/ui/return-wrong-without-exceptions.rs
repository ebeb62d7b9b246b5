use traverse_sdk::prelude::*;

#[capability(spec = "tests/specs/shipping.spec.toml")]
fn free_shipping(total: f64) -> bool {
    total >= 50.0
}
