//! `[input]`, `[output]`, `[types.Name]`, `details` → [`Schema`] (spec `SCHEMA`).
//!
//! A keyword that is not carried out is an error, never ignored: a schema that promises more than is checked is worse
//! than none.

mod bounds;
mod choice;
mod nullable;
#[cfg(test)]
mod tests;
mod tuple;

pub(super) use bounds::{double, whole};

use super::annotation::check_annotation;
use super::keyword::{ANNOTATIONS, KEYWORDS, unknown_keyword};
use super::recursion::check_recursion;
use super::{Given, ItemBounds, ObjectSchema, Property, Schema, SchemaKind};
use crate::diagnostic::{Diagnostic, Span, nearest};
use crate::pattern::Patterns;
use crate::spec::Text;
use crate::spec::names::is_upper_camel;
use crate::spec::node::{Entry, Node, NodeValue};
use crate::spec::section::{MAX_ERRORS, quoted_list};
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// What may stand in the schema of an integer; without the last, in that of a number.
const INTEGER: [&str; 8] =
    ["type", "enum", "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"];

const TYPES: [&str; 7] = ["boolean", "integer", "number", "string", "array", "object", "null"];

/// Parses the schemas of one spec: it knows the names that `$ref` may use.
pub(crate) struct SchemaParser<'n> {
    entries: &'n [Entry],
    names: HashSet<&'n str>,
    /// Schemas that give values, which are looked at when all types are known.
    annotated: RefCell<Vec<Schema>>,
    /// Those of the whole contract.
    pub(crate) patterns: Patterns,
}

/// Named types that a contract has at most (spec SCHEMA-65): each may hold the next, and what goes through them goes as deep.
const MOST_TYPES: usize = 1_000;

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
        SchemaParser { entries, names, annotated: RefCell::default(), patterns: Patterns::default() }
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
        tuple::check_extent(&types, errors);
        if let Some(entry) = self.entries.get(MOST_TYPES) {
            let message = format!("a contract has at most {MOST_TYPES} types");
            errors
                .push(Diagnostic::error("schema-too-many-types", message).at(entry.key.span, "one too many"));
        }
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
        reader.text("format");
        let given = reader.given();
        (errors.len() == before).then_some(())?;
        let mut kind = kind?;
        if let SchemaKind::Nullable(value) = &mut kind
            && !matches!(value.kind, SchemaKind::Ref(_))
        {
            // What is said of the whole is said of the type that it makes.
            (value.title, value.description) = (title.clone(), description.clone());
        }
        let schema = Schema { kind, title, description, given: given.map(Arc::new), span: node.span };
        if schema.given.is_some() {
            self.annotated.borrow_mut().push(schema.clone());
        }
        Some(schema)
    }

    /// `default` and `examples` against their schemas; there are no other errors in the schemas.
    pub(crate) fn check_annotations(&self, types: &[(String, Schema)], errors: &mut Vec<Diagnostic>) {
        for schema in self.annotated.borrow().iter() {
            let Some(given) = &schema.given else { continue };
            let values = given.default.iter().map(|value| ("default", value));
            for (keyword, value) in values.chain(given.examples.iter().map(|value| ("examples", value))) {
                if errors.len() >= MAX_ERRORS {
                    return;
                }
                errors.extend(check_annotation(types, schema, keyword, value));
            }
        }
    }
}

fn wrong_type(what: &str, expected: &str, node: &Node) -> Diagnostic {
    let mut error =
        Diagnostic::error("schema-wrong-type", format!("{what} must be {expected}, found {}", node.noun()))
            .at(node.span, "");
    error.help = node.mend(expected);
    error
}

fn multiple_of_doubles() -> Diagnostic {
    Diagnostic::error(
        "schema-unsupported-keyword",
        "`multipleOf` is not supported for `type = \"number\"`, only for `integer`",
    )
    .note("a double is hardly ever the multiple that it looks like: 0.3 is no multiple of 0.1")
    .help("count in the smallest unit, as an integer: cents, not euros")
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

    /// The values that `default` and `examples` give.
    fn given(&mut self) -> Option<Given> {
        let default = self.get("default").cloned();
        let examples = match self.get("examples").map(|node| (&node.value, node)) {
            None => Vec::new(),
            Some((NodeValue::Array(items), _)) => items.clone(),
            Some((_, node)) => {
                self.errors.push(wrong_type("`examples`", "an array", node));
                Vec::new()
            }
        };
        (default.is_some() || !examples.is_empty()).then_some(Given { default, examples })
    }

    /// A keyword that is true or false.
    fn flag(&mut self, keyword: &str) -> Option<bool> {
        let node = self.get(keyword)?;
        match node.value {
            NodeValue::Bool(truth) => Some(truth),
            _ => {
                self.errors.push(wrong_type(&format!("`{keyword}`"), "`true` or `false`", node));
                None
            }
        }
    }

    /// Whether `type` is written so.
    fn is_of_type(&self, name: &str) -> bool {
        matches!(self.get("type"), Some(Node { value: NodeValue::String(text), .. }) if text.value == name)
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
            let error = if keyword == "multipleOf" && self.is_of_type("number") {
                multiple_of_doubles()
            } else if KEYWORDS.contains(&keyword) {
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
        if self.get("anyOf").is_some() {
            self.allow(&["anyOf"], "`anyOf`");
            return self.nullable_reference();
        }
        let name = match self.get("type") {
            None => match self.implied_type() {
                Some(name) => name,
                None => {
                    self.missing_type();
                    return None;
                }
            },
            Some(Node { value: NodeValue::String(_), .. }) => self.text("type")?.value.as_str(),
            Some(Node { value: NodeValue::Array(names), span }) => {
                let name = self.type_beside_null(names, *span)?;
                let kind = self.kind_named(name, &format!("`type = [\"{name}\", \"null\"]`"))?;
                let value = Schema { kind, title: None, description: None, given: None, span: self.span };
                return Some(SchemaKind::Nullable(Box::new(value)));
            }
            Some(node) => {
                self.errors.push(wrong_type("`type`", "a string", node));
                return None;
            }
        };
        self.kind_named(name, &format!("`type = \"{name}\"`"))
    }

    /// What a type with its keywords admits; `what` is the type as messages show it.
    fn kind_named(&mut self, name: &str, what: &str) -> Option<SchemaKind> {
        match name {
            "null" => {
                self.allow(&["type"], what);
                Some(SchemaKind::Null)
            }
            "boolean" => {
                self.allow(&["type", "enum", "const"], what);
                Some(SchemaKind::Boolean(self.chosen_boolean()))
            }
            "integer" | "number" => {
                self.allow(if name == "integer" { &INTEGER } else { &INTEGER[..7] }, what);
                let bounds = self.number_bounds(name == "integer");
                Some(if name == "integer" { SchemaKind::Integer(bounds) } else { SchemaKind::Number(bounds) })
            }
            "string" => {
                self.allow(&["type", "enum", "const", "minLength", "maxLength", "pattern"], what);
                let bounds = self.string_bounds();
                Some(match self.chosen_texts(&bounds) {
                    Some(texts) => SchemaKind::Enum(Arc::new(texts)),
                    None => SchemaKind::String(bounds),
                })
            }
            "array" if self.get("prefixItems").is_some() => {
                self.allow(&["type", "prefixItems", "items", "minItems", "maxItems"], "`prefixItems`");
                self.tuple()
            }
            "array" => {
                self.allow(&["type", "items", "prefixItems", "minItems", "maxItems", "uniqueItems"], what);
                let length = self.length_bounds("minItems", "maxItems");
                let unique = self.flag("uniqueItems").unwrap_or(false);
                let items = self.items()?;
                if unique {
                    self.check_enough_values(&items, &length);
                }
                Some(SchemaKind::Array(Box::new(items), ItemBounds { length, unique }))
            }
            "object" if self.is_map() => self.map(),
            "object" => {
                self.allow(&["type", "properties", "required", "additionalProperties"], what);
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
        } else if self.get("items").is_some() || self.get("prefixItems").is_some() {
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
        let synonym = match name {
            "int" | "i64" | "long" => Some("integer"),
            "bool" => Some("boolean"),
            "float" | "double" | "f64" | "decimal" => Some("number"),
            "list" | "tuple" => Some("array"),
            "map" | "table" | "dict" => Some("object"),
            "text" => Some("string"),
            "nil" | "none" => Some("null"),
            _ => nearest(name, TYPES),
        };
        let error =
            Diagnostic::error("schema-unknown-type", format!("unknown type `{name}`")).help(match synonym {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the types are {}", quoted_list(&TYPES)),
            });
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

    fn object(&mut self) -> Option<SchemaKind> {
        let additional = match self.get("additionalProperties").map(|node| (&node.value, node)) {
            None => true,
            Some((NodeValue::Bool(truth), _)) => *truth,
            Some((_, node)) => {
                self.errors.push(wrong_type("`additionalProperties`", "`true`, `false` or a schema", node));
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
        Some(SchemaKind::Object(Arc::new(ObjectSchema { properties, additional, inferred: false })))
    }

    /// Whether an object's `additionalProperties` is a schema, or its properties are counted.
    fn is_map(&self) -> bool {
        let additional = self.get("additionalProperties").map(|node| &node.value);
        let counted = ["minProperties", "maxProperties"].iter().any(|keyword| self.get(keyword).is_some());
        matches!(additional, Some(NodeValue::Table(_)))
            || counted && additional.is_none() && self.get("properties").is_none()
    }

    /// Values of one kind by whatever text (spec SCHEMA-50).
    fn map(&mut self) -> Option<SchemaKind> {
        if let Some(properties) =
            self.entries.iter().find(|entry| ["properties", "required"].contains(&entry.key.value.as_str()))
        {
            let keyword = &properties.key.value;
            self.errors.push(
                Diagnostic::error(
                    "schema-unsupported",
                    format!("`{keyword}` beside a schema as `additionalProperties` is not supported by this version"),
                )
                .at(properties.key.span, "")
                .note("a map holds values of one kind by whatever text, an object has properties with names")
                .help("put the map under a property of its own, or write `additionalProperties = true`"),
            );
            return None;
        }
        self.allow(&["type", "additionalProperties", "minProperties", "maxProperties"], "a map");
        let bounds = self.length_bounds("minProperties", "maxProperties");
        let Some(node) = self.get("additionalProperties") else {
            self.errors.push(
                Diagnostic::error("schema-missing-values", "a map needs `additionalProperties`")
                    .at(self.span, "")
                    .help("say what it holds: `additionalProperties = { type = \"number\" }`"),
            );
            return None;
        };
        let values =
            self.parser.schema(node, &format!("{}.additionalProperties", self.place), self.errors)?;
        Some(SchemaKind::Map(Box::new(values), bounds))
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
