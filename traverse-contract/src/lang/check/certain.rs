//! Evaluates a checked rule on everything at once: which values each part can have, over all inputs that the types
//! (and, if asked, the schema's bounds) admit.
//!
//! What is said to be impossible here is impossible; what is said to be possible may not be. So a finding that rests on
//! "it is never true" is never a false alarm. Forms that this does not know have any value, and may fail.

mod assume;
mod bounds;
mod call;
mod lists;

pub(super) use assume::keys;

use super::facts::path_key;
use super::range::{self, Doubles, Ints, Known, Lists, Sizes, Texts, Truth, double_arithmetic};
use crate::diagnostic::Span;
use crate::lang::syntax::{BinaryOp, Function, Literal};
use crate::lang::typed::{Type, TypedExpr, TypedKind};
use crate::schema::{Schema, Schemas};
use assume::has_key;
use call::{arithmetic_on, call, joined};
use std::collections::HashMap;

/// No more than this is remembered of what conditions say of paths.
const MOST_NARROWED: usize = 256;
/// Pairs of texts that are looked at one by one.
const MOST_PAIRS: usize = 256;
/// Lists within lists, as far as their elements are looked at.
const MOST_NESTED: usize = 3;

/// What a part of a rule can come to.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    /// Its values; `None` if it has none, because it always fails.
    pub(super) value: Option<Known>,
    /// Whether it may be an error.
    pub(super) fails: bool,
}

/// What a condition can come to where it stands.
#[derive(Debug, Clone, Default)]
pub(super) struct Verdict {
    pub(super) yes: bool,
    pub(super) no: bool,
    pub(super) fails: bool,
    /// The conditions under which it stands and that say something of what it reads.
    pub(super) given: Vec<Span>,
}

impl Verdict {
    /// False or an error, whatever the input.
    pub(super) fn is_never(&self) -> bool {
        !self.yes && (self.no || self.fails)
    }

    pub(super) fn is_always(&self) -> bool {
        self.yes && !self.no && !self.fails
    }

    pub(super) fn is_open(&self) -> bool {
        !self.is_never() && !self.is_always()
    }
}

/// What a condition says of a path.
#[derive(Debug, Clone)]
struct Narrowed {
    key: String,
    known: Known,
    given: Vec<Span>,
}

/// An evaluation in progress.
#[derive(Clone)]
pub(super) struct Analysis<'a> {
    schemas: &'a Schemas,
    /// Whether the schema's bounds count, or types alone.
    bounds: bool,
    narrowed: Vec<Narrowed>,
    /// Elements of the macros around.
    variables: Vec<(usize, Known)>,
    /// What each condition came to, by its address in the tree.
    verdicts: HashMap<*const TypedExpr, Verdict>,
    /// Members of written lists that `in` never finds: the element, the member, whether an earlier one is the same.
    idle_members: Vec<IdleMember>,
    /// Within [`Analysis::assume`] nothing is noted.
    quiet: bool,
    /// What the sides of a condition came to, by their addresses: what follows from a condition is asked where it was
    /// just evaluated, and evaluating its sides again at every level would take 2^depth of it.
    sides: HashMap<*const TypedExpr, Known>,
    /// What schemas of long lists of values admit, by their addresses in the tree and in `schemas`.
    listed: HashMap<*const Schema, Known>,
}

/// A member of a list after `in` that makes no difference.
#[derive(Debug, Clone)]
pub(super) struct IdleMember {
    pub(super) element: Span,
    pub(super) member: Span,
    /// An earlier member that is the same.
    pub(super) same_as: Option<Span>,
    /// What the element is instead.
    pub(super) known: Known,
    pub(super) given: Vec<Span>,
}

impl Seen {
    fn sure(value: Known) -> Seen {
        Seen { value: Some(value), fails: false }
    }

    /// What evaluates these first.
    fn after(self, operands: &[&Seen]) -> Seen {
        let value = if operands.iter().any(|operand| operand.value.is_none()) { None } else { self.value };
        Seen { value, fails: self.fails || operands.iter().any(|operand| operand.fails) }
    }

    fn bool(truth: Truth, fails: bool) -> Seen {
        Seen { value: (truth.yes || truth.no).then_some(Known::Bool(truth)), fails }
    }

    fn truth(&self) -> Truth {
        match &self.value {
            Some(Known::Bool(truth)) => *truth,
            Some(_) => Truth::EITHER,
            None => Truth { yes: false, no: false },
        }
    }

    fn known(&self) -> Known {
        self.value.clone().unwrap_or(Known::Any)
    }
}

impl<'a> Analysis<'a> {
    pub(super) fn new(schemas: &'a Schemas, bounds: bool) -> Self {
        Analysis {
            schemas,
            bounds,
            narrowed: Vec::new(),
            variables: Vec::new(),
            verdicts: HashMap::new(),
            idle_members: Vec::new(),
            quiet: false,
            sides: HashMap::new(),
            listed: HashMap::new(),
        }
    }

    /// What the rule, and with it each of its conditions, can come to.
    pub(super) fn rule(&mut self, expr: &TypedExpr) -> Verdict {
        let seen = self.eval(expr);
        self.verdict(expr, &seen)
    }

    /// What was noted of a part of the rule.
    pub(super) fn noted(&self, expr: &TypedExpr) -> Verdict {
        self.verdicts.get(&std::ptr::from_ref(expr)).cloned().unwrap_or(Verdict {
            yes: true,
            no: true,
            ..Verdict::default()
        })
    }

    pub(super) fn idle_members(&self) -> &[IdleMember] {
        &self.idle_members
    }

    /// What the path of a read is known to be, without conditions.
    pub(super) fn known_of(&mut self, expr: &TypedExpr) -> Known {
        let quiet = std::mem::replace(&mut self.quiet, true);
        let known = self.eval(expr).known();
        self.quiet = quiet;
        known
    }

    /// What `expr` can come to, and whether it may be an error; nothing is noted.
    pub(super) fn outcome(&mut self, expr: &TypedExpr) -> (Truth, bool) {
        let quiet = std::mem::replace(&mut self.quiet, true);
        let seen = self.eval(expr);
        self.quiet = quiet;
        (seen.truth(), seen.fails)
    }

    /// Whether the rule is false or an error on everything that is remembered; nothing is noted.
    pub(super) fn never(&mut self, expr: &TypedExpr) -> bool {
        let (truth, fails) = self.outcome(expr);
        !truth.yes && (truth.no || fails)
    }

    /// Where [`Analysis::reset`] goes back to.
    pub(super) fn mark(&self) -> usize {
        self.narrowed.len()
    }

    /// Takes what is remembered under `key` to be `known`, until [`Analysis::reset`].
    pub(super) fn set(&mut self, key: String, known: Known) -> usize {
        let mark = self.narrowed.len();
        self.narrowed.push(Narrowed { key, known, given: Vec::new() });
        mark
    }

    pub(super) fn reset(&mut self, mark: usize) {
        self.narrowed.truncate(mark);
    }

    fn verdict(&self, expr: &TypedExpr, seen: &Seen) -> Verdict {
        let truth = seen.truth();
        let mut verdict = Verdict { yes: truth.yes, no: truth.no, fails: seen.fails, given: Vec::new() };
        if !verdict.is_open() {
            verdict.given = self.given(expr);
        }
        verdict
    }

    fn eval(&mut self, expr: &TypedExpr) -> Seen {
        let seen = self.reduce(expr);
        if !self.quiet && expr.ty == Type::Bool {
            let verdict = self.verdict(expr, &seen);
            self.verdicts.insert(expr, verdict);
        }
        seen
    }

    fn reduce(&mut self, expr: &TypedExpr) -> Seen {
        match &expr.kind {
            TypedKind::Literal(literal) => Seen::sure(match literal {
                Literal::Null => Known::Null,
                Literal::Bool(value) => Known::Bool(Truth::only(*value)),
                Literal::Int(value) => Known::Int(Ints { low: *value, high: *value }),
                Literal::Double(value) => Known::Double(Doubles { low: *value, high: *value, nan: false }),
                Literal::String(text) => Known::Text(Texts::exactly(text)),
            }),
            TypedKind::Pattern(_) => Seen::sure(Known::Text(Texts::ALL)),
            TypedKind::Root(_) => self.at(expr, Known::Any),
            TypedKind::TypeName(_) => Seen::sure(Known::Any),
            // The checker has proved that it is not null.
            TypedKind::NotNull(read) => {
                let seen = self.eval(read);
                let known = match seen.known() {
                    Known::Any | Known::Null => of_type(&expr.ty),
                    known => known,
                };
                Seen::sure(known).after(&[&seen])
            }
            TypedKind::Variable { id, .. } => {
                let bound = self.variables.iter().rev().find(|(known, _)| known == id);
                let known = bound.map_or(Known::Any, |(_, known)| known.clone());
                self.at(expr, known)
            }
            TypedKind::Field { base, name, .. } => {
                let base_seen = self.eval(base);
                match &base.ty {
                    // The checker has proved that it is there.
                    Type::Object(object) => {
                        let property = object.property(name);
                        let known =
                            property.map_or(Known::Any, |property| self.of_property(&property.schema));
                        self.at(expr, known)
                    }
                    _ => Seen { fails: true, ..self.at(expr, of_type(&expr.ty)) },
                }
                .after(&[&base_seen])
            }
            TypedKind::Index { base, index } => {
                let (list, at) = (self.eval(base), self.eval(index));
                if matches!(base.ty, Type::Tuple(_)) {
                    return self.at(expr, of_type(&expr.ty)).after(&[&list]);
                }
                self.element(expr, &list, &at)
            }
            TypedKind::List(elements) => {
                let seen: Vec<Seen> = elements.iter().map(|element| self.eval(element)).collect();
                let members: Vec<Known> = seen.iter().map(|seen| seen.known().without_members()).collect();
                let element = members.iter().cloned().reduce(|all, one| all.join(&one)).unwrap_or(Known::Any);
                let size = Sizes::exactly(members.len());
                let list = Known::List(Lists { size, element: Box::new(element), members: Some(members) });
                Seen::sure(list).after(&seen.iter().collect::<Vec<_>>())
            }
            TypedKind::Not(operand) => {
                let seen = self.eval(operand);
                Seen::bool(seen.truth().flipped(), seen.fails)
            }
            TypedKind::Negate(operand) => {
                let seen = self.eval(operand);
                match seen.known() {
                    Known::Int(ints) => arithmetic_on(BinaryOp::Subtract, Ints { low: 0, high: 0 }, ints),
                    Known::Double(doubles) => {
                        let (low, high) = (-doubles.high, -doubles.low);
                        Seen::sure(Known::Double(Doubles { low, high, nan: doubles.nan }))
                    }
                    _ => unknown(&expr.ty),
                }
                .after(&[&seen])
            }
            TypedKind::Arithmetic { op, left, right } => {
                let (left, right) = (self.eval(left), self.eval(right));
                match (left.known(), right.known()) {
                    (Known::Int(left), Known::Int(right)) => arithmetic_on(*op, left, right),
                    (Known::Double(left), Known::Double(right)) => {
                        Seen::sure(Known::Double(double_arithmetic(*op, left, right)))
                    }
                    (Known::Text(left), Known::Text(right)) => Seen::sure(Known::Text(joined(&left, &right))),
                    _ => unknown(&expr.ty),
                }
                .after(&[&left, &right])
            }
            TypedKind::Compare { op, left, right } => {
                let (left_seen, right_seen) = (self.eval(left), self.eval(right));
                let (left_known, right_known) = (left_seen.known(), right_seen.known());
                self.keep_side(left, &left_known);
                self.keep_side(right, &right_known);
                let mut truth = range::compare(*op, &left_known, &right_known);
                let same = path_key(left).is_some() && path_key(left) == path_key(right);
                let equals_itself = match left.ty {
                    Type::Number => matches!(left_known, Known::Double(Doubles { nan: false, .. })),
                    _ => matches!(left.ty, Type::Int | Type::String | Type::Enum(_) | Type::Bool),
                };
                if same && equals_itself {
                    truth = Truth::only(matches!(
                        op,
                        BinaryOp::Equal | BinaryOp::LessOrEqual | BinaryOp::GreaterOrEqual
                    ));
                }
                Seen::bool(truth, false).after(&[&left_seen, &right_seen])
            }
            TypedKind::In { element, list } => self.contained(element, list),
            // A declaration of a type; what is wrong with one the checker says.
            TypedKind::Is { operand, .. } => {
                let operand = self.eval(operand);
                Seen::bool(Truth::EITHER, false).after(&[&operand])
            }
            TypedKind::And(left, right) => {
                let (left, right) = self.both(left, right, true);
                let (a, b) = (left.truth(), right.truth());
                // Where the left side is an error, the right one may be false.
                let truth = Truth { yes: a.yes && b.yes, no: a.no || b.no || left.fails };
                Seen::bool(truth, left.fails || a.yes && right.fails)
            }
            TypedKind::Or(left, right) => {
                let (left, right) = self.both(left, right, false);
                let (a, b) = (left.truth(), right.truth());
                let truth = Truth { yes: a.yes || b.yes || left.fails, no: a.no && b.no };
                Seen::bool(truth, left.fails || a.no && right.fails)
            }
            TypedKind::Implies(left, right) => {
                let (left, right) = self.both(left, right, true);
                let (a, b) = (left.truth(), right.truth());
                let truth = Truth { yes: a.no || b.yes || left.fails, no: a.yes && b.no };
                Seen::bool(truth, left.fails || a.yes && right.fails)
            }
            TypedKind::Conditional { condition, then, otherwise } => {
                let chosen = self.eval(condition);
                let truth = chosen.truth();
                let then = self.under(condition, true, truth.yes, then);
                let otherwise = self.under(condition, false, truth.no, otherwise);
                let value = match (truth.yes, truth.no) {
                    (true, true) => match (then.value, otherwise.value) {
                        (Some(then), Some(otherwise)) => Some(then.join(&otherwise)),
                        (then, otherwise) => then.or(otherwise),
                    },
                    (true, false) => then.value,
                    (false, true) => otherwise.value,
                    (false, false) => None,
                };
                let fails = truth.yes && then.fails || truth.no && otherwise.fails;
                Seen { value, fails: chosen.fails || fails }
            }
            TypedKind::Macro { kind, list, variable, filter, body } => {
                self.over_list(*kind, list, *variable, filter.as_deref(), body, &expr.ty)
            }
            TypedKind::Has { base, name, optional } => {
                let base_seen = self.eval(base);
                let asked = path_key(base).and_then(|base| self.find(&has_key(&base, name)));
                let truth = match asked {
                    Some(Narrowed { known: Known::Bool(truth), .. }) => *truth,
                    _ if !optional && self.bounds => Truth::only(true),
                    _ => Truth::EITHER,
                };
                Seen::bool(truth, false).after(&[&base_seen])
            }
            TypedKind::Call { function: Function::Matches, arguments } => {
                let seen: Vec<Seen> = arguments.iter().map(|argument| self.eval(argument)).collect();
                let pattern = arguments.get(1).map(|pattern| &pattern.kind);
                let texts = match seen.first().map(Seen::known) {
                    Some(Known::Text(Texts { one_of, .. })) => one_of,
                    _ => None,
                };
                let truth = match (pattern, texts) {
                    (Some(TypedKind::Pattern(pattern)), Some(texts)) => {
                        let all = || texts.iter().map(|text| pattern.is_match(text));
                        Truth { yes: all().any(|found| found), no: all().any(|found| !found) }
                    }
                    (Some(TypedKind::Pattern(pattern)), None) => {
                        pattern.decided().map_or(Truth::EITHER, Truth::only)
                    }
                    _ => Truth::EITHER,
                };
                Seen::bool(truth, false).after(&seen.iter().collect::<Vec<_>>())
            }
            TypedKind::Call { function, arguments } => {
                let seen: Vec<Seen> = arguments.iter().map(|argument| self.eval(argument)).collect();
                let known: Vec<Known> = seen.iter().map(Seen::known).collect();
                call(*function, &known, &expr.ty).after(&seen.iter().collect::<Vec<_>>())
            }
            #[allow(unreachable_patterns)]
            _ => unknown(&expr.ty),
        }
    }

    /// A read, by what conditions around say of its path, or else as it is known to be.
    fn at(&self, expr: &TypedExpr, known: Known) -> Seen {
        let narrowed = path_key(expr).and_then(|key| self.find(&key));
        Seen::sure(narrowed.map_or(known, |narrowed| narrowed.known.clone()))
    }

    fn find(&self, key: &str) -> Option<&Narrowed> {
        self.narrowed.iter().rev().find(|narrowed| narrowed.key == key)
    }

    /// Both sides of a logical operator, the right one where the left one came out as `truth`.
    fn both(&mut self, left: &TypedExpr, right: &TypedExpr, truth: bool) -> (Seen, Seen) {
        let seen = self.eval(left);
        let matters = if truth { seen.truth().yes } else { seen.truth().no };
        let right = self.under(left, truth, matters, right);
        (seen, right)
    }

    /// `expr` where `condition` came out as `truth`, if it can.
    fn under(&mut self, condition: &TypedExpr, truth: bool, possible: bool, expr: &TypedExpr) -> Seen {
        let before = self.narrowed.len();
        if possible && !self.follow(condition, truth) {
            self.narrowed.truncate(before);
        }
        let seen = self.eval(expr);
        self.narrowed.truncate(before);
        seen
    }
}

/// Any value of a type, or an error.
fn unknown(ty: &Type) -> Seen {
    Seen { value: Some(of_type(ty)), fails: true }
}

fn of_type(ty: &Type) -> Known {
    match ty {
        Type::Null => Known::Null,
        Type::Bool => Known::Bool(Truth::EITHER),
        Type::Int => Known::Int(Ints::ALL),
        Type::Number => Known::Double(Doubles::ALL),
        Type::String | Type::Enum(_) => Known::Text(Texts::ALL),
        _ => Known::Any,
    }
}
