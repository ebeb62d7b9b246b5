use crate::diagnostic::{Diagnostic, Source, Span};

fn source(text: &str) -> Source {
    Source { name: "traverse.spec.toml".into(), text: text.into() }
}

fn span_of(text: &str, part: &str) -> Span {
    let start = text.find(part).expect("part of the text");
    Span::new(start, start + part.len())
}

// spec: DIAG-1
#[test]
fn sentence_place_and_help() {
    let text = "[capability]\n\n\n\n\n\n\n[contract]\npreconditons = [\"cart.total > 0\"]\n";
    let shown = Diagnostic::error("spec-unknown-key", "unknown key `preconditons` in `[contract]`")
        .at(span_of(text, "preconditons"), "not a key of this section")
        .help("did you mean `preconditions`?")
        .render(&source(text));
    assert_eq!(
        shown,
        "\
error[spec-unknown-key]: unknown key `preconditons` in `[contract]`
  --> traverse.spec.toml:9:1
   |
 9 | preconditons = [\"cart.total > 0\"]
   | ^^^^^^^^^^^^ not a key of this section
   = help: did you mean `preconditions`?"
    );
}

#[test]
fn further_places_notes_and_many_lines() {
    let mut text = "\n".repeat(8);
    text.push_str("id = 'a'\nid = 'b'\n");
    let first = span_of(&text, "'a'");
    let second = span_of(&text, "'b'");
    let shown = Diagnostic::warning("spec-duplicate-id", "two of one name")
        .at(second, "again")
        .also(first, "first here")
        .note("why")
        .help("one\ntwo")
        .render(&source(&text));
    assert_eq!(
        shown,
        "\
warning[spec-duplicate-id]: two of one name
   --> traverse.spec.toml:10:6
    |
 10 | id = 'b'
    |      ^^^ again
   ::: traverse.spec.toml:9:6
    |
  9 | id = 'a'
    |      ^^^ first here
    = note: why
    = help: one
            two"
    );
}

#[test]
fn no_place() {
    let shown =
        Diagnostic::error("manifest-missing", "no manifest").help("run it elsewhere").render(&source(""));
    assert_eq!(shown, "error[manifest-missing]: no manifest\n   = help: run it elsewhere");
}

// spec: DIAG-1
#[test]
fn columns_count_characters_and_tabs_keep_their_carets() {
    let text = "\tname = \"zähl\"";
    let shown = Diagnostic::error("x", "y").at(span_of(text, "hl"), "here").render(&source(text));
    assert!(shown.contains("spec.toml:1:12\n"), "{shown}");
    assert!(shown.ends_with(" 1 |     name = \"zähl\"\n   |               ^^ here"), "{shown}");
}

#[test]
fn a_place_past_the_end_or_inside_a_character_is_no_panic() {
    for span in [Span::new(900, 1000), Span::new(1, 1), Span::new(5, 2), Span::new(2, 9)] {
        let shown = Diagnostic::error("x", "y").at(span, "").render(&source("ä\nö\r\n"));
        assert!(shown.contains('^'), "{shown}");
    }
    Diagnostic::error("x", "y").at(Span::default(), "").render(&source(""));
}

// spec: DIAG-2
#[test]
fn a_long_line_is_cut_around_the_place() {
    let text = format!("{}HERE{}", "a".repeat(100_000), "b".repeat(100_000));
    let shown = Diagnostic::error("x", "y").at(span_of(&text, "HERE"), "").render(&source(&text));
    assert!(shown.len() < 600, "{}", shown.len());
    assert!(shown.contains("aHEREb"), "{shown}");
    let lines: Vec<&str> = shown.lines().collect();
    let column_of = |line: &str, part: &str| line.find(part).map(|at| line[..at].chars().count());
    assert_eq!(column_of(lines[3], "HERE"), column_of(lines[4], "^^^^"));
}

// spec: DIAG-2
#[test]
fn control_characters_are_shown_and_not_sent() {
    let text = "id = \"\u{1b}[31mred\u{202e}\"";
    let shown = Diagnostic::error("x", format!("bad {text}")).at(Span::new(0, 2), text).render(&source(text));
    assert!(!shown.contains('\u{1b}') && !shown.contains('\u{202e}'), "{shown}");
    assert!(shown.contains("\\u{1b}"), "{shown}");
}
