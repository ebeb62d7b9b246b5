//! Why a property is optional where no schema is written: a rule asks `has()` of it (spec LANG-32).

use crate::diagnostic::{Diagnostic, Span};
use crate::lang::syntax::{Expr, ExprKind};
use crate::schema::Schemas;
use crate::schema::infer::RuleSource;

/// Makes errors about unguarded properties of an inferred schema point to the rule that asks for the property: there
/// is no list of `required` properties to speak of.
pub(super) fn explain(errors: &mut [Diagnostic], schemas: &Schemas, rules: &[RuleSource<'_>]) {
    for error in errors.iter_mut().filter(|error| error.code == "lang-unguarded-optional") {
        let Some((span, _)) = error.label else { continue };
        let Some((rule, read)) = rules.iter().find_map(|rule| Some((rule, read_at(rule, rule.expr, span)?)))
        else {
            continue;
        };
        let Some(path) = path(read) else { continue };
        let of_result = path.starts_with("result.");
        if !(if of_result { schemas.output_inferred } else { schemas.input_inferred }) {
            continue;
        }
        let Some(asked) = rules.iter().find_map(|rule| asked_at(rule, rule.expr, &path)) else { continue };
        let shown = rule.text.value.get(read.span.start..read.span.end).unwrap_or_default();
        error.note = Some("it is optional, because a rule asks `has()` of it".into());
        error.help = Some(format!(
            "write `has({shown}) implies …` or `has({shown}) and …`; if it is always there, take the other `has()` away"
        ));
        error.also.push((asked, "asked here whether it is there".into()));
    }
}

/// The expression that stands at this place of the file.
fn read_at<'e>(rule: &RuleSource<'_>, expr: &'e Expr, span: Span) -> Option<&'e Expr> {
    // Without offsets every expression of a rule has one place.
    if !rule.text.offsets.is_empty() && rule.text.locate(expr.span) == span {
        return Some(expr);
    }
    children(expr).into_iter().find_map(|child| read_at(rule, child, span))
}

/// Where the rule asks `has()` of the property, if it does.
fn asked_at(rule: &RuleSource<'_>, expr: &Expr, wanted: &str) -> Option<Span> {
    if let ExprKind::Has { base, name, .. } = &expr.kind
        && path(base).is_some_and(|base| format!("{base}.{name}") == wanted)
    {
        return Some(rule.text.locate(expr.span));
    }
    children(expr).into_iter().find_map(|child| asked_at(rule, child, wanted))
}

/// `input.lines[].price`: a property, whatever the index, as all elements of a list are of one type.
fn path(expr: &Expr) -> Option<String> {
    match &expr.kind {
        ExprKind::Name(name) => Some(match name.as_str() {
            "input" => "input".into(),
            "result" | "output" => "result".into(),
            name => format!("input.{name}"),
        }),
        ExprKind::Field { base, name, .. } => Some(format!("{}.{name}", path(base)?)),
        ExprKind::Index { base, .. } => Some(format!("{}[]", path(base)?)),
        _ => None,
    }
}

fn children(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        ExprKind::Literal(_) | ExprKind::Name(_) => Vec::new(),
        ExprKind::Field { base, .. } | ExprKind::Has { base, .. } => vec![base],
        ExprKind::Index { base: left, index: right } | ExprKind::Binary { left, right, .. } => {
            vec![left, right]
        }
        ExprKind::List(elements) | ExprKind::Call { arguments: elements, .. } => elements.iter().collect(),
        ExprKind::Map(entries) => entries.iter().flat_map(|(key, value)| [key, value]).collect(),
        ExprKind::Unary { operand, .. } | ExprKind::Is { operand, .. } => vec![operand],
        ExprKind::Conditional { condition, then, otherwise } => vec![condition, then, otherwise],
        ExprKind::Macro { list, filter, body, .. } => {
            std::iter::once(list.as_ref()).chain(filter.as_deref()).chain([body.as_ref()]).collect()
        }
    }
}
