use traverse_sdk::prelude::*;

struct Shop;

impl Shop {
    #[capability(spec = "tests/specs/shipping.spec.toml")]
    fn free_shipping(&self, total: f64) -> bool {
        total >= 50.0
    }
}
