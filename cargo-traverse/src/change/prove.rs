//! Whether a rule follows from others: intervals and sets of texts, parts of conjunctions, cases of disjunctions.
//!
//! "Yes" is a proof. "No" only says that none was found.

use super::normal::{Condition, Normal, all, constant};
use super::sets::Set;
use std::collections::BTreeMap;

/// How much is tried before a proof is given up.
const MAX_STEPS: usize = 4000;

/// Whether `goal` holds on every document that fits the schemas (`domains`) and on which all `given` hold.
pub(crate) fn follows(given: &[Normal], goal: &Normal, domains: &BTreeMap<String, Set>) -> bool {
    let mut prover = Prover { domains, steps: MAX_STEPS };
    prover.follows(&all(given.to_vec()), goal)
}

/// What is known at a point of a proof.
#[derive(Clone, Default)]
struct Known {
    sets: BTreeMap<String, Set>,
    cases: Vec<Vec<Normal>>,
    impossible: bool,
}

struct Prover<'d> {
    domains: &'d BTreeMap<String, Set>,
    steps: usize,
}

impl Prover<'_> {
    fn follows(&mut self, given: &Normal, goal: &Normal) -> bool {
        let mut known = Known::default();
        self.learn(&mut known, given);
        self.by_cases(&known, goal)
    }

    fn learn(&self, known: &mut Known, fact: &Normal) {
        match fact {
            Normal::All(parts) => parts.iter().for_each(|part| self.learn(known, part)),
            Normal::Any(cases) if cases.is_empty() => known.impossible = true,
            Normal::Any(cases) => known.cases.push(cases.clone()),
            Normal::Is(Condition { term, set, .. }) => {
                let before = known.sets.get(term).or_else(|| self.domains.get(term));
                let both = match before {
                    Some(before) => before.and(set).unwrap_or_else(|| set.clone()),
                    None => set.clone(),
                };
                known.impossible |= both.is_empty();
                known.sets.insert(term.clone(), both);
            }
        }
    }

    fn by_cases(&mut self, known: &Known, goal: &Normal) -> bool {
        if self.steps == 0 {
            return false;
        }
        self.steps -= 1;
        if known.impossible || self.at_once(known, goal) {
            return true;
        }
        let mut rest = known.clone();
        let Some(cases) = rest.cases.pop() else { return false };
        cases.iter().all(|case| {
            let mut known = rest.clone();
            self.learn(&mut known, case);
            self.by_cases(&known, goal)
        })
    }

    fn at_once(&mut self, known: &Known, goal: &Normal) -> bool {
        match goal {
            Normal::All(parts) => parts.iter().all(|part| self.at_once(known, part)),
            Normal::Is(Condition { term, set, .. }) => {
                let sets = known.sets.get(term).or_else(|| self.domains.get(term));
                sets.is_some_and(|sets| sets.within(set))
            }
            Normal::Any(cases) => {
                if known.cases.iter().any(|given| given.iter().all(|case| cases.contains(case))) {
                    return true;
                }
                // One of them where the others, as far as they cannot be errors, do not hold.
                (0..cases.len()).any(|index| {
                    let mut known = known.clone();
                    for (other, case) in cases.iter().enumerate() {
                        if other != index
                            && let Some(negated) = negated(case)
                        {
                            self.learn(&mut known, &negated);
                        }
                    }
                    known.impossible || self.at_once(&known, &cases[index])
                })
            }
        }
    }
}

/// What holds where `rule` does not, provided that it always has a value.
fn negated(rule: &Normal) -> Option<Normal> {
    match rule {
        Normal::Is(Condition { may_fail: true, .. }) => None,
        Normal::Is(condition) => {
            let set = condition.set.complement(true);
            Some(Normal::Is(Condition { set, ..condition.clone() }))
        }
        Normal::All(parts) if parts.is_empty() => Some(constant(false)),
        Normal::All(parts) => {
            let parts: Option<Vec<Normal>> = parts.iter().map(negated).collect();
            Some(super::normal::any(parts?))
        }
        Normal::Any(parts) => {
            let parts: Option<Vec<Normal>> = parts.iter().map(negated).collect();
            Some(all(parts?))
        }
    }
}
