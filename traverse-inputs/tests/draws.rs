//! What is drawn for contracts of every kind.

use serde_json::{Value, json};
use std::collections::BTreeSet;
use traverse_contract::contract::Rule;
use traverse_contract::lang::eval::evaluate;
use traverse_contract::schema::validate::validate;
use traverse_contract::spec::{ClauseKind, Spec};
use traverse_contract::{Contract, Source};
use traverse_inputs::{Goal, Inputs, shrink};

fn contract(text: &str) -> Contract {
    let head = "[capability]\nid = \"a.b\"\nversion = \"1.0.0\"\nruntime = \"wasm32-wasip1\"\n";
    let text = if text.contains("[capability]") { text.to_owned() } else { format!("{head}{text}") };
    let source = Source { name: "traverse.spec.toml".into(), text };
    // Rules that exclude each other are fine to look for inputs with.
    Spec::from_toml(&source).and_then(Contract::from_spec).unwrap_or_else(|errors| {
        panic!("{}", errors.iter().map(|error| error.render(&source)).collect::<Vec<_>>().join("\n"))
    })
}

fn known() -> Vec<Contract> {
    [
        include_str!("../../templates/pricing/traverse.spec.toml"),
        include_str!("../../templates/minimal/traverse.spec.toml"),
        include_str!("../../templates/iban/traverse.spec.toml"),
        include_str!("../../traverse-sdk/tests/specs/order.spec.toml"),
        include_str!("../../traverse-sdk/tests/specs/expressions.spec.toml"),
        include_str!("../../traverse-sdk/tests/specs/keywords.spec.toml"),
        EDGES,
    ]
    .into_iter()
    .map(contract)
    .collect()
}

const EDGES: &str = r##"
[input]
type = "object"
required = ["whole", "half_open", "tight", "name", "kind", "few"]
additionalProperties = false
[input.properties]
whole     = { type = "integer", minimum = -3, maximum = 12 }
half_open = { type = "number", exclusiveMinimum = 0, maximum = 2.5 }
tight     = { type = "number", exclusiveMinimum = 1, exclusiveMaximum = 1.0000000000000004 }
name      = { type = "string", minLength = 2, maxLength = 3 }
long      = { type = "string", minLength = 500 }
kind      = { "$ref" = "#/types/Kind" }
few       = { type = "array", items = { type = "boolean" }, minItems = 1, maxItems = 2 }
note      = { type = "string" }
[types.Kind]
enum = ["one", "two"]
[output]
type = "object"
required = ["ok"]
properties = { ok = { type = "boolean" } }
"##;

#[test]
fn what_is_valid_fits_and_what_is_broken_does_not() {
    for contract in known() {
        let mut inputs = Inputs::new(&contract, 1);
        let mut broken = 0;
        for _ in 0..2000 {
            let call = inputs.valid_call();
            contract.check_input(&call.input).unwrap_or_else(|no| panic!("{}: {no:?}", call.input));
            let output = call.output.expect("a call has a result");
            validate(&contract.schemas, &contract.schemas.output, &output).expect("it fits");
            let near = inputs.near(&call.input);
            contract.check_input(&near).unwrap_or_else(|no| panic!("{near}: {no:?}"));
            let wrong = inputs.broken(near);
            broken += u32::from(contract.check_input(&wrong).is_err());
        }
        assert!(broken > 1900, "{broken}");
    }
}

#[test]
fn the_edges_of_the_schema_are_met_from_both_sides() {
    let contract = contract(EDGES);
    let mut inputs = Inputs::new(&contract, 2);
    let drawn: Vec<Value> = (0..20_000).map(|_| inputs.draw()).collect();
    let met =
        |name: &str| -> BTreeSet<String> { drawn.iter().map(|input| input[name].to_string()).collect() };
    let has = |name: &str, wanted: &[&str]| {
        let met = met(name);
        for wanted in wanted {
            assert!(met.contains(*wanted), "{name} was never {wanted}");
        }
    };
    has("whole", &["-4", "-3", "-2", "11", "12", "13", "0.5", "null", "3.0"]);
    has("half_open", &["0.0", "5e-324", "2.5", "2.5000000000000004"]);
    has("tight", &["1.0000000000000002"]);
    has("kind", &["\"one\"", "\"two\"", "\"ONE\"", "1"]);
    let lengths = |name: &str| -> BTreeSet<usize> {
        drawn.iter().filter_map(|input| Some(input[name].as_str()?.chars().count())).collect()
    };
    assert_eq!(lengths("name"), BTreeSet::from([0, 1, 2, 3, 4]));
    assert!(lengths("long").is_superset(&BTreeSet::from([499, 500])));
    let sizes: BTreeSet<usize> =
        drawn.iter().filter_map(|input| Some(input["few"].as_array()?.len())).collect();
    assert_eq!(sizes, BTreeSet::from([0, 1, 2, 3]));
    let keys: BTreeSet<&str> = drawn
        .iter()
        .filter_map(Value::as_object)
        .flat_map(|fields| fields.keys().map(String::as_str))
        .collect();
    assert!(keys.contains("unknown") && keys.contains("note"), "{keys:?}");
    assert!(drawn.iter().any(|input| input.get("note").is_none()));
    assert!(drawn.iter().any(|input| !input.is_object()));
    let has_odd_text = drawn.iter().any(|input| input["note"].as_str().is_some_and(|note| !note.is_ascii()));
    assert!(has_odd_text);
}

#[test]
fn a_seed_decides_everything() {
    for contract in known() {
        let drawn = |seed| -> Vec<Value> {
            let mut inputs = Inputs::new(&contract, seed);
            (0..50).map(|_| inputs.draw()).collect()
        };
        assert_eq!(drawn(5), drawn(5));
        assert_ne!(drawn(5), drawn(6));
    }
}

/// The rules that `inputs` does not show both verdicts of, within so many draws.
fn one_sided(contract: &Contract, draws: usize) -> Vec<String> {
    let mut inputs = Inputs::new(contract, 3);
    let mut met = vec![[false; 2]; contract.clauses.len()];
    for _ in 0..draws {
        let call = inputs.valid_call();
        for (met, clause) in met.iter_mut().zip(&contract.clauses) {
            if let Rule::Expression { expr, .. } = &clause.rule {
                let holds = evaluate(expr, contract.scope(&call.input, call.output.as_ref().map(Into::into)));
                met[usize::from(holds == Ok(true))] = true;
            }
        }
    }
    let clauses = contract.clauses.iter().zip(met).filter(|(clause, _)| !clause.is_prose());
    clauses.filter(|(_, met)| *met != [true; 2]).map(|(clause, _)| clause.source.rule.value.clone()).collect()
}

#[test]
fn rules_are_met_true_and_false() {
    let rules = contract(
        r##"
[input]
type = "object"
required = ["a", "b", "x", "s", "t", "words", "lines"]
[input.properties]
a = { type = "integer" }
b = { type = "integer" }
x = { type = "number" }
s = { type = "string" }
t = { type = "string" }
code = { type = "string", minLength = 4, maxLength = 12 }
words = { type = "array", items = { type = "string" } }
lines = { type = "array", items = { "$ref" = "#/types/Line" } }
[types.Line]
type = "object"
required = ["sku", "price"]
properties = { sku = { type = "string" }, price = { type = "number" }, parts = { type = "array", items = { type = "integer" } } }
[output]
type = "object"
required = ["total"]
properties = { total = { type = "number" } }
[contract]
preconditions = [
  "a == 123456789", "a == b", "a > b", "b == a + 1", "x == 0.1", "x > 1e300", "a < x and x < 5000",
  "s == 'standard'", "s in ['alpha', 'beta']", "s == t", "s.startsWith(t) and size(t) > 2", "t.endsWith('-EU')",
  "s.contains('needle')", "size(s) == 17", "size(words) > 20", "'red' in words", "s in words", "words[0] == t",
  "has(code) implies code.startsWith('AB')", "has(code) and size(code) == 12", "not has(code)",
  "lines.all(line, line.price > 100)", "lines.exists(line, line.sku == 'X-1')",
  "lines.exists_one(line, line.sku == s)", "size(lines.filter(line, line.price == 7.5)) >= 2",
  "lines.exists(line, has(line.parts) and line.parts.exists(part, part == a))",
  "string(a) == s", "int(t) == 42", "s == t + '!'", "a % 7 == 3 and a > 1000", "(a > 0 ? s : t) == 'yes'",
]
postconditions = [
  "result.total == x", "result.total >= 0", "result.total == lines[0].price",
]
"##,
    );
    let missed = one_sided(&rules, 20_000);
    assert!(missed.is_empty(), "{missed:#?}");
    for contract in known() {
        let missed = one_sided(&contract, 20_000);
        assert!(missed.len() <= 12, "{missed:#?}");
    }
}

#[test]
fn calls_that_every_rule_lets_pass_are_found() {
    for contract in known() {
        // One of these rules asks that no input is taken but by another.
        if contract.clauses.len() > 60 {
            continue;
        }
        let mut inputs = Inputs::new(&contract, 4);
        let found: Vec<_> = (0..20).filter_map(|_| inputs.accepted_call()).collect();
        assert!(found.len() > 10, "{}: {}", contract.spec.capability.id.value, found.len());
        for call in found {
            for clause in &contract.clauses {
                if let Rule::Expression { expr, .. } = &clause.rule {
                    assert_eq!(
                        evaluate(expr, contract.scope(&call.input, call.output.as_ref().map(Into::into))),
                        Ok(true)
                    );
                }
            }
        }
    }
}

#[test]
fn a_walk_meets_goals_of_two_contracts() {
    let rules = |rules: &str| {
        contract(&format!(
            "[contract]\npreconditions = [{rules}]\npostconditions = [\"result.ok is bool\"]\n"
        ))
    };
    let old = rules("\"customer.tier in ['standard', 'enterprise']\", \"cart.total > 0\"");
    let new = rules("\"customer.tier in ['standard', 'enterprise']\", \"cart.total > 10.5\"");
    let mut inputs = Inputs::new(&old, 5).without_strangers();
    inputs.heed(&new);
    let mut goals = inputs.rules(|kind| kind == ClauseKind::Precondition);
    let Rule::Expression { expr, .. } = &new.clauses[1].rule else { panic!("an expression") };
    goals.push(Goal::Rule { rule: expr, types: &new.schemas.types, holds: false });
    let found = inputs.solve(&goals, false, 5, &mut |_| true).expect("it is found");
    let total = found.input["cart"]["total"].as_f64().expect("a number");
    assert!(total > 0.0 && total <= 10.5, "{}", found.input);
    // Nothing is both.
    goals.push(Goal::Rule { rule: expr, types: &new.schemas.types, holds: true });
    assert_eq!(inputs.solve(&goals, false, 5, &mut |_| true), None);
}

#[test]
fn shrinking_keeps_what_shows_it() {
    let value = json!({
        "name": "Zoë Übermann", "total": -1234.5678, "flag": true, "count": 98_765,
        "lines": [{"sku": "QX-17", "price": 3.25}, {"sku": "needle in a stack", "price": 1e17}],
    });
    let keep = |value: &Value| value["lines"].as_array().is_some_and(|lines| lines.iter().any(has_needle));
    fn has_needle(line: &Value) -> bool {
        line["sku"].as_str().is_some_and(|sku| sku.contains("needle"))
    }
    assert_eq!(shrink(value.clone(), keep), json!({"lines": [{"sku": "needle"}]}));
    let small = shrink(value.clone(), |value| value["total"].as_f64().is_some_and(|total| total < -10.0));
    assert_eq!(small, json!({"total": -11}));
    let small = shrink(value.clone(), |value| value["count"].as_i64().is_some_and(|count| count >= 1000));
    assert_eq!(small, json!({"count": 1000}));
    assert_eq!(shrink(value, |_| true), json!({}));
}

#[test]
fn what_must_stay_alike_shrinks_together() {
    // Equal numbers, equal texts, equal names.
    let same = |value: &Value| value["balance"].is_number() && value["balance"] == value["amount"];
    assert_eq!(shrink(json!({"balance": 731, "amount": 731}), same), json!({"balance": 0, "amount": 0}));
    let twice = |value: &Value| {
        value.as_array().is_some_and(|items| items.len() == 3 && items[0] == items[2] && items[0] != items[1])
    };
    assert_eq!(shrink(json!(["xyz", "abc", "xyz"]), twice), json!(["a", "", "a"]));
    let named = |value: &Value| {
        let there = |map: &str| value[map].as_object().and_then(|map| map.keys().next().cloned());
        there("stock").is_some() && there("stock") == there("order")
    };
    let maps = json!({"stock": {"QX 17": 3}, "order": {"QX 17": 5}});
    assert_eq!(shrink(maps, named), json!({"stock": {"": 0}, "order": {"": 0}}));
    // A distance.
    let next = |value: &Value| {
        let number = |name: &str| value[name].as_i64();
        number("from").is_some_and(|from| from > 9 && number("until") == Some(from + 1))
    };
    assert_eq!(shrink(json!({"from": 73_411, "until": 73_412}), next), json!({"from": 10, "until": 11}));
}

#[test]
fn numbers_and_texts_shrink_to_the_nearest_that_will_do() {
    let above = |least: i64| move |value: &Value| value.as_i64().is_some_and(|number| number >= least);
    assert_eq!(shrink(json!(7_130_825_992_i64), above(4_294_967_296)), json!(4_294_967_296_i64));
    assert_eq!(shrink(json!(i64::MAX), above(1_357)), json!(1_357));
    let cents = |value: &Value| value.as_f64().is_some_and(|number| (49.99..50.0).contains(&number));
    assert_eq!(shrink(json!(49.998_137), cents), json!(49.99));
    let digits = |value: &Value| {
        value.as_str().is_some_and(|text| text.len() == 7 && text.bytes().all(|one| one.is_ascii_digit()))
    };
    assert_eq!(shrink(json!("9041762"), digits), json!("0000000"));
    let wide = |value: &Value| value.as_str().is_some_and(|text| !text.is_ascii());
    assert_eq!(shrink(json!("q\u{202e}Ab"), wide), json!("é"));
}
