//! `list.all(x, condition)` and its kin: calls that name an element and look at each in turn.

use super::{KEYWORDS, Parsed, Parser, Result1};
use crate::diagnostic::{Diagnostic, Span};
use crate::lang::lexer::{Token, TokenKind};
use crate::lang::syntax::{ExprKind, Macro};

/// The macro of this name, and how it is written.
pub(super) fn macro_named(name: &str) -> Option<(Macro, &'static str)> {
    Some(match name {
        "all" => (Macro::All, "`list.all(x, x > 0)`"),
        "exists" => (Macro::Exists, "`list.exists(x, x > 0)`"),
        "exists_one" => (Macro::ExistsOne, "`list.exists_one(x, x > 0)`"),
        "filter" => (Macro::Filter, "`list.filter(x, x > 0)`"),
        "map" => (Macro::Map, "`list.map(x, x + 1)` or `list.map(x, x > 0, x + 1)`"),
        _ => return None,
    })
}

impl Parser<'_> {
    /// `list.all(x, condition)`; the opening bracket is next.
    pub(super) fn macro_call(
        &mut self,
        (kind, usage): (Macro, &str),
        name: &str,
        name_span: Span,
        receiver: Option<Parsed>,
    ) -> Result1<Parsed> {
        let error = |message: String, span: Span| {
            Box::new(
                Diagnostic::error("lang-syntax", message).at(span, "").help(format!("it is written {usage}")),
            )
        };
        let open = self.next().span;
        let Some(list) = receiver else {
            return Err(error(format!("`{name}` stands behind the list that it looks at"), name_span));
        };
        let token = self.next();
        let variable = match token {
            Token { kind: TokenKind::Word(ref word), span } if self.peek().is_symbol(",") => {
                let taken = ["input", "result", "output"].contains(&word.as_str());
                if taken || KEYWORDS.contains(&word.as_str()) {
                    let message = format!("`{word}` has a meaning of its own and cannot name an element");
                    return Err(error(message, span));
                }
                word.clone()
            }
            token => {
                let message =
                    format!("`{name}` first takes a name for the element, and then what is asked of it");
                return Err(error(message, token.span));
            }
        };
        self.next();
        let (mut arguments, end, depth) = self.elements(")", open)?;
        let most = if kind == Macro::Map { 2 } else { 1 };
        let body = arguments.pop().filter(|_| arguments.len() < most);
        let Some(body) = body else {
            let message = format!("`{name}` is called with the wrong number of arguments");
            return Err(error(message, Span::new(name_span.start, end)));
        };
        let span = Span::new(list.expr.span.start, end);
        let depth = depth.max(list.depth);
        let kind = ExprKind::Macro {
            kind,
            list: Box::new(list.expr),
            variable,
            filter: arguments.pop().map(Box::new),
            body: Box::new(body),
        };
        self.node(kind, span, depth)
    }
}
