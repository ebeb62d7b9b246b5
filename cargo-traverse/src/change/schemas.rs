//! Schemas: what the input may be and what the result may hold, place by place (spec `CHANGE-7`).
//!
//! An input that narrows and a result that widens are breaking, the reverse is compatible. What callers send and what
//! the module gives are the properties that their schema knows: one that it does not know is nobody's promise.

use super::inclusion::{self, Inclusion};
use super::places::{below, is_at, said_at, shown};
use super::search::Search;
use super::version::Judgement;
use super::{Change, Example, Side};
use serde_json::Value;
use traverse_contract::Contract;
use traverse_contract::number::number_text;
use traverse_contract::schema::validate::validate;
use traverse_contract::schema::{
    LengthBounds, NumberBounds, ObjectSchema, Schema, SchemaKind, StringBounds, resolve,
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
            (SchemaKind::Integer(one), SchemaKind::Integer(other)) => {
                self.numbers(one, other, true, path, input)
            }
            (SchemaKind::Number(one), SchemaKind::Number(other)) => {
                self.numbers(one, other, false, path, input)
            }
            (SchemaKind::String(one), SchemaKind::String(other)) => {
                self.lengths(&one.length, &other.length, ["minLength", "maxLength"], path, input);
                self.patterns(one, other, path, input);
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
            (SchemaKind::Tuple(one), SchemaKind::Tuple(other)) if one.len() == other.len() => {
                for (at, (one, other)) in one.iter().zip(other).enumerate() {
                    self.schema(one, other, &below(path, Step::Item(at)), input);
                }
            }
            (SchemaKind::Null, SchemaKind::Null) => {}
            (SchemaKind::Nullable(one), SchemaKind::Nullable(other)) => self.schema(one, other, path, input),
            (SchemaKind::Nullable(one), kind) if *kind != SchemaKind::Null => {
                let drift = Drift { narrower: true, wider: false };
                self.report(path, input, drift, "no longer null".into(), None);
                self.schema(one, new, path, input);
            }
            (kind, SchemaKind::Nullable(other)) if *kind != SchemaKind::Null => {
                let drift = Drift { narrower: false, wider: true };
                self.report(path, input, drift, "now also null".into(), None);
                self.schema(old, other, path, input);
            }
            (one, other) if same(one, other) => {}
            (one, other) => {
                let (was, is) = (noun(one), noun(other));
                // Of types that have nothing in common no proof is needed.
                let drift = self.drift(old, new);
                let certain = !(is_kin(one, other) || is_kin(other, one));
                self.settle(path, input, drift, certain, "another type", Some((was, is)));
            }
        }
    }

    /// How what is admitted changed, as far as it is not proved that it did not.
    fn drift(&self, old: &Schema, new: &Schema) -> Drift {
        let (one, other) = (&self.search.old.schemas, &self.search.new.schemas);
        Drift {
            narrower: !Inclusion { one, other }.holds(old, new),
            wider: !Inclusion { one: other, other: one }.holds(new, old),
        }
    }

    /// Notes a drift of which a breaking direction may be only not disproved: `certain` where it is no question, else an
    /// example decides.
    fn settle(
        &mut self,
        path: &Path,
        input: bool,
        drift: Drift,
        certain: bool,
        what: &str,
        said: Option<(String, String)>,
    ) {
        if drift == Drift::default() {
            let same = Change::new(shown(path), Judgement::Text, "the same in other words");
            let (old, new) = said.unzip();
            return self.found.push(same.between(old, new));
        }
        self.report(path, input, drift, what.into(), said);
        if let Some(change) = self.found.last_mut()
            && change.judgement == Judgement::Breaking
            && change.example.is_none()
            && !certain
        {
            change.judgement = Judgement::NotDecided;
            change.why = Some("neither a proof nor an example was found".into());
        }
    }

    fn patterns(&mut self, one: &StringBounds, other: &StringBounds, path: &Path, input: bool) {
        let (was, is) = (one.pattern.as_ref(), other.pattern.as_ref());
        if was == is {
            return;
        }
        let drift = Drift { narrower: !inclusion::patterns(was, is), wider: !inclusion::patterns(is, was) };
        let what = match (drift.narrower, drift.wider) {
            (true, true) => "another pattern",
            (true, false) => "narrower",
            _ => "wider",
        };
        let said = |bounds: &StringBounds| match &bounds.pattern {
            Some(pattern) => format!("pattern {}", pattern.source()),
            None => "no pattern".to_owned(),
        };
        // Lengths may leave nothing of a difference between patterns.
        let free = LengthBounds::default();
        let certain = (was.is_none() || is.is_none()) && one.length == free && other.length == free;
        self.settle(path, input, drift, certain, what, Some((said(one), said(other))));
    }

    fn numbers(&mut self, old: &NumberBounds, new: &NumberBounds, whole: bool, path: &Path, input: bool) {
        let drift = Drift {
            narrower: !inclusion::numbers(old, new, [whole; 2]),
            wider: !inclusion::numbers(new, old, [whole; 2]),
        };
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
        let drift = Drift { narrower: !inclusion::lengths(old, new), wider: !inclusion::lengths(new, old) };
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

/// `minimum 1, maximum 10`, or `no bounds`.
fn words(bounds: &[(&str, Option<String>)]) -> String {
    let written: Vec<String> =
        bounds.iter().filter_map(|(name, bound)| Some(format!("{name} {}", bound.as_ref()?))).collect();
    if written.is_empty() { "no bounds".to_owned() } else { written.join(", ") }
}

fn same(one: &SchemaKind, other: &SchemaKind) -> bool {
    super::terms::spanless(&format!("{one:?}")) == super::terms::spanless(&format!("{other:?}"))
}

fn noun(kind: &SchemaKind) -> String {
    let noun = match kind {
        SchemaKind::Boolean(_) => "a boolean",
        SchemaKind::Integer(_) => "an integer",
        SchemaKind::Number(_) => "a number",
        SchemaKind::String(_) => "a string",
        SchemaKind::Enum(_) => "one of a set of strings",
        SchemaKind::Array(..) => "an array",
        SchemaKind::Tuple(items) => return format!("an array of {}", items.len()),
        SchemaKind::Object(_) => "an object",
        SchemaKind::Map(..) => "a map",
        SchemaKind::Null => "null",
        SchemaKind::Nullable(_) => "a value or null",
        SchemaKind::Ref(_) => "a reference",
    };
    noun.to_owned()
}

/// Whether some values may be of both.
fn is_kin(one: &SchemaKind, other: &SchemaKind) -> bool {
    use SchemaKind::{Array, Enum, Integer, Map, Nullable, Number, Object, String, Tuple};
    matches!(
        (one, other),
        (Integer(_), Number(_))
            | (Enum(_), String(_))
            | (Tuple(_), Array(..))
            | (Object(_), Map(..))
            | (Nullable(_), _)
    )
}
