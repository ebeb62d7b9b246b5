//! Text → tokens, each with its span. Escapes are decoded here; every bad character or literal is reported, not only
//! the first.

use crate::diagnostic::{Diagnostic, Span};

/// What a token is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum TokenKind {
    /// A name or a word of the language; the parser tells them apart by place.
    Word(String),
    /// Magnitude of an integer; a minus before it is the parser's.
    Int(u64),
    /// A finite double.
    Double(f64),
    /// A decoded string.
    String(String),
    /// An operator or a bracket, by its spelling.
    Symbol(&'static str),
    /// One past the last token.
    End,
}

/// A token and its place.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) span: Span,
}

impl Token {
    pub(crate) fn is_symbol(&self, symbol: &str) -> bool {
        matches!(&self.kind, TokenKind::Symbol(found) if *found == symbol)
    }

    pub(crate) fn is_word(&self, word: &str) -> bool {
        matches!(&self.kind, TokenKind::Word(found) if found == word)
    }
}

/// Longer spellings first.
const SYMBOLS: [&str; 24] = [
    "&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "-", "*", "/", "%", "+", ".", ",", "(", ")", "[", "]",
    "{", "}", "?", ":",
];

/// Splits `rule` into tokens, the last of which is [`TokenKind::End`].
pub(crate) fn lex(rule: &str) -> Result<Vec<Token>, Vec<Diagnostic>> {
    let mut lexer = Lexer { rule, at: 0, tokens: Vec::new(), errors: Vec::new(), offsets: Vec::new() };
    while lexer.at < rule.len() {
        lexer.token();
    }
    lexer.push(TokenKind::End, rule.len());
    if lexer.errors.is_empty() { Ok(lexer.tokens) } else { Err(lexer.errors) }
}

/// Where each byte of the text literal that stands in `span` comes from, and one past the last; brackets may stand around
/// the literal. An escape counts as its backslash. Empty where there is none.
pub(crate) fn string_offsets(rule: &str, span: Span) -> Vec<usize> {
    let rule = rule.get(..span.end).unwrap_or_default();
    let mut lexer =
        Lexer { rule, at: span.start, tokens: Vec::new(), errors: Vec::new(), offsets: Vec::new() };
    while lexer.at < rule.len() {
        lexer.token();
        if matches!(lexer.tokens.last(), Some(Token { kind: TokenKind::String(_), .. })) {
            return lexer.offsets;
        }
    }
    Vec::new()
}

struct Lexer<'a> {
    rule: &'a str,
    at: usize,
    tokens: Vec<Token>,
    errors: Vec<Diagnostic>,
    /// Of the last text literal: where each byte comes from.
    offsets: Vec<usize>,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        &self.rule[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn bump(&mut self) -> Option<char> {
        let char = self.peek()?;
        self.at += char.len_utf8();
        Some(char)
    }

    fn skip_while(&mut self, wanted: impl Fn(char) -> bool) {
        while self.peek().is_some_and(&wanted) {
            self.bump();
        }
    }

    fn push(&mut self, kind: TokenKind, start: usize) {
        self.tokens.push(Token { kind, span: Span::new(start, self.at) });
    }

    fn syntax(&mut self, start: usize, message: impl Into<String>, label: &str, help: impl Into<String>) {
        let error = Diagnostic::error("lang-syntax", message);
        self.errors.push(error.at(Span::new(start, self.at), label).help(help));
    }

    fn unsupported(&mut self, start: usize, what: &str, help: &str) {
        let error = Diagnostic::error("lang-unsupported", format!("{what} not supported by this version"));
        self.errors.push(error.at(Span::new(start, self.at), "not supported").help(help));
    }

    fn token(&mut self) {
        let start = self.at;
        let Some(char) = self.peek() else { return };
        if matches!(char, ' ' | '\t' | '\n' | '\r' | '\u{c}') {
            self.bump();
        } else if self.rest().starts_with("//") {
            self.skip_while(|char| char != '\n');
        } else if char.is_ascii_alphabetic() || char == '_' {
            self.word();
        } else if char.is_ascii_digit() || (char == '.' && self.digit_follows_dot()) {
            self.number();
        } else if char == '\'' || char == '"' {
            self.string(start, char, false);
        } else if let Some(symbol) = SYMBOLS.iter().find(|symbol| self.rest().starts_with(**symbol)) {
            self.at += symbol.len();
            self.push(TokenKind::Symbol(symbol), start);
        } else {
            self.stray(char);
        }
    }

    /// `.5` is a double only where no operand stands before it: `a.5` is a mistake of another kind.
    fn digit_follows_dot(&self) -> bool {
        let operand_before = match self.tokens.last() {
            None => false,
            Some(token) if token.span.end != self.at => false,
            Some(Token { kind: TokenKind::Word(_) | TokenKind::String(_), .. }) => true,
            Some(token) => token.is_symbol(")") || token.is_symbol("]") || token.is_symbol("}"),
        };
        !operand_before && self.rest()[1..].starts_with(|next: char| next.is_ascii_digit())
    }

    fn stray(&mut self, char: char) {
        let start = self.at;
        self.bump();
        match char {
            '=' => {
                // `===` comes as `==` and this.
                let after_equals =
                    self.tokens.last().is_some_and(|last| last.is_symbol("==") && last.span.end == start);
                let found = if after_equals { "===" } else { "=" };
                let start = if after_equals { start - 2 } else { start };
                self.syntax(start, format!("`{found}` is not an operator"), "", "to compare, write `==`");
            }
            '&' => self.syntax(start, "`&` is not an operator", "", "write `&&` or `and`"),
            '|' => self.syntax(start, "`|` is not an operator", "", "write `||` or `or`"),
            '`' => self.unsupported(
                start,
                "names in backticks are",
                "only names of letters, digits and `_` can be read",
            ),
            '\u{2018}' | '\u{2019}' | '\u{201c}' | '\u{201d}' => {
                let message = format!("`{char}` is a typographic quotation mark");
                self.syntax(start, message, "", "write `'` or `\"` around text");
            }
            _ => {
                // One message for a run of them, such as a word in another script.
                self.skip_while(|next| !next.is_ascii() && next.is_alphanumeric());
                let found = &self.rule[start..self.at];
                let message = format!("`{}` is not part of the language", found.escape_debug());
                self.syntax(
                    start,
                    message,
                    "",
                    "text stands in quotes, names are of letters a to z, digits and `_`",
                );
            }
        }
    }

    fn word(&mut self) {
        let start = self.at;
        self.skip_while(|char| char.is_ascii_alphanumeric() || char == '_');
        let word = &self.rule[start..self.at];
        let prefix = word.len() <= 2 && word.chars().all(|char| matches!(char, 'r' | 'R' | 'b' | 'B'));
        if prefix && matches!(self.peek(), Some('\'' | '"')) {
            let quote = self.peek().unwrap_or('"');
            if matches!(word, "r" | "R") {
                return self.string(start, quote, true);
            }
            self.bump();
            self.skip_while(|char| char != quote && char != '\n');
            self.bump();
            return self.unsupported(start, "bytes are", "write text in quotes");
        }
        self.push(TokenKind::Word(word.to_owned()), start);
    }

    fn number(&mut self) {
        let start = self.at;
        let digits = self.rest();
        if digits.starts_with("0x") || digits.starts_with("0X") {
            self.at += 2;
            self.skip_while(|char| char.is_ascii_alphanumeric() || char == '_');
            let hex = &self.rule[start + 2..self.at];
            if hex.is_empty() || !hex.chars().all(|char| char.is_ascii_hexdigit()) {
                return self.malformed_number(start);
            }
            return match u64::from_str_radix(hex, 16) {
                Ok(value) => self.push(TokenKind::Int(value), start),
                Err(_) => self.int_out_of_range(start),
            };
        }
        let mut double = false;
        self.skip_while(|char| char.is_ascii_digit());
        let fraction = self.rest().as_bytes();
        if fraction.first() == Some(&b'.') && fraction.get(1).is_some_and(u8::is_ascii_digit) {
            double = true;
            self.bump();
            self.skip_while(|char| char.is_ascii_digit());
        }
        if matches!(self.peek(), Some('e' | 'E')) {
            double = true;
            self.bump();
            if matches!(self.peek(), Some('+' | '-')) {
                self.bump();
            }
            if !self.peek().is_some_and(|char| char.is_ascii_digit()) {
                return self.malformed_number(start);
            }
            self.skip_while(|char| char.is_ascii_digit());
        }
        if self.peek().is_some_and(|char| char.is_ascii_alphabetic() || char == '_') {
            return self.malformed_number(start);
        }
        let text = &self.rule[start..self.at];
        if double {
            match text.parse::<f64>() {
                Ok(value) if value.is_finite() => self.push(TokenKind::Double(value), start),
                _ => {
                    let message = format!("`{text}` is too large for a double");
                    self.syntax(start, message, "", "the largest is about 1.8e308");
                }
            }
        } else {
            match text.parse::<u64>() {
                Ok(value) => self.push(TokenKind::Int(value), start),
                Err(_) => self.int_out_of_range(start),
            }
        }
    }

    fn int_out_of_range(&mut self, start: usize) {
        self.errors.push(int_out_of_range(self.rule, Span::new(start, self.at)));
    }

    fn malformed_number(&mut self, start: usize) {
        self.skip_while(|char| char.is_ascii_alphanumeric() || char == '_');
        let text = &self.rule[start..self.at];
        if text.ends_with(['u', 'U']) && text[..text.len() - 1].bytes().all(|byte| byte.is_ascii_digit()) {
            return self.unsupported(
                start,
                "unsigned integers are",
                "leave the `u` away: every integer has a sign",
            );
        }
        let message = format!("`{text}` is not a number");
        self.syntax(start, message, "", "numbers are written `10`, `0x1f`, `1.5` or `1e3`");
    }

    /// Text from `start`, of which an `r` may be behind and a quote is next; without escapes where `raw`, over several
    /// lines where the quote is tripled.
    fn string(&mut self, start: usize, quote: char, raw: bool) {
        let triple = if quote == '"' { "\"\"\"" } else { "'''" };
        let lines = self.rest().starts_with(triple);
        let closing = if lines { triple } else { &triple[..1] };
        self.at += closing.len();
        let opening = Span::new(start, self.at);
        let mut value = String::new();
        self.offsets.clear();
        while !self.rest().starts_with(closing) {
            let escape_start = self.at;
            let decoded = value.len();
            match self.bump() {
                None => return self.unclosed(opening, closing),
                Some('\n' | '\r') if !lines => return self.unclosed(opening, closing),
                Some('\r') => {
                    if self.peek() == Some('\n') {
                        self.bump();
                    }
                    value.push('\n');
                }
                Some('\\') if !raw => match self.escape() {
                    Some(char) => value.push(char),
                    None => {
                        let text = self.rule[escape_start..self.at].escape_debug().to_string();
                        self.syntax(
                            escape_start,
                            format!("`{text}` is not an escape"),
                            "",
                            r"escapes are `\\`, `\'`, `\n`, `\t`, `\xHH`, `\uHHHH`, `\UHHHHHHHH` and a few more; `r'…'` has none",
                        );
                    }
                },
                Some(char) => value.push(char),
            }
            // A character as itself maps byte by byte, what is written otherwise to its first byte.
            let as_itself = self.at - escape_start == value.len() - decoded;
            self.offsets.extend(
                (0..value.len() - decoded).map(|byte| escape_start + if as_itself { byte } else { 0 }),
            );
        }
        self.offsets.push(self.at);
        self.at += closing.len();
        self.push(TokenKind::String(value), start);
    }

    /// A caret under the opening quote: the rest of the line tells nothing.
    fn unclosed(&mut self, opening: Span, closing: &str) {
        self.errors.push(
            Diagnostic::error("lang-syntax", "text has no closing quotation mark")
                .at(opening, format!("no second `{closing}`"))
                .help(format!("close the text with `{closing}`")),
        );
    }

    /// CEL's escapes; the backslash is behind.
    fn escape(&mut self) -> Option<char> {
        Some(match self.bump()? {
            'a' => '\u{7}',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\u{b}',
            char @ ('\\' | '?' | '"' | '\'' | '`') => char,
            'x' | 'X' => self.code_point(2, 16)?,
            'u' => self.code_point(4, 16)?,
            'U' => self.code_point(8, 16)?,
            '0'..='3' => {
                self.at -= 1;
                self.code_point(3, 8)?
            }
            _ => return None,
        })
    }

    fn code_point(&mut self, digits: usize, radix: u32) -> Option<char> {
        let mut value = 0u32;
        for _ in 0..digits {
            let digit = self.peek()?.to_digit(radix)?;
            self.bump();
            value = value.checked_mul(radix)?.checked_add(digit)?;
        }
        char::from_u32(value)
    }
}

/// For an integer literal outside `i64`.
pub(crate) fn int_out_of_range(rule: &str, span: Span) -> Diagnostic {
    let text = &rule[span.start..span.end];
    Diagnostic::error("lang-syntax", format!("`{text}` is too large for an int"))
        .at(span, "")
        .help("ints go from -9223372036854775808 to 9223372036854775807; for a double write a fraction, `.0`")
}
