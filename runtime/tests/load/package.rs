//! Packages: manifest, artifact, spec and lock, and the links between them.

use crate::good;
use crate::support::*;
use std::fs;
use traverse_contract::canonical;
use traverse_runtime::Error;

// spec: RUN-3
#[cfg(unix)]
#[test]
fn a_manifest_that_is_a_link_out_of_the_package_is_refused() {
    let dir = changed_package(|manifest| manifest);
    let elsewhere = tempfile::tempdir().expect("a folder");
    let target = elsewhere.path().canonicalize().expect("a folder").join("manifest.toml");
    let path = dir.path().join("traverse.package.toml");
    fs::rename(&path, &target).expect("it moves");
    std::os::unix::fs::symlink(&target, &path).expect("a link");
    assert_eq!(
        failure(runtime().load_package(dir.path())),
        (
            "path-outside-package",
            format!(
                "the manifest leads out of the package: `traverse.package.toml` is `{}`",
                target.display()
            )
        )
    );
}

// spec: RUN-2, PKG-5
#[test]
fn an_artifact_of_another_size_than_the_manifest_says_is_refused() {
    let bytes = good().len();
    let dir = changed_package(|manifest| {
        manifest.replace(&format!("bytes = {bytes}"), &format!("bytes = {}", bytes + 1))
    });
    let error = runtime().load_package(dir.path()).expect_err("refused");
    assert_eq!(error.class(), traverse_runtime::ErrorClass::Digest);
    assert_eq!(
        failure::<()>(Err(error)),
        (
            "size-mismatch",
            format!("the artifact has {bytes} bytes, and `binary.bytes` of the manifest says {}", bytes + 1)
        )
    );
    let dir = changed_package(|manifest| manifest.replace(&format!("bytes = {bytes}\n"), ""));
    assert_eq!(
        failure(runtime().load_package(dir.path())),
        ("digest-missing", "the manifest has no `binary.bytes`".into())
    );
}

#[test]
fn a_folder_that_is_no_package_is_told_apart() {
    let dir = tempfile::tempdir().expect("a folder");
    let gone = dir.path().join("gone");
    assert_eq!(
        failure(runtime().load_package(&gone)),
        ("package-missing", format!("no package folder at `{}`", gone.display()))
    );
    let manifest_path = dir.path().join("traverse.package.toml");
    assert_eq!(
        failure(runtime().load_package(dir.path())),
        ("manifest-missing", format!("no manifest at `{}`", manifest_path.display()))
    );
    fs::write(&manifest_path, b"summary = \"\xff\"").expect("a file");
    assert_eq!(
        failure(runtime().load_package(dir.path())),
        (
            "manifest-unreadable",
            format!("the manifest `{}` cannot be read: it is not UTF-8", manifest_path.display())
        )
    );
    fs::write(&manifest_path, "package_id = ").expect("a file");
    let error = runtime().load_package(dir.path()).expect_err("an error");
    assert_eq!(error.code(), "manifest-invalid");
    let Error::ManifestInvalid(invalid) = error else { unreachable!() };
    assert!(!invalid.diagnostics.is_empty());
}

/// A package in which `change` has replaced something in the manifest.
pub(crate) fn changed_package(change: impl Fn(String) -> String) -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    let module = good();
    write_package(dir.path(), &module);
    fs::write(dir.path().join("traverse.package.toml"), change(manifest(&module))).expect("a file");
    dir
}

// spec: RUN-2
#[test]
fn an_artifact_changed_after_the_build_is_refused() {
    let dir = changed_package(|manifest| manifest);
    let mut module = good();
    *module.last_mut().expect("bytes") ^= 1;
    fs::write(dir.path().join("artifacts/discount.wasm"), &module).expect("a file");
    assert_eq!(
        failure(runtime().load_package(dir.path())),
        (
            "digest-mismatch",
            format!(
                "the artifact's digest is `{}`, and the manifest says `{}`",
                canonical::sha256(&module),
                canonical::sha256(&good())
            )
        )
    );
    // The digest is looked at before anything in the bytes: text, too, has the wrong digest first.
    fs::write(dir.path().join("artifacts/discount.wasm"), "text").expect("a file");
    assert_eq!(failure(runtime().load_package(dir.path())).0, "digest-mismatch");
}

// spec: RUN-2
#[test]
fn a_digest_changed_by_hand_is_refused() {
    let right = canonical::sha256(&good());
    let wrong = canonical::sha256(b"other bytes");
    let dir = changed_package(|manifest| manifest.replace(&right, &wrong));
    assert_eq!(failure(runtime().load_package(dir.path())).0, "digest-mismatch");
}

// spec: RUN-2
#[test]
fn a_package_that_was_never_built_is_refused() {
    for (key, line) in
        [("binary.digest", "digest = "), ("capability_ref.contract_digest", "contract_digest = ")]
    {
        let dir = changed_package(|manifest| {
            manifest.lines().filter(|l| !l.starts_with(line)).collect::<Vec<_>>().join("\n")
        });
        assert_eq!(
            failure(runtime().load_package(dir.path())),
            ("digest-missing", format!("the manifest has no `{key}`"))
        );
    }
}

#[test]
fn a_package_without_its_artifact_is_refused() {
    let dir = changed_package(|manifest| manifest);
    fs::remove_file(dir.path().join("artifacts/discount.wasm")).expect("removed");
    let (code, message) = failure(runtime().load_package(dir.path()));
    assert_eq!(code, "artifact-missing");
    assert!(message.ends_with("discount.wasm`"), "{message}");
}

// spec: RUN-5
#[test]
fn a_spec_changed_after_the_build_is_refused() {
    let dir = changed_package(|manifest| manifest);
    let spec_path = dir.path().join("traverse.spec.toml");
    // A comment is no change of the contract.
    fs::write(&spec_path, format!("# agreed in May\n{SPEC}")).expect("a file");
    assert!(runtime().load_package(dir.path()).is_ok());
    fs::write(&spec_path, SPEC.replace("total > 0.0", "total > 1.0")).expect("a file");
    let (code, message) = failure(runtime().load_package(dir.path()));
    assert_eq!(code, "contract-mismatch");
    let found = canonical::sha256(contract_json().as_bytes());
    assert!(
        message.starts_with(&format!(
            "the module's contract digest is `{found}`, and the spec `traverse.spec.toml` says `sha256:"
        )),
        "{message}"
    );
}

// spec: RUN-5
#[test]
fn an_approval_of_another_contract_is_refused() {
    let right = canonical::sha256(contract_json().as_bytes());
    let wrong = canonical::sha256(b"another contract");
    let dir = changed_package(|manifest| manifest.replace(&right, &wrong));
    assert_eq!(
        failure(runtime().load_package(dir.path())),
        (
            "contract-mismatch",
            format!("the module's contract digest is `{right}`, and the manifest says `{wrong}`")
        )
    );
    let dir = changed_package(|manifest| {
        manifest.replace("[capability_ref]\nid = \"shop.discount\"", "[capability_ref]\nid = \"shop.refund\"")
    });
    assert_eq!(
        failure(runtime().load_package(dir.path())),
        (
            "contract-mismatch",
            "the module's id is `shop.discount`, and the manifest says `shop.refund`".into()
        )
    );
}

#[test]
fn a_spec_that_is_gone_or_broken_is_told_apart() {
    let dir = changed_package(|manifest| manifest);
    let spec_path = dir.path().join("traverse.spec.toml");
    fs::write(&spec_path, "[capability").expect("a file");
    assert_eq!(failure(runtime().load_package(dir.path())).0, "spec-invalid");
    fs::write(&spec_path, b"\xff").expect("a file");
    assert_eq!(failure(runtime().load_package(dir.path())).0, "spec-unreadable");
    fs::remove_file(&spec_path).expect("removed");
    let (code, message) = failure(runtime().load_package(dir.path()));
    assert_eq!(code, "spec-missing");
    assert!(message.ends_with("traverse.spec.toml`"), "{message}");
}

// spec: RUN-3
#[cfg(unix)]
#[test]
fn links_out_of_the_package_are_refused() {
    use std::os::unix::fs::symlink;
    let outside = tempfile::tempdir().expect("a folder");
    for (file, key) in
        [("artifacts/discount.wasm", "binary.path"), ("traverse.spec.toml", "capability_ref.contract_path")]
    {
        let dir = changed_package(|manifest| manifest);
        let inside = dir.path().join(file);
        let target = outside.path().join("kept");
        fs::copy(&inside, &target).expect("a copy");
        fs::remove_file(&inside).expect("removed");
        symlink(&target, &inside).expect("a link");
        let (code, message) = failure(runtime().load_package(dir.path()));
        assert_eq!(code, "path-outside-package");
        assert!(
            message.starts_with(&format!("`{key}` of the manifest leads out of the package: `{file}` is `")),
            "{message}"
        );
    }
    // A folder on the way that is a link, and a link that stays inside.
    let dir = changed_package(|manifest| manifest);
    fs::rename(dir.path().join("artifacts"), outside.path().join("artifacts")).expect("moved");
    symlink(outside.path().join("artifacts"), dir.path().join("artifacts")).expect("a link");
    assert_eq!(failure(runtime().load_package(dir.path())).0, "path-outside-package");

    let dir = changed_package(|manifest| manifest);
    fs::rename(dir.path().join("artifacts"), dir.path().join("built")).expect("moved");
    symlink("built", dir.path().join("artifacts")).expect("a link");
    assert!(runtime().load_package(dir.path()).is_ok());
}

// spec: RUN-3
#[test]
fn paths_out_of_the_package_are_refused() {
    for path in ["../discount.wasm", "artifacts/../../discount.wasm", "/discount.wasm"] {
        let dir = changed_package(|manifest| manifest.replace("artifacts/discount.wasm", path));
        let (code, message) = failure(runtime().load_package(dir.path()));
        assert!(["manifest-invalid", "path-outside-package"].contains(&code), "{code}: {message}");
    }
}
