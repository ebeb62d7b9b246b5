//! `int()`, `double()`, `string()` and `bool()` (spec LANG-60).

use super::{EvalError, Evaluated, Val};
use crate::lang::syntax::Function;
use crate::number::positional;
use std::borrow::Cow;

/// `None` where the function does not take such a value, which the checker refuses.
pub(super) fn convert<'a>(function: Function, value: &Val<'a>) -> Option<Evaluated<'a>> {
    let in_text = |found: Option<Val<'a>>, wanted| found.ok_or(EvalError::NotInText { wanted });
    Some(match (function, value) {
        (Function::Int, Val::Int(value)) => Ok(Val::Int(*value)),
        (Function::Int, Val::Double(value)) => {
            // Both ends are out, as in CEL: they are what doubles beyond them are rounded to.
            let fits = *value > -9_223_372_036_854_775_808.0 && *value < 9_223_372_036_854_775_808.0;
            if fits { Ok(Val::Int(*value as i64)) } else { Err(EvalError::IntegerOverflow) }
        }
        (Function::Int, Val::Text(text)) => in_text(text.parse().ok().map(Val::Int), "an int"),
        (Function::Double, Val::Int(value)) => Ok(Val::Double(*value as f64)),
        (Function::Double, Val::Double(value)) => Ok(Val::Double(*value)),
        (Function::Double, Val::Text(text)) => in_text(double(text).map(Val::Double), "a double"),
        (Function::String, Val::Int(value)) => Ok(Val::Text(Cow::Owned(value.to_string()))),
        (Function::String, Val::Double(value)) => Ok(Val::Text(Cow::Owned(double_text(*value)))),
        (Function::String, Val::Bool(value)) => {
            Ok(Val::Text(Cow::Borrowed(if *value { "true" } else { "false" })))
        }
        (Function::String, Val::Text(text)) => Ok(Val::Text(text.clone())),
        (Function::Bool, Val::Bool(value)) => Ok(Val::Bool(*value)),
        (Function::Bool, Val::Text(text)) => {
            let value = match text.as_ref() {
                "1" | "t" | "T" | "true" | "True" | "TRUE" => Some(Val::Bool(true)),
                "0" | "f" | "F" | "false" | "False" | "FALSE" => Some(Val::Bool(false)),
                _ => None,
            };
            in_text(value, "a bool")
        }
        _ => return None,
    })
}

/// A sign, digits with or without a point, an exponent; finite.
fn double(text: &str) -> Option<f64> {
    let decimal = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'));
    text.parse::<f64>().ok().filter(|value| decimal && value.is_finite())
}

pub(super) fn double_text(value: f64) -> String {
    if value.is_nan() {
        return "NaN".into();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf" } else { "-Inf" }.into();
    }
    positional(value.is_sign_negative(), &format!("{:e}", value.abs()))
}
