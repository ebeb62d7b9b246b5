// What types find in clauses is told in one pass, each with its place.
use traverse_sdk::prelude::*;

#[capability(spec = "tests/specs/every-fault.spec.toml")]
fn free_shipping(total: f64) -> Output {
    Output { free: total >= 50.0 }
}

