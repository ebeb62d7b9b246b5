//! Pairs of contracts drawn at random: whatever is judged compatible, no call shows the contrary (spec `CHANGE-13`).
//!
//! A run draws some hundred pairs; `cargo test -p cargo-traverse change::tests::random -- --ignored` draws many, and
//! `TRAVERSE_CHANGE_SEED` and `TRAVERSE_CHANGE_PAIRS` choose which.

use super::super::search::accepts_input;
use super::super::version::Judgement;
use super::super::{Change, compare, overall};
use fastrand::Rng;
use serde_json::Value;
use traverse_contract::outcome::FoundBy;
use traverse_contract::spec::ClauseKind;
use traverse_contract::{Contract, Rule, Source};
use traverse_inputs::{Document, Goal, Inputs};

/// A property, and the schemas that it may have.
type Field = (&'static str, &'static [&'static str]);

const INPUT: &[Field] = &[
    (
        "n",
        &[
            "type = 'integer'",
            "type = 'integer', minimum = 0",
            "type = 'integer', exclusiveMinimum = -1",
            "type = 'integer', minimum = 0, maximum = 10",
            "type = 'integer', multipleOf = 2",
            "enum = [1, 2, 3]",
            "type = 'number'",
            "type = 'number', minimum = 0",
            "type = ['integer', 'null']",
        ],
    ),
    ("x", &["type = 'number'", "type = 'number', exclusiveMaximum = 5", "type = 'number', maximum = 5"]),
    (
        "s",
        &[
            "type = 'string'",
            "type = 'string', minLength = 2",
            "type = 'string', pattern = '^a'",
            "type = 'string', pattern = '^[ab]*$'",
            "type = 'string', pattern = '^[a-c]*$', maxLength = 3",
            "enum = ['a', 'ab', 'c']",
            "enum = ['a', 'ab']",
        ],
    ),
    ("f", &["type = 'boolean'", "const = true"]),
    (
        "l",
        &[
            "type = 'array', items = { type = 'integer' }",
            "type = 'array', items = { type = 'integer', minimum = 1 }",
            "type = 'array', items = { type = 'integer' }, minItems = 1",
            "type = 'array', items = { type = 'integer' }, maxItems = 2",
            "type = 'array', items = { type = 'integer' }, uniqueItems = true",
            "type = 'array', prefixItems = [{ type = 'integer' }, { type = 'integer', minimum = 1 }], items = false, minItems = 2",
        ],
    ),
    (
        "o",
        &[
            "type = 'array', items = { type = 'object', required = ['p'], properties = { p = { type = 'integer' }, g = { type = 'string' } } }",
            "type = 'array', items = { type = 'object', required = ['p'], properties = { p = { type = 'integer', maximum = 5 }, g = { type = 'string' } } }",
            "type = 'array', items = { type = 'object', required = ['p', 'g'], properties = { p = { type = 'integer' }, g = { type = 'string' } } }",
            "type = 'array', items = { type = 'object', required = ['p'], properties = { p = { type = 'integer' } } }",
        ],
    ),
    (
        "t",
        &[
            "type = 'array', prefixItems = [{ type = 'integer' }, { type = 'string' }], items = false, minItems = 2",
            "type = 'array', prefixItems = [{ type = 'integer', minimum = 1 }, { type = 'string' }], items = false, minItems = 2",
            "type = 'array', prefixItems = [{ type = 'integer' }, { type = 'string', pattern = '^a' }], items = false, minItems = 2",
        ],
    ),
    (
        "m",
        &[
            "type = 'object', additionalProperties = { type = 'integer' }",
            "type = 'object', additionalProperties = { type = 'integer', maximum = 3 }",
        ],
    ),
    (
        "u",
        &[
            "type = ['integer', 'null']",
            "type = ['integer', 'null'], maximum = 5",
            "type = 'integer'",
            "type = 'null'",
        ],
    ),
];

const OUTPUT: &[Field] = &[
    (
        "r",
        &[
            "type = 'number'",
            "type = 'number', minimum = 0",
            "type = 'integer'",
            "type = 'integer', minimum = 0",
        ],
    ),
    ("k", &["type = 'boolean'", "const = true"]),
    (
        "w",
        &[
            "type = ['string', 'null']",
            "type = 'string'",
            "enum = ['a', 'b']",
            "type = 'string', pattern = '^a'",
        ],
    ),
];

const BEFORE: &[&str] = &[
    "n > 0",
    "n >= 1",
    "n < 5",
    "n != 3",
    "n in [1, 2, 3]",
    "n == 2",
    "n % 2 == 0",
    "10 / n > 1",
    "n < x",
    "x > 0",
    "x >= 0",
    "x > -0.0",
    "x in [0.5, 1]",
    "x / x == 1.0",
    "[x / x].all(e, e <= 5.0)",
    "x != 1",
    "[x / x].all(e, not (e > 5.0))",
    "not (x * 2.0 > 5.0)",
    "x * 2.0 <= 5.0",
    "1.0 / x > 0",
    "x / 0.0 > 5.0",
    "x / -0.0 > 5.0",
    "s == 'a'",
    "s in ['a', 'ab']",
    "s != 'b'",
    "s.startsWith('a')",
    "s.startsWith('ab')",
    "s.endsWith('b')",
    "s.contains('b')",
    "s.matches('^[ab]*$')",
    "s.matches('^[a-c]*$')",
    "size(s) > 1",
    "size(s) < 3",
    "f",
    "f == false",
    "f ? n > 0 : x > 0",
    "l.all(e, e > 0)",
    "l.all(e, e > 1)",
    "l.exists(e, e > 0)",
    "l.exists(e, e > 1)",
    "l.all(e, e != 3)",
    "l.exists_one(e, e > 1)",
    "size(l) > 0",
    "size(l) < 3",
    "l[0] > 0",
    "l[0] < 100",
    "l.all(e, 10 / e > 1)",
    "l.all(e, l.exists(g, g > e))",
    "size(l.filter(e, e > 0)) > 0",
    "n in l",
    "o.all(e, e.p > 0)",
    "o.all(e, e.p < 6)",
    "o.all(e, e.p < 3)",
    "o.exists(e, e.p > 2)",
    "o[0].p < 6",
    "o.all(e, has(e.g) implies e.g.startsWith('a'))",
    "o.all(e, has(e.g))",
    "o.exists(e, has(e.g) and e.g == 'a')",
    "size(o) > 0",
    "t[0] > 0",
    "t[0] >= 1",
    "t[1].startsWith('a')",
    "m.all(e, m[e] < 4)",
    "m.all(e, m[e] < 3)",
    "m['a'] < 4",
    "'a' in m",
    "size(m) > 0",
    "m.exists(e, e.startsWith('a'))",
    "u == null",
    "u != null",
    "u != null and u > 0",
    "u == null or u < 6",
    "u == null or u > 1",
    "u in [1, 2]",
    "u in [null, 1]",
    "u != 3",
    "type(u) == int",
];

const AFTER: &[&str] = &[
    "result.r > 0",
    "result.r >= 0",
    "result.r > x",
    "result.r >= x",
    "result.r < 10",
    "result.r != 1",
    "result.k",
    "result.k == f",
    "f implies result.k",
    "result.w == 'a'",
    "result.w != null",
    "result.w != null implies result.w.startsWith('a')",
    "result.w == null or result.w.contains('a')",
    "l.all(e, result.r > e)",
    "l.exists(e, result.r > e)",
    "10 / n > result.r",
];

/// What is drawn and then changed: which schema each property has, if it is there, whether it must be; and the rules.
#[derive(Clone)]
struct Drawn {
    fields: Vec<(Option<usize>, bool)>,
    results: Vec<(Option<usize>, bool)>,
    before: Vec<String>,
    after: Vec<String>,
    exceptions: Vec<(char, Option<String>)>,
}

fn pick(rng: &mut Rng, from: &[&str]) -> String {
    from[rng.usize(..from.len())].to_owned()
}

fn rule(rng: &mut Rng, atoms: &[&str], depth: usize) -> String {
    if depth == 0 || rng.u8(..2) == 0 {
        return pick(rng, atoms);
    }
    let (one, other) = (rule(rng, atoms, depth - 1), rule(rng, atoms, depth - 1));
    match rng.u8(..5) {
        0 => format!("not ({one})"),
        1 => format!("({one}) and ({other})"),
        2 => format!("({one}) or ({other})"),
        3 => format!("(({one}) implies ({other}))"),
        _ => format!("(f ? {one} : {other})"),
    }
}

/// A rule made of another, which may follow from it, or it from this one.
fn changed(rng: &mut Rng, of: &str, atoms: &[&str]) -> String {
    let other = pick(rng, atoms);
    match rng.u8(..8) {
        0 => format!("({of}) or ({other})"),
        1 => format!("({of}) and ({other})"),
        2 => format!("(({other}) implies ({of}))"),
        3 => format!("not (not ({of}))"),
        4 => format!("(f ? {of} : {of})"),
        5 => format!("({other} ? {of} : {of})"),
        6 => format!("(({other}) implies ({of})) and (({other}) or ({of}))"),
        _ => other,
    }
}

impl Drawn {
    fn new(rng: &mut Rng) -> Drawn {
        let mut fields = |of: &[Field]| {
            of.iter().map(|(_, schemas)| (Some(rng.usize(..schemas.len())), true)).collect::<Vec<_>>()
        };
        let (fields, results) = (fields(INPUT), fields(OUTPUT));
        let mut rules = |atoms: &[&str], most: usize| -> Vec<String> {
            (0..rng.usize(..=most)).map(|_| rule(rng, atoms, 2)).collect()
        };
        let (before, after) = (rules(BEFORE, 2), rules(AFTER, 2));
        let exceptions = (0..rng.usize(..3))
            .map(|at| (['A', 'B'][at], rng.bool().then(|| rule(rng, BEFORE, 1))))
            .collect();
        Drawn { fields, results, before, after, exceptions }
    }

    fn changed(&self, rng: &mut Rng) -> Drawn {
        let mut new = self.clone();
        for _ in 0..rng.usize(1..=2) {
            new.change(rng);
        }
        new
    }

    fn change(&mut self, rng: &mut Rng) {
        let field = |rng: &mut Rng, of: &[Field], fields: &mut Vec<(Option<usize>, bool)>| {
            let at = rng.usize(..fields.len());
            match rng.u8(..6) {
                0 => fields[at].1 ^= true,
                1 => fields[at].0 = None,
                _ => fields[at].0 = Some(rng.usize(..of[at].1.len())),
            }
        };
        let rules = |rng: &mut Rng, atoms: &[&str], rules: &mut Vec<String>| {
            let at = rng.usize(..=rules.len());
            match (rules.get_mut(at), rng.u8(..6)) {
                (None, _) => rules.push(rule(rng, atoms, 1)),
                (Some(_), 0) => drop(rules.remove(at)),
                (Some(rule), _) => *rule = changed(rng, rule, atoms),
            }
        };
        match rng.u8(..8) {
            0 => field(rng, INPUT, &mut self.fields),
            1 => field(rng, OUTPUT, &mut self.results),
            2..5 => rules(rng, BEFORE, &mut self.before),
            5..7 => rules(rng, AFTER, &mut self.after),
            _ => {
                let count = self.exceptions.len();
                let Some((_, when)) = self.exceptions.get_mut(rng.usize(..=count)) else { return };
                *when = match (&*when, rng.u8(..4)) {
                    (_, 0) => None,
                    (Some(when), 1..) => Some(changed(rng, when, BEFORE)),
                    (None, _) => Some(rule(rng, BEFORE, 1)),
                };
            }
        }
    }

    fn text(&self) -> String {
        let object = |of: &[Field], fields: &[(Option<usize>, bool)]| {
            let present = || of.iter().zip(fields).filter(|(_, (schema, _))| schema.is_some());
            let required: Vec<&str> =
                present().filter(|(_, (_, required))| *required).map(|((name, _), _)| *name).collect();
            let properties: Vec<String> = present()
                .map(|((name, schemas), (schema, _))| {
                    format!("{name} = {{ {} }}", schemas[schema.unwrap_or_default()])
                })
                .collect();
            format!(
                "type = \"object\"\nrequired = {required:?}\nproperties = {{ {} }}\n",
                properties.join(", ")
            )
        };
        let exceptions: Vec<String> = self
            .exceptions
            .iter()
            .map(|(name, when)| match when {
                Some(when) => format!("{{ name = \"{name}\", when = {when:?} }}"),
                None => format!("\"{name}\""),
            })
            .collect();
        format!(
            "[capability]\nid = \"a.b\"\nversion = \"1.0.0\"\nruntime = \"wasm32-wasip1\"\n[input]\n{}[output]\n{}\
             [contract]\npreconditions = {:?}\npostconditions = {:?}\nexceptions = [{}]\n",
            object(INPUT, &self.fields),
            object(OUTPUT, &self.results),
            self.before,
            self.after,
            exceptions.join(", ")
        )
    }

    /// Rules that a schema does not go with, or that say nothing, are refused.
    fn contract(&self) -> Option<Contract> {
        let source = Source { name: "traverse.spec.toml".into(), text: self.text() };
        Contract::from_toml(&source).ok()
    }
}

/// Holds a judgement of "compatible" against calls: what the old contract lets in the new one does too, and what the new
/// one lets out the old one did.
fn check(old: &Contract, new: &Contract, seed: u64, draws: usize, told: &dyn Fn() -> String) -> [usize; 2] {
    let mut inputs = Inputs::new(old, seed).with_output_of(new).without_strangers();
    inputs.heed(new);
    let rule = |contract: &Contract, kind: fn(ClauseKind) -> bool| {
        let clauses = contract.clauses.iter().filter(move |clause| kind(clause.source.kind)).cloned();
        clauses.collect::<Vec<_>>()
    };
    let before = rule(old, |kind| kind == ClauseKind::Precondition);
    let promised = rule(old, |kind| kind != ClauseKind::Precondition);
    let (asked, given) = (
        rule(new, |kind| kind == ClauseKind::Precondition),
        rule(new, |kind| kind != ClauseKind::Precondition),
    );
    let goals = |clauses: &'_ [traverse_contract::CheckedClause], of: &'_ Contract, holds| {
        let goal = |clause: &'_ traverse_contract::CheckedClause| match &clause.rule {
            Rule::Expression { expr, .. } => Some((expr.clone(), of.schemas.types.clone(), holds)),
            _ => None,
        };
        clauses.iter().filter_map(goal).collect::<Vec<_>>()
    };
    let accepted = goals(&before, old, true);
    let mut refused = goals(&asked, new, false);
    refused.extend(goals(&promised, old, false));
    let results = goals(&given, new, true);
    let mut seen = [0, 0];
    for draw in 0..draws {
        // In turn: any call, one that is accepted, and one towards each rule that would show the contrary.
        let mut wanted: Vec<_> = accepted.iter().collect();
        let found = match draw % 3 {
            0 => Some(inputs.valid_call()),
            turn => {
                wanted.extend(&results);
                if turn == 2 && !refused.is_empty() {
                    wanted.push(&refused[draw / 3 % refused.len()]);
                }
                let wanted: Vec<Goal<'_>> = wanted
                    .iter()
                    .map(|(rule, types, holds)| Goal::Rule { rule, types, holds: *holds })
                    .collect();
                inputs.solve(&wanted, true, 2, &mut |_| true)
            }
        };
        let Some(Document { input, output: Some(output) }) = found else { continue };
        if !accepts_input(old, &input) {
            continue;
        }
        seen[0] += 1;
        assert!(accepts_input(new, &input), "{}\nbut the new contract refuses {input}", told());
        let ways = |contract: &Contract, input: &Value| -> Vec<Option<&'static str>> {
            let ways = [None, Some("A"), Some("B")].into_iter();
            ways.filter(|raised| contract.check_exceptions(input, *raised).is_ok()).collect()
        };
        let (was, is) = (ways(old, &input), ways(new, &input));
        assert!(is.iter().all(|way| was.contains(way)), "{}\nbut on {input} also {is:?}", told());
        assert!(was.is_empty() || !is.is_empty(), "{}\nbut on {input} nothing can come of it", told());
        let gives = |contract: &Contract, ways: &[Option<&str>]| {
            ways.contains(&None)
                && contract.check_output(&output, FoundBy::Host).is_ok()
                && contract.check_result(&input, &output, FoundBy::Host).is_ok()
        };
        if gives(new, &is) {
            seen[1] += 1;
            assert!(gives(old, &was), "{}\nbut {input} now gives {output}", told());
        }
    }
    seen
}

fn pairs(seed: u64, count: usize, draws: usize) {
    let mut rng = Rng::with_seed(seed);
    let (mut judged, mut seen) = ([0_usize; 5], [0, 0]);
    while judged.iter().sum::<usize>() < count {
        let pair_seed = rng.u64(..);
        let mut rng = Rng::with_seed(pair_seed);
        let drawn = Drawn::new(&mut rng);
        let Some(old) = drawn.contract() else { continue };
        let changed = drawn.changed(&mut rng);
        let Some(new) = changed.contract() else { continue };
        let changes: Vec<Change> = compare(&old, &new);
        let judgement = overall(&changes);
        judged[judgement as usize] += 1;
        let told = || {
            let changes: Vec<String> = changes
                .iter()
                .filter(|change| change.judgement != Judgement::Identical)
                .map(|change| format!("{}: {}, {}", change.place, change.judgement.as_str(), change.what))
                .collect();
            format!(
                "pair {pair_seed}, judged {}: {changes:?}\n{}\n=>\n{}",
                judgement.as_str(),
                drawn.text(),
                changed.text()
            )
        };
        if judgement <= Judgement::Compatible {
            let found = check(&old, &new, pair_seed, draws, &told);
            seen = [seen[0] + found[0], seen[1] + found[1]];
        }
        if judgement <= Judgement::Text {
            check(&new, &old, pair_seed, draws, &told);
        }
    }
    println!("judged {judged:?} (identical, text, compatible, not decided, breaking), calls {seen:?}");
    // Something was judged, and something was tried.
    assert!(judged.iter().all(|count| *count > 0), "{judged:?}");
    assert!(seen.iter().all(|count| *count > judged[2]), "{seen:?}");
}

fn from_environment(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// spec: CHANGE-13
#[test]
fn what_is_judged_compatible_refuses_and_gives_nothing_new() {
    pairs(from_environment("TRAVERSE_CHANGE_SEED", 1), 200, 60);
}

/// spec: CHANGE-13
#[test]
#[ignore = "takes minutes"]
fn many_pairs() {
    pairs(
        from_environment("TRAVERSE_CHANGE_SEED", 2),
        from_environment("TRAVERSE_CHANGE_PAIRS", 5000) as usize,
        150,
    );
}
