//! The bounds of schemas: of values that are read, and of those that a capability made, which are looked at again in the
//! JSON that it wrote. Of these only what the type does not say is checked, and nothing is made of them.

use super::pattern::expand_pattern_path;
use super::types::expand_decode_shape;
use crate::model::{Field, Shape};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;
use std::collections::HashSet;
use traverse_contract::number::number_text;
use traverse_contract::schema::{LengthBounds, NumberBounds, StringBounds, words};

/// A statement that rejects `__value` with `message` unless `holds`.
pub(super) fn require(holds: &TokenStream, message: &str) -> TokenStream {
    quote!(::traverse_sdk::__private::require(#holds, #message)?;)
}

/// Statements that reject a number `__value` that is not within the bounds.
pub(super) fn expand_number_bounds(bounds: &NumberBounds, integer: bool) -> Vec<TokenStream> {
    let number = |value: f64| {
        let magnitude = if integer {
            // Whole and within 2^53, as the schema's reader promises.
            Literal::i64_suffixed(value.abs() as i64)
        } else {
            Literal::f64_suffixed(value.abs())
        };
        let sign = (value < 0.0).then(|| quote!(-));
        quote!(#sign #magnitude)
    };
    if !bounds.among.is_empty() {
        // Each of them is within the bounds.
        let values = bounds.among.iter().map(|value| number(*value));
        return vec![require(
            &quote!([#(#values),*].contains(&__value)),
            &words::one_of_numbers(&bounds.among),
        )];
    }
    let each = [
        (bounds.minimum, quote!(>=), "at least"),
        (bounds.maximum, quote!(<=), "at most"),
        (bounds.exclusive_minimum, quote!(>), "greater than"),
        (bounds.exclusive_maximum, quote!(<), "less than"),
    ];
    let mut checks: Vec<TokenStream> = each
        .into_iter()
        .filter_map(|(bound, op, words)| {
            let bound = bound?;
            let message = format!("must be {words} {}", number_text(bound));
            let bound = number(bound);
            Some(require(&quote!(__value #op #bound), &message))
        })
        .collect();
    checks.extend(bounds.multiple_of.map(|step| {
        let value = number(step);
        require(&quote!(__value % #value == 0), &words::multiple_of(step))
    }));
    checks
}

/// The least and the greatest length, as arguments; `None` if there is neither.
pub(super) fn expand_length(bounds: &LengthBounds) -> Option<TokenStream> {
    if *bounds == LengthBounds::default() {
        return None;
    }
    let least = Literal::u64_unsuffixed(bounds.min.unwrap_or(0));
    let most = match bounds.max {
        Some(most) => {
            let most = Literal::u64_unsuffixed(most);
            quote!(#most)
        }
        None => quote!(::core::primitive::u64::MAX),
    };
    Some(quote!(#least, #most))
}

/// A statement that rejects what has a `length` outside of the bounds, if there are any.
pub(super) fn expand_length_bound(
    bounds: &LengthBounds,
    length: &TokenStream,
    unit: &str,
) -> Option<TokenStream> {
    let bounds = expand_length(bounds)?;
    Some(quote!(::traverse_sdk::__private::check_length(#length, #bounds, #unit)?;))
}

/// A statement that rejects a text `__value` that does not match the pattern, if there is one.
pub(super) fn expand_pattern_bound(bounds: &StringBounds) -> Option<TokenStream> {
    let pattern = bounds.pattern.as_ref()?;
    let message = format!("must match `{}`", pattern.source());
    let pattern = expand_pattern_path(pattern.source());
    Some(require(&quote!(::traverse_sdk::__private::matches(&__value, #pattern)), &message))
}

/// The body of a function that looks at an object that was made of these fields; `bounded` are the generated
/// types that have bounds.
pub(super) fn expand_check(fields: &[Field], bounded: &HashSet<&Ident>) -> TokenStream {
    let fields: Vec<_> = fields.iter().filter(|field| field.shape.is_bounded(bounded)).collect();
    if fields.is_empty() {
        return quote!(::core::result::Result::Ok(()));
    }
    let names = fields.iter().map(|field| &field.json);
    let arms = fields.iter().enumerate().map(|(at, field)| {
        let (at, check) = (Literal::usize_unsuffixed(at), expand_check_shape(&field.shape));
        quote! {
            #at => if let ::core::result::Result::Err(__rejection) = #check {
                break __rejection;
            },
        }
    });
    quote! {
        let mut __members = ::traverse_sdk::__private::members(__value, &[#(#names),*])?;
        let __rejection = loop {
            let __at = __members.advance();
            let __value = __members.value();
            match __at {
                #(#arms)*
                ::core::primitive::usize::MAX => return ::core::result::Result::Ok(()),
                _ => {}
            }
        };
        return ::core::result::Result::Err(__members.placed(__rejection));
    }
}

/// An expression of type `Decoded<()>` that looks at `__value`, which was made of the shape.
pub(super) fn expand_check_shape(shape: &Shape) -> TokenStream {
    let checks = |value: TokenStream, checks: Vec<TokenStream>| quote!(#value.and_then(|__value| { #(#checks)* ::core::result::Result::Ok(()) }));
    match shape {
        Shape::Text(bounds) => {
            let value = match expand_length(&bounds.length) {
                Some(length) => quote!(::traverse_sdk::__private::bounded_text(__value, #length)),
                None => quote!(::traverse_sdk::__private::borrow_text(__value)),
            };
            checks(value, expand_pattern_bound(bounds).into_iter().collect())
        }
        Shape::Nullable(value) => {
            let value = expand_check_shape(value);
            quote!(::traverse_sdk::__private::decode_nullable(__value, |__value| #value).map(|_| ()))
        }
        Shape::List(item, bounds) if !bounds.unique => {
            let item = expand_check_shape(item);
            let length = expand_length_bound(&bounds.length, &quote!(__value), "items");
            let value = quote!(::traverse_sdk::__private::check_array(__value, |__value| #item));
            checks(value, length.into_iter().collect())
        }
        Shape::Named(ident) | Shape::Boxed(ident) => {
            quote!(<#ident as ::traverse_sdk::__private::Decode>::check(__value))
        }
        _ => {
            let decoded = expand_decode_shape(shape);
            quote!(#decoded.map(|_| ()))
        }
    }
}
