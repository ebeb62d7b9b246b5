//! The author's function against the contract: all errors in one pass, each at the token that is wrong. Types are
//! compared as they are written; where one may be an alias it is left to the compiler, at assertions that `expand` aims
//! at the author's own tokens.

use crate::function::{Function, Input};
use crate::model::{Field, Types};
use crate::spelling::{accepted, alternatives, is_none_of};
use proc_macro2::Span;
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{GenericArgument, Ident, PathArguments, ReturnType, Type};
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
    /// How it is taken.
    pub passing: Passing,
    /// The author's type, without the reference (and without the `Option` around it).
    pub ty: Type,
}

/// How a parameter takes its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passing {
    /// `T`
    Value,
    /// `&T`
    Reference,
    /// `Option<&T>`
    OptionalReference,
}

/// What is wrong with a function.
#[derive(Default)]
pub struct Faults {
    /// The errors, each at its token.
    pub errors: Vec<syn::Error>,
    /// Whether a type of the signature is wrong, so that the compiler would find the body wrong as well.
    pub types: bool,
}

impl Faults {
    fn push(&mut self, error: syn::Error) {
        self.errors.push(error);
    }

    /// The whole of `place` is marked, which one span cannot do.
    fn push_type(&mut self, place: &impl ToTokens, message: String) {
        self.types = true;
        self.errors.push(syn::Error::new_spanned(place, message));
    }
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
pub fn check_capability(function: &Function, types: &Types) -> Result<Callable, Faults> {
    let mut errors = Faults::default();
    let signature = function;
    let what = format!("capability `{}`", signature.ident);
    check_form(signature, &what, &mut errors);
    let parameters = check_parameters(signature, types, Names::Capability, &mut errors);
    let output = match &signature.output {
        ReturnType::Type(_, ty) if !matches!(**ty, Type::ImplTrait(_)) => Some((**ty).clone()),
        _ => None,
    };
    let expected = expected_return(types);
    let mut spellings = vec!["Result<Output, Exception>".to_owned(), expected.to_owned()];
    spellings.dedup();
    let message = format!("{what} must return `{expected}`\nhelp: write `-> {expected}`");
    match (&output, &signature.output) {
        (Some(ty), _) if is_none_of(ty, &spellings, types) => errors.push_type(ty, message),
        (Some(_), _) => {}
        // Of a body that is not there the compiler could not tell what type it is.
        (None, ReturnType::Type(_, ty)) => errors.push(syn::Error::new(ty.span(), message)),
        (None, ReturnType::Default) => errors.push_type(&signature.ident, message),
    }
    match output {
        Some(output) if errors.errors.is_empty() => Ok(Callable { parameters, output }),
        _ => Err(errors),
    }
}

/// Checks a function under `#[invariant]`.
pub fn check_invariant(function: &Function, types: &Types) -> Result<Callable, Faults> {
    let mut errors = Faults::default();
    let signature = function;
    let what = format!("invariant function `{}`", signature.ident);
    check_form(signature, &what, &mut errors);
    let parameters = check_parameters(signature, types, Names::Invariant, &mut errors);
    let output = match &signature.output {
        ReturnType::Type(_, ty) if is_named(ty, "bool") => Some((**ty).clone()),
        other => {
            let message = format!("{what} must return `bool`\nhelp: write `-> bool`");
            match other {
                ReturnType::Default => errors.push_type(&signature.ident, message),
                ReturnType::Type(_, ty) => errors.push_type(ty, message),
            }
            None
        }
    };
    match output {
        Some(output) if errors.errors.is_empty() => Ok(Callable { parameters, output }),
        _ => Err(errors),
    }
}

/// What no bound function can be.
fn check_form(signature: &Function, what: &str, errors: &mut Faults) {
    let mut refuse = |span: Span, message: String| errors.push(syn::Error::new(span, message));
    if let Some(span) = signature.asyncness {
        let why = "a call has one thread and nothing to wait for";
        refuse(span, format!("{what} must not be `async`\nnote: {why}\nhelp: remove `async`"));
    }
    if let Some(span) = signature.constness {
        refuse(span, format!("{what} must not be `const`\nhelp: remove `const`"));
    }
    if let Some(span) = signature.unsafety {
        refuse(span, format!("{what} must not be `unsafe`\nhelp: remove `unsafe`"));
    }
    if let Some(span) = signature.abi {
        refuse(span, format!("{what} must not be `extern`\nhelp: remove `extern`"));
    }
    if !signature.generics.params.is_empty() || signature.generics.where_clause.is_some() {
        let span = match &signature.generics.where_clause {
            Some(clause) if signature.generics.params.is_empty() => clause.span(),
            _ => signature.generics.params.span(),
        };
        let why = "its types come from the contract";
        refuse(span, format!("{what} must not be generic\nnote: {why}"));
    }
    for input in &signature.inputs {
        if let Input::Variadic(span) = input {
            refuse(*span, format!("{what} must not be variadic"));
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Names {
    Capability,
    Invariant,
}

fn check_parameters(
    signature: &Function,
    types: &Types,
    names: Names,
    errors: &mut Faults,
) -> Vec<Parameter> {
    let mut parameters: Vec<Parameter> = Vec::new();
    for input in &signature.inputs {
        let (name, pattern, whole) = match input {
            Input::Typed { name, pattern, ty } => (name, pattern, &**ty),
            Input::Variadic(_) => continue,
            Input::Receiver(span) => {
                let message = format!("`{}` must be a function, not a method", signature.ident);
                errors.push(syn::Error::new(*span, message));
                continue;
            }
        };
        let (mut passing, mut ty) = match whole {
            Type::Reference(reference) => {
                if let Some(token) = &reference.mutability {
                    let message =
                        "a parameter is taken by value or by `&`, not by `&mut`\nhelp: remove `mut`";
                    errors.push(syn::Error::new(token.span, message));
                }
                (Passing::Reference, &*reference.elem)
            }
            Type::ImplTrait(ty) => {
                let message = "a parameter must not be generic\nnote: its type comes from the contract";
                errors.push(syn::Error::new(ty.span(), message));
                continue;
            }
            ty => (Passing::Value, ty),
        };
        let Some(name) = name else {
            let message = format!("a parameter must be a plain name\nnote: {}", known(types, names));
            errors.push(syn::Error::new_spanned(pattern, message));
            continue;
        };
        let alone = signature.inputs.len() == 1;
        let Some(origin) = origin(name, ty, types, names, alone) else {
            errors.push(unknown(name, types, names));
            continue;
        };
        if parameters.iter().any(|earlier| earlier.origin == origin) {
            let message = format!("parameter `{}` is there twice", name);
            errors.push(syn::Error::new(name.span(), message));
            continue;
        }
        let (shown, spellings) = accepted_for(&origin, types);
        if is_none_of(whole, &spellings, types) {
            let message = format!("{}\nnote: {}", must_be(&shown, &spellings), contract_note(&origin, types));
            errors.push_type(whole, message);
            continue;
        }
        if let (Origin::Property(at), Some(inner)) = (&origin, optional_reference(ty))
            && types.input[*at].some_shape().is_some()
            && passing == Passing::Value
        {
            (passing, ty) = (Passing::OptionalReference, inner);
        }
        parameters.push(Parameter { origin, passing, ty: ty.clone() });
    }
    parameters
}

/// A parameter's name, and every type that it may have.
pub fn accepted_for(origin: &Origin, types: &Types) -> (String, Vec<String>) {
    let owned = |name: &str| vec![name.to_owned(), format!("&{name}")];
    match origin {
        Origin::Input => ("input".into(), owned("Input")),
        Origin::Output => ("output".into(), owned("Output")),
        Origin::Property(at) => {
            let field = &types.input[*at];
            (field.ident.to_string(), accepted(&field.shape, field.optional))
        }
    }
}

/// What a type is told that is not among those accepted.
pub fn must_be(name: &str, spellings: &[String]) -> String {
    format!("parameter `{name}` must be {}", alternatives(spellings))
}

/// Where a parameter's type comes from.
pub fn contract_note(origin: &Origin, types: &Types) -> String {
    let declared = match origin {
        Origin::Property(at) => types.input[*at].declared.as_ref(),
        _ => None,
    };
    match declared {
        Some(place) => format!("the contract declares it at {place}"),
        None => "the contract decides the types".into(),
    }
}

/// `T` of `Option<&T>`
fn optional_reference(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let segment = path.path.segments.last().filter(|segment| segment.ident == "Option")?;
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
    match arguments.args.first()? {
        GenericArgument::Type(Type::Reference(reference)) if reference.mutability.is_none() => {
            Some(&reference.elem)
        }
        _ => None,
    }
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
