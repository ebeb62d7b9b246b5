//! The keywords of JSON Schema: which are carried out, which are notes to a reader, which this version refuses.

use crate::diagnostic::{Diagnostic, nearest};

/// Keywords that say something to a reader and nothing to a checker.
pub(super) const ANNOTATIONS: [&str; 5] = ["title", "description", "default", "examples", "format"];

/// Keywords that decide what is admitted.
pub(super) const KEYWORDS: [&str; 23] = [
    "$ref",
    "type",
    "enum",
    "const",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
    "items",
    "prefixItems",
    "minItems",
    "maxItems",
    "uniqueItems",
    "properties",
    "required",
    "additionalProperties",
    "minProperties",
    "maxProperties",
    "anyOf",
];

/// Keywords of JSON Schema 2020-12 that this version does not carry out, each with what comes nearest.
const UNSUPPORTED: [(&str, &str); 34] = [
    ("$id", "a type is named by its section, `[types.Name]`"),
    ("$schema", "remove it: every schema here is of JSON Schema 2020-12"),
    ("$defs", "put the schema under `[types.Name]`"),
    ("definitions", "put the schema under `[types.Name]`"),
    ("$anchor", "put the schema under `[types.Name]` and refer to it with `$ref`"),
    ("$dynamicAnchor", "put the schema under `[types.Name]` and refer to it with `$ref`"),
    ("$dynamicRef", "the nearest is `$ref`: `{ \"$ref\" = \"#/types/Name\" }`"),
    ("$vocabulary", "remove it"),
    ("$comment", "write a TOML comment, or `description`"),
    ("allOf", "write one schema with the keywords of all of them"),
    ("oneOf", "the nearest is `enum`; state the rest as a clause with `or`"),
    ("not", "state it as a clause with `not`"),
    ("if", "state it as a clause with `implies`"),
    ("then", "state it as a clause with `implies`"),
    ("else", "state it as a clause with `implies`"),
    ("contains", "state it as a clause: `items.exists(item, …)`"),
    ("minContains", "state it as a clause: `size(items.filter(item, …)) >= 1`"),
    ("maxContains", "state it as a clause: `size(items.filter(item, …)) <= 1`"),
    ("unevaluatedItems", "the nearest is `items`"),
    ("patternProperties", "the nearest is a map: `additionalProperties` with a schema"),
    ("propertyNames", "the nearest is `properties` with `additionalProperties = false`"),
    ("dependentRequired", "state it as a clause: `has(a) implies has(b)`"),
    ("dependentSchemas", "state it as a clause: `has(a) implies …`"),
    ("dependencies", "state it as a clause: `has(a) implies has(b)`"),
    ("unevaluatedProperties", "the nearest is `additionalProperties = false`"),
    ("additionalItems", "the nearest is `items`"),
    ("contentEncoding", "the nearest is `format`, which is for readers"),
    ("contentMediaType", "the nearest is `format`, which is for readers"),
    ("contentSchema", "say it in `description`"),
    ("deprecated", "say it in `description`"),
    ("readOnly", "say it in `description`"),
    ("writeOnly", "say it in `description`"),
    ("nullable", "write the type with null beside it: `type = [\"string\", \"null\"]`"),
    ("optional", "leave the property out of `required` instead"),
];

/// The error for a keyword that is neither carried out nor a note; `allowed` are those that may stand in its place.
pub(super) fn unknown_keyword(keyword: &str, place: &str, allowed: &[&str]) -> Diagnostic {
    if let Some((_, nearest)) = UNSUPPORTED.iter().find(|(known, _)| *known == keyword) {
        return Diagnostic::error(
            "schema-unsupported-keyword",
            format!("the keyword `{keyword}` is not supported by this version"),
        )
        .note("a keyword that is not checked would promise what nobody keeps")
        .help(*nearest);
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

/// Every keyword that a schema may hold: those that are carried out, then those for readers.
pub fn keywords() -> impl Iterator<Item = &'static str> {
    KEYWORDS.into_iter().chain(ANNOTATIONS)
}
