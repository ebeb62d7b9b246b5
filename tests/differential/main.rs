//! This language against the crate `cel`, which others wrote: random expressions of the part that both have, on random
//! documents, come to the same value, or to an error in both.
//!
//! `TRAVERSE_DIFFERENTIAL_EXPRESSIONS` draws so many expressions in place of the usual number, and
//! `TRAVERSE_DIFFERENTIAL_SEED` starts from that seed in place of the usual one. Where the two differ and CEL's own
//! definition or cases show that the crate is wrong, `known` names the difference; `specs/cel.md` tells the reasons.

mod draw;
mod known;
mod random;

use cel::objects::Key;
use draw::{Expressions, Kind, NAMES, document};
use random::Random;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use traverse_contract::lang::check::{Names, check_any};
use traverse_contract::lang::eval::{trace, value};
use traverse_contract::lang::parser::parse;
use traverse_contract::lang::typed::{Type, TypedExpr};
use traverse_contract::spec::Text;
use traverse_contract::{Contract, Diagnostic, Source};

const USUAL_EXPRESSIONS: u64 = 4_000;
const DOCUMENTS: usize = 4;

fn schema_of(kind: Kind) -> Value {
    let list = |kind| json!({ "type": "array", "items": schema_of(kind) });
    match kind {
        Kind::Bool => json!({ "type": "boolean" }),
        Kind::Int => json!({ "type": "integer" }),
        Kind::Double => json!({ "type": "number" }),
        Kind::Text => json!({ "type": "string" }),
        Kind::Ints => list(Kind::Int),
        Kind::Doubles => list(Kind::Double),
        Kind::Texts => list(Kind::Text),
        Kind::Lists => list(Kind::Ints),
        Kind::IntMap => json!({ "type": "object", "additionalProperties": schema_of(Kind::Int) }),
    }
}

fn contract() -> Contract {
    let mut properties: Map<String, Value> =
        NAMES.iter().map(|(name, kind)| ((*name).to_owned(), schema_of(*kind))).collect();
    let (int, text) = (schema_of(Kind::Int), schema_of(Kind::Text));
    let object = json!({
        "type": "object", "required": ["a", "s"], "properties": { "a": int, "s": text, "z": int },
    });
    properties.insert("o".to_owned(), object);
    traverse_tests::contract_of_input(properties).expect("the schema is one")
}

/// A value of a document as CEL has it: the kind decides what a number is, as a schema does.
fn to_cel(value: &Value) -> cel::Value {
    match value {
        Value::Null => cel::Value::Null,
        Value::Bool(value) => cel::Value::Bool(*value),
        Value::Number(number) => match number.as_i64() {
            Some(int) => cel::Value::Int(int),
            None => cel::Value::Float(number.as_f64().unwrap_or(f64::NAN)),
        },
        Value::String(text) => cel::Value::String(Arc::new(text.clone())),
        Value::Array(items) => cel::Value::List(Arc::new(items.iter().map(to_cel).collect())),
        Value::Object(fields) => {
            let entry =
                |(name, value): (&String, &Value)| (Key::String(Arc::new(name.clone())), to_cel(value));
            cel::Value::Map(fields.iter().map(entry).collect::<std::collections::HashMap<_, _>>().into())
        }
    }
}

/// Whether a value here is the one there.
fn same(ours: &Value, ty: &Type, theirs: &cel::Value) -> bool {
    match (ty, theirs) {
        (Type::Null, cel::Value::Null) => ours.is_null(),
        (Type::Bool, cel::Value::Bool(value)) => ours.as_bool() == Some(*value),
        (Type::Int, cel::Value::Int(value)) => ours.as_i64() == Some(*value),
        (Type::Number, cel::Value::Float(value)) => {
            let ours = match ours.as_str() {
                Some("NaN") => f64::NAN,
                Some("+Inf") => f64::INFINITY,
                Some("-Inf") => f64::NEG_INFINITY,
                _ => ours.as_f64().unwrap_or(f64::NAN),
            };
            ours.to_bits() == value.to_bits() || (ours.is_nan() && value.is_nan())
        }
        (Type::String, cel::Value::String(value)) => ours.as_str() == Some(value.as_str()),
        (Type::List(of), cel::Value::List(values)) => ours.as_array().is_some_and(|ours| {
            ours.len() == values.len()
                && ours.iter().zip(values.iter()).all(|(ours, theirs)| same(ours, of, theirs))
        }),
        (Type::Map(of), cel::Value::Map(values)) => ours.as_object().is_some_and(|ours| {
            ours.len() == values.map.len()
                && ours.iter().all(|(name, ours)| {
                    let theirs = values.map.get(&Key::String(Arc::new(name.clone())));
                    theirs.is_some_and(|theirs| same(ours, of, theirs))
                })
        }),
        _ => false,
    }
}

fn checked(expression: &str, contract: &Contract) -> Result<TypedExpr, Vec<Diagnostic>> {
    let expr = parse(expression)?;
    check_any(&expr, &Text::whole(expression), &contract.schemas, Names::Precondition)
}

fn shown(expression: &str, errors: &[Diagnostic]) -> String {
    let source = Source { name: "drawn".into(), text: expression.to_owned() };
    errors.iter().map(|error| error.render(&source)).collect::<Vec<_>>().join("\n")
}

fn setting(name: &str, usual: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name} is a number, not `{text}`")),
        Err(_) => usual,
    }
}

/// What one expression on one document came to.
enum Came {
    SameValue,
    ErrorInBoth,
    Known(&'static str),
    Different(String),
}

fn compared(expression: &str, typed: &TypedExpr, contract: &Contract, document: &Value) -> Came {
    let ours = value(typed, contract.scope(document, None));
    let theirs = catch_unwind(AssertUnwindSafe(|| {
        let program =
            cel::Program::compile(expression).map_err(|error| format!("does not parse: {error}"))?;
        let mut context = cel::Context::default();
        for (name, value) in document.as_object().into_iter().flatten() {
            context.add_variable_from_value(name.as_str(), to_cel(value));
        }
        program.execute(&context).map_err(|error| error.to_string())
    }))
    .unwrap_or_else(|_| Err("a panic".to_owned()));
    match (&ours, &theirs) {
        (Ok(ours), Ok(theirs)) if same(ours, &typed.ty, theirs) => return Came::SameValue,
        (Err(_), Err(_)) => return Came::ErrorInBoth,
        _ => {}
    }
    let theirs_shown = match &theirs {
        Ok(value) => format!("{value:?}"),
        Err(error) => format!("the error {error}"),
    };
    let traced = trace(typed, contract.scope(document, None));
    match known::difference(expression, &traced.root, &theirs) {
        Some(name) => Came::Known(name),
        None => {
            let ours = ours.map_or_else(|error| format!("the error {error}"), |value| value.to_string());
            Came::Different(format!("{expression}\non {document}\nhere {ours}, there {theirs_shown}"))
        }
    }
}

/// spec: LANG-115
#[test]
fn random_expressions_come_to_what_another_implementation_says() {
    let seed = setting("TRAVERSE_DIFFERENTIAL_SEED", 0x7261_7665_7273_6531);
    let expressions = setting("TRAVERSE_DIFFERENTIAL_EXPRESSIONS", USUAL_EXPRESSIONS);
    println!("seed {seed}, {expressions} expressions, {DOCUMENTS} documents each");
    let contract = contract();
    let (mut values, mut errors, mut refused) = (0u64, 0u64, 0u64);
    let mut known: BTreeMap<&str, u64> = BTreeMap::new();
    let mut different = Vec::new();
    for number in 0..expressions {
        // Each expression has a seed of its own, so that one that differs can be drawn again alone.
        let mut random = Random::new(seed.wrapping_add(number));
        let kind = random.pick(&[
            Kind::Bool,
            Kind::Bool,
            Kind::Int,
            Kind::Double,
            Kind::Text,
            Kind::Ints,
            Kind::Doubles,
            Kind::Texts,
            Kind::Lists,
            Kind::IntMap,
        ]);
        let depth = 1 + random.below(4);
        let expression = Expressions::new(&mut random).draw(kind, depth);
        let typed = match checked(&expression, &contract) {
            Ok(typed) => typed,
            Err(found) => {
                refused += 1;
                if let Some(error) = found.iter().find(|error| !known::REFUSALS.contains(&error.code)) {
                    different.push(format!(
                        "seed {}: refused: {}",
                        seed.wrapping_add(number),
                        shown(&expression, std::slice::from_ref(error))
                    ));
                }
                continue;
            }
        };
        for _ in 0..DOCUMENTS {
            let document = document(&mut random);
            match compared(&expression, &typed, &contract, &document) {
                Came::SameValue => values += 1,
                Came::ErrorInBoth => errors += 1,
                Came::Known(name) => *known.entry(name).or_default() += 1,
                Came::Different(what) => {
                    different.push(format!("seed {}: {what}", seed.wrapping_add(number)));
                    break;
                }
            }
        }
    }
    println!(
        "{values} same values, {errors} errors in both, {refused} expressions refused, known: {known:?}"
    );
    assert!(
        different.is_empty(),
        "{} differ:\n{}",
        different.len(),
        different[..different.len().min(20)].join("\n\n")
    );
    // What is drawn has to be worth comparing.
    assert!(values > 2 * expressions, "only {values} values from {expressions} expressions");
    assert!(refused * 10 < expressions, "{refused} of {expressions} expressions were refused");
}
