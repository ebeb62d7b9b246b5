//! Maps in Rust: one that a rule writes is an array of pairs, sorted by key; one that is asked for a value at once
//! becomes a `match`.

use super::forms::{element, empty_map, is_stored, owned_unless_alike};
use super::{is_container, is_fallible, is_text, value};
use proc_macro2::TokenStream;
use quote::quote;
use traverse_contract::lang::syntax::Literal;
use traverse_contract::lang::typed::{Type, TypedExpr, TypedKind};

/// Whether all that can go wrong with a map literal is its values: no key comes twice.
pub(super) fn has_constant_keys(entries: &[(TypedExpr, TypedExpr)]) -> bool {
    entries.iter().all(|(key, _)| constant(key).is_some())
}

fn constant(key: &TypedExpr) -> Option<&str> {
    match &key.kind {
        TypedKind::Literal(Literal::String(text)) => Some(text),
        _ => None,
    }
}

/// `{'a': 1, 'b': 2}`
pub(super) fn written(entries: &[(TypedExpr, TypedExpr)], held: &Type) -> TokenStream {
    if entries.is_empty() {
        return empty_map();
    }
    let values: Vec<&TypedExpr> = entries.iter().map(|(_, value)| value).collect();
    let values = owned_unless_alike(&values, held);
    let fallible = entries.iter().any(|(_, value)| is_fallible(value));
    if has_constant_keys(entries) && !fallible {
        let mut pairs: Vec<_> = entries.iter().filter_map(|(key, _)| constant(key)).zip(values).collect();
        pairs.sort_by_key(|(key, _)| *key);
        let pairs = pairs.iter().map(|(key, value)| quote!((#key, #value)));
        return quote!((&[#(#pairs),*][..]));
    }
    let keys = entries.iter().map(|(key, _)| value(key));
    quote!((&::traverse_sdk::__private::written([#((#keys, #values)),*])?[..]))
}

/// `map[key]`
pub(super) fn lookup(map: &TypedExpr, key: &TypedExpr) -> TokenStream {
    if let TypedKind::Map(entries) = &map.kind {
        // What borrows from nothing that ends with its arm.
        let simple = |value: &TypedExpr| {
            !is_fallible(value)
                && !matches!(value.ty, Type::Null | Type::Nullable(_))
                && !is_container(&value.ty)
                && (!is_text(&value.ty) || is_stored(value))
        };
        if has_constant_keys(entries) && entries.iter().all(|(_, value)| simple(value)) {
            let keys = entries.iter().filter_map(|(key, _)| constant(key));
            let values = entries.iter().map(|(_, found)| value(found));
            let key = value(key);
            return quote! {
                (match #key {
                    #(#keys => #values,)*
                    _ => ::core::result::Result::Err(::traverse_sdk::__private::EvalError::NoSuchKey)?,
                })
            };
        }
    }
    let (map, key) = (value(map), value(key));
    element(quote!(::traverse_sdk::__private::lookup(#map, #key)?))
}
