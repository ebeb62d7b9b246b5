//! Tokens → [`Expr`]: precedence climbing, with a limit on length and depth so that no text can exhaust the stack.
//!
//! Loosest first: `implies` (right), `? :` (right), `or ||`, `and &&`, `not`, relations (`== != < <= > >= in is`, left), `+ -`,
//! `* / %`, `! -` before an operand, `.name [index]`.

use crate::diagnostic::{Diagnostic, Span, nearest};
use crate::lang::lexer::{Token, TokenKind, int_out_of_range, lex};
use crate::lang::syntax::{BinaryOp, Expr, ExprKind, Function, Literal, UnaryOp};
use words::{TYPES, function_between, type_name, unknown_function, unknown_type};

mod macros;
#[cfg(test)]
pub(crate) mod tests;
mod words;

/// The longest rule, in bytes.
pub const MAX_RULE_BYTES: usize = 64 << 10;
/// The deepest tree: brackets, operators and fields all count.
pub const MAX_DEPTH: usize = 128;

/// Words that are operators and literals, never bare names. After a dot they are property names.
pub(crate) const KEYWORDS: [&str; 10] =
    ["true", "false", "null", "in", "is", "and", "or", "not", "implies", "has"];

/// Parses a rule (spec LANG-1 to LANG-13).
///
/// # Errors
/// `lang-syntax`, `lang-unsupported`, `lang-unknown-function`, `lang-too-long`, `lang-too-deep`; places are bytes of
/// `rule`. Every unreadable token is reported; of the errors in the grammar, the first.
pub fn parse(rule: &str) -> Result<Expr, Vec<Diagnostic>> {
    if rule.len() > MAX_RULE_BYTES {
        let message = format!("the rule is longer than {MAX_RULE_BYTES} bytes");
        let error = Diagnostic::error("lang-too-long", message).at(Span::new(0, 0), "");
        return Err(vec![error.help("split it into several clauses")]);
    }
    let tokens = lex(rule)?;
    let mut parser = Parser { rule, tokens, at: 0, depth: 0, errors: Vec::new() };
    let parsed = parser.expression();
    let parsed = parsed.and_then(|parsed| parser.end().map(|()| parsed));
    match parsed {
        Ok(parsed) if parser.errors.is_empty() => Ok(parsed.expr),
        Ok(_) => Err(parser.errors),
        Err(error) => {
            parser.errors.push(*error);
            Err(parser.errors)
        }
    }
}

/// A tree and how deep it is.
struct Parsed {
    expr: Expr,
    depth: usize,
}

type Result1<T> = Result<T, Box<Diagnostic>>;

struct Parser<'a> {
    rule: &'a str,
    tokens: Vec<Token>,
    at: usize,
    /// Nesting of the parser itself.
    depth: usize,
    /// Errors after which parsing could go on.
    errors: Vec<Diagnostic>,
}

#[derive(Clone, Copy)]
enum Operator {
    Binary(BinaryOp),
    Is,
    Conditional,
}

/// Binding strengths; see the module's head.
const IMPLIES: u8 = 1;
const CONDITIONAL: u8 = 2;
const OR: u8 = 3;
const AND: u8 = 4;
const NOT: u8 = 5;
const RELATION: u8 = 6;
const SUM: u8 = 7;
const PRODUCT: u8 = 8;

impl Parser<'_> {
    fn peek(&self) -> &Token {
        // The last token is `End` and is never passed.
        &self.tokens[self.at.min(self.tokens.len() - 1)]
    }

    fn ahead(&self, by: usize) -> &Token {
        &self.tokens[(self.at + by).min(self.tokens.len() - 1)]
    }

    fn next(&mut self) -> Token {
        let token = self.peek().clone();
        if token.kind != TokenKind::End {
            self.at += 1;
        }
        token
    }

    fn take_symbol(&mut self, symbol: &str) -> bool {
        let found = self.peek().is_symbol(symbol);
        if found {
            self.at += 1;
        }
        found
    }

    fn node(&self, kind: ExprKind, span: Span, children_depth: usize) -> Result1<Parsed> {
        let depth = children_depth + 1;
        if depth > MAX_DEPTH {
            return Err(too_deep(span));
        }
        Ok(Parsed { expr: Expr { kind, span }, depth })
    }

    fn nested<T>(&mut self, parse: impl FnOnce(&mut Self) -> Result1<T>) -> Result1<T> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(too_deep(self.peek().span));
        }
        let result = parse(self);
        self.depth -= 1;
        result
    }

    fn expression(&mut self) -> Result1<Parsed> {
        self.nested(|parser| parser.binary(0))
    }

    fn end(&mut self) -> Result1<()> {
        let token = self.peek().clone();
        if token.kind == TokenKind::End {
            return Ok(());
        }
        let found = self.shown(&token);
        let error = |message: String| Diagnostic::error("lang-syntax", message).at(token.span, "");
        Err(Box::new(match &token.kind {
            TokenKind::Symbol(":") => error("`:` stands without a `?`".into())
                .help("a choice between two values is written `condition ? a : b`"),
            TokenKind::Symbol(")" | "]" | "}") => {
                error(format!("{found} closes nothing")).help("take it away, or write the bracket that opens")
            }
            TokenKind::Word(word) if word == "not" && self.ahead(1).is_word("in") => {
                error("`not in` is not an operator".into())
                    .help("write `not a in b`: `not` stands before the whole comparison")
            }
            TokenKind::Word(word) => match nearest(word, ["and", "or", "implies", "in", "is"]) {
                Some(near) if self.at > 0 => {
                    error(format!("{found} is not an operator")).help(format!("did you mean `{near}`?"))
                }
                _ => error(format!("an operator was expected before {found}")).help(
                    match function_between(word) {
                        Some(function) => format!("`{function}` is a function: write `a.{function}(b)`"),
                        None => "join conditions with `and`, `or` or `implies`; text stands in quotes".into(),
                    },
                ),
            },
            _ => error(format!("an operator was expected before {found}"))
                .help("join conditions with `and`, `or` or `implies`"),
        }))
    }

    fn shown(&self, token: &Token) -> String {
        match token.kind {
            TokenKind::End => "the end of the rule".into(),
            _ => format!("`{}`", &self.rule[token.span.start..token.span.end]),
        }
    }

    /// The operator that stands next, and how strongly it binds.
    fn operator(&self) -> Option<(Operator, u8)> {
        use BinaryOp::*;
        let (op, strength) = match &self.peek().kind {
            TokenKind::Symbol(symbol) => match *symbol {
                "?" => return Some((Operator::Conditional, CONDITIONAL)),
                "||" => (Or, OR),
                "&&" => (And, AND),
                "==" => (Equal, RELATION),
                "!=" => (NotEqual, RELATION),
                "<" => (Less, RELATION),
                "<=" => (LessOrEqual, RELATION),
                ">" => (Greater, RELATION),
                ">=" => (GreaterOrEqual, RELATION),
                "+" => (Add, SUM),
                "-" => (Subtract, SUM),
                "*" => (Multiply, PRODUCT),
                "/" => (Divide, PRODUCT),
                "%" => (Remainder, PRODUCT),
                _ => return None,
            },
            TokenKind::Word(word) => match word.as_str() {
                "implies" => (Implies, IMPLIES),
                "or" => (Or, OR),
                "and" => (And, AND),
                "in" => (In, RELATION),
                "is" => return Some((Operator::Is, RELATION)),
                _ => return None,
            },
            _ => return None,
        };
        Some((Operator::Binary(op), strength))
    }

    /// An expression whose operators bind at least as strongly as `least`.
    fn binary(&mut self, least: u8) -> Result1<Parsed> {
        let mut left = self.operand(least)?;
        while let Some((operator, strength)) = self.operator() {
            if strength < least {
                break;
            }
            left = match operator {
                Operator::Is => self.is(left)?,
                Operator::Conditional => self.conditional(left)?,
                Operator::Binary(op) => {
                    let op_span = self.next().span;
                    // `implies` groups to the right, all others to the left.
                    let right_least = if strength == IMPLIES { strength } else { strength + 1 };
                    let right = self.nested(|parser| parser.binary(right_least))?;
                    let span = Span::new(left.expr.span.start, right.expr.span.end);
                    let depth = left.depth.max(right.depth);
                    let (left, right) = (Box::new(left.expr), Box::new(right.expr));
                    self.node(ExprKind::Binary { op, op_span, left, right }, span, depth)?
                }
            };
        }
        Ok(left)
    }

    /// `condition ? then : otherwise`; the condition is behind.
    fn conditional(&mut self, condition: Parsed) -> Result1<Parsed> {
        let question = self.next().span;
        let then = self.expression()?;
        if !self.peek().is_symbol(":") {
            let token = self.peek().clone();
            if token.kind != TokenKind::End && !matches!(token.kind, TokenKind::Symbol("," | ")" | "]" | "}"))
            {
                self.end()?;
            }
            let error = Diagnostic::error("lang-syntax", "`?` has no `:`").at(question, "no `:` for this");
            return Err(Box::new(error.help("write what holds otherwise: `condition ? a : b`")));
        }
        self.next();
        let otherwise = self.nested(|parser| parser.binary(CONDITIONAL))?;
        let span = Span::new(condition.expr.span.start, otherwise.expr.span.end);
        let depth = condition.depth.max(then.depth).max(otherwise.depth);
        let (condition, then) = (Box::new(condition.expr), Box::new(then.expr));
        let otherwise = Box::new(otherwise.expr);
        self.node(ExprKind::Conditional { condition, then, otherwise }, span, depth)
    }

    /// `not e` where the place allows it, else an operand with its prefixes.
    fn operand(&mut self, least: u8) -> Result1<Parsed> {
        if self.peek().is_word("not") && least <= NOT {
            let start = self.next().span.start;
            let operand = self.nested(|parser| parser.binary(NOT))?;
            let span = Span::new(start, operand.expr.span.end);
            let kind = ExprKind::Unary { op: UnaryOp::Not, operand: Box::new(operand.expr) };
            return self.node(kind, span, operand.depth);
        }
        self.prefixed()
    }

    fn is(&mut self, left: Parsed) -> Result1<Parsed> {
        self.next();
        let negated = self.peek().is_word("not");
        if negated {
            self.next();
        }
        let token = self.next();
        let type_name = match &token.kind {
            TokenKind::Word(word) => type_name(word).ok_or_else(|| unknown_type(word, token.span))?,
            _ => {
                let message = format!("a type was expected after `is`, found {}", self.shown(&token));
                let error = Diagnostic::error("lang-syntax", message).at(token.span, "");
                return Err(Box::new(error.help(format!("types are {TYPES}; to compare values write `==`"))));
            }
        };
        let span = Span::new(left.expr.span.start, token.span.end);
        let operand = Box::new(left.expr);
        self.node(ExprKind::Is { operand, type_name, type_span: token.span, negated }, span, left.depth)
    }

    fn prefixed(&mut self) -> Result1<Parsed> {
        let op = match &self.peek().kind {
            TokenKind::Symbol("!") => UnaryOp::Not,
            TokenKind::Symbol("-") => UnaryOp::Negate,
            _ => return self.postfixed(),
        };
        let start = self.next().span.start;
        if op == UnaryOp::Negate && !self.ahead(1).is_symbol("[") && !self.ahead(1).is_symbol(".") {
            // The minus belongs to the literal, so that the least int can be written.
            let token = self.peek().clone();
            let span = Span::new(start, token.span.end);
            let literal = match token.kind {
                TokenKind::Int(magnitude) => match 0i64.checked_sub_unsigned(magnitude) {
                    Some(value) => Some(Literal::Int(value)),
                    None => return Err(Box::new(int_out_of_range(self.rule, span))),
                },
                TokenKind::Double(value) => Some(Literal::Double(-value)),
                _ => None,
            };
            if let Some(literal) = literal {
                self.next();
                return self.node(ExprKind::Literal(literal), span, 0);
            }
        }
        let operand = self.nested(Self::prefixed)?;
        let span = Span::new(start, operand.expr.span.end);
        self.node(ExprKind::Unary { op, operand: Box::new(operand.expr) }, span, operand.depth)
    }

    fn postfixed(&mut self) -> Result1<Parsed> {
        let mut base = self.primary()?;
        loop {
            let start = base.expr.span.start;
            if self.take_symbol(".") {
                let token = self.next();
                let TokenKind::Word(name) = token.kind else {
                    let message =
                        format!("a property name was expected after `.`, found {}", self.shown(&token));
                    let error = Diagnostic::error("lang-syntax", message).at(token.span, "");
                    return Err(Box::new(error.help("an element of a list is read with `[index]`")));
                };
                if self.peek().is_symbol("(") {
                    base = self.call(&name, token.span, Some(base))?;
                    continue;
                }
                let span = Span::new(start, token.span.end);
                let kind = ExprKind::Field { base: Box::new(base.expr), name, name_span: token.span };
                base = self.node(kind, span, base.depth)?;
            } else if self.peek().is_symbol("[") {
                let open = self.next().span;
                let index = self.expression()?;
                let end = self.close("]", open)?;
                let depth = base.depth.max(index.depth);
                let kind = ExprKind::Index { base: Box::new(base.expr), index: Box::new(index.expr) };
                base = self.node(kind, Span::new(start, end), depth)?;
            } else {
                return Ok(base);
            }
        }
    }

    fn primary(&mut self) -> Result1<Parsed> {
        let token = self.next();
        let span = token.span;
        let literal = |literal| ExprKind::Literal(literal);
        match token.kind {
            TokenKind::Int(magnitude) => match i64::try_from(magnitude) {
                Ok(value) => self.node(literal(Literal::Int(value)), span, 0),
                Err(_) => Err(Box::new(int_out_of_range(self.rule, span))),
            },
            TokenKind::Double(value) => self.node(literal(Literal::Double(value)), span, 0),
            TokenKind::String(value) => self.node(literal(Literal::String(value)), span, 0),
            TokenKind::Symbol("(") => {
                let mut inner = self.expression()?;
                let end = self.close(")", span)?;
                // With its brackets, so that what is shown of it reads as written.
                inner.expr.span = Span::new(span.start, end);
                Ok(inner)
            }
            TokenKind::Symbol("[") => {
                let (elements, end, depth) = self.elements("]", span)?;
                self.node(ExprKind::List(elements), Span::new(span.start, end), depth)
            }
            TokenKind::Symbol("{") => self.map(span),
            TokenKind::Word(ref word) => match word.as_str() {
                "true" => self.node(literal(Literal::Bool(true)), span, 0),
                "false" => self.node(literal(Literal::Bool(false)), span, 0),
                "null" => self.node(literal(Literal::Null), span, 0),
                "has" => self.has(span),
                "not" => Err(Box::new(
                    Diagnostic::error("lang-syntax", "`not` cannot stand inside a comparison or a sum")
                        .at(span, "")
                        .help("write `!` instead, or brackets: `(not a)`"),
                )),
                word if KEYWORDS.contains(&word) => self.no_operand(&token),
                word if self.peek().is_symbol("(") => self.call(word, span, None),
                word => self.node(ExprKind::Name(word.to_owned()), span, 0),
            },
            TokenKind::Symbol(_) | TokenKind::End => self.no_operand(&token),
        }
    }

    fn no_operand(&self, token: &Token) -> Result1<Parsed> {
        let before = self.at.checked_sub(2).and_then(|at| self.tokens.get(at));
        let message = match (token.kind == TokenKind::End, self.tokens.len()) {
            (true, 1) => "the rule is empty".to_owned(),
            _ => format!("a value was expected, found {}", self.shown(token)),
        };
        let mut span = token.span;
        let mut label = String::new();
        if token.kind == TokenKind::End {
            // A caret behind the last token says more than one in the void.
            if let Some(last) = self.tokens.len().checked_sub(2).and_then(|at| self.tokens.get(at)) {
                span = last.span;
                label = "the rule ends after this".into();
            }
        }
        let help = match (&token.kind, before.map(|before| &before.kind)) {
            (TokenKind::Symbol("=="), Some(TokenKind::Symbol("=" | "=="))) => {
                "to compare, write `==`".to_owned()
            }
            (TokenKind::Symbol(">"), Some(TokenKind::Symbol("<"))) => "for not equal, write `!=`".to_owned(),
            (TokenKind::Word(word), _) => {
                format!(
                    "`{word}` is a word of the language; a property of that name is read as `input.{word}`"
                )
            }
            _ => {
                "values are names, `'text'`, numbers, `true`, `false`, `null`, `[lists]` and `(expressions)`"
                    .to_owned()
            }
        };
        Err(Box::new(Diagnostic::error("lang-syntax", message).at(span, label).help(help)))
    }

    fn close(&mut self, symbol: &str, open: Span) -> Result1<usize> {
        let token = self.peek().clone();
        if token.is_symbol(symbol) {
            self.next();
            return Ok(token.span.end);
        }
        if token.kind != TokenKind::End && !matches!(token.kind, TokenKind::Symbol("," | ")" | "]" | "}")) {
            self.end()?;
        }
        let opened = &self.rule[open.start..open.end];
        let found = self.shown(&token);
        let error = Diagnostic::error("lang-syntax", format!("`{opened}` is not closed"));
        Err(Box::new(
            error
                .at(open, format!("no `{symbol}` for this"))
                .help(format!("write `{symbol}` before {found}")),
        ))
    }

    /// Comma-separated expressions up to `close`; a comma may stand after the last, as in CEL's lists.
    fn elements(&mut self, close: &str, open: Span) -> Result1<(Vec<Expr>, usize, usize)> {
        let mut elements = Vec::new();
        let mut depth = 0;
        loop {
            if self.peek().is_symbol(close) {
                return Ok((elements, self.next().span.end, depth));
            }
            let element = self.expression()?;
            depth = depth.max(element.depth);
            elements.push(element.expr);
            if !self.take_symbol(",") {
                return Ok((elements, self.close(close, open)?, depth));
            }
        }
    }

    /// `{'a': 1, 'b': 2}`; the bracket is behind. A comma may stand after the last entry, as in CEL.
    fn map(&mut self, open: Span) -> Result1<Parsed> {
        let mut entries = Vec::new();
        let mut depth = 0;
        let end = loop {
            if self.peek().is_symbol("}") {
                break self.next().span.end;
            }
            let key = self.expression()?;
            if !self.take_symbol(":") {
                let token = self.peek().clone();
                let message = format!("a value was expected for this key, found {}", self.shown(&token));
                let error =
                    Diagnostic::error("lang-syntax", message).at(key.expr.span, "a key without a value");
                return Err(Box::new(error.help("a map is written `{'a': 1, 'b': 2}`")));
            }
            let value = self.expression()?;
            depth = depth.max(key.depth).max(value.depth);
            entries.push((key.expr, value.expr));
            if !self.take_symbol(",") {
                break self.close("}", open)?;
            }
        };
        self.node(ExprKind::Map(entries), Span::new(open.start, end), depth)
    }

    /// `has(e.name)`; the word is behind.
    fn has(&mut self, word: Span) -> Result1<Parsed> {
        let misuse = |span: Span| {
            Box::new(
                Diagnostic::error("lang-syntax", "`has` takes one property: `has(cart.coupon)`")
                    .at(span, "not a property")
                    .help("write the property that may be absent, as `has(e.name)`"),
            )
        };
        if !self.peek().is_symbol("(") {
            return Err(misuse(word));
        }
        let open = self.next().span;
        let argument = self.expression()?;
        if self.peek().is_symbol(",") {
            return Err(misuse(self.peek().span));
        }
        let end = self.close(")", open)?;
        let span = Span::new(word.start, end);
        match argument.expr.kind {
            ExprKind::Field { base, name, name_span } => {
                self.node(ExprKind::Has { base, name, name_span }, span, argument.depth)
            }
            // A bare name is a property of the input.
            ExprKind::Name(name) if !matches!(name.as_str(), "input" | "result" | "output") => {
                let name_span = argument.expr.span;
                let root = Expr {
                    kind: ExprKind::Name("input".into()),
                    span: Span::new(name_span.start, name_span.start),
                };
                self.node(ExprKind::Has { base: Box::new(root), name, name_span }, span, argument.depth)
            }
            _ => Err(misuse(argument.expr.span)),
        }
    }

    /// `name(arguments)`, `receiver.name(arguments)`; the opening bracket is next.
    fn call(&mut self, name: &str, name_span: Span, receiver: Option<Parsed>) -> Result1<Parsed> {
        if let Some(known) = macros::macro_named(name) {
            return self.macro_call(known, name, name_span, receiver);
        }
        let open = self.next().span;
        let function = match (name, receiver.is_some()) {
            ("size", _) => Function::Size,
            ("startsWith", true) => Function::StartsWith,
            ("endsWith", true) => Function::EndsWith,
            ("contains", true) => Function::Contains,
            ("matches", _) => Function::Matches,
            ("int", false) => Function::Int,
            ("double", false) => Function::Double,
            ("string", false) => Function::String,
            ("bool", false) => Function::Bool,
            ("type", false) => Function::Type,
            ("int" | "double" | "string" | "bool" | "type", true) => {
                let does = if name == "type" { "is asked of" } else { "converts" };
                let message = format!("`{name}` stands before what it {does}");
                let error = Diagnostic::error("lang-syntax", message).at(name_span, "");
                return Err(Box::new(error.help(format!("write `{name}(e)`"))));
            }
            ("startsWith" | "endsWith" | "contains", false) => {
                let error = Diagnostic::error(
                    "lang-syntax",
                    format!("`{name}` stands behind the text that it looks at"),
                );
                return Err(Box::new(error.at(name_span, "").help(format!("write `text.{name}(part)`"))));
            }
            _ => return Err(Box::new(unknown_function(name, name_span))),
        };
        let (mut start, mut depth) = (name_span.start, 0);
        let mut arguments = Vec::new();
        if let Some(receiver) = receiver {
            (start, depth) = (receiver.expr.span.start, receiver.depth);
            arguments.push(receiver.expr);
        }
        let (rest, end, rest_depth) = self.elements(")", open)?;
        arguments.extend(rest);
        let text = matches!(function, Function::StartsWith | Function::EndsWith | Function::Contains);
        let wanted = if text || function == Function::Matches { 2 } else { 1 };
        if arguments.len() != wanted {
            let how = match function {
                Function::Size => "`size(e)` or `e.size()`".to_owned(),
                Function::Matches => "`text.matches('^[a-z]+$')`".to_owned(),
                _ if text => format!("`text.{name}(part)`"),
                _ => format!("`{name}(e)`"),
            };
            let message = format!("`{name}` is called with the wrong number of arguments");
            // The tree is whole, so other errors can still be found.
            self.errors.push(
                Diagnostic::error("lang-syntax", message)
                    .at(Span::new(name_span.start, end), "")
                    .help(format!("write {how}")),
            );
        }
        let span = Span::new(start, end);
        self.node(ExprKind::Call { function, arguments }, span, depth.max(rest_depth))
    }
}

fn too_deep(span: Span) -> Box<Diagnostic> {
    let error =
        Diagnostic::error("lang-too-deep", format!("the rule is nested deeper than {MAX_DEPTH} levels"));
    Box::new(error.at(span, "").help("split it into several clauses"))
}
