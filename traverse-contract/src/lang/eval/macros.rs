//! Macros over lists and the keys of maps (spec LANG-57): the body once for each element, in order.

use super::parts::Elements;
use super::{Bound, Env, EvalError, Evaluated, Val, bool, eval, wrong_type};
use crate::lang::syntax::Macro;
use crate::lang::typed::TypedExpr;
use std::rc::Rc;

/// The parts of a macro.
pub(super) struct Parts<'a> {
    pub(super) kind: Macro,
    pub(super) list: &'a TypedExpr,
    pub(super) variable: usize,
    pub(super) filter: Option<&'a TypedExpr>,
    pub(super) body: &'a TypedExpr,
}

pub(super) fn over<'a>(parts: &Parts<'a>, env: Env<'a, '_>) -> Evaluated<'a> {
    let elements = Elements::of(eval(parts.list, env)?).ok_or_else(|| wrong_type(parts.list))?;
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
            Ok(Val::List(Rc::new(kept)))
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
            Ok(Val::List(Rc::new(made)))
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
