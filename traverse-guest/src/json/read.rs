//! The reader: one value, UTF-8, no byte-order mark, no repeated names, bounded depth, numbers within a double.

use super::cursor::Cursor;
use super::number::{Decimal, rough};
use super::{Decoded, Document, Kind, MAX_DEPTH, Node, Rejection, Value, checked_text};
use crate::buffer::{Buffer, boxed};
use crate::text::Text;

impl Document {
    /// Reads exactly one JSON value (spec IO-1 to IO-6), into what was empty. Where no `doubles` are asked for, of a number
    /// that is no `i64` only as much is right as [`rough`] says. Meanwhile the bytes have a zero at their end.
    ///
    /// # Errors
    ///
    /// The [`Rejection`] with the text that spec IO gives it.
    #[inline(always)]
    pub fn read(&mut self, text: &mut Text, doubles: bool) -> Decoded<Value<'_>> {
        text.push_byte(0);
        let bytes = text.as_bytes();
        // One of the two is all that a module has.
        let read = if doubles { self.read_with::<true>(bytes) } else { self.read_with::<false>(bytes) };
        text.buffer().pop();
        read
    }

    #[inline(never)]
    fn read_with<const DOUBLES: bool>(&mut self, bytes: &[u8]) -> Decoded<Value<'_>> {
        // Room for a document of the usual density, so that small ones grow nothing.
        self.nodes.reserve(bytes.len() / 8 + 8);
        self.texts.reserve(bytes.len().min(1 << 10));
        let start = Cursor::new(bytes);
        let bytes = bytes.split_last().map_or(&[][..], |(_, bytes)| bytes);
        let mut reader: Reader<'_, DOUBLES> =
            Reader { bytes, open: NOWHERE, document: self, rejection: Rejection::default() };
        match reader.document(start) {
            Some(()) => {
                // It holds nothing.
                core::mem::forget(reader.rejection);
                Ok(self.root())
            }
            None => Err(boxed(reader.rejection)),
        }
    }
}

/// The place of what is around the whole.
const NOWHERE: usize = u32::MAX as usize;

struct Reader<'a, const DOUBLES: bool> {
    bytes: &'a [u8],
    /// The array or object that is being read, the innermost. Until its end is known, the node of each has the place of
    /// the one around it there.
    open: usize,
    document: &'a mut Document,
    /// Why nothing is read any more, if that is so. It stands here, so that each of the many steps gives back as little
    /// as can be.
    rejection: Rejection,
}

/// What comes after that which a step has read; `None` if the reader has a rejection.
type Step<'a> = Option<Cursor<'a>>;

impl<'a, const DOUBLES: bool> Reader<'a, DOUBLES> {
    fn push(&mut self, kind: Kind, end: usize, bits: u64) {
        self.document.nodes.push(Node { kind, end: end as u32, bits });
    }

    /// A value that holds no others.
    #[inline(never)]
    fn push_plain(&mut self, kind: Kind, bits: u64) {
        self.push(kind, self.document.nodes.len() + 1, bits);
    }

    /// A rejection of the whole input.
    #[cold]
    #[inline(never)]
    fn reject<T>(&mut self, message: &str) -> Option<T> {
        self.rejection.message.push(message);
        None
    }

    /// A rejection of the whole input, at a byte of it.
    fn reject_at(&mut self, message: &str, at: usize) {
        self.rejection.message.push(message);
        self.rejection.message.push_digits(at as u64);
    }

    /// A rejection of the whole input for what is, or is not, at hand.
    #[cold]
    #[inline(never)]
    fn reject_syntax(&mut self, what: &str, at: Cursor<'a>) -> Step<'a> {
        let at = at.index(self.bytes);
        self.rejection.message.push("not valid JSON: ");
        if at == self.bytes.len() {
            return self.reject("the input ends too early");
        }
        self.rejection.message.push(what);
        self.reject_at(" at byte ", at);
        None
    }

    /// Says where in the document the rejection is: of the value at `child`, inside of what is at `around`. A syntax error
    /// concerns the whole.
    #[cold]
    #[inline(never)]
    fn place(&mut self, mut child: usize, mut around: usize) {
        while around != NOWHERE {
            let node = *self.document.node(around);
            let mut step = Text::default();
            match node.kind {
                Kind::Object => step.push(self.document.name(child - 1)),
                _ => step.push_digits(node.bits),
            }
            self.rejection.under(step.as_bytes());
            (child, around) = (around, node.end as usize);
        }
    }

    /// The whole.
    fn document(&mut self, start: Cursor<'a>) -> Option<()> {
        if let Err(at) = checked_text(self.bytes) {
            self.reject_at("not UTF-8: invalid byte at ", at);
            return None;
        }
        if self.bytes.starts_with(b"\xef\xbb\xbf") {
            return self.reject("not valid JSON: starts with a byte-order mark");
        }
        let start = token(start);
        if start.index(self.bytes) == self.bytes.len() {
            return self.reject("input is empty: expected one JSON value");
        }
        let end = token(self.values(start)?);
        if end.index(self.bytes) != self.bytes.len() {
            self.reject_syntax("more data after the value", end)?;
        }
        Some(())
    }

    /// The value at hand, and all that it holds.
    fn values(&mut self, mut at: Cursor<'a>) -> Step<'a> {
        let mut depth = 0;
        loop {
            at = token(at);
            let byte = at.byte();
            let mut ends = false;
            if byte == b'{' || byte == b'[' {
                if depth == MAX_DEPTH {
                    return self.reject("nested deeper than 100 levels");
                }
                depth += 1;
                let head = self.document.nodes.len();
                let kind = if byte == b'{' { Kind::Object } else { Kind::Array };
                self.push(kind, self.open, 0);
                self.open = head;
                at = token(at.next());
                // The brackets of a pair are two apart.
                ends = at.byte() == byte + 2;
                if !ends {
                    at = self.name(at)?;
                    continue;
                }
            } else {
                at = self.plain(at)?;
            }
            // What ends with this value.
            loop {
                let open = self.open;
                let length = self.document.nodes.len();
                let Some(node) = self.document.nodes.as_mut_slice().get_mut(open) else { return Some(at) };
                let is_object = node.kind == Kind::Object;
                if !ends {
                    node.bits += 1;
                    at = token(at);
                    let byte = at.byte();
                    if byte == b',' {
                        at = self.name(at.next())?;
                        break;
                    }
                    if byte != if is_object { b'}' } else { b']' } {
                        let what = if is_object { "expected `,` or `}`" } else { "expected `,` or `]`" };
                        return self.reject_syntax(what, at);
                    }
                }
                at = at.next();
                let around = core::mem::replace(&mut node.end, length as u32) as usize;
                let count = node.bits;
                if is_object
                    && count > 1
                    && let Some(name) = self.document.repeated(open, count)
                {
                    self.rejection.under(name.as_bytes());
                    self.place(open, around);
                    return self.reject("duplicate key");
                }
                self.open = around;
                depth -= 1;
                ends = false;
            }
        }
    }

    /// In an object, the name of a property, up to its value.
    #[inline(never)]
    fn name(&mut self, mut at: Cursor<'a>) -> Step<'a> {
        if self.document.node(self.open).kind == Kind::Object {
            at = token(at);
            if at.byte() != b'"' {
                return self.reject_syntax("expected a property name in double quotes", at);
            }
            at = token(self.string(at)?);
            if at.byte() != b':' {
                return self.reject_syntax("expected `:`", at);
            }
            at = at.next();
        }
        Some(at)
    }

    /// A value that holds no others.
    fn plain(&mut self, at: Cursor<'a>) -> Step<'a> {
        let (word, kind, bits) = match at.byte() {
            b'"' => return self.string(at),
            b'-' | b'0'..=b'9' => return self.number(at),
            b'n' => ("null", Kind::Null, 0),
            b't' => ("true", Kind::Bool, 1),
            _ => ("false", Kind::Bool, 0),
        };
        let mut end = at;
        for byte in word.bytes() {
            if end.byte() != byte {
                return self.reject_syntax("expected a value", at);
            }
            end = end.next();
        }
        self.push_plain(kind, bits);
        Some(end)
    }

    /// A string; its quote is at hand.
    #[inline(never)]
    fn string(&mut self, mut at: Cursor<'a>) -> Step<'a> {
        let first = self.document.texts.as_bytes().len();
        loop {
            let start = at.next();
            at = start.plain_end();
            let (start, end) = (start.index(self.bytes), at.index(self.bytes));
            self.document.texts.push_part(self.bytes, start, end);
            match at.byte() {
                b'"' => break,
                b'\\' => at = self.escape(at.next())?,
                _ => return self.reject_syntax("control character in a string", at),
            }
        }
        let length = self.document.texts.as_bytes().len() - first;
        self.push_plain(Kind::Text, first as u64 | (length as u64) << 32);
        Some(at.next())
    }

    /// What stands behind a backslash, up to its last byte.
    fn escape(&mut self, at: Cursor<'a>) -> Step<'a> {
        let byte = at.byte();
        let byte = match byte {
            b'u' => return self.unicode_escape(at),
            b'"' | b'\\' | b'/' => byte,
            b'b' => 0x8,
            b'f' => 0xc,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            _ => return self.reject_syntax("unknown escape in a string", at),
        };
        self.document.texts.push_byte(byte);
        Some(at)
    }

    /// `u`, which is at hand, four digits, and those of a second escape if the first is the half of a character.
    fn unicode_escape(&mut self, at: Cursor<'a>) -> Step<'a> {
        let mut code = 0;
        let mut at = self.hex(at, &mut code)?;
        if (0xd800..0xdc00).contains(&code) && at.next().byte() == b'\\' && at.next().next().byte() == b'u' {
            let high = core::mem::take(&mut code);
            at = self.hex(at.next().next(), &mut code)?;
            if (0xdc00..0xe000).contains(&code) {
                code += 0x10000 - 0xdc00 + ((high - 0xd800) << 10);
            } else {
                code = high;
            }
        }
        match char::from_u32(code) {
            Some(character) => self.document.texts.push_char(character),
            None => return self.reject_syntax("lone surrogate before", at.next()),
        }
        Some(at)
    }

    /// Four hexadecimal digits behind what is at hand, up to the last of them.
    #[inline(never)]
    fn hex(&mut self, mut at: Cursor<'a>, code: &mut u32) -> Step<'a> {
        for _ in 0..4 {
            at = at.next();
            let Some(digit) = char::from(at.byte()).to_digit(16) else {
                return self.reject_syntax("expected four hexadecimal digits", at);
            };
            *code = *code * 16 + digit;
        }
        Some(at)
    }

    /// One digit at least.
    #[inline(never)]
    fn digits(&mut self, start: Cursor<'a>) -> Step<'a> {
        let mut at = start;
        while at.byte().is_ascii_digit() {
            at = at.next();
        }
        if at == start {
            return self.reject_syntax("expected a digit", at);
        }
        Some(at)
    }

    #[inline(never)]
    fn number(&mut self, start: Cursor<'a>) -> Step<'a> {
        let first = start.after(b'-');
        let whole = if first.byte() == b'0' { first.next() } else { self.digits(first)? };
        let mut at = whole;
        if at.byte() == b'.' {
            at = self.digits(at.next())?;
        }
        if at.byte() | 0x20 == b'e' {
            at = at.next();
            if matches!(at.byte(), b'+' | b'-') {
                at = at.next();
            }
            at = self.digits(at)?;
        }
        let (place, end) = (start.index(self.bytes), at.index(self.bytes));
        if at == whole && end - first.index(self.bytes) <= 19 {
            let mut value = 0u64;
            let mut rest = first;
            while let digit @ b'0'..=b'9' = rest.byte() {
                value = value.wrapping_mul(10).wrapping_add(u64::from(digit - b'0'));
                rest = rest.next();
            }
            let is_negative = first != start;
            let value = if is_negative { value.wrapping_neg() } else { value };
            // Of a magnitude beyond `i64` the sign comes out wrong; minus zero has none.
            if ((value as i64) < 0) == is_negative {
                self.push_plain(Kind::Int, value);
                return Some(at);
            }
        }
        let text = self.bytes.get(place..end).unwrap_or_default();
        let double = if DOUBLES { Decimal::of(text).double(text) } else { rough(text) };
        if !double.is_finite() {
            self.place(self.document.nodes.len(), self.open);
            return self.reject("number out of range");
        }
        self.push_plain(Kind::Double, double.to_bits());
        Some(at)
    }
}

/// The next place without white space.
#[inline(never)]
fn token(mut at: Cursor<'_>) -> Cursor<'_> {
    while let b' ' | b'\t' | b'\n' | b'\r' = at.byte() {
        at = at.next();
    }
    at
}

impl Document {
    fn name(&self, at: usize) -> &str {
        self.text_at(at).unwrap_or_default()
    }

    /// The first name of the object at `head` that is the same as one before it.
    fn repeated(&self, head: usize, count: u64) -> Option<&str> {
        if count == 2 {
            let second = self.name(self.node(head + 2).end as usize);
            return (second == self.name(head + 1)).then_some(second);
        }
        let mut list: Buffer<&str> = Buffer::new();
        let mut at = head + 1;
        while at < self.node(head).end as usize {
            list.push(self.name(at));
            at = self.node(at + 1).end as usize;
        }
        let names = list.as_mut_slice();
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
