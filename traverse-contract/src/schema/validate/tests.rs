use super::validate;
use crate::diagnostic::Source;
use crate::json;
use crate::schema::{ObjectSchema, Schema, SchemaKind, Schemas};
use crate::spec::Spec;

/// Reads `schemas` as the sections of a spec; where one is missing, an object without properties.
fn schemas(sections: &str) -> Schemas {
    let head = "[capability]\nid = 'a'\nversion = '1.0.0'\nruntime = 'wasm32-wasip1'\n";
    let source = Source { name: "traverse.spec.toml".into(), text: format!("{head}{sections}") };
    let spec = Spec::from_toml(&source).expect("a spec");
    let empty = || Schema {
        kind: SchemaKind::Object(std::sync::Arc::new(ObjectSchema {
            properties: vec![],
            additional: true,
            inferred: false,
        })),
        title: None,
        description: None,
        given: None,
        span: Default::default(),
    };
    Schemas {
        input: spec.input.unwrap_or_else(empty),
        output: spec.output.unwrap_or_else(empty),
        types: spec.types,
        input_inferred: false,
        output_inferred: false,
    }
}

/// What is wrong with `value` as an output: `pointer: message`, or nothing.
fn misfit(keywords: &str, value: &str) -> Option<String> {
    let schemas = schemas(&format!("[output]\n{keywords}\n"));
    let value = json::parse(value.as_bytes()).expect("JSON");
    let found = validate(&schemas, &schemas.output, &value).err()?;
    Some(format!("{}: {}", found.at, found.message))
}

fn fits(keywords: &str, value: &str) {
    assert_eq!(misfit(keywords, value), None, "{keywords} {value}");
}

fn misfits(keywords: &str, value: &str, expected: &str) {
    assert_eq!(misfit(keywords, value).as_deref(), Some(expected), "{keywords} {value}");
}

// spec: SCHEMA-5, SCHEMA-21
#[test]
fn the_wrong_type() {
    let types = [
        ("type = 'boolean'", "a boolean", "true"),
        ("type = 'integer'", "an integer", "7"),
        ("type = 'number'", "a number", "7.5"),
        ("type = 'string'", "a string", "\"x\""),
        ("enum = ['x']", "a string", "\"x\""),
        ("type = 'array'\nitems = { type = 'boolean' }", "an array", "[true]"),
        ("type = 'object'", "an object", "{}"),
    ];
    let values = [
        ("null", "null"),
        ("true", "a boolean"),
        ("7", "a number"),
        ("7.5", "a number"),
        ("\"x\"", "a string"),
        ("[true]", "an array"),
        ("{}", "an object"),
    ];
    for (keywords, expected, good) in types {
        fits(keywords, good);
        for (value, found) in values {
            let same_noun = found == expected || (expected == "an integer" && found == "a number");
            if !same_noun {
                misfits(keywords, value, &format!(": expected {expected}, found {found}"));
            }
        }
    }
}

// spec: SCHEMA-6
#[test]
fn integers_however_they_are_written() {
    for good in
        ["1", "1.0", "1e3", "-0", "-0.0", "9223372036854775807", "-9223372036854775808", "1e18", "100e-2"]
    {
        fits("type = 'integer'", good);
    }
    for (bad, message) in [
        ("1.5", "expected an integer, found a number with a fraction"),
        ("1e-3", "expected an integer, found a number with a fraction"),
        ("9223372036854775808", "integer out of range"),
        ("18446744073709551615", "integer out of range"),
        ("1e19", "integer out of range"),
        ("-1e300", "integer out of range"),
    ] {
        misfits("type = 'integer'", bad, &format!(": {message}"));
    }
    fits("type = 'integer'\nmaximum = 9007199254740991", "9007199254740991");
    misfits(
        "type = 'integer'\nmaximum = 9007199254740991",
        "9007199254740992",
        ": must be at most 9007199254740991",
    );
}

// spec: SCHEMA-7, SCHEMA-21
#[test]
fn bounds_of_numbers() {
    for kind in ["integer", "number"] {
        let with = |bound: &str| format!("type = '{kind}'\n{bound}");
        fits(&with("minimum = 1"), "1");
        misfits(&with("minimum = 1"), "0", ": must be at least 1");
        fits(&with("maximum = 9"), "9");
        misfits(&with("maximum = 9"), "10", ": must be at most 9");
        misfits(&with("exclusiveMinimum = 0"), "0", ": must be greater than 0");
        fits(&with("exclusiveMinimum = 0"), "1");
        misfits(&with("exclusiveMaximum = 5.0"), "5", ": must be less than 5");
    }
    misfits("type = 'number'\nminimum = 0.5", "0.25", ": must be at least 0.5");
    misfits("type = 'number'\nexclusiveMinimum = 0", "-0.0", ": must be greater than 0");
    misfits("type = 'number'\nmaximum = 1e300", "1e301", ": must be at most 1e+300");
}

// spec: SCHEMA-8, SCHEMA-10, SCHEMA-21
#[test]
fn lengths() {
    let string = "type = 'string'\nminLength = 2\nmaxLength = 3";
    fits(string, "\"äö\"");
    fits(string, "\"😀😀😀\"");
    misfits(string, "\"😀\"", ": must have at least 2 characters");
    misfits(string, "\"abcd\"", ": must have at most 3 characters");
    let array = "type = 'array'\nitems = { type = 'integer' }\nminItems = 1\nmaxItems = 2";
    misfits(array, "[]", ": must have at least 1 items");
    misfits(array, "[1,2,3]", ": must have at most 2 items");
    misfits(array, "[1,2,3.5]", "/2: expected an integer, found a number with a fraction");
}

// spec: SCHEMA-9, SCHEMA-21
#[test]
fn enumerations() {
    let keywords = r#"enum = ["a", "b \"c\"", "é"]"#;
    fits(keywords, "\"a\"");
    misfits(keywords, "\"A\"", r#": must be one of "a", "b \"c\"", "é""#);
}

const ORDER: &str = "type = 'object'\nrequired = ['z', 'm']\nadditionalProperties = false\n[output.properties]\n\
                     m.type = 'string'\nz.type = 'string'\na.type = 'string'\n";

// spec: SCHEMA-11, SCHEMA-20
#[test]
fn objects_in_document_order_then_what_is_missing() {
    fits(ORDER, r#"{"m":"","z":""}"#);
    misfits(ORDER, "{}", ": required property `z` is missing");
    misfits(ORDER, r#"{"z":""}"#, ": required property `m` is missing");
    misfits(ORDER, r#"{"a":1,"z":2}"#, "/a: expected a string, found a number");
    misfits(ORDER, r#"{"z":2,"a":1}"#, "/z: expected a string, found a number");
    misfits(ORDER, r#"{"x":2,"a":1}"#, "/x: unknown property");
    misfits(ORDER, r#"{"a/b~c":2}"#, "/a~1b~0c: unknown property");
    fits("type = 'object'", r#"{"anything":[1,{"a":null}]}"#);
}

// spec: SCHEMA-20, SCHEMA-50
#[test]
fn maps_in_document_order_then_their_number() {
    let map =
        "type = 'object'\nadditionalProperties = { type = 'number' }\nminProperties = 1\nmaxProperties = 2";
    fits(map, r#"{"any key":1,"":2.5}"#);
    misfits(map, r#"{"a":1,"b/c":"x","d":null}"#, "/b~1c: expected a number, found a string");
    misfits(map, "{}", ": must have at least 1 properties");
    misfits(map, r#"{"a":1,"b":2,"c":3}"#, ": must have at most 2 properties");
    misfits(map, "[]", ": expected an object, found an array");
}

// spec: SCHEMA-23
#[test]
fn null_is_not_absence() {
    misfits(ORDER, r#"{"a":null,"z":"","m":""}"#, "/a: expected a string, found null");
}

// spec: SCHEMA-13, SCHEMA-20
#[test]
fn places_lead_through_references_arrays_and_objects() {
    let schemas = schemas(
        "[types.Line]\ntype = 'object'\nrequired = ['sku']\nproperties.sku = { '$ref' = '#/types/Sku' }\n\
         [types.Sku]\ntype = 'string'\nminLength = 1\n\
         [input]\ntype = 'object'\nrequired = ['lines']\nproperties.lines = { type = 'array', items = { '$ref' = '#/types/Line' } }\n",
    );
    let check = |text: &str| {
        let value = json::parse(text.as_bytes()).expect("JSON");
        validate(&schemas, &schemas.input, &value).err().map(|found| (found.at, found.message))
    };
    assert_eq!(check(r#"{"lines":[{"sku":"a"}]}"#), None);
    assert_eq!(
        check(r#"{"lines":[{"sku":"a"},{"sku":""}]}"#),
        Some(("/lines/1/sku".into(), "must have at least 1 characters".into()))
    );
    assert_eq!(
        check(r#"{"lines":[{"sku":"a"},{}]}"#),
        Some(("/lines/1".into(), "required property `sku` is missing".into()))
    );
}

// spec: SCHEMA-30, SCHEMA-21
#[test]
fn values_that_are_listed() {
    misfits("enum = [1, -2]", "3", ": must be one of 1, -2");
    misfits("const = 'a\"b'", "\"\"", ": must be \"a\\\"b\"");
    misfits("const = 1", "2", ": must be 1");
    misfits("const = 1", "\"1\"", ": expected an integer, found a string");
    misfits("const = true", "false", ": must be true");
    fits("const = true", "true");
    fits("enum = [1, -2]", "-2.0");
    fits("enum = [0.0, 0.5]", "-0.0");
    misfits("enum = [0.0, 0.5]", "0.25", ": must be one of 0, 0.5");
}

// spec: SCHEMA-32, SCHEMA-20
#[test]
fn multiples() {
    let keywords = "type = 'integer'\nmultipleOf = 3\nmaximum = 9";
    for fit in ["0", "-3", "9", "6.0", "-9223372036854775806"] {
        fits(keywords, fit);
    }
    misfits(keywords, "7", ": must be a multiple of 3");
    misfits(keywords, "10", ": must be at most 9");
}

// spec: SCHEMA-33
#[test]
fn items_that_are_all_different() {
    let array = |items: &str| format!("type = 'array'\nuniqueItems = true\nitems = {items}");
    let twice = ": must not hold the same item twice";
    fits(&array("{ type = 'integer' }"), "[1, 2, -1, 9223372036854775807, 9223372036854775806]");
    misfits(&array("{ type = 'integer' }"), "[1, 2, 1e0]", twice);
    // Both are the same double.
    misfits(&array("{ type = 'number' }"), "[9007199254740993, 9007199254740992]", twice);
    misfits(&array("{ type = 'number' }"), "[0, -0.0]", twice);
    misfits(&array("{ type = 'string' }"), r#"["a", "\u0061"]"#, twice);
    fits(&array("{ type = 'array', items = { type = 'integer' } }"), "[[1, 2], [12], [], [2, 1]]");
    let object =
        array("{ type = 'object', properties = { a = { type = 'integer' }, b = { type = 'string' } } }");
    fits(&object, r#"[{"a": 1}, {"b": "1"}, {"a": 1, "b": "1"}, {}]"#);
    // The order is nothing, and what the schema does not know is not seen.
    misfits(&object, r#"[{"a": 1, "b": "x"}, {"b": "x", "a": 1.0, "c": 3}]"#, twice);
    misfits(&array("{ type = 'integer', maximum = 1 }"), "[1, 1, 2]", "/2: must be at most 1");
}

// spec: SCHEMA-55, SCHEMA-56, SCHEMA-21
#[test]
fn null_fits_where_it_is_admitted() {
    let text = "type = ['string', 'null']\nmaxLength = 2";
    fits(text, "null");
    fits(text, "\"ab\"");
    misfits(text, "\"abc\"", ": must have at most 2 characters");
    misfits(text, "7", ": expected a string or null, found a number");
    misfits(
        "type = ['integer', 'null']",
        "1.5",
        ": expected an integer or null, found a number with a fraction",
    );
    // An `enum` is of the values that are not null: TOML could not write that one.
    let closed = "type = ['null', 'string']\nenum = ['a', 'c']";
    fits(closed, "null");
    misfits(closed, "\"b\"", ": must be one of \"a\", \"c\"");
    fits("type = 'null'", "null");
    misfits("type = 'null'", "false", ": expected null, found a boolean");
    let row = "anyOf = [{ '$ref' = '#/types/Row' }, { type = 'null' }]\n[types.Row]\ntype = 'object'\nrequired = ['a']\nproperties = { a = { type = ['integer', 'null'] } }";
    fits(row, "null");
    fits(row, "{\"a\": null}");
    misfits(row, "{\"a\": true}", "/a: expected an integer or null, found a boolean");
    misfits(row, "[]", ": expected an object or null, found an array");
    let list = "type = ['array', 'null']\nitems = { type = 'string' }";
    misfits(list, "[1]", "/0: expected a string, found a number");
    misfits(list, "{}", ": expected an array or null, found an object");
    // Null is not absence.
    misfits(row, "{}", ": required property `a` is missing");
}

// spec: SCHEMA-57, SCHEMA-21
#[test]
fn a_tuple_is_told_of_its_elements_then_of_their_number() {
    let pair = "type = 'array'\nprefixItems = [{ type = 'integer' }, { type = ['string', 'null'] }]\nitems = false\nminItems = 2";
    fits(pair, "[1, null]");
    fits(pair, "[1e0, \"a\"]");
    misfits(pair, "{}", ": expected an array, found an object");
    misfits(pair, "[]", ": must have exactly 2 items");
    misfits(pair, "[1]", ": must have exactly 2 items");
    misfits(pair, "[\"a\"]", "/0: expected an integer, found a string");
    misfits(pair, "[1, 2, 3]", "/1: expected a string or null, found a number");
    misfits(pair, "[1, null, 3]", ": must have exactly 2 items");
}
