//! `[input]`, `[output]`, `[types.Name]`, `details` → [`Schema`] (spec `SCHEMA`).
//!
//! A keyword that is not carried out is an error, never ignored: a schema that promises more than is checked is worse
//! than none.

use super::keyword::{ANNOTATIONS, KEYWORDS, unknown_keyword};
use super::recursion::check_recursion;
use super::{LengthBounds, NumberBounds, ObjectSchema, Property, Schema, SchemaKind};
use crate::diagnostic::{Diagnostic, Span, nearest};
use crate::spec::Text;
use crate::spec::names::is_upper_camel;
use crate::spec::node::{Entry, Node, NodeValue};
use crate::spec::section::{MAX_ERRORS, quoted_list};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

const TYPES: [&str; 6] = ["boolean", "integer", "number", "string", "array", "object"];

/// Parses the schemas of one spec: it knows the names that `$ref` may use.
pub(crate) struct SchemaParser<'n> {
    entries: &'n [Entry],
    names: HashSet<&'n str>,
}

impl<'n> SchemaParser<'n> {
    /// Takes the names in `[types]`.
    pub(crate) fn new(types: Option<&'n Node>, errors: &mut Vec<Diagnostic>) -> Self {
        let entries: &[Entry] = match types.map(|node| (&node.value, node)) {
            None => &[],
            Some((NodeValue::Table(entries), _)) => entries,
            Some((_, node)) => {
                errors.push(wrong_type("`[types]`", "a table", node));
                &[]
            }
        };
        let names = entries.iter().map(|entry| entry.key.value.as_str()).collect();
        SchemaParser { entries, names }
    }

    /// `[types.Name]`, sorted by name, so that the order in the file (which canonical JSON does not keep) means
    /// nothing.
    pub(crate) fn types(&mut self, errors: &mut Vec<Diagnostic>) -> Vec<(String, Schema)> {
        let mut types = Vec::new();
        for entry in self.entries {
            let name = &entry.key.value;
            if !is_upper_camel(name) {
                errors.push(
                    Diagnostic::error("schema-bad-type-name", format!("`{name}` is not a name for a type"))
                        .at(entry.key.span, "")
                        .help("names of types are UpperCamelCase: `[types.LineItem]`"),
                );
            }
            if let Some(schema) = self.schema(&entry.value, &format!("[types.{name}]"), errors) {
                types.push((name.clone(), schema));
            }
        }
        types.sort_by(|(one, _), (other, _)| one.cmp(other));
        check_recursion(&types, errors);
        types
    }

    /// One schema; `place` is what messages call it, for example `[input]`. `None` if an error was found in it.
    pub(crate) fn schema(&self, node: &Node, place: &str, errors: &mut Vec<Diagnostic>) -> Option<Schema> {
        let NodeValue::Table(entries) = &node.value else {
            errors.push(wrong_type(&format!("the schema `{place}`"), "a table", node));
            return None;
        };
        let before = errors.len();
        let mut reader = Keywords { parser: self, entries, place, span: node.span, errors };
        let kind = reader.kind();
        let title = reader.annotation("title");
        let description = reader.annotation("description");
        (errors.len() == before).then_some(())?;
        Some(Schema { kind: kind?, title, description, span: node.span })
    }
}

fn wrong_type(what: &str, expected: &str, node: &Node) -> Diagnostic {
    let mut error =
        Diagnostic::error("schema-wrong-type", format!("{what} must be {expected}, found {}", node.noun()))
            .at(node.span, "");
    error.help = node.mend(expected);
    error
}

/// The keywords of one schema.
struct Keywords<'a, 'n> {
    parser: &'a SchemaParser<'n>,
    entries: &'a [Entry],
    place: &'a str,
    span: Span,
    errors: &'a mut Vec<Diagnostic>,
}

impl<'a> Keywords<'a, '_> {
    fn get(&self, keyword: &str) -> Option<&'a Node> {
        self.entries.iter().find(|entry| entry.key.value == keyword).map(|entry| &entry.value)
    }

    fn text(&mut self, keyword: &str) -> Option<&'a Text> {
        match self.get(keyword).map(|node| (&node.value, node))? {
            (NodeValue::String(text), _) => Some(text),
            (_, node) => {
                self.errors.push(wrong_type(&format!("`{keyword}`"), "a string", node));
                None
            }
        }
    }

    fn annotation(&mut self, keyword: &str) -> Option<String> {
        self.text(keyword).map(|text| text.value.clone())
    }

    /// Reports every keyword that does not belong beside `what`.
    fn allow(&mut self, keywords: &[&str], what: &str) {
        for entry in self.entries {
            let keyword = entry.key.value.as_str();
            if keywords.contains(&keyword)
                || ANNOTATIONS.contains(&keyword)
                || self.errors.len() >= MAX_ERRORS
            {
                continue;
            }
            let error = if KEYWORDS.contains(&keyword) {
                Diagnostic::error("schema-misplaced-keyword", format!("`{keyword}` does not go with {what}"))
                    .help(format!("allowed there: {}", quoted_list(keywords)))
            } else {
                unknown_keyword(keyword, self.place, keywords)
            };
            self.errors.push(error.at(entry.key.span, ""));
        }
    }

    fn kind(&mut self) -> Option<SchemaKind> {
        if self.get("$ref").is_some() {
            self.allow(&["$ref"], "`$ref`");
            return self.reference();
        }
        let name = match self.get("type") {
            None if self.get("enum").is_some() => "string",
            None => {
                self.missing_type();
                return None;
            }
            Some(Node { value: NodeValue::String(_), .. }) => self.text("type")?.value.as_str(),
            Some(node) => {
                let help =
                    "this version has one type for each schema; leave an optional property out of `required`";
                self.errors.push(wrong_type("`type`", "a string", node).help(help));
                return None;
            }
        };
        let what = format!("`type = \"{name}\"`");
        match name {
            "boolean" => {
                self.allow(&["type"], &what);
                Some(SchemaKind::Boolean)
            }
            "integer" | "number" => {
                self.allow(&["type", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"], &what);
                let bounds = self.number_bounds(name == "integer");
                Some(if name == "integer" { SchemaKind::Integer(bounds) } else { SchemaKind::Number(bounds) })
            }
            "string" if self.get("enum").is_some() => {
                self.allow(&["type", "enum"], "`enum`");
                self.enumeration()
            }
            "string" => {
                self.allow(&["type", "enum", "minLength", "maxLength"], &what);
                Some(SchemaKind::String(self.length_bounds("minLength", "maxLength")))
            }
            "array" => {
                self.allow(&["type", "items", "minItems", "maxItems"], &what);
                let bounds = self.length_bounds("minItems", "maxItems");
                Some(SchemaKind::Array(Box::new(self.items()?), bounds))
            }
            "object" => {
                self.allow(&["type", "properties", "required", "additionalProperties"], &what);
                self.object()
            }
            _ => {
                self.bad_type(name);
                None
            }
        }
    }

    fn missing_type(&mut self) {
        let suggested = if self.get("properties").is_some() {
            "object"
        } else if self.get("items").is_some() {
            "array"
        } else {
            "string"
        };
        self.allow(&KEYWORDS, "");
        self.errors.push(
            Diagnostic::error("schema-missing-type", format!("the schema `{}` has no `type`", self.place))
                .at(self.span, "`type` is required here")
                .help(format!("add `type = \"{suggested}\"`")),
        );
    }

    fn bad_type(&mut self, name: &str) {
        let span = self.get("type").map_or(self.span, |node| node.span);
        let error = if name == "null" {
            Diagnostic::error("schema-unsupported", "`type = \"null\"` is not supported by this version")
                .help("leave the property out of `required` instead")
        } else {
            let synonym = match name {
                "int" | "i64" | "long" => Some("integer"),
                "bool" => Some("boolean"),
                "float" | "double" | "f64" | "decimal" => Some("number"),
                "list" => Some("array"),
                "map" | "table" | "dict" => Some("object"),
                "text" => Some("string"),
                _ => nearest(name, TYPES),
            };
            Diagnostic::error("schema-unknown-type", format!("unknown type `{name}`")).help(match synonym {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the types are {}", quoted_list(&TYPES)),
            })
        };
        self.errors.push(error.at(span, ""));
    }

    fn reference(&mut self) -> Option<SchemaKind> {
        let text = self.text("$ref")?;
        let Some(name) = text.value.strip_prefix("#/types/") else {
            self.errors.push(
                Diagnostic::error(
                    "schema-bad-ref",
                    format!("`$ref` does not point to a type: `{}`", text.value),
                )
                .at(text.span, "")
                .help("a reference is written `$ref = \"#/types/Name\"`"),
            );
            return None;
        };
        if !self.parser.names.contains(name) {
            let names = self.parser.entries.iter().map(|entry| entry.key.value.as_str());
            self.errors.push(
                Diagnostic::error("schema-bad-ref", format!("there is no type `{name}`"))
                    .at(text.span, "")
                    .help(match nearest(name, names) {
                        Some(near) => format!("did you mean `#/types/{near}`?"),
                        None => format!("add a section `[types.{name}]`"),
                    }),
            );
            return None;
        }
        Some(SchemaKind::Ref(name.to_owned()))
    }

    fn enumeration(&mut self) -> Option<SchemaKind> {
        let node = self.get("enum")?;
        let NodeValue::Array(items) = &node.value else {
            self.errors.push(wrong_type("`enum`", "an array of strings", node));
            return None;
        };
        if items.is_empty() {
            self.errors.push(
                Diagnostic::error("schema-empty-range", "`enum` admits nothing")
                    .at(node.span, "name a value"),
            );
        }
        let mut seen = HashMap::new();
        let mut values = Vec::new();
        for item in items {
            match &item.value {
                NodeValue::String(text) => {
                    if let Some(first) = seen.insert(text.value.as_str(), item.span) {
                        self.errors.push(
                            Diagnostic::error(
                                "schema-duplicate",
                                format!("`{}` stands twice in `enum`", text.value),
                            )
                            .at(item.span, "")
                            .also(first, "first here"),
                        );
                    }
                    values.push(text.value.clone());
                }
                _ => self.errors.push(wrong_type("a value of `enum`", "a string in this version", item)),
            }
        }
        Some(SchemaKind::Enum(Arc::new(values)))
    }

    fn items(&mut self) -> Option<Schema> {
        match self.get("items") {
            Some(node) => self.parser.schema(node, &format!("{}.items", self.place), self.errors),
            None => {
                self.errors.push(
                    Diagnostic::error("schema-missing-items", "an array needs `items`")
                        .at(self.span, "")
                        .help("say what it holds: `items = { type = \"string\" }`"),
                );
                None
            }
        }
    }

    fn number_bounds(&mut self, integral: bool) -> NumberBounds {
        let bounds = NumberBounds {
            minimum: self.number("minimum", integral),
            maximum: self.number("maximum", integral),
            exclusive_minimum: self.number("exclusiveMinimum", integral),
            exclusive_maximum: self.number("exclusiveMaximum", integral),
        };
        let lows = [(bounds.minimum, false), (bounds.exclusive_minimum, true)];
        let highs = [(bounds.maximum, false), (bounds.exclusive_maximum, true)];
        let empty = lows.iter().any(|&(low, low_open)| {
            highs.iter().any(|&(high, high_open)| match (low, high) {
                (Some(low), Some(high)) => low > high || (low == high && (low_open || high_open)),
                _ => false,
            })
        });
        if empty {
            self.empty_range("no number is within these bounds");
        }
        bounds
    }

    fn number(&mut self, keyword: &str, integral: bool) -> Option<f64> {
        let node = self.get(keyword)?;
        match node.value {
            NodeValue::Integer(number) => Some(number as f64),
            NodeValue::Float(number) if !integral => Some(number),
            // 2^53: up to there every integral double is one integer.
            NodeValue::Float(number) if number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0 => {
                Some(number)
            }
            _ => {
                let expected = if integral { "an integer, as its `type` is" } else { "a number" };
                self.errors.push(wrong_type(&format!("`{keyword}`"), expected, node));
                None
            }
        }
    }

    fn length_bounds(&mut self, min: &str, max: &str) -> LengthBounds {
        let bounds = LengthBounds { min: self.length(min), max: self.length(max) };
        if let (Some(least), Some(most)) = (bounds.min, bounds.max)
            && least > most
        {
            self.empty_range(&format!("`{min}` is greater than `{max}`"));
        }
        bounds
    }

    fn length(&mut self, keyword: &str) -> Option<u64> {
        let node = self.get(keyword)?;
        let length = match node.value {
            NodeValue::Integer(number) => u64::try_from(number).ok(),
            // Canonical JSON writes 3.0 and 3 alike, so they must mean the same.
            NodeValue::Float(number) if number.fract() == 0.0 && (0.0..1e15).contains(&number) => {
                Some(number as u64)
            }
            _ => None,
        };
        if length.is_none() {
            self.errors.push(
                Diagnostic::error("schema-wrong-type", format!("`{keyword}` must be an integer from 0"))
                    .at(node.span, ""),
            );
        }
        length
    }

    fn empty_range(&mut self, message: &str) {
        self.errors.push(
            Diagnostic::error("schema-empty-range", message).at(self.span, format!("in `{}`", self.place)),
        );
    }

    fn object(&mut self) -> Option<SchemaKind> {
        let additional = match self.get("additionalProperties").map(|node| (&node.value, node)) {
            None => true,
            Some((NodeValue::Bool(truth), _)) => *truth,
            Some((_, node)) => {
                self.errors.push(wrong_type("`additionalProperties`", "`true` or `false`", node));
                true
            }
        };
        let entries: &[Entry] = match self.get("properties").map(|node| (&node.value, node)) {
            None => &[],
            Some((NodeValue::Table(entries), _)) => entries,
            Some((_, node)) => {
                self.errors.push(wrong_type("`properties`", "a table", node));
                &[]
            }
        };
        let required = self.required(entries);
        let mut properties = Vec::new();
        for entry in entries {
            let name = &entry.key.value;
            if !is_property_name(name) {
                self.errors.push(
                    Diagnostic::error("schema-bad-property-name", format!("`{name}` cannot name a property"))
                        .at(entry.key.span, "")
                        .help("a name starts with a letter and goes on with letters, digits, `_` or `-` (ASCII)"),
                );
            }
            let place = format!("{}.properties.{name}", self.place);
            if let Some(schema) = self.parser.schema(&entry.value, &place, self.errors) {
                let required = required.contains_key(name.as_str());
                properties.push(Property { name: name.clone(), required, schema });
            }
        }
        // The order that survives canonical JSON: as `required` lists them, then the rest by name (SCHEMA-12).
        let rank = |name: &str| required.get(name).copied().unwrap_or(usize::MAX);
        properties.sort_by(|one, other| {
            rank(&one.name).cmp(&rank(&other.name)).then_with(|| one.name.cmp(&other.name))
        });
        Some(SchemaKind::Object(Arc::new(ObjectSchema { properties, additional })))
    }

    /// The names in `required`, each with its place there.
    fn required(&mut self, entries: &[Entry]) -> HashMap<&'a str, usize> {
        let known: HashSet<&str> = entries.iter().map(|entry| entry.key.value.as_str()).collect();
        let items: &'a [Node] = match self.get("required").map(|node| (&node.value, node)) {
            None => &[],
            Some((NodeValue::Array(items), _)) => items,
            Some((_, node)) => {
                let mut error = wrong_type("`required`", "an array of strings", node);
                error.help.get_or_insert_with(|| {
                    "`required` stands beside `properties` and lists their names: `required = [\"total\"]`".into()
                });
                self.errors.push(error);
                &[]
            }
        };
        let mut required: HashMap<&'a str, usize> = HashMap::new();
        for item in items {
            if self.errors.len() >= MAX_ERRORS {
                break;
            }
            let NodeValue::String(text) = &item.value else {
                self.errors.push(wrong_type("a name in `required`", "a string", item));
                continue;
            };
            let name = text.value.as_str();
            if required.contains_key(name) {
                self.errors.push(
                    Diagnostic::error("schema-duplicate", format!("`{name}` stands twice in `required`"))
                        .at(item.span, ""),
                );
            } else if !known.contains(name) {
                let names = entries.iter().map(|entry| entry.key.value.as_str());
                self.errors.push(
                    Diagnostic::error(
                        "schema-unknown-property",
                        format!("`required` names `{name}`, which `properties` does not have"),
                    )
                    .at(item.span, "")
                    .help(match nearest(name, names) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => format!("add `{name}` to `properties`"),
                    }),
                );
            } else {
                required.insert(name, required.len());
            }
        }
        required
    }
}

/// `[A-Za-z_][A-Za-z0-9_-]*` with a letter in it, at most 128 bytes: what both a clause and Rust can name.
fn is_property_name(name: &str) -> bool {
    name.len() <= 128
        && name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
        && name.chars().any(|c| c.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests;
