//! Patterns of `matches` and of the schema keyword `pattern` (spec LANG-90 to LANG-94, SCHEMA-60): RE2's syntax and
//! meaning, made into a table when the contract is read.
//!
//! ```text
//! text ─parse→ Node ─nfa→ Nfa ─dfa→ Dfa ─minimize→ Table
//! ```
//!
//! The table is a minimal automaton over classes of code points. The host runs it on JSON, the macro writes it into the
//! module, and neither has an engine: one look-up for each character, and an end as soon as the answer is known. Only
//! whether a text matches is asked, so groups capture nothing and greediness makes no difference.

mod class;
mod dfa;
#[cfg(feature = "host")]
mod example;
mod minimize;
mod nfa;
mod parse;
mod pool;
mod table;
#[cfg(test)]
mod tests;
#[cfg(feature = "host")]
mod together;

use crate::diagnostic::{Diagnostic, Span};
pub use pool::MAX_TABLES_BYTES;
pub(crate) use pool::Patterns;
use std::sync::Arc;
pub use table::Table;

/// The longest pattern, in bytes.
pub const MAX_PATTERN_BYTES: usize = 4096;

/// The largest table, in bytes of its transitions.
pub const MAX_TABLE_BYTES: usize = 64 << 10;

/// A pattern, ready to be looked for.
#[derive(Debug, Clone)]
pub struct Pattern {
    source: String,
    table: Arc<Table>,
}

/// Patterns are the same if their texts are: the table follows from the text.
impl PartialEq for Pattern {
    fn eq(&self, other: &Pattern) -> bool {
        self.source == other.source
    }
}

impl Eq for Pattern {}

/// Why a text is no pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternError {
    /// What kind of fault.
    pub kind: PatternFault,
    /// Where, in bytes of the pattern.
    pub span: Span,
    /// One sentence.
    pub message: String,
    /// The concrete mend.
    pub help: Option<String>,
}

/// The kinds of fault in a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PatternFault {
    /// It is not of RE2's syntax, or of what this version leaves out of it.
    Syntax,
    /// It, or its table, is beyond a limit.
    TooLarge,
}

impl Pattern {
    /// Reads a pattern and makes its table. The time and the memory that this takes are bounded, whatever the pattern.
    ///
    /// # Errors
    /// A [`PatternError`] with its place in `source`.
    pub fn new(source: &str) -> Result<Pattern, PatternError> {
        Pattern::within(source, &mut Budget::new(Budget::STEPS))
    }

    fn within(source: &str, budget: &mut Budget) -> Result<Pattern, PatternError> {
        if source.len() > MAX_PATTERN_BYTES {
            let message = format!(
                "a pattern is at most {MAX_PATTERN_BYTES} bytes long, and this one is {}",
                source.len()
            );
            return Err(PatternError {
                kind: PatternFault::TooLarge,
                span: Span::new(0, source.len()),
                message,
                help: Some("split it into several clauses".into()),
            });
        }
        let node = parse::parse(source)?;
        let table = make(&node, budget).map_err(|TooLarge| PatternError {
            kind: PatternFault::TooLarge,
            span: Span::new(0, source.len()),
            message: format!(
                "the table of this pattern would be larger than {} KiB, or take too many steps to make",
                MAX_TABLE_BYTES >> 10
            ),
            help: Some(
                "anchor it with `^`, make its repetitions `{n,m}` shorter, or split it into several clauses"
                    .into(),
            ),
        })?;
        Ok(Pattern { source: source.to_owned(), table: Arc::new(table) })
    }

    /// The pattern as written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Whether some part of `text` matches; one step for each character of it.
    pub fn is_match(&self, text: &str) -> bool {
        self.table.is_match(text)
    }

    /// The table.
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// The answer, if it is the same for every text.
    pub fn decided(&self) -> Option<bool> {
        self.table.decided()
    }
}

impl PatternError {
    /// The error as it is shown, with the codes of the part of the contract that the pattern stands in: `syntax` or
    /// `too_large`. `locate` leads from the pattern to the file.
    pub fn into_diagnostic(
        self,
        syntax: &'static str,
        too_large: &'static str,
        locate: impl FnOnce(Span) -> Span,
    ) -> Diagnostic {
        let code = match self.kind {
            PatternFault::Syntax => syntax,
            PatternFault::TooLarge => too_large,
        };
        let mut error = Diagnostic::error(code, self.message).at(locate(self.span), "");
        error.help = self.help;
        error
    }
}

/// A limit was reached on the way to the table.
#[derive(Debug)]
struct TooLarge;

/// The work that a pattern may still cause, in elementary steps: the same on every machine.
struct Budget {
    left: u64,
    /// Whether more was asked for than was left.
    is_spent: bool,
}

impl Budget {
    /// Below a second without optimisation, as a macro runs, on a machine that has much else to do.
    const STEPS: u64 = 4_000_000;

    fn new(steps: u64) -> Budget {
        Budget { left: steps, is_spent: false }
    }

    fn take(&mut self, steps: usize) -> Result<(), TooLarge> {
        match self.left.checked_sub(steps as u64) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => {
                self.is_spent = true;
                Err(TooLarge)
            }
        }
    }
}

fn make(node: &parse::Node, budget: &mut Budget) -> Result<Table, TooLarge> {
    let nfa = nfa::compile(node, budget)?;
    let dfa = dfa::determinize(&nfa, budget)?;
    table::lay_out(&minimize::minimize(&dfa), &nfa.classes)
}
