//! Text that is meant to hurt: an answer in bounded time, memory and words, and never a panic.
#![cfg(feature = "host")]

use std::time::{Duration, Instant};
use traverse_contract::{Contract, Source};

const HEAD: &str = "[capability]\nid = \"shop.hostile\"\nversion = \"1.0.0\"\nruntime = \"wasm32-wasip1\"\n";

/// What is said of a spec, as a person is shown it.
fn said(text: String) -> Vec<String> {
    let started = Instant::now();
    let source = Source { name: "traverse.spec.toml".into(), text };
    let errors = match Contract::from_toml(&source) {
        Ok(_) => Vec::new(),
        Err(errors) => errors.iter().map(|error| error.render(&source)).collect(),
    };
    // Far above what is needed: this is about what never ends, not about speed.
    assert!(started.elapsed() < Duration::from_secs(60), "{:?}", started.elapsed());
    let bytes: usize = errors.iter().map(String::len).sum();
    assert!(bytes <= 1 << 20, "{} errors in {bytes} bytes", errors.len());
    errors
}

fn rule(rule: &str) -> Vec<String> {
    said(format!(
        "{HEAD}[contract]\npreconditions = ['''{rule}''']\npostconditions = [\"result.ok is bool\"]\n"
    ))
}

fn rules(rule: &str, count: usize) -> Vec<String> {
    let rules: String =
        (0..count).map(|at| format!("\"{}\",\n", rule.replace('#', &at.to_string()))).collect();
    said(format!("{HEAD}[contract]\npreconditions = [\n{rules}]\npostconditions = [\"result.ok is bool\"]\n"))
}

#[test]
fn deep_nesting_is_an_error() {
    for (open, close) in [
        ("(", ")"),
        ("[", "]"),
        ("!", ""),
        ("-", ""),
        ("size(", ")"),
        ("a.all(x, ", ")"),
        ("{'a': ", "}"),
        ("a ? ", " : b"),
        ("not ", ""),
    ] {
        for depth in [1_000, 5_000, 100_000] {
            let text = format!("{}a{}", open.repeat(depth), close.repeat(depth));
            assert!(!rule(&text).is_empty(), "{open} {depth}");
            assert!(!rule(&open.repeat(depth)).is_empty(), "{open} {depth}");
        }
    }
    for operator in [" and ", " + ", " implies ", " == ", ".a", "[0]", " ? b : "] {
        let errors = rule(&vec!["a"; 20_000].join(operator));
        assert!(!errors.is_empty(), "{operator}");
    }
}

#[test]
fn many_errors_are_told_in_few_words() {
    for text in
        ["a# + 1 == 'x'", "result.ok", "a#.b.c == a#", "§", "a ~ b", "'", "a# in [b#]", "nothing here#"]
    {
        assert!(!rules(text, 1_000).is_empty(), "{text}");
    }
    // Many errors on one long line.
    assert!(!rule(&"§ ".repeat(20_000)).is_empty());
    assert!(!said(format!("{HEAD}{}", "x = 1\n".repeat(100_000))).is_empty());
    assert!(
        !said(format!("{HEAD}{}", (0..100_000).map(|at| format!("x{at} = 1\n")).collect::<String>()))
            .is_empty()
    );
}

#[test]
fn many_good_clauses_are_no_trouble() {
    assert_eq!(rules("cart.total > #", 999), [""; 0]);
    assert_eq!(rules("cart.total# > 0", 999), [""; 0]);
    // Each property's type follows from the next one's, and the last one's is told last.
    let chain: Vec<String> = (0..900).map(|at| format!("\"cart.a{at} == cart.a{}\"", at + 1)).collect();
    let text = format!(
        "{HEAD}[contract]\npreconditions = [{}, \"cart.a900 is string\"]\npostconditions = [\"result.ok is bool\"]\n",
        chain.join(", ")
    );
    assert_eq!(said(text), [""; 0]);
}

/// spec: SPEC-50, LANG-120
#[test]
fn too_much_is_said_to_be_too_much() {
    let errors = rules("cart.total > #", 2_000);
    assert_eq!(errors.len(), 1);
    assert!(
        errors[0].starts_with("error[spec-too-many-clauses]: a contract has at most 1000 clauses"),
        "{}",
        errors[0]
    );
    assert!(errors[0].contains("traverse.spec.toml:1007:1"), "{}", errors[0]);
    // 16 rules of 4,000 properties each.
    let names = |rule: usize| (0..4_000).map(|at| format!("c.p{rule}x{at}")).collect::<Vec<_>>().join(", ");
    let listed: Vec<String> = (0..16).map(|rule| format!("\"1 in [{}]\"", names(rule))).collect();
    let text = format!(
        "{HEAD}[contract]\npreconditions = [{}]\npostconditions = [\"result.ok is bool\"]\n",
        listed.join(", ")
    );
    let errors = said(text);
    assert!(errors.iter().any(|error| error.starts_with("error[lang-too-many-properties]: ")), "{errors:?}");
    // Many mentions of one large object.
    let mentions = vec!["c.p1"; 10_000].join(", ");
    let mut listed: Vec<String> = (0..15).map(|_| format!("\"1 in [{mentions}]\"")).collect();
    listed.extend((0..900).map(|at| format!("\"c.p{at} > 0\"")));
    said(format!(
        "{HEAD}[contract]\npreconditions = [{}]\npostconditions = [\"result.ok is bool\"]\n",
        listed.join(", ")
    ));
}

/// spec: LANG-121
#[test]
fn many_expensive_patterns_are_one_error() {
    const TOGETHER: &str =
        "error[lang-pattern-too-large]: with this pattern the tables of the contract would be larger";
    // A table of some 24 KiB each, which is fine by itself.
    let expensive = "name.matches('^(a|b)*a(a|b){11}#$')";
    assert_eq!(rules(expensive, 8), [""; 0]);
    let errors = rules(expensive, 999);
    assert_eq!(errors.len(), 1);
    assert!(errors[0].starts_with(TOGETHER), "{}", errors[0]);
    // In one rule, and in one message.
    let listed: Vec<String> = (0..900).map(|at| expensive.replace('#', &at.to_string())).collect();
    let errors = rule(&format!("true in [{}]", listed.join(", ").replace('\'', "\"")));
    assert_eq!(errors.len(), 1);
    assert!(errors[0].starts_with(TOGETHER), "{}", errors[0]);
    let message: String = listed.iter().map(|value| format!("{{{value}}}")).collect();
    let errors = said(format!(
        "{HEAD}[contract]\npreconditions = [{{ rule = \"name is string\", message = \"{message}\" }}]\npostconditions = [\"result.ok is bool\"]\n"
    ));
    assert_eq!(errors.len(), 1);
    assert!(errors[0].starts_with(TOGETHER), "{}", errors[0]);
    // Each of them too expensive by itself.
    let errors = rules("name.matches('(a|b)*a(a|b){20}#')", 999);
    assert!(errors.len() < 100, "{}", errors.len());
    assert!(errors.iter().any(|error| error.starts_with(TOGETHER)), "{errors:?}");
    // In schemas.
    let properties: String = (0..999)
        .map(|at| format!("p{at} = {{ type = \"string\", pattern = \"^(a|b)*a(a|b){{11}}{at}$\" }}\n"))
        .collect();
    let errors = said(format!(
        "{HEAD}[input]\ntype = \"object\"\n[input.properties]\n{properties}[contract]\npostconditions = [\"result.ok is bool\"]\n"
    ));
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert!(errors[0].starts_with(&TOGETHER.replace("lang", "schema")), "{}", errors[0]);
    // One pattern, however often it is written, and many that are cheap.
    assert_eq!(rules("name#.matches('^(a|b)*a(a|b){11}$')", 999), [""; 0]);
    assert_eq!(rules("name.matches('^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$|^#$')", 999), [""; 0]);
    assert_eq!(
        rules("name.matches('^[a-z0-9._+-]{1,64}@[a-z0-9-]{1,63}([.][a-z0-9-]+){1,4}#$')", 300),
        [""; 0]
    );
}
