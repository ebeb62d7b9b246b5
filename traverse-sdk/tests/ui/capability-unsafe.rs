use traverse_sdk::prelude::*;

#[capability(spec = "tests/specs/shipping.spec.toml")]
unsafe fn free_shipping(total: f64) -> Output {
    Output { free: total >= 50.0 }
}
