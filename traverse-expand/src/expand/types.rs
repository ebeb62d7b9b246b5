//! The types of a contract, and their way from and to JSON.

use super::bounds::{
    expand_check, expand_length, expand_length_bound, expand_number_bounds, expand_pattern_bound, require,
};
use super::pattern::expand_patterns;
use crate::model::{Field, Item, ItemKind, Shape, Types, int_type};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;
use std::collections::HashSet;
use traverse_contract::schema::words;

/// What generated items are excused from: they are not the author's to mend.
pub fn allowances() -> TokenStream {
    quote! {
        #[allow(
            warnings, dead_code, missing_docs, non_camel_case_types, non_snake_case, unreachable_pub, unused_qualifications,
            missing_copy_implementations, missing_debug_implementations, unused_results, single_use_lifetimes,
            unnameable_types, clippy::all, clippy::pedantic, clippy::nursery, clippy::restriction
        )]
    }
}

/// A shape as Rust. Generated types are found under `prefix` (`super::`, `crate::` or nothing).
pub fn expand_shape(shape: &Shape, prefix: &TokenStream) -> TokenStream {
    match shape {
        Shape::Null => quote!(()),
        Shape::Nullable(value) => {
            let value = expand_shape(value, prefix);
            quote!(::core::option::Option<#value>)
        }
        Shape::Tuple(items) => {
            let items = items.iter().map(|item| expand_shape(item, prefix));
            quote!((#(#items,)*))
        }
        Shape::Bool(_) => quote!(::core::primitive::bool),
        Shape::Int(bounds) => {
            let name = crate::names::ident(int_type(bounds));
            quote!(::core::primitive::#name)
        }
        Shape::Double(_) => quote!(::core::primitive::f64),
        Shape::Text(_) => quote!(::traverse_sdk::__private::String),
        Shape::List(item, _) => {
            let item = expand_shape(item, prefix);
            quote!(::traverse_sdk::__private::Vec<#item>)
        }
        Shape::Map(value, _) => {
            let value = expand_shape(value, prefix);
            quote!(::traverse_sdk::__private::BTreeMap<::traverse_sdk::__private::String, #value>)
        }
        Shape::Named(ident) => quote!(#prefix #ident),
        Shape::Boxed(ident) => quote!(::traverse_sdk::__private::Box<#prefix #ident>),
    }
}

/// A field's type.
pub fn expand_field_type(field: &Field, prefix: &TokenStream) -> TokenStream {
    let shape = expand_shape(&field.shape, prefix);
    if field.optional { quote!(::core::option::Option<#shape>) } else { shape }
}

/// All types of a contract.
pub fn expand_types(types: &Types) -> TokenStream {
    let sets = Sets { sound: types.sound(), bounded: types.bounded() };
    let items = types.items.iter().map(|item| expand_item(item, &sets));
    let exception = expand_exception(types, &sets);
    let patterns = expand_patterns(&types.patterns);
    quote!(#(#items)* #exception #patterns)
}

fn doc(text: Option<&String>, otherwise: &str) -> TokenStream {
    let text = text.map_or(otherwise, String::as_str).trim();
    let lines = text.lines().map(|line| format!(" {line}"));
    quote!(#(#[doc = #lines])*)
}

/// Which of the generated types have a property.
struct Sets<'a> {
    /// [`Types::sound`]
    sound: HashSet<&'a Ident>,
    /// [`Types::bounded`]
    bounded: HashSet<&'a Ident>,
}

fn expand_item(item: &Item, sets: &Sets) -> TokenStream {
    let ident = &item.ident;
    match &item.kind {
        ItemKind::Struct { fields, additional } => expand_struct(item, fields, *additional, sets),
        ItemKind::Enum(variants) => expand_enum(item, variants),
        ItemKind::Alias(shape) => {
            let doc = doc(item.doc.as_ref(), &format!("`{ident}` of the contract."));
            let (shape, allowances) = (expand_shape(shape, &TokenStream::new()), allowances());
            quote!(#doc #allowances pub type #ident = #shape;)
        }
    }
}

/// ```text
/// #[derive(Clone, Debug, PartialEq)]
/// pub struct Cart { pub total: f64 }
/// impl Decode for Cart { … }
/// impl Encode for Cart { … }
/// ```
fn expand_struct(item: &Item, fields: &[Field], additional: bool, sets: &Sets) -> TokenStream {
    let fallible = !sets.sound.contains(&item.ident);
    let Item { ident, .. } = item;
    let docs = doc(item.doc.as_ref(), &format!("`{ident}` of the contract."));
    let allowances = allowances();
    let declared = expand_fields(fields, &quote!(pub));
    let decode = expand_decode(fields, additional);
    let encode = expand_encode(fields, &quote!(self.), fallible);
    let check = expand_check(fields, &sets.bounded);
    quote! {
        #docs
        #[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
        #allowances
        pub struct #ident { #declared }

        #[automatically_derived]
        #allowances
        impl #ident {
            /// The value itself, out of a box or not: what rules compare and pass on.
            #[doc(hidden)]
            pub const fn __itself(&self) -> &Self { self }
        }

        #[automatically_derived]
        #allowances
        impl ::traverse_sdk::__private::Decode for #ident {
            fn decode(
                __value: ::traverse_sdk::__private::Value<'_>,
            ) -> ::traverse_sdk::__private::Decoded<Self> {
                #decode
            }

            fn check(
                __value: ::traverse_sdk::__private::Value<'_>,
            ) -> ::traverse_sdk::__private::Decoded<()> {
                #check
            }
        }

        #[automatically_derived]
        #allowances
        impl ::traverse_sdk::__private::Encode for #ident {
            const FALLIBLE: ::core::primitive::bool = #fallible;

            fn encode(&self, __out: &mut ::traverse_sdk::__private::Writer) {
                #encode
            }
        }

        #[automatically_derived]
        #allowances
        impl ::traverse_sdk::__private::LendRef for #ident {}

        #[automatically_derived]
        #allowances
        impl<'__a> ::traverse_sdk::__private::Lend<'__a> for #ident {
            type Value = &'__a Self;

            fn lend(&'__a self) -> &'__a Self {
                self
            }
        }
    }
}

fn expand_fields(fields: &[Field], visibility: &TokenStream) -> TokenStream {
    let fields = fields.iter().map(|field| {
        let Field { ident, json, .. } = field;
        let doc = doc(field.doc.as_ref(), &format!("`{json}` of the contract."));
        let ty = expand_field_type(field, &TokenStream::new());
        quote!(#doc #visibility #ident: #ty)
    });
    quote!(#(#fields),*)
}

/// Properties in the document's order; then what is missing, in the schema's.
fn expand_decode(fields: &[Field], additional: bool) -> TokenStream {
    let idents: Vec<_> = fields.iter().map(|field| &field.ident).collect();
    // Fields may be called anything, `value` and `name` too.
    let locals: Vec<_> = (0..fields.len()).map(|at| crate::names::ident(&format!("__field{at}"))).collect();
    let names = fields.iter().map(|field| &field.json);
    let arms = fields.iter().zip(&locals).enumerate().map(|(at, (field, local))| {
        let (at, decoded) = (Literal::usize_unsuffixed(at), expand_decode_shape(&field.shape));
        quote! {
            #at => match #decoded {
                ::core::result::Result::Ok(__value) => ::traverse_sdk::__private::fill(&mut #local, __value),
                ::core::result::Result::Err(__rejection) => break __rejection,
            },
        }
    });
    let values = fields.iter().zip(&locals).map(|(field, local)| {
        let json = &field.json;
        if field.optional {
            quote!(#local)
        } else {
            quote! {
                match #local {
                    ::core::option::Option::Some(__value) => __value,
                    ::core::option::Option::None => {
                        return ::core::result::Result::Err(::traverse_sdk::__private::missing(#json));
                    }
                }
            }
        }
    });
    let unknown = match additional {
        true => quote!({}),
        false => quote!(break ::traverse_sdk::__private::unknown()),
    };
    quote! {
        #(let mut #locals = ::core::option::Option::None;)*
        let mut __members = ::traverse_sdk::__private::members(__value, &[#(#names),*])?;
        let __rejection = loop {
            let __at = __members.advance();
            let __value = __members.value();
            match __at {
                #(#arms)*
                ::core::primitive::usize::MAX => return ::core::result::Result::Ok(Self { #(#idents: #values),* }),
                _ => #unknown,
            }
        };
        ::core::result::Result::Err(__members.placed(__rejection))
    }
}

/// An expression of type `Decoded<_>` that reads `value` by the schema, bounds included.
pub fn expand_decode_shape(shape: &Shape) -> TokenStream {
    let (decoded, bounds) = match shape {
        Shape::Null => (quote!(::traverse_sdk::__private::unwrap_null(__value)), vec![]),
        Shape::Nullable(value) => {
            let value = expand_decode_shape(value);
            (quote!(::traverse_sdk::__private::decode_nullable(__value, |__value| #value)), vec![])
        }
        Shape::Tuple(items) => (expand_decode_tuple(items), vec![]),
        Shape::Bool(only) => {
            let decoded =
                quote!(<::core::primitive::bool as ::traverse_sdk::__private::Decode>::decode(__value));
            let only = only.map(|only| require(&quote!(__value == #only), words::must_be(only)));
            (decoded, only.into_iter().collect())
        }
        Shape::Int(bounds) => {
            let decoded =
                quote!(<::core::primitive::i64 as ::traverse_sdk::__private::Decode>::decode(__value));
            (decoded, expand_number_bounds(bounds, true))
        }
        Shape::Double(bounds) => {
            let decoded =
                quote!(<::core::primitive::f64 as ::traverse_sdk::__private::Decode>::decode(__value));
            (decoded, expand_number_bounds(bounds, false))
        }
        Shape::Text(bounds) => {
            let decoded = match expand_length(&bounds.length) {
                Some(length) => quote!(::traverse_sdk::__private::decode_text(__value, #length)),
                None => quote!(::traverse_sdk::__private::unwrap_text(__value)),
            };
            (decoded, expand_pattern_bound(bounds).into_iter().collect())
        }
        Shape::List(item, bounds) => {
            let item = expand_decode_shape(item);
            let decoded = quote!(::traverse_sdk::__private::decode_array(__value, |__value| #item));
            let length = expand_length_bound(&bounds.length, &quote!(__value.len()), "items");
            let differ = quote!(::traverse_sdk::__private::all_differ(&__value));
            let differ = bounds.unique.then(|| require(&differ, words::NOT_UNIQUE));
            (decoded, length.into_iter().chain(differ).collect())
        }
        Shape::Map(value, bounds) => {
            let value = expand_decode_shape(value);
            let decoded = quote!(::traverse_sdk::__private::decode_map(__value, |__value| #value));
            let length = expand_length_bound(bounds, &quote!(__value.len()), "properties");
            (decoded, length.into_iter().collect())
        }
        Shape::Named(ident) => {
            (quote!(<#ident as ::traverse_sdk::__private::Decode>::decode(__value)), vec![])
        }
        Shape::Boxed(ident) => {
            let decoded = quote!(<#ident as ::traverse_sdk::__private::Decode>::decode(__value));
            (quote!(#decoded.map(::traverse_sdk::__private::Box::new)), vec![])
        }
    };
    if bounds.is_empty() {
        return decoded;
    }
    // Integers are read as `i64`; within the bounds the smaller type holds the same value.
    let narrowed = match shape {
        Shape::Int(bounds) if int_type(bounds) != "i64" => {
            let ty = expand_shape(shape, &TokenStream::new());
            quote!(__value as #ty)
        }
        _ => quote!(__value),
    };
    quote! {
        #decoded.and_then(|__value| {
            #(#bounds)*
            ::core::result::Result::Ok(#narrowed)
        })
    }
}

/// Elements in their order, as far as there are any; then how many there are.
fn expand_decode_tuple(items: &[Shape]) -> TokenStream {
    let locals: Vec<_> = (0..items.len()).map(|at| crate::names::ident(&format!("__item{at}"))).collect();
    let decoded = items.iter().zip(&locals).enumerate().map(|(at, (item, local))| {
        let (at, decoded) = (Literal::usize_unsuffixed(at), expand_decode_shape(item));
        quote! {
            let #local = ::traverse_sdk::__private::decode_item(&mut __items, #at, |__value| #decoded)?;
        }
    });
    let length = Literal::usize_unsuffixed(items.len());
    let message = format!("must have exactly {} items", items.len());
    quote! {
        ::traverse_sdk::__private::unwrap_array(__value).and_then(|(mut __items, __length)| {
            #(#decoded)*
            match (#(#locals,)*) {
                (#(::core::option::Option::Some(#locals),)*) if __length == #length => {
                    ::core::result::Result::Ok((#(#locals,)*))
                }
                _ => ::core::result::Result::Err(::traverse_sdk::__private::reject(#message)),
            }
        })
    }
}

/// Statements that write the fields' object to `out`; `place` leads to a field (`self.`, or nothing for a binding).
/// `fallible` if JSON cannot hold all values.
pub fn expand_encode(fields: &[Field], place: &TokenStream, fallible: bool) -> TokenStream {
    let fields = fields.iter().map(|field| {
        let Field { ident, json, .. } = field;
        if field.optional {
            quote!(__out.optional(#json, &#place #ident);)
        } else {
            quote!(__out.property(#json, &#place #ident);)
        }
    });
    let descend = fallible.then(|| quote!(__out.descend();));
    let ascend = fallible.then(|| quote!(__out.ascend();));
    quote! {
        __out.begin();
        #descend
        #(#fields)*
        #ascend
        __out.end();
    }
}

/// ```text
/// pub enum Tier { Standard, Enterprise }
/// impl Tier { pub const fn as_str(&self) -> &'static str { … } }
/// ```
/// with `Display` and comparison to text.
fn expand_enum(item: &Item, variants: &[(String, Ident)]) -> TokenStream {
    let Item { ident, .. } = item;
    let docs = doc(item.doc.as_ref(), &format!("`{ident}` of the contract."));
    let allowances = allowances();
    let idents: Vec<_> = variants.iter().map(|(_, ident)| ident).collect();
    let texts: Vec<_> = variants.iter().map(|(text, _)| text).collect();
    let variant_docs = texts.iter().map(|text| format!(" `{text}`"));
    let message = words::one_of_texts(&texts.iter().map(|text| (*text).clone()).collect::<Vec<_>>());
    quote! {
        #docs
        #[derive(
            ::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug, ::core::cmp::PartialEq, ::core::cmp::Eq,
        )]
        #allowances
        pub enum #ident { #(#[doc = #variant_docs] #idents),* }

        #[automatically_derived]
        #allowances
        impl #ident {
            /// The text that stands for it in JSON.
            pub const fn as_str(&self) -> &'static ::core::primitive::str {
                match *self { #(Self::#idents => #texts),* }
            }
        }

        #[automatically_derived]
        #allowances
        impl ::core::fmt::Display for #ident {
            fn fmt(&self, __f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                __f.write_str(self.as_str())
            }
        }

        #[automatically_derived]
        #allowances
        impl ::core::cmp::PartialEq<::core::primitive::str> for #ident {
            fn eq(&self, __other: &::core::primitive::str) -> ::core::primitive::bool {
                self.as_str() == __other
            }
        }

        #[automatically_derived]
        #allowances
        impl ::core::cmp::PartialEq<&::core::primitive::str> for #ident {
            fn eq(&self, __other: &&::core::primitive::str) -> ::core::primitive::bool {
                self.as_str() == *__other
            }
        }

        #[automatically_derived]
        #allowances
        impl ::traverse_sdk::__private::Decode for #ident {
            fn decode(
                __value: ::traverse_sdk::__private::Value<'_>,
            ) -> ::traverse_sdk::__private::Decoded<Self> {
                match ::traverse_sdk::__private::borrow_text(__value)? {
                    #(#texts => ::core::result::Result::Ok(Self::#idents),)*
                    _ => ::core::result::Result::Err(::traverse_sdk::__private::reject(#message)),
                }
            }
        }

        #[automatically_derived]
        #allowances
        impl ::traverse_sdk::__private::Encode for #ident {
            const FALLIBLE: ::core::primitive::bool = false;

            fn encode(&self, __out: &mut ::traverse_sdk::__private::Writer) {
                ::traverse_sdk::__private::Encode::encode(self.as_str(), __out);
            }
        }

        #[automatically_derived]
        #allowances
        impl ::traverse_sdk::__private::Lend<'_> for #ident {
            type Value = &'static ::core::primitive::str;

            fn lend(&self) -> &'static ::core::primitive::str {
                self.as_str()
            }
        }
    }
}

/// ```text
/// pub enum Exception { CartExpired, WrongLength { expected: i64 } }
/// impl Raised for Exception { … }
/// ```
fn expand_exception(types: &Types, sets: &Sets) -> TokenStream {
    let allowances = allowances();
    let mut fields = types.exceptions.iter().filter_map(|exception| exception.fields.as_ref()).flatten();
    let fallible = fields.any(|field| !field.shape.is_sound(&sets.sound));
    let mut variants = Vec::new();
    let (mut names, mut messages, mut details) = (Vec::new(), Vec::new(), Vec::new());
    for exception in &types.exceptions {
        let ident = &exception.ident;
        let name = ident.to_string();
        let doc = doc(exception.message.as_ref(), &format!("`{name}` of the contract."));
        names.push(quote!(Self::#ident { .. } => #name));
        messages.push(match &exception.message {
            Some(message) => quote!(Self::#ident { .. } => ::core::option::Option::Some(#message)),
            None => quote!(Self::#ident { .. } => ::core::option::Option::None),
        });
        match &exception.fields {
            None => {
                variants.push(quote!(#doc #ident));
                details.push(quote!(Self::#ident => {}));
            }
            Some(fields) => {
                let declared = expand_fields(fields, &TokenStream::new());
                variants.push(quote!(#doc #ident { #declared }));
                let idents = fields.iter().map(|field| &field.ident);
                let locals: Vec<_> =
                    (0..fields.len()).map(|at| crate::names::ident(&format!("__field{at}"))).collect();
                let renamed: Vec<Field> = fields
                    .iter()
                    .zip(&locals)
                    .map(|(field, local)| Field { ident: local.clone(), ..field.clone() })
                    .collect();
                let encode = expand_encode(&renamed, &quote!(*), fallible);
                details.push(quote!(Self::#ident { #(#idents: #locals),* } => { #encode }));
            }
        }
    }
    let doubles = types.hold_doubles();
    let detailed = types.exceptions.iter().any(|exception| exception.fields.is_some());
    let bounded = types.exceptions.iter().any(|exception| exception.bounded);
    let checks: Vec<_> = types
        .exceptions
        .iter()
        .filter_map(|exception| {
            let (ident, fields) =
                (&exception.ident, exception.fields.as_ref().filter(|_| exception.bounded)?);
            let check = expand_check(fields, &sets.bounded);
            Some(quote!(Self::#ident { .. } => { #check }))
        })
        .collect();
    let check_details = (!checks.is_empty()).then(|| {
        quote! {
            fn check_details(
                &self,
                __value: ::traverse_sdk::__private::Value<'_>,
            ) -> ::traverse_sdk::__private::Decoded<()> {
                match *self { #(#checks)* _ => ::core::result::Result::Ok(()) }
            }
        }
    });
    quote! {
        /// The exceptions that the contract declares.
        #[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
        #allowances
        pub enum Exception { #(#variants),* }

        #[automatically_derived]
        #allowances
        impl ::traverse_sdk::__private::Raised for Exception {
            const DETAILED: ::core::primitive::bool = #detailed;
            const FALLIBLE: ::core::primitive::bool = #fallible;
            const DOUBLES: ::core::primitive::bool = #doubles;
            const BOUNDED: ::core::primitive::bool = #bounded;

            fn name(&self) -> &'static ::core::primitive::str {
                match *self { #(#names,)* }
            }

            fn message(&self) -> ::core::option::Option<&'static ::core::primitive::str> {
                match *self { #(#messages,)* }
            }

            fn details(&self, __out: &mut ::traverse_sdk::__private::Writer) {
                match self { #(#details)* _ => {} }
            }

            #check_details
        }
    }
}
