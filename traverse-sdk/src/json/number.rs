//! Numbers as JSON text, exactly: parsing to the nearest double, printing the shortest text that reads back the same.

use alloc::vec::Vec;

/// An integer without fraction or exponent, by the JSON grammar; `None` if it does not fit.
pub(crate) fn parse_i64(text: &str) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    // Counted below zero, where there is room for one more.
    let mut value: i64 = 0;
    for digit in digits.bytes() {
        value = value.checked_mul(10)?.checked_sub(i64::from(digit - b'0'))?;
    }
    if negative { Some(value) } else { value.checked_neg() }
}

/// A number by the JSON grammar, as the nearest double; `None` if that is infinite.
pub(crate) fn parse_f64(text: &str) -> Option<f64> {
    text.parse::<f64>().ok().filter(|double| double.is_finite())
}

/// Decimal digits.
pub(crate) fn write_i64(value: i64, out: &mut Vec<u8>) {
    let mut digits = [0u8; 20];
    let mut at = digits.len();
    let mut rest = value.unsigned_abs();
    loop {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if value < 0 {
        at -= 1;
        digits[at] = b'-';
    }
    out.extend_from_slice(&digits[at..]);
}

/// The shortest text that reads back as the same double; always with a fraction or an exponent. `value` is finite.
pub(crate) fn write_f64(value: f64, out: &mut Vec<u8>) {
    use core::fmt::Write;

    struct Bytes<'a>(&'a mut Vec<u8>);

    impl Write for Bytes<'_> {
        fn write_str(&mut self, text: &str) -> core::fmt::Result {
            self.0.extend_from_slice(text.as_bytes());
            Ok(())
        }
    }

    // A vector takes every byte.
    let _ = write!(Bytes(out), "{value:?}");
}
