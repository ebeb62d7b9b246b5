//! A [`ContractDocument`] as Markdown (CommonMark with tables). Nothing in the contract can make markup of its own.

use super::document::{Clause, ContractDocument, Exception};
use super::phrase::{Phrase, Piece};
use super::schema::{Row, Shape};
use super::sections::{self, ClauseSection};
use crate::report::{printable, printable_line};
use std::fmt::Write as _;

/// The whole document, with a line end at its end.
pub(crate) fn render(document: &ContractDocument) -> String {
    let mut page = Page::default();
    page.heading(1, &escaped(&document.id));
    if let Some(summary) = &document.summary {
        page.paragraph(&line_start_escaped(&inline(summary)));
    }
    if let Some(description) = &document.description {
        page.paragraph(&paragraphs(description));
    }
    for (name, value) in sections::facts(document) {
        let _ = writeln!(page.text, "- {name}: {}", inline(&value));
    }
    page.text.push('\n');

    page.heading(2, "What goes in");
    shape(&mut page, &document.input.shape, document.input.inferred);
    page.heading(2, "What comes out");
    shape(&mut page, &document.output.shape, document.output.inferred);
    if !document.types.is_empty() {
        page.heading(2, "Named types");
        for named in &document.types {
            page.heading(3, &code(&named.name));
            shape(&mut page, &named.shape, false);
        }
    }

    for section in sections::clauses(document) {
        let ClauseSection { title, lead, clauses } = section;
        page.heading(2, title);
        page.paragraph(lead);
        clauses.iter().enumerate().for_each(|(index, clause)| page.clause(index + 1, clause));
    }
    if !document.exceptions.is_empty() {
        page.heading(2, sections::EXCEPTIONS);
        page.paragraph(sections::EXCEPTIONS_LEAD);
        document.exceptions.iter().for_each(|exception| page.exception(exception));
    }

    page.heading(2, sections::CHECKS);
    page.paragraph(sections::CHECKS_LEAD);
    page.table(
        ["When", "Who", "What"],
        document.checks.iter().map(|check| [check.when, check.who, check.what].map(str::to_owned)),
    );
    page.heading(2, sections::LIMITS);
    page.table(
        ["Of", "At most", ""],
        document.limits.iter().map(|limit| {
            let note = if limit.default { "not set by the contract" } else { "" };
            [limit.about.to_owned(), limit.in_words(), note.to_owned()]
        }),
    );
    page.text.trim_end().to_owned() + "\n"
}

#[derive(Default)]
struct Page {
    text: String,
}

impl Page {
    fn heading(&mut self, level: usize, text: &str) {
        let _ = writeln!(self.text, "{} {text}\n", "#".repeat(level));
    }

    fn paragraph(&mut self, text: &str) {
        let _ = writeln!(self.text, "{text}\n");
    }

    fn table<const N: usize>(&mut self, head: [&str; N], rows: impl Iterator<Item = [String; N]>) {
        let _ = writeln!(self.text, "| {} |", head.join(" | "));
        let _ = writeln!(self.text, "|{}", "---|".repeat(N));
        for row in rows {
            let _ = writeln!(self.text, "| {} |", row.map(|cell| in_a_cell(&cell)).join(" | "));
        }
        self.text.push('\n');
    }

    fn clause(&mut self, number: usize, clause: &Clause) {
        let marker = format!("{number}. ");
        let mut body = match &clause.id {
            Some(id) => format!("**{}**: {}\n", escaped(id), sentence(&clause.words)),
            None => format!("{}\n", sentence(&clause.words)),
        };
        if !clause.prose {
            let _ = write!(body, "\n{}", block(&clause.rule));
        }
        body.push('\n');
        for (name, value) in sections::clause_notes(clause) {
            let _ = writeln!(body, "- {name}: {}", inline(&value));
        }
        self.text.push_str(&hung(&marker, &body));
        self.text.push('\n');
    }

    fn exception(&mut self, exception: &Exception) {
        self.heading(3, &code(&exception.name));
        self.paragraph(&format!("Raised {}.", inline(&exception.words)));
        if let Some(when) = &exception.when {
            self.paragraph(block(when).trim_end());
        }
        if let Some(message) = &exception.message {
            self.paragraph(&format!("The caller is told: “{}”", inline(&Phrase::text(message))));
        }
        if let Some(details) = &exception.details {
            self.paragraph("With these details:");
            shape(self, details, false);
        }
    }
}

fn shape(page: &mut Page, shape: &Shape, inferred: bool) {
    for (note, value) in sections::shape_notes(shape, inferred) {
        match note {
            sections::ShapeNote::Lead => page.paragraph(&sentence(&value)),
            sections::ShapeNote::Words => page.paragraph(&paragraphs(&value)),
        }
    }
    if shape.fields.is_empty() {
        return;
    }
    page.table(
        ["Field", "What it is", "Given", "About"],
        shape.fields.iter().map(|Row { field, value, given, about, shown }| {
            [inline(field), inline(&shown.behind(value)), given.unwrap_or_default().to_owned(), inline(about)]
        }),
    );
}

/// On one line.
fn inline(phrase: &Phrase) -> String {
    marked(phrase).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// With a capital at its start and a full stop at its end.
fn sentence(phrase: &Phrase) -> String {
    line_start_escaped(&inline(&sections::sentence(phrase)))
}

/// With the author's paragraphs.
fn paragraphs(phrase: &Phrase) -> String {
    let text = marked(phrase);
    let lines: Vec<String> = text.lines().map(|line| line_start_escaped(line.trim())).collect();
    lines.join("\n").trim().to_owned()
}

fn marked(phrase: &Phrase) -> String {
    phrase.pieces().iter().fold(String::new(), |text, piece| match piece {
        Piece::Text(words) => text + &escaped(words),
        Piece::Code(name) => text + &code(name),
    })
}

/// Words in which no character is markup.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in printable(text).chars() {
        if matches!(
            character,
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '|' | '~' | '#' | '$' | '!'
        ) {
            safe.push('\\');
        }
        safe.push(if character == '\t' { ' ' } else { character });
    }
    safe
}

/// A line that begins no list, no rule, no heading by underlining.
fn line_start_escaped(line: &str) -> String {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    if line.starts_with(['-', '+', '=']) {
        return format!("\\{line}");
    }
    match line[digits..].chars().next() {
        Some('.' | ')') if digits > 0 => format!("{}\\{}", &line[..digits], &line[digits..]),
        _ => line.to_owned(),
    }
}

/// A name between marks that are longer than any in it.
fn code(name: &str) -> String {
    let name = printable_line(name);
    let fence = "`".repeat(longest_run(&name) + 1);
    let pad = if name.starts_with('`') || name.ends_with('`') || name.trim().is_empty() { " " } else { "" };
    format!("{fence}{pad}{name}{pad}{fence}")
}

/// Lines of source.
fn block(source: &str) -> String {
    let fence = "`".repeat(longest_run(source).max(2) + 1);
    format!("{fence}text\n{}\n{fence}\n", printable(source).trim_end())
}

fn longest_run(text: &str) -> usize {
    text.split(|character| character != '`').map(str::len).max().unwrap_or_default()
}

/// A `|` in a cell would end it, also inside of code; escaped words have it escaped already.
fn in_a_cell(text: &str) -> String {
    let mut cell = String::with_capacity(text.len());
    let mut escaped = false;
    for character in text.chars() {
        if character == '|' && !escaped {
            cell.push('\\');
        }
        escaped = character == '\\' && !escaped;
        cell.push(character);
    }
    cell
}

/// An item of a list: its lines stand below each other behind the marker.
fn hung(marker: &str, body: &str) -> String {
    let mut text = String::new();
    for (index, line) in body.trim_end().lines().enumerate() {
        match (index, line.is_empty()) {
            (0, _) => text.push_str(marker),
            (_, true) => {}
            (_, false) => text.push_str(&" ".repeat(marker.len())),
        }
        text.push_str(line);
        text.push('\n');
    }
    text
}

#[cfg(test)]
pub(in crate::reader) mod tests;
