//! Rules drawn at random: what is reported of them is so on every input that is drawn.

use super::with_clauses;
use crate::contract::{Contract, Rule};
use crate::lang::check::certain::Analysis;
use crate::lang::check::decided::{Judged, Place, decided};
use crate::lang::check::overlap::{Given, Overlap, Slot, overlap};
use crate::lang::check::range::Known;
use crate::lang::eval::evaluate;
use crate::lang::typed::{TypedExpr, TypedKind};
use crate::spec::ClauseKind;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use std::cell::Cell;

fn int() -> BoxedStrategy<String> {
    let leaf = prop_oneof![
        3 => select(vec!["i", "j", "size(l)", "size(s)", "size(t)", "l[0]", "l[1]", "size(m)", "int(y)", "size(s + e)"])
            .prop_map(str::to_owned),
        3 => (-2i64..12).prop_map(|value| value.to_string()),
        1 => select(vec![i64::MAX, i64::MIN + 1]).prop_map(|value| value.to_string()),
    ];
    leaf.prop_recursive(2, 6, 2, |inner| {
        (inner.clone(), select(vec!["+", "-", "*", "/", "%"]), inner)
            .prop_map(|(left, op, right)| format!("({left} {op} {right})"))
    })
    .boxed()
}

fn double() -> BoxedStrategy<String> {
    let leaf = prop_oneof![
        3 => select(vec!["x", "y", "double(i)", "double(size(m))"]).prop_map(str::to_owned),
        3 => select(vec!["0.0", "-1.5", "2.0", "0.5", "1e308", "5e-324"]).prop_map(str::to_owned),
    ];
    leaf.prop_recursive(2, 6, 2, |inner| {
        (inner.clone(), select(vec!["+", "-", "*", "/"]), inner)
            .prop_map(|(left, op, right)| format!("({left} {op} {right})"))
    })
    .boxed()
}

fn text() -> BoxedStrategy<String> {
    let leaf =
        select(vec!["s", "t", "e", "m[0]", "''", "'a'", "'b'", "'ab'", "'abc'", "string(p)", "string(i)"])
            .prop_map(str::to_owned);
    leaf.prop_recursive(1, 3, 2, |inner| {
        (inner.clone(), inner).prop_map(|(left, right)| format!("({left} + {right})"))
    })
    .boxed()
}

fn relation() -> BoxedStrategy<String> {
    let op = || select(vec!["==", "!=", "<", "<=", ">", ">="]);
    let members = |member: BoxedStrategy<String>| {
        prop::collection::vec(member, 1..4).prop_map(|members| members.join(", "))
    };
    prop_oneof![
        5 => (int(), op(), int()).prop_map(|(left, op, right)| format!("{left} {op} {right}")),
        2 => (double(), op(), double()).prop_map(|(left, op, right)| format!("{left} {op} {right}")),
        2 => (int(), op(), double()).prop_map(|(left, op, right)| format!("{left} {op} {right}")),
        3 => (text(), op(), text()).prop_map(|(left, op, right)| format!("{left} {op} {right}")),
        2 => (int(), members(int())).prop_map(|(element, members)| format!("{element} in [{members}]")),
        2 => (text(), members(text())).prop_map(|(element, members)| format!("{element} in [{members}]")),
        1 => int().prop_map(|element| format!("{element} in l")),
        1 => text().prop_map(|element| format!("{element} in m")),
        2 => (text(), select(vec!["startsWith", "endsWith", "contains"]), text())
            .prop_map(|(text, function, part)| format!("({text}).{function}({part})")),
        2 => select(vec!["p", "q", "true", "false", "has(o)", "p == q", "(has(o) and o > 4)", "(has(o) implies o < 2)"])
            .prop_map(str::to_owned),
        2 => (select(vec!["all", "exists", "exists_one"]), op(), int(), op(), int())
            .prop_map(|(kind, op, value, other_op, other)| {
                format!("l.{kind}(v, v {op} {value} and v {other_op} {other})")
            }),
        1 => (op(), int(), op(), int())
            .prop_map(|(op, value, of, size)| format!("size(l.filter(v, v {op} {value})) {of} {size}")),
        1 => (int(), op(), int(), int())
            .prop_map(|(plus, op, value, element)| format!("{element} in l.map(v, v {op} {value}, v + {plus})")),
        1 => (op(), text()).prop_map(|(op, value)| format!("m.exists(v, v {op} {value})")),
    ]
    .boxed()
}

fn rule() -> BoxedStrategy<String> {
    relation()
        .prop_recursive(4, 12, 3, |inner| {
            prop_oneof![
                4 => (inner.clone(), select(vec!["and", "or", "implies"]), inner.clone())
                    .prop_map(|(left, op, right)| format!("({left} {op} {right})")),
                1 => inner.clone().prop_map(|operand| format!("not ({operand})")),
                1 => (inner.clone(), inner.clone(), inner)
                    .prop_map(|(condition, then, otherwise)| format!("({condition} ? {then} : {otherwise})")),
            ]
        })
        .boxed()
}

fn input() -> impl Strategy<Value = Value> {
    let integer = prop_oneof![4 => -3i64..13, 1 => select(vec![i64::MAX, i64::MIN])];
    let number = select(vec![-1.5, -0.0, 0.0, 0.5, 2.0, 3.25, 1e308, -1e308, 5e-324]);
    let positive = select(vec![0.5, 2.0, 5e-324, 1e308]);
    let texts = || select(vec!["", "a", "b", "ab", "abc", "é", "true"]);
    let numbers = (0i64..=10, integer, positive, number, prop::option::of(3i64..9));
    let words = (select(vec!["a", "b", "ab", "é"]), texts(), select(vec!["a", "b", "ab"]));
    let lists = (prop::collection::vec(0i64..=5, 1..=3), prop::collection::vec(texts(), 0..3));
    (numbers, words, lists, any::<bool>(), any::<bool>()).prop_map(
        |((i, j, x, y, o), (s, t, e), (l, m), p, q)| {
            let mut input =
                json!({"i": i, "j": j, "x": x, "y": y, "s": s, "t": t, "e": e, "l": l, "m": m, "p": p, "q": q});
            if let Some(o) = o {
                input["o"] = o.into();
            }
            input
        },
    )
}

fn holds(contract: &Contract, expr: &TypedExpr, input: &Value) -> bool {
    evaluate(expr, contract.scope(input, None)) == Ok(true)
}

/// Conditions that stand outside of macros, where they can be evaluated by themselves.
fn conditions<'e>(expr: &'e TypedExpr, found: &mut Vec<&'e TypedExpr>) {
    found.push(expr);
    if !matches!(expr.kind, TypedKind::Macro { .. }) {
        expr.operands().into_iter().for_each(|child| conditions(child, found));
    }
}

/// Rules about few paths, so that two of them are often about the same.
fn bound() -> BoxedStrategy<String> {
    let op = || select(vec!["==", "!=", "<", "<=", ">", ">="]);
    prop_oneof![
        (select(vec!["i", "j", "size(m)", "size(s)", "l[0]"]), op(), -1i64..5)
            .prop_map(|(path, op, value)| format!("{path} {op} {value}")),
        (select(vec!["x", "y"]), op(), select(vec!["0.0", "0.5", "2.0"]))
            .prop_map(|(path, op, value)| format!("{path} {op} {value}")),
        (select(vec!["s", "t", "e"]), op(), select(vec!["''", "'a'", "'b'"]))
            .prop_map(|(path, op, value)| format!("{path} {op} {value}")),
        select(vec!["p", "not p", "has(o)", "not has(o)", "has(o) and o > 5", "has(o) implies o < 4"])
            .prop_map(str::to_owned),
    ]
    .prop_recursive(1, 4, 2, |inner| {
        (inner.clone(), select(vec!["and", "or", "implies"]), inner)
            .prop_map(|(left, op, right)| format!("{left} {op} {right}"))
    })
    .boxed()
}

/// spec: LANG-95, LANG-96, LANG-99
#[test]
fn whatever_is_reported_is_so() {
    let (never, always) = (Cell::new(0), Cell::new(0));
    let counted = |count: &Cell<u32>| count.set(count.get() + 1);
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(4_000) };
    let drawn = (rule(), rule(), prop::collection::vec(input(), 24));
    let checked = TestRunner::new(config).run(&drawn, |(first, second, inputs)| {
        let source = with_clauses(&format!("preconditions = [{first:?}, {second:?}]"));
        // Two rules may be the same one, and `in` may be refused.
        let Ok(contract) = crate::contract::tests::meant(&source) else { return Ok(()) };
        for clause in &contract.clauses {
            let Rule::Expression { expr, .. } = &clause.rule else { continue };
            for bounds in [false, true] {
                let mut analysis = Analysis::new(&contract.schemas, bounds);
                analysis.rule(expr);
                let mut parts = Vec::new();
                conditions(expr, &mut parts);
                for part in parts {
                    let verdict = analysis.noted(part);
                    if verdict.is_open() || !verdict.given.is_empty() && !std::ptr::eq(part, expr) {
                        continue;
                    }
                    counted(if verdict.is_always() { &always } else { &never });
                    for input in &inputs {
                        prop_assert_eq!(
                            holds(&contract, part, input),
                            verdict.is_always(),
                            "`{}` on {}: {:?}",
                            &clause.source.rule.value[part.span.start..part.span.end],
                            input,
                            verdict
                        );
                    }
                }
            }
        }
        Ok(())
    });
    checked.unwrap();
    let counts = (never.get(), always.get());
    assert!(counts.0 > 500 && counts.1 > 500, "hardly anything was reported: {counts:?}");
}

/// spec: LANG-98
#[test]
fn clauses_said_to_exclude_each_other_do() {
    let apart = Cell::new(0);
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) };
    let drawn = (prop::collection::vec(bound(), 2..6), prop::collection::vec(input(), 24));
    let checked = TestRunner::new(config).run(&drawn, |(rules, inputs)| {
        let source = with_clauses(&format!("preconditions = {rules:?}"));
        let Ok(contract) = crate::contract::tests::meant(&source) else { return Ok(()) };
        let place = Place::Clause(ClauseKind::Precondition);
        let judged: Vec<Judged<'_>> = contract
            .clauses
            .iter()
            .filter_map(|clause| match &clause.rule {
                Rule::Expression { expr, .. } => Some(Judged { expr, text: &clause.source.rule, place }),
                Rule::Prose => None,
            })
            .collect();
        let found = decided(&contract.schemas, &judged);
        if found.iter().any(|found| found.code == "lang-contradiction") {
            apart.set(apart.get() + 1);
            for input in &inputs {
                let all = judged.iter().all(|rule| holds(&contract, rule.expr, input));
                prop_assert!(!all, "{:?} on {}", rules, input);
            }
        }
        Ok(())
    });
    checked.unwrap();
    assert!(apart.get() > 50, "hardly anything was reported: {}", apart.get());
}

/// The input with what an example says of it.
fn as_the_example_has_it(input: &Value, example: &[(Slot, Known)]) -> Value {
    let mut input = input.clone();
    for (slot, value) in example {
        let [name] = slot.path.as_slice() else { panic!("properties of the input alone: {slot:?}") };
        let there = input.get(name).is_some();
        match value {
            Known::Bool(truth) if slot.asks() && truth.yes && !there => input[name] = json!(5),
            Known::Bool(truth) if slot.asks() && !truth.yes => {
                drop(input.as_object_mut().unwrap().remove(name))
            }
            Known::Bool(_) if slot.asks() => {}
            Known::Bool(truth) => input[name] = truth.yes.into(),
            Known::Int(ints) => input[name] = ints.low.into(),
            Known::Double(doubles) => input[name] = doubles.low.into(),
            Known::Text(texts) => {
                input[name] = texts.one_of.as_ref().and_then(|texts| texts.first()).cloned().into();
            }
            Known::List(lists) => {
                let any = if name == "l" { json!(2) } else { json!("b") };
                input[name].as_array_mut().unwrap().resize(lists.size.low as usize, any);
            }
            other => panic!("{other:?}"),
        }
    }
    // What is absent by one part of the example is not there by another.
    for (slot, value) in example {
        if slot.asks() && matches!(value, Known::Bool(truth) if truth.no) {
            input.as_object_mut().unwrap().remove(&slot.path[0]);
        }
    }
    input
}

/// spec: SPEC-35, SPEC-36
#[test]
fn what_shows_an_overlap_meets_both_conditions() {
    let shown = Cell::new(0);
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1_000) };
    let condition = || prop_oneof![2 => bound(), 1 => rule()];
    let drawn = (condition(), condition(), bound(), prop::collection::vec(input(), 8));
    let checked = TestRunner::new(config).run(&drawn, |(first, second, before, inputs)| {
        let source = with_clauses(&format!(
            "preconditions = [{before:?}]\nexceptions = [{{ name = \"A\", when = {first:?} }}, {{ name = \"B\", when = {second:?} }}]"
        ));
        let Ok(contract) = crate::contract::tests::meant(&source) else { return Ok(()) };
        let Rule::Expression { expr: before, .. } = &contract.clauses[0].rule else { return Ok(()) };
        let when = |at: usize| contract.exceptions[at].when.as_ref().map(|(expr, _)| expr).unwrap();
        let given = Given { schemas: &contract.schemas, first: when(0), second: when(1), before: &[before] };
        match overlap(&given, &mut 100_000) {
            None => {}
            Some(Overlap::Same) => {
                for input in inputs.iter().filter(|input| holds(&contract, before, input)) {
                    let both = [when(0), when(1)].map(|expr| holds(&contract, expr, input));
                    prop_assert_eq!(both[0], both[1], "{} and {} on {}", first, second, input);
                }
            }
            Some(Overlap::Example(example, implied)) => {
                shown.set(shown.get() + 1);
                for input in &inputs {
                    let met = as_the_example_has_it(input, &example);
                    prop_assert!(contract.check_input(&met).is_ok(), "{} {:?}", met, contract.check_input(&met));
                    for expr in [before, when(0), when(1)] {
                        prop_assert!(holds(&contract, expr, &met), "{}: {} and {} on {}", before.span.end, first, second, met);
                    }
                    if implied && holds(&contract, before, input) && holds(&contract, when(0), input) {
                        prop_assert!(holds(&contract, when(1), input), "{} implies {}: {}", first, second, input);
                    }
                }
            }
        }
        Ok(())
    });
    checked.unwrap();
    assert!(shown.get() > 100, "hardly anything was found: {}", shown.get());
}
