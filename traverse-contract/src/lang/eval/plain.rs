//! The commonest rules, a property against constants or a type, without a value made of either: `cart.total > 0`,
//! `customer.tier in ['standard', 'enterprise']`, `result.eligible is bool`.
//!
//! What is said here is what [`super::reduce`] says, step for step (spec LANG-58); where anything is out of the ordinary
//! (an absent property, null, a long text) nothing is said, and that one decides.

use super::{BYTES_PER_STEP, Env};
use crate::json::ValueRef;
use crate::lang::syntax::{BinaryOp, Literal};
use crate::lang::typed::{Root, Type, TypedExpr, TypedKind};
use std::cmp::Ordering;

/// Properties inside each other, at most.
const MOST_NAMES: usize = 4;

/// Ints of this size and less are doubles, too.
const EXACT: i64 = 1 << 53;

/// Whether the rule holds, if it is of this kind and all is ordinary. Only then are steps taken.
pub(super) fn decided(expr: &TypedExpr, env: Env<'_, '_>) -> Option<bool> {
    if env.steps.recorder.is_some() {
        return None;
    }
    let (holds, steps) = match &expr.kind {
        TypedKind::Compare { op, left, right } => {
            let TypedKind::Literal(literal) = &right.kind else { return None };
            let (value, steps) = read(left, env)?;
            let ordering = ordering(value, &left.ty, literal)?;
            let holds = match op {
                BinaryOp::Equal => ordering.is_eq(),
                BinaryOp::NotEqual => ordering.is_ne(),
                BinaryOp::Less => ordering.is_lt(),
                BinaryOp::LessOrEqual => ordering.is_le(),
                BinaryOp::Greater => ordering.is_gt(),
                BinaryOp::GreaterOrEqual => ordering.is_ge(),
                _ => return None,
            };
            (holds, steps + 2)
        }
        TypedKind::In { element, list } => {
            let TypedKind::List(members) = &list.kind else { return None };
            let (value, steps) = read(element, env)?;
            let mut found = None;
            for (at, member) in members.iter().enumerate() {
                let TypedKind::Literal(literal) = &member.kind else { return None };
                // Those behind the one that is found are looked at for their kind alone.
                if ordering(value, &element.ty, literal)?.is_eq() && found.is_none() {
                    found = Some(at + 1);
                }
            }
            (found.is_some(), steps + 2 + members.len() + found.unwrap_or(members.len()))
        }
        TypedKind::Is { operand, truth, .. } => {
            let (value, steps) = read(operand, env)?;
            is_plain(value, &operand.ty).then_some((*truth, steps + 1))?
        }
        _ => return None,
    };
    env.steps.take(steps).ok()?;
    Some(holds)
}

/// The value at a chain of properties, and its steps.
fn read<'a>(expr: &'a TypedExpr, env: Env<'a, '_>) -> Option<(ValueRef<'a>, usize)> {
    // The innermost property first, as the tree has it.
    let mut names: [&str; MOST_NAMES] = [""; MOST_NAMES];
    let mut count = 0;
    let mut at = expr;
    let mut value = loop {
        match &at.kind {
            TypedKind::Root(Root::Input) => break env.scope.input,
            TypedKind::Root(Root::Output) => break env.scope.output?,
            TypedKind::Field { base, name, .. } if matches!(base.ty, Type::Object(_)) => {
                *names.get_mut(count)? = name;
                count += 1;
                at = base;
            }
            _ => return None,
        }
    };
    for name in names[..count].iter().rev() {
        let ValueRef::Object(fields) = value else { return None };
        value = fields.get(name)?;
    }
    Some((value, count + 1))
}

/// Whether it is an ordinary value of this type.
fn is_plain(value: ValueRef<'_>, ty: &Type) -> bool {
    match (ty, value) {
        (Type::String | Type::Enum(_), ValueRef::String(text)) => text.len() < BYTES_PER_STEP,
        (Type::Number, ValueRef::Number(_)) | (Type::Bool, ValueRef::Bool(_)) => true,
        (Type::Int, ValueRef::Number(number)) => number.is_i64(),
        _ => false,
    }
}

/// How a value of this type stands to a literal.
fn ordering(value: ValueRef<'_>, ty: &Type, literal: &Literal) -> Option<Ordering> {
    match (ty, value, literal) {
        (Type::String | Type::Enum(_), ValueRef::String(text), Literal::String(literal))
            if text.len() < BYTES_PER_STEP && literal.len() < BYTES_PER_STEP =>
        {
            Some(text.cmp(literal.as_str()))
        }
        (Type::Number, ValueRef::Number(number), Literal::Double(literal)) => {
            number.as_f64()?.partial_cmp(literal)
        }
        (Type::Number, ValueRef::Number(number), Literal::Int(literal))
            if (-EXACT..=EXACT).contains(literal) =>
        {
            number.as_f64()?.partial_cmp(&(*literal as f64))
        }
        (Type::Int, ValueRef::Number(number), Literal::Int(literal)) => Some(number.as_i64()?.cmp(literal)),
        (Type::Bool, ValueRef::Bool(value), Literal::Bool(literal)) => Some(value.cmp(literal)),
        _ => None,
    }
}
