//! `int()`, `double()`, `string()` and `bool()` of rules, as the host has them.

use crate::clause::EvalError;
use crate::json::{parse_f64, shortest, write_places};
use crate::text::Text;
use alloc::string::String;

/// `int(double)`: without its fraction.
///
/// # Errors
///
/// Overflow, at both ends of the range too.
pub fn truncated(value: f64) -> Result<i64, EvalError> {
    let fits = value > -9_223_372_036_854_775_808.0 && value < 9_223_372_036_854_775_808.0;
    if fits { Ok(value as i64) } else { Err(EvalError::IntegerOverflow) }
}

/// `int(text)`: a sign or none, and digits.
///
/// # Errors
///
/// Any other text, and an int out of range.
pub fn int_in(text: &str) -> Result<i64, EvalError> {
    text.parse().map_err(|_| EvalError::NotInText("an int"))
}

/// `double(text)`: a sign or none, digits with or without a point, an exponent or none.
///
/// # Errors
///
/// Any other text, and a double out of range.
pub fn double_in(text: &str) -> Result<f64, EvalError> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mantissa_fits = digits(whole) && digits(fraction) && whole.len() + fraction.len() > 0;
    let exponent_fits = exponent.is_none_or(|exponent| {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        !exponent.is_empty() && digits(exponent)
    });
    let value = if mantissa_fits && exponent_fits { parse_f64(unsigned) } else { None };
    let value = value.map(|value| if text.starts_with('-') { -value } else { value });
    value.ok_or(EvalError::NotInText("a double"))
}

/// `bool(text)`
///
/// # Errors
///
/// Text that is not one of CEL's spellings.
pub fn bool_in(text: &str) -> Result<bool, EvalError> {
    match text {
        "1" | "t" | "T" | "true" | "True" | "TRUE" => Ok(true),
        "0" | "f" | "F" | "false" | "False" | "FALSE" => Ok(false),
        _ => Err(EvalError::NotInText("a bool")),
    }
}

/// `string(int)`
pub fn int_text(value: i64) -> String {
    let mut text = Text::default();
    text.push_integer(value);
    text.into_string()
}

/// `string(double)`
pub fn double_text(value: f64) -> String {
    let mut text = Text::default();
    write_double(value, &mut text);
    text.into_string()
}

/// The fewest digits that read back the same, in ECMAScript's form.
pub(crate) fn write_double(value: f64, out: &mut Text) {
    if !value.is_finite() {
        return out.push(match value {
            f64::INFINITY => "+Inf",
            f64::NEG_INFINITY => "-Inf",
            _ => "NaN",
        });
    }
    if value.is_sign_negative() {
        out.push("-");
    }
    let (digits, point) = shortest(value.abs());
    let count = digits.as_bytes().len() as i64;
    if (-5..=21).contains(&point) {
        write_places(&digits, point, count.max(point), out);
    } else {
        write_places(&digits, 1, count, out);
        out.push(if point > 0 { "e+" } else { "e-" });
        out.push_integer((point - 1).abs());
    }
    digits.release();
}
