//! The keywords of JSON Schema: which are carried out, which are notes to a reader, which this version refuses.

use crate::diagnostic::{Diagnostic, nearest};

/// Keywords that say something to a reader and nothing to a checker.
pub(super) const ANNOTATIONS: [&str; 5] = ["title", "description", "default", "examples", "format"];

/// Keywords that decide what is admitted.
pub(super) const KEYWORDS: [&str; 15] = [
    "$ref",
    "type",
    "enum",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minLength",
    "maxLength",
    "items",
    "minItems",
    "maxItems",
    "properties",
    "required",
    "additionalProperties",
];

/// Keywords of JSON Schema 2020-12 that this version does not carry out.
const UNSUPPORTED: [&str; 33] = [
    "$id",
    "$schema",
    "$defs",
    "$anchor",
    "$dynamicRef",
    "$dynamicAnchor",
    "$vocabulary",
    "$comment",
    "allOf",
    "anyOf",
    "oneOf",
    "not",
    "if",
    "then",
    "else",
    "const",
    "multipleOf",
    "pattern",
    "prefixItems",
    "contains",
    "minContains",
    "maxContains",
    "uniqueItems",
    "unevaluatedItems",
    "patternProperties",
    "propertyNames",
    "minProperties",
    "maxProperties",
    "dependentRequired",
    "dependentSchemas",
    "unevaluatedProperties",
    "deprecated",
    "definitions",
];

/// The error for a keyword that is neither carried out nor a note; `allowed` are those that may stand in its place.
pub(super) fn unknown_keyword(keyword: &str, place: &str, allowed: &[&str]) -> Diagnostic {
    if UNSUPPORTED.contains(&keyword) {
        return Diagnostic::error(
            "schema-unsupported-keyword",
            format!("the keyword `{keyword}` is not supported by this version"),
        )
        .note("a keyword that is not checked would promise what nobody keeps")
        .help(match keyword {
            "const" => "write `enum` with one value".to_owned(),
            "$defs" | "definitions" => "put the schema under `[types.Name]`".to_owned(),
            _ => "state it as a clause in `[contract]`, or in `description`".to_owned(),
        });
    }
    // `min` is `minimum` of a number, `minLength` of a string, `minItems` of an array.
    let lower = keyword.to_ascii_lowercase();
    let bound = ["min", "max"].into_iter().find(|bound| {
        lower.strip_prefix(bound).is_some_and(|rest| ["", "value", "size", "count"].contains(&rest))
    });
    let bound = bound.and_then(|bound| allowed.iter().copied().find(|keyword| keyword.starts_with(bound)));
    let beside = || nearest(keyword, allowed.iter().chain(&ANNOTATIONS).copied());
    let meant = bound.or_else(beside).or_else(|| nearest(keyword, KEYWORDS));
    Diagnostic::error(
        "schema-unknown-keyword",
        format!("unknown keyword `{keyword}` in the schema `{place}`"),
    )
    .help(match meant {
        Some(near) => format!("did you mean `{near}`?"),
        None => "properties of an object stand under `properties`".into(),
    })
}
