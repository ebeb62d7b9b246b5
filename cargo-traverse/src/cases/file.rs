//! Reads `cases/*.json` and `cases/regressions/*.json`. Whatever is wrong in a file is said with file, line and column.

use super::compare::{Comparison, Tolerance};
use super::expect::Expect;
use super::{Case, FOLDER, Place, REGRESSIONS};
use crate::error::CommandError;
use crate::project::Project;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer};
use serde_json::Value;
use serde_json::value::RawValue;
use std::fmt;
use std::io::ErrorKind;
use std::sync::Arc;
use traverse_contract::{Diagnostic, Source, Span};

/// Reads every case of the package, in the order of file names, regressions last. `may_lack`: a case without `expect` is one
/// that is to be completed.
///
/// # Errors
/// `cases-unreadable`, and `cases-invalid` with a diagnostic for every file that is no case file.
pub(crate) fn read_cases(project: &Project, may_lack: bool) -> Result<Vec<Case>, CommandError> {
    let mut cases = Vec::new();
    let mut broken: Vec<(Source, Diagnostic)> = Vec::new();
    for folder in [FOLDER.to_owned(), format!("{FOLDER}/{REGRESSIONS}")] {
        for name in file_names(project, &folder)? {
            let relative = format!("{folder}/{name}");
            let source = project.read(&relative)?;
            match parse_file(&relative, &source, may_lack) {
                Ok(found) => cases.extend(found),
                Err(diagnostic) => broken.push((source, *diagnostic)),
            }
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
    Ok(cases)
}

/// The `.json` files of a folder, sorted. A missing folder is an empty one.
fn file_names(project: &Project, folder: &str) -> Result<Vec<String>, CommandError> {
    let folder = project.path(folder);
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
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if name.ends_with(".json") && !name.starts_with('.') && !is_folder {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

/// Reads one file: a case, or an array of cases.
pub(super) fn parse_file(
    relative: &str,
    source: &Source,
    may_lack: bool,
) -> Result<Vec<Case>, Box<Diagnostic>> {
    let file: CaseFile<'_> =
        serde_json::from_str(&source.text).map_err(|error| Box::new(junk(source, 0, &error)))?;
    let stem = relative.strip_prefix(FOLDER).unwrap_or(relative).trim_start_matches('/');
    let stem = stem.strip_suffix(".json").unwrap_or(stem);
    let mut cases = Vec::new();
    let text: Arc<str> = source.text.as_str().into();
    for (index, case) in file.cases.iter().enumerate() {
        let name = match &case.name {
            Some(name) => format!("{stem}: {name}"),
            None if !file.array => stem.to_owned(),
            None => format!("{stem}: {index}"),
        };
        let inputs = case.inputs().map_err(|message| {
            let place = span_of(source, case.given());
            Box::new(Diagnostic::error("case-invalid", message).at(place, "").help(HELP))
        })?;
        let last_input = span_of(source, case.given());
        let (expect, place) = match case.expect {
            Some(raw) if raw.get() == "null" && may_lack => {
                let span = span_of(source, raw);
                (Value::Null, Place { start: span.start, end: span.end, written: true })
            }
            Some(raw) => {
                let span = span_of(source, raw);
                check_keys(raw, span)?;
                let expect: Expect = serde_json::from_str(raw.get())
                    .map_err(|error| Box::new(junk(source, span.start, &error)))?;
                (Value::Object(expect.0), Place { start: span.start, end: span.end, written: true })
            }
            None if may_lack => {
                (Value::Null, Place { start: last_input.end, end: last_input.end, written: false })
            }
            None => {
                return Err(Box::new(
                    Diagnostic::error("case-invalid", "missing field `expect`")
                        .at(last_input, "the case of this input")
                        .help(
                            "write it, or let `cargo traverse test --accept` record what the input comes to",
                        ),
                ));
            }
        };
        let comparison = comparison(source, case)?;
        let many = inputs.len() > 1;
        for (number, input) in inputs.into_iter().enumerate() {
            cases.push(Case {
                name: if many { format!("{name} [{number}]") } else { name.clone() },
                file: relative.to_owned(),
                line: source.line_and_column(span_of(source, input).start).0,
                input: input.get().to_owned(),
                expect: expect.clone(),
                comparison: comparison.clone(),
                place,
                text: text.clone(),
            });
        }
    }
    Ok(cases)
}

fn comparison(source: &Source, case: &CaseText<'_>) -> Result<Comparison, Box<Diagnostic>> {
    let Some(raw) = case.compare else { return Ok(Comparison::default()) };
    let span = span_of(source, raw);
    let text: CompareText =
        serde_json::from_str(raw.get()).map_err(|error| Box::new(junk(source, span.start, &error)))?;
    let invalid =
        |message: String| Box::new(Diagnostic::error("case-invalid", message).at(span, "").help(HELP));
    if let Some(pointer) = text.ignore.iter().find(|pointer| !pointer.starts_with('/')) {
        return Err(invalid(format!(
            "`{pointer}` is no JSON pointer into the outcome, such as `/result/id`"
        )));
    }
    if text.ignore.iter().any(|pointer| pointer == "/outcome" || pointer == "/*") {
        return Err(invalid("what happened, `/outcome`, cannot be ignored".to_owned()));
    }
    let tolerance = match text.tolerance {
        None => Tolerance::default(),
        Some(ToleranceText::Absolute(absolute)) => Tolerance { absolute, relative: 0.0 },
        Some(ToleranceText::Both { absolute, relative }) => Tolerance { absolute, relative },
    };
    if [tolerance.absolute, tolerance.relative].iter().any(|part| !(*part >= 0.0 && part.is_finite())) {
        return Err(invalid("`tolerance` must be a number from 0".to_owned()));
    }
    Ok(Comparison { subset: text.subset, ignore: text.ignore, tolerance })
}

/// No key stands twice, at any depth.
fn check_keys(raw: &RawValue, span: Span) -> Result<(), Box<Diagnostic>> {
    match traverse_contract::json::parse(raw.get().as_bytes()) {
        Err(rejection) if rejection.message.contains("duplicate key") => {
            let message = format!("{} at `{}` of `expect`", rejection.message, rejection.at);
            Err(Box::new(Diagnostic::error("case-invalid", message).at(span, "")))
        }
        _ => Ok(()),
    }
}

/// Where a part of the file stands in it.
fn span_of(source: &Source, part: &RawValue) -> Span {
    // It was borrowed from the text, but for the one that stands for nothing.
    let start = (part.get().as_ptr() as usize).wrapping_sub(source.text.as_ptr() as usize);
    match start.checked_add(part.get().len()) {
        Some(end) if end <= source.text.len() => Span::new(start, end),
        _ => Span::new(0, 0),
    }
}

const HELP: &str = "a case is {\"name\": optional, \"input\": …, \"expect\": {\"outcome\": \"result\", \"result\": …}}, a \
                    file holds one case or an array of them; `cargo traverse test --help` shows one of each outcome";

/// What serde_json says of the part of the file that begins at `base`, at the place that it names.
fn junk(source: &Source, base: usize, error: &serde_json::Error) -> Diagnostic {
    let text = error.to_string();
    let message = text.split(" at line ").next().unwrap_or(&text);
    let mut diagnostic = Diagnostic::error("case-invalid", message.to_owned());
    if error.line() > 0 {
        let line_start: usize =
            source.text[base..].split_inclusive('\n').take(error.line() - 1).map(str::len).sum::<usize>();
        // serde_json counts the bytes that it has read of the line; the last one read is the place.
        let mut at = (base + line_start + error.column().saturating_sub(1)).min(source.text.len());
        while !source.text.is_char_boundary(at) {
            at -= 1;
        }
        let end = at + source.text[at..].chars().next().map_or(0, char::len_utf8);
        diagnostic = diagnostic.at(Span::new(string_start(&source.text, at).unwrap_or(at), end), "");
    }
    if error.is_data() {
        diagnostic = diagnostic.help(HELP);
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
struct CaseFile<'a> {
    cases: Vec<CaseText<'a>>,
    array: bool,
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields, expecting = "a case, an object")]
struct CaseText<'a> {
    name: Option<String>,
    #[serde(borrow)]
    input: Option<&'a RawValue>,
    #[serde(borrow)]
    inputs: Option<&'a RawValue>,
    /// `null` is one that is there.
    #[serde(borrow, default, deserialize_with = "there")]
    expect: Option<&'a RawValue>,
    #[serde(borrow)]
    compare: Option<&'a RawValue>,
    /// Words for who reads the file.
    #[allow(dead_code)]
    note: Option<String>,
}

fn there<'de: 'a, 'a, D: Deserializer<'de>>(deserializer: D) -> Result<Option<&'a RawValue>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(Some)
}

impl<'a> CaseText<'a> {
    fn inputs(&self) -> Result<Vec<&'a RawValue>, &'static str> {
        match (self.input, self.inputs) {
            (Some(input), None) => Ok(vec![input]),
            (None, Some(inputs)) => match serde_json::from_str::<Vec<&RawValue>>(inputs.get()) {
                Ok(inputs) if inputs.is_empty() => Err("`inputs` is empty"),
                Ok(inputs) => Ok(inputs),
                Err(_) => Err("`inputs` must be an array"),
            },
            (Some(_), Some(_)) => Err("a case has `input` or `inputs`, not both"),
            (None, None) => Err("missing field `input`"),
        }
    }

    /// Input or inputs, or what else the case has.
    fn given(&self) -> &'a RawValue {
        self.input.or(self.inputs).or(self.expect).unwrap_or(RawValue::NULL)
    }
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields, expecting = "`compare`, an object")]
struct CompareText {
    #[serde(default)]
    subset: bool,
    #[serde(default)]
    ignore: Vec<String>,
    tolerance: Option<ToleranceText>,
}

#[derive(Debug, serde::Deserialize)]
#[serde(
    untagged,
    deny_unknown_fields,
    expecting = "`tolerance` must be a number, or {\"absolute\": …, \"relative\": …}"
)]
enum ToleranceText {
    Absolute(f64),
    Both {
        #[serde(default)]
        absolute: f64,
        #[serde(default)]
        relative: f64,
    },
}

// By hand, because serde's untagged enums forget where in the file they were.
impl<'de: 'a, 'a> Deserialize<'de> for CaseFile<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FileVisitor;
        impl<'de> Visitor<'de> for FileVisitor {
            type Value = CaseFile<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a case or an array of cases")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<CaseFile<'de>, A::Error> {
                let case = CaseText::deserialize(MapAccessDeserializer::new(map))?;
                Ok(CaseFile { cases: vec![case], array: false })
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<CaseFile<'de>, A::Error> {
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
