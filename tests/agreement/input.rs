//! Any bytes on stdin of the pricing template: the module reads them as the host does, and no call ends in an error.
//!
//! Guests see no input that the host refuses, so the module is asked by way of another, which hands it the bytes.

use crate::program::Said;
use crate::setting;
use fastrand::Rng;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use traverse_contract::outcome::{FoundBy, Outcome};
use traverse_contract::{Contract, Source};
use traverse_runtime::{Capability, Runtime};
use traverse_tests::{Project, repository};

const SPEC: &str = r#"
[capability]
id = "input.dispatch"
version = "0.1.0"
runtime = "wasm32-wasip1"

[input]
type = "object"
required = ["stdin"]
[input.properties]
stdin = { type = "string" }

[output]
type = "object"
required = ["code", "said"]
[output.properties]
code = { type = "integer" }
said = { type = "string" }
"#;

/// A byte of the inner stdin is a character of the outer.
const DISPATCH: &str = r#"
use traverse_sdk::prelude::*;

mod pricing;

#[capability]
fn dispatch(stdin: String) -> Output {
    let bytes: Vec<u8> = stdin.chars().map(|byte| byte as u8).collect();
    let (code, said) = pricing::call(&bytes);
    Output { code: code.into(), said: String::from_utf8(said).expect("JSON is text") }
}
"#;

const CALL: &str = r"
pub fn call(stdin: &[u8]) -> (i32, Vec<u8>) {
    let reply = ::traverse_sdk::__private::run::<__traverse::Contract>(stdin);
    (reply.exit_code, reply.stdout)
}
";

/// What texts are changed by, so that they stay near to JSON.
const PARTS: &[&[u8]] = &[
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"\"",
    b" ",
    b"\\",
    b"\\u0000",
    b"\\ud800",
    b"\\u00e9",
    b"\xc3\xa9",
    b"\xff",
    b"\0",
    b"-",
    b"0",
    b"00",
    b".5",
    b"1e308",
    b"1e309",
    b"5e-324",
    b"9007199254740993",
    b"10000",
    b"10000.000000000001",
    b"null",
    b"true",
    b"NaN",
    b"\"total\":1,",
    b"\"tier\":\"standard\"",
    b"enterprise",
    b"[[[[[[[[[[",
    b"\xef\xbb\xbf",
    b"\n",
    b"\x0c",
];

fn draw(rng: &mut Rng, seeds: &[Vec<u8>]) -> Vec<u8> {
    let mut drawn = rng.choice(seeds).cloned().unwrap_or_default();
    for _ in 0..rng.usize(0..=3) {
        let at = rng.usize(..=drawn.len());
        let end = at + rng.usize(..=(drawn.len() - at).min(12));
        let part: &[u8] = rng.choice(PARTS).copied().unwrap_or_default();
        match rng.u8(..5) {
            0 => drop(drawn.splice(at..end, part.iter().copied())),
            1 => drop(drawn.splice(at..at, part.iter().copied())),
            2 => drop(drawn.drain(at..end)),
            3 => {
                let doubled = drawn[at..end].to_vec();
                drop(drawn.splice(at..at, doubled));
            }
            _ if at < drawn.len() => drawn[at] = rng.u8(..),
            _ => {}
        }
    }
    drawn
}

/// What the host comes to before the rule is called.
enum Before {
    /// No JSON that may be: of several things that are wrong with a text, either reader may tell any (spec IO-3, IO-7).
    NoJson,
    Refused(Said),
    Taken,
}

fn before_the_rule(contract: &Contract, stdin: &[u8]) -> Before {
    let Ok(input) = contract.read_input(stdin) else { return Before::NoJson };
    let fits = || -> Result<(), Outcome> {
        contract.check_input(&input).map_err(Outcome::Rejected)?;
        contract.check_preconditions(&input, FoundBy::Guest).map_err(Outcome::Violation)
    };
    match fits() {
        Err(outcome) => Before::Refused((outcome.exit_code().into(), outcome.to_stdout())),
        Ok(()) => Before::Taken,
    }
}

/// How rejections begin that have nothing to do with a schema (spec IO-1 to IO-6).
const OF_JSON: &[&str] = &[
    "input is empty",
    "not valid JSON: ",
    "not UTF-8: ",
    "nested deeper than",
    "duplicate key",
    "number out of range",
];

fn in_guest(dispatch: &Capability, stdin: &[u8]) -> Said {
    let question = json!({ "stdin": stdin.iter().map(|byte| char::from(*byte)).collect::<String>() });
    let call = dispatch.call(question.to_string().as_bytes());
    let call = call.unwrap_or_else(|error| panic!("{}: {stdin:?}", error.message()));
    let answer: Value = serde_json::from_slice(&call.stdout).expect("the dispatcher answers in JSON");
    let said = answer["said"].as_str().expect("a text");
    (answer["code"].as_i64().expect("a code"), serde_json::from_str(said).expect("JSON"))
}

fn loaded(project: &Project) -> Capability {
    project.build();
    let capability = Runtime::new().and_then(|runtime| runtime.load_package(&project.path()));
    capability.unwrap_or_else(|error| panic!("{}", error.message()))
}

/// spec: IO-9, RUN-7
#[test]
fn module_and_host_read_any_bytes_alike() {
    let template = repository().join("templates/pricing");
    let pricing = Project::new("agreement-pricing", "pricing");
    let text = pricing.read("traverse.spec.toml");
    // What is in words can only stand in the root of a program, and has no part in what is compared.
    let words = "\"enterprise customers never receive standard pricing\"";
    assert!(text.contains(words), "{text}");
    let text = text.replace(words, "\"result.reason != ''\"");
    let rule = pricing.read("src/main.rs");
    let rule = rule.split("// The contract says this in words").next().expect("a first part");
    let rule =
        rule.replace("#[capability]", "#[capability(spec = \"specs/pricing.toml\")]").replace("//!", "//");
    let contract = Contract::from_toml(&Source { name: "traverse.spec.toml".into(), text: text.clone() });
    let contract = contract.expect("the template's contract is one");
    let dispatch = Project::with("agreement-input", SPEC, DISPATCH);
    dispatch.write("specs/pricing.toml", &text);
    dispatch.write("src/pricing.rs", &format!("{rule}{CALL}"));
    let (pricing, dispatch) = (loaded(&pricing), loaded(&dispatch));

    let mut seeds: Vec<Vec<u8>> = Vec::new();
    for file in std::fs::read_dir(template.join("cases")).expect("the template has cases") {
        let text = std::fs::read(file.expect("a file").path()).expect("a case");
        let cases: Value = serde_json::from_slice(&text).expect("JSON");
        let all = cases.as_array().cloned().unwrap_or_else(|| vec![cases]);
        seeds.extend(all.iter().map(|case| case["input"].to_string().into_bytes()));
        seeds.push(text);
    }
    assert!(seeds.len() > 4, "no inputs in the template's cases");

    let seed = setting("TRAVERSE_AGREEMENT_SEED", Rng::new().u64(..));
    println!("TRAVERSE_AGREEMENT_SEED={seed}");
    let mut rng = Rng::with_seed(seed);
    let mut codes: BTreeMap<i64, usize> = BTreeMap::new();
    for _ in 0..setting("TRAVERSE_AGREEMENT_INPUTS", 10_000) {
        let stdin = draw(&mut rng, &seeds);
        let told = || format!("TRAVERSE_AGREEMENT_SEED={seed}\n{}", String::from_utf8_lossy(&stdin));
        let guest = in_guest(&dispatch, &stdin);
        match before_the_rule(&contract, &stdin) {
            Before::NoJson => {
                let message = guest.1["message"].as_str().unwrap_or_default();
                let is_of_json = OF_JSON.iter().any(|start| message.starts_with(start));
                assert!(guest.0 == 20 && is_of_json, "no JSON, and the module says {}\n{}", guest.1, told());
            }
            Before::Refused(host) => assert_eq!(guest, host, "module and host differ\n{}", told()),
            Before::Taken => {
                assert!(
                    ![20, 21].contains(&guest.0),
                    "the host takes it, and the module says {}\n{}",
                    guest.1,
                    told()
                );
            }
        }
        // The way that a caller takes: the host first, and nothing of what the guest says is belied.
        let call = pricing.call(&stdin).unwrap_or_else(|error| panic!("{}\n{}", error.message(), told()));
        assert_eq!(i64::from(call.outcome.exit_code()), guest.0, "{}", told());
        *codes.entry(guest.0).or_default() += 1;
    }
    println!("by exit code {codes:?}");
    for code in [0, 10, 20, 21] {
        assert!(codes.contains_key(&code), "no input came to exit code {code}: {codes:?}");
    }
}
