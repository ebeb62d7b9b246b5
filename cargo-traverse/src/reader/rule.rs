//! A checked expression in plain English, for a reader who knows no code.
//!
//! A *claim* is something that is true or false (`cart.total > 0`: `cart.total` is greater than 0) and can be said of
//! its opposite, too; a *value* is what claims are about. Brackets stand where words alone could be read two ways.

mod claim;
#[cfg(test)]
mod tests;
mod value;

use super::phrase::Phrase;
use traverse_contract::lang::syntax::{BinaryOp, Literal, TypeName};
use traverse_contract::lang::typed::{Type, TypedExpr, TypedKind};

/// The rule in words, without a full stop.
pub(super) fn in_words(rule: &TypedExpr) -> Phrase {
    Speaker { elements: Vec::new() }.claim(rule, true).phrase
}

/// Words, and whether they hold together on their own.
struct Said {
    phrase: Phrase,
    /// `a and b`, `if a, then b`: needs brackets as a part of something larger.
    loose: bool,
}

impl Said {
    fn whole(phrase: Phrase) -> Said {
        Said { phrase, loose: false }
    }

    fn loose(phrase: Phrase) -> Said {
        Said { phrase, loose: true }
    }

    /// As a part of something larger.
    fn part(self) -> Phrase {
        if self.loose { self.phrase.in_brackets() } else { self.phrase }
    }
}

struct Speaker {
    /// The names of the elements of the macros around, innermost last. They hide properties of the same name.
    elements: Vec<String>,
}

impl Speaker {
    /// What is said if `expr` shall be `truth`.
    fn claim(&mut self, expr: &TypedExpr, truth: bool) -> Said {
        let is = |positive: &'static str, negative: &'static str| if truth { positive } else { negative };
        match &expr.kind {
            TypedKind::Literal(Literal::Bool(always)) => Said::whole(Phrase::text(if *always == truth {
                "nothing is asked"
            } else {
                "this can never be"
            })),
            TypedKind::Not(operand) => self.claim(operand, !truth),
            TypedKind::And(left, right) if truth => {
                let mut parts = Vec::new();
                self.flat(left, &mut parts, BinaryOp::And);
                self.flat(right, &mut parts, BinaryOp::And);
                Said::loose(Phrase::join(parts, " and "))
            }
            TypedKind::Or(left, right) if truth => {
                let mut parts = Vec::new();
                self.flat(left, &mut parts, BinaryOp::Or);
                self.flat(right, &mut parts, BinaryOp::Or);
                Said::loose(Phrase::join(parts, " or "))
            }
            TypedKind::Implies(left, right) if truth => {
                let left = self.claim(left, true).phrase;
                let right = self.claim(right, true);
                let right = if right.loose { right.phrase.in_brackets() } else { right.phrase };
                Said::loose(Phrase::text("if ").then(left).say(", then ").then(right))
            }
            TypedKind::And(..) | TypedKind::Or(..) | TypedKind::Implies(..) => {
                let said = self.claim(expr, true);
                Said::whole(Phrase::text("it is not so that ").then(said.phrase.in_brackets()))
            }
            TypedKind::Compare { op, left, right } => self.comparison(*op, left, right, truth),
            TypedKind::In { element, list } => self.membership(element, list, truth),
            TypedKind::Is { operand, type_name, negated, .. } => {
                let is = if *negated == truth { " is not " } else { " is " };
                Said::whole(self.value(operand).phrase.say(is).say(type_in_words(*type_name)))
            }
            TypedKind::Has { base, name, .. } => {
                let property = self.property(base, name);
                Said::whole(property.phrase.say(is(" is given", " is not given")))
            }
            TypedKind::Macro { kind, list, variable, filter: _, body } => {
                self.quantified(*kind, list, *variable, body, truth)
            }
            TypedKind::Conditional { condition, then, otherwise } => {
                let condition = self.claim(condition, true).phrase;
                let then = self.claim(then, truth).part();
                let otherwise = self.claim(otherwise, truth).part();
                let phrase = Phrase::text("if ").then(condition).say(", then ").then(then);
                Said::loose(phrase.say("; otherwise ").then(otherwise))
            }
            TypedKind::Call { function, arguments } => self.call_claim(expr, *function, arguments, truth),
            // What is a bool by itself: a property, an element, …
            TypedKind::Literal(_)
            | TypedKind::Pattern(_)
            | TypedKind::NotNull(_)
            | TypedKind::TypeName(_)
            | TypedKind::Root(_)
            | TypedKind::Field { .. }
            | TypedKind::Index { .. }
            | TypedKind::List(_)
            | TypedKind::Map(_)
            | TypedKind::Negate(_)
            | TypedKind::Arithmetic { .. }
            | TypedKind::Variable { .. } => {
                Said::whole(self.value(expr).phrase.say(is(" is true", " is false")))
            }
        }
    }

    /// The operands of a chain of `and` or of `or`, each fit to stand in it.
    fn flat(&mut self, expr: &TypedExpr, parts: &mut Vec<Phrase>, op: BinaryOp) {
        match (&expr.kind, op) {
            (TypedKind::And(left, right), BinaryOp::And) | (TypedKind::Or(left, right), BinaryOp::Or) => {
                self.flat(left, parts, op);
                self.flat(right, parts, op);
            }
            _ => parts.push(self.claim(expr, true).part()),
        }
    }

    fn with_element<T>(&mut self, name: &str, say: impl FnOnce(&mut Speaker) -> T) -> T {
        self.elements.push(name.to_owned());
        let said = say(self);
        self.elements.pop();
        said
    }
}

/// What the author calls the element of a macro; a body that does not look at it has any word for it.
fn element_name(body: &TypedExpr, variable: usize) -> String {
    name_in(body, variable).unwrap_or_else(|| "element".to_owned())
}

fn mentions(expr: &TypedExpr, variable: usize) -> bool {
    name_in(expr, variable).is_some()
}

fn name_in(expr: &TypedExpr, variable: usize) -> Option<String> {
    let within = |inner: &TypedExpr| name_in(inner, variable);
    match &expr.kind {
        TypedKind::Variable { id, name } => (*id == variable).then(|| name.clone()),
        TypedKind::Literal(_) | TypedKind::Pattern(_) | TypedKind::TypeName(_) | TypedKind::Root(_) => None,
        TypedKind::Field { base, .. } | TypedKind::Has { base, .. } => within(base),
        TypedKind::Not(operand)
        | TypedKind::Negate(operand)
        | TypedKind::NotNull(operand)
        | TypedKind::Is { operand, .. } => within(operand),
        TypedKind::List(members) | TypedKind::Call { arguments: members, .. } => {
            members.iter().find_map(within)
        }
        TypedKind::Map(entries) => {
            entries.iter().find_map(|(key, value)| within(key).or_else(|| within(value)))
        }
        TypedKind::Index { base: left, index: right }
        | TypedKind::Arithmetic { left, right, .. }
        | TypedKind::Compare { left, right, .. }
        | TypedKind::In { element: left, list: right }
        | TypedKind::And(left, right)
        | TypedKind::Or(left, right)
        | TypedKind::Implies(left, right) => within(left).or_else(|| within(right)),
        TypedKind::Macro { list, filter, body, .. } => {
            within(list).or_else(|| filter.as_deref().and_then(within)).or_else(|| within(body))
        }
        TypedKind::Conditional { condition, then, otherwise } => {
            within(condition).or_else(|| within(then)).or_else(|| within(otherwise))
        }
    }
}

fn type_in_words(name: TypeName) -> &'static str {
    match name {
        TypeName::Null => "null",
        TypeName::Bool => "either true or false",
        TypeName::Int => "a whole number",
        TypeName::Number => "a number",
        TypeName::String => "text",
        TypeName::List => "a list",
        TypeName::Object => "an object",
    }
}

/// `[]` or `{}`.
fn is_empty(expr: &TypedExpr) -> bool {
    match &expr.kind {
        TypedKind::List(members) => members.is_empty(),
        TypedKind::Map(entries) => entries.is_empty(),
        _ => false,
    }
}

/// What `size` counts, one and many.
fn counted(ty: &Type) -> (&'static str, &'static str) {
    match ty {
        Type::String | Type::Enum(_) => ("character", "characters"),
        Type::List(_) | Type::Tuple(_) => ("element", "elements"),
        Type::Nullable(value) => counted(value),
        Type::Map(_)
        | Type::Object(_)
        | Type::Type
        | Type::Null
        | Type::Bool
        | Type::Int
        | Type::Number
        | Type::Never => ("entry", "entries"),
    }
}

fn if_true(truth: bool, positive: &'static str, negative: &'static str) -> &'static str {
    if truth { positive } else { negative }
}
