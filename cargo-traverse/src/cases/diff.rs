//! Shows how an outcome differs from what was expected, line by line.

use super::compare::spelled;
use serde_json::{Map, Value};
use similar::{ChangeTag, TextDiff};

/// How far from a change lines are shown.
const CONTEXT_LINES: usize = 4;

/// One line of a difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DiffLine {
    /// `-` expected and not found, `+` found and not expected, ` ` in both.
    pub(crate) sign: char,
    /// The line, without its end.
    pub(crate) text: String,
}

/// The lines of both values as pretty JSON, spelled alike, that lie near a difference; empty where there is none.
pub(crate) fn lines(expected: &Value, found: &Value) -> Vec<DiffLine> {
    let expected = pretty(expected);
    let found = pretty(found);
    let diff = TextDiff::from_lines(&expected, &found);
    let mut lines = Vec::new();
    for (index, group) in diff.grouped_ops(CONTEXT_LINES).iter().enumerate() {
        if index > 0 {
            lines.push(DiffLine { sign: ' ', text: "…".to_owned() });
        }
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let sign = match change.tag() {
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
                ChangeTag::Equal => ' ',
            };
            lines.push(DiffLine { sign, text: change.value().trim_end_matches('\n').to_owned() });
        }
    }
    lines
}

fn pretty(value: &Value) -> String {
    // Values always serialize.
    let mut text = serde_json::to_string_pretty(&outcome_first(spelled(value))).unwrap_or_default();
    text.push('\n');
    text
}

/// What happened is read first; the other fields stay sorted.
fn outcome_first(value: Value) -> Value {
    let Value::Object(mut fields) = value else { return value };
    let mut first = Map::new();
    if let Some((key, outcome)) = fields.shift_remove_entry("outcome") {
        first.insert(key, outcome);
    }
    first.extend(fields);
    Value::Object(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    // spec: TEST-8
    #[test]
    fn shows_what_was_expected_and_what_was_found() {
        let lines = lines(&json!({"eligible": true, "n": 1}), &json!({"n": 1.0, "eligible": false}));
        let text: Vec<String> = lines.iter().map(|line| format!("{}{}", line.sign, line.text)).collect();
        assert_eq!(text, [" {", "-  \"eligible\": true,", "+  \"eligible\": false,", "   \"n\": 1", " }"]);
    }

    #[test]
    fn shows_nothing_where_only_the_spelling_differs() {
        assert_eq!(lines(&json!({"a": 1, "b": 2}), &json!({"b": 2.0, "a": 1})), []);
    }
}
