//! How long values live and how they are held.
//!
//! A list of texts is `&[String]` where it is the input's and `&[&str]` where a rule writes it; what looks at its
//! elements is the same code, by the trait `Lend`. Only where two values must be of one Rust type (the elements of a list
//! literal, the sides of a choice), or where one must outlive what it borrows from (what a macro makes of each element),
//! is it made anew: texts as `String`, lists as `Vec`, maps as pairs.
//!
//! `[]` by itself is a list of `Nothing`. Beside a list of something it is made anew as one, too.

use super::nullable::or_null;
use super::{held_type, is_container, is_text, value};
use proc_macro2::TokenStream;
use quote::quote;
use traverse_contract::lang::syntax::{BinaryOp, Macro};
use traverse_contract::lang::typed::{Type, TypedExpr, TypedKind};

/// What a list or a map holds, of which `held` is a reference, as [`value`] has it.
pub(super) fn element(held: TokenStream) -> TokenStream {
    quote!(::traverse_sdk::__private::Lend::lend(#held))
}

/// Whether a value borrows from what outlives the expression: the input, the result or the program.
pub(super) fn is_stored(expr: &TypedExpr) -> bool {
    match &expr.kind {
        // An element lives as long as its list, and what a macro makes of it no longer.
        TypedKind::Literal(_) | TypedKind::Pattern(_) | TypedKind::Root(_) | TypedKind::Variable { .. } => {
            true
        }
        TypedKind::NotNull(base) | TypedKind::Field { base, .. } | TypedKind::Index { base, .. } => {
            is_stored(base)
        }
        TypedKind::Conditional { then, otherwise, .. } => {
            is_stored(then)
                && is_stored(otherwise)
                && (!is_container(expr.ty.value()) || are_alike(&[then, otherwise]))
        }
        _ => false,
    }
}

/// Whether a value is of a type that borrows what it holds. References to objects are to those of the input.
fn borrows(ty: &Type) -> bool {
    is_text(ty.value()) || is_container(ty.value())
}

/// The value, owned if what it borrows from ends with the expression.
pub(super) fn lasting(expr: &TypedExpr) -> TokenStream {
    if !borrows(&expr.ty) || is_stored(expr) { value(expr) } else { owned(value(expr), &expr.ty, &expr.ty) }
}

/// A value that borrows from nothing but the input, as one of the type `together` that it has with others.
pub(super) fn owned(value: TokenStream, ty: &Type, together: &Type) -> TokenStream {
    match ty {
        Type::String | Type::Enum(_) => quote!(::traverse_sdk::__private::concat(#value, "")),
        Type::Nullable(some) if borrows(some) => {
            let some = owned(quote!(__some), some, together.value());
            quote!(#value.map(|__some| #some))
        }
        Type::List(item) => {
            let item = owned_item(item, held_type(together.value()));
            quote!(::traverse_sdk::__private::own_list(#value, |__item| #item))
        }
        Type::Map(held) => {
            let held = owned_item(held, held_type(together.value()));
            quote!(::traverse_sdk::__private::own_map(#value, |__item| #held))
        }
        _ => value,
    }
}

/// What `__item` refers to, as [`owned`] has it.
fn owned_item(ty: &Type, together: &Type) -> TokenStream {
    match (ty, together) {
        // There is none, so it becomes whatever is needed.
        (Type::Never, together) if *together != Type::Never => quote!(match *__item {}),
        _ => owned(element(quote!(__item)), ty, together),
    }
}

/// What `__item` refers to in one of two lists that are joined; lists and maps may be held in two ways, all else is lent
/// as one.
pub(super) fn joined_item(ty: &Type, together: &Type) -> TokenStream {
    match ty {
        Type::Never => owned_item(ty, together),
        _ if is_container(together.value()) => owned_item(ty, together),
        _ => element(quote!(__item)),
    }
}

/// `[]`
pub(super) fn empty_list() -> TokenStream {
    quote!((&[] as &[::traverse_sdk::__private::Nothing]))
}

/// `{}`
pub(super) fn empty_map() -> TokenStream {
    quote!((&[] as &[(&::core::primitive::str, ::traverse_sdk::__private::Nothing)]))
}

/// `condition ? then : otherwise`
pub(super) fn choice(condition: TokenStream, ty: &Type, sides: [&TypedExpr; 2]) -> TokenStream {
    let stored = sides.into_iter().all(is_stored) && (!is_container(ty.value()) || are_alike(&sides));
    if borrows(ty) && !stored {
        let [then, otherwise] = sides.map(|side| or_null(owned(value(side), &side.ty, ty), &side.ty, ty));
        return match ty {
            Type::Nullable(_) => quote!((if #condition { #then } else { #otherwise }).as_deref()),
            _ => quote!((&*if #condition { #then } else { #otherwise })),
        };
    }
    let [then, otherwise] = sides.map(|side| or_null(value(side), &side.ty, ty));
    quote!((if #condition { #then } else { #otherwise }))
}

/// Values side by side, all of one Rust type; `ty` is their type together.
pub(super) fn owned_unless_alike(values: &[&TypedExpr], ty: &Type) -> Vec<TokenStream> {
    let alike = are_alike(values);
    let one = |expr: &&TypedExpr| {
        let value = if alike { value(expr) } else { owned(value(expr), &expr.ty, ty) };
        or_null(value, &expr.ty, ty)
    };
    values.iter().map(one).collect()
}

/// Whether [`value`] certainly gives all of them one Rust type. Values that are neither lists nor maps have one for each
/// type of the language.
fn are_alike(values: &[&TypedExpr]) -> bool {
    let Some(first) = values.first() else { return true };
    !values.iter().any(|value| is_container(value.ty.value()))
        || values.iter().all(|value| value.ty == first.ty)
            && (values.iter().all(|value| is_of_input(value) && has_one_form(&value.ty))
                || values.iter().all(|value| holds_values(value)))
}

/// Whether the value lies in the input or the result as it is.
fn is_of_input(expr: &TypedExpr) -> bool {
    match &expr.kind {
        TypedKind::Root(_) => true,
        TypedKind::Field { base, .. } => matches!(base.ty, Type::Object(_)) || is_of_input(base),
        TypedKind::Index { base, .. } => is_of_input(base),
        _ => false,
    }
}

/// Whether a field of this type has one Rust type, whatever its schema. Closed sets have one each, and ints may have
/// one for their bounds.
fn has_one_form(ty: &Type) -> bool {
    match ty {
        Type::List(held) | Type::Map(held) | Type::Nullable(held) => has_one_form(held),
        Type::Bool | Type::Number | Type::String | Type::Object(_) => true,
        _ => false,
    }
}

/// Whether a list's elements are values as [`value`] makes them, which are neither lists nor maps.
fn holds_values(list: &TypedExpr) -> bool {
    let Type::List(item) = &list.ty else { return false };
    let is_made = match &list.kind {
        TypedKind::List(_) => true,
        TypedKind::Arithmetic { op, .. } => *op == BinaryOp::Add,
        TypedKind::Macro { kind: Macro::Filter, .. } => true,
        TypedKind::Macro { body, .. } => !is_text(item) || is_stored(body),
        _ => false,
    };
    is_made && !is_container(item)
}
