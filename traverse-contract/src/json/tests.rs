use super::{MAX_DEPTH, ValueRef, parse, read};
use crate::canonical::canonical;
use proptest::prelude::*;
use serde_json::{Value, json};

fn refused(bytes: impl AsRef<[u8]>) -> (String, String) {
    let rejection = parse(bytes.as_ref()).expect_err("a rejection");
    (rejection.at, rejection.message)
}

fn at_root(message: &str) -> (String, String) {
    (String::new(), message.to_owned())
}

// spec: IO-1
#[test]
fn one_value_of_any_kind() {
    for (text, value) in [
        ("null", Value::Null),
        (" true\r\n", json!(true)),
        ("\t\"ä\\u00e4\\ud83d\\ude00\"", json!("ää😀")),
        ("[1, -2, 1.5, 18446744073709551615]", json!([1, -2, 1.5, 18446744073709551615u64])),
        ("{\"b\": {}, \"a\": []}", json!({"b": {}, "a": []})),
    ] {
        let parsed = parse(text.as_bytes()).expect("JSON");
        assert_eq!(parsed, value);
        // The order of keys is the text's.
        assert_eq!(parsed.to_string(), value.to_string());
    }
    let Ok(Value::Number(number)) = parse(b"-0") else { panic!("a number") };
    assert_eq!(number.as_f64(), Some(0.0));
}

// spec: IO-6
#[test]
fn numbers_are_the_nearest_double() {
    for text in
        ["0.1", "5e-324", "1.7976931348623157e308", "123456789012345680000", "2.2250738585072011e-308"]
    {
        let value = parse(text.as_bytes()).expect("JSON");
        assert_eq!(value.as_f64(), text.parse().ok(), "{text}");
    }
    assert_eq!(refused("1e999"), at_root("number out of range"));
    assert_eq!(refused("{\"a\":[0,{\"b/c\":-1e999}]}"), ("/a/1/b~1c".into(), "number out of range".into()));
    assert_eq!(refused("{\"a\":{\"b\":1},\"c\":[[],1e400]}"), ("/c/1".into(), "number out of range".into()));
}

// spec: IO-1
#[test]
fn nothing_and_too_much() {
    for text in ["", " ", "\n\t\r "] {
        assert_eq!(refused(text), at_root("input is empty: expected one JSON value"));
    }
    for (text, at) in
        [("1 2", 2), ("{}\n\n  {}", 6), ("[1]]", 3), ("\"ä\" x", 5), ("null,", 4), ("{}\n[]\n", 3)]
    {
        assert_eq!(
            refused(text),
            at_root(&format!("not valid JSON: more data after the value at byte {at}")),
            "{text}"
        );
    }
}

// spec: IO-2
#[test]
fn bytes_that_are_no_text() {
    assert_eq!(refused(b"\"a\xff\""), at_root("not UTF-8: invalid at byte 2"));
    assert_eq!(refused(b"\xc0\x80"), at_root("not UTF-8: invalid at byte 0"));
    assert_eq!(refused(b"\"\xed\xa0\x80\""), at_root("not UTF-8: invalid at byte 1"));
    assert_eq!(refused("\u{feff}{}"), at_root("not valid JSON: byte-order mark at byte 0"));
    assert_eq!(refused("\u{feff}"), at_root("not valid JSON: byte-order mark at byte 0"));
}

// spec: IO-3
#[test]
fn syntax() {
    // The words of guests, too: `traverse-guest` has the same table.
    for (text, message) in [
        ("{", "not valid JSON: the input ends too early"),
        ("{\"a\"", "not valid JSON: the input ends too early"),
        ("\"a", "not valid JSON: the input ends too early"),
        ("nul", "not valid JSON: expected a value at byte 0"),
        ("{a:1}", "not valid JSON: expected a name in double quotes at byte 1"),
        ("{\"a\" 1}", "not valid JSON: expected `:` at byte 5"),
        ("[1 2]", "not valid JSON: expected `,` or `]` at byte 3"),
        ("[1,]", "not valid JSON: expected a value at byte 3"),
        ("{\"a\":1,}", "not valid JSON: expected a name in double quotes at byte 7"),
        ("{\"a\":1;}", "not valid JSON: expected `,` or `}` at byte 6"),
        ("[01]", "not valid JSON: expected `,` or `]` at byte 2"),
        ("[1.]", "not valid JSON: expected a digit at byte 3"),
        ("[1e]", "not valid JSON: expected a digit at byte 3"),
        ("[-]", "not valid JSON: expected a digit at byte 2"),
        ("[+1]", "not valid JSON: expected a value at byte 1"),
        ("[NaN]", "not valid JSON: expected a value at byte 1"),
        ("\"\n\"", "not valid JSON: control character at byte 1"),
        (r#"["\x"]"#, "not valid JSON: unknown escape at byte 3"),
        (r#"["\u12g4"]"#, "not valid JSON: expected four hex digits at byte 6"),
        (r#"["\ud800"]"#, "not valid JSON: lone surrogate at byte 7"),
        (r#"["\ud800\u0041"]"#, "not valid JSON: lone surrogate at byte 13"),
        (r#"["\udc00"]"#, "not valid JSON: lone surrogate at byte 7"),
    ] {
        assert_eq!(refused(text), at_root(message), "{text}");
    }
    for text in [
        "[",
        "{\"a\"}",
        "{\"a\":}",
        "01",
        ".5",
        "1.",
        "1e",
        "True",
        "Infinity",
        "'a'",
        "// c\n1",
        "\u{a0}1",
        "\0",
        "{1:2}",
        "{null:2}",
        "[}",
        "-",
        "\"\\",
        "\"\\u12",
        "[1",
        "[1,",
        "{\"a\":1",
        "{\"a\":1,",
        "1e+",
        "-x",
    ] {
        let (at, message) = refused(text);
        assert_eq!(at, "");
        assert!(message.starts_with("not valid JSON: "), "{text}: {message}");
    }
}

// spec: IO-5
#[test]
fn repeated_keys() {
    assert_eq!(refused(r#"{"a":1,"b":2,"a":3}"#), ("/a".into(), "duplicate key".into()));
    assert_eq!(refused(r#"{"x":[{},{"a/b":1,"a\/b":1}]}"#), ("/x/1/a~1b".into(), "duplicate key".into()));
    assert_eq!(refused(r#"{"":{"~":0,"~":0}}"#), ("//~0".into(), "duplicate key".into()));
    assert!(parse(br#"{"a":{"a":1},"b":{"a":1}}"#).is_ok());
    // With few names before it and with many, written with an escape or without.
    for count in [1, 7, 8, 9, 10, 500] {
        for again in 0..count {
            let names = (0..count).map(|name| format!("\"k{name}\":0,")).collect::<String>();
            for written in [format!("k{again}"), format!("\\u006b{again}")] {
                let (at, message) = refused(format!("{{{names}\"{written}\":0,1"));
                assert_eq!((at.as_str(), message.as_str()), (format!("/k{again}").as_str(), "duplicate key"));
            }
        }
    }
}

/// Properties are found, however many there are.
#[test]
fn a_document_is_looked_at_as_a_value_is() {
    for count in [0, 1, 8, 9, 300] {
        let fields =
            (0..count).map(|name| format!("\"k\\u0061{name}\":[{name}]")).collect::<Vec<_>>().join(",");
        let text = format!("{{{fields}}}");
        let (document, value) =
            (read(text.as_bytes()).expect("JSON").value, parse(text.as_bytes()).expect("JSON"));
        let (ValueRef::Object(document), ValueRef::Object(value)) = ((&document).into(), (&value).into())
        else {
            panic!("no object: {text}")
        };
        assert_eq!((document.len(), document.is_empty()), (count, count == 0));
        for object in [document, value] {
            for name in 0..count {
                let found = object.get(&format!("ka{name}")).map(ValueRef::to_value);
                assert_eq!(found, Some(json!([name])), "{text}");
            }
            assert_eq!(object.get("k"), None);
            assert_eq!(object.get(&format!("ka{count}")), None);
        }
    }
}

#[test]
fn a_pointer_leads_where_it_leads_in_a_value() {
    let text = r#"{"a":[{"b/c":1,"m~n":[2]},"x"],"":{"":null}}"#;
    let (document, value) =
        (read(text.as_bytes()).expect("JSON").value, parse(text.as_bytes()).expect("JSON"));
    for pointer in [
        "",
        "/",
        "//",
        "/a",
        "/a/0/b~1c",
        "/a/0/m~0n/0",
        "/a/1",
        "/a/1/0",
        "/a/+0",
        "/a/00",
        "/a/-1",
        "/a/2",
        "/a/x",
        "/b",
        "a",
    ] {
        let found = value.pointer(pointer);
        assert_eq!(
            ValueRef::from(&document).pointer(pointer).map(ValueRef::to_value).as_ref(),
            found,
            "{pointer}"
        );
        assert_eq!(
            ValueRef::from(&value).pointer(pointer).map(ValueRef::to_value).as_ref(),
            found,
            "{pointer}"
        );
    }
}

/// The end of a string is found wherever in a word of eight bytes it is.
#[test]
fn strings_of_any_length() {
    for length in 0..40 {
        for letters in ["a", "ä", "\u{10ffff}", "\u{7f}", "!#[]^"] {
            let content: String = letters.chars().cycle().take(length).collect();
            assert_eq!(parse(format!("\"{content}\"").as_bytes()), Ok(json!(content)));
            assert_eq!(
                parse(format!("\"{content}\\n{content}\"  ").as_bytes()),
                Ok(json!(format!("{content}\n{content}")))
            );
            let at = content.len() + 1;
            for control in ["\0", "\n", "\u{1f}"] {
                let message = format!("not valid JSON: control character at byte {at}");
                assert_eq!(refused(format!("\"{content}{control}{content}\"")), at_root(&message));
            }
            assert_eq!(refused(format!("\"{content}")), at_root("not valid JSON: the input ends too early"));
        }
    }
}

// spec: IO-4
#[test]
fn nesting() {
    let nested =
        |open: &str, close: &str, levels: usize| format!("{}1{}", open.repeat(levels), close.repeat(levels));
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        assert!(parse(nested(open, close, MAX_DEPTH).as_bytes()).is_ok());
        assert_eq!(refused(nested(open, close, MAX_DEPTH + 1)), at_root("nested deeper than 100 levels"));
        assert_eq!(refused(open.repeat(1_000_000)), at_root("nested deeper than 100 levels"));
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>()
            .prop_map(|number| serde_json::Number::from_f64(number).map_or(Value::Null, Value::Number)),
        ".{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((".{0,4}", inner), 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    // spec: IO-1, IO-6
    #[test]
    fn what_is_written_is_read_again(value in any_json()) {
        let text = value.to_string();
        prop_assert_eq!(parse(text.as_bytes()).expect("JSON").to_string(), text.as_str());
        let document = read(text.as_bytes()).expect("JSON").value;
        prop_assert_eq!(ValueRef::from(&document), ValueRef::from(&value));
        prop_assert_eq!(ValueRef::from(&document).to_value(), value);
    }

    /// Equal where values are.
    #[test]
    fn documents_are_equal_where_values_are(one in any_json(), other in any_json()) {
        let (texts, same) = ([one.to_string(), other.to_string()], one == other);
        let documents = texts.each_ref().map(|text| read(text.as_bytes()).expect("JSON").value);
        prop_assert_eq!(documents[0] == documents[1], same);
        prop_assert_eq!(ValueRef::from(&documents[0]) == ValueRef::from(&other), same);
    }

    // spec: SPEC-6
    #[test]
    fn the_canonical_form_is_its_own_canonical_form(value in any_json()) {
        let text = canonical(&value);
        prop_assert_eq!(canonical(&parse(text.as_bytes()).expect("JSON")), text);
    }

    /// Strict where `serde_json` is, and never looser.
    #[test]
    fn any_bytes_are_read_or_refused(text in r#"[\[\]{}",:0-9a-e.+\\u \-]{0,24}"#) {
        let loose = serde_json::from_str::<Value>(&text);
        match parse(text.as_bytes()) {
            Ok(value) => prop_assert_eq!(value, loose.expect("JSON")),
            Err(refused) => prop_assert!(loose.is_err() || refused.message == "duplicate key"),
        }
    }
}
