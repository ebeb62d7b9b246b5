//! [`Expr`] → [`TypedExpr`] against the schema in force: names resolved, every node with its type, every read of a
//! property that may be absent behind a `has()`. All errors of a rule in one pass, with places in the spec file.

mod alike;
mod certain;
mod choice;
pub(crate) mod decided;
mod facts;
mod macros;
mod maps;
mod names;
mod nullable;
mod observed;
mod operators;
mod overlap;
mod pattern;
mod range;
#[cfg(test)]
mod tests;
mod tuple;

use crate::diagnostic::{Diagnostic, Span};
use crate::lang::syntax::{Expr, ExprKind, Function, Literal, UnaryOp};
use crate::lang::typed::{ObservedPath, Type, TypedExpr, TypedKind};
use crate::pattern::Patterns;
use crate::schema::{Schema, SchemaKind, Schemas};
use crate::spec::Text;
use facts::{Facts, path_key};

/// What a rule may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Names {
    /// A precondition: the input.
    Precondition,
    /// An exception's `when`: the input.
    When,
    /// A postcondition or an invariant: the input and the result.
    After,
}

/// Checks a parsed rule; the result is of type bool (spec LANG-14 to LANG-28). `patterns` are those of its contract.
///
/// # Errors
/// Diagnostics with places in the file that `rule` stands in.
pub(crate) fn check(
    expr: &Expr,
    rule: &Text,
    schemas: &Schemas,
    names: Names,
    patterns: &Patterns,
) -> Result<(TypedExpr, Vec<ObservedPath>), Vec<Diagnostic>> {
    let mut checker = Checker::new(rule, schemas, names, patterns);
    let typed = checker.bool(expr, &Facts::default(), "a rule");
    let typed = checker.finish(typed)?;
    let observed = observed::observed(&typed, &rule.value, schemas);
    Ok((typed, observed))
}

/// Checks a parsed expression of any type, by the same rules but for LANG-18, which holds for whole rules alone.
///
/// # Errors
/// As `check`.
pub fn check_any(
    expr: &Expr,
    text: &Text,
    schemas: &Schemas,
    names: Names,
) -> Result<TypedExpr, Vec<Diagnostic>> {
    let patterns = Patterns::default();
    let mut checker = Checker::new(text, schemas, names, &patterns);
    let typed = checker.expr(expr, &Facts::default());
    checker.finish(typed)
}

/// Checks an expression that a message inserts: of any type, and what it reads may be absent.
///
/// # Errors
/// As [`check`], but for LANG-27.
pub(crate) fn check_insertion(
    expr: &Expr,
    text: &Text,
    schemas: &Schemas,
    names: Names,
    patterns: &Patterns,
) -> Result<TypedExpr, Vec<Diagnostic>> {
    let mut checker = Checker { absent_is_fine: true, ..Checker::new(text, schemas, names, patterns) };
    let typed = checker.expr(expr, &Facts::default());
    checker.finish(typed)
}

/// The type that expressions of this schema have; `None` for one that inference left open, which is an error already.
pub fn type_of(schemas: &Schemas, schema: &Schema) -> Option<Type> {
    Some(match &schemas.resolve(schema).kind {
        SchemaKind::Null => Type::Null,
        SchemaKind::Nullable(value) => type_of(schemas, value)?.or_null(),
        SchemaKind::Boolean(_) => Type::Bool,
        SchemaKind::Integer(_) => Type::Int,
        SchemaKind::Number(_) => Type::Number,
        SchemaKind::String(_) => Type::String,
        SchemaKind::Enum(members) => Type::Enum(members.clone()),
        SchemaKind::Array(items, _) => Type::List(Box::new(type_of(schemas, items)?)),
        SchemaKind::Tuple(items) => {
            Type::Tuple(items.iter().map(|item| type_of(schemas, item)).collect::<Option<_>>()?)
        }
        SchemaKind::Object(object) => Type::Object(object.clone()),
        SchemaKind::Map(values, _) => Type::Map(Box::new(type_of(schemas, values)?)),
        SchemaKind::Ref(_) => return None,
    })
}

/// A type as messages name it.
pub(crate) fn described(ty: &Type) -> &'static str {
    match ty {
        Type::Null => "null",
        Type::Bool => "a bool",
        Type::Int => "an int",
        Type::Number => "a number",
        Type::String => "a string",
        Type::Enum(_) => "a string out of a closed set",
        Type::List(_) => "a list",
        Type::Tuple(_) => "a tuple",
        Type::Object(_) => "an object",
        Type::Map(_) => "a map",
        Type::Type => "a type",
        Type::Never => "an element of nothing",
        Type::Nullable(value) => match &**value {
            Type::Bool => "a bool or null",
            Type::Int => "an int or null",
            Type::Number => "a number or null",
            Type::String => "a string or null",
            Type::Enum(_) => "a string out of a closed set or null",
            Type::List(_) => "a list or null",
            Type::Tuple(_) => "a tuple or null",
            Type::Object(_) => "an object or null",
            Type::Map(_) => "a map or null",
            Type::Type => "a type or null",
            Type::Null | Type::Nullable(_) | Type::Never => "null",
        },
    }
}

/// Errors after which the rest of a rule is not looked at: a person has enough to do.
const MOST_ERRORS: usize = 100;

struct Checker<'a> {
    rule: &'a Text,
    schemas: &'a Schemas,
    names: Names,
    errors: Vec<Diagnostic>,
    /// Paths already reported as unguarded, so that each is reported once.
    unguarded: Vec<String>,
    /// Elements of the macros around, innermost last.
    bound: Vec<macros::Bound>,
    next_variable: usize,
    /// Whether a property may be read without a proof that it is there.
    absent_is_fine: bool,
    patterns: &'a Patterns,
}

/// `None` where an error was reported: what depends on it is not looked at.
type Checked = Option<TypedExpr>;

impl<'a> Checker<'a> {
    fn new(rule: &'a Text, schemas: &'a Schemas, names: Names, patterns: &'a Patterns) -> Self {
        Checker {
            rule,
            schemas,
            names,
            errors: Vec::new(),
            unguarded: Vec::new(),
            bound: Vec::new(),
            next_variable: 0,
            absent_is_fine: false,
            patterns,
        }
    }

    fn finish(self, typed: Checked) -> Result<TypedExpr, Vec<Diagnostic>> {
        match typed {
            Some(typed) if self.errors.is_empty() => Ok(typed),
            _ => Err(self.errors),
        }
    }
}

impl Checker<'_> {
    fn shown(&self, span: Span) -> &str {
        self.rule.value.get(span.start..span.end).unwrap_or_default()
    }

    fn report(&mut self, error: Diagnostic, span: Span, label: impl Into<String>) {
        self.errors.push(error.at(self.rule.locate(span), label));
    }

    fn mismatch(&mut self, span: Span, message: String, label: &str, help: Option<String>) {
        let mut error = Diagnostic::error("lang-type-mismatch", message);
        error.help = help;
        self.report(error, span, label);
    }

    /// An operand that must be a bool; `what` names the place for the message.
    fn bool(&mut self, expr: &Expr, facts: &Facts, what: &str) -> Checked {
        let typed = self.plain(expr, facts)?;
        if matches!(typed.ty, Type::Bool | Type::Never) {
            return Some(typed);
        }
        let found = described(&typed.ty);
        let shown = self.shown(expr.span);
        let help = match &typed.ty {
            Type::Int | Type::Number => format!("compare it, for example `{shown} > 0`"),
            Type::String | Type::Enum(_) => format!("compare it, for example `{shown} == 'text'`"),
            Type::List(_) | Type::Map(_) => format!("compare its size, for example `size({shown}) > 0`"),
            _ => "write a comparison".into(),
        };
        let error = Diagnostic::error(
            "lang-not-bool",
            format!("{what} must be true or false, but `{shown}` is {found}"),
        );
        self.report(error.help(help), expr.span, found);
        None
    }

    fn expr(&mut self, expr: &Expr, facts: &Facts) -> Checked {
        if self.errors.len() >= MOST_ERRORS {
            return None;
        }
        let done = |kind, ty| Some(TypedExpr { kind, ty, span: expr.span });
        match &expr.kind {
            ExprKind::Literal(literal) => {
                let ty = match literal {
                    Literal::Null => Type::Null,
                    Literal::Bool(_) => Type::Bool,
                    Literal::Int(_) => Type::Int,
                    Literal::Double(_) => Type::Number,
                    Literal::String(_) => Type::String,
                };
                done(TypedKind::Literal(literal.clone()), ty)
            }
            ExprKind::Name(name) => self.name(name, expr.span, facts),
            ExprKind::Field { base, name, name_span } => {
                let base = self.plain(base, facts)?;
                self.field(base, name, *name_span, expr.span, facts)
            }
            ExprKind::Has { base, name, name_span } => {
                if base.span.start == base.span.end && self.bound.iter().any(|bound| bound.name == *name) {
                    let error =
                        Diagnostic::error("lang-syntax", format!("`{name}` is an element, which is there"));
                    let help =
                        format!("ask for a property of it, `has({name}.…)`, or write `has(input.{name})`");
                    self.report(error.help(help), *name_span, "not a property");
                    return None;
                }
                let base = self.plain(base, facts)?;
                let (optional, _) = self.property(&base, name, *name_span)?;
                done(TypedKind::Has { base: Box::new(base), name: name.clone(), optional }, Type::Bool)
            }
            ExprKind::Index { base, index } => {
                let (base_typed, index_typed) = (self.plain(base, facts), self.plain(index, facts));
                let (mut base_typed, index_typed) = (base_typed?, index_typed?);
                if let Type::Tuple(items) = &base_typed.ty
                    && let TypedKind::Literal(Literal::Int(index)) = index_typed.kind
                {
                    let ty = self.item_of_tuple(&base_typed, items, index, index_typed.span)?;
                    let kind = TypedKind::Index { base: Box::new(base_typed), index: Box::new(index_typed) };
                    return Some(nullable::narrowed(TypedExpr { kind, ty, span: expr.span }, facts));
                }
                if index_typed.ty == Type::Int {
                    base_typed = self.tuple_as_list(base_typed)?;
                }
                let typed = self.element(base_typed, index_typed, expr.span)?;
                Some(nullable::narrowed(typed, facts))
            }
            ExprKind::List(elements) => self.list(elements, expr.span, facts),
            ExprKind::Map(entries) => self.map(entries, expr.span, facts),
            ExprKind::Unary { op: UnaryOp::Not, operand } => {
                let operand = self.bool(operand, facts, "what is negated")?;
                done(TypedKind::Not(Box::new(operand)), Type::Bool)
            }
            ExprKind::Unary { op: UnaryOp::Negate, operand } => {
                let typed = self.plain(operand, facts)?;
                if !matches!(typed.ty, Type::Int | Type::Number | Type::Never) {
                    let found = described(&typed.ty);
                    let message =
                        format!("`-` stands before numbers, but `{}` is {found}", self.shown(operand.span));
                    let help = (typed.ty == Type::Bool).then(|| "write `!` or `not`".into());
                    self.mismatch(operand.span, message, found, help);
                    return None;
                }
                let ty = typed.ty.clone();
                done(TypedKind::Negate(Box::new(typed)), ty)
            }
            ExprKind::Binary { op, op_span, left, right } => {
                self.binary(*op, *op_span, left, right, expr.span, facts)
            }
            ExprKind::Macro { kind, list, variable, filter, body } => {
                let (kind, filter, span) = (*kind, filter.as_deref(), expr.span);
                self.macro_over(macros::Written { kind, list, variable, filter, body, span }, facts)
            }
            ExprKind::Conditional { condition, then, otherwise } => {
                self.conditional(condition, then, otherwise, expr.span, facts)
            }
            ExprKind::Is { operand, type_name, type_span, negated } => {
                self.is(operand, *type_name, *type_span, *negated, expr.span, facts)
            }
            ExprKind::Call { function, arguments } => self.call(*function, arguments, expr.span, facts),
        }
    }

    /// `base.name`, with the proof that it is there.
    fn field(&mut self, base: TypedExpr, name: &str, name_span: Span, span: Span, facts: &Facts) -> Checked {
        let (optional, ty) = self.property(&base, name, name_span)?;
        let in_map = matches!(base.ty, Type::Map(_));
        if in_map && ty == Type::Never {
            return self.holds_nothing(&base, span);
        }
        if maps::writes(&base, name) {
            // `{'a': 1}.a` is there for all to see.
            let key = TypedExpr {
                kind: TypedKind::Literal(Literal::String(name.to_owned())),
                ty: Type::String,
                span: name_span,
            };
            return self.element(base, key, span);
        }
        let base = Box::new(base);
        let typed = TypedExpr { kind: TypedKind::Field { base, name: name.to_owned(), optional }, ty, span };
        if optional && !self.absent_is_fine {
            let key = path_key(&typed);
            let known = key.as_ref().is_some_and(|key| facts.contains(key));
            let shown = self.shown(span).to_owned();
            let reported = key.unwrap_or_else(|| shown.clone());
            if !known && !self.unguarded.contains(&reported) {
                self.unguarded.push(reported);
                let error = Diagnostic::error("lang-unguarded-optional", format!("`{shown}` may be absent"));
                let guard = format!("write `has({shown}) implies …` or `has({shown}) and …`");
                let error = if in_map {
                    error.note("a map has the keys that it is given").help(guard)
                } else {
                    error
                        .note("it is not among the `required` properties of its schema")
                        .help(format!("{guard}, or list `{name}` under `required`"))
                };
                self.report(error, span, "read without `has()`");
            }
        }
        Some(nullable::narrowed(typed, facts))
    }

    /// `base[index]`, of a list or a map.
    fn element(&mut self, base: TypedExpr, index: TypedExpr, span: Span) -> Checked {
        let element = match &base.ty {
            Type::List(element) | Type::Map(element) if **element == Type::Never => {
                return self.holds_nothing(&base, span);
            }
            Type::List(element) => element,
            Type::Never => &base.ty,
            Type::Map(value) => {
                let ty = (**value).clone();
                if !self.sought(&index, &base) {
                    return None;
                }
                return Some(TypedExpr {
                    kind: TypedKind::Index { base: Box::new(base), index: Box::new(index) },
                    ty,
                    span,
                });
            }
            other => {
                let found = described(other);
                let message = format!("`{}` is {found}, not a list or a map", self.shown(base.span));
                let help = matches!(other, Type::Object(_)).then(|| "a property is read with `.name`".into());
                self.mismatch(base.span, message, found, help);
                return None;
            }
        };
        if !matches!(index.ty, Type::Int | Type::Never) && base.ty != Type::Never {
            let found = described(&index.ty);
            let message = format!("an index must be an int, but `{}` is {found}", self.shown(index.span));
            let help = match index.ty {
                Type::Number => Some("declare it `type = \"integer\"`".into()),
                _ => None,
            };
            self.mismatch(index.span, message, found, help);
            return None;
        }
        let ty = element.clone();
        Some(TypedExpr { kind: TypedKind::Index { base: Box::new(base), index: Box::new(index) }, ty, span })
    }

    /// A read of what an empty list or map has not.
    fn holds_nothing(&mut self, base: &TypedExpr, span: Span) -> Checked {
        let (nothing, help) = match base.ty {
            Type::Map(_) => ("no value", "write what is in it: `{'key': 1}`"),
            _ => ("no element", "write what is in it: `[1, 2]`"),
        };
        let message = format!("`{}` is empty and has {nothing}", self.shown(base.span));
        let error = Diagnostic::error("lang-no-element", message);
        self.report(error.help(help), span, "nothing is there");
        None
    }

    fn list(&mut self, elements: &[Expr], span: Span, facts: &Facts) -> Checked {
        let typed: Vec<Checked> = elements.iter().map(|element| self.expr(element, facts)).collect();
        let mut typed: Vec<TypedExpr> = typed.into_iter().collect::<Option<_>>()?;
        let element = self.side_by_side(&mut typed, "elements of a list")?;
        Some(TypedExpr { kind: TypedKind::List(typed), ty: Type::List(Box::new(element)), span })
    }

    fn call(&mut self, function: Function, arguments: &[Expr], span: Span, facts: &Facts) -> Checked {
        let whole = function == Function::Type;
        let typed = arguments.iter().map(|argument| match whole {
            true => self.expr(argument, facts).map(nullable::whole),
            false => self.plain(argument, facts),
        });
        let typed: Vec<Checked> = typed.collect();
        let typed: Vec<TypedExpr> = typed.into_iter().collect::<Option<_>>()?;
        let mut typed = typed;
        let text = |ty: &Type| matches!(ty, Type::String | Type::Enum(_));
        let name = function.name();
        let number = |ty: &Type| matches!(ty, Type::Int | Type::Number);
        let fits = |ty: &Type| {
            *ty == Type::Never
                || match function {
                    Function::Size => text(ty) || matches!(ty, Type::List(_) | Type::Tuple(_) | Type::Map(_)),
                    Function::StartsWith | Function::EndsWith | Function::Contains | Function::Matches => {
                        text(ty)
                    }
                    Function::Int | Function::Double => number(ty) || text(ty),
                    Function::String => number(ty) || text(ty) || *ty == Type::Bool,
                    Function::Bool => text(ty) || *ty == Type::Bool,
                    Function::Type => true,
                }
        };
        let (ty, wants) = match function {
            Function::Size => (Type::Int, "text, a list or a map"),
            Function::StartsWith | Function::EndsWith | Function::Contains | Function::Matches => {
                (Type::Bool, "text")
            }
            Function::Int => (Type::Int, "a number or text"),
            Function::Double => (Type::Number, "a number or text"),
            Function::String => (Type::String, "a number, a bool or text"),
            Function::Bool => (Type::Bool, "a bool or text"),
            Function::Type => (Type::Type, "anything"),
        };
        let wrong = typed.iter().find(|argument| !fits(&argument.ty));
        if let Some(wrong) = wrong {
            let found = described(&wrong.ty);
            let message = format!("`{name}` takes {wants}, but `{}` is {found}", self.shown(wrong.span));
            let list = matches!(wrong.ty, Type::List(_));
            let help = (list && function == Function::Contains)
                .then(|| format!("to look for an element write `element in {}`", self.shown(wrong.span)));
            let span = wrong.span;
            self.mismatch(span, message, found, help);
            return None;
        }
        if function == Function::Matches
            && let Some(pattern) = typed.last_mut()
        {
            self.pattern(pattern)?;
        }
        Some(TypedExpr { kind: TypedKind::Call { function, arguments: typed }, ty, span })
    }
}
