//! What is left of a pattern: a table, and the loop that runs it. The SDK has the same loop over the same table.

use super::class::Classes;
use super::dfa::{ACCEPT, Dfa};
use super::{MAX_TABLE_BYTES, TooLarge};
use std::collections::HashMap;

/// A pattern's automaton. State 0 never matches any more, state 1 has matched; rows begin with state 2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The class of each ASCII character.
    pub ascii: [u8; 128],
    /// The classes of the others: from this code point on, this class. The first is from 128 on.
    pub beyond: Vec<(u32, u8)>,
    /// The length of a row.
    pub classes: u16,
    /// The first state.
    pub start: u16,
    /// From this state on, a text that ends there matches.
    pub ending: u16,
    /// Whether an entry is two bytes, the lower one first, and not one.
    pub wide: bool,
    /// The next state: one entry for each state from 2 on and each class.
    pub next: Vec<u8>,
}

impl Table {
    pub(super) fn is_match(&self, text: &str) -> bool {
        let mut state = usize::from(self.start);
        if state < 2 {
            return state == 1;
        }
        for character in text.chars() {
            state = self.step(state, usize::from(self.class(u32::from(character))));
            if state < 2 {
                return state == 1;
            }
        }
        state >= usize::from(self.ending)
    }

    /// The class of a code point.
    pub(super) fn class(&self, code: u32) -> u8 {
        if let Some(&class) = self.ascii.get(code as usize) {
            return class;
        }
        let after = self.beyond.partition_point(|&(from, _)| from <= code);
        after.checked_sub(1).and_then(|at| self.beyond.get(at)).map_or(0, |&(_, class)| class)
    }

    /// The state after `state` and a character of `class`.
    pub(super) fn step(&self, state: usize, class: usize) -> usize {
        if state < 2 {
            return state;
        }
        let at = (state - 2) * usize::from(self.classes) + class;
        let entry = |at: usize| usize::from(self.next.get(at).copied().unwrap_or_default());
        if self.wide { entry(2 * at) | entry(2 * at + 1) << 8 } else { entry(at) }
    }

    pub(super) fn decided(&self) -> Option<bool> {
        (self.start < 2).then_some(self.start == 1)
    }
}

/// Lays out the least automaton of a pattern.
pub(super) fn lay_out(dfa: &Dfa, classes: &Classes) -> Result<Table, TooLarge> {
    // States in which a text may end stand last.
    let count = dfa.at_end.len();
    let rows = || ACCEPT as usize + 1..count;
    let (not_ending, ending): (Vec<usize>, Vec<usize>) = rows().partition(|&state| !dfa.at_end[state]);
    let first_ending = 2 + not_ending.len();
    let order: Vec<usize> = not_ending.into_iter().chain(ending).collect();
    let mut number: Vec<usize> = vec![0, 1];
    number.resize(count, 0);
    for (at, &state) in order.iter().enumerate() {
        number[state] = at + 2;
    }
    // Classes that lead to the same states everywhere are one.
    let mut columns: HashMap<Vec<u32>, u8> = HashMap::new();
    let mut kept = Vec::new();
    let mut merged = Vec::with_capacity(dfa.classes);
    for class in 0..dfa.classes {
        let column: Vec<u32> = rows().map(|state| dfa.next[state * dfa.classes + class]).collect();
        let fresh = u8::try_from(kept.len()).map_err(|_| TooLarge)?;
        let of = *columns.entry(column).or_insert(fresh);
        if of == fresh {
            kept.push(class);
        }
        merged.push(of);
    }
    let wide = count > 256;
    if order.len() * kept.len() * if wide { 2 } else { 1 } > MAX_TABLE_BYTES {
        return Err(TooLarge);
    }
    let mut next = Vec::new();
    for &state in &order {
        for class in &kept {
            let to = u16::try_from(number[dfa.next[state * dfa.classes + class] as usize])
                .map_err(|_| TooLarge)?;
            let bytes = to.to_le_bytes();
            next.extend_from_slice(if wide { &bytes } else { &bytes[..1] });
        }
    }
    let mut ascii = [0; 128];
    let mut beyond: Vec<(u32, u8)> = Vec::new();
    for (at, &(from, class)) in classes.starts.iter().enumerate() {
        let class = merged[usize::from(class)];
        let until = classes.starts.get(at + 1).map_or(u32::MAX, |&(until, _)| until);
        for code in from..until.min(128) {
            ascii[code as usize] = class;
        }
        if until > 128 && beyond.last().is_none_or(|&(_, last)| last != class) {
            beyond.push((from.max(128), class));
        }
    }
    let small = |value: usize| u16::try_from(value).map_err(|_| TooLarge);
    Ok(Table {
        ascii,
        beyond,
        classes: small(kept.len())?,
        start: small(number[dfa.start as usize])?,
        ending: small(first_ending)?,
        wide,
        next,
    })
}
