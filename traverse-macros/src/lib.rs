//! The `#[capability]` and `#[invariant]` macros of Traverse. Authors use them through `traverse-sdk`, which documents
//! them.
//!
//! What they do is in `traverse-expand`.

use proc_macro::TokenStream;

/// Puts a function under the contract in `traverse.spec.toml` beside `Cargo.toml`.
///
/// It stands once, in the crate's root. It makes the types `Input`, `Output`, `Exception` and those that they hold,
/// and the program's `main`. The function's parameters are the input's top-level properties by name, in any order, by
/// value or by reference, as many of them as it needs; or a single one of type `Input`. It returns
/// `Result<Output, Exception>`, or `Output` where the contract declares no exception.
///
/// What is wrong with the contract is an error at the function. What is only likely wrong is a warning there, of the lint
/// `deprecated`, which `#[allow(deprecated)]` at the function silences.
///
/// `#[capability(spec = "specs/other.toml")]` reads another file; its path is relative to the package.
#[proc_macro_attribute]
pub fn capability(arguments: TokenStream, item: TokenStream) -> TokenStream {
    traverse_expand::capability(arguments.into(), item.into()).into()
}

/// Binds an invariant that the contract has in words to the function that decides it.
///
/// `#[invariant("the words, exactly")]` stands on a function that takes input properties by name, `input` and
/// `output`, each by reference (or by value), and returns `bool`. It may stand anywhere in the crate.
///
/// `#[invariant("…", spec = "specs/other.toml")]` reads another file, as in `#[capability]`.
#[proc_macro_attribute]
pub fn invariant(arguments: TokenStream, item: TokenStream) -> TokenStream {
    traverse_expand::invariant(arguments.into(), item.into()).into()
}
