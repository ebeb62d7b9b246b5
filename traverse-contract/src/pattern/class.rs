//! Sets of code points, and the partition of all code points into classes that no set of a pattern tells apart.

use super::{Budget, TooLarge};
use std::collections::HashMap;

/// The last code point.
pub(super) const LAST: u32 = 0x10_ffff;

/// A set of code points: ranges, sorted and apart from each other.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(super) struct Set(Vec<(u32, u32)>);

impl Set {
    pub(super) fn of(ranges: &[(u32, u32)]) -> Set {
        let mut ranges = ranges.to_vec();
        ranges.sort_unstable();
        let mut merged: Vec<(u32, u32)> = Vec::with_capacity(ranges.len());
        for (low, high) in ranges {
            match merged.last_mut() {
                Some(last) if low <= last.1.saturating_add(1) => last.1 = last.1.max(high),
                _ => merged.push((low, high)),
            }
        }
        Set(merged)
    }

    pub(super) fn ranges(&self) -> &[(u32, u32)] {
        &self.0
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn contains(&self, code: u32) -> bool {
        let after = self.0.partition_point(|&(low, _)| low <= code);
        after.checked_sub(1).and_then(|at| self.0.get(at)).is_some_and(|&(_, high)| code <= high)
    }

    pub(super) fn negate(&self) -> Set {
        let mut outside = Vec::with_capacity(self.0.len() + 1);
        let mut from = 0;
        for &(low, high) in &self.0 {
            if from < low {
                outside.push((from, low - 1));
            }
            from = high + 1;
        }
        if from <= LAST {
            outside.push((from, LAST));
        }
        Set(outside)
    }

    /// With both cases of every ASCII letter, and with the two letters beyond ASCII that are cases of one (the Kelvin
    /// sign of `k`, the long s of `s`). Other letters have no case here; the parser refuses them.
    pub(super) fn fold(&self) -> Set {
        let mut ranges = self.0.clone();
        for lower in b'a'..=b'z' {
            let (lower, upper) = (u32::from(lower), u32::from(lower.to_ascii_uppercase()));
            let other = match lower {
                0x6b => Some(0x212a),
                0x73 => Some(0x17f),
                _ => None,
            };
            if self.contains(lower) || self.contains(upper) || other.is_some_and(|other| self.contains(other))
            {
                ranges.extend([(lower, lower), (upper, upper)]);
                ranges.extend(other.map(|other| (other, other)));
            }
        }
        Set::of(&ranges)
    }
}

/// The classes of code points: which each is in, and which sets they make up.
#[derive(Debug)]
pub(super) struct Classes {
    /// The first code point of each interval, and the class of the interval; the first is 0.
    pub(super) starts: Vec<(u32, u8)>,
    /// A code point of each class.
    pub(super) samples: Vec<u32>,
}

impl Classes {
    /// At most this many, so that a class is a byte.
    const MOST: usize = 256;

    /// The coarsest partition in which every set is a union of classes.
    pub(super) fn of(sets: &[&Set], budget: &mut Budget) -> Result<Classes, TooLarge> {
        let mut bounds = vec![0];
        for set in sets {
            budget.take(set.ranges().len())?;
            for &(low, high) in set.ranges() {
                bounds.push(low);
                if high < LAST {
                    bounds.push(high + 1);
                }
            }
        }
        bounds.sort_unstable();
        bounds.dedup();
        let mut class_of = vec![0usize; bounds.len()];
        for set in sets {
            budget.take(bounds.len())?;
            let mut renamed: HashMap<(usize, bool), usize> = HashMap::new();
            for (class, &bound) in class_of.iter_mut().zip(&bounds) {
                let fresh = renamed.len();
                *class = *renamed.entry((*class, set.contains(bound))).or_insert(fresh);
            }
            if renamed.len() > Classes::MOST {
                return Err(TooLarge);
            }
        }
        let mut starts = Vec::with_capacity(bounds.len());
        let mut samples = Vec::new();
        for (&bound, &class) in bounds.iter().zip(&class_of) {
            // Classes are numbered as they first occur.
            if class == samples.len() {
                samples.push(bound);
            }
            starts.push((bound, u8::try_from(class).map_err(|_| TooLarge)?));
        }
        Ok(Classes { starts, samples })
    }
}
