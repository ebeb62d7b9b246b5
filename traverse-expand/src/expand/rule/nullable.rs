//! What the static types alone know: `type()`, the size of a tuple; and values beside others that may be null.

use super::{is_fallible, value};
use proc_macro2::{Literal as Token, TokenStream};
use quote::quote;
use traverse_contract::lang::syntax::Function;
use traverse_contract::lang::typed::{Type, TypedExpr};

/// A value of type `ty` beside others of which some may be null: of the type that they are of together.
pub(super) fn or_null(given: TokenStream, ty: &Type, together: &Type) -> TokenStream {
    match (together, ty) {
        (Type::Nullable(_), Type::Nullable(_)) => given,
        (Type::Nullable(_), Type::Null) => quote!({ let _ = #given; ::core::option::Option::None }),
        (Type::Nullable(_), _) => quote!(::core::option::Option::Some(#given)),
        _ => given,
    }
}

/// `type(e)` as the type's name, and the size of a tuple. The operand is kept where reading it may fail.
pub(super) fn by_type(function: Function, operand: &TypedExpr) -> TokenStream {
    let known = match (function, &operand.ty) {
        (Function::Size, Type::Tuple(items)) => {
            let size = Token::i64_suffixed(items.len() as i64);
            quote!(#size)
        }
        (_, ty) => {
            let name = ty.name_as_value().name();
            quote!(#name)
        }
    };
    if function == Function::Type && matches!(operand.ty, Type::Nullable(_)) {
        let operand = value(operand);
        return quote!((if #operand.is_some() { #known } else { "null_type" }));
    }
    if is_fallible(operand) {
        let operand = value(operand);
        return quote!({ let _ = #operand; #known });
    }
    known
}
