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

/// The error for a keyword that is neither carried out nor a note.
pub(super) fn unknown_keyword(keyword: &str, place: &str) -> Diagnostic {
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
    let known = KEYWORDS.iter().chain(&ANNOTATIONS).copied();
    Diagnostic::error(
        "schema-unknown-keyword",
        format!("unknown keyword `{keyword}` in the schema `{place}`"),
    )
    .help(match nearest(keyword, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "properties of an object stand under `properties`".into(),
    })
}
