//! Rules on data: what holds, what does not, what cannot be evaluated.

use super::{EvalError, Scope, evaluate, observe};
use crate::contract::tests::{meant, report, spec};
use crate::contract::{Contract, Rule};
use crate::outcome::FoundBy;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::cmp::Ordering;

const SCHEMA: &str = r##"
[input]
type = "object"
required = ["i", "j", "x", "y", "s", "t", "l", "n", "ok"]
[input.properties]
i = { type = "integer" }
j = { type = "integer" }
x = { type = "number" }
y = { type = "number" }
s = { type = "string" }
t = { type = "string", enum = ["a", "b"] }
l = { type = "array", items = { type = "integer" } }
n = { type = "array", items = { "$ref" = "#/types/Item" } }
ok = { type = "boolean" }
o = { type = "integer" }
p = { type = "object", properties = { q = { type = "number" } } }

[types.Item]
type = "object"
required = ["v"]
properties = { v = { type = "number" }, w = { type = "integer" } }

[output]
type = "object"
required = ["v"]
properties = { v = { type = "number", minimum = 0 }, w = { type = "integer" } }
"##;

pub(super) fn contract(lines: &str) -> Contract {
    let source = spec(&format!("{lines}\n{SCHEMA}"));
    meant(&source).unwrap_or_else(|_| panic!("{}", report(&source)))
}

/// The input, with these properties changed.
pub(super) fn data(changes: Value) -> Value {
    let mut input = json!({
        "i": 1, "j": 2, "x": 1.5, "y": 2, "s": "héllo", "t": "a", "l": [1, 2.0, 3e0], "n": [{"v": 1}], "ok": true
    });
    if let (Value::Object(input), Value::Object(changes)) = (&mut input, changes) {
        input.extend(changes);
    }
    input
}

/// `true`, `false`, or the error.
fn holds_on(rule: &str, changes: Value) -> String {
    let contract = contract(&format!("[contract]\ninvariants = [{rule:?}]"));
    let (input, output) = (data(changes), json!({"v": 2.5}));
    let Rule::Expression { expr, .. } = &contract.clauses[0].rule else { panic!("prose: {rule}") };
    match evaluate(expr, contract.scope(&input, Some((&output).into()))) {
        Ok(truth) => truth.to_string(),
        Err(error) => error.to_string(),
    }
}

#[track_caller]
fn said(cases: &[(&str, &str)]) {
    for (rule, expected) in cases {
        assert_eq!(holds_on(rule, json!({})), *expected, "{rule}");
    }
}

/// spec: LANG-39
#[test]
fn the_schema_decides_what_a_number_is() {
    said(&[
        ("l[1] + 1 == 3", "true"),
        ("l[2] == 3", "true"),
        ("y + 0.5 == 2.5", "true"),
        ("2 in l", "true"),
        ("i is int", "true"),
    ]);
    assert_eq!(holds_on("i / 2 == 1", json!({"i": 3.0})), "true");
    assert_eq!(holds_on("i + 0 == i", json!({"i": 1e3})), "true");
    // Data that was never validated is an error, not a panic.
    assert_eq!(holds_on("i > 0", json!({"i": "one"})), "`i` does not have the type that its schema says");
    assert_eq!(holds_on("i > 0", json!({"i": 1e300})), "`i` does not have the type that its schema says");
    assert_eq!(holds_on("n[0].v > 0", json!({"n": 5})), "`n` does not have the type that its schema says");
}

/// spec: LANG-22, LANG-70
#[test]
fn nothing_is_in_an_empty_literal() {
    said(&[
        ("size([]) == 0 and size({}) == 0 and [] == [] and {} == {} and [[]] == [[]]", "true"),
        ("[] == l or l == [] or [[]] == [l] or [l] == [[], []]", "false"),
        ("l + [] == l and [] + l == l and [] + [] == []", "true"),
        ("i in [] or 's' in {} or has({}.s) or [] in [l]", "false"),
        ("[] in [l, []] and l in [[], l] and (ok ? [] : l) == [] and (ok ? l : []) == l", "true"),
        ("[].all(x, x > 1 / 0) and not [].exists(x, x) and not [].exists_one(x, x.a.b)", "true"),
        ("[].filter(x, x) == [] and [].map(x, x + 1) == l.filter(e, false) and {}.all(k, k == s)", "true"),
        ("l.map(e, []) == [[], [], []] and {'a': [], 'b': [1]}['a'] == [] and [null, []][1] == []", "true"),
        ("type([]) == list and type({}) == map and [] is list", "true"),
    ]);
}

/// spec: LANG-116
#[test]
fn false_comes_before_true() {
    said(&[
        ("false < ok", "true"),
        ("ok < false or ok < true", "false"),
        ("ok >= true and ok <= true", "true"),
        ("(i > 5) <= (i > 0)", "true"),
    ]);
}

/// spec: LANG-40
#[test]
fn numbers_compare_by_value() {
    assert_eq!(holds_on("i == x", json!({"i": 9007199254740993i64, "x": 9007199254740992.0})), "false");
    assert_eq!(holds_on("i > x", json!({"i": 9007199254740993i64, "x": 9007199254740992.0})), "true");
    assert_eq!(holds_on("i < x", json!({"i": i64::MAX, "x": 9223372036854775808.0})), "true");
    assert_eq!(holds_on("i == x", json!({"i": i64::MIN, "x": -9223372036854775808.0})), "true");
    assert_eq!(holds_on("i in [x]", json!({"i": 2, "x": 2.0})), "true");
    said(&[
        ("i < x and x < j", "true"),
        ("0.0 == -0.0", "true"),
        ("0.0 / 0.0 == 0.0 / 0.0", "false"),
        ("0.0 / 0.0 != 0.0 / 0.0", "true"),
        ("0.0 / 0.0 < 1 or 0.0 / 0.0 >= 1", "false"),
        ("ok == true and null == null", "true"),
        ("ok != true", "false"),
    ]);
}

/// spec: LANG-41
#[test]
fn text_counts_and_orders_code_points() {
    said(&[
        ("size(s) == 5", "true"),
        ("'\\u00e9'.size() == 1 and size('😀') == 1", "true"),
        ("'z' < 'é'", "true"),
        ("'～' < '😀'", "true"),
        ("'a' < 'ab' and 'B' < 'a'", "true"),
        ("s.startsWith('hé') and s.endsWith('lo') and s.contains('éll') and s.contains('')", "true"),
        ("s + '!' == 'héllo!'", "true"),
        ("t == 'a' and t < s and t in ['b', s, 'a']", "true"),
    ]);
}

/// spec: LANG-42
#[test]
fn arithmetic() {
    said(&[
        ("7 / 2 == 3 and -7 / 2 == -3 and -7 % 2 == -1 and 7 % -2 == 1", "true"),
        ("i / 0 == 1", "division by zero"),
        ("i % 0 == 1", "division by zero"),
        ("9223372036854775807 + i > 0", "integer overflow"),
        ("-9223372036854775808 - i < 0", "integer overflow"),
        ("9223372036854775807 * j > 0", "integer overflow"),
        ("-9223372036854775808 / (-i) > 0", "integer overflow"),
        ("-9223372036854775808 % (-i) == 0", "integer overflow"),
        ("-(-9223372036854775808) > 0", "integer overflow"),
        ("1.0 / 0.0 > 1e308", "true"),
        ("1e308 * 10.0 == 1.0 / 0.0", "true"),
        ("0.1 + 0.2 == 0.3", "false"),
        ("-x == 0.0 - 1.5", "true"),
    ]);
}

/// spec: LANG-43
#[test]
fn lists() {
    said(&[
        ("l[0] == 1 and size(l) == 3", "true"),
        ("l[3] > 0", "index 3 is out of range for a list of 3"),
        ("l[-1] > 0", "index -1 is out of range for a list of 3"),
        ("n[5].v > 0", "index 5 is out of range for a list of 1"),
        ("has(n[0].w)", "false"),
        ("has(n[5].w)", "index 5 is out of range for a list of 1"),
        ("4 in l", "false"),
        ("[1, 2][i] == 2", "true"),
        ("[1, 2][j] == 2", "index 2 is out of range for a list of 2"),
        // Every element of a list literal is evaluated.
        ("1 in [1, 1 / 0]", "division by zero"),
    ]);
}

/// spec: LANG-44
#[test]
fn logic_absorbs_errors() {
    let error = "division by zero";
    said(&[
        ("1 / 0 == 1 and false", "false"),
        ("false and 1 / 0 == 1", "false"),
        ("1 / 0 == 1 and true", error),
        ("true and 1 / 0 == 1", error),
        ("1 / 0 == 1 or true", "true"),
        ("true or 1 / 0 == 1", "true"),
        ("1 / 0 == 1 or false", error),
        ("1 / 0 == 1 implies true", "true"),
        ("false implies 1 / 0 == 1", "true"),
        ("1 / 0 == 1 implies false", error),
        ("true implies 1 / 0 == 1", error),
        ("not (1 / 0 == 1)", error),
        ("true implies false", "false"),
        ("has(o) and o > 1", "false"),
        ("has(o) implies o > 1", "true"),
        ("has(p) and has(p.q) and p.q > 1", "false"),
    ]);
}

/// spec: LANG-53
#[test]
fn a_choice_evaluates_one_side() {
    said(&[
        ("(ok ? i : j) == 1 and (not ok ? i : j) == 2", "true"),
        ("(ok ? 1 : x) / 2.0 == 0.5", "true"),
        ("ok ? true : 1 / 0 == 1", "true"),
        ("ok ? 1 / 0 == 1 : true", "division by zero"),
        ("l[9] > 0 ? 1 / 0 == 1 : 1 / 0 == 1", "index 9 is out of range for a list of 3"),
        ("(l[9] > 0 ? true : true) or true", "true"),
        ("has(o) ? o > 1 : s == 'héllo'", "true"),
        ("(ok ? t : s) + '!' == 'a!'", "true"),
        ("i == 2 ? false : j == 2 ? true : false", "true"),
    ]);
}

/// spec: LANG-57
#[test]
fn macros_go_through_the_elements() {
    let error = "division by zero";
    said(&[
        ("l.all(e, e > 0) and l.exists(e, e == 2) and l.exists_one(e, e == 3)", "true"),
        ("l.all(e, e > 1) or l.exists(e, e > 3) or l.exists_one(e, e > 1)", "false"),
        ("l.filter(e, e > 1)[0] == 2 and size(l.filter(e, e > 3)) == 0", "true"),
        ("l.map(e, e * 2)[2] == 6 and 4 in l.map(e, e * 2) and size(l.map(e, e > 1, e)) == 2", "true"),
        ("n.all(e, e.v == 1 and not has(e.w)) and n.map(e, e)[0].v == 1.0", "true"),
        ("l.all(i, l.exists(j, i == j)) and i == 1 and j == 2", "true"),
        ("l.all(i, i == input.i or i > input.i)", "true"),
        ("['a', s].exists(e, e == s) and [s].map(e, e + t)[0] == 'hélloa'", "true"),
        ("l.filter(e, false).all(e, false) and not l.filter(e, false).exists(e, true)", "true"),
        ("l.filter(e, false).exists_one(e, true)", "false"),
        // One that decides makes up for errors before and after it.
        ("l.all(e, 1 / (e - 1) >= 0)", error),
        ("l.all(e, 1 / (e - 1) > 1)", "false"),
        ("l.exists(e, 1 / (e - 2) == 1)", "true"),
        ("l.exists(e, 1 / (e - 2) == 5)", error),
        ("l.exists(e, e == 1 ? 1 / 0 == 1 : l[9] == 1)", error),
        ("l.all(e, e == 2 ? 1 / 0 == 1 : l[9] == 1)", "index 9 is out of range for a list of 3"),
        ("l.exists_one(e, 1 / (e - 3) == 0)", error),
        ("size(l.filter(e, 1 / (e - 2) == 0)) == 0", error),
        ("size(l.map(e, 1 / (e - 2))) == 3", error),
        ("size(l.map(e, e != 2, 1 / (e - 2))) == 2", "true"),
        ("[1 / 0].all(e, false)", error),
        ("l.map(e, e)[3] == 1", "index 3 is out of range for a list of 3"),
    ]);
}

/// spec: LANG-60
#[test]
fn conversions() {
    let (overflow, int, double) = ("integer overflow", "the text is not an int", "the text is not a double");
    said(&[
        ("int(1.9) == 1 and int(-1.9) == -1 and int(x) == 1 and int(i) == 1", "true"),
        ("int('12') == 12 and int('-007') == -7 and int('+5') == 5", "true"),
        ("int('-9223372036854775808') < 0 and int(9223372036854774784.0) > 0", "true"),
        ("int(9223372036854775808.0) > 0", overflow),
        ("int(-9223372036854775808.0) > 0", overflow),
        ("int(0.0 / 0.0) == 0", overflow),
        ("int(1.0 / 0.0) == 0", overflow),
        ("int('9223372036854775808') > 0", int),
        ("int('') > 0", int),
        ("int(' 1') > 0", int),
        ("int('1.0') > 0", int),
        ("int(s) > 0", int),
        ("double(3) == 3.0 and double(x) == x and double(9007199254740993) == 9007199254740992.0", "true"),
        (
            "double('1.5') == 1.5 and double('-.5e1') == -5.0 and double('+2.') == 2.0 and double('1E-2') == 0.01",
            "true",
        ),
        ("double('') > 0", double),
        ("double('.') > 0", double),
        ("double('1e') > 0", double),
        ("double('inf') > 0", double),
        ("double('0x1') > 0", double),
        ("double('1e999') > 0", double),
        ("string(i) == '1' and string(-9223372036854775808) == '-9223372036854775808'", "true"),
        (
            "string(1.0) == '1' and string(x) == '1.5' and string(-0.001) == '-0.001' and string(-0.0) == '-0'",
            "true",
        ),
        (
            "string(1e20) == '100000000000000000000' and string(1.5e21) == '1.5e+21' and string(1e-7) == '1e-7'",
            "true",
        ),
        (
            "string(0.0 / 0.0) == 'NaN' and string(1.0 / 0.0) == '+Inf' and string(-1.0 / 0.0) == '-Inf'",
            "true",
        ),
        ("string(ok) + string(false) + string(s) + string(t) == 'truefalsehélloa'", "true"),
        ("bool('true') and bool('1') and bool('T') and bool(ok) and not bool('False')", "true"),
        ("bool('yes')", "the text is not a bool"),
        ("bool('tRUE') or true", "true"),
        ("l.map(e, string(e))[1] == '2' and '3' in l.map(e, string(e))", "true"),
    ]);
}

/// spec: LANG-58
#[test]
fn steps_are_limited() {
    let within = |rule: &str, changes: Value, most: u64| {
        let contract = contract(&format!("[contract]\ninvariants = [{rule:?}]"));
        let (input, output) = (data(changes), json!({"v": 1}));
        let Rule::Expression { expr, .. } = &contract.clauses[0].rule else { panic!("prose: {rule}") };
        match super::within(expr, contract.scope(&input, Some((&output).into())), most) {
            Ok(truth) => truth.to_string(),
            Err(error) => error.to_string(),
        }
    };
    let ones = |count: usize| json!({"l": vec![1; count]});
    // The comparison, the property, the input, the literal.
    assert_eq!(within("i > 0", json!({}), 4), "true");
    assert_eq!(within("i > 0", json!({}), 3), "it takes more than 3 steps");
    // Nothing makes up for it, neither another operand nor another element.
    assert_eq!(within("i > 0 or true", json!({}), 4), "it takes more than 4 steps");
    assert_eq!(within("l.exists(e, e / 0 == 1 or e > 0)", ones(100), 4), "it takes more than 4 steps");
    let squared = "l.all(e, l.all(f, e == f))";
    assert_eq!(within(squared, ones(100), 50_000), "true");
    assert_eq!(within(squared, ones(1_000), 50_000), "it takes more than 50000 steps");
    let cubed = "l.all(e, l.exists_one(f, size(l.filter(g, e + f == g)) == 1))";
    assert_eq!(within(cubed, ones(1_000_000), 50_000), "it takes more than 50000 steps");
    // So do lists that are looked into, and long text.
    assert_eq!(
        within("l.all(e, e in l.map(f, 2) or e in l)", ones(1_000), 50_000),
        "it takes more than 50000 steps"
    );
    assert_eq!(within("l.all(e, not (2 in l))", ones(1_000), 50_000), "it takes more than 50000 steps");
    let long = json!({"s": "x".repeat(640_000), "l": vec![1; 100]});
    assert_eq!(within("l.all(e, size(s) > e)", long.clone(), 50_000), "it takes more than 50000 steps");
    assert_eq!(within("l.all(e, size(s) > e)", long, 2_000_000), "true");
}

/// spec: LANG-45
#[test]
fn of_two_errors_the_left_one_is_reported() {
    said(&[
        ("1 / 0 == l[9]", "division by zero"),
        ("l[9] == 1 / 0", "index 9 is out of range for a list of 3"),
        ("l[9] == 1 and 1 / 0 == 1", "index 9 is out of range for a list of 3"),
        ("l[1 / 0] == l[9]", "division by zero"),
        ("1 / 0 in [l[9]]", "division by zero"),
        ("1 / 0 == 1 implies l[9] == 1", "division by zero"),
        // `is` reads its operand, though its type is known.
        ("l[9] is int", "index 9 is out of range for a list of 3"),
    ]);
}

/// spec: LANG-47
#[test]
fn observed_values_are_shown_as_their_types_have_them() {
    let contract = contract(
        "[contract]\ninvariants = [\"x > 0 and input.i > 0 and n is list and (has(p) or has(o)) and result.v > 0\"]",
    );
    let input = data(json!({"x": 3, "i": 2.0, "n": [{"w": 1.0, "extra": 1, "v": 7}], "p": {"q": 1, "z": 2}}));
    let output = json!({"v": 1});
    let Rule::Expression { observed, .. } = &contract.clauses[0].rule else { panic!("prose") };
    let scope =
        Scope { input: (&input).into(), output: Some((&output).into()), types: &contract.schemas.types };
    assert_eq!(
        Value::Object(observe(observed, scope)).to_string(),
        r#"{"x":3.0,"input.i":2,"n":[{"v":7.0,"w":1}],"p":{"q":1.0},"result.v":1.0}"#
    );
}

/// spec: LANG-46, LANG-48
#[test]
fn a_clause_that_does_not_hold_says_so() {
    let contract = contract(
        "[contract]\npreconditions = [\"x > 0\", { id = \"small\", rule = \"l[9] > 0\", message = \"too big\" }]\n\
         postconditions = [{ id = \"cheap\", rule = \"result.v < x\", message = \"the price is too high\" }]\n\
         invariants = [\"prices are fair\"]",
    );
    let (input, output) = (data(json!({"x": -5})), json!({"v": 1, "w": 2}));
    let json_of = |violation| serde_json::to_value(violation).unwrap_or_default();
    let violation = contract.check_preconditions(&input, FoundBy::Host).expect_err("it is negative");
    assert_eq!(
        json_of(violation),
        json!({"clause": {"kind": "precondition", "index": 0, "rule": "x > 0"}, "observed": {"x": -5.0},
            "message": "`x > 0` does not hold", "found_by": "host"})
    );
    let violation = contract.check_preconditions(&data(json!({})), FoundBy::Host).expect_err("out of range");
    assert_eq!(
        json_of(violation),
        json!({"clause": {"kind": "precondition", "index": 1, "id": "small", "rule": "l[9] > 0"},
            "observed": {"l": [1, 2, 3]},
            "message": "`l[9] > 0` cannot be evaluated: index 9 is out of range for a list of 3", "found_by": "host"})
    );
    let violation = contract.check_result(&input, &output, FoundBy::Guest).expect_err("too high");
    assert_eq!(
        json_of(violation),
        json!({"clause": {"kind": "postcondition", "index": 0, "id": "cheap", "rule": "result.v < x"},
            "observed": {"result.v": 1.0, "x": -5.0}, "message": "the price is too high", "found_by": "guest"})
    );
    // Prose says nothing here.
    assert_eq!(contract.check_result(&data(json!({})), &json!({"v": 1}), FoundBy::Host), Ok(()));
    assert!(contract.clauses[3].is_prose());
    let violation = contract.check_output(&json!({"v": -1}), FoundBy::Host).expect_err("below the minimum");
    assert_eq!(
        json_of(violation),
        json!({"clause": {"kind": "output-schema", "index": 0, "rule": "/v must be at least 0"}, "observed": {"result": -1},
            "message": "the result does not fit the output schema at `/v`: must be at least 0", "found_by": "host"})
    );
    let violation = contract.check_output(&json!(5), FoundBy::Host).expect_err("not an object");
    assert_eq!(violation.clause.rule, "(root) expected an object, found a number");
}

/// spec: LANG-49
#[test]
fn exceptions_go_with_their_conditions() {
    let contract = contract(
        "[contract]\nexceptions = [\"Any\", { name = \"Big\", when = \"i > 10\" }, { name = \"Odd\", when = \"i % j == 1\" }]",
    );
    let said = |changes: Value, raised: Option<&str>| {
        contract
            .check_exceptions(&data(changes), raised)
            .map_or_else(|undeclared| undeclared.message, |()| "fine".into())
    };
    assert_eq!(said(json!({"i": 2}), None), "fine");
    assert_eq!(said(json!({"i": 2}), Some("Any")), "fine");
    assert_eq!(said(json!({"i": 12}), Some("Big")), "fine");
    assert_eq!(said(json!({"i": 13}), Some("Big")), "fine");
    assert_eq!(said(json!({"i": 13}), Some("Odd")), "fine");
    assert_eq!(said(json!({"i": 13}), None), "`i > 10` holds, so exception `Big` must be raised");
    assert_eq!(said(json!({"i": 3}), Some("Any")), "`i % j == 1` holds, so exception `Odd` must be raised");
    assert_eq!(
        said(json!({"i": 3}), Some("Big")),
        "exception `Big` was raised, but its condition `i > 10` does not hold"
    );
    assert_eq!(said(json!({"i": 2}), Some("Other")), "exception `Other` is not declared in the contract");
    assert_eq!(
        said(json!({"j": 0}), None),
        "the condition `i % j == 1` of exception `Odd` cannot be evaluated: division by zero"
    );
}

proptest! {
    /// spec: LANG-40
    #[test]
    fn an_int_and_a_double_compare_exactly(int in any::<i64>(), near in -3i64..=3, double in any::<f64>()) {
        for double in [double, (int as f64), (int.saturating_add(near) as f64), int as f64 + 0.5] {
            // 128 bits hold every int exactly, and every double that is near one.
            let expected = if double.is_nan() {
                None
            } else if double.abs() >= 1e30 {
                Some(if double > 0.0 { Ordering::Less } else { Ordering::Greater })
            } else {
                let floor = double.floor();
                let whole = i128::from(int).cmp(&(floor as i128));
                Some(if whole.is_eq() && double > floor { Ordering::Less } else { whole })
            };
            prop_assert_eq!(crate::number::compare_int_double(int, double), expected, "{} {}", int, double);
        }
    }
}

/// A bool expression over the schema above, most of them well-typed.
fn condition() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "ok",
        "has(o)",
        "has(p)",
        "has(p.q)",
        "o > 1",
        "p.q < x",
        "i / j == 1",
        "l[i] == j",
        "n[0].v > y",
        "has(n[0].w)",
        "n[0].w == 1",
        "n[j].w > 0",
        "t == 'a'",
        "size(s) > i",
        "x * y < 1e308",
        "i in l",
        "result.v >= x",
        "has(result.w)",
        "result.w == i",
        "s + t == 'x'",
        "o is int",
        "p is object",
        "has(o) and o > 1",
        "not has(o) or o / j > 1",
        "has(p) and has(p.q)",
        "(has(p) and has(p.q)) implies p.q > x",
        "i * i > j - 1",
    ]);
    leaf.prop_map(str::to_owned).prop_recursive(6, 32, 2, |inner| {
        prop_oneof![
            inner.clone().prop_map(|operand| format!("not ({operand})")),
            (inner.clone(), prop::sample::select(vec!["and", "or", "implies"]), inner)
                .prop_map(|(left, op, right)| format!("({left}) {op} ({right})")),
        ]
    })
}

/// JSON that fits the schema above, with optional properties there or not.
fn fitting() -> impl Strategy<Value = (Value, Value)> {
    let ints = prop_oneof![-3i64..4, any::<i64>()];
    let absent_or = || prop::option::of(-2i64..3);
    (ints.clone(), ints, any::<f64>(), absent_or(), prop::option::of(absent_or()), absent_or(), absent_or()).prop_map(
        |(i, j, x, o, p, w, result_w)| {
            let with = |name: &str, value: Option<i64>, mut object: Value| {
                if let (Some(value), Value::Object(object)) = (value, &mut object) {
                    object.insert(name.to_owned(), value.into());
                }
                object
            };
            let mut changes = json!({"i": i, "j": j, "x": if x.is_finite() { x } else { 0.0 }, "n": [with("w", w, json!({"v": 1}))]});
            changes = with("o", o, changes);
            if let Some(q) = p {
                changes["p"] = with("q", q, json!({}));
            }
            (data(changes), with("w", result_w, json!({"v": 1})))
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// spec: LANG-27, LANG-39
    #[test]
    fn a_checked_rule_never_reads_what_is_absent(rule in condition(), (input, output) in fitting()) {
        let source = spec(&format!("[contract]\ninvariants = [{rule:?}]\n{SCHEMA}"));
        if let Ok(contract) = meant(&source) {
            contract.check_input(&input).expect("the input fits");
            if let Rule::Expression { expr, observed } = &contract.clauses[0].rule {
                let scope = contract.scope(&input, Some((&output).into()));
                observe(observed, scope);
                if let Err(error) = evaluate(expr, scope) {
                    prop_assert!(
                        !matches!(error, EvalError::Absent { .. } | EvalError::WrongType { .. }),
                        "{rule} on {input}: {error}"
                    );
                }
            }
        }
    }
}

/// spec: LANG-74, LANG-75, LANG-77
#[test]
fn maps_lists_and_objects_as_values() {
    said(&[
        ("{'b': 1, 'a': 2}['a'] == 2", "true"),
        ("{'b': 1, 'a': 2}[s] == 2", "no such key"),
        ("{s: 1, 'a': 2}[s] == 1", "true"),
        ("{t: 1, 'a': 2}[t] == 2", "duplicate key in a map"),
        ("{t: 1 / 0, 'a': 2}[t] == 2", "division by zero"),
        ("{'b': 1, 'a': 2}.map(k, k) == ['a', 'b']", "true"),
        ("{'é': 1, 'z': 2, '': 3, '😀': 4, 'ｱ': 5}.map(k, k) == ['', 'z', 'é', 'ｱ', '😀']", "true"),
        ("size({'a': 1}) == 1 and 'a' in {'a': 1} and not ('b' in {'a': 1})", "true"),
        ("{'a': 1, 'b': 2} == {'b': 2.0, 'a': 1.0}", "true"),
        ("{'a': 1} == {'b': 1}", "false"),
        ("{'a': 0.0 / 0.0} == {'a': 0.0 / 0.0}", "false"),
        ("[0.0 / 0.0] != [0.0 / 0.0]", "true"),
        ("l == [1, 2, 3] and l != [1, 2] and l == [1.0, 2.0, 3.0]", "true"),
        ("n == n and n[0] == n[0] and n[0] in n", "true"),
        ("[[1], [2]] == [[1], [2, 3]]", "false"),
        ("[1, 2] in [[1], [1, 2]]", "true"),
        ("l + [4] == [1, 2, 3, 4] and size(l + l) == 6", "true"),
        ("(ok ? l : [0])[2] == 3", "true"),
        ("l.map(a, l.filter(b, b < a)) == [l.filter(b, b < 1), [1], [1, 2]]", "true"),
    ]);
    // Declared properties alone, absent or equal, numbers as their types have them.
    let rows = json!([{"v": 1, "z": 5}, {"v": 1.0}, {"v": 1, "w": 2}, {"v": 1, "w": 2.0}]);
    for (rule, expected) in [("n[0] == n[1]", "true"), ("n[1] == n[2]", "false"), ("n[2] == n[3]", "true")] {
        assert_eq!(holds_on(rule, json!({ "n": rows })), expected, "{rule}");
    }
}

/// spec: LANG-58
#[test]
fn what_is_compared_takes_steps() {
    let many: Vec<Value> = (0..3_000).map(Value::from).collect();
    let rule = "l.all(a, l == l)";
    assert_eq!(holds_on(rule, json!({ "l": many })), "true");
    let many: Vec<Value> = (0..4_000).map(Value::from).collect();
    assert_eq!(holds_on(rule, json!({ "l": many })), "it takes more than 10000000 steps");
}

/// A property against constants is decided without values made of them (`plain`); what is decided and how many steps it
/// takes are as for every other rule, which the value of an expression still goes by.
///
/// spec: LANG-58
#[test]
fn plain_rules_are_decided_as_all_others() {
    let rules = [
        "i == 1",
        "i != -3",
        "i < 2",
        "i >= 9007199254740993",
        "x == 1",
        "x <= 1.5",
        "x > 9007199254740993",
        "y in [1, 2.5, 2]",
        "i in [3, 1, 2, 1]",
        "s == 'héllo'",
        "s < 'z'",
        "s in ['a', 'héllo']",
        "t in ['b', 'a']",
        "t != 'b'",
        "ok == true",
        "ok > false",
        "input.i == 2",
        "result.v >= 0.5",
        "result.v in [1]",
    ];
    let changes = [
        json!({}),
        json!({"i": 1.0, "x": 2, "y": 1e0, "s": "", "t": "b", "ok": false}),
        json!({"i": 9_007_199_254_740_993_i64, "x": 9_007_199_254_740_992.0, "y": -0.0, "s": "z".repeat(100)}),
        json!({"i": i64::MIN, "x": 5e-324, "y": 2.5, "s": "a"}),
    ];
    for rule in rules {
        let contract = contract(&format!("[contract]\ninvariants = [{rule:?}]"));
        let Rule::Expression { expr, .. } = &contract.clauses[0].rule else { panic!("{rule}") };
        for changes in &changes {
            let (input, output) = (data(changes.clone()), json!({"v": 1}));
            let scope = contract.scope(&input, Some((&output).into()));
            for most in 1..16 {
                let plain = super::within(expr, scope, most);
                let steps = super::Steps::new(most);
                let env = super::Env { scope, bound: None, steps: &steps };
                let reduced = super::eval(expr, env).map(|value| value == super::Val::Bool(true));
                assert_eq!(plain, reduced, "{rule} {changes} {most}");
            }
        }
    }
}
