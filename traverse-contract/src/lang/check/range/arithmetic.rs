//! Ranges of what arithmetic comes to (spec LANG-42).

use super::{Doubles, Ints};
use crate::lang::syntax::BinaryOp;

/// `left op right` of two ints, and whether it may be an error.
pub(in crate::lang::check) fn int_arithmetic(op: BinaryOp, left: Ints, right: Ints) -> (Option<Ints>, bool) {
    let wide = |ints: Ints| (i128::from(ints.low), i128::from(ints.high));
    let ((low, high), (other_low, other_high)) = (wide(left), wide(right));
    let corners = |of: fn(i128, i128) -> i128, (from, to): (i128, i128)| {
        let all = [of(low, from), of(low, to), of(high, from), of(high, to)];
        (all.into_iter().min().unwrap_or(0), all.into_iter().max().unwrap_or(0))
    };
    let zero = other_low <= 0 && other_high >= 0;
    // The divisors on either side of zero.
    let divisors: Vec<(i128, i128)> = [(other_low, other_high.min(-1)), (other_low.max(1), other_high)]
        .into_iter()
        .filter(|(low, high)| low <= high)
        .collect();
    let (low, high) = match op {
        BinaryOp::Add => (low + other_low, high + other_high),
        BinaryOp::Subtract => (low - other_high, high - other_low),
        BinaryOp::Multiply => corners(|left, right| left * right, (other_low, other_high)),
        BinaryOp::Divide => {
            let parts: Vec<_> =
                divisors.into_iter().map(|part| corners(|left, right| left / right, part)).collect();
            let low = parts.iter().map(|part| part.0).min();
            let high = parts.iter().map(|part| part.1).max();
            let (Some(low), Some(high)) = (low, high) else { return (None, true) };
            (low, high)
        }
        BinaryOp::Remainder => {
            if divisors.is_empty() {
                return (None, true);
            }
            if low == high && other_low == other_high {
                (low % other_low, low % other_low)
            } else {
                let most = other_low.abs().max(other_high.abs()) - 1;
                (low.clamp(-most, 0), high.clamp(0, most))
            }
        }
        _ => return (Some(Ints::ALL), true),
    };
    let (ints, whole) = Ints::of(low, high);
    let divides = matches!(op, BinaryOp::Divide | BinaryOp::Remainder);
    // `i64::MIN % -1` overflows, too.
    let overflows = op == BinaryOp::Remainder && left.low == i64::MIN && other_low <= -1 && other_high >= -1;
    (ints, !whole || overflows || divides && zero)
}

/// `left op right` of two doubles.
pub(in crate::lang::check) fn double_arithmetic(op: BinaryOp, left: Doubles, right: Doubles) -> Doubles {
    if op == BinaryOp::Divide && right.holds_zero() {
        return Doubles::ALL;
    }
    let of = |left: f64, right: f64| match op {
        BinaryOp::Add => left + right,
        BinaryOp::Subtract => left - right,
        BinaryOp::Multiply => left * right,
        BinaryOp::Divide => left / right,
        _ => f64::NAN,
    };
    // Rounding keeps order, so the ends of the result are among these.
    let corners = [
        of(left.low, right.low),
        of(left.low, right.high),
        of(left.high, right.low),
        of(left.high, right.high),
    ];
    let infinite = |doubles: Doubles| doubles.low.is_infinite() || doubles.high.is_infinite();
    let zero_times_infinity = op == BinaryOp::Multiply
        && (left.holds_zero() && infinite(right) || right.holds_zero() && infinite(left));
    if corners.iter().any(|corner| corner.is_nan()) || zero_times_infinity {
        return Doubles::ALL;
    }
    Doubles {
        low: corners.into_iter().fold(f64::INFINITY, f64::min),
        high: corners.into_iter().fold(f64::NEG_INFINITY, f64::max),
        nan: left.nan || right.nan,
    }
}
