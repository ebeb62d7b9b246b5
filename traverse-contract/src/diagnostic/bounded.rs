//! What is said of one file fits on a few pages, however much is wrong with it (spec `DIAG-4`).

use super::{Diagnostic, Severity};

/// Diagnostics of one file.
const MOST: usize = 100;
/// Characters of each sentence, note, help and label: a rule that is quoted may be 64 KiB long.
const MOST_CHARACTERS: usize = 1_000;
/// Further places of one diagnostic.
const MOST_PLACES: usize = 8;

/// The first of `diagnostics`, in their order, and how many more there are; long texts are cut.
pub(crate) fn bounded(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let left_out = diagnostics.split_off(diagnostics.len().min(MOST));
    for diagnostic in &mut diagnostics {
        diagnostic.also.truncate(MOST_PLACES);
        let labels = diagnostic.label.iter_mut().chain(&mut diagnostic.also).map(|(_, label)| label);
        let others = [&mut diagnostic.note, &mut diagnostic.help].into_iter().flatten();
        for text in labels.chain(others).chain([&mut diagnostic.message]) {
            cut(text);
        }
    }
    if !left_out.is_empty() {
        // With all errors among those left out the count must still say that there are some.
        let is_error = |diagnostic: &&Diagnostic| diagnostic.severity == Severity::Error;
        let errors = left_out.iter().filter(is_error).count();
        let more = match (errors, left_out.len() - errors) {
            (errors, 0) => {
                Diagnostic::error("too-many-errors", format!("{errors} more errors are not shown"))
            }
            (0, warnings) => {
                Diagnostic::warning("too-many-errors", format!("{warnings} more warnings are not shown"))
            }
            (errors, warnings) => Diagnostic::error(
                "too-many-errors",
                format!("{errors} more errors and {warnings} more warnings are not shown"),
            ),
        };
        diagnostics.push(more.help("mend the first ones: others often follow from them"));
    }
    diagnostics
}

fn cut(text: &mut String) {
    if let Some((at, _)) = text.char_indices().nth(MOST_CHARACTERS) {
        text.truncate(at);
        text.push('…');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// spec: DIAG-4
    #[test]
    fn what_is_left_out_is_counted() {
        let mut all = vec![Diagnostic::error("a", "a".repeat(5_000)).note("é".repeat(1_001)); 150];
        all.extend(vec![Diagnostic::warning("b", "b"); 10]);
        let bounded = bounded(all);
        assert_eq!(bounded.len(), 101);
        assert_eq!(bounded[0].message, format!("{}…", "a".repeat(1_000)));
        assert_eq!(bounded[0].note, Some(format!("{}…", "é".repeat(1_000))));
        assert_eq!(bounded[100].message, "50 more errors and 10 more warnings are not shown");
        assert_eq!(bounded[100].severity, Severity::Error);
    }

    #[test]
    fn what_is_short_stays_as_it_is() {
        let all = vec![Diagnostic::error("a", "a"); 100];
        assert_eq!(bounded(all.clone()), all);
    }
}
