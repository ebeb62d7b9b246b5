//! What changed from one contract to another, and what that is to those who rely on it (specs/change-control.md).
//!
//! [`compare`] judges clause by clause, and schemas, exceptions and the rest beside them: [`clauses`], [`exceptions`],
//! [`schemas`]. A judgement is a proof ([`normal`], [`prove`], [`sets`]), a counterexample ([`search`]), or the word that
//! neither was found. [`version`] says which version a change asks for. Nothing here reads files or prints.

mod clauses;
pub(crate) mod comparison;
mod domains;
mod exceptions;
mod inclusion;
mod normal;
mod places;
mod prove;
mod rest;
mod schemas;
mod search;
mod sets;
mod terms;
#[cfg(test)]
mod tests;
pub(crate) mod version;

use serde::Serialize;
use serde_json::Value;
use traverse_contract::Contract;
use version::Judgement;

/// One part of the contract, and what became of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Change {
    /// Which part: `precondition 1`, `input.cart.total`, `exception CartExpired`, `limits.fuel`.
    pub(crate) place: String,
    /// The clause's id, the new one where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<String>,
    pub(crate) judgement: Judgement,
    /// What happened to it: `stronger`, `added`, `moved from precondition 0`.
    pub(crate) what: String,
    /// The rule or value as it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) old: Option<String>,
    /// The rule or value as it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) new: Option<String>,
    /// Why it is judged so, where that is not plain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) why: Option<String>,
    /// What one contract accepts and the other does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) example: Option<Example>,
}

/// An input, or an input with a result, that shows a difference.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Example {
    /// Who accepts it.
    pub(crate) accepted_by: Side,
    pub(crate) input: Value,
    /// Where the difference is in what comes out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) result: Option<Value>,
    /// What the other contract says of it.
    pub(crate) refused_because: String,
}

/// One of the two contracts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Side {
    Old,
    New,
}

impl Change {
    fn new(place: impl Into<String>, judgement: Judgement, what: impl Into<String>) -> Change {
        Change {
            place: place.into(),
            id: None,
            judgement,
            what: what.into(),
            old: None,
            new: None,
            why: None,
            example: None,
        }
    }

    fn between(mut self, old: Option<String>, new: Option<String>) -> Change {
        (self.old, self.new) = (old, new);
        self
    }

    fn why(mut self, why: impl Into<String>) -> Change {
        self.why = Some(why.into());
        self
    }

    fn example(mut self, example: Option<Example>) -> Change {
        self.example = example;
        self
    }
}

/// Every part of the two contracts that is judged, those that are identical included, in the order of the spec.
pub(crate) fn compare(old: &Contract, new: &Contract) -> Vec<Change> {
    let search = search::Search::between(old, new);
    let mut changes = rest::identity(old, new);
    changes.extend(schemas::compare(&search));
    changes.extend(clauses::compare(&search));
    changes.extend(exceptions::compare(&search));
    changes.extend(rest::surroundings(old, new));
    changes
}

/// What the changes together are.
pub(crate) fn overall(changes: &[Change]) -> Judgement {
    changes.iter().map(|change| change.judgement).max().unwrap_or(Judgement::Identical)
}
