//! Schemas → Rust types. Every object and every enum becomes an item with a name; a `$ref` to anything else is
//! written out where it stands, so that its bounds stand with it.

use crate::names::{self, TypeNames};
use proc_macro2::Ident;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use traverse_contract::lang::message::{Message, plain};
use traverse_contract::lang::typed::{TypedExpr, TypedKind};
use traverse_contract::pattern::Pattern;
use traverse_contract::schema::{
    InPlace, ItemBounds, LengthBounds, NumberBounds, ObjectSchema, Schema, SchemaKind, Schemas, StringBounds,
};
use traverse_contract::spec::Spec;
use traverse_contract::{Contract, Rule, Source};

/// The Rust type of a schema, and the bounds that the type does not say.
#[derive(Debug, Clone)]
pub enum Shape {
    /// `()`
    Null,
    /// `Option<_>`, of which null is the one that is `None`. The shape within is neither this nor `()`.
    Nullable(Box<Shape>),
    /// `bool`, or one of the two.
    Bool(Option<bool>),
    /// The integer type that [`int_type`] finds for the bounds.
    Int(NumberBounds),
    /// `f64`
    Double(NumberBounds),
    /// `String`
    Text(StringBounds),
    /// `Vec<_>`
    List(Box<Shape>, ItemBounds),
    /// `BTreeMap<String, _>`
    Map(Box<Shape>, LengthBounds),
    /// `(_, _)`
    Tuple(Vec<Shape>),
    /// A generated struct or enum.
    Named(Ident),
    /// A generated struct that may hold the type around it again.
    Boxed(Ident),
}

/// A field of a generated struct, or of an exception with details.
#[derive(Debug, Clone)]
pub struct Field {
    /// The property's name.
    pub json: String,
    /// The field's name.
    pub ident: Ident,
    /// The property's description.
    pub doc: Option<String>,
    /// Whether it is `Option`.
    pub optional: bool,
    /// Its type.
    pub shape: Shape,
    /// Where the spec has its schema: `traverse.spec.toml:9:1`. `None` if the schema was inferred.
    pub declared: Option<String>,
}

impl Field {
    /// What a parameter may take as `Option<&T>`: the shape of the value where there is one.
    pub fn some_shape(&self) -> Option<&Shape> {
        match &self.shape {
            shape if self.optional => Some(shape),
            Shape::Nullable(value) => Some(value),
            _ => None,
        }
    }
}

/// A generated type.
#[derive(Debug, Clone)]
pub struct Item {
    /// Its name.
    pub ident: Ident,
    /// The schema's description.
    pub doc: Option<String>,
    /// What it is.
    pub kind: ItemKind,
}

/// The kinds of generated types.
#[derive(Debug, Clone)]
pub enum ItemKind {
    /// An object.
    Struct {
        /// Its properties.
        fields: Vec<Field>,
        /// Whether properties that the schema does not name are let pass.
        additional: bool,
    },
    /// A closed set of texts.
    Enum(Vec<(String, Ident)>),
    /// Another name for a type.
    Alias(Shape),
}

/// A declared exception.
#[derive(Debug, Clone)]
pub struct Variant {
    /// Its name, in the spec and in Rust.
    pub ident: Ident,
    /// Its message, if it is the same for every call.
    pub message: Option<String>,
    /// Its details, where it has some.
    pub fields: Option<Vec<Field>>,
    /// Whether the schema of the details says more than their types do.
    pub bounded: bool,
}

/// Everything that a contract makes.
#[derive(Debug, Clone)]
pub struct Types {
    /// `Input`, `Output` and what they hold.
    pub items: Vec<Item>,
    /// `Exception`.
    pub exceptions: Vec<Variant>,
    /// The input's top-level properties.
    pub input: Vec<Field>,
    /// The output's type.
    pub output: Shape,
    /// Whether the output schema says more than the output's type does.
    pub output_bounded: bool,
    /// The patterns that generated code looks for, each once.
    pub patterns: Vec<Arc<Pattern>>,
}

impl Types {
    /// Adds the patterns of clauses, conditions and messages.
    pub fn add_patterns_of(&mut self, contract: &Contract) {
        let mut patterns = Patterns { found: std::mem::take(&mut self.patterns) };
        for clause in &contract.clauses {
            if let Rule::Expression { expr, .. } = &clause.rule {
                patterns.of_rule(expr);
            }
        }
        for (when, _) in contract.exceptions.iter().filter_map(|exception| exception.when.as_ref()) {
            patterns.of_rule(when);
        }
        let of_clauses = contract.clauses.iter().filter_map(|clause| clause.message.as_ref());
        let of_exceptions = contract.exceptions.iter().filter_map(|exception| exception.message.as_ref());
        of_clauses.chain(of_exceptions).flat_map(Message::values).for_each(|value| patterns.of_rule(value));
        self.patterns = patterns.found;
    }

    /// Settles the types and their names.
    pub fn of(spec: &Spec, schemas: &Schemas, source: &Source) -> Types {
        let mut maker = Maker {
            source,
            schemas,
            names: TypeNames::default(),
            named: Vec::new(),
            items: Vec::new(),
            in_place: InPlace::of(&schemas.types),
            making: Vec::new(),
            claimed: HashMap::new(),
            around: None,
            may_be_absent: false,
        };
        for (name, _) in &schemas.types {
            let claimed = maker.names.claim_exactly(name);
            maker.named.push((name.clone(), claimed));
        }
        for (at, (_, schema)) in schemas.types.iter().enumerate() {
            let name = maker.named[at].1.clone();
            maker.root(schema, &name, Some(&schemas.types[at].0));
        }
        maker.root(&schemas.input, "Input", None);
        let output = maker.root(&schemas.output, "Output", None);
        let exceptions = spec
            .exceptions
            .iter()
            .map(|exception| {
                let name = exception.name.value.clone();
                let fields =
                    exception.details.as_ref().and_then(|details| match &schemas.resolve(details).kind {
                        SchemaKind::Object(object) => Some(maker.fields(object, &name)),
                        _ => None,
                    });
                let message = exception.message.as_ref().and_then(|message| plain(&message.value));
                let bounded = exception.details.as_ref().is_some_and(|details| is_bounded(schemas, details));
                Variant { ident: names::ident(&name), message, fields, bounded }
            })
            .collect();
        let input = match &schemas.resolve(&schemas.input).kind {
            // The items are made; this names the same fields again.
            SchemaKind::Object(_) => maker.fields_of("Input"),
            _ => Vec::new(),
        };
        let mut patterns = Patterns::default();
        let roots = [&schemas.input, &schemas.output].into_iter();
        let details = spec.exceptions.iter().filter_map(|exception| exception.details.as_ref());
        for schema in roots.chain(schemas.types.iter().map(|(_, schema)| schema)).chain(details) {
            patterns.of_schema(schema);
        }
        Types {
            patterns: patterns.found,
            items: maker.items,
            exceptions,
            input,
            output,
            output_bounded: is_bounded(schemas, &schemas.output),
        }
    }
}

/// Collects patterns, each once.
#[derive(Default)]
struct Patterns {
    found: Vec<Arc<Pattern>>,
}

impl Patterns {
    fn add(&mut self, pattern: &Arc<Pattern>) {
        if !self.found.contains(pattern) {
            self.found.push(pattern.clone());
        }
    }

    /// Those that stand in the schema itself; what it refers to stands elsewhere.
    fn of_schema(&mut self, schema: &Schema) {
        match &schema.kind {
            SchemaKind::String(bounds) => bounds.pattern.iter().for_each(|pattern| self.add(pattern)),
            SchemaKind::Array(items, _) | SchemaKind::Map(items, _) | SchemaKind::Nullable(items) => {
                self.of_schema(items)
            }
            SchemaKind::Tuple(items) => items.iter().for_each(|item| self.of_schema(item)),
            SchemaKind::Object(object) => {
                object.properties.iter().for_each(|property| self.of_schema(&property.schema));
            }
            SchemaKind::Null
            | SchemaKind::Boolean(_)
            | SchemaKind::Integer(_)
            | SchemaKind::Number(_)
            | SchemaKind::Enum(_)
            | SchemaKind::Ref(_) => {}
        }
    }

    fn of_rule(&mut self, expr: &TypedExpr) {
        if let TypedKind::Pattern(pattern) = &expr.kind {
            self.add(pattern);
        }
        expr.operands().into_iter().for_each(|operand| self.of_rule(operand));
    }
}

struct Maker<'a> {
    source: &'a Source,
    schemas: &'a Schemas,
    names: TypeNames,
    /// `[types]` by name, with the Rust name of each.
    named: Vec<(String, String)>,
    items: Vec<Item>,
    in_place: InPlace,
    /// Named types that stand for what is being made, by their Rust names.
    making: Vec<String>,
    /// The names of objects and enums that have none in the spec, by where their schemas stand.
    claimed: HashMap<*const Schema, String>,
    /// The named type whose value is being looked at; none inside a list, which holds its items elsewhere.
    around: Option<String>,
    /// Whether something on the way from it here need not be there.
    may_be_absent: bool,
}

impl<'a> Maker<'a> {
    /// A type whose name is given. `spec_name` is what the spec calls it, where it does.
    fn root(&mut self, schema: &Schema, name: &str, spec_name: Option<&str>) -> Shape {
        let around = std::mem::replace(&mut self.around, spec_name.map(str::to_owned));
        let may_be_absent = std::mem::take(&mut self.may_be_absent);
        self.make_root(schema, name);
        (self.around, self.may_be_absent) = (around, may_be_absent);
        Shape::Named(names::ident(name))
    }

    fn make_root(&mut self, schema: &Schema, name: &str) {
        match &schema.kind {
            // Another named type that refers to this one may have made it.
            _ if self.items.iter().any(|item| item.ident == name) => {}
            SchemaKind::Object(_) | SchemaKind::Enum(_) => self.item(schema, name),
            _ => {
                self.making.push(name.to_owned());
                let shape = self.shape(schema, name, "Item", "");
                self.making.pop();
                self.push(name, schema, ItemKind::Alias(shape));
            }
        }
    }

    fn push(&mut self, name: &str, schema: &Schema, kind: ItemKind) {
        let doc = schema.description.clone().or_else(|| schema.title.clone());
        self.items.push(Item { ident: names::ident(name), doc, kind });
    }

    fn item(&mut self, schema: &Schema, name: &str) {
        match &schema.kind {
            SchemaKind::Object(object) => {
                let at = self.items.len();
                let fields = self.fields(object, name);
                self.push(name, schema, ItemKind::Struct { fields, additional: object.additional });
                // A type before those that it holds.
                self.items[at..].rotate_right(1);
            }
            SchemaKind::Enum(texts) => {
                let variants = names::variant_names(texts);
                let variants =
                    texts.iter().cloned().zip(variants.iter().map(|name| names::ident(name))).collect();
                self.push(name, schema, ItemKind::Enum(variants));
            }
            _ => {}
        }
    }

    fn fields(&mut self, object: &ObjectSchema, parent: &str) -> Vec<Field> {
        let rust_names = names::field_names(object);
        object
            .properties
            .iter()
            .zip(rust_names)
            .map(|(property, rust_name)| {
                let before = self.may_be_absent;
                self.may_be_absent |= !property.required;
                let shape = self.shape(&property.schema, parent, &property.name, "");
                self.may_be_absent = before;
                Field {
                    json: property.name.clone(),
                    ident: names::ident(&rust_name),
                    doc: property.schema.description.clone().or_else(|| property.schema.title.clone()),
                    optional: !property.required,
                    shape,
                    declared: self.declared(&property.schema),
                }
            })
            .collect()
    }

    fn declared(&self, schema: &Schema) -> Option<String> {
        let span = schema.span;
        (span.start < span.end).then(|| {
            let (line, column) = self.source.line_and_column(span.start);
            format!("{}:{line}:{column}", self.source.name)
        })
    }

    /// The shape of what stands under `name` in `parent`; `suffix` grows with each array or map around it.
    fn shape(&mut self, schema: &Schema, parent: &str, name: &str, suffix: &str) -> Shape {
        match &schema.kind {
            SchemaKind::Null => Shape::Null,
            SchemaKind::Nullable(value) => {
                // What a named type may be besides null has a name of its own: `OutputValue`.
                let suffix = if name == "Item" && suffix.is_empty() { "_value" } else { suffix };
                let before = std::mem::replace(&mut self.may_be_absent, true);
                let value = self.shape(value, parent, name, suffix);
                self.may_be_absent = before;
                match value {
                    // A reference to a type that may be null already.
                    null @ (Shape::Null | Shape::Nullable(_)) => null,
                    value => Shape::Nullable(Box::new(value)),
                }
            }
            SchemaKind::Tuple(items) => {
                let items = items.iter().enumerate();
                Shape::Tuple(
                    items
                        .map(|(at, item)| self.shape(item, parent, name, &format!("{suffix}_{at}")))
                        .collect(),
                )
            }
            SchemaKind::Boolean(only) => Shape::Bool(*only),
            SchemaKind::Integer(bounds) => Shape::Int(bounds.clone()),
            SchemaKind::Number(bounds) => Shape::Double(bounds.clone()),
            SchemaKind::String(bounds) => Shape::Text(bounds.clone()),
            SchemaKind::Array(items, bounds) => {
                let around = self.around.take();
                let items = self.shape(items, parent, name, &format!("{suffix}_item"));
                self.around = around;
                Shape::List(Box::new(items), bounds.clone())
            }
            SchemaKind::Map(values, bounds) => {
                let around = self.around.take();
                let values = self.shape(values, parent, name, &format!("{suffix}_value"));
                self.around = around;
                Shape::Map(Box::new(values), bounds.clone())
            }
            SchemaKind::Object(_) | SchemaKind::Enum(_) => {
                let place = std::ptr::from_ref(schema);
                if let Some(claimed) = self.claimed.get(&place) {
                    return Shape::Named(names::ident(claimed));
                }
                // Items of a list that has a name of its own are `Output` + `Item`, not `Item`.
                let claimed = if name == "Item" && !suffix.is_empty() {
                    self.names.claim(&format!("{parent}{}", &suffix.replace('_', "-")), parent)
                } else {
                    self.names.claim(&format!("{name}{suffix}"), parent)
                };
                self.claimed.insert(place, claimed.clone());
                self.item(schema, &claimed);
                Shape::Named(names::ident(&claimed))
            }
            SchemaKind::Ref(target) => {
                let Some((target, schema)) = self.last(target) else { return Shape::Bool(None) };
                let rust = self.named.iter().find(|(name, _)| *name == target).map(|(_, rust)| rust.clone());
                let Some(rust) = rust else { return Shape::Bool(None) };
                if !matches!(schema.kind, SchemaKind::Object(_) | SchemaKind::Enum(_)) {
                    // Objects inside a named list are made once, under the list's own name.
                    return self.shape_of_named(schema, &rust, &target);
                }
                // Every way back leads through something that may be absent: the box stands there.
                let meets = |around: &String| self.in_place.meet(around, &target);
                if self.may_be_absent && self.around.as_ref().is_some_and(meets) {
                    Shape::Boxed(names::ident(&rust))
                } else {
                    Shape::Named(names::ident(&rust))
                }
            }
        }
    }

    /// The end of a chain of references, with its name.
    fn last(&self, target: &str) -> Option<(String, &'a Schema)> {
        let schemas: &'a Schemas = self.schemas;
        let mut found = schemas.types.iter().find(|(name, _)| name == target)?;
        while let SchemaKind::Ref(next) = &found.1.kind {
            found = schemas.types.iter().find(|(name, _)| name == next)?;
        }
        Some((found.0.clone(), &found.1))
    }

    /// The shape of a named type that is neither object nor enum: what its alias stands for.
    fn shape_of_named(&mut self, schema: &Schema, rust: &str, name: &str) -> Shape {
        let made = self.items.iter().find_map(|item| match &item.kind {
            ItemKind::Alias(shape) if item.ident == rust => Some(shape.clone()),
            _ => None,
        });
        if made.is_none() && self.making.iter().any(|making| making == rust) {
            // It holds itself by way of an object, whose name is known by now.
            return self.shape(schema, rust, "Item", "");
        }
        made.unwrap_or_else(|| {
            // Used before its turn: make it now.
            self.root(schema, rust, Some(name));
            self.shape_of_named(schema, rust, name)
        })
    }

    fn fields_of(&self, name: &str) -> Vec<Field> {
        self.items
            .iter()
            .find(|item| item.ident == name)
            .map(|item| match &item.kind {
                ItemKind::Struct { fields, .. } => fields.clone(),
                ItemKind::Alias(Shape::Named(target)) => self.fields_of(&target.to_string()),
                _ => Vec::new(),
            })
            .unwrap_or_default()
    }
}

/// The smallest of Rust's integer types that holds all that the bounds let through, unsigned where nothing is negative
/// (spec SCHEMA-34). Rules know `i64` alone, so no type is wider: of `u64` the values above `i64::MAX` fit no schema.
pub fn int_type(bounds: &NumberBounds) -> &'static str {
    let (least, greatest) = bounds.integer_range();
    let Some(least) = least else { return "i64" };
    let greatest = greatest.unwrap_or(i64::MAX);
    let holding = |types: [(&'static str, i64, i64); 4]| {
        let fits = |(_, low, high): &&(&str, i64, i64)| *low <= least && greatest <= *high;
        types.iter().find(fits).map_or("i64", |(name, ..)| name)
    };
    if least >= 0 {
        let above_zero = |bits: u32| (1_i64 << bits) - 1;
        holding([
            ("u8", 0, above_zero(8)),
            ("u16", 0, above_zero(16)),
            ("u32", 0, above_zero(32)),
            ("u64", 0, i64::MAX),
        ])
    } else {
        holding([
            ("i8", i8::MIN.into(), i8::MAX.into()),
            ("i16", i16::MIN.into(), i16::MAX.into()),
            ("i32", i32::MIN.into(), i32::MAX.into()),
            ("i64", i64::MIN, i64::MAX),
        ])
    }
}

/// Whether a value of the schema's Rust type may still break the schema.
fn is_bounded(schemas: &Schemas, schema: &Schema) -> bool {
    is_bounded_anew(schemas, schema, &mut HashSet::new())
}

/// `seen` holds the types that are being looked at, or have been.
fn is_bounded_anew<'a>(schemas: &'a Schemas, schema: &'a Schema, seen: &mut HashSet<&'a str>) -> bool {
    if let SchemaKind::Ref(name) = &schema.kind
        && !seen.insert(name)
    {
        return false;
    }
    match &schemas.resolve(schema).kind {
        SchemaKind::Null | SchemaKind::Enum(_) | SchemaKind::Ref(_) => false,
        SchemaKind::Nullable(value) => is_bounded_anew(schemas, value, seen),
        SchemaKind::Tuple(items) => items.iter().any(|item| is_bounded_anew(schemas, item, seen)),
        SchemaKind::Boolean(only) => only.is_some(),
        SchemaKind::Integer(bounds) | SchemaKind::Number(bounds) => *bounds != NumberBounds::default(),
        SchemaKind::String(bounds) => *bounds != StringBounds::default(),
        SchemaKind::Array(items, bounds) => {
            *bounds != ItemBounds::default() || is_bounded_anew(schemas, items, seen)
        }
        SchemaKind::Map(values, bounds) => {
            *bounds != LengthBounds::default() || is_bounded_anew(schemas, values, seen)
        }
        SchemaKind::Object(object) => {
            object.properties.iter().any(|property| is_bounded_anew(schemas, &property.schema, seen))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// spec: SCHEMA-34
    #[test]
    fn integers_take_the_smallest_type_that_holds_their_bounds() {
        for (least, greatest, name) in [
            (Some(0.0), Some(255.0), "u8"),
            (Some(0.0), Some(256.0), "u16"),
            (Some(1.0), Some(65_536.0), "u32"),
            (Some(0.0), Some(4_294_967_296.0), "u64"),
            (Some(5.0), None, "u64"),
            (Some(-1.0), Some(127.0), "i8"),
            (Some(-129.0), Some(0.0), "i16"),
            (Some(-1.0), Some(32_768.0), "i32"),
            (Some(-2_147_483_649.0), Some(0.0), "i64"),
            (Some(-1.0), None, "i64"),
            (None, Some(7.0), "i64"),
            (None, None, "i64"),
        ] {
            let bounds = NumberBounds { minimum: least, maximum: greatest, ..NumberBounds::default() };
            assert_eq!(int_type(&bounds), name, "{least:?} {greatest:?}");
        }
        let open = NumberBounds {
            exclusive_minimum: Some(-1.0),
            exclusive_maximum: Some(256.0),
            ..NumberBounds::default()
        };
        assert_eq!(int_type(&open), "u8");
        let listed = NumberBounds { among: vec![300.0, -1.0], ..NumberBounds::default() };
        assert_eq!(int_type(&listed), "i16");
    }
}
