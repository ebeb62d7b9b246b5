//! Contracts as authors write them, and the errors that they read.

use super::{Contract, Rule};
use crate::diagnostic::Source;
use crate::lang::parser::tests::soup;
use crate::schema::{Schema, SchemaKind};
use proptest::prelude::*;

/// The smallest useful spec, as the documentation shows it.
const PRICING: &str = r#"# traverse.spec.toml — capability contract

[capability]
id          = "pricing.eligibility-check"
version     = "1.2.0"
runtime     = "wasm32-wasi"

[contract]
preconditions  = ["customer.tier in ['standard', 'enterprise']", "cart.total > 0"]
postconditions = ["result.eligible is bool", "result.reason is string"]
invariants     = ["enterprise customers never receive standard pricing"]
exceptions     = ["CustomerNotFound", "CartExpired"]

[placement]
targets     = ["browser", "edge", "cloud", "ai-pipeline"]
prefer      = "edge"
fallback    = "cloud"
"#;

pub(crate) fn source(text: &str) -> Source {
    Source { name: "traverse.spec.toml".into(), text: text.into() }
}

/// A spec with these lines after `[capability]`.
pub(crate) fn spec(lines: &str) -> Source {
    source(&format!(
        "[capability]\nid = \"test.rule\"\nversion = \"1.0.0\"\nruntime = \"wasm32-wasip1\"\n\n{lines}\n"
    ))
}

/// The contract as it is meant, whatever an author should be told of rules that are always true or never.
pub(crate) fn meant(source: &Source) -> Result<Contract, Vec<crate::Diagnostic>> {
    crate::spec::Spec::from_toml(source).and_then(Contract::from_spec)
}

/// The whole report on a broken spec, as it is printed.
pub(crate) fn report(source: &Source) -> String {
    match Contract::from_toml(source) {
        Ok(_) => "no errors".into(),
        Err(errors) => errors.iter().map(|error| error.render(source)).collect::<Vec<_>>().join("\n\n"),
    }
}

/// `{a: {b: number}, c?: string}`
fn shape(schema: &Schema) -> String {
    match &schema.kind {
        SchemaKind::Null => "null".into(),
        SchemaKind::Nullable(value) => format!("{}|null", shape(value)),
        SchemaKind::Tuple(items) => format!("({})", items.iter().map(shape).collect::<Vec<_>>().join(", ")),
        SchemaKind::Boolean(_) => "bool".into(),
        SchemaKind::Integer(_) => "int".into(),
        SchemaKind::Number(_) => "number".into(),
        SchemaKind::String(_) => "string".into(),
        SchemaKind::Enum(members) => members.join("|"),
        SchemaKind::Array(items, _) => format!("[{}]", shape(items)),
        SchemaKind::Map(values, _) => format!("{{*: {}}}", shape(values)),
        SchemaKind::Ref(name) => format!("#{name}"),
        SchemaKind::Object(object) => {
            let properties: Vec<String> = object
                .properties
                .iter()
                .map(|property| {
                    let mark = if property.required { "" } else { "?" };
                    format!("{}{mark}: {}", property.name, shape(&property.schema))
                })
                .collect();
            format!("{{{}}}", properties.join(", "))
        }
    }
}

/// The schema in force, `input -> output`, or the report.
pub(crate) fn inferred(lines: &str) -> String {
    let source = spec(lines);
    match Contract::from_toml(&source) {
        Ok(contract) => format!("{} -> {}", shape(&contract.schemas.input), shape(&contract.schemas.output)),
        Err(_) => report(&source),
    }
}

#[test]
fn pricing_works_as_it_stands() {
    let source = source(PRICING);
    let contract = Contract::from_toml(&source).unwrap_or_else(|_| panic!("{}", report(&source)));
    assert_eq!(shape(&contract.schemas.input), "{customer: {tier: string}, cart: {total: number}}");
    assert_eq!(shape(&contract.schemas.output), "{eligible: bool, reason: string}");
    let rules: Vec<String> = contract
        .clauses
        .iter()
        .map(|clause| match &clause.rule {
            Rule::Expression { observed, .. } => {
                observed.iter().map(|path| path.name.clone()).collect::<Vec<_>>().join(" ")
            }
            Rule::Prose => "prose".into(),
        })
        .collect();
    assert_eq!(rules, ["customer.tier", "cart.total", "result.eligible", "result.reason", "prose"]);
    assert_eq!(contract.exceptions.len(), 2);
}

/// Whether an invariant of this text is prose, beside clauses that know `cart` and `customer`; else the report.
fn invariant(text: &str) -> String {
    let source = spec(&format!(
        "[contract]\npreconditions = [\"cart.total > 0\", \"customer.tier is string\"]\npostconditions = [\"result.ok\"]\n\
         invariants = [\"\"\"{text}\"\"\"]"
    ));
    match meant(&source) {
        Ok(contract) if contract.clauses.last().is_some_and(|clause| matches!(clause.rule, Rule::Prose)) => {
            "prose".into()
        }
        Ok(_) => "expression".into(),
        Err(_) => report(&source),
    }
}

/// spec: LANG-36
#[test]
fn prose() {
    for text in [
        "enterprise customers never receive standard pricing",
        "a price is never negative",
        "the customer's tier is not in the list of tiers, and never was",
        "no customer (of any tier) pays more than 10% above list price - ever",
        "result is what the customer has seen, or less",
        "Preise sind nie negativ: größer als null!",
        "either/or, but not both; see the hand-book",
        "is the cart empty? then nothing is due.",
        "the cart is empty.Then nothing is due",
        "say \"standard pricing\"",
    ] {
        assert_eq!(invariant(text), "prose", "{text}");
    }
    // Preconditions and postconditions are always expressions.
    assert!(
        inferred(
            "[contract]\npreconditions = [\"a price is never negative\"]\npostconditions = [\"result.ok\"]"
        )
        .contains("error[lang-syntax]")
    );
}

/// spec: LANG-37
#[test]
fn a_mistyped_expression_is_not_prose() {
    let said = invariant("cart.total is never negative");
    assert_eq!(
        said,
        "error[prose-looks-like-expression]: `never` is not a type
  --> traverse.spec.toml:9:32
   |
 9 | invariants = [\"\"\"cart.total is never negative\"\"\"]
   |                                ^^^^^
   = note: it has `cart.total`, so it is read as an expression, not as prose
   = help: types are `null`, `bool`, `int`, `number`, `string`, `list` and `object`; to compare values write `==`"
    );
    for (text, sign) in [
        ("cart.total = 5", "="),
        ("total < ", "<"),
        ("ok == ", "=="),
        ("ok && ", "&&"),
        ("ok || ", "||"),
        ("(ok", "("),
        ("!(ok", "("),
        ("the size(cart) must be small", "size("),
        ("never result.ok when empty", "result.ok"),
        ("cart[0 is empty", "cart["),
        ("lines.all(line line.ok)", ".all("),
    ] {
        let said = invariant(text);
        let note = format!("it has `{sign}`, so it is read as an expression, not as prose");
        assert!(said.contains("prose-looks-like-expression") && said.contains(&note), "{text}: {said}");
    }
    assert!(invariant("cart.items.substring(1)").contains("error[lang-unsupported]"));
}

/// spec: LANG-38
#[test]
fn plain_words_that_name_no_field_are_prose() {
    for text in ["idempotent", "monotonic and idempotent", "price is number", "null and void", "not negative"]
    {
        assert_eq!(invariant(text), "prose", "{text}");
    }
    assert_eq!(invariant("true"), "expression");
    assert_eq!(invariant("cart is object"), "expression");
    assert!(invariant("customer").contains("lang-conflict"));
    assert!(invariant("cart and idempotent").contains("lang-conflict"));
}

proptest! {
    /// spec: LANG-13, LANG-28
    #[test]
    fn no_rules_panic_and_every_place_is_in_the_file(first in soup(), second in soup(), third in soup()) {
        let schema = "[input]\ntype = \"object\"\nproperties = { cart = { type = \"object\", properties = { total = { type = \"number\" } } }, a = { type = \"array\", items = { type = \"string\" } } }\n[output]\ntype = \"string\"";
        for schema in ["", schema] {
            let source = spec(&format!(
                "[contract]\npreconditions = [{first:?}]\npostconditions = [{second:?}]\ninvariants = [{third:?}]\n{schema}"
            ));
            if let Err(errors) = Contract::from_toml(&source) {
                prop_assert!(!errors.is_empty());
                for error in errors {
                    let (span, _) = error.label.clone().unwrap_or_default();
                    prop_assert!(source.text.get(span.start..span.end).is_some(), "{error:?}");
                    error.render(&source);
                }
            }
        }
    }
}

#[cfg(feature = "host")]
#[test]
fn json_gives_the_same_contract_without_places() {
    let toml = Contract::from_toml(&source(PRICING)).expect("it is fine");
    let text = crate::canonical::contract_json(&source(PRICING)).expect("it is fine");
    let json = Contract::from_json(&text).expect("it is fine");
    assert_eq!(shape(&json.schemas.input), shape(&toml.schemas.input));
    assert_eq!(shape(&json.schemas.output), shape(&toml.schemas.output));
    assert_eq!(json.clauses.len(), toml.clauses.len());
    let errors =
        Contract::from_json(&text.replace("cart.total > 0", "cart.total >")).expect_err("it is broken");
    assert_eq!((errors.len(), errors[0].code, &errors[0].label), (1, "lang-syntax", &None));
}

/// spec: LANG-2
#[test]
fn the_deepest_rule_needs_little_stack() {
    let deep = |depth: usize| format!("{}(flag){}", "not (".repeat(depth), ")".repeat(depth));
    let run = move || {
        let said = |rule: &str| {
            inferred(&format!("[contract]\npreconditions = [\"{rule}\"]\npostconditions = [\"result.ok\"]"))
        };
        assert_eq!(said(&deep(40)), "{flag: bool} -> {ok: bool}");
        assert!(said(&deep(127)).contains("lang-too-deep"));
        assert_eq!(said(&("-".repeat(120) + "n > 0")), "{n: number} -> {ok: bool}");
        assert_eq!(said(&("flag and ".repeat(120) + "flag")), "{flag: bool} -> {ok: bool}");
    };
    let thread = std::thread::Builder::new().stack_size(1 << 20).spawn(run).expect("a thread");
    assert!(thread.join().is_ok());
}

fn pre(clauses: &[&str]) -> String {
    report(&spec(&format!("[contract]\npreconditions = {clauses:?}\npostconditions = [\"result.ok\"]")))
}

/// spec: LANG-36
#[test]
fn words_that_are_no_invariant_are_told_where_they_belong() {
    assert_eq!(
        pre(&["enterprise customers don't pay more."]),
        "error[lang-syntax]: this precondition is words, not an expression
  --> traverse.spec.toml:7:19
   |
 7 | preconditions = [\"enterprise customers don't pay more.\"]
   |                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
   = help: words are for `invariants` only; write an expression, or move it"
    );
    // What is nearer to an expression is told as one.
    for clause in ["a is not negative", "a and b or", "a > 1 an b < 2", "a b"] {
        assert!(!pre(&[clause]).contains("words are for"), "{clause}");
    }
}

/// spec: LANG-32
#[test]
fn a_property_that_is_optional_by_inference_points_to_the_question() {
    assert_eq!(
        pre(&["has(cart.coupon) implies cart.coupon is string", "cart.coupon == 'x'"]),
        "error[lang-unguarded-optional]: `cart.coupon` may be absent
  --> traverse.spec.toml:7:69
   |
 7 | preconditions = [\"has(cart.coupon) implies cart.coupon is string\", \"cart.coupon == 'x'\"]
   |                                                                     ^^^^^^^^^^^ read without `has()`
  ::: traverse.spec.toml:7:19
   |
 7 | preconditions = [\"has(cart.coupon) implies cart.coupon is string\", \"cart.coupon == 'x'\"]
   |                   ^^^^^^^^^^^^^^^^ asked here whether it is there
   = note: it is optional, because a rule asks `has()` of it
   = help: write `has(cart.coupon) implies …` or `has(cart.coupon) and …`; if it is always there, take the other `has()` away"
    );
    let items = pre(&["has(input.l[1].x) implies l[1].x > 0", "l[0].x < 9"]);
    assert!(items.contains("asked here") && !items.contains("required"), "{items}");
    // A written schema has its list.
    let written = report(&spec(
        "[input]\ntype = \"object\"\nproperties = { a = { type = \"number\" } }\n[contract]\npreconditions = [\"a > 0\", \"has(a)\"]\npostconditions = [\"result.ok\"]",
    ));
    assert!(written.contains("list `a` under `required`") && !written.contains("asked here"), "{written}");
}

/// spec: LANG-19, LANG-34
#[test]
fn a_list_or_text_compared_with_a_number_is_meant_by_its_size() {
    let written = |clause: &str| {
        report(&spec(&format!(
            "[input]\ntype = \"object\"\nrequired = [\"zones\", \"name\"]\n[input.properties]\nzones = {{ type = \"array\", items = {{ type = \"string\" }} }}\nname = {{ type = \"string\" }}\n[contract]\npreconditions = [{clause:?}]\npostconditions = [\"result.ok\"]"
        )))
    };
    for (clause, help) in [
        ("zones > 0", "write `size(zones) > 0`"),
        ("zones == 2", "write `size(zones) == 2`"),
        ("0 < zones", "write `0 < size(zones)`"),
        ("name >= 3", "write `size(name) >= 3`"),
        ("name == 5", "text stands in quotes: `'5'`"),
    ] {
        assert!(written(clause).contains(help), "{}", written(clause));
    }
    let inferred = pre(&["zones is list", "zones > 0", "zones[0] is string"]);
    assert!(inferred.contains("for the number of its elements write `size(zones)`"), "{inferred}");
}
