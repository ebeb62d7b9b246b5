//! JSON values → Rust values, by the schema (spec IO-7 to IO-9). The texts of rejections are normative: the host's
//! schema validation gives the same.

use crate::json::{Rejection, Value};
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

/// A value that can be read from JSON. Implemented for generated types by `#[capability]`.
pub trait Decode: Sized {
    /// Takes the value apart.
    ///
    /// # Errors
    ///
    /// A [`Rejection`] whose place is seen from this value.
    fn decode(value: Value) -> Result<Self, Rejection>;
}

impl Decode for bool {
    fn decode(value: Value) -> Result<bool, Rejection> {
        match value {
            Value::Bool(value) => Ok(value),
            other => Err(Rejection::expected("a boolean", other.noun())),
        }
    }
}

impl Decode for i64 {
    fn decode(value: Value) -> Result<i64, Rejection> {
        match value {
            Value::Int(value) => Ok(value),
            // The range of i64, and both ends are doubles.
            Value::Double(value)
                if (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&value) =>
            {
                let integer = value as i64;
                if integer as f64 == value {
                    Ok(integer)
                } else {
                    Err(Rejection::expected("an integer", "a number with a fraction"))
                }
            }
            Value::Double(_) => Err(Rejection::here("integer out of range")),
            other => Err(Rejection::expected("an integer", other.noun())),
        }
    }
}

impl Decode for f64 {
    fn decode(value: Value) -> Result<f64, Rejection> {
        match value {
            Value::Int(value) => Ok(value as f64),
            Value::Double(value) => Ok(value),
            other => Err(Rejection::expected("a number", other.noun())),
        }
    }
}

impl Decode for () {
    fn decode(value: Value) -> Result<(), Rejection> {
        unwrap_null(value)
    }
}

impl<T: Decode> Decode for Option<T> {
    fn decode(value: Value) -> Result<Option<T>, Rejection> {
        decode_nullable(value, T::decode)
    }
}

impl Decode for String {
    fn decode(value: Value) -> Result<String, Rejection> {
        unwrap_text(value)
    }
}

impl<T: Decode> Decode for Vec<T> {
    fn decode(value: Value) -> Result<Vec<T>, Rejection> {
        decode_array(value, T::decode)
    }
}

impl<T: Decode> Decode for BTreeMap<String, T> {
    fn decode(value: Value) -> Result<BTreeMap<String, T>, Rejection> {
        decode_map(value, T::decode)
    }
}

/// The text of a string.
///
/// # Errors
///
/// If it is none.
pub fn unwrap_text(value: Value) -> Result<String, Rejection> {
    match value {
        Value::String(text) => Ok(text),
        other => Err(Rejection::expected("a string", other.noun())),
    }
}

/// The properties of an object.
///
/// # Errors
///
/// If it is none.
pub fn unwrap_object(value: Value) -> Result<Vec<(String, Value)>, Rejection> {
    match value {
        Value::Object(properties) => Ok(properties),
        other => Err(Rejection::expected("an object", other.noun())),
    }
}

/// Nothing but null.
///
/// # Errors
///
/// If it is something.
pub fn unwrap_null(value: Value) -> Result<(), Rejection> {
    match value {
        Value::Null => Ok(()),
        other => Err(Rejection::expected("null", other.noun()).told()),
    }
}

/// `None` for null, anything else by `decode`.
///
/// # Errors
///
/// Those of `decode`.
pub fn decode_nullable<T>(
    value: Value,
    decode: impl FnOnce(Value) -> Result<T, Rejection>,
) -> Result<Option<T>, Rejection> {
    match value {
        Value::Null => Ok(None),
        other => decode(other).map(Some).map_err(Rejection::or_null),
    }
}

/// The elements of an array.
///
/// # Errors
///
/// If it is none.
pub fn unwrap_array(value: Value) -> Result<Vec<Value>, Rejection> {
    match value {
        Value::Array(items) => Ok(items),
        other => Err(Rejection::expected("an array", other.noun())),
    }
}

/// The next element of a tuple, if there is one, by `decode`.
///
/// # Errors
///
/// Those of `decode`, with the element's place.
pub fn decode_item<T>(
    items: &mut alloc::vec::IntoIter<Value>,
    index: usize,
    decode: impl FnOnce(Value) -> Result<T, Rejection>,
) -> Result<Option<T>, Rejection> {
    let decoded = items.next().map(|item| decode(item).map_err(|rejection| rejection.under_index(index)));
    decoded.transpose()
}

/// The elements of an array, each by `decode`.
///
/// # Errors
///
/// If it is none, or the first element that `decode` rejects.
pub fn decode_array<T>(
    value: Value,
    decode: impl Fn(Value) -> Result<T, Rejection>,
) -> Result<Vec<T>, Rejection> {
    match value {
        Value::Array(items) => {
            let mut decoded = Vec::with_capacity(items.len());
            for (index, item) in items.into_iter().enumerate() {
                decoded.push(decode(item).map_err(|rejection| rejection.under_index(index))?);
            }
            Ok(decoded)
        }
        other => Err(Rejection::expected("an array", other.noun())),
    }
}

/// The values of a map, each by `decode`, in the document's order.
///
/// # Errors
///
/// If it is none, or the first value that `decode` rejects.
pub fn decode_map<T>(
    value: Value,
    decode: impl Fn(Value) -> Result<T, Rejection>,
) -> Result<BTreeMap<String, T>, Rejection> {
    let mut decoded = BTreeMap::new();
    for (key, value) in unwrap_object(value)? {
        let value = within(&key, decode(value))?;
        decoded.insert(key, value);
    }
    Ok(decoded)
}

/// Places what befell the property `name` inside its object.
///
/// # Errors
///
/// The rejection given, with its place.
pub fn within<T>(name: &str, decoded: Result<T, Rejection>) -> Result<T, Rejection> {
    decoded.map_err(|rejection| rejection.under(name))
}

/// A property that must be there and is not.
#[cold]
pub fn missing(name: &str) -> Rejection {
    let mut message = String::from("required property `");
    message.push_str(name);
    message.push_str("` is missing");
    Rejection::here(message)
}

/// A property that an object closed by `additionalProperties = false` does not know.
#[cold]
pub fn unknown_property(name: &str) -> Rejection {
    Rejection::here("unknown property").under(name)
}

/// What a schema says of a value that breaks it.
#[cold]
pub fn reject(message: &'static str) -> Rejection {
    Rejection::here(message)
}

/// A bound of the schema.
///
/// # Errors
///
/// `message`, unless it `holds`.
pub fn require(holds: bool, message: &'static str) -> Result<(), Rejection> {
    if holds { Ok(()) } else { Err(Rejection::here(message)) }
}
