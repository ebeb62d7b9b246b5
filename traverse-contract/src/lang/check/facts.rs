//! Which optional properties are known to be there: what `has()` proves, and where.
//!
//! A fact holds in the right operand of `and` if the left one proves it by being true, of `or` and `implies` likewise
//! by the value that lets the right one matter. This stays sound with absorbed errors: a tree proves a fact for
//! "true" only if the fact also holds whenever the tree is not false (an error included), and the other way round.

use crate::lang::syntax::Literal;
use crate::lang::typed::{Root, Type, TypedExpr, TypedKind};
use std::collections::BTreeSet;

/// Paths that are there, by [`path_key`].
pub(super) type Facts = BTreeSet<String>;

/// Names a path of properties and literal indices; `None` where the path is not fixed by the text.
pub(super) fn path_key(expr: &TypedExpr) -> Option<String> {
    match &expr.kind {
        TypedKind::Root(Root::Input) => Some("input".into()),
        TypedKind::Root(Root::Output) => Some("result".into()),
        TypedKind::Variable { id, .. } => Some(format!("#{id}")),
        TypedKind::Field { base, name, .. } => Some(named(base, name, path_key(base)?)),
        TypedKind::Index { base, index } => match index.kind {
            TypedKind::Literal(Literal::Int(index)) => Some(format!("{}[{index}]", path_key(base)?)),
            TypedKind::Literal(Literal::String(ref key)) => Some(named(base, key, path_key(base)?)),
            _ => None,
        },
        _ => None,
    }
}

/// What `base`, whose key is `path`, has under `name`. A key of a map may be any text, so it stands in quotes.
fn named(base: &TypedExpr, name: &str, path: String) -> String {
    match base.ty {
        Type::Map(_) => format!("{path}[{name:?}]"),
        _ => format!("{path}.{name}"),
    }
}

/// What is there when `expr` came out as `truth`.
pub(super) fn proved(expr: &TypedExpr, truth: bool) -> Facts {
    match &expr.kind {
        TypedKind::Has { base, name, .. } if truth => {
            path_key(base).map(|path| named(base, name, path)).into_iter().collect()
        }
        TypedKind::In { element, list } if truth => match (&element.kind, &list.ty) {
            (TypedKind::Literal(Literal::String(key)), Type::Map(_)) => {
                path_key(list).map(|path| named(list, key, path)).into_iter().collect()
            }
            _ => Facts::new(),
        },
        TypedKind::Not(operand) => proved(operand, !truth),
        TypedKind::And(left, right) => join(proved(left, truth), proved(right, truth), truth),
        TypedKind::Or(left, right) => join(proved(left, truth), proved(right, truth), !truth),
        TypedKind::Implies(left, right) => join(proved(left, !truth), proved(right, truth), !truth),
        TypedKind::Conditional { condition, then, otherwise } => {
            let (if_true, if_false) = (proved(condition, true), proved(condition, false));
            let never = |side: &TypedExpr| matches!(side.kind, TypedKind::Literal(Literal::Bool(value)) if value != truth);
            // A condition that is an error is neither, so only what the condition proves counts.
            match (never(then), never(otherwise)) {
                (false, true) => if_true,
                (true, false) => if_false,
                _ => {
                    let by_condition = &if_true | &if_false;
                    let then = &if_true | &proved(then, truth);
                    let otherwise = &if_false | &proved(otherwise, truth);
                    &(&then & &otherwise) & &by_condition
                }
            }
        }
        _ => Facts::new(),
    }
}

fn join(left: Facts, right: Facts, both_hold: bool) -> Facts {
    if both_hold { &left | &right } else { &left & &right }
}
