//! Texts that match, for whoever draws inputs: a walk through the table that ends where a match does.

use super::Pattern;
use super::table::Table;

/// A walk strays from the shortest way for at most this many characters.
const STRAY: usize = 12;

impl Pattern {
    /// A text of `least` to `most` characters that matches, if the walk finds one; `choose(n)` gives a number below `n`.
    /// With a `choose` that is always 0 it is a short one.
    pub fn example(
        &self,
        least: usize,
        most: usize,
        mut choose: impl FnMut(usize) -> usize,
    ) -> Option<String> {
        let table = self.table();
        let distances = distances(table);
        let mut text = String::new();
        let (mut length, mut state) = (0, usize::from(table.start));
        loop {
            let far = *distances.get(state)?;
            let left = most.checked_sub(length)?;
            if far > left {
                return None;
            }
            let strays = length < least || length < STRAY && choose(3) > 0;
            if far == 0 && length >= least && !strays {
                return Some(text);
            }
            let near = |class: &usize| {
                let next = distances.get(table.step(state, *class)).copied().unwrap_or(usize::MAX);
                if strays { next < left } else { next < far || far == 0 && next == 0 }
            };
            let open: Vec<usize> = (0..usize::from(table.classes)).filter(near).collect();
            // It can go no further: it ends here if it may.
            let Some(&class) = open.get(choose(open.len().max(1))) else {
                return (far == 0 && length >= least).then_some(text);
            };
            let characters = table.characters(class);
            text.push(*characters.get(choose(characters.len().max(1)))?);
            length += 1;
            state = table.step(state, class);
        }
    }
}

impl Table {
    /// Some characters of a class, those that are easy to read first.
    fn characters(&self, class: usize) -> Vec<char> {
        let readable = (b'a'..=b'z').chain(b'0'..=b'9').chain(b'A'..=b'Z').chain(b' '..=b'~').chain(0..=127);
        let mut found: Vec<char> = Vec::new();
        for byte in readable {
            let of = self.ascii.get(usize::from(byte)).copied().map(usize::from);
            if of == Some(class) && !found.contains(&char::from(byte)) {
                found.push(byte.into());
            }
        }
        for (at, &(from, of)) in self.beyond.iter().enumerate() {
            let until = self.beyond.get(at + 1).map_or(0x11_0000, |&(until, _)| until);
            if usize::from(of) == class {
                found.extend(
                    [from, from + (until - from) / 2, until - 1].into_iter().filter_map(char::from_u32),
                );
            }
        }
        found
    }
}

/// How many characters each state is away from a match at least; `usize::MAX` if there is none.
fn distances(table: &Table) -> Vec<usize> {
    let classes = usize::from(table.classes);
    let rows = table.next.len() / classes.max(1) / if table.wide { 2 } else { 1 };
    let count = rows + 2;
    let mut back: Vec<Vec<usize>> = vec![Vec::new(); count];
    for state in 2..count {
        for class in 0..classes {
            if let Some(from) = back.get_mut(table.step(state, class)) {
                from.push(state);
            }
        }
    }
    let mut distances = vec![usize::MAX; count];
    let mut open: std::collections::VecDeque<usize> =
        (1..count).filter(|&state| state == 1 || state >= usize::from(table.ending)).collect();
    for &state in &open {
        distances[state] = 0;
    }
    while let Some(state) = open.pop_front() {
        for &from in &back[state] {
            if distances[from] == usize::MAX {
                distances[from] = distances[state] + 1;
                open.push_back(from);
            }
        }
    }
    distances
}
