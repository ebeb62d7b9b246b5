//! A diagnostic as plain text: the sentence, the place with its line and carets, note and help (spec `DIAG`).
//!
//! What is quoted from a file may be hostile: control characters are shown, never sent to a terminal, and a long
//! line is cut to a window around the place.

use super::{Diagnostic, Source, Span};
use std::fmt::Write as _;

/// Lines longer than this many characters are shown in part.
const LINE_WINDOW: usize = 140;
/// How much of a long line is shown before the place.
const WINDOW_LEAD: usize = 50;

/// Renders `diagnostic` as a compiler prints it, without a trailing newline.
pub(crate) fn render(diagnostic: &Diagnostic, source: &Source) -> String {
    let mut out = format!("{}[{}]: {}", diagnostic.severity, diagnostic.code, printable(&diagnostic.message));
    let places: Vec<(Place, &str)> = diagnostic
        .label
        .iter()
        .chain(&diagnostic.also)
        .map(|(span, label)| (Place::find(&source.text, *span), label.as_str()))
        .collect();
    let width = places.iter().map(|(place, _)| place.line.to_string().len()).max().unwrap_or(1);
    let margin = " ".repeat(width + 1);
    for (index, (place, label)) in places.iter().enumerate() {
        let arrow = if index == 0 { "-->" } else { ":::" };
        let _ = write!(out, "\n{margin}{arrow} {}:{}:{}", printable(&source.name), place.line, place.column);
        let _ = write!(out, "\n{margin} |");
        let _ = write!(out, "\n {:>width$} | {}", place.line, place.shown);
        let carets = "^".repeat(place.carets);
        let _ = write!(out, "\n{margin} | {}{carets}", " ".repeat(place.indent));
        if !label.is_empty() {
            let _ = write!(out, " {}", printable(label));
        }
    }
    for (kind, text) in [("note", &diagnostic.note), ("help", &diagnostic.help)] {
        let Some(text) = text else { continue };
        let mut lines = text.lines();
        let _ = write!(out, "\n{margin} = {kind}: {}", printable(lines.next().unwrap_or_default()));
        for line in lines {
            // Further lines stand under the first one.
            let _ = write!(out, "\n{margin}         {}", printable(line));
        }
    }
    // A line with nothing after its bar would end in spaces.
    out.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

/// Line and column of a byte offset, both from 1; the column counts characters.
pub(crate) fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let place = Place::find(text, Span::new(offset, offset));
    (place.line, place.column)
}

/// A span, found in its text and made ready to print.
struct Place {
    line: usize,
    column: usize,
    /// The line, or the part of it around the place.
    shown: String,
    /// Columns before the first caret, as shown.
    indent: usize,
    carets: usize,
}

impl Place {
    fn find(text: &str, span: Span) -> Place {
        let start = floor_char_boundary(text, span.start);
        let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |newline| start + newline);
        let line_text = text[line_start..line_end].trim_end_matches('\r');
        // A span over several lines is marked to the end of its first.
        let end = floor_char_boundary(text, span.end)
            .clamp(start, line_start + line_text.len().max(start - line_start));
        let before = text[line_start..start].chars().count();
        let inside = text[start..end].chars().count();

        let total = line_text.chars().count();
        let skipped = if total > LINE_WINDOW { before.saturating_sub(WINDOW_LEAD) } else { 0 };
        let mut shown = String::new();
        if skipped > 0 {
            shown.push('…');
        }
        let mut indent = usize::from(skipped > 0);
        let mut carets = 0;
        for (index, character) in line_text.chars().enumerate().skip(skipped).take(LINE_WINDOW) {
            let printed = show(character);
            let columns = printed.chars().count();
            if index < before {
                indent += columns;
            } else if index < before + inside {
                carets += columns;
            }
            shown.push_str(&printed);
        }
        if skipped + LINE_WINDOW < total {
            shown.push('…');
        }
        Place {
            line: text[..line_start].matches('\n').count() + 1,
            column: before + 1,
            shown,
            indent,
            carets: carets.max(1),
        }
    }
}

/// The nearest character boundary at or before `offset`, inside the text.
fn floor_char_boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

fn show(character: char) -> String {
    match character {
        '\t' => "    ".into(),
        hidden if is_hidden(hidden) => hidden.escape_unicode().to_string(),
        plain => plain.into(),
    }
}

/// Control characters, and those that turn the direction of what follows them (spec DIAG-2).
pub fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn printable(text: &str) -> String {
    text.chars().map(|character| if character == '\n' { "\n".into() } else { show(character) }).collect()
}

#[cfg(test)]
mod tests;
