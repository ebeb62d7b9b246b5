//! Results with one value changed that still fit the schema.

use super::CaseEvidence;
use serde::Serialize;
use serde_json::{Number, Value};
use std::collections::{BTreeMap, BTreeSet};
use traverse_contract::Contract;
use traverse_contract::contract::Rule;
use traverse_contract::lang::eval::evaluate;
use traverse_contract::outcome::FoundBy;
use traverse_contract::schema::{Schema, SchemaKind, resolve, resolve_value};
use traverse_contract::spec::ClauseKind;

/// So many true results are changed.
const MAX_CALLS: usize = 400;

/// So many changes are looked at.
const MAX_CHANGES: usize = 20_000;

/// A true call with one value of its result changed.
pub(super) struct WrongResult {
    /// The input.
    pub(super) input: Value,
    /// The changed result.
    pub(super) result: Value,
    /// The part, `result.lines[].price`.
    part: String,
    /// What stands there now.
    value: Value,
    /// Whether every other value that may stand there was tried, too.
    is_choice: bool,
    /// The clause that does not hold of it, as people name it.
    caught_by: Option<String>,
}

/// `{part, tried, caught, by, says}`: how well the contract ties a part of the result to the input.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Tied {
    /// The part.
    pub(crate) part: String,
    /// How many wrong values were tried.
    pub(crate) tried: u64,
    /// How many of them broke a clause.
    pub(crate) caught: u64,
    /// The clauses that did it.
    pub(crate) by: Vec<String>,
    /// What passes that should perhaps not, in a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) says: Option<String>,
}

/// Every change of some true results.
pub(super) fn wrong_results(contract: &Contract, calls: &[(Value, Value)]) -> Vec<WrongResult> {
    let step = (calls.len() / MAX_CALLS).max(1);
    let mut wrong = Vec::new();
    for (input, result) in calls.iter().step_by(step).take(MAX_CALLS) {
        if wrong.len() > MAX_CHANGES {
            break;
        }
        let types = &contract.schemas.types;
        let mut changed = Vec::new();
        changes(
            types,
            &contract.schemas.output,
            result,
            "result",
            &mut |part, value, whole: &dyn Fn(Value) -> Value| {
                changed.push((part.to_owned(), value.clone(), whole(value)));
            },
        );
        for (part, value, result) in changed {
            if contract.check_output(&result, FoundBy::Host).is_ok() {
                let caught_by = first_broken(contract, input, &result);
                let is_choice = is_choice(types, &contract.schemas.output, &part) || value.is_boolean();
                wrong.push(WrongResult { input: input.clone(), result, part, value, is_choice, caught_by });
            }
        }
    }
    wrong
}

/// Takes a part's name, what the part becomes, and what makes a whole result of that.
type Found<'f> = dyn FnMut(&str, Value, &dyn Fn(Value) -> Value) + 'f;

/// Calls `found` with every part below `value`, what it may become, and what makes a whole result of that.
fn changes(types: &[(String, Schema)], schema: &Schema, value: &Value, part: &str, found: &mut Found<'_>) {
    for other in others(types, schema, value) {
        found(part, other, &|other| other);
    }
    match (&resolve_value(types, schema).kind, value) {
        (SchemaKind::Object(object), Value::Object(fields)) => {
            for property in &object.properties {
                let Some(field) = fields.get(&property.name) else { continue };
                let below = format!("{part}.{}", property.name);
                changes(types, &property.schema, field, &below, &mut |part, changed, whole| {
                    found(part, changed, &|changed| {
                        let mut fields = fields.clone();
                        fields.insert(property.name.clone(), whole(changed));
                        Value::Object(fields)
                    });
                });
            }
        }
        (SchemaKind::Array(items, _), Value::Array(elements)) => {
            let below = format!("{part}[]");
            for (index, element) in elements.iter().enumerate().take(3) {
                changes(types, items, element, &below, &mut |part, changed, whole| {
                    found(part, changed, &|changed| {
                        let mut elements = elements.clone();
                        elements[index] = whole(changed);
                        Value::Array(elements)
                    });
                });
            }
        }
        _ => {}
    }
}

/// What a value may become by itself; whether that fits the schema is looked at later.
fn others(types: &[(String, Schema)], schema: &Schema, value: &Value) -> Vec<Value> {
    let mut others = match (&resolve_value(types, schema).kind, value) {
        (_, Value::Bool(truth)) => vec![Value::Bool(!truth)],
        (SchemaKind::Enum(members), Value::String(text)) => {
            members.iter().filter(|member| *member != text).cloned().map(Value::String).collect()
        }
        (_, Value::String(text)) if text.is_empty() => vec![Value::from("x")],
        (_, Value::String(text)) => {
            let shorter: String = text.chars().skip(1).collect();
            // As long, for texts of one length.
            let last = if text.ends_with(['a', 'A', '0']) { "b" } else { "a" };
            let alike = |last: &str| {
                let kept: String = text.chars().take(text.chars().count() - 1).collect();
                Value::from(kept + last)
            };
            vec![
                Value::from(""),
                Value::from(format!("{text}x")),
                Value::from(shorter),
                alike(last),
                alike(&last.to_uppercase()),
                alike("7"),
            ]
        }
        (_, Value::Number(number)) => numbers(number),
        (SchemaKind::Array(..), Value::Array(elements)) if !elements.is_empty() => {
            let mut more = elements.clone();
            more.extend(elements.last().cloned());
            vec![Value::Array(elements[..elements.len() - 1].to_vec()), Value::Array(more)]
        }
        _ => Vec::new(),
    };
    if matches!(resolve(types, schema).kind, SchemaKind::Nullable(_)) && !value.is_null() {
        others.push(Value::Null);
    }
    others.retain(|other| other != value);
    others
}

fn numbers(number: &Number) -> Vec<Value> {
    if let Some(whole) = number.as_i64() {
        let near =
            [whole.checked_add(1), whole.checked_sub(1), whole.checked_neg(), whole.checked_mul(2), Some(0)];
        return near.into_iter().flatten().map(Value::from).collect();
    }
    let Some(double) = number.as_f64() else { return Vec::new() };
    [double + 1.0, double - 1.0, -double, double * 2.0, double + 0.01, 0.0]
        .into_iter()
        .filter_map(Number::from_f64)
        .map(Value::Number)
        .collect()
}

fn first_broken(contract: &Contract, input: &Value, result: &Value) -> Option<String> {
    let scope = contract.scope(input, Some(result.into()));
    contract.clauses.iter().find_map(|clause| {
        let Rule::Expression { expr, .. } = &clause.rule else { return None };
        let kind = match clause.source.kind {
            ClauseKind::Precondition => return None,
            ClauseKind::Postcondition => "postcondition",
            ClauseKind::Invariant => "invariant",
        };
        let name = match &clause.source.id {
            Some(id) => format!("`{}`", id.value),
            None => format!("{kind} {}", clause.source.index),
        };
        (evaluate(expr, scope) != Ok(true)).then_some(name)
    })
}

/// For each part of the result how many wrong values were caught.
pub(super) fn tied(
    contract: &Contract,
    wrong: &[WrongResult],
    cases: &[CaseEvidence],
    words: usize,
) -> Vec<Tied> {
    let mut parts: BTreeMap<&str, Vec<&WrongResult>> = BTreeMap::new();
    for one in wrong {
        parts.entry(&one.part).or_default().push(one);
    }
    // A part of which no other value is known is not passed over.
    let output = resolve_value(&contract.schemas.types, &contract.schemas.output);
    let names: Vec<String> = match &output.kind {
        SchemaKind::Object(object) => {
            object.properties.iter().map(|property| format!("result.{}", property.name)).collect()
        }
        _ => Vec::new(),
    };
    for name in &names {
        let is_known = parts.keys().any(|part| part.starts_with(name.as_str()));
        if !is_known {
            parts.insert(name, Vec::new());
        }
    }
    parts
        .into_iter()
        .map(|(part, tried)| {
            let caught = tried.iter().filter(|one| one.caught_by.is_some()).count();
            let by: BTreeSet<&String> = tried.iter().filter_map(|one| one.caught_by.as_ref()).collect();
            Tied {
                part: part.to_owned(),
                tried: tried.len() as u64,
                caught: caught as u64,
                by: by.into_iter().cloned().collect(),
                says: says(part, &tried, cases, words),
            }
        })
        .collect()
}

fn says(part: &str, tried: &[&WrongResult], cases: &[CaseEvidence], words: usize) -> Option<String> {
    if tried.is_empty() {
        return Some(format!("no other value of `{part}` that fits the schema was found to try"));
    }
    let apart = if words == 0 { "" } else { " (invariants in words apart)" };
    let passed: Vec<&&WrongResult> = tried.iter().filter(|one| one.caught_by.is_none()).collect();
    let example = passed.first()?;
    let pinned = pinned_by(part, cases);
    if passed.len() == tried.len() {
        return Some(format!("any value of `{part}` passes: no clause ties it to the input{apart}{pinned}"));
    }
    // A value that passes wherever it is wrong.
    let free = passed.iter().find(|one| {
        let of_it: Vec<_> = tried.iter().filter(|other| other.value == one.value).collect();
        of_it.len() > 2 && of_it.iter().all(|other| other.caught_by.is_none())
    });
    if let Some(free) = free.filter(|free| free.is_choice) {
        return Some(format!(
            "any result with `{part}: {}` passes: no clause ties that to the input{apart}{pinned}",
            free.value
        ));
    }
    Some(format!(
        "{} of {} wrong values pass, such as {} for the input {}{pinned}",
        passed.len(),
        tried.len(),
        example.value,
        shortened(&example.input)
    ))
}

fn shortened(input: &Value) -> String {
    const MOST: usize = 160;
    let text = input.to_string();
    match text.char_indices().nth(MOST) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}

/// Whether a part of the result is one of a few texts.
fn is_choice(types: &[(String, Schema)], output: &Schema, part: &str) -> bool {
    let mut schema = resolve_value(types, output);
    for name in part.split('.').skip(1) {
        let SchemaKind::Object(object) = &schema.kind else { return false };
        let Some(property) = object.property(name.trim_end_matches("[]")) else { return false };
        schema = resolve_value(types, &property.schema);
        for _ in name.matches("[]") {
            let SchemaKind::Array(items, _) = &schema.kind else { return false };
            schema = resolve_value(types, items);
        }
    }
    matches!(schema.kind, SchemaKind::Enum(_))
}

/// How many cases say what stands at this part.
fn pinned_by(part: &str, cases: &[CaseEvidence]) -> String {
    let names: Vec<&str> = part.split('.').skip(1).map(|name| name.trim_end_matches("[]")).collect();
    let path: Vec<String> =
        std::iter::once("result").chain(names.iter().copied()).map(str::to_owned).collect();
    let names_it = |case: &&CaseEvidence| -> bool {
        if case.comparison.ignores(&path) {
            return false;
        }
        let Some(mut value) = case.expect.get("result").filter(|_| case.result.is_some()) else {
            return false;
        };
        for name in &names {
            let inner = match value {
                Value::Array(items) => items.first().and_then(|item| item.get(name)),
                other => other.get(name),
            };
            match inner {
                Some(inner) => value = inner,
                None => return false,
            }
        }
        true
    };
    match cases.iter().filter(names_it).count() {
        0 => ", and no case says what it must be".to_owned(),
        1 => "; 1 case says what it must be".to_owned(),
        count => format!("; {count} cases say what it must be"),
    }
}
