// The schemas are written out, so the function still has its types, and no second wave of errors follows.
use traverse_sdk::prelude::*;

#[capability(spec = "tests/specs/broken-clauses.spec.toml")]
fn free_shipping(total: f64) -> Output {
    helper(total)
}

fn helper(total: f64) -> Output {
    Output { free: total >= 50.0 }
}
