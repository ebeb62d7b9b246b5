//! Names of types and functions, and what was likely meant by one that is none.

use crate::diagnostic::{Diagnostic, Span, nearest};
use crate::lang::syntax::TypeName;

/// Functions of CEL that this version leaves out.
const CEL_FUNCTIONS: [&str; 19] = [
    "uint",
    "bytes",
    "dyn",
    "duration",
    "timestamp",
    "lowerAscii",
    "upperAscii",
    "replace",
    "split",
    "join",
    "trim",
    "substring",
    "indexOf",
    "charAt",
    "getFullYear",
    "getMonth",
    "getHours",
    "format",
    "reverse",
];

const FUNCTIONS: &str = "the functions are `size`, `startsWith`, `endsWith`, `contains`, `matches`, `has`, `int`, `double`, `string`, `bool` and `type`, and over lists `all`, `exists`, `exists_one`, `filter` and `map`";

/// The types, for a help line.
pub(super) const TYPES: &str = "`null`, `bool`, `int`, `number`, `string`, `list` and `object`";

pub(super) fn type_name(word: &str) -> Option<TypeName> {
    Some(match word {
        "null" => TypeName::Null,
        "bool" => TypeName::Bool,
        "int" => TypeName::Int,
        "number" => TypeName::Number,
        "string" => TypeName::String,
        "list" => TypeName::List,
        "object" => TypeName::Object,
        _ => return None,
    })
}

pub(super) fn unknown_type(word: &str, span: Span) -> Box<Diagnostic> {
    let other_language = match word {
        "boolean" => Some("bool"),
        "integer" | "long" | "i64" | "uint" => Some("int"),
        "double" | "float" | "f64" | "decimal" | "numeric" => Some("number"),
        "str" | "text" => Some("string"),
        "array" | "vec" => Some("list"),
        "map" | "dict" | "struct" | "record" => Some("object"),
        "none" | "nil" | "undefined" => Some("null"),
        _ => None,
    };
    let near = other_language
        .or_else(|| nearest(word, ["null", "bool", "int", "number", "string", "list", "object"]));
    let help = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("types are {TYPES}; to compare values write `==`"),
    };
    Box::new(Diagnostic::error("lang-syntax", format!("`{word}` is not a type")).at(span, "").help(help))
}

/// The function of two texts that is written like an operator, `a matches b`.
pub(super) fn function_between(word: &str) -> Option<&'static str> {
    ["startsWith", "endsWith", "contains", "matches"].into_iter().find(|function| *function == word)
}

pub(super) fn unknown_function(name: &str, span: Span) -> Diagnostic {
    if CEL_FUNCTIONS.contains(&name) {
        return Diagnostic::error("lang-unsupported", format!("`{name}()` is not supported by this version"))
            .at(span, "not supported")
            .help(FUNCTIONS);
    }
    let near = nearest(
        name,
        [
            "size",
            "startsWith",
            "endsWith",
            "contains",
            "matches",
            "has",
            "all",
            "exists",
            "exists_one",
            "filter",
            "map",
        ],
    );
    let same = match name {
        "len" | "length" | "count" => Some("size"),
        "includes" => Some("contains"),
        "match" | "regex" | "test" => Some("matches"),
        "starts_with" => Some("startsWith"),
        "ends_with" => Some("endsWith"),
        "every" | "forall" => Some("all"),
        "any" | "some" => Some("exists"),
        "existsOne" => Some("exists_one"),
        "defined" | "present" => Some("has"),
        // Near to `map` in letters alone.
        "max" | "min" | "sum" | "abs" => None,
        _ => near,
    };
    let help = match same {
        Some(near) => format!("did you mean `{near}`?"),
        None => FUNCTIONS.into(),
    };
    Diagnostic::error("lang-unknown-function", format!("`{name}` is not a function of the language"))
        .at(span, "")
        .help(help)
}
