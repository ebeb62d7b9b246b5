//! The spec: found, read, checked; its errors as the author's compiler shows them.

use crate::names;
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use std::path::{Path, PathBuf};
use syn::LitStr;
use syn::ext::IdentExt;
use traverse_contract::compiled::{CompiledFrom, FINGERPRINT_VARIABLE, fingerprint};
use traverse_contract::spec::Spec;
use traverse_contract::{Contract, Diagnostic, Source};

/// Where the spec lies in a package.
pub const SPEC_FILE: &str = "traverse.spec.toml";

/// A spec file that could be read.
pub struct SpecFile {
    /// Its text, and its path as messages show it.
    pub source: Source,
    /// The path from the package, for the code that makes cargo watch the file.
    path: String,
    /// The fingerprint of the file as it lies there.
    fingerprint: String,
}

impl SpecFile {
    /// Reads the spec of the package that is being compiled.
    ///
    /// # Errors
    ///
    /// If there is none or it cannot be read; placed at the attribute's argument or the attribute itself.
    pub fn read(argument: Option<&LitStr>) -> syn::Result<SpecFile> {
        let path = argument.map_or_else(|| SPEC_FILE.to_owned(), LitStr::value);
        let span = argument.map_or_else(Span::call_site, LitStr::span);
        let package = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
        if Path::new(&path).is_absolute() {
            return Err(syn::Error::new(span, "the spec's path is relative to the package"));
        }
        match std::fs::read_to_string(package.join(&path)) {
            Ok(text) => Ok(SpecFile {
                fingerprint: fingerprint(&text),
                source: Source { name: path.clone(), text: text.replace("\r\n", "\n") },
                path,
            }),
            Err(error) => {
                let what = if error.kind() == std::io::ErrorKind::NotFound {
                    format!("the contract is missing: there is no `{path}` beside `Cargo.toml`")
                } else {
                    format!("the contract `{path}` cannot be read: {error}")
                };
                Err(syn::Error::new(span, what))
            }
        }
    }

    /// Reads and checks the contract.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the spec, with its place in the file; the warnings, too.
    pub fn contract(&self) -> Result<Contract, Vec<Diagnostic>> {
        Contract::from_toml(&self.source)
    }

    /// Whether `cargo traverse build` compiles this very contract: it has shown the warnings by then.
    pub fn warnings_are_shown(&self) -> bool {
        std::env::var_os(FINGERPRINT_VARIABLE).is_some_and(|of_build| of_build == *self.fingerprint)
    }

    /// What can be known of the types when the clauses are broken: only what is written out.
    pub fn written_schemas(&self) -> Option<(Spec, traverse_contract::schema::Schemas)> {
        let spec = Spec::from_toml(&self.source).ok()?;
        let schemas = traverse_contract::schema::Schemas {
            input: spec.input.clone()?,
            output: spec.output.clone()?,
            types: spec.types.clone(),
            input_inferred: false,
            output_inferred: false,
        };
        Some((spec, schemas))
    }

    /// A diagnostic as a compiler error at the function that is under contract. (At the attribute the compiler would add
    /// that a macro made the error.)
    pub fn show(&self, diagnostic: &Diagnostic, function: Span) -> syn::Error {
        syn::Error::new(function, self.words(diagnostic))
    }

    /// A diagnostic in the compiler's message: the sentence with its code, then the place in the spec.
    pub fn words(&self, diagnostic: &Diagnostic) -> String {
        let rendered = diagnostic.render(&self.source);
        // The compiler writes `error: ` itself: `error: [spec-unknown-key] unknown key …` (spec IO-18).
        let text = rendered.strip_prefix(&diagnostic.severity.to_string()).unwrap_or(&rendered);
        text.replacen("]: ", "] ", 1)
    }

    /// The mark of a program that is generated from this spec for this function.
    pub fn mark(&self, function: &Ident) -> TokenStream {
        let (before, after) = CompiledFrom::around_module(&self.fingerprint, &function.unraw().to_string());
        quote!(::core::concat!(#before, ::core::module_path!(), #after))
    }

    /// Code that makes cargo build again when the spec changes, and leaves nothing in the program. Cargo goes by the
    /// file's time, which may go back with an old version of the file; the variable is what `build` goes by.
    pub fn watch(&self) -> TokenStream {
        let path = format!("/{}", self.path);
        let variable = FINGERPRINT_VARIABLE;
        quote! {
            const _: &[::core::primitive::u8] =
                ::core::include_bytes!(::core::concat!(::core::env!("CARGO_MANIFEST_DIR"), #path));
            const _: ::core::option::Option<&::core::primitive::str> = ::core::option_env!(#variable);
        }
    }
}

/// The name of the trait that binds the prose invariant `prose`.
pub fn prose_name(prose: &str) -> proc_macro2::Ident {
    names::ident(&format!("Invariant{}", fingerprint(prose)))
}
