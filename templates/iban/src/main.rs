//! Checks an IBAN under ISO 13616 and takes it apart, under the contract in `traverse.spec.toml`.
//!
//! `Output`, `Exception` and `Expected` come from that contract; an exception with `details` is a
//! variant with fields.

mod check_digits;
mod countries;

use traverse_sdk::prelude::*;

#[capability]
fn check_iban(iban: String, accept: Option<Vec<String>>) -> Result<Output, Exception> {
    let electronic = electronic_form(&iban)?;
    let country: String = electronic.chars().take(2).collect();

    let Some(expected) = countries::iban_length(&country) else {
        return Err(Exception::UnknownCountry { country });
    };
    if accept.is_some_and(|accepted| !accepted.contains(&country)) {
        return Err(Exception::CountryNotAccepted { country });
    }
    if electronic.len() != expected {
        return Err(Exception::WrongLength {
            country,
            expected: expected as i64,
            found: electronic.len() as i64,
        });
    }
    // The length is right, so there are at least 15 characters, all of them ASCII.
    let (found, bban) = (&electronic[2..4], &electronic[4..]);
    let expected = check_digits::compute(&country, bban);
    if found != expected {
        return Err(Exception::BadChecksum {
            country,
            expected,
            found: found.into(),
        });
    }

    Ok(Output {
        country,
        check_digits: found.into(),
        bban: bban.into(),
        printed: printed_form(&electronic),
        electronic,
    })
}

#[invariant("the printed form reads back to the same IBAN")]
fn printed_reads_back(output: &Output) -> bool {
    electronic_form(&output.printed).is_ok_and(|electronic| electronic == output.electronic)
}

/// The text without spaces, in capitals: two letters, two digits, then letters and digits.
fn electronic_form(text: &str) -> Result<String, Exception> {
    let mut electronic = String::new();
    for (index, character) in text.chars().enumerate() {
        if character == ' ' {
            continue;
        }
        let (fits, expected) = match electronic.len() {
            0 | 1 => (character.is_ascii_alphabetic(), Expected::Letter),
            2 | 3 => (character.is_ascii_digit(), Expected::Digit),
            _ => (character.is_ascii_alphanumeric(), Expected::LetterOrDigit),
        };
        if !fits {
            let position = index as u64 + 1;
            return Err(Exception::BadCharacter {
                position,
                character: character.into(),
                expected,
            });
        }
        electronic.push(character.to_ascii_uppercase());
    }
    Ok(electronic)
}

/// In groups of four, as ISO 13616 prints it. `electronic` is ASCII.
fn printed_form(electronic: &str) -> String {
    let mut printed = String::new();
    for (index, character) in electronic.chars().enumerate() {
        if index > 0 && index % 4 == 0 {
            printed.push(' ');
        }
        printed.push(character);
    }
    printed
}

// Tests of the functions alone, with `cargo test`. The cases in `cases/` test the whole, contract
// included, on the real module, with `cargo traverse test`.
#[cfg(test)]
mod tests {
    use super::*;

    fn check(iban: &str) -> Result<Output, Exception> {
        check_iban(iban.into(), None)
    }

    #[test]
    fn takes_an_iban_apart() {
        let Ok(output) = check("gb29 NWBK 6016 1331 9268 19") else {
            panic!("a valid IBAN")
        };
        assert_eq!(output.country, "GB");
        assert_eq!(output.check_digits, "29");
        assert_eq!(output.bban, "NWBK60161331926819");
        assert_eq!(output.electronic, "GB29NWBK60161331926819");
        assert_eq!(output.printed, "GB29 NWBK 6016 1331 9268 19");
    }

    #[test]
    fn finds_every_swap_of_two_neighbours() {
        let right = "DE89370400440532013000";
        for place in 2..right.len() - 1 {
            let mut characters: Vec<char> = right.chars().collect();
            characters.swap(place, place + 1);
            let swapped: String = characters.into_iter().collect();
            let found = check(&swapped);
            assert!(
                swapped == right || matches!(found, Err(Exception::BadChecksum { .. })),
                "{swapped}"
            );
        }
    }

    #[test]
    fn counts_positions_in_the_text_as_given() {
        let found = check("DE89 3704 é044");
        assert!(matches!(
            found,
            Err(Exception::BadCharacter {
                position: 11,
                expected: Expected::LetterOrDigit,
                ..
            })
        ));
    }

    #[test]
    fn a_country_can_be_left_out() {
        let found = check_iban(
            "NO93 8601 1117 947".into(),
            Some(vec!["SE".into(), "DK".into()]),
        );
        assert!(matches!(found, Err(Exception::CountryNotAccepted { country }) if country == "NO"));
    }
}
