//! In what two modules of one capability differ, in words (spec `PKG-52`).

use super::make::Module;
use super::symbols::{Symbols, demangled};
use crate::toolchain::GuestToolchain;
use std::ops::Range;
use traverse_contract::package::{CONTRACT_SECTION, PACKAGE_SECTION};
use traverse_runtime::module::{self, PackageFacts};
use wasmparser::{Parser, Payload};

/// A module that was built to compare with, and by what.
pub(crate) struct Rebuilt<'a> {
    pub(crate) module: &'a Module,
    pub(crate) toolchain: &'a GuestToolchain,
}

/// What differs.
pub(crate) struct Differences {
    /// One sentence each, the cause before what follows from it.
    pub(crate) words: Vec<String>,
    /// Whether a cause is among them.
    pub(crate) explained: bool,
    /// What to do.
    pub(crate) help: String,
}

/// Says in what `module` differs from what was rebuilt.
pub(crate) fn in_words(module: &[u8], rebuilt: &Rebuilt<'_>) -> Differences {
    let mut words = Vec::new();
    let mut help =
        "give the source, the lock file and the toolchain that the module was built with".to_owned();
    let facts = match module::inspect(module) {
        Ok(facts) => facts,
        Err(error) => {
            words.push(error.message());
            return Differences { words, explained: true, help: error.help().to_owned() };
        }
    };
    match &facts.package {
        Some(package) => words.extend(recorded(package, rebuilt)),
        None => words
            .push(format!("it has no section `{PACKAGE_SECTION}`: `cargo traverse build` did not make it")),
    }
    if !words.is_empty() {
        help = "build with the toolchain and the crates that the module records (`cargo traverse inspect` shows them)"
            .to_owned();
    }
    let mut sections = Vec::new();
    let contract = facts.contract_json.as_deref().map(str::as_bytes);
    let rebuilt_facts = module::inspect(&rebuilt.module.bytes).ok();
    if contract != rebuilt_facts.as_ref().and_then(|facts| facts.contract_json.as_deref()).map(str::as_bytes)
    {
        words.push(
            "the contract in it is another than the source's: `cargo traverse diff` compares them".to_owned(),
        );
    }
    let explained = !words.is_empty();
    let (old, new) = (sections_of(module), sections_of(&rebuilt.module.bytes));
    for (name, range) in &old {
        match new.iter().find(|(other, _)| other == name) {
            None => sections.push(format!("section `{name}` is not in the rebuilt module")),
            Some((_, other)) if module[range.clone()] != rebuilt.module.bytes[other.clone()] => {
                sections.push(format!(
                    "section `{name}` differs: {} bytes, rebuilt {}",
                    range.len(),
                    other.len()
                ));
            }
            Some(_) => {}
        }
    }
    for (name, _) in new.iter().filter(|(name, _)| !old.iter().any(|(other, _)| other == name)) {
        sections.push(format!("section `{name}` is in the rebuilt module alone"));
    }
    sections.extend(first_function(module, &rebuilt.module.bytes, &rebuilt.module.named));
    words.extend(sections);
    Differences { words, explained, help }
}

/// What the module records of its making that is not so here.
fn recorded(package: &PackageFacts, rebuilt: &Rebuilt<'_>) -> Vec<String> {
    let made = &rebuilt.module.made;
    let own = concat!("cargo-traverse ", env!("CARGO_PKG_VERSION")).to_owned();
    let own_crates = Some(&made.crates);
    let mut words: Vec<String> = [
        ("the compiler", &package.rustc, &made.rustc),
        ("the standard library", &package.target_std, &made.target_std),
        ("the SDK", &package.sdk, &made.sdk),
        ("the command", &package.built_by, &own),
    ]
    .into_iter()
    .filter(|(_, recorded, here)| recorded.as_ref() != Some(here))
    .map(|(what, recorded, here)| {
        let recorded = recorded.as_deref().unwrap_or("unknown");
        format!("{what} is another: the module was built with {recorded}, here is {here}")
    })
    .collect();
    if package.crates.as_ref() != own_crates {
        words.push(
            "the crates are others, in their versions (`Cargo.lock`) or their features (`Cargo.toml`)"
                .to_owned(),
        );
    }
    if words.iter().any(|word| word.starts_with("the compiler")) {
        words.push(format!("the toolchain here lies in {}", rebuilt.toolchain.sysroot.display()));
    }
    words
}

/// Every section by its name and where it lies, its head included.
fn sections_of(module: &[u8]) -> Vec<(String, Range<usize>)> {
    let (mut list, mut at) = (Vec::new(), 8);
    for payload in Parser::new(0).parse_all(module) {
        let Ok(payload) = payload else { break };
        let Some((id, range)) = payload.as_section() else { continue };
        let name = match (&payload, id) {
            (Payload::CustomSection(custom), _) => custom.name().to_owned(),
            (_, 1) => "type".to_owned(),
            (_, 2) => "import".to_owned(),
            (_, 3) => "function".to_owned(),
            (_, 6) => "global".to_owned(),
            (_, 9) => "element".to_owned(),
            (_, 10) => "code".to_owned(),
            (_, 11) => "data".to_owned(),
            (_, id) => format!("{id}"),
        };
        // What these two hold was told before.
        if name != CONTRACT_SECTION && name != PACKAGE_SECTION {
            list.push((name, at..range.end));
        }
        at = range.end;
    }
    list
}

/// The first function whose body differs, by its name in the rebuilt module.
fn first_function(module: &[u8], rebuilt: &[u8], named: &[u8]) -> Option<String> {
    let (old, new) = (bodies(module), bodies(rebuilt));
    let at = old
        .iter()
        .zip(&new)
        .position(|(old, new)| old != new)
        .or_else(|| (old.len() != new.len()).then(|| old.len().min(new.len())))?;
    let names = Symbols::parse(named).ok()?;
    let name = names
        .name_of_defined(at)
        .map_or_else(|| "without a name".to_owned(), |name| format!("`{}`", demangled(name)));
    Some(format!(
        "the first function that differs is number {at} of {}, rebuilt of {}: {name}",
        old.len(),
        new.len()
    ))
}

fn bodies(module: &[u8]) -> Vec<&[u8]> {
    let entries = Parser::new(0).parse_all(module).filter_map(|payload| match payload {
        Ok(Payload::CodeSectionEntry(body)) => Some(&module[body.range()]),
        _ => None,
    });
    entries.collect()
}
