//! Operators: which types they take, and what to write where the types do not fit.

use super::alike::{comparable, joined, spelled, widen};
use super::facts::proved;
use super::nullable::whole;
use super::{Checked, Checker, Facts, described};
use crate::diagnostic::{Diagnostic, Span, nearest};
use crate::lang::syntax::{BinaryOp, Expr, ExprKind, Literal, TypeName};
use crate::lang::typed::{Type, TypedExpr, TypedKind};

/// Types whose values can be equal to each other.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Null,
    Bool,
    Number,
    Text,
    List,
    Object,
    Map,
    Type,
    /// Goes with every other.
    Never,
}

/// Null aside, which equals null whatever else a value may be.
fn class(ty: &Type) -> Class {
    match ty.value() {
        Type::Null | Type::Nullable(_) => Class::Null,
        Type::Bool => Class::Bool,
        Type::Int | Type::Number => Class::Number,
        Type::String | Type::Enum(_) => Class::Text,
        Type::List(_) | Type::Tuple(_) => Class::List,
        Type::Object(_) => Class::Object,
        Type::Map(_) => Class::Map,
        Type::Type => Class::Type,
        Type::Never => Class::Never,
    }
}

/// Of two operands that must be of one class: the class, if they are.
fn one_class(left: &Type, right: &Type) -> Option<Class> {
    match (class(left), class(right)) {
        (Class::Never, class) | (class, Class::Never) => Some(class),
        (left, right) => (left == right).then_some(left),
    }
}

/// One may be null, and the other is.
fn null_and_nullable(left: &Type, right: &Type) -> bool {
    matches!((left, right), (Type::Nullable(_), Type::Null) | (Type::Null, Type::Nullable(_)))
}

impl Checker<'_> {
    pub(super) fn binary(
        &mut self,
        op: BinaryOp,
        op_span: Span,
        left: &Expr,
        right: &Expr,
        span: Span,
        facts: &Facts,
    ) -> Checked {
        use BinaryOp::*;
        match op {
            And | Or | Implies => self.logic(op, left, right, span, facts),
            Add | Subtract | Multiply | Divide | Remainder => {
                let (left, right) = (self.plain(left, facts), self.plain(right, facts));
                self.arithmetic(op, op_span, left?, right?, span)
            }
            In => {
                let (element, list) = (self.expr(left, facts), self.plain(right, facts));
                let list = self.tuple_as_list(list?);
                let (element, list) = (element?, list?);
                // A key of a map is a text that is not null.
                let element = match list.ty {
                    Type::Map(_) => self.proved_plain(element),
                    _ => whole(element),
                };
                self.contained(element, list, span)
            }
            Less | LessOrEqual | Greater | GreaterOrEqual => {
                let (typed_left, typed_right) = (self.plain(left, facts), self.plain(right, facts));
                self.compare(op, op_span, left, typed_left?, typed_right?, span)
            }
            Equal | NotEqual => {
                let (typed_left, typed_right) = (self.expr(left, facts), self.expr(right, facts));
                self.compare(op, op_span, left, whole(typed_left?), whole(typed_right?), span)
            }
        }
    }

    fn logic(&mut self, op: BinaryOp, left: &Expr, right: &Expr, span: Span, facts: &Facts) -> Checked {
        let left = self.bool(left, facts, "a condition");
        // The right side matters only where the left one did not decide.
        let mut known = facts.clone();
        if let Some(left) = &left {
            known.extend(proved(left, op != BinaryOp::Or));
        }
        let right = self.bool(right, &known, "a condition");
        let (left, right) = (Box::new(left?), Box::new(right?));
        let kind = match op {
            BinaryOp::And => TypedKind::And(left, right),
            BinaryOp::Or => TypedKind::Or(left, right),
            _ => TypedKind::Implies(left, right),
        };
        Some(TypedExpr { kind, ty: Type::Bool, span })
    }

    fn arithmetic(
        &mut self,
        op: BinaryOp,
        op_span: Span,
        mut left: TypedExpr,
        mut right: TypedExpr,
        span: Span,
    ) -> Checked {
        if op == BinaryOp::Add && matches!((&left.ty, &right.ty), (Type::List(_), Type::List(_))) {
            widen(&mut left, &right.ty);
            widen(&mut right, &left.ty);
            match joined(&left.ty, &right.ty) {
                Ok(ty) => {
                    let kind = TypedKind::Arithmetic { op, left: Box::new(left), right: Box::new(right) };
                    return Some(TypedExpr { kind, ty, span });
                }
                Err(apart) => {
                    let message = format!(
                        "`+` joins two lists of one type, but `{}` is {} and `{}` is {}",
                        self.shown(left.span),
                        spelled(&left.ty),
                        self.shown(right.span),
                        spelled(&right.ty),
                    );
                    self.apart(apart, message, &left, &right);
                    return None;
                }
            }
        }
        let text = |ty: &Type| class(ty) == Class::Text;
        let types = match (&left.ty, &right.ty) {
            (Type::Never, other) | (other, Type::Never) => (other, other),
            types => types,
        };
        let ty = match types {
            (Type::Never, _) => Some(Type::Never),
            (Type::List(_), Type::List(_)) if op == BinaryOp::Add => Some(types.0.clone()),
            (Type::Int, Type::Int) => Some(Type::Int),
            (Type::Number, Type::Number) if op != BinaryOp::Remainder => Some(Type::Number),
            (left, right) if op == BinaryOp::Add && text(left) && text(right) => Some(Type::String),
            _ => None,
        };
        if let Some(ty) = ty {
            let kind = TypedKind::Arithmetic { op, left: Box::new(left), right: Box::new(right) };
            return Some(TypedExpr { kind, ty, span });
        }
        let symbol = self.shown(op_span).to_owned();
        let (shown_left, shown_right) = (self.shown(left.span).to_owned(), self.shown(right.span).to_owned());
        let (found_left, found_right) = (described(&left.ty), described(&right.ty));
        let numbers = class(&left.ty) == Class::Number && class(&right.ty) == Class::Number;
        let (message, help) = if numbers && op == BinaryOp::Remainder {
            let wrong = if left.ty == Type::Int { &shown_right } else { &shown_left };
            (
                format!("`%` takes two ints, but `{wrong}` is a number"),
                Some(format!("declare `{wrong}` as `integer`")),
            )
        } else if numbers {
            let int = if left.ty == Type::Int { &left } else { &right };
            let help = match int.kind {
                TypedKind::Literal(Literal::Int(value)) => format!("write `{value}.0`"),
                _ => "declare both as `integer` or both as `number`".into(),
            };
            let message = format!(
                "`{symbol}` takes two ints or two numbers, but `{shown_left}` is {found_left} and `{shown_right}` is {found_right}"
            );
            (message, Some(help))
        } else {
            let takes = match op {
                BinaryOp::Add => "two numbers, two strings or two lists",
                BinaryOp::Remainder => "two ints",
                _ => "two numbers",
            };
            let message = format!(
                "`{symbol}` takes {takes}, but `{shown_left}` is {found_left} and `{shown_right}` is {found_right}"
            );
            (message, unquoted(&left).or_else(|| unquoted(&right)))
        };
        self.disagree(message, help, &right);
        None
    }

    fn compare(
        &mut self,
        op: BinaryOp,
        op_span: Span,
        left_expr: &Expr,
        left: TypedExpr,
        right: TypedExpr,
        span: Span,
    ) -> Checked {
        let equality = matches!(op, BinaryOp::Equal | BinaryOp::NotEqual);
        let symbol = self.shown(op_span).to_owned();
        if null_and_nullable(&left.ty, &right.ty) {
            let kind = TypedKind::Compare { op, left: Box::new(left), right: Box::new(right) };
            return Some(TypedExpr { kind, ty: Type::Bool, span });
        }
        let Some(class) = one_class(&left.ty, &right.ty) else {
            let chained =
                is_relation(left_expr).then(|| self.unchained(left_expr, &symbol, &right)).flatten();
            let help = chained.or_else(|| self.sized_or_quoted(&left, &symbol, &right, equality));
            self.incomparable(&left, &right, help);
            return None;
        };
        match class {
            Class::Null | Class::List | Class::Object | Class::Map | Class::Type if !equality => {
                let found = described(&left.ty);
                let message = format!(
                    "`{symbol}` orders numbers, text and bools, but `{}` is {found}",
                    self.shown(left.span)
                );
                let chained =
                    is_relation(left_expr).then(|| self.unchained(left_expr, &symbol, &right)).flatten();
                self.mismatch(left.span, message, found, chained);
                None
            }
            _ => {
                if let Err(apart) = comparable(&left.ty, &right.ty) {
                    let message = self.incomparable_message(&left, &right);
                    self.apart(apart, message, &left, &right);
                    return None;
                }
                if equality && !self.reachable(&left, &right) {
                    return None;
                }
                let kind = TypedKind::Compare { op, left: Box::new(left), right: Box::new(right) };
                Some(TypedExpr { kind, ty: Type::Bool, span })
            }
        }
    }

    fn contained(&mut self, element: TypedExpr, list: TypedExpr, span: Span) -> Checked {
        if let Type::Map(_) | Type::Never = &list.ty {
            if list.ty != Type::Never && !self.sought(&element, &list) {
                return None;
            }
            let kind = TypedKind::In { element: Box::new(element), list: Box::new(list) };
            return Some(TypedExpr { kind, ty: Type::Bool, span });
        }
        let Type::List(of) = &list.ty else {
            let found = described(&list.ty);
            let message =
                format!("`in` looks into a list or a map, but `{}` is {found}", self.shown(list.span));
            let help = match class(&list.ty) {
                Class::Text => {
                    Some(format!("write `{}.contains({})`", self.shown(list.span), self.shown(element.span)))
                }
                Class::Object => {
                    Some(format!("to ask for a property write `has({}.name)`", self.shown(list.span)))
                }
                _ => Some("write `==`, or a list: `in [a, b]`".into()),
            };
            self.mismatch(list.span, message, found, help);
            return None;
        };
        let never_null = match &list.kind {
            TypedKind::List(members)
                if !matches!(element.ty, Type::Null | Type::Nullable(_) | Type::Never) =>
            {
                members.iter().find(|member| member.ty == Type::Null)
            }
            _ => None,
        };
        if let Some(null) = never_null {
            let error = Diagnostic::error(
                "lang-never-equal",
                format!("`{}` is never null", self.shown(element.span)),
            );
            self.report(error.help("take `null` out of the list"), null.span, "not in its schema");
            return None;
        }
        if one_class(&element.ty, of).is_none() && !null_and_nullable(&element.ty, of) {
            let message = format!(
                "`{}` is {}, but the elements of `{}` are each {}",
                self.shown(element.span),
                described(&element.ty),
                self.shown(list.span),
                described(of)
            );
            self.disagree(message, unquoted(&element), &list);
            return None;
        }
        if let Err(apart) = comparable(&element.ty, of) {
            let message = format!(
                "`{}` is {}, but the elements of `{}` are each {}",
                self.shown(element.span),
                spelled(&element.ty),
                self.shown(list.span),
                spelled(of)
            );
            self.apart(apart, message, &element, &list);
            return None;
        }
        if let TypedKind::List(members) = &list.kind {
            let reachable: Vec<bool> =
                members.iter().map(|member| self.reachable(&element, member)).collect();
            if reachable.contains(&false) {
                return None;
            }
        } else {
            let member =
                TypedExpr { kind: TypedKind::Literal(Literal::Null), ty: (**of).clone(), span: list.span };
            if !self.reachable(&element, &member) {
                return None;
            }
        }
        let kind = TypedKind::In { element: Box::new(element), list: Box::new(list) };
        Some(TypedExpr { kind, ty: Type::Bool, span })
    }

    /// Reports a comparison with a text that a closed set does not hold.
    pub(super) fn reachable(&mut self, left: &TypedExpr, right: &TypedExpr) -> bool {
        let (closed, members, other) = match (left.ty.value(), right.ty.value()) {
            (Type::Enum(members), _) => (left, members, right),
            (_, Type::Enum(members)) => (right, members, left),
            _ => return true,
        };
        let listed = || members.iter().map(|member| format!("'{member}'")).collect::<Vec<_>>().join(", ");
        match (&other.kind, other.ty.value()) {
            (TypedKind::Literal(Literal::String(text)), _) if !members.contains(text) => {
                let help = match nearest(text, members.iter().map(String::as_str)) {
                    Some(near) => format!("did you mean `'{near}'`?"),
                    None => format!("`{}` is one of {}", self.shown(closed.span), listed()),
                };
                let message = format!("`{}` is never `'{text}'`", self.shown(closed.span));
                let error = Diagnostic::error("lang-never-equal", message);
                self.report(error.help(help), other.span, "not in the `enum` of its schema");
                false
            }
            (_, Type::Enum(others)) if !others.iter().any(|other| members.contains(other)) => {
                let message =
                    format!("`{}` and `{}` are never equal", self.shown(left.span), self.shown(right.span));
                let error = Diagnostic::error("lang-never-equal", message);
                self.report(error.note("their `enum`s have no text in common"), other.span, "");
                false
            }
            _ => true,
        }
    }

    pub(super) fn is(
        &mut self,
        operand: &Expr,
        type_name: TypeName,
        type_span: Span,
        negated: bool,
        span: Span,
        facts: &Facts,
    ) -> Checked {
        let operand = whole(self.expr(operand, facts)?);
        let is = match (type_name, operand.ty.value()) {
            (TypeName::Int, Type::Number) => {
                let shown = self.shown(operand.span).to_owned();
                let error = Diagnostic::error(
                    "lang-type-mismatch",
                    format!("`{shown}` is a number: whether it is written as an int is not kept"),
                );
                let error =
                    error.help(format!("declare `{shown}` as `integer`, or write `{shown} is number`"));
                self.report(error, type_span, "");
                return None;
            }
            (TypeName::Null, Type::Null)
            | (TypeName::Bool, Type::Bool)
            | (TypeName::Int, Type::Int)
            | (TypeName::Number, Type::Int | Type::Number)
            | (TypeName::String, Type::String | Type::Enum(_))
            | (TypeName::List, Type::List(_) | Type::Tuple(_))
            | (TypeName::Object, Type::Object(_) | Type::Map(_)) => true,
            // Nobody will ask.
            (_, Type::Never) => !negated,
            _ => false,
        };
        if matches!(operand.ty, Type::Nullable(_)) && (is || type_name == TypeName::Null) {
            // The value decides, by being null or not.
            let null = TypedExpr { kind: TypedKind::Literal(Literal::Null), ty: Type::Null, span: type_span };
            let op = if is == negated { BinaryOp::Equal } else { BinaryOp::NotEqual };
            let kind = TypedKind::Compare { op, left: Box::new(operand), right: Box::new(null) };
            return Some(TypedExpr { kind, ty: Type::Bool, span });
        }
        let truth = is != negated;
        if !truth {
            let shown = self.shown(operand.span);
            let found = described(&operand.ty);
            let message = format!("`{}` never holds: `{shown}` is {found}", self.shown(span));
            let help = match (type_name, negated) {
                (TypeName::Null, false) => {
                    "a property that may be absent is left out of `required` and asked for with `has()`"
                        .to_owned()
                }
                (_, false) => format!("`{shown} is {}` always holds", type_word(&operand.ty)),
                (_, true) => "take the clause away, or change the schema".into(),
            };
            self.mismatch(type_span, message, found, Some(help));
            return None;
        }
        let kind = TypedKind::Is { operand: Box::new(operand), type_name, negated, truth };
        Some(TypedExpr { kind, ty: Type::Bool, span })
    }

    fn incomparable_message(&self, left: &TypedExpr, right: &TypedExpr) -> String {
        let inside = class(&left.ty) == class(&right.ty);
        let described = |ty: &Type| if inside { spelled(ty) } else { described(ty).to_owned() };
        format!(
            "`{}` is {} and cannot be compared with `{}`, which is {}",
            self.shown(left.span),
            described(&left.ty),
            self.shown(right.span),
            described(&right.ty)
        )
    }

    fn incomparable(&mut self, left: &TypedExpr, right: &TypedExpr, help: Option<String>) {
        let message = self.incomparable_message(left, right);
        let null = match (&left.ty, &right.ty) {
            (_, Type::Null) => Some(left),
            (Type::Null, _) => Some(right),
            _ => None,
        };
        let help = help
            .or_else(|| {
                let other = null?;
                let shown = self.shown(other.span);
                Some(match other.kind {
                    TypedKind::Field { optional: true, .. } => {
                        format!("to ask whether it is there write `has({shown})`")
                    }
                    _ => format!("`{shown}` is never null"),
                })
            })
            .or_else(|| unquoted(left))
            .or_else(|| unquoted(right));
        self.disagree(message, help, right);
    }

    /// `zones > 0`, `tier == 5` → how to write it.
    fn sized_or_quoted(
        &self,
        left: &TypedExpr,
        symbol: &str,
        right: &TypedExpr,
        equality: bool,
    ) -> Option<String> {
        let literal = |expr: &TypedExpr| matches!(expr.kind, TypedKind::Literal(_));
        // Text is ordered against a number for its length; made equal to one, it more likely lacks quotes.
        let has_size = |expr: &TypedExpr| match class(&expr.ty) {
            Class::List | Class::Map => true,
            Class::Text => !equality && !literal(expr),
            _ => false,
        };
        let (shown_left, shown_right) = (self.shown(left.span), self.shown(right.span));
        match (class(&left.ty), class(&right.ty)) {
            _ if literal(left) && literal(right) => None,
            (_, Class::Number) if has_size(left) => {
                Some(format!("write `size({shown_left}) {symbol} {shown_right}`"))
            }
            (Class::Number, _) if has_size(right) => {
                Some(format!("write `{shown_left} {symbol} size({shown_right})`"))
            }
            (Class::Text, Class::Number) if literal(right) => {
                Some(format!("text stands in quotes: `'{shown_right}'`"))
            }
            (Class::Number, Class::Text) if literal(left) => {
                Some(format!("text stands in quotes: `'{shown_left}'`"))
            }
            _ => None,
        }
    }

    /// An error about two operands, whose message names both; the caret is under the right one.
    fn disagree(&mut self, message: String, help: Option<String>, right: &TypedExpr) {
        self.mismatch(right.span, message, described(&right.ty), help);
    }

    /// `1 < x < 5` → how to write it.
    fn unchained(&self, left: &Expr, symbol: &str, right: &TypedExpr) -> Option<String> {
        let ExprKind::Binary { right: middle, .. } = &left.kind else { return None };
        let shown = self.shown(left.span);
        Some(format!(
            "comparisons do not chain; write `{shown} and {} {symbol} {}`",
            self.shown(middle.span),
            self.shown(right.span)
        ))
    }
}

fn is_relation(expr: &Expr) -> bool {
    use BinaryOp::*;
    let ordering = matches!(
        expr.kind,
        ExprKind::Binary { op: Less | LessOrEqual | Greater | GreaterOrEqual | Equal | NotEqual, .. }
    );
    ordering
}

/// A number in quotes is a common slip.
fn unquoted(expr: &TypedExpr) -> Option<String> {
    match &expr.kind {
        TypedKind::Literal(Literal::String(text)) if text.parse::<f64>().is_ok_and(f64::is_finite) => {
            Some(format!("write `{text}` without quotes"))
        }
        TypedKind::Literal(Literal::String(text)) if text == "true" || text == "false" => {
            Some(format!("write `{text}` without quotes"))
        }
        _ => None,
    }
}

fn type_word(ty: &Type) -> &'static str {
    match ty {
        Type::Null => "null",
        Type::Bool => "bool",
        Type::Int => "int",
        Type::Number => "number",
        Type::String | Type::Enum(_) => "string",
        Type::List(_) | Type::Tuple(_) => "list",
        Type::Object(_) | Type::Map(_) => "object",
        Type::Type => "type",
        // Told of no value.
        Type::Never => "null",
        Type::Nullable(value) => type_word(value),
    }
}
