//! Checked expressions → plain typed Rust.
//!
//! What cannot fail becomes an ordinary expression; what can (integer arithmetic, an index, a property that may be
//! absent) uses `?` inside a closure whose result is a `Result<bool, EvalError>`, and `&&`, `||` and `implies` over
//! such operands become calls that absorb errors. So `cart.total > 0 && items[0] > 0` becomes
//!
//! ```text
//! and(Ok(input.cart.total > 0f64), || (|| Ok(*int::index(input.items.as_slice(), 0i64)? > 0i64))())
//! ```

mod forms;
mod lists;
mod maps;
mod message;
mod nullable;

use super::pattern::expand_pattern_path;
use crate::names;
use forms::{choice, element, empty_list, owned_unless_alike};
use lists::{contained, each, equal, joined, over_list};
pub use message::expand_message;
use nullable::by_type;
use proc_macro2::{Ident, Literal as Token, TokenStream};
use quote::quote;
use std::collections::BTreeSet;
use traverse_contract::lang::syntax::{BinaryOp, Function, Literal};
use traverse_contract::lang::typed::{ObservedPath, Root, Type, TypedExpr, TypedKind};

/// A rule's expression as Rust of type `Result<bool, EvalError>`, over the locals `__input` and `__output`.
pub fn expand_rule(expr: &TypedExpr) -> TokenStream {
    outcome(expr)
}

/// Statements that put what a rule read into `__observed`.
pub fn expand_observed(observed: &[ObservedPath]) -> TokenStream {
    observed
        .iter()
        .map(|path| {
            let name = &path.name;
            let mut steps = Vec::new();
            let mut read = &path.read;
            let root = loop {
                match &read.kind {
                    TypedKind::Field { base, name, optional } => {
                        steps.push((Some((base, name)), *optional));
                        read = base;
                    }
                    TypedKind::NotNull(base) => {
                        steps.push((None, true));
                        read = base;
                    }
                    TypedKind::Root(root) => break root_ident(*root),
                    // The checker promises a chain down to a root.
                    _ => return TokenStream::new(),
                }
            };
            let mut place = quote!(#root);
            let mut guards: Vec<(Ident, TokenStream)> = Vec::new();
            for (step, optional) in steps.into_iter().rev() {
                let in_map = step.is_some_and(|(base, _)| matches!(base.ty, Type::Map(_)));
                let found = match step {
                    Some((_, key)) if in_map => {
                        quote!(::traverse_sdk::__private::Keyed::find(&#place, #key))
                    }
                    Some((base, key)) => {
                        let field = field(base, key);
                        place = quote!(#place.#field);
                        quote!(&#place)
                    }
                    // Into what may be null.
                    None => quote!(&#place),
                };
                if optional || in_map {
                    let value = names::ident(&format!("__value{}", guards.len()));
                    place = quote!((*#value));
                    guards.push((value, found));
                }
            }
            // A property that is absent is not reported, nor what would be within null.
            guards.into_iter().rev().fold(quote!(__observed.put(#name, &#place);), |inner, (value, optional)| {
                quote!(if let ::core::option::Option::Some(#value) = #optional { #inner })
            })
        })
        .collect()
}

/// Which parts of the input an expression reads.
#[derive(Default)]
pub struct Needs {
    /// The input as a whole.
    pub whole: bool,
    /// These top-level properties, by their JSON names.
    pub properties: BTreeSet<String>,
}

impl Needs {
    /// Adds what `expr` reads.
    pub fn add(&mut self, expr: &TypedExpr) {
        match &expr.kind {
            TypedKind::Root(Root::Input) => self.whole = true,
            TypedKind::Root(Root::Output)
            | TypedKind::Literal(_)
            | TypedKind::Pattern(_)
            | TypedKind::TypeName(_)
            | TypedKind::Variable { .. } => {}
            TypedKind::NotNull(read) => self.add(read),
            TypedKind::Field { base, name, .. } | TypedKind::Has { base, name, .. } => {
                if matches!(base.kind, TypedKind::Root(Root::Input)) {
                    self.properties.insert(name.clone());
                } else {
                    self.add(base);
                }
            }
            TypedKind::Not(operand) | TypedKind::Negate(operand) | TypedKind::Is { operand, .. } => {
                self.add(operand)
            }
            TypedKind::List(items) => items.iter().for_each(|item| self.add(item)),
            TypedKind::Map(entries) => entries.iter().for_each(|(key, value)| {
                self.add(key);
                self.add(value);
            }),
            TypedKind::Call { arguments, .. } => arguments.iter().for_each(|argument| self.add(argument)),
            TypedKind::Macro { list, filter, body, .. } => {
                self.add(list);
                filter.iter().for_each(|filter| self.add(filter));
                self.add(body);
            }
            TypedKind::Conditional { condition, then, otherwise } => {
                [condition, then, otherwise].into_iter().for_each(|part| self.add(part))
            }
            TypedKind::Index { base: left, index: right }
            | TypedKind::Arithmetic { left, right, .. }
            | TypedKind::Compare { left, right, .. }
            | TypedKind::In { element: left, list: right }
            | TypedKind::And(left, right)
            | TypedKind::Or(left, right)
            | TypedKind::Implies(left, right) => {
                self.add(left);
                self.add(right);
            }
        }
    }
}

fn root_ident(root: Root) -> Ident {
    names::ident(match root {
        Root::Input => "__input",
        Root::Output => "__output",
    })
}

/// The Rust field for the property `name` of `base`.
fn field(base: &TypedExpr, name: &str) -> Ident {
    match &base.ty {
        Type::Object(object) => names::ident(&names::field_name(object, name)),
        _ => names::ident(&names::snake_case(name)),
    }
}

/// Whether evaluating the expression can fail.
fn is_fallible(expr: &TypedExpr) -> bool {
    match &expr.kind {
        TypedKind::Literal(_)
        | TypedKind::Pattern(_)
        | TypedKind::TypeName(_)
        | TypedKind::Root(_)
        | TypedKind::Variable { .. } => false,
        TypedKind::NotNull(_) => true,
        TypedKind::Macro { list, filter, body, .. } => {
            is_fallible(list) || filter.as_deref().is_some_and(is_fallible) || is_fallible(body)
        }
        TypedKind::Field { base, optional, .. } => *optional || is_fallible(base),
        TypedKind::Has { base, .. } => is_fallible(base),
        TypedKind::Index { base, .. } if matches!(base.ty, Type::Tuple(_)) => is_fallible(base),
        TypedKind::Index { .. } => true,
        TypedKind::List(items) => items.iter().any(is_fallible),
        TypedKind::Map(entries) => {
            !maps::has_constant_keys(entries)
                || entries.iter().any(|(key, value)| is_fallible(key) || is_fallible(value))
        }
        TypedKind::Call { function, arguments } => {
            let inexact = match function {
                Function::Int => !matches!(arguments[..], [TypedExpr { ty: Type::Int, .. }]),
                Function::Double => arguments.iter().any(|argument| is_text(&argument.ty)),
                Function::Bool => arguments.iter().any(|argument| is_text(&argument.ty)),
                _ => false,
            };
            inexact || arguments.iter().any(is_fallible)
        }
        TypedKind::Not(operand) | TypedKind::Is { operand, .. } => is_fallible(operand),
        TypedKind::Negate(operand) => expr.ty == Type::Int || is_fallible(operand),
        TypedKind::Arithmetic { left, right, .. } => {
            expr.ty == Type::Int || is_fallible(left) || is_fallible(right)
        }
        TypedKind::Conditional { condition, then, otherwise } => {
            is_fallible(condition) || is_fallible(then) || is_fallible(otherwise)
        }
        TypedKind::Compare { left, right, .. }
        | TypedKind::In { element: left, list: right }
        | TypedKind::And(left, right)
        | TypedKind::Or(left, right)
        | TypedKind::Implies(left, right) => is_fallible(left) || is_fallible(right),
    }
}

fn is_text(ty: &Type) -> bool {
    matches!(ty, Type::String | Type::Enum(_))
}

/// What a list or a map holds.
fn held_type(ty: &Type) -> &Type {
    match ty {
        Type::List(held) | Type::Map(held) => held,
        _ => &Type::Null,
    }
}

/// Whether `==` looks into the values.
fn is_compared_by_parts(ty: &Type) -> bool {
    is_container(ty) || matches!(ty, Type::Object(_) | Type::Tuple(_) | Type::Nullable(_))
}

/// What holds other values.
fn is_container(ty: &Type) -> bool {
    matches!(ty, Type::List(_) | Type::Map(_))
}

/// `Result<bool, EvalError>`
fn outcome(expr: &TypedExpr) -> TokenStream {
    if !is_fallible(expr) {
        let value = value(expr);
        return quote!(::core::result::Result::Ok(#value));
    }
    match &expr.kind {
        TypedKind::And(left, right) => absorbing("and", left, right),
        TypedKind::Or(left, right) => absorbing("or", left, right),
        TypedKind::Implies(left, right) => absorbing("implies", left, right),
        _ => {
            let value = value(expr);
            quote! {
                (|| -> ::core::result::Result<::core::primitive::bool, ::traverse_sdk::__private::EvalError> {
                    ::core::result::Result::Ok(#value)
                })()
            }
        }
    }
}

fn absorbing(function: &str, left: &TypedExpr, right: &TypedExpr) -> TokenStream {
    let function = names::ident(function);
    let (left, right) = (outcome(left), outcome(right));
    quote!(::traverse_sdk::__private::#function(#left, || #right))
}

/// A value: numbers and bools as they are, text as `&str`, lists as slices, objects, maps and tuples as references, types
/// as their names, and what may be null as an `Option` of these.
fn value(expr: &TypedExpr) -> TokenStream {
    match &expr.kind {
        TypedKind::Literal(literal) => expand_literal(literal),
        TypedKind::Pattern(pattern) => expand_pattern_path(pattern.source()),
        TypedKind::Index { base, index } if matches!(base.ty, Type::Map(_)) => maps::lookup(base, index),
        TypedKind::Index { base, index } if !matches!(base.ty, Type::Tuple(_)) => {
            let (base, index) = (value(base), value(index));
            element(quote!(::traverse_sdk::__private::int::index(#base, #index)?))
        }
        TypedKind::Field { base, name, .. } if matches!(base.ty, Type::Map(_)) => {
            let (base, path) = (value(base), expr.path());
            element(quote! {
                ::traverse_sdk::__private::Keyed::find(#base, #name)
                    .ok_or(::traverse_sdk::__private::EvalError::Absent(#path))?
            })
        }
        TypedKind::NotNull(read) => {
            let (value, path) = (value(read), read.path());
            quote!(#value.ok_or(::traverse_sdk::__private::EvalError::Absent(#path))?)
        }
        TypedKind::TypeName(named) => {
            let name = named.name();
            quote!(#name)
        }
        TypedKind::Root(_) | TypedKind::Field { .. } | TypedKind::Index { .. } => {
            let place = place(expr);
            match &expr.ty {
                Type::String | Type::Enum(_) => quote!(#place.as_str()),
                Type::List(_) => quote!(#place.as_slice()),
                Type::Object(_) => quote!(#place.__itself()),
                Type::Map(_) | Type::Tuple(_) => quote!((&#place)),
                Type::Nullable(_) => element(quote!(&#place)),
                ty => whole(place, ty),
            }
        }
        TypedKind::List(items) if items.is_empty() => empty_list(),
        TypedKind::List(items) => {
            let items = owned_unless_alike(&items.iter().collect::<Vec<_>>(), held_type(&expr.ty));
            quote!((&[#(#items),*][..]))
        }
        TypedKind::Map(entries) => maps::written(entries, held_type(&expr.ty)),
        TypedKind::Not(operand) => {
            let operand = value(operand);
            quote!((!#operand))
        }
        TypedKind::Negate(operand) => {
            let value = value(operand);
            match expr.ty {
                Type::Int => quote!(::traverse_sdk::__private::int::negate(#value)?),
                _ => quote!((-#value)),
            }
        }
        TypedKind::Arithmetic { left, right, .. } if is_container(&expr.ty) => joined(left, right, &expr.ty),
        TypedKind::Arithmetic { op, left, right } => arithmetic(*op, &expr.ty, left, right),
        TypedKind::Compare { op, left, right }
            if [left, right].into_iter().any(|side| is_compared_by_parts(&side.ty)) =>
        {
            equal(*op, left, right)
        }
        TypedKind::Compare { op, left, right } => {
            let [(left, left_type), (right, right_type)] =
                [as_compared(left, right), as_compared(right, left)];
            compare(*op, (&left, left_type), (&right, right_type))
        }
        TypedKind::In { element, list } => contained(element, list),
        TypedKind::Is { operand, truth, .. } => {
            if is_fallible(operand) {
                let operand = value(operand);
                quote!({ let _ = #operand; #truth })
            } else {
                quote!(#truth)
            }
        }
        TypedKind::And(..) | TypedKind::Or(..) | TypedKind::Implies(..) if is_fallible(expr) => {
            let outcome = outcome(expr);
            quote!(#outcome?)
        }
        TypedKind::And(left, right) => {
            let (left, right) = (value(left), value(right));
            quote!((#left && #right))
        }
        TypedKind::Or(left, right) => {
            let (left, right) = (value(left), value(right));
            quote!((#left || #right))
        }
        TypedKind::Implies(left, right) => {
            let (left, right) = (value(left), value(right));
            quote!((!#left || #right))
        }
        TypedKind::Variable { id, .. } => {
            let variable = each(*id);
            quote!(#variable)
        }
        TypedKind::Macro { kind, list, variable, filter, body } => {
            over_list(*kind, list, *variable, filter.as_deref(), body)
        }
        TypedKind::Conditional { condition, then, otherwise } => {
            choice(value(condition), &expr.ty, [then, otherwise])
        }
        TypedKind::Has { base, name, .. } if matches!(base.ty, Type::Map(_)) => {
            let base = value(base);
            quote!(::traverse_sdk::__private::Keyed::find(#base, #name).is_some())
        }
        TypedKind::Has { base, name, optional } => {
            let (place, field) = (place(base), field(base, name));
            if *optional {
                quote!(#place.#field.is_some())
            } else if is_fallible(base) {
                quote!({ let _ = &#place; true })
            } else {
                quote!(true)
            }
        }
        TypedKind::Call { function, arguments } => call(*function, arguments),
    }
}

/// A stored value: rules compute with `i64`, whatever integer type the bounds of the schema made of it.
fn whole(stored: TokenStream, ty: &Type) -> TokenStream {
    match ty {
        Type::Int => quote!((#stored as ::core::primitive::i64)),
        _ => stored,
    }
}

/// An expression for the place of a stored value.
fn place(expr: &TypedExpr) -> TokenStream {
    match &expr.kind {
        TypedKind::Root(root) => {
            let root = root_ident(*root);
            quote!(#root)
        }
        TypedKind::Field { base, name, optional } if !matches!(base.ty, Type::Map(_)) => {
            let (place, field) = (place(base), field(base, name));
            if *optional {
                let path = expr.path();
                quote! {
                    (*#place.#field.as_ref().ok_or(::traverse_sdk::__private::EvalError::Absent(#path))?)
                }
            } else {
                quote!(#place.#field)
            }
        }
        TypedKind::Index { base, index } if matches!(base.ty, Type::Tuple(_)) => {
            // The checker promises a literal in range.
            let at = match index.kind {
                TypedKind::Literal(Literal::Int(at)) => at,
                _ => 0,
            };
            let (place, at) = (place(base), Token::i64_unsuffixed(at));
            quote!(#place.#at)
        }
        // A value that is nowhere stored is a reference already.
        _ => {
            let value = value(expr);
            quote!((*#value))
        }
    }
}

fn arithmetic(op: BinaryOp, ty: &Type, left: &TypedExpr, right: &TypedExpr) -> TokenStream {
    let (left, right) = (value(left), value(right));
    if *ty == Type::Int {
        let function = names::ident(match op {
            BinaryOp::Add => "add",
            BinaryOp::Subtract => "subtract",
            BinaryOp::Multiply => "multiply",
            BinaryOp::Divide => "divide",
            _ => "remainder",
        });
        return quote!(::traverse_sdk::__private::int::#function(#left, #right)?);
    }
    if is_text(ty) {
        return quote!((&*::traverse_sdk::__private::concat(#left, #right)));
    }
    let op = match op {
        BinaryOp::Add => quote!(+),
        BinaryOp::Subtract => quote!(-),
        BinaryOp::Multiply => quote!(*),
        BinaryOp::Divide => quote!(/),
        _ => quote!(%),
    };
    quote!((#left #op #right))
}

fn call(function: Function, arguments: &[TypedExpr]) -> TokenStream {
    if let [argument] = arguments
        && (function == Function::Type || function == Function::Size && matches!(argument.ty, Type::Tuple(_)))
    {
        return by_type(function, argument);
    }
    let values: Vec<TokenStream> = arguments.iter().map(value).collect();
    let first = values.first();
    match function {
        Function::Size if arguments.first().is_some_and(|argument| is_text(&argument.ty)) => {
            quote!((::traverse_sdk::__private::characters(#first) as ::core::primitive::i64))
        }
        Function::Size if arguments.first().is_some_and(|argument| matches!(argument.ty, Type::Map(_))) => {
            quote!((::traverse_sdk::__private::Keyed::count(#first) as ::core::primitive::i64))
        }
        Function::Size => quote!((#first.len() as ::core::primitive::i64)),
        Function::Int | Function::Double | Function::String | Function::Bool | Function::Type => {
            conversion(function, arguments.first().map(|argument| &argument.ty), first)
        }
        Function::StartsWith => quote!(::core::primitive::str::starts_with(#(#values),*)),
        Function::EndsWith => quote!(::core::primitive::str::ends_with(#(#values),*)),
        Function::Contains => quote!(::core::primitive::str::contains(#(#values),*)),
        Function::Matches => quote!(::traverse_sdk::__private::matches(#(#values),*)),
    }
}

fn conversion(function: Function, from: Option<&Type>, value: Option<&TokenStream>) -> TokenStream {
    let convert = quote!(::traverse_sdk::__private::convert);
    match (function, from) {
        (Function::Int, Some(Type::Number)) => quote!(#convert::truncated(#value)?),
        (Function::Int, Some(Type::String | Type::Enum(_))) => quote!(#convert::int_in(#value)?),
        (Function::Double, Some(Type::Int)) => quote!((#value as ::core::primitive::f64)),
        (Function::Double, Some(Type::String | Type::Enum(_))) => quote!(#convert::double_in(#value)?),
        (Function::String, Some(Type::Int)) => quote!((&*#convert::int_text(#value))),
        (Function::String, Some(Type::Number)) => quote!((&*#convert::double_text(#value))),
        (Function::String, Some(Type::Bool)) => quote!((if #value { "true" } else { "false" })),
        (Function::Bool, Some(Type::String | Type::Enum(_))) => quote!(#convert::bool_in(#value)?),
        _ => quote!(#value),
    }
}

fn expand_literal(literal: &Literal) -> TokenStream {
    match literal {
        Literal::Null => quote!(()),
        Literal::Bool(value) => quote!(#value),
        Literal::Int(i64::MIN) => quote!(::core::primitive::i64::MIN),
        Literal::Int(value) => {
            let digits = Token::i64_suffixed(value.saturating_abs());
            if *value < 0 { quote!((-#digits)) } else { quote!(#digits) }
        }
        Literal::Double(value) => {
            let digits = Token::f64_suffixed(value.abs());
            if value.is_sign_negative() { quote!((-#digits)) } else { quote!(#digits) }
        }
        Literal::String(value) => quote!(#value),
    }
}

/// One side of a comparison with `other`. An int that stands in the rule is written as a double beside a double where it
/// is one: that says the same, and needs no code for a comparison of the two types.
fn as_compared<'a>(side: &'a TypedExpr, other: &TypedExpr) -> (TokenStream, &'a Type) {
    const EXACT: u64 = 1 << 53;
    match side.kind {
        TypedKind::Literal(Literal::Int(int)) if other.ty == Type::Number && int.unsigned_abs() <= EXACT => {
            (expand_literal(&Literal::Double(int as f64)), &Type::Number)
        }
        _ => (value(side), &side.ty),
    }
}

fn compare(op: BinaryOp, left: (&TokenStream, &Type), right: (&TokenStream, &Type)) -> TokenStream {
    let ((left, left_type), (right, right_type)) = (left, right);
    let symbol = match op {
        BinaryOp::Less => quote!(<),
        BinaryOp::LessOrEqual => quote!(<=),
        BinaryOp::Greater => quote!(>),
        BinaryOp::GreaterOrEqual => quote!(>=),
        BinaryOp::NotEqual => quote!(!=),
        _ => quote!(==),
    };
    match (left_type, right_type) {
        (Type::Int, Type::Number) => mixed(op, left, right, false),
        (Type::Number, Type::Int) => mixed(op, right, left, true),
        _ => quote!((#left #symbol #right)),
    }
}

/// An int against a double; `swapped` if the double stood on the left.
fn mixed(op: BinaryOp, int: &TokenStream, double: &TokenStream, swapped: bool) -> TokenStream {
    let test = names::ident(match (op, swapped) {
        (BinaryOp::Less, false) | (BinaryOp::Greater, true) => "is_lt",
        (BinaryOp::LessOrEqual, false) | (BinaryOp::GreaterOrEqual, true) => "is_le",
        (BinaryOp::Greater, false) | (BinaryOp::Less, true) => "is_gt",
        (BinaryOp::GreaterOrEqual, false) | (BinaryOp::LessOrEqual, true) => "is_ge",
        _ => "is_eq",
    });
    // The left operand is evaluated first, for the first that fails is the one that is reported (spec LANG-45).
    let compared = if swapped {
        quote!({
            let __double = #double;
            ::traverse_sdk::__private::compare(#int, __double).is_some_and(|__order| __order.#test())
        })
    } else {
        quote! {
            ::traverse_sdk::__private::compare(#int, #double).is_some_and(|__order| __order.#test())
        }
    };
    if op == BinaryOp::NotEqual { quote!((!#compared)) } else { compared }
}
