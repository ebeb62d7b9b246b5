//! The patterns of one contract: each text is made into a table once, and all of them together are bounded (spec LANG-121).

use super::{Budget, MAX_TABLE_BYTES, Pattern, PatternError, PatternFault};
use crate::diagnostic::Span;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The largest tables of one contract together, in bytes of their transitions.
pub const MAX_TABLES_BYTES: usize = 1 << 20;

/// What the patterns of one contract may cost together: eight that are as expensive as one may be.
const MOST_STEPS: u64 = 8 * Budget::STEPS;

/// The patterns of one contract; clones share what they know.
#[derive(Debug, Clone, Default)]
pub(crate) struct Patterns(Arc<Mutex<Pool>>);

#[derive(Debug)]
struct Pool {
    made: HashMap<String, Pattern>,
    steps_left: u64,
    bytes_left: usize,
    /// Whether it was said that there are too many.
    told: bool,
}

impl Default for Pool {
    fn default() -> Pool {
        Pool { made: HashMap::new(), steps_left: MOST_STEPS, bytes_left: MAX_TABLES_BYTES, told: false }
    }
}

/// How much is left says nothing of a contract.
impl PartialEq for Patterns {
    fn eq(&self, _: &Patterns) -> bool {
        true
    }
}

impl Patterns {
    /// As [`Pattern::new`].
    ///
    /// # Errors
    /// As there; `None` where an earlier error said that the patterns together are too large.
    pub(crate) fn pattern(&self, source: &str) -> Result<Pattern, Option<PatternError>> {
        // Whoever panicked in here left every field as it is.
        let mut pool = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        pool.pattern(source)
    }
}

impl Pool {
    fn pattern(&mut self, source: &str) -> Result<Pattern, Option<PatternError>> {
        if let Some(known) = self.made.get(source) {
            return Ok(known.clone());
        }
        if self.told {
            return Err(None);
        }
        let allowed = Budget::STEPS.min(self.steps_left);
        let mut budget = Budget::new(allowed);
        let made = Pattern::within(source, &mut budget);
        self.steps_left -= allowed - budget.left;
        let pattern = match made {
            Ok(pattern) => pattern,
            Err(_) if budget.is_spent && allowed < Budget::STEPS => return Err(Some(self.too_large(source))),
            Err(error) => return Err(Some(error)),
        };
        match self.bytes_left.checked_sub(pattern.table.next.len()) {
            Some(left) => self.bytes_left = left,
            None => return Err(Some(self.too_large(source))),
        }
        self.made.insert(source.to_owned(), pattern.clone());
        Ok(pattern)
    }

    fn too_large(&mut self, source: &str) -> PatternError {
        self.told = true;
        PatternError {
            kind: PatternFault::TooLarge,
            span: Span::new(0, source.len()),
            message: format!(
                "with this pattern the tables of the contract would be larger than {} KiB together, or take too many steps to make",
                MAX_TABLES_BYTES >> 10
            ),
            help: Some(format!(
                "make the repetitions `{{n,m}}` of its patterns shorter: one table may have {} KiB, all of them {}; a pattern that is written twice counts once",
                MAX_TABLE_BYTES >> 10,
                MAX_TABLES_BYTES >> 10
            )),
        }
    }
}
