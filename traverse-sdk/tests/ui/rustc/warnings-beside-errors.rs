// What the spec is warned of stands beside its errors.
use traverse_sdk::prelude::*;

#[capability(spec = "tests/specs/warned-and-broken.spec.toml")]
fn free_shipping(total: f64) -> Result<Output, Exception> {
    Ok(Output { free: total >= 50.0 })
}
