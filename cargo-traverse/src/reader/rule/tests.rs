//! What rules read like.

use super::in_words;
use traverse_contract::{Contract, Rule, Source};

const SCHEMA: &str = r##"
[capability]
id = "a.b"
version = "1.0.0"
runtime = "wasm32-wasip1"

[input]
type = "object"
required = ["customer", "cart", "lines", "grid", "count", "input", "flag", "note", "tags", "age", "pair", "box", "maybe"]
[input.properties]
count = { type = "integer" }
input = { type = "boolean" }
flag = { type = "boolean" }
note = { type = "string" }
tags = { type = "array", items = { type = "string" } }
age = { type = ["integer", "null"] }
maybe = { type = ["boolean", "null"] }
box = { type = ["object", "null"], required = ["size"], properties = { size = { type = "number" } } }
pair = { type = "array", prefixItems = [{ type = "integer" }, { type = ["string", "null"] }], items = false, minItems = 2 }
grid = { type = "array", items = { type = "array", items = { type = "integer" } } }
[input.properties.customer]
type = "object"
required = ["tier"]
[input.properties.customer.properties]
tier = { type = "string", enum = ["standard", "enterprise"] }
email = { type = "string" }
[input.properties.cart]
type = "object"
required = ["total"]
[input.properties.cart.properties]
total = { type = "number" }
[input.properties.lines]
type = "array"
[input.properties.lines.items]
type = "object"
required = ["sku", "amount"]
[input.properties.lines.items.properties]
sku = { type = "string" }
amount = { type = "number" }
count = { type = "integer" }

[output]
type = "object"
required = ["ok", "total"]
[output.properties]
ok = { type = "boolean" }
total = { type = "number" }

[contract]
invariants = [
"##;

/// The words for a rule over the schema above.
#[track_caller]
fn words(rule: &str) -> String {
    let text = format!("{SCHEMA}'''{rule}''']\n");
    let contract = Contract::from_toml(&Source { name: "spec".into(), text })
        .unwrap_or_else(|errors| panic!("{rule}: {errors:#?}"));
    let Rule::Expression { expr, .. } = &contract.clauses[0].rule else { panic!("prose: {rule}") };
    in_words(expr).to_string()
}

// spec: CLI-92
#[test]
fn rules_read_as_sentences() {
    for (rule, said) in [
        ("cart.total > 0", "cart.total is greater than 0"),
        ("0 < cart.total", "cart.total is greater than 0"),
        ("cart.total >= 0.5", "cart.total is at least 0.5"),
        ("not cart.total < 1", "cart.total is not less than 1"),
        ("customer.tier in ['standard', 'enterprise']", "customer.tier is one of “standard”, “enterprise”"),
        ("!(note in ['a', 'b'])", "note is none of “a”, “b”"),
        ("note in ['a']", "note is “a”"),
        ("note in tags", "note is among tags"),
        ("customer.tier == 'enterprise'", "customer.tier is “enterprise”"),
        ("customer.tier != 'enterprise'", "customer.tier is not “enterprise”"),
        ("note == ''", "note is the empty text"),
        ("note == customer.tier", "note is the same as customer.tier"),
        ("note < 'm'", "note sorts before “m”"),
        ("count == 3", "count equals 3"),
        ("count != 3", "count does not equal 3"),
        ("flag", "flag is true"),
        ("!flag", "flag is false"),
        ("result.ok == true", "result.ok is true"),
        ("result.ok != true", "result.ok is false"),
        ("result.ok == (cart.total >= 50)", "result.ok is true exactly when cart.total is at least 50"),
        ("result.ok != (cart.total >= 50)", "result.ok is true exactly when cart.total is not at least 50"),
        ("has(customer.email)", "customer.email is given"),
        ("not has(customer.email)", "customer.email is not given"),
        ("size(note) > 0", "note is not empty"),
        ("size(tags) == 0", "tags is empty"),
        ("tags == []", "tags is empty"),
        ("[] != tags", "tags is not empty"),
        ("tags in [[], ['a']]", "tags is one of an empty list, (the list of “a”)"),
        ("size(tags) <= 1", "tags has at most 1 element"),
        ("note.size() == 22", "note has exactly 22 characters"),
        ("!(size(note) < 3)", "note has at least 3 characters"),
        (
            "size(tags) <= size(note)",
            "the number of elements in tags is at most the number of characters in note",
        ),
        ("note.startsWith('a')", "note starts with “a”"),
        ("!note.endsWith(customer.tier)", "note does not end with customer.tier"),
        ("note.contains('x')", "note contains “x”"),
        ("count is int", "count is a whole number"),
        ("note is string", "note is text"),
        ("flag is bool", "flag is either true or false"),
        ("count is not string", "count is not text"),
    ] {
        assert_eq!(words(rule), said, "{rule}");
    }
}

// spec: CLI-92
#[test]
fn logic_reads_one_way_only() {
    for (rule, said) in [
        ("flag and count > 1", "flag is true and count is greater than 1"),
        (
            "flag and (count > 1 or count < -1)",
            "flag is true and (count is greater than 1 or count is less than -1)",
        ),
        ("flag && input.flag && result.ok", "flag is true and flag is true and result.ok is true"),
        ("not (flag and result.ok)", "it is not so that (flag is true and result.ok is true)"),
        (
            "customer.tier == 'standard' implies cart.total < 10.0",
            "if customer.tier is “standard”, then cart.total is less than 10",
        ),
        (
            "flag implies result.ok implies count > 0",
            "if flag is true, then (if result.ok is true, then count is greater than 0)",
        ),
        (
            "flag ? count > 1 : count > 2",
            "if flag is true, then count is greater than 1; otherwise count is greater than 2",
        ),
        ("cart.total > (flag ? 1.0 : 2.0)", "cart.total is greater than (1 if flag is true, otherwise 2)"),
        (
            "string(flag or result.ok) == note",
            "(whether flag is true or result.ok is true) written as text is the same as note",
        ),
    ] {
        assert_eq!(words(rule), said, "{rule}");
    }
}

// spec: CLI-92
#[test]
fn macros_and_arithmetic_are_said_in_words() {
    for (rule, said) in [
        ("lines.all(l, l.amount > 0)", "for every l in lines, l.amount is greater than 0"),
        ("!lines.all(l, l.amount > 0)", "for at least one l in lines, l.amount is not greater than 0"),
        ("lines.exists(l, l.sku == 'a')", "for at least one l in lines, l.sku is “a”"),
        ("!lines.exists(l, l.sku == 'a')", "for no l in lines, l.sku is “a”"),
        ("lines.exists_one(l, l.sku == 'a')", "for exactly one l in lines, l.sku is “a”"),
        (
            "flag and lines.all(l, has(l.count) implies l.count > 0)",
            "flag is true and (for every l in lines, if l.count is given, then l.count is greater than 0)",
        ),
        (
            "size(lines.filter(l, l.amount > 9.0)) <= 2",
            "the number of the elements l of lines for which (l.amount is greater than 9) is at most 2",
        ),
        ("note in lines.map(l, l.sku)", "note is among (the values of l.sku for each l in lines)"),
        (
            "note in lines.map(l, l.amount > 0, l.sku)",
            "note is among (the values of l.sku for each l in lines for which (l.amount is greater than 0))",
        ),
        // The element hides the property of the same name.
        (
            "lines.all(count, count.amount > double(input.count))",
            "for every count in lines, count.amount is greater than input.count",
        ),
        ("input.input", "input.input is true"),
        ("lines[0].sku == 'a'", "sku of the first element of lines is “a”"),
        ("lines[3].amount > 1.0", "amount of element number 4 of lines is greater than 1"),
        ("tags[count] == 'a'", "the element of tags at place count, counted from 0 is “a”"),
        (
            "tags.all(t, grid[0][1] > 0)",
            "for every element in tags, the second element of the first element of grid is greater than 0",
        ),
        ("result.total == cart.total * 2.0 + 1.0", "result.total equals (cart.total times 2) plus 1"),
        ("count + 1 + 2 > 0", "count plus 1 plus 2 is greater than 0"),
        ("count / 2 > 0", "count divided by 2 without the fraction is greater than 0"),
        ("count % 2 == 0", "the remainder of count divided by 2 equals 0"),
        ("-count < 0", "minus count is less than 0"),
        (
            "note == customer.tier + '-' + note",
            "note is the same as customer.tier followed by “-” followed by note",
        ),
        ("int(note) > 0", "note read as a whole number is greater than 0"),
        ("int(cart.total) > 0", "cart.total without the fraction is greater than 0"),
        ("string(count) == note", "count written as text is the same as note"),
        ("bool(note)", "note read as true or false is true"),
    ] {
        assert_eq!(words(rule), said, "{rule}");
    }
}

// spec: CLI-92, LANG-80, LANG-83, LANG-86
#[test]
fn null_tuples_and_types_are_said_in_words() {
    for (rule, said) in [
        ("age != null and age > 3", "age is not null and age is greater than 3"),
        ("age is null or age is int", "age is null or age is not null"),
        ("age == count", "age equals count"),
        ("box != null and box.size > 1.5", "box is not null and box.size is greater than 1.5"),
        ("maybe == flag", "maybe is the same as flag"),
        ("flag == maybe", "flag is the same as maybe"),
        ("maybe != null and maybe", "maybe is not null and maybe is true"),
        ("pair[1] == note", "the second element of pair is the same as note"),
        ("type(age) == int", "the type of age is int"),
        ("null_type != type(age)", "the type of age is not null_type"),
        ("size(pair) == 2", "pair has exactly 2 elements"),
    ] {
        assert_eq!(words(rule), said, "{rule}");
    }
}
