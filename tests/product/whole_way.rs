//! From a contract to a running capability, with the template that the README shows.

use serde_json::json;
use traverse_tests::{Project, traverse_with};

const GOOD: &str = r#"{"customer":{"tier":"enterprise"},"cart":{"total":120.0}}"#;

/// spec: CLI-1
#[test]
fn pricing_from_contract_to_result() {
    let project = Project::new("whole-way", "pricing");

    let built = project.traverse(&["build"]).exits(0);
    let manifest = project.read("traverse.package.toml");
    let module = std::fs::read(project.artifact()).expect("the artifact is there");
    let digest = traverse_contract::canonical::sha256(&module);
    assert!(manifest.contains(&format!("digest = \"{digest}\"")), "{manifest}");
    assert!(
        manifest.contains(&format!("bytes  = {}", module.len()))
            || manifest.contains(&format!("bytes = {}", module.len())),
        "{manifest}"
    );
    assert!(manifest.contains("# exactly one approved contract"), "comments are kept:\n{manifest}");
    assert!(built.stderr.contains(&digest[..19]) || built.stdout.contains(&digest[..19]), "{built:?}");

    let tested = project.traverse(&["test"]).exits(0);
    assert!(tested.stdout.contains("passed") || tested.stderr.contains("passed"), "{tested:?}");

    project.run(GOOD).exits(0).prints(r#"{"eligible":true,"reason":"within the enterprise agreement"}"#);

    // From another folder, and on the bare module.
    let elsewhere = tempfile::tempdir().expect("a temporary folder");
    let folder = project.path().to_string_lossy().into_owned();
    traverse_with(elsewhere.path(), &["run", &folder], GOOD.as_bytes()).exits(0);
    let artifact = project.artifact().to_string_lossy().into_owned();
    traverse_with(elsewhere.path(), &["run", &artifact], GOOD.as_bytes()).exits(0);

    let refused = project.run(r#"{"customer":{"tier":"enterprise"},"cart":{"total":-5}}"#).exits(21);
    let refused = refused.json();
    assert_eq!(refused["clause"], json!({"kind":"precondition","index":1,"rule":"cart.total > 0"}));
    assert_eq!(refused["observed"], json!({"cart.total": -5.0}));
    project.run(r#"{"customer":{"tier":"gold"},"cart":{"total":5}}"#).exits(21);
    let raised = project.run(r#"{"customer":{"tier":"standard"},"cart":{"total":10001}}"#).exits(10).json();
    assert_eq!(raised["name"], json!("CartExpired"));
    let rejected = project.run(r#"{"customer":{"tier":"standard"},"cart":{"total":"5"}}"#).exits(20).json();
    assert_eq!(rejected["at"], json!("/cart/total"));
}

/// spec: PKG-27, PKG-28
#[test]
fn a_second_build_says_that_nothing_changed_and_a_changed_spec_builds_again() {
    let project = Project::new("second-build", "pricing");
    project.build();
    let before = std::fs::read(project.artifact()).expect("the artifact is there");
    let manifest = project.read("traverse.package.toml");
    let again = project.traverse(&["build"]).exits(0);
    assert!(again.stdout.contains("Unchanged artifacts/second-build.wasm"), "{again:?}");
    assert_eq!(std::fs::read(project.artifact()).expect("the artifact is there"), before);
    assert_eq!(project.read("traverse.package.toml"), manifest);

    project.replace("traverse.spec.toml", "cart.total > 0", "cart.total > 100");
    project.build();
    assert_ne!(std::fs::read(project.artifact()).expect("the artifact is there"), before);
    project.run(r#"{"customer":{"tier":"enterprise"},"cart":{"total":99}}"#).exits(21);
}

/// A prose invariant is checked by the guest alone, and says so.
#[test]
fn a_broken_function_is_found_by_the_contract() {
    let project = Project::new("broken-rule", "pricing");
    project.replace("src/main.rs", "within the enterprise agreement", "standard pricing for all");
    project.build();
    let found = project.run(GOOD).exits(23).json();
    assert_eq!(found["found_by"], json!("guest"));
    assert_eq!(found["clause"]["rule"], json!("enterprise customers never receive standard pricing"));
    let tested = project.traverse(&["test"]).exits(1);
    let shown = format!("{}{}", tested.stdout, tested.stderr);
    assert!(shown.contains("enterprise customers never receive standard pricing"), "{shown}");
}

#[test]
fn new_never_overwrites_and_refuses_bad_names() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let new = |arguments: &[&str]| traverse_tests::traverse(folder.path(), &[&["new"], arguments].concat());
    new(&["mine", "--template", "minimal"]).exits(0);
    let before =
        std::fs::read_to_string(folder.path().join("mine/src/main.rs")).expect("the project is there");
    std::fs::write(folder.path().join("mine/src/main.rs"), format!("{before}// mine\n"))
        .expect("a file can be written");
    new(&["mine"]).exits(1).says("mine");
    let after =
        std::fs::read_to_string(folder.path().join("mine/src/main.rs")).expect("the project is there");
    assert!(after.ends_with("// mine\n"));
    for bad in ["fn", "9lives", "with space", "näme", "test"] {
        let refused = new(&[bad]);
        assert!(refused.code == 1 || refused.code == 2, "{bad}: {refused:?}");
        assert!(refused.stderr.contains(bad), "{bad}: {refused:?}");
        assert!(!folder.path().join(bad).exists(), "{bad} was written");
    }
    new(&["other", "--template", "prcing"]).says("pricing");
    assert!(!folder.path().join("other").exists());
}
