//! The two attributes, stage by stage: what each stage found wrong is reported, and what can still be made is made, so
//! that no second wave of errors follows.
//!
//! Locals of generated code begin with `__`: a `static input` of the author's would be taken for a pattern otherwise.

mod bounds;
mod call;
mod pattern;
mod rule;
mod support;
mod types;
mod warning;

use crate::check::{check_capability, check_invariant};
use crate::contract::{SpecFile, prose_name};
use crate::function::Function;
use crate::model::Types;
use crate::parse::{CapabilityArguments, InvariantArguments, parse_function};
use crate::scan::{NoCapability, SourceFile};
use crate::spelling;
use proc_macro2::TokenStream;
use quote::quote;
use support::{expand_argument, expand_support};
use traverse_contract::diagnostic::nearest;
use traverse_contract::{CheckedClause, Contract, Diagnostic, Rule, Severity};
use types::{allowances, expand_types};
use warning::expand_warnings;

/// `#[capability]`
pub fn capability(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let arguments = syn::parse2::<CapabilityArguments>(arguments);
    let (arguments, function) = match (arguments, parse_function(item.clone(), "capability")) {
        (Ok(arguments), Ok(function)) => (arguments, function),
        // What does not parse is shown as it stands; the compiler may say more of it.
        (_, Err(error)) => return stub([error], Some(item)),
        (Err(error), _) => return stub([error], None),
    };
    let source = SourceFile::of_attribute();
    if let Some(misplaced) = source.as_ref().and_then(|source| source.check_place(&function.ident)) {
        // The first capability has made the types and `main`.
        return misplaced.to_compile_error();
    }
    let file = match SpecFile::read(arguments.spec.as_ref()) {
        Ok(file) => file,
        Err(error) => return stub([error], None),
    };
    let watch = file.watch();
    let contract = match file.contract() {
        Ok(contract) => contract,
        Err(found) => {
            let (errors, warnings): (Vec<_>, Vec<_>) =
                found.into_iter().partition(|diagnostic| diagnostic.severity == Severity::Error);
            let errors = errors.iter().map(|error| file.show(error, function.ident.span()));
            let stub = stub(errors, None);
            let warnings = expand_warnings(&warnings, &file, &function);
            // Written schemas stand even where the clauses do not.
            let types = file.written_schemas().map(|(spec, schemas)| {
                let types = expand_types(&Types::of(&spec, &schemas, &file.source));
                let function = idle(&function, false);
                quote!(#types #function)
            });
            return quote!(#watch #stub #warnings #types);
        }
    };
    let warnings = expand_warnings(&contract.warnings, &file, &function);
    let mut types = Types::of(&contract.spec, &contract.schemas, &file.source);
    types.add_patterns_of(&contract);
    let items = expand_types(&types);
    let support = expand_support(&types, &function.ident, Some(&contract));
    let (unbound, mut errors) = find_unbound(&contract, &types, source.as_ref(), &file, &function);
    let call = match check_capability(&function, &types) {
        Ok(callable) => {
            let name = &function.ident;
            let call = call::expand_call(&contract, &types, name, &callable, &unbound, &file.mark(name));
            let allowances = allowances();
            quote! {
                #function
                #call
                #allowances
                fn main() {
                    ::traverse_sdk::__private::main::<__traverse::Contract>();
                }
            }
        }
        Err(found) => {
            errors.extend(found.errors);
            let function = idle(&function, found.types);
            let allowances = allowances();
            quote!(#function #allowances fn main() {})
        }
    };
    let errors = errors.iter().map(syn::Error::to_compile_error);
    quote!(#watch #(#errors)* #warnings #items #support #call)
}

/// `#[invariant]`
pub fn invariant(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let arguments = syn::parse2::<InvariantArguments>(arguments);
    let (arguments, function) = match (arguments, parse_function(item.clone(), "invariant")) {
        (Ok(arguments), Ok(function)) => (arguments, function),
        (Ok(_), Err(error)) => {
            let error = error.to_compile_error();
            return quote!(#error #item);
        }
        (Err(error), _) => {
            let error = error.to_compile_error();
            return quote!(#error #item);
        }
    };
    let Some((file, contract)) = SpecFile::read(arguments.spec.as_ref()).ok().and_then(|file| {
        let contract = file.contract().ok()?;
        Some((file, contract))
    }) else {
        // `#[capability]` reports what is wrong with the contract; there are no types to go with the function.
        return TokenStream::new();
    };
    let types = Types::of(&contract.spec, &contract.schemas, &file.source);
    let source = SourceFile::of_attribute();
    let name = &function.ident;
    if let Some(missing) = source.as_ref().and_then(|source| source.check_capability_exists(name)) {
        return without_capability(missing, &types, &function);
    }
    let misplaced = check_prose(&arguments.prose, &contract)
        .or_else(|| source?.check_bound_once(&arguments.prose.value(), &function.ident));
    if let Some(error) = misplaced {
        let found = check_invariant(&function, &types).err().unwrap_or_default();
        let errors = std::iter::once(error).chain(found.errors).map(|error| error.to_compile_error());
        let function = idle(&function, found.types);
        return quote!(#(#errors)* #function);
    }
    let path = quote!(crate::__traverse);
    let (function, holds) = match check_invariant(&function, &types) {
        Ok(callable) => {
            let name = &function.ident;
            let arguments = callable.parameters.iter().map(|parameter| {
                expand_argument(parameter, &types, &path, &quote!((*__input)), &quote!((*__output)), true)
            });
            (quote!(#function), quote!(#name(#(#arguments),*)))
        }
        Err(found) => {
            let errors = found.errors.iter().map(syn::Error::to_compile_error);
            let function = idle(&function, found.types);
            // The words count as bound, so that they are not missed as well.
            (quote!(#(#errors)* #function), quote!(true))
        }
    };
    let trait_name = prose_name(&arguments.prose.value());
    let allowances = allowances();
    quote! {
        #function

        #[automatically_derived]
        #allowances
        impl #path::#trait_name for #path::Invariants {
            fn holds(__input: &crate::Input, __output: &crate::Output) -> ::core::primitive::bool {
                #holds
            }
        }
    }
}

/// Errors, and a `main` so that the compiler does not miss it.
fn stub(errors: impl IntoIterator<Item = syn::Error>, item: Option<TokenStream>) -> TokenStream {
    let errors = errors.into_iter().map(|error| error.to_compile_error());
    let allowances = allowances();
    quote!(#(#errors)* #item #allowances fn main() {})
}

/// The author's function where nothing calls it. `without_body` leaves out what the compiler would find wrong only
/// because the types around it are.
fn idle(function: &Function, without_body: bool) -> TokenStream {
    if !without_body {
        return quote!(#[allow(dead_code)] #function);
    }
    let function = function.with_body(&quote!(loop {}));
    quote!(#[allow(dead_code, unused_variables)] #function)
}

/// What stands for `#[invariant]` where no `#[capability]` makes the types and `main`: the first of them makes these.
fn without_capability(missing: NoCapability, types: &Types, function: &Function) -> TokenStream {
    let error = missing.error.map(|error| error.to_compile_error());
    let in_root = missing.makes_types.then(|| {
        let types = expand_types(types);
        let main = missing.makes_main.then(|| {
            quote!(
                fn main() {}
            )
        });
        let allowances = allowances();
        quote!(#types #allowances #main)
    });
    let function = idle(function, false);
    quote!(#error #in_root #function)
}

/// The words must be in the contract.
fn check_prose(prose: &syn::LitStr, contract: &Contract) -> Option<syn::Error> {
    let known = || prose_clauses(contract).map(|clause| clause.source.rule.value.as_str());
    let words = prose.value();
    if known().any(|known| known == words) {
        return None;
    }
    let mut message = format!("the contract has no invariant `{words}` in words");
    let expression = contract.clauses.iter().find(|clause| clause.source.rule.value == words);
    if expression.is_some() {
        message = format!("`{words}` is an expression, which needs no function\nhelp: remove `#[invariant]`");
    } else if let Some(near) = nearest_words(&words, known()) {
        message.push_str(&format!("\nhelp: did you mean `{near}`?"));
    } else if known().next().is_none() {
        message.push_str("\nnote: none of its invariants is in words");
    } else {
        let known: Vec<String> = known().map(|known| format!("`{known}`")).collect();
        message.push_str(&format!("\nnote: it has {}", known.join(", ")));
    }
    Some(syn::Error::new(prose.span(), message))
}

/// The nearest sentence; long ones are compared by the words that they share.
fn nearest_words<'a>(words: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let known: Vec<&str> = known.collect();
    if let Some(near) = nearest(words, known.iter().copied()) {
        return Some(near);
    }
    let split = |text: &str| -> Vec<String> { text.split_whitespace().map(str::to_lowercase).collect() };
    let ours = split(words);
    known
        .into_iter()
        .map(|candidate| {
            let theirs = split(candidate);
            let shared = theirs.iter().filter(|word| ours.contains(word)).count();
            (shared * 2 >= theirs.len().max(ours.len()), shared, candidate)
        })
        .filter(|(near, ..)| *near)
        .max_by_key(|(_, shared, _)| *shared)
        .map(|(.., candidate)| candidate)
}

fn prose_clauses(contract: &Contract) -> impl Iterator<Item = &CheckedClause> {
    contract.clauses.iter().filter(|clause| matches!(clause.rule, Rule::Prose))
}

/// The words that no function of the crate binds, with an error for each that shows the function to write. Where a
/// function is there for words that are nearly the same, its own error says so, and this one would only repeat it.
fn find_unbound(
    contract: &Contract,
    types: &Types,
    source: Option<&SourceFile>,
    spec: &SpecFile,
    function: &Function,
) -> (Vec<String>, Vec<syn::Error>) {
    let mut unbound = Vec::new();
    let mut errors = Vec::new();
    let known: Vec<&str> = prose_clauses(contract).map(|clause| clause.source.rule.value.as_str()).collect();
    let Some(bound) = source.and_then(SourceFile::bound) else { return (unbound, errors) };
    let misspelt = bound.iter().filter(|words| !known.contains(&words.as_str()));
    let meant: Vec<&str> = misspelt.filter_map(|words| nearest_words(words, known.iter().copied())).collect();
    for clause in prose_clauses(contract) {
        let words = &clause.source.rule.value;
        if bound.contains(words) {
            continue;
        }
        unbound.push(words.clone());
        if meant.contains(&words.as_str()) {
            continue;
        }
        let mut parameters: Vec<String> = types
            .input
            .iter()
            .map(|field| format!("{}: {}", field.ident, spelling::preferred(field)))
            .collect();
        parameters.push("output: &Output".into());
        let help = format!(
            "write the function that decides it; of its parameters keep those it needs:\n\
             #[invariant({words:?})]\n\
             fn {}({}) -> bool {{\n    todo!()\n}}",
            function_name(words),
            parameters.join(", ")
        );
        let diagnostic =
            Diagnostic::error("prose-unbound", format!("no function binds the invariant `{words}`"))
                .at(clause.source.rule.span, "in words, so a function must decide it")
                .help(help);
        errors.push(spec.show(&diagnostic, function.ident.span()));
    }
    (unbound, errors)
}

/// A name for the function: the sentence's first words.
fn function_name(words: &str) -> String {
    let taken: Vec<&str> = words.split_whitespace().take(4).collect();
    crate::names::snake_case(&taken.join(" ").to_lowercase())
}
