//! What lists and maps hold, of the data or made by a rule, and whether it is equal (spec LANG-71, LANG-73, LANG-74).

use super::{Env, EvalError, Evaluated, Steps, Val, as_int, compare, eval, typed, wrong_type};
use crate::json::{ArrayRef, ObjectRef, ValueRef};
use crate::lang::syntax::BinaryOp;
use crate::lang::typed::{Type, TypedExpr};
use crate::schema::{ObjectSchema, Schema, SchemaKind, resolve};
use std::borrow::Cow;
use std::rc::Rc;

/// A map that a rule made: sorted by key.
pub(super) type Entries<'a> = Rc<Vec<(Cow<'a, str>, Val<'a>)>>;

/// The elements of a list, the keys of a map by code point.
pub(super) enum Elements<'a> {
    Json(ArrayRef<'a>, usize, &'a Type),
    Made(Rc<Vec<Val<'a>>>, usize),
    Keys(std::vec::IntoIter<Cow<'a, str>>),
}

impl<'a> Elements<'a> {
    /// `None` for a value that is neither a list nor a map.
    pub(super) fn of(value: Val<'a>) -> Option<Elements<'a>> {
        Some(match value {
            Val::Json(values, item) => Elements::Json(values, 0, item),
            Val::List(values) => Elements::Made(values, 0),
            map => Elements::Keys(keys(&map)?.into_iter()),
        })
    }
}

impl<'a> Iterator for Elements<'a> {
    /// `None` for an element that does not fit its schema.
    type Item = Option<Val<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Elements::Json(values, next, item) => {
                *next += 1;
                values.get(*next - 1).map(|value| typed(value, item))
            }
            Elements::Made(values, next) => {
                *next += 1;
                values.get(*next - 1).cloned().map(Some)
            }
            Elements::Keys(keys) => keys.next().map(|key| Some(Val::Text(key))),
        }
    }
}

/// `{'a': 1}`: every key and value in the order of the text.
pub(super) fn written<'a>(entries: &'a [(TypedExpr, TypedExpr)], env: Env<'a, '_>) -> Evaluated<'a> {
    let mut made = Vec::with_capacity(entries.len());
    for (key, value) in entries {
        let Val::Text(text) = eval(key, env)? else { return Err(wrong_type(key)) };
        made.push((text, eval(value, env)?));
    }
    made.sort_by(|(one, _), (other, _)| one.cmp(other));
    if made.windows(2).any(|pair| pair[0].0 == pair[1].0) {
        return Err(EvalError::DuplicateKey);
    }
    Ok(Val::Map(Rc::new(made)))
}

/// The keys of a map by code point; `None` for what is no map.
pub(super) fn keys<'a>(map: &Val<'a>) -> Option<Vec<Cow<'a, str>>> {
    match map {
        Val::JsonMap(fields, _) => {
            // Bytes of UTF-8 order as code points do.
            let mut keys: Vec<Cow<'a, str>> = fields.iter().map(|(key, _)| Cow::Borrowed(key)).collect();
            keys.sort();
            Some(keys)
        }
        Val::Map(entries) => Some(entries.iter().map(|(key, _)| key.clone()).collect()),
        _ => None,
    }
}

/// What a map has under `key`, if it has; `owner` is the map, for an error.
pub(super) fn find<'a>(map: &Val<'a>, key: &str, owner: &TypedExpr) -> Result<Option<Val<'a>>, EvalError> {
    match map {
        Val::JsonMap(fields, ty) => {
            fields.get(key).map(|value| typed(value, ty).ok_or_else(|| wrong_type(owner))).transpose()
        }
        Val::Map(entries) => {
            let at = entries.binary_search_by(|(known, _)| known.as_ref().cmp(key));
            Ok(at.ok().and_then(|at| entries.get(at)).map(|(_, value)| value.clone()))
        }
        _ => Err(wrong_type(owner)),
    }
}

/// How many elements or entries there are.
pub(super) fn len(value: &Val<'_>) -> Option<usize> {
    match value {
        Val::Json(values, _) | Val::Tuple(values, _) => Some(values.len()),
        Val::List(values) => Some(values.len()),
        Val::JsonMap(fields, _) => Some(fields.len()),
        Val::Map(entries) => Some(entries.len()),
        _ => None,
    }
}

/// `+` of two lists.
pub(super) fn joined<'a>(left: Val<'a>, right: Val<'a>) -> Option<Val<'a>> {
    let values = Elements::of(left)?.chain(Elements::of(right)?).collect::<Option<_>>()?;
    Some(Val::List(Rc::new(values)))
}

/// `==`, with `ty` the static type of the left side. What lists, maps and objects hold is compared piece by piece,
/// each a step.
pub(super) fn equal<'a>(
    left: &Val<'a>,
    right: &Val<'a>,
    ty: &'a Type,
    env: Env<'a, '_>,
) -> Result<bool, EvalError> {
    match (ty, left, right) {
        (Type::Nullable(_), Val::Null, _) | (Type::Nullable(_), _, Val::Null) => {
            Ok(compare(BinaryOp::Equal, left, right))
        }
        (Type::Nullable(value), ..) => equal(left, right, value, env),
        (Type::Tuple(items), Val::Tuple(left, left_items), Val::Tuple(right, right_items)) => {
            let types = items.iter().zip(left_items.iter().zip(*right_items));
            for ((left, right), (item, (left_item, right_item))) in left.iter().zip(right.iter()).zip(types) {
                let (Some(left), Some(right)) = (typed(left, left_item), typed(right, right_item)) else {
                    return Ok(false);
                };
                if !piece(&left, &right, item, env)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        (Type::List(item), ..) => {
            if len(left) != len(right) {
                return Ok(false);
            }
            let (Some(left), Some(right)) = (Elements::of(left.clone()), Elements::of(right.clone())) else {
                return Ok(false);
            };
            for (left, right) in left.zip(right) {
                let (Some(left), Some(right)) = (left, right) else { return Ok(false) };
                if !piece(&left, &right, item, env)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        (Type::Map(value), ..) => {
            let (Some(ours), Some(theirs)) = (keys(left), keys(right)) else { return Ok(false) };
            env.steps.take(ours.len())?;
            if ours != theirs {
                return Ok(false);
            }
            for key in ours {
                let (left, right) = (entry(left, &key), entry(right, &key));
                let (Some(left), Some(right)) = (left, right) else { return Ok(false) };
                if !piece(&left, &right, value, env)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        (Type::Object(object), Val::Object(left), Val::Object(right)) => {
            objects(*left, *right, object, env.scope.types, env.steps)
        }
        _ => Ok(compare(BinaryOp::Equal, left, right)),
    }
}

fn piece<'a>(left: &Val<'a>, right: &Val<'a>, ty: &'a Type, env: Env<'a, '_>) -> Result<bool, EvalError> {
    env.steps.take(1)?;
    env.steps.take_for(left)?;
    equal(left, right, ty, env)
}

fn entry<'a>(map: &Val<'a>, key: &str) -> Option<Val<'a>> {
    match map {
        Val::JsonMap(fields, ty) => typed(fields.get(key)?, ty),
        Val::Map(entries) => {
            let at = entries.binary_search_by(|(known, _)| known.as_ref().cmp(key)).ok()?;
            entries.get(at).map(|(_, value)| value.clone())
        }
        _ => None,
    }
}

/// Objects of one schema: their declared properties; what is absent in both is no difference.
fn objects(
    left: ObjectRef<'_>,
    right: ObjectRef<'_>,
    object: &ObjectSchema,
    types: &[(String, Schema)],
    steps: &Steps,
) -> Result<bool, EvalError> {
    for property in &object.properties {
        let same = match (left.get(&property.name), right.get(&property.name)) {
            (Some(left), Some(right)) => of_schema(left, right, &property.schema, types, steps)?,
            (None, None) => true,
            _ => false,
        };
        if !same {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Two values that fit one schema.
fn of_schema(
    left: ValueRef<'_>,
    right: ValueRef<'_>,
    schema: &Schema,
    types: &[(String, Schema)],
    steps: &Steps,
) -> Result<bool, EvalError> {
    steps.take(1)?;
    match (&resolve(types, schema).kind, left, right) {
        (SchemaKind::Integer(_), ValueRef::Number(left), ValueRef::Number(right)) => {
            Ok(as_int(left) == as_int(right))
        }
        (SchemaKind::Number(_), ValueRef::Number(left), ValueRef::Number(right)) => {
            Ok(left.as_f64() == right.as_f64())
        }
        (SchemaKind::Nullable(value), left, right) if !left.is_null() && !right.is_null() => {
            of_schema(left, right, value, types, steps)
        }
        (SchemaKind::Tuple(items), ValueRef::Array(left), ValueRef::Array(right)) => {
            for (item, (left, right)) in items.iter().zip(left.iter().zip(right.iter())) {
                if !of_schema(left, right, item, types, steps)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        (SchemaKind::Array(items, _), ValueRef::Array(left), ValueRef::Array(right)) => {
            if left.len() != right.len() {
                return Ok(false);
            }
            for (left, right) in left.iter().zip(right.iter()) {
                if !of_schema(left, right, items, types, steps)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        (SchemaKind::Map(values, _), ValueRef::Object(left), ValueRef::Object(right)) => {
            if left.len() != right.len() {
                return Ok(false);
            }
            for (key, left) in left.iter() {
                let Some(right) = right.get(key) else { return Ok(false) };
                if !of_schema(left, right, values, types, steps)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        (SchemaKind::Object(object), ValueRef::Object(left), ValueRef::Object(right)) => {
            objects(left, right, object, types, steps)
        }
        (_, ValueRef::String(left), ValueRef::String(right)) => {
            steps.take(left.len() / super::BYTES_PER_STEP)?;
            Ok(left == right)
        }
        _ => Ok(left == right),
    }
}
