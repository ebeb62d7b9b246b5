//! Is the contract worth something: which changes of it, and which wrong results, does nothing notice (spec TEST-70)?
//!
//! Nothing is compiled. A changed contract is held against what cases and drawn inputs came to under the true one; a wrong
//! result is a true one with one value changed so that it still fits the schema.

mod clauses;
mod results;

use crate::cases::compare::Comparison;
use crate::report::{Screen, Style, grouped, printable};
use serde::Serialize;
use serde_json::Value;
use traverse_contract::Contract;

/// What a case says.
#[derive(Debug, Clone)]
pub(crate) struct CaseEvidence {
    /// Its input.
    pub(crate) input: Value,
    /// Its result, if it has one.
    pub(crate) result: Option<Value>,
    /// What it expects.
    pub(crate) expect: Value,
    /// How that is compared.
    pub(crate) comparison: Comparison,
}

/// What was changed, and what of it nothing noticed.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Mutation {
    /// How many changes of the contract were tried.
    pub(crate) contract_changes: usize,
    /// Those that no case, no true and no wrong result told from the contract.
    pub(crate) unnoticed: Vec<clauses::Unnoticed>,
    /// For each part of the result, how many wrong values were caught.
    pub(crate) results: Vec<results::Tied>,
    /// How many invariants in words there are, which nothing here can judge.
    pub(crate) words: usize,
}

/// Judges the contract. `calls`: inputs with the results that they came to.
pub(crate) fn judge(contract: &Contract, cases: &[CaseEvidence], calls: &[(Value, Value)]) -> Mutation {
    let wrong = results::wrong_results(contract, calls);
    let changes = clauses::changes(contract);
    let words = contract.clauses.iter().filter(|clause| clause.is_prose()).count();
    let unnoticed = changes
        .iter()
        .filter_map(|change| clauses::unnoticed(contract, change, cases, calls, &wrong))
        .collect();
    Mutation {
        contract_changes: changes.len(),
        unnoticed,
        results: results::tied(contract, &wrong, cases, words),
        words,
    }
}

impl Mutation {
    /// For a person.
    pub(crate) fn render(&self, screen: &mut Screen) {
        screen.line(format!(
            "mutation  {} changes of the contract, {} noticed",
            self.contract_changes,
            self.contract_changes - self.unnoticed.len()
        ));
        for unnoticed in &self.unnoticed {
            let word = screen.paint(Style::Warn, "unnoticed");
            screen.line(format!("  {word}: {}", printable(&unnoticed.change)));
            screen.line(format!("             {}", printable(&unnoticed.why)));
        }
        for tied in &self.results {
            let part = printable(&tied.part);
            let mut line =
                format!("  {part}: {} of {} wrong values caught", grouped(tied.caught), grouped(tied.tried));
            if !tied.by.is_empty() {
                line.push_str(&format!(", by {}", printable(&tied.by.join(", "))));
            }
            screen.line(line);
            if let Some(says) = &tied.says {
                let word = screen.paint(Style::Warn, "weak");
                screen.line(format!("    {word}: {}", printable(says)));
            }
        }
        if self.words > 0 {
            screen.line(format!(
                "  {} in words: only the module's own function knows what would break it",
                if self.words == 1 {
                    "1 invariant is".to_owned()
                } else {
                    format!("{} invariants are", self.words)
                }
            ));
        }
    }
}
