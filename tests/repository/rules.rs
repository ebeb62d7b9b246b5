//! Every normative rule in `specs/` is named by at least one test, and tests name only rules that exist.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use traverse_tests::{files_below, repository};

/// The rule ids that a text defines: lines that start with `**LANG-7**`.
fn defined_rules(text: &str) -> Vec<String> {
    text.lines()
        .filter_map(|line| line.trim_start_matches(['-', ' ', '>']).strip_prefix("**")?.split_once("**"))
        .map(|(id, _)| id.trim_end_matches('.').to_owned())
        .filter(|id| is_rule_id(id))
        .collect()
}

fn is_rule_id(word: &str) -> bool {
    word.split_once('-').is_some_and(|(area, number)| {
        ["SPEC", "LANG", "SCHEMA", "IO", "PKG", "RUN", "CLI", "DIAG", "CHANGE", "TEST"].contains(&area)
            && !number.is_empty()
            && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// The rule ids that a text names, anywhere.
fn named_rules(text: &str) -> BTreeSet<String> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-')
        .filter(|word| is_rule_id(word))
        .map(str::to_owned)
        .collect()
}

/// A file whose purpose is testing, or the part of a source file from its tests on.
fn test_text(path: &Path, text: &str) -> Option<String> {
    let shown = path.to_string_lossy().replace('\\', "/");
    let is_test_file =
        shown.contains("/tests/") || shown.starts_with("tests/") || shown.ends_with("tests.rs");
    if is_test_file {
        return Some(text.to_owned());
    }
    text.find("#[cfg(test)]").map(|start| text[start..].to_owned())
}

#[test]
fn every_rule_is_named_by_a_test_and_every_named_rule_exists() {
    let root = repository();
    let mut defined: BTreeMap<String, String> = BTreeMap::new();
    let mut twice = Vec::new();
    let mut named: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in files_below(&root) {
        let shown = file.to_string_lossy().into_owned();
        if shown.starts_with("templates/") || shown == "tests/repository/rules.rs" {
            continue;
        }
        let Ok(text) = std::fs::read_to_string(root.join(&file)) else { continue };
        if shown.starts_with("specs/") && shown.ends_with(".md") {
            for id in defined_rules(&text) {
                if let Some(first) = defined.insert(id.clone(), shown.clone()) {
                    twice.push(format!("{id} in {first} and {shown}"));
                }
            }
        } else if shown.ends_with(".rs")
            && let Some(text) = test_text(&file, &text)
        {
            for id in named_rules(&text) {
                named.entry(id).or_default().insert(shown.clone());
            }
        }
    }
    assert!(defined.len() > 50, "the specs define only {} rules: were they found?", defined.len());
    let untested: Vec<_> = defined
        .iter()
        .filter(|(id, _)| !named.contains_key(*id))
        .map(|(id, file)| format!("{id} ({file})"))
        .collect();
    let unknown: Vec<_> = named
        .iter()
        .filter(|(id, _)| !defined.contains_key(*id))
        .map(|(id, files)| format!("{id} ({files:?})"))
        .collect();
    assert!(twice.is_empty(), "rules defined twice: {twice:#?}");
    assert!(untested.is_empty(), "rules that no test names: {untested:#?}");
    assert!(unknown.is_empty(), "rules that tests name and no spec defines: {unknown:#?}");
}

#[test]
fn a_rule_is_seen_where_it_is_written() {
    assert_eq!(defined_rules("**LANG-7** text\n- **IO-3** text\n**note** x\nsee LANG-9"), ["LANG-7", "IO-3"]);
    assert_eq!(
        named_rules("// spec: LANG-7, IO-31 and X-1").into_iter().collect::<Vec<_>>(),
        ["IO-31", "LANG-7"]
    );
}
