//! The forms of names: ids, versions, kebab case, UpperCamelCase.

use super::Text;
use crate::diagnostic::Diagnostic;

/// The longest name of any kind, in bytes.
const MAX_NAME_BYTES: usize = 128;

/// A capability's or package's id: kebab segments joined by dots.
pub(crate) fn check_id(id: &Text, code: &'static str, key: &str, errors: &mut Vec<Diagnostic>) {
    if id.value.len() <= MAX_NAME_BYTES && id.value.split('.').all(is_kebab) {
        return;
    }
    let error = Diagnostic::error(code, format!("`{}` is not an `{key}`", id.value)).at(id.span, "");
    let segments: Vec<String> = id.value.split('.').map(to_kebab).collect();
    let suggested = segments.join(".");
    let help = if id.value.len() > MAX_NAME_BYTES {
        format!("at most {MAX_NAME_BYTES} bytes")
    } else if suggested.split('.').all(is_kebab) {
        format!("lower-case words joined by `-`, segments by `.`: `{suggested}`")
    } else {
        "lower-case words joined by `-`, segments by `.`: `pricing.eligibility-check`".into()
    };
    errors.push(error.help(help));
}

/// A semantic version.
pub(crate) fn check_version(version: &Text, code: &'static str, key: &str, errors: &mut Vec<Diagnostic>) {
    if let Err(error) = semver::Version::parse(&version.value) {
        errors.push(
            Diagnostic::error(code, format!("`{key}` is not a semantic version: {error}"))
                .at(version.span, "")
                .help("write three numbers: `1.2.0`"),
        );
    }
}

/// A single kebab-case name.
pub(crate) fn check_kebab(name: &Text, code: &'static str, what: &str, errors: &mut Vec<Diagnostic>) {
    if is_kebab(&name.value) && name.value.len() <= MAX_NAME_BYTES {
        return;
    }
    let suggested = to_kebab(&name.value);
    let help = if is_kebab(&suggested) && suggested.len() <= MAX_NAME_BYTES {
        format!("write `{suggested}`")
    } else {
        "write it like `cart-not-empty`".into()
    };
    errors.push(
        Diagnostic::error(code, format!("{what} is lower-case words joined by `-`, found `{}`", name.value))
            .at(name.span, "")
            .help(help),
    );
}

/// `[a-z][a-z0-9]*(-[a-z0-9]+)*`
pub(crate) fn is_kebab(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.split('-').all(|word| {
            !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        })
}

/// `[A-Z][A-Za-z0-9]*`, and no word that Rust keeps for itself.
pub(crate) fn is_upper_camel(name: &str) -> bool {
    name.len() <= MAX_NAME_BYTES
        && name != "Self"
        && name.starts_with(|first: char| first.is_ascii_uppercase())
        && name.chars().all(|c| c.is_ascii_alphanumeric())
}

fn to_kebab(name: &str) -> String {
    let mut kebab = String::new();
    for character in name.chars() {
        if character.is_ascii_uppercase() {
            if !kebab.is_empty() && !kebab.ends_with('-') {
                kebab.push('-');
            }
            kebab.push(character.to_ascii_lowercase());
        } else if character.is_ascii_alphanumeric() {
            kebab.push(character);
        } else if !kebab.is_empty() && !kebab.ends_with('-') {
            kebab.push('-');
        }
    }
    kebab.trim_end_matches('-').to_owned()
}

/// The name in UpperCamelCase, if one can be made of it.
pub(crate) fn to_upper_camel(name: &str) -> Option<String> {
    let camel: String = name
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter_map(|word| {
            let first = word.chars().next()?;
            Some(format!("{}{}", first.to_ascii_uppercase(), &word[first.len_utf8()..]))
        })
        .collect();
    is_upper_camel(&camel).then_some(camel)
}
