//! Schemas: what the input may be and what the result may hold, place by place (spec `CHANGE-7`).
//!
//! An input that narrows and a result that widens are breaking, the reverse is compatible. What callers send and what
//! the module gives are the properties that their schema knows: one that it does not know is nobody's promise.

use super::search::Search;
use super::version::Judgement;
use super::{Change, Example, Side};
use serde_json::Value;
use traverse_contract::Contract;
use traverse_contract::number::number_text;
use traverse_contract::outcome::Rejection;
use traverse_contract::schema::validate::validate;
use traverse_contract::schema::{
    LengthBounds, NumberBounds, ObjectSchema, Schema, SchemaKind, Schemas, StringBounds, resolve,
};
use traverse_inputs::{Document, Goal, Path, Step};

/// Every place of input and result whose schema changed; one entry for each that did not at all.
pub(crate) fn compare(search: &Search<'_>) -> Vec<Change> {
    let mut changes = Vec::new();
    for output in [false, true] {
        let schema = |contract: &Contract| match output {
            true => contract.schemas.output.clone(),
            false => contract.schemas.input.clone(),
        };
        let root = Path { output, steps: Vec::new() };
        let mut found = Vec::new();
        let (old, new) = (schema(search.old), schema(search.new));
        Walk { search, pairs: Vec::new(), found: &mut found, searched: true }
            .schema(&old, &new, &root, !output);
        if found.is_empty() {
            found.push(Change::new(shown(&root), Judgement::Identical, "schema identical"));
        }
        changes.extend(found);
    }
    changes
}

/// The changes of the `details` of an exception, which come out of a call as results do.
pub(crate) fn details(search: &Search<'_>, old: &Schema, new: &Schema, place: &str) -> Vec<Change> {
    let mut found = Vec::new();
    let root = Path { output: true, steps: Vec::new() };
    Walk { search, pairs: Vec::new(), found: &mut found, searched: false }.schema(old, new, &root, false);
    for change in &mut found {
        change.place = format!("{place}{}", change.place.strip_prefix("result").unwrap_or(&change.place));
    }
    found
}

/// How what is admitted changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Drift {
    /// Something is no longer admitted.
    narrower: bool,
    /// Something is admitted that was not.
    wider: bool,
}

struct Walk<'s, 'c, 'f> {
    search: &'s Search<'c>,
    /// Names of the types that are being compared: they may contain themselves.
    pairs: Vec<(String, String)>,
    found: &'f mut Vec<Change>,
    /// Whether counterexamples are looked for.
    searched: bool,
}

impl Walk<'_, '_, '_> {
    fn schema(&mut self, old: &Schema, new: &Schema, path: &Path, input: bool) {
        if let (SchemaKind::Ref(one), SchemaKind::Ref(other)) = (&old.kind, &new.kind) {
            let pair = (one.clone(), other.clone());
            if self.pairs.contains(&pair) {
                return;
            }
            self.pairs.push(pair);
        }
        let old = resolve(&self.search.old.schemas.types, old);
        let new = resolve(&self.search.new.schemas.types, new);
        if old.title != new.title || old.description != new.description {
            self.found.push(Change::new(shown(path), Judgement::Text, "its description changed"));
        }
        match (&old.kind, &new.kind) {
            (SchemaKind::Boolean(one), SchemaKind::Boolean(other)) => {
                let drift = listed(one.as_slice(), other.as_slice());
                let said =
                    |only: &Option<bool>| only.map_or("any".to_owned(), |only| format!("const {only}"));
                self.bounds(drift, said(one), said(other), path, input);
            }
            (SchemaKind::Integer(one), SchemaKind::Integer(other))
            | (SchemaKind::Number(one), SchemaKind::Number(other)) => self.numbers(one, other, path, input),
            (SchemaKind::String(one), SchemaKind::String(other)) => {
                self.lengths(&one.length, &other.length, ["minLength", "maxLength"], path, input);
                let source = |bounds: &StringBounds| {
                    bounds.pattern.as_ref().map(|pattern| pattern.source().to_owned())
                };
                match (source(one), source(other)) {
                    (was, is) if was == is => {}
                    (Some(_), Some(_)) => self.searched_only(path, input),
                    (was, is) => {
                        let drift = Drift { narrower: is.is_some(), wider: was.is_some() };
                        let said = |pattern: Option<String>| match pattern {
                            Some(pattern) => format!("pattern {pattern}"),
                            None => "no pattern".to_owned(),
                        };
                        let what = if is.is_some() { "narrower" } else { "wider" };
                        self.report(path, input, drift, what.into(), Some((said(was), said(is))));
                    }
                }
            }
            (SchemaKind::Enum(one), SchemaKind::Enum(other)) => self.members(one, other, path, input),
            (SchemaKind::Array(one, bounds), SchemaKind::Array(other, new_bounds)) => {
                self.lengths(&bounds.length, &new_bounds.length, ["minItems", "maxItems"], path, input);
                if bounds.unique != new_bounds.unique {
                    let drift = Drift { narrower: new_bounds.unique, wider: bounds.unique };
                    let what = format!("`uniqueItems` is now {}", new_bounds.unique);
                    self.report(path, input, drift, what, None);
                }
                self.schema(one, other, &below(path, Step::Element), input);
            }
            (SchemaKind::Object(one), SchemaKind::Object(other)) => self.object(one, other, path, input),
            (SchemaKind::Map(one, bounds), SchemaKind::Map(other, new_bounds)) => {
                self.lengths(bounds, new_bounds, ["minProperties", "maxProperties"], path, input);
                self.schema(one, other, &below(path, Step::Element), input);
            }
            (one, other) if same(one, other) => {}
            (one, other) if noun(one) == noun(other) || [one, other].map(noun).contains(&UNKNOWN) => {
                self.searched_only(path, input);
            }
            (one, other) => {
                let drift = match (one, other) {
                    (SchemaKind::Integer(_), SchemaKind::Number(_))
                    | (SchemaKind::Enum(_), SchemaKind::String(_)) => Drift { narrower: false, wider: true },
                    (SchemaKind::Number(_), SchemaKind::Integer(_))
                    | (SchemaKind::String(_), SchemaKind::Enum(_)) => Drift { narrower: true, wider: false },
                    _ => Drift { narrower: true, wider: true },
                };
                // Bounds of either may turn it round; what the search finds settles it.
                let (old, new) = (noun(one).to_owned(), noun(other).to_owned());
                self.report(path, input, drift, "another type".into(), Some((old, new)));
            }
        }
    }

    /// A change of a kind that is not taken apart here: what the search finds is all that is known.
    fn searched_only(&mut self, path: &Path, input: bool) {
        let giver = if input { Side::Old } else { Side::New };
        let example = self.example(path, input, giver);
        let judgement = if example.is_some() { Judgement::Breaking } else { Judgement::NotDecided };
        self.found.push(Change::new(shown(path), judgement, "changed").example(example));
    }

    fn numbers(&mut self, old: &NumberBounds, new: &NumberBounds, path: &Path, input: bool) {
        let low = |bounds: &NumberBounds| {
            let open = bounds.exclusive_minimum.map(|bound| (bound, true));
            let closed = bounds.minimum.map(|bound| (bound, false));
            // Of two the one further up; an open end above a closed one.
            [open, closed].into_iter().flatten().max_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)))
        };
        let high = |bounds: &NumberBounds| {
            let open = bounds.exclusive_maximum.map(|bound| (-bound, true));
            let closed = bounds.maximum.map(|bound| (-bound, false));
            [open, closed].into_iter().flatten().max_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)))
        };
        let mut drift = Drift::default();
        for (old, new) in [(low(old), low(new)), (high(old), high(new))] {
            let end = |bound: Option<(f64, bool)>| bound.unwrap_or((f64::NEG_INFINITY, false));
            let order = end(new).0.total_cmp(&end(old).0).then(end(new).1.cmp(&end(old).1));
            drift.narrower |= order.is_gt();
            drift.wider |= order.is_lt();
        }
        let among = listed(&old.among, &new.among);
        let multiple = multiples(old.multiple_of, new.multiple_of);
        drift.narrower |= among.narrower || multiple.narrower;
        drift.wider |= among.wider || multiple.wider;
        let said = |bounds: &NumberBounds| {
            let among: Vec<String> = bounds.among.iter().map(|number| number_text(*number)).collect();
            words(&[
                ("enum", (!among.is_empty()).then(|| format!("[{}]", among.join(", ")))),
                ("multipleOf", bounds.multiple_of.map(number_text)),
                ("minimum", bounds.minimum.map(number_text)),
                ("exclusiveMinimum", bounds.exclusive_minimum.map(number_text)),
                ("maximum", bounds.maximum.map(number_text)),
                ("exclusiveMaximum", bounds.exclusive_maximum.map(number_text)),
            ])
        };
        self.bounds(drift, said(old), said(new), path, input);
    }

    fn lengths(
        &mut self,
        old: &LengthBounds,
        new: &LengthBounds,
        names: [&str; 2],
        path: &Path,
        input: bool,
    ) {
        let (least, most) =
            (|b: &LengthBounds| b.min.unwrap_or(0), |b: &LengthBounds| b.max.unwrap_or(u64::MAX));
        let drift = Drift {
            narrower: least(new) > least(old) || most(new) < most(old),
            wider: least(new) < least(old) || most(new) > most(old),
        };
        let said = |bounds: &LengthBounds| {
            words(&[
                (names[0], bounds.min.map(|bound| bound.to_string())),
                (names[1], bounds.max.map(|bound| bound.to_string())),
            ])
        };
        self.bounds(drift, said(old), said(new), path, input);
    }

    fn bounds(&mut self, drift: Drift, old: String, new: String, path: &Path, input: bool) {
        if drift != Drift::default() {
            let what = match (drift.narrower, drift.wider) {
                (true, true) => "other bounds",
                (true, false) => "narrower",
                _ => "wider",
            };
            self.report(path, input, drift, what.into(), Some((old, new)));
        } else if old != new {
            let same = Change::new(shown(path), Judgement::Text, "the same bounds in other words");
            self.found.push(same.between(Some(old), Some(new)));
        }
    }

    fn members(&mut self, old: &[String], new: &[String], path: &Path, input: bool) {
        let missing = |from: &[String], of: &[String]| -> Vec<String> {
            let missing = of.iter().filter(|member| !from.contains(member));
            missing.map(|member| Value::from(member.as_str()).to_string()).collect()
        };
        let (gone, come) = (missing(new, old), missing(old, new));
        if gone.is_empty() && come.is_empty() {
            if old != new {
                self.found.push(Change::new(shown(path), Judgement::Text, "its members in another order"));
            }
            return;
        }
        let mut what = Vec::new();
        if !gone.is_empty() {
            what.push(format!("no longer {}", gone.join(", ")));
        }
        if !come.is_empty() {
            what.push(format!("now also {}", come.join(", ")));
        }
        let drift = Drift { narrower: !gone.is_empty(), wider: !come.is_empty() };
        self.report(path, input, drift, what.join(", "), None);
    }

    fn object(&mut self, old: &ObjectSchema, new: &ObjectSchema, path: &Path, input: bool) {
        for property in &old.properties {
            let place = below(path, Step::Field(property.name.clone()));
            match new.property(&property.name) {
                Some(other) => {
                    if property.required != other.required {
                        let what = if other.required { "now required" } else { "no longer required" };
                        let drift = Drift { narrower: other.required, wider: !other.required };
                        self.report(&place, input, drift, what.into(), None);
                    }
                    self.schema(&property.schema, &other.schema, &place, input);
                }
                // Ignored by the new contract, unless it wants to know all.
                None if input => {
                    let drift = Drift { narrower: !new.additional, wider: property.required };
                    let before = self.found.len();
                    self.report(&place, input, drift, "removed".into(), None);
                    if self.found.len() == before {
                        self.found.push(Change::new(shown(&place), Judgement::Compatible, "removed"));
                    }
                }
                None => {
                    let example = property.required.then(|| self.example(&place, input, Side::New)).flatten();
                    let change = Change::new(shown(&place), Judgement::Breaking, "removed");
                    self.found.push(change.why("callers of the old contract may read it").example(example));
                }
            }
        }
        for property in new.properties.iter().filter(|property| old.property(&property.name).is_none()) {
            let place = below(path, Step::Field(property.name.clone()));
            let what = if property.required { "added, required" } else { "added, optional" };
            if input {
                let drift = Drift { narrower: property.required, wider: true };
                self.report(&place, input, drift, what.into(), None);
            } else if old.additional {
                self.found.push(Change::new(shown(&place), Judgement::Compatible, what));
            } else {
                let drift = Drift { narrower: false, wider: true };
                self.report(&place, input, drift, what.into(), None);
            }
        }
        if old.additional != new.additional {
            let what = format!("`additionalProperties` is now {}", new.additional);
            let drift = Drift { narrower: old.additional, wider: new.additional };
            self.report(path, input, drift, what, None);
        }
    }

    /// Notes a drift, with an example where one is found: of the breaking direction first.
    fn report(
        &mut self,
        path: &Path,
        input: bool,
        drift: Drift,
        what: String,
        said: Option<(String, String)>,
    ) {
        if drift == Drift::default() {
            return;
        }
        let breaking = if input { drift.narrower } else { drift.wider };
        // Of an input the old callers' is refused; of a result the new one is what they did not expect.
        let breaking_giver = if input { Side::Old } else { Side::New };
        let giver = if breaking { breaking_giver } else { breaking_giver.other() };
        let example = self.example(path, input, giver);
        let judgement = if breaking { Judgement::Breaking } else { Judgement::Compatible };
        let mut change = Change::new(shown(path), judgement, what).example(example);
        if let Some((old, new)) = said {
            change = change.between(Some(old), Some(new));
        }
        self.found.push(change);
    }

    /// What `giver` accepts and the other schema refuses at this place.
    fn example(&self, path: &Path, input: bool, giver: Side) -> Option<Example> {
        if !self.searched {
            return None;
        }
        let other = &self.search.of(giver.other()).schemas;
        let says = |schema: &Schema, value: &Value| -> Option<String> {
            let rejection = validate(other, schema, value).err()?;
            is_at(&rejection, path, value).then(|| said_at(&rejection))
        };
        if input {
            let refused = |value: &Value| says(&other.input, value);
            let met = |document: &Document| refused(&document.input).is_some();
            let goal = Goal::At { path, met: &met };
            return [false, true]
                .into_iter()
                .find_map(|strangers| self.search.input(giver, &[goal], strangers, &refused));
        }
        let refused = |document: &Document| says(&other.output, document.output.as_ref()?);
        let met = |document: &Document| refused(document).is_some();
        self.search.call(giver, &[Goal::At { path, met: &met }], &refused)
    }
}

/// How a list of what alone is admitted changed; an empty one admits all.
fn listed<T: PartialEq>(old: &[T], new: &[T]) -> Drift {
    match (old.is_empty(), new.is_empty()) {
        (true, true) => Drift::default(),
        (true, false) => Drift { narrower: true, wider: false },
        (false, true) => Drift { narrower: false, wider: true },
        (false, false) => Drift {
            narrower: old.iter().any(|member| !new.contains(member)),
            wider: new.iter().any(|member| !old.contains(member)),
        },
    }
}

fn multiples(old: Option<f64>, new: Option<f64>) -> Drift {
    match (old, new) {
        (Some(old), Some(new)) => Drift { narrower: old % new != 0.0, wider: new % old != 0.0 },
        (old, new) => {
            Drift { narrower: new.is_some() && old.is_none(), wider: old.is_some() && new.is_none() }
        }
    }
}

fn below(path: &Path, step: Step) -> Path {
    let mut path = path.clone();
    path.steps.push(step);
    path
}

/// `minimum 1, maximum 10`, or `no bounds`.
fn words(bounds: &[(&str, Option<String>)]) -> String {
    let written: Vec<String> =
        bounds.iter().filter_map(|(name, bound)| Some(format!("{name} {}", bound.as_ref()?))).collect();
    if written.is_empty() { "no bounds".to_owned() } else { written.join(", ") }
}

fn same(one: &SchemaKind, other: &SchemaKind) -> bool {
    super::normal::spanless(&format!("{one:?}")) == super::normal::spanless(&format!("{other:?}"))
}

const UNKNOWN: &str = "another type";

fn noun(kind: &SchemaKind) -> &'static str {
    match kind {
        SchemaKind::Boolean(_) => "a boolean",
        SchemaKind::Integer(_) => "an integer",
        SchemaKind::Number(_) => "a number",
        SchemaKind::String(_) => "a string",
        SchemaKind::Enum(_) => "one of a set of strings",
        SchemaKind::Array(..) => "an array",
        SchemaKind::Object(_) => "an object",
        SchemaKind::Map(..) => "a map",
        _ => UNKNOWN,
    }
}

/// Whether a rejection is about this place, or about its absence.
fn is_at(rejection: &Rejection, path: &Path, value: &Value) -> bool {
    let pointer: Vec<String> =
        rejection.at.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~")).collect();
    let fits = |steps: &[Step]| {
        pointer.len() == steps.len()
            && pointer.iter().zip(steps).all(|(pointer, step)| match step {
                Step::Field(name) => name == pointer,
                // An element of a list, or the value of a key.
                Step::Element => true,
            })
    };
    if fits(&path.steps) {
        return true;
    }
    match path.steps.split_last() {
        Some((Step::Field(name), parent)) if fits(parent) => {
            value
                .pointer(&rejection.at)
                .is_some_and(|object| object.is_object() && object.get(name).is_none())
                && rejection.message.contains(&format!("`{name}`"))
        }
        // A property that the schema does not know is refused at its own place.
        _ => {
            rejection.message == "unknown property"
                && pointer.len() == path.steps.len() + 1
                && rejection.at.rsplit_once('/').is_some_and(|(at, _)| {
                    let parent = Rejection { at: at.to_owned(), message: String::new() };
                    is_at(&parent, path, value)
                })
        }
    }
}

fn said_at(rejection: &Rejection) -> String {
    if rejection.at.is_empty() {
        rejection.message.clone()
    } else {
        format!("`{}`: {}", rejection.at, rejection.message)
    }
}

/// `input.lines[].price`
pub(crate) fn shown(path: &Path) -> String {
    let mut text = if path.output { "result" } else { "input" }.to_owned();
    for step in &path.steps {
        match step {
            Step::Field(name) => text.extend([".", name]),
            Step::Element => text.push_str("[]"),
        }
    }
    text
}

/// The first step of a path that a contract's schema does not know.
pub(crate) fn unknown_step(contract: &Contract, path: &Path) -> Option<usize> {
    let schemas = &contract.schemas;
    let mut schema = root(schemas, path);
    for (index, step) in path.steps.iter().enumerate() {
        schema = match (&schemas.resolve(schema).kind, step) {
            (SchemaKind::Object(object), Step::Field(name)) => match object.property(name) {
                Some(property) => &property.schema,
                None => return Some(index),
            },
            (SchemaKind::Array(items, _), Step::Element) => items,
            (SchemaKind::Map(values, _), _) => values,
            // Another kind of value is not a property that is missing.
            _ => return None,
        };
    }
    None
}

/// Whether the property at the end of a path must be there.
pub(crate) fn is_required(contract: &Contract, path: &Path) -> bool {
    let schemas = &contract.schemas;
    let mut schema = root(schemas, path);
    let mut required = true;
    for step in &path.steps {
        (schema, required) = match (&schemas.resolve(schema).kind, step) {
            (SchemaKind::Object(object), Step::Field(name)) => match object.property(name) {
                Some(property) => (&property.schema, property.required),
                None => return false,
            },
            (SchemaKind::Array(items, _), Step::Element) => (items.as_ref(), false),
            (SchemaKind::Map(values, _), _) => (values.as_ref(), false),
            _ => return false,
        };
    }
    required
}

fn root<'c>(schemas: &'c Schemas, path: &Path) -> &'c Schema {
    if path.output { &schemas.output } else { &schemas.input }
}
