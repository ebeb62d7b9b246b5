//! A light look at the capability's source, without a compiler: which function stands under `#[capability]`.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// The names of the functions under `#[capability]` in the crate root, in their order; nothing where the text is not
/// Rust's even to a lexer, which the compiler says better.
pub(crate) fn capabilities(text: &str) -> Option<Vec<String>> {
    let tokens: Vec<TokenTree> = text.parse::<TokenStream>().ok()?.into_iter().collect();
    let mut names = Vec::new();
    for (at, pair) in tokens.windows(2).enumerate() {
        if is_capability(pair) {
            let mut after = tokens[at + 2..].iter().skip_while(|token| !is_ident(token, "fn")).skip(1);
            names.extend(after.next().map(|name| name.to_string().trim_start_matches("r#").to_owned()));
        }
    }
    Some(names)
}

/// `#[capability]`, with a path before it or arguments after it.
fn is_capability(pair: &[TokenTree]) -> bool {
    let [TokenTree::Punct(hash), TokenTree::Group(attribute)] = pair else { return false };
    if hash.as_char() != '#' || attribute.delimiter() != Delimiter::Bracket {
        return false;
    }
    let path = attribute.stream().into_iter().take_while(|token| match token {
        TokenTree::Ident(_) => true,
        TokenTree::Punct(colon) => colon.as_char() == ':',
        _ => false,
    });
    path.last().is_some_and(|last| is_ident(&last, "capability"))
}

fn is_ident(token: &TokenTree, name: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_function_under_the_attribute_is_found() {
        let found = |text: &str| capabilities(text).unwrap();
        assert_eq!(found("#[capability]\nfn quote(a: f64) -> Output { todo!() }"), ["quote"]);
        assert_eq!(
            found("/// A quote.\n#[traverse_sdk::capability]\n#[allow(x)]\npub(crate) async fn r#match() {}"),
            ["match"]
        );
        assert_eq!(found("#[capability] fn a() {} fn c() {} #[capability] fn b() {}"), ["a", "b"]);
        // In comments, texts and modules it is not the capability.
        let none = "// #[capability] fn a() {}\nconst A: &str = \"#[capability] fn b() {}\";\nmod m { #[capability] fn c() {} }";
        assert!(found(none).is_empty());
        assert!(capabilities("fn f() { \"").is_none());
    }
}
