//! Guest and host agree: the clauses that the macro compiled to Rust, and the same clauses evaluated on JSON, say the
//! same of every input, in the same words.

#![allow(clippy::result_large_err)]

mod support;

use proptest::prelude::*;
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::BTreeMap;
use support::runner;
use traverse_contract::Contract;
use traverse_contract::lang::eval::told;
use traverse_contract::outcome::{Exception as Raised, Outcome};
use traverse_sdk::__private::run;
use traverse_sdk::prelude::*;

const SPEC: &str = include_str!("specs/expressions.spec.toml");
/// Rules in the spec.
const RULES: i64 = 123;
/// Rules with messages that insert values, and the exception with one.
const MESSAGES: i64 = 7;

#[capability(spec = "tests/specs/expressions.spec.toml")]
fn echo(pick: i64) -> Result<Output, Exception> {
    if pick == -1 { Err(Exception::Picked) } else { Ok(Output { echo: pick }) }
}

fn contract() -> Contract {
    support::contract("expressions.spec.toml", SPEC)
}

/// What the host says of an input, in the order in which a guest does, as (exit code, JSON).
fn host(contract: &Contract, input: &[u8]) -> (i32, Value) {
    support::said(support::admitted(contract, input).and_then(|input| {
        if integral(&input["pick"]) == -1 {
            let message = contract.exceptions[0].message.as_ref().unwrap();
            let message = Some(told(message, contract.scope(&input, None)));
            return Err(Outcome::Exception(Raised { name: "Picked".into(), message, details: None }));
        }
        support::kept(contract, &input, json!({ "echo": integral(&input["pick"]) }))
    }))
}

/// An integer however written.
fn integral(value: &Value) -> i64 {
    value.as_i64().or_else(|| value.as_f64().map(|double| double as i64)).unwrap()
}

fn integer() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => (-3i64..6).prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => prop::sample::select(vec![i64::MAX, i64::MIN, 1 << 53, (1 << 53) + 1]).prop_map(Value::from),
        // Integers however written.
        1 => (-3i32..6).prop_map(|value| Value::from(f64::from(value))),
    ]
}

fn number() -> impl Strategy<Value = Value> {
    prop_oneof![
        2 => integer(),
        3 => prop::sample::select(vec![0.1, -0.0, 0.5, 2.5, 1e300, 5e-324, 9_007_199_254_740_992.0, 9.3e18])
            .prop_map(Value::from),
        1 => any::<f64>().prop_filter("JSON", |value| value.is_finite()).prop_map(Value::from),
    ]
}

fn text() -> impl Strategy<Value = Value> {
    prop_oneof![
        8 => prop::sample::select(vec!["", "a", "b", "ab", "é", "😀", "x", "one"]).prop_map(Value::from),
        // Texts that say something else, and nearly do.
        2 => prop::sample::select(vec!["1", "-2", "+2.5", "1e3", "1e", "true", "0"]).prop_map(Value::from),
        1 => any::<String>().prop_map(Value::from),
    ]
}

fn kind() -> impl Strategy<Value = Value> {
    prop::sample::select(vec!["one", "two", "three"]).prop_map(Value::from)
}

fn list(item: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    prop::collection::vec(item, 0..4).prop_map(Value::from)
}

fn row() -> impl Strategy<Value = Value> {
    (integer(), text(), list(text())).prop_map(|(n, name, tags)| json!({"n": n, "name": name, "tags": tags}))
}

fn deep() -> impl Strategy<Value = Value> {
    (number(), prop::option::of(text()), prop::option::of(any::<bool>())).prop_map(|(value, note, flag)| {
        let mut deep = json!({"level": {"value": value}, "unknown": [1]});
        if let Some(note) = note {
            deep["level"]["note"] = note;
        }
        if let Some(flag) = flag {
            deep["extra"] = json!({"flag": flag});
        }
        deep
    })
}

fn input() -> impl Strategy<Value = Value> {
    let numbers = (integer(), integer(), number(), number(), prop::option::of(integer()));
    let texts = (text(), text(), list(text()), list(number()));
    let others = (any::<bool>(), any::<bool>(), kind(), list(kind()), list(row()), deep());
    (-MESSAGES..=RULES, numbers, texts, others).prop_map(|(pick, numbers, texts, others)| {
        let ((a, b, x, y, opt), (s, t, words, xs), (p, q, kind, kinds, rows, deep)) = (numbers, texts, others);
        let mut input = json!({
            "pick": pick, "a": a, "b": b, "x": x, "y": y, "s": s, "t": t, "words": words, "xs": xs, "p": p, "q": q,
            "kind": kind, "kinds": kinds, "rows": rows, "deep": deep,
        });
        if let Some(opt) = opt {
            input["opt"] = opt;
        }
        input
    })
}

/// An input in which one value is something else, or missing.
fn broken() -> impl Strategy<Value = Value> {
    let other = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        number(),
        text(),
        list(number()),
        deep(),
        list(row()),
    ];
    (input(), any::<prop::sample::Index>(), prop::option::of(other)).prop_map(|(mut input, at, other)| {
        let names: Vec<String> = input.as_object().unwrap().keys().cloned().collect();
        let name = at.get(&names);
        match other {
            Some(other) => input[name] = other,
            None => drop(input.as_object_mut().unwrap().remove(name)),
        }
        input
    })
}

/// Guest and host on one input; what they say.
fn agree(contract: &Contract, input: &Value) -> Result<Value, TestCaseError> {
    let text = input.to_string();
    let guest = run::<__traverse::Contract>(text.as_bytes());
    let said: Value = serde_json::from_slice(&guest.stdout).unwrap();
    let (exit_code, expected) = host(contract, text.as_bytes());
    prop_assert_eq!((guest.exit_code, &said), (exit_code, &expected), "{}", text);
    Ok(said)
}

/// spec: LANG-40, IO-10, IO-11
#[test]
fn guest_and_host_agree() {
    let contract = contract();
    assert_eq!(contract.clauses.len() as i64, RULES + MESSAGES + 2);
    // By rule: how often it held, did not hold, could not be evaluated.
    let seen: RefCell<BTreeMap<i64, [u32; 3]>> = RefCell::default();
    let noted = runner(60_000).run(&input(), |input| {
        let said = agree(&contract, &input)?;
        let verdict = match said["message"].as_str() {
            None => 0,
            Some(message) if message.contains("cannot be evaluated") => 2,
            Some(_) => 1,
        };
        seen.borrow_mut().entry(integral(&input["pick"])).or_default()[verdict] += 1;
        Ok(())
    });
    noted.unwrap();
    let mut told = seen.into_inner();
    let seen = told.split_off(&0);
    for (pick, [_, broken, _]) in &told {
        assert!(*broken > 100, "message {pick} was hardly told");
    }
    for rule in 0..RULES {
        assert!(seen[&rule].iter().sum::<u32>() > 100, "rule {rule} was hardly met");
    }
    // A few rules come to a verdict rarely, so the draw of a run may leave them out.
    for (verdict, at_least) in [(0, RULES - 6), (1, RULES - 18), (2, 15)] {
        let rules = seen.values().filter(|counts| counts[verdict] > 0).count() as i64;
        assert!(rules >= at_least, "only {rules} rules came to verdict {verdict}: {seen:?}");
    }
    runner(5_000).run(&broken(), |input| agree(&contract, &input).map(drop)).unwrap();
}

/// spec: LANG-60
#[test]
fn a_double_is_written_as_the_host_writes_it() {
    let written = runner(20_000).run(&any::<f64>(), |value| {
        let text = traverse_sdk::__private::convert::double_text(value);
        if value.is_finite() && value != 0.0 {
            let digits = |text: &str| {
                let mantissa = text.split('e').next().unwrap().replace(['-', '.'], "");
                mantissa.trim_matches('0').to_owned()
            };
            // As the standard library has them; canonical JSON takes the even one of two equally near.
            prop_assert_eq!(digits(&text), digits(&format!("{value:e}")));
            let canonical = traverse_contract::canonical::canonical(&json!(value));
            prop_assert!(text == canonical || digits(&text) != digits(&canonical), "{} {}", text, canonical);
            prop_assert_eq!(traverse_sdk::__private::convert::double_in(&text), Ok(value));
        }
        Ok(())
    });
    written.unwrap();
}
