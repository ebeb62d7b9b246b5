use traverse_sdk::prelude::*;

#[capability(spec = "tests/specs/shipping.spec.toml")]
fn free_shipping(totals: f64) -> Output {
    Output { free: totals >= 50.0 }
}
