use traverse_sdk::prelude::*;

#[capability(spec = "tests/specs/shipping.spec.toml")]
fn free_shipping(total: f64) -> Output {
    Output { free: total >= 50.0 }
}

#[invariant("something else entirely", spec = "tests/specs/shipping.spec.toml")]
fn something_else(total: &f64) -> bool {
    *total > 0.0
}
