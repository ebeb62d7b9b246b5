//! [`CommandError`]: what a command ends in when it cannot do its work.

use crate::exit::Exit;
use std::path::Path;
use traverse_contract::{Diagnostic, Source};

/// An error that a person reads: a stable code, one sentence, places in their files, the mend.
#[derive(Debug, Clone)]
pub(crate) struct CommandError {
    /// A stable name in kebab case, written by hand.
    pub(crate) code: &'static str,
    /// One sentence: subject, then rule; lower case, no full stop.
    pub(crate) message: String,
    /// What is wrong in the user's files, each with the text that it points into.
    pub(crate) diagnostics: Vec<(Source, Diagnostic)>,
    /// Why, where it is not plain.
    pub(crate) notes: Vec<String>,
    /// The concrete mend.
    pub(crate) help: Option<String>,
    /// What the process ends with.
    pub(crate) exit: Exit,
}

impl CommandError {
    /// An error that ends the process with 1.
    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Self {
        CommandError {
            code,
            message: message.into(),
            diagnostics: Vec::new(),
            notes: Vec::new(),
            help: None,
            exit: Exit::Failure,
        }
    }

    /// A wrong use of arguments that clap cannot see; ends the process with 2.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        CommandError::new("usage", message).exit(Exit::Usage)
    }

    /// A file or folder that could not be read, written, made, …: `` cannot VERB `PATH`: REASON ``.
    pub(crate) fn io(code: &'static str, verb: &str, path: &Path, error: &std::io::Error) -> Self {
        CommandError::new(code, format!("cannot {verb} `{}`: {}", path.display(), io_reason(error)))
    }

    /// What is wrong in one file.
    pub(crate) fn diagnostics(mut self, source: &Source, diagnostics: Vec<Diagnostic>) -> Self {
        self.diagnostics.extend(diagnostics.into_iter().map(|diagnostic| (source.clone(), diagnostic)));
        self
    }

    /// Why; may be given more than once.
    pub(crate) fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// The mend.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Another exit code than 1.
    pub(crate) fn exit(mut self, exit: Exit) -> Self {
        self.exit = exit;
        self
    }
}

/// What the runtime refuses or stops. Only `run` ends with a code of its own for it ([`Exit::of_runtime`]).
impl From<traverse_runtime::Error> for CommandError {
    fn from(error: traverse_runtime::Error) -> Self {
        let mut ours = CommandError::new(error.code(), error.message()).help(error.help());
        ours.notes.extend(error.note());
        match error {
            traverse_runtime::Error::ManifestInvalid(invalid)
            | traverse_runtime::Error::SpecInvalid(invalid) => {
                ours.diagnostics(&invalid.source, invalid.diagnostics)
            }
            _ => ours,
        }
    }
}

/// The system's words without `(os error 2)`, in lower case as messages are.
pub(crate) fn io_reason(error: &std::io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_lowercase().chain(characters).collect(),
        None => "unknown error".to_owned(),
    }
}
