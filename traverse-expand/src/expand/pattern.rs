//! The tables of patterns: one static for each pattern, however often it is looked for.
//!
//! ```text
//! mod __traverse_patterns {
//!     pub static Pattern0123456789abcdef: Pattern = Pattern { ascii: b"…", beyond: &[(128, 0)], … };
//! }
//! ```

use super::types::allowances;
use crate::names;
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;
use std::sync::Arc;
use traverse_contract::compiled::fingerprint;
use traverse_contract::pattern::Pattern;

fn pattern_name(source: &str) -> Ident {
    names::ident(&format!("Pattern{}", fingerprint(source)))
}

/// A reference to the pattern's static, from beside the generated types.
pub(super) fn expand_pattern_path(source: &str) -> TokenStream {
    let name = pattern_name(source);
    quote!((&__traverse_patterns::#name))
}

/// The module that holds them.
pub(super) fn expand_patterns(patterns: &[Arc<Pattern>]) -> TokenStream {
    if patterns.is_empty() {
        return TokenStream::new();
    }
    let statics = patterns.iter().map(|pattern| {
        let table = pattern.table();
        let name = pattern_name(pattern.source());
        let doc = format!(" `{}`", pattern.source());
        // A byte string is one token, however large the table.
        let (ascii, next) = (Literal::byte_string(&table.ascii), Literal::byte_string(&table.next));
        let beyond = table.beyond.iter().map(|&(from, class)| {
            let (from, class) = (Literal::u32_unsuffixed(from), Literal::u8_unsuffixed(class));
            quote!((#from, #class))
        });
        let [classes, start, ending] =
            [table.classes, table.start, table.ending].map(Literal::u16_unsuffixed);
        let wide = table.wide;
        quote! {
            #[doc = #doc]
            pub static #name: ::traverse_sdk::__private::Pattern = ::traverse_sdk::__private::Pattern {
                ascii: #ascii,
                beyond: &[#(#beyond),*],
                classes: #classes,
                start: #start,
                ending: #ending,
                wide: #wide,
                next: #next,
            };
        }
    });
    let allowances = allowances();
    quote! {
        #[doc(hidden)]
        #allowances
        mod __traverse_patterns {
            #(#statics)*
        }
    }
}
