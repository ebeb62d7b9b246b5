//! Parts of the input and the result: their names, what a schema says of them, and what a rejection is about.

use serde_json::Value;
use traverse_contract::Contract;
use traverse_contract::outcome::Rejection;
use traverse_contract::schema::{Schema, SchemaKind, Schemas};
use traverse_inputs::{Path, Step};

/// The part one step further down.
pub(crate) fn below(path: &Path, step: Step) -> Path {
    let mut path = path.clone();
    path.steps.push(step);
    path
}

/// Whether a rejection is about this place, or about its absence.
pub(crate) fn is_at(rejection: &Rejection, path: &Path, value: &Value) -> bool {
    let pointer: Vec<String> =
        rejection.at.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~")).collect();
    let fits = |steps: &[Step]| {
        pointer.len() == steps.len()
            && pointer.iter().zip(steps).all(|(pointer, step)| match step {
                Step::Field(name) => name == pointer,
                // An element of a list, or the value of a key.
                Step::Element => true,
                Step::Item(at) => *pointer == at.to_string(),
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

pub(crate) fn said_at(rejection: &Rejection) -> String {
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
            Step::Item(at) => text.push_str(&format!("[{at}]")),
        }
    }
    text
}

/// The first step of a path that a contract's schema does not know.
pub(crate) fn unknown_step(contract: &Contract, path: &Path) -> Option<usize> {
    let schemas = &contract.schemas;
    let mut schema = root(schemas, path);
    for (index, step) in path.steps.iter().enumerate() {
        schema = match (&schemas.resolve_value(schema).kind, step) {
            (SchemaKind::Object(object), Step::Field(name)) => match object.property(name) {
                Some(property) => &property.schema,
                None => return Some(index),
            },
            (SchemaKind::Array(items, _), Step::Element) => items,
            (SchemaKind::Map(values, _), _) => values,
            (SchemaKind::Tuple(items), Step::Item(at)) => items.get(*at)?,
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
        (schema, required) = match (&schemas.resolve_value(schema).kind, step) {
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
