//! Modules and packages drawn from real ones by changes: the host never panics, and ends as its specification says.
//!
//! A run draws a few hundred of each. `TRAVERSE_RANDOM_CASES` asks for more, `TRAVERSE_RANDOM_SEED` for a draw that was seen
//! before; `fuzz/runtime` does the same, steered by what the code covers.

#[path = "support/anything.rs"]
mod anything;
#[path = "support/draw.rs"]
mod draw;
mod support;

use fastrand::Rng;
use std::collections::BTreeMap;
use support::*;
use traverse_contract::canonical;
use traverse_contract::package::{CONTRACT_SECTION, PACKAGE_SECTION};

fn setting(name: &str, usual: u64) -> u64 {
    std::env::var(name).map_or(usual, |value| value.parse().unwrap_or_else(|_| panic!("{name} is a number")))
}

/// Draws as many cases as are wanted, and counts what they ended in. A panic is told with the seed of its case.
fn draw_cases(usual: u64, mut case: impl FnMut(&mut Rng) -> &'static str) -> BTreeMap<&'static str, u64> {
    let first = setting("TRAVERSE_RANDOM_SEED", Rng::new().u64(..u64::MAX / 2));
    let mut ends = BTreeMap::new();
    for seed in first..first + setting("TRAVERSE_RANDOM_CASES", usual) {
        let ended =
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| case(&mut Rng::with_seed(seed))));
        let ended =
            ended.unwrap_or_else(|_| panic!("found: TRAVERSE_RANDOM_SEED={seed} TRAVERSE_RANDOM_CASES=1"));
        *ends.entry(ended).or_default() += 1;
    }
    println!("{ends:?}");
    ends
}

/// The modules that others are drawn from; none that takes long to compile.
fn seeds() -> Vec<Vec<u8>> {
    let mut seeds: Vec<Vec<u8>> = hostile::quick().into_iter().map(|guest| bare(guest.module)).collect();
    seeds.push(saying(0, RESULT, ""));
    seeds.push(saying(22, "{}", "words"));
    seeds
}

/// Without the sections that [`sealed`] put at its end.
fn bare(mut module: Vec<u8>) -> Vec<u8> {
    module.truncate(module.len() - (sealed(Vec::new()).len()));
    module
}

/// A module whose code, sections or both are others than they were.
fn drawn_module(rng: &mut Rng, seeds: &[Vec<u8>]) -> Vec<u8> {
    let [seed, other] = [(); 2].map(|()| seeds[rng.usize(..seeds.len())].as_slice());
    let contract = contract_json();
    let package = package_json().to_string();
    match rng.u8(..10) {
        // The code alone, under a contract that is whole.
        0 => sealed(draw::bytes(rng, seed, other)),
        1..=5 => sealed(draw::changed(rng, seed)),
        // Another contract.
        6 | 7 => {
            let text = draw::text(rng, SPEC);
            let source = traverse_contract::Source { name: "drawn.spec.toml".into(), text };
            let contract = canonical::contract_json(&source).unwrap_or(contract);
            with_section(seed.to_vec(), CONTRACT_SECTION, contract.as_bytes())
        }
        8 => {
            let text = draw::bytes(rng, contract.as_bytes(), package.as_bytes());
            with_section(
                with_section(seed.to_vec(), CONTRACT_SECTION, &text),
                PACKAGE_SECTION,
                package.as_bytes(),
            )
        }
        _ if rng.bool() => {
            let text = draw::bytes(rng, package.as_bytes(), contract.as_bytes());
            with_section(
                with_section(seed.to_vec(), PACKAGE_SECTION, &text),
                CONTRACT_SECTION,
                contract.as_bytes(),
            )
        }
        _ => draw::bytes(rng, &sealed(seed.to_vec()), other),
    }
}

// spec: RUN-4, RUN-14
#[test]
fn a_drawn_module_ends_as_one_must() {
    let (runtime, seeds) = (anything::impatient(), seeds());
    let ends = draw_cases(600, |rng| anything::module(&runtime, &drawn_module(rng, &seeds)));
    if setting("TRAVERSE_RANDOM_CASES", 600) >= 600 {
        for code in ["artifact-not-wasm", "contract-invalid", "compile-failed", "fuel-exhausted"] {
            assert!(ends.contains_key(code), "none came to {code}: {ends:?}");
        }
    }
}

// spec: RUN-1, RUN-3, RUN-14
#[test]
fn a_drawn_package_ends_as_one_must() {
    let (runtime, seeds) = (anything::impatient(), seeds());
    let folder = tempfile::tempdir().expect("a folder");
    let good = sealed(saying(0, RESULT, ""));
    let ends = draw_cases(600, |rng| {
        let artifact = if rng.u8(..4) == 0 { drawn_module(rng, &seeds) } else { good.clone() };
        // Mostly the manifest of these very bytes, so that more than the digest is looked at.
        let mut manifest = manifest(if rng.u8(..8) == 0 { &good } else { &artifact });
        let mut spec = SPEC.to_owned();
        match rng.u8(..4) {
            0 => manifest = draw::text(rng, &manifest),
            1 => spec = draw::text(rng, SPEC),
            2 => (manifest, spec) = (draw::text(rng, &manifest), draw::text(rng, SPEC)),
            _ => {}
        }
        let raw = |rng: &mut Rng, text: String| match rng.u8(..8) {
            0 => draw::bytes(rng, text.as_bytes(), &artifact),
            _ => text.into_bytes(),
        };
        let (manifest, spec) = (raw(rng, manifest), raw(rng, spec));
        anything::package(&runtime, folder.path(), &manifest, &spec, &artifact)
    });
    if setting("TRAVERSE_RANDOM_CASES", 600) >= 600 {
        for code in ["manifest-invalid", "spec-invalid", "contract-mismatch", "digest-mismatch", "result"] {
            assert!(ends.contains_key(code), "none came to {code}: {ends:?}");
        }
    }
    // Nothing was written that was not there.
    let names = |folder: &std::path::Path| std::fs::read_dir(folder).expect("a folder").count();
    assert_eq!((names(folder.path()), names(&folder.path().join("artifacts"))), (3, 1));
}
