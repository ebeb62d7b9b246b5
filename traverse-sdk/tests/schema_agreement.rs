//! Guest and host agree on every keyword of a schema: documents that fit, documents that nearly fit, and results of all
//! kinds, from the message down to the pointer.

#![allow(clippy::result_large_err)]

mod support;

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use support::runner;
use traverse_contract::Contract;
use traverse_contract::outcome::Outcome;
use traverse_contract::schema::{NumberBounds, Schema, SchemaKind};
use traverse_sdk::__private::run;
use traverse_sdk::prelude::*;

const SPEC: &str = include_str!("specs/keywords.spec.toml");

/// What the function makes of an input; the test below knows it too.
// Rules that always hold are there on purpose: their numbers are beyond the Rust types that the bounds make.
#[allow(deprecated)]
#[capability(spec = "tests/specs/keywords.spec.toml")]
fn keywords(
    pick: u8,
    small: i8,
    byte: Option<u8>,
    natural: Option<u64>,
    any_int: Option<i64>,
    bytes: Option<&[u8]>,
    level: Option<i8>,
) -> Result<Output, Exception> {
    match pick {
        19 if small < -100 => return Err(Exception::Low),
        20 => return Err(Exception::Detailed { small, odd: Some(3) }),
        _ => {}
    }
    Ok(Output {
        byte: byte.unwrap_or(7),
        natural: if pick == 21 { u64::MAX - u64::from(small.unsigned_abs()) } else { natural.unwrap_or(0) },
        even: any_int.map(|value| value.clamp(-128, 127) as i8),
        level: if pick == 22 { Some(small) } else { level },
        yes: (pick == 23).then_some(small > 0),
        list: (pick == 24).then(|| bytes.unwrap_or_default().iter().map(|byte| byte / 64).collect()),
    })
}

fn contract() -> Contract {
    support::contract("keywords.spec.toml", SPEC)
}

/// The function above, on JSON.
fn result_of(input: &Value) -> Result<Value, Value> {
    let int = |value: &Value| value.as_i64().or_else(|| value.as_f64().map(|double| double as i64));
    let pick = int(&input["pick"]).unwrap();
    let small = int(&input["small"]).unwrap();
    match pick {
        19 if small < -100 => return Err(json!({ "name": "Low" })),
        20 => return Err(json!({ "name": "Detailed", "details": { "small": small, "odd": 3 } })),
        _ => {}
    }
    let mut output = json!({ "byte": int(&input["byte"]).unwrap_or(7) });
    output["natural"] = match pick {
        21 => Value::from(u64::MAX - small.unsigned_abs()),
        _ => int(&input["natural"]).unwrap_or(0).into(),
    };
    if let Some(value) = int(&input["any-int"]) {
        output["even"] = value.clamp(-128, 127).into();
    }
    match (pick, int(&input["level"])) {
        (22, _) => output["level"] = small.into(),
        (_, Some(level)) => output["level"] = level.into(),
        _ => {}
    }
    if pick == 23 {
        output["yes"] = (small > 0).into();
    }
    if pick == 24 {
        let bytes = input["bytes"].as_array().cloned().unwrap_or_default();
        output["list"] = bytes.iter().map(|byte| int(byte).unwrap() / 64).collect::<Vec<_>>().into();
    }
    Ok(output)
}

/// What the host says of an input, in the order in which a guest does, as (exit code, JSON).
fn host(contract: &Contract, input: &[u8]) -> (i32, Value) {
    let outcome = || -> Result<Value, Outcome> {
        let value = support::admitted(contract, input)?;
        let output = match result_of(&value) {
            Ok(output) => output,
            Err(mut raised) => {
                contract.check_exceptions(&value, raised["name"].as_str()).map_err(Outcome::Undeclared)?;
                raised["outcome"] = "exception".into();
                return Ok(raised);
            }
        };
        contract.check_exceptions(&value, None).map_err(Outcome::Undeclared)?;
        support::kept(contract, &value, output)
    };
    match outcome() {
        Ok(value) if value["outcome"] == "exception" => (10, value),
        Ok(value) => (0, value),
        Err(outcome) => (outcome.exit_code(), outcome.to_stdout()),
    }
}

fn bounded(bounds: &NumberBounds, integral: bool) -> BoxedStrategy<Value> {
    if !bounds.among.is_empty() {
        let near = bounds.among.iter().copied().chain([3.0]).collect::<Vec<_>>();
        return prop::sample::select(near).prop_map(move |value| number(value, integral)).boxed();
    }
    let mut edges = vec![0.0, 1.0, -1.0, 0.5, 100.0];
    for bound in [bounds.minimum, bounds.maximum, bounds.exclusive_minimum, bounds.exclusive_maximum] {
        edges.extend(bound.into_iter().flat_map(|bound| [bound, bound + 1.0, bound - 1.0]));
    }
    let step = bounds.multiple_of;
    let (least, greatest) = bounds.integer_range();
    let span = least.unwrap_or(-50)..=greatest.unwrap_or(1000);
    let inside = span.prop_map(move |value| step.map_or(value, |step| value / step as i64 * step as i64));
    prop_oneof![
        2 => prop::sample::select(edges).prop_map(move |value| number(value, integral)),
        9 => inside.prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
    ]
    .boxed()
}

/// A number, as an integer where it is one, else as it stands.
fn number(value: f64, integral: bool) -> Value {
    if integral && value.fract() == 0.0 { Value::from(value as i64) } else { Value::from(value) }
}

/// Values that fit `schema`, and neighbours that may not.
fn drawn(contract: &Contract, schema: &Schema) -> BoxedStrategy<Value> {
    match &contract.schemas.resolve(schema).kind {
        SchemaKind::Boolean(_) => any::<bool>().prop_map(Value::from).boxed(),
        SchemaKind::Integer(bounds) => prop_oneof![
            6 => bounded(bounds, true),
            // However written.
            1 => bounded(bounds, false),
        ]
        .boxed(),
        SchemaKind::Number(bounds) => prop_oneof![
            3 => bounded(bounds, false),
            1 => any::<f64>().prop_filter("JSON", |value| value.is_finite()).prop_map(Value::from),
            1 => (-1.0..1.0).prop_map(Value::from),
        ]
        .boxed(),
        SchemaKind::String(_) => prop_oneof![
            3 => prop::sample::select(vec!["", "a", "ab", "abc", "éé", "😀😀😀😀"]).prop_map(Value::from),
            1 => any::<String>().prop_map(Value::from),
        ]
        .boxed(),
        SchemaKind::Enum(texts) => prop_oneof![
            9 => prop::sample::select(texts.to_vec()).prop_map(Value::from),
            1 => Just(Value::from("other")),
        ]
        .boxed(),
        SchemaKind::Array(items, _) => {
            prop::collection::vec(drawn(contract, items), 0..4).prop_map(Value::from).boxed()
        }
        SchemaKind::Object(object) => {
            let properties: Vec<BoxedStrategy<Option<(String, Value)>>> = object
                .properties
                .iter()
                .map(|property| {
                    let (name, value) = (property.name.clone(), drawn(contract, &property.schema));
                    let there = if property.required { 0.98 } else { 0.4 };
                    prop::option::weighted(there, value)
                        .prop_map(move |value| value.map(|value| (name.clone(), value)))
                        .boxed()
                })
                .collect();
            let unknown = prop::option::weighted(0.05, Just(("unknown".to_owned(), json!([1]))));
            (properties, unknown)
                .prop_map(|(properties, unknown)| {
                    Value::Object(properties.into_iter().flatten().chain(unknown).collect())
                })
                .boxed()
        }
        other => unreachable!("{other:?}"),
    }
}

/// An input that fits its schema: what does not is left out, property by property.
fn mended(contract: &Contract, input: Value) -> Value {
    let SchemaKind::Object(object) = &contract.schemas.input.kind else { unreachable!() };
    let Value::Object(given) = input else { unreachable!() };
    let fits = |name: &str, value: &Value| {
        let Some(property) = object.property(name) else { return true };
        traverse_contract::schema::validate::validate(&contract.schemas, &property.schema, value).is_ok()
    };
    let mut mended: Map<String, Value> =
        given.into_iter().filter(|(name, value)| fits(name, value)).collect();
    for (name, value) in [("pick", json!(30)), ("small", json!(0)), ("flag", json!(true))] {
        mended.entry(name).or_insert(value);
    }
    Value::Object(mended)
}

/// Guest and host on one input; what they say.
fn agree(contract: &Contract, input: &Value) -> Result<(i32, Value), TestCaseError> {
    let text = input.to_string();
    let guest = run::<__traverse::Contract>(text.as_bytes());
    let said: Value = serde_json::from_slice(&guest.stdout).unwrap();
    let (exit_code, mut expected) = host(contract, text.as_bytes());
    // A number that no 64-bit integer holds is shown as a double by the guest.
    if said["observed"]["result"].is_f64() && expected["observed"]["result"].is_u64() {
        expected["observed"]["result"] = expected["observed"]["result"].as_f64().into();
    }
    prop_assert_eq!((guest.exit_code, &said), (exit_code, &expected), "{}", text);
    Ok((exit_code, said))
}

/// spec: SCHEMA-20, SCHEMA-21, SCHEMA-30, SCHEMA-32, SCHEMA-33, SCHEMA-34, IO-10
#[test]
fn guest_and_host_agree_on_every_keyword() {
    let contract = contract();
    let said: RefCell<BTreeMap<i32, u32>> = RefCell::default();
    let messages: RefCell<BTreeSet<String>> = RefCell::default();
    let note = |(exit_code, outcome): (i32, Value)| {
        *said.borrow_mut().entry(exit_code).or_default() += 1;
        if let (20, Some(message)) = (exit_code, outcome["message"].as_str()) {
            messages.borrow_mut().insert(message.to_owned());
        }
        if exit_code == 22 && outcome["clause"]["kind"] == "output-schema" {
            messages.borrow_mut().insert(outcome["clause"]["rule"].as_str().unwrap().to_owned());
        }
    };
    let strategy = drawn(&contract, &contract.schemas.input);
    runner(10_000).run(&strategy, |input| agree(&contract, &input).map(note)).unwrap();
    runner(10_000).run(&strategy, |input| agree(&contract, &mended(&contract, input)).map(note)).unwrap();

    let said = said.into_inner();
    for exit_code in [0, 10, 20, 21, 22] {
        assert!(said.get(&exit_code).is_some_and(|count| *count > 20), "{exit_code}: {said:?}");
    }
    let messages = messages.into_inner();
    for message in [
        "must be at least -128",
        "must be at most 127",
        "must be less than 256",
        "must be greater than -2",
        "must be greater than 0.5",
        "must be a multiple of 5",
        "must be one of 1, 2, 5, -7",
        "must be 7",
        "must be true",
        "must be one of 0.5, 1, 2.5",
        "must be one of \"one\", \"two words\", \"é\", \"\\\"q\\\"\"",
        "must be \"only\"",
        "must have at least 2 characters",
        "must have at most 2 items",
        "must not hold the same item twice",
        "expected an integer, found a number with a fraction",
        "required property `a` is missing",
        "unknown property",
        "/byte must be at most 200",
        "/natural integer out of range",
        "/even must be a multiple of 2",
        "/level must be one of 1, 2, 5, -7",
        "/yes must be true",
        "/list must not hold the same item twice",
    ] {
        assert!(messages.contains(message), "`{message}` was never said: {messages:#?}");
    }
}
