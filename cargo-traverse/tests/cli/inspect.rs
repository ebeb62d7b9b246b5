//! `cargo traverse inspect`.

use crate::package::{Package, SPEC, bytes_of, echo, sealed, with_section};
use insta::{assert_json_snapshot, assert_snapshot};
use traverse_contract::package::{CONTRACT_SECTION, SPEC_FILE};

// spec: CLI-50, CLI-30
#[test]
fn a_module_says_what_it_is() {
    let package = Package::of(&echo());
    let finished = package.command(&["inspect", "artifacts/echo.wasm"], b"").exits(0);
    assert_eq!(finished.stderr, "");
    let digest = traverse_contract::canonical::sha256(&sealed(&echo(), SPEC));
    assert!(finished.stdout.contains(&digest), "{}", finished.stdout);
    let text: Vec<&str> = finished
        .stdout
        .lines()
        .map(|line| match line.find("sha256:") {
            Some(at) => &line[..at + "sha256:".len()],
            None => line,
        })
        .collect();
    assert_snapshot!("inspect", text.join("\n"));
}

// spec: CLI-50
#[test]
fn only_the_bytes_count() {
    let package = Package::of(&echo());
    let said = package.command(&["inspect"], b"").exits(0).stdout;
    // Neither the spec nor the digest beside the file is looked at.
    package.remove(SPEC_FILE);
    package.put(&sealed(&echo(), SPEC), &SPEC.replace("1.2.0", "9.9.9"));
    package.command(&["inspect", "."], b"").exits(0).prints(&said);
}

// spec: CLI-51, CLI-9
#[test]
fn json_has_every_fact() {
    let package = Package::of(&echo());
    let finished = package.command(&["inspect", "--message-format", "json"], b"").exits(0);
    assert_json_snapshot!("inspect_json", finished.redacted_json());
}

// spec: CLI-52
#[test]
fn what_is_no_capability_is_told_apart() {
    let package = Package::empty();
    package.write_bytes("bare.wasm", &bytes_of(&echo()));
    package
        .command(&["inspect", "bare.wasm"], b"")
        .exits(0)
        .says("note: the module carries no contract, so `cargo traverse run` refuses it");
    let finished = package.command(&["inspect", "bare.wasm", "--message-format", "json"], b"").exits(0);
    assert_eq!(finished.json()["contract"], serde_json::Value::Null);
    package.write("text.wasm", "{}");
    package.command(&["inspect", "text.wasm"], b"").exits(1).prints("").says("error[artifact-not-wasm]");
    let sealed = sealed(&echo(), SPEC);
    package.write_bytes("cut.wasm", &sealed[..sealed.len() - 5]);
    package
        .command(&["inspect", "cut.wasm"], b"")
        .exits(1)
        .prints("")
        .says("error[artifact-not-wasm]: the artifact `cut.wasm` is not a WebAssembly module: ");
    for broken in ["", "{}", "{\"capability\":5}", "[[["] {
        package.write_bytes(
            "broken.wasm",
            &with_section(bytes_of(&echo()), CONTRACT_SECTION, broken.as_bytes()),
        );
        package.command(&["inspect", "broken.wasm"], b"").exits(1).prints("").says("error[contract-invalid]");
    }
    package.command(&["inspect", "none.wasm"], b"").exits(1).says("error[artifact-missing]");
    package.command(&["inspect"], b"").exits(1).says("error[manifest-missing]");
    #[cfg(unix)]
    package.command(&["inspect", "/dev/zero"], b"").exits(1).says("error[artifact-unreadable]");
}
