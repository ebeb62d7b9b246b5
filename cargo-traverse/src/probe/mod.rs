//! Finds where code and contract part (specs/testing.md).
//!
//! [`schedule`] says which input comes next, [`ways`] sends it through host, module and native program, [`fault`] is what
//! they show, [`coverage`] counts what was met. [`run`] joins them; a fault is shrunk to the smallest input that shows it.

pub(crate) mod constants;
pub(crate) mod coverage;
pub(crate) mod fault;
pub(crate) mod mutants;
pub(crate) mod native;
pub(crate) mod schedule;
pub(crate) mod ways;

use crate::error::CommandError;
use coverage::{By, Coverage};
use fault::Fault;
use schedule::Schedule;
use serde_json::Value;
use std::time::{Duration, Instant};
use traverse_inputs::{Constants, shrink};
use traverse_runtime::Trace;
use ways::{Tried, Ways};

/// So many different faults are looked for.
const MAX_FAULTS: usize = 10;

/// A fault is shrunk no longer than this.
const LONGEST_SHRINK: Duration = Duration::from_secs(2);

/// How long, how many and from where.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    /// At most so long, shrinking not counted.
    pub(crate) budget: Duration,
    /// At most so many inputs.
    pub(crate) inputs: u64,
    /// Where the draw begins.
    pub(crate) seed: u64,
    /// What stands in the code.
    pub(crate) constants: Constants,
}

/// A fault with the smallest input found that shows it.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    /// What is wrong with it.
    pub(crate) fault: Fault,
    /// The input.
    pub(crate) input: Value,
    /// How many inputs it took to find.
    pub(crate) after: u64,
}

/// What generated inputs showed.
#[derive(Debug, Default)]
pub(crate) struct Probed {
    /// How many there were.
    pub(crate) inputs: u64,
    /// Of these, how many every precondition admitted.
    pub(crate) admitted: u64,
    /// How many showed a fault that a case had shown.
    pub(crate) known: u64,
    /// How many calls were stopped.
    pub(crate) stopped: u64,
    /// Faults, each once.
    pub(crate) found: Vec<Found>,
    /// The most that a call cost.
    pub(crate) most: Cost,
    /// Some calls, for changes of contract and results to be held against.
    pub(crate) calls: Vec<(Value, Value)>,
}

/// What calls cost at most.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Cost {
    /// Units of fuel.
    pub(crate) fuel: u64,
    /// Bytes of linear memory.
    pub(crate) memory_bytes: u64,
    /// Bytes of result or exception.
    pub(crate) output_bytes: u64,
}

impl Cost {
    /// The greater of each.
    pub(crate) fn include(&mut self, other: Cost) {
        self.fuel = self.fuel.max(other.fuel);
        self.memory_bytes = self.memory_bytes.max(other.memory_bytes);
        self.output_bytes = self.output_bytes.max(other.output_bytes);
    }

    /// The greater of each, with those of a call.
    pub(crate) fn raise(&mut self, trace: &Trace, stdout: &[u8]) {
        self.fuel = self.fuel.max(trace.fuel_used);
        self.memory_bytes = self.memory_bytes.max(trace.peak_memory_bytes);
        if matches!(trace.outcome, "result" | "exception") {
            self.output_bytes = self.output_bytes.max(stdout.len() as u64);
        }
    }
}

/// Draws inputs and sends them until the plan ends. `known`: faults that cases have shown already.
///
/// # Errors
/// `native-failed`.
pub(crate) fn run(
    ways: &mut Ways<'_>,
    plan: &Plan,
    known: &[Fault],
    coverage: &mut Coverage,
    progress: &mut dyn FnMut(u64),
) -> Result<Probed, CommandError> {
    let contract = ways.capability().contract();
    let mut schedule = Schedule::new(contract, plan.constants.clone(), plan.seed);
    let mut probed = Probed::default();
    let mut spent = Duration::ZERO;
    while spent < plan.budget && probed.inputs < plan.inputs && probed.found.len() < MAX_FAULTS {
        let began = Instant::now();
        let input = schedule.next();
        let tried = ways.send(input.to_string().as_bytes())?;
        probed.inputs += 1;
        match &tried.call {
            Ok(call) => {
                schedule.learn(&input, call.trace.outcome, call.trace.fuel_used);
                coverage.record(contract, &input, call, By::Generated);
                probed.admitted += u64::from(call.trace.exit_code.is_some());
                probed.most.raise(&call.trace, &call.stdout);
                probed.keep(&input, &tried);
            }
            // Nothing is drawn near what is stopped: it would cost as much again and again.
            Err(_) => probed.admitted += 1,
        }
        spent += began.elapsed();
        progress(probed.inputs);
        let Some(fault) = tried.fault else { continue };
        if known.iter().any(|known| known.is(&fault)) {
            probed.known += 1;
        } else if !probed.found.iter().any(|found| found.fault.is(&fault)) {
            let found = smallest(ways, input, fault, probed.inputs)?;
            probed.found.push(found);
        }
    }
    Ok(probed)
}

impl Probed {
    /// Keeps some calls with a result, so that early and late ones are among them.
    fn keep(&mut self, input: &Value, tried: &Tried) {
        const MOST: usize = 400;
        let Ok(call) = &tried.call else { return };
        if let traverse_contract::outcome::Outcome::Result(result) = &call.outcome {
            if self.calls.len() < MOST {
                self.calls.push((input.clone(), result.clone()));
            } else if self.inputs.is_multiple_of(16) {
                let at = (self.inputs / 16) as usize % MOST;
                self.calls[at] = (input.clone(), result.clone());
            }
        }
    }
}

/// The smallest input found that shows the same fault.
fn smallest(ways: &mut Ways<'_>, input: Value, fault: Fault, after: u64) -> Result<Found, CommandError> {
    let began = Instant::now();
    let (mut last, mut failed) = (fault.clone(), None);
    let small = shrink(input, |candidate| {
        if failed.is_some() || began.elapsed() > LONGEST_SHRINK {
            return false;
        }
        match ways.send(candidate.to_string().as_bytes()) {
            Ok(Tried { fault: Some(shown), .. }) if shown.is(&fault) => {
                last = shown;
                true
            }
            Ok(_) => false,
            Err(error) => {
                failed = Some(error);
                false
            }
        }
    });
    match failed {
        Some(error) => Err(error),
        None => Ok(Found { fault: last, input: small, after }),
    }
}
