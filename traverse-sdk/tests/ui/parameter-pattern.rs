use traverse_sdk::prelude::*;

#[capability(spec = "tests/specs/shipping.spec.toml")]
fn free_shipping((total, _): (f64, f64)) -> Output {
    Output { free: total >= 50.0 }
}
