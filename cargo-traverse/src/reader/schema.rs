//! A schema in words: one row for every value that it names, in the order in which the contract has them.

use super::phrase::Phrase;
use serde::Serialize;
use serde_json::Value;
use traverse_contract::number::number_text;
use traverse_contract::schema::{Given, LengthBounds, NumberBounds, ObjectSchema, Schema, SchemaKind};

/// What an input, a result, a named type or the details of an exception look like.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Shape {
    /// The value as a whole: `an object; other fields are refused`.
    pub(crate) whole: Phrase,
    /// `title`, where the author wrote one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) title: Option<Phrase>,
    /// `description`, where the author wrote one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) description: Option<Phrase>,
    /// Values that the author shows.
    #[serde(flatten)]
    pub(crate) shown: Shown,
    /// The values inside it; none where it is a single value.
    pub(crate) fields: Vec<Row>,
}

/// One value inside another.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Row {
    /// `cart.total`; `lines, each: sku` for a field of every element.
    pub(crate) field: Phrase,
    /// `a number greater than 0`
    pub(crate) value: Phrase,
    /// Whether it is always there; nothing for the elements of a list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) given: Option<&'static str>,
    /// The author's words.
    #[serde(skip_serializing_if = "Phrase::is_empty")]
    pub(crate) about: Phrase,
    /// Values that the author shows.
    #[serde(flatten)]
    pub(crate) shown: Shown,
}

/// `default` and `examples`, where the author wrote them.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Shown {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) default: Option<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) examples: Vec<Value>,
}

impl Shown {
    fn of(schema: &Schema) -> Shown {
        let given = schema.given.as_deref();
        Shown {
            default: given.and_then(Given::default_value),
            examples: given.map(Given::examples).unwrap_or_default(),
        }
    }

    /// What a value is, and behind it the values: `a number; by default 0; for example 1, 2.5`.
    pub(super) fn behind(&self, what: &Phrase) -> Phrase {
        let mut words = what.clone();
        if let Some(default) = &self.default {
            words = words.say("; by default ").then(value_in_words(default));
        }
        if !self.examples.is_empty() {
            let examples = Phrase::join(self.examples.iter().map(value_in_words), ", ");
            words = words.say("; for example ").then(examples);
        }
        words
    }
}

fn value_in_words(value: &Value) -> Phrase {
    match value {
        Value::Null => Phrase::text("null"),
        Value::Bool(truth) => Phrase::text(truth.to_string()),
        Value::Number(number) => Phrase::text(match number.as_i64() {
            Some(whole) => whole.to_string(),
            None => number.as_f64().map_or_else(|| number.to_string(), number_text),
        }),
        Value::String(text) => quoted(text),
        Value::Array(_) | Value::Object(_) => Phrase::code(value.to_string()),
    }
}

const ALWAYS: &str = "always";
const MAY_BE_LEFT_OUT: &str = "may be left out";

impl Shape {
    /// The words for `schema`.
    pub(crate) fn of(schema: &Schema) -> Shape {
        let mut rows = Vec::new();
        inside(schema, &Place::Whole, &mut rows);
        Shape {
            whole: kind_in_words(&schema.kind),
            title: schema.title.as_deref().map(Phrase::of_author),
            description: schema.description.as_deref().map(Phrase::of_author),
            shown: Shown::of(schema),
            fields: rows,
        }
    }
}

/// Where a value stands.
enum Place {
    /// It is what is described.
    Whole,
    /// The words for the way to it.
    Inside(Phrase),
}

impl Place {
    /// The way to a property of the object here.
    fn property(&self, name: &str) -> Phrase {
        match self {
            Place::Whole => Phrase::code(name),
            Place::Inside(way) => match way.pieces() {
                // `cart` and `total` make `cart.total`, as clauses have it.
                [.., super::phrase::Piece::Code(_)] => way.clone().name_after_dot(name),
                _ => way.clone().say(": ").name(name),
            },
        }
    }

    /// The way to every element of the list here.
    fn each(&self) -> Phrase {
        match self {
            Place::Whole => Phrase::text("each"),
            Place::Inside(way) => way.clone().say(", each"),
        }
    }

    /// The way to one element of the tuple here, counted from one as readers do.
    fn element(&self, number: usize) -> Phrase {
        match self {
            Place::Whole => Phrase::text(format!("element {number}")),
            Place::Inside(way) => way.clone().say(format!(", element {number}")),
        }
    }
}

/// Rows for what is inside a value of `schema`. A named type has a table of its own.
fn inside(schema: &Schema, place: &Place, rows: &mut Vec<Row>) {
    match &schema.kind {
        SchemaKind::Object(object) => {
            for property in &object.properties {
                let way = place.property(&property.name);
                let given = if property.required { ALWAYS } else { MAY_BE_LEFT_OUT };
                rows.push(row(way.clone(), &property.schema, Some(given)));
                inside(&property.schema, &Place::Inside(way), rows);
            }
        }
        SchemaKind::Array(items, _) => {
            let way = place.each();
            if has_a_row(items) {
                rows.push(row(way.clone(), items, None));
            }
            inside(items, &Place::Inside(way), rows);
        }
        SchemaKind::Map(values, _) => {
            let way = place.each();
            if has_a_row(values) {
                rows.push(row(way.clone(), values, None));
            }
            inside(values, &Place::Inside(way), rows);
        }
        SchemaKind::Nullable(value) => inside(value, place, rows),
        SchemaKind::Tuple(items) => {
            for (at, item) in items.iter().enumerate() {
                let way = place.element(at + 1);
                rows.push(row(way.clone(), item, None));
                inside(item, &Place::Inside(way), rows);
            }
        }
        SchemaKind::Null
        | SchemaKind::Boolean(_)
        | SchemaKind::Integer(_)
        | SchemaKind::Number(_)
        | SchemaKind::String(_)
        | SchemaKind::Enum(_)
        | SchemaKind::Ref(_) => {}
    }
}

/// Whether elements need a row of their own: not where one line says all of them.
fn has_a_row(element: &Schema) -> bool {
    matches!(element.kind, SchemaKind::Object(_) | SchemaKind::Array(..) | SchemaKind::Map(..))
        || element.description.is_some()
        || element.given.is_some()
}

fn row(field: Phrase, schema: &Schema, given: Option<&'static str>) -> Row {
    let notes = [&schema.title, &schema.description].into_iter().flatten();
    let about = Phrase::join(notes.map(|note| Phrase::of_author(note)), ": ");
    Row { field, value: kind_in_words(&schema.kind), given, about, shown: Shown::of(schema) }
}

fn kind_in_words(kind: &SchemaKind) -> Phrase {
    match kind {
        SchemaKind::Null => Phrase::text("null"),
        SchemaKind::Nullable(value) => kind_in_words(&value.kind).say("; or null"),
        SchemaKind::Tuple(items) => {
            let noun = if items.len() == 1 { "value" } else { "values" };
            Phrase::text(format!("a list of exactly {} {noun}", items.len()))
        }
        SchemaKind::Boolean(None) => Phrase::text("true or false"),
        SchemaKind::Boolean(Some(only)) => Phrase::text(format!("always {only}")),
        SchemaKind::Integer(bounds) | SchemaKind::Number(bounds) if !bounds.among.is_empty() => {
            one_of(bounds.among.iter().map(|value| Phrase::text(number_text(*value))))
        }
        SchemaKind::Integer(bounds) => Phrase::text(format!("a whole number{}", number_bounds(bounds))),
        SchemaKind::Number(bounds) => Phrase::text(format!("a number{}", number_bounds(bounds))),
        SchemaKind::String(bounds) => {
            let text =
                Phrase::text(format!("text{}", length_bounds(&bounds.length, "character", "characters")));
            match &bounds.pattern {
                Some(pattern) => text.say(" that matches the pattern ").then(Phrase::code(pattern.source())),
                None => text,
            }
        }
        SchemaKind::Enum(members) => one_of(members.iter().map(|member| quoted(member))),
        SchemaKind::Array(items, bounds) => {
            let (one, many) = match &items.kind {
                SchemaKind::Object(_) => ("object", "objects"),
                SchemaKind::Array(..) => ("list", "lists"),
                SchemaKind::Map(..) => ("map", "maps"),
                _ => ("value", "values"),
            };
            let count = length_bounds(&bounds.length, one, many);
            let unlike = if bounds.unique { ", no two the same" } else { "" };
            let list = if count.is_empty() { format!("a list of {many}") } else { format!("a list{count}") };
            match &items.kind {
                SchemaKind::Object(_) | SchemaKind::Array(..) | SchemaKind::Map(..) => {
                    Phrase::text(list + unlike)
                }
                other => Phrase::text(list + unlike + ", each ").then(kind_in_words(other)),
            }
        }
        SchemaKind::Map(values, bounds) => {
            let map = Phrase::text(format!("a map from text{}", length_bounds(bounds, "entry", "entries")));
            match &values.kind {
                SchemaKind::Object(_) => map.say(" to objects"),
                SchemaKind::Array(..) => map.say(" to lists"),
                SchemaKind::Map(..) => map.say(" to maps"),
                other => map.say(", each value ").then(kind_in_words(other)),
            }
        }
        SchemaKind::Object(object) => object_in_words(object),
        SchemaKind::Ref(name) => Phrase::text("as ").name(name.as_str()),
    }
}

fn object_in_words(object: &ObjectSchema) -> Phrase {
    Phrase::text(match (object.properties.is_empty(), object.additional) {
        (true, true) => "an object; what is in it is not looked at",
        (true, false) => "an object with nothing in it",
        (false, true) => "an object; other fields are ignored",
        (false, false) => "an object; other fields are refused",
    })
}

fn one_of(members: impl Iterator<Item = Phrase>) -> Phrase {
    let members: Vec<Phrase> = members.collect();
    let head = if members.len() == 1 { "always " } else { "one of " };
    Phrase::text(head).then(Phrase::join(members, ", "))
}

fn quoted(text: &str) -> Phrase {
    if text.is_empty() { Phrase::text("the empty text") } else { Phrase::text("“").say(text).say("”") }
}

/// ` of at least 1`, ` from 0 to 100`, ` greater than 0 and at most 1, a multiple of 5`; nothing without bounds.
fn number_bounds(bounds: &NumberBounds) -> String {
    let step = bounds.multiple_of.map(|step| format!(", a multiple of {}", number_text(step)));
    number_range(bounds) + &step.unwrap_or_default()
}

fn number_range(bounds: &NumberBounds) -> String {
    if let NumberBounds {
        minimum: Some(low),
        maximum: Some(high),
        exclusive_minimum: None,
        exclusive_maximum: None,
        ..
    } = bounds
    {
        return format!(" from {} to {}", number_text(*low), number_text(*high));
    }
    let said: Vec<String> = [
        (bounds.minimum, "at least"),
        (bounds.exclusive_minimum, "greater than"),
        (bounds.maximum, "at most"),
        (bounds.exclusive_maximum, "less than"),
    ]
    .into_iter()
    .filter_map(|(bound, words)| Some(format!("{words} {}", number_text(bound?))))
    .collect();
    if said.is_empty() { String::new() } else { format!(", {}", said.join(" and ")) }
}

/// ` of at most 64 characters`; nothing without bounds.
fn length_bounds(bounds: &LengthBounds, one: &str, many: &str) -> String {
    let noun = |count: u64| if count == 1 { one } else { many };
    match (bounds.min.filter(|min| *min > 0), bounds.max) {
        (None, None) => String::new(),
        (Some(min), None) => format!(" of at least {min} {}", noun(min)),
        (None, Some(max)) => format!(" of at most {max} {}", noun(max)),
        (Some(min), Some(max)) if min == max => format!(" of exactly {min} {}", noun(min)),
        (Some(min), Some(max)) => format!(" of {min} to {max} {}", noun(max)),
    }
}

#[cfg(test)]
mod tests;
