//! A capability without exceptions, called as `main` calls it; the whole input as one parameter.

use traverse_sdk::__private::{Reply, run};
use traverse_sdk::prelude::*;

#[capability(spec = "tests/specs/shipping.spec.toml")]
fn free_shipping(all: &Input) -> Output {
    // Wrong at 77, and not a number at all at 78.
    Output { free: all.total >= 50.0 && all.total != 77.0 }
}

fn call(stdin: &str) -> (i32, String) {
    let Reply { exit_code, stdout } = run::<__traverse::Contract>(stdin.as_bytes());
    (exit_code, String::from_utf8(stdout).unwrap())
}

/// spec: IO-7
#[test]
fn clauses_are_checked_around_the_function() {
    assert_eq!(call(r#"{"total":50}"#), (0, r#"{"free":true}"#.into()));
    assert_eq!(call(r#"{"total":4.5e1,"more":{}}"#), (0, r#"{"free":false}"#.into()));
    assert_eq!(call(r#"{"total":-1}"#).0, 21);
    let (code, stdout) = call(r#"{"total":77}"#);
    assert_eq!(code, 23);
    assert!(
        stdout.contains(r#""kind":"invariant","index":0,"rule":"result.free == (total >= 50)"}"#)
            && stdout.contains(r#""observed":{"result.free":false,"total":77.0}"#),
        "{stdout}"
    );
}

#[test]
fn the_function_can_be_called_as_it_is() {
    assert!(free_shipping(&Input { total: 50.0 }).free);
}
