//! What a value that does not fit is told (spec SCHEMA-21): one place for the host's validation and for generated code.

use crate::number::number_text;

/// `uniqueItems`
pub const NOT_UNIQUE: &str = "must not hold the same item twice";

/// What a misfit of a schema that admits null besides adds to the noun that was expected.
pub const OR_NULL: &str = " or null";

/// Another type; `or_null` is empty or [`OR_NULL`].
pub fn expected(noun: &str, or_null: &str, found: &str) -> String {
    // Null itself is told once.
    let or_null = if noun == "null" { "" } else { or_null };
    format!("expected {noun}{or_null}, found {found}")
}

/// `enum` or `const` of strings.
pub fn one_of_texts(texts: &[String]) -> String {
    one_of(texts.iter().map(|text| quoted(text)))
}

/// `enum` or `const` of numbers.
pub fn one_of_numbers(numbers: &[f64]) -> String {
    one_of(numbers.iter().map(|number| number_text(*number)))
}

/// `const` of a boolean.
pub fn must_be(value: bool) -> &'static str {
    if value { "must be true" } else { "must be false" }
}

/// `multipleOf`
pub fn multiple_of(step: f64) -> String {
    format!("must be a multiple of {}", number_text(step))
}

fn one_of(values: impl Iterator<Item = String>) -> String {
    let values: Vec<String> = values.collect();
    match &values[..] {
        [only] => format!("must be {only}"),
        _ => format!("must be one of {}", values.join(", ")),
    }
}

/// Text as JSON has it.
fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            '\u{8}' => quoted.push_str("\\b"),
            '\u{c}' => quoted.push_str("\\f"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            control if control < ' ' => quoted.push_str(&format!("\\u{:04x}", u32::from(control))),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}
