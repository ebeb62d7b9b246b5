//! What documents tell of their types.

use super::derive;
use crate::lang::check::type_of;
use crate::schema::{Schema, SchemaKind, Schemas};
use serde_json::{Value, json};

/// A schema in few words: `{a: int, b?: [string]}`.
fn words(schema: &Schema) -> String {
    match &schema.kind {
        SchemaKind::Null => "null".into(),
        SchemaKind::Nullable(value) => format!("{}|null", words(value)),
        SchemaKind::Boolean(_) => "bool".into(),
        SchemaKind::Integer(_) => "int".into(),
        SchemaKind::Number(_) => "number".into(),
        SchemaKind::String(_) => "string".into(),
        SchemaKind::Array(items, _) => format!("[{}]", words(items)),
        SchemaKind::Object(object) => {
            assert!(!object.additional);
            let property = |property: &crate::schema::Property| {
                let optional = if property.required { "" } else { "?" };
                format!("{}{optional}: {}", property.name, words(&property.schema))
            };
            format!("{{{}}}", object.properties.iter().map(property).collect::<Vec<_>>().join(", "))
        }
        other => format!("{other:?}"),
    }
}

fn told(document: Value) -> String {
    derive(&document).map_or_else(|error| format!("{}: {}", error.at, error.message), |schema| words(&schema))
}

/// spec: LANG-112
#[test]
fn a_document_tells_its_types() {
    let document: Value = serde_json::from_str(
        r#"{"a": 1, "b": 1.0, "c": 1e0, "d": "x", "e": true, "f": 9223372036854775808}"#,
    )
    .expect("JSON");
    assert_eq!(told(document), "{a: int, b: number, c: number, d: string, e: bool, f: number}");
    assert_eq!(told(json!([1, 2.5, 3])), "[number]");
    assert_eq!(told(json!([[], [1]])), "[[int]]");
    assert_eq!(told(json!([null, 1, 1.5])), "[number|null]");
    assert_eq!(
        told(json!({"a": null, "b": [{"c": 1}, {"c": null}, {"c": 2.5}]})),
        "{a: null, b: [{c: number|null}]}"
    );
    assert_eq!(
        told(json!([{"a": 1}, {"a": 1.5, "b": {"c": "x"}}, {"a": 2, "b": {}}])),
        "[{a: number, b?: {c?: string}}]"
    );
}

/// Each element has a key of its own: looked for one by one, they would take minutes.
/// spec: LANG-112
#[test]
fn many_keys_take_no_longer_than_there_are_keys() {
    let document: Value = (0..100_000).map(|at| json!({"a": 1, (format!("k{at}")): 2})).collect();
    let started = std::time::Instant::now();
    let Ok(Schema { kind: SchemaKind::Array(of, _), .. }) = derive(&document) else { panic!("a list") };
    let SchemaKind::Object(object) = of.kind else { panic!("objects") };
    let required: Vec<&str> =
        object.properties.iter().filter(|one| one.required).map(|one| one.name.as_str()).collect();
    assert_eq!((object.properties.len(), required), (100_001, vec!["a"]));
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}

/// spec: LANG-112
#[test]
fn elements_without_one_type_are_named() {
    assert_eq!(
        told(json!({"l": [1, "a"]})),
        "/l/1: is a string, but the same place of an element before it is an int"
    );
    assert_eq!(
        told(json!({"l": [{"a": [1]}, {"a": 5}]})),
        "/l/1/a: is an int, but the same place of an element before it is a list"
    );
}

/// spec: LANG-112
#[test]
fn a_derived_schema_gives_types() {
    let schema = derive(&json!({"a": [{"b": 1}]})).expect("a schema");
    let schemas = Schemas {
        input: schema.clone(),
        output: schema,
        types: vec![],
        input_inferred: true,
        output_inferred: true,
    };
    assert!(type_of(&schemas, &schemas.input).is_some());
}
