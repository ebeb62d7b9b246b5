//! Messages that insert values: `"total was {cart.total}"` becomes
//!
//! ```text
//! __message.text("total was "); __message.double(__input.cart.total);
//! ```

use super::{is_fallible, is_text, value};
use crate::names;
use proc_macro2::TokenStream;
use quote::quote;
use traverse_contract::lang::message::{Message, MessagePart};
use traverse_contract::lang::typed::Type;

/// Statements that write a message into `__message`.
pub fn expand_message(message: &Message) -> TokenStream {
    let parts = message.parts.iter().map(|part| match part {
        MessagePart::Text(text) => quote!(__message.text(#text);),
        MessagePart::Value(expr) => {
            let write = names::ident(match expr.ty.value() {
                ty if is_text(ty) => "text",
                Type::Int => "int",
                Type::Number => "double",
                _ => "bool",
            });
            let value = value(expr);
            let write = match &expr.ty {
                Type::Nullable(_) => quote! {
                    match #value {
                        ::core::option::Option::Some(__some) => __message.#write(__some),
                        ::core::option::Option::None => __message.text("null"),
                    }
                },
                _ => quote!(__message.#write(#value)),
            };
            if !is_fallible(expr) {
                return quote!(#write;);
            }
            quote! {
                __message.attempt(|
                    __message: &mut ::traverse_sdk::__private::Message
                | -> ::core::result::Result<(), ::traverse_sdk::__private::EvalError> {
                    #write;
                    ::core::result::Result::Ok(())
                });
            }
        }
    });
    parts.collect()
}
