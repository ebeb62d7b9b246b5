//! Tuples: elements by their places, and tuples whose elements are alike as lists (spec LANG-83, LANG-84).

use super::facts::is_fixed;
use super::{Checker, described};
use crate::diagnostic::{Diagnostic, Span};
use crate::lang::syntax::Literal;
use crate::lang::typed::{Type, TypedExpr, TypedKind};

impl Checker<'_> {
    /// The type of the element at this place.
    pub(super) fn item_of_tuple(
        &mut self,
        tuple: &TypedExpr,
        items: &[Type],
        index: i64,
        span: Span,
    ) -> Option<Type> {
        let found = usize::try_from(index).ok().and_then(|at| items.get(at));
        if let Some(ty) = found {
            return Some(ty.clone());
        }
        let shown = self.shown(tuple.span).to_owned();
        let elements = if items.len() == 1 { "element" } else { "elements" };
        let message = format!("`{shown}` has {} {elements}, and none at {index}", items.len());
        let help = format!("the last is `{shown}[{}]`", items.len() - 1);
        self.report(Diagnostic::error("lang-no-element", message).help(help), span, "out of range");
        None
    }

    /// A tuple whose elements are of one type as the list of them: for an index that is no literal, `in` and macros.
    pub(super) fn tuple_as_list(&mut self, tuple: TypedExpr) -> Option<TypedExpr> {
        let Type::Tuple(items) = &tuple.ty else { return Some(tuple) };
        let shown = self.shown(tuple.span).to_owned();
        let first = items[0].clone();
        if let Some(odd) = items.iter().find(|item| **item != first) {
            let message = format!(
                "the elements of `{shown}` are of several types: {} and {}",
                described(&first),
                described(odd)
            );
            let help = format!("read each by its place: `{shown}[0]`");
            self.mismatch(tuple.span, message, "a tuple, not a list", Some(help));
            return None;
        }
        if !is_fixed(&tuple) || matches!(first.value(), Type::Tuple(_)) {
            let message = format!("`{shown}` as a list is not supported by this version");
            let error = Diagnostic::error("lang-unsupported", message);
            let help = "a tuple is looked into where a path of names and literal indices leads to it, and where it holds no tuples";
            self.report(error.help(help), tuple.span, "not supported");
            return None;
        }
        let span = tuple.span;
        let elements = (0..items.len() as i64).map(|at| {
            let index = TypedExpr { kind: TypedKind::Literal(Literal::Int(at)), ty: Type::Int, span };
            let kind = TypedKind::Index { base: Box::new(tuple.clone()), index: Box::new(index) };
            TypedExpr { kind, ty: first.clone(), span }
        });
        let elements: Vec<TypedExpr> = elements.collect();
        Some(TypedExpr { kind: TypedKind::List(elements), ty: Type::List(Box::new(first)), span })
    }
}
