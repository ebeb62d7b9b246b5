//! RE2's syntax → [`Node`]. Groups capture nothing here, and lazy repetitions are as greedy ones.
//!
//! What RE2 refuses is refused; what it has and this version leaves out (`\p{…}`, `\C`, the case of letters beyond
//! ASCII) is an error that says so.

mod escape;
mod set;

use super::class::{LAST, Set};
use super::{PatternError, PatternFault};
use crate::diagnostic::Span;

/// What a pattern is made of.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    /// Nothing, which is found everywhere.
    Empty,
    /// One character.
    Set(Set),
    /// A place.
    Look(Look),
    /// One after the other.
    Concat(Vec<Node>),
    /// One of them.
    Alternate(Vec<Node>),
    /// As often as this.
    Repeat { node: Box<Node>, min: u32, max: Option<u32> },
}

/// Places in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Look {
    /// `\A`, `^`
    StartText,
    /// `\z`, `$`
    EndText,
    /// `(?m:^)`
    StartLine,
    /// `(?m:$)`
    EndLine,
    /// `\b`
    Word,
    /// `\B`
    NotWord,
}

/// How deep groups may nest.
const MAX_DEPTH: usize = 128;

/// The most that a repetition may count to.
const MAX_REPEAT: u32 = 1000;

pub(super) type Parsed<T> = Result<T, PatternError>;

pub(super) fn parse(text: &str) -> Parsed<Node> {
    let mut parser = Parser { text, at: 0, flags: Flags::default(), groups: Vec::new(), names: Vec::new() };
    let node = parser.alternation()?;
    if parser.peek().is_some() {
        return Err(parser.error(
            parser.at,
            1,
            "`)` closes no group",
            "write `\\)` for the character itself",
        ));
    }
    Ok(node)
}

#[derive(Debug, Clone, Copy, Default)]
struct Flags {
    /// `i`
    fold: bool,
    /// `m`
    lines: bool,
    /// `s`
    dot_all: bool,
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    flags: Flags,
    /// Where the open groups begin.
    groups: Vec<usize>,
    names: Vec<&'t str>,
}

impl<'t> Parser<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn bump(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        Some(next)
    }

    fn take(&mut self, text: &str) -> bool {
        let found = self.rest().starts_with(text);
        if found {
            self.at += text.len();
        }
        found
    }

    fn error(
        &self,
        start: usize,
        len: usize,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> PatternError {
        // A caret needs a character to stand under.
        let end = (start + len).min(self.text.len());
        PatternError {
            kind: PatternFault::Syntax,
            span: Span::new(start.min(end), end),
            message: message.into(),
            help: Some(help.into()),
        }
    }

    /// An error about all that was read from `start` on.
    fn wrong(&self, start: usize, message: impl Into<String>, help: impl Into<String>) -> PatternError {
        self.error(start, self.at - start, message, help)
    }

    fn read(&self, start: usize) -> &'t str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    fn alternation(&mut self) -> Parsed<Node> {
        let first = self.concat()?;
        if self.peek() != Some('|') {
            return Ok(first);
        }
        let mut branches = vec![first];
        while self.take("|") {
            branches.push(self.concat()?);
        }
        Ok(Node::Alternate(branches))
    }

    fn concat(&mut self) -> Parsed<Node> {
        let mut parts = Vec::new();
        while let Some(next) = self.peek() {
            let start = self.at;
            let atom = match next {
                '|' | ')' => break,
                '*' | '+' | '?' => {
                    self.at += 1;
                    return Err(self.nothing_to_repeat(start));
                }
                '{' if self.counts()?.is_some() => return Err(self.nothing_to_repeat(start)),
                '(' => match self.group()? {
                    Some(node) => node,
                    // `(?i)` is no part: there is nothing to repeat.
                    None => continue,
                },
                '[' => Node::Set(self.bracketed()?),
                '.' => {
                    self.at += 1;
                    let newline = Set::of(&[(0x0a, 0x0a)]);
                    Node::Set(if self.flags.dot_all { Set::of(&[(0, LAST)]) } else { newline.negate() })
                }
                '^' => {
                    self.at += 1;
                    Node::Look(if self.flags.lines { Look::StartLine } else { Look::StartText })
                }
                '$' => {
                    self.at += 1;
                    Node::Look(if self.flags.lines { Look::EndLine } else { Look::EndText })
                }
                '\\' if self.take("\\Q") => {
                    let quoted = self.rest().split("\\E").next().unwrap_or_default();
                    let from = self.at;
                    for (at, char) in quoted.char_indices() {
                        self.at = from + at + char.len_utf8();
                        parts.push(self.literal(char, from + at)?);
                    }
                    self.take("\\E");
                    // A repetition is of the last character.
                    match parts.pop() {
                        Some(last) if !quoted.is_empty() => last,
                        last => {
                            parts.extend(last);
                            continue;
                        }
                    }
                }
                '\\' => self.escaped()?,
                char => {
                    self.bump();
                    self.literal(char, start)?
                }
            };
            parts.push(self.repeated(atom)?);
        }
        Ok(match parts.len() {
            0 => Node::Empty,
            1 => parts.pop().unwrap_or(Node::Empty),
            _ => Node::Concat(parts),
        })
    }

    fn nothing_to_repeat(&self, start: usize) -> PatternError {
        let shown = self.read(start);
        let message = format!("`{shown}` repeats nothing");
        self.wrong(
            start,
            message,
            format!("write what is repeated before it, or `\\{shown}` for the character itself"),
        )
    }

    /// A character as itself, in either case under `i`.
    fn literal(&self, char: char, start: usize) -> Parsed<Node> {
        Ok(Node::Set(self.folded(Set::of(&[(char.into(), char.into())]), start)?))
    }

    /// The set under the flag `i`; beyond ASCII, letters that have a case are refused.
    fn folded(&self, set: Set, start: usize) -> Parsed<Set> {
        if !self.flags.fold {
            return Ok(set);
        }
        for &(low, high) in set.ranges() {
            // The two that are cases of ASCII letters, and all there is.
            let known = low == high && matches!(low, 0x17f | 0x212a) || low <= 0x80 && high == LAST;
            let cased = |code: u32| {
                char::from_u32(code)
                    .is_some_and(|char| !char.to_lowercase().eq([char]) || !char.to_uppercase().eq([char]))
            };
            if high >= 0x80 && !known && (low != high || cased(low)) {
                let message = "`(?i)` knows the case of ASCII letters only in this version";
                return Err(self.wrong(start, message, "list both cases: `[éÉ]`, with `(?-i:…)` around it"));
            }
        }
        Ok(set.fold())
    }

    /// `{n}`, `{n,}`, `{n,m}` at the next place, as `(least, most)`; `None`, and nothing read, for a `{` that is a
    /// character.
    fn counts(&mut self) -> Parsed<Option<(u32, Option<u32>)>> {
        let start = self.at;
        let number = |parser: &mut Self| {
            let digits = parser.rest().bytes().take_while(u8::is_ascii_digit).count();
            let text = parser.rest().get(..digits)?;
            if digits == 0 || digits > 1 && text.starts_with('0') {
                return None;
            }
            parser.at += digits;
            Some(text.parse::<u32>().unwrap_or(u32::MAX))
        };
        let counts = (|| {
            if !self.take("{") {
                return None;
            }
            let least = number(self)?;
            let most = match self.take(",") {
                false => Some(least),
                true if self.rest().starts_with('}') => None,
                true => Some(number(self)?),
            };
            self.take("}").then_some((least, most))
        })();
        match counts {
            Some((least, most)) if least > MAX_REPEAT || most.is_some_and(|most| most > MAX_REPEAT) => {
                Err(self.wrong(
                    start,
                    format!("a repetition counts to {MAX_REPEAT} at most"),
                    "for lengths use `size()` or `minLength` and `maxLength`",
                ))
            }
            Some((least, Some(most))) if least > most => {
                let help = format!("write `{{{most},{least}}}`");
                Err(self.wrong(start, format!("`{}` admits no number", self.read(start)), help))
            }
            None => {
                self.at = start;
                Ok(None)
            }
            counts => Ok(counts),
        }
    }

    fn repetition(&mut self) -> Parsed<Option<(u32, Option<u32>)>> {
        let counts = match self.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => return self.counts(),
            _ => return Ok(None),
        };
        self.at += 1;
        Ok(Some(counts))
    }

    fn repeated(&mut self, atom: Node) -> Parsed<Node> {
        let start = self.at;
        let Some((min, max)) = self.repetition()? else { return Ok(atom) };
        // As few as possible, or as many: something matches either way.
        self.take("?");
        if self.repetition()?.is_some() {
            let message = format!("`{}` is one repetition on top of another", self.read(start));
            return Err(self.wrong(
                start,
                message,
                "leave one away, or put brackets around the inner one: `(?:a+)*`",
            ));
        }
        Ok(Node::Repeat { node: Box::new(atom), min, max })
    }

    /// A group, or `None` for flags alone, which hold to the end of the group around.
    fn group(&mut self) -> Parsed<Option<Node>> {
        let start = self.at;
        let outer = self.flags;
        self.at += 1;
        if self.take("?") {
            if self.take("P<")
                || (!self.rest().starts_with("<=") && !self.rest().starts_with("<!") && self.take("<"))
            {
                self.name(start)?;
            } else if self.flags(start)? {
                return Ok(None);
            }
        }
        self.groups.push(start);
        if self.groups.len() > MAX_DEPTH {
            let message = format!("groups are nested deeper than {MAX_DEPTH} levels");
            return Err(self.wrong(start, message, "leave brackets away that group nothing"));
        }
        let node = self.alternation()?;
        if !self.take(")") {
            return Err(self.error(
                start,
                1,
                "`(` is not closed",
                "close the group with `)`, or write `\\(` for the character itself",
            ));
        }
        self.groups.pop();
        self.flags = outer;
        Ok(Some(node))
    }

    /// The name of a group, after `<`. Nothing asks for it, but two groups of one name are a slip.
    fn name(&mut self, start: usize) -> Parsed<()> {
        let from = self.at;
        while self.peek().is_some_and(|next| next.is_ascii_alphanumeric() || next == '_') {
            self.bump();
        }
        let name = self.read(from);
        if name.is_empty() || !self.take(">") {
            return Err(self.wrong(
                start,
                "a group's name is of letters, digits and `_`, and ends with `>`",
                "write `(?:…)`: names of groups mean nothing here",
            ));
        }
        if self.names.contains(&name) {
            return Err(self.wrong(
                start,
                format!("two groups are called `{name}`"),
                "write `(?:…)`: names of groups mean nothing here",
            ));
        }
        self.names.push(name);
        Ok(())
    }

    /// Flags after `(?`; true if the bracket closes behind them, false after a colon.
    fn flags(&mut self, start: usize) -> Parsed<bool> {
        let (mut negated, mut any) = (false, false);
        loop {
            let next = self.bump();
            match next {
                Some('i') => self.flags.fold = !negated,
                Some('m') => self.flags.lines = !negated,
                Some('s') => self.flags.dot_all = !negated,
                Some('U') => {}
                Some('-') if !negated => {
                    (negated, any) = (true, false);
                    continue;
                }
                Some(end @ (':' | ')')) if any || !negated => return Ok(end == ')'),
                _ => return Err(self.unknown_group(start)),
            }
            any = true;
        }
    }

    fn unknown_group(&self, start: usize) -> PatternError {
        let rest = self.text.get(start..).unwrap_or_default();
        let starts =
            |forms: &[&str]| forms.iter().find(|form| rest.starts_with(**form)).map(|form| form.len());
        let (len, message, help) = if let Some(len) = starts(&["(?=", "(?!", "(?<=", "(?<!"]) {
            (
                len,
                "a pattern does not look ahead or behind: it is matched in one pass",
                "write a second clause, joined with `and` or `not`",
            )
        } else if let Some(len) = starts(&["(?x"]) {
            (
                len,
                "the flag `x` is none of a pattern's",
                "the flags are `i`, `m`, `s` and `U`; leave the spaces away",
            )
        } else if let Some(len) = starts(&["(?>", "(?|", "(?#", "(?(", "(?P=", "(?P>", "(?R", "(?&", "(?'"]) {
            (
                len,
                "this kind of group is none of a pattern's",
                "groups are `(…)`, `(?:…)`, `(?P<name>…)` and, with flags, `(?i:…)`",
            )
        } else {
            (
                self.at - start,
                "`(?` is not followed by flags",
                "groups are `(…)`, `(?:…)`, `(?P<name>…)` and, with flags, `(?i:…)`",
            )
        };
        self.error(start, len, message, help)
    }
}
