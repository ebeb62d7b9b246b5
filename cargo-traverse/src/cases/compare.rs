//! Holds an expectation against an outcome: by value, numbers by their mathematical value (spec TEST-5 to TEST-7).

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

/// How an expectation is held against an outcome.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Comparison {
    /// Of objects only what is expected is compared.
    pub(crate) subset: bool,
    /// JSON pointers into the outcome's document, `*` for any step, that are not compared.
    pub(crate) ignore: Vec<String>,
    /// How far two numbers may lie apart.
    pub(crate) tolerance: Tolerance,
}

/// How far two numbers may lie apart: by one or the other.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Tolerance {
    /// The difference.
    pub(crate) absolute: f64,
    /// The difference as a part of the greater.
    pub(crate) relative: f64,
}

impl Tolerance {
    fn admits(self, one: &Number, other: &Number) -> bool {
        if self == Tolerance::default() {
            return false;
        }
        if let (Some(one), Some(other)) = (integer(one), integer(other)) {
            let apart = one.abs_diff(other) as f64;
            let greater = one.unsigned_abs().max(other.unsigned_abs()) as f64;
            return apart <= self.absolute || apart <= self.relative * greater;
        }
        let (Some(one), Some(other)) = (one.as_f64(), other.as_f64()) else { return false };
        // 18.82 and 18.81 lie no further apart than 0.01, however they are held.
        let apart = (one - other).abs() - 4.0 * f64::EPSILON * one.abs().max(other.abs());
        apart <= self.absolute || apart <= self.relative * one.abs().max(other.abs())
    }
}

impl Comparison {
    /// What is to be compared of both: what is ignored is taken from either, what was not expected from what was found, and
    /// a number within the tolerance is the expected one.
    pub(crate) fn compared(&self, expect: &Value, found: &Value) -> (Value, Value) {
        self.at(expect, found, &mut Vec::new())
    }

    /// What is expected from now on: what was found, in what is compared; all else as it was expected.
    pub(crate) fn accepted(&self, expect: &Value, found: &Value, path: &mut Vec<String>) -> Value {
        match (expect, found) {
            (Value::Object(expect), Value::Object(found)) => {
                let mut accepted = Map::new();
                for (key, value) in expect {
                    path.push(key.clone());
                    match found.get(key) {
                        _ if self.ignores(path) => {
                            accepted.insert(key.clone(), value.clone());
                        }
                        Some(found) => {
                            accepted.insert(key.clone(), self.accepted(value, found, path));
                        }
                        None => {}
                    }
                    path.pop();
                }
                for (key, value) in found.iter().filter(|(key, _)| !expect.contains_key(*key)) {
                    path.push(key.clone());
                    if !self.subset && !self.ignores(path) {
                        accepted.insert(key.clone(), value.clone());
                    }
                    path.pop();
                }
                Value::Object(accepted)
            }
            (Value::Array(expect), Value::Array(found)) => {
                let items = found.iter().enumerate().map(|(index, item)| {
                    path.push(index.to_string());
                    let accepted = match expect.get(index) {
                        Some(expect) if self.ignores(path) => expect.clone(),
                        Some(expect) => self.accepted(expect, item, path),
                        None => item.clone(),
                    };
                    path.pop();
                    accepted
                });
                Value::Array(items.collect())
            }
            (Value::Number(one), Value::Number(other)) if self.tolerance.admits(one, other) => expect.clone(),
            _ => found.clone(),
        }
    }

    fn at(&self, expect: &Value, found: &Value, path: &mut Vec<String>) -> (Value, Value) {
        match (expect, found) {
            (Value::Object(expect), Value::Object(found)) => {
                let (mut left, mut right) = (Map::new(), Map::new());
                for (key, value) in expect {
                    path.push(key.clone());
                    if !self.ignores(path) {
                        match found.get(key) {
                            Some(other) => {
                                let (one, other) = self.at(value, other, path);
                                left.insert(key.clone(), one);
                                right.insert(key.clone(), other);
                            }
                            None => {
                                left.insert(key.clone(), value.clone());
                            }
                        }
                    }
                    path.pop();
                }
                for (key, value) in found.iter().filter(|(key, _)| !expect.contains_key(*key)) {
                    path.push(key.clone());
                    if !self.subset && !self.ignores(path) {
                        right.insert(key.clone(), value.clone());
                    }
                    path.pop();
                }
                (Value::Object(left), Value::Object(right))
            }
            (Value::Array(expect), Value::Array(found)) => {
                let (mut left, mut right) = (Vec::new(), Vec::new());
                for index in 0..expect.len().max(found.len()) {
                    path.push(index.to_string());
                    if !self.ignores(path) {
                        match (expect.get(index), found.get(index)) {
                            (Some(one), Some(other)) => {
                                let (one, other) = self.at(one, other, path);
                                left.push(one);
                                right.push(other);
                            }
                            (one, other) => {
                                left.extend(one.cloned());
                                right.extend(other.cloned());
                            }
                        }
                    }
                    path.pop();
                }
                (Value::Array(left), Value::Array(right))
            }
            // Places of clauses are no amounts.
            (Value::Number(one), Value::Number(other))
                if path.first().is_none_or(|first| first != "clause")
                    && self.tolerance.admits(one, other) =>
            {
                (expect.clone(), expect.clone())
            }
            _ => (expect.clone(), found.clone()),
        }
    }

    /// Whether the part at this path of the outcome's document is compared on neither side.
    pub(crate) fn ignores(&self, path: &[String]) -> bool {
        self.ignore.iter().any(|pointer| {
            let mut steps = pointer.split('/').skip(1);
            let all = path.iter().all(|name| {
                steps
                    .next()
                    .is_some_and(|step| step == "*" || step.replace("~1", "/").replace("~0", "~") == *name)
            });
            all && steps.next().is_none()
        })
    }
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

    // spec: TEST-5
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

    // spec: TEST-5
    #[test]
    fn key_order_is_nothing_and_every_key_counts() {
        assert!(same(&json!({"a": 1, "b": [2]}), &parsed(r#"{"b":[2.0],"a":1}"#)));
        assert!(!same(&json!({"a": 1}), &json!({"a": 1, "b": null})));
        assert!(!same(&json!({"a": 1, "c": 2}), &json!({"a": 1, "b": 2})));
    }

    // spec: TEST-6, TEST-7
    #[test]
    fn what_is_ignored_unexpected_or_near_is_not_compared() {
        let compared = |comparison: Comparison, expect: &str, found: &str| {
            let (expect, found) = comparison.compared(&parsed(expect), &parsed(found));
            same(&expect, &found)
        };
        let plain = Comparison::default;
        assert!(!compared(plain(), "{\"a\":1}", "{\"a\":1,\"b\":2}"));
        let subset = || Comparison { subset: true, ..plain() };
        assert!(compared(subset(), "{\"a\":{\"c\":1}}", "{\"a\":{\"c\":1,\"d\":0},\"b\":2}"));
        assert!(!compared(subset(), "{\"a\":1,\"e\":2}", "{\"a\":1}"));
        let ignore = |pointer: &str| Comparison { ignore: vec![pointer.to_owned()], ..plain() };
        assert!(compared(ignore("/a/*/id"), "{\"a\":[{\"id\":1}]}", "{\"a\":[{\"id\":2}]}"));
        assert!(!compared(ignore("/a/*/id"), "{\"a\":[{\"id\":1}]}", "{\"a\":[{\"ip\":1}]}"));
        assert!(compared(ignore("/a~1b"), "{}", "{\"a/b\":[2]}"));
        let near = |absolute, relative| Comparison { tolerance: Tolerance { absolute, relative }, ..plain() };
        assert!(compared(near(0.01, 0.0), "[1.0]", "[1.005]") && !compared(near(0.01, 0.0), "[1]", "[1.02]"));
        assert!(!compared(plain(), "9007199254740993", "9007199254740992"));
        assert!(compared(near(0.01, 0.0), "18.82", "18.81") && !compared(near(0.01, 0.0), "18.83", "18.81"));
        let part = Comparison { subset: true, ignore: vec!["/b".to_owned()], ..plain() };
        let accepted = part.accepted(
            &parsed("{\"a\":1,\"b\":2}"),
            &parsed("{\"a\":3,\"b\":4,\"c\":5}"),
            &mut Vec::new(),
        );
        assert_eq!(accepted, parsed("{\"a\":3,\"b\":2}"));
        assert!(compared(near(1.0, 0.0), "9007199254740993", "9007199254740992"));
        assert!(!compared(near(1.0, 0.0), "{\"clause\":{\"index\":0}}", "{\"clause\":{\"index\":1}}"));
        assert!(compared(near(0.0, 1e-6), "1e9", "1000000001") && !compared(near(0.0, 1e-6), "1", "2"));
    }

    // spec: TEST-4
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
