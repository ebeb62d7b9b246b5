//! Writes into case files: the outcome that a case came to, and new cases (spec TEST-10, TEST-24).

use super::file::parse_file;
use super::{Case, FOLDER, REGRESSIONS};
use crate::error::CommandError;
use crate::project::Project;
use crate::write::write_named;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use traverse_contract::canonical;

/// A longer value is written over several lines.
const LINE_CHARS: usize = 110;

/// Writes what each case was found to end in where its file says, or should say, what is expected.
///
/// # Errors
/// `cases-unwritable`; files before the one that failed are written.
pub(crate) fn outcomes(project: &Project, found: &[(&Case, Value)]) -> Result<(), CommandError> {
    let mut files: BTreeMap<&str, Vec<&(&Case, Value)>> = BTreeMap::new();
    for one in found {
        files.entry(&one.0.file).or_default().push(one);
    }
    for (file, mut changes) in files {
        // From the end of the file to its beginning, so that places stay what they are.
        changes.sort_by_key(|(case, _)| std::cmp::Reverse(case.place.start));
        // The inputs of one case have one expectation.
        changes.dedup_by_key(|(case, _)| case.place.start);
        let mut source = project.read(file)?;
        if changes.iter().any(|(case, _)| *case.text != source.text) {
            return Err(CommandError::new("cases-changed", format!("`{file}` was changed during the test"))
                .help("test again; it is as you left it"));
        }
        let ends_lines_with = if source.text.contains("\r\n") { "\r\n" } else { "\n" };
        for (case, outcome) in changes {
            let place = case.place;
            let indent = indent_at(&source.text, place.start);
            let mut written = spelled(outcome, &indent);
            if !place.written {
                written = format!(",\n{indent}\"expect\": {written}");
            }
            source.text.replace_range(place.start..place.end, &written.replace('\n', ends_lines_with));
        }
        // Nobody's cases are lost to a mistake here.
        if parse_file(file, &source, false).is_err() {
            return Err(CommandError::new(
                "cases-not-accepted",
                format!("`{file}` would be no case file then"),
            )
            .help("write `expect` by hand; nothing was written"));
        }
        write(project, file, &source.text)?;
    }
    Ok(())
}

/// What a case should expect that came to `outcome`, in the words of the outcome that say what happened.
pub(crate) fn expectation(outcome: &Value) -> Value {
    let Value::Object(fields) = outcome else { return outcome.clone() };
    let kept = |(name, value): (&String, &Value)| match name.as_str() {
        "observed" | "found_by" => None,
        "clause" => {
            let mut clause = value.clone();
            if let Some(clause) = clause.as_object_mut() {
                clause.shift_remove("rule");
            }
            Some((name.clone(), clause))
        }
        "message" if fields.get("outcome").is_some_and(|outcome| outcome == "violation") => None,
        _ => Some((name.clone(), value.clone())),
    };
    Value::Object(fields.iter().filter_map(kept).collect::<Map<_, _>>())
}

/// The case that holds the contract against an input, as text.
pub(crate) fn holding(input: &Value, note: &str) -> String {
    let case = json!({"note": note, "input": input, "expect": {"outcome": "holds"}});
    let mut text = spelled(&case, "");
    text.push('\n');
    text
}

/// Keeps an input as a regression; its file, by its path in the package.
///
/// # Errors
/// `cases-unwritable`.
pub(crate) fn regression(
    project: &Project,
    what: &str,
    input: &Value,
    note: &str,
) -> Result<String, CommandError> {
    let digest = canonical::sha256(canonical::canonical(input).as_bytes());
    let short: String = digest.trim_start_matches("sha256:").chars().take(8).collect();
    let what: String = what
        .chars()
        .map(|at| if at.is_ascii_alphanumeric() { at.to_ascii_lowercase() } else { '-' })
        .collect::<String>()
        .split('-')
        .filter(|part| !part.is_empty())
        .take(6)
        .collect::<Vec<_>>()
        .join("-");
    let file = format!("{FOLDER}/{REGRESSIONS}/{what}-{short}.json");
    // What leads out of the package is not read, and so not written.
    for inner in [FOLDER.to_owned(), format!("{FOLDER}/{REGRESSIONS}")] {
        let folder = project.path(&inner);
        if folder.symlink_metadata().is_ok() {
            project
                .inside(&inner)?
                .map_err(|error| CommandError::io("cases-unwritable", "write in", &folder, &error))?;
        }
    }
    let folder = project.path(&format!("{FOLDER}/{REGRESSIONS}"));
    std::fs::create_dir_all(&folder)
        .map_err(|error| CommandError::io("cases-unwritable", "make", &folder, &error))?;
    // One that is there may have words of its author's in it.
    if project.path(&file).symlink_metadata().is_ok() {
        return Ok(file);
    }
    write(project, &file, &holding(input, note))?;
    Ok(file)
}

fn write(project: &Project, file: &str, text: &str) -> Result<(), CommandError> {
    let path = project.path(file);
    write_named(&path, text.as_bytes())
        .map_err(|error| CommandError::io("cases-unwritable", "write", &path, &error))
}

/// The white space before the first name on the line of this place.
fn indent_at(text: &str, at: usize) -> String {
    let line = &text[text[..at].rfind('\n').map_or(0, |end| end + 1)..];
    let indent = line.chars().take_while(|at| matches!(at, ' ' | '\t' | '{' | '['));
    indent.map(|at| if at == '\t' { at } else { ' ' }).collect()
}

/// A value with a space behind every colon and comma, over several lines if it is long.
pub(crate) fn spelled(value: &Value, indent: &str) -> String {
    let line = on_a_line(value);
    if indent.chars().count() + line.chars().count() <= LINE_CHARS {
        return line;
    }
    let inner = format!("{indent}  ");
    let lines = |parts: Vec<String>, open: char, close: char| {
        let parts = parts.join(&format!(",\n{inner}"));
        format!("{open}\n{inner}{parts}\n{indent}{close}")
    };
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            let part = |(name, value): (&String, &Value)| {
                format!("{}: {}", Value::from(name.as_str()), spelled(value, &inner))
            };
            lines(fields.iter().map(part).collect(), '{', '}')
        }
        Value::Array(items) if !items.is_empty() => {
            lines(items.iter().map(|item| spelled(item, &inner)).collect(), '[', ']')
        }
        _ => line,
    }
}

fn on_a_line(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let part = |(name, value): (&String, &Value)| {
                format!("{}: {}", Value::from(name.as_str()), on_a_line(value))
            };
            format!("{{{}}}", fields.iter().map(part).collect::<Vec<_>>().join(", "))
        }
        Value::Array(items) => {
            format!("[{}]", items.iter().map(on_a_line).collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}
