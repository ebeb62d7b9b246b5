//! Which optional properties are known to be there, and which values are known not to be null: what `has()` and
//! comparisons prove, and where.
//!
//! A fact holds in the right operand of `and` if the left one proves it by being true, of `or` and `implies` likewise
//! by the value that lets the right one matter. This stays sound with absorbed errors: a tree proves a fact for
//! "true" only if the fact also holds whenever the tree is not false (an error included), and the other way round.

use crate::lang::syntax::{BinaryOp, Function, Literal, TypeValue};
use crate::lang::typed::{Root, Type, TypedExpr, TypedKind};
use std::collections::BTreeSet;

/// Paths that are there, by [`path_key`], and that are not null, by [`not_null_key`].
pub(super) type Facts = BTreeSet<String>;

/// Names a path of properties and indices, which are literals or paths themselves: what is read twice under one name
/// is one value. `None` for anything else.
pub(super) fn path_key(expr: &TypedExpr) -> Option<String> {
    match &expr.kind {
        TypedKind::Root(Root::Input) => Some("input".into()),
        TypedKind::Root(Root::Output) => Some("result".into()),
        TypedKind::Variable { id, .. } => Some(format!("#{id}")),
        TypedKind::Field { base, name, .. } => Some(named(base, name, path_key(base)?)),
        TypedKind::Index { base, index } => match index.kind {
            TypedKind::Literal(Literal::Int(index)) => Some(format!("{}[{index}]", path_key(base)?)),
            TypedKind::Literal(Literal::String(ref key)) => Some(named(base, key, path_key(base)?)),
            // Neither a number nor a text in quotes, so it is no literal's name.
            _ => Some(format!("{}[{}]", path_key(base)?, path_key(index)?)),
        },
        TypedKind::NotNull(read) => path_key(read),
        _ => None,
    }
}

/// A path of properties and literal indices.
pub(super) fn is_fixed(expr: &TypedExpr) -> bool {
    match &expr.kind {
        TypedKind::Root(_) | TypedKind::Variable { .. } => true,
        TypedKind::Field { base, .. } | TypedKind::NotNull(base) => is_fixed(base),
        TypedKind::Index { base, index } => matches!(index.kind, TypedKind::Literal(_)) && is_fixed(base),
        _ => false,
    }
}

/// What `base`, whose key is `path`, has under `name`. A key of a map may be any text, so it stands in quotes.
fn named(base: &TypedExpr, name: &str, path: String) -> String {
    match base.ty {
        Type::Map(_) => format!("{path}[{name:?}]"),
        _ => format!("{path}.{name}"),
    }
}

/// Names the fact that a path is not null; no name of a property has the mark.
pub(super) fn not_null_key(expr: &TypedExpr) -> Option<String> {
    path_key(expr).map(|key| format!("{key}?"))
}

/// [`not_null_key`] of what may be null at all: nobody asks for a proof of anything else.
fn nullable_key(expr: &TypedExpr) -> Option<String> {
    matches!(expr.ty, Type::Nullable(_)).then(|| not_null_key(expr))?
}

/// What is there when `expr` came out as `truth`.
pub(super) fn proved(expr: &TypedExpr, truth: bool) -> Facts {
    let (if_true, if_false) = proofs(expr);
    if truth { if_true } else { if_false }
}

/// What is there when `expr` came out as true, and as false. Of both at once, so that each part is looked at once.
fn proofs(expr: &TypedExpr) -> (Facts, Facts) {
    match &expr.kind {
        TypedKind::Not(operand) => {
            let (if_true, if_false) = proofs(operand);
            (if_false, if_true)
        }
        TypedKind::And(left, right) => {
            let (left, right) = (proofs(left), proofs(right));
            (join(left.0, right.0, true), join(left.1, right.1, false))
        }
        TypedKind::Or(left, right) => {
            let (left, right) = (proofs(left), proofs(right));
            (join(left.0, right.0, false), join(left.1, right.1, true))
        }
        TypedKind::Implies(left, right) => {
            let (left, right) = (proofs(left), proofs(right));
            (join(left.1, right.0, false), join(left.0, right.1, true))
        }
        TypedKind::Conditional { condition, then, otherwise } => {
            let (if_true, if_false) = proofs(condition);
            let (by_then, by_otherwise) = (proofs(then), proofs(otherwise));
            let chosen = |truth: bool, by_then: Facts, by_otherwise: Facts| {
                let never = |side: &TypedExpr| matches!(side.kind, TypedKind::Literal(Literal::Bool(value)) if value != truth);
                // A condition that is an error is neither, so only what the condition proves counts.
                match (never(then), never(otherwise)) {
                    (false, true) => if_true.clone(),
                    (true, false) => if_false.clone(),
                    _ => {
                        let by_condition = join(if_true.clone(), if_false.clone(), true);
                        let then = join(if_true.clone(), by_then, true);
                        let otherwise = join(if_false.clone(), by_otherwise, true);
                        join(join(then, otherwise, false), by_condition, false)
                    }
                }
            };
            (chosen(true, by_then.0, by_otherwise.0), chosen(false, by_then.1, by_otherwise.1))
        }
        _ => (proved_alone(expr, true), proved_alone(expr, false)),
    }
}

/// What a condition without parts proves.
fn proved_alone(expr: &TypedExpr, truth: bool) -> Facts {
    match &expr.kind {
        TypedKind::Has { base, name, .. } if truth => {
            path_key(base).map(|path| named(base, name, path)).into_iter().collect()
        }
        TypedKind::Compare { op, left, right } if (*op == BinaryOp::Equal) == truth => {
            equal(left, right).into_iter().collect()
        }
        TypedKind::Compare { op, left, right } if (*op == BinaryOp::NotEqual) == truth => {
            unequal(left, right).into_iter().collect()
        }
        TypedKind::In { element, list } if truth => match (&element.kind, &list.ty, &list.kind) {
            (TypedKind::Literal(Literal::String(key)), Type::Map(_), _) => {
                path_key(list).map(|path| named(list, key, path)).into_iter().collect()
            }
            (_, _, TypedKind::List(members)) if members.iter().all(is_value) => {
                nullable_key(element).into_iter().collect()
            }
            _ => Facts::new(),
        },
        _ => Facts::new(),
    }
}

/// What is not null where the two are equal: what equals a literal that is not null. A side that can be an error
/// proves nothing, for the comparison is then neither true nor false.
fn equal(left: &TypedExpr, right: &TypedExpr) -> Option<String> {
    [(left, right), (right, left)].into_iter().find_map(|(read, other)| match type_asked(read) {
        Some(asked) => matches!(other.kind, TypedKind::TypeName(name) if name != TypeValue::Null)
            .then(|| not_null_key(asked))?,
        None => is_value(other).then(|| nullable_key(read))?,
    })
}

/// What is not null where the two are not equal: what does not equal `null`.
fn unequal(left: &TypedExpr, right: &TypedExpr) -> Option<String> {
    [(left, right), (right, left)].into_iter().find_map(|(read, other)| match type_asked(read) {
        Some(asked) => {
            matches!(other.kind, TypedKind::TypeName(TypeValue::Null)).then(|| not_null_key(asked))?
        }
        None => matches!(other.kind, TypedKind::Literal(Literal::Null)).then(|| nullable_key(read))?,
    })
}

/// The operand of `type()`, if it may be null.
fn type_asked(expr: &TypedExpr) -> Option<&TypedExpr> {
    match &expr.kind {
        TypedKind::Call { function: Function::Type, arguments } => {
            arguments.first().filter(|argument| matches!(argument.ty, Type::Nullable(_)))
        }
        _ => None,
    }
}

/// A literal other than `null`.
fn is_value(expr: &TypedExpr) -> bool {
    matches!(&expr.kind, TypedKind::Literal(literal) if *literal != Literal::Null)
}

fn join(left: Facts, right: Facts, both_hold: bool) -> Facts {
    match both_hold {
        true if right.is_empty() => left,
        true if left.is_empty() => right,
        true => &left | &right,
        false if left.is_empty() || right.is_empty() => Facts::new(),
        false => &left & &right,
    }
}
