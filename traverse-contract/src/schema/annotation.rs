//! `default` and `examples` against their own schema (spec SCHEMA-36): they fill in nothing, but a reader believes them.

use super::fit::{check_bounds, check_length, kind_noun};
use super::parse::{double, whole};
use super::words;
use super::{ObjectSchema, Schema, SchemaKind, resolve};
use crate::diagnostic::{Diagnostic, Span};
use crate::spec::node::{Entry, Node, NodeValue};
use std::collections::HashSet;
use std::fmt::Write as _;

/// The named types, sorted by name.
type Types = [(String, Schema)];

/// The error for a value that the annotation `keyword` of `schema` gives and the schema does not admit.
pub(super) fn check_annotation(
    types: &Types,
    schema: &Schema,
    keyword: &str,
    value: &Node,
) -> Option<Diagnostic> {
    let (span, message) = check(types, schema, value, "").err()?;
    let what = if keyword == "default" { "`default`" } else { "an example" };
    Some(
        Diagnostic::error("schema-bad-annotation", format!("{what} does not fit its schema: {message}"))
            .at(span, "does not fit")
            .also(schema.span, "the schema")
            .help("a reader takes it for a value that is admitted; change it or the schema"),
    )
}

type Fits = Result<(), (Span, String)>;

/// `or_null` is what a message says of a schema around that admits null besides.
fn check(types: &Types, schema: &Schema, node: &Node, or_null: &str) -> Fits {
    let here = |fits: Result<(), String>| fits.map_err(|message| (node.span, message));
    match (&resolve(types, schema).kind, &node.value) {
        // TOML has no null, so no annotation gives one.
        (SchemaKind::Null | SchemaKind::Nullable(_), NodeValue::Null) => Ok(()),
        (SchemaKind::Nullable(inner), _) => check(types, inner, node, words::OR_NULL),
        (SchemaKind::Boolean(only), NodeValue::Bool(value)) => match only {
            Some(only) if only != value => here(Err(words::must_be(*only).to_owned())),
            _ => Ok(()),
        },
        (SchemaKind::Integer(bounds), NodeValue::Integer(_) | NodeValue::Float(_)) => match whole(node) {
            None => here(Err(words::expected("an integer", or_null, "a number with a fraction"))),
            Some(integer) => here(check_bounds(
                bounds,
                |bound| Some(integer.cmp(&(bound as i64))),
                |step| integer % step as i64 == 0,
            )),
        },
        (SchemaKind::Number(bounds), NodeValue::Integer(_) | NodeValue::Float(_)) => {
            let number = double(node).unwrap_or_default();
            here(check_bounds(bounds, |bound| number.partial_cmp(&bound), |_| true))
        }
        (SchemaKind::String(bounds), NodeValue::String(text)) => {
            here(check_length(&bounds.length, "characters", || text.value.chars().count() as u64))?;
            match &bounds.pattern {
                Some(pattern) if !pattern.is_match(&text.value) => {
                    here(Err(format!("must match `{}`", pattern.source())))
                }
                _ => Ok(()),
            }
        }
        (SchemaKind::Enum(values), NodeValue::String(text)) => match values.contains(&text.value) {
            true => Ok(()),
            false => here(Err(words::one_of_texts(values))),
        },
        (SchemaKind::Array(items, bounds), NodeValue::Array(elements)) => {
            elements.iter().try_for_each(|element| check(types, items, element, ""))?;
            here(check_length(&bounds.length, "items", || elements.len() as u64))?;
            let mut seen = HashSet::new();
            let differs = |element: &Node| {
                let mut text = String::new();
                write(types, items, element, &mut text);
                seen.insert(text)
            };
            if bounds.unique && !elements.iter().all(differs) {
                return here(Err(words::NOT_UNIQUE.to_owned()));
            }
            Ok(())
        }
        (SchemaKind::Tuple(items), NodeValue::Array(elements)) => {
            items.iter().zip(elements).try_for_each(|(item, element)| check(types, item, element, ""))?;
            here(match items.len() == elements.len() {
                true => Ok(()),
                false => Err(format!("must have exactly {} items", items.len())),
            })
        }
        (SchemaKind::Object(object), NodeValue::Table(entries)) => {
            check_object(types, object, entries, node.span)
        }
        (SchemaKind::Map(values, bounds), NodeValue::Table(entries)) => {
            entries.iter().try_for_each(|entry| check(types, values, &entry.value, ""))?;
            here(check_length(bounds, "properties", || entries.len() as u64))
        }
        (kind, _) => here(Err(words::expected(kind_noun(kind), or_null, node.noun()))),
    }
}

fn check_object(types: &Types, object: &ObjectSchema, entries: &[Entry], span: Span) -> Fits {
    for entry in entries {
        match object.property(&entry.key.value) {
            Some(property) => check(types, &property.schema, &entry.value, "")?,
            None if object.additional => {}
            None => return Err((entry.key.span, "unknown property".into())),
        }
    }
    let there = |name: &str| entries.iter().any(|entry| entry.key.value == name);
    match object.properties.iter().find(|property| property.required && !there(&property.name)) {
        Some(missing) => Err((span, format!("required property `{}` is missing", missing.name))),
        None => Ok(()),
    }
}

/// Equal texts for equal values (spec SCHEMA-33).
fn write(types: &Types, schema: &Schema, node: &Node, out: &mut String) {
    match (&resolve(types, schema).kind, &node.value) {
        (SchemaKind::Nullable(inner), _) => write(types, inner, node, out),
        (SchemaKind::Tuple(items), NodeValue::Array(elements)) => {
            out.push('[');
            for (item, element) in items.iter().zip(elements) {
                write(types, item, element, out);
                out.push(',');
            }
            out.push(']');
        }
        (SchemaKind::Array(items, _), NodeValue::Array(elements)) => {
            out.push('[');
            for element in elements {
                write(types, items, element, out);
                out.push(',');
            }
            out.push(']');
        }
        (kind, NodeValue::Table(entries)) => {
            let mut entries: Vec<&Entry> = entries.iter().collect();
            entries.sort_by(|one, other| one.key.value.cmp(&other.key.value));
            out.push('{');
            for entry in entries {
                let inner = match kind {
                    SchemaKind::Object(object) => {
                        object.property(&entry.key.value).map(|known| &known.schema)
                    }
                    SchemaKind::Map(values, _) => Some(&**values),
                    _ => None,
                };
                // What the schema does not know is not seen.
                if let Some(inner) = inner {
                    let _ = write!(out, "{:?}:", entry.key.value);
                    write(types, inner, &entry.value, out);
                    out.push(',');
                }
            }
            out.push('}');
        }
        (_, NodeValue::String(text)) => {
            let _ = write!(out, "{:?}", text.value);
        }
        (_, NodeValue::Bool(value)) => {
            let _ = write!(out, "{value}");
        }
        _ => {
            let _ = write!(out, "{:e}", double(node).unwrap_or_default());
        }
    }
}
