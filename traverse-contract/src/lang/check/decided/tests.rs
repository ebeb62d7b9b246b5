//! What is said of rules that are always or never true, and that it is so.

use crate::contract::tests::{report, spec};
use crate::contract::{Contract, Rule};
use crate::diagnostic::{Diagnostic, Source};

const SCHEMA: &str = r##"
[input]
type = "object"
required = ["i", "j", "x", "y", "s", "t", "e", "l", "m", "p", "q"]
[input.properties]
i = { type = "integer", minimum = 0, maximum = 10 }
j = { type = "integer" }
x = { type = "number", exclusiveMinimum = 0 }
y = { type = "number" }
s = { type = "string", minLength = 1, maxLength = 2 }
t = { type = "string" }
e = { type = "string", enum = ["a", "b", "ab"] }
l = { type = "array", items = { type = "integer", minimum = 0, maximum = 5 }, minItems = 1, maxItems = 3 }
m = { type = "array", items = { type = "string" } }
p = { type = "boolean" }
q = { type = "boolean" }
o = { type = "integer", minimum = 3 }

[output]
type = "object"
required = ["ok"]
properties = { ok = { type = "boolean" } }
"##;

fn with_clauses(clauses: &str) -> Source {
    spec(&format!("[contract]\n{clauses}\n{SCHEMA}"))
}

fn precondition(rule: &str) -> Source {
    with_clauses(&format!("preconditions = [{rule:?}]\npostconditions = [\"result.ok\"]"))
}

/// Every finding: `severity code at PLACE: LABEL`.
fn said(source: &Source) -> Vec<String> {
    let found = match Contract::from_toml(source) {
        Ok(contract) => contract.warnings,
        Err(errors) => errors,
    };
    let one = |found: &Diagnostic| {
        let (span, label) = found.label.clone().unwrap_or_default();
        format!("{} {} at `{}`: {label}", found.severity, found.code, &source.text[span.start..span.end])
    };
    found.iter().map(one).collect()
}

#[track_caller]
fn finds(cases: &[(&str, &str)]) {
    for (rule, expected) in cases {
        assert_eq!(said(&precondition(rule)), [*expected], "{rule}");
    }
}

/// spec: LANG-95
#[test]
fn a_rule_that_is_decided_by_literals_and_types_is_an_error() {
    finds(&[
        ("1 > 2", "error lang-always-false at `1 > 2`: never true"),
        ("true", "error lang-always-true at `true`: always true"),
        ("j > 5 and j < 3", "error lang-always-false at `j < 3`: never true"),
        ("j > 5 implies j > 3", "error lang-always-true at `j > 3`: always true"),
        ("j >= 5 or j < 5", "error lang-always-true at `j < 5`: always true"),
        ("not (j == 1.5)", "error lang-always-true at `(j == 1.5)`: never true"),
        ("j / 0 > 1", "error lang-always-false at `j / 0 > 1`: never has a value"),
        ("size(t) >= 0", "error lang-always-true at `size(t) >= 0`: always true"),
        ("t.startsWith('')", "error lang-always-true at `t.startsWith('')`: always true"),
        ("j == j", "error lang-always-true at `j == j`: always true"),
        ("y != y", "error lang-always-false at `y != y`: never true"),
        ("p and not p", "error lang-always-false at `not p`: never true"),
        ("p and q and not p", "error lang-always-false at `not p`: never true"),
        ("t == 'a' and t == 'b'", "error lang-always-false at `t == 'b'`: never true"),
        ("m[-1] == 'a'", "error lang-always-false at `m[-1] == 'a'`: never has a value"),
        ("[1, 2].all(v, v > 0)", "error lang-always-true at `[1, 2].all(v, v > 0)`: always true"),
        ("size(m) > 3 and size(m) < 2", "error lang-always-false at `size(m) < 2`: never true"),
        ("has(o) and not has(o)", "error lang-always-false at `not has(o)`: never true"),
        ("j - 1 == 0 or (j > 1 and 1 > j)", "error lang-always-false at `1 > j`: never true"),
        ("j % 3 < 5 or p", "error lang-always-true at `j % 3 < 5`: always true"),
        ("size([]) == 0", "error lang-always-true at `size([]) == 0`: always true"),
        ("j in []", "error lang-always-false at `j in []`: never true"),
        ("p or [].exists(v, v.a > j)", "error lang-always-false at `[].exists(v, v.a > j)`: never true"),
        ("[].all(v, v > j) and p", "error lang-always-true at `[].all(v, v > j)`: always true"),
        ("m == [] and size(m) > 1", "error lang-always-false at `size(m) > 1`: never true"),
        ("size(m) == 0 and m != []", "error lang-always-false at `m != []`: never true"),
        ("m != [] implies size(m) > 0", "error lang-always-true at `size(m) > 0`: always true"),
        ("m == ['a'] and m == ['a', 'b']", "error lang-always-false at `m == ['a', 'b']`: never true"),
        (
            "int(y) > 9223372036854775807 or p",
            "error lang-always-false at `int(y) > 9223372036854775807`: never true",
        ),
    ]);
}

/// spec: LANG-95
#[test]
fn a_rule_that_the_schemas_bounds_decide_is_a_warning_if_it_always_holds() {
    finds(&[
        ("i > 20", "error lang-always-false at `i > 20`: never true"),
        ("i >= 0", "warning lang-always-true at `i >= 0`: always true"),
        ("x > 0", "warning lang-always-true at `x > 0`: always true"),
        ("x + 1.0 <= 0.5", "error lang-always-false at `x + 1.0 <= 0.5`: never true"),
        ("size(s) <= 2", "warning lang-always-true at `size(s) <= 2`: always true"),
        ("e.matches('^[ab]')", "warning lang-always-true at `e.matches('^[ab]')`: always true"),
        ("s == 'abc'", "error lang-always-false at `s == 'abc'`: never true"),
        ("e in ['a', 'b', 'ab']", "warning lang-always-true at `e in ['a', 'b', 'ab']`: always true"),
        ("l.all(v, v < 6)", "warning lang-always-true at `l.all(v, v < 6)`: always true"),
        ("l.exists(v, v == 9)", "error lang-always-false at `l.exists(v, v == 9)`: never true"),
        ("has(j)", "warning lang-always-true at `has(j)`: always true"),
        ("l != []", "warning lang-always-true at `l != []`: always true"),
        ("l == []", "error lang-always-false at `l == []`: never true"),
        ("i / 20 == 0", "warning lang-always-true at `i / 20 == 0`: always true"),
    ]);
    let whole = report(&precondition("i > 20"));
    assert_eq!(
        whole,
        "error[lang-always-false]: this precondition never holds, so no input is admitted
  --> traverse.spec.toml:7:19
   |
 7 | preconditions = [\"i > 20\"]
   |                   ^^^^^^ never true
   = note: by its schema `i` is from 0 to 10
   = help: `i` is from 0 to 10: compare it within that"
    );
}

/// spec: LANG-96
#[test]
fn a_part_that_adds_nothing_is_found_where_the_rule_is_open() {
    finds(&[
        ("p or 1 > 2", "error lang-always-false at `1 > 2`: never true"),
        ("i > 20 implies p", "warning lang-always-true at `i > 20`: never true"),
        ("p and (i > 20 implies q)", "warning lang-always-false at `i > 20`: never true"),
        ("i >= 0 ? p : q", "warning lang-always-true at `i >= 0`: always true"),
        ("l.exists(v, v > 2 and v >= 0)", "warning lang-always-true at `v >= 0`: always true"),
        ("j > 5 and j > 3", "warning lang-always-true at `j > 3`: always true"),
    ]);
    let source = precondition("p and (i > 20 implies q)");
    let contract = Contract::from_toml(&source).expect("warnings alone");
    assert_eq!(
        contract.warnings[0].render(&source),
        "warning[lang-always-false]: `i > 20` never holds, so `(i > 20 implies q)` always holds
  --> traverse.spec.toml:7:26
   |
 7 | preconditions = [\"p and (i > 20 implies q)\"]
   |                          ^^^^^^ never true
   = note: by its schema `i` is from 0 to 10
   = help: `i` is from 0 to 10: compare it within that, or take the comparison away"
    );
}

/// spec: LANG-95, LANG-96
#[test]
fn what_is_open_is_not_reported() {
    for rule in [
        "t is string",
        "p or t is string",
        "t is string and j is int and m is list",
        "has(o) implies o > 5",
        "has(o) and o > 4",
        "p ? true : q",
        "p ? j > 0 : false",
        "m.exists(v, true)",
        "y - y == 0.0",
        "y * y >= 0.0",
        "y / 0.0 > 1.0",
        "j - j == 0",
        "x <= 5e-324 or x >= 1.0",
        "j < 9223372036854775807",
        "t < 'a' or t == ''",
        "j > 5 or j < 3",
        "i in [0, 5, 10]",
        "string(y) == '1'",
        "size(m.filter(v, v == 'a')) == 0",
    ] {
        let found = said(&precondition(rule));
        assert!(found.is_empty(), "{rule}: {found:?}");
    }
}

/// spec: LANG-97
#[test]
fn members_that_are_never_found() {
    finds(&[
        ("i in [5, 11]", "warning lang-never-equal at `11`: never found"),
        ("j in [1, 2, 1]", "error lang-repeated-member at `1`: again"),
        ("s in ['a', 'abc']", "warning lang-never-equal at `'abc'`: never found"),
        ("y in [1, 2.5, 1.0]", "error lang-repeated-member at `1.0`: again"),
        ("j in [1.5, 2.0]", "error lang-never-equal at `1.5`: never found"),
        ("e in ['a', 'c']", "error lang-never-equal at `'c'`: not in the `enum` of its schema"),
        ("l.exists(v, v in [1, 7])", "warning lang-never-equal at `7`: never found"),
        ("j > 5 and j in [1, 7]", "warning lang-never-equal at `1`: never found"),
        ("i in [11, 12]", "error lang-always-false at `i in [11, 12]`: never true"),
    ]);
}

/// spec: LANG-98
#[test]
fn clauses_that_exclude_each_other() {
    let source = with_clauses("preconditions = [\"p\", \"j > 5\", \"j <= 6\", \"j != 6\"]");
    assert_eq!(said(&source), ["error lang-contradiction at `j != 6`: this and"]);
    let source = with_clauses(
        "preconditions = [\"j > 5\"]\npostconditions = [\"result.ok\"]\ninvariants = [\"not result.ok and p\"]",
    );
    assert_eq!(said(&source), ["error lang-contradiction at `not result.ok and p`: this and"]);
    let source =
        with_clauses("preconditions = [\"p\", \"j > 5\", \"j < 3\"]\npostconditions = [\"result.ok\"]");
    assert_eq!(
        report(&source),
        "error[lang-contradiction]: `j < 3` never holds beside the precondition `j > 5`, so no input is admitted
  --> traverse.spec.toml:7:33
   |
 7 | preconditions = [\"p\", \"j > 5\", \"j < 3\"]
   |                                 ^^^^^ this and
  ::: traverse.spec.toml:7:24
   |
 7 | preconditions = [\"p\", \"j > 5\", \"j < 3\"]
   |                        ^^^^^ this exclude each other
   = help: take one of them away; to admit either, write one clause with `or`"
    );
    // An exception that no admitted input can lead to.
    let source = with_clauses(
        "preconditions = [\"j > 5\"]\nexceptions = [{ name = \"Low\", when = \"j < 0\" }, { name = \"High\", when = \"j > 9\" }]",
    );
    assert_eq!(said(&source), ["warning lang-contradiction at `j < 0`: this and"]);
    // What is admitted is not reported: `j` is 4.
    let source = with_clauses("preconditions = [\"j > 3\", \"j < 5\", \"q or j == 4\"]");
    assert!(said(&source).is_empty(), "{:?}", said(&source));
}

fn with_conditions(first: &str, second: &str) -> Source {
    with_clauses(&format!(
        "preconditions = [\"j < 100\"]\nexceptions = [{{ name = \"A\", when = {first:?} }}, {{ name = \"B\", when = {second:?} }}]"
    ))
}

fn overlap(first: &str, second: &str) -> Option<String> {
    let source = with_conditions(first, second);
    let contract = Contract::from_toml(&source).unwrap_or_else(|_| panic!("{}", report(&source)));
    let found = contract.warnings.into_iter().find(|found| found.code == "lang-overlapping-when")?;
    Some(found.note.unwrap_or(found.message))
}

/// spec: SPEC-35, SPEC-36
#[test]
fn conditions_that_can_hold_together() {
    for (first, second, shows) in [
        ("j > 5", "j > 7", "both hold where `j` is 8"),
        ("j > 5", "i == 3", "both hold where `j` is 6, `i` is 3"),
        ("j > 5 or p", "j < 3", "both hold where `j` is 2, `p` is true"),
        ("has(o) and o > 4", "s == 'a'", "both hold where `o` is there, `o` is 5, `s` is 'a'"),
        ("size(m) > 3", "size(m) < 5", "both hold where `size(m)` is 4"),
        ("y > 2.5", "y < 3.0", "both hold where `y` is 2.75"),
        ("t.startsWith('EU')", "size(t) == 2", "both hold where `t` is 'EU'"),
        (
            "j > 5",
            "5 < j",
            "`5 < j` holds exactly where `j > 5` does, so it is open which of `A` and `B` is raised",
        ),
    ] {
        assert_eq!(overlap(first, second).as_deref(), Some(shows), "{first} and {second}");
    }
    let source = with_conditions("j > 7", "j > 5");
    let contract = Contract::from_toml(&source).expect("warnings alone");
    assert_eq!(
        contract.warnings[0].render(&source),
        "warning[lang-overlapping-when]: `j > 5` holds wherever `j > 7` does, so it is open which of `A` and `B` is raised
  --> traverse.spec.toml:8:69
   |
 8 | exceptions = [{ name = \"A\", when = \"j > 7\" }, { name = \"B\", when = \"j > 5\" }]
   |                                                                     ^^^^^ this and
  ::: traverse.spec.toml:8:37
   |
 8 | exceptions = [{ name = \"A\", when = \"j > 7\" }, { name = \"B\", when = \"j > 5\" }]
   |                                     ^^^^^ this hold together
   = note: both hold where `j` is 8
   = help: add `and not (j > 7)` to the later one, if the first is meant there"
    );
}

/// spec: SPEC-37
#[test]
fn conditions_of_which_nothing_is_said() {
    for (first, second) in [
        ("j > 5", "j <= 5"),
        ("p", "not p and q"),
        ("j > 5 and p", "j > 7 and not p"),
        ("has(o)", "not has(o)"),
        ("s == 'a'", "s == 'b'"),
        // Excluded by the precondition, by the schema.
        ("j > 98", "j > 50 and j < 99"),
        ("i < 3", "i >= 3"),
        // Undecided.
        ("l.exists(v, v > 3)", "l.all(v, v < 3)"),
        ("y * y == 2.0", "y > 1.0"),
    ] {
        assert_eq!(overlap(first, second), None, "{first} and {second}");
    }
}

/// spec: LANG-28, LANG-95
#[test]
fn what_is_decided_is_told_beside_other_errors() {
    let source = with_clauses("preconditions = [\"j > 5 and j < 3\", \"jj > 1\", \"i > 20\"]");
    let codes: Vec<&str> = Contract::from_toml(&source).unwrap_err().iter().map(|error| error.code).collect();
    assert_eq!(codes, ["lang-always-false", "lang-unknown-field", "lang-always-false"]);
    // A module's contract means what it means.
    let source = precondition("1 < 2");
    #[cfg(feature = "host")]
    {
        let json = crate::canonical::contract_json(&source).expect("it is TOML");
        assert!(Contract::from_json(&json).is_ok());
    }
    assert!(matches!(
        crate::contract::tests::meant(&source).expect("it is fine").clauses[0].rule,
        Rule::Expression { .. }
    ));
}

#[cfg(feature = "host")]
mod truth;

/// What is said of `rule`, `levels` times within itself by way of `{}`, on a thread that is waited for in vain if each
/// level doubles the work.
fn nested(start: &str, rule: &str, levels: usize) -> Vec<String> {
    let whole = (0..levels).fold(start.to_owned(), |inner, _| rule.replace("{}", &inner));
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || sender.send(said(&precondition(&whole))));
    receiver.recv_timeout(std::time::Duration::from_secs(20)).expect("an answer in time")
}

/// spec: SPEC-30, LANG-96
#[test]
fn rules_within_themselves_take_no_longer_than_they_are() {
    assert_eq!(nested("p", "(({}) == q and p)", 40), [""; 0]);
    assert_eq!(nested("p", "(q == ({}) ? j > 1 : p)", 40), [""; 0]);
    assert_eq!(nested("p", "({} ? j > 1 : q)", 100), [""; 0]);
    assert_eq!(nested("j", "({} > 3 ? j : i)", 40).len(), 1, "not a bool");
    assert_eq!(nested("p", "(size([1].filter(n, {})) > j and p)", 25), [""; 0]);
    let deep = (0..60).fold("j".to_owned(), |inner, _| format!("[{inner}]"));
    assert_eq!(nested(&format!("{deep} == {deep}"), "{}", 1), [""; 0]);
}

/// Lists of values are looked through once, and no more of them is tried than of others.
/// spec: SPEC-30, SPEC-37
#[test]
fn long_enums_and_many_conditions_take_their_time_once() {
    let members: Vec<String> = (0..3_000).map(|at| format!("'v{at}'")).collect();
    let property = |name: &str| format!("{name} = {{ type = 'string', enum = [{}] }}\n", members.join(","));
    let properties: String = ["a", "b", "c"].map(property).concat();
    let conditions: Vec<String> = (0..100)
        .map(|at| {
            format!(
                "{{ name = 'E{at}', when = \"a != 'v{at}' and b != 'v{at}' and c in ['v1', 'v2', 'v{}']\" }}",
                at + 5
            )
        })
        .collect();
    let source = spec(&format!(
        "[contract]\nexceptions = [{}]\n[input]\ntype = 'object'\nrequired = ['a', 'b', 'c']\n[input.properties]\n{properties}\n[output]\ntype = 'object'\nproperties = {{ ok = {{ type = 'boolean' }} }}\n",
        conditions.join(", ")
    ));
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || sender.send(said(&source).len()));
    let found = receiver.recv_timeout(std::time::Duration::from_secs(20)).expect("an answer in time");
    assert!(found > 0, "overlaps are found still");
}
