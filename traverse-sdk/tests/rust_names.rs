//! Names that Rust cannot have, and names that clash, become what IO-16 and IO-30 say.

use traverse_sdk::__private::run;
use traverse_sdk::prelude::*;

#[capability(spec = "tests/specs/names.spec.toml")]
fn names(input: Input) -> Output {
    let Input { type_, self_, self__, crate_, super_, gen_, a_b, a_b_, a_b__, kind, box_ } = input;
    let _: (Option<bool>, Option<bool>) = (self_, self__);
    let _: [Option<bool>; 3] = [crate_, super_, gen_];
    let string = box_.and_then(|inner| inner.vec).and_then(|inner| inner.string);
    let shown = match kind {
        Kind::Empty => "empty",
        Kind::_1st => "first",
        Kind::Other => "other",
        Kind::AB => "words",
        Kind::Größe => "size",
        Kind::日本 => "japan",
        Kind::A => "upper",
        Kind::A2 => "lower",
        Kind::Self_ => "self",
        Kind::Ok => "ok",
        Kind::None => "none",
        Kind::Other2 => "another",
    };
    let upper = string.is_some_and(|string| string == InputBoxVecString::X2);
    let fn_ = format!("{type_} {a_b} {a_b_} {a_b__} {shown} {upper}");
    Output { option: OptionType { match_: true }, fn_ }
}

/// spec: IO-16, IO-30
#[test]
fn names_are_what_the_rules_foretell() {
    let call = |kind: &str| {
        let text = format!(
            r#"{{"type":"x","a-b":1,"a_b":2,"aB":3,"kind":"{kind}","box":{{"vec":{{"string":"X"}}}}}}"#
        );
        String::from_utf8(run::<__traverse::Contract>(text.as_bytes()).stdout).unwrap()
    };
    for (kind, shown) in
        [("", "empty"), ("1st", "first"), ("+", "other"), ("a", "lower"), ("*", "another"), ("日本", "japan")]
    {
        let expected = format!(r#"{{"option":{{"match":true}},"fn":"x 1 2 3 {shown} true"}}"#);
        assert_eq!(call(kind), expected);
    }
    assert!(call("b").contains(r#"must be one of \"\", \"1st\", \"+\", \"a b\", "#), "{}", call("b"));
}
