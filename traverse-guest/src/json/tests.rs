//! The reader and the writer against serde_json, and the texts of rejections.

use super::*;
use crate::decode::Decode;
use crate::encode::{Writer, write_value};
use crate::text::Text;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;
use proptest::prelude::*;

fn text(value: Value<'_>) -> String {
    let mut out = Writer::new();
    write_value::<true>(value, &mut out);
    out.text.to_owned_string()
}

fn parse(bytes: &[u8]) -> Decoded<Document> {
    let mut document = Document::of(bytes);
    document.read(true)?;
    Ok(document)
}

/// What is read where an integer is wanted, with doubles that are exact or without.
fn whole(json: &str, doubles: bool) -> Result<i64, String> {
    let mut document = Document::of(json.as_bytes());
    let read = document.read(doubles).and_then(|()| i64::decode(document.root()));
    read.map_err(|rejection| rejection.message.to_owned_string())
}

/// The same by digits alone: those of the number, moved to where the exponent says.
fn whole_by_digits(json: &str) -> Result<i64, String> {
    let (number, exponent) = json.split_once(['e', 'E']).unwrap_or((json, "0"));
    let (sign, number) = number.strip_prefix('-').map_or(("", number), |number| ("-", number));
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits = format!("{whole}{fraction}");
    let digits = digits.trim_start_matches('0');
    if digits.is_empty() {
        return Ok(0);
    }
    let exponent: i64 = exponent.trim_start_matches('+').parse().unwrap_or(match exponent.starts_with('-') {
        true => -1_000_000,
        false => 1_000_000,
    });
    let significant = digits.trim_end_matches('0');
    // The number is 0.… × 10^`point`.
    let point = digits.len() as i64 - fraction.len() as i64 + exponent;
    let first: String = digits.chars().chain(core::iter::repeat('0')).take(19).collect();
    if (point, first.as_str()) >= (309, "1797693134862315807") {
        return Err("number out of range".into());
    }
    if (point, first.as_str()) < (20, "") && point >= significant.len() as i64 {
        let zeros = "0".repeat(point as usize - significant.len());
        if let Ok(integer) = format!("{sign}{significant}{zeros}").parse() {
            return Ok(integer);
        }
    }
    match json.parse::<f64>().unwrap().abs() >= 9_223_372_036_854_775_808.0 {
        true => Err("integer out of range".into()),
        false => Err("expected an integer, found a number with a fraction".into()),
    }
}

/// All digits of `mantissa` × 2^`binary`.
fn exact(mantissa: u64, binary: i32) -> String {
    let (mut digits, mut point) =
        (mantissa.to_string().bytes().map(|digit| digit - b'0').collect::<Vec<u8>>(), 0);
    for _ in 0..binary.unsigned_abs() {
        let mut carry = 0;
        if binary > 0 {
            for digit in digits.iter_mut().rev() {
                let double = *digit * 2 + carry;
                (*digit, carry) = (double % 10, double / 10);
            }
            digits.insert(0, carry);
        } else {
            for digit in &mut digits {
                let tens = *digit + carry * 10;
                (*digit, carry) = (tens / 2, tens % 2);
            }
            digits.push(carry * 5);
            point += 1;
        }
    }
    let text: String = digits.iter().map(|digit| char::from(digit + b'0')).collect();
    let (whole, fraction) = text.split_at(text.len() - point);
    let whole = whole.trim_start_matches('0');
    format!("{}.{fraction}0", if whole.is_empty() { "0" } else { whole })
}

/// The text and some that lie closely around it.
fn around(text: &str) -> Vec<String> {
    let (digits, last) = text.trim_end_matches('0').split_at(text.trim_end_matches('0').len() - 1);
    let mut around = vec![text.into(), format!("{text}{}1", "0".repeat(900))];
    if let Ok(last @ 1..) = last.parse::<u8>() {
        around.push(format!("{digits}{}9{}9", last - 1, "0".repeat(900)));
    }
    around
}

/// spec: SCHEMA-6
#[test]
fn integers_are_told_by_their_digits() {
    let edges = [exact((1 << 54) - 1, 970), exact(1, -1075), exact(1, -1074), exact((1 << 53) - 1, 971)];
    let long = ["1", "0.999", "12345.5"].map(|start| format!("{start}{}", "9".repeat(2000)));
    let plain = [
        "0",
        "-0",
        "0.0",
        "-0.0",
        "0e999999999999999999999",
        "1e3",
        "1E+3",
        "-1e3",
        "5000.0",
        "5e3",
        "50e-1",
        "5e-1",
        "1e18",
        "1e19",
        "-9223372036854775808",
        "-9223372036854775809",
        "-9223372036854775808.0",
        "9223372036854775807",
        "9223372036854775808",
        "9223372036854775807.0",
        "9223372036854775295.9",
        "9223372036854775296",
        "1e308",
        "1e309",
        "-1e309",
        "1.797693134862315806e308",
        "1.797693134862315807e308",
        "9007199254740993.0",
        "9223372036854775807.00000000000000000000000000001",
        "9223372036854775296.5",
        "9223372036854775295.5",
        "-9223372036854775808.5",
        "1e999999999999999999999",
        "1e-999999999999999999999",
        "5e-324",
        "2e-324",
        "3e-324",
        "1e-323",
        "1e-300",
        "0.1",
        "0.99999999999999999",
        "0.9999999999999999",
        "1.0000000000000000000001",
        "18446744073709551616",
        "99999999999999999999",
        "10000000000000000000000000e-24",
        "0.00000000000000000000000000000000001e35",
    ];
    let texts =
        plain.map(String::from).into_iter().chain(long).chain(edges.iter().flat_map(|edge| around(edge)));
    for text in texts {
        for text in [text.clone(), format!("-{}", text.trim_start_matches('-'))] {
            let expected = whole_by_digits(&text);
            assert_eq!(whole(&text, false), expected, "{text}");
            assert_eq!(whole(&text, true), expected, "{text}");
        }
    }
}

fn refused(json: &str) -> (String, String) {
    let rejection = parse(json.as_bytes()).expect_err(json);
    (rejection.at.to_owned_string(), rejection.message.to_owned_string())
}

/// spec: IO-1, IO-2
#[test]
fn only_one_value_of_utf8_without_a_mark_is_read() {
    for empty in ["", " \n\t\r"] {
        assert_eq!(refused(empty), ("".into(), "input is empty: expected one JSON value".into()));
    }
    assert_eq!(refused("1 2").1, "not valid JSON: more data after the value at byte 2");
    assert_eq!(refused("{}{}").1, "not valid JSON: more data after the value at byte 2");
    assert_eq!(refused("\u{feff}{}").1, "not valid JSON: byte-order mark at byte 0");
    let rejection = parse(b"{\"a\":\"\xff\"}").unwrap_err();
    assert_eq!(
        (rejection.at.as_bytes(), rejection.message.as_bytes()),
        (&b""[..], &b"not UTF-8: invalid at byte 6"[..])
    );
}

/// spec: IO-3
#[test]
fn syntax_errors_name_the_byte() {
    for (json, message) in [
        ("{", "not valid JSON: the input ends too early"),
        ("{\"a\"", "not valid JSON: the input ends too early"),
        ("\"a", "not valid JSON: the input ends too early"),
        ("nul", "not valid JSON: expected a value at byte 0"),
        ("{a:1}", "not valid JSON: expected a name in double quotes at byte 1"),
        ("{\"a\" 1}", "not valid JSON: expected `:` at byte 5"),
        ("[1 2]", "not valid JSON: expected `,` or `]` at byte 3"),
        ("[1,]", "not valid JSON: expected a value at byte 3"),
        ("{\"a\":1,}", "not valid JSON: expected a name in double quotes at byte 7"),
        ("{\"a\":1;}", "not valid JSON: expected `,` or `}` at byte 6"),
        ("[01]", "not valid JSON: expected `,` or `]` at byte 2"),
        ("[1.]", "not valid JSON: expected a digit at byte 3"),
        ("[1e]", "not valid JSON: expected a digit at byte 3"),
        ("[-]", "not valid JSON: expected a digit at byte 2"),
        ("[+1]", "not valid JSON: expected a value at byte 1"),
        ("[NaN]", "not valid JSON: expected a value at byte 1"),
        ("\"\n\"", "not valid JSON: control character at byte 1"),
        (r#"["\x"]"#, "not valid JSON: unknown escape at byte 3"),
        (r#"["\u12g4"]"#, "not valid JSON: expected four hex digits at byte 6"),
        (r#"["\ud800"]"#, "not valid JSON: lone surrogate at byte 7"),
        (r#"["\ud800\u0041"]"#, "not valid JSON: lone surrogate at byte 13"),
        (r#"["\udc00"]"#, "not valid JSON: lone surrogate at byte 7"),
    ] {
        assert_eq!(refused(json), ("".to_string(), message.to_string()), "{json}");
    }
}

/// spec: IO-4
#[test]
fn nesting_is_bounded() {
    let deep = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
    assert!(parse(deep(100).as_bytes()).is_ok());
    for levels in [101, 1_000_000] {
        assert_eq!(refused(&deep(levels)).1, "nested deeper than 100 levels");
    }
    assert_eq!(refused(&"[".repeat(1_000_000)).1, "nested deeper than 100 levels");
    assert_eq!(refused(&"{\"a\":".repeat(1_000_000)).1, "nested deeper than 100 levels");
}

/// spec: IO-5
#[test]
fn repeated_names_are_refused_at_every_level() {
    assert_eq!(refused(r#"{"a":1,"a":2}"#), ("/a".into(), "duplicate key".into()));
    assert_eq!(
        refused(r#"{"x":[0,{"a/b~":1,"a\u002fb~":2}]}"#),
        ("/x/1/a~1b~0".into(), "duplicate key".into())
    );
    assert!(parse(br#"{"a":{"a":{"a":1}}}"#).is_ok());
    // Many names: found without comparing each with each.
    let names =
        |count: usize| (0..count).map(|n| format!("\"{}\":0,", n * 7919 % 100_003)).collect::<String>();
    let unique = format!("{{{}\"x\":0}}", names(100_000));
    assert!(parse(unique.as_bytes()).is_ok());
    let repeated = format!("{{{}\"7919\":0}}", names(100_000));
    assert_eq!(refused(&repeated), ("/7919".into(), "duplicate key".into()));
}

/// spec: IO-6
#[test]
fn numbers_are_exact_or_refused() {
    let read = |json: &str| {
        let document = parse(json.as_bytes()).unwrap();
        (document.root().kind(), document.root().bits())
    };
    let int = |value: i64| (Kind::Int, value as u64);
    let double = |value: f64| (Kind::Double, value.to_bits());
    assert_eq!(read("9223372036854775807"), int(i64::MAX));
    assert_eq!(read("-9223372036854775808"), int(i64::MIN));
    assert_eq!(read("9223372036854775808"), double(9_223_372_036_854_775_808.0));
    assert_eq!(read("-9223372036854775809"), double(-9_223_372_036_854_775_808.0));
    assert_eq!(read("18446744073709551616"), double(18_446_744_073_709_551_616.0));
    assert_eq!(read("0.1"), double(0.1));
    let whole = |value: f64| (Kind::Whole, value.to_bits());
    assert_eq!(read("1e3"), whole(1000.0));
    assert_eq!(read("0.00000000000000000000000000000000001e35"), whole(1.0));
    assert_eq!(read("9007199254740992.0"), whole(9_007_199_254_740_992.0));
    assert_eq!(read("9007199254740993.0"), int(9_007_199_254_740_993));
    assert_eq!(read("0.99999999999999999999"), double(1.0));
    assert_eq!(read("1.7976931348623157e308"), double(f64::MAX));
    assert_eq!(read("1e-999999999999999999999"), double(0.0));
    assert_eq!(read("-0"), whole(-0.0));
    assert_eq!(read("-0e9"), whole(-0.0));
    assert_eq!(refused("{\"a\":[1e999]}"), ("/a/0".into(), "number out of range".into()));
    assert_eq!(refused("-1e999"), ("".into(), "number out of range".into()));
}

/// spec: IO-8
#[test]
fn text_is_escaped_and_doubles_keep_a_fraction() {
    let json = r#"["\"\\\/\b\f\n\r\t\u001f\u007f\u00e9\ud83d\ude00",120.0,1e300,5e-324,-7,null]"#;
    assert_eq!(
        text(parse(json.as_bytes()).unwrap().root()),
        "[\"\\\"\\\\/\\b\\f\\n\\r\\t\\u001f\u{7f}é😀\",120.0,1e300,5e-324,-7,null]"
    );
    assert_eq!(text(parse(r#""\ud83d\ude00\/""#.as_bytes()).unwrap().root()), "\"😀/\"");
}

#[test]
fn pointers_find_values() {
    let document = parse(br#"{"x":{"y":[0]},"a":[{"b/c~":1}]}"#).unwrap();
    let found = |pointer| document.root().pointer(str::as_bytes(pointer)).map(text);
    assert_eq!(found("/a/0/b~1c~0").as_deref(), Some("1"));
    assert_eq!(found("").as_deref(), Some(r#"{"x":{"y":[0]},"a":[{"b/c~":1}]}"#));
    assert_eq!(found("/a/1"), None);
    assert_eq!(found("/a/0/y"), None);
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>().prop_filter("JSON has no other", |double| double.is_finite()).prop_map(Into::into),
        any::<String>().prop_map(Into::into),
    ];
    leaf.prop_recursive(5, 64, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Into::into),
            prop::collection::btree_map(any::<String>(), inner, 0..8)
                .prop_map(|properties| serde_json::Value::Object(properties.into_iter().collect())),
        ]
    })
}

/// Ours, read by theirs.
fn same(ours: Value<'_>, theirs: &serde_json::Value) -> bool {
    match (ours.kind(), theirs) {
        (Kind::Null, serde_json::Value::Null) => true,
        (Kind::Bool, serde_json::Value::Bool(theirs)) => ours.bits() == u64::from(*theirs),
        (Kind::Int, serde_json::Value::Number(theirs)) => {
            // Theirs reads what is written with a fraction as a double, even where none is the same.
            let is_rounded = || ours.bits() as i64 as f64 as i64 != ours.bits() as i64;
            Some(ours.bits() as i64) == theirs.as_i64()
                || theirs.as_f64() == Some(ours.bits() as i64 as f64) && is_rounded()
        }
        (Kind::Double | Kind::Whole, serde_json::Value::Number(theirs)) => {
            theirs.as_i64().is_none() && Some(ours.bits()) == theirs.as_f64().map(f64::to_bits)
        }
        (Kind::Text, serde_json::Value::String(theirs)) => ours.text() == Some(theirs),
        (Kind::Array, serde_json::Value::Array(theirs)) => {
            ours.count() == theirs.len() && ours.parts().zip(theirs).all(|(ours, theirs)| same(ours, theirs))
        }
        (Kind::Object, serde_json::Value::Object(theirs)) => {
            let mut found = 0;
            for (name, value) in ours.properties() {
                if !theirs.get(name).is_some_and(|theirs| same(value, theirs)) {
                    return false;
                }
                found += 1;
            }
            found == theirs.len() && ours.count() == found
        }
        _ => false,
    }
}

/// Text in which a few bytes are changed, and bytes from the edges of what is text.
fn broken_text() -> impl Strategy<Value = Vec<u8>> {
    let edges = prop::sample::select(
        &b"a\x7f\x80\x8f\x90\x9f\xa0\xbf\xc0\xc1\xc2\xdf\xe0\xe1\xec\xed\xee\xef\xf0\xf1\xf3\xf4\xf5\xff"[..],
    );
    prop_oneof![
        prop::collection::vec(edges, 0..6),
        (any::<String>(), any::<usize>(), any::<u8>()).prop_map(|(text, at, byte)| {
            let mut bytes = text.into_bytes();
            let at = at % bytes.len().max(1);
            if let Some(place) = bytes.get_mut(at) {
                *place = byte;
            }
            bytes
        }),
    ]
}

proptest! {
    #[test]
    fn documents_read_as_serde_json_reads_them(document in json(), pretty: bool) {
        let written = if pretty {
            serde_json::to_string_pretty(&document).unwrap()
        } else {
            document.to_string()
        };
        let ours = parse(written.as_bytes()).unwrap();
        prop_assert!(same(ours.root(), &document), "{ours:?}");
        let theirs: serde_json::Value = serde_json::from_str(&text(ours.root())).unwrap();
        prop_assert!(same(ours.root(), &theirs), "{theirs}");
    }

    #[test]
    fn broken_documents_are_refused_where_serde_json_refuses_them(document in json(), cut: usize, byte: u8) {
        let mut bytes = document.to_string().into_bytes();
        let at = cut % bytes.len();
        bytes[at] = byte;
        let theirs = serde_json::from_slice::<serde_json::Value>(&bytes);
        match parse(&bytes) {
            Ok(ours) => prop_assert!(theirs.is_ok_and(|theirs| same(ours.root(), &theirs))),
            // serde_json takes the last of two equal names.
            Err(rejection) if rejection.message == *Text::new("duplicate key") => {}
            Err(rejection) => prop_assert!(theirs.is_err(), "{rejection:?}"),
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes: Vec<u8>) {
        let _ = parse(&bytes);
    }

    #[test]
    fn text_is_what_the_standard_library_takes_for_text(bytes in broken_text()) {
        prop_assert_eq!(checked_text(&bytes), core::str::from_utf8(&bytes).map_err(|error| error.valid_up_to()));
    }

    #[test]
    fn integers_print_and_parse(integer: i64) {
        let mut out = Text::default();
        out.push_integer(integer);
        let printed = out.to_owned_string();
        prop_assert_eq!(&printed, &integer.to_string());
        let read = parse(printed.as_bytes()).unwrap();
        prop_assert_eq!((read.root().kind(), read.root().bits()), (Kind::Int, integer as u64));
    }

    #[test]
    fn doubles_print_shortest_and_parse_nearest(bits: u64) {
        let double = f64::from_bits(bits);
        if double.is_finite() {
            let mut out = Text::default();
            write_f64(double, &mut out);
            let printed = out.to_owned_string();
            let magnitude = number::parse_f64(printed.trim_start_matches('-')).unwrap();
            prop_assert_eq!(magnitude.to_bits(), bits & !(1 << 63));
            let read = parse(printed.as_bytes()).unwrap();
            prop_assert_eq!(f64::decode(read.root()).unwrap().to_bits(), bits);
            // Beyond 2^53 the shortest text may be that of another integer.
            let is_whole = double.fract() == 0.0 && double.abs() < 9_223_372_036_854_775_808.0;
            prop_assert_eq!(read.root().kind() != Kind::Double, is_whole);
            // As few digits as the standard library's shortest.
            let digits = |text: &str| text.split('e').next().unwrap_or("").bytes()
                .filter(u8::is_ascii_digit).map(char::from).collect::<String>().trim_matches('0').to_string();
            prop_assert_eq!(digits(&printed), digits(&format!("{double:e}")));
        }
    }

    #[test]
    fn middles_between_doubles_parse_as_the_standard_library_does(bits in 0u64..0x7fef_ffff_ffff_ffff, below: bool, digit in 0u8..10) {
        // The exact middle has all its digits within 1,100 places; one digit more decides.
        let (low, high) = (f64::from_bits(bits), f64::from_bits(bits + 1));
        let middle = format!("{:.1100}", low / 2.0 + high / 2.0);
        for text in [format!("{low:.1100}"), format!("{middle}{digit}"), format!("{middle}e-{digit}"), middle[..middle.len() - usize::from(below)].into()] {
            prop_assert_eq!(number::parse_f64(&text).map(f64::to_bits), text.parse::<f64>().ok().map(f64::to_bits));
        }
    }

    #[test]
    fn decimal_texts_parse_as_the_standard_library_does(digits in "[0-9]{1,40}", fraction in "[0-9]{1,40}", exponent in -345i32..320) {
        let text = format!("{}.{fraction}e{exponent}", digits.trim_start_matches('0').parse::<u128>().unwrap_or(0));
        prop_assert_eq!(number::parse_f64(&text).map(f64::to_bits),
            text.parse::<f64>().ok().filter(|double| double.is_finite()).map(f64::to_bits));
        // As the reader has it, which takes a short way where it can.
        let read = parse(text.as_bytes()).ok().map(|document| f64::decode(document.root()).unwrap().to_bits());
        prop_assert_eq!(read, number::parse_f64(&text).map(f64::to_bits));
    }

    /// spec: SCHEMA-6
    #[test]
    fn integers_are_told_alike_with_doubles_and_without(
        digits in "[1-9][0-9]{0,24}", fraction in "(0{0,20}|9{0,20})[0-9]{0,3}", exponent in -30i32..30,
    ) {
        let text = format!("{digits}.{fraction}0e{exponent}");
        prop_assert_eq!(whole(&text, false), whole_by_digits(&text));
        prop_assert_eq!(whole(&text, true), whole_by_digits(&text));
    }

    #[test]
    fn whole_numbers_are_told_from_their_neighbours(integer: u64, shift in 0u32..64, after: bool) {
        // The middle between a whole number that is a double and the next double above or below it.
        let double = (integer >> shift).max(1) as f64;
        let bits = double.to_bits() - u64::from(!after);
        let (mantissa, binary) = (bits & ((1 << 52) - 1) | 1 << 52, (bits >> 52) as i32 - 1075);
        for text in around(&exact(2 * mantissa + 1, binary - 1)) {
            prop_assert_eq!(whole(&text, false), whole_by_digits(&text), "{}", text);
            prop_assert_eq!(whole(&text, true), whole_by_digits(&text), "{}", text);
        }
    }
}
