//! Rules over values that may be null, over tuples, and over types.

use super::super::tests::told;

const SCHEMA: &str = r##"
[input]
type = "object"
required = ["n", "m", "s", "k", "b", "cart", "words", "pair", "same", "a", "t", "rows"]
[input.properties]
n = { type = ["integer", "null"] }
m = { type = ["number", "null"] }
s = { type = ["string", "null"] }
k = { type = ["string", "null"], enum = ["one", "two"] }
b = { type = ["boolean", "null"] }
opt = { type = ["integer", "null"] }
cart = { type = ["object", "null"], required = ["total"], properties = { total = { type = ["number", "null"] } } }
words = { type = "array", items = { type = ["string", "null"] } }
rows = { type = ["array", "null"], items = { type = "integer" } }
pair = { type = "array", prefixItems = [{ type = "integer" }, { type = ["string", "null"] }], items = false, minItems = 2 }
same = { type = "array", prefixItems = [{ type = "integer" }, { type = "integer" }], items = false, minItems = 2 }
a = { type = "integer" }
t = { type = "string" }

[output]
type = ["object", "null"]
required = ["total"]
properties = { total = { type = "number" } }
"##;

#[track_caller]
fn fine(rules: &[&str]) {
    for rule in rules {
        let said = told(SCHEMA, rule);
        assert!(said.starts_with("ok"), "{rule}: {said}");
    }
}

/// Each rule has one error, and the report holds the text.
#[track_caller]
fn wrong(rules: &[(&str, &str)]) {
    for (rule, expected) in rules {
        let said = told(SCHEMA, rule);
        assert!(
            said.contains(expected) && said.lines().count() == 1,
            "{rule}:\n{said}\nexpected: {expected}"
        );
    }
}

/// spec: LANG-80
#[test]
fn null_is_a_value_to_equality() {
    fine(&[
        "n == null",
        "null != s",
        "n is null",
        "n is not null",
        "n is int",
        "s is not string",
        "n == a",
        "a != n",
        "n == m",
        "s == t",
        "k == 'one'",
        "n in [1, 2, null]",
        "s in words",
        "null in words",
        "t in words",
        "[n, 1, null][0] == a",
        "(a > 0 ? n : a) == null",
        "(a > 0 ? null : 't') == s",
        "result == null",
        "n is not string",
    ]);
    wrong(&[
        (
            "t == null",
            "`t` is a string and cannot be compared with `null`, which is null [help: `t` is never null]",
        ),
        (
            "t in ['a', null]",
            "lang-never-equal: `t` is never null [help: take `null` out of the list] at `null`",
        ),
        ("n == s", "`n` is an int or null and cannot be compared with `s`, which is a string or null"),
        ("k == 'three'", "lang-never-equal: `k` is never `'three'`"),
        ("n is string", "`n is string` never holds: `n` is an int or null [help: `n is int` always holds]"),
        ("m is int", "`m` is a number: whether it is written as an int is not kept"),
    ]);
}

/// spec: LANG-81
#[test]
fn what_is_proved_not_to_be_null_is_a_value() {
    fine(&[
        "n != null and n > 3",
        "n == null or n > 3",
        "n is int implies n > 3",
        "n is not null and n + a > 3",
        "n is null ? a > 0 : n > 0",
        "n != null ? n > 0 : a > 0",
        "not (n == null) and n > 0",
        "not (n == null or m == null) and n > 0 and m > 0.5",
        "k == 'one' and k.startsWith('o')",
        "k in ['one', 'two'] implies size(k) == 3",
        "type(s) == string and size(s) > 0",
        "type(s) != null_type implies size(s) > 0",
        "cart == null or cart.total == null or cart.total > 1.0",
        "cart is object and cart.total is number and cart.total > 1.0",
        "has(opt) and opt != null and opt > 3",
        "has(opt) implies opt == null or opt > 3",
        "words.all(w, w != null implies size(w) > 0)",
        "words.map(w, w != null, w + 'x')[0] == 'ax'",
        "n != null implies words.exists(w, w != null and size(w) > n)",
        "words[0] != null and words[0].endsWith('a')",
        "pair[1] != null and pair[1] > t",
        "b != null and b",
        "rows != null and a in rows",
        "result != null and result.total > 1.0",
        // Asking again is no error.
        "n != null and (n == null or n > 3) and n is int",
    ]);
}

/// spec: LANG-82
#[test]
fn a_value_that_may_be_null_is_not_used_without_a_proof() {
    assert_eq!(
        told(SCHEMA, "n > 3"),
        "lang-unguarded-null: `n` may be null [help: write `n != null and …`, `n == null or …` or `n != null ? … : …`] at `n`"
    );
    wrong(&[
        ("n + 1 == a", "lang-unguarded-null: `n` may be null"),
        ("-n == a", "`n` may be null"),
        ("n % 2 == 0 and n > 3", "`n` may be null"),
        ("s.startsWith('a')", "`s` may be null"),
        ("size(s) > 0", "`s` may be null"),
        ("string(n) == t", "`n` may be null"),
        ("b", "`b` may be null"),
        ("b or a > 0", "`b` may be null"),
        ("cart.total == 1.0", "`cart` may be null"),
        ("has(cart.total)", "`cart` may be null"),
        ("cart != null and cart.total > 1.0", "`cart.total` may be null"),
        ("has(opt) and opt > 3", "`opt` may be null"),
        ("rows[0] == 1", "`rows` may be null"),
        ("1 in rows", "`rows` may be null"),
        ("rows.all(r, r > 0)", "`rows` may be null"),
        ("words.all(w, size(w) > 0)", "`w` may be null"),
        ("n != null or n > 3", "`n` may be null"),
        ("n == null and n > 3", "`n` may be null"),
        ("(n != null or a > 1) and n > 3", "`n` may be null"),
        ("n == a and n > 3", "`n` may be null"),
        (
            "words[a + 1] != null and words[a + 1] > 'x'",
            "only a path of names and indices can be proved not to be null, an index a literal or a path itself",
        ),
        ("result.total > 1.0", "`result` may be null"),
        // Absence and null are asked for apart.
        ("opt != null and opt > 3", "lang-unguarded-optional: `opt` may be absent"),
    ]);
}

/// spec: LANG-83
#[test]
fn elements_of_a_tuple_have_types_of_their_own() {
    fine(&["pair[0] > 1", "pair[1] == t", "size(pair) == 2", "pair is list", "same[0] < same[1]"]);
    wrong(&[
        (
            "pair[2] == 1",
            "lang-no-element: `pair` has 2 elements, and none at 2 [help: the last is `pair[1]`] at `2`",
        ),
        ("pair[-1] == 1", "lang-no-element: `pair` has 2 elements, and none at -1"),
        ("pair[1] + 'x' == t", "`pair[1]` may be null"),
        ("pair[0] == 'a'", "`pair[0]` is an int and cannot be compared with `'a'`"),
        ("pair.first == 1", "`pair` is a tuple and has no properties"),
        ("pair['a'] == 1", "`pair` is a tuple, not a list or a map"),
        ("[pair, pair][0] == pair", "`pair` and `pair` side by side are not supported by this version"),
    ]);
}

/// spec: LANG-84
#[test]
fn a_tuple_of_one_type_is_a_list_where_one_is_needed() {
    fine(&[
        "same[a] > 0",
        "a in same",
        "same.all(e, e > 0)",
        "size(same.filter(e, e > a)) == 1",
        "same.map(e, e + 1)[0] == a",
    ]);
    wrong(&[
        (
            "pair.all(e, e == 1)",
            "the elements of `pair` are of several types: an int and a string or null [help: read each by its place: `pair[0]`] at `pair`",
        ),
        ("pair[a] == 1", "the elements of `pair` are of several types"),
        ("1 in pair", "the elements of `pair` are of several types"),
    ]);
}

/// spec: LANG-85, LANG-86
#[test]
fn types_are_values_that_compare() {
    fine(&[
        "type(a) == int",
        "type(a) != type(t)",
        "type(n) in [int, null_type]",
        "null_type == type(null)",
        "type(type(a)) == type",
        "type(1.5) == double and type(words) == list and type(pair) == list and type(cart) != map",
        "[int, double].exists(y, y == type(a))",
        "(a > 0 ? int : type(n)) == type(n)",
        // An element of this name is the element.
        "same.all(int, int > 0)",
    ]);
    wrong(&[
        ("type(a) == 'int'", "`type(a)` is a type and cannot be compared with `'int'`, which is a string"),
        ("type(a) < int", "but `type(a)` is a type"),
        ("int or a > 0", "a condition must be true or false, but `int` is a type"),
        ("string(type(a)) == 'int'", "but `type(a)` is a type"),
        ("type(a) == number", "`number` is not a property of the input"),
        ("a.type() == int", "`type` stands before what it is asked of [help: write `type(e)`]"),
    ]);
    // A property of such a name comes first, as a declared variable does.
    let schema = "[input]\ntype = \"object\"\nrequired = [\"int\"]\nproperties = { int = { type = \"integer\" } }\n[output]\ntype = \"boolean\"";
    assert!(told(schema, "int + 1 > 2").starts_with("ok: int"));
    assert!(
        told(schema, "type(int) == int")
            .contains("`type(int)` is a type and cannot be compared with `int`, which is an int")
    );
}
