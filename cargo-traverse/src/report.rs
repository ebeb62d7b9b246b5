//! The only printer. A command returns a [`Report`] (a serde struct); this file prints it, for a person or as JSON.
//!
//! stdout carries what the user asked for; stderr carries everything said about it. Nothing here panics on a closed
//! pipe (spec `CLI-6`).

use crate::args::MessageFormat;
use crate::error::CommandError;
use crate::exit::Exit;
use serde::Serialize;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write as _};
use traverse_contract::diagnostic::Span;
use traverse_contract::diagnostic::is_hidden;
use traverse_contract::{Diagnostic, Severity, Source};

/// What a command returns. Its serde form is the JSON document of the command (specs/cli.md).
pub(crate) trait Report: Serialize {
    /// Writes it for a person.
    fn render_human(&self, screen: &mut Screen);

    /// What the process ends with.
    fn exit(&self) -> Exit {
        Exit::Success
    }
}

/// What a person sees: text for stdout and text for stderr, in colour where that stream is a terminal.
#[derive(Debug, Default)]
pub(crate) struct Screen {
    /// For stdout: what the user asked for.
    pub(crate) out: String,
    /// For stderr: what is said about it.
    pub(crate) err: String,
    out_colour: bool,
    err_colour: bool,
}

/// What a piece of text is; the colour follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// Green and bold.
    Good,
    /// Red and bold.
    Bad,
    /// Yellow and bold.
    Warn,
    /// Bold.
    Strong,
    /// Grey.
    Faint,
}

impl Screen {
    /// Adds a line to stdout.
    pub(crate) fn line(&mut self, text: impl AsRef<str>) {
        self.out.push_str(text.as_ref());
        self.out.push('\n');
    }

    /// Adds a line to stderr.
    pub(crate) fn note(&mut self, text: impl AsRef<str>) {
        self.err.push_str(text.as_ref());
        self.err.push('\n');
    }

    /// What `write` writes to stderr, as lines for stdout instead, each behind `indent`.
    pub(crate) fn lines_from(&mut self, indent: &str, write: impl FnOnce(&mut Screen)) {
        let mut aside = Screen { err_colour: self.out_colour, ..Screen::default() };
        write(&mut aside);
        for line in aside.err.lines() {
            self.line(format!("{indent}{line}"));
        }
    }

    /// `text` in a style, for stdout.
    pub(crate) fn paint(&self, style: Style, text: impl AsRef<str>) -> String {
        painted(self.out_colour, style, text.as_ref())
    }

    /// `text` in a style, for stderr.
    pub(crate) fn paint_err(&self, style: Style, text: impl AsRef<str>) -> String {
        painted(self.err_colour, style, text.as_ref())
    }

    /// A diagnostic with its place, for stderr.
    pub(crate) fn diagnostic(&mut self, source: &Source, diagnostic: &Diagnostic) {
        let text = diagnostic.render(source);
        let (head, rest) = text.split_once('\n').unwrap_or((&text, ""));
        self.head(diagnostic.severity, head);
        if !rest.is_empty() {
            self.note(rest);
        }
    }

    /// A line `error[code]: message`, for stderr.
    pub(crate) fn headline(&mut self, code: &str, message: &str) {
        self.head(
            Severity::Error,
            &format!("error[{code}]: {}", indented(&printable(&shortened(message)), "  ")),
        );
    }

    /// A line `error[code]: message` for stderr, its first word coloured.
    fn head(&mut self, severity: Severity, line: &str) {
        let style = match severity {
            Severity::Error => Style::Bad,
            Severity::Warning => Style::Warn,
        };
        let line = match line.split_once(": ") {
            Some((word, message)) => {
                format!("{}: {}", self.paint_err(style, word), self.paint_err(Style::Strong, message))
            }
            None => line.to_owned(),
        };
        self.note(line);
    }

    fn error(&mut self, error: &CommandError) {
        for (source, diagnostic) in &error.diagnostics {
            self.diagnostic(source, diagnostic);
            self.note("");
        }
        self.headline(error.code, &error.message);
        for note in &error.notes {
            self.note(format!("  = note: {}", indented(note, "          ")));
        }
        if let Some(help) = &error.help {
            self.note(format!("  = help: {}", indented(help, "          ")));
        }
    }
}

/// Where reports go, and in which form.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terminal {
    format: MessageFormat,
    out_colour: bool,
    err_colour: bool,
}

impl Terminal {
    /// Colour only on a terminal, and not where `NO_COLOR` is set or the terminal is dumb.
    pub(crate) fn new(format: MessageFormat) -> Self {
        let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
            && std::env::var_os("TERM").is_none_or(|term| term != "dumb");
        Terminal {
            format,
            out_colour: wanted && io::stdout().is_terminal(),
            err_colour: wanted && io::stderr().is_terminal(),
        }
    }

    /// One line about what is going on, on stderr, as cargo writes it: `   Compiling guest`.
    pub(crate) fn status(&self, verb: &str, text: impl AsRef<str>) {
        let verb = painted(self.err_colour, Style::Good, &format!("{verb:>12}"));
        write_err(&format!("{verb} {}\n", text.as_ref()));
    }

    /// One warning, on stderr.
    pub(crate) fn warn(&self, text: impl AsRef<str>) {
        let word = painted(self.err_colour, Style::Warn, "warning");
        write_err(&format!("{word}: {}\n", text.as_ref()));
    }

    /// One line on stderr that only a person needs.
    pub(crate) fn note(&self, text: impl AsRef<str>) {
        if self.format == MessageFormat::Human {
            let word = painted(self.err_colour, Style::Strong, "note");
            write_err(&format!("{word}: {}\n", printable(text.as_ref())));
        }
    }

    /// A diagnostic with its place, on stderr, while the command still works.
    pub(crate) fn diagnostic(&self, source: &Source, diagnostic: &Diagnostic) {
        let mut screen = Screen { err_colour: self.err_colour, ..Screen::default() };
        screen.diagnostic(source, diagnostic);
        screen.note("");
        write_err(&screen.err);
    }

    /// A line on stderr that a program reads, as it is.
    pub(crate) fn raw(&self, line: &str) {
        write_err(&format!("{line}\n"));
    }

    /// A line on stderr that is written again and again while something counts; nothing where nobody watches.
    pub(crate) fn counter(&self) -> Counter {
        Counter { shown: io::stderr().is_terminal() && self.format == MessageFormat::Human }
    }

    /// Prints what a command ended in, and says what the process ends with.
    pub(crate) fn finish<R: Report>(&self, ended: Result<R, CommandError>) -> Exit {
        let mut screen =
            Screen { out_colour: self.out_colour, err_colour: self.err_colour, ..Screen::default() };
        let exit = match (&ended, self.format) {
            (Ok(report), MessageFormat::Human) => {
                report.render_human(&mut screen);
                report.exit()
            }
            (Ok(report), MessageFormat::Json) => {
                // A report holds only what serializes: strings, numbers, JSON values.
                screen.line(serde_json::to_string(report).unwrap_or_else(|error| {
                    json!({"error": {"code": "report", "message": error.to_string()}}).to_string()
                }));
                report.exit()
            }
            (Err(error), MessageFormat::Human) => {
                screen.error(error);
                error.exit
            }
            (Err(error), MessageFormat::Json) => {
                screen.line(error_json(error).to_string());
                error.exit
            }
        };
        // What is said comes first, so that on a terminal the result stands last, next to the prompt.
        write_err(&screen.err);
        match write_out(&screen.out) {
            Ok(()) => exit,
            Err(error) => stdout_failed(&error),
        }
    }
}

/// See [`Terminal::counter`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Counter {
    shown: bool,
}

impl Counter {
    /// Writes the line anew.
    pub(crate) fn show(&self, text: &str) {
        if self.shown {
            write_err(&format!("\r\u{1b}[2K{:>12} {}", "Testing", printable_line(text)));
        }
    }

    /// Takes it away.
    pub(crate) fn clear(&self) {
        if self.shown {
            write_err("\r\u{1b}[2K");
        }
    }
}

/// An error as a person sees it, without colour.
pub(crate) fn told(error: &CommandError) -> String {
    let mut screen = Screen::default();
    screen.error(error);
    screen.err
}

/// `{"error":{"code":…,"message":…,"help":…,"notes":[…],"diagnostics":[…]}}`
fn error_json(error: &CommandError) -> Value {
    let diagnostics: Vec<Value> =
        error.diagnostics.iter().map(|(source, diagnostic)| diagnostic_json(source, diagnostic)).collect();
    json!({ "error": {
        "code": error.code,
        "message": error.message,
        "notes": error.notes,
        "help": error.help,
        "diagnostics": diagnostics,
    }})
}

/// One diagnostic as JSON: `{code, severity, message, file, span, label, also, note, help, rendered}`.
pub(crate) fn diagnostic_json(source: &Source, diagnostic: &Diagnostic) -> Value {
    json!({
        "code": diagnostic.code,
        "severity": diagnostic.severity.to_string(),
        "message": diagnostic.message,
        "file": source.name,
        "span": diagnostic.label.as_ref().map(|(span, _)| span_json(source, *span)),
        "label": diagnostic.label.as_ref().map(|(_, label)| label).filter(|label| !label.is_empty()),
        "also": diagnostic.also.iter()
            .map(|(span, label)| json!({"span": span_json(source, *span), "label": label}))
            .collect::<Vec<_>>(),
        "note": diagnostic.note,
        "help": diagnostic.help,
        "rendered": diagnostic.render(source),
    })
}

/// Bytes from 0, lines and columns from 1; columns count characters.
fn span_json(source: &Source, span: Span) -> Value {
    let place = |offset: usize| {
        let before = source.text.get(..offset).unwrap_or(&source.text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    };
    let (line, column) = place(span.start);
    let (end_line, end_column) = place(span.end);
    json!({
        "start": span.start, "end": span.end,
        "line": line, "column": column, "end_line": end_line, "end_column": end_column,
    })
}

/// Text that came from outside (a guest, a file), with control characters, and those that turn the direction of what
/// follows, written as escapes, so that it cannot steer the terminal.
pub(crate) fn printable(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' | '\t' => safe.push(character),
            hidden if is_hidden(hidden) => {
                let _ = write!(safe, "\\u{{{:x}}}", u32::from(hidden));
            }
            other => safe.push(other),
        }
    }
    safe
}

/// [`printable`] for a name or another text that is to stay on its line.
pub(crate) fn printable_line(text: &str) -> String {
    printable(text).replace('\n', "\\u{a}")
}

/// The first characters of a message that may hold what a stranger made long, and how many there are besides.
fn shortened(message: &str) -> String {
    const SHOWN_CHARS: usize = 4000;
    match message.char_indices().nth(SHOWN_CHARS) {
        None => message.to_owned(),
        Some((end, _)) => {
            let more = message[end..].chars().count() as u64;
            format!("{} … and {} more characters", &message[..end], grouped(more))
        }
    }
}

/// A number with its thousands apart: `23014` → `23,014`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn indented(text: &str, by: &str) -> String {
    text.replace('\n', &format!("\n{by}"))
}

fn painted(colour: bool, style: Style, text: &str) -> String {
    if !colour {
        return text.to_owned();
    }
    let code = match style {
        Style::Good => "1;32",
        Style::Bad => "1;31",
        Style::Warn => "1;33",
        Style::Strong => "1",
        Style::Faint => "2",
    };
    format!("\x1b[{code}m{text}\x1b[0m")
}

/// Says that stdout cannot be written, and what the process ends with for it.
pub(crate) fn stdout_failed(error: &io::Error) -> Exit {
    write_err(&format!("error[stdout]: cannot write to stdout: {}\n", crate::error::io_reason(error)));
    Exit::Failure
}

/// A reader that has gone (`| head -1`) is no error.
fn write_out(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// If stderr is gone there is no one left to tell.
fn write_err(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_grouped() {
        for (number, text) in
            [(0, "0"), (999, "999"), (1000, "1,000"), (23_014, "23,014"), (1_234_567, "1,234,567")]
        {
            assert_eq!(grouped(number), text);
        }
    }

    // spec: CLI-8
    #[test]
    fn control_characters_from_outside_are_shown_not_sent() {
        assert_eq!(printable("a\u{1b}[2Jb\tc\nd\r"), "a\\u{1b}[2Jb\tc\nd\\u{d}");
        assert_eq!(printable("a\u{202e}b\u{2066}"), "a\\u{202e}b\\u{2066}");
        assert_eq!(printable_line("a\nb\u{1b}"), "a\\u{a}b\\u{1b}");
    }

    // spec: CLI-8
    #[test]
    fn what_a_stranger_made_long_is_cut() {
        let cut = shortened(&"é".repeat(90_000));
        assert!(cut.ends_with("é … and 86,000 more characters"), "{}", &cut[cut.len() - 60..]);
        assert_eq!(shortened("short"), "short");
    }

    #[test]
    fn columns_count_characters() {
        let source = Source { name: "x".into(), text: "aé = 1\nbé = 2\n".into() };
        let json = span_json(&source, Span::new(8, 11));
        assert_eq!(json["line"], 2);
        assert_eq!(json["column"], 1);
        assert_eq!(json["end_column"], 3);
        let past = span_json(&source, Span::new(900, 901));
        assert_eq!(past["line"], 3);
    }
}
