//! The normal form of a rule: what it asks of which expression, whatever the author's words for it.
//!
//! `and`, `or`, `not` and `implies` are taken apart, and so are `all` and `exists`; a comparison with constants becomes a
//! [`Set`] of values that its other side may have, a test of a text a pattern. Rules with errors have three values; what
//! is done here holds for all three (Kleene's logic, which LANG-44 and LANG-57 are), so that two rules of one normal form
//! hold on the same documents. The words for an expression are made in [`super::terms`].

use super::domains::Domains;
use super::sets::{Set, Span, Test};
use super::terms::{Bound, kind_of, may_be_nan, never_fails};
use std::sync::Arc;
use traverse_contract::lang::syntax::{BinaryOp, Function, Literal, Macro};
use traverse_contract::lang::typed::{Type, TypedExpr, TypedKind};
use traverse_contract::pattern::Pattern;
use traverse_contract::schema::Schemas;
use traverse_inputs::{Path, Step};

/// A rule in normal form. `All` of nothing is true, `Any` of nothing is false.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Normal {
    /// Each holds.
    All(Vec<Normal>),
    /// One of them holds.
    Any(Vec<Normal>),
    /// One expression has one of these values.
    Is(Condition),
    /// A rule holds for each element of a list, or key of a map.
    Every(Each),
    /// It holds for one of them.
    Some(Each),
}

/// What is asked of one expression.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Condition {
    /// The expression, in words that are equal where its value is.
    pub(crate) term: String,
    /// The values that it may have.
    pub(crate) set: Set,
    /// Whether it may be an error.
    pub(crate) may_fail: bool,
}

/// What is asked of elements.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Each {
    /// The list or map, in words.
    pub(crate) list: String,
    /// Whether that may be an error.
    pub(crate) may_fail: bool,
    /// How many macros are around: part of the element's name.
    pub(crate) depth: usize,
    /// The rule.
    pub(crate) body: Box<Normal>,
}

/// Makes normal forms of the rules of one contract.
pub(crate) struct Normalizer<'c> {
    pub(super) schemas: &'c Schemas,
    /// Another contract, whose schemas the documents fit as well.
    other: Option<&'c Schemas>,
    /// Whether a property is known to be absent.
    absent: &'c dyn Fn(&Path) -> bool,
    /// What the schemas tell of the expressions.
    pub(crate) domains: Domains,
    /// The elements of the macros around, outermost first.
    pub(super) bound: Vec<Bound>,
}

/// Ints up to here are doubles of the same value, and so are their neighbours.
const EXACT: f64 = 9_007_199_254_740_992.0;

impl<'c> Normalizer<'c> {
    /// For rules of a contract by itself.
    pub(crate) fn new(schemas: &'c Schemas) -> Self {
        Normalizer {
            schemas,
            other: None,
            absent: &|_| false,
            domains: Domains::default(),
            bound: Vec::new(),
        }
    }

    /// For rules of a contract on documents that fit the schemas of both, and have no property that is `absent`.
    pub(crate) fn between(
        schemas: &'c Schemas,
        other: &'c Schemas,
        absent: &'c dyn Fn(&Path) -> bool,
    ) -> Self {
        Normalizer { other: Some(other), absent, ..Normalizer::new(schemas) }
    }

    /// The normal form of a rule, or where `!positive` of its negation.
    pub(crate) fn rule(&mut self, expr: &TypedExpr, positive: bool) -> Normal {
        match &expr.kind {
            TypedKind::Literal(Literal::Bool(truth)) => constant(*truth == positive),
            TypedKind::Not(operand) => self.rule(operand, !positive),
            TypedKind::And(left, right) => {
                let parts = vec![self.rule(left, positive), self.rule(right, positive)];
                if positive { all(parts) } else { any(parts) }
            }
            TypedKind::Or(left, right) => {
                let parts = vec![self.rule(left, positive), self.rule(right, positive)];
                if positive { any(parts) } else { all(parts) }
            }
            TypedKind::Implies(left, right) => {
                let parts = vec![self.rule(left, !positive), self.rule(right, positive)];
                if positive { any(parts) } else { all(parts) }
            }
            // An error of the condition is an error of the choice, whatever its sides are.
            TypedKind::Conditional { condition, then, otherwise }
                if never_fails(condition) && !has_choice(condition) =>
            {
                any(vec![
                    all(vec![self.rule(condition, true), self.rule(then, positive)]),
                    all(vec![self.rule(condition, false), self.rule(otherwise, positive)]),
                ])
            }
            TypedKind::Compare { op, left, right } => self.comparison(*op, left, right, positive),
            TypedKind::In { element, list } => match &list.kind {
                TypedKind::List(members) => self.membership(expr, element, members, positive),
                _ => self.opaque(expr, positive),
            },
            TypedKind::Call { function, arguments } => match (test(*function, arguments), &arguments[..]) {
                (Some(test), [text, ..]) => {
                    condition(self.key(text), Set::Match { test, matches: positive }, !never_fails(text))
                }
                _ => self.opaque(expr, positive),
            },
            TypedKind::Macro { kind: kind @ (Macro::All | Macro::Exists), list, variable, body, .. } => {
                let may_fail = !never_fails(list);
                let (list, depth) = self.bind(list, *variable);
                let body = Box::new(self.rule(body, positive));
                self.bound.pop();
                let each = Each { list, may_fail, depth, body };
                if (*kind == Macro::All) == positive { Normal::Every(each) } else { Normal::Some(each) }
            }
            // Reading a property never fails where the checker let it pass; other operands may.
            TypedKind::Is { operand, truth, .. } if never_fails(operand) => constant(*truth == positive),
            TypedKind::Has { base, optional, .. } if !optional && never_fails(base) => constant(positive),
            TypedKind::Has { base, name, .. } if never_fails(base) => {
                let path = self.path(base).map(|mut path| {
                    path.steps.push(Step::Field(name.clone()));
                    path
                });
                if path.is_some_and(|path| (self.absent)(&path)) {
                    return constant(!positive);
                }
                condition(format!("has({}.{name})", self.key(base)), Set::truth(positive), false)
            }
            _ => self.opaque(expr, positive),
        }
    }

    fn opaque(&mut self, expr: &TypedExpr, positive: bool) -> Normal {
        let term = self.key(expr);
        condition(term, Set::truth(positive), !never_fails(expr))
    }

    fn comparison(&mut self, op: BinaryOp, left: &TypedExpr, right: &TypedExpr, positive: bool) -> Normal {
        for (op, side, other) in [(op, left, right), (flipped(op), right, left)] {
            let TypedKind::Literal(literal) = &other.kind else { continue };
            match (literal, op) {
                (Literal::Bool(truth), BinaryOp::Equal) if side.ty == Type::Bool => {
                    return self.rule(side, positive == *truth);
                }
                (Literal::Bool(truth), BinaryOp::NotEqual) if side.ty == Type::Bool => {
                    return self.rule(side, positive != *truth);
                }
                (Literal::Null, BinaryOp::Equal | BinaryOp::NotEqual)
                    if matches!(side.ty, Type::Nullable(_)) =>
                {
                    return self.null(side, (op == BinaryOp::Equal) == positive);
                }
                _ => {}
            }
            let whole = *side.ty.value() == Type::Int;
            if let Some(set) = constants(op, std::slice::from_ref(literal), whole) {
                return self.asked(side, set, op == BinaryOp::NotEqual, positive);
            }
        }
        let (one, other) = (self.key(left), self.key(right));
        let (op, one, other) = if one <= other { (op, one, other) } else { (flipped(op), other, one) };
        let scalar = |ty: &Type| {
            matches!(ty, Type::Null | Type::Bool | Type::Int | Type::Number | Type::String | Type::Enum(_))
        };
        // Of lists and objects only what their types know is compared.
        // An int beyond 2^53 as a number is another number.
        let of = if scalar(&left.ty) && scalar(&right.ty) {
            let (one, other) = (kind_of(&left.ty), kind_of(&right.ty));
            format!(": {} {}", one.min(other), one.max(other))
        } else {
            self.shape(&format!("{:?} {:?}", left.ty, right.ty))
        };
        let order = |less, equal, greater, unordered| Set::Order { less, equal, greater, unordered };
        let set = match op {
            BinaryOp::Less => order(true, false, false, false),
            BinaryOp::LessOrEqual => order(true, true, false, false),
            BinaryOp::Greater => order(false, false, true, false),
            BinaryOp::GreaterOrEqual => order(false, true, true, false),
            BinaryOp::Equal => order(false, true, false, false),
            _ => order(true, false, true, true),
        };
        let set = if positive { set } else { set.complement(true) };
        let may_fail = !never_fails(left) || !never_fails(right);
        condition(format!("compare({one}, {other}){of}"), set, may_fail)
    }

    fn membership(
        &mut self,
        expr: &TypedExpr,
        element: &TypedExpr,
        members: &[TypedExpr],
        positive: bool,
    ) -> Normal {
        let literals: Option<Vec<Literal>> = members
            .iter()
            .map(|member| match &member.kind {
                TypedKind::Literal(literal) => Some(literal.clone()),
                _ => None,
            })
            .collect();
        let Some(mut literals) = literals else { return self.opaque(expr, positive) };
        let count = literals.len();
        literals.retain(|literal| *literal != Literal::Null);
        let with_null = literals.len() < count;
        let nullable = matches!(element.ty, Type::Nullable(_));
        let whole = *element.ty.value() == Type::Int;
        match constants(BinaryOp::Equal, &literals, whole) {
            Some(set) if nullable || !with_null => self.asked(element, set, with_null, positive),
            _ => self.opaque(expr, positive),
        }
    }

    /// One of these values, or null where `or_null`.
    fn asked(&mut self, side: &TypedExpr, set: Set, or_null: bool, positive: bool) -> Normal {
        let set = if positive { set } else { set.complement(may_be_nan(side, self)) };
        let value = condition(self.key(side), set, !never_fails(side));
        if !matches!(side.ty, Type::Nullable(_)) {
            return value;
        }
        match or_null == positive {
            true => any(vec![self.null(side, true), value]),
            false => all(vec![self.null(side, false), value]),
        }
    }

    fn null(&mut self, side: &TypedExpr, is_null: bool) -> Normal {
        condition(format!("null({})", self.key(side)), Set::truth(is_null), !never_fails(side))
    }

    /// Notes what the schemas tell of the value at `path`.
    pub(super) fn note(&mut self, term: &str, path: &Path) {
        self.domains.learn(term, self.schemas, path);
        if let Some(other) = self.other {
            self.domains.learn(term, other, path);
        }
    }
}

/// What a call asks of its first argument, where the other says it in full.
fn test(function: Function, arguments: &[TypedExpr]) -> Option<Test> {
    let [_, argument] = arguments else { return None };
    let pattern = match (function, &argument.kind) {
        (Function::Matches, TypedKind::Pattern(pattern)) => return Some(Test(pattern.clone())),
        (Function::StartsWith, TypedKind::Literal(Literal::String(text))) => Pattern::starting(text),
        (Function::EndsWith, TypedKind::Literal(Literal::String(text))) => Pattern::ending(text),
        (Function::Contains, TypedKind::Literal(Literal::String(text))) => Pattern::containing(text),
        _ => None,
    };
    pattern.map(|pattern| Test(Arc::new(pattern)))
}

/// Taken apart, a choice as condition of a choice would be there twice for each one around it.
fn has_choice(expr: &TypedExpr) -> bool {
    matches!(expr.kind, TypedKind::Conditional { .. }) || expr.operands().into_iter().any(has_choice)
}

/// The rule that holds always, or never.
pub(crate) fn constant(truth: bool) -> Normal {
    if truth { Normal::All(Vec::new()) } else { Normal::Any(Vec::new()) }
}

fn condition(term: String, set: Set, may_fail: bool) -> Normal {
    Normal::Is(Condition { term, set, may_fail })
}

/// Each of `parts`, taken apart, ordered, each once; what is asked of one expression in one place.
pub(crate) fn all(parts: Vec<Normal>) -> Normal {
    let mut flat = Vec::new();
    for part in parts {
        match part {
            Normal::All(inner) => flat.extend(inner),
            Normal::Any(inner) if inner.is_empty() => return constant(false),
            part => flat.push(part),
        }
    }
    let joined = joined(flat, Set::and);
    if joined.len() == 1 { joined.into_iter().next().unwrap_or(constant(true)) } else { Normal::All(joined) }
}

/// One of `parts`, likewise.
pub(crate) fn any(parts: Vec<Normal>) -> Normal {
    let mut flat = Vec::new();
    for part in parts {
        match part {
            Normal::Any(inner) => flat.extend(inner),
            Normal::All(inner) if inner.is_empty() => return constant(true),
            part => flat.push(part),
        }
    }
    let joined = joined(flat, Set::or);
    if joined.len() == 1 { joined.into_iter().next().unwrap_or(constant(false)) } else { Normal::Any(joined) }
}

fn joined(parts: Vec<Normal>, join: fn(&Set, &Set) -> Option<Set>) -> Vec<Normal> {
    let mut kept: Vec<Normal> = Vec::new();
    'parts: for part in parts {
        if let Normal::Is(new) = &part {
            for known in &mut kept {
                if let Normal::Is(known) = known
                    && known.term == new.term
                    && let Some(set) = join(&known.set, &new.set)
                {
                    known.set = set;
                    continue 'parts;
                }
            }
        }
        if !kept.contains(&part) {
            kept.push(part);
        }
    }
    kept.sort_by_cached_key(|part| format!("{part:?}"));
    kept
}

/// The values of an expression for which `expression OP literal` holds for one of `literals`.
fn constants(op: BinaryOp, literals: &[Literal], whole: bool) -> Option<Set> {
    let number = |literal: &Literal| match literal {
        Literal::Int(integer) => Some(*integer as f64),
        Literal::Double(double) => Some(*double),
        _ => None,
    };
    if let Some(numbers) = literals.iter().map(number).collect::<Option<Vec<f64>>>() {
        if numbers.iter().any(|number| number.abs() >= EXACT) {
            return None;
        }
        let points = |numbers: &[f64]| {
            Set::numbers(numbers.iter().map(|number| Span::point(*number)).collect(), whole, false)
        };
        let first = *numbers.first()?;
        return Some(match op {
            BinaryOp::Equal => points(&numbers),
            BinaryOp::NotEqual => points(&numbers).complement(!whole),
            BinaryOp::Less => {
                Set::numbers(vec![Span { high: first, high_open: true, ..Span::ALL }], whole, false)
            }
            BinaryOp::LessOrEqual => Set::numbers(vec![Span { high: first, ..Span::ALL }], whole, false),
            BinaryOp::Greater => {
                Set::numbers(vec![Span { low: first, low_open: true, ..Span::ALL }], whole, false)
            }
            BinaryOp::GreaterOrEqual => Set::numbers(vec![Span { low: first, ..Span::ALL }], whole, false),
            _ => return None,
        });
    }
    let text = |literal: &Literal| match literal {
        Literal::String(text) => Some(text.clone()),
        _ => None,
    };
    let texts = Set::texts(literals.iter().map(text).collect::<Option<Vec<String>>>()?);
    match op {
        BinaryOp::Equal => Some(texts),
        BinaryOp::NotEqual => Some(texts.complement(false)),
        _ => None,
    }
}

fn flipped(op: BinaryOp) -> BinaryOp {
    match op {
        BinaryOp::Less => BinaryOp::Greater,
        BinaryOp::LessOrEqual => BinaryOp::GreaterOrEqual,
        BinaryOp::Greater => BinaryOp::Less,
        BinaryOp::GreaterOrEqual => BinaryOp::LessOrEqual,
        other => other,
    }
}
