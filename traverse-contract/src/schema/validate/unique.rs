//! `uniqueItems` (spec SCHEMA-33): whether two items are the same value as the contract sees values. Numbers are what
//! their schema makes of them, of objects the properties of the schema count.

use crate::json::ValueRef;
use crate::lang::eval::as_int;
use crate::schema::{Schema, SchemaKind, resolve};
use serde_json::Value;
use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;

/// `items` fit their schema. Their texts are compared, so that the time grows with the text and not with its square.
pub(super) fn all_differ<'a>(
    types: &[(String, Schema)],
    schema: &Schema,
    mut items: impl Iterator<Item = ValueRef<'a>>,
) -> bool {
    let mut seen = HashSet::new();
    items.all(|item| seen.insert(text(types, schema, item)))
}

/// Takes out of `items`, which fit the schema `of` items, those that are the same value as one before.
pub fn keep_different(types: &[(String, Schema)], of: &Schema, items: &mut Vec<Value>) {
    let mut seen = HashSet::with_capacity(items.len());
    items.retain(|item| seen.insert(text(types, of, item.into())));
}

fn text(types: &[(String, Schema)], schema: &Schema, item: ValueRef<'_>) -> String {
    let mut text = String::new();
    write(types, schema, item, &mut text);
    text
}

/// Equal texts for equal values.
fn write(types: &[(String, Schema)], schema: &Schema, value: ValueRef<'_>, out: &mut String) {
    match (&resolve(types, schema).kind, value) {
        (SchemaKind::Integer(_), ValueRef::Number(number)) => {
            let _ = write!(out, "{}", as_int(number).unwrap_or_default());
        }
        (SchemaKind::Number(_), ValueRef::Number(number)) => {
            // There is one zero.
            let _ = write!(out, "{:e}", number.as_f64().unwrap_or_default() + 0.0);
        }
        (SchemaKind::Nullable(schema), value) if !value.is_null() => write(types, schema, value, out),
        (SchemaKind::Tuple(items), ValueRef::Array(values)) => {
            out.push('[');
            for (item, value) in items.iter().zip(values.iter()) {
                write(types, item, value, out);
                out.push(',');
            }
            out.push(']');
        }
        (SchemaKind::Array(items, _), ValueRef::Array(values)) => {
            out.push('[');
            for value in values.iter() {
                write(types, items, value, out);
                out.push(',');
            }
            out.push(']');
        }
        (SchemaKind::Object(object), ValueRef::Object(values)) => {
            out.push('{');
            for (at, property) in object.properties.iter().enumerate() {
                if let Some(value) = values.get(&property.name) {
                    let _ = write!(out, "{at}:");
                    write(types, &property.schema, value, out);
                    out.push(',');
                }
            }
            out.push('}');
        }
        (SchemaKind::Map(of, _), ValueRef::Object(values)) => {
            // A map has no order of its own.
            let values: BTreeMap<&str, ValueRef<'_>> = values.iter().collect();
            out.push('{');
            for (key, value) in values {
                let _ = write!(out, "{key:?}:");
                write(types, of, value, out);
                out.push(',');
            }
            out.push('}');
        }
        (_, ValueRef::String(text)) => {
            let _ = write!(out, "{text:?}");
        }
        _ => {
            let _ = write!(out, "{}", value.to_value());
        }
    }
}
