//! One value type for every error a person reads: a stable code, one sentence, a place, a help.
//!
//! Rendering is to a `String`; colour and streams are the command's business.

use std::fmt;

/// A range of bytes in a source text: `start..end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, PartialOrd, Ord)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The span `start..end`.
    pub fn new(start: usize, end: usize) -> Self {
        Span { start, end }
    }
}

/// A text with a name: what spans point into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// What the reader knows the text by, for example `traverse.spec.toml`.
    pub name: String,
    /// The whole text.
    pub text: String,
}

/// How grave a diagnostic is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// The contract or package cannot be used.
    Error,
    /// It can be used; something is likely wrong.
    Warning,
}

/// One thing that a person should know: what, where, why, and how to mend it.
///
/// Messages follow the house style: subject, then rule; lower case, no full stop, the user's tokens in backticks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// A stable name, for example `spec-unknown-key`; never derived from Rust names.
    pub code: &'static str,
    /// Error or warning.
    pub severity: Severity,
    /// One sentence.
    pub message: String,
    /// The place, where there is one, with a short text for the caret line (may be empty).
    pub label: Option<(Span, String)>,
    /// Further places, each with its own text, for example the other of two clauses that disagree.
    pub also: Vec<(Span, String)>,
    /// Why, where it is not plain.
    pub note: Option<String>,
    /// The concrete mend.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error without a place yet.
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Diagnostic {
            code,
            severity: Severity::Error,
            message: message.into(),
            label: None,
            also: Vec::new(),
            note: None,
            help: None,
        }
    }

    /// A warning without a place yet.
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Diagnostic { severity: Severity::Warning, ..Diagnostic::error(code, message) }
    }

    /// The place, with the text of the caret line.
    pub fn at(mut self, span: Span, label: impl Into<String>) -> Self {
        self.label = Some((span, label.into()));
        self
    }

    /// A further place.
    pub fn also(mut self, span: Span, label: impl Into<String>) -> Self {
        self.also.push((span, label.into()));
        self
    }

    /// Why.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    /// The mend.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Plain text, as a compiler prints it, without a trailing newline:
    ///
    /// ```text
    /// error[spec-unknown-key]: unknown key `preconditons` in `[contract]`
    ///   --> traverse.spec.toml:9:1
    ///    |
    ///  9 | preconditons = ["cart.total > 0"]
    ///    | ^^^^^^^^^^^^ not a key of this section
    ///    = help: did you mean `preconditions`?
    /// ```
    pub fn render(&self, source: &Source) -> String {
        crate::diagnostic::render::render(self, source)
    }
}

impl Source {
    /// Line and column of a byte offset, both from 1; the column counts characters.
    pub fn line_and_column(&self, offset: usize) -> (usize, usize) {
        render::line_and_column(&self.text, offset)
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        })
    }
}

mod bounded;
mod nearest;
mod render;

pub(crate) use bounded::bounded;

pub use render::is_hidden;

pub use nearest::nearest;
