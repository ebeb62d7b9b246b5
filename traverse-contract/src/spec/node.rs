//! One tree for TOML and JSON: what the spec, the schemas and the manifest are read from.
//!
//! Every node knows its place in the file (an empty span where it came from JSON). Table entries stand in the order
//! of the file. How TOML text becomes a tree is [`super::toml`]'s part.

use super::Text;
use crate::diagnostic::Span;

/// A value and its place.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    /// The value.
    pub(crate) value: NodeValue,
    /// The value's place; for a table that a `[header]` opens, the header.
    pub(crate) span: Span,
}

/// The kinds of value. `Null` occurs in JSON only.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum NodeValue {
    Null,
    Bool(bool),
    /// At most 2^53 − 1 either way, so that it is exact in canonical JSON.
    Integer(i64),
    /// Finite.
    Float(f64),
    String(Text),
    Array(Vec<Node>),
    Table(Vec<Entry>),
}

/// A key of a table, with its value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    pub(crate) key: Text,
    pub(crate) value: Node,
}

/// How deep tables and arrays may nest, in TOML and in a contract's JSON.
pub(crate) const MAX_DEPTH: usize = 64;

/// The largest integer that a double, and so canonical JSON, keeps exactly: 2^53 − 1.
pub(crate) const MAX_INTEGER: i64 = (1 << 53) - 1;

impl Node {
    /// What a message calls the value: `a string`, `an integer`, …
    pub(crate) fn noun(&self) -> &'static str {
        match self.value {
            NodeValue::Null => "`null`",
            NodeValue::Bool(_) => "a boolean",
            NodeValue::Integer(_) => "an integer",
            NodeValue::Float(_) => "a number",
            NodeValue::String(_) => "a string",
            NodeValue::Array(_) => "an array",
            NodeValue::Table(_) => "a table",
        }
    }

    /// How to write the value as what was `expected` (`an integer`, `an array of strings`), where only brackets or
    /// quotes are wrong.
    pub(crate) fn mend(&self, expected: &str) -> Option<String> {
        let NodeValue::String(text) = &self.value else { return None };
        let text = text.value.as_str();
        let number = || text.trim().replace('_', "").parse::<f64>().is_ok_and(f64::is_finite);
        if expected.starts_with("an array") {
            // Shown in the form that TOML takes, if that is as short as what is written.
            let plain = text.len() <= 60 && !text.contains(['"', '\\']) && !text.contains(char::is_control);
            let shown = if plain { text } else { "…" };
            Some(format!("write `[\"{shown}\"]`"))
        } else if (expected.starts_with("an integer") || expected == "a number") && number()
            || expected.contains("`true`") && matches!(text, "true" | "false")
        {
            Some("write it without quotes".into())
        } else {
            None
        }
    }
}

#[cfg(feature = "host")]
mod json {
    use super::{Entry, MAX_INTEGER, Node, NodeValue};
    use crate::diagnostic::Span;
    use crate::spec::Text;
    use serde_json::{Map, Number, Value};

    impl Node {
        /// A tree that stands in no file.
        pub(crate) fn from_json(value: Value) -> Node {
            let value = match value {
                Value::Null => NodeValue::Null,
                Value::Bool(truth) => NodeValue::Bool(truth),
                Value::Number(number) => number_node(&number),
                Value::String(text) => NodeValue::String(Text::detached(text)),
                Value::Array(items) => NodeValue::Array(items.into_iter().map(Node::from_json).collect()),
                Value::Object(fields) => {
                    let fields = fields.into_iter();
                    NodeValue::Table(
                        fields
                            .map(|(key, field)| Entry {
                                key: Text::detached(key),
                                value: Node::from_json(field),
                            })
                            .collect(),
                    )
                }
            };
            Node { value, span: Span::default() }
        }

        /// The same values as JSON.
        pub(crate) fn to_json(&self) -> Value {
            match &self.value {
                NodeValue::Null => Value::Null,
                NodeValue::Bool(truth) => Value::Bool(*truth),
                NodeValue::Integer(number) => Value::from(*number),
                NodeValue::Float(number) => Number::from_f64(*number).map_or(Value::Null, Value::Number),
                NodeValue::String(text) => Value::String(text.value.clone()),
                NodeValue::Array(items) => Value::Array(items.iter().map(Node::to_json).collect()),
                NodeValue::Table(entries) => Value::Object(
                    entries
                        .iter()
                        .map(|entry| (entry.key.value.clone(), entry.value.to_json()))
                        .collect::<Map<_, _>>(),
                ),
            }
        }
    }

    /// Canonical JSON writes the double 1e16 without a point; only up to 2^53 - 1 was an integer meant as one.
    fn number_node(number: &Number) -> NodeValue {
        match number.as_i64() {
            Some(integer) if integer.unsigned_abs() <= MAX_INTEGER as u64 => NodeValue::Integer(integer),
            // Every number is finite as a double.
            _ => NodeValue::Float(number.as_f64().unwrap_or_default()),
        }
    }
}
