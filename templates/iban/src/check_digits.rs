//! The check digits of an IBAN: ISO 7064, MOD 97-10.

/// The two digits, `02` to `98`, that belong to a country and its BBAN, both in ASCII capitals and
/// digits.
///
/// To compute them and compare also finds the check digits `00`, `01` and `99`, which are never
/// given out, though the whole can leave the remainder 1 with them.
pub fn compute(country: &str, bban: &str) -> String {
    let characters = bban.bytes().chain(country.bytes()).chain(*b"00");
    // A remainder is below 97, so nothing here grows past 9,735: no big number is needed.
    let remainder = characters.fold(0, |remainder, character| match character {
        b'0'..=b'9' => (remainder * 10 + u32::from(character - b'0')) % 97,
        // A is 10, B is 11, … Z is 35: two digits.
        _ => (remainder * 100 + u32::from(character - b'A') + 10) % 97,
    });
    let digits = 98 - remainder;
    // Two of them, always: `format!("{digits:02}")` says the same and makes the module 3 KB larger.
    [digits / 10, digits % 10]
        .into_iter()
        .filter_map(|digit| char::from_digit(digit, 10))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::compute;

    #[test]
    fn as_in_the_standard() {
        assert_eq!(compute("GB", "NWBK60161331926819"), "29");
        assert_eq!(compute("BE", "539007547034"), "68");
    }

    #[test]
    fn below_ten_has_a_leading_zero() {
        assert_eq!(compute("SA", "80000000608010167519"), "03");
    }
}
