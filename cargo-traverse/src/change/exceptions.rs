//! Exceptions: which may be raised, when, and with what (spec `CHANGE-8`).

use super::clauses::normal;
use super::domains::Domains;
use super::normal::{Normal, constant};
use super::prove::follows;
use super::search::Search;
use super::terms::never_fails;
use super::version::Judgement;
use super::{Change, Example, Side, schemas};
use serde_json::Value;
use traverse_contract::lang::eval::{EvalError, evaluate};
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
                (None, Some((when, _))) if Accepted::of(search).excludes(&[(Side::Old, when)]) => {
                    change.why("its condition holds on no accepted input")
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
        (None, Some((is, _))) => {
            return given_a_condition(search, change(Judgement::Compatible, "given a condition"), old, is);
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

/// An exception that could be raised on any input, and now has a condition. It is no stricter than before only where the
/// condition always has a value, and no other exception had to be raised.
fn given_a_condition(search: &Search<'_>, change: Change, old: &CheckedException, is: &TypedExpr) -> Change {
    let fails = |input: &Value| {
        search.new.check_input(input).ok()?;
        cannot_be_evaluated(evaluate(is, search.new.scope(input, None)).err()?)
    };
    if !never_fails(is) {
        let goal = Goal::Rule { rule: is, types: &search.new.schemas.types, holds: false };
        return match search.input(Side::Old, &[goal], false, &fails) {
            Some(example) => Change { judgement: Judgement::Breaking, ..change }.example(Some(example)),
            None => Change { judgement: Judgement::NotDecided, ..change }
                .why("the condition may be an error, and no accepted input was found on which it is"),
        };
    }
    let name = &old.source.name.value;
    let mut open = false;
    for other in search.old.exceptions.iter().filter(|other| other.source.name.value != *name) {
        let Some((when, _)) = &other.when else { continue };
        let had_to = &other.source.name.value;
        let example =
            search.input(Side::Old, &[holding(search.old, when), holding(search.new, is)], false, &|input| {
                search.new.check_input(input).ok()?;
                let both = evaluate(when, search.old.scope(input, None)) == Ok(true)
                    && evaluate(is, search.new.scope(input, None)) == Ok(true);
                both.then(|| format!("`{had_to}` had to be raised here, and now `{name}` may be"))
            });
        if example.is_some() {
            return Change { judgement: Judgement::Breaking, ..change }.example(example);
        }
        open |= !Accepted::of(search).excludes(&[(Side::Old, when), (Side::New, is)]);
    }
    match open {
        true => Change { judgement: Judgement::NotDecided, ..change }
            .why("another exception may have had to be raised where it holds"),
        false => change.why("before, it could be raised on any input"),
    }
}

enum Proof {
    Literally,
    Implied,
    None,
}

/// What is known of the inputs that the old contract accepts.
struct Accepted<'s, 'c> {
    search: &'s Search<'c>,
    given: Vec<Normal>,
    domains: Domains,
}

impl<'s, 'c> Accepted<'s, 'c> {
    fn of(search: &'s Search<'c>) -> Self {
        let mut accepted = Accepted { search, given: Vec::new(), domains: Domains::default() };
        for clause in &search.old.clauses {
            if let (Rule::Expression { expr, .. }, ClauseKind::Precondition) =
                (&clause.rule, clause.source.kind)
            {
                let normal = accepted.normal(Side::Old, expr, true);
                accepted.given.push(normal);
            }
        }
        accepted
    }

    fn normal(&mut self, side: Side, rule: &TypedExpr, positive: bool) -> Normal {
        normal(self.search, side, rule, positive, &mut self.domains)
    }

    /// Whether one follows from the other.
    fn implies(&self, one: &Normal, other: &Normal) -> bool {
        let mut given = self.given.clone();
        given.push(one.clone());
        self.search.may_work() && follows(&given, other, &self.domains)
    }

    /// Whether these rules do not hold together.
    fn excludes(mut self, rules: &[(Side, &TypedExpr)]) -> bool {
        for (side, rule) in rules {
            let normal = self.normal(*side, rule, true);
            self.given.push(normal);
        }
        self.search.may_work() && follows(&self.given, &constant(false), &self.domains)
    }
}

/// Whether two conditions are one on all inputs that the old contract accepts: both true, both false, or both an error.
fn same(search: &Search<'_>, was: &TypedExpr, is: &TypedExpr) -> Proof {
    let mut accepted = Accepted::of(search);
    let mut implied = true;
    let mut literally = true;
    for positive in [true, false] {
        let one = accepted.normal(Side::Old, was, positive);
        let other = accepted.normal(Side::New, is, positive);
        literally &= one == other;
        implied &= one == other || accepted.implies(&one, &other) && accepted.implies(&other, &one);
    }
    match (literally, implied) {
        (true, _) => Proof::Literally,
        (_, true) => Proof::Implied,
        _ => Proof::None,
    }
}

/// An accepted input on which one condition holds and the other does not.
fn difference(search: &Search<'_>, was: &TypedExpr, is: &TypedExpr) -> Option<Example> {
    let says = |input: &Value| {
        search.new.check_input(input).ok()?;
        let one = evaluate(was, search.old.scope(input, None));
        match (one, evaluate(is, search.new.scope(input, None))) {
            (Ok(_), Err(error)) => cannot_be_evaluated(error),
            (Ok(true), Ok(false)) => Some("it had to be raised here, and no longer may be".to_owned()),
            (Ok(false), Ok(true)) => Some("it could not be raised here, and now must be".to_owned()),
            _ => None,
        }
    };
    let goals = |(one, other): (bool, bool)| {
        [
            Goal::Rule { rule: was, types: &search.old.schemas.types, holds: one },
            Goal::Rule { rule: is, types: &search.new.schemas.types, holds: other },
        ]
    };
    let mut ways = vec![(false, true), (true, false)];
    if !never_fails(is) {
        ways.push((false, false));
    }
    ways.into_iter().find_map(|way| search.input(Side::Old, &goals(way), false, &says))
}

fn cannot_be_evaluated(error: EvalError) -> Option<String> {
    Some(format!("the condition cannot be evaluated here: {error}"))
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
