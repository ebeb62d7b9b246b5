//! Values that may be null: where a proof says that they are not, and where one is needed (spec LANG-80 to LANG-82).

use super::facts::{not_null_key, path_key};
use super::{Checked, Checker, Facts, described};
use crate::diagnostic::Diagnostic;
use crate::lang::syntax::Expr;
use crate::lang::typed::{Type, TypedExpr, TypedKind};

/// What is read, as a value that is not null if that is proved.
pub(super) fn narrowed(typed: TypedExpr, facts: &Facts) -> TypedExpr {
    let Type::Nullable(value) = &typed.ty else { return typed };
    match not_null_key(&typed) {
        Some(key) if facts.contains(&key) => {
            let (ty, span) = ((**value).clone(), typed.span);
            TypedExpr { kind: TypedKind::NotNull(Box::new(typed)), ty, span }
        }
        _ => typed,
    }
}

/// What is read, with its null: for operators to which null is a value like others.
pub(super) fn whole(typed: TypedExpr) -> TypedExpr {
    match typed.kind {
        TypedKind::NotNull(read) => *read,
        _ => typed,
    }
}

impl Checker<'_> {
    /// An operand of which null can be no value: one that may be null must be proved not to be.
    pub(super) fn plain(&mut self, expr: &Expr, facts: &Facts) -> Checked {
        let typed = self.expr(expr, facts)?;
        Some(self.proved_plain(typed))
    }

    pub(super) fn proved_plain(&mut self, typed: TypedExpr) -> TypedExpr {
        let Type::Nullable(value) = &typed.ty else { return typed };
        let value = (**value).clone();
        let shown = self.shown(typed.span).to_owned();
        let key = path_key(&typed);
        let help = match &key {
            Some(_) => format!("write `{shown} != null and …`, `{shown} == null or …` or `{shown} != null ? … : …`"),
            // Of what is computed, two texts that look alike are not compared.
            None => "only a path of names and indices can be proved not to be null, an index a literal or a path itself; of elements ask within a macro: `list.all(x, x != null implies …)`".into(),
        };
        let reported = not_null_key(&typed).unwrap_or_else(|| format!("{shown}?"));
        if !self.absent_is_fine && !self.unguarded.contains(&reported) {
            self.unguarded.push(reported);
            let error = Diagnostic::error("lang-unguarded-null", format!("`{shown}` may be null"))
                .note(format!("it is {}", described(&typed.ty)))
                .help(help);
            self.report(error, typed.span, "used as if it were not");
        }
        let span = typed.span;
        TypedExpr { kind: TypedKind::NotNull(Box::new(typed)), ty: value, span }
    }
}
