use traverse_sdk::prelude::*;

#[capability(spec = "tests/specs/shipping.spec.toml")]
fn free_shipping(total: f64) -> impl Clone {
    Output { free: total >= 50.0 }
}
