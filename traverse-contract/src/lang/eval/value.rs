//! What an expression of any type comes to, as JSON (spec LANG-110).

use super::observe::{by_type, map_by_type, properties};
use super::{Env, EvalError, MAX_STEPS, Scope, Steps, Val, convert, eval};
use crate::lang::typed::{Type, TypedExpr};
use crate::schema::Schema;
use serde_json::{Number, Value};

/// The value of a checked expression, as its static type has it: an int without a fraction, a double as a number with
/// one, an object with the properties of its schema. A double that JSON has no number for is the text that `string()`
/// gives of it: `"NaN"`, `"+Inf"`, `"-Inf"`; the type of the expression tells it from a text.
///
/// # Errors
/// Where it has no value; see [`EvalError`].
pub fn value(expr: &TypedExpr, scope: Scope<'_>) -> Result<Value, EvalError> {
    let steps = Steps::new(MAX_STEPS);
    let value = eval(expr, Env { scope, bound: None, steps: &steps })?;
    Ok(to_json(&value, &expr.ty, scope.types))
}

pub(super) fn to_json(value: &Val<'_>, ty: &Type, types: &[(String, Schema)]) -> Value {
    match (value, ty.value()) {
        (Val::Null, _) => Value::Null,
        (Val::Type(named), _) => Value::String(named.name().to_owned()),
        (Val::Tuple(values, items), _) => {
            Value::Array(values.iter().zip(*items).map(|(value, item)| by_type(value, item, types)).collect())
        }
        (Val::Bool(value), _) => Value::Bool(*value),
        (Val::Int(value), _) => Value::from(*value),
        (Val::Double(value), _) => match Number::from_f64(*value) {
            Some(number) => Value::Number(number),
            None => Value::String(convert::double_text(*value)),
        },
        (Val::Text(text), _) => Value::String(text.clone().into_owned()),
        (Val::Json(values, item), _) => {
            Value::Array(values.iter().map(|value| by_type(value, item, types)).collect())
        }
        (Val::List(values), Type::List(item)) => {
            Value::Array(values.iter().map(|value| to_json(value, item, types)).collect())
        }
        // A list without its type is of no checked expression; its values tell their own.
        (Val::List(values), _) => {
            Value::Array(values.iter().map(|value| to_json(value, ty, types)).collect())
        }
        (Val::JsonMap(fields, of), _) => map_by_type(*fields, of, types),
        (Val::Map(entries), ty) => {
            let of = if let Type::Map(of) = ty { of } else { ty };
            let entries = entries.iter();
            Value::Object(entries.map(|(key, value)| (key.to_string(), to_json(value, of, types))).collect())
        }
        (Val::Object(object), Type::Object(schema)) => properties(*object, schema, types),
        (Val::Object(object), _) => Value::Object(object.to_map()),
    }
}
