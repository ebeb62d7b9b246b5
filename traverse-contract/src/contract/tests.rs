//! Contracts as authors write them, and the errors that they read.

use super::{Contract, Rule};
use crate::diagnostic::Source;
use crate::schema::{Schema, SchemaKind};

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

pub(super) fn source(text: &str) -> Source {
    Source { name: "traverse.spec.toml".into(), text: text.into() }
}

/// A spec with these lines after `[capability]`.
pub(super) fn spec(lines: &str) -> Source {
    source(&format!(
        "[capability]\nid = \"test.rule\"\nversion = \"1.0.0\"\nruntime = \"wasm32-wasip1\"\n\n{lines}\n"
    ))
}

/// The whole report on a broken spec, as it is printed.
pub(super) fn report(source: &Source) -> String {
    match Contract::from_toml(source) {
        Ok(_) => "no errors".into(),
        Err(errors) => errors.iter().map(|error| error.render(source)).collect::<Vec<_>>().join("\n\n"),
    }
}

/// `{a: {b: number}, c?: string}`
fn shape(schema: &Schema) -> String {
    match &schema.kind {
        SchemaKind::Boolean => "bool".into(),
        SchemaKind::Integer(_) => "int".into(),
        SchemaKind::Number(_) => "number".into(),
        SchemaKind::String(_) => "string".into(),
        SchemaKind::Enum(members) => members.join("|"),
        SchemaKind::Array(items, _) => format!("[{}]", shape(items)),
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
fn inferred(lines: &str) -> String {
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
