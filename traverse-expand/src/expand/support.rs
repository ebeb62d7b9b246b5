//! The hidden module `__traverse` beside the capability: the traits at which the author's types are checked, each with
//! a message of its own.
//!
//! ```text
//! mod __traverse {
//!     pub struct Contract;                       // implements Capability
//!     pub struct Invariants;                     // implements one Invariant… for each bound prose invariant
//!     pub trait Lend_cart { fn lend(value: &Cart) -> &Self; }
//!     pub trait Give_cart { fn give(value: Cart) -> Self; }
//!     pub trait Return { fn into_result(self) -> Result<Output, Exception>; }
//!     pub trait Invariant0123456789abcdef { fn holds(input: &Input, output: &Output) -> bool; }
//! }
//! ```

use super::types::{allowances, expand_field_type, expand_shape};
use crate::check::{Origin, Parameter, Passing, accepted_for, contract_note, expected_return, must_be};
use crate::contract::prose_name;
use crate::model::{Field, ItemKind, Shape, Types};
use crate::names::ident;
use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use traverse_contract::{Contract, Rule};

/// The module. `capability` is the function's name.
pub fn expand_support(types: &Types, capability: &Ident, contract: Option<&Contract>) -> TokenStream {
    let up = quote!(super::);
    let mut traits = TokenStream::new();
    for (at, field) in types.input.iter().enumerate() {
        let ty = expand_field_type(field, &up);
        traits.extend(expand_parameter(types, &Origin::Property(at), &ty));
        if let Some(shape) = field.some_shape() {
            traits.extend(expand_optional(types, at, shape));
        }
    }
    traits.extend(expand_parameter(types, &Origin::Input, &quote!(super::Input)));
    traits.extend(expand_parameter(types, &Origin::Output, &quote!(super::Output)));
    traits.extend(expand_return(types, capability));
    for clause in contract.iter().flat_map(|contract| &contract.clauses) {
        if let Rule::Prose = clause.rule {
            traits.extend(expand_invariant_trait(&clause.source.rule.value));
        }
    }
    let allowances = allowances();
    quote! {
        #[doc(hidden)]
        #allowances
        mod __traverse {
            pub struct Contract;
            pub struct Invariants;
            #traits
        }
    }
}

/// The traits of one parameter.
struct Names {
    lend: Ident,
    give: Ident,
    lend_some: Ident,
}

impl Names {
    fn new(kind: &str, name: &str) -> Names {
        Names {
            lend: ident(&format!("Lend{kind}_{name}")),
            give: ident(&format!("Give{kind}_{name}")),
            lend_some: ident(&format!("LendSome{kind}_{name}")),
        }
    }

    fn of(field: &Field) -> Names {
        Names::new("", &field.ident.to_string())
    }

    fn input() -> Names {
        Names::new("Whole", "input")
    }

    fn output() -> Names {
        Names::new("Whole", "output")
    }

    fn for_origin(origin: &Origin, types: &Types) -> Names {
        match origin {
            Origin::Input => Names::input(),
            Origin::Output => Names::output(),
            Origin::Property(at) => Names::of(&types.input[*at]),
        }
    }
}

/// What else a reference to the shape may be taken as, and the method that gives it: `str` for a `String`, a slice for
/// a `Vec`.
fn borrowed(shape: &Shape, types: &Types) -> Option<(TokenStream, Ident)> {
    match shape {
        Shape::Text(_) => Some((quote!(::core::primitive::str), ident("as_str"))),
        Shape::List(item, _) => {
            let item = expand_shape(item, &quote!(super::));
            Some((quote!([#item]), ident("as_slice")))
        }
        Shape::Boxed(name) => Some((quote!(super::#name), ident("as_ref"))),
        Shape::Named(name) => types.items.iter().find_map(|item| match &item.kind {
            ItemKind::Alias(shape) if item.ident == *name => borrowed(shape, types),
            _ => None,
        }),
        _ => None,
    }
}

/// What the compiler says of a type that is not among those accepted.
fn expand_refusal(types: &Types, origin: &Origin) -> TokenStream {
    let (name, spellings) = accepted_for(origin, types);
    let message = must_be(&name, &spellings);
    let note = contract_note(origin, types);
    quote! {
        #[diagnostic::on_unimplemented(message = #message, label = "this is `{Self}`", note = #note)]
    }
}

fn expand_parameter(types: &Types, origin: &Origin, ty: &TokenStream) -> TokenStream {
    let Names { lend, give, .. } = Names::for_origin(origin, types);
    let attribute = expand_refusal(types, origin);
    let borrowed = match origin {
        Origin::Input => None,
        Origin::Output => borrowed(&types.output, types),
        Origin::Property(at) if types.input[*at].optional => None,
        Origin::Property(at) => borrowed(&types.input[*at].shape, types),
    };
    let borrowed = borrowed.map(|(target, method)| {
        quote! {
            #[diagnostic::do_not_recommend]
            impl #lend for #target {
                fn lend(value: &#ty) -> &Self { value.#method() }
            }
        }
    });
    quote! {
        #attribute
        pub trait #lend { fn lend(value: &#ty) -> &Self; }
        #attribute
        pub trait #give { fn give(value: #ty) -> Self; }
        #[diagnostic::do_not_recommend]
        impl #lend for #ty {
            fn lend(value: &#ty) -> &Self { value }
        }
        #[diagnostic::do_not_recommend]
        impl #give for #ty {
            fn give(value: #ty) -> Self { value }
        }
        #borrowed
    }
}

/// `Option<&T>`, for the property of this number, which may be absent or null; `shape` is what it is if it is not.
fn expand_optional(types: &Types, at: usize, shape: &Shape) -> TokenStream {
    let origin = Origin::Property(at);
    let Names { lend_some, .. } = Names::for_origin(&origin, types);
    let attribute = expand_refusal(types, &origin);
    let ty = expand_shape(shape, &quote!(super::));
    let borrowed = borrowed(shape, types).map(|(target, _)| {
        quote! {
            #[diagnostic::do_not_recommend]
            impl #lend_some for #target {
                fn lend(value: &::core::option::Option<#ty>) -> ::core::option::Option<&Self> { value.as_deref() }
            }
        }
    });
    quote! {
        #attribute
        pub trait #lend_some {
            fn lend(value: &::core::option::Option<#ty>) -> ::core::option::Option<&Self>;
        }
        #[diagnostic::do_not_recommend]
        impl #lend_some for #ty {
            fn lend(value: &::core::option::Option<#ty>) -> ::core::option::Option<&Self> { value.as_ref() }
        }
        #borrowed
    }
}

fn expand_return(types: &Types, capability: &Ident) -> TokenStream {
    let message = format!("capability `{capability}` must return `{}`", expected_return(types));
    let plain = types.exceptions.is_empty().then(|| {
        quote! {
            #[diagnostic::do_not_recommend]
            impl Return for super::Output {
                fn into_result(self) -> ::core::result::Result<super::Output, super::Exception> {
                    ::core::result::Result::Ok(self)
                }
            }
        }
    });
    quote! {
        #[diagnostic::on_unimplemented(message = #message, label = "this is `{Self}`")]
        pub trait Return {
            fn into_result(self) -> ::core::result::Result<super::Output, super::Exception>;
        }
        #[diagnostic::do_not_recommend]
        impl Return for ::core::result::Result<super::Output, super::Exception> {
            fn into_result(self) -> ::core::result::Result<super::Output, super::Exception> { self }
        }
        #plain
    }
}

/// The scan of the sources reports words without a function more clearly; this is what the compiler says where the
/// scan sees a function and the compiler does not (one that is configured away, for example).
fn expand_invariant_trait(prose: &str) -> TokenStream {
    let name = prose_name(prose);
    let escaped = prose.replace('{', "{{").replace('}', "}}");
    let message = format!("no function binds the invariant `{escaped}`");
    let note = format!("write a function under `#[invariant(\"{escaped}\")]`");
    quote! {
        #[diagnostic::on_unimplemented(message = #message, label = "the contract has it", note = #note)]
        pub trait #name {
            fn holds(input: &super::Input, output: &super::Output) -> ::core::primitive::bool;
        }
    }
}

/// The argument for a parameter, checked at the author's own type. `input` and `output` are what is given; where
/// `keep`, the value is needed afterwards. `path` leads to the module.
pub fn expand_argument(
    parameter: &Parameter,
    types: &Types,
    path: &TokenStream,
    input: &TokenStream,
    output: &TokenStream,
    keep: bool,
) -> TokenStream {
    let Parameter { origin, passing, ty } = parameter;
    let place = match origin {
        Origin::Input => input.clone(),
        Origin::Output => output.clone(),
        Origin::Property(at) => {
            let field = &types.input[*at].ident;
            quote!(#input.#field)
        }
    };
    let names = Names::for_origin(origin, types);
    let span = ty.span();
    let lend = match passing {
        Passing::Reference => &names.lend,
        Passing::OptionalReference => &names.lend_some,
        Passing::Value => {
            let give = &names.give;
            let checked = quote_spanned!(span=> <#ty as #path::#give>::give);
            return if keep {
                quote!(#checked(::core::clone::Clone::clone(&#place)))
            } else {
                quote!(#checked(#place))
            };
        }
    };
    let checked = quote_spanned!(span=> <#ty as #path::#lend>::lend);
    quote!(#checked(&#place))
}
