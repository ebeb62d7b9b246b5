//! [`BorrowedValue`]: a document as it was read.

use serde_json::{Map, Number, Value};
use std::borrow::Cow;
use std::collections::HashMap;

/// A JSON value whose strings stand in the text that it was read from, as far as they stand there as they are.
///
/// What it holds is what a [`Value`] holds. It costs a third of one to make: no string is copied, and names are hashed only where an
/// object has more than a few.
#[derive(Debug, Clone, PartialEq)]
pub enum BorrowedValue<'a> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string.
    String(Cow<'a, str>),
    /// An array.
    Array(Vec<BorrowedValue<'a>>),
    /// An object.
    Object(BorrowedObject<'a>),
}

/// An object in the author's order, without repeated names.
#[derive(Debug, Clone, Default)]
pub struct BorrowedObject<'a> {
    fields: Vec<(Cow<'a, str>, BorrowedValue<'a>)>,
    /// Once there are more than [`FEW`].
    index: Option<Box<Index<'a>>>,
}

/// Where each name stands.
#[derive(Debug, Clone)]
struct Index<'a>(HashMap<Cow<'a, str>, usize>);

/// To compare so many names takes less time than to hash one.
pub(super) const FEW: usize = 8;

impl<'a> BorrowedValue<'a> {
    /// The same, which borrows nothing.
    pub fn into_value(self) -> Value {
        match self {
            BorrowedValue::Null => Value::Null,
            BorrowedValue::Bool(value) => Value::Bool(value),
            BorrowedValue::Number(number) => Value::Number(number),
            BorrowedValue::String(text) => Value::String(text.into_owned()),
            BorrowedValue::Array(elements) => {
                Value::Array(elements.into_iter().map(BorrowedValue::into_value).collect())
            }
            BorrowedValue::Object(object) => {
                let mut map = Map::with_capacity(object.fields.len());
                for (name, value) in object.fields {
                    map.insert(name.into_owned(), value.into_value());
                }
                Value::Object(map)
            }
        }
    }
}

impl<'a> BorrowedObject<'a> {
    /// Empty, with room for what most objects have.
    pub(super) fn of_a_few() -> BorrowedObject<'a> {
        BorrowedObject { fields: Vec::with_capacity(4), index: None }
    }

    /// How many properties it has.
    pub fn len(&self) -> usize {
        self.fields.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// The properties in the author's order.
    pub fn fields(&self) -> &[(Cow<'a, str>, BorrowedValue<'a>)] {
        &self.fields
    }

    /// The values, in the author's order.
    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = (&str, &mut BorrowedValue<'a>)> {
        self.fields.iter_mut().map(|(name, value)| {
            let name: &Cow<'a, str> = name;
            (name.as_ref(), value)
        })
    }

    /// The value of a property.
    pub fn get(&self, name: &str) -> Option<&BorrowedValue<'a>> {
        self.place(name).and_then(|at| self.fields.get(at)).map(|(_, value)| value)
    }

    fn place(&self, name: &str) -> Option<usize> {
        match &self.index {
            None => self.fields.iter().position(|(known, _)| known.as_ref() == name),
            Some(index) => index.0.get(name).copied(),
        }
    }

    /// One more property, of a name that it does not have.
    pub(super) fn push(&mut self, name: Cow<'a, str>, value: BorrowedValue<'a>) {
        let at = self.fields.len();
        if let Some(index) = &mut self.index {
            index.0.insert(name.clone(), at);
        }
        self.fields.push((name, value));
        if at == FEW {
            let names = self.fields.iter().enumerate().map(|(at, (name, _))| (name.clone(), at));
            self.index = Some(Box::new(Index(names.collect())));
        }
    }
}

/// The order is no difference.
impl PartialEq for BorrowedObject<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.fields.iter().all(|(name, value)| other.get(name) == Some(value))
    }
}
