use traverse_sdk::prelude::*;

#[capability(spec = "tests/specs/shipping.spec.toml")]
fn free_shipping(total: f64) -> Output {
    Output { free: total >= 50.0 }
}

#[invariant("x", spec = "tests/specs/shipping.spec.toml")]
struct Invariant;
