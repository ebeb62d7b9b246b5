//! Integers are told exactly (spec SCHEMA-6): a number that is none may have a whole number as its nearest double, which is
//! all that a value keeps of it.

use super::{Schema, SchemaKind, Schemas};
use crate::json::{BorrowedValue, Read};
use serde_json::Number;

const TWO_TO_63: f64 = 9_223_372_036_854_775_808.0;

/// The document as the schema sees it: where an integer is asked for, a number is what its digits say, and one that only its
/// nearest double makes an integer of 64 bits is none.
pub fn seen<'a>(schemas: &Schemas, schema: &Schema, read: Read<BorrowedValue<'a>>) -> BorrowedValue<'a> {
    let Read { mut value, rounded } = read;
    if !rounded.is_empty() {
        let mut numbers = 0;
        see(schemas, Some(schema), &mut value, &mut |number| {
            numbers += 1;
            if let Ok(found) = rounded.binary_search_by_key(&(numbers - 1), |(at, _)| *at) {
                let is_beyond = number.as_f64().is_some_and(|double| double.abs() >= TWO_TO_63);
                let none = if is_beyond { f64::MAX } else { 0.5 };
                let said = rounded[found].1.map(Number::from).or_else(|| Number::from_f64(none));
                *number = said.unwrap_or_else(|| number.clone());
            }
        });
    }
    value
}

/// Shows `show` each number in the document's order, of those that are asked to be integers the number itself, of all
/// others a copy.
fn see(
    schemas: &Schemas,
    schema: Option<&Schema>,
    value: &mut BorrowedValue<'_>,
    show: &mut impl FnMut(&mut Number),
) {
    let kind = schema.map(|schema| &schemas.resolve_value(schema).kind);
    match value {
        BorrowedValue::Number(number) if matches!(kind, Some(SchemaKind::Integer(_))) => show(number),
        BorrowedValue::Number(number) => show(&mut number.clone()),
        BorrowedValue::Array(elements) => {
            for (at, element) in elements.iter_mut().enumerate() {
                let schema = match kind {
                    Some(SchemaKind::Array(items, _)) => Some(&**items),
                    Some(SchemaKind::Tuple(items)) => items.get(at),
                    _ => None,
                };
                see(schemas, schema, element, show);
            }
        }
        BorrowedValue::Object(object) => {
            for (name, property) in object.values_mut() {
                let schema = match kind {
                    Some(SchemaKind::Object(object)) => {
                        object.property(name).map(|property| &property.schema)
                    }
                    Some(SchemaKind::Map(values, _)) => Some(&**values),
                    _ => None,
                };
                see(schemas, schema, property, show);
            }
        }
        BorrowedValue::Null | BorrowedValue::Bool(_) | BorrowedValue::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use crate::Contract;
    use crate::diagnostic::Source;

    // spec: SCHEMA-6, IO-6
    #[test]
    fn an_integer_is_what_its_digits_say() {
        let spec = r#"
            [capability]
            id = "a.b"
            version = "1.0.0"
            runtime = "wasm32-wasip1"
            [input]
            type = "object"
            properties.list = { type = "array", items = { type = ["integer", "null"] } }
            properties.number = { type = "number" }
            properties.map = { type = "object", additionalProperties = { type = "integer" } }
            additionalProperties = true
            [output]
            type = "object"
            properties.n = { type = "integer" }
            additionalProperties = true
        "#;
        let source = Source { name: "a.spec.toml".into(), text: spec.into() };
        let contract = Contract::from_toml(&source).unwrap_or_else(|found| panic!("{found:?}"));
        let said = |input: &str| match contract.read_input(input.as_bytes()) {
            Ok(value) => contract
                .check_input(&value)
                .map(|()| value.into_value().to_string())
                .map_err(|no| (no.at, no.message)),
            Err(no) => Err((no.at, no.message)),
        };
        let fraction = "expected an integer, found a number with a fraction";
        let refused = |at: &str, message: &str| Err((at.to_owned(), message.to_owned()));
        assert_eq!(
            said(
                r#"{"other":[0.99999999999999999999],"list":[1.0,9007199254740993.0,9007199254740993e0,5e3]}"#
            ),
            Ok(r#"{"other":[1.0],"list":[1.0,9007199254740993,9007199254740993,5000.0]}"#.into())
        );
        assert_eq!(said(r#"{"number":9007199254740993.0}"#), Ok(r#"{"number":9007199254740992.0}"#.into()));
        assert_eq!(
            said(r#"{"list":[1,null,0.99999999999999999999]}"#),
            refused("/list/2", "expected an integer or null, found a number with a fraction")
        );
        assert_eq!(said(r#"{"map":{"a":1,"b":1e-400}}"#), refused("/map/b", fraction));
        assert_eq!(said(r#"{"map":{"a":9007199254740992.5}}"#), refused("/map/a", fraction));
        assert_eq!(said(r#"{"map":{"a":9223372036854775807.5}}"#), refused("/map/a", "integer out of range"));
        assert_eq!(said(r#"{"map":{"a":-9223372036854775809}}"#), refused("/map/a", "integer out of range"));
        assert_eq!(
            said(r#"{"map":{"a":-9223372036854775808.0}}"#),
            Ok(r#"{"map":{"a":-9.223372036854776e+18}}"#.into())
        );
        assert_eq!(
            said(r#"{"other":[1.797693134862315807e308]}"#),
            refused("/other/0", "number out of range")
        );
        let output = |text: &str| contract.read_output(text.as_bytes()).map(|value| value.to_string());
        let (whole, exact) = (r#"{"m":9007199254740993.0,"n":1}"#, r#"{"m":1.5,"n":9007199254740993.0}"#);
        assert_eq!(output(whole), Ok(r#"{"m":9007199254740992.0,"n":1}"#.into()));
        assert_eq!(output(exact), Ok(r#"{"m":1.5,"n":9007199254740993}"#.into()));
    }
}
