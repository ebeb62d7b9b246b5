//! The conformance cases of CEL, which others wrote, on this language: every case of the part that the two have in
//! common comes out as CEL says, every other case names the part of CEL that is left out, and none panics.
//!
//! The cases are data in this folder; `scripts/conformance-cases.mjs` writes them. `specs/cel.md` explains the reasons.

mod reasons;
mod types;
mod words;

use reasons::Reason;
use serde_json::Value;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use traverse_contract::lang::check::{Names, check_any};
use traverse_contract::lang::eval::value;
use traverse_contract::lang::parser::parse;
use traverse_contract::lang::typed::TypedExpr;
use traverse_contract::spec::Text;
use traverse_contract::{Contract, Diagnostic, Source};
use words::{Word, words};

/// Cases that come out otherwise on purpose, each with its reason.
const ON_PURPOSE: [(&str, &str); 4] = {
    // These four round 2^63 - 1, which is no double, to 2^63 before they compare the two.
    let reason = "an int is compared with a double by value, without rounding it (LANG-40)";
    [
        ("comparisons/lt_literal/not_lt_dyn_int_big_lossy_double", reason),
        ("comparisons/gt_literal/not_gt_dyn_big_double_int", reason),
        ("comparisons/lte_literal/lte_dyn_big_double_int", reason),
        ("comparisons/gte_literal/gte_dyn_int_big_lossy_double", reason),
    ]
};

/// How many cases there are of each kind, so that none slips from one to another unseen.
const COUNTS: [(&str, usize); 15] = [
    ("same", 498),
    ("refused before", 32),
    ("on purpose", 4),
    ("extensions", 583),
    ("messages", 635),
    ("time", 78),
    ("unsigned", 183),
    ("bytes", 43),
    ("functions", 1),
    ("namespaces", 8),
    ("backticks", 6),
    ("keys", 31),
    ("mixed", 13),
    ("dynamic", 22),
    ("unguarded", 1),
];

/// What came of a case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Came {
    /// As CEL says: the value, the type, or an error of evaluation.
    Same,
    /// CEL says that evaluation is an error, and here the checker finds that before.
    RefusedBefore,
    /// Otherwise than CEL says, on purpose: [`ON_PURPOSE`].
    OnPurpose,
    /// It uses what is left out.
    Outside(Reason),
    /// Otherwise than CEL says.
    Different(String),
}

fn cases(name: &str) -> Vec<Value> {
    let path = traverse_tests::repository().join("tests/conformance").join(name);
    let text = std::fs::read_to_string(&path).expect("the cases are there");
    let document: Value = serde_json::from_str(&text).expect("JSON");
    document["cases"].as_array().expect("cases").clone()
}

/// `dyn(e)` is `e` to whoever does not ask for its static type.
fn without_dyn(expression: &str) -> String {
    let mut text = expression.to_owned();
    while let Some(at) = text.find("dyn(") {
        text.replace_range(at..at + 3, "");
    }
    text
}

fn checked(expression: &str, contract: &Contract) -> Result<TypedExpr, Vec<Diagnostic>> {
    let expr = parse(expression)?;
    check_any(&expr, &Text::whole(expression), &contract.schemas, Names::Precondition)
}

fn shown(expression: &str, errors: &[Diagnostic]) -> String {
    let source = Source { name: "case".into(), text: expression.to_owned() };
    errors.iter().map(|error| error.render(&source)).collect::<Vec<_>>().join("\n")
}

/// Whether the checker found nothing else but what CEL's own checker finds as well, where it is asked.
fn is_of_types(errors: &[Diagnostic]) -> bool {
    const CODES: [&str; 6] = [
        "lang-type-mismatch",
        "lang-no-element",
        "lang-not-bool",
        "lang-unguarded-optional",
        "lang-unknown-field",
        "lang-unknown-function",
    ];
    errors.iter().all(|error| CODES.contains(&error.code))
}

fn run(case: &Value) -> Came {
    if let Some(reason) = reasons::outside(case) {
        // It is not in the language, but it may not panic either.
        if let Ok((contract, input)) = types::given(case)
            && let Ok(typed) = checked(case["expr"].as_str().unwrap_or_default(), &contract)
        {
            let _ = value(&typed, contract.scope(&input, None));
        }
        return Came::Outside(reason);
    }
    let written = case["expr"].as_str().unwrap_or_default();
    let dynamic = words(written).contains(&Word::Name("dyn".into()));
    let expression = without_dyn(written);
    let fails = case.get("evalError").is_some();
    // CEL's own checker finds no type for it, or is not asked.
    let untyped = case["disableCheck"] == true || case["typedResult"]["deducedType"].get("dyn").is_some();
    let (contract, input) = match types::given(case) {
        Ok(given) => given,
        Err(error) => return Came::Different(error),
    };
    let typed = match checked(&expression, &contract) {
        Ok(typed) => typed,
        Err(_) if fails => return Came::RefusedBefore,
        Err(errors) if errors.iter().all(|error| error.code == "lang-unguarded-optional") => {
            return Came::Outside(Reason::Unguarded);
        }
        Err(errors) if (dynamic || untyped) && is_of_types(&errors) => {
            return Came::Outside(Reason::Dynamic);
        }
        Err(errors) => return Came::Different(shown(&expression, &errors)),
    };
    if let Some(deduced) = case.get("typedResult").and_then(|result| result.get("deducedType"))
        && !dynamic
    {
        match types::is_deduced(deduced, &typed.ty) {
            Ok(true) => {}
            Ok(false) => return Came::Different(format!("the type is {:?}, not {deduced}", typed.ty)),
            Err(error) => return Came::Different(error),
        }
    }
    if case["checkOnly"] == true {
        return Came::Same;
    }
    let found = value(&typed, contract.scope(&input, None));
    let true_value = serde_json::json!({"boolValue": true});
    let expected = case.get("value").or_else(|| case["typedResult"].get("result")).unwrap_or(&true_value);
    match (found, fails) {
        (Err(_), true) => Came::Same,
        (Ok(found), true) => Came::Different(format!("{found}, not an error")),
        (Err(error), false) => Came::Different(format!("the error `{error}`, not {expected}")),
        (Ok(found), false) => match types::is_expected(expected, &found, &typed.ty) {
            Ok(true) => Came::Same,
            Ok(false) => Came::Different(format!("{found}, not {expected}")),
            Err(error) => Came::Different(error),
        },
    }
}

/// spec: LANG-113, LANG-114
#[test]
fn every_case_of_the_common_part_comes_out_as_cel_says() {
    let cases = cases("cel-spec.json");
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut different = Vec::new();
    for case in &cases {
        let came = catch_unwind(AssertUnwindSafe(|| run(case)))
            .unwrap_or_else(|_| Came::Different("a panic".to_owned()));
        let on_purpose = ON_PURPOSE.iter().any(|(name, _)| case["case"] == *name);
        let came = match came {
            Came::Different(_) if on_purpose => Came::OnPurpose,
            _ if on_purpose => Came::Different("is as CEL says, and listed as different".to_owned()),
            came => came,
        };
        let name = match &came {
            Came::Same => "same",
            Came::RefusedBefore => "refused before",
            Came::OnPurpose => "on purpose",
            Came::Outside(reason) => reason.name(),
            Came::Different(what) => {
                different.push(format!("{}\n  {}\n{what}", case["case"], case["expr"]));
                "different"
            }
        };
        *counts.entry(name.to_owned()).or_default() += 1;
    }
    for (name, count) in &counts {
        println!("{count:5} {name}");
    }
    assert!(
        different.is_empty(),
        "{} of {} differ:\n{}",
        different.len(),
        cases.len(),
        different.join("\n\n")
    );
    let expected = COUNTS.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect();
    assert_eq!(counts, expected, "where cases count has changed; if for the better, change `COUNTS`");
}

/// spec: LANG-113
#[test]
fn what_cels_parser_reads_is_read_alike() {
    let cases = cases("cel-parser.json");
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut different = Vec::new();
    for case in &cases {
        let expression = case["expr"].as_str().unwrap_or_default();
        let parsed = catch_unwind(|| parse(expression));
        let came = match (parsed, case["valid"] == true) {
            (Err(_), _) => {
                different.push(format!("{expression}\na panic"));
                "panics"
            }
            (Ok(Ok(_)), true) => "read by both",
            (Ok(Err(_)), false) => "refused by both",
            (Ok(Err(errors)), true) => {
                let left_out = ["lang-unsupported", "lang-unknown-function"];
                match reasons::read_there_only(expression) {
                    Some(reason) => reason,
                    None if errors.iter().all(|error| left_out.contains(&error.code)) => {
                        "left out, and said so"
                    }
                    None => {
                        different.push(format!("{expression}\n{}", shown(expression, &errors)));
                        "refused here"
                    }
                }
            }
            (Ok(Ok(_)), false) => match reasons::read_here_only(expression) {
                Some(reason) => reason,
                None => {
                    different.push(format!("{expression}\nis read, and CEL does not"));
                    "read here"
                }
            },
        };
        *counts.entry(came).or_default() += 1;
    }
    for (name, count) in &counts {
        println!("{count:5} {name}");
    }
    assert!(different.is_empty(), "{} differ:\n{}", different.len(), different.join("\n\n"));
}

/// spec: LANG-113, LANG-115
#[test]
fn every_reason_is_told_in_the_specification() {
    let path = traverse_tests::repository().join("specs/cel.md");
    let text = std::fs::read_to_string(path).expect("the specification");
    let named: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once("` |").map(|(name, _)| name))
        .collect();
    for reason in Reason::ALL {
        assert!(named.contains(&reason.name()), "`{}` has no row in specs/cel.md", reason.name());
    }
    for (case, _) in ON_PURPOSE {
        let name = case.rsplit('/').next().unwrap_or_default();
        assert!(text.contains(&format!("`{name}`")), "`{name}` is not in specs/cel.md");
    }
}
