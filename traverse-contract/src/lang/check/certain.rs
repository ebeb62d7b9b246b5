//! Evaluates a checked rule on everything at once: which values each part can have, over all inputs that the types
//! (and, if asked, the schema's bounds) admit.
//!
//! What is said to be impossible here is impossible; what is said to be possible may not be. So a finding that rests on
//! "it is never true" is never a false alarm. Forms that this does not know have any value, and may fail.

use super::facts::path_key;
use super::range::{
    self, Doubles, Ints, Known, Lists, Sizes, Texts, Truth, covered, double_arithmetic, int_arithmetic,
};
use crate::diagnostic::Span;
use crate::lang::syntax::{BinaryOp, Function, Literal, Macro};
use crate::lang::typed::{Type, TypedExpr, TypedKind};
use crate::number::number_text;
use crate::schema::{LengthBounds, NumberBounds, Schema, SchemaKind, Schemas};
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

    fn element(&self, expr: &TypedExpr, list: &Seen, at: &Seen) -> Seen {
        let (Known::List(lists), Known::Int(index)) = (list.known(), at.known()) else {
            return unknown(&expr.ty).after(&[list, at]);
        };
        let most = i64::try_from(lists.size.high).unwrap_or(i64::MAX);
        if index.high < 0 || index.low >= most {
            return Seen { value: None, fails: true };
        }
        let written = match (&lists.members, index.low == index.high) {
            (Some(members), true) => usize::try_from(index.low).ok().and_then(|at| members.get(at)),
            _ => None,
        };
        let known = written.unwrap_or(&lists.element).clone();
        let within = index.low >= 0 && u64::try_from(index.high).is_ok_and(|at| at < lists.size.low);
        let seen = self.at(expr, known);
        Seen { fails: !within, ..seen }.after(&[list, at])
    }

    fn contained(&mut self, element: &TypedExpr, list: &TypedExpr) -> Seen {
        let (seen, list_seen) = (self.eval(element), self.eval(list));
        let known = seen.known();
        self.keep_side(list, &list_seen.known());
        let Known::List(lists) = list_seen.known() else {
            return Seen::bool(Truth::EITHER, true).after(&[&seen, &list_seen]);
        };
        let truth = match &lists.members {
            Some(members) => {
                let equal: Vec<Truth> =
                    members.iter().map(|member| range::compare(BinaryOp::Equal, &known, member)).collect();
                if let TypedKind::List(written) = &list.kind
                    && !self.quiet
                {
                    self.note_idle(element, &known, written, members, &equal);
                }
                Truth {
                    yes: equal.iter().any(|equal| equal.yes),
                    no: !equal.iter().any(|equal| equal.is_only(true)) && !covered(&known, members),
                }
            }
            None => {
                let equal = range::compare(BinaryOp::Equal, &known, &lists.element);
                Truth {
                    yes: equal.yes && lists.size.high > 0,
                    no: !(equal.is_only(true) && lists.size.low > 0),
                }
            }
        };
        Seen::bool(truth, false).after(&[&seen, &list_seen])
    }

    /// Notes members that no element equals, and those that an earlier one makes needless.
    fn note_idle(
        &mut self,
        element: &TypedExpr,
        known: &Known,
        written: &[TypedExpr],
        members: &[Known],
        equal: &[Truth],
    ) {
        // Literals only: what is read from the input may be the same by chance.
        let mut met: Vec<(&Literal, Span)> = Vec::new();
        let mut texts: HashMap<&str, Span> = HashMap::new();
        for ((member, _), equal) in written.iter().zip(members).zip(equal) {
            let TypedKind::Literal(literal) = &member.kind else { continue };
            let same_as = match literal {
                Literal::String(text) => match texts.get(text.as_str()) {
                    Some(first) => Some(*first),
                    None => {
                        texts.insert(text, member.span);
                        None
                    }
                },
                // Long lists of numbers are looked at in part.
                _ if met.len() > 512 => None,
                _ => {
                    let first = met.iter().find(|(known, _)| *known == literal).map(|(_, span)| *span);
                    met.push((literal, member.span));
                    first
                }
            };
            if same_as.is_some() || !equal.yes {
                let (element_span, given) = (element.span, self.given(element));
                let known = known.clone();
                let given = if same_as.is_some() { Vec::new() } else { given };
                self.idle_members.push(IdleMember {
                    element: element_span,
                    member: member.span,
                    same_as,
                    known,
                    given,
                });
            }
        }
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

    fn over_list(
        &mut self,
        kind: Macro,
        list: &TypedExpr,
        variable: usize,
        filter: Option<&TypedExpr>,
        body: &TypedExpr,
        ty: &Type,
    ) -> Seen {
        let seen = self.eval(list);
        let (size, element) = match seen.known() {
            Known::List(lists) => (lists.size, *lists.element),
            _ => (Sizes::ALL, Known::Any),
        };
        let before = self.narrowed.len();
        self.variables.push((variable, element.clone()));
        let filtered = filter.map(|filter| {
            let seen = self.eval(filter);
            if seen.truth().yes && !self.follow(filter, true) {
                self.narrowed.truncate(before);
            }
            seen
        });
        let each = self.eval(body);
        self.narrowed.truncate(before);
        self.variables.pop();

        let truth = each.truth();
        let fails = size.high > 0 && (each.fails || filtered.as_ref().is_some_and(|seen| seen.fails));
        let some = size.high > 0;
        let made = |size: Sizes, element: Option<Known>| match element {
            Some(element) => Known::List(Lists { size, element: Box::new(element), members: None }),
            None => of_type(ty),
        };
        match kind {
            Macro::All => Seen::bool(Truth { yes: size.low == 0 || truth.yes, no: some && truth.no }, fails),
            Macro::Exists => {
                Seen::bool(Truth { yes: some && truth.yes, no: size.low == 0 || truth.no }, fails)
            }
            Macro::ExistsOne => Seen::bool(Truth { yes: some && truth.yes, no: true }, fails),
            Macro::Filter => {
                let low = if truth.is_only(true) { size.low } else { 0 };
                let high = if truth.yes { size.high } else { 0 };
                Seen { value: Some(made(Sizes { low, high }, Some(element))), fails }
            }
            Macro::Map => {
                let kept = filtered.as_ref().map_or(Truth::only(true), Seen::truth);
                let low = if kept.is_only(true) { size.low } else { 0 };
                let high = if kept.yes { size.high } else { 0 };
                Seen { value: Some(made(Sizes { low, high }, each.value)), fails }
            }
        }
        .after(&[&seen])
    }

    /// Remembers what follows from `expr` being `truth`; false if it cannot be.
    pub(super) fn assume(&mut self, expr: &TypedExpr, truth: bool) -> bool {
        // Sides that are kept may have been evaluated under other conditions.
        self.sides.clear();
        self.follow(expr, truth)
    }

    /// As [`Analysis::assume`], directly after `expr` was evaluated under the same conditions.
    fn follow(&mut self, expr: &TypedExpr, truth: bool) -> bool {
        let quiet = std::mem::replace(&mut self.quiet, true);
        let possible = self.take_as(expr, truth);
        self.quiet = quiet;
        possible
    }

    fn take_as(&mut self, expr: &TypedExpr, truth: bool) -> bool {
        match (&expr.kind, truth) {
            (TypedKind::Not(operand), _) => self.take_as(operand, !truth),
            (TypedKind::And(left, right), true) => self.take_as(left, true) && self.take_as(right, true),
            (TypedKind::Or(left, right), false) => self.take_as(left, false) && self.take_as(right, false),
            (TypedKind::Implies(left, right), false) => {
                self.take_as(left, true) && self.take_as(right, false)
            }
            (TypedKind::Compare { op, left, right }, _) => {
                let (left_known, right_known) = (self.side(left), self.side(right));
                let nan =
                    |known: &Known| matches!(known, Known::Double(Doubles { nan: true, .. }) | Known::Any);
                let ordering = !matches!(op, BinaryOp::Equal | BinaryOp::NotEqual);
                let op = match truth {
                    true => *op,
                    // What a NaN is not less than it is not greater than, either.
                    false if ordering && (nan(&left_known) || nan(&right_known)) => return true,
                    false => opposite(*op),
                };
                self.narrow(left, op, &right_known, expr.span)
                    && self.narrow(right, mirrored(op), &left_known, expr.span)
            }
            (TypedKind::In { element, list }, _) => {
                let Known::List(lists) = self.side(list) else { return true };
                match (truth, lists.members) {
                    (true, _) => self.narrow(element, BinaryOp::Equal, &lists.element, expr.span),
                    (false, Some(members)) => members
                        .iter()
                        .filter(|member| member.is_single())
                        .take(MOST_NARROWED)
                        .all(|member| self.narrow(element, BinaryOp::NotEqual, member, expr.span)),
                    (false, None) => true,
                }
            }
            (TypedKind::Has { base, name, .. }, _) => {
                let Some(base) = path_key(base) else { return true };
                let key = has_key(&base, name);
                let known = Known::Bool(Truth::EITHER);
                let known = self.find(&key).map_or(known, |found| found.known.clone());
                let only = Known::Bool(Truth::only(truth));
                match known.narrowed(BinaryOp::Equal, &only) {
                    Some(narrowed) => {
                        self.remember(key, &known, narrowed, expr.span);
                        true
                    }
                    None => false,
                }
            }
            _ if expr.ty == Type::Bool && path_key(expr).is_some() => {
                self.narrow(expr, BinaryOp::Equal, &Known::Bool(Truth::only(truth)), expr.span)
            }
            (TypedKind::Literal(Literal::Bool(value)), _) => *value == truth,
            _ => true,
        }
    }

    fn keep_side(&mut self, side: &TypedExpr, known: &Known) {
        self.sides.insert(side, known.clone());
    }

    fn side(&mut self, side: &TypedExpr) -> Known {
        match self.sides.get(&std::ptr::from_ref(side)) {
            Some(known) => known.clone(),
            None => self.eval(side).known(),
        }
    }

    /// Remembers that `target op other`.
    fn narrow(&mut self, target: &TypedExpr, op: BinaryOp, other: &Known, at: Span) -> bool {
        if let TypedKind::Call { function: Function::Size, arguments } = &target.kind
            && let [of] = &arguments[..]
            && let Some(key) = path_key(of)
        {
            let known = self.eval(of).known();
            let size = match &known {
                Known::Text(texts) => texts.size,
                Known::List(lists) => lists.size,
                _ => return true,
            };
            let Some(Known::Int(ints)) = Known::Int(size.ints()).narrowed(op, other) else { return false };
            let bound = |size: i64| u64::try_from(size).unwrap_or(0);
            let size = Sizes { low: bound(ints.low), high: bound(ints.high) };
            let Some(narrowed) = known.with_size(size) else { return false };
            self.remember(key, &known, narrowed, at);
            return true;
        }
        let Some(key) = path_key(target) else { return true };
        let known = self.eval(target).known();
        match known.narrowed(op, other) {
            Some(narrowed) => {
                self.remember(key, &known, narrowed, at);
                true
            }
            None => false,
        }
    }

    fn remember(&mut self, key: String, before: &Known, known: Known, at: Span) {
        if *before == known || self.narrowed.len() >= MOST_NARROWED {
            return;
        }
        let mut given = self.find(&key).map(|found| found.given.clone()).unwrap_or_default();
        given.push(at);
        self.narrowed.push(Narrowed { key, known, given });
    }

    /// The conditions that say something of what `expr` reads.
    fn given(&self, expr: &TypedExpr) -> Vec<Span> {
        if self.narrowed.is_empty() {
            return Vec::new();
        }
        let mut given: Vec<Span> = Vec::new();
        for key in keys(expr) {
            let found = self.find(&key).map(|narrowed| narrowed.given.as_slice()).unwrap_or_default();
            found.iter().for_each(|span| {
                if !given.contains(span) {
                    given.push(*span);
                }
            });
        }
        given
    }

    /// What the schema of a property admits. Where it lists values, they are looked through once.
    fn of_property(&mut self, schema: &Schema) -> Known {
        let lists = match &self.schemas.resolve(schema).kind {
            SchemaKind::Enum(_) | SchemaKind::Array(..) => true,
            SchemaKind::Integer(bounds) | SchemaKind::Number(bounds) => !bounds.among.is_empty(),
            _ => false,
        };
        if !lists {
            return self.of_schema(schema, MOST_NESTED);
        }
        if let Some(known) = self.listed.get(&std::ptr::from_ref(schema)) {
            return known.clone();
        }
        let known = self.of_schema(schema, MOST_NESTED);
        self.listed.insert(schema, known.clone());
        known
    }

    /// What a schema admits.
    fn of_schema(&self, schema: &Schema, depth: usize) -> Known {
        let kind = &self.schemas.resolve(schema).kind;
        match kind {
            SchemaKind::Boolean(Some(only)) if self.bounds => Known::Bool(Truth::only(*only)),
            SchemaKind::Boolean(_) => Known::Bool(Truth::EITHER),
            SchemaKind::Integer(bounds) if self.bounds => Known::Int(ints_within(bounds)),
            SchemaKind::Integer(_) => Known::Int(Ints::ALL),
            SchemaKind::Number(bounds) if self.bounds => Known::Double(doubles_within(bounds)),
            SchemaKind::Number(_) => Known::Double(Doubles::FINITE),
            SchemaKind::String(bounds) if self.bounds => {
                Known::Text(Texts::sized(sizes_within(&bounds.length)))
            }
            SchemaKind::String(_) => Known::Text(Texts::ALL),
            SchemaKind::Enum(members) if self.bounds => Known::Text(Texts::listed(members)),
            SchemaKind::Enum(_) => Known::Text(Texts::ALL),
            SchemaKind::Array(items, bounds) => {
                let size = if self.bounds { sizes_within(&bounds.length) } else { Sizes::ALL };
                // A type may hold lists of itself.
                let element = match depth {
                    0 => Known::Any,
                    _ => self.of_schema(items, depth - 1),
                };
                Known::List(Lists { size, element: Box::new(element), members: None })
            }
            _ => Known::Any,
        }
    }
}

/// What reads of `expr` are remembered under.
pub(super) fn keys(expr: &TypedExpr) -> Vec<String> {
    let mut found = Vec::new();
    collect_keys(expr, &mut found);
    found
}

fn collect_keys(expr: &TypedExpr, found: &mut Vec<String>) {
    if let TypedKind::Has { base, name, .. } = &expr.kind
        && let Some(base) = path_key(base)
    {
        found.push(has_key(&base, name));
    }
    if let Some(key) = path_key(expr) {
        found.push(key);
    }
    // What is said of a list is said of its elements, too.
    expr.operands().into_iter().for_each(|child| collect_keys(child, found));
}

fn has_key(base: &str, name: &str) -> String {
    format!("has {base}.{name}")
}

fn opposite(op: BinaryOp) -> BinaryOp {
    match op {
        BinaryOp::Less => BinaryOp::GreaterOrEqual,
        BinaryOp::LessOrEqual => BinaryOp::Greater,
        BinaryOp::Greater => BinaryOp::LessOrEqual,
        BinaryOp::GreaterOrEqual => BinaryOp::Less,
        BinaryOp::Equal => BinaryOp::NotEqual,
        _ => BinaryOp::Equal,
    }
}

/// The operator with its sides exchanged.
fn mirrored(op: BinaryOp) -> BinaryOp {
    match op {
        BinaryOp::Less => BinaryOp::Greater,
        BinaryOp::LessOrEqual => BinaryOp::GreaterOrEqual,
        BinaryOp::Greater => BinaryOp::Less,
        BinaryOp::GreaterOrEqual => BinaryOp::LessOrEqual,
        same => same,
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

fn arithmetic_on(op: BinaryOp, left: Ints, right: Ints) -> Seen {
    let (ints, fails) = int_arithmetic(op, left, right);
    Seen { value: ints.map(Known::Int), fails }
}

fn joined(left: &Texts, right: &Texts) -> Texts {
    if let (Some(left), Some(right)) = (&left.one_of, &right.one_of)
        && left.len() * right.len() <= MOST_PAIRS
    {
        let all = left.iter().flat_map(|left| right.iter().map(move |right| format!("{left}{right}")));
        if let Some(texts) = Texts::one_of(all.collect()) {
            return texts;
        }
    }
    let low = left.size.low.saturating_add(right.size.low);
    Texts::sized(Sizes { low, high: left.size.high.saturating_add(right.size.high) })
}

fn call(function: Function, arguments: &[Known], ty: &Type) -> Seen {
    match (function, arguments) {
        (Function::Size, [Known::Text(texts)]) => Seen::sure(Known::Int(texts.size.ints())),
        (Function::Size, [Known::List(lists)]) => Seen::sure(Known::Int(lists.size.ints())),
        (Function::Size, _) => Seen::sure(Known::Int(Sizes::ALL.ints())),
        (Function::StartsWith, [Known::Text(text), Known::Text(part)]) => {
            searched(text, part, |text, part| text.starts_with(part))
        }
        (Function::EndsWith, [Known::Text(text), Known::Text(part)]) => {
            searched(text, part, |text, part| text.ends_with(part))
        }
        (Function::Contains, [Known::Text(text), Known::Text(part)]) => {
            searched(text, part, |text, part| text.contains(part))
        }
        (Function::Int, [Known::Int(ints)]) => Seen::sure(Known::Int(*ints)),
        (Function::Int, [Known::Double(doubles)]) => truncated(*doubles),
        (Function::Double, [Known::Double(doubles)]) => Seen::sure(Known::Double(*doubles)),
        (Function::Double, [Known::Int(ints)]) => {
            let (low, high) = (ints.low as f64, ints.high as f64);
            Seen::sure(Known::Double(Doubles { low, high, nan: false }))
        }
        (Function::String, [Known::Text(texts)]) => Seen::sure(Known::Text(texts.clone())),
        (Function::String, [Known::Int(ints)]) if ints.low == ints.high => {
            Seen::sure(Known::Text(Texts::exactly(&ints.low.to_string())))
        }
        (Function::String, [Known::Double(doubles)])
            if doubles.low == doubles.high
                && doubles.low != 0.0
                && doubles.low.is_finite()
                && !doubles.nan =>
        {
            // Of two shortest forms equally near, `string` and this may take different ones; their size is the same.
            let size = Sizes::exactly(number_text(doubles.low).chars().count());
            Seen::sure(Known::Text(Texts { one_of: None, size }))
        }
        (Function::String, [Known::Bool(truth)]) => {
            let texts = [(truth.yes, "true"), (truth.no, "false")];
            let texts = texts.into_iter().filter(|(may, _)| *may).map(|(_, text)| text.to_owned());
            Seen::sure(Known::Text(Texts::one_of(texts.collect()).unwrap_or(Texts::ALL)))
        }
        (Function::Bool, [Known::Bool(truth)]) => Seen::bool(*truth, false),
        _ => unknown(ty),
    }
}

fn searched(text: &Texts, part: &Texts, found: fn(&str, &str) -> bool) -> Seen {
    if let (Some(texts), Some(parts)) = (&text.one_of, &part.one_of)
        && texts.len() * parts.len() <= MOST_PAIRS
    {
        let all = || texts.iter().flat_map(|text| parts.iter().map(move |part| found(text, part)));
        return Seen::bool(Truth { yes: all().any(|found| found), no: all().any(|found| !found) }, false);
    }
    // Every text has the empty one in it, and none a longer one.
    Seen::bool(Truth { yes: part.size.low <= text.size.high, no: part.size.high > 0 }, false)
}

fn truncated(doubles: Doubles) -> Seen {
    const TWO_TO_63: f64 = 9_223_372_036_854_775_808.0;
    let fits = doubles.low > -TWO_TO_63 && doubles.high < TWO_TO_63 && !doubles.nan;
    let none = doubles.low >= TWO_TO_63 || doubles.high <= -TWO_TO_63;
    // Casts saturate.
    let ints = Ints { low: doubles.low as i64, high: doubles.high as i64 };
    Seen { value: (!none).then_some(Known::Int(ints)), fails: !fits }
}

fn ints_within(bounds: &NumberBounds) -> Ints {
    let mut ints = Known::Int(Ints::ALL);
    for (op, bound) in each_bound(bounds) {
        let bound = Known::Double(Doubles { low: bound, high: bound, nan: false });
        ints = ints.narrowed(op, &bound).unwrap_or(ints);
    }
    match ints {
        Known::Int(ints) => ints,
        _ => Ints::ALL,
    }
}

fn doubles_within(bounds: &NumberBounds) -> Doubles {
    let mut doubles = Known::Double(Doubles::FINITE);
    for (op, bound) in each_bound(bounds) {
        let bound = Known::Double(Doubles { low: bound, high: bound, nan: false });
        doubles = doubles.narrowed(op, &bound).unwrap_or(doubles);
    }
    match doubles {
        Known::Double(doubles) => doubles,
        _ => Doubles::FINITE,
    }
}

fn each_bound(bounds: &NumberBounds) -> impl Iterator<Item = (BinaryOp, f64)> {
    let listed = || bounds.among.iter().copied();
    [
        (BinaryOp::GreaterOrEqual, bounds.minimum),
        (BinaryOp::LessOrEqual, bounds.maximum),
        (BinaryOp::Greater, bounds.exclusive_minimum),
        (BinaryOp::Less, bounds.exclusive_maximum),
        (BinaryOp::GreaterOrEqual, listed().reduce(f64::min)),
        (BinaryOp::LessOrEqual, listed().reduce(f64::max)),
    ]
    .into_iter()
    .filter_map(|(op, bound)| Some((op, bound?)))
}

fn sizes_within(bounds: &LengthBounds) -> Sizes {
    let most = Sizes::ALL.high;
    Sizes { low: bounds.min.unwrap_or(0).min(most), high: bounds.max.unwrap_or(most).min(most) }
}
