//! Patterns: the tables that the macro writes and the tables that the host makes decide alike, in rules, in conditions
//! and in schemas, of the input and of the result.

#![allow(clippy::result_large_err)]

mod support;

use proptest::prelude::*;
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::BTreeMap;
use traverse_contract::Contract;
use traverse_sdk::__private::run;
use traverse_sdk::prelude::*;

const SPEC: &str = include_str!("specs/patterns.spec.toml");

#[capability(spec = "tests/specs/patterns.spec.toml")]
fn echo(pick: i64, s: &str) -> Result<Output, Exception> {
    let shouted = !s.is_empty() && s.bytes().all(|byte| byte.is_ascii_uppercase());
    match pick {
        19 if shouted => Err(Exception::Shouted),
        20 => Ok(Output { echo: s.to_owned() }),
        _ => Ok(Output { echo: String::new() }),
    }
}

fn contract() -> Contract {
    support::contract("patterns.spec.toml", SPEC)
}

/// What the host says of an input, in the order in which a guest does, as (exit code, JSON).
fn host(contract: &Contract, input: &[u8]) -> (i32, Value) {
    support::said(support::admitted(contract, input).and_then(|input| {
        let output = match (input["pick"].as_i64(), input["s"].as_str()) {
            (Some(19), Some(s)) if contract.check_exceptions(&input, Some("Shouted")).is_ok() => {
                assert!(s.bytes().all(|byte| byte.is_ascii_uppercase()));
                return Ok(json!({"exception": "Shouted"}));
            }
            (Some(20), Some(s)) => json!({ "echo": s }),
            _ => json!({ "echo": "" }),
        };
        support::kept(contract, &input, output)
    }))
}

/// Texts that patterns tell apart.
fn text() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "a",
        "b",
        "ab",
        "one",
        "ONE",
        "A",
        "Z",
        "é",
        "😀",
        "\u{17f}",
        "\u{212a}ilo",
        "STRA",
        "ße",
        "straße",
        "\n",
        " ",
        "1",
        "27",
        "-",
        "_",
        ".",
        "@",
        "!",
        "x.y",
        "\u{10ffff}",
        "e",
    ]);
    prop_oneof![
        6 => prop::collection::vec(part, 0..6).prop_map(|parts| parts.concat()),
        1 => "a{1,2}b?",
        1 => "[0-9]{1,5}-[0-9]{0,2}",
        1 => "[à-ÿ😀-😂]{1,3}",
        1 => "b?\n?b\n?",
        1 => r"[a-z.+]{1,3}@[a-z]{1,3}(\.[a-z]{1,2}){0,2}",
        1 => any::<String>(),
    ]
}

fn input() -> impl Strategy<Value = Value> {
    let code = prop_oneof![3 => "[A-Z]{2}[0-9]{0,4}", 1 => "[A-Za-z]{1,3}[0-9]?", 1 => text()];
    let words = prop::collection::vec(prop_oneof!["[a-z]{0,3}", "o[a-z]?e", text()], 0..3);
    let kind = prop::sample::select(vec!["one", "two", "three"]);
    (0..22i64, text(), words, code, kind)
        .prop_map(|(pick, s, words, code, kind)| json!({"pick": pick, "s": s, "words": words, "code": code, "kind": kind}))
}

/// spec: LANG-90, LANG-94, SCHEMA-60
#[test]
fn guest_and_host_agree_on_patterns() {
    let contract = contract();
    // By rule: how often it held and how often not.
    let seen: RefCell<BTreeMap<i64, [u32; 2]>> = RefCell::default();
    let rejected = RefCell::new(0);
    let noted = support::runner(30_000).run(&input(), |input| {
        let text = input.to_string();
        let guest = run::<__traverse::Contract>(text.as_bytes());
        let said: Value = serde_json::from_slice(&guest.stdout).unwrap();
        if said["outcome"] == "exception" {
            prop_assert!(contract.check_exceptions(&input, Some("Shouted")).is_ok(), "{}", text);
        } else {
            let (exit_code, expected) = host(&contract, text.as_bytes());
            prop_assert_eq!((guest.exit_code, &said), (exit_code, &expected), "{}", text);
        }
        match input["pick"].as_i64() {
            _ if said["outcome"] == "rejected" => *rejected.borrow_mut() += 1,
            Some(pick) => seen.borrow_mut().entry(pick).or_default()[usize::from(guest.exit_code != 0)] += 1,
            None => {}
        }
        Ok(())
    });
    noted.unwrap();
    let seen = seen.into_inner();
    for rule in 0..=20 {
        assert!(seen[&rule].iter().all(|count| *count > 0), "rule {rule} came to one verdict only: {seen:?}");
    }
    assert!(rejected.into_inner() > 1000);
}

/// spec: SCHEMA-61
#[test]
fn what_does_not_match_is_told_alike() {
    let contract = contract();
    let input = json!({"pick": 0, "s": "a", "words": ["a b"], "code": "AB", "kind": "one"}).to_string();
    let guest = run::<__traverse::Contract>(input.as_bytes());
    let said: Value = serde_json::from_slice(&guest.stdout).unwrap();
    assert_eq!((guest.exit_code, said), host(&contract, input.as_bytes()));
    let told = String::from_utf8(guest.stdout).unwrap();
    assert!(told.contains(r#"must match `^\\S*$`"#) && told.contains("/words/0"), "{told}");
}
