//! Running text in which some words are names out of the contract, so that each layout can set these apart.

use serde::{Serialize, Serializer};
use std::fmt;

/// A piece of a sentence or a whole one, without a full stop at its end.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Phrase {
    pieces: Vec<Piece>,
}

/// A part of a phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Words.
    Text(String),
    /// A name or a value as the contract writes it.
    Code(String),
}

impl Phrase {
    /// Words alone.
    pub(crate) fn text(text: impl Into<String>) -> Phrase {
        Phrase::default().say(text)
    }

    /// A name alone.
    pub(crate) fn code(name: impl Into<String>) -> Phrase {
        Phrase::default().name(name)
    }

    /// What an author wrote: words, in which what stands between two `` ` `` on one line is a name.
    pub(crate) fn of_author(text: &str) -> Phrase {
        let mut phrase = Phrase::default();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('`') {
            match after.split_once('`') {
                Some((name, behind)) if !name.is_empty() && !name.contains('\n') => {
                    phrase = phrase.say(before).name(name);
                    rest = behind;
                }
                _ => {
                    phrase = phrase.say(before).say("`");
                    rest = after;
                }
            }
        }
        phrase.say(rest)
    }

    /// With these words after it.
    pub(crate) fn say(mut self, text: impl Into<String>) -> Phrase {
        let text = text.into();
        match self.pieces.last_mut() {
            _ if text.is_empty() => {}
            Some(Piece::Text(last)) => last.push_str(&text),
            _ => self.pieces.push(Piece::Text(text)),
        }
        self
    }

    /// With this name after it.
    pub(crate) fn name(mut self, name: impl Into<String>) -> Phrase {
        self.pieces.push(Piece::Code(name.into()));
        self
    }

    /// With `.name` after it, as a part of the name at its end.
    pub(crate) fn name_after_dot(mut self, name: &str) -> Phrase {
        match self.pieces.last_mut() {
            Some(Piece::Code(last)) => {
                last.push('.');
                last.push_str(name);
                self
            }
            _ => self.name(name),
        }
    }

    /// With this phrase after it.
    pub(crate) fn then(mut self, other: Phrase) -> Phrase {
        for piece in other.pieces {
            self = match piece {
                Piece::Text(text) => self.say(text),
                Piece::Code(name) => self.name(name),
            };
        }
        self
    }

    /// In brackets.
    pub(crate) fn in_brackets(self) -> Phrase {
        Phrase::text("(").then(self).say(")")
    }

    /// Phrases with `between` between any two of them.
    pub(crate) fn join(phrases: impl IntoIterator<Item = Phrase>, between: &str) -> Phrase {
        let mut joined = Phrase::default();
        for (index, phrase) in phrases.into_iter().enumerate() {
            joined = if index == 0 { phrase } else { joined.say(between).then(phrase) };
        }
        joined
    }

    /// Its parts, in order.
    pub(crate) fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// Whether it says nothing.
    pub(crate) fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }
}

/// Without marks around names.
impl fmt::Display for Phrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pieces.iter().try_for_each(|piece| match piece {
            Piece::Text(text) | Piece::Code(text) => f.write_str(text),
        })
    }
}

/// As a string, without marks around names.
impl Serialize for Phrase {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::{Phrase, Piece};

    #[test]
    fn names_in_an_authors_words_are_told_apart() {
        let name = |text: &str| Piece::Code(text.to_owned());
        let text = |text: &str| Piece::Text(text.to_owned());
        assert_eq!(
            Phrase::of_author("two letters; `XK` for Kosovo").pieces(),
            [text("two letters; "), name("XK"), text(" for Kosovo")]
        );
        // A mark without its other half is a mark.
        for odd in ["a ` b", "``", "`a\nb`"] {
            let phrase = Phrase::of_author(odd);
            assert_eq!(phrase.to_string(), odd);
            assert!(phrase.pieces().iter().all(|piece| matches!(piece, Piece::Text(_))), "{phrase:?}");
        }
    }
}
