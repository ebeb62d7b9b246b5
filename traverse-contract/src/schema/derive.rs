//! The schema of one JSON document, for trying an expression where no spec says what the types are (spec LANG-112).

use super::{ItemBounds, NumberBounds, ObjectSchema, Property, Schema, SchemaKind, StringBounds};
use crate::diagnostic::Span;
use crate::json::pointer_join;
use crate::outcome::Rejection;
use serde_json::Value;
use std::collections::{HashMap, HashSet};

#[cfg(test)]
mod tests;

/// The schema that a document tells of itself: a number is an integer if it is written without fraction and exponent
/// and fits 64 bits, else a number; all properties of an object are required, and there are no others. The elements of
/// a list have one type between them: of ints and numbers a number; of objects one in which a property that some of
/// them lack is not required; where some are null, the type of the others or null.
///
/// # Errors
/// A list whose elements have no one type, with the place of the first that does not go with those before it.
pub fn derive(document: &Value) -> Result<Schema, Rejection> {
    shape(document, "").map(Shape::into_schema)
}

/// What is known of a value so far.
#[derive(Debug, Clone, PartialEq)]
enum Shape {
    /// Nothing: the elements of an empty list.
    Open,
    Null,
    Bool,
    Int,
    Number,
    Text,
    List(Box<Shape>),
    Object(Fields),
    /// Of this shape or null.
    Nullable(Box<Shape>),
}

/// The fields of an object in the order in which they were met, and where each stands: elements that all have other keys
/// are many.
#[derive(Debug, Clone, Default, PartialEq)]
struct Fields {
    known: Vec<Field>,
    places: HashMap<String, usize>,
    /// Those that no element lacks so far.
    required: Vec<usize>,
}

#[derive(Debug, Clone, PartialEq)]
struct Field {
    name: String,
    shape: Shape,
}

impl Fields {
    fn push(&mut self, name: &str, shape: Shape) -> usize {
        let place = self.known.len();
        self.places.insert(name.to_owned(), place);
        self.known.push(Field { name: name.to_owned(), shape });
        place
    }
}

fn shape(value: &Value, at: &str) -> Result<Shape, Rejection> {
    Ok(match value {
        Value::Null => Shape::Null,
        Value::Bool(_) => Shape::Bool,
        Value::Number(number) if number.is_i64() => Shape::Int,
        Value::Number(_) => Shape::Number,
        Value::String(_) => Shape::Text,
        Value::Array(elements) => {
            let mut of = Shape::Open;
            for (index, element) in elements.iter().enumerate() {
                let at = pointer_join(at, &index.to_string());
                of = join(of, shape(element, &at)?, &at)?;
            }
            Shape::List(Box::new(of))
        }
        Value::Object(fields) => {
            let mut found = Fields::default();
            for (name, value) in fields {
                let place = found.push(name, shape(value, &pointer_join(at, name))?);
                found.required.push(place);
            }
            Shape::Object(found)
        }
    })
}

/// What is known of the elements of a list before `at`, and of the one there.
fn join(known: Shape, found: Shape, at: &str) -> Result<Shape, Rejection> {
    Ok(match (known, found) {
        (Shape::Open, shape) | (shape, Shape::Open) => shape,
        (Shape::Null, Shape::Null) => Shape::Null,
        (Shape::Nullable(shape), Shape::Null) | (Shape::Null, Shape::Nullable(shape)) => {
            Shape::Nullable(shape)
        }
        (Shape::Null, shape) | (shape, Shape::Null) => Shape::Nullable(Box::new(shape)),
        (Shape::Nullable(known), Shape::Nullable(found)) => {
            Shape::Nullable(Box::new(join(*known, *found, at)?))
        }
        (Shape::Nullable(known), found) => Shape::Nullable(Box::new(join(*known, found, at)?)),
        (known, Shape::Nullable(found)) => Shape::Nullable(Box::new(join(known, *found, at)?)),
        (Shape::Int, Shape::Number) | (Shape::Number, Shape::Int) => Shape::Number,
        (Shape::List(known), Shape::List(found)) => Shape::List(Box::new(join(*known, *found, at)?)),
        (Shape::Object(mut known), Shape::Object(found)) => {
            let everywhere: HashSet<&str> = found
                .required
                .iter()
                .filter_map(|at| found.known.get(*at))
                .map(|field| field.name.as_str())
                .collect();
            let names = &known.known;
            known
                .required
                .retain(|at| names.get(*at).is_some_and(|field| everywhere.contains(field.name.as_str())));
            for field in found.known {
                match known.places.get(&field.name).and_then(|index| known.known.get_mut(*index)) {
                    Some(before) => {
                        let shape = std::mem::replace(&mut before.shape, Shape::Open);
                        before.shape = join(shape, field.shape, &pointer_join(at, &field.name))?;
                    }
                    None => {
                        known.push(&field.name, field.shape);
                    }
                }
            }
            Shape::Object(known)
        }
        (known, found) if known == found => known,
        (known, found) => {
            let message = format!(
                "is {}, but the same place of an element before it is {}",
                found.word(),
                known.word()
            );
            return Err(Rejection { at: at.to_owned(), message });
        }
    })
}

impl Shape {
    fn word(&self) -> &'static str {
        match self {
            Shape::Open | Shape::Null => "null",
            Shape::Bool => "a bool",
            Shape::Int => "an int",
            Shape::Number => "a number",
            Shape::Text => "a string",
            Shape::List(_) => "a list",
            Shape::Object(_) => "an object",
            Shape::Nullable(shape) => shape.word(),
        }
    }

    fn into_schema(self) -> Schema {
        let kind = match self {
            Shape::Open => SchemaKind::Ref(String::new()),
            Shape::Null => SchemaKind::Null,
            Shape::Nullable(shape) => SchemaKind::Nullable(Box::new(shape.into_schema())),
            Shape::Bool => SchemaKind::Boolean(None),
            Shape::Int => SchemaKind::Integer(NumberBounds::default()),
            Shape::Number => SchemaKind::Number(NumberBounds::default()),
            Shape::Text => SchemaKind::String(StringBounds::default()),
            Shape::List(of) => SchemaKind::Array(Box::new(of.into_schema()), ItemBounds::default()),
            Shape::Object(fields) => {
                let required: HashSet<usize> = fields.required.into_iter().collect();
                let property = |(at, field): (usize, Field)| Property {
                    name: field.name,
                    required: required.contains(&at),
                    schema: field.shape.into_schema(),
                };
                let properties = fields.known.into_iter().enumerate().map(property).collect();
                SchemaKind::Object(std::sync::Arc::new(ObjectSchema {
                    properties,
                    additional: false,
                    inferred: false,
                }))
            }
        };
        Schema { kind, title: None, description: None, given: None, span: Span::default() }
    }
}
