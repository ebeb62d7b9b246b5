//! Where each byte of a decoded TOML string stands in the file, so that an error inside a clause points at the
//! clause's own characters, through escapes and line ends.

/// Decodes the literal `raw` (quotes included, known to be well-formed) that starts at byte `base` of the file.
///
/// Returns the string and, for each of its bytes and one past the end, the byte offset in the file. A line end
/// written as carriage return and line feed counts as a line feed, so that a checkout's line ends change no digest.
/// `None` if the literal is not of a form that this understands.
pub(super) fn decode(raw: &str, base: usize) -> Option<(String, Vec<usize>)> {
    let quote = raw.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let fence = if quote == '"' { "\"\"\"" } else { "'''" };
    let multi_line = raw.len() >= 6 && raw.starts_with(fence) && raw.ends_with(fence);
    let quotes = if multi_line { 3 } else { 1 };
    let end = raw.len().checked_sub(quotes).filter(|end| *end >= quotes)?;
    let mut at = quotes;
    if multi_line {
        let body = raw.get(at..end)?;
        at += if body.starts_with("\r\n") { 2 } else { usize::from(body.starts_with('\n')) };
    }

    let mut decoder = Decoder { value: String::new(), offsets: Vec::new(), base };
    while at < end {
        let rest = raw.get(at..end)?;
        let character = rest.chars().next()?;
        let taken = if character == '\\' && quote == '"' {
            decoder.escape(rest, at)?
        } else if rest.starts_with("\r\n") {
            decoder.push('\n', at, false);
            2
        } else {
            decoder.push(character, at, true);
            character.len_utf8()
        };
        at += taken;
    }
    decoder.offsets.push(base + end);
    Some((decoder.value, decoder.offsets))
}

struct Decoder {
    value: String,
    offsets: Vec<usize>,
    base: usize,
}

impl Decoder {
    /// Adds a character written at `at`; one written as itself maps byte by byte, an escape to its backslash.
    fn push(&mut self, character: char, at: usize, as_itself: bool) {
        self.value.push(character);
        self.offsets
            .extend((0..character.len_utf8()).map(|byte| self.base + at + if as_itself { byte } else { 0 }));
    }

    /// Reads the escape at the start of `rest`; returns the bytes that it takes in the file.
    fn escape(&mut self, rest: &str, at: usize) -> Option<usize> {
        let letter = rest[1..].chars().next()?;
        let digits = match letter {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            // A backslash at the end of a line joins it to the next text.
            ' ' | '\t' | '\r' | '\n' => {
                let kept = rest[1..].trim_start_matches([' ', '\t', '\r', '\n']);
                return Some(rest.len() - kept.len());
            }
            _ => 0,
        };
        if digits > 0 {
            let code = u32::from_str_radix(rest.get(2..2 + digits)?, 16).ok()?;
            self.push(char::from_u32(code)?, at, false);
            return Some(2 + digits);
        }
        let character = match letter {
            'b' => '\u{8}',
            'e' => '\u{1b}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            '"' | '\\' => letter,
            _ => return None,
        };
        self.push(character, at, false);
        Some(2)
    }
}

#[cfg(test)]
mod tests {
    use super::decode;

    /// What each byte of the decoded string maps to, as text of the file.
    fn mapped(raw: &str) -> (String, Vec<String>) {
        let (value, offsets) = decode(raw, 0).expect("a literal");
        assert_eq!(offsets.len(), value.len() + 1);
        let pieces =
            offsets.windows(2).map(|pair| raw.get(pair[0]..pair[1]).unwrap_or("?").to_owned()).collect();
        (value, pieces)
    }

    #[test]
    fn plain_literal_and_basic() {
        assert_eq!(decode("'a.b'", 10), Some(("a.b".into(), vec![11, 12, 13, 14])));
        assert_eq!(decode("\"\"", 7), Some((String::new(), vec![8])));
        assert_eq!(decode("'\\n'", 0), Some(("\\n".into(), vec![1, 2, 3])));
    }

    #[test]
    fn escapes_map_to_their_backslash() {
        let (value, pieces) = mapped(r#""a\"b\u00e9\tc\U0001F600d\x41""#);
        assert_eq!(value, "a\"bé\tc😀dA");
        assert_eq!(
            pieces,
            ["a", "\\\"", "b", "", "\\u00e9", "\\t", "c", "", "", "", "\\U0001F600", "d", "\\x41"]
        );
    }

    #[test]
    fn multi_line_strings() {
        let (value, _) = mapped("\"\"\"\r\none\r\ntwo \\\n   three\"\"\"\"\"");
        assert_eq!(value, "one\ntwo three\"\"");
        let (value, pieces) = mapped("'''\na'b'''");
        assert_eq!((value.as_str(), pieces.concat().as_str()), ("a'b", "a'b"));
    }
}
