//! Values near another one.

use crate::draw::{Inputs, Source};
use crate::numbers::double_json;
use crate::path::{Path, Step};
use crate::texts;
use crate::wishes::{Role, Wishes};
use serde_json::Value;
use traverse_contract::schema::{Schema, SchemaKind, resolve, resolve_value};

/// A value within a document, with the schema that it is of.
#[derive(Debug, Clone)]
pub(crate) struct Place<'s> {
    steps: Vec<Key>,
    pub(crate) schema: &'s Schema,
    /// Whether some constant belongs to this place.
    wished: bool,
    /// Whether it is in a list whose items must differ.
    among_different: bool,
}

/// One step to a value that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Key {
    Name(String),
    At(usize),
}

impl Place<'_> {
    pub(crate) fn find_mut<'v>(&self, value: &'v mut Value) -> Option<&'v mut Value> {
        self.steps.iter().try_fold(value, |value, key| match key {
            Key::Name(name) => value.get_mut(name),
            Key::At(index) => value.get_mut(index),
        })
    }
}

/// More places of one document are not looked at.
const MAX_PLACES: usize = 400;

/// Every value in a document that fits `schema`.
pub(crate) fn places<'s>(
    schema: &'s Schema,
    value: &Value,
    types: &'s [(String, Schema)],
    wishes: Option<&Wishes>,
) -> Vec<Place<'s>> {
    let mut found = Vec::new();
    collect(schema, value, types, wishes, false, &mut Vec::new(), &mut found);
    found
}

fn collect<'s>(
    schema: &'s Schema,
    value: &Value,
    types: &'s [(String, Schema)],
    wishes: Option<&Wishes>,
    among_different: bool,
    steps: &mut Vec<Key>,
    found: &mut Vec<Place<'s>>,
) {
    if found.len() >= MAX_PLACES {
        return;
    }
    let wished = wishes.is_some_and(|wishes| {
        !wishes.numbers.is_empty() || !wishes.texts.is_empty() || !wishes.lengths.is_empty()
    });
    found.push(Place { steps: steps.clone(), schema, wished, among_different });
    match (&resolve_value(types, schema).kind, value) {
        (SchemaKind::Tuple(items), Value::Array(elements)) => {
            let below = wishes.and_then(|wishes| wishes.element.as_deref());
            for (index, (item, element)) in items.iter().zip(elements).enumerate() {
                steps.push(Key::At(index));
                collect(item, element, types, below, among_different, steps, found);
                steps.pop();
            }
        }
        (SchemaKind::Array(items, bounds), Value::Array(elements)) => {
            let among_different = among_different || bounds.unique;
            let below = wishes.and_then(|wishes| wishes.element.as_deref());
            for (index, element) in elements.iter().enumerate() {
                steps.push(Key::At(index));
                collect(items, element, types, below, among_different, steps, found);
                steps.pop();
            }
        }
        (SchemaKind::Object(object), Value::Object(fields)) => {
            for property in &object.properties {
                let Some(field) = fields.get(&property.name) else { continue };
                let below = wishes.and_then(|wishes| wishes.field(&property.name));
                steps.push(Key::Name(property.name.clone()));
                collect(&property.schema, field, types, below, among_different, steps, found);
                steps.pop();
            }
        }
        (SchemaKind::Map(values, _), Value::Object(fields)) => {
            for (key, field) in fields {
                let below = wishes.and_then(|wishes| wishes.field(key).or(wishes.element.as_deref()));
                steps.push(Key::Name(key.clone()));
                collect(values, field, types, below, among_different, steps, found);
                steps.pop();
            }
        }
        _ => {}
    }
}

impl Inputs<'_> {
    /// An input that differs from `value` in one or two places. Where `value` fits the schema, so does it.
    pub fn near(&mut self, value: &Value) -> Value {
        self.source.near(value, false)
    }
}

impl Source<'_> {
    pub(crate) fn near(&mut self, value: &Value, output: bool) -> Value {
        self.left = 100;
        let (schema, wishes) = self.root(output);
        let mut near = value.clone();
        for _ in 0..=self.rng.u8(..2) {
            let mut places = places(schema, &near, self.types, Some(&wishes));
            // Of items that must differ, one is not changed alone: it could become another.
            places.retain(|place| !place.among_different);
            if self.rng.bool() && places.iter().any(|place| place.wished) {
                places.retain(|place| place.wished);
            }
            // The whole document anew is not near.
            let at = if places.len() > 1 && !places[0].wished { self.rng.usize(1..places.len()) } else { 0 };
            if places.is_empty() {
                break;
            }
            let place = places.swap_remove(at);
            let below = place.steps.iter().try_fold(&wishes, |wishes, key| match key {
                Key::Name(name) => wishes.field(name),
                Key::At(_) => wishes.element.as_deref(),
            });
            let depth = place.steps.len();
            let schema = place.schema;
            if let Some(target) = place.find_mut(&mut near) {
                self.change(schema, target, below, depth);
            }
        }
        self.put_back(output, wishes);
        near
    }

    /// Changes `value`, which `schema` admits, a little, or draws it anew.
    fn change(&mut self, schema: &Schema, value: &mut Value, wishes: Option<&Wishes>, depth: usize) {
        match (&resolve(self.types, schema).kind, &mut *value) {
            (SchemaKind::Nullable(inner), value) if !value.is_null() && self.rng.u8(..4) > 0 => {
                self.change(inner, value, wishes, depth);
            }
            (SchemaKind::Tuple(items), Value::Array(elements)) if items.len() == elements.len() => {
                let at = self.rng.usize(..items.len());
                let below = wishes.and_then(|wishes| wishes.element.as_deref());
                self.change(&items[at], &mut elements[at], below, depth + 1);
            }
            (SchemaKind::Array(items, bounds), Value::Array(elements)) if self.rng.u8(..4) > 0 => {
                let length = elements.len() as u64;
                let below = wishes.and_then(|wishes| wishes.element.as_deref());
                if self.rng.bool() && length > bounds.length.min.unwrap_or(0) {
                    elements.remove(self.rng.usize(..elements.len()));
                } else if length < bounds.length.max.unwrap_or(u64::MAX) {
                    let element = match self.rng.choice(elements.iter()).filter(|_| self.rng.bool()) {
                        Some(again) => again.clone(),
                        None => self.value(items, below, depth + 1),
                    };
                    elements.push(element);
                }
                if bounds.unique {
                    self.make_unique(items, bounds, elements, below, depth);
                }
            }
            (SchemaKind::Object(object), Value::Object(fields)) if self.rng.u8(..4) > 0 => {
                let Some(property) = self.rng.choice(&object.properties) else { return };
                if !property.required && fields.contains_key(&property.name) && self.rng.bool() {
                    fields.shift_remove(&property.name);
                } else {
                    let below = wishes.and_then(|wishes| wishes.field(&property.name));
                    let drawn = self.value(&property.schema, below, depth + 1);
                    fields.insert(property.name.clone(), drawn);
                }
            }
            (SchemaKind::Map(values, bounds), Value::Object(fields)) if self.rng.u8(..4) > 0 => {
                let length = fields.len() as u64;
                let below = wishes.and_then(|wishes| wishes.element.as_deref());
                if self.rng.bool() && length > bounds.min.unwrap_or(0) {
                    if let Some(key) = self.rng.choice(fields.keys()).cloned() {
                        fields.shift_remove(&key);
                    }
                } else if length < bounds.max.unwrap_or(u64::MAX) {
                    let key = self.key(wishes, fields);
                    let drawn = self.value(values, below, depth + 1);
                    fields.insert(key, drawn);
                }
            }
            _ => *value = self.value(schema, wishes, depth),
        }
    }

    /// Changes the document at a part that decides `atom`, so that the part is there: drawn anew with its constants, or
    /// made of the value of another part of the atom.
    pub(crate) fn aim(&mut self, value: &mut Value, (path, role): &(Path, Role), others: &[Value]) {
        self.left = 60;
        let (schema, wishes) = self.root(path.output);
        self.aim_at(schema, value, &path.steps, Some(&wishes), *role, others, 0);
        self.put_back(path.output, wishes);
    }

    #[allow(clippy::too_many_arguments)]
    fn aim_at(
        &mut self,
        schema: &Schema,
        value: &mut Value,
        steps: &[Step],
        wishes: Option<&Wishes>,
        role: Role,
        others: &[Value],
        depth: usize,
    ) {
        let kind = &resolve(self.types, schema).kind;
        if let SchemaKind::Nullable(inner) = kind {
            if steps.is_empty() && self.rng.u8(..4) == 0 {
                *value = Value::Null;
                return;
            }
            if value.is_null() {
                *value = self.value(inner, wishes, depth);
            }
            return self.aim_at(inner, value, steps, wishes, role, others, depth);
        }
        let Some((step, rest)) = steps.split_first() else {
            match self.rng.choice(others.iter()).filter(|_| self.rng.u8(..3) > 0) {
                Some(other) if role == Role::Value => {
                    if let Some(made) = self.made_of(other, kind) {
                        *value = made;
                    }
                }
                _ if self.rng.u8(..3) == 0 => self.change(schema, value, wishes, depth),
                _ => *value = self.value(schema, wishes, depth),
            }
            return;
        };
        match (step, kind, &mut *value) {
            (Step::Field(name), SchemaKind::Object(object), Value::Object(fields)) => {
                let Some(property) = object.property(name) else { return };
                let below = wishes.and_then(|wishes| wishes.field(name));
                if !property.required && rest.is_empty() && fields.contains_key(name) && self.rng.u8(..6) == 0
                {
                    fields.shift_remove(name);
                    return;
                }
                if !fields.contains_key(name) {
                    let drawn = self.value(&property.schema, below, depth + 1);
                    fields.insert(name.clone(), drawn);
                }
                if let Some(field) = fields.get_mut(name) {
                    self.aim_at(&property.schema, field, rest, below, role, others, depth + 1);
                }
            }
            (Step::Element | Step::Item(_), SchemaKind::Tuple(items), Value::Array(elements))
                if items.len() == elements.len() =>
            {
                let below = wishes.and_then(|wishes| wishes.element.as_deref());
                let at = match step {
                    Step::Item(at) => (*at).min(items.len() - 1),
                    _ => self.rng.usize(..items.len()),
                };
                self.aim_at(&items[at], &mut elements[at], rest, below, role, others, depth + 1);
            }
            (Step::Element, SchemaKind::Array(items, bounds), Value::Array(elements)) => {
                let below = wishes.and_then(|wishes| wishes.element.as_deref());
                let room = (elements.len() as u64) < bounds.length.max.unwrap_or(u64::MAX).min(64);
                if room && (elements.is_empty() || self.rng.u8(..6) == 0) {
                    let drawn = self.value(items, below, depth + 1);
                    elements.push(drawn);
                } else if self.rng.u8(..8) == 0 && elements.len() as u64 > bounds.length.min.unwrap_or(0) {
                    elements.remove(self.rng.usize(..elements.len()));
                }
                // One element, or all of them: a rule may ask either.
                let one = (!elements.is_empty() && self.rng.bool()).then(|| self.rng.usize(..elements.len()));
                for (index, element) in elements.iter_mut().enumerate() {
                    if one.is_none_or(|one| one == index) {
                        self.aim_at(items, element, rest, below, role, others, depth + 1);
                    }
                }
                if bounds.unique {
                    self.make_unique(items, bounds, elements, below, depth);
                }
            }
            (Step::Field(name), SchemaKind::Map(values, bounds), Value::Object(fields)) => {
                let below = wishes.and_then(|wishes| wishes.field(name));
                let room = (fields.len() as u64) < bounds.max.unwrap_or(u64::MAX);
                if rest.is_empty() && self.rng.u8(..6) == 0 && fields.len() as u64 > bounds.min.unwrap_or(0) {
                    fields.shift_remove(name);
                    return;
                }
                if !fields.contains_key(name) && room {
                    let drawn = self.value(values, below, depth + 1);
                    fields.insert(name.clone(), drawn);
                }
                if let Some(field) = fields.get_mut(name) {
                    self.aim_at(values, field, rest, below, role, others, depth + 1);
                }
            }
            (Step::Element, SchemaKind::Map(values, bounds), Value::Object(fields)) => {
                let below = wishes.and_then(|wishes| wishes.element.as_deref());
                let room = (fields.len() as u64) < bounds.max.unwrap_or(u64::MAX).min(64);
                if room && (fields.is_empty() || self.rng.u8(..6) == 0) {
                    let key = self.key(wishes, fields);
                    let drawn = self.value(values, below, depth + 1);
                    fields.insert(key, drawn);
                }
                let one = (!fields.is_empty() && self.rng.bool()).then(|| self.rng.usize(..fields.len()));
                for (index, field) in fields.values_mut().enumerate() {
                    if one.is_none_or(|one| one == index) {
                        self.aim_at(values, field, rest, below, role, others, depth + 1);
                    }
                }
            }
            _ => {}
        }
    }

    /// A value of this kind that stands in a relation to `other`: equal, just beside, longer, its length.
    fn made_of(&mut self, other: &Value, kind: &SchemaKind) -> Option<Value> {
        let number = match other {
            Value::Number(number) => number.as_f64()?,
            Value::String(text) => text.parse().unwrap_or(text.chars().count() as f64),
            Value::Array(items) => items.len() as f64,
            _ => 0.0,
        };
        match kind {
            SchemaKind::Integer(bounds) => {
                let (least, most) = crate::numbers::whole_range(bounds);
                let exact = other.as_i64().unwrap_or(number as i64);
                let made = exact.saturating_add(self.rng.i64(-1..=1)).clamp(least, most);
                Some(Value::from(crate::numbers::admitted_integer(&mut self.rng, bounds, made)))
            }
            SchemaKind::Number(bounds) => {
                let (least, most) = crate::numbers::double_range(bounds);
                let step = *self.rng.choice(&[0.0, 0.0, 1.0, -1.0, 0.5, -0.5]).unwrap_or(&0.0);
                let made = (number + step).clamp(least, most);
                let made = crate::numbers::admitted_double(&mut self.rng, bounds, made);
                made.is_finite().then(|| double_json(made))
            }
            SchemaKind::String(bounds) => {
                let text = match other {
                    Value::String(text) => text.clone(),
                    Value::Number(number) => number.to_string(),
                    _ => return None,
                };
                let text = match self.rng.u8(..5) {
                    0 => format!("{text}x"),
                    1 => format!("x{text}"),
                    2 => texts::beside(&mut self.rng, &text),
                    _ => text,
                };
                let length = text.chars().count() as u64;
                let (least, most) = (bounds.length.min.unwrap_or(0), bounds.length.max.unwrap_or(u64::MAX));
                let matches = bounds.pattern.as_ref().is_none_or(|pattern| pattern.is_match(&text));
                let fits = matches && (least..=most).contains(&length);
                fits.then_some(Value::String(text))
            }
            SchemaKind::Enum(members) => {
                let text = other.as_str()?;
                members.iter().any(|member| member == text).then(|| other.clone())
            }
            _ => None,
        }
    }
}

/// The values that a part has in a document: one for each element of the lists on its way.
pub(crate) fn values_at<'v>(value: &'v Value, steps: &[Step], found: &mut Vec<&'v Value>) {
    const ENOUGH: usize = 8;
    if found.len() >= ENOUGH {
        return;
    }
    match steps.split_first() {
        None => found.push(value),
        Some((Step::Field(name), rest)) => {
            if let Some(field) = value.get(name) {
                values_at(field, rest, found);
            }
        }
        Some((Step::Item(at), rest)) => {
            if let Some(element) = value.get(*at) {
                values_at(element, rest, found);
            }
        }
        Some((Step::Element, rest)) => {
            for element in value.as_array().into_iter().flatten() {
                values_at(element, rest, found);
            }
            for field in value.as_object().into_iter().flat_map(|fields| fields.values()) {
                values_at(field, rest, found);
            }
        }
    }
}
