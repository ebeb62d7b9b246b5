//! Numbers as JSON text, exactly: parsing to the nearest double, printing the shortest text that reads back the same.
//!
//! The standard library does both, by tables and code of 25 KB that every guest would carry. Here short numbers take
//! a short way (one exact multiplication or division), and all others long arithmetic on [`Big`]: slower, but rare.

use alloc::vec::Vec;
use core::cmp::Ordering;

/// The powers of ten that a double holds exactly.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19, 1e20, 1e21, 1e22,
];
/// Up to here every integer is a double.
const EXACT: u64 = 1 << 53;
/// Texts of so many digits lie further apart than doubles do.
const DISTINCT: u64 = 1_000_000_000_000_000;
/// Digits that can matter; of all others only whether one is not zero.
const MAX_DIGITS: usize = 800;

/// A number in the making, as long as its digits fit.
#[derive(Default)]
pub(crate) struct Short {
    pub(crate) negative: bool,
    /// The digits read as one integer.
    pub(crate) digits: u64,
    /// The power of ten that they are to be multiplied by.
    pub(crate) exponent: i64,
    /// Whether the digits do not fit.
    pub(crate) is_long: bool,
}

impl Short {
    #[inline(always)]
    pub(crate) fn push(&mut self, digit: u8) {
        match self.digits.checked_mul(10).and_then(|digits| digits.checked_add(digit.into())) {
            Some(digits) => self.digits = digits,
            None => self.is_long = true,
        }
    }

    /// The integer, if it is one and fits; minus zero is none.
    pub(crate) fn integer(&self) -> Option<i64> {
        if self.is_long || self.negative && self.digits == 0 {
            return None;
        }
        let magnitude = self.digits as i64;
        match self.negative {
            false if magnitude >= 0 => Some(magnitude),
            true if self.digits <= 1 << 63 => Some(magnitude.wrapping_neg()),
            _ => None,
        }
    }

    /// The double, if one exact multiplication or division gives it.
    pub(crate) fn double(&self) -> Option<f64> {
        if self.is_long {
            return None;
        }
        let magnitude = exact(self.digits, self.exponent)?;
        Some(if self.negative { -magnitude } else { magnitude })
    }
}

/// `digits` × 10^`exponent`, where both are doubles, so that the one rounding is the right one.
fn exact(digits: u64, exponent: i64) -> Option<f64> {
    if digits > EXACT {
        return None;
    }
    let power = *POWERS.get(usize::try_from(exponent.unsigned_abs()).ok()?)?;
    Some(if exponent < 0 { digits as f64 / power } else { digits as f64 * power })
}

/// A number by the JSON grammar, as the nearest double; `None` if that is infinite.
#[cold]
pub(crate) fn parse_f64(text: &str) -> Option<f64> {
    let mut digits = Vec::new();
    let mut negative = false;
    let mut exponent: i64 = 0;
    let mut in_fraction = false;
    let mut dropped = false;
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'-' => negative = true,
            b'.' => in_fraction = true,
            b'0'..=b'9' => {
                if digits.len() == MAX_DIGITS {
                    dropped |= byte != b'0';
                    exponent += i64::from(!in_fraction);
                } else {
                    if byte != b'0' || !digits.is_empty() {
                        digits.push(byte - b'0');
                    }
                    exponent -= i64::from(in_fraction);
                }
            }
            // `e` or `E`: the rest is the exponent, which stops growing where nothing can bring it back.
            _ => {
                let mut written: i64 = 0;
                let mut below = false;
                for byte in bytes.by_ref() {
                    match byte {
                        b'-' => below = true,
                        b'0'..=b'9' if written < 1 << 40 => written = written * 10 + i64::from(byte - b'0'),
                        _ => {}
                    }
                }
                exponent += if below { -written } else { written };
            }
        }
    }
    if dropped {
        digits.push(1);
        exponent -= 1;
    }
    let magnitude = assemble(&digits, exponent);
    let value = if negative { -magnitude } else { magnitude };
    value.is_finite().then_some(value)
}

/// `digits` × 10^`exponent`, of at most 18 digits.
fn assemble_short(digits: u64, exponent: i64) -> f64 {
    if let Some(value) = exact(digits, exponent) {
        return value;
    }
    let mut each = Vec::new();
    super::write_i64(digits as i64, &mut each);
    each.iter_mut().for_each(|digit| *digit -= b'0');
    assemble(&each, exponent)
}

/// The double nearest to `digits` × 10^`exponent`; of two equally near the even one.
fn assemble(digits: &[u8], exponent: i64) -> f64 {
    let mut numerator = Big::default();
    for digit in digits {
        numerator.multiply_add(10, u32::from(*digit));
    }
    // The first digit's place: beyond these bounds lie infinity and zero.
    let place = digits.len() as i64 + exponent;
    if numerator.is_zero() || place < -330 {
        return 0.0;
    }
    if place > 310 {
        return f64::INFINITY;
    }
    let mut denominator = Big::one();
    if exponent < 0 { &mut denominator } else { &mut numerator }
        .multiply_power_of_ten(exponent.unsigned_abs());

    // A quotient of 63 or 64 bits, and whether anything is left.
    let scale = 63 - (numerator.bits() as i64 - denominator.bits() as i64);
    if scale < 0 { &mut denominator } else { &mut numerator }.shift_left(scale.unsigned_abs() as usize);
    let (quotient, rest) = divide(numerator, denominator);

    // quotient × 2^-scale, of which the last bit of a double is at `-1074` or 52 below the first.
    let first = 63 - i64::from(quotient.leading_zeros());
    let last = (first - scale - 52).max(-1074);
    let cut = last + scale;
    if cut > 64 {
        return 0.0;
    }
    let kept = quotient.checked_shr(cut as u32).unwrap_or(0);
    let half = 1u64 << (cut - 1);
    let below = quotient & (half | (half - 1));
    let up = match below.cmp(&half) {
        Ordering::Less => false,
        Ordering::Equal => rest || kept & 1 == 1,
        Ordering::Greater => true,
    };
    let kept = kept + u64::from(up);
    if first - scale > 1023 {
        return f64::INFINITY;
    }
    // The first bit of a normal number is not stored: added to the exponent's bits, it makes them one larger, which is
    // how they are counted. A carry does the same, up to infinity.
    f64::from_bits((((last + 1074) as u64) << 52) + kept)
}

/// Decimal digits.
pub(crate) fn write_i64(value: i64, out: &mut Vec<u8>) {
    if value < 0 {
        out.push(b'-');
    }
    write_digits(value.unsigned_abs(), out);
}

fn write_digits(value: u64, out: &mut Vec<u8>) {
    if value >= 10 {
        write_digits(value / 10, out);
    }
    out.push(b'0' + (value % 10) as u8);
}

/// The shortest text that reads back as the same double; always with a fraction or an exponent. `value` is finite.
#[inline(never)]
pub(crate) fn write_f64(value: f64, out: &mut Vec<u8>) {
    if value.is_sign_negative() {
        out.push(b'-');
    }
    let (mut digits, mut exponent) = if value == 0.0 { (0, 0) } else { shortest(value.abs()) };
    while digits != 0 && digits % 10 == 0 {
        digits /= 10;
        exponent += 1;
    }
    let mut text = Vec::new();
    write_i64(digits as i64, &mut text);
    // As many digits as stand before the point.
    let point = text.len() as i64 + exponent;
    if (-4..=16).contains(&point) {
        let before = usize::try_from(point).unwrap_or(0);
        let zeros_after_point = usize::try_from(-point).unwrap_or(0);
        while text.len() < before {
            text.push(b'0');
        }
        let (whole, fraction) = parted(&text, before);
        out.extend_from_slice(if whole.is_empty() { b"0" } else { whole });
        out.push(b'.');
        out.extend(core::iter::repeat_n(b'0', zeros_after_point));
        out.extend_from_slice(if fraction.is_empty() { b"0" } else { fraction });
    } else {
        let (first, rest) = parted(&text, 1);
        out.extend_from_slice(first);
        if !rest.is_empty() {
            out.push(b'.');
            out.extend_from_slice(rest);
        }
        out.push(b'e');
        write_i64(point - 1, out);
    }
}

/// Up to a place and from it on, without the words for a place that is none.
fn parted(digits: &[u8], place: usize) -> (&[u8], &[u8]) {
    digits.split_at_checked(place).unwrap_or((digits, &[]))
}

/// The fewest digits, and their exponent, that read back as `value`, which is above zero; of several the nearest.
pub(crate) fn shortest(value: f64) -> (u64, i64) {
    // Few digits after the point: the usual case.
    for (places, power) in POWERS.iter().enumerate() {
        let scaled = value * power;
        if scaled >= DISTINCT as f64 {
            break;
        }
        // Adding a half and dropping the fraction rounds; what is lost on the way is far below a half.
        let digits = (scaled + 0.5) as u64;
        if digits > 0 && digits as f64 / power == value {
            return (digits, -(places as i64));
        }
    }
    let (all, place) = eighteen(value);
    let mut power = 100_000_000_000_000_000;
    loop {
        let (kept, dropped) = (all / power, all % power);
        let exponent = place - 17 + i64::from(power.ilog10());
        // Of two equally near the larger, as the standard library has it.
        let up = dropped >= power / 2;
        // The nearest, then its neighbour: beside a power of two the gap below is half of the gap above.
        for digits in if up { [kept + 1, kept] } else { [kept, kept + 1] } {
            if assemble_short(digits, exponent).to_bits() == value.to_bits() {
                return (digits, exponent);
            }
        }
        // Seventeen digits always suffice.
        if power == 10 {
            return (kept, exponent);
        }
        power /= 10;
    }
}

/// The first eighteen digits of `value`, cut off; the place of the first one (0 for units).
fn eighteen(value: f64) -> (u64, i64) {
    let bits = value.to_bits();
    let stored = bits & ((1 << 52) - 1);
    let (mantissa, exponent) = match (bits >> 52) as i64 {
        0 => (stored, -1074),
        biased => (stored | 1 << 52, biased - 1075),
    };
    // log10(2) is a little more than 1233/4096; what is wrong by one is put right below.
    let mut place = (63 - i64::from(mantissa.leading_zeros()) + exponent) * 1233 / 4096;
    loop {
        let mut numerator = Big::of(mantissa);
        let mut denominator = Big::one();
        if exponent < 0 { &mut denominator } else { &mut numerator }
            .shift_left(exponent.unsigned_abs() as usize);
        let scale = 17 - place;
        if scale < 0 { &mut denominator } else { &mut numerator }.multiply_power_of_ten(scale.unsigned_abs());
        let (digits, _) = divide(numerator, denominator);
        if digits >= 1_000_000_000_000_000_000 {
            place += 1;
        } else if digits < 100_000_000_000_000_000 {
            place -= 1;
        } else {
            return (digits, place);
        }
    }
}

/// The quotient, which fits 64 bits, and whether there is a remainder.
fn divide(mut numerator: Big, mut denominator: Big) -> (u64, bool) {
    let mut quotient = 0;
    denominator.shift_left(63);
    for _ in 0..64 {
        quotient <<= 1;
        if numerator.at_least(&denominator) {
            numerator.subtract(&denominator);
            quotient |= 1;
        }
        numerator.shift_left(1);
    }
    (quotient, !numerator.is_zero())
}

/// A whole number of any length: 32 bits a limb, the lowest first, no zeros at the end.
#[derive(Default)]
struct Big(Vec<u32>);

impl Big {
    fn one() -> Big {
        Big::of(1)
    }

    fn of(value: u64) -> Big {
        let mut big = Big(alloc::vec![value as u32, (value >> 32) as u32]);
        big.trim();
        big
    }

    fn is_zero(&self) -> bool {
        self.0.is_empty()
    }

    fn bits(&self) -> usize {
        self.0.last().map_or(0, |last| self.0.len() * 32 - last.leading_zeros() as usize)
    }

    fn trim(&mut self) {
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }

    fn multiply_add(&mut self, factor: u32, summand: u32) {
        let mut carry = u64::from(summand);
        for limb in &mut self.0 {
            carry += u64::from(*limb) * u64::from(factor);
            *limb = carry as u32;
            carry >>= 32;
        }
        if carry > 0 {
            self.0.push(carry as u32);
        }
    }

    fn multiply_power_of_ten(&mut self, mut exponent: u64) {
        while exponent > 0 {
            let step = exponent.min(9) as u32;
            self.multiply_add(10u32.pow(step), 0);
            exponent -= u64::from(step);
        }
    }

    fn shift_left(&mut self, bits: usize) {
        self.multiply_add(1 << (bits % 32), 0);
        if bits >= 32 && !self.is_zero() {
            let mut moved = alloc::vec![0; bits / 32];
            moved.extend_from_slice(&self.0);
            self.0 = moved;
        }
    }

    fn at_least(&self, other: &Big) -> bool {
        match self.0.len().cmp(&other.0.len()) {
            Ordering::Equal => self.0.iter().rev().ge(other.0.iter().rev()),
            order => order.is_gt(),
        }
    }

    /// Takes away `other`, which is not larger.
    fn subtract(&mut self, other: &Big) {
        let mut borrow = false;
        for (at, limb) in self.0.iter_mut().enumerate() {
            let (less, first) = limb.overflowing_sub(other.0.get(at).copied().unwrap_or(0));
            let (less, second) = less.overflowing_sub(u32::from(borrow));
            *limb = less;
            borrow = first | second;
        }
        self.trim();
    }
}
