//! `cargo traverse build --check`: do manifest, contract, module and source belong together?

use crate::commands::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::guest::belong::{Part, State, check};
use crate::project::Project;
use crate::report::{Report, Screen, Style, printable_line};
use serde::Serialize;

/// `{ok, parts: [{name, state, file, notes}]}`
#[derive(Debug, Serialize)]
pub(crate) struct BelongReport {
    ok: bool,
    parts: [Part; 4],
}

impl Report for BelongReport {
    fn render_human(&self, screen: &mut Screen) {
        for part in &self.parts {
            let (style, word) = match part.state {
                State::AsBuilt => (Style::Good, "as built"),
                State::Moved => (Style::Bad, "moved"),
                State::Missing => (Style::Bad, "missing"),
            };
            let word = screen.paint(style, format!("{word:<8}"));
            screen.line(format!("{:<8}  {word}  {}", part.name, printable_line(&part.file)));
            for note in &part.notes {
                screen.line(format!("          {}", printable_line(note)));
            }
        }
        if !self.ok {
            screen.note("  = help: `cargo traverse build` brings them together again");
        }
    }

    fn exit(&self) -> Exit {
        if self.ok { Exit::Success } else { Exit::Failure }
    }
}

/// Runs the check.
///
/// # Errors
///
/// As [`check`].
pub(crate) fn execute(context: &Context) -> Result<BelongReport, CommandError> {
    let project = Project::locate(context.manifest_path.as_deref())?;
    let parts = check(&project)?;
    Ok(BelongReport { ok: parts.iter().all(|part| part.state == State::AsBuilt), parts })
}
