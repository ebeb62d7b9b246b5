//! One call of the capability: every clause, the function, and what becomes of its result, in the order of spec IO-7.
//!
//! ```text
//! impl Capability for __traverse::Contract {
//!     type Input = Input;
//!     const DOUBLES: bool = true;
//!     const INPUT_BYTES: usize = 1048576;
//!     fn call(input: Input) -> Ended<Text> {
//!         check_clause(&Clause { … }, Ok(input.cart.total > 0f64), |__observed| { … })?;
//!         let conditions = [check_condition("CartExpired", "cart.age > 30", Ok(…))?];
//!         let output = match <Result<Output, Exception> as Return>::into_result(eligibility_check(…)) {
//!             Ok(output) => output,
//!             Err(exception) => { check_raised(Some(…), &conditions)?; return Err(raise(&exception)); }
//!         };
//!         check_raised(None, &conditions)?;
//!         let result = write_result(&output);
//!         check_output(&result, …)?;
//!         check_clause(…)?;
//!         Ok(result)
//!     }
//! }
//! fn main() { main::<__traverse::Contract>() }
//! ```

use super::bounds::expand_check_shape;
use super::rule::{Needs, expand_message, expand_observed, expand_rule};
use super::support::expand_argument;
use super::types::allowances;
use crate::check::{Callable, Origin};
use crate::contract::prose_name;
use crate::model::{ItemKind, Shape, Types};
use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use traverse_contract::lang::message::Message;
use traverse_contract::spec::{ClauseKind, Limits};
use traverse_contract::{CheckedClause, Contract, Rule};

/// The implementation. Prose invariants in `unbound` are left out: they are reported already. `mark` tells what it is made from.
pub fn expand_call(
    contract: &Contract,
    types: &Types,
    function: &Ident,
    callable: &Callable,
    unbound: &[String],
    mark: &TokenStream,
) -> TokenStream {
    let path = quote!(__traverse);
    let input_bytes = contract.spec.limits.input_bytes.unwrap_or(Limits::DEFAULT_INPUT_BYTES);
    // On a 32-bit target nothing longer exists.
    let input_bytes = proc_macro2::Literal::usize_unsuffixed(
        usize::try_from(input_bytes.min(u32::MAX.into())).unwrap_or(usize::MAX),
    );
    let of_kind = |before: bool| {
        let clauses = contract.clauses.iter().filter(move |clause| {
            (clause.source.kind == ClauseKind::Precondition) == before
                && !(matches!(clause.rule, Rule::Prose) && unbound.contains(&clause.source.rule.value))
        });
        clauses.map(expand_clause)
    };
    let (before, after) = (of_kind(true), of_kind(false));
    let conditions = contract.exceptions.iter().filter_map(|exception| {
        let (expr, _) = exception.when.as_ref()?;
        let (name, rule) = (&exception.source.name.value, &exception.source.when.as_ref()?.value);
        let holds = expand_rule(expr);
        Some(quote!(::traverse_sdk::__private::check_condition(#name, #rule, #holds)?))
    });

    let needs = needs_after(contract);
    let arguments = callable.parameters.iter().map(|parameter| {
        let keep = match &parameter.origin {
            Origin::Property(at) => needs.whole || needs.properties.contains(&types.input[*at].json),
            Origin::Input => needs.whole || !needs.properties.is_empty(),
            Origin::Output => false,
        };
        expand_argument(parameter, types, &path, &quote!(__input), &quote!(__output), keep)
    });
    let returned = &callable.output;
    let into_result = quote_spanned!(returned.span()=> <#returned as #path::Return>::into_result);
    // A panic in these is the function's: it is told with the function's place.
    let place = function.span();
    let write_result = quote_spanned!(place=> ::traverse_sdk::__private::write_result(&__output));
    let raise = expand_raise(contract, place);
    let doubles = types.hold_doubles();
    let fits = types.output_bounded.then(|| {
        let check = expand_check_shape(&output_shape(types));
        quote!(::traverse_sdk::__private::check_output::<#doubles>(&__result, |__value| #check)?;)
    });
    let allowances = allowances();
    quote! {
        // `cargo traverse build` takes it out of the module (spec PKG-28).
        #allowances
        #[cfg(target_arch = "wasm32")]
        const _: () = {
            const MARK: &[::core::primitive::u8] = #mark.as_bytes();

            #[unsafe(link_section = "traverse.compiled-from")]
            static COMPILED_FROM: [::core::primitive::u8; MARK.len()] = {
                let mut bytes = [0; MARK.len()];
                let mut at = 0;
                while at < MARK.len() {
                    bytes[at] = MARK[at];
                    at += 1;
                }
                bytes
            };
        };

        #[automatically_derived]
        #allowances
        impl ::traverse_sdk::__private::Capability for #path::Contract {
            type Input = Input;

            const DOUBLES: ::core::primitive::bool = #doubles;

            const INPUT_BYTES: ::core::primitive::usize = #input_bytes;

            fn call(
                __input: Input,
            ) -> ::traverse_sdk::__private::Ended<
                ::traverse_sdk::__private::Owned<::traverse_sdk::__private::Writer>,
            > {
                #(#before)*
                let __conditions: &[::traverse_sdk::__private::Condition] = &[#(#conditions),*];
                let __output = match #into_result(#function(#(#arguments),*)) {
                    ::core::result::Result::Ok(__output) => __output,
                    ::core::result::Result::Err(__exception) => {
                        let __name = ::traverse_sdk::__private::Raised::name(&__exception);
                        ::traverse_sdk::__private::check_raised(::core::option::Option::Some(__name), __conditions)?;
                        return ::core::result::Result::Err(#raise);
                    }
                };
                ::traverse_sdk::__private::check_raised(::core::option::Option::None, __conditions)?;
                let __result = #write_result;
                #fits
                #(#after)*
                ::core::result::Result::Ok(__result)
            }
        }
    }
}

/// The output as it is read back: an alias stands for what it names, bounds included.
fn output_shape(types: &Types) -> Shape {
    let alias = types.items.iter().find_map(|item| match &item.kind {
        ItemKind::Alias(shape) if item.ident == "Output" => Some(shape.clone()),
        _ => None,
    });
    alias.unwrap_or_else(|| types.output.clone())
}

fn needs_after(contract: &Contract) -> Needs {
    let mut needs = Needs::default();
    for clause in contract.clauses.iter().filter(|clause| clause.source.kind != ClauseKind::Precondition) {
        match &clause.rule {
            Rule::Expression { expr, observed } => {
                needs.add(expr);
                observed.iter().for_each(|path| needs.add(&path.read));
            }
            // Its function may take anything.
            Rule::Prose => needs.whole = true,
        }
        clause.message.iter().flat_map(Message::values).for_each(|value| needs.add(value));
    }
    let messages = contract.exceptions.iter().filter_map(|exception| exception.message.as_ref());
    messages.flat_map(Message::values).for_each(|value| needs.add(value));
    needs
}

/// The reply that carries the exception, with the messages that insert values.
fn expand_raise(contract: &Contract, place: proc_macro2::Span) -> TokenStream {
    let told: Vec<TokenStream> = contract
        .exceptions
        .iter()
        .filter_map(|exception| {
            let message = exception.message.as_ref().filter(|message| message.plain().is_none())?;
            let (name, message) = (&exception.source.name.value, expand_message(message));
            Some(quote!(#name => { #message true }))
        })
        .collect();
    if told.is_empty() {
        return quote_spanned!(place=> ::traverse_sdk::__private::raise(&__exception));
    }
    let tell = quote!(|__message| match __name { #(#told)* _ => false });
    quote_spanned!(place=> ::traverse_sdk::__private::raise_telling(&__exception, #tell))
}

fn expand_clause(clause: &CheckedClause) -> TokenStream {
    let source = &clause.source;
    let kind = match source.kind {
        ClauseKind::Precondition => quote!(Precondition),
        ClauseKind::Postcondition => quote!(Postcondition),
        ClauseKind::Invariant => quote!(Invariant),
    };
    let optional = |text: Option<&String>| match text {
        Some(text) => quote!(::core::option::Option::Some(#text)),
        None => quote!(::core::option::Option::None),
    };
    let id = optional(source.id.as_ref().map(|id| &id.value));
    let plain = clause.message.as_ref().and_then(Message::plain).map(str::to_owned);
    let message = optional(plain.as_ref());
    let (check, tell) = match &clause.message {
        Some(message) if plain.is_none() => {
            let message = expand_message(message);
            (quote!(check_clause_telling), quote!(|__message| { #message },))
        }
        _ => (quote!(check_clause), TokenStream::new()),
    };
    let rule = &source.rule.value;
    let index = source.index as u32;
    let (holds, observed) = match &clause.rule {
        Rule::Expression { expr, observed } => (expand_rule(expr), expand_observed(observed)),
        Rule::Prose => {
            let name = prose_name(rule);
            let holds = quote! {
                ::core::result::Result::Ok(<__traverse::Invariants as __traverse::#name>::holds(&__input, &__output))
            };
            (holds, TokenStream::new())
        }
    };
    quote! {
        ::traverse_sdk::__private::#check(
            &::traverse_sdk::__private::Clause {
                kind: ::traverse_sdk::__private::Kind::#kind,
                index: #index,
                id: #id,
                rule: #rule,
                message: #message,
            },
            #holds,
            #tell
            |__observed| { #observed },
        )?;
    }
}
