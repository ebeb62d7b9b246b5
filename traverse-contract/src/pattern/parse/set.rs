//! `[a-z]`, `[^\d_]`, `[[:alpha:]]`.

use super::{Parsed, Parser};
use crate::pattern::class::Set;

/// The POSIX classes, which are of ASCII alone.
fn posix_class(name: &str) -> Option<Set> {
    let ranges: &[(u8, u8)] = match name {
        "alnum" => &[(b'0', b'9'), (b'A', b'Z'), (b'a', b'z')],
        "alpha" => &[(b'A', b'Z'), (b'a', b'z')],
        "ascii" => &[(0, 0x7f)],
        "blank" => &[(b'\t', b'\t'), (b' ', b' ')],
        "cntrl" => &[(0, 0x1f), (0x7f, 0x7f)],
        "digit" => &[(b'0', b'9')],
        "graph" => &[(b'!', b'~')],
        "lower" => &[(b'a', b'z')],
        "print" => &[(b' ', b'~')],
        "punct" => &[(b'!', b'/'), (b':', b'@'), (b'[', b'`'), (b'{', b'~')],
        "space" => &[(b'\t', b'\r'), (b' ', b' ')],
        "upper" => &[(b'A', b'Z')],
        "word" => &[(b'0', b'9'), (b'A', b'Z'), (b'_', b'_'), (b'a', b'z')],
        "xdigit" => &[(b'0', b'9'), (b'A', b'F'), (b'a', b'f')],
        _ => return None,
    };
    let ranges: Vec<(u32, u32)> = ranges.iter().map(|&(low, high)| (low.into(), high.into())).collect();
    Some(Set::of(&ranges))
}

impl Parser<'_> {
    /// A class in brackets; the opening one is next.
    pub(super) fn bracketed(&mut self) -> Parsed<Set> {
        let start = self.at;
        self.at += 1;
        let negated = self.take("^");
        let mut ranges = Vec::new();
        let mut first = true;
        // Directly behind the opening bracket a closing one is a character.
        while first || !self.rest().starts_with(']') {
            first = false;
            if self.peek().is_none() {
                let help = "close the class with `]`, or write `\\[` for the character itself";
                return Err(self.error(start, 1, "`[` is not closed", help));
            }
            ranges.extend_from_slice(self.member()?.ranges());
        }
        self.at += 1;
        let set = Set::of(&ranges);
        let set = if negated { set.negate() } else { set };
        if set.is_empty() {
            return Err(self.wrong(
                start,
                format!("`{}` is no character at all", self.read(start)),
                "leave a character out of it",
            ));
        }
        Ok(set)
    }

    /// `[:alpha:]`, `\d`, `a-z` or a character.
    fn member(&mut self) -> Parsed<Set> {
        let start = self.at;
        if let Some(end) = self.rest().strip_prefix("[:").and_then(|rest| rest.find(":]")) {
            let name = &self.rest()[2..2 + end];
            self.at += end + 4;
            let (negated, name) = match name.strip_prefix('^') {
                Some(name) => (true, name),
                None => (false, name),
            };
            let Some(set) = posix_class(name) else {
                let help = "the classes are `alnum alpha ascii blank cntrl digit graph lower print punct space upper word xdigit`";
                return Err(self.wrong(start, format!("`{}` is not a class", self.read(start)), help));
            };
            let set = self.folded(set, start)?;
            return Ok(if negated { set.negate() } else { set });
        }
        if self.rest().starts_with('\\')
            && let Some(set) = self.escaped_class()?
        {
            return Ok(set);
        }
        let low = self.character()?;
        let mut high = low;
        let rest = self.rest();
        if rest.starts_with('-') && rest.len() > 1 && !rest.starts_with("-]") {
            self.at += 1;
            high = self.character()?;
            if high < low {
                let message = format!("`{}` goes backwards", self.read(start));
                return Err(self.wrong(
                    start,
                    message,
                    "write the lesser character first, or `\\-` for a hyphen",
                ));
            }
        }
        self.folded(Set::of(&[(low, high)]), start)
    }

    fn character(&mut self) -> Parsed<u32> {
        let start = self.at;
        if !self.rest().starts_with('\\') {
            return Ok(self.bump().map_or(0, u32::from));
        }
        match self.rest().chars().nth(1) {
            Some('d' | 'D' | 's' | 'S' | 'w' | 'W') => {
                self.at += 2;
                let message = format!("`{}` cannot end a range", self.read(start));
                Err(self.wrong(start, message, "write `\\-` for a hyphen before it"))
            }
            Some('b') => {
                self.at += 2;
                Err(self.wrong(start, "`\\b` is no character", "for a backspace write `\\x08`"))
            }
            _ => self.escaped_character(),
        }
    }
}
