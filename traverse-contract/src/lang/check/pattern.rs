//! The pattern of `matches`: a text literal, made into a table while the contract is read.

use super::{Checker, described};
use crate::diagnostic::{Diagnostic, Span};
use crate::lang::lexer;
use crate::lang::syntax::Literal;
use crate::lang::typed::{TypedExpr, TypedKind};
use std::sync::Arc;

impl Checker<'_> {
    /// Turns the last argument of `matches` into its table (spec LANG-90, LANG-91). `None` where an error was reported.
    pub(super) fn pattern(&mut self, argument: &mut TypedExpr) -> Option<()> {
        let TypedKind::Literal(Literal::String(source)) = &argument.kind else {
            let shown = self.shown(argument.span);
            let message =
                format!("the pattern of `matches` is written as text, but `{shown}` is only known later");
            let error = Diagnostic::error("lang-pattern-not-literal", message)
                .note("a pattern becomes a table when the contract is read, so that no rule carries a regex engine")
                .help("write the pattern in quotes: `.matches(r'^[a-z]+$')`; to look for other text use `contains`");
            self.report(error, argument.span, described(&argument.ty));
            return None;
        };
        match self.patterns.pattern(source) {
            Ok(pattern) => argument.kind = TypedKind::Pattern(Arc::new(pattern)),
            Err(None) => return None,
            Err(Some(error)) => {
                let offsets = lexer::string_offsets(&self.rule.value, argument.span);
                let within = |span: Span| match (offsets.get(span.start), offsets.get(span.end)) {
                    (Some(&start), Some(&end)) => self.rule.locate(Span::new(start, end)),
                    _ => self.rule.locate(argument.span),
                };
                let error = error.into_diagnostic("lang-bad-pattern", "lang-pattern-too-large", within);
                self.errors.push(error);
                return None;
            }
        }
        Some(())
    }
}
