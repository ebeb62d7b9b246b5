// A warning of the spec is of the lint `deprecated` and can be denied like any other.
#![deny(warnings)]

use traverse_sdk::prelude::*;

#[capability(spec = "tests/specs/warned.spec.toml")]
fn free_shipping(total: f64) -> Result<Output, Exception> {
    Ok(Output { free: total >= 50.0 })
}
