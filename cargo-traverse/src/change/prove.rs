//! Whether a rule follows from others: intervals, sets of texts, patterns, parts of conjunctions, cases of disjunctions,
//! elements of lists.
//!
//! "Yes" is a proof. "No" only says that none was found.

use super::domains::Domains;
use super::normal::{Condition, Each, Normal, all, constant};
use super::sets::{Set, Span, Test};
use std::collections::{BTreeMap, HashMap};
use traverse_contract::pattern::Pattern;

/// How much is tried before a proof is given up.
const MAX_STEPS: usize = 4000;

/// How many times patterns are held against each other.
const MAX_PATTERN_STEPS: usize = 60;

/// Whether `goal` holds on every document that fits the schemas (`domains`) and on which all `given` hold.
pub(crate) fn follows(given: &[Normal], goal: &Normal, domains: &Domains) -> bool {
    let mut prover =
        Prover { domains, steps: MAX_STEPS, pattern_steps: MAX_PATTERN_STEPS, excluded: HashMap::new() };
    prover.follows(&all(given.to_vec()), goal)
}

/// What is known at a point of a proof.
#[derive(Clone, Default)]
struct Known {
    sets: BTreeMap<String, Set>,
    /// Patterns that a text matches, or does not.
    tests: BTreeMap<String, Vec<(Test, bool)>>,
    /// What holds for each element.
    every: Vec<Each>,
    /// What holds for some element.
    some: Vec<Each>,
    cases: Vec<Vec<Normal>>,
    impossible: bool,
}

struct Prover<'d> {
    domains: &'d Domains,
    steps: usize,
    pattern_steps: usize,
    /// Whether patterns exclude each other, by their texts.
    excluded: HashMap<Vec<(String, bool)>, bool>,
}

impl Prover<'_> {
    fn follows(&mut self, given: &Normal, goal: &Normal) -> bool {
        let mut known = Known::default();
        self.learn(&mut known, given);
        self.by_cases(&known, goal)
    }

    fn learn(&mut self, known: &mut Known, fact: &Normal) {
        match fact {
            Normal::All(parts) => parts.iter().for_each(|part| self.learn(known, part)),
            Normal::Any(cases) if cases.is_empty() => known.impossible = true,
            Normal::Any(cases) => known.cases.push(cases.clone()),
            Normal::Is(Condition { term, set: Set::Match { test, matches }, .. }) => {
                let tests = known.tests.entry(term.clone()).or_default();
                if !tests.contains(&(test.clone(), *matches)) {
                    tests.push((test.clone(), *matches));
                }
                known.impossible |= self.is_no_text(known, term);
            }
            Normal::Is(Condition { term, set, .. }) => {
                let before = known.sets.get(term).or_else(|| self.domains.sets.get(term));
                let both = before.and_then(|before| before.and(set)).unwrap_or_else(|| set.clone());
                known.impossible |= both.is_empty();
                known.sets.insert(term.clone(), both);
                known.impossible |= known.tests.contains_key(term) && self.is_no_text(known, term);
            }
            Normal::Every(each) => known.every.push(each.clone()),
            Normal::Some(each) => {
                known.some.push(each.clone());
                let some = Set::numbers(vec![Span { low: 1.0, ..Span::ALL }], true, false);
                let term = format!("size({})", each.list);
                self.learn(known, &Normal::Is(Condition { term, set: some, may_fail: false }));
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
        let Some(cases) = rest.cases.pop() else {
            return self.no_such_element(known);
        };
        cases.iter().all(|case| {
            let mut known = rest.clone();
            self.learn(&mut known, case);
            self.by_cases(&known, goal)
        })
    }

    fn at_once(&mut self, known: &Known, goal: &Normal) -> bool {
        match goal {
            Normal::All(parts) => parts.iter().all(|part| self.at_once(known, part)),
            Normal::Is(condition) => self.is_covered(known, condition),
            Normal::Every(each) => self.holds_for_every(known, each),
            Normal::Some(each) => self.holds_for_some(known, each),
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

    /// Whether an expression is known to have one of the values that a condition asks for.
    fn is_covered(&mut self, known: &Known, condition: &Condition) -> bool {
        let Condition { term, set, may_fail } = condition;
        // What the schema says of a value says nothing of whether there is one.
        if *may_fail && !known.sets.contains_key(term) && !known.tests.contains_key(term) {
            return false;
        }
        let among = known.sets.get(term).or_else(|| self.domains.sets.get(term)).cloned();
        if among.as_ref().is_some_and(|among| among.within(set)) {
            return true;
        }
        let tests = self.tests(known, term);
        if let Some(Set::Texts { members, but: false }) = &among {
            let mut open = members.iter().filter(|member| passes(member, &tests));
            return open.all(|member| match set {
                Set::Match { test, matches } => test.0.is_match(member) == *matches,
                Set::Texts { members, but } => members.contains(member) != *but,
                _ => false,
            });
        }
        match set {
            Set::Match { test, matches } => {
                let mut against = tests;
                against.push((test.clone(), !matches));
                self.excludes(&against)
            }
            // Each text that is to be another fails a test, or is known not to be it.
            Set::Texts { members, but: true } => members.iter().all(|member| {
                let is_other =
                    matches!(&among, Some(Set::Texts { members, but: true }) if members.contains(member));
                is_other || !passes(member, &tests)
            }),
            _ => false,
        }
    }

    /// Whether what is known of a text cannot be so.
    fn is_no_text(&mut self, known: &Known, term: &str) -> bool {
        let tests = self.tests(known, term);
        match known.sets.get(term).or_else(|| self.domains.sets.get(term)) {
            Some(Set::Texts { members, but: false }) => !members.iter().any(|member| passes(member, &tests)),
            _ => self.excludes(&tests),
        }
    }

    /// The tests of a text of which the outcome is known.
    fn tests(&self, known: &Known, term: &str) -> Vec<(Test, bool)> {
        let of_schema = self.domains.tests.get(term).into_iter().flatten();
        let mut tests: Vec<(Test, bool)> = of_schema.map(|test| (test.clone(), true)).collect();
        tests.extend(known.tests.get(term).into_iter().flatten().cloned());
        tests
    }

    fn excludes(&mut self, tests: &[(Test, bool)]) -> bool {
        let key: Vec<(String, bool)> =
            tests.iter().map(|(test, matches)| (test.0.source().to_owned(), *matches)).collect();
        if let Some(known) = self.excluded.get(&key) {
            return *known;
        }
        if self.pattern_steps == 0 {
            return false;
        }
        self.pattern_steps -= 1;
        let patterns: Vec<(&Pattern, bool)> =
            tests.iter().map(|(test, matches)| (&*test.0, *matches)).collect();
        let excluded = Pattern::exclude_each_other(&patterns);
        self.excluded.insert(key, excluded);
        excluded
    }

    /// Any element, of which is known what holds for every one.
    fn holds_for_every(&mut self, known: &Known, goal: &Each) -> bool {
        if goal.may_fail && !has_value(known, &goal.list) {
            return false;
        }
        let element = self.element(known, goal);
        self.by_cases(&element, &goal.body)
    }

    /// An element of which something is known to hold; or any, if there are some.
    fn holds_for_some(&mut self, known: &Known, goal: &Each) -> bool {
        let sized = Set::numbers(vec![Span { low: 1.0, ..Span::ALL }], true, false);
        let term = format!("size({})", goal.list);
        let are_some = Condition { term, set: sized, may_fail: goal.may_fail };
        if self.is_covered(known, &are_some) {
            let element = self.element(known, goal);
            if self.by_cases(&element, &goal.body) {
                return true;
            }
        }
        known.some.iter().filter(|some| is_alike(some, goal)).any(|some| {
            let mut element = self.element(known, goal);
            self.learn(&mut element, &some.body);
            self.by_cases(&element, &goal.body)
        })
    }

    /// Whether something holds for some element that does not go with what holds for every one.
    fn no_such_element(&mut self, known: &Known) -> bool {
        known.some.iter().any(|some| {
            if !known.every.iter().any(|every| is_alike(every, some)) {
                return false;
            }
            let mut element = self.element(known, some);
            // The body may hold this very question, of the same elements.
            element.some.clear();
            self.learn(&mut element, &some.body);
            self.by_cases(&element, &constant(false))
        })
    }

    /// What is known where the element is one of the list of `of`.
    fn element(&mut self, known: &Known, of: &Each) -> Known {
        let mut element = known.clone();
        for every in known.every.iter().filter(|every| is_alike(every, of)) {
            self.learn(&mut element, &every.body);
        }
        element
    }
}

/// Whether the two speak of the elements of one list, under one name.
fn is_alike(one: &Each, other: &Each) -> bool {
    one.list == other.list && one.depth == other.depth
}

/// Whether something is known that is so only where the list has a value.
fn has_value(known: &Known, list: &str) -> bool {
    known.every.iter().chain(&known.some).any(|each| each.list == list)
        || known.sets.contains_key(&format!("size({list})"))
}

fn passes(text: &str, tests: &[(Test, bool)]) -> bool {
    tests.iter().all(|(test, matches)| test.0.is_match(text) == *matches)
}

/// What holds where `rule` does not, provided that it always has a value.
fn negated(rule: &Normal) -> Option<Normal> {
    let each = |each: &Each| {
        let body = Box::new(negated(&each.body)?);
        (!each.may_fail).then(|| Each { body, ..each.clone() })
    };
    match rule {
        Normal::Is(Condition { may_fail: true, .. }) => None,
        Normal::Is(condition) => {
            let set = condition.set.complement(true);
            Some(Normal::Is(Condition { set, ..condition.clone() }))
        }
        Normal::Every(every) => Some(Normal::Some(each(every)?)),
        Normal::Some(some) => Some(Normal::Every(each(some)?)),
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
