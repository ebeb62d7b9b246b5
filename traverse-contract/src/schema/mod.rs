//! The JSON Schema subset (spec `SCHEMA`), and the schema inferred from clauses where none is written.

#[cfg(feature = "host")]
pub mod derive;
pub mod infer;
mod keyword;
pub(crate) mod parse;
mod recursion;
#[cfg(feature = "host")]
pub mod validate;

use crate::diagnostic::Span;
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
    /// Where it stands in the spec file.
    pub span: Span,
}

/// The kinds of schema. What may be large is shared: every mention of a property in a rule has its type.
#[derive(Debug, Clone, PartialEq)]
pub enum SchemaKind {
    /// `type = "boolean"`
    Boolean,
    /// `type = "integer"`: any JSON number with an integral value that fits `i64`, however it is written.
    Integer(NumberBounds),
    /// `type = "number"`: any JSON number, as the nearest double.
    Number(NumberBounds),
    /// `type = "string"`
    String(LengthBounds),
    /// `type = "string"` with `enum = [...]`: one of these texts, in the author's order, no duplicates.
    Enum(Arc<Vec<String>>),
    /// `type = "array"`: `items` is required.
    Array(Box<Schema>, LengthBounds),
    /// `type = "object"`
    Object(Arc<ObjectSchema>),
    /// `$ref = "#/types/Name"`; the name is known to exist and no chain of references comes back to itself.
    Ref(String),
}

/// Bounds of a number. Integer schemas hold integral bounds.
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
}

/// `minLength`/`maxLength` (in characters) of a string, `minItems`/`maxItems` of an array.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LengthBounds {
    /// At least.
    pub min: Option<u64>,
    /// At most.
    pub max: Option<u64>,
}

/// An object's properties.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ObjectSchema {
    /// The properties: those that must be there in the order of `required`, then the others by name (spec
    /// SCHEMA-12). Where the schema was inferred, in the order in which clauses first name them.
    pub properties: Vec<Property>,
    /// `additionalProperties`, true unless written `false`. Unknown properties are then ignored.
    pub additional: bool,
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
    /// `[types.Name]`, by name.
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
}

/// Follows `$ref` in `types` until a schema that is not a reference. References are checked when the spec is read.
pub fn resolve<'a>(types: &'a [(String, Schema)], schema: &'a Schema) -> &'a Schema {
    let mut schema = schema;
    while let SchemaKind::Ref(name) = &schema.kind {
        match types.iter().find(|(known, _)| known == name) {
            Some((_, target)) => schema = target,
            None => break,
        }
    }
    schema
}

impl ObjectSchema {
    /// The property of this JSON name.
    pub fn property(&self, name: &str) -> Option<&Property> {
        self.properties.iter().find(|property| property.name == name)
    }
}
