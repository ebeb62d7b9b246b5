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

use super::types::{allowances, describe_field_type, expand_field_type};
use crate::check::{Origin, Parameter, expected_return};
use crate::contract::prose_name;
use crate::model::{Field, Shape, Types};
use crate::names::ident;
use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use traverse_contract::{Contract, Rule};

/// The module. `capability` is the function's name.
pub fn expand_support(types: &Types, capability: &Ident, contract: Option<&Contract>) -> TokenStream {
    let up = quote!(super::);
    let mut traits = TokenStream::new();
    for field in &types.input {
        let ty = expand_field_type(field, &up);
        traits.extend(expand_parameter(&Names::of(field), &ty, &describe_field_type(field), borrowed(field)));
    }
    traits.extend(expand_parameter(&Names::input(), &quote!(super::Input), "Input", None));
    traits.extend(expand_parameter(&Names::output(), &quote!(super::Output), "Output", None));
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
    shown: String,
}

impl Names {
    fn new(kind: &str, name: &str) -> Names {
        Names {
            lend: ident(&format!("Lend{kind}_{name}")),
            give: ident(&format!("Give{kind}_{name}")),
            shown: name.to_owned(),
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

/// What else a reference to the field may be taken as: `str` for a `String`, a slice for a `Vec`.
fn borrowed(field: &Field) -> Option<(TokenStream, &'static str)> {
    match (&field.shape, field.optional) {
        (Shape::Text(_), false) => Some((quote!(::core::primitive::str), "as_str")),
        (Shape::List(item, _), false) => {
            let item = super::types::expand_shape(item, &quote!(super::));
            Some((quote!([#item]), "as_slice"))
        }
        _ => None,
    }
}

fn expand_parameter(
    names: &Names,
    ty: &TokenStream,
    described: &str,
    borrowed: Option<(TokenStream, &str)>,
) -> TokenStream {
    let Names { lend, give, shown } = names;
    let message = format!("parameter `{shown}` must be `{described}` or `&{described}`");
    let note = "the contract decides the types";
    let attribute = quote! {
        #[diagnostic::on_unimplemented(message = #message, label = "this is `{Self}`", note = #note)]
    };
    let borrowed = borrowed.map(|(target, method)| {
        let method = ident(method);
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
    let Parameter { origin, by_reference, ty } = parameter;
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
    if *by_reference {
        let lend = &names.lend;
        let checked = quote_spanned!(span=> <#ty as #path::#lend>::lend);
        return quote!(#checked(&#place));
    }
    let give = &names.give;
    let checked = quote_spanned!(span=> <#ty as #path::#give>::give);
    if keep { quote!(#checked(::core::clone::Clone::clone(&#place))) } else { quote!(#checked(#place)) }
}
