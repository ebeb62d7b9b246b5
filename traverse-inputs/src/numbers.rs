//! Numbers within bounds, and beside them.

use crate::wishes::Wishes;
use fastrand::Rng;
use serde_json::{Number, Value};
use traverse_contract::schema::NumberBounds;

/// The whole numbers that bounds admit, as an inclusive range.
pub(crate) fn whole_range(bounds: &NumberBounds) -> (i64, i64) {
    let least = [bounds.minimum.map(|b| b.ceil() as i64), bounds.exclusive_minimum.map(above)];
    let most = [bounds.maximum.map(|b| b.floor() as i64), bounds.exclusive_maximum.map(below)];
    let least = least.into_iter().flatten().max().unwrap_or(i64::MIN);
    let most = most.into_iter().flatten().min().unwrap_or(i64::MAX);
    (least, most.max(least))
}

fn above(bound: f64) -> i64 {
    (bound.floor() as i64).saturating_add(1)
}

fn below(bound: f64) -> i64 {
    (bound.ceil() as i64).saturating_sub(1)
}

/// The doubles that bounds admit, as an inclusive range.
pub(crate) fn double_range(bounds: &NumberBounds) -> (f64, f64) {
    let least = [bounds.minimum, bounds.exclusive_minimum.map(f64::next_up)];
    let most = [bounds.maximum, bounds.exclusive_maximum.map(f64::next_down)];
    let least = least.into_iter().flatten().fold(f64::MIN, f64::max);
    let most = most.into_iter().flatten().fold(f64::MAX, f64::min);
    (least, most.max(least))
}

/// `drawn`, which is within the bounds, or near it what `enum` and `multipleOf` let through.
pub(crate) fn admitted_integer(rng: &mut Rng, bounds: &NumberBounds, drawn: i64) -> i64 {
    if !bounds.among.is_empty() {
        return admitted_double(rng, bounds, drawn as f64) as i64;
    }
    let Some(step) = bounds.multiple_of.map(|step| step as i64) else { return drawn };
    let (least, most) = whole_range(bounds);
    let below = drawn - drawn.rem_euclid(step).min(drawn.saturating_sub(i64::MIN));
    if below >= least && below % step == 0 {
        return below;
    }
    // The first multiple above the least, which is within the bounds, for some multiple is.
    let above = least.saturating_add((step - least.rem_euclid(step)) % step);
    if above <= most { above } else { 0 }
}

/// The same of doubles, where only `enum` chooses.
pub(crate) fn admitted_double(rng: &mut Rng, bounds: &NumberBounds, drawn: f64) -> f64 {
    let listed = bounds.among.is_empty() || bounds.among.contains(&drawn);
    if listed { drawn } else { rng.choice(&bounds.among).copied().unwrap_or(drawn) }
}

/// A whole number within bounds.
pub(crate) fn integer(rng: &mut Rng, bounds: &NumberBounds, wishes: Option<&Wishes>) -> i64 {
    let drawn = integer_within(rng, bounds, wishes);
    admitted_integer(rng, bounds, drawn)
}

fn integer_within(rng: &mut Rng, bounds: &NumberBounds, wishes: Option<&Wishes>) -> i64 {
    let (least, most) = whole_range(bounds);
    let wished = wishes.and_then(|wishes| rng.choice(&wishes.integers)).copied();
    let drawn = match (rng.u8(..16), wished) {
        (0..8, Some(wished)) => wished,
        (8, _) => least,
        (9, _) => most,
        (10, _) => least.saturating_add(1),
        (11, _) => most.saturating_sub(1),
        (12, _) => rng.i64(least..=most),
        (13, _) => 1_i64.wrapping_shl(rng.u32(..64)).wrapping_sub(rng.i64(0..=2)),
        (14, _) => rng.i64(-1000..=1000),
        _ => rng.i64(-3..=12),
    };
    if (least..=most).contains(&drawn) {
        return drawn;
    }
    // Near one of the ends: what lies between may be very far away.
    let (low, high) = (least.saturating_add(rng.i64(0..=12)), most.saturating_sub(rng.i64(0..=12)));
    if rng.bool() { low.min(most) } else { high.max(least) }
}

/// A double within bounds.
pub(crate) fn double(rng: &mut Rng, bounds: &NumberBounds, wishes: Option<&Wishes>) -> f64 {
    let drawn = double_within(rng, bounds, wishes);
    admitted_double(rng, bounds, drawn)
}

fn double_within(rng: &mut Rng, bounds: &NumberBounds, wishes: Option<&Wishes>) -> f64 {
    let (least, most) = double_range(bounds);
    let wished = wishes.and_then(|wishes| rng.choice(&wishes.numbers)).copied();
    let drawn = match (rng.u8(..16), wished) {
        (0..8, Some(wished)) => wished,
        (8, _) => least,
        (9, _) => most,
        (10, _) => least + 1.0,
        (11, _) => most - 1.0,
        (12, _) => f64::from(rng.i32(-10_000..=100_000)) / 100.0,
        (13, _) => *rng.choice(&ODD_DOUBLES).unwrap_or(&0.0),
        (14, _) => {
            let any = f64::from_bits(rng.u64(..));
            if any.is_finite() { any } else { 0.1 }
        }
        _ => f64::from(rng.i32(-3..=12)),
    };
    if drawn >= least && drawn <= most {
        return drawn;
    }
    let inside = least / 2.0 + most / 2.0;
    let near = if rng.bool() { least + f64::from(rng.u8(0..=12)) } else { most - f64::from(rng.u8(0..=12)) };
    [near, inside].into_iter().find(|number| *number >= least && *number <= most).unwrap_or(least)
}

const ODD_DOUBLES: [f64; 10] =
    [-0.0, 0.1, 0.5, 1e300, -1e300, 5e-324, 9_007_199_254_740_992.0, 9.3e18, 1e21, 0.30000000000000004];

/// An integer as JSON, now and then written with a fraction of zero.
pub(crate) fn integer_json(rng: &mut Rng, integer: i64) -> Value {
    if rng.u8(..24) == 0 && integer.unsigned_abs() <= 1 << 53 {
        return double_json(integer as f64);
    }
    Value::from(integer)
}

/// A double as JSON, a whole one mostly without its fraction.
pub(crate) fn number_json(rng: &mut Rng, double: f64) -> Value {
    let whole = double.fract() == 0.0 && double.abs() <= 9_007_199_254_740_992.0;
    if whole && (double != 0.0 || double.is_sign_positive()) && rng.u8(..4) > 0 {
        return Value::from(double as i64);
    }
    double_json(double)
}

pub(crate) fn double_json(double: f64) -> Value {
    Number::from_f64(double).map_or(Value::from(0), Value::Number)
}
