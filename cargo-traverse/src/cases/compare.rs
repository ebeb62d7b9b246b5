//! Holds an expectation against an outcome: by value, numbers by their mathematical value (spec `CLI-23`).

use serde_json::{Map, Number, Value};

/// The part of an outcome's document that an expectation speaks of: its own keys, and of `clause` its own keys.
/// Where the outcomes differ in kind, the whole document, so that a person sees what happened instead.
pub(crate) fn part_expected(expect: &Value, outcome: &Value) -> Value {
    if expect.get("outcome") != outcome.get("outcome") {
        return outcome.clone();
    }
    match (expect, outcome) {
        (Value::Object(expect), Value::Object(outcome)) => Value::Object(restricted(expect, outcome)),
        _ => outcome.clone(),
    }
}

fn restricted(expect: &Map<String, Value>, outcome: &Map<String, Value>) -> Map<String, Value> {
    let mut part = Map::new();
    for (key, wanted) in expect {
        let Some(found) = outcome.get(key) else { continue };
        let found = match (key.as_str(), wanted, found) {
            ("clause", Value::Object(wanted), Value::Object(found)) => {
                Value::Object(restricted(wanted, found))
            }
            _ => found.clone(),
        };
        part.insert(key.clone(), found);
    }
    part
}

/// Whether two values are the same: the order of an object's keys is nothing, `1`, `1.0` and `1e0` are one number.
pub(crate) fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => same_number(left, right),
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(key, value)| right.get(key).is_some_and(|other| same(value, other)))
        }
        (left, right) => left == right,
    }
}

/// Exact: an integer beyond 2^53 never equals the double beside it.
fn same_number(left: &Number, right: &Number) -> bool {
    match (integer(left), integer(right)) {
        (Some(left), Some(right)) => left == right,
        (None, None) => left.as_f64() == right.as_f64(),
        _ => false,
    }
}

/// The number as an integer, if it is one. Doubles beyond 2^127 are left as they are; no integer of JSON reaches them.
fn integer(number: &Number) -> Option<i128> {
    if let Some(value) = number.as_i64() {
        return Some(i128::from(value));
    }
    if let Some(value) = number.as_u64() {
        return Some(i128::from(value));
    }
    let value = number.as_f64()?;
    (value.fract() == 0.0 && value.abs() < 2f64.powi(126)).then_some(value as i128)
}

/// One spelling of a value for people to compare: keys sorted, integral numbers without a fraction.
pub(crate) fn spelled(value: &Value) -> Value {
    match value {
        Value::Number(number) => match integer(number).map(i64::try_from) {
            Some(Ok(whole)) => Value::from(whole),
            _ => value.clone(),
        },
        Value::Array(items) => Value::Array(items.iter().map(spelled).collect()),
        Value::Object(fields) => {
            let mut sorted: Vec<(&String, &Value)> = fields.iter().collect();
            sorted.sort_by_key(|(key, _)| *key);
            Value::Object(sorted.into_iter().map(|(key, value)| (key.clone(), spelled(value))).collect())
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn parsed(text: &str) -> Value {
        serde_json::from_str(text).expect("JSON")
    }

    // spec: CLI-23
    #[test]
    fn numbers_are_compared_by_value() {
        assert!(same(&parsed("1"), &parsed("1.0")));
        assert!(same(&parsed("[1000]"), &parsed("[1e3]")));
        assert!(same(&parsed("-0.0"), &parsed("0")));
        assert!(same(&parsed("18446744073709551615"), &parsed("18446744073709551615")));
        assert!(!same(&parsed("9007199254740993"), &parsed("9007199254740992.0")));
        assert!(!same(&parsed("1"), &parsed("1.5")));
        assert!(!same(&parsed("1"), &parsed("true")));
        assert!(same(&parsed("1e300"), &parsed("10e299")));
    }

    // spec: CLI-23
    #[test]
    fn key_order_is_nothing_and_every_key_counts() {
        assert!(same(&json!({"a": 1, "b": [2]}), &parsed(r#"{"b":[2.0],"a":1}"#)));
        assert!(!same(&json!({"a": 1}), &json!({"a": 1, "b": null})));
        assert!(!same(&json!({"a": 1, "c": 2}), &json!({"a": 1, "b": 2})));
    }

    // spec: CLI-22
    #[test]
    fn an_expectation_restricts_what_is_compared() {
        let outcome = json!({
            "outcome": "violation",
            "clause": {"kind": "precondition", "index": 1, "rule": "a > 0"},
            "observed": {"a": -1}, "message": "no", "found_by": "host",
        });
        let expect = json!({"outcome": "violation", "clause": {"kind": "precondition", "index": 1}});
        assert!(same(&part_expected(&expect, &outcome), &expect));
        let other = json!({"outcome": "violation", "clause": {"kind": "precondition", "id": "x"}});
        assert!(!same(&part_expected(&other, &outcome), &other));
        let result = json!({"outcome": "result", "result": {"a": 1}});
        assert_eq!(part_expected(&result, &outcome), outcome);
    }
}
