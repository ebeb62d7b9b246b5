//! The normal form of a rule: what it asks of which expression, whatever the author's words for it.
//!
//! `and`, `or`, `not` and `implies` are taken apart; a comparison with constants becomes a [`Set`] of values that its
//! other side may have. Rules with errors have three values; what is done here holds for all three (Kleene's logic, which
//! LANG-44 is), so that two rules of one normal form hold on the same documents.

use super::sets::{Set, Span};
use std::collections::BTreeMap;
use traverse_contract::lang::syntax::{BinaryOp, Function, Literal};
use traverse_contract::lang::typed::{Root, Type, TypedExpr, TypedKind};
use traverse_contract::schema::{Schema, SchemaKind, resolve};

/// A rule in normal form. `All` of nothing is true, `Any` of nothing is false.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Normal {
    /// Each holds.
    All(Vec<Normal>),
    /// One of them holds.
    Any(Vec<Normal>),
    /// One expression has one of these values.
    Is(Condition),
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

/// Makes normal forms of the rules of one contract.
pub(crate) struct Normalizer<'c> {
    types: &'c [(String, Schema)],
    /// Whether a property, given as `input.cart.coupon`, is known to be absent.
    absent: &'c dyn Fn(&str) -> bool,
    /// The values that the schema admits, by term.
    pub(crate) domains: BTreeMap<String, Set>,
    /// The elements of the macros around, outermost first.
    bound: Vec<usize>,
}

/// Ints up to here are doubles of the same value, and so are their neighbours.
const EXACT: f64 = 9_007_199_254_740_992.0;

impl<'c> Normalizer<'c> {
    pub(crate) fn new(types: &'c [(String, Schema)], absent: &'c dyn Fn(&str) -> bool) -> Self {
        Normalizer { types, absent, domains: BTreeMap::new(), bound: Vec::new() }
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
            TypedKind::Compare { op, left, right } => self.comparison(*op, left, right, positive),
            TypedKind::In { element, list } => match &list.kind {
                TypedKind::List(members) => self.membership(expr, element, members, positive),
                _ => self.opaque(expr, positive),
            },
            // Reading a property never fails where the checker let it pass; other operands may.
            TypedKind::Is { operand, truth, .. } if is_read(operand) => constant(*truth == positive),
            TypedKind::Has { base, optional, .. } if !optional && is_read(base) => constant(positive),
            TypedKind::Has { base, name, .. } if is_read(base) => {
                let path = format!("{}.{name}", self.key(base));
                if (self.absent)(&path) {
                    return constant(!positive);
                }
                condition(format!("has({path})"), Set::truth(positive), false)
            }
            _ => self.opaque(expr, positive),
        }
    }

    fn opaque(&mut self, expr: &TypedExpr, positive: bool) -> Normal {
        let term = self.key(expr);
        condition(term, Set::truth(positive), !always_has_value(expr))
    }

    fn comparison(&mut self, op: BinaryOp, left: &TypedExpr, right: &TypedExpr, positive: bool) -> Normal {
        for (op, side, other) in [(op, left, right), (flipped(op), right, left)] {
            let TypedKind::Literal(literal) = &other.kind else { continue };
            if let Literal::Bool(truth) = literal {
                match op {
                    BinaryOp::Equal => return self.rule(side, positive == *truth),
                    BinaryOp::NotEqual => return self.rule(side, positive != *truth),
                    _ => {}
                }
            }
            if let Some(set) = constants(op, std::slice::from_ref(literal), side.ty == Type::Int) {
                return self.asked(side, set, positive);
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
        let may_fail = !always_has_value(left) || !always_has_value(right);
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
        let whole = element.ty == Type::Int;
        match literals.and_then(|literals| constants(BinaryOp::Equal, &literals, whole)) {
            Some(set) => self.asked(element, set, positive),
            None => self.opaque(expr, positive),
        }
    }

    fn asked(&mut self, side: &TypedExpr, set: Set, positive: bool) -> Normal {
        let set = if positive { set } else { set.complement(side.ty == Type::Number && may_be_nan(side)) };
        condition(self.key(side), set, !always_has_value(side))
    }

    /// Words for an expression, equal only where the values are.
    pub(crate) fn key(&mut self, expr: &TypedExpr) -> String {
        match &expr.kind {
            TypedKind::Root(Root::Input) => "input".into(),
            TypedKind::Root(Root::Output) => "result".into(),
            TypedKind::Field { base, name, .. } => {
                let key = format!("{}.{name}", self.key(base));
                if let Type::Object(object) = &base.ty
                    && let Some(property) = object.property(name)
                {
                    let kind = &resolve(self.types, &property.schema).kind;
                    if let Some(domain) = domain(kind) {
                        self.domains.insert(key.clone(), domain);
                    }
                    if let Some(sizes) = sizes(kind) {
                        self.domains.insert(format!("size({key})"), sizes);
                    }
                }
                key
            }
            TypedKind::Index { base, index } => format!("{}[{}]", self.key(base), self.key(index)),
            TypedKind::Variable { id, .. } => match self.bound.iter().position(|bound| bound == id) {
                Some(depth) => format!("#{depth}"),
                None => self.whole(expr),
            },
            TypedKind::Literal(Literal::Int(integer)) => integer.to_string(),
            // An int and a double of one value are told apart by the operator that they stand under.
            TypedKind::Literal(Literal::Double(double)) => traverse_contract::number::number_text(*double),
            TypedKind::Literal(literal) => format!("{literal:?}"),
            TypedKind::Pattern(pattern) => format!("pattern {:?}", pattern.source()),
            TypedKind::List(elements) => {
                let keys: Vec<String> = elements.iter().map(|element| self.key(element)).collect();
                format!("[{}]", keys.join(", "))
            }
            TypedKind::Negate(operand) => format!("-{}({})", kind_of(&expr.ty), self.key(operand)),
            TypedKind::Arithmetic { op, left, right } => {
                let (mut one, mut other) = (self.key(left), self.key(right));
                let commutes = matches!(op, BinaryOp::Add | BinaryOp::Multiply)
                    && matches!(expr.ty, Type::Int | Type::Number);
                if commutes && other < one {
                    std::mem::swap(&mut one, &mut other);
                }
                format!("{op:?}-{}({one}, {other})", kind_of(&expr.ty))
            }
            TypedKind::Call { function: Function::Size, arguments } if arguments.len() == 1 => {
                let key = format!("size({})", self.key(&arguments[0]));
                let any_size = Set::numbers(vec![Span { low: 0.0, ..Span::ALL }], true, false);
                self.domains.entry(key.clone()).or_insert(any_size);
                key
            }
            TypedKind::Call { function, arguments } => {
                let arguments: Vec<String> = arguments
                    .iter()
                    .map(|argument| format!("{}: {}", self.key(argument), kind_of(&argument.ty)))
                    .collect();
                format!("{function:?}({})", arguments.join(", "))
            }
            TypedKind::Macro { kind, list, variable, filter, body } => {
                let list = self.key(list);
                self.bound.push(*variable);
                let filter = filter.as_ref().map(|filter| self.normal_key(filter));
                let body = self.normal_key(body);
                self.bound.pop();
                format!("{kind:?}({list}, #{}, {filter:?}, {body})", self.bound.len())
            }
            TypedKind::Conditional { condition, then, otherwise } => {
                format!(
                    "({} ? {} : {})",
                    self.normal_key(condition),
                    self.normal_key(then),
                    self.normal_key(otherwise)
                )
            }
            TypedKind::And(..)
            | TypedKind::Or(..)
            | TypedKind::Implies(..)
            | TypedKind::Not(_)
            | TypedKind::Compare { .. } => self.normal_key(expr),
            TypedKind::In { element, list } => {
                let of = self.shape(&format!("{:?}", list.ty));
                format!("{}: {} in {} of {of}", self.key(element), kind_of(&element.ty), self.key(list))
            }
            TypedKind::Is { operand, truth, .. } => format!("{truth} after {}", self.key(operand)),
            TypedKind::Has { base, name, .. } => format!("has({}.{name})", self.key(base)),
            #[allow(unreachable_patterns)]
            _ => self.whole(expr),
        }
    }

    fn normal_key(&mut self, expr: &TypedExpr) -> String {
        if expr.ty == Type::Bool { format!("{:?}", self.rule(expr, true)) } else { self.key(expr) }
    }

    /// What `Debug` shows of types, with the types that they name.
    fn shape(&self, shown: &str) -> String {
        let mut shape = spanless(shown);
        if shape.contains("Ref(") {
            shape.push_str(&spanless(&format!("{:?}", self.types)));
        }
        shape
    }

    /// Words for a form of expression that is not taken apart here: all of its tree.
    fn whole(&self, expr: &TypedExpr) -> String {
        format!("{:?} within {:?}", self.shape(&format!("{expr:?}")), self.bound)
    }
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
            let point =
                |number: &f64| Span { low: *number, low_open: false, high: *number, high_open: false };
            Set::numbers(numbers.iter().map(point).collect(), whole, false)
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

/// Whether this is a property of the data, reached by properties alone.
fn is_read(expr: &TypedExpr) -> bool {
    match &expr.kind {
        TypedKind::Root(_) => true,
        // A key of a map may be absent without anyone having asked.
        TypedKind::Field { base, .. } => !matches!(base.ty, Type::Map(_)) && is_read(base),
        _ => false,
    }
}

/// Whether it has a value on every document that fits the schema.
fn always_has_value(expr: &TypedExpr) -> bool {
    match &expr.kind {
        TypedKind::Root(_) | TypedKind::Literal(_) | TypedKind::Pattern(_) | TypedKind::Variable { .. } => {
            true
        }
        TypedKind::Field { base, optional, .. } => !optional && always_has_value(base),
        TypedKind::Has { base, .. } => always_has_value(base),
        TypedKind::Call { function, arguments } => {
            let total = matches!(
                function,
                Function::Size
                    | Function::StartsWith
                    | Function::EndsWith
                    | Function::Contains
                    | Function::Matches
            );
            total && arguments.iter().all(always_has_value)
        }
        TypedKind::Compare { left, right, .. } => always_has_value(left) && always_has_value(right),
        _ => false,
    }
}

fn may_be_nan(expr: &TypedExpr) -> bool {
    !matches!(
        expr.kind,
        TypedKind::Field { .. }
            | TypedKind::Index { .. }
            | TypedKind::Variable { .. }
            | TypedKind::Literal(_)
    )
}

/// What arithmetic and conversions depend on besides the value.
fn kind_of(ty: &Type) -> &'static str {
    match ty {
        Type::Int => "int",
        Type::Number => "number",
        Type::String | Type::Enum(_) => "text",
        Type::Bool => "bool",
        Type::List(_) => "list",
        _ => "other",
    }
}

/// The values of a schema, where they are a set that can be spoken of.
fn domain(kind: &SchemaKind) -> Option<Set> {
    match kind {
        SchemaKind::Integer(bounds) | SchemaKind::Number(bounds) => {
            let whole = matches!(kind, SchemaKind::Integer(_));
            let least = Span {
                low: bounds.minimum.unwrap_or(f64::NEG_INFINITY),
                high: bounds.maximum.unwrap_or(f64::INFINITY),
                ..Span::ALL
            };
            let beyond = Span {
                low: bounds.exclusive_minimum.unwrap_or(f64::NEG_INFINITY),
                low_open: true,
                high: bounds.exclusive_maximum.unwrap_or(f64::INFINITY),
                high_open: true,
            };
            let bounded =
                Set::numbers(vec![least], whole, false).and(&Set::numbers(vec![beyond], whole, false))?;
            if bounds.among.is_empty() {
                return Some(bounded);
            }
            let point =
                |number: &f64| Span { low: *number, low_open: false, high: *number, high_open: false };
            bounded.and(&Set::numbers(bounds.among.iter().map(point).collect(), whole, false))
        }
        SchemaKind::Boolean(Some(only)) => Some(Set::truth(*only)),
        SchemaKind::Enum(members) => Some(Set::texts(members.iter().cloned())),
        _ => None,
    }
}

/// The sizes of what a schema admits.
fn sizes(kind: &SchemaKind) -> Option<Set> {
    let bounds = match kind {
        SchemaKind::String(bounds) => &bounds.length,
        SchemaKind::Map(_, bounds) => bounds,
        SchemaKind::Array(_, bounds) => &bounds.length,
        _ => return None,
    };
    let span = Span {
        low: bounds.min.unwrap_or(0) as f64,
        high: bounds.max.map_or(f64::INFINITY, |max| max as f64),
        ..Span::ALL
    };
    Some(Set::numbers(vec![span], true, false))
}

/// What `Debug` shows of a tree without the places in files.
pub(crate) fn spanless(shown: &str) -> String {
    let mut text = String::with_capacity(shown.len());
    let mut rest = shown;
    while let Some(at) = rest.find("Span {") {
        text.push_str(&rest[..at]);
        rest = rest[at..].find('}').map_or("", |end| &rest[at + end + 1..]);
    }
    text + rest
}
