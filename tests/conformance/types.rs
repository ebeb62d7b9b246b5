//! CEL's types and values, as the cases write them, and this language's.

use serde_json::{Map, Value, json};
use traverse_contract::Contract;
use traverse_contract::lang::typed::Type;

/// The input of a case, and a contract for its types: what the case declares, else what the bound values are.
pub(crate) fn given(case: &Value) -> Result<(Contract, Value), String> {
    let mut properties = Map::new();
    let mut input = Map::new();
    for declared in case["typeEnv"].as_array().into_iter().flatten() {
        let Some(name) = declared["name"].as_str() else { continue };
        properties.insert(name.to_owned(), declared_schema(&declared["ident"]["type"])?);
    }
    for (name, bound) in case["bindings"].as_object().into_iter().flatten() {
        let value = &bound["value"];
        input.insert(name.clone(), bound_json(value)?);
        if !properties.contains_key(name) {
            properties.insert(name.clone(), value_schema(value)?);
        }
    }
    Ok((traverse_tests::contract_of_input(properties)?, Value::Object(input)))
}

fn named(name: &str) -> Option<Value> {
    let name = match name {
        "BOOL" | "boolValue" => "boolean",
        "INT64" | "int64Value" => "integer",
        "DOUBLE" | "doubleValue" => "number",
        "STRING" | "stringValue" => "string",
        "null" | "nullValue" => "null",
        _ => return None,
    };
    Some(json!({ "type": name }))
}

fn list(items: Value) -> Value {
    json!({ "type": "array", "items": items })
}

fn map(values: Value) -> Value {
    json!({ "type": "object", "additionalProperties": values })
}

fn declared_schema(ty: &Value) -> Result<Value, String> {
    let (form, of) = only_field(ty)?;
    let schema = match form {
        "primitive" => named(of.as_str().unwrap_or_default()),
        "listType" => Some(list(declared_schema(&of["elemType"])?)),
        "mapType" => Some(map(declared_schema(&of["valueType"])?)),
        form => named(form),
    };
    schema.ok_or_else(|| format!("no schema for the type {ty}"))
}

fn value_schema(value: &Value) -> Result<Value, String> {
    let (form, of) = only_field(value)?;
    let schema = match form {
        "listValue" => array(&of["values"]).first().map(value_schema).transpose()?.map(list),
        "mapValue" => {
            let first = array(&of["entries"]).first();
            first.map(|entry| value_schema(&entry["value"])).transpose()?.map(map)
        }
        form => named(form),
    };
    schema.ok_or_else(|| format!("no schema for the value {value}"))
}

/// A bound value as JSON.
fn bound_json(value: &Value) -> Result<Value, String> {
    let (form, of) = only_field(value)?;
    Ok(match form {
        "boolValue" | "stringValue" | "nullValue" => of.clone(),
        "int64Value" => int(of)?.into(),
        "doubleValue" => double(of)?.into(),
        "listValue" => Value::Array(array(&of["values"]).iter().map(bound_json).collect::<Result<_, _>>()?),
        "mapValue" => {
            let entry = |entry: &Value| {
                let key = entry["key"]["stringValue"].as_str().ok_or("a key that is not text")?;
                Ok::<_, String>((key.to_owned(), bound_json(&entry["value"])?))
            };
            Value::Object(array(&of["entries"]).iter().map(entry).collect::<Result<_, _>>()?)
        }
        _ => return Err(format!("no JSON for the value {value}")),
    })
}

/// Whether a value of this type is the one that the case expects.
pub(crate) fn is_expected(expected: &Value, value: &Value, ty: &Type) -> Result<bool, String> {
    let (form, of) = only_field(expected)?;
    Ok(match (form, ty) {
        ("nullValue", Type::Null) => value.is_null(),
        ("typeValue", Type::Type) => value == of,
        ("boolValue", Type::Bool) | ("stringValue", Type::String | Type::Enum(_)) => value == of,
        ("int64Value", Type::Int) => value.as_i64() == Some(int(of)?),
        ("doubleValue", Type::Number) => {
            let expected = double(of)?;
            let found = match value.as_str() {
                Some("NaN") => f64::NAN,
                Some("+Inf") => f64::INFINITY,
                Some("-Inf") => f64::NEG_INFINITY,
                _ => value.as_f64().ok_or("a double that is no number")?,
            };
            expected == found || (expected.is_nan() && found.is_nan())
        }
        ("listValue", Type::List(of_type)) => {
            let (expected, found) =
                (array(&of["values"]), value.as_array().ok_or("a list that is no array")?);
            expected.len() == found.len()
                && expected
                    .iter()
                    .zip(found)
                    .map(|(expected, found)| is_expected(expected, found, of_type))
                    .collect::<Result<Vec<_>, _>>()?
                    .iter()
                    .all(|same| *same)
        }
        ("mapValue", Type::Map(of_type)) => {
            let (expected, found) =
                (array(&of["entries"]), value.as_object().ok_or("a map that is no object")?);
            let mut same = expected.len() == found.len();
            for entry in expected {
                let found = entry["key"]["stringValue"].as_str().and_then(|key| found.get(key));
                same &= match found {
                    Some(found) => is_expected(&entry["value"], found, of_type)?,
                    None => false,
                };
            }
            same
        }
        _ => false,
    })
}

/// Whether the checker found the type that the case says.
pub(crate) fn is_deduced(expected: &Value, ty: &Type) -> Result<bool, String> {
    let (form, of) = only_field(expected)?;
    Ok(match (form, ty) {
        // CEL's for what nothing tells the type of.
        ("null", Type::Null) | ("dyn", Type::Never) => true,
        ("primitive", ty) => matches!(
            (of.as_str(), ty),
            (Some("BOOL"), Type::Bool)
                | (Some("INT64"), Type::Int)
                | (Some("DOUBLE"), Type::Number)
                | (Some("STRING"), Type::String)
        ),
        ("listType", Type::List(of_type)) => is_deduced(&of["elemType"], of_type)?,
        ("mapType", Type::Map(of_type)) => is_deduced(&of["valueType"], of_type)?,
        _ => false,
    })
}

fn only_field(value: &Value) -> Result<(&str, &Value), String> {
    let field = value.as_object().and_then(|fields| fields.iter().next());
    field.map(|(name, value)| (name.as_str(), value)).ok_or_else(|| format!("nothing is in {value}"))
}

fn array(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn int(value: &Value) -> Result<i64, String> {
    let number = value.as_str().and_then(|text| text.parse().ok());
    number.ok_or_else(|| format!("{value} is not an int"))
}

/// Doubles are numbers, or the words that the JSON form of protocol buffers has for the rest.
fn double(value: &Value) -> Result<f64, String> {
    match value.as_str() {
        Some("NaN") => Ok(f64::NAN),
        Some("Infinity") => Ok(f64::INFINITY),
        Some("-Infinity") => Ok(f64::NEG_INFINITY),
        _ => value.as_f64().ok_or_else(|| format!("{value} is not a double")),
    }
}
