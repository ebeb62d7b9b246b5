//! How a number is written: one form for canonical JSON and for messages, of host and guest alike; and how numbers of
//! both kinds compare.

use std::cmp::Ordering;
use std::fmt::Write as _;

/// ECMAScript's `Number::toString` of a finite double: `1`, `0.5`, `1e+21`, `1e-7`; `0` for minus zero.
pub fn number_text(number: f64) -> String {
    if number == 0.0 {
        return "0".into();
    }
    positional(number < 0.0, &shortest_digits(number.abs()))
}

/// The same form of digits that stand as `d.ddde±x`.
pub(crate) fn positional(negative: bool, scientific: &str) -> String {
    let mut out = String::new();
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let count = digits.len() as i32;
    // The decimal point stands after this many digits.
    let point = exponent + 1;
    if negative {
        out.push('-');
    }
    if count <= point && point <= 21 {
        out.push_str(&digits);
        out.extend(std::iter::repeat_n('0', (point - count) as usize));
    } else if 0 < point && point <= 21 {
        let (whole, fraction) = digits.split_at(point as usize);
        let _ = write!(out, "{whole}.{fraction}");
    } else if -6 < point && point <= 0 {
        out.push_str("0.");
        out.extend(std::iter::repeat_n('0', -point as usize));
        out.push_str(&digits);
    } else {
        let (first, rest) = digits.split_at(1);
        let point = if rest.is_empty() { "" } else { "." };
        let _ = write!(out, "{first}{point}{rest}e{exponent:+}");
    }
    out
}

/// The shortest digits that give `number` back, and of those the nearest, and of two such the even ones, as
/// `d.ddde±x`.
fn shortest_digits(number: f64) -> String {
    let shortest = format!("{number:e}");
    // Rust's shortest digits are not always the even ones of two equally near; rounding to their count is.
    let count = shortest.bytes().take_while(|byte| *byte != b'e').filter(u8::is_ascii_digit).count();
    let rounded = format!("{number:.*e}", count.saturating_sub(1));
    if rounded.parse() == Ok(number) { rounded } else { shortest }
}

/// Compares by mathematical value: neither side is rounded. `None` for a NaN.
pub(crate) fn compare_int_double(int: i64, double: f64) -> Option<Ordering> {
    if double.is_nan() {
        return None;
    }
    // 2^63: every int is below it, and below it every double's whole part is an int.
    if double >= 9_223_372_036_854_775_808.0 {
        return Some(Ordering::Less);
    }
    if double < -9_223_372_036_854_775_808.0 {
        return Some(Ordering::Greater);
    }
    let whole = double.trunc();
    let by_whole = int.cmp(&(whole as i64));
    Some(by_whole.then(0.0_f64.partial_cmp(&(double - whole)).unwrap_or(Ordering::Equal)))
}
