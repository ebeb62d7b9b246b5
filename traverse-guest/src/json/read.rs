//! The reader: one value, UTF-8, no byte-order mark, no repeated names, bounded depth, numbers within a double.

use super::{MAX_DEPTH, Rejection, Value, number};
use crate::clause::Text;
use alloc::string::String;
use alloc::vec::Vec;

/// Reads exactly one JSON value (spec IO-1 to IO-6).
///
/// # Errors
///
/// The [`Rejection`] with the text that spec IO gives it.
pub fn parse(bytes: &[u8]) -> Result<Value, Rejection> {
    let text = match core::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => return Err(numbered("not UTF-8: invalid byte at ", error.valid_up_to())),
    };
    if text.starts_with('\u{feff}') {
        return Err(Rejection::whole("not valid JSON: starts with a byte-order mark"));
    }
    let mut reader = Reader { text, bytes: text.as_bytes(), at: 0, depth: 0 };
    reader.skip_whitespace();
    if reader.peek().is_none() {
        return Err(Rejection::whole("input is empty: expected one JSON value"));
    }
    let value = reader.value()?;
    reader.skip_whitespace();
    if reader.peek().is_some() {
        return Err(reader.syntax("more data after the value"));
    }
    Ok(value)
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    depth: usize,
}

fn numbered(message: &str, number: usize) -> Rejection {
    let mut text = Text::new(message);
    text.push_integer(number as i64);
    Rejection::whole(text.0)
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// The text from `start`, which lies between two characters, to here, which does too. (Indexing would bring in
    /// code of kilobytes that describes a wrong index.)
    fn since(&self, start: usize) -> &str {
        self.text.get(start..self.at).unwrap_or_default()
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
    fn syntax(&self, what: &str) -> Rejection {
        if self.at >= self.bytes.len() {
            return Rejection::whole("not valid JSON: the input ends too early");
        }
        let mut message = String::from("not valid JSON: ");
        message.push_str(what);
        message.push_str(" at byte ");
        numbered(&message, self.at)
    }

    fn value(&mut self) -> Result<Value, Rejection> {
        match self.peek() {
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::array),
            Some(b'"') => Ok(Value::String(self.string()?)),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => {
                for (word, value) in
                    [("null", Value::Null), ("true", Value::Bool(true)), ("false", Value::Bool(false))]
                {
                    if self.bytes[self.at..].starts_with(word.as_bytes()) {
                        self.at += word.len();
                        return Ok(value);
                    }
                }
                Err(self.syntax("expected a value"))
            }
        }
    }

    fn nested(&mut self, read: fn(&mut Self) -> Result<Value, Rejection>) -> Result<Value, Rejection> {
        if self.depth == MAX_DEPTH {
            return Err(Rejection::whole("nested deeper than 100 levels"));
        }
        self.depth += 1;
        self.at += 1;
        let value = read(self)?;
        self.depth -= 1;
        Ok(value)
    }

    fn array(&mut self) -> Result<Value, Rejection> {
        let mut items = Vec::new();
        self.skip_whitespace();
        if self.take(b']') {
            return Ok(Value::Array(items));
        }
        loop {
            self.skip_whitespace();
            let item = self.value().map_err(|rejection| rejection.under_index(items.len()))?;
            items.push(item);
            self.skip_whitespace();
            if self.take(b']') {
                return Ok(Value::Array(items));
            }
            if !self.take(b',') {
                return Err(self.syntax("expected `,` or `]`"));
            }
        }
    }

    fn object(&mut self) -> Result<Value, Rejection> {
        let mut properties: Vec<(String, Value)> = Vec::new();
        self.skip_whitespace();
        if self.take(b'}') {
            return Ok(Value::Object(properties));
        }
        loop {
            self.skip_whitespace();
            if self.peek() != Some(b'"') {
                return Err(self.syntax("expected a property name in double quotes"));
            }
            let name = self.string()?;
            self.skip_whitespace();
            if !self.take(b':') {
                return Err(self.syntax("expected `:`"));
            }
            self.skip_whitespace();
            let value = self.value().map_err(|rejection| rejection.under(&name))?;
            properties.push((name, value));
            self.skip_whitespace();
            if self.take(b'}') {
                break;
            }
            if !self.take(b',') {
                return Err(self.syntax("expected `,` or `}`"));
            }
        }
        match repeated(&properties) {
            Some(index) => Err(Rejection::here("duplicate key").under(&properties[index].0)),
            None => Ok(Value::Object(properties)),
        }
    }

    fn string(&mut self) -> Result<String, Rejection> {
        self.at += 1;
        let mut string = String::new();
        loop {
            let start = self.at;
            while let Some(0x20..=0x21 | 0x23..=0x5b | 0x5d..) = self.peek() {
                self.at += 1;
            }
            // `"`, `\` and control characters are single bytes of UTF-8, so both ends lie between characters.
            string.push_str(self.since(start));
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(string);
                }
                Some(b'\\') => string.push(self.escape()?),
                _ => return Err(self.syntax("control character in a string")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Rejection> {
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
                if (0xd800..0xdc00).contains(&first) && self.bytes[self.at..].starts_with(b"\\u") {
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

    fn hex(&mut self) -> Result<u32, Rejection> {
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

    fn digits(&mut self) -> Result<(), Rejection> {
        if !matches!(self.peek(), Some(b'0'..=b'9')) {
            return Err(self.syntax("expected a digit"));
        }
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        Ok(())
    }

    fn number(&mut self) -> Result<Value, Rejection> {
        let start = self.at;
        self.take(b'-');
        if !self.take(b'0') {
            self.digits()?;
        }
        let mut integral = true;
        if self.take(b'.') {
            integral = false;
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            integral = false;
            if !self.take(b'+') {
                self.take(b'-');
            }
            self.digits()?;
        }
        let text = self.since(start);
        // Minus zero has no integer.
        if integral
            && text != "-0"
            && let Some(integer) = number::parse_i64(text)
        {
            return Ok(Value::Int(integer));
        }
        match number::parse_f64(text) {
            Some(double) => Ok(Value::Double(double)),
            None => Err(Rejection::here("number out of range")),
        }
    }
}

/// The first property whose name an earlier one has.
fn repeated(properties: &[(String, Value)]) -> Option<usize> {
    let name = |index: usize| properties[index].0.as_str();
    if properties.len() <= 16 {
        return (1..properties.len()).find(|&later| (0..later).any(|earlier| name(earlier) == name(later)));
    }
    // Heapsort: many names must not cost their square, and the standard sort costs kilobytes.
    let mut order: Vec<usize> = (0..properties.len()).collect();
    let before = |left: usize, right: usize| (name(left), left) < (name(right), right);
    let sift = |order: &mut [usize], mut root: usize| {
        loop {
            let mut child = 2 * root + 1;
            if child >= order.len() {
                return;
            }
            if child + 1 < order.len() && before(order[child], order[child + 1]) {
                child += 1;
            }
            if !before(order[root], order[child]) {
                return;
            }
            order.swap(root, child);
            root = child;
        }
    };
    for root in (0..order.len() / 2).rev() {
        sift(&mut order, root);
    }
    for end in (1..order.len()).rev() {
        order.swap(0, end);
        sift(&mut order[..end], 0);
    }
    order.windows(2).filter(|pair| name(pair[0]) == name(pair[1])).map(|pair| pair[1]).min()
}
