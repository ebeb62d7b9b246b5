//! One call of the capability: every clause, the function, and what becomes of its result, in the order of spec IO-7.
//!
//! ```text
//! impl Capability for __traverse::Contract {
//!     type Input = Input;
//!     const INPUT_BYTES: usize = 1048576;
//!     const COMPILED_FROM: &'static str = "traverse:compiled-from;…";
//!     fn call(input: Input) -> Result<Writer, Reply> {
//!         check_clause(&Clause { … }, Ok(input.cart.total > 0f64), &|observed| { … })?;
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

use super::rule::{Needs, expand_observed, expand_rule};
use super::support::expand_argument;
use super::types::{allowances, expand_decode_shape};
use crate::check::{Callable, Origin};
use crate::contract::prose_name;
use crate::model::{ItemKind, Shape, Types};
use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use traverse_contract::spec::{ClauseKind, Limits};
use traverse_contract::{CheckedClause, Contract, Rule};

/// The implementation. Prose invariants in `unbound` are left out: they are reported already. `mark` tells what it is made from.
pub fn expand_call(
    contract: &Contract,
    types: &Types,
    function: &Ident,
    callable: &Callable,
    unbound: &[String],
    mark: &str,
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
        expand_argument(parameter, types, &path, &quote!(input), &quote!(output), keep)
    });
    let returned = &callable.output;
    let into_result = quote_spanned!(returned.span()=> <#returned as #path::Return>::into_result);
    // A panic in these is the function's: it is told with the function's place.
    let place = function.span();
    let write_result = quote_spanned!(place=> ::traverse_sdk::__private::write_result(&output));
    let raise = quote_spanned!(place=> ::traverse_sdk::__private::raise(&exception));
    let fits = types.output_bounded.then(|| {
        let decoded = expand_decode_shape(&output_shape(types));
        quote!(::traverse_sdk::__private::check_output(&result, |value| #decoded.map(|_| ()))?;)
    });
    let allowances = allowances();
    quote! {
        #[automatically_derived]
        #allowances
        impl ::traverse_sdk::__private::Capability for #path::Contract {
            type Input = Input;

            const INPUT_BYTES: ::core::primitive::usize = #input_bytes;

            const COMPILED_FROM: &'static ::core::primitive::str = #mark;

            fn call(
                input: Input,
            ) -> ::core::result::Result<::traverse_sdk::__private::Writer, ::traverse_sdk::__private::Reply> {
                #(#before)*
                let conditions: &[::traverse_sdk::__private::Condition] = &[#(#conditions),*];
                let output = match #into_result(#function(#(#arguments),*)) {
                    ::core::result::Result::Ok(output) => output,
                    ::core::result::Result::Err(exception) => {
                        let name = ::traverse_sdk::__private::Raised::name(&exception);
                        ::traverse_sdk::__private::check_raised(::core::option::Option::Some(name), conditions)?;
                        return ::core::result::Result::Err(#raise);
                    }
                };
                ::traverse_sdk::__private::check_raised(::core::option::Option::None, conditions)?;
                let result = #write_result;
                #fits
                #(#after)*
                ::core::result::Result::Ok(result)
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
    }
    needs
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
    let message = optional(source.message.as_ref().map(|message| &message.value));
    let rule = &source.rule.value;
    let index = source.index as i64;
    let (holds, observed) = match &clause.rule {
        Rule::Expression { expr, observed } => (expand_rule(expr), expand_observed(observed)),
        Rule::Prose => {
            let name = prose_name(rule);
            let holds = quote! {
                ::core::result::Result::Ok(<__traverse::Invariants as __traverse::#name>::holds(&input, &output))
            };
            (holds, TokenStream::new())
        }
    };
    quote! {
        ::traverse_sdk::__private::check_clause(
            &::traverse_sdk::__private::Clause {
                kind: ::traverse_sdk::__private::Kind::#kind,
                index: #index,
                id: #id,
                rule: #rule,
                message: #message,
            },
            #holds,
            &|observed| { #observed },
        )?;
    }
}
