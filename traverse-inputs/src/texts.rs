//! Texts of a length, near a wished one, or odd.

use crate::wishes::Wishes;
use fastrand::Rng;
use traverse_contract::schema::{LengthBounds, StringBounds};

const ODD: [&str; 18] = [
    "", " ", "\u{0}", "\u{7f}", "\t\n", "\"", "\\", "'", "é", "e\u{301}", "ß", "İ", "😀", "\u{202e}",
    "\u{ffff}", "0", "-1.5", "true",
];

/// A text that fits its schema: where there is a pattern, one that is wished and matches, or one out of the pattern.
pub(crate) fn text(rng: &mut Rng, bounds: &StringBounds, wishes: Option<&Wishes>) -> String {
    let drawn = of_any_kind(rng, &bounds.length, wishes);
    let Some(pattern) = bounds.pattern.as_ref().filter(|pattern| !pattern.is_match(&drawn)) else {
        return drawn;
    };
    let least = bounds.length.min.unwrap_or(0).min(MAX_LENGTH) as usize;
    let most = bounds.length.max.unwrap_or(MAX_LENGTH).min(MAX_LENGTH) as usize;
    pattern.example(least, most, |below| rng.usize(..below.max(1))).unwrap_or(drawn)
}

/// A text whose number of characters is within bounds.
fn of_any_kind(rng: &mut Rng, bounds: &LengthBounds, wishes: Option<&Wishes>) -> String {
    let wished = wishes.and_then(|wishes| rng.choice(&wishes.texts));
    let length = wishes.and_then(|wishes| rng.choice(&wishes.lengths)).copied();
    let drawn = match (rng.u8(..16), wished, length) {
        (0..6, Some(wished), _) => wished.clone(),
        (6..9, Some(wished), _) => beside(rng, wished),
        (9..12, _, Some(length)) => of_length(rng, length),
        (12, ..) => rng.choice(ODD).unwrap_or("").to_owned(),
        (13, ..) => {
            let length = bounds.max.filter(|max| *max <= MAX_LENGTH).unwrap_or(300);
            of_length(rng, length)
        }
        (14, ..) => of_length(rng, bounds.min.unwrap_or(0).min(MAX_LENGTH)),
        _ => {
            let length = rng.u64(0..=6);
            of_length(rng, length)
        }
    };
    fitted(rng, drawn, bounds)
}

/// Longer texts are drawn only where a schema asks for them.
const MAX_LENGTH: u64 = 4000;

/// A text that is nearly `text`.
pub(crate) fn beside(rng: &mut Rng, text: &str) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    match rng.u8(..6) {
        0 => characters.push(character(rng)),
        1 => characters.insert(0, character(rng)),
        2 if !characters.is_empty() => {
            characters.remove(rng.usize(..characters.len()));
        }
        3 if !characters.is_empty() => {
            let at = rng.usize(..characters.len());
            characters[at] = character(rng);
        }
        4 => {
            return match rng.u8(..5) {
                0 | 1 => text.to_uppercase(),
                2 | 3 => text.to_lowercase(),
                // Letters that are these only where case does not matter.
                _ => text.replace(['s', 'S'], "\u{17f}").replace(['k', 'K'], "\u{212a}"),
            };
        }
        _ => {
            characters.push(character(rng));
            characters.insert(0, character(rng));
        }
    }
    characters.into_iter().collect()
}

/// A text of so many characters.
pub(crate) fn of_length(rng: &mut Rng, length: u64) -> String {
    if rng.u8(..4) > 0 {
        return (0..length).map(|_| rng.char('a'..='e')).collect();
    }
    (0..length).map(|_| character(rng)).collect()
}

fn character(rng: &mut Rng) -> char {
    match rng.u8(..12) {
        0..6 => rng.char('a'..='z'),
        6 => rng.char('A'..='Z'),
        7 | 8 => rng.char('0'..='9'),
        9 => rng.char(' '..='~'),
        10 => rng.char('\u{a0}'..='\u{17f}'),
        _ => rng.char('\u{0}'..='\u{10ffff}'),
    }
}

/// `text` cut or lengthened to be within bounds.
fn fitted(rng: &mut Rng, text: String, bounds: &LengthBounds) -> String {
    let (least, most) = (bounds.min.unwrap_or(0), bounds.max.unwrap_or(u64::MAX));
    let length = text.chars().count() as u64;
    if length < least {
        let more = of_length(rng, (least - length).min(MAX_LENGTH * 16));
        return text + &more;
    }
    if length > most { text.chars().take(most as usize).collect() } else { text }
}
