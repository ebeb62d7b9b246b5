//! `condition ? then : otherwise`: one type, and what the condition proves for each side.

use super::alike::{joined, spelled, widen};
use super::facts::proved;
use super::{Checked, Checker, Facts};
use crate::diagnostic::Span;
use crate::lang::syntax::Expr;
use crate::lang::typed::{TypedExpr, TypedKind};

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
        widen(&mut then, &otherwise.ty);
        widen(&mut otherwise, &then.ty);
        let ty = match joined(&then.ty, &otherwise.ty) {
            Ok(ty) => ty,
            Err(apart) => {
                let message = format!(
                    "both sides of `? :` are of one type, but `{}` is {} and `{}` is {}",
                    self.shown(then.span),
                    spelled(&then.ty),
                    self.shown(otherwise.span),
                    spelled(&otherwise.ty),
                );
                self.apart(apart, message, &then, &otherwise);
                return None;
            }
        };
        let (condition, then, otherwise) = (Box::new(condition), Box::new(then), Box::new(otherwise));
        Some(TypedExpr { kind: TypedKind::Conditional { condition, then, otherwise }, ty, span })
    }
}
