//! Whether a number or a length is within its bounds, in the words of spec SCHEMA-21: for documents on the host, and for
//! the values of `default` and `examples` wherever a spec is read.

use super::words;
use super::{LengthBounds, NumberBounds, SchemaKind};
use crate::number::number_text;

pub(super) fn check_bounds(
    bounds: &NumberBounds,
    compare: impl Fn(f64) -> Option<std::cmp::Ordering>,
    is_multiple: impl Fn(f64) -> bool,
) -> Result<(), String> {
    if !bounds.among.is_empty() {
        // Each of them is within the bounds.
        let listed = bounds.among.iter().any(|value| compare(*value).is_some_and(|order| order.is_eq()));
        return if listed { Ok(()) } else { Err(words::one_of_numbers(&bounds.among)) };
    }
    let holds = |bound: Option<f64>, test: fn(std::cmp::Ordering) -> bool, words: &str| match bound {
        Some(bound) if !compare(bound).is_some_and(test) => {
            Err(format!("must be {words} {}", number_text(bound)))
        }
        _ => Ok(()),
    };
    holds(bounds.minimum, |order| order.is_ge(), "at least")?;
    holds(bounds.maximum, |order| order.is_le(), "at most")?;
    holds(bounds.exclusive_minimum, |order| order.is_gt(), "greater than")?;
    holds(bounds.exclusive_maximum, |order| order.is_lt(), "less than")?;
    match bounds.multiple_of {
        Some(step) if !is_multiple(step) => Err(words::multiple_of(step)),
        _ => Ok(()),
    }
}

pub(super) fn check_length(
    bounds: &LengthBounds,
    unit: &str,
    length: impl Fn() -> u64,
) -> Result<(), String> {
    if bounds.min.is_none() && bounds.max.is_none() {
        return Ok(());
    }
    let length = length();
    match (bounds.min, bounds.max) {
        (Some(min), _) if length < min => Err(format!("must have at least {min} {unit}")),
        (_, Some(max)) if length > max => Err(format!("must have at most {max} {unit}")),
        _ => Ok(()),
    }
}

pub(super) fn kind_noun(kind: &SchemaKind) -> &'static str {
    match kind {
        // Of what may be null the noun within is told.
        SchemaKind::Null | SchemaKind::Nullable(_) => "null",
        SchemaKind::Boolean(_) => "a boolean",
        SchemaKind::Integer(_) => "an integer",
        SchemaKind::Number(_) => "a number",
        SchemaKind::String(_) | SchemaKind::Enum(_) => "a string",
        SchemaKind::Array(..) | SchemaKind::Tuple(_) => "an array",
        SchemaKind::Object(_) | SchemaKind::Map(..) | SchemaKind::Ref(_) => "an object",
    }
}
