//! A contract that is warned of, in a crate that denies warnings: those of the contract are allowed at the function.

#![deny(warnings, clippy::pedantic)]

use traverse_sdk::__private::{Reply, run};
use traverse_sdk::prelude::*;

#[allow(deprecated, clippy::unnecessary_wraps)]
#[capability(spec = "tests/specs/warned.spec.toml")]
fn free_shipping(total: f64) -> Result<Output, Exception> {
    if total > 1000.0 {
        return Err(Exception::TooMuch);
    }
    Ok(Output { free: total >= 50.0 })
}

/// spec: IO-31
#[test]
fn the_levels_of_the_function_are_those_of_its_contract() {
    let Reply { exit_code, stdout } = run::<__traverse::Contract>(br#"{"total":50,"country":"DE"}"#);
    assert_eq!((exit_code, stdout), (0, br#"{"free":true}"#.to_vec()));
}
