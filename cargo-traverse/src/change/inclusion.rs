//! Whether all that one schema admits another admits as well.

use std::sync::Arc;
use traverse_contract::pattern::Pattern;
use traverse_contract::schema::{
    ItemBounds, LengthBounds, NumberBounds, ObjectSchema, Schema, SchemaKind, Schemas, StringBounds,
};

/// Two schemas, each of its own contract, of which the first is to be within the second.
#[derive(Clone, Copy)]
pub(crate) struct Inclusion<'s> {
    pub(crate) one: &'s Schemas,
    pub(crate) other: &'s Schemas,
}

/// From here on two types that contain themselves are not followed any further.
const MAX_DEPTH: usize = 24;

impl Inclusion<'_> {
    /// Whether it is proved that `other` admits whatever `one` does.
    pub(crate) fn holds(self, one: &Schema, other: &Schema) -> bool {
        self.within(one, other, MAX_DEPTH)
    }

    fn within(self, one: &Schema, other: &Schema, depth: usize) -> bool {
        let Some(depth) = depth.checked_sub(1) else { return false };
        let within = |one: &Schema, other: &Schema| self.within(one, other, depth);
        match (&self.one.resolve(one).kind, &self.other.resolve(other).kind) {
            (SchemaKind::Null, SchemaKind::Null | SchemaKind::Nullable(_)) => true,
            (SchemaKind::Nullable(one), SchemaKind::Nullable(other)) => within(one, other),
            (_, SchemaKind::Nullable(value)) => within(one, value),
            (SchemaKind::Boolean(one), SchemaKind::Boolean(other)) => other.is_none() || one == other,
            (SchemaKind::Integer(one), SchemaKind::Integer(other)) => numbers(one, other, [true, true]),
            (SchemaKind::Integer(one), SchemaKind::Number(other)) => numbers(one, other, [true, false]),
            (SchemaKind::Number(one), SchemaKind::Number(other)) => numbers(one, other, [false, false]),
            (SchemaKind::Number(one), SchemaKind::Integer(other)) => {
                !one.among.is_empty()
                    && one.among.iter().all(|number| number.fract() == 0.0)
                    && numbers(one, other, [false, true])
            }
            (SchemaKind::String(one), SchemaKind::String(other)) => {
                lengths(&one.length, &other.length) && patterns(one.pattern.as_ref(), other.pattern.as_ref())
            }
            (SchemaKind::Enum(members), SchemaKind::String(bounds)) => {
                members.iter().all(|member| admits(bounds, member))
            }
            (SchemaKind::Enum(one), SchemaKind::Enum(other)) => {
                one.iter().all(|member| other.contains(member))
            }
            (SchemaKind::Array(one, bounds), SchemaKind::Array(other, others)) => {
                items(bounds, others) && within(one, other)
            }
            (SchemaKind::Tuple(one), SchemaKind::Tuple(other)) => {
                one.len() == other.len() && one.iter().zip(other).all(|(one, other)| within(one, other))
            }
            (SchemaKind::Tuple(one), SchemaKind::Array(other, bounds)) => {
                let count = Some(one.len() as u64);
                lengths(&LengthBounds { min: count, max: count }, &bounds.length)
                    && (!bounds.unique || one.len() < 2)
                    && one.iter().all(|one| within(one, other))
            }
            (SchemaKind::Map(one, bounds), SchemaKind::Map(other, others)) => {
                lengths(bounds, others) && within(one, other)
            }
            (SchemaKind::Object(one), SchemaKind::Object(other)) => self.object(one, other, depth),
            _ => false,
        }
    }

    fn object(self, one: &ObjectSchema, other: &ObjectSchema, depth: usize) -> bool {
        let is_known = one.properties.iter().all(|property| match other.property(&property.name) {
            Some(known) => self.within(&property.schema, &known.schema, depth),
            None => other.additional,
        });
        let is_there = other.properties.iter().all(|property| match one.property(&property.name) {
            Some(known) => known.required || !property.required,
            None => !property.required,
        });
        is_known && is_there && (other.additional || !one.additional)
    }
}

/// Whether numbers within `one` are within `other`; `whole` says of each whether it holds whole numbers alone.
pub(crate) fn numbers(one: &NumberBounds, other: &NumberBounds, whole: [bool; 2]) -> bool {
    if !one.among.is_empty() {
        return one.among.iter().all(|number| admits_number(other, *number));
    }
    let [of_one, of_other] = whole;
    let multiple = |bounds: &NumberBounds| bounds.multiple_of.filter(|step| *step != 1.0);
    let is_multiple = match (multiple(one), multiple(other)) {
        (_, None) => true,
        (Some(one), Some(other)) => one % other == 0.0,
        (None, Some(_)) => false,
    };
    let ends = |bounds: &NumberBounds, whole: bool| [low(bounds, whole), low(&mirrored(bounds), whole)];
    let is_between = ends(one, of_one)
        .into_iter()
        .zip(ends(other, of_other))
        .all(|(one, other)| one.0 > other.0 || (one.0 == other.0 && (one.1 || !other.1)));
    other.among.is_empty() && is_multiple && is_between
}

fn admits_number(bounds: &NumberBounds, number: f64) -> bool {
    let (low, high) = (low(bounds, false), low(&mirrored(bounds), false));
    let beyond = |number: f64, end: (f64, bool)| number > end.0 || (number == end.0 && !end.1);
    beyond(number, low)
        && beyond(-number, high)
        && bounds.multiple_of.is_none_or(|step| number % step == 0.0)
        && (bounds.among.is_empty() || bounds.among.contains(&number))
}

/// The lower end, and whether it does not belong to the numbers itself.
fn low(bounds: &NumberBounds, whole: bool) -> (f64, bool) {
    let open = bounds.exclusive_minimum.map(|bound| if whole { (bound + 1.0, false) } else { (bound, true) });
    let closed = bounds.minimum.map(|bound| (bound, false));
    let ends = [open, closed].into_iter().flatten();
    // Of two the one further up; an open end above a closed one.
    ends.max_by(|a, b| (a.0 + 0.0).total_cmp(&(b.0 + 0.0)).then(a.1.cmp(&b.1)))
        .unwrap_or((f64::NEG_INFINITY, false))
}

/// The bounds of the same numbers with the other sign: their lower end is the upper one of these.
fn mirrored(bounds: &NumberBounds) -> NumberBounds {
    NumberBounds {
        minimum: bounds.maximum.map(|bound| -bound),
        exclusive_minimum: bounds.exclusive_maximum.map(|bound| -bound),
        ..NumberBounds::default()
    }
}

pub(crate) fn lengths(one: &LengthBounds, other: &LengthBounds) -> bool {
    one.min.unwrap_or(0) >= other.min.unwrap_or(0)
        && one.max.unwrap_or(u64::MAX) <= other.max.unwrap_or(u64::MAX)
}

fn items(one: &ItemBounds, other: &ItemBounds) -> bool {
    let is_unique = one.unique || !other.unique || one.length.max.is_some_and(|most| most < 2);
    lengths(&one.length, &other.length) && is_unique
}

/// Whether texts that match the one pattern match the other.
pub(crate) fn patterns(one: Option<&Arc<Pattern>>, other: Option<&Arc<Pattern>>) -> bool {
    match (one, other) {
        (_, None) => true,
        (Some(one), Some(other)) => {
            one == other || Pattern::exclude_each_other(&[(one, true), (other, false)])
        }
        (None, Some(other)) => Pattern::exclude_each_other(&[(other, false)]),
    }
}

fn admits(bounds: &StringBounds, text: &str) -> bool {
    let count = text.chars().count() as u64;
    (bounds.length.min.unwrap_or(0)..=bounds.length.max.unwrap_or(u64::MAX)).contains(&count)
        && bounds.pattern.as_ref().is_none_or(|pattern| pattern.is_match(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bounds(minimum: Option<f64>, exclusive_minimum: Option<f64>, among: &[f64]) -> NumberBounds {
        NumberBounds { minimum, exclusive_minimum, among: among.to_vec(), ..NumberBounds::default() }
    }

    #[test]
    fn bounds_are_held_against_each_other_as_they_mean() {
        let (from_4, above_3) = (bounds(Some(4.0), None, &[]), bounds(None, Some(3.0), &[]));
        assert!(numbers(&above_3, &from_4, [true, true]) && numbers(&from_4, &above_3, [true, true]));
        assert!(!numbers(&above_3, &from_4, [false, false]) && numbers(&from_4, &above_3, [false, false]));
        let zero = |zero| bounds(Some(zero), None, &[]);
        assert!(numbers(&zero(0.0), &zero(-0.0), [false, false]));
        assert!(numbers(&zero(-0.0), &zero(0.0), [false, false]));
        let few = bounds(None, None, &[4.0, 5.0]);
        assert!(numbers(&few, &from_4, [true, true]) && !numbers(&from_4, &few, [true, true]));
        assert!(!numbers(&bounds(None, None, &[3.0, 4.0]), &from_4, [true, true]));
        let even = NumberBounds { multiple_of: Some(2.0), ..NumberBounds::default() };
        let fours = NumberBounds { multiple_of: Some(4.0), ..NumberBounds::default() };
        assert!(numbers(&fours, &even, [true, true]) && !numbers(&even, &fours, [true, true]));
    }
}
