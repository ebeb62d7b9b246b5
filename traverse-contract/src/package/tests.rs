use super::Manifest;
use crate::diagnostic::{Diagnostic, Source};

const BEFORE_THE_FIRST_BUILD: &str = r#"package_id = "pricing.eligibility-check"
version    = "1.2.0"
summary    = "Decides whether a customer's cart qualifies."

[capability_ref]            # exactly one approved contract
id            = "pricing.eligibility-check"
version       = "1.2.0"
contract_path = "traverse.spec.toml"

[source]
path     = "src/main.rs"
language = "rust"
entry    = "eligibility_check"

[binary]
path   = "artifacts/pricing.wasm"
format = "wasm32-wasip1"
"#;

const AFTER: &str = r#"digest = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
bytes  = 23014

[toolchain]
rustc  = "1.96.0 (ac68faa20 2026-05-25)"
target_std = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
sdk    = "0.1.0"

[constraints]
host_api_access   = "none"
network_access    = "forbidden"
filesystem_access = "none"

[[workflow_refs]]
workflow_id = "sales.checkout"
workflow_version = "1.0.0"

[[model_dependencies]]
interface = "text.summarize"
purpose   = "a short reason"
"#;

fn source(text: &str) -> Source {
    Source { name: "traverse.package.toml".into(), text: text.into() }
}

fn errors(text: &str) -> Vec<Diagnostic> {
    Manifest::from_toml(&source(text)).expect_err("errors")
}

/// Each error as `code: message [marked text]`.
fn told(text: &str) -> Vec<String> {
    errors(text)
        .iter()
        .map(|error| {
            let marked = error.label.as_ref().map_or("", |(span, _)| &text[span.start..span.end]);
            format!("{}: {} [{marked}]", error.code, error.message)
        })
        .collect()
}

// spec: PKG-1, PKG-3, PKG-5, PKG-6
#[test]
fn before_and_after_the_first_build() {
    let manifest = Manifest::from_toml(&source(BEFORE_THE_FIRST_BUILD)).expect("a manifest");
    assert_eq!(manifest.binary.path.value, "artifacts/pricing.wasm");
    assert_eq!((manifest.binary.digest, manifest.binary.bytes), (None, None));
    assert_eq!(manifest.capability_ref.contract_digest, None);
    assert!(manifest.toolchain.is_none());

    let manifest =
        Manifest::from_toml(&source(&format!("{BEFORE_THE_FIRST_BUILD}{AFTER}"))).expect("a manifest");
    assert_eq!(manifest.binary.bytes, Some(23014));
    assert_eq!(manifest.workflow_refs[0].workflow_id.value, "sales.checkout");
    assert_eq!(manifest.model_dependencies[0].interface.value, "text.summarize");
    assert_eq!(
        manifest.toolchain.and_then(|toolchain| toolchain.sdk).map(|sdk| sdk.value).as_deref(),
        Some("0.1.0")
    );
}

// spec: PKG-1, PKG-2
#[test]
fn what_is_missing() {
    assert_eq!(
        told(""),
        [
            "manifest-missing-key: the manifest has no `package_id` []",
            "manifest-missing-key: the manifest has no `version` []",
            "manifest-missing-key: the manifest has no `[capability_ref]` section []",
            "manifest-missing-key: the manifest has no `[source]` section []",
            "manifest-missing-key: the manifest has no `[binary]` section []",
        ]
    );
    assert_eq!(
        told(
            "package_id = 'a'\nversion = '1.0.0'\n[capability_ref]\n[source]\n[binary]\n[[workflow_refs]]\n[[model_dependencies]]\n"
        ),
        [
            "manifest-missing-key: `[capability_ref]` has no `id` [[capability_ref]]",
            "manifest-missing-key: `[capability_ref]` has no `version` [[capability_ref]]",
            "manifest-missing-key: `[capability_ref]` has no `contract_path` [[capability_ref]]",
            "manifest-missing-key: `[source]` has no `path` [[source]]",
            "manifest-missing-key: `[source]` has no `language` [[source]]",
            "manifest-missing-key: `[source]` has no `entry` [[source]]",
            "manifest-missing-key: `[binary]` has no `path` [[binary]]",
            "manifest-missing-key: `[binary]` has no `format` [[binary]]",
            "manifest-missing-key: `[[workflow_refs]]` has no `workflow_id` [[[workflow_refs]]]",
            "manifest-missing-key: `[[workflow_refs]]` has no `workflow_version` [[[workflow_refs]]]",
            "manifest-missing-key: `[[model_dependencies]]` has no `interface` [[[model_dependencies]]]",
        ]
    );
}

// spec: PKG-2
#[test]
fn a_misspelt_key_as_a_person_sees_it() {
    let text = BEFORE_THE_FIRST_BUILD.replace("entry   ", "entyr   ");
    let source = source(&text);
    let shown: Vec<String> = errors(&text).iter().map(|error| error.render(&source)).collect();
    assert_eq!(
        shown.join("\n\n"),
        "\
error[manifest-unknown-key]: unknown key `entyr` in `[source]`
   --> traverse.package.toml:13:1
    |
 13 | entyr    = \"eligibility_check\"
    | ^^^^^ not a key of this section
    = help: did you mean `entry`?

error[manifest-missing-key]: `[source]` has no `entry`
   --> traverse.package.toml:10:1
    |
 10 | [source]
    | ^^^^^^^^ `entry` is required here
    = help: add `entry = \"eligibility_check\"`"
    );
}

// spec: PKG-1, PKG-5, PKG-6
#[test]
fn values_that_cannot_be() {
    let text = format!("{BEFORE_THE_FIRST_BUILD}{AFTER}")
        .replace("package_id = \"pricing.", "package_id = \"Pricing.")
        .replace("version    = \"1.2.0\"", "version    = 1.2")
        .replace("language = \"rust\"", "language = \"c\"")
        .replace("entry    = \"eligibility_check\"", "entry    = \"crate::check\"")
        .replace("format = \"wasm32-wasip1\"", "format = \"wasm64\"")
        .replace("digest = \"sha256:e3", "digest = \"sha256:E3")
        .replace("23014", "-5")
        .replace("\"forbidden\"", "\"allowed\"")
        .replace("sdk    = \"0.1.0\"", "sdk    = \"new\"");
    assert_eq!(
        told(&text),
        [
            "manifest-bad-id: `Pricing.eligibility-check` is not an `package_id` [\"Pricing.eligibility-check\"]",
            "manifest-wrong-type: `version` in the manifest must be a string, found a number [1.2]",
            "manifest-unsupported: `language` is `c`, which is not supported [\"c\"]",
            "manifest-bad-entry: `crate::check` is not the name of a function [\"crate::check\"]",
            "manifest-unsupported: `format` is `wasm64`, which is not supported [\"wasm64\"]",
            "manifest-bad-digest: `digest` is not a digest \
             [\"sha256:E3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"]",
            "manifest-bad-size: `bytes` must be between 0 and 4294967295, found -5 [-5]",
            "manifest-bad-version: `sdk` is not a semantic version: unexpected character 'n' while parsing major version number [\"new\"]",
            "manifest-unsupported: `network_access` is `allowed`, which is not supported [\"allowed\"]",
        ]
    );
}

// spec: PKG-4
#[test]
fn paths_stay_inside_the_package() {
    for (path, wrong) in [
        ("", "it is empty"),
        ("/artifacts/a.wasm", "it is absolute"),
        ("C:/a.wasm", "it is absolute"),
        ("artifacts\\\\a.wasm", "it has a `\\`; the separator is `/` on every system"),
        ("../a.wasm", "it leads out by `..`"),
        ("artifacts/../../a.wasm", "it leads out by `..`"),
        ("artifacts//a.wasm", "it has an empty step or a `.`"),
        ("./a.wasm", "it has an empty step or a `.`"),
        ("artifacts/\\u0000.wasm", "it has a control character"),
        ("artifacts/a.exe", "it does not name a `.wasm` file"),
        ("artifacts/.wasm", "it does not name a `.wasm` file"),
    ] {
        let found = errors(&BEFORE_THE_FIRST_BUILD.replace("artifacts/pricing.wasm", path));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].code, "manifest-bad-path");
        assert_eq!(found[0].message, format!("`path` must be a path inside the package: {wrong}"), "{path}");
    }
}

// spec: PKG-1
#[test]
fn a_manifest_that_is_no_toml() {
    let found = errors("package_id = \n");
    assert_eq!(found[0].code, "manifest-toml-syntax");
}
