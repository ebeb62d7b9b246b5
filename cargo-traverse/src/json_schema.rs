//! The schema in force as JSON Schema (2020-12), for `check --schema` and `inspect` (spec `CLI-31`).
//!
//! The document's own folders are its pointers: `{"$schema", "input": …, "output": …, "types": {"Name": …}}`, so that
//! `{"$ref": "#/types/Name"}` holds in it.

use serde_json::{Map, Number, Value, json};
use traverse_contract::schema::{LengthBounds, NumberBounds, ObjectSchema, Schema, SchemaKind, Schemas};

/// The whole document.
pub(crate) fn document(schemas: &Schemas) -> Value {
    let types: Map<String, Value> =
        schemas.types.iter().map(|(name, schema)| (name.clone(), schema_json(schema))).collect();
    let mut document = Map::new();
    document.insert("$schema".into(), "https://json-schema.org/draft/2020-12/schema".into());
    document.insert("input".into(), schema_json(&schemas.input));
    document.insert("output".into(), schema_json(&schemas.output));
    if !types.is_empty() {
        document.insert("types".into(), Value::Object(types));
    }
    Value::Object(document)
}

fn schema_json(schema: &Schema) -> Value {
    let mut json = Map::new();
    if let Some(title) = &schema.title {
        json.insert("title".into(), title.as_str().into());
    }
    if let Some(description) = &schema.description {
        json.insert("description".into(), description.as_str().into());
    }
    if let Some(given) = &schema.given {
        if let Some(default) = given.default_value() {
            json.insert("default".into(), default);
        }
        let examples = given.examples();
        if !examples.is_empty() {
            json.insert("examples".into(), examples.into());
        }
    }
    match &schema.kind {
        SchemaKind::Null => type_name(&mut json, "null"),
        SchemaKind::Nullable(value) => nullable_json(&mut json, value),
        SchemaKind::Tuple(items) => {
            type_name(&mut json, "array");
            json.insert("prefixItems".into(), items.iter().map(schema_json).collect());
            json.insert("items".into(), false.into());
            json.insert("minItems".into(), items.len().into());
        }
        SchemaKind::Boolean(only) => {
            type_name(&mut json, "boolean");
            if let Some(only) = only {
                json.insert("const".into(), (*only).into());
            }
        }
        SchemaKind::Integer(bounds) => {
            type_name(&mut json, "integer");
            number_bounds(&mut json, bounds);
        }
        SchemaKind::Number(bounds) => {
            type_name(&mut json, "number");
            number_bounds(&mut json, bounds);
        }
        SchemaKind::String(bounds) => {
            type_name(&mut json, "string");
            length_bounds(&mut json, &bounds.length, "minLength", "maxLength");
            if let Some(pattern) = &bounds.pattern {
                json.insert("pattern".into(), pattern.source().into());
            }
        }
        SchemaKind::Enum(texts) => {
            type_name(&mut json, "string");
            listed(&mut json, texts.iter().map(|text| text.as_str().into()).collect());
        }
        SchemaKind::Array(items, bounds) => {
            type_name(&mut json, "array");
            json.insert("items".into(), schema_json(items));
            length_bounds(&mut json, &bounds.length, "minItems", "maxItems");
            if bounds.unique {
                json.insert("uniqueItems".into(), true.into());
            }
        }
        SchemaKind::Object(object) => object_json(&mut json, object),
        SchemaKind::Map(values, bounds) => {
            type_name(&mut json, "object");
            json.insert("additionalProperties".into(), schema_json(values));
            length_bounds(&mut json, bounds, "minProperties", "maxProperties");
        }
        SchemaKind::Ref(name) => {
            json.insert("$ref".into(), format!("#/types/{name}").into());
        }
    }
    Value::Object(json)
}

/// What the schema admits, and null. The bounds of a type bind its own values only; `enum` binds all, and so lists null.
fn nullable_json(json: &mut Map<String, Value>, value: &Schema) {
    let Value::Object(mut keywords) =
        schema_json(&Schema { title: None, description: None, given: None, ..value.clone() })
    else {
        return;
    };
    if let Some(Value::String(name)) = keywords.get("type") {
        let types = json!([name, "null"]);
        keywords.insert("type".into(), types);
        if let Some(Value::Array(values)) = keywords.get_mut("enum") {
            values.push(Value::Null);
        }
        json.append(&mut keywords);
    } else {
        json.insert("anyOf".into(), json!([keywords, { "type": "null" }]));
    }
}

fn object_json(json: &mut Map<String, Value>, object: &ObjectSchema) {
    type_name(json, "object");
    let properties: Map<String, Value> = object
        .properties
        .iter()
        .map(|property| (property.name.clone(), schema_json(&property.schema)))
        .collect();
    json.insert("properties".into(), Value::Object(properties));
    let required: Vec<&str> = object
        .properties
        .iter()
        .filter(|property| property.required)
        .map(|property| property.name.as_str())
        .collect();
    if !required.is_empty() {
        json.insert("required".into(), json!(required));
    }
    if !object.additional {
        json.insert("additionalProperties".into(), false.into());
    }
}

fn type_name(json: &mut Map<String, Value>, name: &str) {
    json.insert("type".into(), name.into());
}

fn number_bounds(json: &mut Map<String, Value>, bounds: &NumberBounds) {
    let each = [
        ("minimum", bounds.minimum),
        ("maximum", bounds.maximum),
        ("exclusiveMinimum", bounds.exclusive_minimum),
        ("exclusiveMaximum", bounds.exclusive_maximum),
        ("multipleOf", bounds.multiple_of),
    ];
    for (name, bound) in each {
        if let Some(number) = bound.and_then(shortest) {
            json.insert(name.into(), Value::Number(number));
        }
    }
    let among = bounds.among.iter().filter_map(|number| shortest(*number).map(Value::Number));
    listed(json, among.collect());
}

/// The values that are admitted, where they are listed.
fn listed(json: &mut Map<String, Value>, mut values: Vec<Value>) {
    match values.len() {
        0 => {}
        1 => drop(json.insert("const".into(), values.remove(0))),
        _ => drop(json.insert("enum".into(), Value::Array(values))),
    }
}

/// `1`, not `1.0`, where the bound is integral and every integer near it is exact.
fn shortest(bound: f64) -> Option<Number> {
    if bound.fract() == 0.0 && bound.abs() < 2f64.powi(53) {
        return Some(Number::from(bound as i64));
    }
    Number::from_f64(bound)
}

fn length_bounds(json: &mut Map<String, Value>, bounds: &LengthBounds, min: &str, max: &str) {
    if let Some(bound) = bounds.min {
        json.insert(min.into(), bound.into());
    }
    if let Some(bound) = bounds.max {
        json.insert(max.into(), bound.into());
    }
}
