//! Changes that look harmless and are not: each was once taken for one that is.

use super::*;

/// spec: CHANGE-3, CHANGE-4
#[test]
fn what_may_have_no_value_is_not_settled_by_its_schema() {
    let spec = |rules: &[&str]| {
        rules_of(
            "lines = { type = \"array\", items = { type = \"object\", required = [\"price\"], properties = { price = { type = \"integer\", maximum = 100 } } } }\n\
             m = { type = \"object\", additionalProperties = { type = \"integer\", maximum = 3 } }",
            rules,
        )
    };
    for rule in ["lines[0].price < 101", "m['a'] < 4", "size(lines) > 0 and lines[1].price < 101"] {
        let found = changes(&spec(&["flag"]), &spec(&["flag", rule]));
        assert_eq!(overall(&found), Judgement::Breaking, "{rule}: {found:#?}");
    }
    for rule in ["lines.all(line, line.price < 101)", "m.all(key, m[key] < 4) or flag"] {
        let found = changes(&spec(&["flag"]), &spec(&["flag", rule]));
        assert_eq!(overall(&found), Judgement::Text, "{rule}: {found:#?}");
    }
}

/// The input of [`SHAPE`] with further properties, and preconditions.
fn rules_of(properties: &str, rules: &[&str]) -> String {
    let shape = SHAPE.replacen("note =", &format!("{properties}\nnote ="), 1);
    let names = properties.lines().filter_map(|line| line.split_once(" = ")).map(|(name, _)| name.trim());
    let required: String = names.map(|name| format!("\"{name}\", ")).collect();
    let shape = shape.replacen("required = [", &format!("required = [{required}"), 1);
    format!("{shape}preconditions = {rules:?}\n")
}

/// spec: CHANGE-3, LANG-40
#[test]
fn numbers_that_are_none_and_zeros_count() {
    for (old, new) in [
        ("[x / x].all(e, not (e > 5.0))", "[x / x].all(e, e <= 5.0)"),
        ("not ([x / x][0] > 5.0)", "[x / x][0] <= 5.0"),
        ("not ({'a': x / x}.a > 5.0)", "{'a': x / x}.a <= 5.0"),
        ("x / 0.0 > 5.0", "x / -0.0 > 5.0"),
        ("x >= 0.0", "x > -0.0 and x >= 0.0"),
    ] {
        let found = changes(&rules("preconditions", &[old]), &rules("preconditions", &[new]));
        assert_eq!(overall(&found), Judgement::Breaking, "{old} -> {new}: {found:#?}");
    }
}

/// spec: CHANGE-7
#[test]
fn another_type_with_bounds_is_held_against_the_bounds() {
    let (fixed, of) = ("fixed = { type = \"boolean\" }", |schema: &str| format!("n = {{ {schema} }}"));
    for (one, other) in [
        ("type = \"integer\"", "type = \"number\", minimum = 0"),
        ("enum = [\"aaaa\", \"b\"]", "type = \"string\", maxLength = 3"),
        ("enum = [\"aaaa\", \"b\"]", "type = \"string\", pattern = \"^a\""),
    ] {
        let found = changes(&shaped(&of(one), fixed), &shaped(&of(other), fixed));
        assert_eq!(overall(&found), Judgement::Breaking, "{one} -> {other}: {found:#?}");
        let found = changes(&shaped(fixed, &of(other)), &shaped(fixed, &of(one)));
        assert_eq!(overall(&found), Judgement::Breaking, "{other} -> {one}: {found:#?}");
    }
    // Bounds are what they let through, however they are written.
    for (one, other, said_to_be) in [
        ("type = \"integer\", minimum = 4", "type = \"integer\", exclusiveMinimum = 3", "text"),
        ("enum = [1, 2]", "type = \"integer\", minimum = 0", "compatible"),
        ("type = \"integer\", minimum = 0", "type = \"number\", minimum = 0", "compatible"),
        ("enum = [\"a\", \"ab\"]", "type = \"string\", pattern = \"^a\"", "compatible"),
    ] {
        let found = changes(&shaped(&of(one), fixed), &shaped(&of(other), fixed));
        assert_eq!(overall(&found).as_str(), said_to_be, "{one} -> {other}: {found:#?}");
    }
}

/// spec: CHANGE-8
#[test]
fn a_condition_that_is_new_may_be_an_error_or_come_before_another() {
    let raising = |exceptions: &str| format!("{SHAPE}exceptions = [{exceptions}]\n");
    let (plain, other) = ("\"A\"", "{ name = \"B\", when = \"n > 5\" }");
    let when = |when: &str| format!("{{ name = \"A\", when = \"{when}\" }}");
    let judged = |old: &str, new: &str| {
        let found = changes(&raising(old), &raising(new));
        let judgement = overall(&found);
        let example = found.iter().find_map(|change| change.example.clone());
        (judgement, example.map_or_else(String::new, |example| example.refused_because))
    };
    let both = |one: &str| format!("{one}, {other}");
    assert_eq!(judged(plain, &when("x / 2.0 > 1.0")).0, Judgement::Compatible);
    let (judgement, why) = judged(plain, &when("1 / n > 0"));
    assert_eq!(judgement, Judgement::Breaking);
    assert_eq!(why, "the condition cannot be evaluated here: division by zero");
    let (judgement, why) = judged(&both(plain), &both(&when("n > 6")));
    assert_eq!(judgement, Judgement::Breaking);
    assert_eq!(why, "`B` had to be raised here, and now `A` may be");
    assert_eq!(judged(&both(plain), &both(&when("n < 5"))).0, Judgement::Compatible);
    // Where one is false and the other an error, they are not one.
    let odd = "(1 / n > -5 or n == 1) and (1 / n > -5 implies n == 1)";
    let (judgement, why) = judged(&when("n == 1"), &when(odd));
    assert_eq!(judgement, Judgement::Breaking);
    assert_eq!(why, "the condition cannot be evaluated here: division by zero");
    // What could never be raised is no loss.
    let never =
        |exceptions: &str| format!("{SHAPE}preconditions = [\"n < 5\"]\nexceptions = [{exceptions}]\n");
    let found = changes(&never(other), &never(""));
    assert_eq!(overall(&found), Judgement::Compatible, "{found:#?}");
}
