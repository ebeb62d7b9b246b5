//! What the host says of a call, clause by clause (spec RUN): the same texts as the guest's.

// A violation ends the call: it is made once and moved once or twice.
#![allow(clippy::result_large_err)]

use super::{CheckedClause, Contract, Rule};
use crate::json::{self, BorrowedValue, ValueRef};
use crate::lang::eval::{EvalError, Scope, evaluate, observe, told};
use crate::lang::typed::ObservedPath;
use crate::outcome::{ClauseRef, FoundBy, Rejection, Undeclared, Violation, ViolationKind};
use crate::schema::seen;
use crate::schema::validate::validate;
use crate::spec::ClauseKind;
use serde_json::{Map, Value};

impl CheckedClause {
    /// How outcomes and traces name this clause.
    pub fn clause_ref(&self) -> ClauseRef {
        ClauseRef {
            kind: match self.source.kind {
                ClauseKind::Precondition => ViolationKind::Precondition,
                ClauseKind::Postcondition => ViolationKind::Postcondition,
                ClauseKind::Invariant => ViolationKind::Invariant,
            },
            index: self.source.index,
            id: self.source.id.as_ref().map(|id| id.value.clone()),
            rule: self.source.rule.value.clone(),
        }
    }

    /// Whether this is words, which the guest alone checks.
    pub fn is_prose(&self) -> bool {
        matches!(self.rule, Rule::Prose)
    }

    /// What this clause says of valid values. Prose says nothing here: only its function in the guest can tell.
    ///
    /// # Errors
    /// The violation, if the rule does not hold or cannot be evaluated.
    pub fn verdict(&self, scope: Scope<'_>, found_by: FoundBy) -> Result<(), Violation> {
        self.violated(scope, found_by).map_or(Ok(()), |violation| Err(*violation))
    }

    /// As [`Self::verdict`]: the violation, if there is one; in a box, so that none costs nothing.
    pub fn violated(&self, scope: Scope<'_>, found_by: FoundBy) -> Option<Box<Violation>> {
        let Rule::Expression { expr, observed } = &self.rule else { return None };
        let failed = match evaluate(expr, scope) {
            Ok(true) => return None,
            Ok(false) => None,
            Err(error) => Some(error),
        };
        Some(self.violation(observed, scope, failed, found_by))
    }

    /// The rule does not hold, or `failed`.
    #[cold]
    fn violation(
        &self,
        observed: &[ObservedPath],
        scope: Scope<'_>,
        failed: Option<EvalError>,
        found_by: FoundBy,
    ) -> Box<Violation> {
        let rule = &self.source.rule.value;
        let message = match (failed, &self.message) {
            (None, Some(message)) => told(message, scope),
            (None, None) => format!("`{rule}` does not hold"),
            // The author's message is about a rule that does not hold, which is not what happened.
            (Some(error), _) => format!("`{rule}` cannot be evaluated: {error}"),
        };
        let observed = observe(observed, scope);
        Box::new(Violation { clause: self.clause_ref(), observed, message, found_by })
    }
}

impl Contract {
    /// Reads an input: one JSON value, of which nothing is said but that.
    ///
    /// # Errors
    /// As [`json::read`].
    pub fn read_input<'a>(&self, bytes: &'a [u8]) -> Result<BorrowedValue<'a>, Rejection> {
        json::read(bytes).map(|read| seen(&self.schemas, &self.schemas.input, read))
    }

    /// Reads a result, likewise, for its caller to keep.
    ///
    /// # Errors
    /// As [`json::read`].
    pub fn read_output(&self, bytes: &[u8]) -> Result<Value, Rejection> {
        let read = json::read_value(bytes)?;
        if read.rounded.is_empty() {
            return Ok(read.value);
        }
        drop(read);
        json::read(bytes).map(|read| seen(&self.schemas, &self.schemas.output, read).into_value())
    }

    /// Whether `input` fits the input schema.
    ///
    /// # Errors
    /// The first value that does not, in document order.
    pub fn check_input<'a>(&self, input: impl Into<ValueRef<'a>>) -> Result<(), Rejection> {
        validate(&self.schemas, &self.schemas.input, input)
    }

    /// Whether every precondition holds on a valid input.
    ///
    /// # Errors
    /// The first that does not, in the author's order.
    pub fn check_preconditions<'a>(
        &'a self,
        input: impl Into<ValueRef<'a>>,
        found_by: FoundBy,
    ) -> Result<(), Violation> {
        let scope = self.scope(input, None);
        self.of_kind(ClauseKind::Precondition).try_for_each(|clause| clause.verdict(scope, found_by))
    }

    /// Whether a normal result fits the output schema.
    ///
    /// # Errors
    /// A violation of kind `output-schema` with the value that does not.
    pub fn check_output<'a>(
        &self,
        output: impl Into<ValueRef<'a>>,
        found_by: FoundBy,
    ) -> Result<(), Violation> {
        let output = output.into();
        validate(&self.schemas, &self.schemas.output, output).map_err(|Rejection { at, message }| {
            let offending = output.pointer(&at).unwrap_or(output).to_value();
            let place = if at.is_empty() { "(root)" } else { &at };
            Violation {
                clause: ClauseRef {
                    kind: ViolationKind::OutputSchema,
                    index: 0,
                    id: None,
                    rule: format!("{place} {message}"),
                },
                observed: Map::from_iter([("result".to_owned(), offending)]),
                message: format!("the result does not fit the output schema at `{place}`: {message}"),
                found_by,
            }
        })
    }

    /// Whether every postcondition, then every invariant, holds on a valid input and a valid result.
    ///
    /// # Errors
    /// The first that does not, in the author's order. Prose is passed over.
    pub fn check_result<'a>(
        &'a self,
        input: impl Into<ValueRef<'a>>,
        output: impl Into<ValueRef<'a>>,
        found_by: FoundBy,
    ) -> Result<(), Violation> {
        let scope = self.scope(input, Some(output.into()));
        self.of_kind(ClauseKind::Postcondition)
            .chain(self.of_kind(ClauseKind::Invariant))
            .try_for_each(|clause| clause.verdict(scope, found_by))
    }

    /// Whether what was raised (`None`: a normal result) goes with the conditions of the exceptions.
    ///
    /// # Errors
    /// An exception against its condition or without being declared, or a condition that holds while its exception
    /// was not raised. Where several conditions hold, raising any of their exceptions is right.
    pub fn check_exceptions<'a>(
        &'a self,
        input: impl Into<ValueRef<'a>>,
        raised: Option<&str>,
    ) -> Result<(), Undeclared> {
        let scope = self.scope(input, None);
        let mut holding = Vec::new();
        for exception in &self.exceptions {
            let (Some((condition, _)), Some(text)) = (&exception.when, &exception.source.when) else {
                continue;
            };
            let (name, text) = (&exception.source.name.value, &text.value);
            match evaluate(condition, scope) {
                Ok(true) => holding.push((name, text)),
                Ok(false) if raised == Some(name.as_str()) => {
                    let message =
                        format!("exception `{name}` was raised, but its condition `{text}` does not hold");
                    return Err(Undeclared { message });
                }
                Ok(false) => {}
                Err(error) => {
                    let message =
                        format!("the condition `{text}` of exception `{name}` cannot be evaluated: {error}");
                    return Err(Undeclared { message });
                }
            }
        }
        if let Some(raised) = raised {
            if !self.exceptions.iter().any(|exception| exception.source.name.value == raised) {
                return Err(Undeclared {
                    message: format!("exception `{raised}` is not declared in the contract"),
                });
            }
            if holding.iter().any(|(name, _)| *name == raised) {
                return Ok(());
            }
        }
        match holding.first() {
            Some((name, text)) => {
                Err(Undeclared { message: format!("`{text}` holds, so exception `{name}` must be raised") })
            }
            None => Ok(()),
        }
    }

    /// What rules of this contract are evaluated on.
    pub fn scope<'a>(&'a self, input: impl Into<ValueRef<'a>>, output: Option<ValueRef<'a>>) -> Scope<'a> {
        Scope { input: input.into(), output, types: &self.schemas.types }
    }

    fn of_kind(&self, kind: ClauseKind) -> impl Iterator<Item = &CheckedClause> {
        self.clauses.iter().filter(move |clause| clause.source.kind == kind)
    }
}
