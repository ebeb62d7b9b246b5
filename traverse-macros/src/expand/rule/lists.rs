//! Lists in Rust: macros become loops, `in` a search.

use super::{compare, is_fallible, is_stored, is_text, outcome, owned_text, value, whole};
use crate::names;
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use traverse_contract::lang::syntax::{BinaryOp, Macro};
use traverse_contract::lang::typed::{Type, TypedExpr, TypedKind};

/// The local that holds an element: a value as [`value`] makes them, whatever the list holds.
pub(super) fn each(id: usize) -> Ident {
    names::ident(&format!("__each{id}"))
}

/// A macro: a loop, or for `all` and `exists` the call that absorbs errors. What the list borrows lives to the end of the
/// `match`, so that what is made of its elements may borrow from it too.
pub(super) fn over_list(
    kind: Macro,
    list: &TypedExpr,
    variable: usize,
    filter: Option<&TypedExpr>,
    body: &TypedExpr,
) -> TokenStream {
    let item = match &list.ty {
        Type::List(item) => &**item,
        _ => &Type::Null,
    };
    let element = match item {
        _ if holds_values(list) => whole(quote!(*__item), item),
        ty if is_text(ty) => quote!(__item.as_str()),
        Type::List(_) => quote!(__item.as_slice()),
        Type::Object(_) => quote!(__item),
        _ => whole(quote!(*__item), item),
    };
    let each = each(variable);
    let bind = quote!(#[allow(unused_variables)] let #each = #element;);
    let given = value(list);
    match kind {
        Macro::All | Macro::Exists => {
            let absorbing = is_fallible(body);
            let (test, function) = match (kind, absorbing) {
                (_, true) => (outcome(body), names::ident(if kind == Macro::All { "all" } else { "exists" })),
                (_, false) => (value(body), names::ident(if kind == Macro::All { "all" } else { "any" })),
            };
            match absorbing {
                true => quote! {
                    ::traverse_sdk::__private::#function(#given, |__item| { #bind #test })?
                },
                false => quote!(#given.iter().#function(|__item| { #bind #test })),
            }
        }
        Macro::ExistsOne => {
            let test = value(body);
            quote! {
                match #given {
                    __list => {
                        let mut __found = 0;
                        for __item in __list.iter() {
                            #bind
                            if #test { __found += 1; }
                        }
                        __found == 1
                    }
                }
            }
        }
        Macro::Filter | Macro::Map => {
            let (test, made) = match kind {
                Macro::Filter => (Some(value(body)), quote!(#each)),
                _ if is_text(&body.ty) && !is_stored(body) => (filter.map(value), owned_text(body)),
                _ => (filter.map(value), value(body)),
            };
            let push = quote!(__made.push(#made););
            let push = match test {
                Some(test) => quote!(if #test { #push }),
                None => push,
            };
            quote! {
                (&*match #given {
                    __list => {
                        let mut __made = ::traverse_sdk::__private::Vec::new();
                        for __item in __list.iter() {
                            #bind
                            #push
                        }
                        __made
                    }
                })
            }
        }
    }
}

/// `match (element, list) { … }`, so that what the operands borrow lives to the end.
pub(super) fn contained(element: &TypedExpr, list: &TypedExpr) -> TokenStream {
    let given = value(element);
    let sought = quote!(__element);
    if let TypedKind::List(items) = &list.kind {
        let locals: Vec<Ident> = (0..items.len()).map(|at| names::ident(&format!("__item{at}"))).collect();
        let values = items.iter().map(value);
        let tests = items.iter().zip(&locals).map(|(item, local)| {
            compare(BinaryOp::Equal, (&sought, &element.ty), (&quote!(#local), &item.ty))
        });
        return quote! {
            match (#given, #(#values),*) { (__element, #(#locals),*) => false #(|| #tests)* }
        };
    }
    let item_type = match &list.ty {
        Type::List(item) => (**item).clone(),
        _ => Type::Null,
    };
    let item = match &item_type {
        ty if is_text(ty) && !holds_values(list) => quote!(__item.as_str()),
        _ => whole(quote!((*__item)), &item_type),
    };
    let list = value(list);
    let test = compare(BinaryOp::Equal, (&sought, &element.ty), (&item, &item_type));
    quote!(match (#given, #list) { (__element, __list) => __list.iter().any(|__item| #test) })
}

/// Whether the list's elements are values as [`value`] makes them, rather than stored ones.
pub(super) fn holds_values(list: &TypedExpr) -> bool {
    match &list.kind {
        TypedKind::List(_) => true,
        TypedKind::Macro { kind: Macro::Filter, .. } => true,
        TypedKind::Macro { body, .. } => !is_text(&body.ty) || is_stored(body),
        // An element of a written list of lists is itself stored or written.
        TypedKind::Index { base, .. } => match &base.kind {
            TypedKind::List(items) => items.first().is_some_and(holds_values),
            _ => false,
        },
        _ => false,
    }
}
