//! TOML text → [`Node`] tree, with bounds on size, nesting and numbers, so that no file can exhaust the reader.

use super::Text;
use super::literal;
use super::node::{Entry, MAX_DEPTH, MAX_INTEGER, Node, NodeValue};
use super::section::{Codes, MAX_ERRORS};
use crate::diagnostic::{Diagnostic, Source, Span};
use ::toml::Spanned;
use ::toml::de::{DeTable, DeValue};

/// The largest file that is read, in bytes.
pub(crate) const MAX_FILE_BYTES: usize = 1 << 20;

/// A file that is no TOML reports this many errors at most.
const MAX_SYNTAX_ERRORS: usize = 20;

/// Above this estimate the TOML parser is not asked: it would build, and have to take down, a tree that is deeper
/// than a small stack allows (dotted keys inside inline tables multiply). Far above [`MAX_DEPTH`], which is exact.
const MAX_ESTIMATED_DEPTH: usize = 256;

/// Reads a whole file; the tree's root is a table.
///
/// # Errors
///
/// Every syntax error that the parser recovers from, or every value that has no JSON form.
pub(crate) fn read(source: &Source, codes: &Codes) -> Result<Node, Vec<Diagnostic>> {
    read_up_to(source, codes, MAX_FILE_BYTES)
}

/// [`read`] of a file that may have so many bytes.
///
/// # Errors
///
/// As there.
pub(crate) fn read_up_to(source: &Source, codes: &Codes, max_bytes: usize) -> Result<Node, Vec<Diagnostic>> {
    if source.text.len() > max_bytes {
        return Err(vec![Diagnostic::error(
            codes.too_large,
            format!("`{}` is larger than {max_bytes} bytes", source.name),
        )]);
    }
    if let Some(offset) = too_deep(&source.text) {
        return Err(vec![nesting_error(Span::new(offset, offset + 1), codes)]);
    }
    let (table, errors) = DeTable::parse_recoverable(&source.text);
    if !errors.is_empty() {
        return Err(syntax_errors(&errors, &table.into_inner(), source, codes));
    }
    let mut reader = Reader { text: &source.text, codes, errors: Vec::new() };
    let root = Node { value: reader.table(table.into_inner(), 1), span: Span::default() };
    if reader.errors.is_empty() {
        return Ok(root);
    }
    reader.errors.sort_by_key(place);
    Err(reader.errors)
}

/// Where an error stands; the tree is not walked in the order of the file.
fn place(diagnostic: &Diagnostic) -> usize {
    diagnostic.label.as_ref().map_or(0, |(span, _)| span.start)
}

/// The errors of the first lines that have one: the parser stumbles over the rest of a line, so the first report of
/// each says enough.
fn syntax_errors(
    errors: &[::toml::de::Error],
    read: &DeTable<'_>,
    source: &Source,
    codes: &Codes,
) -> Vec<Diagnostic> {
    let mut lines = std::collections::HashSet::new();
    let mut found: Vec<Diagnostic> = Vec::new();
    for error in errors.iter().take(MAX_ERRORS) {
        let mut diagnostic = Diagnostic::error(codes.syntax, format!("not valid TOML: {}", error.message()));
        let mut line = 0;
        if let Some(span) = error.span() {
            diagnostic = diagnostic.at(Span::new(span.start, span.end), "");
            line = source.line_and_column(span.start).0;
            if error.message() == "duplicate key" {
                match duplicate_key(diagnostic, span, read, &source.text) {
                    Some(explained) => diagnostic = explained,
                    None => continue,
                }
            }
        }
        if lines.insert(line) && lines.len() <= MAX_SYNTAX_ERRORS {
            found.push(diagnostic);
        }
    }
    found.sort_by_key(place);
    found
}

/// Names a key or section that stands twice, and shows where it stood first, if that is plain from the text. `None` if
/// the key is a duplicate only because its section is.
fn duplicate_key(
    mut diagnostic: Diagnostic,
    span: std::ops::Range<usize>,
    read: &DeTable<'_>,
    text: &str,
) -> Option<Diagnostic> {
    let Some(name) = text.get(span.clone()) else { return Some(diagnostic) };
    // From the start of its line to the key: nothing, `[`, or a header's first words.
    let lead = |at: usize| text[text[..at].rfind('\n').map_or(0, |newline| newline + 1)..at].trim_start();
    if lead(span.start).starts_with('[') {
        let header = format!("{}{name}]", lead(span.start));
        if let Some(first) = first_line(&text[..span.start], &header) {
            diagnostic.message = format!("not valid TOML: the section `{header}` stands twice");
            diagnostic = diagnostic
                .also(Span::new(first, first + header.len()), "first here")
                .help(format!("write the keys of both under one `{header}`"));
        } else {
            diagnostic.message = format!("{} `{name}`", diagnostic.message);
        }
        return Some(diagnostic);
    }
    diagnostic.message = format!("{} `{name}`", diagnostic.message);
    let mut keys = Vec::new();
    places_of(name, text, read, MAX_ESTIMATED_DEPTH, &mut keys);
    keys.sort_by_key(|key| key.start);
    let first = keys.into_iter().filter(|key| key.end <= span.start).find(|key| {
        let between = &text[key.end..span.start];
        let count = |wanted: char| between.matches(wanted).count();
        // In the same table: no header, and no bracket that is not closed, between the two.
        count('[') == count(']')
            && count('{') == count('}')
            && !between.lines().any(|line| line.trim_start().starts_with('['))
            && !lead(key.start).ends_with('.')
            && !text[key.end..].trim_start().starts_with('.')
    });
    if let Some(first) = first {
        let first = Span::new(first.start, first.end);
        return Some(diagnostic.also(first, "first here").help("remove one of the two, or make them one"));
    }
    let header = text[..span.start].lines().rev().map(str::trim).find(|line| line.starts_with('['));
    let again = header.filter(|header| !header.starts_with("[["));
    let repeated = again.is_some_and(|header| {
        text[..span.start].lines().filter(|line| line.trim() == header).take(2).count() == 2
    });
    (!repeated).then_some(diagnostic)
}

/// The offset of the first line that begins with `header`.
fn first_line(text: &str, header: &str) -> Option<usize> {
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let indent = line.len() - line.trim_start().len();
        if line[indent..].starts_with(header) {
            return Some(offset + indent);
        }
        offset += line.len();
    }
    None
}

/// Where a key of this spelling stands.
fn places_of(
    name: &str,
    text: &str,
    table: &DeTable<'_>,
    depth: usize,
    found: &mut Vec<std::ops::Range<usize>>,
) {
    for (key, value) in table.iter() {
        if text.get(key.span()) == Some(name) {
            found.push(key.span());
        }
        let mut values = vec![value.get_ref()];
        let mut depth = depth;
        while depth > 0 && !values.is_empty() {
            depth -= 1;
            values = values
                .into_iter()
                .flat_map(|value| match value {
                    DeValue::Table(inner) => {
                        places_of(name, text, inner, depth, found);
                        Vec::new()
                    }
                    DeValue::Array(items) => items.iter().map(|item| item.get_ref()).collect(),
                    _ => Vec::new(),
                })
                .collect();
        }
    }
}

fn nesting_error(span: Span, codes: &Codes) -> Diagnostic {
    Diagnostic::error(codes.too_deep, format!("nested deeper than {MAX_DEPTH} levels")).at(span, "")
}

struct Reader<'s> {
    text: &'s str,
    codes: &'s Codes,
    errors: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn node(&mut self, spanned: Spanned<DeValue<'_>>, depth: usize) -> Node {
        let range = spanned.span();
        let span = Span::new(range.start, range.end);
        let value = match spanned.into_inner() {
            DeValue::String(text) => NodeValue::String(self.string(&text, span)),
            DeValue::Boolean(truth) => NodeValue::Bool(truth),
            DeValue::Integer(integer) => match i64::from_str_radix(integer.as_str(), integer.radix()) {
                Ok(exact) if exact.unsigned_abs() <= MAX_INTEGER as u64 => NodeValue::Integer(exact),
                _ => self.number_error(span, "integers are kept within ±9007199254740991 (2^53 - 1)"),
            },
            DeValue::Float(float) => match float.as_str().parse::<f64>() {
                Ok(finite) if finite.is_finite() => NodeValue::Float(finite),
                _ => self.number_error(span, "JSON has no infinite number and no `nan`"),
            },
            DeValue::Datetime(_) => {
                let text = self.text.get(span.start..span.end).unwrap_or_default();
                self.errors.push(
                    Diagnostic::error(self.codes.wrong_type, "dates and times have no JSON form")
                        .at(span, "")
                        .help(format!("write it as a string: \"{}\"", text.trim())),
                );
                NodeValue::Null
            }
            DeValue::Array(items) if depth < MAX_DEPTH => {
                NodeValue::Array(items.into_iter().map(|item| self.node(item, depth + 1)).collect())
            }
            DeValue::Table(entries) if depth < MAX_DEPTH => self.table(entries, depth + 1),
            DeValue::Array(_) | DeValue::Table(_) => {
                self.errors.push(nesting_error(span, self.codes));
                NodeValue::Null
            }
        };
        Node { value, span }
    }

    fn table(&mut self, table: DeTable<'_>, depth: usize) -> NodeValue {
        let mut entries: Vec<Entry> = table
            .into_iter()
            .map(|(key, value)| {
                let range = key.span();
                let key = Text {
                    value: key.into_inner().into_owned(),
                    span: Span::new(range.start, range.end),
                    offsets: Vec::new(),
                };
                Entry { key, value: self.node(value, depth) }
            })
            .collect();
        entries.sort_by_key(|entry| entry.key.span.start);
        NodeValue::Table(entries)
    }

    fn string(&self, text: &str, span: Span) -> Text {
        match self.text.get(span.start..span.end).and_then(|raw| literal::decode(raw, span.start)) {
            Some((value, offsets)) if value == text || value == text.replace("\r\n", "\n") => {
                Text { value, span, offsets }
            }
            _ => Text { value: text.to_owned(), span, offsets: Vec::new() },
        }
    }

    fn number_error(&mut self, span: Span, note: &str) -> NodeValue {
        self.errors.push(
            Diagnostic::error(self.codes.number, "number out of range").at(span, "").note(note.to_owned()),
        );
        NodeValue::Null
    }
}

/// The place where an upper estimate of the nesting (brackets and dots, outside strings and comments) passes
/// [`MAX_ESTIMATED_DEPTH`].
fn too_deep(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    // Dots of the header in force, and for each open bracket the dots of the key being read inside it.
    let mut header = 0usize;
    let mut open: Vec<usize> = Vec::new();
    let mut dots = 0usize;
    let mut total = 0usize;
    let mut in_header = false;
    let mut line_is_empty = true;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let was_empty = line_is_empty;
        line_is_empty &= matches!(byte, b' ' | b'\t' | b'\r');
        match byte {
            b'"' | b'\'' => {
                at = skip_string(bytes, at);
                continue;
            }
            b'#' => {
                at += bytes[at..].iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len() - at);
                continue;
            }
            b'\n' => {
                line_is_empty = true;
                if open.is_empty() {
                    if in_header {
                        header = dots + 1;
                        in_header = false;
                    }
                    total = 0;
                    dots = 0;
                }
            }
            b'[' if was_empty && open.is_empty() => in_header = true,
            b'[' | b'{' if !in_header => {
                total += dots + 1;
                open.push(dots);
                dots = 0;
            }
            b']' | b'}' if !in_header => {
                dots = open.pop().unwrap_or_default();
                total = total.saturating_sub(dots + 1);
            }
            b',' => dots = 0,
            b'.' => dots += 1,
            _ => {}
        }
        if header + total + dots > MAX_ESTIMATED_DEPTH {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// The offset after the string that starts at `at`; an unclosed one ends with its line (the parser will say so).
fn skip_string(bytes: &[u8], at: usize) -> usize {
    let quote = bytes[at];
    let fence = [quote; 3];
    let multi_line = bytes[at..].starts_with(&fence);
    let mut at = at + if multi_line { 3 } else { 1 };
    while let Some(&byte) = bytes.get(at) {
        if byte == b'\\' && quote == b'"' {
            at += 2;
        } else if multi_line && bytes[at..].starts_with(&fence) {
            at += 3;
            // Up to two more quotes belong to the string.
            return at + bytes[at..].iter().take(2).take_while(|byte| **byte == quote).count();
        } else if !multi_line && byte == quote {
            return at + 1;
        } else if !multi_line && byte == b'\n' {
            return at;
        } else {
            at += 1;
        }
    }
    bytes.len()
}
