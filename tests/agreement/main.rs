//! For any spec and any input, the module, the native program and the host say the same: specs and inputs drawn at
//! random, all three compared to the clause, the message and the observed values.
//!
//! A run draws a few specs. `TRAVERSE_AGREEMENT_SPECS` and `TRAVERSE_AGREEMENT_INPUTS` (of each) ask for more, and
//! `TRAVERSE_AGREEMENT_SEED` for a draw that was seen before; `cargo test -p traverse-tests --test agreement --
//! --ignored` runs the long one.

// An outcome ends a call: it is made once and moved once or twice.
#![allow(clippy::result_large_err)]

mod input;
mod program;
mod rules;
mod spec;
mod types;

use fastrand::Rng;
use program::{Program, Said};
use serde_json::Value;
use spec::Drawn;
use std::collections::BTreeMap;
use traverse_contract::outcome::{Exception, FoundBy, Outcome};

/// What the host says of an input, in the order in which a module does.
fn on_host(spec: &Drawn, input: &Value) -> Said {
    let contract = &spec.contract;
    let outcome = || -> Result<Outcome, Outcome> {
        let text = input.to_string();
        let input = contract.read_input(text.as_bytes()).map_err(Outcome::Rejected)?.into_value();
        contract.check_input(&input).map_err(Outcome::Rejected)?;
        contract.check_preconditions(&input, FoundBy::Guest).map_err(Outcome::Violation)?;
        let number = input["raise"].as_f64().unwrap_or_default();
        let raised = spec.exceptions.iter().enumerate().find(|(at, _)| (at + 1) as f64 == number);
        let raised = raised.map(|(_, name)| name.clone());
        contract.check_exceptions(&input, raised.as_deref()).map_err(Outcome::Undeclared)?;
        if let Some(name) = raised {
            let declared = contract.exceptions.iter().find(|exception| exception.source.name.value == name);
            let message = declared.and_then(|exception| exception.source.message.as_ref());
            let message = message.map(|message| message.value.clone());
            return Ok(Outcome::Exception(Exception { name, message, details: None }));
        }
        let output = &input["give"];
        contract.check_output(output, FoundBy::Guest).map_err(Outcome::Violation)?;
        contract.check_result(&input, output, FoundBy::Guest).map_err(Outcome::Violation)?;
        Ok(Outcome::Result(output.clone()))
    };
    let outcome = outcome().unwrap_or_else(|outcome| outcome);
    (outcome.exit_code().into(), outcome.to_stdout())
}

/// Whether `shown`, written by a program, is `given` with the properties that its schema names and numbers as their
/// types have them.
fn shows(shown: &Value, given: &Value) -> bool {
    match (shown, given) {
        (Value::Object(shown), Value::Object(given)) => {
            shown.iter().all(|(name, value)| given.get(name).is_some_and(|given| shows(value, given)))
        }
        (Value::Array(shown), Value::Array(given)) => {
            shown.len() == given.len() && shown.iter().zip(given).all(|(shown, given)| shows(shown, given))
        }
        (Value::Number(shown), Value::Number(given)) => {
            shown.as_i64().zip(given.as_i64()).is_some_and(|(one, other)| one == other)
                || shown.as_f64() == given.as_f64()
        }
        _ => shown == given,
    }
}

fn setting(name: &str, usual: u64) -> u64 {
    std::env::var(name).map_or(usual, |value| value.parse().unwrap_or_else(|_| panic!("{name} is a number")))
}

fn agree(name: &str, specs: u64, inputs: u64) {
    let specs = setting("TRAVERSE_AGREEMENT_SPECS", specs) as usize;
    let inputs = setting("TRAVERSE_AGREEMENT_INPUTS", inputs) as usize;
    let seed = setting("TRAVERSE_AGREEMENT_SEED", Rng::new().u64(..));
    println!("TRAVERSE_AGREEMENT_SEED={seed}");
    let mut rng = Rng::with_seed(seed);

    let mut drawn: Vec<Drawn> = Vec::new();
    let mut refused = 0;
    while drawn.len() < specs {
        match spec::draw(&mut rng) {
            Some(spec) => drawn.push(spec),
            None => refused += 1,
        }
        assert!(refused <= 20 + specs * 3, "the checker refuses most schemas that are drawn");
    }
    let (tried, taken) = drawn.iter().fold((0, 0), |sum, spec| (sum.0 + spec.tried, sum.1 + spec.taken));
    assert!(taken * 3 >= tried, "the checker refuses most rules that are drawn: {taken} of {tried} taken");

    let program = Program::build(name, &drawn);
    let mut outcomes: BTreeMap<i64, usize> = BTreeMap::new();
    for (which, spec) in drawn.iter().enumerate() {
        let mut source = traverse_inputs::Inputs::new(&spec.contract, rng.u64(..));
        for _ in 0..inputs {
            let input = source.draw();
            let guest = program.in_guest(which, &input);
            let native = program.natively(which, &input);
            let told = || format!("TRAVERSE_AGREEMENT_SEED={seed}\n{}\n{input}", spec.text);
            assert_eq!(guest, native, "module and native program differ\n{}", told());
            let host = on_host(spec, &input);
            if guest.0 == 0 && host.0 == 0 {
                assert!(shows(&guest.1, &host.1), "results differ: {} and {}\n{}", guest.1, host.1, told());
            } else {
                assert_eq!(guest, host, "module and host differ\n{}", told());
            }
            *outcomes.entry(guest.0).or_default() += 1;
        }
    }
    println!(
        "{specs} specs, {tried} rules drawn, {taken} taken; {inputs} inputs each; by exit code {outcomes:?}"
    );
    for code in [0, 20, 21] {
        assert!(outcomes.contains_key(&code), "no input came to exit code {code}: {outcomes:?}");
    }
}

/// spec: LANG-39, IO-10, IO-11
#[test]
fn module_native_program_and_host_say_the_same() {
    agree("agreement", 8, 60);
}

#[test]
#[ignore = "takes many minutes: 200 specs, 100 inputs each"]
fn module_native_program_and_host_say_the_same_at_length() {
    agree("agreement-long", 200, 100);
}
