//! What every part of an expression came to (spec LANG-111): the evaluator tells a recorder, and what it was told is
//! laid over the checked tree, so that parts which were not evaluated are there, too.

use super::value::to_json;
use super::{Env, EvalError, Evaluated, MAX_STEPS, Scope, Steps, eval};
use crate::diagnostic::Span;
use crate::lang::typed::{Type, TypedExpr, TypedKind};
use crate::schema::Schema;
use serde_json::Value;
use std::cell::{Cell, RefCell};

#[cfg(test)]
mod tests;

/// What is recorded of one evaluation at most, in bytes of values as they would be written and of places kept for
/// parts: enough for some ten thousand parts, and well below what a macro over a large input could make of it.
const MAX_RECORDED_BYTES: usize = 1 << 20;

/// What one part takes besides its value.
const BYTES_PER_PART: usize = 64;

/// What a part came to.
#[derive(Debug, Clone, PartialEq)]
pub enum Came {
    /// A value, in the form of [`super::value`].
    Value(Value),
    /// No value.
    Error(EvalError),
    /// Nothing: another part decided before.
    NotEvaluated,
    /// It was evaluated, or not, after the trace had grown too long to tell.
    LeftOut,
}

/// A part of an expression and what it came to, with the parts of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Where it stands, in bytes of the expression's text.
    pub span: Span,
    /// Its static type.
    pub ty: Type,
    /// Whether it is a literal, which is its own value.
    pub literal: bool,
    /// What it came to.
    pub came: Came,
    /// Its operands in the order of the text; of a macro the left side alone.
    pub parts: Vec<Node>,
    /// Of a macro: what came of each element that it looked at, in order.
    pub rounds: Vec<Round>,
}

/// One element of a macro.
#[derive(Debug, Clone, PartialEq)]
pub struct Round {
    /// The element; `None` where the left side was left out.
    pub element: Option<Value>,
    /// Of a `map` with a filter that and the body, else the body.
    pub parts: Vec<Node>,
}

/// An expression's value and those of its parts.
#[derive(Debug, Clone, PartialEq)]
pub struct Traced {
    /// As [`super::value`] has it.
    pub value: Result<Value, EvalError>,
    /// The whole expression; its own [`Came`] is left out where the value is too long to be kept twice.
    pub root: Node,
}

/// Evaluates a checked expression of any type, and keeps what its parts came to.
pub fn trace(expr: &TypedExpr, scope: Scope<'_>) -> Traced {
    let mut steps = Steps::new(MAX_STEPS);
    steps.recorder = Some(Recorder::default());
    let value = eval(expr, Env { scope, bound: None, steps: &steps });
    let value = value.map(|value| to_json(&value, &expr.ty, scope.types));
    let records = steps.recorder.map(|recorder| recorder.open.into_inner()).unwrap_or_default();
    let root = node(expr, records.into_iter().next().and_then(|top| top.parts.into_iter().next()), true);
    Traced { value, root }
}

/// Is told of every part that is evaluated, as it begins and as it ends.
pub(super) struct Recorder {
    /// The parts that are being evaluated, outermost first; beneath them the place of the whole.
    open: RefCell<Vec<Record>>,
    left_bytes: Cell<usize>,
}

impl Default for Recorder {
    fn default() -> Self {
        Recorder { open: RefCell::new(vec![Record::default()]), left_bytes: Cell::new(MAX_RECORDED_BYTES) }
    }
}

/// One evaluation of one part.
#[derive(Debug)]
struct Record {
    /// Which node of the tree it is: never read, only compared.
    of: *const TypedExpr,
    came: Came,
    parts: Vec<Record>,
    /// Whether all its parts that were evaluated are here.
    whole: bool,
}

impl Default for Record {
    fn default() -> Self {
        Record { of: std::ptr::null(), came: Came::LeftOut, parts: Vec::new(), whole: true }
    }
}

impl Recorder {
    /// Evaluates a part and keeps what it comes to.
    pub(super) fn watch<'a>(
        &self,
        expr: &TypedExpr,
        types: &[(String, Schema)],
        evaluate: impl FnOnce() -> Evaluated<'a>,
    ) -> Evaluated<'a> {
        if !self.take(BYTES_PER_PART) {
            if let Some(around) = self.open.borrow_mut().last_mut() {
                around.whole = false;
            }
            return evaluate();
        }
        self.open.borrow_mut().push(Record { of: expr, ..Record::default() });
        let came = evaluate();
        let mut open = self.open.borrow_mut();
        if let Some(mut record) = open.pop() {
            record.came = match &came {
                Ok(_) if self.left_bytes.get() == 0 => Came::LeftOut,
                Ok(value) => {
                    let value = to_json(value, &expr.ty, types);
                    if self.take(written_bytes(&value)) { Came::Value(value) } else { Came::LeftOut }
                }
                Err(error) => Came::Error(error.clone()),
            };
            if let Some(around) = open.last_mut() {
                around.parts.push(record);
            }
        }
        came
    }

    /// Once it does not suffice, nothing more is kept.
    fn take(&self, bytes: usize) -> bool {
        let left = self.left_bytes.get().checked_sub(bytes);
        self.left_bytes.set(left.unwrap_or(0));
        left.is_some()
    }
}

/// About how long a value is when written.
fn written_bytes(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => 8,
        Value::String(text) => text.len() + 2,
        Value::Array(items) => 2 + items.iter().map(written_bytes).sum::<usize>(),
        Value::Object(fields) => {
            2 + fields.iter().map(|(name, value)| name.len() + 4 + written_bytes(value)).sum::<usize>()
        }
    }
}

/// A node with its record, if there is one; `whole` tells whether a missing one means that it was not evaluated.
fn node(expr: &TypedExpr, record: Option<Record>, whole: bool) -> Node {
    let missing = if whole { Came::NotEvaluated } else { Came::LeftOut };
    let (came, mut records, whole) = match record {
        Some(record) => (record.came, record.parts, record.whole),
        None => (missing, Vec::new(), whole),
    };
    let take = |part: &TypedExpr, records: &mut Vec<Record>| {
        let at = records.iter().position(|record| std::ptr::eq(record.of, part));
        at.map(|at| records.remove(at))
    };
    let mut rounds = Vec::new();
    let parts = match &expr.kind {
        TypedKind::Macro { list, filter, body, .. } => {
            let list = node(list, take(list, &mut records), whole);
            rounds = rounds_of(records, filter.as_deref(), body, &list.came, whole);
            vec![list]
        }
        _ => expr
            .operands()
            .into_iter()
            // What is only meant, the input before a bare name, is not in the text.
            .filter(|part| part.span.start < part.span.end)
            // Nor are the elements of a tuple that is looked into as a list.
            .filter(|part| !(matches!(expr.kind, TypedKind::List(_)) && part.span == expr.span))
            .map(|part| node(part, take(part, &mut records), whole))
            .collect(),
    };
    let literal = matches!(expr.kind, TypedKind::Literal(_) | TypedKind::Pattern(_) | TypedKind::TypeName(_));
    Node { span: expr.span, ty: expr.ty.clone(), literal, came, parts, rounds }
}

/// Each element's records: the filter, where there is one, begins a round, else the body does.
fn rounds_of(
    records: Vec<Record>,
    filter: Option<&TypedExpr>,
    body: &TypedExpr,
    list: &Came,
    whole: bool,
) -> Vec<Round> {
    let elements: Option<Vec<Value>> = match list {
        Came::Value(Value::Array(items)) => Some(items.clone()),
        Came::Value(Value::Object(fields)) => Some(fields.keys().map(|key| key.as_str().into()).collect()),
        _ => None,
    };
    let element = |index: usize| elements.as_ref().and_then(|elements| elements.get(index)).cloned();
    let mut rounds = Vec::new();
    let mut records = records.into_iter().peekable();
    while let Some(record) = records.next() {
        let index = rounds.len();
        let parts = match filter {
            None => vec![node(body, Some(record), true)],
            Some(filter) => {
                let of_body = records.next_if(|next| std::ptr::eq(next.of, body));
                // Only of the last element can the body be missing for want of room.
                let whole = whole || records.peek().is_some();
                vec![node(filter, Some(record), true), node(body, of_body, whole)]
            }
        };
        rounds.push(Round { element: element(index), parts });
    }
    rounds
}
