//! TOML text → its parts in order: lines, and what is inside of arrays and inline tables.

use toml_parser::Source;
use toml_parser::decoder::Encoding;
use toml_parser::parser::{Event, EventKind, parse_document};

/// A line of the file, or several where its value goes over them.
#[derive(Debug)]
pub(super) enum Line {
    /// One or more empty lines.
    Blank,
    /// `# words`
    Comment(String),
    /// `[section]`, `[[section]]`
    Header { text: String, comment: Option<Trailing> },
    /// `key = value`
    Entry(Entry),
}

/// `key = value`
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) key: String,
    /// How many characters stand before the `=` in the text.
    pub(super) column: usize,
    pub(super) value: Value,
    pub(super) comment: Option<Trailing>,
}

/// A comment behind something on its line.
#[derive(Debug)]
pub(super) struct Trailing {
    pub(super) text: String,
    /// The spaces before it in the text.
    pub(super) gap: usize,
}

#[derive(Debug)]
pub(super) enum Value {
    /// As it is to be written; text may go over several lines.
    Scalar(String),
    Array(Inside),
    Table(Inside),
}

/// What stands between two brackets.
#[derive(Debug, Default)]
pub(super) struct Inside {
    /// Directly behind the opening bracket, on its line.
    pub(super) opening: Option<String>,
    pub(super) parts: Vec<Part>,
    /// Whether the author has a line end or a comment between the brackets, and not in a value alone.
    pub(super) broken: bool,
}

impl Inside {
    /// Whether there is nothing between the brackets but white space.
    pub(super) fn is_empty(&self) -> bool {
        self.parts.is_empty() && self.opening.is_none()
    }

    /// Its elements, or the entries of an inline table, without what stands between them.
    pub(super) fn elements(&self) -> impl Iterator<Item = (&Option<String>, &Value)> {
        self.parts.iter().filter_map(|part| match part {
            Part::Element { key, value, .. } => Some((key, value)),
            Part::Blank | Part::Comment(_) => None,
        })
    }
}

#[derive(Debug)]
pub(super) enum Part {
    Blank,
    Comment(String),
    /// An element, or an entry of an inline table, and the comment behind it on its line.
    Element {
        key: Option<String>,
        value: Value,
        comment: Option<String>,
    },
}

/// The parts of a text that is known to be TOML.
pub(super) fn parts_of(text: &str) -> Vec<Line> {
    let source = Source::new(text);
    let tokens = source.lex().into_vec();
    let mut events = Vec::new();
    parse_document(&tokens, &mut |event: Event| events.push(event), &mut ());
    Reader { text, events: &events, at: 0 }.lines()
}

struct Reader<'a> {
    text: &'a str,
    events: &'a [Event],
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<EventKind> {
        self.events.get(self.at).map(Event::kind)
    }

    fn next(&mut self) -> Option<&Event> {
        let event = self.events.get(self.at);
        self.at += 1;
        event
    }

    fn raw(&self, event: &Event) -> &str {
        let span = event.span();
        self.text.get(span.start()..span.end()).unwrap_or_default()
    }

    /// The text of the event that was passed last.
    fn passed(&self) -> &str {
        self.events.get(self.at.wrapping_sub(1)).map_or("", |event| self.raw(event))
    }

    /// The place of what stands next.
    fn offset(&self) -> usize {
        self.events.get(self.at).map_or(self.text.len(), |event| event.span().start())
    }

    /// Passes white space; how much it is.
    fn space(&mut self) -> usize {
        let start = self.offset();
        while self.peek() == Some(EventKind::Whitespace) {
            self.at += 1;
        }
        self.text.get(start..self.offset()).map_or(0, |space| space.chars().count())
    }

    fn lines(&mut self) -> Vec<Line> {
        let mut lines = Vec::new();
        // Whether nothing but white space stands on the line so far.
        let mut empty = true;
        while let Some(kind) = self.peek() {
            match kind {
                EventKind::Whitespace => {
                    self.at += 1;
                }
                EventKind::Newline => {
                    self.at += 1;
                    if empty {
                        lines.push(Line::Blank);
                    }
                    empty = true;
                }
                EventKind::Comment => {
                    self.at += 1;
                    lines.push(Line::Comment(self.passed().trim_end().to_owned()));
                    empty = false;
                }
                EventKind::StdTableOpen | EventKind::ArrayTableOpen => {
                    lines.push(self.header());
                    empty = false;
                }
                EventKind::SimpleKey => {
                    lines.push(Line::Entry(self.entry()));
                    empty = false;
                }
                _ => self.at += 1,
            }
        }
        lines
    }

    fn header(&mut self) -> Line {
        let array = self.peek() == Some(EventKind::ArrayTableOpen);
        self.at += 1;
        let key = self.key();
        self.space();
        self.at += 1;
        let text = if array { format!("[[{key}]]") } else { format!("[{key}]") };
        Line::Header { text, comment: self.trailing() }
    }

    fn entry(&mut self) -> Entry {
        let start = self.offset();
        let key = self.key();
        self.space();
        let column = self.text.get(start..self.offset()).map_or(0, |before| before.chars().count());
        self.at += 1;
        self.space();
        let value = self.value();
        Entry { key, column, value, comment: self.trailing() }
    }

    /// The comment on the rest of the line.
    fn trailing(&mut self) -> Option<Trailing> {
        let gap = self.space();
        if self.peek() != Some(EventKind::Comment) {
            return None;
        }
        self.at += 1;
        Some(Trailing { text: self.passed().trim_end().to_owned(), gap })
    }

    /// `a."b c".d`, up to what is no key any more.
    fn key(&mut self) -> String {
        let mut key = String::new();
        loop {
            self.space();
            match self.peek() {
                Some(EventKind::SimpleKey) => {
                    let Some(event) = self.next().copied() else { return key };
                    key.push_str(&key_text(self.raw(&event), event.encoding()));
                }
                Some(EventKind::KeySep) => {
                    self.at += 1;
                    key.push('.');
                }
                _ => return key,
            }
        }
    }

    fn value(&mut self) -> Value {
        match self.next().map(|event| (event.kind(), event.encoding())) {
            Some((EventKind::ArrayOpen, _)) => Value::Array(self.inside(EventKind::ArrayClose)),
            Some((EventKind::InlineTableOpen, _)) => Value::Table(self.inside(EventKind::InlineTableClose)),
            Some((_, encoding)) => Value::Scalar(scalar_text(self.passed(), encoding)),
            None => Value::Scalar(String::new()),
        }
    }

    fn inside(&mut self, close: EventKind) -> Inside {
        let mut inside = Inside::default();
        // Whether the line of the opening bracket, or of an element, still goes on; line ends in a row.
        let mut on_line = true;
        let mut line_ends = 0;
        while let Some(kind) = self.peek() {
            match kind {
                kind if kind == close => {
                    self.at += 1;
                    break;
                }
                EventKind::Newline => {
                    self.at += 1;
                    inside.broken = true;
                    on_line = false;
                    line_ends += 1;
                    let after_something = !matches!(inside.parts.last(), None | Some(Part::Blank));
                    if line_ends > 1 && after_something {
                        inside.parts.push(Part::Blank);
                    }
                    continue;
                }
                EventKind::Whitespace | EventKind::ValueSep => {
                    self.at += 1;
                    // A comma on a line of its own is no line.
                    if kind == EventKind::ValueSep {
                        line_ends = 0;
                    }
                    continue;
                }
                EventKind::Comment => {
                    self.at += 1;
                    inside.broken = true;
                    let text = self.passed().trim_end().to_owned();
                    let place = match inside.parts.last_mut() {
                        None => Some(&mut inside.opening),
                        Some(Part::Element { comment, .. }) => Some(comment),
                        Some(_) => None,
                    };
                    match place {
                        Some(place) if on_line && place.is_none() => *place = Some(text),
                        _ => inside.parts.push(Part::Comment(text)),
                    }
                    on_line = false;
                }
                EventKind::SimpleKey => {
                    let key = self.key();
                    self.space();
                    self.at += 1;
                    self.space();
                    let value = self.value();
                    inside.parts.push(Part::Element { key: Some(key), value, comment: None });
                    on_line = true;
                }
                EventKind::Scalar | EventKind::ArrayOpen | EventKind::InlineTableOpen => {
                    let value = self.value();
                    inside.parts.push(Part::Element { key: None, value, comment: None });
                    on_line = true;
                }
                _ => self.at += 1,
            }
            line_ends = 0;
        }
        if matches!(inside.parts.last(), Some(Part::Blank)) {
            inside.parts.pop();
        }
        inside
    }
}

/// Without quotes where none are needed, else in `"` where these change nothing.
fn key_text(raw: &str, encoding: Option<Encoding>) -> String {
    let within = match encoding {
        Some(Encoding::LiteralString | Encoding::BasicString) => raw.get(1..raw.len() - 1).unwrap_or(raw),
        _ => return raw.to_owned(),
    };
    let bare = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    if !within.is_empty() && within.bytes().all(bare) {
        return within.to_owned();
    }
    scalar_text(raw, encoding)
}

/// Text on one line in `"` where these change nothing; everything else as it is.
fn scalar_text(raw: &str, encoding: Option<Encoding>) -> String {
    match encoding {
        Some(Encoding::LiteralString) if !raw.contains(['"', '\\']) => {
            format!("\"{}\"", raw.get(1..raw.len() - 1).unwrap_or_default())
        }
        _ => raw.to_owned(),
    }
}
