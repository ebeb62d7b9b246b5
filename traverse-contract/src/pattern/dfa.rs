//! Automaton with choices → automaton without: one state for each set of states that the other can be in at once.
//!
//! A match may begin at any character, so the first state is added at each step. Conditions on what is before are
//! settled when a state is made; those on what follows wait in it until the next character, or the end, is known.

use super::nfa::{Bits, Nfa, State};
use super::parse::Look;
use super::{Budget, TooLarge, nfa};
use std::collections::HashMap;

/// The most transitions before minimising.
const MOST_TRANSITIONS: usize = 1 << 19;

/// Nothing can match any more.
pub(super) const DEAD: u32 = 0;
/// It has matched.
pub(super) const ACCEPT: u32 = 1;

/// A complete automaton: `next[state * classes + class]`.
#[derive(Debug)]
pub(super) struct Dfa {
    pub(super) classes: usize,
    pub(super) start: u32,
    pub(super) next: Vec<u32>,
    /// Whether the text matches if it ends in this state.
    pub(super) at_end: Vec<bool>,
}

/// What stands before or behind a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Side {
    /// An end of the text.
    Edge,
    Word,
    Newline,
    Other,
}

/// States of the other automaton, sorted, and what stands before, where a waiting condition will ask.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    states: Vec<u32>,
    before: Side,
}

pub(super) fn determinize(nfa: &Nfa, budget: &mut Budget) -> Result<Dfa, TooLarge> {
    let word = nfa::word();
    let sides: Vec<Side> = nfa
        .classes
        .samples
        .iter()
        .map(|&sample| match sample {
            0x0a => Side::Newline,
            _ if word.contains(sample) => Side::Word,
            _ => Side::Other,
        })
        .collect();
    let mut maker = Maker {
        nfa,
        budget,
        seen: vec![0; nfa.states.len()],
        round: 0,
        numbers: HashMap::new(),
        keys: Vec::new(),
        dfa: Dfa { classes: sides.len(), start: DEAD, next: Vec::new(), at_end: Vec::new() },
    };
    for (state, at_end) in [(DEAD, false), (ACCEPT, true)] {
        maker.dfa.next.extend(sides.iter().map(|_| state));
        maker.dfa.at_end.push(at_end);
    }
    maker.dfa.start = maker.state(&[], Side::Edge)?;
    let mut done = 0;
    while let Some(key) = maker.keys.get(done).cloned() {
        done += 1;
        maker.expand(&key, &sides)?;
    }
    Ok(maker.dfa)
}

struct Maker<'a> {
    nfa: &'a Nfa,
    budget: &'a mut Budget,
    /// The round in which each state was last met.
    seen: Vec<u32>,
    round: u32,
    numbers: HashMap<Key, u32>,
    /// By number, less the two that have no key.
    keys: Vec<Key>,
    dfa: Dfa,
}

/// What a state does where the character behind it is of one side.
struct Behind {
    side: Side,
    matched: bool,
    /// Sets and what follows them.
    steps: Vec<(Bits, u32)>,
}

impl Maker<'_> {
    fn expand(&mut self, key: &Key, sides: &[Side]) -> Result<(), TooLarge> {
        self.budget.take(key.states.len())?;
        let waiting: Vec<u32> = key
            .states
            .iter()
            .copied()
            .filter(|&state| matches!(self.get(state), State::Look { .. }))
            .collect();
        let steps = self.steps(&key.states);
        let mut behind: Vec<Behind> = Vec::new();
        let mut targets = Vec::new();
        for (class, &side) in sides.iter().enumerate() {
            // Without waiting conditions, what follows does not matter.
            let side_asked = if waiting.is_empty() { Side::Other } else { side };
            let at = match behind.iter().position(|known| known.side == side_asked) {
                Some(at) => at,
                None => {
                    let mut known = Behind { side: side_asked, matched: false, steps: steps.clone() };
                    if !waiting.is_empty() {
                        let mut reached = Vec::new();
                        known.matched = self.close(&waiting, key.before, Some(side_asked), &mut reached)?;
                        known.steps.extend(self.steps(&reached));
                    }
                    behind.push(known);
                    behind.len() - 1
                }
            };
            let known = &behind[at];
            let next = if known.matched {
                ACCEPT
            } else {
                self.budget.take(known.steps.len() + 1)?;
                targets.clear();
                let (word, bit) = (class / 64, 1 << (class % 64));
                targets.extend(
                    known.steps.iter().filter(|(bits, _)| bits[word] & bit != 0).map(|&(_, next)| next),
                );
                self.state(&targets, side)?
            };
            self.dfa.next.push(next);
        }
        let at_end =
            !waiting.is_empty() && self.close(&waiting, key.before, Some(Side::Edge), &mut Vec::new())?;
        self.dfa.at_end.push(at_end);
        Ok(())
    }

    fn get(&self, state: u32) -> State {
        self.nfa.states.get(state as usize).copied().unwrap_or(State::Match)
    }

    fn steps(&self, states: &[u32]) -> Vec<(Bits, u32)> {
        let step = |&state: &u32| match self.get(state) {
            State::Step { set, next } => Some((self.nfa.sets.get(set as usize).copied()?, next)),
            _ => None,
        };
        states.iter().filter_map(step).collect()
    }

    /// The number of the state in which the other automaton is at `from` and at its beginning.
    fn state(&mut self, from: &[u32], before: Side) -> Result<u32, TooLarge> {
        let mut states = Vec::new();
        let mut from = from.to_vec();
        from.push(self.nfa.start);
        if self.close(&from, before, None, &mut states)? {
            return Ok(ACCEPT);
        }
        states.sort_unstable();
        let waits = states.iter().any(|&state| matches!(self.get(state), State::Look { .. }));
        let key = Key { states, before: if waits { before } else { Side::Other } };
        if let Some(&number) = self.numbers.get(&key) {
            return Ok(number);
        }
        let number = self.keys.len() + 2;
        if number * self.dfa.classes >= MOST_TRANSITIONS {
            return Err(TooLarge);
        }
        self.budget.take(key.states.len() + self.dfa.classes)?;
        let number = u32::try_from(number).map_err(|_| TooLarge)?;
        self.keys.push(key.clone());
        self.numbers.insert(key, number);
        Ok(number)
    }

    /// Follows choices and conditions from `from`; true if that ends in a match. Steps are put into `into`, and so are
    /// conditions on what is behind where that is not known.
    fn close(
        &mut self,
        from: &[u32],
        before: Side,
        behind: Option<Side>,
        into: &mut Vec<u32>,
    ) -> Result<bool, TooLarge> {
        self.round += 1;
        let mut open = from.to_vec();
        while let Some(state) = open.pop() {
            self.budget.take(1)?;
            match self.seen.get_mut(state as usize) {
                Some(seen) if *seen != self.round => *seen = self.round,
                _ => continue,
            }
            match self.get(state) {
                State::Match => return Ok(true),
                State::Step { .. } => into.push(state),
                State::Split(one, other) => open.extend([one, other]),
                State::Look { look, next } => match holds(look, before, behind) {
                    Some(true) => open.push(next),
                    Some(false) => {}
                    None => into.push(state),
                },
            }
        }
        Ok(false)
    }
}

/// Whether a condition holds; `None` where that depends on what is behind, and that is not known.
fn holds(look: Look, before: Side, behind: Option<Side>) -> Option<bool> {
    match look {
        Look::StartText => Some(before == Side::Edge),
        Look::StartLine => Some(matches!(before, Side::Edge | Side::Newline)),
        Look::EndText => behind.map(|behind| behind == Side::Edge),
        Look::EndLine => behind.map(|behind| matches!(behind, Side::Edge | Side::Newline)),
        Look::Word => behind.map(|behind| (before == Side::Word) != (behind == Side::Word)),
        Look::NotWord => behind.map(|behind| (before == Side::Word) == (behind == Side::Word)),
    }
}
