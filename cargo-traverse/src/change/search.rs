//! Looking for what one contract accepts and the other does not.

use super::{Example, Side};
use serde_json::Value;
use std::cell::Cell;
use traverse_contract::Contract;
use traverse_contract::lang::typed::TypedExpr;
use traverse_contract::outcome::FoundBy;
use traverse_contract::schema::{Schema, SchemaKind};
use traverse_contract::spec::ClauseKind;
use traverse_inputs::{Document, Goal, Inputs, shrink};

/// Equal contracts give equal reports.
const SEED: u64 = 1;

/// How many walks are made before a search is given up.
const WALKS: usize = 60;

/// How much all proofs and searches of one comparison may look at, in rules of 32 bytes and fours of schemas: some
/// seconds.
const MAX_WORK: u64 = 60_000;

/// The two contracts of a comparison.
pub(crate) struct Search<'c> {
    pub(crate) old: &'c Contract,
    pub(crate) new: &'c Contract,
    /// What is left of the work that the whole comparison may take.
    left: Cell<u64>,
    /// What one proof or one search takes: it looks at the rules of both.
    each: u64,
}

impl<'c> Search<'c> {
    pub(crate) fn between(old: &'c Contract, new: &'c Contract) -> Search<'c> {
        Search { old, new, left: Cell::new(MAX_WORK), each: size(old) + size(new) }
    }

    /// Whether there is work left for one more proof or search, which is then taken (spec `CHANGE-14`).
    pub(crate) fn may_work(&self) -> bool {
        let left = self.left.get().checked_sub(self.each);
        self.left.set(left.unwrap_or(0));
        left.is_some()
    }

    pub(crate) fn of(&self, side: Side) -> &'c Contract {
        match side {
            Side::Old => self.old,
            Side::New => self.new,
        }
    }

    /// The smallest input found that `giver` accepts and of which `says` has something to say, with that. `goals` guide
    /// the search; properties that the giver's schema does not know are drawn where `strangers`.
    pub(crate) fn input(
        &self,
        giver: Side,
        goals: &[Goal<'_>],
        strangers: bool,
        says: &dyn Fn(&Value) -> Option<String>,
    ) -> Option<Example> {
        if !self.may_work() {
            return None;
        }
        let contract = self.of(giver);
        let mut inputs = Inputs::new(contract, SEED);
        if !strangers {
            inputs = inputs.without_strangers();
        }
        inputs.heed(self.of(giver.other()));
        let mut all = inputs.rules(|kind| kind == ClauseKind::Precondition);
        all.extend_from_slice(goals);
        let found = inputs.solve(&all, false, WALKS, &mut |document| says(&document.input).is_some())?;
        let input = shrink(found.input, |input| accepts_input(contract, input) && says(input).is_some());
        let refused_because = says(&input)?;
        Some(Example { accepted_by: giver, input, result: None, refused_because })
    }

    /// The smallest call found whose input both contracts accept and whose result `giver` accepts, and of which `says`
    /// has something to say, with that.
    pub(crate) fn call(
        &self,
        giver: Side,
        goals: &[Goal<'_>],
        says: &dyn Fn(&Document) -> Option<String>,
    ) -> Option<Example> {
        if !self.may_work() {
            return None;
        }
        let mut inputs = Inputs::new(self.old, SEED).with_output_of(self.of(giver)).without_strangers();
        inputs.heed(self.new);
        let giving = self.of(giver);
        let mut all = Vec::new();
        for contract in [self.old, self.new] {
            all.extend(rules(contract, |kind| kind == ClauseKind::Precondition));
        }
        all.extend(rules(giving, |kind| kind != ClauseKind::Precondition));
        all.extend(giving.exceptions.iter().filter_map(|exception| {
            let (rule, _) = exception.when.as_ref()?;
            Some(Goal::Rule { rule, types: &giving.schemas.types, holds: false })
        }));
        all.extend_from_slice(goals);
        let is_given = |document: &Document| {
            accepts_input(self.old, &document.input)
                && accepts_input(self.new, &document.input)
                && document.output.as_ref().is_some_and(|output| accepts(giving, &document.input, output))
        };
        let shows = |document: &Document| is_given(document) && says(document).is_some();
        let found = inputs.solve(&all, true, WALKS, &mut |document| shows(document))?;
        let pair = Value::Array(vec![found.input, found.output?]);
        let document = |pair: &Value| match pair.as_array().map(Vec::as_slice) {
            Some([input, output]) => Some(Document { input: input.clone(), output: Some(output.clone()) }),
            _ => None,
        };
        let smallest = document(&shrink(pair, |pair| document(pair).is_some_and(|pair| shows(&pair))))?;
        let refused_because = says(&smallest)?;
        Some(Example { accepted_by: giver, input: smallest.input, result: smallest.output, refused_because })
    }
}

/// How much one proof or one search looks at: the rules, and the values that are drawn for the schemas.
fn size(contract: &Contract) -> u64 {
    let clauses = contract.clauses.iter().map(|clause| clause.source.rule.value.len());
    let conditions = contract.exceptions.iter().filter_map(|exception| exception.source.when.as_ref());
    let rules: u64 =
        clauses.chain(conditions.map(|when| when.value.len())).map(|bytes| 1 + bytes as u64 / 32).sum();
    let schemas = &contract.schemas;
    let named = schemas.types.iter().map(|(_, schema)| schema);
    let schemas: u64 = [&schemas.input, &schemas.output].into_iter().chain(named).map(schema_size).sum();
    rules + schemas / 4 + 1
}

/// How many schemas stand in a schema, itself included.
fn schema_size(schema: &Schema) -> u64 {
    1 + match &schema.kind {
        SchemaKind::Nullable(of) | SchemaKind::Array(of, _) | SchemaKind::Map(of, _) => schema_size(of),
        SchemaKind::Tuple(items) => items.iter().map(schema_size).sum(),
        SchemaKind::Object(object) => {
            object.properties.iter().map(|property| schema_size(&property.schema)).sum()
        }
        _ => 0,
    }
}

impl Side {
    pub(crate) fn other(self) -> Side {
        match self {
            Side::Old => Side::New,
            Side::New => Side::Old,
        }
    }
}

/// The rules of some kinds, each to hold.
fn rules(contract: &Contract, wanted: impl Fn(ClauseKind) -> bool) -> Vec<Goal<'_>> {
    Inputs::new(contract, SEED).rules(wanted)
}

/// A rule of `contract` that is not to hold.
pub(crate) fn broken<'c>(contract: &'c Contract, rule: &'c TypedExpr) -> Goal<'c> {
    Goal::Rule { rule, types: &contract.schemas.types, holds: false }
}

/// Whether a call with this input comes to the function.
pub(crate) fn accepts_input(contract: &Contract, input: &Value) -> bool {
    contract.check_input(input).is_ok() && contract.check_preconditions(input, FoundBy::Host).is_ok()
}

/// Whether this result of an accepted input is a normal one.
fn accepts(contract: &Contract, input: &Value, output: &Value) -> bool {
    contract.check_output(output, FoundBy::Host).is_ok()
        && contract.check_result(input, output, FoundBy::Host).is_ok()
        && contract.check_exceptions(input, None).is_ok()
}
