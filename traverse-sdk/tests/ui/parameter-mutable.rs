use traverse_sdk::prelude::*;

#[capability(spec = "tests/specs/shipping.spec.toml")]
fn free_shipping(total: &mut f64) -> Output {
    Output { free: *total >= 50.0 }
}
