//! What the tests share that hold guest and host to each other.
#![allow(dead_code)] // Each test binary uses a part of it.
#![allow(clippy::result_large_err)] // An outcome ends a call: it is made once and moved once or twice.

use proptest::prelude::*;
use serde_json::Value;
use traverse_contract::outcome::{FoundBy, Outcome};
use traverse_contract::{Contract, Source};

/// The contract of a test's spec.
pub(crate) fn contract(name: &str, text: &str) -> Contract {
    let source = Source { name: name.into(), text: text.into() };
    Contract::from_toml(&source).unwrap_or_else(|errors| {
        panic!("{}", errors.iter().map(|error| error.render(&source)).collect::<Vec<_>>().join("\n"))
    })
}

/// What the host says of an input before the function is called, in the order in which a guest does.
pub(crate) fn admitted(contract: &Contract, input: &[u8]) -> Result<Value, Outcome> {
    let value = contract.read_input(input).map_err(Outcome::Rejected)?;
    contract.check_input(&value).map_err(Outcome::Rejected)?;
    contract.check_preconditions(&value, FoundBy::Guest).map_err(Outcome::Violation)?;
    Ok(value.into_value())
}

/// What the host says of a result.
pub(crate) fn kept(contract: &Contract, input: &Value, output: Value) -> Result<Value, Outcome> {
    contract.check_output(&output, FoundBy::Guest).map_err(Outcome::Violation)?;
    contract.check_result(input, &output, FoundBy::Guest).map_err(Outcome::Violation)?;
    Ok(output)
}

/// What the host says of an input and of what `function` makes of it, as (exit code, JSON).
pub(crate) fn host(
    contract: &Contract,
    input: &[u8],
    function: impl FnOnce(&Value) -> Value,
) -> (i32, Value) {
    said(admitted(contract, input).and_then(|input| {
        let output = function(&input);
        kept(contract, &input, output)
    }))
}

/// A result or what came instead, as (exit code, JSON).
pub(crate) fn said(outcome: Result<Value, Outcome>) -> (i32, Value) {
    let outcome = outcome.map_or_else(|outcome| outcome, Outcome::Result);
    (outcome.exit_code(), outcome.to_stdout())
}

/// A runner that draws so many cases, anew each time.
pub(crate) fn runner(cases: u32) -> proptest::test_runner::TestRunner {
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases) };
    proptest::test_runner::TestRunner::new(config)
}
