//! Sets of values that an expression may have: what conditions on one expression amount to, and whether one condition
//! follows from another.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;
use traverse_contract::pattern::Pattern;

/// What values make a condition hold.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Set {
    /// True, or false.
    Truth { yes: bool, no: bool },
    /// Numbers: intervals in order, apart from each other; and whether a NaN belongs to them.
    Numbers { spans: Vec<Span>, whole: bool, nan: bool },
    /// These texts, or where `but` all others.
    Texts { members: BTreeSet<String>, but: bool },
    /// Texts that a pattern matches, or all others.
    Match { test: Test, matches: bool },
    /// How one value compares with another: less, equal, greater, or in no order.
    Order { less: bool, equal: bool, greater: bool, unordered: bool },
}

/// A pattern that texts are held against. A start, an end and a part are patterns, too.
#[derive(Clone, PartialEq)]
pub(crate) struct Test(pub(crate) Arc<Pattern>);

/// By its text: this is part of the words for an expression.
impl fmt::Debug for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.0.source(), f)
    }
}

/// An interval; `open` where the end itself does not belong to it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Span {
    pub(crate) low: f64,
    pub(crate) low_open: bool,
    pub(crate) high: f64,
    pub(crate) high_open: bool,
}

impl Span {
    pub(crate) const ALL: Span =
        Span { low: f64::NEG_INFINITY, low_open: false, high: f64::INFINITY, high_open: false };

    /// One number.
    pub(crate) fn point(number: f64) -> Span {
        Span { low: number, low_open: false, high: number, high_open: false }
    }

    fn is_empty(&self) -> bool {
        self.low > self.high || (self.low == self.high && (self.low_open || self.high_open))
    }

    /// The whole numbers in it, as a closed interval.
    fn whole(mut self) -> Span {
        let low = self.low.ceil();
        self.low = if low == self.low && self.low_open { low + 1.0 } else { low };
        let high = self.high.floor();
        self.high = if high == self.high && self.high_open { high - 1.0 } else { high };
        Span { low_open: false, high_open: false, ..self }
    }

    fn within(&self, other: &Span) -> bool {
        let low = self.low > other.low || (self.low == other.low && (self.low_open || !other.low_open));
        let high =
            self.high < other.high || (self.high == other.high && (self.high_open || !other.high_open));
        low && high
    }
}

impl Set {
    /// Numbers in these intervals, in any order.
    pub(crate) fn numbers(spans: Vec<Span>, whole: bool, nan: bool) -> Set {
        let mut spans: Vec<Span> = spans
            .into_iter()
            .map(|span| if whole { span.whole() } else { span })
            // There is one zero.
            .map(|span| Span { low: span.low + 0.0, high: span.high + 0.0, ..span })
            .filter(|span| !span.is_empty())
            .collect();
        spans.sort_by(|one, other| one.low.total_cmp(&other.low).then(one.low_open.cmp(&other.low_open)));
        let mut joined: Vec<Span> = Vec::new();
        for span in spans {
            match joined.last_mut() {
                Some(last) if touches(last, &span, whole) => {
                    if span.high > last.high || (span.high == last.high && !span.high_open) {
                        (last.high, last.high_open) = (span.high, span.high_open);
                    }
                }
                _ => joined.push(span),
            }
        }
        Set::Numbers { spans: joined, whole, nan }
    }

    pub(crate) fn truth(truth: bool) -> Set {
        Set::Truth { yes: truth, no: !truth }
    }

    pub(crate) fn texts<T: Into<String>>(members: impl IntoIterator<Item = T>) -> Set {
        Set::Texts { members: members.into_iter().map(Into::into).collect(), but: false }
    }

    /// All other values. A NaN is another value only where the expression can be one.
    pub(crate) fn complement(&self, can_be_nan: bool) -> Set {
        match self {
            Set::Truth { yes, no } => Set::Truth { yes: !yes, no: !no },
            Set::Texts { members, but } => Set::Texts { members: members.clone(), but: !but },
            Set::Match { test, matches } => Set::Match { test: test.clone(), matches: !matches },
            Set::Order { less, equal, greater, unordered } => Set::Order {
                less: !less,
                equal: !equal,
                greater: !greater,
                unordered: !unordered && can_be_nan,
            },
            Set::Numbers { spans, whole, nan } => {
                let mut gaps = Vec::new();
                let (mut low, mut low_open) = (f64::NEG_INFINITY, false);
                for span in spans {
                    gaps.push(Span { low, low_open, high: span.low, high_open: !span.low_open });
                    (low, low_open) = (span.high, !span.high_open);
                }
                gaps.push(Span { low, low_open, high: f64::INFINITY, high_open: false });
                // Nothing lies beyond an end that is infinite and its own.
                gaps.retain(|gap| !(gap.low == gap.high && gap.low.is_infinite()));
                Set::numbers(gaps, *whole, !nan && can_be_nan)
            }
        }
    }

    /// What is in both. `None` where the two are of different kinds, which are not compared.
    pub(crate) fn and(&self, other: &Set) -> Option<Set> {
        Some(match (self, other) {
            (Set::Truth { yes, no }, Set::Truth { yes: y, no: n }) => {
                Set::Truth { yes: *yes && *y, no: *no && *n }
            }
            (
                Set::Order { less, equal, greater, unordered },
                Set::Order { less: l, equal: e, greater: g, unordered: u },
            ) => Set::Order {
                less: *less && *l,
                equal: *equal && *e,
                greater: *greater && *g,
                unordered: *unordered && *u,
            },
            (Set::Texts { members: a, but: false }, Set::Texts { members: b, but: false }) => {
                Set::Texts { members: a & b, but: false }
            }
            (Set::Texts { members: a, but: false }, Set::Texts { members: b, but: true })
            | (Set::Texts { members: b, but: true }, Set::Texts { members: a, but: false }) => {
                Set::Texts { members: a - b, but: false }
            }
            (Set::Texts { members: a, but: true }, Set::Texts { members: b, but: true }) => {
                Set::Texts { members: a | b, but: true }
            }
            (Set::Numbers { spans: a, whole, nan }, Set::Numbers { spans: b, whole: w, nan: n }) => {
                let mut both = Vec::new();
                for one in a {
                    for other in b {
                        let (low, low_open) = match one.low.total_cmp(&other.low) {
                            std::cmp::Ordering::Equal => (one.low, one.low_open || other.low_open),
                            std::cmp::Ordering::Greater => (one.low, one.low_open),
                            std::cmp::Ordering::Less => (other.low, other.low_open),
                        };
                        let (high, high_open) = match one.high.total_cmp(&other.high) {
                            std::cmp::Ordering::Equal => (one.high, one.high_open || other.high_open),
                            std::cmp::Ordering::Less => (one.high, one.high_open),
                            std::cmp::Ordering::Greater => (other.high, other.high_open),
                        };
                        both.push(Span { low, low_open, high, high_open });
                    }
                }
                Set::numbers(both, *whole || *w, *nan && *n)
            }
            (one @ Set::Match { .. }, other) if one == other => one.clone(),
            _ => return None,
        })
    }

    /// What is in either, likewise.
    pub(crate) fn or(&self, other: &Set) -> Option<Set> {
        let neither = self.complement(true).and(&other.complement(true))?;
        Some(neither.complement(true))
    }

    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Set::Truth { yes, no } => !yes && !no,
            Set::Order { less, equal, greater, unordered } => !(*less || *equal || *greater || *unordered),
            Set::Texts { members, but } => members.is_empty() && !but,
            Set::Match { .. } => false,
            Set::Numbers { spans, nan, .. } => spans.is_empty() && !nan,
        }
    }

    /// Whether all of this set is in `other`.
    pub(crate) fn within(&self, other: &Set) -> bool {
        match (self, other) {
            (Set::Numbers { spans, whole, nan }, Set::Numbers { spans: others, nan: n, .. }) => {
                let others = Set::numbers(others.clone(), *whole, *n);
                let Set::Numbers { spans: others, .. } = others else { return false };
                (!nan || *n) && spans.iter().all(|span| others.iter().any(|other| span.within(other)))
            }
            (Set::Texts { members, but: true }, Set::Texts { members: others, but }) => {
                *but && others.is_subset(members)
            }
            _ => self.and(other).is_some_and(|both| both == *self),
        }
    }
}

/// Whether nothing lies between two intervals, the second of which does not begin before the first.
fn touches(first: &Span, second: &Span, whole: bool) -> bool {
    second.low < first.high
        || (second.low == first.high && !(second.low_open && first.high_open))
        || (whole && second.low - first.high <= 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(low: f64, low_open: bool, high: f64, high_open: bool) -> Span {
        Span { low, low_open, high, high_open }
    }

    const INF: f64 = f64::INFINITY;

    #[test]
    fn intervals_are_held_against_each_other() {
        let above = |low, open, whole| Set::numbers(vec![span(low, open, INF, false)], whole, false);
        assert!(above(10.0, true, false).within(&above(10.0, false, false)));
        assert!(!above(10.0, false, false).within(&above(10.0, true, false)));
        // Of whole numbers `> 0` and `>= 1` are the same.
        assert_eq!(above(0.0, true, true), above(1.0, false, true));
        assert_eq!(above(0.5, true, true), above(1.0, false, true));
        let points = |numbers: &[f64], whole| {
            Set::numbers(numbers.iter().map(|n| span(*n, false, *n, false)).collect(), whole, false)
        };
        assert_eq!(
            points(&[3.0, 1.0, 2.0], true),
            Set::numbers(vec![span(1.0, false, 3.0, false)], true, false)
        );
        assert!(points(&[1.0, 2.0], false).within(&above(0.0, true, false)));
        assert!(!points(&[1.0, 2.0], false).within(&points(&[1.0, 3.0], false)));
        assert!(points(&[0.5], true).is_empty());
        let not_one = points(&[1.0], false).complement(false);
        assert!(points(&[2.0], false).within(&not_one) && !points(&[1.0], false).within(&not_one));
        assert_eq!(not_one.complement(false), points(&[1.0], false));
        assert_eq!(above(10.0, true, false).or(&above(5.0, false, false)), Some(above(5.0, false, false)));
    }

    #[test]
    fn a_nan_belongs_to_what_is_not_compared() {
        let above = Set::numbers(vec![span(5.0, true, INF, false)], false, false);
        let not_above = above.complement(true);
        let below = Set::numbers(vec![span(-INF, false, 5.0, false)], false, false);
        assert!(below.within(&not_above) && !not_above.within(&below));
        assert_eq!(above.complement(false), below);
    }

    #[test]
    fn texts_and_orders_are_held_against_each_other() {
        let (ab, abc) = (Set::texts(["a", "b"]), Set::texts(["a", "b", "c"]));
        assert!(ab.within(&abc) && !abc.within(&ab));
        assert!(abc.complement(false).within(&ab.complement(false)));
        assert!(!ab.complement(false).within(&abc.complement(false)));
        assert!(ab.complement(false).and(&ab).is_some_and(|none| none.is_empty()));
        let less = Set::Order { less: true, equal: false, greater: false, unordered: false };
        let at_most = Set::Order { less: true, equal: true, greater: false, unordered: false };
        assert!(less.within(&at_most) && !at_most.within(&less));
        assert!(Set::truth(true).within(&Set::Truth { yes: true, no: true }));
    }
}
