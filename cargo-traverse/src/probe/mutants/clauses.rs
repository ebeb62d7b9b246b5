//! Contracts with one clause changed.

use super::CaseEvidence;
use super::results::WrongResult;
use serde::Serialize;
use serde_json::Value;
use traverse_contract::Contract;
use traverse_contract::contract::Rule;
use traverse_contract::lang::eval::{Scope, evaluate};
use traverse_contract::lang::syntax::{BinaryOp, Literal};
use traverse_contract::lang::typed::{TypedExpr, TypedKind};
use traverse_contract::spec::ClauseKind;

/// One change of one clause.
pub(super) struct Change {
    /// The clause, by its place in the contract.
    clause: usize,
    /// What it became; nothing where it was dropped.
    rule: Option<TypedExpr>,
    /// In words.
    words: String,
}

/// `{change, why}`
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Unnoticed {
    /// What was changed.
    pub(crate) change: String,
    /// What would have noticed it.
    pub(crate) why: String,
}

/// Each clause dropped, each of its comparisons turned, each of its bounds moved by one.
pub(super) fn changes(contract: &Contract) -> Vec<Change> {
    let mut changes = Vec::new();
    for (at, clause) in contract.clauses.iter().enumerate() {
        let Rule::Expression { expr, .. } = &clause.rule else { continue };
        // What only names a type is the schema.
        if matches!(expr.kind, TypedKind::Is { .. }) {
            continue;
        }
        let kind = match clause.source.kind {
            ClauseKind::Precondition => "precondition",
            ClauseKind::Postcondition => "postcondition",
            ClauseKind::Invariant => "invariant",
        };
        let name = match &clause.source.id {
            Some(id) => format!("{kind} `{}`", id.value),
            None => format!("{kind} {}", clause.source.index),
        };
        let text = &clause.source.rule.value;
        changes.push(Change { clause: at, rule: None, words: format!("{name} `{text}` dropped") });
        let mut count = 0;
        count_sites(expr, &mut count);
        for site in 0..count {
            for kind in [0, 1, 2] {
                let mut rule = expr.clone();
                let mut left = site;
                if let Some(what) = change_site(&mut rule, &mut left, kind) {
                    let words = format!("{name} `{text}`: {what}");
                    changes.push(Change { clause: at, rule: Some(rule), words });
                }
            }
        }
    }
    changes
}

fn count_sites(expr: &TypedExpr, count: &mut usize) {
    if matches!(expr.kind, TypedKind::Compare { .. }) {
        *count += 1;
    }
    expr.operands().into_iter().for_each(|operand| count_sites(operand, count));
}

/// Changes the comparison that comes `left` after the first: 0 turns it, 1 and 2 move its bound up and down.
fn change_site(expr: &mut TypedExpr, left: &mut usize, kind: usize) -> Option<String> {
    if let TypedKind::Compare { op, left: one, right: other } = &mut expr.kind {
        if *left == 0 {
            return match kind {
                0 => {
                    let (from, to) = turned(*op)?;
                    let was = from.0;
                    *op = to.1;
                    Some(format!("`{was}` turned into `{}`", to.0))
                }
                _ => {
                    let literal = [&mut **other, &mut **one].into_iter().find(|side| {
                        matches!(side.kind, TypedKind::Literal(Literal::Int(_) | Literal::Double(_)))
                    })?;
                    moved(literal, kind == 1)
                }
            };
        }
        *left -= 1;
    }
    operands_mut(expr).into_iter().find_map(|operand| {
        let before = *left;
        let mut sites = 0;
        count_sites(operand, &mut sites);
        if before < sites {
            return Some(change_site(operand, left, kind));
        }
        *left -= sites;
        None
    })?
}

type Operator = (&'static str, BinaryOp);

fn turned(op: BinaryOp) -> Option<(Operator, Operator)> {
    const LESS: Operator = ("<", BinaryOp::Less);
    const UP_TO: Operator = ("<=", BinaryOp::LessOrEqual);
    const MORE: Operator = (">", BinaryOp::Greater);
    const FROM: Operator = (">=", BinaryOp::GreaterOrEqual);
    const SAME: Operator = ("==", BinaryOp::Equal);
    const OTHER: Operator = ("!=", BinaryOp::NotEqual);
    Some(match op {
        BinaryOp::Less => (LESS, UP_TO),
        BinaryOp::LessOrEqual => (UP_TO, LESS),
        BinaryOp::Greater => (MORE, FROM),
        BinaryOp::GreaterOrEqual => (FROM, MORE),
        BinaryOp::Equal => (SAME, OTHER),
        BinaryOp::NotEqual => (OTHER, SAME),
        _ => return None,
    })
}

fn moved(literal: &mut TypedExpr, up: bool) -> Option<String> {
    match &mut literal.kind {
        TypedKind::Literal(Literal::Int(number)) => {
            let from = *number;
            *number = if up { from.checked_add(1)? } else { from.checked_sub(1)? };
            Some(format!("`{from}` moved to `{number}`"))
        }
        TypedKind::Literal(Literal::Double(number)) => {
            let from = *number;
            *number = if up { from + 1.0 } else { from - 1.0 };
            if *number == from {
                return None;
            }
            Some(format!("`{from}` moved to `{number}`"))
        }
        _ => None,
    }
}

/// The operands in which comparisons may stand, in the order of [`TypedExpr::operands`].
fn operands_mut(expr: &mut TypedExpr) -> Vec<&mut TypedExpr> {
    match &mut expr.kind {
        TypedKind::Not(operand)
        | TypedKind::Negate(operand)
        | TypedKind::NotNull(operand)
        | TypedKind::Is { operand, .. } => vec![operand],
        TypedKind::And(left, right)
        | TypedKind::Or(left, right)
        | TypedKind::Implies(left, right)
        | TypedKind::Compare { left, right, .. }
        | TypedKind::Arithmetic { left, right, .. } => vec![left, right],
        TypedKind::In { element, list } => vec![element, list],
        TypedKind::Conditional { condition, then, otherwise } => vec![condition, then, otherwise],
        TypedKind::Macro { list, filter, body, .. } => {
            let mut operands: Vec<&mut TypedExpr> = vec![list];
            operands.extend(filter.as_deref_mut());
            operands.push(body);
            operands
        }
        TypedKind::List(elements) => elements.iter_mut().collect(),
        TypedKind::Call { arguments, .. } => arguments.iter_mut().collect(),
        TypedKind::Map(entries) => entries.iter_mut().flat_map(|(key, value)| [key, value]).collect(),
        TypedKind::Index { base, index } => vec![base, index],
        TypedKind::Field { base, .. } | TypedKind::Has { base, .. } => vec![base],
        TypedKind::Literal(_)
        | TypedKind::Pattern(_)
        | TypedKind::Root(_)
        | TypedKind::TypeName(_)
        | TypedKind::Variable { .. } => Vec::new(),
    }
}

/// The change, if neither a case nor a result tells it from the true contract.
pub(super) fn unnoticed(
    contract: &Contract,
    change: &Change,
    cases: &[CaseEvidence],
    calls: &[(Value, Value)],
    wrong: &[WrongResult],
) -> Option<Unnoticed> {
    let clause = &contract.clauses[change.clause];
    let holds = |scope: Scope<'_>| change.rule.as_ref().is_none_or(|rule| evaluate(rule, scope) == Ok(true));
    let held = |scope: Scope<'_>| clause.verdict(scope, traverse_contract::outcome::FoundBy::Host).is_ok();
    let unnoticed = |why: &str| Some(Unnoticed { change: change.words.clone(), why: why.to_owned() });
    if clause.source.kind == ClauseKind::Precondition {
        let told_apart = cases.iter().any(|case| {
            if contract.check_input(&case.input).is_err() {
                return false;
            }
            let scope = contract.scope(&case.input, None);
            let others_hold = contract.clauses.iter().enumerate().all(|(at, other)| {
                at == change.clause
                    || other.source.kind != ClauseKind::Precondition
                    || other.verdict(scope, traverse_contract::outcome::FoundBy::Host).is_ok()
            });
            others_hold && holds(scope) != held(scope)
        });
        if told_apart {
            return None;
        }
        return unnoticed("no case has an input that one admits and the other does not");
    }
    // True results must still pass, ...
    let refuses = |input: &Value, result: &Value| !holds(contract.scope(input, Some(result.into())));
    let of_cases = cases.iter().filter_map(|case| Some((&case.input, case.result.as_ref()?)));
    if of_cases
        .chain(calls.iter().map(|(input, result)| (input, result)))
        .any(|(input, result)| refuses(input, result))
    {
        return None;
    }
    // ... and of the wrong ones that this clause alone catches, one must be let through.
    let others_hold = |one: &WrongResult| {
        let scope = contract.scope(&one.input, Some((&one.result).into()));
        contract.clauses.iter().enumerate().all(|(at, other)| {
            at == change.clause
                || other.source.kind == ClauseKind::Precondition
                || other.verdict(scope, traverse_contract::outcome::FoundBy::Host).is_ok()
        })
    };
    let caught_alone = |one: &&WrongResult| {
        let scope = contract.scope(&one.input, Some((&one.result).into()));
        !held(scope) && others_hold(one)
    };
    let mut alone = wrong.iter().filter(caught_alone).peekable();
    if alone.peek().is_none() {
        return unnoticed(
            "no wrong result that was tried breaks this clause and no other, so nothing here can tell",
        );
    }
    if alone.any(|one| holds(contract.scope(&one.input, Some((&one.result).into())))) {
        return None;
    }
    unnoticed("no result that was seen or tried lies between the two")
}
