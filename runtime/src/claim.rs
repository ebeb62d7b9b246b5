//! What a guest claims of itself, held to what the host can know without having seen the result (spec RUN-12).

use serde_json::{Map, Value};
use traverse_contract::json::ValueRef;
use traverse_contract::lang::eval::{Scope, observe, told};
use traverse_contract::lang::message::{Message, MessagePart};
use traverse_contract::lang::typed::{ObservedPath, Root, TypedExpr, TypedKind};
use traverse_contract::outcome::{Undeclared, Violation, ViolationKind};
use traverse_contract::schema::validate::validate;
use traverse_contract::schema::{Schema, SchemaKind};
use traverse_contract::{CheckedClause, Contract, Rule};

/// A violation of this clause, which is the one that the guest names.
///
/// # Errors
///
/// What cannot be: a rule about the input alone that holds, another message than the contract's, a value of the input
/// that is another, a value that the rule does not read.
pub(crate) fn check_violation(
    contract: &Contract,
    clause: &CheckedClause,
    input: ValueRef<'_>,
    said: &Violation,
) -> Result<(), String> {
    let rule = &clause.source.rule.value;
    let (reads, by_input_alone) = match &clause.rule {
        Rule::Expression { expr, observed } => {
            let inserted = clause.message.iter().flat_map(Message::values).any(reads_output);
            (observed.clone(), !reads_output(expr) && !inserted)
        }
        Rule::Prose => (Vec::new(), false),
    };
    let (of_output, of_input): (Vec<_>, Vec<_>) =
        reads.into_iter().partition(|path| reads_output(&path.read));
    if by_input_alone {
        // Nothing but the input decides: the host can say it all itself.
        let Err(known) = clause.verdict(contract.scope(input, None), said.found_by) else {
            return Err(format!("`{rule}` holds, and the guest says that it does not"));
        };
        if known.message != said.message {
            return Err(other_message(rule));
        }
        return check_observed(&known.observed, &[], &said.observed);
    }
    let scope = contract.scope(input, None);
    let authors = match &clause.message {
        Some(message) => could_tell(message, scope, &said.message),
        None => said.message == format!("`{rule}` does not hold"),
    };
    let failed = said.message.strip_prefix(&format!("`{rule}` cannot be evaluated: "));
    let could_be = authors || !clause.is_prose() && failed.is_some_and(is_evaluation_error);
    if !could_be {
        return Err(other_message(rule));
    }
    check_observed(&observe(&of_input, contract.scope(input, None)), &of_output, &said.observed)
}

/// Whether `said` is the message with some values of the output in it: all else the host knows itself.
fn could_tell(message: &Message, scope: Scope<'_>, said: &str) -> bool {
    // Known texts, between which anything may stand.
    let mut known = vec![String::new()];
    for part in &message.parts {
        let unknown = matches!(part, MessagePart::Value(expr) if reads_output(expr));
        match known.last_mut() {
            Some(text) if !unknown => {
                text.push_str(&told(&Message { parts: vec![part.clone()] }, scope));
            }
            _ => known.push(String::new()),
        }
    }
    let Some((first, others)) = known.split_first() else { return false };
    let Some((last, between)) = others.split_last() else { return said == first };
    let inner = said.strip_prefix(first.as_str()).and_then(|rest| rest.strip_suffix(last.as_str()));
    let Some(mut rest) = inner else { return false };
    between.iter().all(|text| match rest.find(text.as_str()) {
        Some(at) => {
            rest = &rest[at + text.len()..];
            true
        }
        None => false,
    })
}

fn other_message(rule: &str) -> String {
    format!("the message of the violation of `{rule}` is not the contract's")
}

/// Whether the value of an expression depends on the output.
fn reads_output(expr: &TypedExpr) -> bool {
    match &expr.kind {
        TypedKind::Root(root) => *root == Root::Output,
        // An element is what its list is, and the list is looked at where the macro is.
        TypedKind::Literal(_)
        | TypedKind::Pattern(_)
        | TypedKind::TypeName(_)
        | TypedKind::Variable { .. } => false,
        TypedKind::NotNull(read) => reads_output(read),
        TypedKind::Field { base, .. } | TypedKind::Has { base, .. } => reads_output(base),
        TypedKind::Index { base, index } => reads_output(base) || reads_output(index),
        TypedKind::List(parts) | TypedKind::Call { arguments: parts, .. } => parts.iter().any(reads_output),
        TypedKind::Map(entries) => {
            entries.iter().any(|(key, value)| reads_output(key) || reads_output(value))
        }
        TypedKind::Not(operand) | TypedKind::Negate(operand) | TypedKind::Is { operand, .. } => {
            reads_output(operand)
        }
        TypedKind::Arithmetic { left, right, .. }
        | TypedKind::Compare { left, right, .. }
        | TypedKind::And(left, right)
        | TypedKind::Or(left, right)
        | TypedKind::Implies(left, right) => reads_output(left) || reads_output(right),
        TypedKind::In { element, list } => reads_output(element) || reads_output(list),
        TypedKind::Macro { list, filter, body, .. } => {
            reads_output(list) || filter.as_deref().is_some_and(reads_output) || reads_output(body)
        }
        TypedKind::Conditional { condition, then, otherwise } => {
            [condition, then, otherwise].into_iter().any(|part| reads_output(part))
        }
    }
}

/// The values of the input as the host has them, and no others but those of the output.
fn check_observed(
    known: &Map<String, Value>,
    of_output: &[ObservedPath],
    said: &Map<String, Value>,
) -> Result<(), String> {
    for (name, value) in known {
        if !said.get(name).is_some_and(|shown| same(shown, value)) {
            return Err(format!("`{name}` of the input is not what the guest shows"));
        }
    }
    let unread =
        |name: &&String| !known.contains_key(*name) && !of_output.iter().any(|path| path.name == **name);
    match said.keys().find(unread) {
        None => Ok(()),
        Some(_) => Err("it shows a value that the rule does not read".into()),
    }
}

/// The same value; a number however it is written.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => match (one.as_i64(), other.as_i64()) {
            (Some(one), Some(other)) => one == other,
            _ => one.as_f64() == other.as_f64(),
        },
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(name, value)| other.get(name).is_some_and(|found| same(value, found)))
        }
        _ => one == other,
    }
}

/// One of the texts of IO-11 for a rule that has no truth value.
fn is_evaluation_error(text: &str) -> bool {
    let is_number = |text: &str| {
        let digits = text.strip_prefix('-').unwrap_or(text);
        !digits.is_empty() && digits.len() <= 20 && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    let out_of_range = || {
        let (index, len) = text.strip_prefix("index ")?.split_once(" is out of range for a list of ")?;
        Some(is_number(index) && is_number(len))
    };
    let absent = || {
        let path = text.strip_prefix('`')?.strip_suffix("` is absent")?;
        Some(!path.contains('`') && !path.contains(char::is_control))
    };
    let fixed = [
        "integer overflow",
        "division by zero",
        "no such key",
        "duplicate key in a map",
        "the text is not an int",
        "the text is not a double",
        "the text is not a bool",
    ];
    fixed.contains(&text) || out_of_range().unwrap_or(false) || absent().unwrap_or(false)
}

/// A result that, as the guest says, does not fit the output schema: the value that it shows must not fit the schema at
/// its place, for the reason that it gives.
pub(crate) fn check_output_schema(contract: &Contract, said: &Violation) -> Result<(), String> {
    let named = &said.clause;
    if named.kind != ViolationKind::OutputSchema || named.index != 0 || named.id.is_some() {
        return Err("the output schema is one, with index 0 and without an id".into());
    }
    let mut observed = said.observed.iter();
    let (Some((name, value)), None) = (observed.next(), observed.next()) else {
        return Err("it must show the one value that does not fit the output schema".into());
    };
    // A place may hold spaces, so each one may be the end of it.
    let fits = named.rule.match_indices(' ').any(|(at, _)| {
        let (place, text) = (&named.rule[..at], &named.rule[at + 1..]);
        let pointer = if place == "(root)" { "" } else { place };
        said.message == format!("the result does not fit the output schema at `{place}`: {text}")
            && schema_at(contract, pointer).is_some_and(|schema| {
                let found = validate(&contract.schemas, schema, value);
                found.is_err_and(|rejection| rejection.at.is_empty() && rejection.message == text)
            })
    });
    if name != "result" || !fits {
        return Err("what it shows does not break the output schema as it says".into());
    }
    Ok(())
}

/// The schema of the value at a JSON pointer into a result.
fn schema_at<'a>(contract: &'a Contract, pointer: &str) -> Option<&'a Schema> {
    let schemas = &contract.schemas;
    let mut schema = schemas.resolve(&schemas.output);
    if pointer.is_empty() {
        return Some(schema);
    }
    for step in pointer.strip_prefix('/')?.split('/') {
        let step = step.replace("~1", "/").replace("~0", "~");
        let inner = match &schemas.resolve_value(schema).kind {
            SchemaKind::Object(object) => {
                &object.properties.iter().find(|property| property.name == step)?.schema
            }
            SchemaKind::Array(items, _) => {
                step.parse::<u32>().ok()?;
                items
            }
            SchemaKind::Map(values, _) => values,
            SchemaKind::Tuple(items) => items.get(step.parse::<usize>().ok()?)?,
            _ => return None,
        };
        schema = schemas.resolve(inner);
    }
    Some(schema)
}

/// An exception against its condition, as the guest says: the host must come to the same words for some exception, or
/// for none.
pub(crate) fn check_undeclared(
    contract: &Contract,
    input: ValueRef<'_>,
    said: &Undeclared,
) -> Result<(), String> {
    let names = contract.exceptions.iter().map(|exception| Some(exception.source.name.value.as_str()));
    let known =
        |raised| contract.check_exceptions(input, raised).is_err_and(|known| known.message == said.message);
    if std::iter::once(None).chain(names).any(known) {
        return Ok(());
    }
    Err("no exception's condition says so on this input".into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use traverse_contract::Source;

    /// spec: LANG-104
    #[test]
    fn a_message_is_held_to_what_the_host_knows_of_it() {
        let text = "[capability]\nid = \"a.b\"\nversion = \"1.0.0\"\nruntime = \"wasm32-wasip1\"\n[contract]\n\
            preconditions = [\"total > 0\"]\npostconditions = [{ rule = \"result.price < total\", message = \"{total}: {result.price} of {total}, {result.price}!\" }]\n";
        let source = Source { name: "traverse.spec.toml".into(), text: text.into() };
        let contract = Contract::from_toml(&source).expect("it is fine");
        let message = contract.clauses[1].message.as_ref().expect("it has one");
        let input = json!({"total": 2});
        let tells = |said: &str| could_tell(message, contract.scope(&input, None), said);
        assert!(tells("2: 7 of 2, 7!") && tells("2: 2 of 2, 2 of 2, !"));
        for said in ["2: 7 of 3, 7!", "2: 7 of 2, 7", "3: 7 of 2, 7!", "2: of 2!", ""] {
            assert!(!tells(said), "{said}");
        }
    }
}
