//! Macros over lists (spec LANG-57): the body once for each element, in order.

use super::{Bound, Env, EvalError, Evaluated, Val, bool, eval, typed, wrong_type};
use crate::lang::syntax::Macro;
use crate::lang::typed::{Type, TypedExpr};
use serde_json::Value;

/// The parts of a macro.
pub(super) struct Parts<'a> {
    pub(super) kind: Macro,
    pub(super) list: &'a TypedExpr,
    pub(super) variable: usize,
    pub(super) filter: Option<&'a TypedExpr>,
    pub(super) body: &'a TypedExpr,
}

/// The elements of a list, of the data or made; `None` for one that does not fit its schema.
enum Elements<'a> {
    Json(std::slice::Iter<'a, Value>, &'a Type),
    Made(std::vec::IntoIter<Val<'a>>),
}

impl<'a> Iterator for Elements<'a> {
    type Item = Option<Val<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Elements::Json(values, item) => values.next().map(|value| typed(value, item)),
            Elements::Made(values) => values.next().map(Some),
        }
    }
}

pub(super) fn over<'a>(parts: &Parts<'a>, env: Env<'a, '_>) -> Evaluated<'a> {
    let elements = match eval(parts.list, env)? {
        Val::Json(values, item) => Elements::Json(values.iter(), item),
        Val::List(values) => Elements::Made(values.into_iter()),
        _ => return Err(wrong_type(parts.list)),
    };
    match parts.kind {
        Macro::All => decided(parts, env, elements, false),
        Macro::Exists => decided(parts, env, elements, true),
        Macro::ExistsOne => {
            let mut found = 0usize;
            for value in elements {
                let bound = bind(parts, env, value)?;
                found += usize::from(bool(parts.body, within(env, &bound))?);
            }
            Ok(Val::Bool(found == 1))
        }
        Macro::Filter => {
            let mut kept = Vec::new();
            for value in elements {
                let bound = bind(parts, env, value)?;
                if bool(parts.body, within(env, &bound))? {
                    kept.push(bound.value);
                }
            }
            Ok(Val::List(kept))
        }
        Macro::Map => {
            let mut made = Vec::new();
            for value in elements {
                let bound = bind(parts, env, value)?;
                let env = within(env, &bound);
                if parts.filter.map_or(Ok(true), |filter| bool(filter, env))? {
                    made.push(eval(parts.body, env)?);
                }
            }
            Ok(Val::List(made))
        }
    }
}

/// `all` and `exists`: one element can decide, even if others are errors; else the first error counts.
fn decided<'a>(parts: &Parts<'a>, env: Env<'a, '_>, elements: Elements<'a>, decides: bool) -> Evaluated<'a> {
    let mut error = None;
    for value in elements {
        let bound = bind(parts, env, value)?;
        match bool(parts.body, within(env, &bound)) {
            Ok(value) if value == decides => return Ok(Val::Bool(decides)),
            Ok(_) => {}
            Err(found) => error = error.or(Some(found)),
        }
    }
    error.map_or(Ok(Val::Bool(!decides)), Err)
}

fn bind<'a, 'f>(
    parts: &Parts<'a>,
    env: Env<'a, 'f>,
    value: Option<Val<'a>>,
) -> Result<Bound<'a, 'f>, EvalError> {
    let value = value.ok_or_else(|| wrong_type(parts.list))?;
    Ok(Bound { id: parts.variable, value, outer: env.bound })
}

fn within<'a, 'f>(env: Env<'a, 'f>, bound: &'f Bound<'a, 'f>) -> Env<'a, 'f> {
    Env { bound: Some(bound), ..env }
}
