//! The reader: from bytes to a document in one pass. Its rules and words are those of the guest's (`traverse-guest`, `json/read.rs`),
//! which makes no values of this kind.

use super::made::Made;
use super::number::{Exact, exact};
use super::{Read, pointer_join};
use crate::outcome::Rejection;
use serde_json::Number;
use std::borrow::Cow;

/// How many bytes stand for themselves in a string, up to the first that does not.
fn plain_bytes(bytes: &[u8]) -> usize {
    let (words, rest) = bytes.as_chunks();
    for (at, word) in words.iter().enumerate() {
        let ends = string_ends(u64::from_le_bytes(*word));
        if ends != 0 {
            return at * 8 + ends.trailing_zeros() as usize / 8;
        }
    }
    let end = rest.iter().position(|byte| *byte < b' ' || *byte == b'"' || *byte == b'\\');
    words.len() * 8 + end.unwrap_or(rest.len())
}

/// Eight bytes at a time: the lowest bit that is set is in the first that is a control character, a quote or a backslash.
fn string_ends(word: u64) -> u64 {
    const EACH: u64 = u64::from_ne_bytes([1; 8]);
    let below = |word: u64, byte: u8| word.wrapping_sub(EACH * u64::from(byte)) & !word;
    let is = |byte: u8| below(word ^ (EACH * u64::from(byte)), 1);
    (below(word, b' ') | is(b'"') | is(b'\\')) & (EACH << 7)
}

const TWO_TO_63: f64 = 9_223_372_036_854_775_808.0;

/// Reads the whole; `most` arrays and objects may stand inside each other.
pub(super) fn read<'a, D: Made<'a>>(bytes: &'a [u8], most: usize) -> Result<Read<D>, Rejection> {
    let whole = |message: String| Rejection { at: String::new(), message };
    let text = std::str::from_utf8(bytes)
        .map_err(|error| whole(format!("not UTF-8: invalid at byte {}", error.valid_up_to())))?;
    if text.starts_with('\u{feff}') {
        return Err(whole("not valid JSON: byte-order mark at byte 0".into()));
    }
    let mut reader = Reader { text, bytes, at: 0, depth: 0, most, numbers: 0, rounded: Vec::new() };
    if reader.token().is_none() {
        return Err(whole("input is empty: expected one JSON value".into()));
    }
    let read = reader.value().and_then(|value| match reader.token() {
        None => Ok(value),
        Some(_) => Err(reader.syntax("more data after the value")),
    });
    let rounded = reader.rounded;
    read.map(|value| Read { value, rounded }).map_err(|wrong| {
        let at = wrong.steps.iter().rev().fold(String::new(), |at, step| pointer_join(&at, step));
        Rejection { at, message: wrong.message }
    })
}

/// What is wrong, and the way out from its place, step by step, so that reading without an error costs nothing.
struct Wrong {
    message: String,
    steps: Vec<String>,
    /// It concerns the whole input, not a place in it.
    is_whole: bool,
}

impl Wrong {
    /// Something about the whole input.
    fn whole(message: String) -> Box<Wrong> {
        Box::new(Wrong { message, steps: Vec::new(), is_whole: true })
    }

    /// Something about the value at hand.
    fn here(message: &str) -> Box<Wrong> {
        Box::new(Wrong { message: message.into(), steps: Vec::new(), is_whole: false })
    }

    fn under(mut self: Box<Self>, step: &str) -> Box<Wrong> {
        if !self.is_whole {
            self.steps.push(step.into());
        }
        self
    }
}

type Step<T> = Result<T, Box<Wrong>>;

struct Reader<'a> {
    text: &'a str,
    /// The same.
    bytes: &'a [u8],
    at: usize,
    /// Arrays and objects that are open.
    depth: usize,
    most: usize,
    /// How many numbers were read.
    numbers: usize,
    /// [`Read::rounded`]
    rounded: Vec<(usize, Option<i64>)>,
}

impl<'a> Reader<'a> {
    fn byte(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// The next byte that is no white space, which is at hand then.
    fn token(&mut self) -> Option<u8> {
        loop {
            match self.byte() {
                Some(b' ' | b'\t' | b'\n' | b'\r') => self.at += 1,
                byte => return byte,
            }
        }
    }

    /// Goes past `byte`, if it is at hand behind white space.
    fn takes(&mut self, byte: u8) -> bool {
        let is_there = self.token() == Some(byte);
        self.at += usize::from(is_there);
        is_there
    }

    /// What is, or is not, at hand.
    #[cold]
    fn syntax(&self, what: &str) -> Box<Wrong> {
        Wrong::whole(match self.at >= self.bytes.len() {
            true => "not valid JSON: the input ends too early".into(),
            false => format!("not valid JSON: {what} at byte {}", self.at),
        })
    }

    fn value<D: Made<'a>>(&mut self) -> Step<D> {
        match self.token() {
            Some(b'{') => self.nested(Reader::object),
            Some(b'[') => self.nested(Reader::array),
            Some(b'"') => self.string().map(D::of_string),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", D::of_bool(true)),
            Some(b'f') => self.word("false", D::of_bool(false)),
            Some(b'n') => self.word("null", D::NULL),
            _ => Err(self.syntax("expected a value")),
        }
    }

    fn word<D: Made<'a>>(&mut self, word: &str, value: D) -> Step<D> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        if !rest.starts_with(word.as_bytes()) {
            return Err(self.syntax("expected a value"));
        }
        self.at += word.len();
        Ok(value)
    }

    /// Past a bracket, and within the depth that may be.
    fn nested<D: Made<'a>>(&mut self, read: fn(&mut Self) -> Step<D>) -> Step<D> {
        if self.depth == self.most {
            return Err(Wrong::whole(format!("nested deeper than {} levels", self.most)));
        }
        self.depth += 1;
        self.at += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    fn array<D: Made<'a>>(&mut self) -> Step<D> {
        let mut items = Vec::new();
        if self.takes(b']') {
            return Ok(D::of_array(items));
        }
        loop {
            let item = self.value().map_err(|wrong| wrong.under(&items.len().to_string()))?;
            items.push(item);
            if !self.takes(b',') {
                break;
            }
        }
        if !self.takes(b']') {
            return Err(self.syntax("expected `,` or `]`"));
        }
        Ok(D::of_array(items))
    }

    fn object<D: Made<'a>>(&mut self) -> Step<D> {
        if self.takes(b'}') {
            return Ok(D::of_object(D::Object::default()));
        }
        let mut object = D::of_a_few();
        loop {
            if self.token() != Some(b'"') {
                return Err(self.syntax("expected a name in double quotes"));
            }
            let name = self.string()?;
            if !self.takes(b':') {
                return Err(self.syntax("expected `:`"));
            }
            if D::has(&object, &name) {
                return Err(Wrong::here("duplicate key").under(&name));
            }
            match self.value() {
                Ok(value) => D::push(&mut object, name, value),
                Err(wrong) => return Err(wrong.under(&name)),
            }
            if !self.takes(b',') {
                break;
            }
        }
        if !self.takes(b'}') {
            return Err(self.syntax("expected `,` or `}`"));
        }
        Ok(D::of_object(object))
    }

    /// A string; its quote is at hand.
    fn string(&mut self) -> Step<Cow<'a, str>> {
        self.at += 1;
        let plain = self.plain();
        if self.byte() == Some(b'"') {
            self.at += 1;
            return Ok(Cow::Borrowed(plain));
        }
        let mut string = plain.to_owned();
        loop {
            match self.byte() {
                Some(b'"') => break,
                Some(b'\\') => {
                    self.at += 1;
                    string.push(self.escape()?);
                }
                _ => return Err(self.syntax("control character")),
            }
            string.push_str(self.plain());
        }
        self.at += 1;
        Ok(Cow::Owned(string))
    }

    /// What stands for itself in a string, up to the next byte that does not.
    #[inline]
    fn plain(&mut self) -> &'a str {
        let start = self.at;
        self.at += plain_bytes(self.bytes.get(start..).unwrap_or_default());
        // Both ends are beside a character of ASCII, or an end of the text.
        self.text.get(start..self.at).unwrap_or_default()
    }

    /// What stands behind a backslash.
    fn escape(&mut self) -> Step<char> {
        let character = match self.byte() {
            Some(b'u') => return self.unicode_escape(),
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            _ => return Err(self.syntax("unknown escape")),
        };
        self.at += 1;
        Ok(character)
    }

    /// `u`, which is at hand, four digits, and those of a second escape if the first is the half of a character.
    fn unicode_escape(&mut self) -> Step<char> {
        let mut code = self.hex()?;
        if (0xd800..0xdc00).contains(&code) && self.bytes.get(self.at..self.at + 2) == Some(b"\\u") {
            self.at += 1;
            let low = self.hex()?;
            if (0xdc00..0xe000).contains(&low) {
                code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
            }
        }
        char::from_u32(code).ok_or_else(|| {
            self.at -= 1;
            self.syntax("lone surrogate")
        })
    }

    /// Four hexadecimal digits behind what is at hand.
    fn hex(&mut self) -> Step<u32> {
        let mut code = 0;
        for _ in 0..4 {
            self.at += 1;
            let digit = self.byte().and_then(|byte| char::from(byte).to_digit(16));
            code = code * 16 + digit.ok_or_else(|| self.syntax("expected four hex digits"))?;
        }
        self.at += 1;
        Ok(code)
    }

    /// One digit at least.
    fn digits(&mut self) -> Step<()> {
        let start = self.at;
        while self.byte().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at == start { Err(self.syntax("expected a digit")) } else { Ok(()) }
    }

    fn number<D: Made<'a>>(&mut self) -> Step<D> {
        let start = self.at;
        self.at += usize::from(self.byte() == Some(b'-'));
        match self.byte() {
            Some(b'0') => self.at += 1,
            _ => self.digits()?,
        }
        let whole = self.at;
        if self.byte() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        let fraction = self.at;
        if let Some(b'e' | b'E') = self.byte() {
            self.at += 1;
            self.at += usize::from(matches!(self.byte(), Some(b'+' | b'-')));
            self.digits()?;
        }
        let text = self.text.get(start..self.at).unwrap_or_default();
        self.numbers += 1;
        // Minus zero is a double.
        if self.at == whole && text != "-0" {
            if let Ok(integer) = text.parse::<i64>() {
                return Ok(D::of_number(integer.into()));
            }
            if let Ok(integer) = text.parse::<u64>() {
                return Ok(D::of_number(integer.into()));
            }
        }
        let Ok(double) = text.parse::<f64>() else { return Err(Wrong::here("number out of range")) };
        // Of others the double tells enough, as it does of few digits: those of up to 15 lie further apart than doubles.
        let is_short = self.at == fraction && text.len() <= 16;
        if double.fract() == 0.0 && !is_short {
            match exact(text) {
                Exact::OutOfRange => return Err(Wrong::here("number out of range")),
                Exact::Integer(integer) if double as i128 != i128::from(integer) => {
                    self.rounded.push((self.numbers - 1, Some(integer)));
                }
                Exact::Other if double.abs() <= TWO_TO_63 => self.rounded.push((self.numbers - 1, None)),
                Exact::Integer(_) | Exact::Other => {}
            }
        }
        Number::from_f64(double).map(D::of_number).ok_or_else(|| Wrong::here("number out of range"))
    }
}
