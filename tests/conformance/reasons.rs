//! Why a case of CEL is outside of this language, from what the case is made of; but for two reasons that the checker
//! finds, never from what came of it.

use crate::words::{Word, words};
use serde_json::Value;
use std::collections::BTreeSet;

/// The parts of CEL that this language leaves out. Each is a row of the table in `specs/cel.md`, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reason {
    /// Libraries beside the language: string, math, encoders, optionals, bindings, two-variable macros.
    Extensions,
    /// Protocol buffer messages, enums, wrappers and `Any`.
    Messages,
    /// Timestamps and durations.
    Time,
    /// Unsigned integers.
    Unsigned,
    /// Bytes.
    Bytes,
    /// Functions that the program around declares.
    Functions,
    /// Names with dots in them, and names resolved within a container.
    Namespaces,
    /// Names in backticks.
    Backticks,
    /// Maps with keys that are not text.
    Keys,
    /// Lists and maps whose elements have several types.
    Mixed,
    /// What has no type before it runs: `dyn`, and expressions that CEL's own checker refuses.
    Dynamic,
    /// A value of a map that is read by name without asking whether it is there.
    Unguarded,
}

impl Reason {
    pub(crate) const ALL: [Reason; 12] = [
        Reason::Extensions,
        Reason::Messages,
        Reason::Time,
        Reason::Unsigned,
        Reason::Bytes,
        Reason::Functions,
        Reason::Namespaces,
        Reason::Backticks,
        Reason::Keys,
        Reason::Mixed,
        Reason::Dynamic,
        Reason::Unguarded,
    ];

    /// As the table in `specs/cel.md` names it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Reason::Extensions => "extensions",
            Reason::Messages => "messages",
            Reason::Time => "time",
            Reason::Unsigned => "unsigned",
            Reason::Bytes => "bytes",
            Reason::Functions => "functions",
            Reason::Namespaces => "namespaces",
            Reason::Backticks => "backticks",
            Reason::Keys => "keys",
            Reason::Mixed => "mixed",
            Reason::Dynamic => "dynamic",
            Reason::Unguarded => "unguarded",
        }
    }
}

/// The first reason that a case is outside, if there is one. [`Reason::Dynamic`] and [`Reason::Unguarded`] are not found
/// here: they are the checker's to say.
pub(crate) fn outside(case: &Value) -> Option<Reason> {
    let used = words(case["expr"].as_str().unwrap_or_default());
    let uses = |reason: Reason| match reason {
        Reason::Extensions => is_extension(case, &used),
        Reason::Messages => is_message(case, &used),
        Reason::Time => {
            has_name(&used, &["timestamp", "duration"]) || mentions(case, &["TIMESTAMP", "DURATION"])
        }
        Reason::Unsigned => {
            used.contains(&Word::Uint)
                || has_root(&used, "uint")
                || mentions(case, &["uint64Value", "UINT64"])
        }
        Reason::Bytes => {
            used.contains(&Word::Bytes)
                || has_root(&used, "bytes")
                || mentions(case, &["bytesValue", "BYTES"])
        }
        Reason::Functions => case["typeEnv"]
            .as_array()
            .is_some_and(|names| names.iter().any(|name| name.get("function").is_some())),
        Reason::Namespaces => is_namespaced(case, &used),
        Reason::Backticks => used.contains(&Word::Quoted),
        Reason::Keys => has_other_keys(case, &used),
        Reason::Mixed => is_mixed(&used),
        Reason::Dynamic | Reason::Unguarded => false,
    };
    Reason::ALL.into_iter().find(|reason| uses(*reason))
}

/// Why CEL's parser does not read an expression that is read here.
pub(crate) fn read_here_only(expression: &str) -> Option<&'static str> {
    const RESERVED: [&str; 17] = [
        "as",
        "break",
        "const",
        "continue",
        "else",
        "for",
        "function",
        "if",
        "import",
        "let",
        "loop",
        "package",
        "namespace",
        "return",
        "var",
        "void",
        "while",
    ];
    let used = words(expression);
    let asks_for_a_name = used.windows(4).any(|four| {
        matches!(four, [Word::Name(has), Word::Symbol('('), Word::Name(_), Word::Symbol(')')] if has == "has")
    });
    let keyword_after_dot = used.windows(2).any(|pair| {
        matches!(pair, [Word::Symbol('.'), Word::Name(name)] if ["true", "false", "null", "in"].contains(&name.as_str()))
    });
    match () {
        () if has_name(&used, &RESERVED) => Some("a word that CEL reserves is a name"),
        () if has_name(&used, &["__result__"]) => Some("a name of CEL's own within macros is a name"),
        () if asks_for_a_name => Some("`has(name)` means `has(input.name)`"),
        () if keyword_after_dot => Some("after a dot any word is a name"),
        // That suite sets the parser's limits to 32 levels.
        () if used.len() > 60 => Some("the limits are others"),
        () => None,
    }
}

/// Why an expression that CEL's parser reads is not read here.
pub(crate) fn read_there_only(expression: &str) -> Option<&'static str> {
    let used = words(expression);
    let method = used.windows(3).any(|three| {
        matches!(three, [Word::Symbol('.'), Word::Name(name), Word::Symbol('(')] if TYPES.contains(&name.as_str()))
    });
    match () {
        () if makes_message(&used) => Some(Reason::Messages.name()),
        () if used.contains(&Word::Uint) => Some(Reason::Unsigned.name()),
        () if used.contains(&Word::Bytes) => Some(Reason::Bytes.name()),
        () if used.contains(&Word::Quoted) => Some(Reason::Backticks.name()),
        () if method => Some(Reason::Functions.name()),
        () => None,
    }
}

fn is_extension(case: &Value, used: &[Word]) -> bool {
    let file = case["case"].as_str().and_then(|name| name.split('/').next()).unwrap_or_default();
    file.ends_with("_ext") || ["optionals", "macros2"].contains(&file) || has_name(used, &["optional"])
}

fn is_message(case: &Value, used: &[Word]) -> bool {
    let made = makes_message(used);
    // In these a container makes names of messages and enums known, which the expression names in short.
    let container =
        case["container"].as_str().is_some_and(|name| name.contains("proto") || name.contains("google"));
    made || container
        || used.windows(3).any(|three| {
            matches!(three, [Word::Name(a), Word::Symbol('.'), Word::Name(b)] if a == "google" && b == "protobuf")
        })
        || mentions(case, &["objectValue", "enumValue", "messageType", "wellKnown", "wrapper", "@type"])
}

fn makes_message(used: &[Word]) -> bool {
    used.windows(2).any(|pair| matches!(pair, [Word::Name(name), Word::Symbol('{')] if name != "in"))
}

fn is_namespaced(case: &Value, used: &[Word]) -> bool {
    let dotted = |names: &Value| {
        names.as_array().is_some_and(|names| {
            names.iter().any(|name| name["name"].as_str().is_some_and(|name| name.contains('.')))
        })
    };
    let bound = case["bindings"].as_object().is_some_and(|names| names.keys().any(|name| name.contains('.')));
    let absolute = used.first() == Some(&Word::Symbol('.'));
    case.get("container").is_some() || dotted(&case["typeEnv"]) || bound || absolute
}

const TYPES: [&str; 13] = [
    "bool",
    "int",
    "uint",
    "double",
    "string",
    "bytes",
    "list",
    "map",
    "null_type",
    "type",
    "dyn",
    "timestamp",
    "duration",
];

/// The literal kind of an element: `None` where only evaluation would tell.
fn kind(element: &[Word]) -> Option<&'static str> {
    let element = match element {
        [Word::Symbol('-'), number @ (Word::Int | Word::Double)] => std::slice::from_ref(number),
        element => element,
    };
    match element {
        [Word::Int] => Some("int"),
        [Word::Uint] => Some("uint"),
        [Word::Double] => Some("double"),
        [Word::Text(_)] => Some("text"),
        [Word::Bytes] => Some("bytes"),
        [Word::Name(name)] => match name.as_str() {
            "true" | "false" => Some("bool"),
            "null" => Some("null"),
            _ => None,
        },
        [Word::Symbol('['), ..] => Some("list"),
        [Word::Symbol('{'), ..] => Some("map"),
        _ => None,
    }
}

/// The parts of a literal, each as its words.
type Parts<'a> = Vec<&'a [Word]>;

/// Lists and maps written out: for each the elements of a list, or the keys, or the values, of a map.
fn literals(used: &[Word]) -> (Vec<Parts<'_>>, Vec<Parts<'_>>) {
    struct Open<'a> {
        list: bool,
        map: bool,
        start: usize,
        first: Parts<'a>,
        second: Parts<'a>,
        key: bool,
    }
    let (mut elements, mut keys) = (Vec::new(), Vec::new());
    let mut open: Vec<Open<'_>> = Vec::new();
    for (at, word) in used.iter().enumerate() {
        let after_value = at.checked_sub(1).is_some_and(|before| {
            matches!(
                used[before],
                Word::Name(_) | Word::Text(_) | Word::Quoted | Word::Symbol(')' | ']' | '}')
            ) && !matches!(&used[before], Word::Name(name) if name == "in")
        });
        let ends = matches!(word, Word::Symbol(',' | ':' | ')' | ']' | '}'));
        if ends && let Some(top) = open.last_mut() {
            let element = &used[top.start..at];
            if !element.is_empty() {
                let into = if top.map && top.key { &mut top.first } else { &mut top.second };
                into.push(element);
            }
            top.start = at + 1;
            top.key = *word != Word::Symbol(':');
        }
        match word {
            Word::Symbol(bracket @ ('(' | '[' | '{')) => open.push(Open {
                list: *bracket == '[' && !after_value,
                map: *bracket == '{' && !after_value,
                start: at + 1,
                first: Vec::new(),
                second: Vec::new(),
                key: true,
            }),
            Word::Symbol(')' | ']' | '}') => {
                if let Some(top) = open.pop() {
                    if top.list || top.map {
                        elements.push(top.second);
                    }
                    if top.map {
                        keys.push(top.first);
                    }
                }
            }
            _ => {}
        }
    }
    (elements, keys)
}

fn is_mixed(used: &[Word]) -> bool {
    let (elements, _) = literals(used);
    elements.iter().any(|of| of.iter().filter_map(|element| kind(element)).collect::<BTreeSet<_>>().len() > 1)
}

fn has_other_keys(case: &Value, used: &[Word]) -> bool {
    let (_, keys) = literals(used);
    let written = keys.iter().flatten().filter_map(|key| kind(key)).any(|kind| kind != "text");
    let declared = found(case, "keyType", &|key| *key != serde_json::json!({"primitive": "STRING"}));
    let bound = found(case, "key", &|key| key.is_object() && key.get("stringValue").is_none());
    let sought = used.windows(3).any(|three| {
        matches!(three, [Word::Int | Word::Double, Word::Name(name), Word::Symbol('{')] if name == "in")
    });
    written || declared || bound || sought
}

fn has_name(used: &[Word], names: &[&str]) -> bool {
    used.iter().any(|word| matches!(word, Word::Name(name) if names.contains(&name.as_str())))
}

/// A name that is no property of anything: a type, or its conversion.
fn has_root(used: &[Word], sought: &str) -> bool {
    used.iter().enumerate().any(|(at, word)| {
        let before = at.checked_sub(1).and_then(|before| used.get(before));
        matches!(word, Word::Name(name) if name == sought) && before != Some(&Word::Symbol('.'))
    })
}

/// Whether one of these is a key or a text anywhere in what a case declares, binds or expects.
fn mentions(case: &Value, sought: &[&str]) -> bool {
    ["typeEnv", "bindings", "value", "typedResult"].iter().any(|part| mentioned(&case[part], sought))
}

fn mentioned(value: &Value, sought: &[&str]) -> bool {
    match value {
        Value::String(text) => sought.contains(&text.as_str()),
        Value::Array(items) => items.iter().any(|item| mentioned(item, sought)),
        Value::Object(fields) => {
            fields.iter().any(|(key, value)| sought.contains(&key.as_str()) || mentioned(value, sought))
        }
        _ => false,
    }
}

/// Whether a field of this name anywhere in a case holds what is sought.
fn found(value: &Value, name: &str, holds: &dyn Fn(&Value) -> bool) -> bool {
    match value {
        Value::Array(items) => items.iter().any(|item| found(item, name, holds)),
        Value::Object(fields) => {
            fields.iter().any(|(key, value)| (key == name && holds(value)) || found(value, name, holds))
        }
        _ => false,
    }
}

#[test]
fn reasons_are_seen_in_what_a_case_is_made_of() {
    let reason = |expression: &str| outside(&serde_json::json!({"case": "a/b/c", "expr": expression}));
    assert_eq!(reason("1 + 1 == 2 && 'a' in ['a', 'b'] && {'k': 1}.k == 1"), None);
    assert_eq!(reason("[1, 2].map(x, [x, 1])[0] == [-1, 2]"), None);
    assert_eq!(reason("string(1) + 'uint(1) b\"\" timestamp'"), None);
    assert_eq!(reason("1u + 1u"), Some(Reason::Unsigned));
    assert_eq!(reason("bytes('a') == 'a'"), Some(Reason::Bytes));
    assert_eq!(reason("TestAllTypes{a: 1}"), Some(Reason::Messages));
    assert_eq!(reason("type(1) == int"), None);
    assert_eq!(reason("type(1) == uint"), Some(Reason::Unsigned));
    assert_eq!(reason("{1: 'a'}[1]"), Some(Reason::Keys));
    assert_eq!(reason("{'a': 1, 'b': 'c'}.a"), Some(Reason::Mixed));
    assert_eq!(reason("1 in [1, 'a']"), Some(Reason::Mixed));
    assert_eq!(reason("a.`b-c`"), Some(Reason::Backticks));
    assert_eq!(reason(".a"), Some(Reason::Namespaces));
    assert_eq!(reason("7 in {}"), Some(Reason::Keys));
    assert_eq!(reason("'a' in {'a': 1}"), None);
    assert_eq!(reason("size([]) == 0"), None);
}
