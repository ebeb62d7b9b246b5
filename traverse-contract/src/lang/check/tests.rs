//! Rules against a written schema: what they mean, and what the author reads where they mean nothing.

use crate::contract::tests::{meant, report, spec};
use crate::contract::{Contract, Rule};

mod nullable;

const SCHEMA: &str = r##"
[input]
type = "object"
required = ["customer", "cart", "count", "tags", "lines", "tier", "flag", "prices", "bill", "bare"]
[input.properties]
customer = { type = "object", required = ["name"], properties = { name = { type = "string" }, coupon = { type = "string" }, address = { type = "object", properties = { zip = { type = "string" } } } } }
cart = { type = "object", required = ["total"], properties = { total = { type = "number" }, note = { type = "string" } } }
count = { type = "integer" }
tags = { type = "array", items = { type = "string", enum = ["new", "old"] } }
lines = { type = "array", items = { "$ref" = "#/types/Line" } }
tier = { type = "string", enum = ["standard", "enterprise"] }
flag = { type = "boolean" }
age = { type = "integer" }
prices = { type = "object", additionalProperties = { type = "number" } }
bill = { "$ref" = "#/types/Line" }
bare = { type = "object" }

[output]
type = "object"
required = ["eligible", "price"]
[output.properties]
eligible = { type = "boolean" }
price = { type = "number" }
reason = { type = "string" }

[types.Line]
type = "object"
required = ["price"]
properties = { price = { type = "number" }, gift = { type = "boolean" } }
"##;

/// The report on this invariant (an expression) against the schema above, without the frame of the source.
fn invariant(rule: &str) -> String {
    clause("invariants", rule)
}

fn clause(kind: &str, rule: &str) -> String {
    report_on(kind, rule, SCHEMA)
}

/// The report on this invariant (an expression) against a schema.
fn told(schema: &str, rule: &str) -> String {
    report_on("invariants", rule, schema)
}

fn report_on(kind: &str, rule: &str, schema: &str) -> String {
    let source = spec(&format!("[contract]\n{kind} = [\"\"\"{rule}\"\"\"]\n{schema}"));
    match meant(&source) {
        Ok(contract) => match &contract.clauses[0].rule {
            Rule::Expression { observed, .. } => {
                let names: Vec<&str> = observed.iter().map(|path| path.name.as_str()).collect();
                format!("ok: {}", names.join(", "))
            }
            Rule::Prose => "prose".into(),
        },
        Err(errors) => errors
            .iter()
            .map(|error| {
                let (span, _) = error.label.clone().unwrap_or_default();
                let help = error.help.as_deref().map(|help| format!(" [help: {help}]")).unwrap_or_default();
                format!("{}: {}{help} at `{}`", error.code, error.message, &source.text[span.start..span.end])
            })
            .collect::<Vec<_>>()
            .join("\n"),
    }
}

/// Each rule is fine.
#[track_caller]
fn fine(rules: &[&str]) {
    for rule in rules {
        let said = invariant(rule);
        assert!(said.starts_with("ok"), "{rule}: {said}");
    }
}

/// Each rule has one error, and the report holds the text.
#[track_caller]
fn wrong(rules: &[(&str, &str)]) {
    for (rule, expected) in rules {
        let said = invariant(rule);
        assert!(
            said.contains(expected) && said.lines().count() == 1,
            "{rule}:\n{said}\nexpected: {expected}"
        );
    }
}

/// spec: LANG-14
#[test]
fn names_start_at_the_input_or_the_result() {
    fine(&["cart.total > 0", "input.cart.total > 0", "result.price > 0", "output.price == result.price"]);
}

/// spec: LANG-15
#[test]
fn the_result_is_not_known_before_the_function() {
    assert_eq!(
        clause("preconditions", "result.price > 0"),
        "lang-result-in-precondition: `result` does not exist yet here [help: move the clause to `postconditions`] at `result`"
    );
    let source = spec(&format!(
        "[contract]\nexceptions = [{{ name = \"No\", when = \"output.price > 0\" }}]\n{SCHEMA}"
    ));
    assert!(report(&source).contains("a `when` condition sees the input only"));
}

/// spec: LANG-16
#[test]
fn unknown_names_are_errors_with_the_nearest() {
    let source = spec(&format!("[contract]\npreconditions = [\"cart.totl > 0\"]\n{SCHEMA}"));
    assert_eq!(
        report(&source),
        "error[lang-unknown-field]: `cart` has no property `totl`\n  --> traverse.spec.toml:7:24\n   |\n 7 | preconditions = [\"cart.totl > 0\"]\n   |                        ^^^^ unknown property\n   = help: did you mean `total`?"
    );
    wrong(&[
        ("crt.total > 0", "`crt` is not a property of the input [help: did you mean `cart`?] at `crt`"),
        ("total > 0.0", "did you mean `cart.total`?"),
        ("eligible", "did you mean `result.eligible`?"),
        ("tier == gold", "text stands in quotes: `'gold'`"),
        ("cart.total.cents > 0", "`cart.total` is a number and has no properties"),
        ("tags.length > 0", "write `size(tags)`"),
        ("lines.price > 0", "an element is read with an index: `lines[0].price`"),
        ("lines[0].prize > 0", "did you mean `price`?"),
        ("has(cart.nte)", "did you mean `note`?"),
        ("cart.x == 1", "`cart` has `total`, `note`"),
    ]);
}

/// spec: LANG-17
#[test]
fn the_schema_gives_each_path_its_type() {
    fine(&[
        "flag is bool and count is int and count is number and cart.total is number",
        "tier is string and customer.name is string and tags is list and cart is object",
        "lines[0].price is number and tags[0] is string",
    ]);
}

/// spec: LANG-18
#[test]
fn a_rule_and_its_conditions_are_true_or_false() {
    wrong(&[
        (
            "count + 1",
            "lang-not-bool: a rule must be true or false, but `count + 1` is an int [help: compare it, for example `count + 1 > 0`]",
        ),
        ("flag and count", "a condition must be true or false, but `count` is an int"),
        ("not tier", "what is negated must be true or false, but `tier` is a string out of a closed set"),
        ("tags", "compare its size, for example `size(tags) > 0`"),
    ]);
}

/// spec: LANG-19
#[test]
fn comparisons_take_two_of_a_kind() {
    fine(&[
        "count == 1.5",
        "cart.total < count",
        "customer.name < 'm'",
        "flag != true",
        "null == null",
        "tier < 'f'",
    ]);
    let source = spec(&format!("[contract]\npreconditions = [\"cart.total > '100'\"]\n{SCHEMA}"));
    assert_eq!(
        report(&source),
        "error[lang-type-mismatch]: `cart.total` is a number and cannot be compared with `'100'`, which is a string\n  --> traverse.spec.toml:7:32\n   |\n 7 | preconditions = [\"cart.total > '100'\"]\n   |                                ^^^^^ a string\n   = help: write `100` without quotes"
    );
    wrong(&[
        ("null < null", "`<` orders numbers, text and bools, but `null` is null"),
        ("has(age) and age != null", "to ask whether it is there write `has(age)`"),
        ("count == null", "`count` is never null"),
        ("0 < count < 10", "comparisons do not chain; write `0 < count and count < 10`"),
        ("tags < ['new']", "`<` orders numbers, text and bools, but `tags` is a list"),
        ("flag == 'true'", "write `true` without quotes"),
    ]);
}

/// spec: LANG-20
#[test]
fn text_that_an_enum_never_holds_is_an_error() {
    fine(&[
        "tier == 'enterprise'",
        "tier in ['standard', 'enterprise']",
        "'new' in tags",
        "tier == customer.name",
    ]);
    wrong(&[
        (
            "tier == 'enterprize'",
            "lang-never-equal: `tier` is never `'enterprize'` [help: did you mean `'enterprise'`?] at `'enterprize'`",
        ),
        ("tier in ['standard', 'gold']", "`tier` is one of 'standard', 'enterprise'"),
        ("'gold' in tags", "`tags` is never `'gold'`"),
        ("tier == tags[0]", "`tier` and `tags[0]` are never equal"),
    ]);
}

/// spec: LANG-21
#[test]
fn arithmetic_takes_two_of_one_type() {
    fine(&[
        "count * 2 % 3 == 0",
        "cart.total * 2.0 - 1.0 > 0",
        "customer.name + '!' == tier + ''",
        "-count < -cart.total",
    ]);
    wrong(&[
        (
            "cart.total * 2 > 0",
            "`*` takes two ints or two numbers, but `cart.total` is a number and `2` is an int [help: write `2.0`]",
        ),
        ("cart.total + count > 0", "declare both as `integer` or both as `number`"),
        (
            "cart.total % 2 == 0",
            "`%` takes two ints, but `cart.total` is a number [help: declare `cart.total` as `integer`]",
        ),
        (
            "customer.name + 1 == ''",
            "`+` takes two numbers, two strings or two lists, but `customer.name` is a string and `1` is an int",
        ),
        ("count - '1' == 0", "write `1` without quotes"),
        ("-flag", "`-` stands before numbers, but `flag` is a bool [help: write `!` or `not`]"),
    ]);
}

/// spec: LANG-22
#[test]
fn list_literals_are_of_one_type() {
    fine(&["cart.total in [1, 2.5]", "customer.name in ['a', tier]", "count in [1, count + 1]"]);
    wrong(&[
        (
            "count in [1, 'a']",
            "the elements of a list are of one type, but `1` is an int and `'a'` is a string",
        ),
        ("count in [[1]]", "`count` is an int, but the elements of `[[1]]` are each a list"),
    ]);
}

/// spec: LANG-22, LANG-70
#[test]
fn an_empty_literal_goes_with_every_type() {
    fine(&[
        "count in [] and size([]) == 0 and [] == [] and [] is list and type([]) == list",
        "tags == [] and lines != [] and [] + tags == tags and bill in (flag ? [] : lines)",
        "[[], [1], [count]] != [[]] and [[], [2.5]] == [[cart.total], []] and [null, [], ['a']] != []",
        "prices == {} and size({}) == 0 and 'a' in {} and not has({}.a) and {} is object",
        "[{}, prices] == [{'a': 1.5}, {}] and {'a': [], 'b': [tier]}['a'] == tags",
        "[].all(x, x.name[0] > -x and not (x in x) and size(x) % 2 == x + 1 and x.all(y, y) and x is int)",
        "[].map(x, x + x).filter(x, {x: 1}[x] in [x] or has(x.a)).exists_one(x, (flag ? x : 1) > 2)",
        "lines.map(l, []) == [[count]] and ({}.map(k, k + 'a') + []) == ['b'] and [].exists(x, x.matches('a'))",
    ]);
    wrong(&[
        (
            "[][0] == 1",
            "lang-no-element: `[]` is empty and has no element [help: write what is in it: `[1, 2]`] at `[][0]`",
        ),
        (
            "{}['a'] == 1",
            "lang-no-element: `{}` is empty and has no value [help: write what is in it: `{'key': 1}`]",
        ),
        ("has({}.a) and {}.a == 1", "lang-no-element: `{}` is empty and has no value"),
        ("[].map(x, x)[count] == 1", "lang-no-element: `[].map(x, x)` is empty and has no element"),
        ("[] == {}", "`[]` is a list and cannot be compared with `{}`, which is a map"),
        ("count == []", "`count` is an int and cannot be compared with `[]`, which is a list"),
        ("[] < [1]", "`<` orders numbers, text and bools, but `[]` is a list"),
        (
            "[[], 1] == []",
            "the elements of a list are of one type, but `[]` is an empty list and `1` is an int",
        ),
        (
            "[[]] == [1]",
            "`[[]]` is a list of empty lists and cannot be compared with `[1]`, which is a list of ints",
        ),
        (
            "[] + 1 == []",
            "`+` takes two numbers, two strings or two lists, but `[]` is a list and `1` is an int",
        ),
        ("[].all(x, x + true == 1)", "`+` takes two numbers, two strings or two lists"),
        (
            "[]",
            "a rule must be true or false, but `[]` is a list [help: compare its size, for example `size([]) > 0`]",
        ),
    ]);
}

/// spec: LANG-23
#[test]
fn membership() {
    fine(&["count in [1.5, 2.0]", "customer.name in tags"]);
    wrong(&[
        ("count in ['1']", "`count` is an int, but the elements of `['1']` are each a string"),
        ("'a' in customer.name", "write `customer.name.contains('a')`"),
        ("'note' in cart", "write `has(cart.name)`"),
        ("count in 5", "write `==`, or a list: `in [a, b]`"),
        ("tags in lines", "`tags` is a list, but the elements of `lines` are each an object"),
    ]);
}

/// spec: LANG-24
#[test]
fn indices_are_ints() {
    fine(&["tags[count - 1] == 'new'", "lines[0].price > 0"]);
    wrong(&[
        ("tags[1.0] == 'new'", "an index must be an int, but `1.0` is a number"),
        (
            "cart['total'] > 0",
            "`cart` is an object, not a list or a map [help: a property is read with `.name`]",
        ),
    ]);
}

/// spec: LANG-25
#[test]
fn type_tests_that_never_hold_are_errors() {
    wrong(&[
        (
            "count is string",
            "`count is string` never holds: `count` is an int [help: `count is int` always holds] at `string`",
        ),
        ("count is not int", "`count is not int` never holds"),
        (
            "cart.total is int",
            "whether it is written as an int is not kept [help: declare `cart.total` as `integer`",
        ),
        (
            "flag is null",
            "a property that may be absent is left out of `required` and asked for with `has()`",
        ),
    ]);
}

/// spec: LANG-26
#[test]
fn functions_take_text_and_lists() {
    fine(&["size(tags) == customer.name.size()", "tier.startsWith('e')", "customer.name.contains(tier)"]);
    wrong(&[
        ("size(count) > 0", "`size` takes text, a list or a map, but `count` is an int"),
        ("count.startsWith('1')", "`startsWith` takes text, but `count` is an int"),
        ("tags.contains('new')", "to look for an element write `element in tags`"),
    ]);
}

/// spec: LANG-27
#[test]
fn what_may_be_absent_is_asked_for_first() {
    fine(&[
        "has(age) and age > 18",
        "!has(age) || age > 18",
        "has(age) implies age > 18",
        "not has(age) or not (age < 18)",
        "(has(age) and flag) implies age > 18",
        "not (not has(age) or flag) implies age > 18",
        "((has(age) and flag) or (has(age) and not flag)) implies age > 18",
        "has(customer.address) and has(customer.address.zip) and customer.address.zip != ''",
        "has(input.age) implies age > 18",
        "has(result.reason) implies result.reason != ''",
        "has(lines[0].gift) implies lines[0].gift",
        "has(lines[count].gift) implies lines[count].gift",
        "tags.all(tag, [0, 1].all(at, has(lines[at].gift) implies lines[at].gift))",
        "has(cart.total) and cart.total > 0",
    ]);
    let guard = "lang-unguarded-optional: `age` may be absent";
    wrong(&[
        ("age > 18", guard),
        ("age > 18 and has(age)", guard),
        ("has(age) or age > 18", guard),
        ("has(customer.coupon) and age > 18", guard),
        ("(has(age) or flag) and age > 18", guard),
        ("(has(age) implies flag) and age > 18", guard),
        ("not has(age) and age > 18", guard),
        ("has(customer.address.zip)", "`customer.address` may be absent"),
        ("has(lines[0].gift) implies lines[1].gift", "`lines[1].gift` may be absent"),
        ("has(lines[count].gift) implies lines[0].gift", "`lines[0].gift` may be absent"),
        ("has(lines[count + 1].gift) implies lines[count + 1].gift", "`lines[count + 1].gift` may be absent"),
        (
            "[0].all(at, has(lines[at].gift)) and [1].all(at, lines[at].gift)",
            "`lines[at].gift` may be absent",
        ),
        // Once for each path.
        ("age > 18 or age < 10", guard),
    ]);
    assert!(
        invariant("age > 18").contains(
            "[help: write `has(age) implies …` or `has(age) and …`, or list `age` under `required`]"
        )
    );
}

/// spec: LANG-52
#[test]
fn choices_have_one_type_and_know_their_condition() {
    fine(&[
        "(flag ? 1 : cart.total) > 0",
        "(flag ? tier : customer.name) == 'x'",
        "has(age) ? age > 18 : flag",
        "not has(age) ? flag : age > 18",
        "(has(age) ? age > 18 : false) and age < 70",
        "(has(age) ? true : flag) or count > 0",
        "(flag ? has(age) and count > 0 : has(age)) ? true : false",
        "(flag ? null : null) == null",
    ]);
    let guard = "lang-unguarded-optional: `age` may be absent";
    wrong(&[
        ("flag ? age > 18 : flag", guard),
        ("has(age) ? flag : age > 18", guard),
        ("(has(age) ? true : flag) and age > 18", guard),
        // If the condition is an error, neither side was there to prove it.
        ("(1 / count > 0 ? has(age) : has(age)) and age > 18", guard),
        ("count ? flag : flag", "what stands before `?` must be true or false, but `count` is an int"),
        (
            "(flag ? count : 'a') == 1",
            "lang-type-mismatch: both sides of `? :` are of one type, but `count` is an int and `'a'` is a string at `'a'`",
        ),
        ("(flag ? count : cart.total) > 0", "`count` is an int and `cart.total` is a number"),
        ("size(flag ? tags : lines) > 0", "but `tags` is a list of strings and `lines` is a list of objects"),
        ("(flag ? cart : customer).total > 0.0", "`cart` and `customer` are described by two schemas"),
        ("flag ? count : count", "a rule must be true or false, but `flag ? count : count` is an int"),
    ]);
    assert_eq!(invariant("has(age) ? age > count : flag"), "ok: age, count, flag");
}

/// spec: LANG-59
#[test]
fn conversions_take_what_they_can_read() {
    fine(&[
        "int(cart.total) == count and int(tier) == int(count)",
        "double(count) * 2.0 > double(customer.name)",
        "string(count) + string(cart.total) + string(flag) + string(tier) == 'x'",
        "bool(customer.name) and bool(flag)",
        "tags.exists(tag, int(tag) > 0)",
    ]);
    wrong(&[
        (
            "int(flag) == 1",
            "lang-type-mismatch: `int` takes a number or text, but `flag` is a bool at `flag`",
        ),
        ("double(tags) > 0", "`double` takes a number or text, but `tags` is a list"),
        ("string(cart) == ''", "`string` takes a number, a bool or text, but `cart` is an object"),
        ("bool(count)", "`bool` takes a bool or text, but `count` is an int"),
    ]);
}

/// spec: LANG-56
#[test]
fn macros_look_at_lists() {
    fine(&[
        "lines.all(line, line.price > 0)",
        "tags.exists(tag, tag == 'new') or [1, 2].exists_one(n, n == count)",
        "lines.filter(line, line.price > 1).map(line, line.price)[0] > 2.5",
        "cart.total in lines.map(line, line.price)",
        "size(lines.filter(count, count.price > cart.total)) < count",
        "lines.all(line, has(line.gift) implies line.gift)",
        "size(lines.map(line, has(line.gift), line.gift)) > 0",
        "lines.all(a, lines.exists(b, a.price < b.price and tags.exists(a, a == 'new')))",
        "has(age) implies lines.all(line, line.price < age)",
        "tags.map(tag, tag)[0] == 'new' and lines.filter(l, true)[0].price > 0",
    ]);
    let guard = "lang-unguarded-optional: `line.gift` may be absent";
    wrong(&[
        ("lines.all(line, line.gift)", guard),
        ("lines.all(line, has(line.gift)) and lines.all(line, line.gift)", guard),
        ("size(lines.map(line, line.gift, true)) > 0", guard),
        ("lines.all(line, line.prize > 0)", "did you mean `price`?"),
        ("lines.all(line, lin.price > 0)", "did you mean `line`?"),
        ("lines.all(line, true) and line.price > 0", "`line` is not a property of the input"),
        (
            "cart.all(x, true)",
            "lang-type-mismatch: `all` looks at a list or a map, but `cart` is an object at `cart`",
        ),
        ("lines.filter(x, x.price) is list", "the condition of `filter` must be true or false"),
        ("lines.map(x, x.price)", "a rule must be true or false, but `lines.map(x, x.price)` is a list"),
        ("tags.all(tag, tag == 'gold')", "lang-never-equal: `tag` is never `'gold'`"),
        ("lines.all(x, has(x))", "lang-syntax: `x` is an element, which is there"),
    ]);
    assert_eq!(
        invariant("lines.all(line, line.price < cart.total and has(line.gift)) or tags.map(t, count)[0] > 1"),
        "ok: lines, cart.total, tags, count"
    );
}

/// spec: LANG-28
#[test]
fn all_errors_in_one_pass_in_the_order_of_the_file() {
    let source = spec(&format!(
        "[contract]\npreconditions = [\"cart.totl > 0 and tiers == 'x'\", \"a b\"]\ninvariants = [\"flag >\"]\n\
         exceptions = [{{ name = \"No\", when = \"count == 'x'\" }}]\n{SCHEMA}"
    ));
    let errors = Contract::from_toml(&source).expect_err("it is broken");
    let codes: Vec<&str> = errors.iter().map(|error| error.code).collect();
    assert_eq!(
        codes,
        [
            "lang-unknown-field",
            "lang-unknown-field",
            "lang-syntax",
            "prose-looks-like-expression",
            "lang-type-mismatch"
        ]
    );
    // Also beside errors of the spec itself: syntax always, types where the schema is whole.
    let both = spec(&format!("[contract]\npreconditons = []\ninvariants = [\"cart.totl > 0\"]\n{SCHEMA}"));
    let codes: Vec<&str> =
        Contract::from_toml(&both).expect_err("it is broken").iter().map(|error| error.code).collect();
    assert_eq!(codes, ["spec-unknown-key", "lang-unknown-field"]);
    let both = spec("[contract]\npreconditons = []\npostconditions = [\"result.x >\", \"result.y\"]");
    let codes: Vec<&str> =
        Contract::from_toml(&both).expect_err("it is broken").iter().map(|error| error.code).collect();
    assert_eq!(codes, ["spec-unknown-key", "lang-syntax"]);
}

/// spec: LANG-47
#[test]
fn observed_paths_are_the_longest_chains_once() {
    assert_eq!(
        invariant("cart.total > 0 and input.cart.total < 9 and cart is object"),
        "ok: cart.total, cart"
    );
    assert_eq!(invariant("lines[count].price > result.price"), "ok: lines, count, result.price");
    assert_eq!(invariant("has(customer.coupon) implies customer.coupon != ''"), "ok: customer.coupon");
    assert_eq!(invariant("(input).count > 0 and output.eligible"), "ok: input.count, output.eligible");
    assert_eq!(invariant("size(tags) > 0 or 1 in [count, 2]"), "ok: tags, count");
    assert_eq!(invariant("result is object"), "ok: result");
}

/// spec: LANG-70, LANG-73
#[test]
fn maps_have_keys_of_text_and_values_of_one_type() {
    for rule in [
        "cart.total <= {'standard': 100.0, 'enterprise': 1000}[tier]",
        "prices['a'] > 1.0 and tier in prices and size(prices) > 0",
        "has(prices.a) and prices.a > 1.0",
        "'a' in prices implies prices.a > 1.0",
        "not ('a' in prices) or prices.a > 1.0 and has(input.prices.a)",
        "prices.all(k, prices[k] > 0.0) and prices is object",
        "{'a': 1}.a == 1",
    ] {
        assert!(invariant(rule).starts_with("ok: "), "{rule}: {}", invariant(rule));
    }
    wrong(&[
        (
            "{1: 2}['1'] == 2",
            "the keys of a map are text, as the names in JSON are, but `1` is an int [help: write `'1'`] at `1`",
        ),
        ("{count: 2}['1'] == 2", "but `count` is an int [help: write `string(count)`]"),
        (
            "{'a': 1, 'b': 'x'}['a'] == 2",
            "the values of a map are of one type, but `1` is an int and `'x'` is a string",
        ),
        ("{'a': 1, 'a': 2}['a'] == 2", "lang-duplicate-key: the key `'a'` stands twice in a map at `'a'`"),
        ("prices[1] > 0.0", "the keys of a map are text"),
        ("1 in prices", "the keys of a map are text"),
        (
            "prices.a > 1.0",
            "lang-unguarded-optional: `prices.a` may be absent [help: write `has(prices.a) implies …` or `has(prices.a) and …`] at `prices.a`",
        ),
        ("'b' in prices and prices.a > 1.0", "lang-unguarded-optional: `prices.a` may be absent"),
        (
            "count <= {'standrad': 100}[tier]",
            "lang-never-equal: `tier` is never `'standrad'` [help: did you mean `'standard'`?]",
        ),
        ("tier in {'standrad': 100}", "lang-never-equal: `tier` is never `'standrad'`"),
        ("prices > 1", "`prices` is a map and cannot be compared with `1`"),
        ("prices", "but `prices` is a map [help: compare its size, for example `size(prices) > 0`]"),
    ]);
}

/// spec: LANG-71, LANG-72, LANG-74
#[test]
fn what_is_alike_is_compared_and_stands_side_by_side() {
    for rule in [
        "tags == ['new'] and tags != tags + ['old']",
        "lines == [bill] and bill in lines and bill == lines[0]",
        "(flag ? bill : lines[0]).price > 0.0 and prices == {'a': 1}",
        "[tags, ['x']] == [['y']] and tags in [tags]",
        "lines.map(x, tags) == [tags] and (flag ? tags : ['x']) == ['y']",
    ] {
        assert!(invariant(rule).starts_with("ok: "), "{rule}: {}", invariant(rule));
    }
    wrong(&[
        (
            "tags == [1]",
            "`tags` is a list of strings and cannot be compared with `[1]`, which is a list of ints",
        ),
        (
            "prices == {'a': 'x'}",
            "`prices` is a map of numbers and cannot be compared with `{'a': 'x'}`, which is a map of strings",
        ),
        (
            "cart == customer",
            "lang-type-mismatch: `cart` and `customer` are described by two schemas [help: write the schema once under `[types.Name]`",
        ),
        ("bare == bare", "`bare` and `bare` have no declared properties to go by"),
        ("cart in lines", "`cart` and `lines` are described by two schemas"),
        (
            "[1] in [['a']]",
            "`[1]` is a list of ints, but the elements of `[['a']]` are each a list of strings",
        ),
        (
            "[tags, [1]] == [tags]",
            "the elements of a list are of one type, but `tags` is a list of strings and `[1]` is a list of ints",
        ),
        (
            "tags + [1] == tags",
            "`+` joins two lists of one type, but `tags` is a list of strings and `[1]` is a list of ints",
        ),
        ("tags + 'x' == tags", "`+` takes two numbers, two strings or two lists"),
        ("lines < lines", "`<` orders numbers, text and bools, but `lines` is a list"),
    ]);
    let inferred = report(&spec(
        "[contract]\npreconditions = [\"a.x > 1.5 and a == b\", \"b.x > 1.5\"]\npostconditions = [\"result is bool\"]",
    ));
    assert!(
        inferred.contains("error[lang-open-type]: `a` and `b` may hold more than the clauses mention"),
        "{inferred}"
    );
}
