//! Patterns against the `regex` crate, RE2's particulars, and what a hostile pattern comes to.

use super::*;
use crate::contract::tests::{report, spec};
use proptest::prelude::*;
use std::time::{Duration, Instant};

fn found(pattern: &str, text: &str) -> bool {
    Pattern::new(pattern).unwrap_or_else(|error| panic!("{pattern}: {error:?}")).is_match(text)
}

/// `message [what the caret is under]`
fn refused(pattern: &str) -> String {
    match Pattern::new(pattern) {
        Ok(_) => "no error".into(),
        Err(error) => format!("{} [{}]", error.message, &pattern[error.span.start..error.span.end]),
    }
}

/// spec: LANG-90, LANG-93
#[test]
fn patterns_mean_what_re2_says() {
    for (pattern, yes, no) in [
        ("", &["", "a"][..], &[][..]),
        ("b", &["abc", "b"], &["", "ac"]),
        ("^ab?$", &["a", "ab"], &["abb", "", "a\n", "xa"]),
        ("^(a|bc)*$", &["", "abca"], &["b", "ac"]),
        ("a{2,3}", &["aa", "xaaaax"], &["a"]),
        ("^a{2,}$", &["aa", "aaaaa"], &["a", ""]),
        ("^a{2}?$", &["aa"], &["a", "aaa"]),
        // A brace that counts nothing is a brace.
        ("a{,2}", &["a{,2}"], &["aa"]),
        ("^a{01}$", &["a{01}"], &["a"]),
        ("a{", &["a{"], &["a"]),
        ("^x{2$", &["x{2"], &["xx"]),
        // ASCII alone, and no vertical tab in `\s`.
        (r"^\d$", &["7"], &["٣", "a"]),
        (r"^\D$", &["٣", "é", "😀", "\n"], &["7", ""]),
        (r"^\w$", &["a", "_", "0"], &["é", "-"]),
        (r"^\W$", &["é", "-"], &["a"]),
        (r"^\s$", &[" ", "\t", "\n", "\u{c}", "\r"], &["\u{b}", "\u{a0}", "a"]),
        (r"^\S$", &["\u{b}", "\u{a0}"], &[" "]),
        (r"^[[:space:]]$", &["\u{b}"], &["\u{85}"]),
        (r"^[[:^alpha:]x]$", &["x", "1", "é"], &["a"]),
        (r"\bone\b", &["one", "a one.", "éone"], &["oned", "_one"]),
        (r"\Bone", &["xone"], &["one", "éone"]),
        // Never inside a character.
        (r"\B", &["", "é", "ab"], &["a", "aéa"]),
        // One character, not one byte.
        ("^.$", &["a", "é", "😀"], &["\n", "ab", ""]),
        ("(?s)^.$", &["\n"], &["\n\n"]),
        ("^[^a]$", &["é", "\n"], &["a"]),
        ("^[à-ÿ]{2}$", &["éà"], &["é", "e"]),
        // `$` is the end of the text, and of a line under `m` alone.
        ("a$", &["a"], &["a\n"]),
        ("(?m)^b$", &["a\nb\nc", "b"], &["ab", "b\r\n"]),
        ("(?m)^$", &["", "a\n", "a\n\nb"], &["a"]),
        (r"(?m)\Ab\z", &["b"], &["a\nb", "b\n"]),
        ("(?m:^)a(?-m:$)", &["x\na"], &["a\n"]),
        // Flags hold to the end of their group.
        ("(?i)ab|C", &["AB", "c"], &["x"]),
        ("^(?:(?i)a)b$", &["Ab", "ab"], &["AB"]),
        ("^(?i:a)b$", &["Ab"], &["aB"]),
        ("(?i)^k[^s]$", &["K\u{e9}", "\u{212a}a"], &["kS", "k\u{17f}"]),
        (r"(?i)^\w\W$", &["\u{17f}-"], &["a\u{212a}"]),
        ("(?U)^a+$", &["aa"], &["b"]),
        ("a(?:)b|()", &["x"], &[]),
        // Characters in classes.
        ("^[]a]+$", &["]a"], &["b"]),
        ("^[^]a]$", &["b"], &["]"]),
        ("^[a-]$", &["-", "a"], &["b"]),
        ("^[a-c-e]$", &["-", "b", "e"], &["d"]),
        (r"^[\d-z]$", &["-", "5", "z"], &["y"]),
        ("^[a&&b]$", &["&", "a", "b"], &["c"]),
        ("^[[a]$", &["[", "a"], &["b"]),
        (r"^[\]\\^]$", &["]", "\\", "^"], &["a"]),
        // Escapes.
        (r"^\x41\x{1F600}\101\n\0\_\/$", &["A😀A\n\0_/"], &["A"]),
        (r"^\Qa.b*\E+$", &["a.b*", "a.b**"], &["axb"]),
        (r"\Q(", &["("], &["a"]),
        (r"^(?P<year>\d{4})-(?<month>\d\d)$", &["2026-11"], &["26-11"]),
    ] {
        for text in yes {
            assert!(found(pattern, text), "{pattern:?} is found in {text:?}");
        }
        for text in no {
            assert!(!found(pattern, text), "{pattern:?} is not found in {text:?}");
        }
    }
}

/// spec: LANG-90
#[test]
fn what_re2_refuses_is_refused_at_its_place() {
    for (pattern, told) in [
        ("a(b", "`(` is not closed [(]"),
        ("a)b", "`)` closes no group [)]"),
        ("[a", "`[` is not closed [[]"),
        ("[]", "`[` is not closed [[]"),
        ("a|*", "`*` repeats nothing [*]"),
        ("(?i)+", "`+` repeats nothing [+]"),
        ("{2}", "`{2}` repeats nothing [{2}]"),
        ("a**", "`**` is one repetition on top of another [**]"),
        ("a++", "`++` is one repetition on top of another [++]"),
        ("a{2}{3}", "`{2}{3}` is one repetition on top of another [{2}{3}]"),
        ("a{3,2}", "`{3,2}` admits no number [{3,2}]"),
        ("a{1001}", "a repetition counts to 1000 at most [{1001}]"),
        ("a{99999999999}", "a repetition counts to 1000 at most [{99999999999}]"),
        ("[z-a]", "`z-a` goes backwards [z-a]"),
        (r"[a-\d]", r"`\d` cannot end a range [\d]"),
        ("[[:alfa:]]", "`[:alfa:]` is not a class [[:alfa:]]"),
        (r"[^\d\D]", r"`[^\d\D]` is no character at all [[^\d\D]]"),
        (r"[\b]", r"`\b` is no character [\b]"),
        ("(?=a)", "a pattern does not look ahead or behind: it is matched in one pass [(?=]"),
        ("x(?<!a)", "a pattern does not look ahead or behind: it is matched in one pass [(?<!]"),
        (r"(a)\1", r"a pattern does not refer back to a group: it is matched in one pass [\1]"),
        ("(?x) a", "the flag `x` is none of a pattern's [(?x]"),
        ("(?>a)", "this kind of group is none of a pattern's [(?>]"),
        ("(?i-)", "`(?` is not followed by flags [(?i-)]"),
        ("(?", "`(?` is not followed by flags [(?]"),
        ("(?P<a>x)(?P<a>y)", "two groups are called `a` [(?P<a>]"),
        ("(?P<>x)", "a group's name is of letters, digits and `_`, and ends with `>` [(?P<]"),
        (r"\p{Greek}", r"`\p` and its tables of Unicode are not supported by this version [\p]"),
        (r"[\PL]", r"`\p` and its tables of Unicode are not supported by this version [\P]"),
        (r"\Z", r"`\Z` is none of a pattern's escapes [\Z]"),
        (r"\u00e9", r"`\u` is none of a pattern's escapes [\u]"),
        (r"\C", r"`\C` would match half a character [\C]"),
        (r"é\y", r"`\y` is none of a pattern's escapes [\y]"),
        (r"\x4", r"`\x` is followed by two hexadecimal digits, or by more in braces [\x]"),
        (r"\x{110000}", r"`\x` is followed by two hexadecimal digits, or by more in braces [\x{110000}]"),
        (r"a\", r"nothing follows the last `\` [\]"),
        ("(?i)é", "`(?i)` knows the case of ASCII letters only in this version [é]"),
        ("(?i)[à-ÿ]", "`(?i)` knows the case of ASCII letters only in this version [à-ÿ]"),
    ] {
        assert_eq!(refused(pattern), told, "{pattern}");
    }
    assert_eq!(refused("(?i)[^é]"), "`(?i)` knows the case of ASCII letters only in this version [é]");
    for fine in ["(?i)€日[^a]", "(?i)\u{17f}\u{212a}", "(?)a", "^*", r"\b+", "(?i)[\\x{80}-\\x{10ffff}]"] {
        assert_eq!(refused(fine), "no error", "{fine}");
    }
}

/// spec: LANG-91
#[test]
fn a_fault_in_a_pattern_is_shown_in_the_file() {
    let schema = "[input]\ntype = \"object\"\nrequired = [\"s\", \"t\", \"n\"]\n[input.properties]\n\
                  s = { type = \"string\" }\nt = { type = \"string\" }\nn = { type = \"integer\" }\n\
                  [output]\ntype = \"boolean\"\n[contract]\n";
    let of = |rule: &str| report(&spec(&format!("{schema}preconditions = [{rule}]")));
    assert_eq!(
        of(r#"'s.matches("é\\\\d(")'"#),
        "error[lang-bad-pattern]: `(` is not closed\n   --> traverse.spec.toml:16:36\n    |\n 16 | \
         preconditions = ['s.matches(\"é\\\\\\\\d(\")']\n    |                                    ^\n    \
         = help: close the group with `)`, or write `\\(` for the character itself"
    );
    // Through the escapes of TOML and of the language.
    assert!(
        of(r#""matches(s, '\\u00e9\\\\y')""#).contains("16:38"),
        "{}",
        of(r#""matches(s, '\\u00e9\\\\y')""#)
    );
    assert!(
        of("\"s.matches(t)\"")
            .contains("error[lang-pattern-not-literal]: the pattern of `matches` is written as text")
    );
    assert!(of("\"s.matches('a' + 'b')\"").contains("error[lang-pattern-not-literal]"));
    assert!(
        of("\"n.matches('a')\"")
            .contains("error[lang-type-mismatch]: `matches` takes text, but `n` is an int")
    );
    assert!(of("\"s.matches()\"").contains("help: write `text.matches('^[a-z]+$')`"));
    assert!(of("\"s.match('a')\"").contains("did you mean `matches`?"));
    assert_eq!(of("\"s.matches('a') and matches(t, r'^\\\\d$')\""), "no errors");
}

/// spec: SCHEMA-60, SCHEMA-61
#[test]
fn a_pattern_in_a_schema() {
    let of = |keywords: &str| {
        report(&spec(&format!(
            "[input]\ntype = 'object'\nproperties.s = {{ {keywords} }}\n[output]\ntype = 'boolean'"
        )))
    };
    assert_eq!(of("type = 'string', pattern = '^[A-Z]{2}$'"), "no errors");
    assert_eq!(
        of("type = 'string', pattern = '^[A-Z{2}$'"),
        "error[schema-bad-pattern]: `[` is not closed\n  --> traverse.spec.toml:8:46\n   |\n \
         8 | properties.s = { type = 'string', pattern = '^[A-Z{2}$' }\n   |                                               ^\n   \
         = help: close the class with `]`, or write `\\[` for the character itself"
            .replace("8:46", "8:47")
    );
    assert!(
        of("type = 'string', pattern = 'a^'")
            .contains("error[schema-empty-range]: no text matches this pattern")
    );
    assert!(of("type = 'string', pattern = '(a{1000}){1000}'").contains("error[schema-pattern-too-large]"));
    assert!(of("type = 'string', pattern = 5").contains("error[schema-wrong-type]"));
    assert!(of("type = 'integer', pattern = 'a'").contains("error[schema-misplaced-keyword]"));
}

/// spec: LANG-92
#[test]
fn a_pattern_that_would_explode_does_not() {
    let deep = |depth: usize| "(".repeat(depth) + "a" + &")".repeat(depth);
    let words: Vec<String> = (0..400).map(|at| format!("w{}x{at}", at * 7919 % 1000)).collect();
    let hostile = [
        "(.*a){20}".to_owned(),
        "(x{1000}){1000}".into(),
        "((a{0,100}){0,100}){0,100}".into(),
        "((((((((((x{10}){10}){10}){10}){10}){10}){10}){10}){10}){10})".into(),
        ".*a.{20}".into(),
        "[ab]*a[ab]{14}".into(),
        "(a?){500}(a?){500}a{500}".into(),
        "(a|b|ab)*c{400}(d|e){400}".into(),
        "(?:(?:a|b)?){1000}c".into(),
        "(\\b|\\B|^|$|a){1000}".into(),
        "a{1000}".repeat(500),
        "(|a){1000}(|b){1000}".into(),
        "[^a]{0,1000}b[^c]{0,1000}d".into(),
        words.join("|"),
        (0..500).map(|at| char::from_u32(0x4e00 + at * 3).unwrap_or('x')).collect::<String>(),
        (0..500).map(|at| format!("[{}-\u{ffff}]", char::from_u32(0x100 + at).unwrap_or('x'))).collect(),
        deep(10_000),
        deep(2_000),
        "(a|".repeat(1_000) + "b",
        "a|".repeat(30_000),
        "x".repeat(65_536),
    ];
    for pattern in &hostile {
        let start = Instant::now();
        let made = Pattern::new(pattern);
        let took = start.elapsed();
        let shown: String = pattern.chars().take(40).collect();
        assert!(took < Duration::from_secs(5), "{shown}: {took:?}");
        if let Ok(pattern) = &made {
            assert!(pattern.table().next.len() <= MAX_TABLE_BYTES, "{shown}");
        }
    }
    let told = |pattern: &str| Pattern::new(pattern).map_or_else(|error| error.message, |_| "made".into());
    assert_eq!(
        told(&hostile[1]),
        "the table of this pattern would be larger than 64 KiB, or take too many steps to make"
    );
    assert_eq!(
        told(&hostile[4]),
        "the table of this pattern would be larger than 64 KiB, or take too many steps to make"
    );
    assert_eq!(told(&hostile[17]), "groups are nested deeper than 128 levels");
    assert_eq!(told(&hostile[20]), "a pattern is at most 4096 bytes long, and this one is 65536");
    // These are large, and no more than that.
    for fine in
        ["(a|a)*", "(a*)*b", "((a+)+)+$", "^[a-z]{1,1000}$", "(?:a?){60}a{60}", "[01]*1[01]{9}", &deep(128)]
    {
        assert_eq!(told(fine), "made", "{fine}");
    }
}

/// spec: LANG-92
#[test]
fn a_table_is_least() {
    let size = |pattern: &str| {
        let pattern = Pattern::new(pattern).unwrap_or_else(|error| panic!("{pattern}: {error:?}"));
        let table = pattern.table();
        (table.next.len() / usize::from(table.classes), table.classes)
    };
    // States other than "never" and "found", and classes.
    assert_eq!(size("^[A-Z]{2}$"), (3, 2));
    assert_eq!(size("b"), (1, 2));
    assert_eq!(size("^(a|a|a)(b|b)$"), (3, 3));
    assert_eq!(size(r"^\d{4}-\d\d-\d\d$"), (11, 3));
    assert_eq!(size(r"^[\w.+-]+@[\w-]+(\.[\w-]+)+$"), (6, 5));
    assert_eq!(Pattern::new("a*").map(|pattern| pattern.decided()), Ok(Some(true)));
    assert_eq!(Pattern::new("a^b").map(|pattern| pattern.decided()), Ok(Some(false)));
    assert_eq!(Pattern::new("a$").map(|pattern| pattern.decided()), Ok(None));
    assert!(
        Pattern::new("^[a-z]{1,1000}$")
            .is_ok_and(|pattern| pattern.table().wide && found("^[a-z]{1,1000}$", &"q".repeat(1000)))
    );
    assert!(!found("^[a-z]{1,1000}$", &"q".repeat(1001)));
}

/// spec: LANG-93
#[test]
#[cfg(feature = "host")]
fn examples_match() {
    for pattern in [
        "",
        "b",
        "^[A-Z]{2}$",
        r"^[\w.+-]+@[\w-]+(\.[\w-]+)+$",
        "^(?:a{3}|b{7})*$",
        r"\bone\b",
        "^[^a-z]{4}$",
        "^[é-ü]{2,}$",
        "(?m)^b$",
        r"^\d{4}-\d\d-\d\d$",
    ] {
        let made = Pattern::new(pattern).unwrap_or_else(|error| panic!("{pattern}: {error:?}"));
        let mut seed = 7usize;
        for _ in 0..200 {
            let example = made.example(0, 40, |below| {
                seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                (seed >> 33) % below
            });
            assert!(example.as_ref().is_some_and(|text| made.is_match(text)), "{pattern}: {example:?}");
        }
        assert!(made.example(0, 40, |_| 0).is_some_and(|text| made.is_match(&text)), "{pattern}");
    }
    let code = Pattern::new("^[A-Z]{2}$").expect("a pattern");
    assert_eq!((code.example(0, 9, |_| 0), code.example(3, 9, |_| 0)), (Some("AA".into()), None));
    assert_eq!(code.example(0, 1, |_| 0), None);
    let long = Pattern::new("^a").expect("a pattern").example(30, 40, |_| 0);
    assert_eq!(long.map(|text| text.len()), Some(30));
}

/// A pattern, and what the `regex` crate has for it: `\d` and its kin there are of Unicode, `\s` has one character more.
fn pattern() -> impl Strategy<Value = (String, String)> {
    let same = |pattern: &str| (pattern.to_owned(), pattern.to_owned());
    let leaf = prop_oneof![
        8 => prop::sample::select(vec!["a", "b", "c", "k", "s", "é", "😀", "\\x{2028}", "\\.", "\\n", "1", "_", "-"]).prop_map(same),
        3 => prop::sample::select(vec![
            "[ab]", "[^a]", "[a-c1]", "[é-ü]", "[^é]", "[[:alpha:]]", "[[:^alpha:]_]", "[\\x{0}-\\x{7f}]", ".", "(?s:.)", "(?-s:.)",
        ]).prop_map(same),
        2 => prop::sample::select(vec!["^", "$", "\\A", "\\z", "(?m:^)", "(?m:$)", "(?-m:$)"]).prop_map(same),
        1 => Just(("\\b".into(), "(?-u:\\b)".into())),
        1 => Just(("\\B".into(), "(?-u:\\B)".into())),
        1 => Just(("\\d".into(), "[0-9]".into())),
        1 => Just(("\\W".into(), "[^0-9A-Za-z_]".into())),
        1 => Just(("\\s".into(), "[\\t\\n\\x0c\\r ]".into())),
        1 => Just(("[^\\S\\d]".into(), "[\\t\\n\\x0c\\r ]".into())),
        1 => Just(("(?i:[k-s])".into(), "(?i:[k-s])".into())),
        1 => Just(("(?i:\\w)".into(), "(?i:[0-9A-Za-z_])".into())),
        1 => Just(("".into(), "".into())),
    ];
    leaf.prop_recursive(5, 40, 4, move |inner| {
        let both = |pairs: Vec<(String, String)>, between: &str| {
            let (ours, theirs): (Vec<String>, Vec<String>) = pairs.into_iter().unzip();
            (ours.join(between), theirs.join(between))
        };
        let many = prop::collection::vec(inner.clone(), 1..4);
        prop_oneof![
            3 => many.clone().prop_map(move |parts| both(parts, "")),
            2 => many.prop_map(move |parts| both(parts, "|")).prop_map(|(ours, theirs)| (format!("({ours})"), format!("({theirs})"))),
            2 => (inner.clone(), prop::sample::select(vec!["*", "+", "?", "*?", "{2}", "{0,2}", "{1,}", "{3,4}?"]))
                .prop_map(|((ours, theirs), times)| (format!("(?:{ours}){times}"), format!("(?:{theirs}){times}"))),
            1 => inner.prop_filter_map("a letter with a case", |(ours, theirs)| {
                let cased = ['é', 'ü'];
                (!ours.contains(cased)).then(|| (format!("(?i:{ours})"), format!("(?i:{theirs})")))
            }),
        ]
    })
}

fn text() -> impl Strategy<Value = String> {
    let character = prop::sample::select(vec![
        'a',
        'b',
        'c',
        'k',
        's',
        'A',
        'K',
        'S',
        'z',
        '1',
        '_',
        '-',
        '.',
        ' ',
        '\n',
        '\r',
        '\t',
        '\u{b}',
        'é',
        'ê',
        'ü',
        '😀',
        '\u{17f}',
        '\u{212a}',
        '\u{2028}',
        '\u{10ffff}',
        '\0',
    ]);
    prop_oneof![
        9 => prop::collection::vec(character, 0..8).prop_map(|text| text.into_iter().collect()),
        1 => any::<String>(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(4000) })]

    /// spec: LANG-93, LANG-94
    #[test]
    fn patterns_are_found_where_the_regex_crate_finds_them(
        (ours, theirs) in pattern(),
        texts in prop::collection::vec(text(), 12),
    ) {
        let pattern = match Pattern::new(&ours) {
            Ok(pattern) => pattern,
            Err(error) if error.kind == PatternFault::TooLarge => return Ok(()),
            Err(error) => return Err(TestCaseError::fail(format!("{ours}: {error:?}"))),
        };
        let oracle = regex::Regex::new(&theirs).map_err(|error| TestCaseError::fail(error.to_string()))?;
        for text in texts {
            // Not `is_match`, which stops at an empty match of `\B` inside a character, and then says no.
            prop_assert_eq!(pattern.is_match(&text), oracle.find(&text).is_some(), "{} in {:?}", ours, text);
        }
    }

    /// spec: LANG-90
    #[test]
    fn any_text_is_a_pattern_or_an_error_with_a_place(text in r"([a-z0-9\\(){}\[\]|*+?^$.:<>=!,éPQE-]|\PC){0,24}") {
        if let Err(error) = Pattern::new(&text) {
            prop_assert!(text.get(error.span.start..error.span.end).is_some_and(|shown| !shown.is_empty()), "{error:?}");
        }
    }
}
