//! Exceptions: which may be raised, when, and with what (spec `CHANGE-8`).

use super::clauses::normal;
use super::prove::follows;
use super::search::Search;
use super::version::Judgement;
use super::{Change, Example, Side, schemas};
use serde_json::Value;
use std::collections::BTreeMap;
use traverse_contract::lang::eval::evaluate;
use traverse_contract::lang::typed::TypedExpr;
use traverse_contract::spec::{ClauseKind, Text};
use traverse_contract::{CheckedException, Contract, Rule};
use traverse_inputs::Goal;

/// Every exception of either contract: the new ones in their order, then those that are gone.
pub(crate) fn compare(search: &Search<'_>) -> Vec<Change> {
    let name = |exception: &CheckedException| exception.source.name.value.clone();
    let find = |contract: &Contract, wanted: &str| {
        contract.exceptions.iter().position(|exception| exception.source.name.value == wanted)
    };
    let mut changes = Vec::new();
    for new in &search.new.exceptions {
        match find(search.old, &name(new)) {
            Some(at) => changes.extend(changed(search, &search.old.exceptions[at], new)),
            None => changes.push(
                with_when(Change::new(place(new), Judgement::Breaking, "added"), None, Some(new))
                    .why("callers of the old contract are not prepared for it"),
            ),
        }
    }
    for old in search.old.exceptions.iter().filter(|old| find(search.new, &name(old)).is_none()) {
        let change = Change::new(place(old), Judgement::Compatible, "removed");
        let promised = old.when.as_ref().and_then(|(when, _)| {
            search.input(Side::Old, &[holding(search.old, when)], false, &|input| {
                search.new.check_input(input).ok()?;
                let holds = evaluate(when, search.old.scope(input, None)) == Ok(true);
                holds.then(|| "it gives a result where the exception had to be raised".to_owned())
            })
        });
        changes.push(with_when(
            match (promised, &old.when) {
                (Some(example), _) => {
                    Change { judgement: Judgement::Breaking, ..change }.example(Some(example))
                }
                (None, Some(_)) => Change { judgement: Judgement::NotDecided, ..change }
                    .why("no input was found on which it had to be raised"),
                (None, None) => change,
            },
            Some(old),
            None,
        ));
    }
    changes
}

fn changed(search: &Search<'_>, old: &CheckedException, new: &CheckedException) -> Vec<Change> {
    let mut changes = vec![condition(search, old, new)];
    let text = |text: &Option<Text>| text.as_ref().map(|text| text.value.clone());
    if text(&old.source.message) != text(&new.source.message) {
        changes.push(
            Change::new(format!("{} message", place(new)), Judgement::Text, "changed")
                .between(text(&old.source.message), text(&new.source.message)),
        );
    }
    let details = format!("{} details", place(new));
    match (&old.source.details, &new.source.details) {
        (Some(one), Some(other)) => changes.extend(schemas::details(search, one, other, &details)),
        (None, Some(_)) => changes.push(Change::new(details, Judgement::Compatible, "added")),
        (Some(_), None) => changes.push(
            Change::new(details, Judgement::Breaking, "removed")
                .why("callers of the old contract may read them"),
        ),
        (None, None) => {}
    }
    changes
}

fn condition(search: &Search<'_>, old: &CheckedException, new: &CheckedException) -> Change {
    let change =
        |judgement, what: &str| with_when(Change::new(place(new), judgement, what), Some(old), Some(new));
    let (was, is) = match (&old.when, &new.when) {
        (None, None) => return change(Judgement::Identical, "identical"),
        (Some((was, _)), Some((is, _))) => (was, is),
        (None, Some(_)) => {
            return change(Judgement::Compatible, "given a condition")
                .why("before, it could be raised on any input");
        }
        (Some(_), None) => {
            return change(Judgement::Breaking, "lost its condition")
                .why("it may now be raised on any input");
        }
    };
    match same(search, was, is) {
        Proof::Literally => {
            let text =
                |exception: &CheckedException| exception.source.when.as_ref().map(|when| when.value.clone());
            if text(old) == text(new) {
                change(Judgement::Identical, "identical")
            } else {
                change(Judgement::Text, "the same in other words")
            }
        }
        Proof::Implied => change(Judgement::Text, "the same in other words"),
        Proof::None => match difference(search, was, is) {
            Some(example) => change(Judgement::Breaking, "another condition").example(Some(example)),
            None => change(Judgement::NotDecided, "another condition")
                .why("neither a proof nor an input on which the two differ was found"),
        },
    }
}

enum Proof {
    Literally,
    Implied,
    None,
}

/// Whether two conditions are one on all inputs that the old contract accepts.
fn same(search: &Search<'_>, was: &TypedExpr, is: &TypedExpr) -> Proof {
    let mut domains = BTreeMap::new();
    let one = normal(search, Side::Old, was, true, &mut domains);
    let other = normal(search, Side::New, is, true, &mut domains);
    if one == other {
        return Proof::Literally;
    }
    let mut given = Vec::new();
    for clause in &search.old.clauses {
        if let (Rule::Expression { expr, .. }, ClauseKind::Precondition) = (&clause.rule, clause.source.kind)
        {
            given.push(normal(search, Side::Old, expr, true, &mut domains));
        }
    }
    let implies = |one: &super::normal::Normal, other| {
        let mut given = given.clone();
        given.push(one.clone());
        follows(&given, other, &domains)
    };
    if implies(&one, &other) && implies(&other, &one) { Proof::Implied } else { Proof::None }
}

/// An accepted input on which one condition holds and the other does not.
fn difference(search: &Search<'_>, was: &TypedExpr, is: &TypedExpr) -> Option<Example> {
    let says = |input: &Value| {
        search.new.check_input(input).ok()?;
        let one = evaluate(was, search.old.scope(input, None));
        let other = evaluate(is, search.new.scope(input, None));
        match (one == Ok(true), other == Ok(true)) {
            (true, false) => Some("it had to be raised here, and no longer may be".to_owned()),
            (false, true) => Some("it could not be raised here, and now must be".to_owned()),
            _ => None,
        }
    };
    let goals = |holds: bool| {
        [
            Goal::Rule { rule: was, types: &search.old.schemas.types, holds },
            Goal::Rule { rule: is, types: &search.new.schemas.types, holds: !holds },
        ]
    };
    [false, true].into_iter().find_map(|holds| search.input(Side::Old, &goals(holds), false, &says))
}

fn holding<'c>(contract: &'c Contract, rule: &'c TypedExpr) -> Goal<'c> {
    Goal::Rule { rule, types: &contract.schemas.types, holds: true }
}

fn place(exception: &CheckedException) -> String {
    format!("exception {}", exception.source.name.value)
}

fn with_when(change: Change, old: Option<&CheckedException>, new: Option<&CheckedException>) -> Change {
    let text = |exception: Option<&CheckedException>| {
        exception.and_then(|exception| exception.source.when.as_ref()).map(|when| when.value.clone())
    };
    let (was, is) = (text(old), text(new));
    if was == is { Change { new: is, ..change } } else { change.between(was, is) }
}
