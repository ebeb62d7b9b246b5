//! What a project may be called: what cargo takes for a package and a binary, and no name that is in use beside it.

use crate::error::CommandError;
use crate::vendor;
use std::path::{Component, Path};

/// The longest name, in characters.
const MAX_LENGTH: usize = 64;

/// Keywords of Rust, those reserved included; a crate cannot be named so.
const KEYWORDS: [&str; 52] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop",
    "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static",
    "struct", "super", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual",
    "where", "while", "yield", "union",
];
/// Crates that come with the compiler.
const STANDARD: [&str; 5] = ["alloc", "core", "proc_macro", "proc-macro", "std"];
/// Names that cargo keeps for its own folders and for tests.
const CARGO: [&str; 5] = ["build", "deps", "examples", "incremental", "test"];
/// Names that no file may have on Windows.
const DEVICES: [&str; 22] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9",
    "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// The name that a folder gives its project: its last part.
///
/// # Errors
///
/// `bad-name` where the path has none, as `.` and `..`.
pub(super) fn of_folder(path: &Path) -> Result<String, CommandError> {
    match path.components().next_back() {
        Some(Component::Normal(name)) => Ok(name.to_string_lossy().into_owned()),
        _ => Err(bad(&path.display().to_string(), "names no folder to make")
            .help("give the project's name, for example `cargo traverse new eligibility`")),
    }
}

/// Checks a project's name.
///
/// # Errors
///
/// `bad-name`, with the reason and, where there is one near, a good name.
pub(super) fn check(name: &str) -> Result<(), CommandError> {
    let error = |reason: &str| Err(bad(name, reason).help(advice(name)));
    if name.is_empty() {
        return error("is empty");
    }
    if name.contains(['/', '\\']) {
        return error("is a path");
    }
    if name.chars().count() > MAX_LENGTH {
        return error("is longer than 64 characters");
    }
    if let Some(bad) = name.chars().find(|character| !is_allowed(*character)) {
        return error(&match bad {
            'A'..='Z' => "has an upper-case letter".to_owned(),
            other => format!("has the character `{}`", other.escape_debug()),
        });
    }
    if !name.starts_with(|first: char| first.is_ascii_lowercase()) {
        return error("does not begin with a letter");
    }
    for (names, reason) in [
        (&KEYWORDS[..], "is a keyword of Rust"),
        (&STANDARD[..], "is a crate of Rust's own"),
        (&CARGO[..], "is a name that cargo keeps for itself"),
        (&DEVICES[..], "is a name that Windows keeps for itself"),
        (&vendor::SDK_CRATES[..], "is the name of a crate that the project uses"),
    ] {
        if names.contains(&name) {
            return error(reason);
        }
    }
    Ok(())
}

/// Checks that no crate that the project depends on has its name.
///
/// # Errors
///
/// `bad-name`.
pub(super) fn check_dependencies(name: &str, files: &[vendor::ProjectFile]) -> Result<(), CommandError> {
    let lock = files.iter().find(|(path, _)| path == "Cargo.lock").map(|(_, content)| content.as_slice());
    let lock = String::from_utf8_lossy(lock.unwrap_or_default());
    if vendor::lock::package_names(&lock).filter(|package| *package == name).count() > 1 {
        return Err(bad(name, "is the name of a crate that the project uses").help(advice(name)));
    }
    Ok(())
}

fn bad(name: &str, reason: &str) -> CommandError {
    CommandError::new("bad-name", format!("`{name}` cannot be a project's name: it {reason}"))
}

fn advice(name: &str) -> String {
    let rule = "use lower-case letters, digits, `-` and `_`, beginning with a letter";
    match near(name) {
        Some(near) => format!("{rule}; for example `{near}`"),
        None => format!("{rule}; for example `eligibility-check`"),
    }
}

/// The name with what is not allowed taken out, if that is a good one.
fn near(name: &str) -> Option<String> {
    let mut near = String::new();
    for character in name.chars() {
        match character.to_ascii_lowercase() {
            good if is_allowed(good) => near.push(good),
            _ if !near.is_empty() && !near.ends_with('-') => near.push('-'),
            _ => {}
        }
    }
    let near = near
        .trim_matches(|edge: char| edge == '-' || edge == '_')
        .trim_start_matches(|c: char| !c.is_ascii_lowercase());
    let near = if near == name { format!("{near}-rule") } else { near.to_owned() };
    (near.len() > 1 && near != name && check_plain(&near)).then_some(near)
}

/// [`check`] without the advice, which would ask for advice again.
fn check_plain(name: &str) -> bool {
    name.chars().count() <= MAX_LENGTH
        && name.chars().all(is_allowed)
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && ![&KEYWORDS[..], &STANDARD, &CARGO, &DEVICES, &vendor::SDK_CRATES]
            .iter()
            .any(|names| names.contains(&name))
}

fn is_allowed(character: char) -> bool {
    character.is_ascii_lowercase() || character.is_ascii_digit() || character == '-' || character == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(name: &str) -> (String, String) {
        let error = check(name).unwrap_err();
        assert_eq!(error.code, "bad-name");
        (error.message, error.help.unwrap())
    }

    #[test]
    fn good_names() {
        for name in ["eligibility", "iban-check", "rule_2", "a", "x9"] {
            assert!(check(name).is_ok(), "{name}");
        }
    }

    /// spec: PKG-40
    #[test]
    fn each_bad_name_says_why() {
        for (name, reason) in [
            ("", "it is empty"),
            ("a/b", "it is a path"),
            ("..\\up", "it is a path"),
            ("Eligibility", "it has an upper-case letter"),
            ("my rule", "it has the character ` `"),
            ("naïve", "it has the character `ï`"),
            ("rule\n", "it has the character `\\n`"),
            (".hidden", "it has the character `.`"),
            ("9lives", "it does not begin with a letter"),
            ("-rule", "it does not begin with a letter"),
            ("match", "it is a keyword of Rust"),
            ("test", "it is a name that cargo keeps for itself"),
            ("std", "it is a crate of Rust's own"),
            ("nul", "it is a name that Windows keeps for itself"),
            ("traverse-sdk", "it is the name of a crate that the project uses"),
        ] {
            let (message, _) = said(name);
            assert_eq!(message, format!("`{name}` cannot be a project's name: {reason}"));
        }
        assert!(said(&"a".repeat(65)).0.ends_with("it is longer than 64 characters"));
    }

    #[test]
    fn a_near_name_is_offered() {
        for (name, near) in [
            ("Eligibility", "eligibility"),
            ("my rule!", "my-rule"),
            ("9lives", "lives"),
            ("test", "test-rule"),
        ] {
            assert!(said(name).1.ends_with(&format!("for example `{near}`")), "{}", said(name).1);
        }
    }

    #[test]
    fn a_folder_names_its_project() {
        assert_eq!(of_folder(Path::new("rules/iban-check/")).unwrap(), "iban-check");
        assert_eq!(of_folder(Path::new("..")).unwrap_err().code, "bad-name");
        assert_eq!(of_folder(Path::new("/")).unwrap_err().code, "bad-name");
    }
}
