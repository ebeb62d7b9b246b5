//! `expect` of a case: a part of an outcome's document, checked as far as that can be before any call (spec TEST-4).

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use serde_json::{Map, Value};
use std::fmt;
use traverse_contract::outcome::{FoundBy, ViolationKind};

/// A part of an outcome's document, checked.
#[derive(Debug)]
pub(super) struct Expect(pub(super) Map<String, Value>);

// By hand, so that an error stands where the mistake is.
impl<'de> Deserialize<'de> for Expect {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ExpectVisitor;
        impl<'de> Visitor<'de> for ExpectVisitor {
            type Value = Expect;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object with `outcome`")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Expect, A::Error> {
                let mut fields = Map::new();
                while let Some(key) = map.next_key::<String>()? {
                    check_known("expect", &key, EXPECT_KEYS).map_err(A::Error::custom)?;
                    if fields.contains_key(&key) {
                        return Err(A::Error::custom(format!("`{key}` stands here twice")));
                    }
                    let value: Value = map.next_value()?;
                    let value = check_value(&key, value).map_err(A::Error::custom)?;
                    fields.insert(key, value);
                }
                check_together(&fields).map_err(A::Error::custom)?;
                Ok(Expect(fields))
            }
        }
        deserializer.deserialize_map(ExpectVisitor)
    }
}

const EXPECT_KEYS: &[&str] =
    &["outcome", "result", "name", "message", "details", "at", "clause", "observed", "found_by"];
const CLAUSE_KEYS: &[&str] = &["kind", "index", "id", "rule"];

/// What each outcome's document may hold besides `outcome`, and what an expectation of it must.
fn fields_of(outcome: &str) -> Option<(&'static [&'static str], &'static [&'static str])> {
    Some(match outcome {
        "result" => (&["result"], &["result"]),
        "exception" => (&["name", "message", "details"], &["name"]),
        "rejected" => (&["at", "message"], &[]),
        "violation" => (&["clause", "observed", "message", "found_by"], &["clause"]),
        "undeclared" => (&["message"], &[]),
        "holds" => (&[], &[]),
        _ => return None,
    })
}

fn check_known(place: &str, key: &str, known: &[&str]) -> Result<(), String> {
    if known.contains(&key) {
        return Ok(());
    }
    Err(format!("unknown field `{key}` in `{place}`, expected one of {}", quoted(known)))
}

/// The value of one key of `expect` is of the right kind; `rejection` becomes `rejected`.
fn check_value(key: &str, value: Value) -> Result<Value, String> {
    match (key, &value) {
        ("result" | "details", _) => Ok(value),
        ("outcome", Value::String(name)) if name == "rejection" => Ok(Value::String("rejected".to_owned())),
        ("outcome", Value::String(name)) if fields_of(name).is_some() => Ok(value),
        ("outcome", _) => Err(format!(
            "`outcome` must be one of {}",
            quoted(&["result", "exception", "violation", "rejected", "undeclared", "holds"])
        )),
        ("name" | "message" | "at", Value::String(_)) => Ok(value),
        ("name" | "message" | "at", _) => Err(format!("`{key}` must be a string")),
        ("observed", Value::Object(_)) => Ok(value),
        ("observed", _) => Err("`observed` must be an object".to_owned()),
        ("found_by", _) => match serde_json::from_value::<FoundBy>(value.clone()) {
            Ok(_) => Ok(value),
            Err(_) => Err(format!("`found_by` must be one of {}", quoted(&["guest", "host"]))),
        },
        (_, Value::Object(clause)) => {
            for (key, value) in clause {
                check_known("clause", key, CLAUSE_KEYS)?;
                check_clause_value(key, value)?;
            }
            if !clause.contains_key("kind") {
                return Err("missing field `kind` in `clause`".to_owned());
            }
            Ok(value)
        }
        _ => {
            Err("`clause` must be an object, for example {\"kind\": \"precondition\", \"index\": 0}"
                .to_owned())
        }
    }
}

fn check_clause_value(key: &str, value: &Value) -> Result<(), String> {
    match key {
        "kind" if serde_json::from_value::<ViolationKind>(value.clone()).is_ok() => Ok(()),
        "kind" => Err(format!(
            "`kind` must be one of {}",
            quoted(&["precondition", "postcondition", "output-schema", "invariant"])
        )),
        "index" if value.is_u64() => Ok(()),
        "index" => Err("`index` must be a whole number from 0".to_owned()),
        _ if value.is_string() => Ok(()),
        _ => Err(format!("`{key}` must be a string")),
    }
}

/// The keys of `expect` go together.
fn check_together(fields: &Map<String, Value>) -> Result<(), String> {
    let Some(outcome) = fields.get("outcome").and_then(Value::as_str) else {
        return Err("missing field `outcome` in `expect`".to_owned());
    };
    let (allowed, needed) = fields_of(outcome).unwrap_or((&[], &[]));
    for key in fields.keys().filter(|key| *key != "outcome") {
        if !allowed.contains(&key.as_str()) {
            return Err(format!(
                "`{key}` does not go with the outcome `{outcome}`, which has {}",
                quoted(allowed)
            ));
        }
    }
    for key in needed {
        if !fields.contains_key(*key) {
            return Err(format!("missing field `{key}` in `expect` of the outcome `{outcome}`"));
        }
    }
    Ok(())
}

fn quoted(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
