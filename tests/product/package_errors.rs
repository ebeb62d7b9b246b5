//! Packages that are not what they should be: missing, broken, changed by hand, cut short.

use std::sync::OnceLock;
use traverse_tests::{Finished, Project, files_below, traverse, traverse_with};

const GOOD: &str = r#"{"customer":{"tier":"enterprise"},"cart":{"total":120.0}}"#;

/// A built package, once.
fn built() -> &'static Project {
    static BUILT: OnceLock<Project> = OnceLock::new();
    BUILT.get_or_init(|| {
        let project = Project::new("package-errors", "pricing");
        project.build();
        project
    })
}

/// A copy of it to spoil.
fn spoiled(spoil: impl FnOnce(&std::path::Path)) -> Finished {
    let copy = tempfile::tempdir().expect("a temporary folder");
    let from = built().path();
    for file in files_below(&from) {
        let shown = file.to_string_lossy().into_owned();
        if shown.starts_with("vendor") {
            continue;
        }
        let to = copy.path().join(&file);
        std::fs::create_dir_all(to.parent().expect("a file lies in a folder")).expect("a folder can be made");
        std::fs::copy(from.join(&file), to).expect("a file can be copied");
    }
    spoil(copy.path());
    traverse_with(copy.path(), &["run"], GOOD.as_bytes())
}

fn edit(folder: &std::path::Path, file: &str, change: impl FnOnce(String) -> String) {
    let path = folder.join(file);
    let text = std::fs::read_to_string(&path).expect("the file is there");
    std::fs::write(&path, change(text)).expect("the file can be written");
}

#[test]
fn an_unspoiled_copy_runs() {
    spoiled(|_| {}).exits(0);
}

#[test]
fn a_missing_or_broken_manifest() {
    let manifest = "traverse.package.toml";
    spoiled(|folder| std::fs::remove_file(folder.join(manifest)).expect("it is there"))
        .exits(1)
        .says(manifest);
    spoiled(|folder| edit(folder, manifest, |_| "package_id = [".to_owned()))
        .exits(1)
        .says("traverse.package.toml:1:");
    spoiled(|folder| edit(folder, manifest, |text| text.replace("[binary]", "[binry]")))
        .exits(1)
        .says("binry");
    spoiled(|folder| edit(folder, manifest, |text| text.replace("artifacts/", "../artifacts/"))).exits(1);
}

#[test]
fn a_digest_changed_by_hand() {
    spoiled(|folder| {
        edit(folder, "traverse.package.toml", |text| {
            let (before, after) = text.split_once("[binary]").expect("a [binary] section");
            let at = after.find("sha256:").expect("a digest") + "sha256:".len();
            let mut after = after.to_owned();
            let digit = if after[at..].starts_with('0') { "1" } else { "0" };
            after.replace_range(at..=at, digit);
            format!("{before}[binary]{after}")
        });
    })
    .exits(30)
    .says("digest");
}

#[test]
fn a_module_that_was_changed() {
    spoiled(|folder| {
        let path = folder.join("artifacts/package-errors.wasm");
        let mut bytes = std::fs::read(&path).expect("the artifact is there");
        let last = bytes.len() - 1;
        bytes[last] ^= 1;
        std::fs::write(&path, bytes).expect("the artifact can be written");
    })
    .exits(30);
}

#[test]
fn a_module_cut_short() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let bytes = std::fs::read(built().artifact()).expect("the artifact is there");
    std::fs::write(folder.path().join("cut.wasm"), &bytes[..bytes.len() / 2]).expect("a file can be written");
    for command in ["run", "inspect"] {
        traverse_with(folder.path(), &[command, "cut.wasm"], GOOD.as_bytes()).exits(1).says("cut.wasm");
    }
    std::fs::write(folder.path().join("text.wasm"), "hello").expect("a file can be written");
    traverse_with(folder.path(), &["run", "text.wasm"], GOOD.as_bytes()).exits(1).says("text.wasm");
    traverse(folder.path(), &["run", "none.wasm"]).exits(1).says("none.wasm");
}

#[test]
fn a_contract_changed_after_the_build() {
    spoiled(|folder| {
        edit(folder, "traverse.spec.toml", |text| text.replace("cart.total > 0", "cart.total > -9"));
    })
    .exits(31)
    .says("contract");
}

#[test]
fn a_missing_artifact_says_what_makes_it() {
    spoiled(|folder| std::fs::remove_dir_all(folder.join("artifacts")).expect("it is there"))
        .exits(1)
        .says("cargo traverse build");
}

#[test]
fn a_folder_without_a_package() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for command in ["run", "build", "test", "check", "inspect"] {
        traverse(folder.path(), &[command]).exits(1).says("traverse.package.toml");
    }
}
