//! `cargo traverse fmt`: lays out a spec (spec `CLI-100` to `CLI-103`).

use crate::args::FmtArgs;
use crate::commands::Context;
use crate::error::{CommandError, io_reason};
use crate::exit::Exit;
use crate::report::{Report, Screen, Style, printable};
use crate::spec_file::{SpecFile, text};
use crate::{layout, write};
use serde::Serialize;
use similar::TextDiff;
use std::io::Read as _;
use std::path::Path;
use traverse_contract::package::MAX_CONTRACT_BYTES;
use traverse_contract::{Source, canonical};

/// `{file, changed, written, diff, text?}`; `text` for what came from stdin.
#[derive(Debug, Serialize)]
pub(crate) struct FmtReport {
    file: String,
    /// Whether the layout is another.
    changed: bool,
    /// Whether it was written into the file.
    written: bool,
    /// What is other, as a unified difference; empty where nothing is.
    diff: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip)]
    check: bool,
}

impl Report for FmtReport {
    fn render_human(&self, screen: &mut Screen) {
        if self.check {
            for line in self.diff.lines() {
                let style = match line.chars().next() {
                    Some('-') => Style::Bad,
                    Some('+') => Style::Good,
                    _ => Style::Faint,
                };
                screen.line(screen.paint(style, printable(line)));
            }
            if self.changed {
                screen.note(format!(
                    "{} is laid out otherwise; `cargo traverse fmt` would change it",
                    self.file
                ));
            }
        } else if let Some(text) = &self.text {
            screen.out.push_str(text);
        } else if self.written {
            screen.line(format!("{} {}", screen.paint(Style::Good, "Formatted"), self.file));
        }
    }

    fn exit(&self) -> Exit {
        if self.check && self.changed { Exit::Failure } else { Exit::Success }
    }
}

/// Lays out the file, or shows what would change.
pub(crate) fn execute(args: &FmtArgs, context: &Context) -> Result<FmtReport, CommandError> {
    let from_stdin = args.path.as_deref() == Some(Path::new("-"));
    let file = match from_stdin {
        true => None,
        false => Some(SpecFile::locate(args.path.as_deref(), context.manifest_path.as_deref())?),
    };
    let source = match &file {
        Some(file) => file.source.clone(),
        None => stdin()?,
    };
    let laid_out = laid_out(&source)?;
    let changed = laid_out != source.text;
    let mut report = FmtReport {
        file: source.name.clone(),
        changed,
        written: false,
        diff: difference(&source, &laid_out),
        text: None,
        check: args.check,
    };
    if let Some(file) = &file {
        if changed && !args.check {
            write::write_named(&file.path, laid_out.as_bytes())
                .map_err(|error| CommandError::io("fmt-failed", "write", &file.path, &error))?;
            report.written = true;
        }
    } else {
        report.text = Some(laid_out);
    }
    Ok(report)
}

/// The text laid out, once it is known to say the same.
fn laid_out(source: &Source) -> Result<String, CommandError> {
    let meaning = canonical::contract_json(source).map_err(|diagnostics| {
        CommandError::new("spec-invalid", format!("`{}` is left as it is: it cannot be read", source.name))
            .diagnostics(source, diagnostics)
    })?;
    let text = layout::formatted(&source.text);
    let after = Source { name: source.name.clone(), text };
    match canonical::contract_json(&after) {
        Ok(same) if same == meaning => Ok(after.text),
        // Not known to happen; a contract is not put at risk for its looks.
        _ => Err(CommandError::new(
            "fmt-failed",
            format!("`{}` is left as it is: laid out it would not say the same", source.name),
        )
        .help("this is a fault of `cargo traverse fmt`; please report it with the file")),
    }
}

fn stdin() -> Result<Source, CommandError> {
    let mut bytes = Vec::new();
    // One byte too many, so that too large a text is seen to be.
    let read = std::io::stdin().lock().take(MAX_CONTRACT_BYTES as u64 + 1).read_to_end(&mut bytes);
    read.map_err(|error| {
        CommandError::new("file-unreadable", format!("cannot read stdin: {}", io_reason(&error)))
    })?;
    text("<stdin>".to_owned(), bytes)
}

fn difference(source: &Source, laid_out: &str) -> String {
    let diff = TextDiff::from_lines(source.text.as_str(), laid_out);
    diff.unified_diff().context_radius(2).header(&source.name, "laid out").to_string()
}
