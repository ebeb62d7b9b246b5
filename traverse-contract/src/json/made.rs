//! What a document is made into while it is read.

use super::{BorrowedObject, BorrowedValue, ObjectRef};
use serde_json::{Map, Number, Value};
use std::borrow::Cow;

/// A kind of JSON value that the reader can make.
pub(super) trait Made<'a>: Sized {
    type Object: Default;

    const NULL: Self;
    fn of_bool(value: bool) -> Self;
    fn of_number(number: Number) -> Self;
    fn of_string(text: Cow<'a, str>) -> Self;
    fn of_array(elements: Vec<Self>) -> Self;
    fn of_object(object: Self::Object) -> Self;

    /// No property yet, with room for what most objects have.
    fn of_a_few() -> Self::Object;
    fn has(object: &Self::Object, name: &str) -> bool;
    /// One more property, of a name that it does not have.
    fn push(object: &mut Self::Object, name: Cow<'a, str>, value: Self);
}

impl<'a> Made<'a> for BorrowedValue<'a> {
    type Object = BorrowedObject<'a>;

    const NULL: Self = BorrowedValue::Null;

    fn of_bool(value: bool) -> Self {
        BorrowedValue::Bool(value)
    }

    fn of_number(number: Number) -> Self {
        BorrowedValue::Number(number)
    }

    fn of_string(text: Cow<'a, str>) -> Self {
        BorrowedValue::String(text)
    }

    fn of_array(elements: Vec<Self>) -> Self {
        BorrowedValue::Array(elements)
    }

    fn of_object(object: BorrowedObject<'a>) -> Self {
        BorrowedValue::Object(object)
    }

    fn of_a_few() -> BorrowedObject<'a> {
        BorrowedObject::of_a_few()
    }

    fn has(object: &BorrowedObject<'a>, name: &str) -> bool {
        object.get(name).is_some()
    }

    fn push(object: &mut BorrowedObject<'a>, name: Cow<'a, str>, value: Self) {
        object.push(name, value);
    }
}

impl<'a> Made<'a> for Value {
    type Object = Map<String, Value>;

    const NULL: Self = Value::Null;

    fn of_bool(value: bool) -> Self {
        Value::Bool(value)
    }

    fn of_number(number: Number) -> Self {
        Value::Number(number)
    }

    fn of_string(text: Cow<'a, str>) -> Self {
        Value::String(text.into_owned())
    }

    fn of_array(elements: Vec<Self>) -> Self {
        Value::Array(elements)
    }

    fn of_object(object: Map<String, Value>) -> Self {
        Value::Object(object)
    }

    fn of_a_few() -> Map<String, Value> {
        // As many as need no second allocation.
        Map::with_capacity(3)
    }

    fn has(object: &Map<String, Value>, name: &str) -> bool {
        ObjectRef::Map(object).get(name).is_some()
    }

    fn push(object: &mut Map<String, Value>, name: Cow<'a, str>, value: Self) {
        object.insert(name.into_owned(), value);
    }
}
