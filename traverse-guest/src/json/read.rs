//! The reader: one value, UTF-8, no byte-order mark, no repeated names, bounded depth, numbers within a double.

use super::number::Decimal;
use super::{Decoded, Document, Kind, MAX_DEPTH, Node, Rejection, utf8};
use crate::text::Text;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

/// Reads exactly one JSON value (spec IO-1 to IO-6).
///
/// # Errors
///
/// The [`Rejection`] with the text that spec IO gives it.
#[inline(never)]
pub fn parse(bytes: &[u8]) -> Decoded<Document<'_>> {
    let text = match utf8::text(bytes) {
        Ok(text) => text,
        Err(at) => return Err(numbered("not UTF-8: invalid byte at ", at)),
    };
    if bytes.starts_with(b"\xef\xbb\xbf") {
        return Err(Rejection::whole("not valid JSON: starts with a byte-order mark"));
    }
    let document = Document { text, nodes: Vec::new(), unescaped: String::new() };
    let mut reader = Reader { bytes, at: 0, depth: 0, document };
    reader.skip_whitespace();
    if reader.peek().is_none() {
        return Err(Rejection::whole("input is empty: expected one JSON value"));
    }
    reader.value()?;
    reader.skip_whitespace();
    if reader.peek().is_some() {
        return Err(reader.syntax("more data after the value"));
    }
    Ok(reader.document)
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    depth: usize,
    document: Document<'a>,
}

#[cold]
fn numbered(message: &str, number: usize) -> Box<Rejection> {
    let mut text = Text::new(message);
    text.push_integer(number as i64);
    Rejection::whole(&text.0)
}

impl Reader<'_> {
    #[inline(always)]
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn starts_with(&self, text: &str) -> bool {
        self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(text.as_bytes()))
    }

    fn push(&mut self, kind: Kind, bits: u64) {
        let end = self.document.nodes.len() as u32 + 1;
        self.document.nodes.push(Node { kind, end, bits });
    }

    fn skip_whitespace(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    /// Whether the next byte is `byte`; if so it is behind us.
    fn take(&mut self, byte: u8) -> bool {
        let taken = self.peek() == Some(byte);
        self.at += usize::from(taken);
        taken
    }

    #[cold]
    fn syntax(&self, what: &str) -> Box<Rejection> {
        if self.at >= self.bytes.len() {
            return Rejection::whole("not valid JSON: the input ends too early");
        }
        let mut message = Text::new("not valid JSON: ");
        message.push(what);
        message.push(" at byte ");
        numbered(&message.0, self.at)
    }

    fn value(&mut self) -> Decoded<()> {
        match self.peek() {
            Some(b'{') => self.nested(Kind::Object),
            Some(b'[') => self.nested(Kind::Array),
            Some(b'"') => self.string(),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => {
                for (word, kind, bits) in
                    [("null", Kind::Null, 0), ("true", Kind::Bool, 1), ("false", Kind::Bool, 0)]
                {
                    if self.starts_with(word) {
                        self.at += word.len();
                        self.push(kind, bits);
                        return Ok(());
                    }
                }
                Err(self.syntax("expected a value"))
            }
        }
    }

    /// An array or an object; the bracket is at hand.
    fn nested(&mut self, kind: Kind) -> Decoded<()> {
        if self.depth == MAX_DEPTH {
            return Err(Rejection::whole("nested deeper than 100 levels"));
        }
        let is_object = kind == Kind::Object;
        let close = if is_object { b'}' } else { b']' };
        let head = self.document.nodes.len();
        let mut count = 0;
        self.push(kind, 0);
        self.depth += 1;
        self.at += 1;
        self.skip_whitespace();
        if !self.take(close) {
            loop {
                self.skip_whitespace();
                let name = self.document.nodes.len();
                if is_object {
                    if self.peek() != Some(b'"') {
                        return Err(self.syntax("expected a property name in double quotes"));
                    }
                    self.string()?;
                    self.skip_whitespace();
                    if !self.take(b':') {
                        return Err(self.syntax("expected `:`"));
                    }
                    self.skip_whitespace();
                }
                if let Err(rejection) = self.value() {
                    return Err(match self.name(name) {
                        name if is_object => rejection.under(name),
                        _ => rejection.under_index(count),
                    });
                }
                count += 1;
                self.skip_whitespace();
                if self.take(close) {
                    break;
                }
                if !self.take(b',') {
                    return Err(self.syntax(if is_object {
                        "expected `,` or `}`"
                    } else {
                        "expected `,` or `]`"
                    }));
                }
            }
        }
        self.depth -= 1;
        let end = self.document.nodes.len() as u32;
        if let Some(node) = self.document.nodes.get_mut(head) {
            (node.end, node.bits) = (end, count as u64);
        }
        if is_object && let Some(name) = self.repeated(head) {
            return Err(Rejection::here("duplicate key").under(self.name(name)));
        }
        Ok(())
    }

    fn name(&self, at: usize) -> &str {
        self.document.text_at(at).unwrap_or_default()
    }

    /// A string; the quote is at hand. What has no escapes stays where it is.
    fn string(&mut self) -> Decoded<()> {
        self.at += 1;
        let first = self.at;
        let unescaped = self.document.unescaped.len();
        let mut has_escapes = false;
        loop {
            let start = self.at;
            while let Some(0x20..=0x21 | 0x23..=0x5b | 0x5d..) = self.peek() {
                self.at += 1;
            }
            // `"`, `\` and control characters are single bytes of UTF-8, so both ends lie between characters.
            let ends = self.peek() == Some(b'"');
            if has_escapes || !ends {
                let part = self.document.text.get(start..self.at).unwrap_or_default();
                self.document.unescaped.push_str(part);
                has_escapes = true;
            }
            if ends {
                let (kind, start, end) = match has_escapes {
                    true => (Kind::Unescaped, unescaped, self.document.unescaped.len()),
                    false => (Kind::Plain, first, self.at),
                };
                self.at += 1;
                self.push(kind, start as u64 | ((end - start) as u64) << 32);
                return Ok(());
            }
            if self.peek() != Some(b'\\') {
                return Err(self.syntax("control character in a string"));
            }
            let character = self.escape()?;
            self.document.unescaped.push(character);
        }
    }

    fn escape(&mut self) -> Decoded<char> {
        self.at += 1;
        let character = match self.peek() {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.at += 1;
                let first = self.hex()?;
                let mut code = first;
                if (0xd800..0xdc00).contains(&first) && self.starts_with("\\u") {
                    self.at += 2;
                    let second = self.hex()?;
                    if (0xdc00..0xe000).contains(&second) {
                        code = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                    }
                }
                return char::from_u32(code).ok_or_else(|| self.syntax("lone surrogate before"));
            }
            _ => return Err(self.syntax("unknown escape in a string")),
        };
        self.at += 1;
        Ok(character)
    }

    fn hex(&mut self) -> Decoded<u32> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            let Some(digit) = digit else {
                return Err(self.syntax("expected four hexadecimal digits"));
            };
            code = code * 16 + digit;
            self.at += 1;
        }
        Ok(code)
    }

    /// One digit at least.
    fn digits(&mut self) -> Decoded<()> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        if self.at == start { Err(self.syntax("expected a digit")) } else { Ok(()) }
    }

    fn number(&mut self) -> Decoded<()> {
        let start = self.at;
        self.take(b'-');
        if !self.take(b'0') {
            self.digits()?;
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            let _ = self.take(b'+') || self.take(b'-');
            self.digits()?;
        }
        let text = self.document.text.get(start..self.at).unwrap_or_default();
        let number = Decimal::of(text);
        match number.integer() {
            Some(integer) => self.push(Kind::Int, integer as u64),
            None => match number.double(text) {
                Some(double) => self.push(Kind::Double, double.to_bits()),
                None => return Err(Rejection::here("number out of range")),
            },
        }
        Ok(())
    }

    /// Where the first name stands in the object at `head` that an earlier one of its names is the same as.
    fn repeated(&self, head: usize) -> Option<usize> {
        let document = &self.document;
        let node = document.node(head);
        if node.bits < 2 {
            return None;
        }
        let mut order = Vec::new();
        let mut at = head + 1;
        while at < node.end as usize {
            order.push(at);
            at = document.node(at + 1).end as usize;
        }
        // Shell's sort: many names must not cost their square, and the standard sort costs kilobytes.
        let mut gap = order.len() / 2;
        while gap > 0 {
            for end in gap..order.len() {
                let mut at = end;
                while at >= gap {
                    let (Some(&left), Some(&right)) = (order.get(at - gap), order.get(at)) else { break };
                    if (self.name(left), left) < (self.name(right), right) {
                        break;
                    }
                    order.swap(at - gap, at);
                    at -= gap;
                }
            }
            // Odd, so that the steps have no common measure.
            gap = if gap == 1 { 0 } else { (gap / 2) | 1 };
        }
        let mut repeated = None;
        let mut before = order.first().copied()?;
        for at in order.into_iter().skip(1) {
            if self.name(before) == self.name(at) && repeated.is_none_or(|first| at < first) {
                repeated = Some(at);
            }
            before = at;
        }
        repeated
    }
}
