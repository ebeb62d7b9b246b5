use traverse_sdk::prelude::*;

#[capability(spec = "tests/specs/shipping.spec.toml")]
fn free_shipping<T: Into<f64>>(total: T) -> Output {
    Output { free: total.into() >= 50.0 }
}
