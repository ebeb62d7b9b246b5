//! Whether a JSON value fits a schema (spec `SCHEMA`), as the host decides it before and after a call. The generated
//! guest code decides the same, in the same words and the same order.

mod unique;

pub use unique::keep_different;

use super::fit::{check_bounds, check_length, kind_noun};
use super::words;
use super::{NumberBounds, ObjectSchema, Property, Schema, SchemaKind, Schemas};
use crate::json::{ObjectRef, ValueRef, pointer_join};
use crate::outcome::Rejection;
use serde_json::Number;

/// Checks `value` against `schema`, whose references `schemas` resolves.
///
/// # Errors
///
/// The first thing that does not fit, in document order; a missing property comes after the present ones of its
/// object (spec SCHEMA-20).
pub fn validate<'a>(
    schemas: &Schemas,
    schema: &Schema,
    value: impl Into<ValueRef<'a>>,
) -> Result<(), Rejection> {
    check(schemas, schema, value.into(), "").map_err(|misfit| {
        let Found { steps, message } = *misfit.0;
        let at = steps.iter().rev().fold(String::new(), |at, step| pointer_join(&at, step));
        Rejection { at, message }
    })
}

/// What does not fit; the steps to it are collected from the inside out, so that a fit costs nothing.
struct Misfit(Box<Found>);

struct Found {
    steps: Vec<String>,
    message: String,
}

impl Misfit {
    fn here<T>(message: impl Into<String>) -> Result<T, Misfit> {
        Err(Misfit(Box::new(Found { steps: Vec::new(), message: message.into() })))
    }

    fn under(mut self, step: impl Into<String>) -> Misfit {
        self.0.steps.push(step.into());
        self
    }
}

impl From<String> for Misfit {
    fn from(message: String) -> Misfit {
        Misfit(Box::new(Found { steps: Vec::new(), message }))
    }
}

/// `or_null` is what a message says of a schema around that admits null besides.
fn check(schemas: &Schemas, schema: &Schema, value: ValueRef<'_>, or_null: &str) -> Result<(), Misfit> {
    match (&schemas.resolve(schema).kind, value) {
        (SchemaKind::Null | SchemaKind::Nullable(_), ValueRef::Null) => Ok(()),
        (SchemaKind::Nullable(inner), value) => check(schemas, inner, value, words::OR_NULL),
        (SchemaKind::Boolean(only), ValueRef::Bool(value)) => match only {
            Some(only) if *only != value => Misfit::here(words::must_be(*only)),
            _ => Ok(()),
        },
        (SchemaKind::Integer(bounds), ValueRef::Number(number)) => check_integer(bounds, number, or_null),
        (SchemaKind::Number(bounds), ValueRef::Number(number)) => {
            // Every JSON number is finite as a double.
            let number = number.as_f64().unwrap_or_default();
            Ok(check_bounds(bounds, |bound| number.partial_cmp(&bound), |_| true)?)
        }
        (SchemaKind::String(bounds), ValueRef::String(text)) => {
            check_length(&bounds.length, "characters", || text.chars().count() as u64)?;
            match &bounds.pattern {
                Some(pattern) if !pattern.is_match(text) => {
                    Misfit::here(format!("must match `{}`", pattern.source()))
                }
                _ => Ok(()),
            }
        }
        (SchemaKind::Enum(values), ValueRef::String(text)) => {
            if values.iter().any(|known| known == text) {
                return Ok(());
            }
            Misfit::here(words::one_of_texts(values))
        }
        (SchemaKind::Array(items, bounds), ValueRef::Array(elements)) => {
            for (index, element) in elements.iter().enumerate() {
                check(schemas, items, element, "").map_err(|misfit| misfit.under(index.to_string()))?;
            }
            check_length(&bounds.length, "items", || elements.len() as u64)?;
            if bounds.unique && !unique::all_differ(&schemas.types, items, elements.iter()) {
                return Misfit::here(words::NOT_UNIQUE);
            }
            Ok(())
        }
        (SchemaKind::Tuple(items), ValueRef::Array(elements)) => {
            for (index, (item, element)) in items.iter().zip(elements.iter()).enumerate() {
                check(schemas, item, element, "").map_err(|misfit| misfit.under(index.to_string()))?;
            }
            if items.len() == elements.len() {
                return Ok(());
            }
            Misfit::here(format!("must have exactly {} items", items.len()))
        }
        (SchemaKind::Object(object), ValueRef::Object(fields)) => check_object(schemas, object, fields),
        (SchemaKind::Map(values, bounds), ValueRef::Object(fields)) => {
            for (key, field) in fields.iter() {
                check(schemas, values, field, "").map_err(|misfit| misfit.under(key))?;
            }
            Ok(check_length(bounds, "properties", || fields.len() as u64)?)
        }
        // The spec's reader admits no reference that leads nowhere.
        (SchemaKind::Ref(name), _) => Misfit::here(format!("there is no type `{name}`")),
        (kind, found) => Misfit::here(words::expected(kind_noun(kind), or_null, value_noun(found))),
    }
}

fn check_object(schemas: &Schemas, object: &ObjectSchema, fields: ObjectRef<'_>) -> Result<(), Misfit> {
    let mut required = object.properties.iter().filter(|property| property.required).count();
    for (name, field) in fields.iter() {
        match object.property(name) {
            Some(property) => {
                check(schemas, &property.schema, field, "").map_err(|misfit| misfit.under(name))?;
                required -= usize::from(property.required);
            }
            None if object.additional => {}
            None => return Misfit::here("unknown property").map_err(|misfit: Misfit| misfit.under(name)),
        }
    }
    if required == 0 {
        return Ok(());
    }
    let missing = |property: &&Property| property.required && fields.get(&property.name).is_none();
    match object.properties.iter().find(missing) {
        Some(missing) => Misfit::here(format!("required property `{}` is missing", missing.name)),
        None => Ok(()),
    }
}

fn check_integer(bounds: &NumberBounds, number: &Number, or_null: &str) -> Result<(), Misfit> {
    let Some(integer) = as_integer(number)? else {
        return Misfit::here(words::expected("an integer", or_null, "a number with a fraction"));
    };
    // Bounds of an integer schema are whole and within 2^53, so the comparison is exact.
    let is_multiple = |step| integer % step as i64 == 0;
    Ok(check_bounds(bounds, |bound| Some(integer.cmp(&(bound as i64))), is_multiple)?)
}

/// The number as an `i64`, however it is written; `None` if it has a fraction.
fn as_integer(number: &Number) -> Result<Option<i64>, Misfit> {
    const TWO_TO_63: f64 = 9_223_372_036_854_775_808.0;
    if let Some(integer) = number.as_i64() {
        return Ok(Some(integer));
    }
    match number.as_f64().filter(|_| !number.is_u64()) {
        Some(double) if double.fract() != 0.0 => Ok(None),
        Some(double) if (-TWO_TO_63..TWO_TO_63).contains(&double) => Ok(Some(double as i64)),
        _ => Misfit::here("integer out of range"),
    }
}

fn value_noun(value: ValueRef<'_>) -> &'static str {
    match value {
        ValueRef::Null => "null",
        ValueRef::Bool(_) => "a boolean",
        ValueRef::Number(_) => "a number",
        ValueRef::String(_) => "a string",
        ValueRef::Array(_) => "an array",
        ValueRef::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests;
