//! Reads `cases/*.json`. Whatever is wrong in a file is said with file, line and column.

use super::{Case, FOLDER};
use crate::error::CommandError;
use crate::project::Project;
use serde::de::{
    Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer,
};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::fmt;
use std::io::ErrorKind;
use traverse_contract::outcome::{FoundBy, ViolationKind};
use traverse_contract::{Diagnostic, Source, Span};

/// Reads every case of the package, in the order of file names.
///
/// # Errors
/// `cases-missing` where there is none, `cases-unreadable`, and `cases-invalid` with a diagnostic for every file that
/// is no case file.
pub(crate) fn read_cases(project: &Project) -> Result<Vec<Case>, CommandError> {
    let names = file_names(project)?;
    let mut cases = Vec::new();
    let mut broken: Vec<(Source, Diagnostic)> = Vec::new();
    for name in &names {
        let relative = format!("{FOLDER}/{name}");
        let source = project.read(&relative)?;
        match parse_file(&relative, &source) {
            Ok(found) => cases.extend(found),
            Err(diagnostic) => broken.push((source, *diagnostic)),
        }
    }
    if !broken.is_empty() {
        let message = match broken.len() {
            1 => "a case file is broken".to_owned(),
            count => format!("{count} case files are broken"),
        };
        let mut error = CommandError::new("cases-invalid", message);
        error.diagnostics = broken;
        return Err(error);
    }
    if cases.is_empty() {
        return Err(CommandError::new("cases-missing", format!("there are no cases in `{FOLDER}`"))
            .note("a package without a case has proved nothing, so this is not a success")
            .help(format!(
                "write {FOLDER}/first.json: {{\"input\": …, \"expect\": {{\"outcome\": \"result\", \"result\": …}}}}"
            )));
    }
    Ok(cases)
}

/// The `.json` files of the folder, sorted. A missing folder is an empty one.
fn file_names(project: &Project) -> Result<Vec<String>, CommandError> {
    let folder = project.path(FOLDER);
    let unreadable = |error: &std::io::Error| CommandError::io("cases-unreadable", "read", &folder, error);
    let entries = match std::fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(&error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| unreadable(&error))?;
        let Ok(name) = entry.file_name().into_string() else {
            return Err(CommandError::new(
                "cases-unreadable",
                format!("the name of `{}` is not UTF-8", entry.path().display()),
            ));
        };
        if name.ends_with(".json") && !name.starts_with('.') {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

/// Reads one file: a case, or an array of cases.
fn parse_file(relative: &str, source: &Source) -> Result<Vec<Case>, Box<Diagnostic>> {
    let file: CaseFile =
        serde_json::from_str(&source.text).map_err(|error| Box::new(junk(source, &error)))?;
    let stem = relative.strip_prefix(FOLDER).unwrap_or(relative).trim_start_matches('/');
    let stem = stem.strip_suffix(".json").unwrap_or(stem);
    let alone = !file.array;
    let cases = file.cases.into_iter().enumerate().map(|(index, case)| Case {
        name: match case.name {
            Some(name) => format!("{stem}: {name}"),
            None if alone => stem.to_owned(),
            None => format!("{stem}: {index}"),
        },
        file: relative.to_owned(),
        input: case.input.get().to_owned(),
        expect: Value::Object(case.expect.0),
    });
    Ok(cases.collect())
}

/// What serde_json says, at the place that it names.
fn junk(source: &Source, error: &serde_json::Error) -> Diagnostic {
    let text = error.to_string();
    let message = text.split(" at line ").next().unwrap_or(&text);
    let mut diagnostic = Diagnostic::error("case-invalid", message.to_owned());
    if error.line() > 0 {
        let line_start: usize =
            source.text.split_inclusive('\n').take(error.line() - 1).map(str::len).sum::<usize>();
        // serde_json counts the bytes that it has read of the line; the last one read is the place.
        let mut at = (line_start + error.column().saturating_sub(1)).min(source.text.len());
        while !source.text.is_char_boundary(at) {
            at -= 1;
        }
        let end = at + source.text[at..].chars().next().map_or(0, char::len_utf8);
        diagnostic = diagnostic.at(Span::new(string_start(&source.text, at).unwrap_or(at), end), "");
    }
    if error.is_data() {
        diagnostic = diagnostic.help(
            "a case is {\"name\": optional, \"input\": …, \"expect\": {\"outcome\": \"result\", \"result\": …}}, a \
             file holds one case or an array of them; `cargo traverse test --help` shows one of each outcome",
        );
    }
    diagnostic
}

/// Where the string starts that ends at `end`, if it is a plain one: the whole of it is the place, not its last quote.
fn string_start(text: &str, end: usize) -> Option<usize> {
    let (before, last) = text.split_at_checked(end)?;
    let start = before.rfind(['"', '\\', '\n'])?;
    (last.starts_with('"') && before[start..].starts_with('"')).then_some(start)
}

#[derive(Debug)]
struct CaseFile {
    cases: Vec<CaseText>,
    array: bool,
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields, expecting = "a case, an object")]
struct CaseText {
    name: Option<String>,
    input: Box<RawValue>,
    expect: Expect,
}

/// A part of an outcome's document, checked.
#[derive(Debug)]
struct Expect(Map<String, Value>);

// By hand, because serde's untagged enums forget where in the file they were.
impl<'de> Deserialize<'de> for CaseFile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FileVisitor;
        impl<'de> Visitor<'de> for FileVisitor {
            type Value = CaseFile;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a case or an array of cases")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<CaseFile, A::Error> {
                let case = CaseText::deserialize(MapAccessDeserializer::new(map))?;
                Ok(CaseFile { cases: vec![case], array: false })
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<CaseFile, A::Error> {
                let mut cases = Vec::new();
                while let Some(case) = seq.next_element()? {
                    cases.push(case);
                }
                Ok(CaseFile { cases, array: true })
            }
        }
        deserializer.deserialize_any(FileVisitor)
    }
}

impl<'de> Deserialize<'de> for Expect {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ExpectVisitor;
        impl<'de> Visitor<'de> for ExpectVisitor {
            type Value = Expect;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object with `outcome`")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Expect, A::Error> {
                let mut fields = Map::new();
                while let Some(key) = map.next_key::<String>()? {
                    check_known("expect", &key, EXPECT_KEYS).map_err(A::Error::custom)?;
                    if fields.contains_key(&key) {
                        return Err(A::Error::custom(format!("`{key}` stands here twice")));
                    }
                    let value: Value = map.next_value()?;
                    let value = check_value(&key, value).map_err(A::Error::custom)?;
                    fields.insert(key, value);
                }
                check_together(&fields).map_err(A::Error::custom)?;
                Ok(Expect(fields))
            }
        }
        deserializer.deserialize_map(ExpectVisitor)
    }
}

const EXPECT_KEYS: &[&str] =
    &["outcome", "result", "name", "message", "details", "at", "clause", "observed", "found_by"];
const CLAUSE_KEYS: &[&str] = &["kind", "index", "id", "rule"];

/// What each outcome's document may hold besides `outcome`, and what an expectation of it must.
fn fields_of(outcome: &str) -> Option<(&'static [&'static str], &'static [&'static str])> {
    Some(match outcome {
        "result" => (&["result"], &["result"]),
        "exception" => (&["name", "message", "details"], &["name"]),
        "rejected" => (&["at", "message"], &[]),
        "violation" => (&["clause", "observed", "message", "found_by"], &["clause"]),
        "undeclared" => (&["message"], &[]),
        _ => return None,
    })
}

fn check_known(place: &str, key: &str, known: &[&str]) -> Result<(), String> {
    if known.contains(&key) {
        return Ok(());
    }
    Err(format!("unknown field `{key}` in `{place}`, expected one of {}", quoted(known)))
}

/// The value of one key of `expect` is of the right kind; `rejection` becomes `rejected`.
fn check_value(key: &str, value: Value) -> Result<Value, String> {
    match (key, &value) {
        ("result" | "details", _) => Ok(value),
        ("outcome", Value::String(name)) if name == "rejection" => Ok(Value::String("rejected".to_owned())),
        ("outcome", Value::String(name)) if fields_of(name).is_some() => Ok(value),
        ("outcome", _) => Err(format!(
            "`outcome` must be one of {}",
            quoted(&["result", "exception", "violation", "rejected", "undeclared"])
        )),
        ("name" | "message" | "at", Value::String(_)) => Ok(value),
        ("name" | "message" | "at", _) => Err(format!("`{key}` must be a string")),
        ("observed", Value::Object(_)) => Ok(value),
        ("observed", _) => Err("`observed` must be an object".to_owned()),
        ("found_by", _) => match serde_json::from_value::<FoundBy>(value.clone()) {
            Ok(_) => Ok(value),
            Err(_) => Err(format!("`found_by` must be one of {}", quoted(&["guest", "host"]))),
        },
        (_, Value::Object(clause)) => {
            for (key, value) in clause {
                check_known("clause", key, CLAUSE_KEYS)?;
                check_clause_value(key, value)?;
            }
            if !clause.contains_key("kind") {
                return Err("missing field `kind` in `clause`".to_owned());
            }
            Ok(value)
        }
        _ => {
            Err("`clause` must be an object, for example {\"kind\": \"precondition\", \"index\": 0}"
                .to_owned())
        }
    }
}

fn check_clause_value(key: &str, value: &Value) -> Result<(), String> {
    match key {
        "kind" if serde_json::from_value::<ViolationKind>(value.clone()).is_ok() => Ok(()),
        "kind" => Err(format!(
            "`kind` must be one of {}",
            quoted(&["precondition", "postcondition", "output-schema", "invariant"])
        )),
        "index" if value.is_u64() => Ok(()),
        "index" => Err("`index` must be a whole number from 0".to_owned()),
        _ if value.is_string() => Ok(()),
        _ => Err(format!("`{key}` must be a string")),
    }
}

/// The keys of `expect` go together.
fn check_together(fields: &Map<String, Value>) -> Result<(), String> {
    let Some(outcome) = fields.get("outcome").and_then(Value::as_str) else {
        return Err("missing field `outcome` in `expect`".to_owned());
    };
    let (allowed, needed) = fields_of(outcome).unwrap_or((&[], &[]));
    for key in fields.keys().filter(|key| *key != "outcome") {
        if !allowed.contains(&key.as_str()) {
            return Err(format!(
                "`{key}` does not go with the outcome `{outcome}`, which has {}",
                quoted(allowed)
            ));
        }
    }
    for key in needed {
        if !fields.contains_key(*key) {
            return Err(format!("missing field `{key}` in `expect` of the outcome `{outcome}`"));
        }
    }
    Ok(())
}

fn quoted(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
