//! Macros over lists and the keys of maps: what the element is, and what each gives.

use super::facts::proved;
use super::{Checked, Checker, Facts, described};
use crate::diagnostic::Span;
use crate::lang::syntax::{Expr, Macro};
use crate::lang::typed::{Type, TypedExpr, TypedKind};

/// The name of an element, within its macro.
pub(super) struct Bound {
    pub(super) name: String,
    pub(super) id: usize,
    pub(super) ty: Type,
}

/// A macro as it is written.
pub(super) struct Written<'a> {
    pub(super) kind: Macro,
    pub(super) list: &'a Expr,
    pub(super) variable: &'a str,
    pub(super) filter: Option<&'a Expr>,
    pub(super) body: &'a Expr,
    pub(super) span: Span,
}

impl Checker<'_> {
    pub(super) fn macro_over(&mut self, written: Written<'_>, facts: &Facts) -> Checked {
        let list = self.plain(written.list, facts)?;
        let list = self.tuple_as_list(list)?;
        let name = macro_name(written.kind);
        let element = match &list.ty {
            Type::List(element) => (**element).clone(),
            Type::Map(_) => Type::String,
            Type::Never => Type::Never,
            other => {
                let found = described(other);
                let message =
                    format!("`{name}` looks at a list or a map, but `{}` is {found}", self.shown(list.span));
                self.mismatch(list.span, message, found, None);
                return None;
            }
        };
        let id = self.next_variable;
        self.next_variable += 1;
        self.bound.push(Bound { name: written.variable.to_owned(), id, ty: element.clone() });
        let condition = format!("the condition of `{name}`");
        let filter = written.filter.map(|filter| self.bool(filter, facts, &condition));
        let body = match written.kind {
            Macro::Map => {
                let known = match &filter {
                    Some(Some(filter)) => facts | &proved(filter, true),
                    _ => facts.clone(),
                };
                self.expr(written.body, &known)
            }
            _ => self.bool(written.body, facts, &condition),
        };
        self.bound.pop();
        let filter = match filter {
            Some(filter) => Some(Box::new(filter?)),
            None => None,
        };
        let body = body?;
        let ty = match written.kind {
            Macro::All | Macro::Exists | Macro::ExistsOne => Type::Bool,
            // Of nothing it makes nothing, whatever it would make.
            _ if element == Type::Never => Type::List(Box::new(Type::Never)),
            Macro::Filter => Type::List(Box::new(element)),
            Macro::Map => Type::List(Box::new(body.ty.clone())),
        };
        let kind = TypedKind::Macro {
            kind: written.kind,
            list: Box::new(list),
            variable: id,
            filter,
            body: Box::new(body),
        };
        Some(TypedExpr { kind, ty, span: written.span })
    }
}

fn macro_name(kind: Macro) -> &'static str {
    match kind {
        Macro::All => "all",
        Macro::Exists => "exists",
        Macro::ExistsOne => "exists_one",
        Macro::Filter => "filter",
        Macro::Map => "map",
    }
}
