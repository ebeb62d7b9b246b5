//! Maps: literals, and values by key (spec LANG-70, LANG-73).

use super::{Checked, Checker, Facts, described};
use crate::diagnostic::{Diagnostic, Span};
use crate::lang::syntax::{Expr, Literal};
use crate::lang::typed::{Type, TypedExpr, TypedKind};
use std::collections::HashMap;

impl Checker<'_> {
    /// `{'a': 1, 'b': 2}`
    pub(super) fn map(&mut self, entries: &[(Expr, Expr)], span: Span, facts: &Facts) -> Checked {
        let typed: Vec<(Checked, Checked)> = entries
            .iter()
            .map(|(key, value)| {
                let key = self.expr(key, facts).filter(|key| self.is_key(key));
                (key, self.expr(value, facts))
            })
            .collect();
        let (keys, values): (Vec<Checked>, Vec<Checked>) = typed.into_iter().unzip();
        let keys: Option<Vec<TypedExpr>> = keys.into_iter().collect();
        let unique = keys.as_ref().is_none_or(|keys| self.are_unique(keys));
        let mut values: Vec<TypedExpr> = values.into_iter().collect::<Option<_>>()?;
        let value = self.side_by_side(&mut values, "values of a map")?;
        let entries = keys.filter(|_| unique)?.into_iter().zip(values).collect();
        Some(TypedExpr { kind: TypedKind::Map(entries), ty: Type::Map(Box::new(value)), span })
    }

    /// Keys are text: JSON has no others.
    fn is_key(&mut self, key: &TypedExpr) -> bool {
        if matches!(key.ty, Type::String | Type::Enum(_) | Type::Never) {
            return true;
        }
        let (shown, found) = (self.shown(key.span).to_owned(), described(&key.ty));
        let help = match &key.kind {
            TypedKind::Literal(_) => Some(format!("write `'{shown}'`")),
            _ if matches!(key.ty, Type::Int | Type::Number | Type::Bool) => {
                Some(format!("write `string({shown})`"))
            }
            _ => None,
        };
        let message =
            format!("the keys of a map are text, as the names in JSON are, but `{shown}` is {found}");
        self.mismatch(key.span, message, found, help);
        false
    }

    fn are_unique(&mut self, keys: &[TypedExpr]) -> bool {
        let mut seen: HashMap<&str, Span> = HashMap::new();
        let mut unique = true;
        for key in keys {
            let TypedKind::Literal(Literal::String(text)) = &key.kind else { continue };
            if let Some(first) = seen.insert(text, key.span) {
                let error = Diagnostic::error(
                    "lang-duplicate-key",
                    format!("the key `{}` stands twice in a map", self.shown(key.span)),
                );
                let first = self.rule.locate(first);
                self.report(error.also(first, "first here"), key.span, "");
                unique = false;
            }
        }
        unique
    }

    /// A key that is looked for in a map: text that the map can have.
    pub(super) fn sought(&mut self, key: &TypedExpr, map: &TypedExpr) -> bool {
        if !self.is_key(key) {
            return false;
        }
        let TypedKind::Map(entries) = &map.kind else { return true };
        let reachable: Vec<bool> = entries.iter().map(|(known, _)| self.reachable(key, known)).collect();
        !reachable.contains(&false)
    }
}

/// Whether `base` is a map literal that writes the key `name`.
pub(super) fn writes(base: &TypedExpr, name: &str) -> bool {
    let TypedKind::Map(entries) = &base.kind else { return false };
    let is_it =
        |key: &TypedExpr| matches!(&key.kind, TypedKind::Literal(Literal::String(key)) if key == name);
    entries.iter().any(|(key, _)| is_it(key))
}
