//! Numbers as JSON text, exactly: parsing to the nearest double, printing the shortest text that reads back the same.
//!
//! The standard library does both, by tables and code of 25 KB that every guest would carry. Here short numbers take
//! a short way (one exact multiplication or division). All others are compared with doubles, and with the middles
//! between them, in whole numbers of any length ([`compare`]): slower, but rare, and the comparison is all there is.

use crate::text::Text;
use core::cmp::Ordering;

/// Up to here every integer is a double.
const EXACT: u64 = 1 << 53;
/// The largest power of ten that is a double, and its exponent.
const LARGEST_POWER: (f64, u64) = (1e22, 22);
/// Texts of so many digits lie further apart than doubles do.
const DISTINCT: f64 = 1e15;
/// Beyond this power of ten and its inverse every number of 20 digits is infinite or zero.
const FARTHEST: u64 = 400;

/// As many digits of a number are read exactly as one integer.
const SMALLEST_OF_19_DIGITS: u64 = 1_000_000_000_000_000_000;

/// A number in the making: what its text says, but for its sign.
#[derive(Clone, Copy, Default)]
pub(crate) struct Decimal {
    /// The first digits from the first that is not zero, as many as fit, read as one integer.
    pub(super) digits: u64,
    /// The power of ten that they are to be multiplied by.
    pub(super) exponent: i64,
    /// Not zero if one of those that are left out is not.
    lost: u8,
}

impl Decimal {
    /// One more digit; `fraction` is 1 behind the point, else 0.
    #[inline(always)]
    pub(super) fn push(&mut self, digit: u8, fraction: i64) {
        self.exponent -= fraction;
        if self.digits < SMALLEST_OF_19_DIGITS {
            self.digits = self.digits * 10 + u64::from(digit);
        } else {
            self.exponent += 1;
            self.lost |= digit;
        }
    }

    /// What a number says: its digits with or without a sign, a point and an exponent.
    fn of(text: &[u8]) -> Decimal {
        let mut number = Decimal::default();
        let mut exponent = None;
        let (mut fraction, mut is_small) = (0, false);
        for byte in text.iter().copied() {
            match (byte, &mut exponent) {
                (b'.', _) => fraction = 1,
                (b'e' | b'E', _) => exponent = Some(Decimal::default()),
                (b'-', Some(_)) => is_small = true,
                (b'0'..=b'9', Some(exponent)) => exponent.push(byte - b'0', 0),
                (b'0'..=b'9', None) => number.push(byte - b'0', fraction),
                _ => {}
            }
        }
        if let Some(Decimal { digits, .. }) = exponent {
            let before = core::mem::replace(&mut number.digits, digits);
            number.scale(is_small);
            number.digits = before;
        }
        number
    }

    /// Where the digits are those of an exponent: multiplies by ten to its power, or divides, as far as a fraction can bring
    /// it back.
    #[inline(always)]
    pub(super) fn scale(&mut self, is_small: bool) {
        let written = self.digits.min(1 << 40) as i64;
        self.exponent += if is_small { -written } else { written };
    }

    /// The number, if it is an integer and has no more than 64 bits, however it is written; else one whose highest bit is set.
    pub(super) fn whole(&self) -> u64 {
        let Decimal { mut digits, mut exponent, lost } = *self;
        const NONE: u64 = u64::MAX;
        if digits == 0 {
            return 0;
        }
        while exponent < 0 && digits % 10 == 0 {
            digits /= 10;
            exponent += 1;
        }
        while exponent > 0 && digits <= u64::MAX / 10 {
            digits *= 10;
            exponent -= 1;
        }
        if exponent != 0 || lost != 0 { NONE } else { digits }
    }

    /// Whether it is at least as large as a number of 19 digits × 10^`exponent`; it is not zero.
    #[inline(never)]
    fn reaches(&self, least: u64, least_exponent: i64) -> bool {
        let Decimal { mut digits, mut exponent, .. } = *self;
        while digits < SMALLEST_OF_19_DIGITS {
            digits *= 10;
            exponent -= 1;
        }
        exponent > least_exponent || exponent == least_exponent && digits >= least
    }

    /// Whether a double cannot hold it. The edge is the middle between the largest double and the power of two above it, by
    /// its first 19 digits.
    #[inline(always)]
    pub(super) fn is_infinite(&self) -> bool {
        self.reaches(1_797_693_134_862_315_807, 290)
    }

    /// Of a number that is no integer of 64 bits, bits that are beyond those of 2^63 if those of the nearest double are; for
    /// numbers where no double is asked for.
    #[inline(always)]
    pub(super) fn rough(&self) -> u64 {
        // Halfway between 2^63 and the double below it.
        u64::from(self.reaches(9_223_372_036_854_775_296, 0)).wrapping_neg()
    }

    /// The nearest double, of two equally near the even one, which may be infinite. `text` is what was read.
    pub(super) fn double(&self, text: &[u8]) -> f64 {
        let (power, below) = (self.exponent.unsigned_abs().min(FARTHEST), self.exponent < 0);
        let value = scaled(self.digits, power, below);
        // Digits and power are doubles, so that the one rounding is the right one.
        if self.digits <= EXACT && power <= LARGEST_POWER.1 {
            return value;
        }
        let exponent = if below { -(power as i64) } else { power as i64 };
        nearest(text, exponent, value)
    }
}

/// A number, its digits with or without a point and an exponent, as the nearest double; `None` if that is infinite.
pub(crate) fn parse_f64(text: &str) -> Option<f64> {
    Some(Decimal::of(text.as_bytes()).double(text.as_bytes())).filter(|value| value.is_finite())
}

/// `digits` × 10^`exponent`, or divided by that, rounded once for each 22 that are in the exponent.
fn scaled(digits: u64, mut exponent: u64, below: bool) -> f64 {
    let mut value = digits as f64;
    while exponent > 0 {
        let mut power = 1.0;
        while exponent > 0 && power < LARGEST_POWER.0 {
            power *= 10.0;
            exponent -= 1;
        }
        value = if below { value / power } else { value * power };
    }
    value
}

/// The double nearest to the digits of `text`, the first 19 of them × 10^`exponent`, which is a few steps away from `guess`.
#[cold]
#[inline(never)]
fn nearest(text: &[u8], mut exponent: i64, guess: f64) -> f64 {
    let mut digits = Big::default();
    let (mut count, mut dropped) = (0, false);
    for byte in text.iter().copied() {
        count += usize::from(byte.is_ascii_digit() && (count > 0 || byte != b'0'));
        exponent -= i64::from(byte.is_ascii_digit() && count > 19);
        match byte {
            b'0'..=b'9' if digits.used < Big::DIGIT_LIMBS => digits.multiply_add(10, u32::from(byte - b'0')),
            b'0'..=b'9' => {
                dropped |= byte != b'0';
                exponent += 1;
            }
            b'e' | b'E' => break,
            _ => {}
        }
    }
    if dropped {
        digits.multiply_add(10, 1);
        exponent -= 1;
    }
    let mut bits = guess.to_bits();
    while bits < f64::INFINITY.to_bits() && is_above(&digits, exponent, bits) {
        bits += 1;
    }
    while bits > 0 && !is_above(&digits, exponent, bits - 1) {
        bits -= 1;
    }
    f64::from_bits(bits)
}

/// Whether `digits` × 10^`exponent` is to be read as more than the double of these bits: whether it lies above the middle
/// between that and the next double, or on it, if the next is the even one.
fn is_above(digits: &Big, exponent: i64, bits: u64) -> bool {
    let (mantissa, binary) = parts(bits);
    match compare(digits, exponent, 2 * mantissa + 1, binary - 1) {
        Ordering::Less => false,
        Ordering::Equal => bits % 2 == 1,
        Ordering::Greater => true,
    }
}

/// A double that is not negative, as a whole number and the power of two that it is to be multiplied by.
fn parts(bits: u64) -> (u64, i64) {
    let stored = bits & ((1 << 52) - 1);
    match (bits >> 52) as i64 {
        0 => (stored, -1074),
        biased => (stored | 1 << 52, biased - 1075),
    }
}

/// `digits` × 10^`exponent` against `mantissa` × 2^`binary`.
fn compare(digits: &Big, exponent: i64, mantissa: u64, binary: i64) -> Ordering {
    let (mut left, mut right) = (digits.clone(), Big::of(mantissa));
    // 10 is 5 × 2; each power is multiplied by on the side where it is none below zero.
    left.multiply_power(5, exponent);
    right.multiply_power(5, -exponent);
    left.multiply_power(2, exponent - binary);
    right.multiply_power(2, binary - exponent);
    let mut order = Ordering::Equal;
    for (left, right) in left.limbs.iter().zip(&right.limbs).take(left.used.max(right.used)) {
        order = left.cmp(right).then(order);
    }
    order
}

/// The shortest text that reads back as the same double; always with a fraction or an exponent. `value` is finite.
#[inline(never)]
pub(crate) fn write_f64(value: f64, out: &mut Text) {
    if value.is_sign_negative() {
        out.push("-");
    }
    let (digits, point) = shortest(value.abs());
    let count = digits.as_bytes().len() as i64;
    let is_plain = (-4..=16).contains(&point);
    let (shown, end) = if is_plain { (point, count.max(point + 1)) } else { (1, count) };
    write_places(&digits, shown, end, out);
    digits.release();
    if !is_plain {
        out.push("e");
        out.push_integer(point - 1);
    }
}

/// Digits with the point before the place `point`, up to the place `end`; where there are none, zeros.
pub(crate) fn write_places(digits: &Text, point: i64, end: i64, out: &mut Text) {
    for at in (point - 1).min(0)..end {
        if at == point {
            out.push(".");
        }
        let digit = usize::try_from(at).ok().and_then(|at| digits.as_bytes().get(at));
        out.push_byte(*digit.unwrap_or(&b'0'));
    }
}

/// The fewest digits that read back as `value`, which is not negative, and as many of them as stand before the point; of
/// several the nearest. Zero is `0`, with one digit before the point.
pub(crate) fn shortest(value: f64) -> (Text, i64) {
    let (mut digits, mut exponent) = if value == 0.0 { (0, 0) } else { round_trip(value) };
    while digits != 0 && digits % 10 == 0 {
        digits /= 10;
        exponent += 1;
    }
    let mut text = Text::default();
    text.push_digits(digits);
    let point = text.as_bytes().len() as i64 + exponent;
    (text, point)
}

/// As [`shortest`], for more than zero: the digits as one integer, and the power of ten that it is to be multiplied by.
fn round_trip(value: f64) -> (u64, i64) {
    // Few digits after the point: the usual case.
    let (mut places, mut power) = (0, 1.0);
    while power <= LARGEST_POWER.0 && value * power < DISTINCT {
        // Adding a half and dropping the fraction rounds; what is lost on the way is far below a half.
        let digits = (value * power + 0.5) as u64;
        if digits > 0 && digits as f64 / power == value {
            return (digits, -places);
        }
        places += 1;
        power *= 10.0;
    }
    let bits = value.to_bits();
    let (mantissa, binary) = parts(bits);
    let is_within = |digits, exponent| compare(&Big::of(digits), exponent, mantissa, binary).is_le();
    // Digit by digit, from one place above the first or a few more: log10(2) is about 1233/4096.
    let mut exponent = (binary + 52) * 1233 / 4096 + 1;
    let mut digits = 0;
    loop {
        while is_within(digits + 1, exponent) {
            digits += 1;
        }
        // The nearest, then its neighbour: beside a power of two the gap below is half of the gap above. Of two equally
        // near the larger, as the standard library has it.
        let up = u64::from(is_within(digits * 10 + 5, exponent - 1));
        for digits in [digits + up, digits + 1 - up] {
            let big = Big::of(digits);
            if is_above(&big, exponent, bits - 1) && !is_above(&big, exponent, bits) {
                return (digits, exponent);
            }
        }
        // Seventeen digits always suffice.
        digits *= 10;
        exponent -= 1;
    }
}

/// A whole number, 32 bits a limb, the lowest first.
#[derive(Clone)]
struct Big {
    limbs: [u32; Big::LIMBS],
    /// From here on every limb is zero.
    used: usize,
}

impl Default for Big {
    fn default() -> Big {
        Big { limbs: [0; Big::LIMBS], used: 0 }
    }
}

impl Big {
    /// What the digits that can matter come to: more than the 767 that a double, or the middle between two, has; of all
    /// others it matters only whether one is not zero.
    const DIGIT_LIMBS: usize = 84;
    /// So many digits × 2^1075, or a mantissa × 10^(810 + [`FARTHEST`]), with room to spare.
    const LIMBS: usize = 136;

    fn of(value: u64) -> Big {
        let mut big = Big { used: 2, ..Big::default() };
        (big.limbs[0], big.limbs[1]) = (value as u32, (value >> 32) as u32);
        big
    }

    fn multiply_add(&mut self, factor: u32, summand: u32) {
        let mut carry = u64::from(summand);
        for limb in self.limbs.iter_mut().take(self.used) {
            carry += u64::from(*limb) * u64::from(factor);
            *limb = carry as u32;
            carry >>= 32;
        }
        if carry > 0
            && let Some(limb) = self.limbs.get_mut(self.used)
        {
            *limb = carry as u32;
            self.used += 1;
        }
    }

    /// Multiplies by a power; by none below zero.
    #[inline(never)]
    fn multiply_power(&mut self, base: u32, mut exponent: i64) {
        while exponent > 0 {
            let mut factor = 1;
            // 5 times as much fits 32 bits.
            while exponent > 0 && factor < 1 << 29 {
                factor *= base;
                exponent -= 1;
            }
            self.multiply_add(factor, 0);
        }
    }
}
