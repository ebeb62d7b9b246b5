//! Canonical JSON (RFC 8785) and digests: the one form in which a contract is compared and named.

use crate::diagnostic::{Diagnostic, Source};
use crate::number::number_text;
use crate::spec::parse::CODES;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// The TOML text of a spec as canonical JSON: what a module carries and what its contract digest is taken from.
///
/// Comments, layout, the order of keys and the way a number or string is spelled leave no trace (spec SPEC-6).
/// Whether the spec is well-formed is not looked at.
///
/// # Errors
///
/// What keeps the text from having a JSON form: syntax, size, nesting, dates, infinite numbers.
pub fn contract_json(source: &Source) -> Result<String, Vec<Diagnostic>> {
    let root = crate::spec::toml::read(source, &CODES)?;
    let json = canonical(&root.to_json());
    // Quotes of a literal string are escaped in JSON, so that the text may grow.
    if json.len() > crate::package::MAX_CONTRACT_BYTES {
        let limit = crate::package::MAX_CONTRACT_BYTES;
        let message = format!("`{}` is larger than {limit} bytes as canonical JSON", source.name);
        return Err(vec![Diagnostic::error("spec-too-large", message)]);
    }
    Ok(json)
}

/// `value` as RFC 8785 writes it: no space, keys by UTF-16 code units, numbers as ECMAScript prints a double.
///
/// An integer beyond 2^53 is written as the nearest double, as that RFC has it.
pub fn canonical(value: &Value) -> String {
    let mut out = String::new();
    write_value(value, &mut out);
    out
}

/// `sha256:` and 64 lower-case hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    let mut out = String::from("sha256:");
    for byte in Sha256::digest(bytes) {
        let _ = write!(out, "{byte:02x}");
    }
    out
}

/// Whether `text` has the form that [`sha256`] gives.
pub fn is_digest(text: &str) -> bool {
    text.strip_prefix("sha256:").is_some_and(|hex| {
        hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
    })
}

fn write_value(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        // Without arbitrary precision every number is finite as a double.
        Value::Number(number) => out.push_str(&number_text(number.as_f64().unwrap_or_default())),
        Value::String(text) => write_string(text, out),
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_value(item, out);
            }
            out.push(']');
        }
        Value::Object(fields) => {
            let mut fields: Vec<(&String, &Value)> = fields.iter().collect();
            fields.sort_by(|(one, _), (other, _)| one.encode_utf16().cmp(other.encode_utf16()));
            out.push('{');
            for (index, (key, field)) in fields.into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_string(key, out);
                out.push(':');
                write_value(field, out);
            }
            out.push('}');
        }
    }
}

fn write_string(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            control if control < ' ' => {
                let _ = write!(out, "\\u{:04x}", u32::from(control));
            }
            plain => out.push(plain),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests;
