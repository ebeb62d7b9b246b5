use traverse_sdk::prelude::*;

#[capability(spec = "tests/specs/shipping.spec.toml")]
fn free_shipping(total: f64) -> Output {
    Output { free: total >= 50.0 }
}

#[invariant]
fn free_above_fifty(total: &f64) -> bool {
    *total > 0.0
}
