//! The author's function against the contract: all errors in one pass, each at the token that is wrong. What takes
//! types to decide is left to the compiler, at assertions that `expand` aims at the author's own tokens.

use crate::model::{Field, Types};
use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{FnArg, Ident, ItemFn, Pat, ReturnType, Safety, Signature, Type};
use traverse_contract::diagnostic::nearest;

/// Where a parameter's value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The whole input.
    Input,
    /// The result.
    Output,
    /// The top-level property of this number.
    Property(usize),
}

/// A parameter as the call must fill it.
pub struct Parameter {
    /// Where its value comes from.
    pub origin: Origin,
    /// Whether it takes a reference.
    pub by_reference: bool,
    /// The author's type, without the reference.
    pub ty: Type,
}

/// A function whose signature can be called.
pub struct Callable {
    /// Its parameters, in order.
    pub parameters: Vec<Parameter>,
    /// The type that it returns.
    pub output: Type,
}

/// What the capability function must return.
pub fn expected_return(types: &Types) -> &'static str {
    if types.exceptions.is_empty() { "Output" } else { "Result<Output, Exception>" }
}

/// Checks the function under `#[capability]`.
pub fn check_capability(function: &ItemFn, types: &Types) -> Result<Callable, Vec<syn::Error>> {
    let mut errors = Vec::new();
    let signature = &function.sig;
    let what = format!("capability `{}`", signature.ident);
    check_form(signature, &what, &mut errors);
    let parameters = check_parameters(signature, types, Names::Capability, &mut errors);
    let output = match &signature.output {
        ReturnType::Type(_, ty) if !matches!(**ty, Type::ImplTrait(_)) => Some((**ty).clone()),
        _ => {
            let span = match &signature.output {
                ReturnType::Type(_, ty) => ty.span(),
                ReturnType::Default => signature.ident.span(),
            };
            let expected = expected_return(types);
            let message = format!("{what} must return `{expected}`\nhelp: write `-> {expected}`");
            errors.push(syn::Error::new(span, message));
            None
        }
    };
    match output {
        Some(output) if errors.is_empty() => Ok(Callable { parameters, output }),
        _ => Err(errors),
    }
}

/// Checks a function under `#[invariant]`.
pub fn check_invariant(function: &ItemFn, types: &Types) -> Result<Callable, Vec<syn::Error>> {
    let mut errors = Vec::new();
    let signature = &function.sig;
    let what = format!("invariant function `{}`", signature.ident);
    check_form(signature, &what, &mut errors);
    let parameters = check_parameters(signature, types, Names::Invariant, &mut errors);
    let output = match &signature.output {
        ReturnType::Type(_, ty) if is_named(ty, "bool") => Some((**ty).clone()),
        other => {
            let span =
                if matches!(other, ReturnType::Default) { signature.ident.span() } else { other.span() };
            errors.push(syn::Error::new(span, format!("{what} must return `bool`\nhelp: write `-> bool`")));
            None
        }
    };
    match output {
        Some(output) if errors.is_empty() => Ok(Callable { parameters, output }),
        _ => Err(errors),
    }
}

/// What no bound function can be.
fn check_form(signature: &Signature, what: &str, errors: &mut Vec<syn::Error>) {
    let mut refuse = |span: Span, message: String| errors.push(syn::Error::new(span, message));
    if let Some(token) = &signature.asyncness {
        let why = "a call has one thread and nothing to wait for";
        refuse(token.span, format!("{what} must not be `async`\nnote: {why}\nhelp: remove `async`"));
    }
    if let Some(token) = &signature.constness {
        refuse(token.span, format!("{what} must not be `const`\nhelp: remove `const`"));
    }
    if let Safety::Unsafe(token) = &signature.safety {
        refuse(token.span, format!("{what} must not be `unsafe`\nhelp: remove `unsafe`"));
    }
    if let Some(abi) = &signature.abi {
        refuse(abi.extern_token.span, format!("{what} must not be `extern`\nhelp: remove `extern`"));
    }
    if !signature.generics.params.is_empty() || signature.generics.where_clause.is_some() {
        let span = match &signature.generics.where_clause {
            Some(clause) if signature.generics.params.is_empty() => clause.span(),
            _ => signature.generics.params.span(),
        };
        let why = "its types come from the contract";
        refuse(span, format!("{what} must not be generic\nnote: {why}"));
    }
    if let Some(variadic) = &signature.variadic {
        refuse(variadic.dots.spans[0], format!("{what} must not be variadic"));
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Names {
    Capability,
    Invariant,
}

fn check_parameters(
    signature: &Signature,
    types: &Types,
    names: Names,
    errors: &mut Vec<syn::Error>,
) -> Vec<Parameter> {
    let mut parameters: Vec<Parameter> = Vec::new();
    for input in &signature.inputs {
        let typed = match input {
            FnArg::Typed(typed) => typed,
            FnArg::Receiver(receiver) => {
                let message = format!("`{}` must be a function, not a method", signature.ident);
                errors.push(syn::Error::new(receiver.span(), message));
                continue;
            }
        };
        let (by_reference, ty) = match &*typed.ty {
            Type::Reference(reference) => {
                if let Some(token) = &reference.mutability {
                    let message =
                        "a parameter is taken by value or by `&`, not by `&mut`\nhelp: remove `mut`";
                    errors.push(syn::Error::new(token.span, message));
                }
                (true, &*reference.elem)
            }
            Type::ImplTrait(ty) => {
                let message = "a parameter must not be generic\nnote: its type comes from the contract";
                errors.push(syn::Error::new(ty.span(), message));
                continue;
            }
            ty => (false, ty),
        };
        let Pat::Ident(pattern) = &*typed.pat else {
            let message = format!("a parameter must be a plain name\nnote: {}", known(types, names));
            errors.push(syn::Error::new(typed.pat.span(), message));
            continue;
        };
        let alone = signature.inputs.len() == 1;
        let Some(origin) = origin(&pattern.ident, ty, types, names, alone) else {
            errors.push(unknown(&pattern.ident, types, names));
            continue;
        };
        if parameters.iter().any(|earlier| earlier.origin == origin) {
            let message = format!("parameter `{}` is there twice", pattern.ident);
            errors.push(syn::Error::new(pattern.ident.span(), message));
            continue;
        }
        parameters.push(Parameter { origin, by_reference, ty: ty.clone() });
    }
    parameters
}

fn origin(name: &Ident, ty: &Type, types: &Types, names: Names, alone: bool) -> Option<Origin> {
    let whole = is_named(ty, "Input");
    if whole && (alone || names == Names::Invariant) {
        return Some(Origin::Input);
    }
    let name = name.to_string();
    let name = name.strip_prefix("r#").unwrap_or(&name);
    if names == Names::Invariant {
        match name.trim_start_matches('_') {
            "output" | "result" => return Some(Origin::Output),
            "input" => return Some(Origin::Input),
            _ => {}
        }
    }
    let find = |name: &str| types.input.iter().position(|field| field.ident == name);
    find(name)
        .or_else(|| find(name.trim_start_matches('_')))
        // `r#type` for the field `type_`.
        .or_else(|| find(&format!("{name}_")))
        .map(Origin::Property)
}

fn unknown(name: &Ident, types: &Types, names: Names) -> syn::Error {
    let plain = name.to_string();
    let plain = plain.trim_start_matches('_');
    let mut known_names: Vec<String> = types.input.iter().map(|field| field.ident.to_string()).collect();
    if names == Names::Invariant {
        known_names.extend(["input".to_owned(), "output".to_owned()]);
    }
    let mut message = format!("parameter `{plain}` is not a property of the input");
    if plain == "input" && names == Names::Capability {
        message.push_str("\nhelp: the whole input is taken alone: `input: Input`");
    } else if let Some(near) = nearest(plain, known_names.iter().map(String::as_str)) {
        message.push_str(&format!("\nhelp: did you mean `{near}`?"));
    }
    message.push_str(&format!("\nnote: {}", known(types, names)));
    syn::Error::new(name.span(), message)
}

/// What parameters there are.
fn known(types: &Types, names: Names) -> String {
    let listed = |fields: &[Field]| {
        fields.iter().map(|field| format!("`{}`", field.ident)).collect::<Vec<_>>().join(", ")
    };
    let properties = if types.input.is_empty() {
        "the input has no properties".to_owned()
    } else {
        format!("the input has {}", listed(&types.input))
    };
    match names {
        Names::Capability => properties,
        Names::Invariant => format!("{properties}; an invariant may also take `input` and `output`"),
    }
}

/// Whether a type is the path `name`, with or without anything before it.
fn is_named(ty: &Type, name: &str) -> bool {
    match ty {
        Type::Path(path) => path.path.segments.last().is_some_and(|segment| segment.ident == name),
        _ => false,
    }
}
