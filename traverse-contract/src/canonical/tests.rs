use super::{canonical, contract_json, is_digest, sha256};
use crate::diagnostic::Source;
use serde_json::{Value, json};

/// The number samples of RFC 8785, appendix B: bits of the double, and its canonical form.
const NUMBERS: [(u64, &str); 24] = [
    (0x0000000000000000, "0"),
    (0x8000000000000000, "0"),
    (0x0000000000000001, "5e-324"),
    (0x8000000000000001, "-5e-324"),
    (0x7fefffffffffffff, "1.7976931348623157e+308"),
    (0xffefffffffffffff, "-1.7976931348623157e+308"),
    (0x4340000000000000, "9007199254740992"),
    (0xc340000000000000, "-9007199254740992"),
    (0x4430000000000000, "295147905179352830000"),
    (0x44b52d02c7e14af5, "9.999999999999997e+22"),
    (0x44b52d02c7e14af6, "1e+23"),
    (0x44b52d02c7e14af7, "1.0000000000000001e+23"),
    (0x444b1ae4d6e2ef4e, "999999999999999700000"),
    (0x444b1ae4d6e2ef4f, "999999999999999900000"),
    (0x444b1ae4d6e2ef50, "1e+21"),
    (0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"),
    (0x3eb0c6f7a0b5ed8d, "0.000001"),
    (0x41b3de4355555553, "333333333.3333332"),
    (0x41b3de4355555554, "333333333.33333325"),
    (0x41b3de4355555555, "333333333.3333333"),
    (0x41b3de4355555556, "333333333.3333334"),
    (0x41b3de4355555557, "333333333.33333343"),
    (0xbecbf647612f3696, "-0.0000033333333333333333"),
    (0x43143ff3c1cb0959, "1424953923781206.2"),
];

fn source(text: &str) -> Source {
    Source { name: "traverse.spec.toml".into(), text: text.into() }
}

// spec: SPEC-6
#[test]
fn numbers_of_the_rfc() {
    for (bits, expected) in NUMBERS {
        assert_eq!(canonical(&json!(f64::from_bits(bits))), expected);
    }
    assert_eq!(canonical(&json!([1, 1.0, -7, 1.5, 100, 1e2])), "[1,1,-7,1.5,100,100]");
}

// spec: SPEC-6
#[test]
fn the_example_of_the_rfc() {
    let value: Value = serde_json::from_str(
        r#"{
          "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
          "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
          "literals": [null, true, false]
        }"#,
    )
    .expect("JSON");
    assert_eq!(
        canonical(&value),
        "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],\
         \"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}"
    );
}

// spec: SPEC-6
#[test]
fn keys_are_sorted_by_utf16_units() {
    let value =
        json!({"\u{20ac}": 1, "\r": 2, "\u{fb33}": 3, "1": 4, "\u{1f600}": 5, "\u{80}": 6, "\u{f6}": 7});
    assert_eq!(
        canonical(&value),
        "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"\u{f6}\":7,\"\u{20ac}\":1,\"\u{1f600}\":5,\"\u{fb33}\":3}"
    );
}

// spec: SPEC-6
#[test]
fn layout_order_and_spelling_leave_no_trace() {
    let one = "# comment\n[capability]\nid = \"a.b\"\nversion = '1.0.0'\n[limits]\nfuel = 1_000\n";
    let other =
        "limits.fuel = 0x3e8\r\ncapability = { version = \"1.0.\\u0030\", id = \"\"\"\na.b\"\"\" }\r\n";
    let expected = r#"{"capability":{"id":"a.b","version":"1.0.0"},"limits":{"fuel":1000}}"#;
    assert_eq!(contract_json(&source(one)).as_deref(), Ok(expected));
    assert_eq!(contract_json(&source(other)).as_deref(), Ok(expected));
}

// spec: SPEC-7
#[test]
fn sha256_of_known_texts() {
    assert_eq!(sha256(b""), "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_eq!(sha256(b"abc"), "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert!(is_digest(&sha256(b"abc")));
    assert!(!is_digest("sha256:ABC") && !is_digest(&sha256(b"")[7..]));
}
