//! Rules, and parts of rules, that are the same whatever the input is, and rules that cannot hold together
//! (spec LANG-95 to LANG-98).

use super::certain::{Analysis, Verdict};
use super::overlap::overlapping;
use crate::diagnostic::{Diagnostic, Span};
use crate::lang::typed::{TypedExpr, TypedKind};
use crate::schema::Schemas;
use crate::spec::{ClauseKind, Text};

/// Rules that are compared one by one with one that they contradict.
const MOST_COMPARED: usize = 64;
/// Parts of a text that a message quotes.
const MOST_SHOWN: usize = 60;

/// A checked rule, and what it is for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Judged<'a> {
    pub(crate) expr: &'a TypedExpr,
    pub(crate) text: &'a Text,
    pub(crate) place: Place<'a>,
}

/// What a rule is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place<'a> {
    Clause(ClauseKind),
    /// The condition of this exception.
    When(&'a str),
}

/// Everything that can be said of these rules, preconditions first, with places in the file.
pub(crate) fn decided(schemas: &Schemas, rules: &[Judged<'_>]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let possible: Vec<Judged<'_>> =
        rules.iter().copied().filter(|rule| alone(schemas, rule, &mut found)).collect();
    together(schemas, &possible, &mut found);
    found.extend(overlapping(schemas, &possible));
    found
}

/// What is decided of a rule by itself; false if it never holds.
fn alone(schemas: &Schemas, rule: &Judged<'_>, found: &mut Vec<Diagnostic>) -> bool {
    let (mut by_types, mut by_schema) = (Analysis::new(schemas, false), Analysis::new(schemas, true));
    by_types.rule(rule.expr);
    let whole = by_schema.rule(rule.expr);
    let mut report = Report { rule, by_types, by_schema, found, covered: Vec::new() };
    if whole.is_open() {
        report.operands(rule.expr);
    } else {
        report.whole(&whole);
    }
    report.idle_members();
    !whole.is_never()
}

/// The findings of one rule.
struct Report<'a, 'b> {
    rule: &'a Judged<'a>,
    by_types: Analysis<'a>,
    by_schema: Analysis<'a>,
    found: &'b mut Vec<Diagnostic>,
    /// Places of which everything is said.
    covered: Vec<Span>,
}

impl Report<'_, '_> {
    fn shown(&self, span: Span) -> String {
        shown(self.rule.text, span)
    }

    /// Whether types and literals alone decide it, wherever it stands.
    fn by_types(&self, expr: &TypedExpr) -> bool {
        let verdict = self.by_types.noted(expr);
        !verdict.is_open() && verdict.given.is_empty()
    }

    fn whole(&mut self, verdict: &Verdict) {
        let expr = self.rule.expr;
        let never = verdict.is_never();
        let (kind, nothing) = match self.rule.place {
            Place::Clause(kind) => {
                let admits = if kind == ClauseKind::Precondition { "input" } else { "result" };
                (kind.as_str(), format!("no {admits} is admitted"))
            }
            Place::When(name) => ("condition", format!("`{name}` can never be raised")),
        };
        let by_types = !self.by_types.noted(expr).is_open();
        let mut error = match (never, self.rule.place) {
            (true, _) => {
                Diagnostic::error("lang-always-false", format!("this {kind} never holds, so {nothing}"))
            }
            (false, Place::When(name)) => Diagnostic::error(
                "lang-always-true",
                format!("this condition always holds, so every call must raise `{name}`"),
            ),
            (false, _) => {
                Diagnostic::error("lang-always-true", format!("this {kind} always holds, so it says nothing"))
            }
        };
        if !never && !by_types {
            error.severity = crate::diagnostic::Severity::Warning;
        }
        let cause = self.cause(expr);
        let help = match (never, self.range_of(cause)) {
            (true, Some((path, range))) if !by_types => {
                format!("`{path}` is {range}: compare it within that")
            }
            (true, _) => "say what is meant, or take it away".to_owned(),
            (false, _) if !by_types => "take it away: the schema says as much".to_owned(),
            (false, _) => "take it away, or say what is meant".to_owned(),
        };
        self.push(error, cause, by_types, help);
        self.covered.push(cause.span);
    }

    /// Parts of an open rule that are decided.
    fn operands(&mut self, expr: &TypedExpr) {
        match &expr.kind {
            TypedKind::And(left, right) | TypedKind::Or(left, right) | TypedKind::Implies(left, right) => {
                self.operand(left);
                self.operand(right);
            }
            TypedKind::Not(operand) => self.operand(operand),
            TypedKind::Conditional { condition, then, otherwise } => {
                self.operand(condition);
                // A literal is a fine thing to choose.
                for side in [then, otherwise] {
                    if matches!(side.kind, TypedKind::Literal(_)) {
                        continue;
                    }
                    self.part(side);
                }
            }
            TypedKind::Macro { list, filter, body, .. } => {
                self.operands(list);
                filter.iter().for_each(|filter| self.part(filter));
                self.part(body);
            }
            _ => expr.operands().into_iter().for_each(|child| self.operands(child)),
        }
    }

    /// A part that need not be a condition.
    fn part(&mut self, expr: &TypedExpr) {
        let literal = matches!(expr.kind, TypedKind::Literal(_));
        if expr.ty == crate::lang::typed::Type::Bool && !literal {
            self.operand(expr)
        } else {
            self.operands(expr)
        }
    }

    fn operand(&mut self, expr: &TypedExpr) {
        let verdict = self.by_schema.noted(expr);
        if verdict.is_open() {
            return self.operands(expr);
        }
        let cause = self.cause(expr);
        let (by_types, decided) = (self.by_types(expr), self.by_schema.noted(cause));
        let holds = |never: bool| if never { "never holds" } else { "always holds" };
        let mut message = format!("`{}` {}", self.shown(cause.span), holds(decided.is_never()));
        if cause.span == expr.span {
            message.push_str(", so it adds nothing here");
        } else {
            let outer = self.shown(expr.span);
            message.push_str(&format!(", so `{outer}` {}", holds(verdict.is_never())));
        }
        let code = if decided.is_never() { "lang-always-false" } else { "lang-always-true" };
        let error = match by_types {
            true => Diagnostic::error(code, message),
            false => Diagnostic::warning(code, message),
        };
        let help = match self.range_of(cause) {
            Some((path, range)) if !by_types && decided.given.is_empty() => {
                format!("`{path}` is {range}: compare it within that, or take the comparison away")
            }
            _ => "take it away, or say what is meant".to_owned(),
        };
        self.push(error, cause, by_types, help);
        self.covered.push(expr.span);
    }

    fn push(&mut self, error: Diagnostic, cause: &TypedExpr, by_types: bool, help: String) {
        let verdict = self.by_schema.noted(cause);
        let label = match (verdict.is_always(), verdict.no) {
            (true, _) => "always true",
            (false, true) => "never true",
            (false, false) => "never has a value",
        };
        let text = self.rule.text;
        let mut error = error.at(text.locate(cause.span), label).help(help);
        for span in verdict.given.iter().filter(|span| **span != cause.span).take(3) {
            error = error.also(text.locate(*span), "because of this");
        }
        if !by_types
            && error.also.is_empty()
            && let Some((path, range)) = self.range_of(cause)
        {
            error = error.note(format!("by its schema `{path}` is {range}"));
        }
        self.found.push(error);
    }

    /// The smallest part that decides what `expr` comes to.
    fn cause<'e>(&self, expr: &'e TypedExpr) -> &'e TypedExpr {
        let verdict = self.by_schema.noted(expr);
        let never = |part: &TypedExpr| self.by_schema.noted(part).is_never();
        let always = |part: &TypedExpr| self.by_schema.noted(part).is_always();
        let part = match &expr.kind {
            // `not flag` says more than `flag`.
            TypedKind::Not(operand) => Some(operand).filter(|operand| {
                !matches!(
                    operand.kind,
                    TypedKind::Field { .. } | TypedKind::Variable { .. } | TypedKind::Has { .. }
                )
            }),
            TypedKind::And(left, right) if verdict.is_never() => {
                [left, right].into_iter().find(|part| never(part))
            }
            TypedKind::Or(left, right) if verdict.is_always() => {
                [left, right].into_iter().find(|part| always(part))
            }
            TypedKind::Implies(left, right) if verdict.is_always() => {
                Some(left).filter(|left| never(left)).or(Some(right).filter(|right| always(right)))
            }
            _ => None,
        };
        match part {
            Some(part) if !self.by_schema.noted(part).is_open() => self.cause(part),
            _ => expr,
        }
    }

    /// What the schema says of the one path that a comparison reads.
    fn range_of(&mut self, expr: &TypedExpr) -> Option<(String, String)> {
        let sides = match &expr.kind {
            TypedKind::Compare { left, right, .. } => [left, right],
            TypedKind::In { element, list } => [element, list],
            _ => return None,
        };
        let read = sides.into_iter().find(|side| {
            matches!(side.kind, TypedKind::Field { .. } | TypedKind::Index { .. } | TypedKind::Call { .. })
        })?;
        let range = self.by_schema.known_of(read).described()?;
        Some((self.shown(read.span), range))
    }

    fn idle_members(&mut self) {
        let by_types: Vec<Span> = self
            .by_types
            .idle_members()
            .iter()
            .filter(|idle| idle.given.is_empty())
            .map(|idle| idle.member)
            .collect();
        for idle in self.by_schema.idle_members().to_vec() {
            let inside = |outer: &Span| outer.start <= idle.member.start && idle.member.end <= outer.end;
            if self.covered.iter().any(inside) {
                continue;
            }
            let text = self.rule.text;
            let (element, member) = (self.shown(idle.element), self.shown(idle.member));
            if let Some(first) = idle.same_as {
                let error =
                    Diagnostic::error("lang-repeated-member", format!("`{member}` is in the list twice"));
                let error =
                    error.at(text.locate(idle.member), "again").also(text.locate(first), "first here");
                self.found.push(error.help("take one of the two away"));
                continue;
            }
            let message = format!("`{element}` is never `{member}`");
            let mut error = match by_types.contains(&idle.member) {
                true => Diagnostic::error("lang-never-equal", message),
                false => Diagnostic::warning("lang-never-equal", message),
            };
            error = error.at(text.locate(idle.member), "never found");
            for span in idle.given.iter().take(3) {
                error = error.also(text.locate(*span), "because of this");
            }
            if idle.given.is_empty()
                && let Some(range) = idle.known.described()
            {
                error = error.note(format!("by its schema `{element}` is {range}"));
            }
            self.found.push(error.help(format!("take `{member}` away, or change the schema")));
        }
    }
}

/// Rules of which each may hold, but not all of them.
fn together(schemas: &Schemas, rules: &[Judged<'_>], found: &mut Vec<Diagnostic>) {
    let (conditions, clauses): (Vec<Judged<'_>>, Vec<Judged<'_>>) =
        rules.iter().partition(|rule| matches!(rule.place, Place::When(_)));
    let mut before = Analysis::new(schemas, true);
    let mut accepted: Vec<Judged<'_>> = Vec::new();
    let mut conditions = Some(conditions);
    for rule in &clauses {
        if rule.place != Place::Clause(ClauseKind::Precondition)
            && let Some(conditions) = conditions.take()
        {
            unraised(schemas, &mut before, &accepted, &conditions, found);
        }
        let mark = before.mark();
        if before.never(rule.expr) || !before.assume(rule.expr, true) {
            before.reset(mark);
            let others = culprits(schemas, &accepted, rule);
            found.push(contradiction(rule, &others));
        } else {
            accepted.push(*rule);
        }
    }
    if let Some(conditions) = conditions {
        unraised(schemas, &mut before, &accepted, &conditions, found);
    }
}

/// Conditions that no admitted input meets.
fn unraised(
    schemas: &Schemas,
    before: &mut Analysis<'_>,
    accepted: &[Judged<'_>],
    conditions: &[Judged<'_>],
    found: &mut Vec<Diagnostic>,
) {
    for rule in conditions {
        let mark = before.mark();
        if before.never(rule.expr) || !before.assume(rule.expr, true) {
            found.push(contradiction(rule, &culprits(schemas, accepted, rule)));
        }
        before.reset(mark);
    }
}

/// The earlier rule that excludes this one by itself; else those that read what it reads.
fn culprits<'r>(schemas: &Schemas, accepted: &[Judged<'r>], rule: &Judged<'_>) -> Vec<Judged<'r>> {
    let excludes = |earlier: &&Judged<'r>| {
        let mut analysis = Analysis::new(schemas, true);
        analysis.assume(earlier.expr, true)
            && (analysis.never(rule.expr) || !analysis.assume(rule.expr, true))
    };
    let single = accepted.iter().rev().take(MOST_COMPARED).find(excludes);
    if let Some(single) = single {
        return vec![*single];
    }
    let read = super::certain::keys(rule.expr);
    let shares =
        |earlier: &&Judged<'_>| super::certain::keys(earlier.expr).iter().any(|key| read.contains(key));
    accepted.iter().filter(shares).take(3).copied().collect()
}

fn contradiction(rule: &Judged<'_>, others: &[Judged<'_>]) -> Diagnostic {
    let (own, whole) =
        (shown(rule.text, rule.expr.span), |rule: &Judged<'_>| rule.text.locate(rule.expr.span));
    let beside = match others {
        [other] => format!("{} `{}`", other.kind(), shown(other.text, other.expr.span)),
        _ => "rules before it".to_owned(),
    };
    let mut error = match rule.place {
        Place::Clause(kind) => {
            let admits = if kind == ClauseKind::Precondition { "input" } else { "result" };
            let message = format!("`{own}` never holds beside the {beside}, so no {admits} is admitted");
            let error = Diagnostic::error("lang-contradiction", message);
            error.help("take one of them away; to admit either, write one clause with `or`")
        }
        Place::When(name) => {
            let message = format!("`{own}` never holds beside the {beside}, so `{name}` can never be raised");
            Diagnostic::warning("lang-contradiction", message).help("change one of them, or take `when` away")
        }
    };
    error = error.at(whole(rule), "this and");
    for other in others {
        error = error.also(whole(other), "this exclude each other");
    }
    error
}

impl Judged<'_> {
    fn kind(&self) -> &'static str {
        match self.place {
            Place::Clause(kind) => kind.as_str(),
            Place::When(_) => "condition",
        }
    }
}

/// A part of a rule, for a message.
pub(super) fn shown(text: &Text, span: Span) -> String {
    let part = text.value.get(span.start..span.end).unwrap_or_default();
    match part.char_indices().nth(MOST_SHOWN) {
        Some((end, _)) => format!("{}…", &part[..end]),
        None => part.to_owned(),
    }
}

#[cfg(test)]
mod tests;
