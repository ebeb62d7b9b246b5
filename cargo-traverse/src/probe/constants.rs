//! The constants of the author's code: a rule that no clause shows turns at one of them (spec TEST-22).

use proc_macro2::{TokenStream, TokenTree};
use std::path::Path;
use traverse_inputs::Constants;

/// More are not looked at; a table of data is no rule.
const MOST: usize = 400;

/// Files that are longer are data.
const LONGEST_FILE: u64 = 1 << 20;

/// The numbers and texts in the Rust files of a folder and of those below it.
pub(crate) fn of_folder(folder: &Path) -> Constants {
    let mut found = Constants::default();
    read_folder(folder, &mut found, 8);
    found.numbers.sort_by(f64::total_cmp);
    found.numbers.dedup();
    found.texts.sort();
    found.texts.dedup();
    found
}

fn read_folder(folder: &Path, found: &mut Constants, depth: usize) {
    // What cannot be read was compiled all the same; it only gives no hints.
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            if depth > 0 {
                read_folder(&path, found, depth - 1);
            }
        } else if path.extension().is_some_and(|extension| extension == "rs")
            && path.metadata().is_ok_and(|metadata| metadata.len() <= LONGEST_FILE)
            && let Ok(text) = std::fs::read_to_string(&path)
            && let Ok(tokens) = text.parse::<TokenStream>()
        {
            read_tokens(tokens, found);
        }
    }
}

fn read_tokens(tokens: TokenStream, found: &mut Constants) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => read_tokens(group.stream(), found),
            TokenTree::Literal(literal) => read_literal(&literal.to_string(), found),
            TokenTree::Ident(_) | TokenTree::Punct(_) => {}
        }
    }
}

fn read_literal(text: &str, found: &mut Constants) {
    if found.numbers.len() >= MOST || found.texts.len() >= MOST {
        return;
    }
    if let Some(inner) = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
        // With escapes it is no constant to compare with, most of the time.
        if !inner.contains(['\\', '{', ' ']) {
            found.texts.push(inner.to_owned());
        }
        return;
    }
    if let Some(number) = number(text) {
        // Signs stand apart from a literal.
        found.numbers.extend([number, -number]);
    }
}

/// `1_000`, `2.5f64`, `0x1F`.
fn number(text: &str) -> Option<f64> {
    if !text.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    let plain = text.replace('_', "");
    if let Some(digits) = plain.strip_prefix("0x") {
        let digits: String = digits.chars().take_while(char::is_ascii_hexdigit).collect();
        return i64::from_str_radix(&digits, 16).ok().map(|number| number as f64);
    }
    let end = plain.find(|at: char| !(at.is_ascii_digit() || at == '.')).unwrap_or(plain.len());
    let (digits, rest) = plain.split_at(end);
    if rest.starts_with(['e', 'E']) {
        return plain.trim_end_matches("f64").trim_end_matches("f32").parse().ok();
    }
    digits.trim_end_matches('.').parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// spec: TEST-22
    #[test]
    fn numbers_and_texts_are_found_as_rust_writes_them() {
        let folder = tempfile::tempdir().unwrap();
        let code = "fn f(x: f64) -> bool { x > 10_000.0 && x < 2.5e3 || y == 0x1Fu8 || z == 7i64 || t == \"gold\" }\n\
                    fn g() { format!(\"{x} of\"); }";
        std::fs::create_dir(folder.path().join("inner")).unwrap();
        std::fs::write(folder.path().join("inner/rule.rs"), code).unwrap();
        let found = of_folder(folder.path());
        assert_eq!(found.texts, ["gold"]);
        let positive: Vec<f64> = found.numbers.iter().copied().filter(|number| *number > 0.0).collect();
        assert_eq!(positive, [7.0, 31.0, 2500.0, 10_000.0]);
    }
}
