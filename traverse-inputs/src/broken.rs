//! Values that nearly fit their schema: one place is wrong.

use crate::draw::Source;
use crate::mutate::places;
use crate::numbers::{double_json, double_range, whole_range};
use crate::texts;
use serde_json::{Map, Value};
use traverse_contract::schema::{LengthBounds, Schema, SchemaKind, resolve};

impl Source<'_> {
    /// `valid` with one place that does not fit. Several places are tried, for some admit nearly everything.
    pub(crate) fn broken(&mut self, mut valid: Value) -> Value {
        let (schema, wishes) = self.root(false);
        self.put_back(false, wishes);
        let places = places(schema, &valid, self.types, None);
        for _ in 0..8 {
            let Some(place) = self.rng.choice(&places).cloned() else { break };
            let Some(target) = place.find_mut(&mut valid) else { continue };
            let before = target.clone();
            if let Some(wrong) = self.misfit(place.schema, &before)
                && wrong != before
            {
                *target = wrong;
                return valid;
            }
        }
        valid
    }

    /// A value that `schema` does not admit, near `value`, which it admits.
    fn misfit(&mut self, schema: &Schema, value: &Value) -> Option<Value> {
        if let SchemaKind::Nullable(inner) = &resolve(self.types, schema).kind {
            let wrong = if value.is_null() { None } else { self.misfit(inner, value) };
            return wrong.filter(|wrong| !wrong.is_null());
        }
        if self.rng.u8(..4) == 0 {
            return self.other_type(value);
        }
        match (&resolve(self.types, schema).kind, value) {
            (SchemaKind::Tuple(_), Value::Array(items)) => {
                let mut items = items.clone();
                if self.rng.bool() || items.pop().is_none() {
                    items.push(Value::Null);
                }
                Some(Value::Array(items))
            }
            (SchemaKind::Integer(bounds), _) => {
                let (least, most) = whole_range(bounds);
                let out = [
                    least.checked_sub(1).map(Value::from),
                    most.checked_add(1).map(Value::from),
                    Some(double_json(0.5)),
                    Some(Value::from(u64::MAX)),
                    Some(Value::from(1_u64 << 63)),
                    Some(double_json(-9.3e18)),
                ];
                self.rng.choice(out).flatten()
            }
            (SchemaKind::Number(bounds), _) => {
                let (least, most) = double_range(bounds);
                let out = [least.next_down(), most.next_up(), least - 1.0, most + 1.0];
                let out: Vec<f64> =
                    out.into_iter().filter(|out| out.is_finite() && (*out < least || *out > most)).collect();
                self.rng.choice(out).map(double_json)
            }
            (SchemaKind::String(bounds), _) => {
                let out = match &bounds.pattern {
                    Some(pattern) if self.rng.bool() => {
                        let length = self.rng.u64(0..=6);
                        let text = texts::of_length(&mut self.rng, length);
                        Some(text).filter(|text| !pattern.is_match(text))
                    }
                    _ => None,
                };
                let out = match out {
                    Some(text) => text,
                    None => {
                        let length = self.length_out_of(&bounds.length)?;
                        texts::of_length(&mut self.rng, length)
                    }
                };
                Some(Value::String(out))
            }
            (SchemaKind::Enum(members), Value::String(member)) => {
                let near = texts::beside(&mut self.rng, member);
                (!members.contains(&near)).then_some(Value::String(near))
            }
            (SchemaKind::Array(_, bounds), Value::Array(items)) => {
                let length = usize::try_from(self.length_out_of(&bounds.length)?).ok()?;
                let filler = items.first().cloned();
                let mut items = items.clone();
                items.truncate(length);
                while items.len() < length {
                    items.push(filler.clone()?);
                }
                Some(Value::Array(items))
            }
            (SchemaKind::Object(object), Value::Object(fields)) => {
                let mut fields = fields.clone();
                let required: Vec<&str> = object
                    .properties
                    .iter()
                    .filter(|property| property.required)
                    .map(|property| property.name.as_str())
                    .collect();
                if !object.additional && (required.is_empty() || self.rng.bool()) {
                    fields.insert(self.stranger(object), Value::from(1));
                } else {
                    fields.shift_remove(self.rng.choice(required)?);
                }
                Some(Value::Object(fields))
            }
            _ => self.other_type(value),
        }
    }

    fn length_out_of(&mut self, bounds: &LengthBounds) -> Option<u64> {
        let out = [
            bounds.min.and_then(|min| min.checked_sub(1)),
            bounds.min.filter(|min| *min > 0).map(|_| 0),
            bounds.max.and_then(|max| max.checked_add(1)),
        ];
        let out: Vec<u64> = out.into_iter().flatten().filter(|length| *length <= 100_000).collect();
        self.rng.choice(out)
    }

    fn other_type(&mut self, value: &Value) -> Option<Value> {
        let others = [
            Value::Null,
            Value::Bool(true),
            Value::from(1),
            double_json(1.5),
            Value::from("1"),
            Value::Array(Vec::new()),
            Value::Object(Map::new()),
        ];
        let kind = std::mem::discriminant(value);
        self.rng.choice(
            others.into_iter().filter(|other| std::mem::discriminant(other) != kind).collect::<Vec<_>>(),
        )
    }
}
