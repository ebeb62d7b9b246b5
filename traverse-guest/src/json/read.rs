//! The reader: one value, UTF-8, no byte-order mark, no repeated names, bounded depth, numbers within a double.

use super::number::Decimal;
use super::{Decoded, Document, Kind, MAX_DEPTH, Node, Rejection, Value, checked_text, plain_length};
use crate::text::Text;
use alloc::boxed::Box;
use alloc::vec::Vec;

impl Document {
    /// Reads exactly one JSON value (spec IO-1 to IO-6), into what was empty.
    ///
    /// # Errors
    ///
    /// The [`Rejection`] with the text that spec IO gives it.
    #[inline(never)]
    pub fn read(&mut self, bytes: &[u8]) -> Decoded<Value<'_>> {
        // Room for a document of the usual density, so that small ones grow nothing.
        self.nodes.reserve(bytes.len() / 8 + 8);
        self.texts.reserve(bytes.len().min(1 << 10));
        let mut reader =
            Reader { bytes, at: 0, document: self, rejection: Rejection::default(), is_placed: false };
        match reader.document() {
            Ok(()) => Ok(self.root()),
            Err(Rejected) => Err(Box::new(reader.rejection)),
        }
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    document: &'a mut Document,
    /// Why nothing is read any more, if that is so. It stands here, so that each of the many steps gives back as little
    /// as can be.
    rejection: Rejection,
    /// Whether that has a place inside the document; a syntax error concerns the whole.
    is_placed: bool,
}

/// The reader has a rejection.
struct Rejected;

type Step<T = ()> = Result<T, Rejected>;

impl Reader<'_> {
    #[inline(always)]
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn is_at(&self, text: &[u8]) -> bool {
        self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(text))
    }

    fn push(&mut self, kind: Kind, bits: u64) {
        let end = self.document.nodes.len() as u32 + 1;
        // Not by `push`, which would bring another function of growing.
        self.document.nodes.extend_from_slice(&[Node { kind, end, bits }]);
    }

    /// Most bytes that are looked at are none, and larger than any.
    #[inline(always)]
    fn skip_whitespace(&mut self) {
        if let Some(..=b' ') = self.peek() {
            self.skip_some();
        }
    }

    #[inline(never)]
    fn skip_some(&mut self) {
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

    /// As [`Reader::take`], after white space.
    fn take_spaced(&mut self, byte: u8) -> bool {
        self.skip_whitespace();
        self.take(byte)
    }

    /// A rejection of the whole input.
    #[cold]
    #[inline(never)]
    fn reject(&mut self, message: &str) -> Rejected {
        self.rejection.message.push(message);
        Rejected
    }

    /// A rejection of the whole input, at a byte of it.
    fn reject_at(&mut self, message: &str, at: usize) -> Rejected {
        self.rejection.message.push(message);
        self.rejection.message.push_digits(at as u64);
        Rejected
    }

    /// A rejection of the whole input for what is, or is not, at hand.
    #[cold]
    #[inline(never)]
    fn reject_syntax(&mut self, what: &str) -> Rejected {
        self.reject("not valid JSON: ");
        if self.peek().is_none() {
            return self.reject("the input ends too early");
        }
        self.reject(what);
        self.reject_at(" at byte ", self.at)
    }

    /// The whole.
    fn document(&mut self) -> Step {
        if let Err(at) = checked_text(self.bytes) {
            return Err(self.reject_at("not UTF-8: invalid byte at ", at));
        }
        if self.is_at(b"\xef\xbb\xbf") {
            return Err(self.reject("not valid JSON: starts with a byte-order mark"));
        }
        self.skip_whitespace();
        if self.peek().is_none() {
            return Err(self.reject("input is empty: expected one JSON value"));
        }
        self.value(0)?;
        self.skip_whitespace();
        if self.peek().is_some() {
            return Err(self.reject_syntax("more data after the value"));
        }
        Ok(())
    }

    /// A value inside of `depth` arrays and objects, and the white space before it.
    fn value(&mut self, depth: usize) -> Step {
        self.skip_whitespace();
        match self.peek() {
            Some(b'{' | b'[') => self.nested(depth),
            Some(b'"') => self.string(),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b'n') => self.word("null", Kind::Null, 0),
            Some(b't') => self.word("true", Kind::Bool, 1),
            _ => self.word("false", Kind::Bool, 0),
        }
    }

    fn word(&mut self, word: &str, kind: Kind, bits: u64) -> Step {
        if !self.is_at(word.as_bytes()) {
            return Err(self.reject_syntax("expected a value"));
        }
        self.at += word.len();
        self.push(kind, bits);
        Ok(())
    }

    /// An array or an object; the bracket is at hand.
    fn nested(&mut self, depth: usize) -> Step {
        if depth == MAX_DEPTH {
            return Err(self.reject("nested deeper than 100 levels"));
        }
        let is_object = self.peek() == Some(b'{');
        let (kind, close) = if is_object { (Kind::Object, b'}') } else { (Kind::Array, b']') };
        let head = self.document.nodes.len();
        let mut count = 0;
        self.push(kind, 0);
        self.at += 1;
        if !self.take_spaced(close) {
            loop {
                let name = self.document.nodes.len();
                if is_object {
                    self.skip_whitespace();
                    self.string()?;
                    if !self.take_spaced(b':') {
                        return Err(self.reject_syntax("expected `:`"));
                    }
                }
                if self.value(depth + 1).is_err() {
                    if self.is_placed {
                        let mut step = Text::default();
                        match is_object {
                            true => step.push(self.document.name(name)),
                            false => step.push_integer(count),
                        }
                        self.rejection.under(step.as_bytes());
                    }
                    return Err(Rejected);
                }
                count += 1;
                if self.take_spaced(close) {
                    break;
                }
                if !self.take(b',') {
                    let what = if is_object { "expected `,` or `}`" } else { "expected `,` or `]`" };
                    return Err(self.reject_syntax(what));
                }
            }
        }
        let end = self.document.nodes.len() as u32;
        if let Some(node) = self.document.nodes.get_mut(head) {
            (node.end, node.bits) = (end, count as u64);
        }
        if is_object
            && count > 1
            && let Some(name) = self.document.repeated(head, count)
        {
            self.is_placed = true;
            self.rejection.under(name.as_bytes());
            return Err(self.reject("duplicate key"));
        }
        Ok(())
    }

    /// A string; if no quote is at hand, it is the name of a property that is missed.
    fn string(&mut self) -> Step {
        if !self.take(b'"') {
            return Err(self.reject_syntax("expected a property name in double quotes"));
        }
        let first = self.document.texts.as_bytes().len();
        loop {
            let start = self.at;
            let rest = self.bytes.get(start..).unwrap_or_default();
            self.at += plain_length(rest);
            self.document.texts.push_part(self.bytes, start, self.at);
            if self.take(b'"') {
                break;
            }
            if !self.take(b'\\') {
                return Err(self.reject_syntax("control character in a string"));
            }
            let character = self.escape()?;
            self.document.texts.push_char(character);
        }
        let length = self.document.texts.as_bytes().len() - first;
        self.push(Kind::Text, first as u64 | (length as u64) << 32);
        Ok(())
    }

    /// What stands behind a backslash.
    fn escape(&mut self) -> Step<char> {
        let character = match self.peek() {
            Some(b'u') => return self.unicode_escape(),
            Some(same @ (b'"' | b'\\' | b'/')) => same,
            Some(b'b') => 0x8,
            Some(b'f') => 0xc,
            Some(b'n') => b'\n',
            Some(b'r') => b'\r',
            Some(b't') => b'\t',
            _ => return Err(self.reject_syntax("unknown escape in a string")),
        };
        self.at += 1;
        Ok(char::from(character))
    }

    /// Four digits behind `u`, at hand, and those of a second escape if the first is the half of a character.
    fn unicode_escape(&mut self) -> Step<char> {
        let mut code = 0;
        self.hex(&mut code)?;
        if (0xd800..0xdc00).contains(&code) && self.is_at(b"\\u") {
            self.at += 1;
            let mut second = 0;
            self.hex(&mut second)?;
            if (0xdc00..0xe000).contains(&second) {
                code = 0x10000 + ((code - 0xd800) << 10) + (second - 0xdc00);
            }
        }
        char::from_u32(code).ok_or_else(|| self.reject_syntax("lone surrogate before"))
    }

    /// `u`, which is at hand, and four hexadecimal digits.
    fn hex(&mut self, code: &mut u32) -> Step {
        for _ in 0..4 {
            self.at += 1;
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            let Some(digit) = digit else {
                return Err(self.reject_syntax("expected four hexadecimal digits"));
            };
            *code = *code * 16 + digit;
        }
        self.at += 1;
        Ok(())
    }

    /// One digit at least, taken into the number.
    fn digits(&mut self, number: &mut Decimal) -> Step {
        let start = self.at;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            number.push(digit);
            self.at += 1;
        }
        if self.at == start { Err(self.reject_syntax("expected a digit")) } else { Ok(()) }
    }

    fn number(&mut self) -> Step {
        let start = self.at;
        let mut number = Decimal::default();
        number.negative = self.take(b'-');
        if !self.take(b'0') {
            self.digits(&mut number)?;
        }
        let whole = self.at;
        if self.take(b'.') {
            self.digits(&mut number)?;
            number.exponent = (whole + 1) as i64 - self.at as i64;
        }
        if self.take(b'e') || self.take(b'E') {
            let mut exponent = Decimal::default();
            exponent.negative = !self.take(b'+') && self.take(b'-');
            self.digits(&mut exponent)?;
            number.scale(&exponent);
        }
        let integer = if self.at == whole { number.integer() } else { None };
        if let Some(integer) = integer {
            self.push(Kind::Int, integer as u64);
            return Ok(());
        }
        let text = self.bytes.get(start..self.at).unwrap_or_default();
        let Some(double) = number.double(text) else {
            self.is_placed = true;
            return Err(self.reject("number out of range"));
        };
        self.push(Kind::Double, double.to_bits());
        Ok(())
    }
}

impl Document {
    fn name(&self, at: usize) -> &str {
        self.text_at(at).unwrap_or_default()
    }

    /// The first name of the object at `head` that is the same as one before it.
    fn repeated(&self, head: usize, count: i64) -> Option<&str> {
        if count == 2 {
            let second = self.name(self.node(head + 2).end as usize);
            return (second == self.name(head + 1)).then_some(second);
        }
        let mut names: Vec<&str> = Vec::new();
        let mut at = head + 1;
        while at < self.node(head).end as usize {
            names.extend_from_slice(&[self.name(at)]);
            at = self.node(at + 1).end as usize;
        }
        let mut repeated: Option<&str> = None;
        // Shell's sort: many names must not cost their square, and the standard sort costs kilobytes. Of names that are
        // the same the earlier comes first: all lie in one text, so it is the one with the lower address. No sort puts
        // two beside each other without a look at both.
        let mut gap = names.len() / 2;
        while gap > 0 {
            for end in gap..names.len() {
                let mut at = end;
                while at >= gap {
                    let (Some(&left), Some(&right)) = (names.get(at - gap), names.get(at)) else { break };
                    let order = left.cmp(right);
                    let places = left.as_ptr().cmp(&right.as_ptr());
                    if order.is_eq() {
                        let later = if places.is_lt() { right } else { left };
                        if repeated.is_none_or(|first| later.as_ptr() < first.as_ptr()) {
                            repeated = Some(later);
                        }
                    }
                    if order.then(places).is_lt() {
                        break;
                    }
                    names.swap(at - gap, at);
                    at -= gap;
                }
            }
            // Odd, so that the steps have no common measure.
            gap = if gap == 1 { 0 } else { (gap / 2) | 1 };
        }
        repeated
    }
}
