//! Keywords that bound numbers, texts and arrays, and whether anything is left between them (spec SCHEMA-16).

use super::{Keywords, wrong_type};
use crate::diagnostic::Diagnostic;
use crate::number::number_text;
use crate::pattern::Pattern;
use crate::schema::{LengthBounds, NumberBounds, Schema, SchemaKind, StringBounds};
use crate::spec::node::{MAX_INTEGER, Node, NodeValue};
use std::sync::Arc;

impl Keywords<'_, '_> {
    /// The bounds of a number, with `enum` and `const`.
    pub(super) fn number_bounds(&mut self, integral: bool) -> NumberBounds {
        let mut bounds = NumberBounds {
            minimum: self.number("minimum", integral),
            maximum: self.number("maximum", integral),
            exclusive_minimum: self.number("exclusiveMinimum", integral),
            exclusive_maximum: self.number("exclusiveMaximum", integral),
            multiple_of: if integral { self.step() } else { None },
            among: Vec::new(),
        };
        let lows = [(bounds.minimum, false), (bounds.exclusive_minimum, true)];
        let highs = [(bounds.maximum, false), (bounds.exclusive_maximum, true)];
        let empty = lows.iter().any(|&(low, low_open)| {
            highs.iter().any(|&(high, high_open)| match (low, high) {
                (Some(low), Some(high)) => low > high || (low == high && (low_open || high_open)),
                _ => false,
            })
        });
        if empty {
            self.empty_range("no number is within these bounds");
        } else if integral && let Some(message) = without_integers(&bounds) {
            self.empty_range(&message);
        }
        bounds.among = self.chosen_numbers(integral, &bounds);
        bounds
    }

    fn number(&mut self, keyword: &str, integral: bool) -> Option<f64> {
        let node = self.get(keyword)?;
        let number = if integral { whole(node).map(|number| number as f64) } else { double(node) };
        if number.is_none() {
            let expected = if integral { "an integer, as its `type` is" } else { "a number" };
            self.errors.push(wrong_type(&format!("`{keyword}`"), expected, node));
        }
        number
    }

    fn step(&mut self) -> Option<f64> {
        let node = self.get("multipleOf")?;
        let step = whole(node).filter(|step| *step > 0);
        if step.is_none() {
            self.errors.push(wrong_type("`multipleOf`", "an integer from 1", node));
        }
        step.map(|step| step as f64)
    }

    pub(super) fn string_bounds(&mut self) -> StringBounds {
        StringBounds { length: self.length_bounds("minLength", "maxLength"), pattern: self.pattern() }
    }

    /// `pattern` (spec SCHEMA-60): looked for in the text, as JSON Schema has it; the text is RE2's.
    fn pattern(&mut self) -> Option<Arc<Pattern>> {
        let text = self.text("pattern")?;
        match self.parser.patterns.pattern(&text.value) {
            Ok(pattern) if pattern.decided() == Some(false) => {
                self.errors.push(
                    Diagnostic::error("schema-empty-range", "no text matches this pattern")
                        .at(text.span, format!("in `{}`", self.place)),
                );
                None
            }
            Ok(pattern) => Some(Arc::new(pattern)),
            Err(None) => None,
            Err(Some(error)) => {
                let locate = |span| text.locate(span);
                let (syntax, too_large) = ("schema-bad-pattern", "schema-pattern-too-large");
                self.errors.push(error.into_diagnostic(syntax, too_large, locate));
                None
            }
        }
    }

    pub(super) fn length_bounds(&mut self, min: &str, max: &str) -> LengthBounds {
        let bounds = LengthBounds { min: self.length(min), max: self.length(max) };
        if let (Some(least), Some(most)) = (bounds.min, bounds.max)
            && least > most
        {
            self.empty_range(&format!("`{min}` is greater than `{max}`"));
        }
        bounds
    }

    pub(super) fn length(&mut self, keyword: &str) -> Option<u64> {
        let node = self.get(keyword)?;
        let length = whole(node).and_then(|length| u64::try_from(length).ok());
        if length.is_none() {
            self.errors.push(
                Diagnostic::error("schema-wrong-type", format!("`{keyword}` must be an integer from 0"))
                    .at(node.span, ""),
            );
        }
        length
    }

    /// `minItems` different items must exist. References are not looked through: what they admit is not read yet.
    pub(super) fn check_enough_values(&mut self, items: &Schema, length: &LengthBounds) {
        let values = match &items.kind {
            SchemaKind::Boolean(None) => 2,
            SchemaKind::Boolean(Some(_)) => 1,
            SchemaKind::Enum(texts) => texts.len() as u64,
            SchemaKind::Integer(bounds) | SchemaKind::Number(bounds) if !bounds.among.is_empty() => {
                bounds.among.len() as u64
            }
            SchemaKind::Integer(bounds) => match bounds.integer_range() {
                (Some(least), Some(greatest)) => multiples(bounds, least, greatest),
                _ => return,
            },
            _ => return,
        };
        if let Some(least) = length.min.filter(|least| *least > values) {
            self.empty_range(&format!(
                "`minItems` asks for {least} items, all of them different, and there are {values} different values"
            ));
        }
    }

    pub(super) fn empty_range(&mut self, message: &str) {
        self.errors.push(
            Diagnostic::error("schema-empty-range", message).at(self.span, format!("in `{}`", self.place)),
        );
    }
}

/// Bounds that numbers are within but no integer is.
fn without_integers(bounds: &NumberBounds) -> Option<String> {
    let (least, greatest) = bounds.integer_range();
    let (least, greatest) = (least.unwrap_or(i64::MIN), greatest.unwrap_or(i64::MAX));
    if least > greatest {
        return Some("no integer is within these bounds".into());
    }
    let step = bounds.multiple_of?;
    (multiples(bounds, least, greatest) == 0)
        .then(|| format!("no multiple of {} is within these bounds", number_text(step)))
}

/// How many integers from `least` to `greatest` are multiples of `multipleOf`.
fn multiples(bounds: &NumberBounds, least: i64, greatest: i64) -> u64 {
    let step = bounds.multiple_of.map_or(1, |step| step as i128);
    let (least, greatest) = (i128::from(least), i128::from(greatest));
    let count = greatest.div_euclid(step) - (least + step - 1).div_euclid(step) + 1;
    u64::try_from(count.max(0)).unwrap_or(u64::MAX)
}

/// A whole number that canonical JSON keeps. It writes 3.0 and 3 alike, so they mean the same.
pub(in crate::schema) fn whole(node: &Node) -> Option<i64> {
    match node.value {
        NodeValue::Integer(number) => Some(number),
        NodeValue::Float(number) if number.fract() == 0.0 && number.abs() <= MAX_INTEGER as f64 => {
            Some(number as i64)
        }
        _ => None,
    }
}

/// A number as a double; there is one zero.
pub(in crate::schema) fn double(node: &Node) -> Option<f64> {
    match node.value {
        NodeValue::Integer(number) => Some(number as f64),
        NodeValue::Float(number) => Some(number + 0.0),
        _ => None,
    }
}
