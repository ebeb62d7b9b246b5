//! What a message may insert, and what its author reads where it may not.

use crate::contract::Contract;
use crate::contract::tests::{report, spec};
use crate::diagnostic::Source;

const SCHEMA: &str = r##"
[input]
type = "object"
required = ["cart", "lines", "ok"]
[input.properties]
cart = { type = "object", required = ["total"], properties = { total = { type = "number" }, note = { type = "string" } } }
lines = { type = "array", items = { type = "integer" } }
ok = { type = "boolean" }
[output]
type = "object"
required = ["ok"]
properties = { ok = { type = "boolean" } }
"##;

fn with_message(message: &str) -> Source {
    spec(&format!(
        "[contract]\npreconditions = [{{ rule = \"cart.total > 0\", message = '''{message}''' }}]\n{SCHEMA}"
    ))
}

#[track_caller]
fn wrong(cases: &[(&str, &str)]) {
    for (message, expected) in cases {
        let said = report(&with_message(message));
        assert!(said.contains(expected), "{message}:\n{said}\nexpected: {expected}");
    }
}

/// spec: LANG-100
#[test]
fn braces_that_do_not_match_are_errors_with_a_fix() {
    assert_eq!(
        report(&with_message("total was {cart.total")),
        "error[lang-message]: no `}` closes what is inserted here
  --> traverse.spec.toml:7:68
   |
 7 | preconditions = [{ rule = \"cart.total > 0\", message = '''total was {cart.total''' }]
   |                                                                    ^ opened here
   = help: close it, `{cart.total}`; a brace itself is written `{{`"
    );
    wrong(&[
        ("} is alone", "this `}` closes nothing"),
        ("{}", "nothing stands between `{` and `}`"),
        ("{ok} }", "a brace itself is written `}}`"),
        ("{ok ? \"}\" : \"{\"", "no `}` closes what is inserted here"),
    ]);
}

/// spec: LANG-100, LANG-101
#[test]
fn what_is_inserted_is_checked_at_its_place() {
    assert_eq!(
        report(&with_message("total was {cart.totl}, {cart.total + }")),
        "error[lang-unknown-field]: `cart` has no property `totl`
  --> traverse.spec.toml:7:74
   |
 7 | preconditions = [{ rule = \"cart.total > 0\", message = '''total was {cart.totl}, {cart.total + }''' }]
   |                                                                          ^^^^ unknown property
   = help: did you mean `total`?

error[lang-syntax]: a value was expected, found the end of the rule
  --> traverse.spec.toml:7:93
   |
 7 | preconditions = [{ rule = \"cart.total > 0\", message = '''total was {cart.totl}, {cart.total + }''' }]
   |                                                                                             ^ the rule ends after this
   = note: what stands in `{` and `}` is inserted; a brace itself is written `{{` or `}}`
   = help: values are names, `'text'`, numbers, `true`, `false`, `null`, `[lists]` and `(expressions)`"
    );
    wrong(&[
        ("{lines}", "a message inserts text, numbers and bools, but `lines` is a list"),
        ("{lines}", "insert its size, `{size(lines)}`"),
        ("{cart}", "insert one of its properties, `{cart.name}`"),
        ("{null}", "but `null` is null"),
        ("{result.ok}", "`result` does not exist yet here"),
        ("{cart.total + 1}", "write `1.0`"),
    ]);
    let exception = |message: &str| {
        report(&spec(&format!(
            "[contract]\nexceptions = [{{ name = \"No\", message = \"{message}\" }}]\n{SCHEMA}"
        )))
    };
    assert_eq!(exception("total was {cart.total}"), "no errors");
    assert!(exception("{output.ok}").contains("a `when` condition sees the input only"));
}

/// spec: LANG-102
#[test]
fn what_may_be_absent_is_inserted_without_asking() {
    assert_eq!(report(&with_message("{cart.note} {cart.note + '!'} {size(cart.note)}")), "no errors");
    // No message makes a property known, or optional.
    let source = spec(
        "[contract]\npreconditions = [{ rule = \"cart.total > 0\", message = \"{cart.note}\" }]\npostconditions = [\"result.ok\"]",
    );
    assert!(report(&source).contains("`cart` has no property `note`"), "{}", report(&source));
}

#[cfg(feature = "host")]
mod told {
    use super::*;
    use crate::lang::eval::told;
    use crate::outcome::FoundBy;
    use serde_json::{Value, json};

    fn says(message: &str, input: Value) -> String {
        let source = with_message(message);
        let contract = Contract::from_toml(&source).unwrap_or_else(|_| panic!("{}", report(&source)));
        let message = contract.clauses[0].message.as_ref().expect("it has one");
        told(message, contract.scope(&input, None))
    }

    /// spec: LANG-100, LANG-102, LANG-103
    #[test]
    fn values_stand_as_string_gives_them() {
        let input = || json!({"cart": {"total": 5}, "lines": [7], "ok": true});
        for (message, expected) in [
            ("total was {cart.total}", "total was 5"),
            ("{{}} {{{ok}}} }}{{", "{} {true} }{"),
            ("{cart.total / 10.0}{lines[0]}", "0.57"),
            ("{cart.note}, {size(cart.note)}", "(absent), (absent)"),
            ("{lines[1]}", "(index 1 is out of range for a list of 1)"),
            ("{lines[0] / 0}", "(division by zero)"),
            ("{ok ? '}' : \"{\"} {\"\"\"}\"\"\"}{r'\\'}{'\\'}'}", "} }\\'}"),
            ("{ok and cart.note == 'x'} {not ok and cart.note == 'x'}", "(absent) false"),
            ("{lines.map(l, l + 1)[0]} {string(cart.total)}", "8 5"),
            ("", ""),
        ] {
            assert_eq!(says(message, input()), expected, "{message}");
        }
    }

    /// spec: LANG-103
    #[test]
    fn a_broken_clause_tells_its_message_and_observes_what_its_rule_reads() {
        let contract = Contract::from_toml(&with_message("{lines[0]} in {cart.total}")).expect("it is fine");
        let input = json!({"cart": {"total": -1}, "lines": [7], "ok": true});
        let violation = contract.check_preconditions(&input, FoundBy::Host).expect_err("it is broken");
        assert_eq!(violation.message, "7 in -1");
        assert_eq!(Value::Object(violation.observed), json!({"cart.total": -1.0}));
    }
}
