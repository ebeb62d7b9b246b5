//! What authors may write, and what Markdown makes of it.

use super::super::document::ContractDocument;
use super::{block, code, escaped, in_a_cell, line_start_escaped, render};
use traverse_contract::{Contract, Source};

/// A contract in which every free text is this one.
pub(in crate::reader) fn hostile(text: &str) -> ContractDocument {
    let string = toml_edit::Value::from(text).to_string();
    let line = toml_edit::Value::from(text.replace('\n', " ")).to_string();
    let text = format!(
        r##"[capability]
id = "a.b"
version = "1.0.0"
runtime = "wasm32-wasip1"
summary = {line}
description = {string}
owner = {string}
[input]
type = "object"
required = ["note"]
description = {string}
[input.properties]
note = {{ type = "string", enum = [{string}, "b"], title = {string}, description = {string} }}
[contract]
preconditions = [{{ rule = "note != 'b'", message = {string}, reason = {string} }}]
postconditions = ["result.ok is bool"]
exceptions = [{{ name = "No", message = {string} }}]
"##
    );
    let contract = Contract::from_toml(&Source { name: "spec".into(), text });
    ContractDocument::of(&contract.unwrap_or_else(|errors| panic!("{errors:#?}")))
}

// spec: CLI-93
#[test]
fn nothing_in_a_contract_becomes_markup() {
    let attack =
        "<script>alert(1)</script> [x](javascript:y) **b** | c\n\n# heading\n- item\n1. one\n```\nfence";
    // What a backslash stands before is no markup.
    let page = render(&hostile(attack)).replace("\\<", "");
    for forbidden in ["<script", "[x]", "**b**", "\n# heading", "\n- item", "\n1. one", "\n```\nfence"] {
        assert!(!page.contains(forbidden), "{forbidden} in\n{page}");
    }
    // Rows keep their cells: no line of a table has more bars than its head.
    for line in page.lines().filter(|line| line.starts_with("| `note`")) {
        let bars = line.replace("\\|", "").matches('|').count();
        assert_eq!(bars, 5, "{line}");
    }
    let steering = render(&hostile("a\u{1b}[2J\u{202e}b"));
    assert!(!steering.contains('\u{1b}') && !steering.contains('\u{202e}'), "{steering}");
}

#[test]
fn names_and_sources_stand_between_marks_that_hold() {
    assert_eq!(code("a"), "`a`");
    assert_eq!(code("a``b"), "```a``b```");
    assert_eq!(code("`"), "`` ` ``");
    assert_eq!(block("a == '```'"), "````text\na == '```'\n````\n");
    assert_eq!(in_a_cell("`a|b` c\\|d"), "`a\\|b` c\\|d");
    assert_eq!(escaped("a_b*"), "a\\_b\\*");
    assert_eq!(line_start_escaped("12. x"), "12\\. x");
    assert_eq!(line_start_escaped("- x"), "\\- x");
    assert_eq!(line_start_escaped("2 x"), "2 x");
}
