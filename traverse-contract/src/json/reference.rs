//! [`ValueRef`]: a JSON value to look at, however it is kept.

use super::{BorrowedObject, BorrowedValue};
use serde_json::{Map, Number, Value};
use std::borrow::Cow;

/// A JSON value that somebody else holds: one of `serde_json`'s, or a document as it was read. What schemas and rules look at.
#[derive(Debug, Clone, Copy)]
pub enum ValueRef<'a> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number.
    Number(&'a Number),
    /// A string.
    String(&'a str),
    /// An array.
    Array(ArrayRef<'a>),
    /// An object.
    Object(ObjectRef<'a>),
}

/// The elements of an array.
#[derive(Debug, Clone, Copy)]
pub enum ArrayRef<'a> {
    /// `serde_json`'s.
    Values(&'a [Value]),
    /// Of a document.
    Borrowed(&'a [BorrowedValue<'a>]),
}

/// The properties of an object.
#[derive(Debug, Clone, Copy)]
pub enum ObjectRef<'a> {
    /// `serde_json`'s.
    Map(&'a Map<String, Value>),
    /// Of a document.
    Borrowed(&'a BorrowedObject<'a>),
}

impl<'a> From<&'a Value> for ValueRef<'a> {
    fn from(value: &'a Value) -> Self {
        match value {
            Value::Null => ValueRef::Null,
            Value::Bool(value) => ValueRef::Bool(*value),
            Value::Number(number) => ValueRef::Number(number),
            Value::String(text) => ValueRef::String(text),
            Value::Array(elements) => ValueRef::Array(ArrayRef::Values(elements)),
            Value::Object(object) => ValueRef::Object(ObjectRef::Map(object)),
        }
    }
}

impl<'a, 'b: 'a> From<&'a BorrowedValue<'b>> for ValueRef<'a> {
    fn from(value: &'a BorrowedValue<'b>) -> Self {
        match value {
            BorrowedValue::Null => ValueRef::Null,
            BorrowedValue::Bool(value) => ValueRef::Bool(*value),
            BorrowedValue::Number(number) => ValueRef::Number(number),
            BorrowedValue::String(text) => ValueRef::String(text),
            BorrowedValue::Array(elements) => ValueRef::Array(ArrayRef::Borrowed(elements)),
            BorrowedValue::Object(object) => ValueRef::Object(ObjectRef::Borrowed(object)),
        }
    }
}

impl<'a> ValueRef<'a> {
    /// Whether it is `null`.
    pub fn is_null(self) -> bool {
        matches!(self, ValueRef::Null)
    }

    /// The value at a JSON pointer (RFC 6901).
    pub fn pointer(self, pointer: &str) -> Option<ValueRef<'a>> {
        if pointer.is_empty() {
            return Some(self);
        }
        pointer.strip_prefix('/')?.split('/').try_fold(self, |value, step| match value {
            ValueRef::Object(object) => object.get(&step.replace("~1", "/").replace("~0", "~")),
            // Without a sign, and without zeros before it.
            ValueRef::Array(elements) => {
                let index = step.parse::<usize>().ok().filter(|index| index.to_string() == step)?;
                elements.get(index)
            }
            _ => None,
        })
    }

    /// A copy.
    pub fn to_value(self) -> Value {
        match self {
            ValueRef::Null => Value::Null,
            ValueRef::Bool(value) => Value::Bool(value),
            ValueRef::Number(number) => Value::Number(number.clone()),
            ValueRef::String(text) => Value::String(text.to_owned()),
            ValueRef::Array(elements) => Value::Array(elements.iter().map(ValueRef::to_value).collect()),
            ValueRef::Object(object) => Value::Object(object.to_map()),
        }
    }
}

/// As of [`Value`]s: the order of properties is no difference, how a number is written may be one.
impl PartialEq for ValueRef<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (*self, *other) {
            (ValueRef::Null, ValueRef::Null) => true,
            (ValueRef::Bool(one), ValueRef::Bool(other)) => one == other,
            (ValueRef::Number(one), ValueRef::Number(other)) => one == other,
            (ValueRef::String(one), ValueRef::String(other)) => one == other,
            (ValueRef::Array(one), ValueRef::Array(other)) => one == other,
            (ValueRef::Object(one), ValueRef::Object(other)) => one == other,
            _ => false,
        }
    }
}

impl<'a> ArrayRef<'a> {
    /// How many elements there are.
    pub fn len(self) -> usize {
        match self {
            ArrayRef::Values(values) => values.len(),
            ArrayRef::Borrowed(values) => values.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The element at `index`, from 0.
    pub fn get(self, index: usize) -> Option<ValueRef<'a>> {
        match self {
            ArrayRef::Values(values) => values.get(index).map(ValueRef::from),
            ArrayRef::Borrowed(values) => values.get(index).map(ValueRef::from),
        }
    }

    /// All of them.
    pub fn iter(self) -> impl Iterator<Item = ValueRef<'a>> {
        (0..self.len()).filter_map(move |index| self.get(index))
    }
}

impl PartialEq for ArrayRef<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter())
    }
}

impl<'a> ObjectRef<'a> {
    /// How many properties there are.
    pub fn len(self) -> usize {
        match self {
            ObjectRef::Map(map) => map.len(),
            ObjectRef::Borrowed(object) => object.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The value of a property.
    pub fn get(self, name: &str) -> Option<ValueRef<'a>> {
        match self {
            ObjectRef::Map(map) if map.len() <= super::borrowed::FEW => {
                map.iter().find(|(key, _)| *key == name).map(|(_, value)| value.into())
            }
            ObjectRef::Map(map) => map.get(name).map(ValueRef::from),
            ObjectRef::Borrowed(object) => object.get(name).map(ValueRef::from),
        }
    }

    /// All of them, in the author's order.
    pub fn iter(self) -> Fields<'a> {
        match self {
            ObjectRef::Map(map) => Fields::Map(map.iter()),
            ObjectRef::Borrowed(object) => Fields::Borrowed(object.fields().iter()),
        }
    }

    /// A copy.
    pub fn to_map(self) -> Map<String, Value> {
        self.iter().map(|(name, value)| (name.to_owned(), value.to_value())).collect()
    }
}

/// The properties of an object, one after the other.
pub enum Fields<'a> {
    /// `serde_json`'s.
    Map(serde_json::map::Iter<'a>),
    /// Of a document.
    Borrowed(std::slice::Iter<'a, (Cow<'a, str>, BorrowedValue<'a>)>),
}

impl<'a> Iterator for Fields<'a> {
    type Item = (&'a str, ValueRef<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Fields::Map(fields) => fields.next().map(|(name, value)| (name.as_str(), value.into())),
            Fields::Borrowed(fields) => fields.next().map(|(name, value)| (name.as_ref(), value.into())),
        }
    }
}

impl PartialEq for ObjectRef<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().all(|(name, value)| other.get(name) == Some(value))
    }
}
