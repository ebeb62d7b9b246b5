//! Strict JSON, for everything that crosses the boundary (spec `IO`): one value, UTF-8, no byte-order mark, no
//! repeated keys, bounded nesting. What is wrong is a [`Rejection`], in the words that guests use too.

use crate::outcome::Rejection;
use serde::de::{DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde_json::map::Entry;
use serde_json::{Map, Number, Value};
use std::fmt;

/// How many arrays and objects may stand inside each other. Below `serde_json`'s own bound of 128, so that this one
/// speaks.
pub const MAX_DEPTH: usize = 100;

/// Reads exactly one JSON value. Numbers that are no `i64` or `u64` become the nearest double; keys keep their order.
///
/// # Errors
///
/// The first thing that is wrong: for a repeated key or a number out of range with the JSON pointer of the place, for
/// everything else with an empty one.
pub fn parse(bytes: &[u8]) -> Result<Value, Rejection> {
    parse_nested(bytes, MAX_DEPTH)
}

/// Reads what a guest says that is no plain result: it may show a value as deep as [`MAX_DEPTH`] inside of it.
///
/// # Errors
///
/// As [`parse`].
pub fn parse_outcome(bytes: &[u8]) -> Result<Value, Rejection> {
    parse_nested(bytes, MAX_DEPTH + OUTCOME_LEVELS)
}

/// The outcome, `observed` or `details`, and the value's own name in it.
const OUTCOME_LEVELS: usize = 3;

fn parse_nested(bytes: &[u8], most: usize) -> Result<Value, Rejection> {
    let text = std::str::from_utf8(bytes)
        .map_err(|error| rejection(format!("not UTF-8: invalid byte at {}", error.valid_up_to())))?;
    if text.starts_with('\u{feff}') {
        return Err(rejection("not valid JSON: starts with a byte-order mark"));
    }
    if text.bytes().all(is_space) {
        return Err(rejection("input is empty: expected one JSON value"));
    }
    let mut found = Found::default();
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = match (AnyValue { found: &mut found, depth: 0, most }).deserialize(&mut reader) {
        Ok(value) => value,
        Err(error) => return Err(found.into_rejection(&error)),
    };
    match reader.end() {
        Ok(()) => Ok(value),
        Err(error) => {
            let at = offset_of(text, &error);
            Err(rejection(format!("not valid JSON: more data after the value at byte {at}")))
        }
    }
}

/// The value of a property. Objects have few, mostly; to compare these names takes less time than to hash one.
pub(crate) fn property<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    const FEW: usize = 8;
    if object.len() > FEW {
        return object.get(name);
    }
    object.iter().find(|(key, _)| *key == name).map(|(_, value)| value)
}

/// `pointer` with one more step, escaped as RFC 6901 has it.
pub fn pointer_join(pointer: &str, step: &str) -> String {
    format!("{pointer}/{}", step.replace('~', "~0").replace('/', "~1"))
}

fn rejection(message: impl Into<String>) -> Rejection {
    Rejection { at: String::new(), message: message.into() }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// `serde_json` counts lines, and columns in bytes from 1.
fn offset_of(text: &str, error: &serde_json::Error) -> usize {
    let line_start: usize =
        text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    (line_start + error.column().saturating_sub(1)).min(text.len())
}

/// What the reader found wrong that `serde_json` would not, and where it was when it stopped.
#[derive(Default)]
struct Found {
    message: Option<String>,
    /// The way out from the place of the error, step by step, so that reading without one costs nothing.
    steps: Vec<String>,
    /// The message is about the whole input, not the place.
    whole: bool,
}

impl Found {
    fn refuse<E: serde::de::Error>(&mut self, message: &str) -> E {
        self.message = Some(message.to_owned());
        E::custom(message)
    }

    fn into_rejection(self, error: &serde_json::Error) -> Rejection {
        let number = "number out of range";
        let message = match self.message {
            Some(message) if self.whole => return rejection(message),
            Some(message) => message,
            None if error.to_string().starts_with(number) => number.to_owned(),
            None => return rejection(format!("not valid JSON: {error}")),
        };
        let at = self.steps.iter().rev().fold(String::new(), |at, step| pointer_join(&at, step));
        Rejection { at, message }
    }
}

/// Reads any value at `depth` open arrays and objects.
struct AnyValue<'f> {
    found: &'f mut Found,
    depth: usize,
    most: usize,
}

impl AnyValue<'_> {
    fn open<E: serde::de::Error>(&mut self) -> Result<(), E> {
        self.depth += 1;
        if self.depth > self.most {
            self.found.whole = true;
            return Err(self.found.refuse(&format!("nested deeper than {} levels", self.most)));
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for AnyValue<'_> {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for AnyValue<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Value, E> {
        Ok(Value::Bool(truth))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Number(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Number(number.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Value, E> {
        Number::from_f64(number).map(Value::Number).ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::String(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<Value, A::Error> {
        self.open()?;
        let mut array = Vec::new();
        loop {
            match items.next_element_seed(AnyValue { found: self.found, depth: self.depth, most: self.most })
            {
                Ok(Some(item)) => array.push(item),
                Ok(None) => break,
                Err(error) => {
                    self.found.steps.push(array.len().to_string());
                    return Err(error);
                }
            }
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut fields: A) -> Result<Value, A::Error> {
        self.open()?;
        let mut object = Map::new();
        while let Some(key) = fields.next_key::<String>()? {
            // A name is hashed once.
            let place = match object.entry(key) {
                Entry::Vacant(place) => place,
                Entry::Occupied(place) => {
                    self.found.steps.push(place.key().clone());
                    return Err(self.found.refuse("duplicate key"));
                }
            };
            match fields.next_value_seed(AnyValue { found: self.found, depth: self.depth, most: self.most }) {
                Ok(value) => place.insert(value),
                Err(error) => {
                    self.found.steps.push(place.key().clone());
                    return Err(error);
                }
            };
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests;
