use traverse_sdk::prelude::*;

#[capability(spec = "tests/specs/shipping.spec.toml")]
async unsafe fn free_shipping(totl: f64, &mut total: &mut f64) {
    let _ = (totl, total);
}
