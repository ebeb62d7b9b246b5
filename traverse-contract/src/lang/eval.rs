//! [`TypedExpr`] on JSON (spec LANG-39 to LANG-47): a walk over the tree that borrows from the input.
//!
//! The values are taken to fit the schema; one that does not is an error here, never a panic.

mod convert;
mod macros;
mod message;
mod observe;
mod parts;
mod plain;
#[cfg(test)]
mod tests;
mod trace;
mod value;

use crate::json::{ArrayRef, ObjectRef, ValueRef};
use crate::lang::syntax::{BinaryOp, Function, Literal, TypeValue};
use crate::lang::typed::{Root, Type, TypedExpr, TypedKind};
use crate::number::compare_int_double;
use crate::schema::Schema;
use std::borrow::Cow;
use std::cell::Cell;
use std::cmp::Ordering;
use std::fmt;
use std::rc::Rc;

pub use message::told;
pub use observe::observe;
pub use trace::{Came, Node, Round, Traced, trace};
pub use value::value;

/// The most steps that a rule may take on the host (spec LANG-58): far more than any rule needs on an input of usual size,
/// and well below a second.
pub const MAX_STEPS: u64 = 10_000_000;

/// Text is read and made at this many bytes a step.
const BYTES_PER_STEP: usize = 64;

/// What a rule is evaluated on.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    /// The input, valid against its schema.
    pub input: ValueRef<'a>,
    /// The result, valid against its schema; absent before the function.
    pub output: Option<ValueRef<'a>>,
    /// `[types.Name]`.
    pub types: &'a [(String, Schema)],
}

/// Why a rule has no truth value. A rule that cannot be evaluated does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EvalError {
    /// Int arithmetic left the range of `i64`.
    IntegerOverflow,
    /// Int division, or remainder, by zero.
    DivisionByZero,
    /// No such element.
    IndexOutOfRange {
        /// What was asked for.
        index: i64,
        /// Elements in the list.
        len: usize,
    },
    /// A property that may be absent is, or a value that may be null. A checked rule asks first, so this is for trees
    /// made by hand.
    Absent {
        /// The path, `cart.coupon`.
        path: String,
    },
    /// A value does not have the type that its schema says: it was not validated before.
    WrongType {
        /// The path.
        path: String,
    },
    /// A map has no value for the key that it is asked for.
    NoSuchKey,
    /// A map is written with one key twice.
    DuplicateKey,
    /// Text that does not say what it is converted to.
    NotInText {
        /// `an int`, `a double` or `a bool`.
        wanted: &'static str,
    },
    /// It would take more than this many steps.
    TooManySteps {
        /// The budget, [`MAX_STEPS`].
        most: u64,
    },
}

impl fmt::Display for EvalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EvalError::IntegerOverflow => f.write_str("integer overflow"),
            EvalError::DivisionByZero => f.write_str("division by zero"),
            EvalError::IndexOutOfRange { index, len } => {
                write!(f, "index {index} is out of range for a list of {len}")
            }
            EvalError::Absent { path } => write!(f, "`{path}` is absent"),
            EvalError::WrongType { path } => {
                write!(f, "`{path}` does not have the type that its schema says")
            }
            EvalError::NoSuchKey => f.write_str("no such key"),
            EvalError::DuplicateKey => f.write_str("duplicate key in a map"),
            EvalError::NotInText { wanted } => write!(f, "the text is not {wanted}"),
            EvalError::TooManySteps { most } => write!(f, "it takes more than {most} steps"),
        }
    }
}

impl std::error::Error for EvalError {}

/// Whether a checked rule holds.
///
/// # Errors
/// Where it has no truth value; see [`EvalError`].
pub fn evaluate(expr: &TypedExpr, scope: Scope<'_>) -> Result<bool, EvalError> {
    within(expr, scope, MAX_STEPS)
}

fn within(expr: &TypedExpr, scope: Scope<'_>, most: u64) -> Result<bool, EvalError> {
    bool(expr, Env { scope, bound: None, steps: &Steps::new(most) })
}

/// The budget of one evaluation. Once it is spent every further step is an error too, so no other operand makes up for it.
struct Steps {
    taken: Cell<u64>,
    most: u64,
    /// Who is told what each part came to.
    recorder: Option<trace::Recorder>,
}

impl Steps {
    fn new(most: u64) -> Self {
        Steps { taken: Cell::new(0), most, recorder: None }
    }

    fn take(&self, steps: usize) -> Result<(), EvalError> {
        let taken = self.taken.get().saturating_add(steps as u64);
        self.taken.set(taken);
        if taken <= self.most { Ok(()) } else { Err(EvalError::TooManySteps { most: self.most }) }
    }

    /// What `value` costs beyond the step in which it is looked at.
    fn take_for(&self, value: &Val<'_>) -> Result<(), EvalError> {
        match value {
            Val::Text(text) if text.len() >= BYTES_PER_STEP => self.take(text.len() / BYTES_PER_STEP),
            _ => Ok(()),
        }
    }
}

/// What names stand for: the data, and the elements of the macros around.
#[derive(Clone, Copy)]
struct Env<'a, 'f> {
    scope: Scope<'a>,
    bound: Option<&'f Bound<'a, 'f>>,
    steps: &'f Steps,
}

/// An element that a macro looks at.
struct Bound<'a, 'f> {
    id: usize,
    value: Val<'a>,
    outer: Option<&'f Bound<'a, 'f>>,
}

/// A value of the language, borrowed where it comes from JSON.
#[derive(Debug, Clone, PartialEq)]
enum Val<'a> {
    Null,
    Bool(bool),
    Int(i64),
    Double(f64),
    Text(Cow<'a, str>),
    /// A list of the data.
    Json(ArrayRef<'a>, &'a Type),
    /// A list literal, or what a macro made.
    List(Rc<Vec<Val<'a>>>),
    Object(ObjectRef<'a>),
    /// A map of the data.
    JsonMap(ObjectRef<'a>, &'a Type),
    /// A map literal.
    Map(parts::Entries<'a>),
    /// A tuple, with the types of its elements.
    Tuple(ArrayRef<'a>, &'a [Type]),
    Type(TypeValue),
}

type Evaluated<'a> = Result<Val<'a>, EvalError>;

fn bool<'a>(expr: &'a TypedExpr, env: Env<'a, '_>) -> Result<bool, EvalError> {
    if let Some(holds) = plain::decided(expr, env) {
        return Ok(holds);
    }
    match eval(expr, env)? {
        Val::Bool(value) => Ok(value),
        _ => Err(wrong_type(expr)),
    }
}

fn eval<'a>(expr: &'a TypedExpr, env: Env<'a, '_>) -> Evaluated<'a> {
    match &env.steps.recorder {
        None => counted(expr, env),
        Some(recorder) => recorder.watch(expr, env.scope.types, || counted(expr, env)),
    }
}

/// Evaluates within the budget.
fn counted<'a>(expr: &'a TypedExpr, env: Env<'a, '_>) -> Evaluated<'a> {
    env.steps.take(1)?;
    let value = reduce(expr, env)?;
    env.steps.take_for(&value)?;
    Ok(value)
}

fn reduce<'a>(expr: &'a TypedExpr, env: Env<'a, '_>) -> Evaluated<'a> {
    match &expr.kind {
        TypedKind::Literal(literal) => Ok(match literal {
            Literal::Null => Val::Null,
            Literal::Bool(value) => Val::Bool(*value),
            Literal::Int(value) => Val::Int(*value),
            Literal::Double(value) => Val::Double(*value),
            Literal::String(value) => Val::Text(Cow::Borrowed(value)),
        }),
        TypedKind::Pattern(pattern) => Ok(Val::Text(Cow::Borrowed(pattern.source()))),
        TypedKind::TypeName(value) => Ok(Val::Type(*value)),
        // Not in the text, and so no step.
        TypedKind::NotNull(read) => match reduce(read, env)? {
            Val::Null => Err(EvalError::Absent { path: expr.path() }),
            value => Ok(value),
        },
        TypedKind::Root(_) => typed(json(expr, env.scope)?, &expr.ty).ok_or_else(|| wrong_type(expr)),
        TypedKind::Field { base, name, .. } => {
            let found = match eval(base, env)? {
                Val::Object(object) => {
                    let value = object.get(name).map(|value| typed(value, &expr.ty));
                    value.map(|value| value.ok_or_else(|| wrong_type(expr))).transpose()?
                }
                map => parts::find(&map, name, base)?,
            };
            found.ok_or_else(|| EvalError::Absent { path: expr.path() })
        }
        TypedKind::Variable { id, .. } => {
            let mut bound = env.bound;
            while let Some(found) = bound {
                if found.id == *id {
                    return Ok(found.value.clone());
                }
                bound = found.outer;
            }
            Err(wrong_type(expr))
        }
        TypedKind::Macro { kind, list, variable, filter, body } => {
            let (kind, variable, filter) = (*kind, *variable, filter.as_deref());
            macros::over(&macros::Parts { kind, list, variable, filter, body }, env)
        }
        TypedKind::Index { base, index } => {
            let (list, index) = (eval(base, env)?, eval(index, env)?);
            let index = match index {
                Val::Int(index) => index,
                Val::Text(key) => return parts::find(&list, &key, base)?.ok_or(EvalError::NoSuchKey),
                _ => return Err(wrong_type(expr)),
            };
            let (found, len) = match list {
                Val::Json(values, item) => {
                    let value = usize::try_from(index).ok().and_then(|index| values.get(index));
                    let value = value.map(|value| typed(value, item).ok_or_else(|| wrong_type(expr)));
                    (value.transpose()?, values.len())
                }
                Val::List(values) => {
                    (usize::try_from(index).ok().and_then(|index| values.get(index).cloned()), values.len())
                }
                Val::Tuple(values, items) => {
                    let at = usize::try_from(index).ok();
                    let value = at.and_then(|at| values.get(at).zip(items.get(at)));
                    let value = value.map(|(value, item)| typed(value, item).ok_or_else(|| wrong_type(expr)));
                    (value.transpose()?, values.len())
                }
                _ => return Err(wrong_type(base)),
            };
            found.ok_or(EvalError::IndexOutOfRange { index, len })
        }
        TypedKind::List(elements) => {
            let elements = elements.iter().map(|element| eval(element, env)).collect::<Result<_, _>>()?;
            Ok(Val::List(Rc::new(elements)))
        }
        TypedKind::Map(entries) => parts::written(entries, env),
        TypedKind::Not(operand) => Ok(Val::Bool(!bool(operand, env)?)),
        TypedKind::Negate(operand) => match eval(operand, env)? {
            Val::Int(value) => value.checked_neg().map(Val::Int).ok_or(EvalError::IntegerOverflow),
            Val::Double(value) => Ok(Val::Double(-value)),
            _ => Err(wrong_type(operand)),
        },
        TypedKind::Arithmetic { op, left, right } => {
            let (left, right) = (eval(left, env)?, eval(right, env)?);
            match parts::len(&left).zip(parts::len(&right)) {
                Some((left_len, right_len)) => {
                    env.steps.take(left_len.saturating_add(right_len))?;
                    parts::joined(left, right).ok_or_else(|| wrong_type(expr))
                }
                None => arithmetic(*op, expr, left, right),
            }
        }
        TypedKind::Compare { op, left, right } => {
            let (left_value, right_value) = (eval(left, env)?, eval(right, env)?);
            Ok(Val::Bool(match op {
                BinaryOp::Equal => parts::equal(&left_value, &right_value, &left.ty, env)?,
                BinaryOp::NotEqual => !parts::equal(&left_value, &right_value, &left.ty, env)?,
                _ => compare(*op, &left_value, &right_value),
            }))
        }
        TypedKind::In { element, list } => {
            let (element_value, list_value) = (eval(element, env)?, eval(list, env)?);
            if let (Val::Text(key), Val::JsonMap(..) | Val::Map(_)) = (&element_value, &list_value) {
                return parts::find(&list_value, key, list).map(|found| Val::Bool(found.is_some()));
            }
            for value in parts::Elements::of(list_value).ok_or_else(|| wrong_type(list))? {
                let value = value.ok_or_else(|| wrong_type(list))?;
                env.steps.take(1)?;
                env.steps.take_for(&value)?;
                if parts::equal(&element_value, &value, &element.ty, env)? {
                    return Ok(Val::Bool(true));
                }
            }
            Ok(Val::Bool(false))
        }
        TypedKind::Is { operand, truth, .. } => eval(operand, env).map(|_| Val::Bool(*truth)),
        TypedKind::And(left, right) => absorb(left, right, env, false, false),
        TypedKind::Or(left, right) => absorb(left, right, env, true, false),
        TypedKind::Implies(left, right) => absorb(left, right, env, true, true),
        TypedKind::Conditional { condition, then, otherwise } => {
            eval(if bool(condition, env)? { then } else { otherwise }, env)
        }
        TypedKind::Has { base, name, .. } => match eval(base, env)? {
            Val::Object(object) => Ok(Val::Bool(object.get(name).is_some())),
            map => parts::find(&map, name, base).map(|found| Val::Bool(found.is_some())),
        },
        TypedKind::Call { function, arguments } => call(*function, expr, arguments, env),
    }
}

/// The JSON behind a chain of properties, down to a root.
fn json<'a>(expr: &'a TypedExpr, scope: Scope<'a>) -> Result<ValueRef<'a>, EvalError> {
    match &expr.kind {
        TypedKind::Root(Root::Input) => Ok(scope.input),
        TypedKind::Root(Root::Output) => {
            scope.output.ok_or_else(|| EvalError::Absent { path: "result".into() })
        }
        TypedKind::Field { base, name, .. } => match json(base, scope)? {
            ValueRef::Object(object) => {
                object.get(name).ok_or_else(|| EvalError::Absent { path: expr.path() })
            }
            _ => Err(wrong_type(base)),
        },
        TypedKind::NotNull(read) => json(read, scope),
        _ => Err(wrong_type(expr)),
    }
}

/// A value of JSON as its static type has it: an integer however written is an int, a number is a double.
fn typed<'a>(value: ValueRef<'a>, ty: &'a Type) -> Option<Val<'a>> {
    Some(match (ty, value) {
        (Type::Null | Type::Nullable(_), ValueRef::Null) => Val::Null,
        (Type::Nullable(ty), value) => typed(value, ty)?,
        (Type::Bool, ValueRef::Bool(value)) => Val::Bool(value),
        (Type::Int, ValueRef::Number(number)) => Val::Int(as_int(number)?),
        (Type::Number, ValueRef::Number(number)) => Val::Double(number.as_f64()?),
        (Type::String | Type::Enum(_), ValueRef::String(text)) => Val::Text(Cow::Borrowed(text)),
        (Type::List(item), ValueRef::Array(values)) => Val::Json(values, item),
        (Type::Tuple(items), ValueRef::Array(values)) => Val::Tuple(values, items),
        (Type::Object(_), ValueRef::Object(object)) => Val::Object(object),
        (Type::Map(value), ValueRef::Object(fields)) => Val::JsonMap(fields, value),
        _ => return None,
    })
}

/// The integral value of a JSON number, if it has one in range.
pub(crate) fn as_int(number: &serde_json::Number) -> Option<i64> {
    if let Some(value) = number.as_i64() {
        return Some(value);
    }
    let value = number.as_f64()?;
    // 2^63 itself is out of range, and the largest double below it is in.
    let fits =
        value.fract() == 0.0 && (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&value);
    fits.then_some(value as i64)
}

/// `and` and its kin: the value `decides` on either side settles the matter, even if the other side has none. With
/// `negated`, the left side counts as its opposite. If neither decides, the left side's error comes first.
fn absorb<'a>(
    left: &'a TypedExpr,
    right: &'a TypedExpr,
    env: Env<'a, '_>,
    decides: bool,
    negated: bool,
) -> Evaluated<'a> {
    match bool(left, env).map(|value| value != negated) {
        Ok(value) if value == decides => Ok(Val::Bool(decides)),
        Ok(_) => bool(right, env).map(Val::Bool),
        Err(error) => match bool(right, env) {
            Ok(value) if value == decides => Ok(Val::Bool(decides)),
            _ => Err(error),
        },
    }
}

fn arithmetic<'a>(op: BinaryOp, expr: &TypedExpr, left: Val<'a>, right: Val<'a>) -> Evaluated<'a> {
    match (left, right) {
        (Val::Int(left), Val::Int(right)) => {
            let result = match op {
                BinaryOp::Add => left.checked_add(right),
                BinaryOp::Subtract => left.checked_sub(right),
                BinaryOp::Multiply => left.checked_mul(right),
                BinaryOp::Divide | BinaryOp::Remainder if right == 0 => {
                    return Err(EvalError::DivisionByZero);
                }
                BinaryOp::Divide => left.checked_div(right),
                BinaryOp::Remainder => left.checked_rem(right),
                _ => return Err(wrong_type(expr)),
            };
            result.map(Val::Int).ok_or(EvalError::IntegerOverflow)
        }
        (Val::Double(left), Val::Double(right)) => Ok(Val::Double(match op {
            BinaryOp::Add => left + right,
            BinaryOp::Subtract => left - right,
            BinaryOp::Multiply => left * right,
            BinaryOp::Divide => left / right,
            _ => return Err(wrong_type(expr)),
        })),
        (Val::Text(left), Val::Text(right)) if op == BinaryOp::Add => {
            Ok(Val::Text(Cow::Owned(left.into_owned() + &right)))
        }
        _ => Err(wrong_type(expr)),
    }
}

fn compare(op: BinaryOp, left: &Val<'_>, right: &Val<'_>) -> bool {
    // Bytes of UTF-8 order as code points do.
    let order = match (left, right) {
        (Val::Null, Val::Null) => Some(Ordering::Equal),
        (Val::Bool(left), Val::Bool(right)) => Some(left.cmp(right)),
        (Val::Int(left), Val::Int(right)) => Some(left.cmp(right)),
        (Val::Double(left), Val::Double(right)) => left.partial_cmp(right),
        (Val::Int(left), Val::Double(right)) => compare_int_double(*left, *right),
        (Val::Double(left), Val::Int(right)) => compare_int_double(*right, *left).map(Ordering::reverse),
        (Val::Text(left), Val::Text(right)) => Some(left.cmp(right)),
        (Val::Type(left), Val::Type(right)) if left == right => Some(Ordering::Equal),
        // Null against what is not null, and types that differ.
        _ => None,
    };
    match op {
        BinaryOp::Less => order == Some(Ordering::Less),
        BinaryOp::LessOrEqual => matches!(order, Some(Ordering::Less | Ordering::Equal)),
        BinaryOp::Greater => order == Some(Ordering::Greater),
        BinaryOp::GreaterOrEqual => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
        BinaryOp::NotEqual => order != Some(Ordering::Equal),
        _ => order == Some(Ordering::Equal),
    }
}

fn call<'a>(
    function: Function,
    expr: &TypedExpr,
    arguments: &'a [TypedExpr],
    env: Env<'a, '_>,
) -> Evaluated<'a> {
    let values = arguments.iter().map(|argument| eval(argument, env)).collect::<Result<Vec<_>, _>>()?;
    let size = |size: usize| i64::try_from(size).map(Val::Int).map_err(|_| EvalError::IntegerOverflow);
    match (function, values.as_slice()) {
        (Function::Size, [Val::Text(text)]) => size(text.chars().count()),
        (Function::Size, [value]) => size(parts::len(value).ok_or_else(|| wrong_type(expr))?),
        (Function::Type, [Val::Null]) => Ok(Val::Type(TypeValue::Null)),
        (Function::Type, [_]) => {
            let known = arguments.first().map(|argument| Val::Type(argument.ty.name_as_value()));
            known.ok_or_else(|| wrong_type(expr))
        }
        (Function::StartsWith, [Val::Text(text), Val::Text(part)]) => {
            Ok(Val::Bool(text.starts_with(part.as_ref())))
        }
        (Function::EndsWith, [Val::Text(text), Val::Text(part)]) => {
            Ok(Val::Bool(text.ends_with(part.as_ref())))
        }
        (Function::Contains, [Val::Text(text), Val::Text(part)]) => {
            Ok(Val::Bool(text.contains(part.as_ref())))
        }
        (Function::Matches, [Val::Text(text), _]) => match arguments {
            [_, TypedExpr { kind: TypedKind::Pattern(pattern), .. }] => {
                // It is looked at once more, as far as `matches` goes.
                env.steps.take(text.len() / BYTES_PER_STEP)?;
                Ok(Val::Bool(pattern.is_match(text)))
            }
            _ => Err(wrong_type(expr)),
        },
        (Function::Int | Function::Double | Function::String | Function::Bool, [value]) => {
            convert::convert(function, value).unwrap_or_else(|| Err(wrong_type(expr)))
        }
        _ => Err(wrong_type(expr)),
    }
}

fn wrong_type(expr: &TypedExpr) -> EvalError {
    EvalError::WrongType { path: expr.path() }
}
