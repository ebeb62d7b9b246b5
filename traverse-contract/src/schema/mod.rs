//! The JSON Schema subset (spec `SCHEMA`), and the schema inferred from clauses where none is written.

mod annotation;
#[cfg(feature = "host")]
pub mod derive;
#[cfg(feature = "host")]
mod exact;
mod fit;
pub mod infer;
mod keyword;
pub(crate) mod parse;
mod recursion;
#[cfg(feature = "host")]
pub mod validate;
pub mod words;

#[cfg(feature = "host")]
pub use exact::seen;
pub use keyword::keywords;
pub use recursion::InPlace;

use crate::diagnostic::Span;
use crate::pattern::Pattern;
use crate::spec::node::Node;
use std::sync::Arc;

/// A schema, with its place in the spec file (an empty span where it was inferred or read from JSON).
#[derive(Debug, Clone, PartialEq)]
pub struct Schema {
    /// What values it admits.
    pub kind: SchemaKind,
    /// `title`.
    pub title: Option<String>,
    /// `description`.
    pub description: Option<String>,
    /// `default` and `examples`; none where neither is written. Shared, for rules have the schemas of what they read.
    pub given: Option<Arc<Given>>,
    /// Where it stands in the spec file.
    pub span: Span,
}

/// Values that a schema gives to its readers. Nothing fills them in (spec `SCHEMA-4`).
#[derive(Debug, Clone, PartialEq)]
pub struct Given {
    pub(crate) default: Option<Node>,
    pub(crate) examples: Vec<Node>,
}

#[cfg(feature = "host")]
impl Given {
    /// The value of `default`.
    pub fn default_value(&self) -> Option<serde_json::Value> {
        self.default.as_ref().map(Node::to_json)
    }

    /// The values of `examples`, in the author's order.
    pub fn examples(&self) -> Vec<serde_json::Value> {
        self.examples.iter().map(Node::to_json).collect()
    }
}

/// The kinds of schema. What may be large is shared: every mention of a property in a rule has its type.
#[derive(Debug, Clone, PartialEq)]
pub enum SchemaKind {
    /// `type = "null"`: only `null`.
    Null,
    /// `type = ["…", "null"]`, and a `$ref` or null: what the schema within admits, and `null`. The schema within
    /// never stands for null alone.
    Nullable(Box<Schema>),
    /// `type = "boolean"`, with `const` one of the two.
    Boolean(Option<bool>),
    /// `type = "integer"`: any JSON number with an integral value that fits `i64`, however it is written.
    Integer(NumberBounds),
    /// `type = "number"`: any JSON number, as the nearest double.
    Number(NumberBounds),
    /// `type = "string"`
    String(StringBounds),
    /// `type = "string"` with `enum = [...]` or `const`: one of these texts, in the author's order, no duplicates.
    Enum(Arc<Vec<String>>),
    /// `type = "array"`: `items` is required.
    Array(Box<Schema>, ItemBounds),
    /// `type = "array"` with `prefixItems`: exactly these elements, from 1 to [`MAX_TUPLE`], each of its own schema.
    Tuple(Vec<Schema>),
    /// `type = "object"`
    Object(Arc<ObjectSchema>),
    /// `type = "object"` with a schema as `additionalProperties` and no `properties`: values of one kind by whatever
    /// text.
    Map(Box<Schema>, LengthBounds),
    /// `$ref = "#/types/Name"`; the name is known to exist. A chain of references may come back to itself
    /// where a value can end: by way of an optional property or a list.
    Ref(String),
}

/// The most elements that `prefixItems` may have: Rust's tuples are compared and printed up to there.
pub const MAX_TUPLE: usize = 12;

/// What is asked of a number besides its kind. Integer schemas hold integral values, which are exact: none is beyond
/// 2^53.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NumberBounds {
    /// `minimum`
    pub minimum: Option<f64>,
    /// `maximum`
    pub maximum: Option<f64>,
    /// `exclusiveMinimum`
    pub exclusive_minimum: Option<f64>,
    /// `exclusiveMaximum`
    pub exclusive_maximum: Option<f64>,
    /// `multipleOf`, positive; of integers only.
    pub multiple_of: Option<f64>,
    /// `enum`, or the one value of `const`: in the author's order, no duplicates, each within the bounds. Empty where
    /// neither is written.
    pub among: Vec<f64>,
}

impl NumberBounds {
    /// The least and the greatest integer that the bounds let through, as far as they say.
    pub fn integer_range(&self) -> (Option<i64>, Option<i64>) {
        // Integral and within 2^53, so the casts and the steps by one are exact.
        let whole = |bound: Option<f64>| bound.map(|bound| bound as i64);
        let listed = self.among.iter().map(|value| *value as i64);
        let above = whole(self.exclusive_minimum).map(|bound| bound + 1);
        let below = whole(self.exclusive_maximum).map(|bound| bound - 1);
        let least = [whole(self.minimum), above, listed.clone().min()].into_iter().flatten().max();
        let greatest = [whole(self.maximum), below, listed.max()].into_iter().flatten().min();
        (least, greatest)
    }
}

/// What is asked of an array besides its items.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ItemBounds {
    /// `minItems`, `maxItems`
    pub length: LengthBounds,
    /// `uniqueItems`: no two items are the same value, as the contract sees values (spec SCHEMA-33).
    pub unique: bool,
}

/// `minLength`/`maxLength` (in characters) of a string, `minItems`/`maxItems` of an array,
/// `minProperties`/`maxProperties` of a map.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LengthBounds {
    /// At least.
    pub min: Option<u64>,
    /// At most.
    pub max: Option<u64>,
}

/// What else is asked of a string.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StringBounds {
    /// `minLength`, `maxLength`
    pub length: LengthBounds,
    /// `pattern`
    pub pattern: Option<Arc<Pattern>>,
}

/// An object's properties.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ObjectSchema {
    /// The properties: those that must be there in the order of `required`, then the others by name (spec
    /// SCHEMA-12). Where the schema was inferred, in the order in which clauses first name them.
    pub properties: Vec<Property>,
    /// `additionalProperties`, true unless written `false`. Unknown properties are then ignored.
    pub additional: bool,
    /// Whether clauses alone tell of these properties, so that the object may have more that matter.
    pub inferred: bool,
}

/// One property of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Property {
    /// The JSON name.
    pub name: String,
    /// Whether it must be there. One that need not be is `Option` in Rust.
    pub required: bool,
    /// Its schema.
    pub schema: Schema,
}

/// The schema of a capability in force: written or inferred, with the named types.
#[derive(Debug, Clone, PartialEq)]
pub struct Schemas {
    /// Of the input; always an object.
    pub input: Schema,
    /// Of the result.
    pub output: Schema,
    /// `[types.Name]`, sorted by name.
    pub types: Vec<(String, Schema)>,
    /// Whether `input` was inferred from clauses.
    pub input_inferred: bool,
    /// Whether `output` was inferred from clauses.
    pub output_inferred: bool,
}

impl Schemas {
    /// Follows `$ref` until a schema that is not a reference.
    pub fn resolve<'a>(&'a self, schema: &'a Schema) -> &'a Schema {
        resolve(&self.types, schema)
    }

    /// Follows `$ref` to the schema of the values that are not null.
    pub fn resolve_value<'a>(&'a self, schema: &'a Schema) -> &'a Schema {
        resolve_value(&self.types, schema)
    }
}

/// Follows `$ref` in `types`, which are sorted by name, until a schema that is not a reference. References are checked when
/// the spec is read.
#[inline]
pub fn resolve<'a>(types: &'a [(String, Schema)], schema: &'a Schema) -> &'a Schema {
    match schema.kind {
        SchemaKind::Ref(_) => follow(types, schema),
        _ => schema,
    }
}

fn follow<'a>(types: &'a [(String, Schema)], mut schema: &'a Schema) -> &'a Schema {
    // A chain that comes back to itself is reported elsewhere; here it only must end.
    for _ in 0..=types.len() {
        let SchemaKind::Ref(name) = &schema.kind else { break };
        match types.binary_search_by(|(known, _)| known.as_str().cmp(name)) {
            Ok(found) => schema = &types[found].1,
            Err(_) => break,
        }
    }
    schema
}

/// Follows `$ref` in `types`, and looks into what may be null: the schema of the values that are not.
pub fn resolve_value<'a>(types: &'a [(String, Schema)], schema: &'a Schema) -> &'a Schema {
    let mut schema = resolve(types, schema);
    while let SchemaKind::Nullable(value) = &schema.kind {
        schema = resolve(types, value);
    }
    schema
}

impl ObjectSchema {
    /// The property of this JSON name.
    pub fn property(&self, name: &str) -> Option<&Property> {
        self.properties.iter().find(|property| property.name == name)
    }
}
