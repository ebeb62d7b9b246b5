//! Any text as `traverse.spec.toml`; what is taken means the same in its canonical form.
#![no_main]

mod common;

use libfuzzer_sys::fuzz_target;
use traverse_contract::{Contract, Source, canonical};

fuzz_target!(|text: &str| {
    let Some(contract) = common::contract(text.to_owned()) else { return };
    let source = Source { name: "fuzzed.spec.toml".into(), text: text.to_owned() };
    let json = canonical::contract_json(&source).expect("a contract has a canonical form");
    let again = Contract::from_json(&json).expect("the canonical form is a contract");
    assert_eq!(contract.clauses.len(), again.clauses.len());
    assert_eq!(contract.exceptions.len(), again.exceptions.len());
});
