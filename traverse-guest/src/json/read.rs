//! The reader: one value, UTF-8, no byte-order mark, no repeated names, bounded depth, numbers within a double.

use super::cursor::Cursor;
use super::number::Decimal;
use super::{Decoded, Document, ESCAPES, Kind, MAX_DEPTH, Node, Rejection, order};
use crate::buffer::Owned;
use crate::text::Text;

impl Document {
    /// Reads its text, exactly one JSON value (spec IO-1 to IO-6), once. Where no `doubles` are asked for, of a number
    /// that is no integer of 64 bits only as much is right as [`Decimal::rough`] says.
    ///
    /// # Errors
    ///
    /// The [`Rejection`] with the text that spec IO gives it.
    #[inline(always)]
    pub fn read(&mut self, doubles: bool) -> Decoded<()> {
        // One of the two is all that a module has.
        if doubles { self.read_with::<true>() } else { self.read_with::<false>() }
    }

    fn read_with<const DOUBLES: bool>(&mut self) -> Decoded<()> {
        let length = self.text.as_bytes().len();
        // Room for a document of the usual density, so that small ones grow nothing.
        self.nodes.reserve(length.min(1 << 24) / 8 + 8);
        // SAFETY: the reader changes the text by cursors alone, and none of them is left behind it.
        let start = unsafe { Cursor::begin(&mut self.text) };
        let mut reader: Reader<'_, DOUBLES> = Reader {
            start,
            length,
            document: self,
            code: 0,
            name: 0,
            repeated: 0,
            is_placed: false,
            rejection: None,
        };
        let read = reader.document();
        match reader.rejection {
            Some(rejection) if read.is_none() => Err(rejection),
            none => {
                // It holds nothing.
                core::mem::forget(none);
                Ok(())
            }
        }
    }
}

struct Reader<'a, const DOUBLES: bool> {
    /// Where the text begins, and how long it is without the zero at its end.
    start: Cursor,
    length: usize,
    document: &'a mut Document,
    /// The character that was read last, of those that do not stand for themselves.
    code: u32,
    /// The next of the names that are being sorted.
    name: usize,
    /// A name that its object has twice; 0, which is none, where there is no such.
    repeated: usize,
    /// Whether the rejection is of a place in the document, and not of the whole.
    is_placed: bool,
    /// Why nothing is read any more, if that is so. It stands here, so that each of the many steps gives back as little
    /// as can be.
    rejection: Option<Owned<Rejection>>,
}

/// What stands for values that are no others, as long as the longest.
static WORDS: [[u8; 5]; 3] = [*b"null\0", *b"true\0", *b"false"];

/// What comes after that which a step has read; `None` if the reader has a rejection.
type Step = Option<Cursor>;

impl<const DOUBLES: bool> Reader<'_, DOUBLES> {
    /// A value that holds no others, or of which that is not known yet.
    #[inline(never)]
    fn push(&mut self, kind: Kind, bits: u64) {
        let end = self.document.nodes.len() as u32 + 1;
        self.document.nodes.push(Node { kind, end, bits });
    }

    /// A rejection of the whole input.
    #[cold]
    #[inline(never)]
    fn reject(&mut self, message: &str) -> Step {
        // It had none.
        core::mem::forget(self.rejection.replace(Rejection::here(message)));
        None
    }

    /// A rejection of the value at hand.
    #[cold]
    fn reject_here(&mut self, message: &str) -> Step {
        self.is_placed = true;
        self.reject(message)
    }

    /// A rejection of the whole input, at a byte of it.
    #[cold]
    #[inline(never)]
    fn reject_at(&mut self, start: &str, what: &str, at: Cursor) -> Step {
        self.reject(start);
        if let Some(rejection) = &mut self.rejection {
            rejection.message.push(what);
            if at.since(self.start) < self.length {
                rejection.message.push(" at byte ");
                rejection.message.push_digits(at.since(self.start) as u64);
            }
        }
        None
    }

    /// A rejection of the whole input for what is, or is not, at hand.
    #[cold]
    #[inline(never)]
    fn reject_syntax(&mut self, what: &str, at: Cursor) -> Step {
        let is_end = at.since(self.start) == self.length;
        self.reject_at("not valid JSON: ", if is_end { "the input ends too early" } else { what }, at)
    }

    /// The whole.
    fn document(&mut self) -> Step {
        let start = token(self.start);
        if start.since(self.start) == self.length {
            return self.reject("input is empty: expected one JSON value");
        }
        if start.byte() == 0xef && start.next().byte() == 0xbb {
            return self.reject_syntax("byte-order mark", start);
        }
        let end = token(self.value(start, 0)?);
        if end.since(self.start) != self.length {
            return self.reject_syntax("more data after the value", end);
        }
        Some(end)
    }

    /// The value at hand, behind white space, and all that it holds.
    fn value(&mut self, at: Cursor, depth: usize) -> Step {
        let mut at = token(at);
        let opening = at.byte();
        // The brackets of lists and of objects are one bit apart.
        if opening & !0x20 != b'[' {
            return self.plain(at);
        }
        let is_object = opening == b'{';
        let head = self.document.nodes.len();
        self.push(if is_object { Kind::Object } else { Kind::Array }, 0);
        if depth == MAX_DEPTH {
            return self.reject("nested deeper than 100 levels");
        }
        // The brackets of a pair are two apart.
        let closing = opening + 2;
        let mut count = 0;
        // SAFETY: a bracket is at hand.
        at = token(unsafe { at.step() });
        if at.byte() != closing {
            loop {
                let first = self.document.nodes.len();
                if is_object {
                    at = token(at);
                    if at.byte() != b'"' {
                        return self.reject_syntax("expected a name in double quotes", at);
                    }
                    at = token(self.string(at)?);
                    if at.byte() != b':' {
                        return self.reject_syntax("expected `:`", at);
                    }
                    at = at.next();
                }
                match self.value(at, depth + 1) {
                    Some(end) => at = token(end),
                    None => {
                        self.place(first, count, is_object);
                        return None;
                    }
                }
                count += 1;
                if at.byte() != b',' {
                    break;
                }
                at = at.next();
            }
            if at.byte() != closing {
                let what = if is_object { "expected `,` or `}`" } else { "expected `,` or `]`" };
                return self.reject_syntax(what, at);
            }
        }
        if is_object && count > 1 {
            self.name = head + 1;
            self.sort_names(head, count);
            if self.repeated > 0 {
                self.reject_here("duplicate key");
                self.place(self.repeated, 0, true);
                return None;
            }
        }
        let end = self.document.nodes.len();
        let node = self.document.node_mut(head);
        (node.end, node.bits) = (end as u32, count as u64);
        // SAFETY: a bracket is at hand.
        Some(unsafe { at.step() })
    }

    /// A value that holds no others.
    fn plain(&mut self, at: Cursor) -> Step {
        let word = match at.byte() {
            b'"' => return self.string(at),
            b'-' | b'0'..=b'9' => return self.number(at),
            b'n' => 0,
            b't' => 1,
            _ => 2,
        };
        let mut end = at;
        for byte in &WORDS[word] {
            if *byte == 0 {
                break;
            }
            if end.byte() != *byte {
                return self.reject_syntax("expected a value", at);
            }
            // SAFETY: the same is at hand, which is no zero.
            end = unsafe { end.step() };
        }
        let (kind, bits) = if word == 0 { (Kind::Null, 0) } else { (Kind::Bool, u64::from(word == 1)) };
        self.push(kind, bits);
        Some(end)
    }

    /// Says where in the document the rejection is, if it is of a place: under the name at `first`, or, where there is
    /// none, that element of an array.
    #[cold]
    #[inline(never)]
    fn place(&mut self, first: usize, count: usize, is_object: bool) {
        if self.is_placed
            && let Some(rejection) = &mut self.rejection
        {
            if is_object {
                return rejection.under(self.document.name(first));
            }
            let mut index = Text::new("");
            index.push_digits(count as u64);
            rejection.under(index.as_bytes());
        }
    }

    /// A string; its quote is at hand. What it stands for takes the place of it, from behind the quote on; it is no longer.
    #[inline(never)]
    fn string(&mut self, at: Cursor) -> Step {
        // SAFETY: a quote is at hand.
        let mut at = unsafe { at.step() };
        let first = at;
        let mut to = at;
        loop {
            let byte = at.byte();
            // Most are letters, beyond all of ASCII that do not stand for themselves; above that are those of other characters.
            if byte.cast_signed() > b'\\'.cast_signed() || matches!(byte, b' '..b'\\') && byte != b'"' {
                at = at.next();
                // SAFETY: it lies before the place at hand.
                to = unsafe { to.put(byte) };
                continue;
            }
            at = match byte {
                b'"' => break,
                b'\\' => self.escape(at.next())?,
                0x80.. => self.character(at)?,
                _ => return self.reject_syntax("control character", at),
            };
            // SAFETY: the last byte of an escape or a character is at hand.
            at = unsafe { at.step() };
            to = self.put(to);
        }
        let (start, length) = (first.since(self.start), to.since(first));
        self.push(Kind::Text, start as u64 | (length as u64) << 32);
        // SAFETY: a quote is at hand.
        Some(unsafe { at.step() })
    }

    /// The character that was read, in UTF-8, which is no longer than what stood for it.
    fn put(&self, mut to: Cursor) -> Cursor {
        let code = self.code;
        let more = u32::from(code >= 0x80) + u32::from(code >= 0x800) + u32::from(code >= 0x1_0000);
        let mut rest = more * 6;
        // As many ones as there are bytes, but none for a single byte.
        let mut byte = 0xf80 >> more & if more > 0 { 0xff } else { 0 } | code >> rest;
        loop {
            // SAFETY: all of it lies before the end of what stood for it.
            to = unsafe { to.put(byte as u8) };
            if rest == 0 {
                return to;
            }
            rest -= 6;
            byte = 0x80 | code >> rest & 0x3f;
        }
    }

    /// A character of several bytes, up to its last.
    fn character(&mut self, start: Cursor) -> Step {
        let mut at = start;
        // As many bytes as the first one begins with ones.
        let length = at.byte().leading_ones();
        let mut code = u32::from(at.byte()) & (0x7f >> length);
        for _ in 1..length {
            at = at.next();
            if at.byte() & 0xc0 != 0x80 {
                code = u32::MAX;
                break;
            }
            code = code << 6 | u32::from(at.byte() & 0x3f);
        }
        self.code = code;
        // Neither a surrogate nor beyond the last character, and not longer than it must be: of two bytes at least seven
        // bits, of three eleven, of four sixteen.
        if !(2..5).contains(&length) || char::from_u32(code).is_none() || code >> ((length * 9 - 4) / 2) == 0
        {
            return self.reject_at("not UTF-8: ", "invalid", start);
        }
        Some(at)
    }

    /// What stands behind a backslash, up to its last byte.
    fn escape(&mut self, at: Cursor) -> Step {
        if at.byte() == b'u' {
            return self.unicode_escape(at);
        }
        for [name, meaning] in &ESCAPES {
            if at.byte() == *name {
                self.code = u32::from(*meaning);
                return Some(at);
            }
        }
        self.reject_syntax("unknown escape", at)
    }

    /// `u`, which is at hand, four digits, and those of a second escape if the first is the half of a character.
    fn unicode_escape(&mut self, at: Cursor) -> Step {
        let mut at = self.hex(at)?;
        let high = self.code;
        if (0xd800..0xdc00).contains(&high) && at.next().byte() == b'\\' && at.next().next().byte() == b'u' {
            at = self.hex(at.next().next())?;
            let low = self.code.wrapping_sub(0xdc00);
            self.code = if low < 0x400 { 0x10000 + low + ((high - 0xd800) << 10) } else { high };
        }
        if char::from_u32(self.code).is_none() {
            return self.reject_syntax("lone surrogate", at);
        }
        Some(at)
    }

    /// Four hexadecimal digits behind what is at hand, up to the last of them.
    #[inline(never)]
    fn hex(&mut self, mut at: Cursor) -> Step {
        self.code = 0;
        for _ in 0..4 {
            at = at.next();
            let byte = at.byte();
            // Of a letter the case, which is one bit, does not matter.
            let digit = match byte.wrapping_sub(b'0') {
                digit @ 0..10 => digit,
                _ => (byte | 0x20).wrapping_sub(b'a').saturating_add(10),
            };
            if digit > 15 {
                return self.reject_syntax("expected four hex digits", at);
            }
            self.code = self.code * 16 + u32::from(digit);
        }
        Some(at)
    }

    /// One digit at least, of `number`; `fraction` is 1 behind the point, else 0.
    #[inline(never)]
    fn digits(&mut self, start: Cursor, number: &mut Decimal, fraction: i64) -> Step {
        let mut at = start;
        // Locally, as bytes of the text might be bytes of the number for all that the compiler knows.
        let mut read = *number;
        while let digit @ 0..10 = at.byte().wrapping_sub(b'0') {
            read.push(digit, fraction);
            at = at.next();
        }
        *number = read;
        if at == start {
            return self.reject_syntax("expected a digit", at);
        }
        Some(at)
    }

    #[inline(never)]
    fn number(&mut self, start: Cursor) -> Step {
        let mut number = Decimal::default();
        let first = start.after(b'-');
        let mut at = if first.byte() == b'0' { first.next() } else { self.digits(first, &mut number, 0)? };
        let plain = at;
        if at.byte() == b'.' {
            at = self.digits(at.next(), &mut number, 1)?;
        }
        if at.byte() | 0x20 == b'e' {
            // SAFETY: a letter is at hand.
            at = unsafe { at.step() };
            let is_small = at.byte() == b'-';
            if is_small || at.byte() == b'+' {
                at = at.next();
            }
            let before = core::mem::take(&mut number.digits);
            let exponent = number.exponent;
            at = self.digits(at, &mut number, 0)?;
            number.exponent = exponent;
            number.scale(is_small);
            number.digits = before;
        }
        let is_negative = first != start;
        let whole = number.whole();
        let value = if is_negative { whole.wrapping_neg() } else { whole };
        // Of a magnitude beyond `i64` the sign comes out wrong, as of a negative zero.
        let (kind, bits) = if ((value as i64) < 0) == is_negative || number.digits == 0 {
            // What may be shown again keeps its fraction, or its sign.
            let double = whole as f64;
            if DOUBLES && (at != plain || whole == 0 && is_negative) && double as u64 == whole {
                (Kind::Whole, if is_negative { -double } else { double }.to_bits())
            } else {
                (Kind::Int, value)
            }
        } else if number.is_infinite() {
            return self.reject_here("number out of range");
        } else if DOUBLES {
            let double = self.double(&number, first, at);
            (Kind::Double, if is_negative { -double } else { double }.to_bits())
        } else {
            (Kind::Double, number.rough())
        };
        self.push(kind, bits);
        Some(at)
    }

    fn double(&self, number: &Decimal, first: Cursor, end: Cursor) -> f64 {
        let (from, to) = (first.since(self.start), end.since(self.start));
        number.double(self.document.text.as_bytes().get(from..to).unwrap_or_default())
    }

    /// Sorts the next `count` names of the object at `head` into a list, and finds one that comes twice. In such a list a
    /// name's `end` is the next name; the first name is the `end` of the object, which has none yet.
    ///
    /// Many names must not cost their square, whatever they are; by what they are sorted does not matter. Two that are the
    /// same come beside each other, and no sort puts two beside each other without a look at both.
    fn sort_names(&mut self, head: usize, count: usize) -> usize {
        if count == 1 {
            let name = self.name;
            self.name = self.document.node(name + 1).end as usize;
            self.link(name, 0);
            return name;
        }
        let mut one = self.sort_names(head, count / 2);
        let mut other = self.sort_names(head, count - count / 2);
        let mut last = head;
        while one > 0 && other > 0 {
            let order = order(self.document.name(one), self.document.name(other));
            if order == 0 {
                self.repeated = other;
            }
            let first = if order < 0 { &mut one } else { &mut other };
            self.link(last, *first);
            last = *first;
            *first = self.document.node(last).end as usize;
        }
        self.link(last, one | other);
        self.document.node(head).end as usize
    }

    #[inline(never)]
    fn link(&mut self, at: usize, end: usize) {
        self.document.node_mut(at).end = end as u32;
    }
}

/// The next place without white space.
#[inline(never)]
fn token(mut at: Cursor) -> Cursor {
    while let b' ' | b'\t' | b'\n' | b'\r' = at.byte() {
        at = at.next();
    }
    at
}
