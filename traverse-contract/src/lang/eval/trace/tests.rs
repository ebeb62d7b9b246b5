//! Values of whole expressions and of their parts.

use super::{Came, Node, trace};
use crate::diagnostic::Span;
use crate::lang::check::{Names, check_any};
use crate::lang::eval::tests::{contract, data};
use crate::lang::eval::value;
use crate::lang::parser::parse;
use crate::lang::typed::TypedExpr;
use crate::spec::Text;
use serde_json::{Value, json};

fn checked(text: &str) -> TypedExpr {
    let contract = contract("");
    let expr = parse(text).unwrap_or_else(|errors| panic!("{text}: {errors:?}"));
    check_any(&expr, &Text::detached(text), &contract.schemas, Names::After)
        .unwrap_or_else(|errors| panic!("{text}: {errors:?}"))
}

fn comes_to(text: &str, changes: Value) -> String {
    let contract = contract("");
    let (input, output) = (data(changes), json!({"v": 2}));
    match value(&checked(text), contract.scope(&input, Some((&output).into()))) {
        Ok(value) => value.to_string(),
        Err(error) => error.to_string(),
    }
}

/// A line for each part: its text, what it came to, deeper by two for each level; `[n]` before an element's.
fn told(text: &str, changes: Value) -> String {
    let contract = contract("");
    let (input, output) = (data(changes), json!({"v": 2}));
    let traced = trace(&checked(text), contract.scope(&input, Some((&output).into())));
    let mut lines = String::new();
    tell(&traced.root, text, "", &mut lines);
    lines
}

fn tell(node: &Node, text: &str, indent: &str, lines: &mut String) {
    let Span { start, end } = node.span;
    let came = match &node.came {
        Came::Value(value) => value.to_string(),
        Came::Error(error) => format!("error: {error}"),
        Came::NotEvaluated => "-".into(),
        Came::LeftOut => "left out".into(),
    };
    lines.push_str(&format!("{indent}{} => {came}\n", &text[start..end]));
    let deeper = format!("{indent}  ");
    node.parts.iter().for_each(|part| tell(part, text, &deeper, lines));
    for (index, round) in node.rounds.iter().enumerate() {
        let element = round.element.as_ref().map_or("?".to_owned(), Value::to_string);
        let deeper = format!("{indent}  [{index}] {element}: ");
        round.parts.iter().for_each(|part| tell(part, text, &deeper, lines));
    }
}

/// spec: LANG-110
#[test]
fn expressions_of_any_type_have_a_value() {
    for (text, expected) in [
        ("[]", "[]"),
        ("{}", "{}"),
        ("[[], [i], []]", "[[],[1],[]]"),
        ("{'a': ok ? [] : l}", r#"{"a":[]}"#),
        ("[].map(x, x / 0)", "[]"),
        ("i + 1", "2"),
        ("y", "2.0"),
        ("x * 2.0", "3.0"),
        ("t", r#""a""#),
        ("s + '!'", r#""héllo!""#),
        ("l", "[1,2,3]"),
        ("n", r#"[{"v":1.0}]"#),
        ("n[0]", r#"{"v":1.0}"#),
        ("result", r#"{"v":2.0}"#),
        ("l.map(a, double(a))", "[1.0,2.0,3.0]"),
        ("l.filter(a, a > 1)", "[2,3]"),
        ("ok", "true"),
        ("null", "null"),
        ("0.0 / 0.0", r#""NaN""#),
        ("[1.0 / 0.0, -1.0 / 0.0]", r#"["+Inf","-Inf"]"#),
        ("l[7]", "index 7 is out of range for a list of 3"),
    ] {
        assert_eq!(comes_to(text, json!({})), expected, "{text}");
    }
    // What is not in the schema is not in the value.
    assert_eq!(comes_to("n[0]", json!({"n": [{"v": 1, "z": 5}]})), r#"{"v":1.0}"#);
}

/// spec: LANG-111
#[test]
fn every_part_tells_what_it_came_to() {
    let text = "has(o) and o > 0 or i / 0 == 1 or ok";
    assert_eq!(
        told(text, json!({})),
        "\
has(o) and o > 0 or i / 0 == 1 or ok => true
  has(o) and o > 0 or i / 0 == 1 => error: division by zero
    has(o) and o > 0 => false
      has(o) => false
      o > 0 => -
        o => -
        0 => -
    i / 0 == 1 => error: division by zero
      i / 0 => error: division by zero
        i => 1
        0 => 0
      1 => -
  ok => true
"
    );
}

/// spec: LANG-111
#[test]
fn a_macro_tells_of_each_element_that_it_looked_at() {
    assert_eq!(
        told("l.exists(a, a * 2 == 4)", json!({})),
        "\
l.exists(a, a * 2 == 4) => true
  l => [1,2,3]
  [0] 1: a * 2 == 4 => false
  [0] 1:   a * 2 => 2
  [0] 1:     a => 1
  [0] 1:     2 => 2
  [0] 1:   4 => 4
  [1] 2: a * 2 == 4 => true
  [1] 2:   a * 2 => 4
  [1] 2:     a => 2
  [1] 2:     2 => 2
  [1] 2:   4 => 4
"
    );
    assert_eq!(
        told("n.map(e, e.v > 1.0, e.v)", json!({"n": [{"v": 1}, {"v": 2}]})),
        r#"n.map(e, e.v > 1.0, e.v) => [2.0]
  n => [{"v":1.0},{"v":2.0}]
  [0] {"v":1.0}: e.v > 1.0 => false
  [0] {"v":1.0}:   e.v => 1.0
  [0] {"v":1.0}:     e => {"v":1.0}
  [0] {"v":1.0}:   1.0 => 1.0
  [0] {"v":1.0}: e.v => -
  [0] {"v":1.0}:   e => -
  [1] {"v":2.0}: e.v > 1.0 => true
  [1] {"v":2.0}:   e.v => 2.0
  [1] {"v":2.0}:     e => {"v":2.0}
  [1] {"v":2.0}:   1.0 => 1.0
  [1] {"v":2.0}: e.v => 2.0
  [1] {"v":2.0}:   e => {"v":2.0}
"#
    );
}

/// spec: LANG-111
#[test]
fn a_trace_stays_within_its_bound_and_says_what_it_leaves_out() {
    let many: Vec<Value> = (0..2_000).map(Value::from).collect();
    let contract = contract("");
    let input = data(json!({ "l": many }));
    let text = "l.all(a, l.exists(b, a == b))";
    let traced = trace(&checked(text), contract.scope(&input, None));
    assert_eq!(traced.value, Ok(Value::Bool(true)));
    let mut left_out = 0;
    let mut parts = 0;
    fn count(node: &Node, parts: &mut usize, left_out: &mut usize) {
        *parts += 1;
        *left_out += usize::from(node.came == Came::LeftOut);
        assert_ne!(node.came, Came::NotEvaluated, "everything here was evaluated");
        node.parts.iter().for_each(|part| count(part, parts, left_out));
        node.rounds.iter().flat_map(|round| &round.parts).for_each(|part| count(part, parts, left_out));
    }
    count(&traced.root, &mut parts, &mut left_out);
    assert!(left_out > 0 && parts < 40_000, "{left_out} of {parts}");

    let long = "x".repeat(2 << 20);
    let input = data(json!({ "s": long }));
    let traced = trace(&checked("s + s == s"), contract.scope(&input, None));
    assert_eq!(traced.value, Ok(Value::Bool(false)));
    assert_eq!(traced.root.parts[0].parts[0].came, Came::LeftOut);
}
