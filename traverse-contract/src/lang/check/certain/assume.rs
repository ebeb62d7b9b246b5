//! What follows for the parts of a condition from its being true, or false.

use super::super::facts::path_key;
use super::super::range::{Doubles, Known, Sizes, Truth};
use super::{Analysis, MOST_NARROWED, Narrowed};
use crate::diagnostic::Span;
use crate::lang::syntax::{BinaryOp, Function, Literal};
use crate::lang::typed::{Type, TypedExpr, TypedKind};

impl Analysis<'_> {
    /// Remembers what follows from `expr` being `truth`; false if it cannot be.
    pub(in crate::lang::check) fn assume(&mut self, expr: &TypedExpr, truth: bool) -> bool {
        // Sides that are kept may have been evaluated under other conditions.
        self.sides.clear();
        self.follow(expr, truth)
    }

    /// As [`Analysis::assume`], directly after `expr` was evaluated under the same conditions.
    pub(super) fn follow(&mut self, expr: &TypedExpr, truth: bool) -> bool {
        let quiet = std::mem::replace(&mut self.quiet, true);
        let possible = self.take_as(expr, truth);
        self.quiet = quiet;
        possible
    }

    fn take_as(&mut self, expr: &TypedExpr, truth: bool) -> bool {
        match (&expr.kind, truth) {
            (TypedKind::Not(operand), _) => self.take_as(operand, !truth),
            (TypedKind::And(left, right), true) => self.take_as(left, true) && self.take_as(right, true),
            (TypedKind::Or(left, right), false) => self.take_as(left, false) && self.take_as(right, false),
            (TypedKind::Implies(left, right), false) => {
                self.take_as(left, true) && self.take_as(right, false)
            }
            (TypedKind::Compare { op, left, right }, _) => {
                let (left_known, right_known) = (self.side(left), self.side(right));
                let nan =
                    |known: &Known| matches!(known, Known::Double(Doubles { nan: true, .. }) | Known::Any);
                let ordering = !matches!(op, BinaryOp::Equal | BinaryOp::NotEqual);
                let op = match truth {
                    true => *op,
                    // What a NaN is not less than it is not greater than, either.
                    false if ordering && (nan(&left_known) || nan(&right_known)) => return true,
                    false => opposite(*op),
                };
                self.narrow(left, op, &right_known, expr.span)
                    && self.narrow(right, mirrored(op), &left_known, expr.span)
            }
            (TypedKind::In { element, list }, _) => {
                let Known::List(lists) = self.side(list) else { return true };
                match (truth, lists.members) {
                    (true, _) => self.narrow(element, BinaryOp::Equal, &lists.element, expr.span),
                    (false, Some(members)) => members
                        .iter()
                        .filter(|member| member.is_single())
                        .take(MOST_NARROWED)
                        .all(|member| self.narrow(element, BinaryOp::NotEqual, member, expr.span)),
                    (false, None) => true,
                }
            }
            (TypedKind::Has { base, name, .. }, _) => {
                let Some(base) = path_key(base) else { return true };
                let key = has_key(&base, name);
                let known = Known::Bool(Truth::EITHER);
                let known = self.find(&key).map_or(known, |found| found.known.clone());
                let only = Known::Bool(Truth::only(truth));
                match known.narrowed(BinaryOp::Equal, &only) {
                    Some(narrowed) => {
                        self.remember(key, &known, narrowed, expr.span);
                        true
                    }
                    None => false,
                }
            }
            _ if expr.ty == Type::Bool && path_key(expr).is_some() => {
                self.narrow(expr, BinaryOp::Equal, &Known::Bool(Truth::only(truth)), expr.span)
            }
            (TypedKind::Literal(Literal::Bool(value)), _) => *value == truth,
            _ => true,
        }
    }

    pub(super) fn keep_side(&mut self, side: &TypedExpr, known: &Known) {
        self.sides.insert(side, known.clone());
    }

    fn side(&mut self, side: &TypedExpr) -> Known {
        match self.sides.get(&std::ptr::from_ref(side)) {
            Some(known) => known.clone(),
            None => self.eval(side).known(),
        }
    }

    /// Remembers that `target op other`.
    fn narrow(&mut self, target: &TypedExpr, op: BinaryOp, other: &Known, at: Span) -> bool {
        if let TypedKind::Call { function: Function::Size, arguments } = &target.kind
            && let [of] = &arguments[..]
            && let Some(key) = path_key(of)
        {
            let known = self.eval(of).known();
            let size = match &known {
                Known::Text(texts) => texts.size,
                Known::List(lists) => lists.size,
                _ => return true,
            };
            let Some(Known::Int(ints)) = Known::Int(size.ints()).narrowed(op, other) else { return false };
            let bound = |size: i64| u64::try_from(size).unwrap_or(0);
            let size = Sizes { low: bound(ints.low), high: bound(ints.high) };
            let Some(narrowed) = known.with_size(size) else { return false };
            self.remember(key, &known, narrowed, at);
            return true;
        }
        let Some(key) = path_key(target) else { return true };
        let known = self.eval(target).known();
        match known.narrowed(op, other) {
            Some(narrowed) => {
                self.remember(key, &known, narrowed, at);
                true
            }
            None => false,
        }
    }

    fn remember(&mut self, key: String, before: &Known, known: Known, at: Span) {
        if *before == known || self.narrowed.len() >= MOST_NARROWED {
            return;
        }
        let mut given = self.find(&key).map(|found| found.given.clone()).unwrap_or_default();
        given.push(at);
        self.narrowed.push(Narrowed { key, known, given });
    }

    /// The conditions that say something of what `expr` reads.
    pub(super) fn given(&self, expr: &TypedExpr) -> Vec<Span> {
        if self.narrowed.is_empty() {
            return Vec::new();
        }
        let mut given: Vec<Span> = Vec::new();
        for key in keys(expr) {
            let found = self.find(&key).map(|narrowed| narrowed.given.as_slice()).unwrap_or_default();
            found.iter().for_each(|span| {
                if !given.contains(span) {
                    given.push(*span);
                }
            });
        }
        given
    }
}

/// What reads of `expr` are remembered under.
pub(in crate::lang::check) fn keys(expr: &TypedExpr) -> Vec<String> {
    let mut found = Vec::new();
    collect_keys(expr, &mut found);
    found
}

fn collect_keys(expr: &TypedExpr, found: &mut Vec<String>) {
    if let TypedKind::Has { base, name, .. } = &expr.kind
        && let Some(base) = path_key(base)
    {
        found.push(has_key(&base, name));
    }
    if let Some(key) = path_key(expr) {
        found.push(key);
    }
    // What is said of a list is said of its elements, too.
    expr.operands().into_iter().for_each(|child| collect_keys(child, found));
}

pub(super) fn has_key(base: &str, name: &str) -> String {
    format!("has {base}.{name}")
}

fn opposite(op: BinaryOp) -> BinaryOp {
    match op {
        BinaryOp::Less => BinaryOp::GreaterOrEqual,
        BinaryOp::LessOrEqual => BinaryOp::Greater,
        BinaryOp::Greater => BinaryOp::LessOrEqual,
        BinaryOp::GreaterOrEqual => BinaryOp::Less,
        BinaryOp::Equal => BinaryOp::NotEqual,
        _ => BinaryOp::Equal,
    }
}

/// The operator with its sides exchanged.
fn mirrored(op: BinaryOp) -> BinaryOp {
    match op {
        BinaryOp::Less => BinaryOp::Greater,
        BinaryOp::LessOrEqual => BinaryOp::GreaterOrEqual,
        BinaryOp::Greater => BinaryOp::Less,
        BinaryOp::GreaterOrEqual => BinaryOp::LessOrEqual,
        same => same,
    }
}
