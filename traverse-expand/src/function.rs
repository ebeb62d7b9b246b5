//! The function under an attribute: its signature in parts, its body as it stands.
//!
//! `syn` can take a whole function apart, but only with the parts of it that every expression of Rust needs. They would
//! be a fifth of what a capability's clean build compiles, and no body is looked at here.

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Generics, LitStr, ReturnType, Token, Type, Visibility};

/// A function as the author wrote it.
pub struct Function {
    /// All of it.
    tokens: TokenStream,
    /// All of it but the body.
    head: TokenStream,
    /// The attributes below ours.
    pub attrs: Vec<Attribute>,
    /// Words that may stand before `fn`, where they do.
    pub constness: Option<Span>,
    pub asyncness: Option<Span>,
    pub unsafety: Option<Span>,
    pub abi: Option<Span>,
    /// Its name.
    pub ident: Ident,
    /// `<…>` and `where …`.
    pub generics: Generics,
    /// What stands between the brackets.
    pub inputs: Vec<Input>,
    /// The type that it returns.
    pub output: ReturnType,
}

/// A parameter.
pub enum Input {
    /// `self`, of any kind.
    Receiver(Span),
    /// `...`
    Variadic(Span),
    /// `pattern: type`
    Typed {
        /// The name, where the pattern is one: `total`, `mut total`.
        name: Option<Ident>,
        /// The pattern.
        pattern: TokenStream,
        ty: Box<Type>,
    },
}

impl Function {
    /// Its signature with another body; its attributes with it.
    pub fn with_body(&self, body: &TokenStream) -> TokenStream {
        let head = &self.head;
        quote::quote!(#head { #body })
    }
}

impl ToTokens for Function {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.tokens.to_tokens(tokens);
    }
}

impl Parse for Function {
    fn parse(input: ParseStream) -> syn::Result<Function> {
        let tokens: TokenStream = input.fork().parse()?;
        let attrs = Attribute::parse_outer(input)?;
        input.parse::<Visibility>()?;
        let constness = input.parse::<Option<Token![const]>>()?.map(|token| token.span);
        let asyncness = input.parse::<Option<Token![async]>>()?.map(|token| token.span);
        if input.peek(syn::Ident) && input.fork().parse::<Ident>()? == "safe" {
            input.parse::<Ident>()?;
        }
        let unsafety = input.parse::<Option<Token![unsafe]>>()?.map(|token| token.span);
        let abi = input.parse::<Option<Token![extern]>>()?.map(|token| token.span);
        if abi.is_some() {
            input.parse::<Option<LitStr>>()?;
        }
        input.parse::<Token![fn]>()?;
        let ident = input.parse()?;
        let mut generics: Generics = input.parse()?;
        let inside;
        syn::parenthesized!(inside in input);
        let inputs = parse_inputs(&inside)?;
        let output = input.parse()?;
        generics.where_clause = input.parse()?;
        // The body is the last token: whatever stands before it is the signature.
        let mut head: Vec<TokenTree> = tokens.clone().into_iter().collect();
        match head.pop() {
            Some(TokenTree::Group(body)) if body.delimiter() == Delimiter::Brace => {}
            _ => return Err(input.error("expected the function's body")),
        }
        input.parse::<TokenStream>()?;
        let head = head.into_iter().collect();
        Ok(Function {
            tokens,
            head,
            attrs,
            constness,
            asyncness,
            unsafety,
            abi,
            ident,
            generics,
            inputs,
            output,
        })
    }
}

fn parse_inputs(input: ParseStream) -> syn::Result<Vec<Input>> {
    let mut inputs = Vec::new();
    while !input.is_empty() {
        Attribute::parse_outer(input)?;
        inputs.push(parse_input(input)?);
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
    }
    Ok(inputs)
}

fn parse_input(input: ParseStream) -> syn::Result<Input> {
    if let Some(dots) = input.parse::<Option<Token![...]>>()? {
        return Ok(Input::Variadic(dots.spans[0]));
    }
    let start = input.span();
    let (mut name, mut pattern, mut receiver) = (None, TokenStream::new(), false);
    let mut tokens = 0;
    while !input.is_empty() && !input.peek(Token![,]) && (!input.peek(Token![:]) || input.peek(Token![::])) {
        if input.peek(Token![::]) {
            input.parse::<Token![::]>()?.to_tokens(&mut pattern);
            tokens += 1;
            continue;
        }
        let token = input.parse::<TokenTree>()?;
        token.to_tokens(&mut pattern);
        match token {
            TokenTree::Ident(word) if word == "self" => receiver = true,
            TokenTree::Ident(word) if tokens == 0 && (word == "mut" || word == "ref") => continue,
            TokenTree::Ident(word) => name = Some(word),
            _ => {}
        }
        tokens += 1;
    }
    if receiver {
        if input.parse::<Option<Token![:]>>()?.is_some() {
            input.parse::<Type>()?;
        }
        return Ok(Input::Receiver(start));
    }
    input.parse::<Token![:]>()?;
    if let Some(dots) = input.parse::<Option<Token![...]>>()? {
        return Ok(Input::Variadic(dots.spans[0]));
    }
    let name = name.filter(|name| tokens == 1 && *name != "_");
    Ok(Input::Typed { name, pattern, ty: Box::new(input.parse()?) })
}
