use traverse_sdk::prelude::*;

mod rules {
    use super::*;

    #[capability(spec = "tests/specs/shipping.spec.toml")]
    fn free_shipping(total: f64) -> Output {
        Output { free: total >= 50.0 }
    }
}
