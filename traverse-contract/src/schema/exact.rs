//! Integers are told exactly (spec SCHEMA-6): a number that is none may have a whole number as its nearest double, which is
//! all that a [`Value`] keeps of it.

use super::{Schema, SchemaKind, Schemas};
use crate::json::Read;
use serde_json::Value;

const TWO_TO_63: f64 = 9_223_372_036_854_775_808.0;

/// The document as the schema sees it: where an integer is asked for, a number that only its nearest double makes whole, or
/// one of 64 bits, is one that is not.
pub fn seen(schemas: &Schemas, schema: &Schema, read: Read) -> Value {
    let Read { mut value, rounded } = read;
    if !rounded.is_empty() {
        let mut numbers = 0;
        see(schemas, Some(schema), &mut value, &mut |number| {
            numbers += 1;
            if rounded.binary_search(&(numbers - 1)).is_ok() {
                let is_beyond = number.as_f64().is_some_and(|double| double.abs() >= TWO_TO_63);
                *number = Value::from(if is_beyond { f64::MAX } else { 0.5 });
            }
        });
    }
    value
}

/// Shows `show` each number in the document's order, of those that are asked to be integers the number itself, of all
/// others another in its stead.
fn see(schemas: &Schemas, schema: Option<&Schema>, value: &mut Value, show: &mut impl FnMut(&mut Value)) {
    let kind = schema.map(|schema| &schemas.resolve_value(schema).kind);
    match value {
        Value::Number(_) if matches!(kind, Some(SchemaKind::Integer(_))) => show(value),
        Value::Number(_) => show(&mut Value::Null),
        Value::Array(elements) => {
            for (at, element) in elements.iter_mut().enumerate() {
                let schema = match kind {
                    Some(SchemaKind::Array(items, _)) => Some(&**items),
                    Some(SchemaKind::Tuple(items)) => items.get(at),
                    _ => None,
                };
                see(schemas, schema, element, show);
            }
        }
        Value::Object(properties) => {
            for (name, property) in properties {
                let schema = match kind {
                    Some(SchemaKind::Object(object)) => object.property(name).map(|property| &property.schema),
                    Some(SchemaKind::Map(values, _)) => Some(&**values),
                    _ => None,
                };
                see(schemas, schema, property, show);
            }
        }
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}
