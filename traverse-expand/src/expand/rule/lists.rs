//! Lists in Rust: macros become loops, `in` a search, `==` a comparison of each element.

use super::forms::{element, empty_list, joined_item, lasting};
use super::{compare, held_type, is_fallible, outcome, value};
use crate::names;
use proc_macro2::{Ident, Literal as Token, TokenStream};
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
    if *held_type(&list.ty) == Type::Never && matches!(list.ty, Type::List(_)) {
        return over_nothing(kind, value(list));
    }
    let element = element(quote!(__item));
    let each = each(variable);
    let bind = quote!(#[allow(unused_variables)] let #each = #element;);
    let given = match list.ty {
        Type::Map(_) => {
            let map = value(list);
            quote!((&*::traverse_sdk::__private::keys(#map)))
        }
        _ => value(list),
    };
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
                _ => (filter.map(value), lasting(body)),
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

/// A macro over what has no elements: its body is for none.
fn over_nothing(kind: Macro, list: TokenStream) -> TokenStream {
    let made = match kind {
        Macro::All => quote!(true),
        Macro::Exists | Macro::ExistsOne => quote!(false),
        Macro::Filter | Macro::Map => empty_list(),
    };
    quote!({ let _ = #list; #made })
}

/// `match (element, list) { … }`, so that what the operands borrow lives to the end.
pub(super) fn contained(sought: &TypedExpr, list: &TypedExpr) -> TokenStream {
    let given = value(sought);
    let local = quote!(__element);
    match (&list.kind, &list.ty) {
        (_, Type::Map(_)) => {
            let map = value(list);
            quote! {
                match (#given, #map) {
                    (__element, __map) => ::traverse_sdk::__private::Keyed::find(__map, __element).is_some()
                }
            }
        }
        (_, Type::List(item)) if **item == Type::Never => {
            let list = value(list);
            quote!({ let _ = (#given, #list); false })
        }
        (TypedKind::List(items), _) => {
            let locals: Vec<Ident> =
                (0..items.len()).map(|at| names::ident(&format!("__item{at}"))).collect();
            let values = items.iter().map(value);
            let tests = items
                .iter()
                .zip(&locals)
                .map(|(item, other)| are_equal((&local, &sought.ty), (&quote!(#other), &item.ty)));
            quote! {
                match (#given, #(#values),*) { (__element, #(#locals),*) => false #(|| #tests)* }
            }
        }
        (_, ty) => {
            let item_type = held_type(ty);
            let item = element(quote!(__item));
            let list = value(list);
            let test = are_equal((&local, &sought.ty), (&quote!(__other), item_type));
            quote! {
                match (#given, #list) {
                    (__element, __list) => __list.iter().any(|__item| { let __other = #item; #test })
                }
            }
        }
    }
}

/// `left == right` and `left != right` of lists, maps and objects.
pub(super) fn equal(op: BinaryOp, left: &TypedExpr, right: &TypedExpr) -> TokenStream {
    let test = are_equal((&quote!(__left), &left.ty), (&quote!(__right), &right.ty));
    let (left, right) = (value(left), value(right));
    let not = (op == BinaryOp::NotEqual).then(|| quote!(!));
    quote!((#not match (#left, #right) { (__left, __right) => #test }))
}

/// Whether two values, each under a name, are equal.
fn are_equal(left: (&TokenStream, &Type), right: (&TokenStream, &Type)) -> TokenStream {
    let inside = |left_type: &Type, right_type: &Type| {
        if [left_type, right_type].contains(&&Type::Never) {
            // Of the same size, so both are empty.
            return quote!(|_, _| true);
        }
        let item = element(quote!(__item));
        let test = are_equal((&quote!(__left), left_type), (&quote!(__right), right_type));
        quote! {
            |__item, __other| {
                let __left = #item;
                let __right = ::traverse_sdk::__private::Lend::lend(__other);
                #test
            }
        }
    };
    match ((left.0, left.1), (right.0, right.1)) {
        ((left, Type::List(left_type)), (right, Type::List(right_type))) => {
            let inside = inside(left_type, right_type);
            quote!(::traverse_sdk::__private::equal_lists(#left, #right, #inside))
        }
        ((left, Type::Map(left_type)), (right, Type::Map(right_type))) => {
            let inside = inside(left_type, right_type);
            quote!(::traverse_sdk::__private::equal_maps(#left, #right, #inside))
        }
        ((left, Type::Nullable(_)), (_, Type::Null)) => quote!(#left.is_none()),
        ((_, Type::Null), (right, Type::Nullable(_))) => quote!(#right.is_none()),
        ((left, Type::Nullable(left_type)), (right, Type::Nullable(right_type))) => {
            let test = are_equal((&quote!(__left), left_type), (&quote!(__right), right_type));
            quote! {
                match (#left, #right) {
                    (::core::option::Option::Some(__left), ::core::option::Option::Some(__right)) => #test,
                    (::core::option::Option::None, ::core::option::Option::None) => true,
                    _ => false,
                }
            }
        }
        ((left, Type::Nullable(left_type)), (right, right_type)) => {
            let test = are_equal((&quote!(__left), left_type), (right, right_type));
            quote!(match #left { ::core::option::Option::Some(__left) => #test, _ => false })
        }
        ((left, left_type), (right, Type::Nullable(right_type))) => {
            let test = are_equal((left, left_type), (&quote!(__right), right_type));
            quote!(match #right { ::core::option::Option::Some(__right) => #test, _ => false })
        }
        ((left, Type::Tuple(left_types)), (right, Type::Tuple(right_types))) => {
            let tests =
                left_types.iter().zip(right_types).enumerate().map(|(at, (left_type, right_type))| {
                    let at = Token::usize_unsuffixed(at);
                    let test = are_equal((&quote!(__left), left_type), (&quote!(__right), right_type));
                    quote! {
                        match (
                            ::traverse_sdk::__private::Lend::lend(&#left.#at),
                            ::traverse_sdk::__private::Lend::lend(&#right.#at),
                        ) {
                            (__left, __right) => #test,
                        }
                    }
                });
            quote!((true #(&& #tests)*))
        }
        // One schema, so one struct; what it compares is what it declares.
        ((left, Type::Object(_)), (right, Type::Object(_))) => quote!((*#left == *#right)),
        _ => compare(BinaryOp::Equal, left, right),
    }
}

/// `left + right` of two lists. What their elements borrow lives to the end of the `match`.
pub(super) fn joined(left: &TypedExpr, right: &TypedExpr, ty: &Type) -> TokenStream {
    let [left_item, right_item] = [left, right].map(|side| joined_item(held_type(&side.ty), held_type(ty)));
    let (left, right) = (value(left), value(right));
    quote! {
        (&*match (#left, #right) {
            (__left, __right) => {
                ::traverse_sdk::__private::join(__left, __right, |__item| #left_item, |__item| #right_item)
            }
        })
    }
}
