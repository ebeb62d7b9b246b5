//! What is known, in words.

use super::{Known, Sizes, Texts};
use crate::number::number_text;

impl Known {
    /// As a person reads it: `from 0 to 10`, `at least 1`, `one of 'a', 'b'`; `None` where there is nothing to say.
    pub(in crate::lang::check) fn described(&self) -> Option<String> {
        match self {
            Known::Int(ints) => between(
                (ints.low != i64::MIN).then(|| ints.low.to_string()),
                (ints.high != i64::MAX).then(|| ints.high.to_string()),
            ),
            Known::Double(doubles) if doubles.low == doubles.high => Some(number_text(doubles.low)),
            Known::Double(doubles) => {
                let low = (doubles.low > f64::MIN)
                    .then(|| bound_text(doubles.low, "at least", "more than", f64::next_up));
                let high = (doubles.high < f64::MAX)
                    .then(|| bound_text(doubles.high, "at most", "less than", f64::next_down));
                let both: Vec<String> = low.into_iter().chain(high).collect();
                (!both.is_empty()).then(|| both.join(" and "))
            }
            Known::Text(Texts { one_of: Some(texts), .. }) => {
                let mut shown: Vec<String> = texts.iter().take(6).map(|text| format!("'{text}'")).collect();
                if texts.len() == 1 {
                    return shown.pop();
                }
                let more = if texts.len() > 6 { " and others" } else { "" };
                Some(format!("one of {}{more}", shown.join(", ")))
            }
            Known::Text(texts) => sized(texts.size, "character"),
            Known::List(lists) => sized(lists.size, "element"),
            _ => None,
        }
    }
}

/// `at least 0`, `more than 0`; `outward` is the double beyond a whole number that is itself out.
fn bound_text(bound: f64, closed: &str, open: &str, outward: fn(f64) -> f64) -> String {
    let whole = bound.round();
    if bound != whole && bound == outward(whole) {
        format!("{open} {}", number_text(whole))
    } else {
        format!("{closed} {}", number_text(bound))
    }
}

fn between(low: Option<String>, high: Option<String>) -> Option<String> {
    match (low, high) {
        (Some(low), Some(high)) if low == high => Some(low),
        (Some(low), Some(high)) => Some(format!("from {low} to {high}")),
        (Some(low), None) => Some(format!("at least {low}")),
        (None, Some(high)) => Some(format!("at most {high}")),
        (None, None) => None,
    }
}

fn sized(size: Sizes, noun: &str) -> Option<String> {
    let low = (size.low > 0).then(|| size.low.to_string());
    let high = (size.high < Sizes::ALL.high).then(|| size.high.to_string());
    let plural = if size.low == 1 && (high.is_none() || size.high == 1) || size.low == 0 && size.high == 1 {
        ""
    } else {
        "s"
    };
    between(low, high).map(|between| format!("of {between} {noun}{plural}"))
}
