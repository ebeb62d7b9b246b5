//! What schemas read like.

use super::Shape;
use traverse_contract::{Contract, Source};

/// `FIELD | VALUE | GIVEN | ABOUT` for each row of the input.
fn rows(input: &str) -> Vec<String> {
    let text = format!(
        "{}\n[input]\n{input}\n[contract]\npostconditions = [\"result.ok is bool\"]\n[types.Code]\ntype = \"string\"\n",
        "[capability]\nid = \"a.b\"\nversion = \"1.0.0\"\nruntime = \"wasm32-wasip1\""
    );
    let contract = Contract::from_toml(&Source { name: "spec".into(), text }).expect("a contract");
    let shape = Shape::of(&contract.schemas.input);
    let rows = shape.fields.iter();
    rows.map(|row| format!("{} | {} | {} | {}", row.field, row.value, row.given.unwrap_or("-"), row.about))
        .collect()
}

// spec: CLI-91
#[test]
fn every_value_has_a_row_in_words() {
    let found = rows(
        r##"
type = "object"
required = ["lines", "age"]
[input.properties]
age = { type = "integer", minimum = 0, maximum = 150 }
rate = { type = "number", exclusiveMinimum = 0, maximum = 1, title = "Rate", description = "of `age`" }
tier = { enum = ["a", ""] }
only = { enum = ["x"] }
code = { "$ref" = "#/types/Code" }
name = { type = "string", minLength = 1 }
tags = { type = "array", items = { type = "string", maxLength = 1 }, minItems = 1 }
grid = { type = "array", items = { type = "array", items = { type = "boolean" }, minItems = 2, maxItems = 2 } }
[input.properties.lines]
type = "array"
maxItems = 9
[input.properties.lines.items]
type = "object"
additionalProperties = false
required = ["sku"]
[input.properties.lines.items.properties]
sku = { type = "string" }
[input.properties.lines.items.properties.box]
type = "object"
properties = { size = { type = "number" } }
"##,
    );
    assert_eq!(
        found,
        [
            "lines | a list of at most 9 objects | always | ",
            "lines, each | an object; other fields are refused | - | ",
            "lines, each: sku | text | always | ",
            "lines, each: box | an object; other fields are ignored | may be left out | ",
            "lines, each: box.size | a number | may be left out | ",
            "age | a whole number from 0 to 150 | always | ",
            "code | as Code | may be left out | ",
            "grid | a list of lists | may be left out | ",
            "grid, each | a list of exactly 2 values, each true or false | - | ",
            "name | text of at least 1 character | may be left out | ",
            "only | always “x” | may be left out | ",
            "rate | a number, greater than 0 and at most 1 | may be left out | Rate: of age",
            "tags | a list of at least 1 value, each text of at most 1 character | may be left out | ",
            "tier | one of “a”, the empty text | may be left out | ",
        ]
    );
}

// spec: CLI-91
#[test]
fn listed_values_multiples_and_lists_without_repetition() {
    let found = rows(
        r##"
type = "object"
[input.properties]
a = { const = true }
b = { enum = [1, -2] }
c = { const = 0.5 }
d = { type = "integer", minimum = 5, multipleOf = 5 }
e = { type = "array", items = { type = "integer" }, uniqueItems = true, maxItems = 3 }
"##,
    );
    assert_eq!(
        found,
        [
            "a | always true | may be left out | ",
            "b | one of 1, -2 | may be left out | ",
            "c | always 0.5 | may be left out | ",
            "d | a whole number, at least 5, a multiple of 5 | may be left out | ",
            "e | a list of at most 3 values, no two the same, each a whole number | may be left out | ",
        ]
    );
}

// spec: CLI-91, SCHEMA-55, SCHEMA-57
#[test]
fn null_and_tuples_have_words() {
    let found = rows(
        r##"
type = "object"
required = ["age", "box", "pair"]
[input.properties]
age = { type = ["integer", "null"], minimum = 0 }
only = { type = "null" }
code = { anyOf = [{ "$ref" = "#/types/Code" }, { type = "null" }] }
box = { type = ["object", "null"], properties = { size = { type = "number" } } }
pair = { type = "array", prefixItems = [{ type = "integer" }, { type = ["string", "null"] }], items = false, minItems = 2 }
"##,
    );
    assert_eq!(
        found,
        [
            "age | a whole number, at least 0; or null | always | ",
            "box | an object; other fields are ignored; or null | always | ",
            "box.size | a number | may be left out | ",
            "pair | a list of exactly 2 values | always | ",
            "pair, element 1 | a whole number | - | ",
            "pair, element 2 | text; or null | - | ",
            "code | as Code; or null | may be left out | ",
            "only | null | may be left out | ",
        ]
    );
}

// spec: CLI-91
#[test]
fn what_the_author_shows_stands_behind_what_a_value_is() {
    let text = r##"
[capability]
id = "a.b"
version = "1.0.0"
runtime = "wasm32-wasip1"
[input]
type = "object"
examples = [{ age = 5 }]
[input.properties]
age = { type = ["integer", "null"], default = 7 }
rate = { type = "number", examples = [1, 2.50, 1e3] }
on = { type = "boolean", default = false }
code = { "$ref" = "#/types/Code", default = "x" }
tags = { type = "array", default = [], items = { type = "string", examples = ["", "t"] } }
plain = { type = "array", items = { type = "string" } }
[output]
type = "boolean"
[types.Code]
type = "string"
"##;
    let contract =
        Contract::from_toml(&Source { name: "spec".into(), text: text.into() }).expect("a contract");
    let shape = Shape::of(&contract.schemas.input);
    let whole = shape.shown.behind(&shape.whole).to_string();
    assert_eq!(whole, r#"an object; other fields are ignored; for example {"age":5}"#);
    let rows = shape.fields.iter();
    let rows: Vec<String> =
        rows.map(|row| format!("{}: {}", row.field, row.shown.behind(&row.value))).collect();
    assert_eq!(
        rows,
        [
            "age: a whole number; or null; by default 7",
            "code: as Code; by default “x”",
            "on: true or false; by default false",
            "plain: a list of values, each text",
            "rate: a number; for example 1, 2.5, 1000",
            "tags: a list of values, each text; by default []",
            "tags, each: text; for example the empty text, “t”",
        ]
    );
}
