use traverse_sdk::prelude::*;

#[capability(spec = "tests/specs/shipping.spec.toml")]
fn free_shipping(total: f64) -> Output {
    Output { free: total >= 50.0 }
}

#[invariant("result.free == (total >= 50)", spec = "tests/specs/shipping.spec.toml")]
fn free_above_fifty(total: &f64, output: &Output) -> bool {
    output.free == (*total >= 50.0)
}
