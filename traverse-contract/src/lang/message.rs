//! Messages that insert values: `"total was {cart.total}"` (spec LANG-100 to LANG-104). `{{` and `}}` are braces.

use crate::diagnostic::{Diagnostic, Span};
use crate::lang::check::{Names, check_insertion, described};
use crate::lang::parser::parse;
use crate::lang::typed::{Type, TypedExpr};
use crate::pattern::Patterns;
use crate::schema::Schemas;
use crate::spec::Text;

/// An author's message, what it inserts checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// In the order of the text; no two texts follow each other.
    pub parts: Vec<MessagePart>,
}

/// A part of a message.
#[derive(Debug, Clone, PartialEq)]
pub enum MessagePart {
    /// As it stands, braces unescaped.
    Text(String),
    /// The value of an expression: a bool, a number or text, or null beside these. What it reads may be absent.
    Value(TypedExpr),
}

impl Message {
    /// The whole text, where nothing is inserted.
    pub fn plain(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [] => Some(""),
            [MessagePart::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// The expressions that are inserted.
    pub fn values(&self) -> impl Iterator<Item = &TypedExpr> {
        self.parts.iter().filter_map(|part| match part {
            MessagePart::Value(expr) => Some(expr),
            MessagePart::Text(_) => None,
        })
    }
}

/// The text of a message that inserts nothing, braces unescaped; `None` if it inserts something or cannot be read.
pub fn plain(text: &str) -> Option<String> {
    let pieces = split(text).ok()?;
    pieces.into_iter().map(|piece| if let Piece::Text(text) = piece { Some(text) } else { None }).collect()
}

/// Reads a message and checks what it inserts. Names are those that the clause itself may see, patterns those of its
/// contract.
///
/// # Errors
/// Everything that is wrong with it, with places in the file.
pub(crate) fn check_message(
    text: &Text,
    schemas: &Schemas,
    names: Names,
    patterns: &Patterns,
) -> Result<Message, Vec<Diagnostic>> {
    let pieces = split(&text.value).map_err(|found| vec![located(*found, text)])?;
    let mut errors = Vec::new();
    let mut parts = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Text(text) => parts.push(MessagePart::Text(text)),
            Piece::Value(span) => match check_value(&part_of(text, span), schemas, names, patterns) {
                Ok(expr) => parts.push(MessagePart::Value(expr)),
                Err(found) => errors.extend(found),
            },
        }
    }
    if errors.is_empty() { Ok(Message { parts }) } else { Err(errors) }
}

fn check_value(
    text: &Text,
    schemas: &Schemas,
    names: Names,
    patterns: &Patterns,
) -> Result<TypedExpr, Vec<Diagnostic>> {
    let whole = Span::new(0, text.value.len());
    if text.value.trim().is_empty() {
        let error = Diagnostic::error("lang-message", "nothing stands between `{` and `}`");
        let help = "write what to insert, `{cart.total}`, or `{{}}` for the two braces";
        return Err(vec![error.at(text.locate(whole), "").help(help)]);
    }
    let expr = parse(&text.value)
        .map_err(|found| found.into_iter().map(|error| or_brace(located(error, text))).collect::<Vec<_>>())?;
    let typed = check_insertion(&expr, text, schemas, names, patterns)?;
    if matches!(typed.ty.value(), Type::Bool | Type::Int | Type::Number | Type::String | Type::Enum(_)) {
        return Ok(typed);
    }
    let (shown, found) = (text.value.trim(), described(&typed.ty));
    let message = format!("a message inserts text, numbers and bools, but `{shown}` is {found}");
    let help = match typed.ty.value() {
        Type::List(_) => format!("insert its size, `{{size({shown})}}`, or one of its elements"),
        Type::Object(_) => format!("insert one of its properties, `{{{shown}.name}}`"),
        _ => "insert what tells more".to_owned(),
    };
    let error = Diagnostic::error("lang-message", message).at(text.locate(typed.span), found);
    Err(vec![error.help(help)])
}

/// Places in the text → places in the file.
fn located(mut error: Diagnostic, text: &Text) -> Diagnostic {
    for (span, _) in error.label.iter_mut().chain(&mut error.also) {
        *span = text.locate(*span);
    }
    error
}

/// Says of what does not parse that a brace may be meant.
fn or_brace(error: Diagnostic) -> Diagnostic {
    if error.note.is_some() {
        return error;
    }
    error.note("what stands in `{` and `}` is inserted; a brace itself is written `{{` or `}}`")
}

/// A part of a text, with its own places in the file.
fn part_of(text: &Text, span: Span) -> Text {
    let value = text.value.get(span.start..span.end).unwrap_or_default().to_owned();
    let offsets = text.offsets.get(span.start..=span.end).unwrap_or_default().to_vec();
    Text { value, span: text.span, offsets }
}

/// A piece of a message as it is written.
enum Piece {
    Text(String),
    /// What stands between two braces.
    Value(Span),
}

fn split(text: &str) -> Result<Vec<Piece>, Box<Diagnostic>> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut at = 0;
    while let Some(next) = text[at..].find(['{', '}']) {
        plain.push_str(&text[at..at + next]);
        at += next;
        let brace = &text[at..at + 1];
        if text[at + 1..].starts_with(brace) {
            plain.push_str(brace);
            at += 2;
            continue;
        }
        if brace == "}" {
            let error = Diagnostic::error("lang-message", "this `}` closes nothing");
            let error = error.at(Span::new(at, at + 1), "alone");
            return Err(Box::new(error.help("a brace itself is written `}}`")));
        }
        let Some(length) = length_of_value(&text[at + 1..]) else {
            let error = Diagnostic::error("lang-message", "no `}` closes what is inserted here");
            let error = error.at(Span::new(at, at + 1), "opened here");
            return Err(Box::new(error.help("close it, `{cart.total}`; a brace itself is written `{{`")));
        };
        if !plain.is_empty() {
            pieces.push(Piece::Text(std::mem::take(&mut plain)));
        }
        pieces.push(Piece::Value(Span::new(at + 1, at + 1 + length)));
        at += length + 2;
    }
    plain.push_str(&text[at..]);
    if !plain.is_empty() {
        pieces.push(Piece::Text(plain));
    }
    Ok(pieces)
}

/// Bytes up to the brace that closes an insertion: none within text in quotes or within braces of its own.
fn length_of_value(rest: &str) -> Option<usize> {
    let bytes = rest.as_bytes();
    let (mut at, mut depth) = (0, 0usize);
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 0 => return Some(at),
            b'}' => depth -= 1,
            b'\'' | b'"' => {
                let mark = &rest[at..at + 1];
                let fence = mark.repeat(3);
                let mark = if rest[at..].starts_with(&fence) { fence.as_str() } else { mark };
                let word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
                let raw = at > 0
                    && matches!(bytes[at - 1], b'r' | b'R')
                    && !(at > 1 && bytes.get(at - 2).is_some_and(word));
                at += mark.len();
                while !rest.get(at..)?.starts_with(mark) {
                    // What a backslash stands before does not close.
                    let skipped = if !raw && rest[at..].starts_with('\\') { 1 } else { 0 };
                    at += skipped + rest.get(at + skipped..)?.chars().next()?.len_utf8();
                }
                at += mark.len() - 1;
            }
            _ => {}
        }
        at += 1;
    }
    None
}

#[cfg(test)]
mod tests;
