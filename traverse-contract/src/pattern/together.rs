//! Whether one text can meet several patterns: a walk through their tables at once.

use super::Pattern;
use super::table::Table;
use std::collections::{BTreeSet, HashSet};

/// How many steps are made before the question is left open.
const MAX_STEPS: usize = 200_000;

impl Pattern {
    /// The pattern of the texts that start with `text`.
    pub fn starting(text: &str) -> Option<Pattern> {
        Pattern::new(&format!(r"\A{}", quoted(text))).ok()
    }

    /// The pattern of the texts that end with `text`.
    pub fn ending(text: &str) -> Option<Pattern> {
        Pattern::new(&format!(r"{}\z", quoted(text))).ok()
    }

    /// The pattern of the texts that contain `text`.
    pub fn containing(text: &str) -> Option<Pattern> {
        Pattern::new(&quoted(text)).ok()
    }

    /// Whether it is proved that no text matches those patterns that are given with `true` and none of the others.
    /// "No" may also mean that the proof would take too long.
    pub fn exclude_each_other(patterns: &[(&Pattern, bool)]) -> bool {
        let tables: Vec<(&Table, bool)> =
            patterns.iter().map(|(pattern, matches)| (pattern.table(), *matches)).collect();
        // Whatever comes after, it matches, or no longer can.
        let lost = |states: &[usize]| {
            states.iter().zip(&tables).any(|(state, (_, matches))| *state == usize::from(!matches))
        };
        let ends = |states: &[usize]| {
            states.iter().zip(&tables).all(|(state, (table, matches))| {
                (*state == 1 || *state >= 2 && *state >= usize::from(table.ending)) == *matches
            })
        };
        let letters = letters(&tables);
        let start: Vec<usize> = tables.iter().map(|(table, _)| usize::from(table.start)).collect();
        let mut seen = HashSet::from([start.clone()]);
        let mut open = vec![start];
        let mut steps = 0;
        while let Some(states) = open.pop() {
            if lost(&states) {
                continue;
            }
            if ends(&states) {
                return false;
            }
            for letter in &letters {
                steps += 1;
                if steps > MAX_STEPS {
                    return false;
                }
                let next: Vec<usize> = states
                    .iter()
                    .zip(&tables)
                    .zip(letter)
                    .map(|((state, (table, _)), class)| table.step(*state, usize::from(*class)))
                    .collect();
                if !seen.contains(&next) {
                    seen.insert(next.clone());
                    open.push(next);
                }
            }
        }
        true
    }
}

/// The characters that some table tells apart: the class of each in every table.
fn letters(tables: &[(&Table, bool)]) -> BTreeSet<Vec<u8>> {
    let beyond = tables.iter().flat_map(|(table, _)| table.beyond.iter().map(|(from, _)| *from));
    // No text has the code points between these two.
    let codes =
        (0..=128).chain(beyond).map(|code| if (0xD800..0xE000).contains(&code) { 0xE000 } else { code });
    let classes = |code| tables.iter().map(|(table, _)| table.class(code)).collect();
    codes.filter(|code| char::from_u32(*code).is_some()).map(classes).collect()
}

/// A pattern that matches this text and no other.
fn quoted(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_ascii() && !character.is_ascii_alphanumeric() {
            pattern.push_str(&format!("\\x{{{:X}}}", u32::from(character)));
        } else {
            pattern.push(character);
        }
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(source: &str) -> Pattern {
        Pattern::new(source).expect("a pattern")
    }

    /// Whether each text that matches `one` matches `other`, as far as it is proved.
    fn within(one: &str, other: &str) -> bool {
        Pattern::exclude_each_other(&[(&pattern(one), true), (&pattern(other), false)])
    }

    /// spec: CHANGE-3
    #[test]
    fn patterns_are_held_against_each_other() {
        for (one, other, is_within) in [
            ("^[a-c]+$", "^[a-z]+$", true),
            ("^[a-z]+$", "^[a-c]+$", false),
            ("^a", "a", true),
            ("a", "^a", false),
            ("^[A-Z]{2}[0-9]{4}$", "^[A-Z]{2}", true),
            ("^(ab)*$", "^(abab)*$", false),
            ("^(abab)*$", "^(ab)*$", true),
            ("ä|ö", "[à-ÿ]", true),
            ("[à-ÿ]", "ä|ö", false),
            (r"\x{10000}", r"[\x{E000}-\x{10FFFF}]", true),
            ("x", "", true),
            ("^.*$", "(?s)^.*$", true),
            ("(?s)^.*$", "^.*$", false),
        ] {
            assert_eq!(within(one, other), is_within, "{one} in {other}");
        }
        assert!(Pattern::exclude_each_other(&[(&pattern("^a"), true), (&pattern("^b"), true)]));
        assert!(!Pattern::exclude_each_other(&[(&pattern("a"), true), (&pattern("b"), true)]));
        assert!(!Pattern::exclude_each_other(&[]));
    }

    #[test]
    fn texts_are_patterns_of_themselves() {
        let odd = "a.b\\E*[\u{7f}\n'ß";
        for text in ["", "ab", odd] {
            let [starts, ends, contains] =
                [Pattern::starting(text), Pattern::ending(text), Pattern::containing(text)]
                    .map(|pattern| pattern.expect("a pattern"));
            for other in
                [text.to_owned(), format!("{text}x"), format!("x{text}"), "axb".into(), String::new()]
            {
                assert_eq!(starts.is_match(&other), other.starts_with(text), "{text:?} {other:?}");
                assert_eq!(ends.is_match(&other), other.ends_with(text), "{text:?} {other:?}");
                assert_eq!(contains.is_match(&other), other.contains(text), "{text:?} {other:?}");
            }
        }
    }
}
