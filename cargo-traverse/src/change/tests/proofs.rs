//! What is proved: of texts, patterns, elements of lists, what may be null, tuples.

use super::*;

/// Judged so from the first to the second; the other way round breaking, or as well `text`.
fn judged(spec: impl Fn(&str) -> String, pairs: &[(&str, &str, Judgement)]) {
    for (old, new, judgement) in pairs {
        let there = changes(&spec(old), &spec(new));
        assert_eq!(overall(&there), *judgement, "{old} -> {new}: {there:#?}");
        let back = changes(&spec(new), &spec(old));
        let expected = if *judgement == Judgement::Text { Judgement::Text } else { Judgement::Breaking };
        assert_eq!(overall(&back), expected, "{new} -> {old}: {back:#?}");
    }
}

/// spec: CHANGE-3
#[test]
fn of_texts() {
    use Judgement::{Compatible, Text};
    judged(
        |rule| rules("preconditions", &[rule]),
        &[
            ("s.startsWith('ab')", "s.startsWith('a')", Compatible),
            ("s.endsWith('ab')", "s.endsWith('b')", Compatible),
            ("s.contains('abc')", "s.contains('b')", Compatible),
            ("s.startsWith('ab')", "s.contains('b')", Compatible),
            ("not s.startsWith('a')", "not s.startsWith('ab')", Compatible),
            ("s.startsWith('ab')", "s != 'b'", Compatible),
            ("s == 'ab'", "s.startsWith('a')", Compatible),
            ("s in ['ab', 'ac']", "s.startsWith('a')", Compatible),
            ("s in ['ab', 'ac']", "s.startsWith('a') or s == 'b'", Compatible),
            ("s in ['ab', 'b'] and s.startsWith('a')", "s == 'ab'", Text),
            ("s.matches('^[a-c]+$')", "s.matches('^[a-z]+$')", Compatible),
            ("s.matches('^a')", "s.startsWith('a')", Text),
            ("s.startsWith('a.b')", "s.matches('^a[.]')", Compatible),
            ("s.startsWith('a') and s.endsWith('b')", "s.matches('^a.*b$') or s.contains('\\n')", Compatible),
        ],
    );
}

/// spec: CHANGE-3
#[test]
fn of_elements() {
    use Judgement::{Compatible, Text};
    judged(
        |rule| rules("preconditions", &[rule]),
        &[
            ("list.all(e, e > 5)", "list.all(other, other > 0)", Compatible),
            ("list.exists(e, e > 5)", "list.exists(e, e > 0)", Compatible),
            ("list.all(e, e > 5 and e < 9)", "list.all(e, e > 5)", Compatible),
            ("list.all(e, e > 5) and list.all(e, e < 9)", "list.all(e, e > 5 and e < 9)", Text),
            ("not list.exists(e, e < 0)", "list.all(e, e >= 0)", Text),
            ("size(list) > 0 and list.all(e, e > 5)", "list.exists(e, e > 0)", Compatible),
            ("list.exists(e, e > 5)", "size(list) > 0", Compatible),
            ("list.exists(e, e > 2) and list.all(e, e < 9)", "list.exists(e, e > 2 and e < 9)", Compatible),
            ("list.all(a, list.exists(b, b > a))", "list.all(a, list.exists(b, b >= a))", Compatible),
            ("list.exists_one(e, e > 5)", "list.exists_one(other, not (other <= 5))", Text),
            ("size(list.filter(e, e > 5)) > 2", "size(list.filter(each, 5 < each)) > 1", Compatible),
            ("list.all(e, e in [1, 2])", "list.all(e, e in [1, 2, 4])", Compatible),
            ("flag ? n > 5 : n > 7", "n > 5", Compatible),
        ],
    );
}

/// spec: CHANGE-3, CHANGE-4
#[test]
fn of_what_may_be_null() {
    use Judgement::{Compatible, Text};
    let spec = |rule: &str| {
        let shape = SHAPE.replacen("note =", "maybe = { type = [\"integer\", \"null\"] }\nnote =", 1);
        let shape = shape.replacen("required = [", "required = [\"maybe\", ", 1);
        format!("{shape}preconditions = [{rule:?}]\n")
    };
    judged(
        spec,
        &[
            ("maybe != null and maybe > 5", "maybe != null implies maybe > 0", Compatible),
            ("maybe == null or maybe > 5", "maybe == null or maybe > 0", Compatible),
            ("maybe == 5", "maybe in [5, 6]", Compatible),
            ("maybe == 5", "maybe != null", Compatible),
            ("maybe != null and maybe != 5", "maybe != 5", Compatible),
            ("maybe in [null, 5]", "maybe == null or maybe == 5", Text),
            ("maybe is null", "maybe == null", Text),
        ],
    );
}

/// spec: CHANGE-7
#[test]
fn of_schemas() {
    let fixed = "fixed = { type = \"boolean\" }";
    let tuple = |least: u32| {
        format!(
            "v = {{ type = \"array\", prefixItems = [{{ type = \"string\" }}, {{ type = \"integer\", minimum = {least} }}], items = false, minItems = 2 }}"
        )
    };
    let (tuple_of_5, tuple_of_0) = (tuple(5), tuple(0));
    for (narrow, wide, place, to_wide, to_narrow) in [
        (
            "v = { type = \"string\" }",
            "v = { type = [\"string\", \"null\"] }",
            ".v",
            "now also null",
            "no longer null",
        ),
        (
            "v = { type = \"null\" }",
            "v = { type = [\"string\", \"null\"] }",
            ".v",
            "another type",
            "another type",
        ),
        (
            "v = { type = [\"integer\", \"null\"], minimum = 3 }",
            "v = { type = [\"integer\", \"null\"] }",
            ".v",
            "wider",
            "narrower",
        ),
        (&tuple_of_5, &tuple_of_0, ".v[1]", "wider", "narrower"),
        (
            "v = { type = \"string\", pattern = \"^[a-c]+$\" }",
            "v = { type = \"string\", pattern = \"^[a-z]+$\" }",
            ".v",
            "wider",
            "narrower",
        ),
        (
            "v = { type = \"array\", prefixItems = [{ type = \"integer\" }], items = false, minItems = 1 }",
            "v = { type = \"array\", items = { type = \"integer\" } }",
            ".v",
            "another type",
            "another type",
        ),
    ] {
        let said_so =
            |side: &str, judgement: &str, what: &str| [format!("{side}{place}: {judgement}, {what}")];
        let input = |schema: &str| shaped(schema, fixed);
        assert_eq!(said(&input(narrow), &input(wide)), said_so("input", "compatible", to_wide));
        assert_eq!(said(&input(wide), &input(narrow)), said_so("input", "breaking", to_narrow));
        let result = |schema: &str| shaped(fixed, schema);
        assert_eq!(said(&result(wide), &result(narrow)), said_so("result", "compatible", to_narrow));
        assert_eq!(said(&result(narrow), &result(wide)), said_so("result", "breaking", to_wide));
    }
    let pattern =
        |pattern: &str| shaped(&format!("v = {{ type = \"string\", pattern = \"{pattern}\" }}"), fixed);
    assert_eq!(said(&pattern("^a+$"), &pattern("^aa*$")), ["input.v: text, the same in other words"]);
    // A bound that moves from the schema into a rule.
    let ruled = |schema: &str, rules: &str| {
        format!("{}[contract]\npreconditions = [{rules}]\n", shaped(schema, fixed))
    };
    let old = ruled("v = { type = \"integer\", maximum = 5 }", "\"v > 1\"");
    let new = ruled("v = { type = \"integer\" }", "\"v > 1\", \"v < 6\"");
    assert_eq!(said(&old, &new), ["input.v: compatible, wider", "precondition 1: text, added"]);
}
