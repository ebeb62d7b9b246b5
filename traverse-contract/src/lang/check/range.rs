//! What can be known of a value without knowing it: ranges of numbers, sets and sizes of texts, sizes of lists.
//!
//! Every set here holds at least the values that there can be, so what is said to be impossible is.

mod arithmetic;
mod described;

pub(super) use arithmetic::{double_arithmetic, int_arithmetic};

use crate::lang::syntax::BinaryOp;
use crate::number::compare_int_double;
use std::cmp::Ordering;
use std::collections::BTreeSet;

/// No more texts than this are told apart.
const MOST_TEXTS: usize = 64;

/// Which values an expression can have.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Known {
    /// Nothing is known.
    Any,
    Null,
    Bool(Truth),
    Int(Ints),
    Double(Doubles),
    Text(Texts),
    List(Lists),
}

/// Which of the two a bool can be. Neither: it has no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Truth {
    pub(super) yes: bool,
    pub(super) no: bool,
}

/// `low..=high`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ints {
    pub(super) low: i64,
    pub(super) high: i64,
}

/// `low..=high`, in which `0.0` stands for both zeros; with `nan` also NaN.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Doubles {
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) nan: bool,
}

/// How many characters or elements: `low..=high`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sizes {
    pub(super) low: u64,
    pub(super) high: u64,
}

/// Texts of these sizes, and of these where they are known.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Texts {
    pub(super) one_of: Option<BTreeSet<String>>,
    pub(super) size: Sizes,
}

/// Lists of these sizes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Lists {
    pub(super) size: Sizes,
    /// What every element is.
    pub(super) element: Box<Known>,
    /// Each element, of a list that is written out.
    pub(super) members: Option<Vec<Known>>,
}

impl Truth {
    pub(super) const EITHER: Truth = Truth { yes: true, no: true };

    pub(super) fn only(value: bool) -> Truth {
        Truth { yes: value, no: !value }
    }

    pub(super) fn flipped(self) -> Truth {
        Truth { yes: self.no, no: self.yes }
    }

    pub(super) fn is_only(self, value: bool) -> bool {
        self == Truth::only(value)
    }
}

impl Ints {
    pub(super) const ALL: Ints = Ints { low: i64::MIN, high: i64::MAX };

    /// The part of `low..=high` that 64 bits hold, if there is any, and whether that is all of it.
    pub(super) fn of(low: i128, high: i128) -> (Option<Ints>, bool) {
        let (least, most) = (i128::from(i64::MIN), i128::from(i64::MAX));
        let (kept_low, kept_high) = (low.max(least), high.min(most));
        let whole = low >= least && high <= most;
        let kept = (kept_low <= kept_high).then_some(Ints { low: kept_low as i64, high: kept_high as i64 });
        (kept, whole)
    }
}

impl Doubles {
    /// What JSON can say.
    pub(super) const FINITE: Doubles = Doubles { low: f64::MIN, high: f64::MAX, nan: false };
    pub(super) const ALL: Doubles = Doubles { low: f64::NEG_INFINITY, high: f64::INFINITY, nan: true };

    pub(super) fn holds_zero(self) -> bool {
        self.low <= 0.0 && self.high >= 0.0
    }
}

impl Sizes {
    pub(super) const ALL: Sizes = Sizes { low: 0, high: i64::MAX as u64 };

    pub(super) fn exactly(size: usize) -> Sizes {
        Sizes { low: size as u64, high: size as u64 }
    }

    fn meet(self, other: Sizes) -> Option<Sizes> {
        let both = Sizes { low: self.low.max(other.low), high: self.high.min(other.high) };
        (both.low <= both.high).then_some(both)
    }

    fn join(self, other: Sizes) -> Sizes {
        Sizes { low: self.low.min(other.low), high: self.high.max(other.high) }
    }

    pub(super) fn ints(self) -> Ints {
        let bound = |size: u64| i64::try_from(size).unwrap_or(i64::MAX);
        Ints { low: bound(self.low), high: bound(self.high) }
    }
}

impl Lists {
    pub(super) fn is_empty(&self) -> bool {
        self.size.high == 0
    }
}

impl Texts {
    pub(super) const ALL: Texts = Texts { one_of: None, size: Sizes::ALL };

    pub(super) fn exactly(text: &str) -> Texts {
        Texts::one_of(BTreeSet::from([text.to_owned()])).unwrap_or(Texts::ALL)
    }

    /// `None` if there is none of them.
    pub(super) fn one_of(texts: BTreeSet<String>) -> Option<Texts> {
        let sizes = || texts.iter().map(|text| text.chars().count() as u64);
        let size = Sizes { low: sizes().min()?, high: sizes().max()? };
        Some(Texts { one_of: (texts.len() <= MOST_TEXTS).then_some(texts), size })
    }

    /// The members of a closed set, of which a long one is known by its sizes alone.
    pub(super) fn listed(members: &[String]) -> Texts {
        if members.len() <= MOST_TEXTS {
            return Texts::one_of(members.iter().cloned().collect()).unwrap_or(Texts::ALL);
        }
        let sizes = members.iter().map(|text| text.chars().count() as u64);
        let sizes = sizes.map(|size| Sizes { low: size, high: size });
        Texts { one_of: None, size: sizes.reduce(Sizes::join).unwrap_or(Sizes::ALL) }
    }

    pub(super) fn sized(size: Sizes) -> Texts {
        if size.high == 0 { Texts::exactly("") } else { Texts { one_of: None, size } }
    }

    /// Those of them for which `keep` holds, where they are known.
    fn kept(&self, keep: impl Fn(&str) -> bool) -> Option<Texts> {
        match &self.one_of {
            None => Some(self.clone()),
            Some(texts) => Texts::one_of(texts.iter().filter(|text| keep(text)).cloned().collect()),
        }
    }

    pub(super) fn meet(&self, other: &Texts) -> Option<Texts> {
        let size = self.size.meet(other.size)?;
        let within = |text: &str| {
            let length = text.chars().count() as u64;
            length >= size.low && length <= size.high
        };
        match (&self.one_of, &other.one_of) {
            (None, None) => Some(Texts::sized(size)),
            (Some(_), None) => self.kept(within),
            (None, Some(_)) => other.kept(within),
            (Some(_), Some(others)) => self.kept(|text| others.contains(text)),
        }
    }

    /// The first in order, and the last where there is one.
    fn ends(&self) -> (&str, Option<&str>) {
        let Some(texts) = &self.one_of else { return ("", None) };
        (texts.first().map_or("", String::as_str), texts.last().map(String::as_str))
    }
}

/// A number of either kind.
#[derive(Clone, Copy)]
enum Number {
    Int(i64),
    Double(f64),
}

impl Number {
    /// Bounds are never NaN.
    fn order(self, other: Number) -> Ordering {
        match (self, other) {
            (Number::Int(left), Number::Int(right)) => Some(left.cmp(&right)),
            (Number::Double(left), Number::Double(right)) => left.partial_cmp(&right),
            (Number::Int(left), Number::Double(right)) => compare_int_double(left, right),
            (Number::Double(left), Number::Int(right)) => {
                compare_int_double(right, left).map(Ordering::reverse)
            }
        }
        .unwrap_or(Ordering::Equal)
    }

    /// The greatest whole number that is not greater; below it, if `strictly` and it is whole itself.
    fn floor(self, strictly: bool) -> i128 {
        match self {
            Number::Int(value) => i128::from(value) - i128::from(strictly),
            // The cast saturates far outside of 64 bits.
            Number::Double(value) => {
                let whole = i128::from(strictly && value.fract() == 0.0);
                (value.floor() as i128).saturating_sub(whole)
            }
        }
    }

    fn ceil(self, strictly: bool) -> i128 {
        match self {
            Number::Int(value) => i128::from(value) + i128::from(strictly),
            Number::Double(value) => {
                let whole = i128::from(strictly && value.fract() == 0.0);
                (value.ceil() as i128).saturating_add(whole)
            }
        }
    }

    /// The greatest double that is not greater, or that is less.
    fn double_below(self, strictly: bool) -> f64 {
        match self {
            Number::Double(value) => {
                if strictly {
                    value.next_down()
                } else {
                    value
                }
            }
            Number::Int(value) => {
                let near = value as f64;
                match compare_int_double(value, near) {
                    Some(Ordering::Less) => near.next_down(),
                    Some(Ordering::Equal) if strictly => near.next_down(),
                    _ => near,
                }
            }
        }
    }

    fn double_above(self, strictly: bool) -> f64 {
        match self {
            Number::Double(value) => {
                if strictly {
                    value.next_up()
                } else {
                    value
                }
            }
            Number::Int(value) => {
                let near = value as f64;
                match compare_int_double(value, near) {
                    Some(Ordering::Greater) => near.next_up(),
                    Some(Ordering::Equal) if strictly => near.next_up(),
                    _ => near,
                }
            }
        }
    }
}

impl Known {
    /// The ends of its range, and whether it may be NaN; `None` for what is no number.
    fn numbers(&self) -> Option<(Number, Number, bool)> {
        match self {
            Known::Int(ints) => Some((Number::Int(ints.low), Number::Int(ints.high), false)),
            Known::Double(doubles) => {
                Some((Number::Double(doubles.low), Number::Double(doubles.high), doubles.nan))
            }
            _ => None,
        }
    }

    fn may_be_nan(&self) -> bool {
        matches!(self, Known::Double(Doubles { nan: true, .. }) | Known::Any)
    }

    /// Whether there is but one value, and it equals itself.
    pub(super) fn is_single(&self) -> bool {
        match self {
            Known::Null => true,
            Known::Bool(truth) => truth.yes != truth.no,
            Known::Int(ints) => ints.low == ints.high,
            Known::Double(doubles) => doubles.low == doubles.high && !doubles.nan,
            Known::Text(texts) => texts.one_of.as_ref().is_some_and(|texts| texts.len() == 1),
            Known::List(lists) => lists.is_empty(),
            Known::Any => false,
        }
    }

    /// Of a list that stands in another: what its elements are together says enough, and each of them by itself would
    /// double what is kept at every level.
    pub(super) fn without_members(mut self) -> Known {
        if let Known::List(lists) = &mut self {
            lists.members = None;
        }
        self
    }

    /// What is known of a value that is the one or the other.
    pub(super) fn join(&self, other: &Known) -> Known {
        match (self, other) {
            (Known::Null, Known::Null) => Known::Null,
            (Known::Bool(left), Known::Bool(right)) => {
                Known::Bool(Truth { yes: left.yes || right.yes, no: left.no || right.no })
            }
            (Known::Int(left), Known::Int(right)) => {
                Known::Int(Ints { low: left.low.min(right.low), high: left.high.max(right.high) })
            }
            (Known::Double(left), Known::Double(right)) => Known::Double(Doubles {
                low: left.low.min(right.low),
                high: left.high.max(right.high),
                nan: left.nan || right.nan,
            }),
            (Known::Text(left), Known::Text(right)) => {
                let both = match (&left.one_of, &right.one_of) {
                    (Some(left), Some(right)) => Texts::one_of(left | right),
                    _ => None,
                };
                Known::Text(both.unwrap_or(Texts { one_of: None, size: left.size.join(right.size) }))
            }
            (Known::List(left), Known::List(right)) => Known::List(Lists {
                size: left.size.join(right.size),
                // What is empty says nothing of elements.
                element: match (left.is_empty(), right.is_empty()) {
                    (true, _) => right.element.clone(),
                    (_, true) => left.element.clone(),
                    _ => Box::new(left.element.join(&right.element)),
                },
                members: None,
            }),
            _ => Known::Any,
        }
    }

    /// What is left of it where `self op other` is true; `None` if nothing is.
    pub(super) fn narrowed(&self, op: BinaryOp, other: &Known) -> Option<Known> {
        let strictly = matches!(op, BinaryOp::Less | BinaryOp::Greater);
        let below = matches!(op, BinaryOp::Less | BinaryOp::LessOrEqual | BinaryOp::Equal);
        let above = matches!(op, BinaryOp::Greater | BinaryOp::GreaterOrEqual | BinaryOp::Equal);
        match (self, other) {
            (Known::Bool(truth), Known::Bool(other)) => {
                let other = match op {
                    BinaryOp::Equal => *other,
                    BinaryOp::NotEqual if other.yes != other.no => other.flipped(),
                    _ => return Some(self.clone()),
                };
                let both = Truth { yes: truth.yes && other.yes, no: truth.no && other.no };
                (both.yes || both.no).then_some(Known::Bool(both))
            }
            (Known::Int(ints), _) => {
                let Some((low, high, _)) = other.numbers() else { return Some(self.clone()) };
                let (mut least, mut most) = (i128::from(ints.low), i128::from(ints.high));
                if below {
                    most = most.min(high.floor(strictly));
                }
                if above {
                    least = least.max(low.ceil(strictly));
                }
                if op == BinaryOp::NotEqual && other.is_single() && low.floor(false) == low.ceil(false) {
                    least += i128::from(low.floor(false) == least);
                    most -= i128::from(low.floor(false) == most);
                }
                (least <= most).then_some(Known::Int(Ints { low: least as i64, high: most as i64 }))
            }
            (Known::Double(doubles), _) => {
                let Some((low, high, _)) = other.numbers() else { return Some(self.clone()) };
                if op == BinaryOp::NotEqual {
                    return Some(self.clone());
                }
                let mut kept = Doubles { nan: false, ..*doubles };
                if below {
                    kept.high = kept.high.min(high.double_below(strictly));
                }
                if above {
                    kept.low = kept.low.max(low.double_above(strictly));
                }
                (kept.low <= kept.high).then_some(Known::Double(kept))
            }
            (Known::Text(texts), Known::Text(other)) => {
                let (first, last) = other.ends();
                let kept = match op {
                    BinaryOp::Equal => texts.meet(other),
                    BinaryOp::NotEqual => match &other.one_of {
                        Some(others) if others.len() == 1 => texts.kept(|text| !others.contains(text)),
                        _ => Some(texts.clone()),
                    },
                    BinaryOp::Less => texts.kept(|text| last.is_none_or(|last| text < last)),
                    BinaryOp::LessOrEqual => texts.kept(|text| last.is_none_or(|last| text <= last)),
                    BinaryOp::Greater => texts.kept(|text| text > first),
                    _ => texts.kept(|text| text >= first),
                };
                kept.map(Known::Text)
            }
            (Known::List(_), Known::List(other)) => match op {
                BinaryOp::Equal => self.with_size(other.size),
                BinaryOp::NotEqual if other.is_empty() => {
                    self.with_size(Sizes { low: 1, high: Sizes::ALL.high })
                }
                _ => Some(self.clone()),
            },
            _ => Some(self.clone()),
        }
    }

    /// The same with its size within `size`.
    pub(super) fn with_size(&self, size: Sizes) -> Option<Known> {
        match self {
            Known::Text(texts) => texts.meet(&Texts { one_of: None, size }).map(Known::Text),
            Known::List(lists) => Some(Known::List(Lists { size: lists.size.meet(size)?, ..lists.clone() })),
            other => Some(other.clone()),
        }
    }
}

/// What `left op right` can come to, for `<`, `<=`, `>`, `>=`, `==` and `!=`.
pub(super) fn compare(op: BinaryOp, left: &Known, right: &Known) -> Truth {
    match op {
        BinaryOp::Greater => less(right, left, true),
        BinaryOp::GreaterOrEqual => less(right, left, false),
        BinaryOp::Less => less(left, right, true),
        BinaryOp::LessOrEqual => less(left, right, false),
        BinaryOp::NotEqual => equal(left, right).flipped(),
        BinaryOp::Equal => equal(left, right),
        _ => Truth::EITHER,
    }
}

fn less(left: &Known, right: &Known, strictly: bool) -> Truth {
    if let (Some((left_low, left_high, left_nan)), Some((right_low, right_high, right_nan))) =
        (left.numbers(), right.numbers())
    {
        let (best, worst) = (left_low.order(right_high), left_high.order(right_low));
        return Truth {
            yes: if strictly { best.is_lt() } else { best.is_le() },
            no: left_nan || right_nan || if strictly { worst.is_ge() } else { worst.is_gt() },
        };
    }
    let (Known::Text(left), Known::Text(right)) = (left, right) else { return Truth::EITHER };
    let ((left_first, left_last), (right_first, right_last)) = (left.ends(), right.ends());
    Truth {
        yes: right_last.is_none_or(|last| if strictly { left_first < last } else { left_first <= last }),
        no: left_last.is_none_or(|last| if strictly { last >= right_first } else { last > right_first }),
    }
}

fn equal(left: &Known, right: &Known) -> Truth {
    let yes = match (left, right) {
        (Known::Any, _) | (_, Known::Any) => return Truth::EITHER,
        (Known::List(left), Known::List(right)) => left.size.meet(right.size).is_some(),
        (Known::Text(left), Known::Text(right)) => left.meet(right).is_some(),
        (Known::Bool(left), Known::Bool(right)) => left.yes && right.yes || left.no && right.no,
        (Known::Null, Known::Null) => true,
        _ if left.numbers().is_some() && right.numbers().is_some() => {
            left.narrowed(BinaryOp::Equal, right).is_some() && right.narrowed(BinaryOp::Equal, left).is_some()
        }
        _ => return Truth::EITHER,
    };
    let same = yes && left.is_single() && right.is_single();
    Truth { yes, no: !same || left.may_be_nan() || right.may_be_nan() }
}

/// Whether every value of `known` equals one of `members`, all of which are there for certain.
pub(super) fn covered(known: &Known, members: &[Known]) -> bool {
    let among = |value: &Known| members.iter().any(|member| equal(value, member).is_only(true));
    match known {
        Known::Text(Texts { one_of: Some(texts), .. }) => {
            texts.iter().all(|text| among(&Known::Text(Texts::exactly(text))))
        }
        Known::Bool(truth) => {
            let value = |value| among(&Known::Bool(Truth::only(value)));
            (!truth.yes || value(true)) && (!truth.no || value(false))
        }
        Known::Int(ints) if i128::from(ints.high) - i128::from(ints.low) < members.len() as i128 => {
            (ints.low..=ints.high).all(|value| among(&Known::Int(Ints { low: value, high: value })))
        }
        known => among(known),
    }
}
