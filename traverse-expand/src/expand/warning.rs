//! What the contract's check warns of, as warnings of the author's compiler (spec `IO-31`).
//!
//! A macro cannot warn on the stable compiler, but what it writes can be worth a warning: an item that is deprecated,
//! with the words as its note, and used. Nothing of it is left in the program.

use crate::contract::SpecFile;
use crate::function::Function;
use proc_macro2::{Ident, TokenStream};
use quote::quote_spanned;
use traverse_contract::Diagnostic;

/// Levels that the author sets for the function hold for these warnings, too. Not `expect`, which would be disappointed
/// at the function itself.
const LEVELS: [&str; 4] = ["allow", "warn", "deny", "forbid"];

/// For each warning, at the function's name:
///
/// ```text
/// const _: () = {
///     #[deprecated(note = "[lang-always-true] this precondition always holds, …\n  --> traverse.spec.toml:9:20\n …")]
///     macro_rules! lang_always_true { () => { () } }
///     lang_always_true!()
/// };
/// ```
///
/// Of all items a macro has the shortest name in the compiler's words, and is told of beside errors.
pub fn expand_warnings(warnings: &[Diagnostic], file: &SpecFile, function: &Function) -> TokenStream {
    if warnings.is_empty() || file.warnings_are_shown() {
        return TokenStream::new();
    }
    let span = function.ident.span();
    let levels: Vec<_> = function
        .attrs
        .iter()
        .filter(|attribute| LEVELS.iter().any(|level| attribute.path().is_ident(level)))
        .collect();
    warnings
        .iter()
        .map(|warning| {
            let words = file.words(warning);
            let name = Ident::new(&warning.code.replace('-', "_"), span);
            quote_spanned! {span=>
                #(#levels)*
                const _: () = {
                    #[deprecated(note = #words)]
                    macro_rules! #name { () => { () } }
                    #name!()
                };
            }
        })
        .collect()
}
