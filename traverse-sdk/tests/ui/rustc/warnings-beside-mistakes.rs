// What the spec is warned of stands beside what is wrong with the function.
use traverse_sdk::prelude::*;

#[capability(spec = "tests/specs/warned.spec.toml")]
fn free_shipping(sum: f64) -> Result<Output, Exception> {
    Ok(Output { free: sum >= 50.0 })
}
