//! A look at the crate's own source, for mistakes that one attribute alone cannot see: a second `#[capability]`, a
//! `main` beside it, words that no function binds. Only for better messages: where the source cannot be read (an
//! editor's view, say) nothing is reported here, and the compiler finds what is wrong in its own words.

use crate::names;
use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use std::path::{Path, PathBuf};
use syn::LitStr;

/// The file that an attribute stands in.
pub struct SourceFile {
    path: PathBuf,
    text: String,
}

/// An `#[invariant]` in a crate without `#[capability]`.
pub struct NoCapability {
    /// The error, at one of them only.
    pub error: Option<syn::Error>,
    /// Whether this one makes the contract's types, so that the author's functions have them.
    pub makes_types: bool,
    /// Whether `main` must be made, too.
    pub makes_main: bool,
}

/// An attribute found in a file.
struct Found {
    /// The line that it stands on, from 1.
    line: usize,
    /// The name of the function under it.
    function: String,
}

impl SourceFile {
    /// The file with the attribute, if the compiler says which one and it can be read.
    pub fn of_attribute() -> Option<SourceFile> {
        let path = proc_macro::Span::call_site().local_file()?;
        let text = std::fs::read_to_string(&path).ok()?;
        Some(SourceFile { path, text })
    }

    /// What is wrong with where this `#[capability]` stands: another one stands before it, or it is not in the root.
    pub fn check_place(&self, function: &Ident) -> Option<syn::Error> {
        let own_line = proc_macro::Span::call_site().line();
        let first = self.attributes("capability").into_iter().min_by_key(|found| found.line)?;
        if first.line < own_line {
            let message = format!(
                "a crate has one capability, and `{}` on line {} is it\n\
                 help: make `{function}` a package of its own, or call it as a plain function",
                first.function, first.line
            );
            return Some(syn::Error::new(function.span(), message));
        }
        let root = TopLevel::of(self.text.parse().ok()?);
        // It may stand inside a macro call.
        let is_at_root = root.calls_macros
            || root.functions.iter().any(|(name, is_capability)| *name == *function && *is_capability);
        if !is_at_root {
            let message = format!(
                "capability `{function}` must stand in the root of the crate\n\
                 note: its types and `main` are made where it stands\n\
                 help: move it out of its module"
            );
            return Some(syn::Error::new(function.span(), message));
        }
        if root.has("main") && function != "main" {
            let message = "`#[capability]` makes the program's `main`\nhelp: remove the function `main`";
            return Some(syn::Error::new(function.span(), message));
        }
        None
    }

    /// What is wrong with an `#[invariant]` whose words an earlier one in this file has.
    pub fn check_bound_once(&self, prose: &str, function: &Ident) -> Option<syn::Error> {
        let own_line = proc_macro::Span::call_site().line();
        let earlier = self.attributes("invariant").into_iter().find(|found| {
            let attribute = self.text.lines().nth(found.line - 1).unwrap_or_default();
            found.line < own_line && attribute.parse().is_ok_and(|tokens| names_prose(tokens, prose))
        })?;
        let message = format!(
            "the invariant `{prose}` is bound already, by `{}` on line {}\nhelp: keep one of the two",
            earlier.function, earlier.line
        );
        Some(syn::Error::new(function.span(), message))
    }

    /// The words that the `#[invariant]`s of the crate name. `None` if the crate's source cannot be told.
    pub fn bound(&self) -> Option<Vec<String>> {
        let mut bound = Vec::new();
        for text in self.crate_sources()? {
            find_prose(text.parse().ok()?, &mut bound);
        }
        Some(bound)
    }

    /// The texts of the crate whose root this is, the root first.
    fn crate_sources(&self) -> Option<Vec<String>> {
        let mut files = vec![self.text.clone()];
        let stem = self.path.file_stem()?.to_string_lossy().into_owned();
        let folder = self.path.parent()?;
        // A package's root owns its folder; any other root owns the folder of its own name.
        let modules =
            if matches!(stem.as_str(), "main" | "lib") { folder.to_owned() } else { folder.join(stem) };
        read_sources(&modules, &mut files, 0);
        Some(files)
    }

    /// What to do with an `#[invariant]` of a crate whose root has no `#[capability]`. `None` if it has one, or if
    /// that cannot be told.
    pub fn check_capability_exists(&self, function: &Ident) -> Option<NoCapability> {
        let root = root_file()?;
        let in_root = root == self.path.canonicalize().ok()?;
        let text = std::fs::read_to_string(&root).ok()?;
        if may_have_capability(text.parse().ok()?) {
            return None;
        }
        let own_line = proc_macro::Span::call_site().line();
        let is_first = self.attributes("invariant").iter().all(|found| found.line >= own_line);
        let root_has_invariant = || names_invariant(text.parse().unwrap_or_default());
        let message = "no function is marked `#[capability]`, so there is no contract to hold this invariant to\n\
                       help: mark the function that carries out the contract, in the root of the crate, with \
                       `#[capability]`";
        let reports = is_first && (in_root || !root_has_invariant());
        let has_main = TopLevel::of(text.parse().unwrap_or_default()).has("main");
        Some(NoCapability {
            error: reports.then(|| syn::Error::new(function.span(), message)),
            makes_types: is_first && in_root,
            makes_main: !has_main,
        })
    }

    /// Every attribute of this name that begins a line.
    fn attributes(&self, attribute: &str) -> Vec<Found> {
        let mut found = Vec::new();
        let lines: Vec<&str> = self.text.lines().collect();
        let mut in_comment = false;
        for (at, line) in lines.iter().enumerate() {
            let line = line.trim_start();
            // Coarse, but a miss only costs the better message.
            in_comment = (in_comment || line.starts_with("/*")) && !line.contains("*/");
            let Some(rest) = line.strip_prefix("#[") else { continue };
            let rest = rest.trim_start().trim_start_matches("::").trim_start_matches("traverse_sdk::");
            let is_whole =
                rest.strip_prefix(attribute).is_some_and(|rest| rest.trim_start().starts_with([']', '(']));
            if !is_whole || in_comment {
                continue;
            }
            let function = lines[at..].iter().find_map(|line| {
                let mut words =
                    line.split(|character: char| !(character.is_alphanumeric() || character == '_'));
                words.find(|word| *word == "fn")?;
                words.find(|word| !word.is_empty())
            });
            found.push(Found { line: at + 1, function: function.unwrap_or("the first").to_owned() });
        }
        found
    }
}

/// What stands in a file outside of any module and body.
struct TopLevel {
    /// The functions by name, and whether one of the attributes above is `capability`, by any path.
    functions: Vec<(Ident, bool)>,
    /// Whether there is a call of a macro, which may make anything.
    calls_macros: bool,
}

impl TopLevel {
    fn of(tokens: TokenStream) -> TopLevel {
        let mut found = TopLevel { functions: Vec::new(), calls_macros: false };
        let mut is_capability = false;
        let mut before: Option<TokenTree> = None;
        for token in tokens {
            let after_hash = matches!(&before, Some(TokenTree::Punct(punct)) if punct.as_char() == '#');
            match &token {
                TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket && after_hash => {
                    is_capability |= names_capability(group.stream());
                }
                TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => is_capability = false,
                TokenTree::Punct(punct) if punct.as_char() == ';' => is_capability = false,
                TokenTree::Punct(punct) if punct.as_char() == '!' => {
                    found.calls_macros |= matches!(before, Some(TokenTree::Ident(_)));
                }
                TokenTree::Ident(name) if matches!(&before, Some(TokenTree::Ident(word)) if word == "fn") => {
                    found.functions.push((name.clone(), is_capability));
                }
                _ => {}
            }
            before = Some(token);
        }
        found
    }

    fn has(&self, name: &str) -> bool {
        self.functions.iter().any(|(function, _)| function == name)
    }
}

/// Whether an attribute is `capability`, by any path to it.
fn names_capability(attribute: TokenStream) -> bool {
    let path = attribute.into_iter().take_while(|token| match token {
        TokenTree::Ident(_) => true,
        TokenTree::Punct(punct) => punct.as_char() == ':',
        _ => false,
    });
    matches!(path.last(), Some(TokenTree::Ident(word)) if word == "capability")
}

fn read_sources(folder: &Path, files: &mut Vec<String>, depth: usize) {
    // A source tree is neither deep nor large; a link may lead anywhere.
    if depth > 8 || files.len() > 1000 {
        return;
    }
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => read_sources(&path, files, depth + 1),
            Ok(kind) if kind.is_file() && path.extension().is_some_and(|extension| extension == "rs") => {
                files.extend(std::fs::read_to_string(&path));
            }
            _ => {}
        }
    }
}

/// Whether `invariant("prose")` stands anywhere in the tokens.
fn names_prose(tokens: TokenStream, prose: &str) -> bool {
    let mut bound = Vec::new();
    find_prose(tokens, &mut bound);
    bound.iter().any(|bound| bound == prose)
}

/// Whether `invariant(…)` stands anywhere in the tokens.
fn names_invariant(tokens: TokenStream) -> bool {
    let mut bound = Vec::new();
    find_prose(tokens, &mut bound);
    !bound.is_empty()
}

/// The words of every `invariant("words")` in the tokens.
fn find_prose(tokens: TokenStream, bound: &mut Vec<String>) {
    let mut after_name = false;
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => after_name = ident == names::ident("invariant"),
            TokenTree::Group(group) => {
                if after_name
                    && group.delimiter() == Delimiter::Parenthesis
                    && let Some(TokenTree::Literal(literal)) = group.stream().into_iter().next()
                {
                    let literal = syn::parse_str::<LitStr>(&literal.to_string());
                    bound.extend(literal.map(|literal| literal.value()));
                }
                find_prose(group.stream(), bound);
                after_name = false;
            }
            _ => after_name = false,
        }
    }
}

/// The root of the crate that is being compiled: the one Rust file that the compiler was given.
fn root_file() -> Option<PathBuf> {
    let mut files = std::env::args_os().skip(1).map(PathBuf::from).filter(|argument| {
        argument.extension().is_some_and(|extension| extension == "rs") && argument.is_file()
    });
    match (files.next(), files.next()) {
        (Some(only), None) => only.canonicalize().ok(),
        _ => None,
    }
}

/// Whether a `#[capability]` stands in the tokens, or something that may turn out to be one: a new name for it, or
/// other source.
fn may_have_capability(tokens: TokenStream) -> bool {
    let (mut after_hash, mut after_name) = (false, false);
    for token in tokens {
        match &token {
            TokenTree::Group(group) => {
                let is_attribute = after_hash && group.delimiter() == Delimiter::Bracket;
                if is_attribute && contains_ident(group.stream(), "capability")
                    || may_have_capability(group.stream())
                {
                    return true;
                }
            }
            TokenTree::Ident(ident) if (after_name && ident == "as") || ident == "include" => return true,
            _ => {}
        }
        after_hash = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '#');
        after_name = matches!(&token, TokenTree::Ident(ident) if ident == "capability");
    }
    false
}

fn contains_ident(tokens: TokenStream, name: &str) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == name,
        TokenTree::Group(group) => contains_ident(group.stream(), name),
        _ => false,
    })
}
