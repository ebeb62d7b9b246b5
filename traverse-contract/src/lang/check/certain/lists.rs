//! What is known of lists: their elements, what is in them, what macros make of them.

use super::super::range::{self, Known, Lists, Sizes, Truth, covered};
use super::{Analysis, IdleMember, Seen, of_type, unknown};
use crate::diagnostic::Span;
use crate::lang::syntax::{BinaryOp, Literal, Macro};
use crate::lang::typed::{Type, TypedExpr, TypedKind};
use std::collections::HashMap;

impl Analysis<'_> {
    pub(super) fn element(&self, expr: &TypedExpr, list: &Seen, at: &Seen) -> Seen {
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

    pub(super) fn contained(&mut self, element: &TypedExpr, list: &TypedExpr) -> Seen {
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

    pub(super) fn over_list(
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
}
