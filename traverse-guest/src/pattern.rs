//! Patterns of `matches` and of the schema keyword `pattern`, as tables: the macro makes them, and no engine is in the
//! module (spec LANG-90).

/// A pattern's automaton. State 0 never matches any more, state 1 has matched; rows begin with state 2.
#[derive(Debug)]
pub struct Pattern {
    /// The class of each ASCII character.
    pub ascii: &'static [u8; 128],
    /// The classes of the others: from this code point on, this class.
    pub beyond: &'static [(u32, u8)],
    /// The length of a row.
    pub classes: u16,
    /// The first state.
    pub start: u16,
    /// From this state on, a text that ends there matches.
    pub ending: u16,
    /// Whether an entry is two bytes, the lower one first, and not one.
    pub wide: bool,
    /// The next state: one entry for each state from 2 on and each class.
    pub next: &'static [u8],
}

/// Whether some part of `text` matches: one look-up for each character, and an end as soon as the answer is known.
pub fn matches(text: &str, pattern: &Pattern) -> bool {
    let mut state = usize::from(pattern.start);
    let mut characters = text.chars();
    while state >= 2 {
        let Some(character) = characters.next() else { return state >= usize::from(pattern.ending) };
        let code = u32::from(character);
        let class = match pattern.ascii.get(code as usize) {
            Some(&class) => class,
            None => {
                let after = pattern.beyond.partition_point(|&(from, _)| from <= code);
                pattern.beyond.get(after.wrapping_sub(1)).map_or(0, |&(_, class)| class)
            }
        };
        let at = (state - 2) * usize::from(pattern.classes) + usize::from(class);
        let entry = |at: usize| usize::from(pattern.next.get(at).copied().unwrap_or(0));
        state = if pattern.wide { entry(2 * at) | entry(2 * at + 1) << 8 } else { entry(at) };
    }
    state == 1
}
