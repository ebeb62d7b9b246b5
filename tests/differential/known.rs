//! Differences in which the other implementation is known to be wrong, or CEL leaves open what is right; each by a rule as
//! narrow as it can be, and by the name of its row in `specs/cel.md`.

use serde_json::Value;
use traverse_contract::lang::eval::{Came, Node};
use traverse_contract::lang::typed::Type;

/// What the checker here finds in well-typed expressions all the same.
pub(crate) const REFUSALS: [&str; 2] = ["lang-unguarded-optional", "lang-no-element"];

/// The name of a known difference; `root` is what every part came to here.
pub(crate) fn difference(
    expression: &str,
    root: &Node,
    theirs: &Result<cel::Value, String>,
) -> Option<&'static str> {
    match theirs {
        Err(error) if error.starts_with("found no matching overload for '_") && any(root, &orders_nan) => {
            Some("nan-order")
        }
        _ if any(root, &|part| is_double_text(part, expression)) => Some("double-text"),
        _ if any(root, &lists_keys) => Some("map-order"),
        _ if any(root, &hangs_on_rounding) => Some("rounded-order"),
        _ => None,
    }
}

/// `string()` of a double whose text has an exponent, or is no number.
fn is_double_text(part: &Node, expression: &str) -> bool {
    let Came::Value(Value::String(text)) = &part.came else { return false };
    let written = expression[part.span.start..part.span.end].trim_start_matches('(');
    written.starts_with("string(")
        && matches!(part.parts.as_slice(), [of] if of.ty == Type::Number)
        && text.contains(['e', 'N', 'I'])
}

/// A relation of two numbers of which one is no number.
fn orders_nan(part: &Node) -> bool {
    let nan = |node: &Node| {
        node.ty == Type::Number && matches!(&node.came, Came::Value(Value::String(text)) if text == "NaN")
    };
    part.ty == Type::Bool && matches!(part.parts.as_slice(), [left, right] if nan(left) || nan(right))
}

/// A relation of an int with the double that it is rounded to and is not.
fn hangs_on_rounding(part: &Node) -> bool {
    let pair = |int: &Node, double: &Node| match (&int.came, &double.came) {
        (Came::Value(int), Came::Value(double)) => match (int.as_i64(), double.as_f64()) {
            (Some(int), Some(double)) => int as f64 == double && int as i128 != double as i128,
            _ => false,
        },
        _ => false,
    };
    match part.parts.as_slice() {
        [left, right] if part.ty == Type::Bool => match (&left.ty, &right.ty) {
            (Type::Int, Type::Number) => pair(left, right),
            (Type::Number, Type::Int) => pair(right, left),
            _ => false,
        },
        _ => false,
    }
}

/// A list that a macro makes from several keys of a map.
fn lists_keys(part: &Node) -> bool {
    let of_map = matches!(part.parts.as_slice(), [of] if matches!(of.ty, Type::Map(_)));
    of_map && matches!(part.ty, Type::List(_)) && part.rounds.len() > 1
}

/// Whether some part is as sought.
fn any(node: &Node, sought: &dyn Fn(&Node) -> bool) -> bool {
    let mut within = node.parts.iter().chain(node.rounds.iter().flat_map(|round| &round.parts));
    sought(node) || within.any(|part| any(part, sought))
}
