//! Schemas read out of clauses.

use crate::contract::Contract;
use crate::contract::tests::{inferred, report, spec};
use crate::diagnostic::Severity;

fn clauses(pre: &[&str], post: &[&str]) -> String {
    inferred(&format!("[contract]\npreconditions = {pre:?}\npostconditions = {post:?}"))
}

/// The input, where the result is a bool.
fn input(pre: &[&str]) -> String {
    let said = clauses(pre, &["result is bool"]);
    said.strip_suffix(" -> bool").map(str::to_owned).unwrap_or(said)
}

/// spec: LANG-29
#[test]
fn what_is_written_stays_and_what_is_missing_is_inferred() {
    let written = "[input]\ntype = \"object\"\nrequired = [\"n\", \"t\"]\nproperties = { n = { type = \"integer\" }, t = { type = \"string\", enum = [\"a\"] } }\n";
    assert_eq!(
        inferred(&format!(
            "{written}[contract]\npostconditions = [\"result.n == n\", \"result.t == t\", \"result.d * 2.0 > n\"]"
        )),
        "{n: int, t: a} -> {n: int, t: string, d: number}"
    );
    assert_eq!(
        inferred(
            "[output]\ntype = \"string\"\n[contract]\npostconditions = [\"size(result) > min and result != name\"]"
        ),
        "{min: int, name: string} -> string"
    );
    assert_eq!(clauses(&[], &["result.ok"]), "{} -> {ok: bool}");
}

/// spec: LANG-30
#[test]
fn clauses_fix_types() {
    assert_eq!(
        input(&[
            "a.b in ['x', 'y']",
            "c is bool",
            "d",
            "not e",
            "f is object",
            "g[0] == 'x'",
            "'x' in h",
            "i is string"
        ]),
        "{a: {b: string}, c: bool, d: bool, e: bool, f: {}, g: [string], h: [string], i: string}"
    );
    assert_eq!(
        input(&["a.startsWith(b)", "c + 'x' == d", "e == true", "f < 'm'"]),
        "{a: string, b: string, c: string, d: string, e: bool, f: string}"
    );
    assert_eq!(
        input(&[
            "a == [] or a[0] == 'x'",
            "b != {} and b['k'] > 0.5",
            "c == [[], [1.5]]",
            "(d ? [] : e) == ['x']",
            "[] + f == [true] and ([] + g).all(x, x > 0.5)",
            "h in [[], {'a': 's'}.map(k, k)]"
        ]),
        "{a: [string], b: {*: number}, c: [[number]], d: bool, e: [string], f: [bool], g: [number], h: [string]}"
    );
    assert!(input(&["a == []"]).contains("no clause tells the type of `a[0]`"), "{}", input(&["a == []"]));
    // Through other fields, in whatever order they stand.
    assert_eq!(
        input(&["a == b", "b == c", "c + d == e", "e == 'x'"]),
        "{a: string, b: string, c: string, d: string, e: string}"
    );
    assert_eq!(input(&["a.lines[0].price > 0", "size(a.lines) > 0"]), "{a: {lines: [{price: number}]}}");
    assert_eq!(clauses(&["n > 0"], &["result > n"]), "{n: number} -> number");
}

/// spec: LANG-31
#[test]
fn numbers_are_doubles_unless_used_as_ints() {
    assert_eq!(
        input(&["a > 0", "b is number", "c == d", "d > 1.5", "-e < 0"]),
        "{a: number, b: number, c: number, d: number, e: number}"
    );
    assert_eq!(
        input(&["a % 2 == 0", "b is int", "c + 1 > 0", "l[d] == 'x'", "-e == e * 3"]),
        "{a: int, b: int, c: int, l: [string], d: int, e: int}"
    );
    assert_eq!(input(&["a * 1.5 > b + c"]), "{a: number, b: number, c: number}".to_owned());
    assert_eq!(
        input(&["size(t) <= limit", "t is string", "limit == other"]),
        "{t: string, limit: int, other: int}"
    );
    assert_eq!(input(&["size(t) <= limit", "t is string", "limit > 0.5"]), "{t: string, limit: number}");
}

/// spec: LANG-52
#[test]
fn choices_pass_types_on() {
    assert_eq!(
        input(&["(a ? b : c) == 'x'", "(d ? 1 : e) > 0", "f ? g : h", "i + (a ? 1 : 2) > 0"]),
        "{a: bool, b: string, c: string, d: bool, e: number, f: bool, g: bool, h: bool, i: int}"
    );
    assert_eq!(input(&["(a ? b : c) < 1", "b * 2 > 0"]), "{a: bool, b: int, c: int}");
    assert_eq!(input(&["(a ? b : 1.5) < c"]), "{a: bool, b: number, c: number}");
}

/// spec: LANG-56
#[test]
fn macros_tell_what_elements_are() {
    assert_eq!(
        input(&["items.all(item, item.price > 0 and item.sku is string)", "items[0].count % 2 == 0"]),
        "{items: [{price: number, sku: string, count: int}]}"
    );
    assert_eq!(
        input(&["a.exists(x, x == 'y')", "b.map(x, x.n)[0] == c", "c is string", "d.filter(x, x)[0] == e"]),
        "{a: [string], b: [{n: string}], c: string, d: [bool], e: bool}"
    );
    assert_eq!(
        input(&["a.all(x, b.all(y, x.k == y.k and has(y.o) implies y.o))", "b[0].k is string"]),
        "{a: [{k: string}], b: [{k: string, o?: bool}]}"
    );
    // The element's name is no property of the input.
    assert_eq!(input(&["a.map(b, b > 1, b * 2)[0] > 1", "c.all(a, a)"]), "{a: [int], c: [bool]}");
    let said = clauses(&["a.all(x, true)"], &["result is bool"]);
    assert!(said.contains("no clause tells the type of `a[0]`"), "{said}");
    let said = clauses(&["a.all(x, x > 1)", "a.all(x, x == 'y')"], &["result is bool"]);
    assert!(said.contains("`a[0]` cannot be both a number and a string"), "{said}");
    let said = clauses(&["a.all(x, x > 1)", "a == 'y'"], &["result is bool"]);
    assert!(said.contains("`a`"), "{said}");
}

/// spec: LANG-59
#[test]
fn conversions_tell_what_comes_out() {
    assert_eq!(
        input(&["int(a) == b", "a is string", "double(a) > c", "d == string(c)", "e == bool(d)"]),
        "{a: string, b: int, c: number, d: string, e: bool}"
    );
    let said = clauses(&["int(a) > 1"], &["result is bool"]);
    assert!(said.contains("no clause tells the type of `a`"), "{said}");
}

/// spec: LANG-32
#[test]
fn what_has_asks_for_is_optional() {
    assert_eq!(
        input(&["has(a.b) implies a.b > 0", "has(c) implies c is string", "d > 0"]),
        "{a: {b?: number}, c?: string, d: number}"
    );
    assert!(input(&["has(a.b) implies a.b > 0", "a.b < 9"]).contains("lang-unguarded-optional"));
}

/// spec: LANG-33
#[test]
fn a_type_that_stays_open_is_an_error() {
    let source = spec(
        "[contract]\npreconditions = [\"cart.note == cart.other\", \"has(x)\", \"size(y) > 0\", \"z is list\"]\npostconditions = [\"result.ok\"]",
    );
    assert_eq!(
        report(&source),
        "error[lang-open-type]: no clause tells the type of `cart.note`
  --> traverse.spec.toml:7:19
   |
 7 | preconditions = [\"cart.note == cart.other\", \"has(x)\", \"size(y) > 0\", \"z is list\"]
   |                   ^^^^^^^^^ its type stays open
   = help: say what it is, for example `cart.note is string`, or write `[input]`

error[lang-open-type]: no clause tells the type of `x`
  --> traverse.spec.toml:7:46
   |
 7 | preconditions = [\"cart.note == cart.other\", \"has(x)\", \"size(y) > 0\", \"z is list\"]
   |                                              ^^^^^^ its type stays open
   = help: say what it is, for example `has(x) implies x is string`, or write `[input]`

error[lang-open-type]: no clause tells the type of `y`
  --> traverse.spec.toml:7:61
   |
 7 | preconditions = [\"cart.note == cart.other\", \"has(x)\", \"size(y) > 0\", \"z is list\"]
   |                                                             ^ its type stays open
   = help: `size` takes text and lists: write `y is string`, or `[input]`

error[lang-open-type]: no clause tells the type of `z[0]`
  --> traverse.spec.toml:7:71
   |
 7 | preconditions = [\"cart.note == cart.other\", \"has(x)\", \"size(y) > 0\", \"z is list\"]
   |                                                                       ^^^^^^^^^ its type stays open
   = help: say what it is, for example `size(z) > 0 implies z[0] is string`, or write `[input]`"
    );
    assert!(clauses(&["a == null"], &["result is bool"]).contains("no clause tells the type of `a`"));
    assert!(clauses(&["a + b == c"], &["result is bool"]).contains("no clause tells the type of `a`"));
    // What one clause would settle is said once, where it is shortest to say.
    let linked = clauses(&["zone in zones", "has(a.b) implies a.b[0].c == a.d[0]"], &["result.z == zone"]);
    assert_eq!(linked.matches("lang-open-type").count(), 2, "{linked}");
    assert!(linked.contains("for example `zone is string`"), "{linked}");
    assert!(linked.contains("for example `size(a.d) > 0 implies a.d[0] is string`"), "{linked}");
    let guarded = clauses(&["has(a.b) implies a.b[0].c == null"], &["result is bool"]);
    assert!(guarded.contains("`has(a.b) and size(a.b) > 0 implies a.b[0].c is string`"), "{guarded}");
    // The advice holds for every field, and settles the type.
    assert_eq!(
        input(&["zone in zones", "zone is string", "has(x)", "has(x) implies x is string"]),
        "{zone: string, zones: [string], x?: string}"
    );
    assert_eq!(input(&["z is list", "size(z) > 0 implies z[0] is string"]), "{z: [string]}");
    assert!(clauses(&["results == null"], &["result is bool"]).contains("or write `[input]`"));
    assert!(clauses(&["input.result == null"], &["result is bool"]).contains("`input.result is string`"));
    // What is wrong for another reason is said once.
    assert!(!clauses(&["a == result.b"], &["result.b"]).contains("open"));
}

/// spec: LANG-33
#[test]
fn a_type_that_stays_open_for_a_slip_is_shown_at_the_slip() {
    let source = spec(
        "[contract]\npreconditions = [\n  \"size(weights) > 0\",\n  \"wieghts[0] > 0\",\n]\npostconditions = [\"result.ok\"]",
    );
    assert_eq!(
        report(&source),
        "error[lang-open-type]: no clause tells the type of `weights`
  --> traverse.spec.toml:9:4
   |
 9 |   \"wieghts[0] > 0\",
   |    ^^^^^^^ read as another property
  ::: traverse.spec.toml:8:9
   |
 8 |   \"size(weights) > 0\",
   |         ^^^^^^^ its type stays open
   = help: did you mean `weights`?"
    );
    // The rarer name is the slip, wherever it stands.
    let said = clauses(&["size(wieghts) > 0", "weights[0] > 0", "size(weights) < 9"], &["result.ok"]);
    assert!(
        said.contains("no clause tells the type of `wieghts`") && said.contains("did you mean `weights`?"),
        "{said}"
    );
    assert!(!said.contains("similar") && !said.contains("another property"), "{said}");
    let said = clauses(
        &[
            "custmer.a == custmer.b",
            "custmer.c == null",
            "customer.d > 0",
            "customer.e > 0",
            "customer.f > 0",
            "customer.g > 0",
        ],
        &["result.ok"],
    );
    assert_eq!(
        (said.matches("error[").count(), said.contains("did you mean `customer`?")),
        (1, true),
        "{said}"
    );
    // Beneath the name that is right, something else is the reason.
    let said = clauses(&["customer.c == null", "customer.d > 0", "custmer.a > 0"], &["result.ok"]);
    assert!(said.contains("`customer.c is string`") && said.contains("lang-similar-names"), "{said}");
}

/// spec: LANG-34
#[test]
fn clauses_that_disagree_are_shown_together() {
    let source = spec(
        "[contract]\npreconditions = [\n  \"cart.total > 0\",\n  \"cart.total == 'free'\",\n]\npostconditions = [\"result.ok\"]",
    );
    assert_eq!(
        report(&source),
        "error[lang-conflict]: `cart.total` cannot be both a number and a string
  --> traverse.spec.toml:9:4
   |
 9 |   \"cart.total == 'free'\",
   |    ^^^^^^^^^^^^^^^^^^^^ a string here
  ::: traverse.spec.toml:8:4
   |
 8 |   \"cart.total > 0\",
   |    ^^^^^^^^^^^^^^ a number here
   = help: change one of the two, or write `[input]`"
    );
    let ints = clauses(&["a * 2 > 0", "a * 1.5 > 0"], &["result is bool"]);
    assert!(
        ints.contains("`a` cannot be both an int and a number")
            && ints.contains("write whole numbers as `2.0`"),
        "{ints}"
    );
    let deep = clauses(&["a.b > 0", "a is string"], &["result is bool"]);
    assert!(deep.contains("`a` cannot be both an object and a string"), "{deep}");
    let output = clauses(&[], &["result.ok", "result is string"]);
    assert!(
        output.contains("`result` cannot be both an object and a string") && output.contains("[output]"),
        "{output}"
    );
}

/// spec: LANG-35
#[test]
fn a_result_that_no_clause_mentions_must_be_written() {
    let source = spec("[contract]\npreconditions = [\"cart.total > 0\"]");
    assert_eq!(
        report(&source),
        "error[lang-no-output]: nothing says what the result is
  --> traverse.spec.toml:2:6
   |
 2 | id = \"test.rule\"
   |      ^^^^^^^^^^^ the result of this capability
   = help: write `[output]`, or a postcondition such as `result.eligible is bool`"
    );
}

/// spec: LANG-50
#[test]
fn names_that_are_likely_one_are_warned_of() {
    let warned = |pre: &[&str]| {
        let source = spec(&format!("[contract]\npreconditions = {pre:?}\npostconditions = [\"result.ok\"]"));
        let contract = Contract::from_toml(&source).expect("it is fine");
        contract.warnings.iter().map(|warning| warning.render(&source)).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(
        warned(&["customer.tier is string", "custmer.age > 0"]),
        "warning[lang-similar-names]: `customer` and `custmer` are read as two properties
  --> traverse.spec.toml:7:46
   |
 7 | preconditions = [\"customer.tier is string\", \"custmer.age > 0\"]
   |                                              ^^^^^^^ first mentioned here
  ::: traverse.spec.toml:7:19
   |
 7 | preconditions = [\"customer.tier is string\", \"custmer.age > 0\"]
   |                   ^^^^^^^^ first mentioned here
   = help: if one is misspelt, correct it; a written schema tells every such slip"
    );
    assert!(warned(&["a.total > 0", "a.totla > 0"]).contains("`total` and `totla`"));
    assert_eq!(
        warned(&[
            "item > 0",
            "items is string",
            "line1 > 0",
            "line2 > 0",
            "age > 0",
            "agt > 0",
            "total > 0.5"
        ]),
        ""
    );
}

/// spec: LANG-50
#[test]
fn a_misspelt_result_is_warned_of() {
    let said = |lines: &str| match Contract::from_toml(&spec(lines)) {
        Ok(contract) => contract.warnings.iter().map(|warning| warning.render(&spec(lines))).collect(),
        Err(_) => report(&spec(lines)),
    };
    assert_eq!(
        said("[contract]\npostconditions = [\"result.ok\", \"results.cost >= 0\"]"),
        "warning[lang-similar-names]: `results` is read as a property of the input
  --> traverse.spec.toml:7:33
   |
 7 | postconditions = [\"result.ok\", \"results.cost >= 0\"]
   |                                 ^^^^^^^ first mentioned here
   = help: did you mean `result`? if not, write `[input]`"
    );
    assert!(
        said("[contract]\npreconditions = [\"inptu.a > 0\"]\npostconditions = [\"result\"]")
            .contains("`input`?")
    );
    assert!(said("[contract]\npostconditions = [\"result\", \"ouput.a > 0\"]").contains("`output`?"));
    // Beside errors, too.
    let broken = said("[contract]\npostconditions = [\"results.cost >= 0\"]");
    assert!(broken.contains("lang-no-output") && broken.contains("did you mean `result`?"), "{broken}");
    let errors =
        Contract::from_toml(&spec("[contract]\npostconditions = [\"results.cost >= 0\"]")).unwrap_err();
    let severities: Vec<Severity> = errors.iter().map(|error| error.severity).collect();
    assert_eq!(severities, [Severity::Error, Severity::Warning]);
    // What preconditions speak of is of the input.
    let good = said(
        "[contract]\npreconditions = [\"size(results) > 0\", \"results[0] > 0\"]\npostconditions = [\"result\"]",
    );
    assert_eq!(good, "");
}

/// spec: LANG-76
#[test]
fn what_is_indexed_by_text_is_a_map() {
    assert_eq!(input(&["prices['a'] > 1.5"]), "{prices: {*: number}}");
    // Whichever clause says that the index is text.
    assert_eq!(
        input(&["prices[customer.tier] > 0", "customer.tier in ['standard', 'enterprise']"]),
        "{prices: {*: number}, customer: {tier: string}}"
    );
    assert_eq!(
        input(&["'a' in prices", "prices.all(k, k != '')", "prices['b'] == 'x'", "prices is object"]),
        "{prices: {*: string}}"
    );
    assert_eq!(input(&["xs[i] > 0", "i < size(xs)"]), "{xs: [number], i: int}");
    assert_eq!(input(&["x <= {'a': 1.0, 'b': 2.0}[tier]"]), "{x: number, tier: string}");
    assert_eq!(input(&["key in {'a': 1}", "{s: 1}[s] == 1"]), "{key: string, s: string}");
    assert_eq!(
        input(&["m['a'].total > 1.5", "m['b'].name is string"]),
        "{m: {*: {total: number, name: string}}}"
    );
    let conflict = input(&["cart['total'] > 0", "cart.name is string"]);
    assert!(conflict.contains("`cart` cannot be both"), "{conflict}");
    assert!(conflict.contains("a property of an object is read with `.name`"), "{conflict}");
    let open = input(&["m['a'] == m['b']"]);
    assert!(open.contains("'a' in m implies m['a'] is string"), "{open}");
}

/// spec: LANG-76
#[test]
fn lists_and_maps_beside_each_other_hold_the_same() {
    assert_eq!(input(&["a == ['x']", "b + a == c"]), "{a: [string], b: [string], c: [string]}");
    assert_eq!(
        input(&["m == {'a': [1.5]}", "[a, b] == [['x'], c]"]),
        "{m: {*: [number]}, a: [string], b: [string], c: [string]}"
    );
    assert_eq!(input(&["(p ? a : b) == ['x']"]), "{p: bool, a: [string], b: [string]}");
    // What would hold itself has no type.
    assert!(input(&["x == [x]"]).contains("lang-open-type"), "{}", input(&["x == [x]"]));
    let row = "[output]\n\"$ref\" = \"#/types/Row\"\n[types.Row]\ntype = \"object\"\nproperties = { n = { type = \"integer\" } }\n";
    assert_eq!(
        inferred(&format!("{row}[contract]\npostconditions = [\"result == row\"]")),
        "{row: #Row} -> #Row"
    );
}

/// spec: LANG-87
#[test]
fn asking_for_null_makes_a_property_nullable() {
    assert_eq!(
        input(&[
            "a == null or a > 1",
            "b is null or b is string",
            "c is not null implies c.d == 'x'",
            "e != null and e",
            "f in ['x', null]",
            "null == g or size(g) > 0 and g[0] is int",
            "h > 0"
        ]),
        "{a: number|null, b: string|null, c: {d: string}|null, e: bool|null, f: string|null, g: [int]|null, h: number}"
    );
    assert_eq!(input(&["l.all(x, x == null or x > 1.5)"]), "{l: [number|null]}");
    assert_eq!(input(&["has(a) and a == null or has(a) and a is int"]), "{a?: int|null}");
    assert_eq!(clauses(&["n is int"], &["result == null or result.x == n"]), "{n: int} -> {x: int}|null");
    // What is only compared with what may be null need not be able to be null itself.
    assert_eq!(input(&["a == null or a is int", "a == b"]), "{a: int|null, b: int}");
    // Null alone is no type.
    assert!(input(&["a == null"]).contains("no clause tells the type of `a`"));
}

/// spec: LANG-87
#[test]
fn type_tells_the_type_and_its_names_are_no_properties() {
    assert_eq!(
        input(&[
            "type(a) == int",
            "bool == type(b)",
            "type(c) == double",
            "type(d) == string",
            "type(e) == map",
            "type(f) == list and f[0] == 'x'",
            "type(g) in [int, double]",
            "type(h) != null_type and h == 'x'"
        ]),
        "{a: int, b: bool, c: number, d: string, e: {}, f: [string], g: number, h: string|null}"
    );
    // Anywhere else such a name is a property.
    assert_eq!(input(&["type == 'x'", "map > 0", "a == 1.5"]), "{type: string, map: number, a: number}");
}
