//! The smallest automaton that decides the same (Hopcroft's algorithm), its states numbered in the order in which they
//! are reached, so that a pattern has one table wherever it is made.

use super::dfa::{ACCEPT, DEAD, Dfa};

/// The least automaton: 0 is dead, 1 has matched, the others follow in the order in which they are reached.
pub(super) fn minimize(dfa: &Dfa) -> Dfa {
    let count = dfa.at_end.len();
    let mut partition = Partition::new(&dfa.at_end);
    let backwards: Vec<Backwards> = (0..dfa.classes).map(|class| Backwards::new(dfa, class)).collect();
    // Which block, by which class, may still tell states apart.
    let mut open: Vec<(usize, usize)> = Vec::new();
    for block in 0..partition.first.len() {
        open.extend((0..dfa.classes).map(|class| (block, class)));
    }
    let mut leading = Vec::new();
    while let Some((block, class)) = open.pop() {
        leading.clear();
        for &state in partition.members(block) {
            leading.extend_from_slice(backwards[class].to(state));
        }
        for &state in &leading {
            partition.mark(state);
        }
        for block in std::mem::take(&mut partition.touched) {
            // The new block is the smaller part: whether or not the old one is still open, opening it is enough.
            if let Some(fresh) = partition.split(block) {
                open.extend((0..dfa.classes).map(|class| (fresh, class)));
            }
        }
    }

    let block_of = |state: u32| partition.block[state as usize];
    let mut number = vec![u32::MAX; partition.first.len()];
    number[block_of(DEAD)] = DEAD;
    number[block_of(ACCEPT)] = ACCEPT;
    let mut samples = vec![DEAD, ACCEPT];
    let mut reach = |state: u32, samples: &mut Vec<u32>| {
        let number = &mut number[block_of(state)];
        if *number == u32::MAX {
            *number = samples.len() as u32;
            samples.push(state);
        }
        *number
    };
    let start = reach(dfa.start, &mut samples);
    let mut least = Dfa { classes: dfa.classes, start, next: Vec::new(), at_end: Vec::new() };
    let mut done = 0;
    while let Some(&sample) = samples.get(done) {
        done += 1;
        least.at_end.push(dfa.at_end[sample as usize]);
        for class in 0..dfa.classes {
            let next = dfa.next[sample as usize * dfa.classes + class];
            least.next.push(reach(next, &mut samples));
        }
    }
    debug_assert!(least.at_end.len() <= count);
    least
}

/// The states that lead to each state by one class.
struct Backwards {
    first: Vec<u32>,
    from: Vec<u32>,
}

impl Backwards {
    fn new(dfa: &Dfa, class: usize) -> Backwards {
        let count = dfa.at_end.len();
        let to = |state: usize| dfa.next[state * dfa.classes + class] as usize;
        let mut first = vec![0u32; count + 1];
        for state in 0..count {
            first[to(state) + 1] += 1;
        }
        for at in 0..count {
            first[at + 1] += first[at];
        }
        let mut free = first.clone();
        let mut from = vec![0u32; count];
        for state in 0..count {
            let slot = &mut free[to(state)];
            from[*slot as usize] = state as u32;
            *slot += 1;
        }
        Backwards { first, from }
    }

    fn to(&self, state: u32) -> &[u32] {
        let (start, end) = (self.first[state as usize], self.first[state as usize + 1]);
        &self.from[start as usize..end as usize]
    }
}

/// States in blocks; the marked ones of a block stand in front.
struct Partition {
    members: Vec<u32>,
    /// Where each state stands among the members.
    place: Vec<usize>,
    block: Vec<usize>,
    first: Vec<usize>,
    end: Vec<usize>,
    marked: Vec<usize>,
    touched: Vec<usize>,
}

impl Partition {
    /// Two blocks: states in which a text may not end, and those in which it may.
    fn new(at_end: &[bool]) -> Partition {
        let of = |wanted: bool| (0..at_end.len()).filter(move |&state| at_end[state] == wanted);
        let members: Vec<u32> = of(false).chain(of(true)).map(|state| state as u32).collect();
        let middle = of(false).count();
        let mut place = vec![0; at_end.len()];
        for (at, &state) in members.iter().enumerate() {
            place[state as usize] = at;
        }
        Partition {
            place,
            block: at_end.iter().map(|&at_end| usize::from(at_end)).collect(),
            first: vec![0, middle],
            end: vec![middle, members.len()],
            marked: vec![0, 0],
            touched: Vec::new(),
            members,
        }
    }

    fn members(&self, block: usize) -> &[u32] {
        &self.members[self.first[block]..self.end[block]]
    }

    fn mark(&mut self, state: u32) {
        let block = self.block[state as usize];
        let (at, to) = (self.place[state as usize], self.first[block] + self.marked[block]);
        if at < to {
            return;
        }
        let other = self.members[to];
        self.members.swap(at, to);
        self.place[state as usize] = to;
        self.place[other as usize] = at;
        if self.marked[block] == 0 {
            self.touched.push(block);
        }
        self.marked[block] += 1;
    }

    /// Parts the marked states from the others; the smaller part becomes the new block, if there are two.
    fn split(&mut self, block: usize) -> Option<usize> {
        let (first, end) = (self.first[block], self.end[block]);
        let middle = first + std::mem::take(&mut self.marked[block]);
        if middle == end {
            return None;
        }
        let fresh = self.first.len();
        let (start, stop) = if middle - first <= end - middle {
            self.first[block] = middle;
            (first, middle)
        } else {
            self.end[block] = middle;
            (middle, end)
        };
        self.first.push(start);
        self.end.push(stop);
        self.marked.push(0);
        for at in start..stop {
            self.block[self.members[at] as usize] = fresh;
        }
        Some(fresh)
    }
}
