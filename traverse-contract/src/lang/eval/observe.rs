//! The values that a rule read, for reports.

use super::{Scope, as_int, json};
use crate::json::{ObjectRef, ValueRef};
use crate::lang::typed::{ObservedPath, Type};
use crate::schema::{ObjectSchema, Schema, SchemaKind, resolve};
use serde_json::{Map, Number, Value};

/// The value at each path, as the static types have it: an `integer` without a fraction, a `number` as a double, of
/// an object the properties of its schema. A path that is absent is left out.
pub fn observe(paths: &[ObservedPath], scope: Scope<'_>) -> Map<String, Value> {
    let mut observed = Map::new();
    for path in paths {
        if let Ok(value) = json(&path.read, scope) {
            observed.insert(path.name.clone(), by_type(value, &path.read.ty, scope.types));
        }
    }
    observed
}

pub(super) fn by_type(value: ValueRef<'_>, ty: &Type, types: &[(String, Schema)]) -> Value {
    match (ty, value) {
        (Type::Int, ValueRef::Number(number)) => int(number),
        (Type::Number, ValueRef::Number(number)) => double(number),
        (Type::Nullable(ty), value) if !value.is_null() => by_type(value, ty, types),
        (Type::Tuple(items), ValueRef::Array(values)) => {
            Value::Array(values.iter().zip(items).map(|(value, item)| by_type(value, item, types)).collect())
        }
        (Type::List(item), ValueRef::Array(values)) => {
            Value::Array(values.iter().map(|value| by_type(value, item, types)).collect())
        }
        (Type::Object(object), ValueRef::Object(values)) => properties(values, object, types),
        (Type::Map(of), ValueRef::Object(values)) => map_by_type(values, of, types),
        _ => value.to_value(),
    }
}

fn by_schema(value: ValueRef<'_>, schema: &Schema, types: &[(String, Schema)]) -> Value {
    match (&resolve(types, schema).kind, value) {
        (SchemaKind::Integer(_), ValueRef::Number(number)) => int(number),
        (SchemaKind::Number(_), ValueRef::Number(number)) => double(number),
        (SchemaKind::Nullable(schema), value) if !value.is_null() => by_schema(value, schema, types),
        (SchemaKind::Tuple(items), ValueRef::Array(values)) => Value::Array(
            values.iter().zip(items).map(|(value, item)| by_schema(value, item, types)).collect(),
        ),
        (SchemaKind::Array(items, _), ValueRef::Array(values)) => {
            Value::Array(values.iter().map(|value| by_schema(value, items, types)).collect())
        }
        (SchemaKind::Object(object), ValueRef::Object(values)) => properties(values, object, types),
        (SchemaKind::Map(of, _), ValueRef::Object(values)) => {
            sorted(values, |value| by_schema(value, of, types))
        }
        _ => value.to_value(),
    }
}

/// A map, its keys by code point.
pub(super) fn map_by_type(values: ObjectRef<'_>, of: &Type, types: &[(String, Schema)]) -> Value {
    sorted(values, |value| by_type(value, of, types))
}

fn sorted(values: ObjectRef<'_>, shown: impl Fn(ValueRef<'_>) -> Value) -> Value {
    let mut shown: Vec<(String, Value)> =
        values.iter().map(|(key, value)| (key.to_owned(), shown(value))).collect();
    shown.sort_by(|(one, _), (other, _)| one.cmp(other));
    Value::Object(shown.into_iter().collect())
}

pub(super) fn properties(values: ObjectRef<'_>, object: &ObjectSchema, types: &[(String, Schema)]) -> Value {
    let present = object.properties.iter().filter_map(|property| {
        let value = values.get(&property.name)?;
        Some((property.name.clone(), by_schema(value, &property.schema, types)))
    });
    Value::Object(present.collect())
}

fn int(number: &Number) -> Value {
    as_int(number).map_or_else(|| Value::Number(number.clone()), Value::from)
}

fn double(number: &Number) -> Value {
    number.as_f64().and_then(Number::from_f64).map_or_else(|| Value::Number(number.clone()), Value::Number)
}
