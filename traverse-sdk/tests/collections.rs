//! Guest and host agree on maps, and on lists and objects as wholes: the clauses that the macro compiled to Rust, and
//! the same clauses evaluated on JSON, say the same of every input, in the same words.

mod support;

use proptest::prelude::*;
use serde_json::{Value, json};
use std::cell::RefCell;
use traverse_contract::Contract;
use traverse_sdk::__private::run;
use traverse_sdk::prelude::*;

const SPEC: &str = include_str!("specs/collections.spec.toml");
/// Rules in the spec.
const RULES: i64 = 113;

#[capability(spec = "tests/specs/collections.spec.toml")]
fn echo(pick: i64, row: &Row, prices: &BTreeMap<String, f64>) -> Output {
    Output { echo: pick, row: row.clone(), prices: prices.clone() }
}

fn contract() -> Contract {
    support::contract("collections.spec.toml", SPEC)
}

/// What the host says of an input, in the order in which a guest does, as (exit code, JSON).
fn host(contract: &Contract, input: &[u8]) -> (i32, Value) {
    support::host(
        contract,
        input,
        |input| json!({ "echo": input["pick"], "row": known(&input["row"]), "prices": doubles(&input["prices"]) }),
    )
}

/// A row without what its schema does not name, as the function gives it back.
fn known(row: &Value) -> Value {
    let mut row = row.as_object().unwrap().clone();
    row.remove("unknown");
    row["n"] = json!(row["n"].as_f64().unwrap() as i64);
    if let Some(marks) = row.get_mut("marks") {
        *marks = doubles(marks);
    }
    row.into()
}

fn doubles(map: &Value) -> Value {
    let map: BTreeMap<_, _> = map.as_object().unwrap().iter().collect();
    map.into_iter()
        .map(|(key, value)| (key.clone(), json!(value.as_f64())))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn integer() -> impl Strategy<Value = Value> {
    prop_oneof![6 => (-1i64..4).prop_map(Value::from), 1 => Just(Value::from(i64::MAX))]
}

fn number() -> impl Strategy<Value = Value> {
    prop_oneof![
        2 => (-1i64..4).prop_map(Value::from),
        3 => prop::sample::select(vec![1.0, 1.5, 2.5, 0.0, -0.0]).prop_map(Value::from),
    ]
}

fn text() -> impl Strategy<Value = Value> {
    prop_oneof![
        9 => prop::sample::select(vec!["a", "b", "aa", "one", "", "é"]).prop_map(Value::from),
        1 => any::<String>().prop_map(Value::from),
    ]
}

fn kind() -> impl Strategy<Value = Value> {
    prop::sample::select(vec!["one", "two", "three"]).prop_map(Value::from)
}

fn list(item: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    prop::collection::vec(item, 0..3).prop_map(Value::from)
}

fn map(value: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    // In whatever order: the document's is none.
    prop::collection::vec((text(), value), 0..4).prop_map(|entries| {
        let entries = entries.into_iter().map(|(key, value)| (key.as_str().unwrap().to_owned(), value));
        Value::Object(entries.collect())
    })
}

fn row() -> impl Strategy<Value = Value> {
    let name = prop::sample::select(vec!["a", "b"]);
    let marks = prop::option::of(map(number()));
    (0i64..3, name, list(text()), prop::option::of(text()), marks, any::<bool>()).prop_map(
        |(n, name, tags, note, marks, unknown)| {
            let mut row = json!({"n": n, "name": name, "tags": tags});
            if let Some(marks) = marks {
                row["marks"] = marks;
            }
            if let Some(note) = note {
                row["note"] = note;
            }
            if unknown {
                row["unknown"] = json!(n);
            }
            row
        },
    )
}

/// A row that is often the same.
fn plain_row() -> impl Strategy<Value = Value> {
    prop_oneof![
        1 => Just(json!({"n": 1, "name": "a", "tags": ["a"]})),
        1 => Just(json!({"n": 1.0, "name": "a", "tags": ["a"], "unknown": 7})),
        2 => row(),
    ]
}

/// A value that makes some rule hold now and then.
fn or(value: Value, other: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    prop_oneof![1 => Just(value), 3 => other]
}

fn input() -> impl Strategy<Value = Value> {
    let scalars = (integer(), number(), text(), kind(), any::<bool>());
    let lists = (
        or(json!(["a", "b"]), list(text())),
        or(json!([1, 2.5]), list(number())),
        or(json!([1, 2]), list(integer())),
        list(kind()),
        or(json!([[1], [2]]), list(list(integer()))),
        list(plain_row()),
        plain_row(),
    );
    let maps = (
        or(json!({"b": 2.0, "a": 1}), map(number())),
        or(json!({"b": 2, "a": 3.0}), map(integer())),
        or(json!({"a": "a"}), map(text())),
        or(json!({"b": ["a", "b"], "a": ["a"]}), map(list(text()))),
        map(plain_row()),
        or(json!({"b": "one", "a": "one"}), map(kind())),
        prop::option::of(or(json!({"b": {"a": 1}, "a": {"b": 1}}), map(map(integer())))),
    );
    (0..=RULES, scalars, lists, maps).prop_map(|(pick, scalars, lists, maps)| {
        let (a, x, s, kind, p) = scalars;
        let (words, xs, ns, kinds, grid, rows, row) = lists;
        let (prices, stock, labels, groups, points, levels, extra) = maps;
        let mut input = json!({
            "pick": pick, "a": a, "x": x, "s": s, "kind": kind, "p": p, "words": words, "xs": xs, "ns": ns,
            "kinds": kinds, "grid": grid, "rows": rows, "row": row, "prices": prices, "stock": stock,
            "labels": labels, "groups": groups, "points": points, "levels": levels,
        });
        if let Some(extra) = extra {
            input["extra"] = extra;
        }
        input
    })
}

/// spec: LANG-70, LANG-71, LANG-72, LANG-73, LANG-74, LANG-75, SCHEMA-50
#[test]
fn guest_and_host_agree() {
    let contract = contract();
    assert_eq!(contract.clauses.len() as i64, RULES + 5);
    // By rule: how often it held, did not hold, could not be evaluated.
    let seen = RefCell::new(vec![[0; 3]; RULES as usize + 1]);
    let ran = support::runner(40_000).run(&input(), |input| {
        let text = input.to_string();
        let guest = run::<__traverse::Contract>(text.as_bytes());
        let said: Value = serde_json::from_slice(&guest.stdout).unwrap();
        let (exit_code, expected) = host(&contract, text.as_bytes());
        prop_assert_eq!((guest.exit_code, said.to_string()), (exit_code, expected.to_string()), "{}", text);
        let verdict = match said["message"].as_str() {
            None => 0,
            Some(message) if message.contains("cannot be evaluated") => 2,
            Some(_) => 1,
        };
        if said.get("at").is_none() {
            seen.borrow_mut()[input["pick"].as_i64().unwrap() as usize][verdict] += 1;
        }
        Ok(())
    });
    ran.unwrap();
    let seen = seen.into_inner();
    for (rule, counts) in seen.iter().enumerate() {
        assert!(counts.iter().sum::<u32>() > 50, "rule {rule} was hardly met: {counts:?}");
    }
    for (verdict, at_least) in [(0, 102), (1, 104), (2, 42)] {
        let missing: Vec<usize> = (0..seen.len()).filter(|&rule| seen[rule][verdict] == 0).collect();
        assert!(seen.len() - missing.len() >= at_least, "verdict {verdict} is missing of {missing:?}");
    }
}
