//! What a number is exactly, by its digits (spec IO-6): as the guest decides it, which has no other way.

/// What a number is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exact {
    /// An integer of 64 bits with its sign.
    Integer(i64),
    /// Any other number that a double can hold.
    Other,
    /// Too large for a double.
    OutOfRange,
}

/// As many digits as always fit 64 bits.
const DIGITS: usize = 19;
/// Halfway between the largest double and the power of two above it, by its first digits, × 10^290.
const EDGE: (i64, u64) = (290, 1_797_693_134_862_315_807);

/// What `text` is, a number as JSON has it.
pub(super) fn exact(text: &str) -> Exact {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, ""));
    let is_negative = mantissa.starts_with('-');
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = whole.bytes().chain(fraction.bytes()).filter(u8::is_ascii_digit).map(|digit| digit - b'0');
    let mut digits = digits.skip_while(|digit| *digit == 0).peekable();
    if digits.peek().is_none() {
        return Exact::Integer(0);
    }
    // The first digits, as if there were so many at least, and the power of ten that they are multiplied by.
    let (mut number, mut count, mut is_exact) = (0u64, 0usize, true);
    for digit in digits {
        count += 1;
        match count {
            ..=DIGITS => number = number * 10 + u64::from(digit),
            _ => is_exact &= digit == 0,
        }
    }
    let mut power = written(exponent) - fraction.len() as i64 + count.saturating_sub(DIGITS) as i64;
    for _ in count..DIGITS {
        number *= 10;
        power -= 1;
    }
    if (power, number) >= EDGE {
        return Exact::OutOfRange;
    }
    while power < 0 && number % 10 == 0 {
        number /= 10;
        power += 1;
    }
    if power != 0 || !is_exact {
        return Exact::Other;
    }
    let number = if is_negative { -i128::from(number) } else { i128::from(number) };
    i64::try_from(number).map_or(Exact::Other, Exact::Integer)
}

/// The exponent as it is written, as far as a fraction can bring it back.
fn written(exponent: &str) -> i64 {
    const FARTHEST: i64 = 1 << 40;
    let digits = exponent.trim_start_matches(['+', '-']);
    let magnitude =
        digits.bytes().fold(0, |read: i64, digit| (read * 10 + i64::from(digit - b'0')).min(FARTHEST));
    if exponent.starts_with('-') { -magnitude } else { magnitude }
}

#[cfg(test)]
mod tests {
    use super::*;

    // spec: IO-6
    #[test]
    fn a_number_is_told_by_its_digits() {
        for (text, expected) in [
            ("0", Exact::Integer(0)),
            ("-0.000e400", Exact::Integer(0)),
            ("5000.0", Exact::Integer(5000)),
            ("5e3", Exact::Integer(5000)),
            ("-50e-1", Exact::Integer(-5)),
            ("9007199254740993.0", Exact::Integer(9_007_199_254_740_993)),
            ("9223372036854775807.000000000000000000000", Exact::Integer(i64::MAX)),
            ("-9223372036854775808e0", Exact::Integer(i64::MIN)),
            ("9223372036854775808e0", Exact::Other),
            ("0.000000000000000000000000000000000000000000003e45", Exact::Integer(3)),
            ("1e18", Exact::Integer(1_000_000_000_000_000_000)),
            ("1e19", Exact::Other),
            ("0.5", Exact::Other),
            ("0.99999999999999999999999", Exact::Other),
            ("1.0000000000000000000000001", Exact::Other),
            ("1e-400", Exact::Other),
            ("1.797693134862315806e308", Exact::Other),
            ("1.797693134862315807e308", Exact::OutOfRange),
            ("-17976931348623158070e289", Exact::OutOfRange),
            ("1e309", Exact::OutOfRange),
            ("1e99999999999999999999999", Exact::OutOfRange),
        ] {
            assert_eq!(exact(text), expected, "{text}");
        }
    }
}
