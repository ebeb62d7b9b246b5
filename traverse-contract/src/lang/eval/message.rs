//! A message with the values that it inserts (spec LANG-103).

use super::{Env, EvalError, MAX_STEPS, Scope, Steps, Val, convert, eval};
use crate::lang::message::{Message, MessagePart};
use crate::lang::syntax::Function;

/// The message as the guest writes it: numbers and bools as `string()` gives them, `(absent)` for what is absent, and
/// any other error in brackets. All its values share one budget of steps.
pub fn told(message: &Message, scope: Scope<'_>) -> String {
    let steps = Steps::new(MAX_STEPS);
    let env = Env { scope, bound: None, steps: &steps };
    let mut told = String::new();
    for part in &message.parts {
        let value = match part {
            MessagePart::Text(text) => {
                told.push_str(text);
                continue;
            }
            MessagePart::Value(expr) => eval(expr, env).and_then(|value| {
                if value == Val::Null {
                    return Ok(Val::Text("null".into()));
                }
                convert::convert(Function::String, &value).unwrap_or_else(|| Err(super::wrong_type(expr)))
            }),
        };
        match value {
            Ok(Val::Text(text)) => told.push_str(&text),
            Ok(_) => {}
            Err(EvalError::Absent { .. }) => told.push_str("(absent)"),
            Err(error) => told.push_str(&format!("({error})")),
        }
    }
    told
}
