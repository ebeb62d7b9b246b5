//! What is known of a value from its place in the documents alone: the schemas of both contracts, which it fits.

use super::sets::{Set, Span, Test};
use std::collections::BTreeMap;
use traverse_contract::schema::{Schema, SchemaKind, Schemas, resolve_value};
use traverse_inputs::{Path, Step};

/// What is known of expressions, by their words. What may be absent or null is, where it is neither, one of these values:
/// a checked rule looks at it only then.
#[derive(Debug, Clone, Default)]
pub(crate) struct Domains {
    /// The values that each may have.
    pub(crate) sets: BTreeMap<String, Set>,
    /// The patterns that each matches.
    pub(crate) tests: BTreeMap<String, Vec<Test>>,
}

impl Domains {
    /// Adds what is known of a value at `path`, called `term`, in one of the contracts.
    pub(crate) fn learn(&mut self, term: &str, schemas: &Schemas, path: &Path) {
        let Some(schema) = schema_at(schemas, path) else { return };
        let kind = &schemas.resolve_value(schema).kind;
        if let Some(values) = values(kind) {
            self.also(term, values);
        }
        if let Some(sizes) = sizes(kind) {
            self.also(&format!("size({term})"), sizes);
        }
        if let SchemaKind::String(bounds) = kind
            && let Some(pattern) = &bounds.pattern
        {
            let tests = self.tests.entry(term.to_owned()).or_default();
            let test = Test(pattern.clone());
            if !tests.contains(&test) {
                tests.push(test);
            }
        }
    }

    /// One of these values, besides what is known.
    pub(crate) fn also(&mut self, term: &str, values: Set) {
        let both = self.sets.get(term).and_then(|known| known.and(&values)).unwrap_or(values);
        self.sets.insert(term.to_owned(), both);
    }

    /// What both know; they speak of the same documents.
    pub(crate) fn join(&mut self, other: Domains) {
        for (term, values) in other.sets {
            self.also(&term, values);
        }
        for (term, tests) in other.tests {
            let known = self.tests.entry(term).or_default();
            known.extend(tests.into_iter().filter(|test| !known.contains(test)).collect::<Vec<_>>());
        }
    }
}

/// The schema of a part of the input or the result, if this contract knows it.
pub(crate) fn schema_at<'c>(schemas: &'c Schemas, path: &Path) -> Option<&'c Schema> {
    let mut schema = if path.output { &schemas.output } else { &schemas.input };
    for step in &path.steps {
        schema = match (&resolve_value(&schemas.types, schema).kind, step) {
            (SchemaKind::Object(object), Step::Field(name)) => &object.property(name)?.schema,
            (SchemaKind::Array(items, _), Step::Element) => items,
            (SchemaKind::Map(values, _), Step::Element) => values,
            (SchemaKind::Tuple(items), Step::Item(at)) => items.get(*at)?,
            _ => return None,
        };
    }
    Some(schema)
}

/// The values of a schema, where they are a set that can be spoken of.
fn values(kind: &SchemaKind) -> Option<Set> {
    match kind {
        SchemaKind::Integer(bounds) | SchemaKind::Number(bounds) => {
            let whole = matches!(kind, SchemaKind::Integer(_));
            let least = Span {
                low: bounds.minimum.unwrap_or(f64::NEG_INFINITY),
                high: bounds.maximum.unwrap_or(f64::INFINITY),
                ..Span::ALL
            };
            let beyond = Span {
                low: bounds.exclusive_minimum.unwrap_or(f64::NEG_INFINITY),
                low_open: true,
                high: bounds.exclusive_maximum.unwrap_or(f64::INFINITY),
                high_open: true,
            };
            let bounded =
                Set::numbers(vec![least], whole, false).and(&Set::numbers(vec![beyond], whole, false))?;
            if bounds.among.is_empty() {
                return Some(bounded);
            }
            let points = bounds.among.iter().map(|number| Span::point(*number)).collect();
            bounded.and(&Set::numbers(points, whole, false))
        }
        SchemaKind::Boolean(Some(only)) => Some(Set::truth(*only)),
        SchemaKind::Enum(members) => Some(Set::texts(members.iter().cloned())),
        _ => None,
    }
}

/// The sizes of what a schema admits.
fn sizes(kind: &SchemaKind) -> Option<Set> {
    let bounds = match kind {
        SchemaKind::String(bounds) => &bounds.length,
        SchemaKind::Map(_, bounds) => bounds,
        SchemaKind::Array(_, bounds) => &bounds.length,
        SchemaKind::Tuple(items) => {
            return Some(Set::numbers(vec![Span::point(items.len() as f64)], true, false));
        }
        _ => return None,
    };
    let span = Span {
        low: bounds.min.unwrap_or(0) as f64,
        high: bounds.max.map_or(f64::INFINITY, |max| max as f64),
        ..Span::ALL
    };
    Some(Set::numbers(vec![span], true, false))
}
