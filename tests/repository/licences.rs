//! Every crate that the product links here, or that a guest links, has a licence that Apache-2.0 software can carry.
//! Crates for other platforms are not downloaded and so not looked at.
//!
//! Advisories need a database from the network and are not checked here; `cargo deny check advisories` does that,
//! with the settings in `deny.toml`.

use cargo_metadata::MetadataCommand;
use traverse_tests::repository;

const ALLOWED: [&str; 12] = [
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "MIT",
    "MIT-0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Whether an SPDX expression can be met with the allowed licences. `/` is the old spelling of `OR`.
fn is_met(expression: &str) -> bool {
    let expression = expression.replace('/', " OR ");
    // No expression in use nests an OR in an AND without brackets around it.
    let without_brackets = expression.replace(['(', ')'], "");
    if expression.contains('(') && expression.contains(" AND ") {
        return expression.split(" AND ").all(|part| is_met(&part.replace(['(', ')'], "")));
    }
    without_brackets
        .split(" OR ")
        .any(|choice| choice.split(" AND ").all(|licence| ALLOWED.contains(&licence.trim())))
}

#[test]
fn every_dependency_has_an_allowed_licence() {
    let platform = std::process::Command::new("rustc").arg("-vV").output().expect("rustc runs").stdout;
    let platform = String::from_utf8_lossy(&platform);
    let platform =
        platform.lines().find_map(|line| line.strip_prefix("host: ")).expect("rustc names its host");
    let metadata = MetadataCommand::new()
        .manifest_path(repository().join("Cargo.toml"))
        .other_options(["--locked", "--offline", "--filter-platform", platform].map(str::to_owned))
        .exec()
        .expect("cargo metadata");
    assert!(metadata.packages.len() > 100, "only {} packages", metadata.packages.len());
    let refused: Vec<_> = metadata
        .packages
        .iter()
        .filter(|package| !package.license.as_deref().is_some_and(is_met))
        .map(|package| format!("{} {}: {:?}", package.name, package.version, package.license))
        .collect();
    assert!(refused.is_empty(), "{refused:#?}");
}

#[test]
fn an_expression_is_met_by_one_allowed_choice() {
    assert!(is_met("MIT OR Apache-2.0"));
    assert!(is_met("MIT/Apache-2.0"));
    assert!(is_met("(MIT OR Apache-2.0) AND Unicode-3.0"));
    assert!(is_met("GPL-3.0 OR MIT"));
    assert!(!is_met("GPL-3.0"));
    assert!(!is_met("MIT AND GPL-3.0"));
    assert!(!is_met("(MIT OR Apache-2.0) AND GPL-3.0"));
}
