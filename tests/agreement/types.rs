//! Types drawn at random, and the TOML that declares them.

use fastrand::Rng;
use std::fmt::Write;

/// A type of the contract language, with what its schema says beside.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Ty {
    Bool,
    Int { minimum: Option<i64>, maximum: Option<i64> },
    Number,
    Text { pattern: Option<&'static str> },
    Enum(Vec<&'static str>),
    List(Box<Ty>),
    Map(Box<Ty>),
    Tuple(Vec<Ty>),
    Nullable(Box<Ty>),
    Object(Vec<Property>),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Property {
    pub(crate) name: String,
    pub(crate) required: bool,
    pub(crate) ty: Ty,
}

/// Names that are ordinary, and names that a Rust program cannot use as they are.
const NAMES: [&str; 16] = [
    "total",
    "count",
    "tier",
    "label",
    "rate",
    "items",
    "tags",
    "note",
    "open",
    "type",
    "camelCase",
    "self",
    "box",
    "match",
    "x1",
    "_under",
];
const MEMBERS: [&str; 8] = ["standard", "enterprise", "gold plus", "1st", "", "Self", "a-b", "a_b"];
const PATTERNS: [&str; 4] = ["^[a-z]*$", "[0-9]", "a|b|^$", "^.{0,3}$"];

/// An object of `1..=most` properties, each at most `depth` objects and lists deep.
pub(crate) fn object(rng: &mut Rng, most: usize, depth: usize) -> Vec<Property> {
    let mut names = NAMES.to_vec();
    rng.shuffle(&mut names);
    names
        .into_iter()
        .take(rng.usize(1..=most))
        .map(|name| Property { name: name.to_owned(), required: rng.u8(0..4) > 0, ty: draw(rng, depth) })
        .collect()
}

pub(crate) fn draw(rng: &mut Rng, depth: usize) -> Ty {
    let kinds = if depth == 0 { 6 } else { 12 };
    match rng.u8(0..kinds) {
        0 => Ty::Bool,
        1 | 5 => {
            let minimum = [None, Some(0), Some(-3), Some(i64::MIN)][rng.usize(0..4)];
            let maximum = [None, Some(9), Some(255), Some(100_000)][rng.usize(0..4)];
            Ty::Int { minimum, maximum }
        }
        2 => Ty::Number,
        3 => Ty::Text { pattern: (rng.u8(0..3) == 0).then(|| PATTERNS[rng.usize(..PATTERNS.len())]) },
        4 => {
            let mut members = MEMBERS.to_vec();
            rng.shuffle(&mut members);
            members.truncate(rng.usize(1..=4));
            Ty::Enum(members)
        }
        6 | 7 => Ty::List(Box::new(draw(rng, depth - 1))),
        8 => Ty::Map(Box::new(draw(rng, depth - 1))),
        9 => Ty::Tuple((0..rng.usize(1..=3)).map(|_| draw(rng, depth - 1)).collect()),
        10 => match draw(rng, depth - 1) {
            nullable @ Ty::Nullable(_) => nullable,
            ty => Ty::Nullable(Box::new(ty)),
        },
        _ => Ty::Object(object(rng, 3, depth - 1)),
    }
}

/// The schema as an inline table of TOML.
pub(crate) fn schema(ty: &Ty) -> String {
    table(&keywords(ty, "\"", ""))
}

fn table(keywords: &[String]) -> String {
    format!("{{ {} }}", keywords.join(", "))
}

/// The keywords of a type; `before` and `after` stand around its name.
fn keywords(ty: &Ty, before: &str, after: &str) -> Vec<String> {
    let named = |name: &str| {
        if after.is_empty() {
            format!("type = {before}{name}\"")
        } else {
            format!("type = {before}{name}{after}")
        }
    };
    match ty {
        Ty::Bool => vec![named("boolean")],
        Ty::Int { minimum, maximum } => {
            let mut words = vec![named("integer")];
            words.extend(minimum.map(|bound| format!("minimum = {bound}")));
            words.extend(maximum.map(|bound| format!("maximum = {bound}")));
            words
        }
        Ty::Number => vec![named("number")],
        Ty::Text { pattern } => {
            let mut words = vec![named("string")];
            words.extend(pattern.map(|pattern| format!("pattern = '{pattern}'")));
            words
        }
        Ty::Enum(members) => vec![named("string"), format!("enum = {members:?}")],
        Ty::List(item) => vec![named("array"), format!("items = {}", schema(item))],
        Ty::Map(value) => vec![named("object"), format!("additionalProperties = {}", schema(value))],
        Ty::Tuple(items) => vec![
            named("array"),
            format!("prefixItems = [{}]", items.iter().map(schema).collect::<Vec<_>>().join(", ")),
            "items = false".into(),
            format!("minItems = {}", items.len()),
        ],
        Ty::Nullable(inner) => keywords(inner, "[\"", "\", \"null\"]"),
        Ty::Object(properties) => {
            let mut required = String::new();
            let mut declared = Vec::new();
            for property in properties {
                if property.required {
                    let _ = write!(required, "\"{}\", ", property.name);
                }
                declared.push(format!("{} = {}", property.name, schema(&property.ty)));
            }
            vec![
                named("object"),
                format!("required = [{required}]"),
                format!("properties = {}", table(&declared)),
            ]
        }
    }
}
