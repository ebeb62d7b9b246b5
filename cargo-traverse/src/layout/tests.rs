//! What stays, what changes, and that it is done at once.

use super::formatted;
use proptest::prelude::*;
use traverse_contract::{Source, canonical};

/// Laid out, and that doing so again changes nothing and the meaning stayed.
#[track_caller]
fn once(text: &str) -> String {
    let laid_out = formatted(text);
    assert_eq!(formatted(&laid_out), laid_out, "laid out twice, from\n{text}");
    assert_eq!(meaning(&laid_out), meaning(text), "from\n{text}\nto\n{laid_out}");
    assert_eq!(comments(&laid_out), comments(text), "from\n{text}\nto\n{laid_out}");
    laid_out
}

#[track_caller]
fn meaning(text: &str) -> String {
    let source = Source { name: "x".into(), text: text.into() };
    canonical::contract_json(&source).unwrap_or_else(|errors| panic!("{errors:#?}\n{text}"))
}

/// Every comment in the order of the text, as the lexer sees them.
fn comments(text: &str) -> Vec<String> {
    let source = toml_parser::Source::new(text);
    let tokens = source.lex();
    tokens
        .filter(|token| token.kind() == toml_parser::lexer::TokenKind::Comment)
        .map(|token| text[token.span().start()..token.span().end()].trim_end().to_owned())
        .collect()
}

// spec: SPEC-40, SPEC-41
#[test]
fn sections_stand_apart_and_their_equals_below_each_other() {
    let text = "\n\n# first\n\n[ capability ]   # c\n\nid=\"a\"\nversion = 'b'\n'runtime'   =\"c\"\n\n\n\n# about input\n[input]\n[ input . properties.\"x\" ]\ntype='string'\n# end\n\n";
    assert_eq!(
        once(text),
        "# first\n\n[capability]   # c\nid      = \"a\"\nversion = \"b\"\nruntime = \"c\"\n\n# about input\n[input]\n\n\
         [input.properties.x]\ntype = \"string\"\n# end\n"
    );
    assert_eq!(once(""), "");
    assert_eq!(once("\n \n"), "");
    assert_eq!(once("a=1"), "a = 1\n");
}

// spec: SPEC-41
#[test]
fn equals_that_stand_below_each_other_stay() {
    let text = "[a]\nid          = 1\nversion     = 2\n";
    assert_eq!(once(text), text);
    assert_eq!(once("[a]\nid          = 1\nversion    = 2\n"), "[a]\nid      = 1\nversion = 2\n");
    // A key alone stands below nothing.
    assert_eq!(once("[a]\nid          = 1\n"), "[a]\nid = 1\n");
    assert_eq!(once("[a]\na.b=1\n\n\n'c d' = 2"), "[a]\na.b   = 1\n\n\"c d\" = 2\n");
}

// spec: SPEC-42
#[test]
fn comments_behind_lines_stand_below_each_other() {
    assert_eq!(
        once("[a]\nx = [1]   # one\nlonger = 'abc'  # two\ny = 1\nz = 2 # three\n\nq = 1# four\n"),
        "[a]\nx      = [1]    # one\nlonger = \"abc\"  # two\ny      = 1\nz      = 2      # three\n\nq      = 1 # four\n"
    );
}

// spec: SPEC-43
#[test]
fn arrays_stand_on_one_line_or_have_a_line_for_each() {
    assert_eq!(once("a=[ 1,2 , 3 ,]"), "a = [1, 2, 3]\n");
    assert_eq!(once("a = [\n]\nb = [ ]\nc={ }"), "a = []\nb = []\nc = {}\n");
    let long = format!("a = ['{}', '{}']\n", "x".repeat(50), "y".repeat(50));
    assert_eq!(once(&long), format!("a = [\n    \"{}\",\n    \"{}\",\n]\n", "x".repeat(50), "y".repeat(50)));
    // What the author wrote over several lines stays so, with everything between.
    assert_eq!(
        once("a = [ # opening\n1, 2 # two\n\n\n  # own\n, [ # inner\n3 ]\n # last\n]  # behind\n"),
        "a = [ # opening\n    1,\n    2, # two\n\n    # own\n    [ # inner\n        3,\n    ],\n    # last\n]  # behind\n"
    );
    assert_eq!(once("a = [{id='x',rule = \"a > 0\"},{}]"), "a = [{ id = \"x\", rule = \"a > 0\" }, {}]\n");
}

// spec: SPEC-43
#[test]
fn inline_tables_stay_on_their_line_unless_written_over_several() {
    let long = format!("a = {{ b = '{}', c = '{}' }}\n", "x".repeat(60), "y".repeat(60));
    assert_eq!(once(&long), long.replace('\'', "\""));
    assert_eq!(once("a = {\n b=1 # one\n, c.d=2}"), "a = {\n    b = 1, # one\n    c.d = 2,\n}\n");
    assert_eq!(once("a = { b = [\n1\n], c = 2 }"), "a = { b = [\n    1,\n], c = 2 }\n");
}

// spec: SPEC-44
#[test]
fn values_stay_as_they_are_but_for_quotes() {
    let text = "a = '''\n  x\n  # no comment\n'''\nb = \"\"\"\none \\\n   two\"\"\"\nc = 0x1F\nd = 1_000\ne = 'say \"a\"'\nf = 'back\\slash'\ng = \"it's\"\nh = 1e3\n";
    assert_eq!(once(text), text);
    assert_eq!(once("a = 'it'\n"), "a = \"it\"\n");
    assert_eq!(
        once("'a\"b' = 1\n'$ref' = 2\n\"plain\" = 3\n'' = 4"),
        "'a\"b'  = 1\n\"$ref\" = 2\nplain  = 3\n\"\"     = 4\n"
    );
}

// spec: SPEC-45
#[test]
fn the_first_line_end_is_that_of_all() {
    assert_eq!(formatted("a=1\r\nb=[\n2]\n"), "a = 1\r\nb = [\r\n    2,\r\n]\r\n");
    assert_eq!(formatted("a=1\nb=2\r\n"), "a = 1\nb = 2\n");
    assert_eq!(formatted("a = '''\r\nx\r\ny'''\r\n"), "a = '''\r\nx\r\ny'''\r\n");
}

#[test]
fn deep_nesting_takes_no_time() {
    let deep = format!("a = {}{}\n", "[{a=".repeat(31), "1".to_owned() + &"}]".repeat(31));
    once(&deep);
}

/// White space that may stand between two tokens of a line.
fn space() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just(""), Just(" "), Just("  "), Just("\t"), Just("      ")]
}

/// White space, line ends and comments, as arrays may have them.
fn between() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        6 => Just(""),
        3 => Just(" "),
        1 => Just("\n"),
        1 => Just("\n\n\n  "),
        1 => Just(" # note \n"),
        1 => Just("#x\n\n # y\n"),
    ]
}

fn key_part() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-z]{1,8}",
        1 => "[a-z]{1,4}".prop_map(|name| format!("\"{name}\"")),
        1 => "[a-z]{1,4}".prop_map(|name| format!("'{name} $'")),
        1 => Just("\"a\\\"b\"".to_owned()),
    ]
}

fn scalar() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => Just("1".to_owned()),
        2 => Just("true".to_owned()),
        2 => Just("-1_0.5e3".to_owned()),
        4 => "[ -&(-~é]{0,40}".prop_map(|text| format!("'{text}'")),
        3 => "[ !#-\\[\\]-~é]{0,30}".prop_map(|text| format!("\"{text}\"")),
        1 => "[a #\n=\\]]{0,12}".prop_map(|text| format!("'''\n{text}'''")),
        1 => "[a #\n=\\]]{0,12}".prop_map(|text| format!("\"\"\"{text}\"\"\"")),
    ]
}

fn value() -> impl Strategy<Value = String> {
    scalar().prop_recursive(4, 24, 5, |inner| {
        let element =
            (between(), inner.clone(), between()).prop_map(|(a, value, b)| format!("{a}{value}{b}"));
        let entry = (between(), inner, between()).prop_map(|(a, value, b)| (a, value, b));
        prop_oneof![
            (prop::collection::vec(element, 0..5), between(), any::<bool>()).prop_map(
                |(elements, end, comma)| {
                    let comma = if comma && !elements.is_empty() { "," } else { "" };
                    format!("[{}{comma}{end}]", elements.join(","))
                }
            ),
            (prop::collection::vec(entry, 0..4), between()).prop_map(|(entries, end)| {
                let entries: Vec<String> = entries
                    .into_iter()
                    .enumerate()
                    .map(|(index, (a, value, b))| format!("{a}k{index} ={value}{b}"))
                    .collect();
                format!("{{{}{end}}}", entries.join(","))
            }),
        ]
    })
}

fn line() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => (space(), key_part(), space(), space(), value(), space(), prop_oneof![Just(""), Just("# behind ")])
            .prop_map(|(a, key, b, c, value, d, comment)| format!("{a}KEY.{key}{b}={c}{value}{d}{comment}")),
        2 => space().prop_map(str::to_owned),
        2 => (space(), "# ?[a-z]{0,5} ?").prop_map(|(space, comment)| format!("{space}{comment}")),
        2 => (space(), key_part(), space(), any::<bool>(), prop_oneof![Just(""), Just("#h")]).prop_map(
            |(a, key, b, array, comment)| match array {
                true => format!("[[{a}KEY.{key}{b}]]{b}{comment}"),
                false => format!("[{a}KEY . {key}{b}]{a}{comment}"),
            }
        ),
    ]
}

proptest! {
    // spec: SPEC-46
    #[test]
    fn laid_out_once_it_stays(lines in prop::collection::vec(line(), 0..14), windows in any::<bool>()) {
        // No key stands twice.
        let lines = lines.iter().enumerate().map(|(index, line)| line.replace("KEY", &format!("k{index}")));
        let text = lines.collect::<Vec<_>>().join("\n");
        let text = if windows { text.replace('\n', "\r\n") } else { text };
        once(&text);
    }
}
