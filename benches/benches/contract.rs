//! The host's work on a contract: reading it, and evaluating its rules, beside the same checks by hand and the `cel` crate.
//!
//! `cargo bench -p traverse-benches --bench contract`

use criterion::Criterion;
use serde_json::{Value, json};
use std::hint::black_box;
use traverse_benches::{Bound, Goal, criterion, print_ratios, print_time};
use traverse_contract::outcome::FoundBy;
use traverse_contract::{Contract, Source};

const SPEC: &str = include_str!("../../templates/pricing/traverse.spec.toml");
const RULES: [&str; 2] = ["customer.tier in ['standard', 'enterprise']", "cart.total > 0"];

const GOALS: [Goal; 4] = [
    Goal {
        what: "preconditions of pricing on 110 bytes, beside the same by hand",
        of: "small/traverse",
        to: "small/by-hand",
        bound: Bound::AtMost(3.0),
    },
    Goal {
        what: "preconditions of pricing on 11 KB, beside the same by hand",
        of: "large/traverse",
        to: "large/by-hand",
        bound: Bound::AtMost(3.0),
    },
    Goal {
        what: "preconditions of pricing on 110 bytes, beside the cel crate",
        of: "small/traverse",
        to: "small/cel",
        bound: Bound::FasterBy(50.0),
    },
    Goal {
        what: "preconditions of pricing on 11 KB, beside the cel crate",
        of: "large/traverse",
        to: "large/cel",
        bound: Bound::FasterBy(50.0),
    },
];

fn source() -> Source {
    Source { name: "traverse.spec.toml".into(), text: SPEC.into() }
}

fn contract() -> Contract {
    Contract::from_toml(&source()).expect("the template's contract")
}

/// The checks as a careful developer writes them on a parsed document.
fn by_hand(input: &Value) -> bool {
    let Some(tier) = input.get("customer").and_then(|customer| customer.get("tier")).and_then(Value::as_str)
    else {
        return false;
    };
    let Some(total) = input.get("cart").and_then(|cart| cart.get("total")).and_then(Value::as_f64) else {
        return false;
    };
    (tier == "standard" || tier == "enterprise") && total > 0.0
}

/// An input of about 110 bytes, and one of about 11 KB: the cart holds what no rule reads.
fn inputs() -> [(&'static str, Value); 2] {
    let small = json!({
        "customer": {"tier": "enterprise", "name": "Ada Lovelace", "country": "GB"},
        "cart": {"total": 120.5, "items": [1, 2, 3], "note": ""},
    });
    let mut large = small.clone();
    let items =
        (0..232).map(|at| json!({"sku": format!("sku-{at:06}"), "amount": at as f64 / 4.0, "count": at}));
    large["cart"]["items"] = items.collect();
    [("small", small), ("large", large)]
}

fn evaluate(criterion: &mut Criterion) {
    let contract = contract();
    let programs = RULES.map(|rule| cel::Program::compile(rule).expect("the rule is CEL"));
    for (name, input) in inputs() {
        println!("{name}: {} bytes", input.to_string().len());
        let mut group = criterion.benchmark_group(name);
        group.bench_function("by-hand", |bencher| {
            bencher.iter(|| assert!(by_hand(black_box(&input))));
        });
        group.bench_function("traverse", |bencher| {
            bencher.iter(|| assert!(contract.check_preconditions(black_box(&input), FoundBy::Host).is_ok()));
        });
        // From the parsed document to the verdict: what the rules read must be given to the crate as its own values.
        group.bench_function("cel", |bencher| {
            bencher.iter(|| {
                let mut context = cel::Context::default();
                for root in ["customer", "cart"] {
                    context.add_variable(root, black_box(&input[root])).expect("JSON is a value of CEL");
                }
                for program in &programs {
                    assert_eq!(program.execute(&context), Ok(cel::Value::Bool(true)));
                }
            });
        });
        group.finish();
    }
}

fn read(criterion: &mut Criterion) {
    let source = source();
    let mut group = criterion.benchmark_group("read");
    group.bench_function("pricing", |bencher| {
        bencher.iter(|| Contract::from_toml(black_box(&source)).expect("a contract"));
    });
    group.finish();
}

fn main() {
    let mut criterion = criterion();
    evaluate(&mut criterion);
    read(&mut criterion);
    criterion.final_summary();
    print_ratios(&GOALS);
    print_time("reading and checking the spec of pricing", "read/pricing", 200.0);
}
