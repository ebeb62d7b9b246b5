//! What a backslash makes of the next character.

use super::{Look, Node, Parsed, Parser};
use crate::pattern::PatternError;
use crate::pattern::class::{LAST, Set};
use crate::pattern::nfa::word;

/// What `\d`, `\s` and `\w` stand for: ASCII alone.
pub(super) fn perl_class(letter: char) -> Option<Set> {
    let set = match letter.to_ascii_lowercase() {
        'd' => Set::of(&[(0x30, 0x39)]),
        // The vertical tab is none of them.
        's' => Set::of(&[(0x09, 0x0a), (0x0c, 0x0d), (0x20, 0x20)]),
        'w' => word(),
        _ => return None,
    };
    Some(set)
}

impl Parser<'_> {
    /// An escape outside a class.
    pub(super) fn escaped(&mut self) -> Parsed<Node> {
        let start = self.at;
        let letter = self.rest().chars().nth(1);
        let look = match letter {
            Some('A') => Some(Look::StartText),
            Some('z') => Some(Look::EndText),
            Some('b') => Some(Look::Word),
            Some('B') => Some(Look::NotWord),
            _ => None,
        };
        if let Some(look) = look {
            self.at += 2;
            return Ok(Node::Look(look));
        }
        if let Some(set) = self.escaped_class()? {
            return Ok(Node::Set(set));
        }
        let code = self.escaped_character()?;
        Ok(Node::Set(self.folded(Set::of(&[(code, code)]), start)?))
    }

    /// `\d` and its kin, here or in a class; `None`, and nothing read, for another escape.
    pub(super) fn escaped_class(&mut self) -> Parsed<Option<Set>> {
        let start = self.at;
        let Some(letter) = self.rest().chars().nth(1) else { return Ok(None) };
        let Some(set) = perl_class(letter) else { return Ok(None) };
        self.at += 2;
        let set = self.folded(set, start)?;
        Ok(Some(if letter.is_ascii_uppercase() { set.negate() } else { set }))
    }

    /// An escape for one character; the backslash is next.
    pub(super) fn escaped_character(&mut self) -> Parsed<u32> {
        let start = self.at;
        self.at += 1;
        let Some(letter) = self.bump() else {
            return Err(self.wrong(
                start,
                "nothing follows the last `\\`",
                "write `\\\\` for the character itself",
            ));
        };
        match letter {
            'a' => Ok(0x07),
            'f' => Ok(0x0c),
            'n' => Ok(0x0a),
            'r' => Ok(0x0d),
            't' => Ok(0x09),
            'v' => Ok(0x0b),
            'x' => self.hexadecimal(start),
            '0' => Ok(self.octal(0, 2)),
            '1'..='7' if self.peek().is_some_and(|next| next.is_digit(8)) => {
                Ok(self.octal(u32::from(letter) - u32::from('0'), 2))
            }
            '_' => Ok(letter.into()),
            letter if letter.is_ascii() && !letter.is_ascii_alphanumeric() => Ok(letter.into()),
            _ => Err(self.bad_escape(start, letter)),
        }
    }

    fn octal(&mut self, first: u32, more: usize) -> u32 {
        let mut code = first;
        for _ in 0..more {
            let Some(digit) = self.peek().and_then(|next| next.to_digit(8)) else { break };
            self.at += 1;
            code = code * 8 + digit;
        }
        code
    }

    fn hexadecimal(&mut self, start: usize) -> Parsed<u32> {
        let code = if self.take("{") {
            let digits = self.rest().bytes().take_while(u8::is_ascii_hexdigit).count();
            let text = self.rest().get(..digits).unwrap_or_default();
            self.at += digits;
            self.take("}").then(|| u32::from_str_radix(text, 16).ok()).flatten()
        } else {
            let digits =
                self.rest().get(..2).filter(|text| text.bytes().all(|byte| byte.is_ascii_hexdigit()));
            self.at += digits.map_or(0, str::len);
            digits.and_then(|digits| u32::from_str_radix(digits, 16).ok())
        };
        code.filter(|&code| code <= LAST).ok_or_else(|| {
            let message = "`\\x` is followed by two hexadecimal digits, or by more in braces";
            self.wrong(start, message, "write `\\x7f` or `\\x{1F600}`, at most `\\x{10FFFF}`")
        })
    }

    fn bad_escape(&self, start: usize, letter: char) -> PatternError {
        let (message, help) = match letter {
            'p' | 'P' => (
                "`\\p` and its tables of Unicode are not supported by this version".to_owned(),
                "list the ranges: `[A-Za-zÀ-ÖØ-öø-ÿ]`",
            ),
            'C' => ("`\\C` would match half a character".to_owned(), "write `.`, or `(?s:.)`"),
            '1'..='9' | 'k' | 'g' => (
                "a pattern does not refer back to a group: it is matched in one pass".to_owned(),
                "write the group's pattern again",
            ),
            'Z' => ("`\\Z` is none of a pattern's escapes".to_owned(), "write `\\z` for the end of the text"),
            'u' | 'U' => (format!("`\\{letter}` is none of a pattern's escapes"), "write `\\x{e9}`"),
            'h' => ("`\\h` is none of a pattern's escapes".to_owned(), "write `[ \\t]`"),
            'E' => ("`\\E` ends no `\\Q`".to_owned(), "leave it away"),
            _ => (
                format!("`\\{letter}` is none of a pattern's escapes"),
                "the escapes of letters are `\\d \\s \\w \\b \\A \\z \\a \\f \\n \\r \\t \\v \\x7f` and capitals of the first four",
            ),
        };
        self.wrong(start, message, help)
    }
}
