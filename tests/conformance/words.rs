//! The words of a CEL expression, as far as it takes to see which parts of CEL a case uses. Independent of the project's
//! own lexer on purpose: what a case needs is not for the code under test to say.

/// A word of an expression.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Word {
    /// A name; `glued` where nothing stands between it and the next word.
    Name(String),
    /// `1`, `0x1F`
    Int,
    /// `1u`
    Uint,
    /// `1.5`
    Double,
    /// `'text'`
    Text(String),
    /// `b'bytes'`
    Bytes,
    /// `` `a name in backticks` ``
    Quoted,
    /// Anything else, one character each.
    Symbol(char),
}

/// Splits an expression; what is not understood becomes symbols.
pub(crate) fn words(expression: &str) -> Vec<Word> {
    let characters: Vec<char> = expression.chars().collect();
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(&character) = characters.get(at) {
        if character.is_whitespace() {
            at += 1;
        } else if character == '/' && characters.get(at + 1) == Some(&'/') {
            at = position(&characters, at, |c| c == '\n');
        } else if character == '`' {
            at = position(&characters, at + 1, |c| c == '`') + 1;
            words.push(Word::Quoted);
        } else if let Some((prefix, quote)) = text_start(&characters[at..]) {
            let prefix_text: String = characters[at..at + prefix].iter().collect::<String>().to_lowercase();
            let (content, end) = text(&characters, at + prefix, quote, prefix_text.contains('r'));
            words.push(if prefix_text.contains('b') { Word::Bytes } else { Word::Text(content) });
            at = end;
        } else if character.is_ascii_digit()
            || (character == '.'
                && characters.get(at + 1).is_some_and(char::is_ascii_digit)
                && !after_value(&words))
        {
            let (word, end) = number(&characters, at);
            words.push(word);
            at = end;
        } else if character.is_alphabetic() || character == '_' {
            let end = position(&characters, at, |c| !(c.is_alphanumeric() || c == '_'));
            words.push(Word::Name(characters[at..end].iter().collect()));
            at = end;
        } else {
            words.push(Word::Symbol(character));
            at += 1;
        }
    }
    words
}

fn after_value(words: &[Word]) -> bool {
    matches!(words.last(), Some(Word::Name(_) | Word::Quoted | Word::Symbol(')' | ']' | '}')))
}

fn position(characters: &[char], from: usize, stops: impl Fn(char) -> bool) -> usize {
    let found = characters.iter().skip(from).position(|&c| stops(c));
    found.map_or(characters.len(), |offset| from + offset)
}

/// How long the prefix of a text is that begins here, and its mark.
fn text_start(characters: &[char]) -> Option<(usize, char)> {
    let prefix = characters.iter().take_while(|c| matches!(c, 'r' | 'R' | 'b' | 'B')).count();
    match characters.get(prefix) {
        Some(&quote @ ('\'' | '"')) if prefix <= 2 => Some((prefix, quote)),
        _ => None,
    }
}

fn text(characters: &[char], start: usize, quote: char, raw: bool) -> (String, usize) {
    let triple = characters[start..].iter().take(3).filter(|&&c| c == quote).count() == 3;
    let length = if triple { 3 } else { 1 };
    let mut at = start + length;
    let begin = at;
    while at < characters.len() {
        if characters[at] == '\\' && !raw {
            at += 2;
        } else if characters[at..].iter().take(length).filter(|&&c| c == quote).count() == length {
            return (characters[begin..at].iter().collect(), at + length);
        } else {
            at += 1;
        }
    }
    (characters[begin.min(characters.len())..].iter().collect(), characters.len())
}

fn number(characters: &[char], start: usize) -> (Word, usize) {
    let hexadecimal =
        characters.get(start) == Some(&'0') && matches!(characters.get(start + 1), Some('x' | 'X'));
    let mut at = if hexadecimal { start + 2 } else { start };
    let mut double = false;
    while let Some(&character) = characters.get(at) {
        match character {
            '0'..='9' => {}
            'a'..='f' | 'A'..='F' if hexadecimal => {}
            '.' if !double && characters.get(at + 1).is_some_and(char::is_ascii_digit) => double = true,
            'e' | 'E' => {
                double = true;
                at += usize::from(matches!(characters.get(at + 1), Some('+' | '-')));
            }
            'u' | 'U' => return (Word::Uint, at + 1),
            _ => break,
        }
        at += 1;
    }
    (if double { Word::Double } else { Word::Int }, at)
}

#[test]
fn words_are_seen() {
    use Word::{Bytes, Double, Int, Name, Quoted, Symbol, Text, Uint};
    assert_eq!(
        words("dyn(1u) == [0x1F, .5, 1e+3, rb'a\\', \"it\\\"s\", '''x'y''', a.`b`] // 'c'"),
        [
            Name("dyn".into()),
            Symbol('('),
            Uint,
            Symbol(')'),
            Symbol('='),
            Symbol('='),
            Symbol('['),
            Int,
            Symbol(','),
            Double,
            Symbol(','),
            Double,
            Symbol(','),
            Bytes,
            Symbol(','),
            Text("it\\\"s".into()),
            Symbol(','),
            Text("x'y".into()),
            Symbol(','),
            Name("a".into()),
            Symbol('.'),
            Quoted,
            Symbol(']'),
        ]
    );
}
