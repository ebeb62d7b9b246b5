//! Types that contain themselves: guest and host agree on documents, rules and results.

#![allow(clippy::result_large_err)]

mod support;

use proptest::prelude::*;
use serde_json::{Value, json};
use traverse_contract::Contract;
use traverse_sdk::__private::run;
use traverse_sdk::prelude::*;

const SPEC: &str = include_str!("specs/recursive.spec.toml");

#[capability(spec = "tests/specs/recursive.spec.toml")]
fn recursive(node: Node, rows: Option<&[RowsItem]>) -> Result<Output, Exception> {
    if node.children.as_ref().is_some_and(|children| children.len() == 2) {
        return Err(Exception::Deep { at: node.left.map(|left| *left) });
    }
    let _: Option<&RowsItem> = rows.and_then(|rows| rows.first());
    let leaf = Node { value: 1, left: None, right: None, children: None };
    if node.value == 77 {
        return Ok(
            (0..1000).fold(leaf.clone(), |below, _| Node { left: Some(Box::new(below)), ..leaf.clone() })
        );
    }
    let left: Option<Box<Node>> = node.left;
    Ok(Node { left: None, value: node.value, right: left, children: None })
}

fn contract() -> Contract {
    support::contract("recursive.spec.toml", SPEC)
}

/// What the host says before the function, as (exit code, JSON); nothing if the function is to be called.
fn host(contract: &Contract, input: &[u8]) -> Option<(i32, Value)> {
    support::admitted(contract, input).err().map(|outcome| support::said(Err(outcome)))
}

fn node() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![-1i64..70, 90i64..102].prop_map(|value| json!({ "value": value }));
    leaf.prop_recursive(5, 24, 3, |inner| {
        let value =
            prop_oneof![8 => (0i64..12).prop_map(Value::from), 1 => Just(json!(95)), 1 => Just(json!("x"))];
        let child = || prop::option::of(inner.clone());
        let children = prop::option::of(prop::collection::vec(inner.clone(), 0..3));
        (value, child(), child(), children).prop_map(|(value, left, right, children)| {
            let mut node = json!({ "value": value });
            for (name, value) in [("left", left), ("right", right), ("children", children.map(Value::from))] {
                if let Some(value) = value {
                    node[name] = value;
                }
            }
            node
        })
    })
}

fn rows() -> impl Strategy<Value = Value> {
    Just(json!([])).prop_recursive(3, 8, 3, |inner| {
        let row = (0i64..3, prop::option::of(inner)).prop_map(|(n, rows)| match rows {
            Some(rows) => json!({ "n": n, "rows": rows }),
            None => json!({ "n": n }),
        });
        prop::collection::vec(row, 0..4).prop_map(Value::from)
    })
}

fn input() -> impl Strategy<Value = Value> {
    let chains = vec![
        json!({}),
        json!({"link": {}}),
        json!({"link": {"next": {}, "name": ""}}),
        json!({"link": {"next": {"link": {"next": {}}}}}),
    ];
    let evens = vec![
        json!({}),
        json!({"odd": {}}),
        json!({"odd": {"even": {}}}),
        json!({"odd": {"even": {"odd": {"even": {}}}}}),
    ];
    let some = |values: Vec<Value>| prop::option::weighted(0.2, prop::sample::select(values));
    (node(), prop::option::of(rows()), some(chains), some(evens)).prop_map(|(node, rows, chain, even)| {
        let mut input = json!({ "node": node });
        for (name, value) in [("rows", rows), ("chain", chain), ("even", even)] {
            if let Some(value) = value {
                input[name] = value;
            }
        }
        input
    })
}

/// spec: SCHEMA-14, SCHEMA-35, IO-10
#[test]
fn guest_and_host_agree_on_types_that_contain_themselves() {
    let contract = contract();
    let seen = std::cell::RefCell::new(std::collections::BTreeMap::<i32, u32>::new());
    let agreed = support::runner(20_000).run(&input(), |input| {
        let text = input.to_string();
        let guest = run::<__traverse::Contract>(text.as_bytes());
        let said: Value = serde_json::from_slice(&guest.stdout).unwrap();
        *seen.borrow_mut().entry(guest.exit_code).or_default() += 1;
        match host(&contract, text.as_bytes()) {
            Some(expected) => prop_assert_eq!((guest.exit_code, said), expected, "{}", text),
            None => prop_assert!([0, 10].contains(&guest.exit_code), "{} {}", text, said),
        }
        Ok(())
    });
    agreed.unwrap();
    let seen = seen.into_inner();
    assert!([0, 10, 20, 21].iter().all(|code| seen.get(code).is_some_and(|count| *count > 50)), "{seen:?}");
}

/// spec: SCHEMA-35, IO-9
#[test]
fn documents_nest_as_deep_as_json_may() {
    let nested = |depth: usize| {
        let mut node = String::from(r#"{"value":1}"#);
        for _ in 1..depth {
            node = format!(r#"{{"value":1,"left":{node}}}"#);
        }
        run::<__traverse::Contract>(format!(r#"{{"node":{node}}}"#).as_bytes())
    };
    assert_eq!(nested(99).exit_code, 0);
    let refused = nested(100);
    assert_eq!(refused.exit_code, 20);
    assert!(String::from_utf8(refused.stdout).unwrap().contains("nested deeper than 100 levels"));

    // A report that shows a value as deep as that is read, too.
    let text = (1..98).fold(r#"{"value":1}"#.to_owned(), |node, _| format!(r#"{{"value":1,"left":{node}}}"#));
    let broken =
        run::<__traverse::Contract>(format!(r#"{{"node":{{"value":95,"left":{text}}}}}"#).as_bytes());
    assert_eq!(broken.exit_code, 21);
    assert!(traverse_contract::json::parse_outcome(&broken.stdout).is_ok());
}

/// spec: IO-15
#[test]
#[should_panic(expected = "the result is nested deeper than 100 levels, which no reader takes")]
fn a_result_that_is_too_deep_is_a_panic() {
    run::<__traverse::Contract>(br#"{"node":{"value":77}}"#);
}
