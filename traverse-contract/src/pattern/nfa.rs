//! Pattern → automaton with choices, built from the end: what comes after a part is known when the part is built.

use super::class::{Classes, Set};
use super::parse::{Look, Node};
use super::{Budget, TooLarge};
use std::collections::HashMap;

/// The states of a pattern that is not too large.
const MOST_STATES: usize = 20_000;

/// A state.
#[derive(Debug, Clone, Copy)]
pub(super) enum State {
    /// The pattern is found.
    Match,
    /// A character out of the set of this number, and on.
    Step { set: u32, next: u32 },
    /// A condition on what is before and behind, and on.
    Look { look: Look, next: u32 },
    /// Both.
    Split(u32, u32),
}

/// The classes that make up a set, as bits.
pub(super) type Bits = [u64; 4];

/// The automaton.
#[derive(Debug)]
pub(super) struct Nfa {
    pub(super) states: Vec<State>,
    pub(super) start: u32,
    pub(super) classes: Classes,
    /// By number of the set.
    pub(super) sets: Vec<Bits>,
}

/// What `\b` takes for part of a word.
pub(super) fn word() -> Set {
    Set::of(&[(0x30, 0x39), (0x41, 0x5a), (0x5f, 0x5f), (0x61, 0x7a)])
}

pub(super) fn compile(node: &Node, budget: &mut Budget) -> Result<Nfa, TooLarge> {
    let mut builder = Builder {
        states: vec![State::Match],
        sets: Vec::new(),
        numbers: HashMap::new(),
        looks: false,
        budget,
    };
    let start = builder.node(node, 0)?;
    let (states, sets, looks) = (builder.states, builder.sets, builder.looks);
    // What conditions ask about must not be split by a class.
    let asked = [word(), Set::of(&[(0x0a, 0x0a)])];
    let apart = sets.iter().copied().chain(asked.iter().filter(|_| looks)).collect::<Vec<_>>();
    let classes = Classes::of(&apart, budget)?;
    let bits = |set: &Set| {
        let mut bits = Bits::default();
        for (class, &sample) in classes.samples.iter().enumerate() {
            if set.contains(sample) {
                bits[class / 64] |= 1 << (class % 64);
            }
        }
        bits
    };
    budget.take(sets.len() * classes.samples.len())?;
    let sets = sets.into_iter().map(bits).collect();
    Ok(Nfa { states, start, classes, sets })
}

struct Builder<'n, 'b> {
    states: Vec<State>,
    sets: Vec<&'n Set>,
    numbers: HashMap<&'n Set, u32>,
    /// Whether there are conditions other than on the ends of the text.
    looks: bool,
    budget: &'b mut Budget,
}

impl<'n> Builder<'n, '_> {
    fn push(&mut self, state: State) -> Result<u32, TooLarge> {
        self.budget.take(1)?;
        if self.states.len() >= MOST_STATES {
            return Err(TooLarge);
        }
        self.states.push(state);
        u32::try_from(self.states.len() - 1).map_err(|_| TooLarge)
    }

    /// The first state of `node`, which goes on to `next`.
    fn node(&mut self, node: &'n Node, next: u32) -> Result<u32, TooLarge> {
        self.budget.take(1)?;
        match node {
            Node::Empty => Ok(next),
            Node::Set(set) => {
                let fresh = self.sets.len() as u32;
                let number = *self.numbers.entry(set).or_insert(fresh);
                if number == fresh {
                    self.sets.push(set);
                }
                self.push(State::Step { set: number, next })
            }
            Node::Look(look) => {
                self.looks |= !matches!(look, Look::StartText | Look::EndText);
                self.push(State::Look { look: *look, next })
            }
            Node::Concat(parts) => parts.iter().rev().try_fold(next, |next, part| self.node(part, next)),
            Node::Alternate(branches) => {
                let mut entry = None;
                for branch in branches.iter().rev() {
                    let branch = self.node(branch, next)?;
                    entry = Some(match entry {
                        Some(others) => self.push(State::Split(branch, others))?,
                        None => branch,
                    });
                }
                Ok(entry.unwrap_or(next))
            }
            Node::Repeat { node, min, max } => {
                let mut entry = next;
                match max {
                    None => {
                        // The body comes back to the choice in front of it.
                        entry = self.push(State::Split(next, next))?;
                        let body = self.node(node, entry)?;
                        if let Some(choice) = self.states.get_mut(entry as usize) {
                            *choice = State::Split(body, next);
                        }
                    }
                    Some(max) => {
                        for _ in *min..*max {
                            let body = self.node(node, entry)?;
                            entry = self.push(State::Split(body, next))?;
                        }
                    }
                }
                (0..*min).try_fold(entry, |entry, _| self.node(node, entry))
            }
        }
    }
}
