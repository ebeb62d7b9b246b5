//! `condition ? then : otherwise`: one type, and what the condition proves for each side.

use super::facts::proved;
use super::{Checked, Checker, Facts, described};
use crate::diagnostic::{Diagnostic, Span};
use crate::lang::syntax::{Expr, Literal};
use crate::lang::typed::{Type, TypedExpr, TypedKind};

impl Checker<'_> {
    pub(super) fn conditional(
        &mut self,
        condition: &Expr,
        then: &Expr,
        otherwise: &Expr,
        span: Span,
        facts: &Facts,
    ) -> Checked {
        let condition = self.bool(condition, facts, "what stands before `?`");
        let knowing = |truth: bool| match &condition {
            Some(condition) => facts | &proved(condition, truth),
            None => facts.clone(),
        };
        let (then, otherwise) = (self.expr(then, &knowing(true)), self.expr(otherwise, &knowing(false)));
        let (condition, mut then, mut otherwise) = (condition?, then?, otherwise?);
        if let Some(odd) =
            [&then, &otherwise].into_iter().find(|side| matches!(side.ty, Type::List(_) | Type::Object(_)))
        {
            let (odd_span, found) = (odd.span, described(&odd.ty));
            let error = Diagnostic::error(
                "lang-unsupported",
                format!("{found} as a side of `? :` is not supported by this version"),
            );
            let help = "choose between what is read from them: `condition ? size(a) > 0 : size(b) > 0`";
            self.report(error.help(help), odd_span, "not supported");
            return None;
        }
        widen(&mut then, &otherwise.ty);
        widen(&mut otherwise, &then.ty);
        let text = |ty: &Type| matches!(ty, Type::String | Type::Enum(_));
        let ty = if then.ty == otherwise.ty {
            then.ty.clone()
        } else if text(&then.ty) && text(&otherwise.ty) {
            Type::String
        } else {
            let found = described(&otherwise.ty);
            let message = format!(
                "both sides of `? :` are of one type, but `{}` is {} and `{}` is {found}",
                self.shown(then.span),
                described(&then.ty),
                self.shown(otherwise.span),
            );
            self.mismatch(otherwise.span, message, found, None);
            return None;
        };
        let (condition, then, otherwise) = (Box::new(condition), Box::new(then), Box::new(otherwise));
        Some(TypedExpr { kind: TypedKind::Conditional { condition, then, otherwise }, ty, span })
    }
}

/// An int literal beside a number becomes the double of the same value, as in a list literal.
pub(super) fn widen(side: &mut TypedExpr, other: &Type) {
    if let TypedKind::Literal(Literal::Int(value)) = side.kind
        && *other == Type::Number
        && value.unsigned_abs() <= 1 << 53
    {
        side.kind = TypedKind::Literal(Literal::Double(value as f64));
        side.ty = Type::Number;
    }
}
