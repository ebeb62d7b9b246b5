//! A written schema with every kind of type, exceptions with conditions and details, clauses that can fail.

use std::cell::RefCell;
use std::panic::{self, UnwindSafe};
use std::sync::Once;
use traverse_sdk::__private::{Reply, run, write_result};
use traverse_sdk::prelude::*;

#[capability(spec = "tests/specs/order.spec.toml")]
fn order_check(
    order_id: &str,
    type_: Type,
    lines: &[Line],
    discount: Option<f64>,
    tags: Option<&[String]>,
    customer: Customer,
) -> Result<Output, Exception> {
    let total: f64 = lines.iter().map(|line| line.quantity as f64 * line.price).sum();
    let count = lines.len() as u16;
    let output =
        Output { total: total * (1.0 - discount.unwrap_or(0.0)), count, currency: Currency::Eur, note: None };
    match order_id {
        "unavailable" => return Err(Exception::Unavailable),
        "too-many" => return Err(Exception::TooMany { found: lines[0].quantity as i64, type_: None }),
        "wrong-count" => return Ok(Output { count: count + 1, ..output }),
        "large-count" => return Ok(Output { count: 1001, ..output }),
        "long-note" => return Ok(Output { note: Some("more than ten".into()), ..output }),
        "empty-note" => return Ok(Output { note: Some(String::new()), ..output }),
        "dollars" => return Ok(Output { currency: Currency::Usd, ..output }),
        "nan" => return Ok(Output { total: f64::NAN, ..output }),
        _ => {}
    }
    if lines[0].quantity > 100 {
        if order_id == "silent" {
            return Ok(output);
        }
        return Err(Exception::TooMany { found: lines[0].quantity as i64, type_: Some(type_.to_string()) });
    }
    let express = customer.option.and_then(|option| option.express).unwrap_or(false);
    let note = if express { Some("express".into()) } else { tags.and_then(|tags| tags.first().cloned()) };
    Ok(Output { note, ..output })
}

#[invariant("a web order is in euros", spec = "tests/specs/order.spec.toml")]
fn web_in_euros(type_: Type, note: Option<&str>, tags: &Option<Vec<String>>, output: &Output) -> bool {
    let _ = (note, tags);
    type_ == Type::InStore || output.currency == "EUR"
}

fn call(stdin: &str) -> (i32, String) {
    let Reply { exit_code, stdout } = run::<__traverse::Contract>(stdin.as_bytes());
    (exit_code, String::from_utf8(stdout).unwrap())
}

/// An order with `more` properties in front.
fn order(id: &str, more: &str, quantity: &str) -> (i32, String) {
    call(&format!(
        r#"{{{more}"orderId":"{id}","type":"web","customer":{{"name":"Ann"}},"lines":[{{"sku":"abc","quantity":{quantity},"price":2.5}}]}}"#
    ))
}

fn rejected(at: &str, message: &str) -> (i32, String) {
    (20, format!(r#"{{"outcome":"rejected","at":"{at}","message":"{message}"}}"#))
}

/// spec: IO-8, IO-16
#[test]
fn results_are_written_by_the_schema() {
    let expected = r#"{"total":5.0,"count":1,"currency":"EUR"}"#;
    assert_eq!(order("a", "", "2"), (0, expected.into()));
    // An integer is one however it is written.
    assert_eq!(order("a", "", "2.0"), (0, expected.into()));
    assert_eq!(order("a", "", "0.2e1"), (0, expected.into()));
    let expected = r#"{"total":2.5,"count":1,"currency":"EUR","note":"gift"}"#;
    assert_eq!(order("a", r#""tags":["gift"],"discount":0.5,"#, "2"), (0, expected.into()));
}

/// spec: IO-10
#[test]
fn values_are_held_to_the_schema() {
    assert_eq!(order("", "", "1"), rejected("/orderId", "must have at least 1 characters"));
    assert_eq!(order("a", "", "0"), rejected("/lines/0/quantity", "must be at least 1"));
    assert_eq!(
        order("a", "", "1.5"),
        rejected("/lines/0/quantity", "expected an integer, found a number with a fraction")
    );
    assert_eq!(order("a", "", "1e300"), rejected("/lines/0/quantity", "integer out of range"));
    assert_eq!(order("a", "", "null"), rejected("/lines/0/quantity", "expected an integer, found null"));
    assert_eq!(order("a", r#""discount":1,"#, "1"), rejected("/discount", "must be less than 1"));
    assert_eq!(order("a", r#""discount":-1e-9,"#, "1"), rejected("/discount", "must be at least 0"));
    assert_eq!(order("a", r#""note":null,"#, "1"), rejected("/note", "expected a string, found null"));
    assert_eq!(order("a", r#""tags":["","","",""],"#, "1"), rejected("/tags", "must have at most 3 items"));
    assert_eq!(
        order("a", r#""tags":["",true],"#, "1"),
        rejected("/tags/1", "expected a string, found a boolean")
    );
    let customer =
        |customer: &str| call(&format!(r#"{{"customer":{customer},"type":"web","orderId":"a","lines":[]}}"#));
    assert_eq!(customer(r#"{"name":"Ann","a/b":1}"#), rejected("/customer/a~1b", "unknown property"));
    assert_eq!(customer(r#"{}"#), rejected("/customer", "required property `name` is missing"));
    assert_eq!(customer(r#"{"name":"Ann"}"#), rejected("/lines", "must have at least 1 items"));
    assert_eq!(call(r#"{"type":"mail"}"#), rejected("/type", r#"must be one of \"web\", \"in-store\""#));
    assert_eq!(call(r#"{"type":1}"#), rejected("/type", "expected a string, found a number"));
}

/// spec: IO-11
#[test]
fn a_clause_with_a_message_and_an_id() {
    let (code, stdout) = call(
        r#"{"orderId":"a","type":"web","customer":{"name":"Ann"},"lines":[{"sku":"abc","quantity":1,"price":-1}]}"#,
    );
    assert_eq!(code, 21);
    assert_eq!(
        stdout,
        concat!(
            r#"{"outcome":"violation","clause":{"kind":"precondition","index":0,"id":"priced","rule":"lines[0].price >= 0"},"#,
            r#""observed":{"lines":[{"sku":"abc","quantity":1,"price":-1.0}]},"message":"a price must not be negative","found_by":"guest"}"#,
        )
    );
    assert_eq!(order("a", r#""discount":0.95,"#, "10").0, 21);
    assert_eq!(order("a", r#""discount":0.95,"#, "11").0, 0);
    assert_eq!(order("xa", "", "1").0, 21);
}

/// spec: IO-12
#[test]
fn the_result_is_held_to_its_schema_and_clauses() {
    let (code, stdout) = order("large-count", "", "1");
    assert_eq!(code, 22);
    assert_eq!(
        stdout,
        concat!(
            r#"{"outcome":"violation","clause":{"kind":"output-schema","index":0,"rule":"/count must be at most 1000"},"#,
            r#""observed":{"result":1001},"message":"the result does not fit the output schema at `/count`: must be at most 1000","#,
            r#""found_by":"guest"}"#,
        )
    );
    let (code, stdout) = order("long-note", "", "1");
    assert_eq!(code, 22);
    assert!(stdout.contains(r#""rule":"/note must have at most 10 characters""#), "{stdout}");
    let (code, stdout) = order("wrong-count", "", "1");
    assert_eq!(code, 22);
    assert!(stdout.contains(r#""kind":"postcondition","index":0"#), "{stdout}");
    let (code, stdout) = order("empty-note", "", "1");
    assert_eq!(code, 22);
    assert!(
        stdout.contains(r#""index":1"#) && stdout.contains(r#""observed":{"result.note":""}"#),
        "{stdout}"
    );
    let (code, stdout) = order("dollars", "", "1");
    assert_eq!(code, 23);
    assert!(stdout.contains("`a web order is in euros` does not hold"), "{stdout}");
}

/// spec: IO-13
#[test]
fn exceptions_carry_message_and_details() {
    let expected = concat!(
        r#"{"outcome":"exception","name":"TooMany","message":"at most 100 of one thing","#,
        r#""details":{"found":101,"type":"web"}}"#,
    );
    assert_eq!(order("a", "", "101"), (10, expected.into()));
    assert_eq!(order("unavailable", "", "1"), (10, r#"{"outcome":"exception","name":"Unavailable"}"#.into()));
}

/// spec: IO-14
#[test]
fn conditions_decide_which_exceptions_are_raised() {
    let undeclared = |message: &str| (24, format!(r#"{{"outcome":"undeclared","message":"{message}"}}"#));
    assert_eq!(
        order("too-many", "", "1"),
        undeclared(
            "exception `TooMany` was raised, but its condition `lines[0].quantity > 100` does not hold"
        )
    );
    let must = undeclared("`lines[0].quantity > 100` holds, so exception `TooMany` must be raised");
    assert_eq!(order("silent", "", "101"), must);
    assert_eq!(order("unavailable", "", "101"), must);
}

/// spec: IO-11
#[test]
fn a_clause_that_cannot_be_evaluated_is_broken() {
    let message = |factor: &str| {
        let (code, stdout) = order("a", &format!(r#""factor":{factor},"#), "1");
        let (_, message) = stdout.split_once(r#"cannot be evaluated: "#).unwrap_or_default();
        (code, message.split('"').next().unwrap_or_default().to_owned())
    };
    assert_eq!(message("1"), (0, String::new()));
    assert_eq!(message("4611686018427387904"), (21, "integer overflow".into()));
    assert_eq!(message("-9223372036854775808"), (21, "integer overflow".into()));
    assert_eq!(message("2"), (21, "index 1 is out of range for a list of 1".into()));
    assert_eq!(message("0"), (21, "index -1 is out of range for a list of 1".into()));
    // What decides on one side absorbs the error on the other: 10 / -1 >= 0 is false.
    assert_eq!(message("-1"), (21, String::new()));
    let (_, stdout) = order("a", r#""factor":-1,"#, "1");
    assert!(stdout.contains("does not hold") && stdout.contains(r#""input.factor":-1"#), "{stdout}");
}

/// Where a call panics, and with what message.
fn panic_of(call: impl FnOnce() + UnwindSafe) -> (String, String) {
    thread_local!(static LAST: RefCell<Option<(String, String)>> = const { RefCell::new(None) });
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let others = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let place = info.location().map(|place| format!("{}:{}", place.file(), place.line()));
            let message = info.payload().downcast_ref::<String>().cloned().unwrap_or_default();
            LAST.set(Some((place.unwrap_or_default(), message)));
            others(info);
        }));
    });
    assert!(panic::catch_unwind(call).is_err());
    LAST.take().unwrap()
}

/// spec: IO-15
#[test]
fn a_result_that_is_no_json_is_a_panic_at_the_function() {
    let (place, message) = panic_of(|| drop(order("nan", "", "1")));
    assert_eq!(
        message,
        "the result's `total` is NaN, which JSON cannot hold: give it a finite number, or raise an exception"
    );
    let line =
        include_str!("order.rs").lines().position(|line| line.starts_with("fn order_check(")).unwrap() + 1;
    assert!(place.ends_with(&format!("tests/order.rs:{line}")), "{place}");

    let says = |message: String, start: &str| assert!(message.starts_with(start), "{message}");
    let line = |price| Line { sku: "abc".into(), quantity: 1, price };
    let lines = [vec![line(1.0)], vec![line(2.0), line(f64::NEG_INFINITY), line(f64::NAN)]];
    let (_, message) = panic_of(move || drop(write_result(&lines.to_vec())));
    says(message, "the result's `[1][1].price` is infinite, ");
    let (_, message) = panic_of(|| drop(write_result(&f64::NAN)));
    says(message, "the result is NaN, ");
}

/// spec: IO-15
#[test]
fn details_that_do_not_fit_are_a_panic_at_the_function() {
    assert_eq!(order("a", "", "1000").0, 10);
    let (place, message) = panic_of(|| drop(order("a", "", "1001")));
    assert_eq!(
        message,
        "the details of exception `TooMany` do not fit their schema at `/found`: must be at most 1000"
    );
    assert!(place.contains("tests/order.rs:"), "{place}");
}
