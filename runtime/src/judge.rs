//! Holds input and outcome to the contract, from outside, and keeps the record of who found what.
//!
//! The guest makes the same checks on itself. What it says is believed only where the host cannot know better, and a
//! claim that the host can refute is an error (spec RUN-12, RUN-13).

use crate::claim;
use crate::trace::{Finding, Known, OfClauses, OfExceptions};
use serde_json::Value;
use std::sync::Arc;
use traverse_contract::Contract;
use traverse_contract::json::ValueRef;
use traverse_contract::lang::eval::{evaluate, told};
use traverse_contract::outcome::{
    Exception, FoundBy, Outcome, Rejection, Undeclared, Violation, ViolationKind,
};
use traverse_contract::schema::validate::validate;
use traverse_contract::spec::ClauseKind;

/// One call under judgement.
pub(crate) struct Judge<'a> {
    contract: &'a Contract,
    known: &'a Arc<Known>,
    /// One for each clause of the contract.
    clauses: OfClauses,
    /// One for each exception of the contract.
    exceptions: OfExceptions,
}

/// Where the finding of each stands.
const HOST: usize = 0;
const GUEST: usize = 1;

impl<'a> Judge<'a> {
    pub(crate) fn new(contract: &'a Contract, known: &'a Arc<Known>) -> Judge<'a> {
        let clauses = OfClauses::from_elem([None; 2], known.clauses.len());
        let exceptions = OfExceptions::from_elem((None, false), known.exceptions.len());
        Judge { contract, known, clauses, exceptions }
    }

    /// The record, as a trace keeps it.
    pub(crate) fn into_verdicts(self) -> (&'a Arc<Known>, OfClauses, OfExceptions) {
        (self.known, self.clauses, self.exceptions)
    }

    /// Schema, then preconditions: what the call ends in before the guest runs, if it does.
    pub(crate) fn judge_input(&mut self, input: ValueRef<'_>) -> Option<Outcome> {
        if let Err(rejection) = self.contract.check_input(input) {
            return Some(Outcome::Rejected(rejection));
        }
        self.first_violation(&[ClauseKind::Precondition], input, None).map(Outcome::Violation)
    }

    /// What the call ends in, given what the guest says. `Err` if the guest says what cannot be.
    pub(crate) fn judge_outcome(&mut self, input: ValueRef<'_>, said: Outcome) -> Result<Outcome, String> {
        self.record_guest(&said);
        match said {
            Outcome::Result(result) => Ok(self.judge_result(input, result)),
            Outcome::Exception(exception) => self.judge_exception(input, exception),
            Outcome::Violation(violation) => {
                self.judge_violation(input, &violation)?;
                // To come to a result the function must have raised nothing, which a condition may forbid.
                Ok(match self.judge_conditions(input, None) {
                    Ok(()) => Outcome::Violation(violation),
                    Err(undeclared) => Outcome::Undeclared(undeclared),
                })
            }
            Outcome::Undeclared(undeclared) => {
                if self.contract.exceptions.iter().all(|exception| exception.when.is_none()) {
                    return Err("no exception of the contract has a condition".into());
                }
                // For the record; what it finds is what the guest must have found.
                let _ = self.judge_conditions(input, None);
                claim::check_undeclared(self.contract, input, &undeclared)?;
                Ok(Outcome::Undeclared(undeclared))
            }
            Outcome::Rejected(rejection) => Err(format!(
                "the guest rejected input that fits the schema, at `{}`: {}",
                rejection.at, rejection.message
            )),
        }
    }

    fn judge_result(&mut self, input: ValueRef<'_>, result: Value) -> Outcome {
        if let Err(undeclared) = self.judge_conditions(input, None) {
            return Outcome::Undeclared(undeclared);
        }
        if let Err(violation) = self.contract.check_output(&result, FoundBy::Host) {
            return Outcome::Violation(violation);
        }
        let kinds = [ClauseKind::Postcondition, ClauseKind::Invariant];
        match self.first_violation(&kinds, input, Some((&result).into())) {
            None => Outcome::Result(result),
            Some(violation) => Outcome::Violation(violation),
        }
    }

    fn judge_exception(&mut self, input: ValueRef<'_>, exception: Exception) -> Result<Outcome, String> {
        let name = &exception.name;
        let declared = self.contract.exceptions.iter().find(|declared| declared.source.name.value == *name);
        let Some(declared) = declared else {
            return Err(format!("the contract declares no exception `{name}`"));
        };
        let scope = self.contract.scope(input, None);
        let message = declared.message.as_ref().map(|message| told(message, scope));
        if exception.message != message {
            return Err(format!("the message of exception `{name}` is not the contract's"));
        }
        match (&declared.source.details, &exception.details) {
            (None, None) => {}
            (None, Some(_)) => return Err(format!("exception `{name}` has no details in the contract")),
            (Some(_), None) => return Err(format!("exception `{name}` comes without its details")),
            (Some(schema), Some(details)) => {
                validate(&self.contract.schemas, schema, details).map_err(|rejection| {
                    let Rejection { at, message } = rejection;
                    format!("the details of exception `{name}` do not fit their schema at `{at}`: {message}")
                })?;
            }
        }
        Ok(match self.judge_conditions(input, Some(name)) {
            Ok(()) => Outcome::Exception(exception),
            Err(undeclared) => Outcome::Undeclared(undeclared),
        })
    }

    /// Holds the exception that was `raised`, or that none was, to every condition (spec RUN-13).
    fn judge_conditions(&mut self, input: ValueRef<'_>, raised: Option<&str>) -> Result<(), Undeclared> {
        let scope = self.contract.scope(input, None);
        for (exception, (found, _)) in self.contract.exceptions.iter().zip(&mut self.exceptions) {
            if let Some((condition, _)) = &exception.when {
                *found = Some(Finding::of(evaluate(condition, scope) == Ok(true)));
            }
        }
        self.contract.check_exceptions(input, raised)
    }

    /// What can be known of a violation that the guest found: that it names a clause, in the contract's words, with the
    /// values that the host knows, and, for a rule about the input alone, whether it is one. The result that broke a
    /// postcondition is not shown.
    fn judge_violation(&self, input: ValueRef<'_>, violation: &Violation) -> Result<(), String> {
        if violation.found_by != FoundBy::Guest {
            return Err("it names the host as who found the violation".into());
        }
        let named = &violation.clause;
        let kind = match named.kind {
            ViolationKind::Precondition => "precondition",
            ViolationKind::Postcondition => "postcondition",
            ViolationKind::Invariant => "invariant",
            ViolationKind::OutputSchema => return claim::check_output_schema(self.contract, violation),
        };
        let mut clauses = self.contract.clauses.iter().zip(&self.known.clauses).zip(&self.clauses);
        let Some(((clause, _), found)) = clauses.find(|((_, known), _)| *known == named) else {
            return Err(format!("the contract has no {kind} {} `{}`", named.index, named.rule));
        };
        if found[HOST] == Some(Finding::Holds) {
            return Err(format!("{kind} `{}` holds, and the guest says that it does not", named.rule));
        }
        claim::check_violation(self.contract, clause, input, violation)
    }

    /// The first clause of these kinds that does not hold. Prose is left to the guest.
    fn first_violation(
        &mut self,
        kinds: &[ClauseKind],
        input: ValueRef<'_>,
        output: Option<ValueRef<'_>>,
    ) -> Option<Violation> {
        let scope = self.contract.scope(input, output);
        for (clause, found) in self.contract.clauses.iter().zip(&mut self.clauses) {
            if !kinds.contains(&clause.source.kind) || clause.is_prose() {
                continue;
            }
            let violation = clause.violated(scope, FoundBy::Host);
            found[HOST] = Some(Finding::of(violation.is_none()));
            if let Some(violation) = violation {
                return Some(*violation);
            }
        }
        None
    }

    /// What the guest's outcome tells of the clauses that it checked, in the contract's order.
    fn record_guest(&mut self, said: &Outcome) {
        if let Outcome::Exception(exception) = said {
            for (known, (_, raised)) in self.known.exceptions.iter().zip(&mut self.exceptions) {
                *raised = known.name == exception.name;
            }
        }
        for (clause, found) in self.known.clauses.iter().zip(&mut self.clauses) {
            let guest = &mut found[GUEST];
            let precondition = clause.kind == ViolationKind::Precondition;
            match said {
                Outcome::Result(_) => *guest = Some(Finding::Holds),
                Outcome::Rejected(_) => {}
                Outcome::Exception(_) | Outcome::Undeclared(_) => {
                    *guest = precondition.then_some(Finding::Holds);
                }
                Outcome::Violation(violation) if violation.clause.kind == ViolationKind::OutputSchema => {
                    *guest = precondition.then_some(Finding::Holds);
                }
                Outcome::Violation(violation) if violation.clause == *clause => {
                    *guest = Some(Finding::Violated);
                    break;
                }
                Outcome::Violation(_) => *guest = Some(Finding::Holds),
            }
        }
    }
}
