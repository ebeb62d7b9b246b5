//! What changes are judged to be.

mod proofs;
mod random;
mod traps;

use super::version::Judgement;
use super::{Change, Side, compare, overall};
use traverse_contract::outcome::FoundBy;
use traverse_contract::{Contract, Source};

fn contract(body: &str) -> Contract {
    let head = "[capability]\nid = \"a.b\"\nversion = \"1.0.0\"\nruntime = \"wasm32-wasip1\"\n";
    let text = if body.contains("[capability]") { body.to_owned() } else { format!("{head}{body}") };
    let source = Source { name: "traverse.spec.toml".into(), text };
    Contract::from_toml(&source).unwrap_or_else(|errors| {
        panic!("{}", errors.iter().map(|error| error.render(&source)).collect::<Vec<_>>().join("\n"))
    })
}

/// The changes between two specs; every example is held against both contracts.
fn changes(old: &str, new: &str) -> Vec<Change> {
    let (old, new) = (contract(old), contract(new));
    let changes = compare(&old, &new);
    for change in &changes {
        let Some(example) = &change.example else { continue };
        let (giver, other) = match example.accepted_by {
            Side::Old => (&old, &new),
            Side::New => (&new, &old),
        };
        let input = &example.input;
        giver.check_input(input).unwrap_or_else(|no| panic!("{change:?}: {no:?}"));
        giver.check_preconditions(input, FoundBy::Host).unwrap_or_else(|no| panic!("{change:?}: {no:?}"));
        let Some(result) = &example.result else {
            let refused = other.check_input(input).is_err()
                || other.check_preconditions(input, FoundBy::Host).is_err()
                || change.place.starts_with("exception");
            assert!(refused, "{change:?}");
            continue;
        };
        giver.check_output(result, FoundBy::Host).unwrap_or_else(|no| panic!("{change:?}: {no:?}"));
        giver.check_result(input, result, FoundBy::Host).unwrap_or_else(|no| panic!("{change:?}: {no:?}"));
        let refused = other.check_output(result, FoundBy::Host).is_err()
            || other.check_result(input, result, FoundBy::Host).is_err();
        assert!(refused, "{change:?}");
    }
    changes
}

/// `PLACE: JUDGEMENT, WHAT`, of all that is not identical.
fn said(old: &str, new: &str) -> Vec<String> {
    let changes = changes(old, new).into_iter().filter(|change| change.judgement != Judgement::Identical);
    changes
        .map(|change| format!("{}: {}, {}", change.place, change.judgement.as_str(), change.what))
        .collect()
}

const SHAPE: &str = r##"
[input]
type = "object"
required = ["n", "x", "s", "flag", "list"]
[input.properties]
n = { type = "integer" }
x = { type = "number" }
s = { type = "string" }
flag = { type = "boolean" }
list = { type = "array", items = { type = "integer" } }
note = { type = "string" }
percent = { type = "integer", minimum = 0, maximum = 100 }
[output]
type = "object"
required = ["ok", "price"]
[output.properties]
ok = { type = "boolean" }
price = { type = "number" }
[contract]
"##;

fn rules(kind: &str, rules: &[&str]) -> String {
    format!("{SHAPE}{kind} = {rules:?}\n")
}

/// spec: CHANGE-3, CHANGE-4
#[test]
fn a_changed_precondition_is_judged_by_proof_or_example() {
    for (old, new, judgement) in [
        ("n > 0", "n > 10", Judgement::Breaking),
        ("n > 10", "n > 0", Judgement::Compatible),
        ("n > 0", "n >= 1", Judgement::Text),
        ("n > 0", "0 < n", Judgement::Text),
        ("x > 0", "x >= 1", Judgement::Breaking),
        ("s in ['a', 'b']", "s in ['b', 'a', 'c']", Judgement::Compatible),
        ("s in ['a', 'b']", "s == 'a'", Judgement::Breaking),
        ("s == 'a' or s == 'b'", "s in ['b', 'a']", Judgement::Text),
        ("flag implies n > 0", "not flag or n > 0", Judgement::Text),
        ("flag implies n > 0", "flag implies n > 5", Judgement::Breaking),
        ("flag implies n > 5", "flag implies n > 0", Judgement::Compatible),
        ("n > 0 and x > 0", "n > 0", Judgement::Compatible),
        ("n > 0", "n > 0 and x > 0", Judgement::Breaking),
        ("not (n > 0 or x > 0)", "n <= 0 and x <= 0", Judgement::Text),
        ("size(list) > 2", "size(list) >= 3", Judgement::Text),
        ("size(list) > 2", "size(list) > 1", Judgement::Compatible),
        ("list.all(e, e > 0)", "list.all(each, each > 0)", Judgement::Text),
        ("list.all(e, e > 0)", "list.all(e, e > 1)", Judgement::Breaking),
        ("has(note) implies size(note) > 3", "has(note) implies size(note) > 2", Judgement::Compatible),
        ("has(note) implies size(note) > 3", "has(note) and size(note) > 3", Judgement::Breaking),
        ("n < x", "x > n", Judgement::Text),
        ("n < x", "n <= x", Judgement::Compatible),
        ("s.startsWith('AB')", "size(s) > 1", Judgement::NotDecided),
        ("x * x >= 0.0", "x * x > -1.0 or flag", Judgement::Compatible),
        ("n % 7 == 3", "n % 7 == 4", Judgement::Breaking),
        // A NaN is not above, and so is not not above.
        ("x * 2.0 <= 5.0", "not (x * 2.0 > 5.0)", Judgement::Compatible),
    ] {
        let (old, new) = (rules("preconditions", &[old]), rules("preconditions", &[new]));
        let changes = changes(&old, &new);
        assert_eq!(overall(&changes), judgement, "{old} -> {new}: {changes:#?}");
        let breaking = changes.iter().find(|change| change.judgement == Judgement::Breaking);
        assert!(breaking.is_none_or(|change| change.example.is_some()), "{changes:#?}");
    }
}

/// spec: CHANGE-3, CHANGE-4
#[test]
fn a_changed_promise_is_judged_the_other_way_round() {
    for kind in ["postconditions", "invariants"] {
        for (old, new, judgement) in [
            ("result.price > 0", "result.price > 10", Judgement::Compatible),
            ("result.price > 10", "result.price > 0", Judgement::Breaking),
            ("result.price >= x", "result.price > x", Judgement::Compatible),
            ("result.price > x", "result.price >= x", Judgement::Breaking),
            ("result.ok implies result.price > 0", "result.price > 0 or not result.ok", Judgement::Text),
            ("result.ok", "result.ok and result.price > 0", Judgement::Compatible),
            ("result.ok == flag", "flag == result.ok", Judgement::Text),
        ] {
            let (old, new) = (rules(kind, &[old]), rules(kind, &[new]));
            let changes = changes(&old, &new);
            assert_eq!(overall(&changes), judgement, "{old} -> {new}: {changes:#?}");
            let breaking = changes.iter().find(|change| change.judgement == Judgement::Breaking);
            assert!(breaking.is_none_or(|change| change.example.is_some()), "{changes:#?}");
        }
    }
}

/// spec: CHANGE-4
#[test]
fn what_other_clauses_ask_for_counts() {
    // What the other clauses say already adds nothing.
    let (old, new) = (rules("preconditions", &["n > 10"]), rules("preconditions", &["n > 10", "n != 3"]));
    assert_eq!(said(&old, &new), ["precondition 1: text, added"]);
    assert_eq!(said(&new, &old), ["precondition 1 of the old contract: text, removed"]);
    // So does the schema.
    let (old, new) =
        (rules("preconditions", &[]), rules("preconditions", &["has(percent) implies percent < 101"]));
    assert_eq!(said(&old, &new), ["precondition 0: text, added"]);
    // A promise holds on accepted inputs only.
    let both = |rule: &str| format!("{SHAPE}preconditions = [\"x > 5\"]\npostconditions = [{rule:?}]\n");
    let (old, new) = (both("result.price > 0"), both("result.price > x"));
    let found = changes(&old, &new);
    assert_eq!(overall(&found), Judgement::NotDecided, "{found:#?}");
}

/// spec: CHANGE-5
#[test]
fn moves_and_names_are_told_from_changes() {
    let clauses = |clauses: &str| format!("{SHAPE}preconditions = [{clauses}]\n");
    let old = clauses(r#"{ id = "a", rule = "n > 0", message = "one" }, "x > 0", "flag""#);
    let new = clauses(r#""x > 0", { id = "b", rule = "n > 0", message = "two" }, "flag""#);
    assert_eq!(
        said(&old, &new),
        [
            "precondition 0: text, moved from precondition 1",
            "precondition 1: compatible, moved from precondition 0, renamed from `a` to `b`, its message changed",
        ]
    );
    let new = clauses(r#"{ id = "a", rule = "n > 2", message = "one" }, "x > 0", "flag""#);
    assert_eq!(said(&old, &new), ["precondition 0: breaking, asks for more"]);
    // The same promise in another list.
    let post = format!("{SHAPE}postconditions = [\"result.ok\"]\n");
    let invariant = format!("{SHAPE}invariants = [\"result.ok\"]\n");
    assert_eq!(said(&post, &invariant), ["invariant 0: text, moved from postcondition 0"]);
    // Clauses that are not alike are not one that changed.
    let (old, new) = (clauses("\"n > 0\""), clauses("\"s.startsWith('abc')\""));
    assert_eq!(
        said(&old, &new),
        ["precondition 0: breaking, added", "precondition 0 of the old contract: compatible, removed"]
    );
}

/// spec: CHANGE-6
#[test]
fn words_are_compared_as_words() {
    let words = |words: &[&str]| format!("{SHAPE}invariants = {words:?}\n");
    let old = words(&["prices are fair to everyone"]);
    assert_eq!(said(&old, &old), [""; 0]);
    assert_eq!(said(&old, &words(&[])), ["invariant 0 of the old contract: breaking, removed"]);
    assert_eq!(said(&words(&[]), &old), ["invariant 0: compatible, added"]);
    assert_eq!(said(&old, &words(&["prices are fair to anyone"])), ["invariant 0: not decided, changed"]);
    // New words may make up for a rule that went.
    let ruled = words(&["result.price > 0"]);
    let found = changes(&ruled, &old);
    let gone = found.iter().find(|change| change.what == "removed").expect("it is gone");
    assert_eq!((gone.judgement, gone.example.is_some()), (Judgement::NotDecided, true), "{found:#?}");
}

fn shaped(input: &str, output: &str) -> String {
    let object = |fields: &str| {
        let fields = fields.trim();
        let required: Vec<String> = fields
            .split(';')
            .filter_map(|field| field.split_once('='))
            .filter(|(name, _)| !name.trim().ends_with('?'))
            .map(|(name, _)| format!("{:?}", name.trim()))
            .collect();
        let properties: Vec<String> =
            fields.split(';').map(|field| field.trim().replacen("? =", " =", 1)).collect();
        format!("required = [{}]\nproperties = {{ {} }}\n", required.join(", "), properties.join(", "))
    };
    format!(
        "[input]\ntype = \"object\"\n{}\n[output]\ntype = \"object\"\n{}\n",
        object(input),
        object(output)
    )
}

/// spec: CHANGE-7
#[test]
fn an_input_may_widen_and_a_result_may_narrow() {
    for (wide, narrow, place, to_narrow, to_wide) in [
        ("n = { type = \"integer\" }", "n = { type = \"integer\", minimum = 3 }", ".n", "narrower", "wider"),
        (
            "n = { type = \"number\", minimum = 3 }",
            "n = { type = \"number\", exclusiveMinimum = 3 }",
            ".n",
            "narrower",
            "wider",
        ),
        ("n = { type = \"string\" }", "n = { type = \"string\", maxLength = 3 }", ".n", "narrower", "wider"),
        ("n = { type = \"string\" }", "n = { enum = [\"a\"] }", ".n", "another type", "another type"),
        ("n = { type = \"number\" }", "n = { type = \"integer\" }", ".n", "another type", "another type"),
        (
            "n = { enum = [\"a\", \"b\"] }",
            "n = { enum = [\"a\"] }",
            ".n",
            "no longer \"b\"",
            "now also \"b\"",
        ),
        (
            "n? = { type = \"boolean\" }",
            "n = { type = \"boolean\" }",
            ".n",
            "now required",
            "no longer required",
        ),
        (
            "n = { type = \"array\", items = { type = \"integer\" } }",
            "n = { type = \"array\", items = { type = \"integer\", maximum = 5 } }",
            ".n[]",
            "narrower",
            "wider",
        ),
        (
            "n = { type = \"object\", additionalProperties = { type = \"integer\" } }",
            "n = { type = \"object\", additionalProperties = { type = \"integer\", minimum = 3 } }",
            ".n[]",
            "narrower",
            "wider",
        ),
        (
            "n = { type = \"integer\" }",
            "n = { type = \"integer\", multipleOf = 5 }",
            ".n",
            "narrower",
            "wider",
        ),
        ("n = { type = \"boolean\" }", "n = { const = true }", ".n", "narrower", "wider"),
        (
            "n = { type = \"array\", items = { type = \"boolean\" } }",
            "n = { type = \"array\", items = { type = \"boolean\" }, minItems = 2 }",
            ".n",
            "narrower",
            "wider",
        ),
    ] {
        let fixed = "fixed = { type = \"boolean\" }";
        for side in ["input", "result"] {
            let (old, new) = match side {
                "input" => (shaped(wide, fixed), shaped(narrow, fixed)),
                _ => (shaped(fixed, narrow), shaped(fixed, wide)),
            };
            let (there, back) = if side == "input" { (to_narrow, to_wide) } else { (to_wide, to_narrow) };
            assert_eq!(said(&old, &new), [format!("{side}{place}: breaking, {there}")]);
            assert_eq!(said(&new, &old), [format!("{side}{place}: compatible, {back}")]);
            let found = changes(&old, &new);
            assert!(found.iter().any(|change| change.example.is_some()), "{found:#?}");
        }
    }
}

/// spec: CHANGE-7
#[test]
fn properties_that_come_and_go() {
    let (a, ab) = ("a = { type = \"boolean\" }", "a = { type = \"boolean\" }; b = { type = \"string\" }");
    let optional = "a = { type = \"boolean\" }; b? = { type = \"string\" }";
    assert_eq!(said(&shaped(a, a), &shaped(ab, a)), ["input.b: breaking, added, required"]);
    assert_eq!(said(&shaped(a, a), &shaped(optional, a)), ["input.b: compatible, added, optional"]);
    assert_eq!(said(&shaped(ab, a), &shaped(a, a)), ["input.b: compatible, removed"]);
    assert_eq!(said(&shaped(optional, a), &shaped(a, a)), ["input.b: compatible, removed"]);
    assert_eq!(said(&shaped(a, ab), &shaped(a, a)), ["result.b: breaking, removed"]);
    assert_eq!(said(&shaped(a, a), &shaped(a, ab)), ["result.b: compatible, added, required"]);
    assert_eq!(said(&shaped(a, optional), &shaped(a, a)), ["result.b: breaking, removed"]);
    let closed = |spec: String| {
        spec.replace("type = \"object\"\n", "type = \"object\"\nadditionalProperties = false\n")
    };
    assert_eq!(
        said(&shaped(a, a), &closed(shaped(a, a))),
        [
            "input: breaking, `additionalProperties` is now false",
            "result: compatible, `additionalProperties` is now false",
        ]
    );
    assert_eq!(said(&closed(shaped(ab, a)), &closed(shaped(a, a))), ["input.b: breaking, removed"]);
    assert_eq!(said(&closed(shaped(a, a)), &closed(shaped(a, ab))), ["result.b: breaking, added, required"]);
}

/// spec: CHANGE-4
#[test]
fn a_clause_about_what_is_new() {
    let clause = |spec: String, rules: &str| format!("{spec}[contract]\n{rules}\n");
    let (a, ab) = ("a = { type = \"boolean\" }", "a = { type = \"boolean\" }; b = { type = \"string\" }");
    let optional = "a = { type = \"boolean\" }; b? = { type = \"string\" }";
    let rule = "preconditions = [\"size(b) > 3\"]";
    assert_eq!(
        said(&shaped(a, a), &clause(shaped(ab, a), rule)),
        ["input.b: breaking, added, required", "precondition 0: breaking, added"]
    );
    // Callers of the old contract do not send it.
    let rule = "preconditions = [\"has(b) implies size(b) > 3\"]";
    assert_eq!(
        said(&shaped(a, a), &clause(shaped(optional, a), rule)),
        ["input.b: compatible, added, optional", "precondition 0: text, added"]
    );
}

/// spec: CHANGE-8
#[test]
fn exceptions_are_promises_of_two_kinds() {
    let raising =
        |exceptions: &str| format!("{SHAPE}preconditions = [\"n > 0\"]\nexceptions = [{exceptions}]\n");
    let when = |when: &str| raising(&format!("{{ name = \"Gone\", when = \"{when}\" }}"));
    let (none, plain) = (raising(""), raising("\"Gone\""));
    assert_eq!(said(&none, &plain), ["exception Gone: breaking, added"]);
    assert_eq!(said(&plain, &none), ["exception Gone: compatible, removed"]);
    assert_eq!(said(&plain, &when("n > 5")), ["exception Gone: compatible, given a condition"]);
    assert_eq!(said(&when("n > 5"), &plain), ["exception Gone: breaking, lost its condition"]);
    assert_eq!(said(&when("n > 5"), &none), ["exception Gone: breaking, removed"]);
    assert_eq!(said(&when("n > 5"), &when("n > 6")), ["exception Gone: breaking, another condition"]);
    assert_eq!(said(&when("n > 5"), &when("n >= 6")), ["exception Gone: text, the same in other words"]);
    // On the inputs that are accepted the two are one.
    assert_eq!(said(&when("n == 1"), &when("n <= 1")), ["exception Gone: text, the same in other words"]);
    let found = changes(&when("n > 5"), &when("n > 6"));
    let example = found.iter().find_map(|change| change.example.as_ref()).expect("an example");
    assert_eq!(example.input["n"], 6);
    assert_eq!(example.refused_because, "it had to be raised here, and no longer may be");
    let with = |rest: &str| raising(&format!("{{ name = \"Gone\", {rest} }}"));
    assert_eq!(
        said(&with("message = \"a\""), &with("message = \"b\"")),
        ["exception Gone message: text, changed"]
    );
    let details = |least: u32| {
        with(&format!(
            "details = {{ type = \"object\", required = [\"age\"], properties = {{ age = {{ type = \"integer\", minimum = {least} }} }} }}"
        ))
    };
    assert_eq!(said(&plain, &details(1)), ["exception Gone details: compatible, added"]);
    assert_eq!(said(&details(1), &plain), ["exception Gone details: breaking, removed"]);
    assert_eq!(said(&details(1), &details(0)), ["exception Gone details.age: breaking, wider"]);
}

/// spec: CHANGE-9
#[test]
fn limits_and_names_count_too() {
    let spec = |capability: &str, rest: &str| {
        format!("[capability]\nid = \"a.b\"\nversion = \"1.0.0\"\n{capability}\n{SHAPE}{rest}")
    };
    let wasi = "runtime = \"wasm32-wasi\"";
    let plain = spec(wasi, "");
    assert_eq!(
        said(&plain, &spec("runtime = \"wasm32-wasip1\"\nsummary = \"x\"", "")),
        ["capability.runtime: text, changed", "capability.summary: text, changed"]
    );
    assert_eq!(
        said(&plain, &plain.replace("\"a.b\"", "\"a.c\"")),
        ["capability.id: breaking, another capability"]
    );
    assert_eq!(said(&plain, &spec(wasi, "[limits]\nfuel = 5")), ["limits.fuel: breaking, lowered"]);
    assert_eq!(said(&spec(wasi, "[limits]\nfuel = 5"), &plain), ["limits.fuel: compatible, raised"]);
    assert_eq!(
        said(&plain, &spec(wasi, "[limits]\noutput_bytes = 5")),
        ["limits.output_bytes: compatible, lowered"]
    );
    let placed = |targets: &str| spec(wasi, &format!("[placement]\ntargets = [{targets}]"));
    assert_eq!(
        said(&placed("\"edge\""), &placed("\"cloud\"")),
        ["placement.targets edge: breaking, removed", "placement.targets cloud: compatible, added"]
    );
}

/// A small generator of its own: the rules of a run are always the same.
struct Dice(u64);

impl Dice {
    fn of(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }

    fn rule(&mut self, depth: usize) -> String {
        const ATOMS: [&str; 30] = [
            "n > 0",
            "n >= 1",
            "n < 5",
            "n != 3",
            "n in [1, 2, 3]",
            "3 <= n",
            "x > 0",
            "x >= 0.5",
            "x != 1",
            "x in [0.5, 1]",
            "x * 2.0 <= 5.0",
            "x * 2.0 > 5.0",
            "x / x == 1.0",
            "x / x != 1.0",
            "s == 'a'",
            "s in ['a', 'b']",
            "s != 'b'",
            "flag",
            "flag == false",
            "has(note)",
            "has(note) and size(note) > 2",
            "has(note) implies size(note) > 3",
            "size(list) > 2",
            "size(list) < 2",
            "list.all(e, e > 0)",
            "list[0] > 1",
            "n < x",
            "x <= n",
            "n / n == 1",
            "has(percent) and percent > 50",
        ];
        if depth == 0 || self.of(3) == 0 {
            return ATOMS[self.of(ATOMS.len())].to_owned();
        }
        let (one, other) = (self.rule(depth - 1), self.rule(depth - 1));
        match self.of(5) {
            0 => format!("not ({one})"),
            1 => format!("({one}) and ({other})"),
            2 => format!("({one}) or ({other})"),
            3 => format!("(({one}) implies ({other}))"),
            _ => format!("({one} ? {other} : flag)"),
        }
    }
}

/// spec: CHANGE-3
#[test]
fn what_is_proved_holds_on_every_input() {
    use super::normal::Normalizer;
    use super::prove::follows;
    use traverse_contract::Rule;
    use traverse_contract::lang::eval::evaluate;

    let mut dice = Dice(7);
    let (mut proved, mut same) = (0, 0);
    for _ in 0..3000 {
        let (one, other) = (dice.rule(2), dice.rule(2));
        let text = rules("preconditions", &[&one, &other]);
        let source = Source {
            name: "traverse.spec.toml".into(),
            text: format!(
                "[capability]\nid = \"a.b\"\nversion = \"1.0.0\"\nruntime = \"wasm32-wasip1\"\n{text}"
            ),
        };
        // Rules that are always or never true, or equal, are refused.
        let Ok(contract) = Contract::from_toml(&source) else { continue };
        let [Rule::Expression { expr: given, .. }, Rule::Expression { expr: goal, .. }] =
            [&contract.clauses[0].rule, &contract.clauses[1].rule]
        else {
            panic!("two expressions")
        };
        let mut normalizer = Normalizer::new(&contract.schemas);
        let (from, to) = (normalizer.rule(given, true), normalizer.rule(goal, true));
        let (equal, follows) = (from == to, follows(&[from], &to, &normalizer.domains));
        if !follows && !equal {
            continue;
        }
        proved += u32::from(follows);
        same += u32::from(equal);
        let mut inputs = traverse_inputs::Inputs::new(&contract, 1);
        for _ in 0..200 {
            let input = inputs.valid();
            let holds = |rule| evaluate(rule, contract.scope(&input, None)) == Ok(true);
            let (given, goal) = (holds(given), holds(goal));
            assert!(!follows || !given || goal, "`{one}` was proved to imply `{other}`, but {input}");
            assert!(!equal || given == goal, "`{one}` and `{other}` were taken for one, but {input}");
        }
    }
    assert!(proved > 50 && same > 2, "{proved} {same}");
}

/// spec: CHANGE-14
#[test]
fn however_much_changed_a_comparison_ends() {
    let rules = |number: usize, bound: usize| {
        let rules = (0..number).map(|at| format!("\"n > {} or m < {at}\"", at + bound)).collect::<Vec<_>>();
        format!(
            "[capability]\nid = \"a.b\"\nversion = \"1.0.0\"\nruntime = \"wasm32-wasip1\"\n[input]\ntype = \"object\"\n\
             required = [\"n\", \"m\"]\nproperties = {{ n = {{ type = \"integer\" }}, m = {{ type = \"integer\" }} }}\n\
             [output]\ntype = \"object\"\n[contract]\npreconditions = [{}]\n",
            rules.join(", ")
        )
    };
    let (old, new) = (contract(&rules(900, 1000)), contract(&rules(900, 2001)));
    let changes = compare(&old, &new);
    assert!(changes.iter().filter(|change| change.judgement == Judgement::NotDecided).count() > 800);
}

/// spec: CHANGE-14
#[test]
fn however_many_properties_changed_a_comparison_ends() {
    let schema = |least: usize| {
        let properties: String =
            (0..1000).map(|at| format!("p{at} = {{ type = \"integer\", minimum = {least} }}, ")).collect();
        format!(
            "[input]\ntype = \"object\"\nproperties = {{ {} }}\n[output]\ntype = \"object\"\n[contract]\n",
            properties.trim_end_matches(", ")
        )
    };
    let changes = compare(&contract(&schema(1)), &contract(&schema(5)));
    // The bounds alone tell what it is; only examples are looked for, and not for all.
    assert_eq!(overall(&changes), Judgement::Breaking);
    let shown = changes.iter().filter(|change| change.example.is_some()).count();
    assert!((1..900).contains(&shown), "{shown} examples");
}
