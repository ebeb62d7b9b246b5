//! What the author wrote: the attributes' arguments and the function under them. Nothing is judged here beyond syntax.

use crate::function::Function;
use proc_macro2::{Span, TokenStream, TokenTree};
use syn::parse::{Parse, ParseStream};
use syn::{Ident, LitStr, Token};

/// `#[capability]`, `#[capability(spec = "path")]`
pub struct CapabilityArguments {
    /// Where the spec lies, if not in the usual place.
    pub spec: Option<LitStr>,
}

/// `#[invariant("prose")]`, `#[invariant("prose", spec = "path")]`
pub struct InvariantArguments {
    /// The words.
    pub prose: LitStr,
    /// Where the spec lies, if not in the usual place.
    pub spec: Option<LitStr>,
}

impl Parse for CapabilityArguments {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let spec = if input.is_empty() { None } else { Some(parse_spec(input)?) };
        Ok(CapabilityArguments { spec })
    }
}

impl Parse for InvariantArguments {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        if !input.peek(LitStr) {
            let message =
                "`#[invariant]` takes the words of the contract: `#[invariant(\"the words, exactly\")]`";
            return Err(syn::Error::new(input.span(), message));
        }
        let prose = input.parse()?;
        let mut spec = None;
        if input.peek(Token![,]) {
            input.parse::<Token![,]>()?;
            if !input.is_empty() {
                spec = Some(parse_spec(input)?);
            }
        }
        Ok(InvariantArguments { prose, spec })
    }
}

fn parse_spec(input: ParseStream) -> syn::Result<LitStr> {
    let known = "the only argument is `spec = \"path/to/traverse.spec.toml\"`";
    let name: Ident = input.parse().map_err(|error| syn::Error::new(error.span(), known))?;
    if name != "spec" {
        return Err(syn::Error::new(name.span(), format!("unknown argument `{name}`: {known}")));
    }
    input.parse::<Token![=]>()?;
    let path = input.parse()?;
    if input.peek(Token![,]) {
        input.parse::<Token![,]>()?;
    }
    if input.is_empty() { Ok(path) } else { Err(input.error(known)) }
}

/// The function under an attribute.
///
/// # Errors
///
/// If it is something else; `attribute` names the attribute for the message.
pub fn parse_function(item: TokenStream, attribute: &str) -> syn::Result<Function> {
    let start = item.clone().into_iter().next().map_or_else(Span::call_site, |token| token.span());
    // What the compiler passes on has been parsed by it: an item without the word is another item.
    let is_function =
        item.clone().into_iter().any(|token| matches!(token, TokenTree::Ident(word) if word == "fn"));
    if !is_function {
        return Err(syn::Error::new(start, format!("`#[{attribute}]` stands on a function")));
    }
    syn::parse2(item)
}
