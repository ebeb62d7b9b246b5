//! The walk towards a document on which rules come out as wanted.

use crate::draw::{Inputs, Source};
use crate::mutate::values_at;
use crate::numbers::double_json;
use crate::path::Path;
use crate::wishes::{Atom, Atoms, Role};
use serde_json::Value;
use traverse_contract::contract::Rule;
use traverse_contract::lang::eval::{Scope, evaluate, value};
use traverse_contract::lang::typed::TypedExpr;
use traverse_contract::schema::Schema;
use traverse_contract::spec::ClauseKind;

/// What rules are evaluated on.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// The input.
    pub input: Value,
    /// The result; not for rules that hold before the function.
    pub output: Option<Value>,
}

/// What a walk is to arrive at.
#[derive(Clone, Copy)]
pub enum Goal<'g> {
    /// A rule comes to a verdict.
    Rule {
        /// The rule. Its own contract need not be the one that is drawn for.
        rule: &'g TypedExpr,
        /// The types of its contract.
        types: &'g [(String, Schema)],
        /// `true`: it holds. `false`: it does not, by being false or an error.
        holds: bool,
    },
    /// Something is so that depends on one part of the document.
    At {
        /// The part.
        path: &'g Path,
        /// Whether it is so.
        met: &'g dyn Fn(&Document) -> bool,
    },
}

/// A goal, and where to work at it.
struct Aim<'g> {
    goal: Goal<'g>,
    atoms: Vec<Atom<'g>>,
}

impl Document {
    fn meets(&self, goal: &Goal<'_>) -> bool {
        match goal {
            Goal::Rule { rule, types, holds } => {
                let scope = Scope {
                    input: (&self.input).into(),
                    output: self.output.as_ref().map(Into::into),
                    types,
                };
                matches!(evaluate(rule, scope), Ok(true)) == *holds
            }
            Goal::At { met, .. } => met(self),
        }
    }
}

/// Steps of one walk before it begins elsewhere.
const WALK: usize = 40;

impl<'c> Inputs<'c> {
    /// An input that fits the schema and lets each rule be met true and false: a draw, or a walk from one towards the
    /// verdict that was met least.
    pub fn valid(&mut self) -> Value {
        self.draft(false).input
    }

    /// An input and a result that both fit their schemas; as [`Inputs::valid`], over all rules.
    pub fn valid_call(&mut self) -> Document {
        self.draft(true)
    }

    /// An input on which every precondition holds. `None` where none was found.
    pub fn accepted(&mut self) -> Option<Value> {
        let goals = self.rules(|kind| kind == ClauseKind::Precondition);
        let found = self.solve(&goals, false, 12, &mut |_| true)?;
        Some(found.input)
    }

    /// An input and a result on which every rule holds. `None` where none was found.
    pub fn accepted_call(&mut self) -> Option<Document> {
        let goals = self.rules(|_| true);
        self.solve(&goals, true, 12, &mut |_| true)
    }

    /// A document that fits the schemas, on which all `goals` are met and which `fits` admits besides. It has a result
    /// where `with_output`. `None` where `walks` walks did not come to one.
    pub fn solve(
        &mut self,
        goals: &[Goal<'_>],
        with_output: bool,
        walks: usize,
        fits: &mut dyn FnMut(&Document) -> bool,
    ) -> Option<Document> {
        for goal in goals {
            // The rule of another contract has constants of its own.
            if let Goal::Rule { rule, types, .. } = goal
                && !types.as_ptr().eq(&self.contract.schemas.types.as_ptr())
            {
                self.source.wishes.rule(rule);
            }
        }
        let aims: Vec<Aim<'_>> = goals.iter().map(|goal| aim(*goal)).collect();
        (0..walks).find_map(|_| self.source.walk(&aims, with_output, fits))
    }

    /// The rules of the kinds that `wanted` names, each to hold.
    pub fn rules(&self, wanted: impl Fn(ClauseKind) -> bool) -> Vec<Goal<'c>> {
        let contract = self.contract;
        let clauses = contract.clauses.iter().filter(|clause| wanted(clause.source.kind));
        let rules = clauses.filter_map(|clause| match &clause.rule {
            Rule::Expression { expr, .. } => Some(expr),
            _ => None,
        });
        rules.map(|rule| Goal::Rule { rule, types: &contract.schemas.types, holds: true }).collect()
    }

    fn draft(&mut self, with_output: bool) -> Document {
        let mut draft = self.source.call(with_output);
        if self.source.rng.u8(..4) == 0 {
            return draft;
        }
        let Some((index, rule)) = self.rarest(with_output) else { return draft };
        let holds = self.met[index][0] > self.met[index][1];
        let goal = Goal::Rule { rule, types: &self.contract.schemas.types, holds };
        let aim = aim(goal);
        for _ in 0..6 {
            if draft.meets(&goal) {
                break;
            }
            self.source.towards(&aim, &mut draft);
        }
        self.met[index][usize::from(draft.meets(&goal) == holds)] += 1;
        draft
    }

    /// A rule of which one verdict was met least, of several any.
    fn rarest(&mut self, with_output: bool) -> Option<(usize, &'c TypedExpr)> {
        let contract = self.contract;
        let mut best: Option<(u32, u32, usize, &TypedExpr)> = None;
        for (index, clause) in contract.clauses.iter().enumerate() {
            let Rule::Expression { expr, .. } = &clause.rule else { continue };
            if !with_output && clause.source.kind != ClauseKind::Precondition {
                continue;
            }
            let least = self.met[index].iter().copied().min().unwrap_or(0).min(16);
            let tie = self.source.rng.u32(..);
            if best.is_none_or(|(fewest, other, ..)| (least, tie) < (fewest, other)) {
                best = Some((least, tie, index, expr));
            }
        }
        best.map(|(_, _, index, expr)| (index, expr))
    }
}

fn aim(goal: Goal<'_>) -> Aim<'_> {
    let atoms = match goal {
        Goal::Rule { rule, .. } => {
            let mut atoms = Atoms::default();
            atoms.walk(rule, &mut Vec::new());
            atoms.found.retain(|atom| !atom.paths.is_empty());
            atoms.found
        }
        Goal::At { path, .. } => vec![Atom { paths: vec![(path.clone(), Role::Value)], ..Atom::default() }],
    };
    Aim { goal, atoms }
}

impl Source<'_> {
    fn call(&mut self, with_output: bool) -> Document {
        Document { input: self.document(false), output: with_output.then(|| self.document(true)) }
    }

    fn walk(
        &mut self,
        aims: &[Aim<'_>],
        with_output: bool,
        fits: &mut dyn FnMut(&Document) -> bool,
    ) -> Option<Document> {
        let mut best = self.call(with_output);
        let missed = |document: &Document| -> Vec<usize> {
            (0..aims.len()).filter(|index| !document.meets(&aims[*index].goal)).collect()
        };
        let mut best_missed = missed(&best);
        for _ in 0..WALK {
            if best_missed.is_empty() && fits(&best) {
                return Some(best);
            }
            let mut next = best.clone();
            match self.rng.choice(best_missed.iter()) {
                Some(index) => self.towards(&aims[*index], &mut next),
                // All is met but what only `fits` knows.
                None => self.elsewhere(&mut next),
            }
            let next_missed = missed(&next);
            if next_missed.len() <= best_missed.len() {
                (best, best_missed) = (next, next_missed);
            }
        }
        (best_missed.is_empty() && fits(&best)).then_some(best)
    }

    fn elsewhere(&mut self, document: &mut Document) {
        match &mut document.output {
            Some(output) if self.rng.bool() => *output = self.near(output, true),
            _ => document.input = self.near(&document.input, false),
        }
    }

    /// Changes the document at one part that the goal's rule reads.
    fn towards(&mut self, aim: &Aim<'_>, document: &mut Document) {
        let Some(atom) = self.rng.choice(&aim.atoms) else { return self.elsewhere(document) };
        let parts: Vec<&(Path, Role)> =
            atom.paths.iter().filter(|(path, _)| !path.output || document.output.is_some()).collect();
        let Some(part) = self.rng.choice(parts.iter().copied()) else {
            return self.elsewhere(document);
        };
        let mut others = Vec::new();
        for (other, _) in parts.iter().filter(|other| **other != part) {
            let root = if other.output { document.output.as_ref() } else { Some(&document.input) };
            if let Some(root) = root {
                values_at(root, &other.steps, &mut others);
            }
        }
        let mut others: Vec<Value> = others.into_iter().filter(|other| !other.is_object()).cloned().collect();
        others.extend(joined(&others));
        // What one side of a comparison comes to is what the other should be, or nearly.
        let scope = Scope {
            input: (&document.input).into(),
            output: document.output.as_ref().map(Into::into),
            types: self.types,
        };
        others.extend(atom.sides.iter().filter_map(|side| value(side, scope).ok()));
        let root = if part.0.output { document.output.as_ref() } else { Some(&document.input) };
        let mut now = Vec::new();
        if let Some(root) = root {
            values_at(root, &part.0.steps, &mut now);
        }
        if let Some(now) = now.first().and_then(|now| now.as_f64()) {
            others.extend(atom.computed.iter().flat_map(|sides| levelled(now, sides, scope)));
        }
        match (part.0.output, &mut document.output) {
            (true, Some(output)) => self.aim(output, part, &others),
            _ => self.aim(&mut document.input, part, &others),
        }
    }
}

/// What a number may have to be for two sides that are computed from it to be equal: more or less by what they part in
/// (which serves `+`, `-` and `%`), or in the proportion of both.
fn levelled(now: f64, (left, right): &(&TypedExpr, &TypedExpr), scope: Scope<'_>) -> Vec<Value> {
    let number = |side: &TypedExpr| value(side, scope).ok().and_then(|value| value.as_f64());
    let (Some(left), Some(right)) = (number(left), number(right)) else { return Vec::new() };
    let parted = right - left;
    let mut made = vec![now + parted, now - parted];
    if left != 0.0 && right != 0.0 {
        made.extend([now * right / left, now * left / right]);
    }
    made.into_iter().filter(|made| made.is_finite()).map(double_json).collect()
}

/// What sums of several parts come to: texts after one another, numbers added and taken away.
fn joined(others: &[Value]) -> Vec<Value> {
    if others.len() < 2 {
        return Vec::new();
    }
    let texts: Vec<&str> = others.iter().filter_map(Value::as_str).collect();
    let numbers: Vec<f64> = others.iter().filter_map(Value::as_f64).collect();
    let mut joined = Vec::new();
    if texts.len() > 1 {
        joined.push(Value::String(texts.concat()));
    }
    if let [first, rest @ ..] = numbers.as_slice()
        && !rest.is_empty()
    {
        let sum: f64 = rest.iter().sum();
        joined.extend([first + sum, first - sum].map(double_json));
        joined.push(double_json(numbers.iter().product()));
    }
    joined
}
