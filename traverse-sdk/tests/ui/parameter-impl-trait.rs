use traverse_sdk::prelude::*;

#[capability(spec = "tests/specs/shipping.spec.toml")]
fn free_shipping(total: impl Into<f64>) -> Output {
    Output { free: total.into() >= 50.0 }
}
