//! `cargo traverse fmt`.

use crate::package::{Package, SPEC, echo};
use insta::assert_snapshot;
use traverse_contract::package::SPEC_FILE;

const UNTIDY: &str = "# about it\n[capability]\nid='test.echo'   # the name\nversion   = \"1.2.0\"\nruntime = \"wasm32-wasip1\"\n\n\n[contract]\npreconditions=[\"note is string\",   'amount > 0',]\npostconditions = [ # two\n'''result.amount <= 100''', \"result.note is string\" ]";

// spec: CLI-100, CLI-101
#[test]
fn a_spec_is_laid_out_in_its_place() {
    let package = Package::of(&echo());
    package.write(SPEC_FILE, UNTIDY);
    let digest = |package: &Package| {
        package.command(&["check", "--message-format", "json"], b"").json()["contract_digest"].clone()
    };
    let before = digest(&package);
    package.command(&["fmt"], b"").exits(0).prints("Formatted traverse.spec.toml\n");
    let laid_out = std::fs::read_to_string(package.path().join(SPEC_FILE)).expect("a file");
    assert_snapshot!("fmt", laid_out);
    assert_eq!(digest(&package), before);
    // Once is enough.
    package.command(&["fmt"], b"").exits(0).prints("");
    package.command(&["fmt", "--check", SPEC_FILE], b"").exits(0).prints("");
    let finished = package.command(&["fmt", "--message-format", "json"], b"").exits(0);
    assert_eq!(
        finished.json(),
        serde_json::json!({"file": SPEC_FILE, "changed": false, "written": false, "diff": ""})
    );
}

// spec: CLI-102
#[test]
fn check_shows_what_would_change_and_writes_nothing() {
    let package = Package::of(&echo());
    package.write(SPEC_FILE, UNTIDY);
    let finished = package.command(&["fmt", "--check"], b"").exits(1);
    assert_snapshot!("fmt_check", finished.stdout);
    assert_eq!(
        finished.stderr,
        "traverse.spec.toml is laid out otherwise; `cargo traverse fmt` would change it\n"
    );
    assert_eq!(std::fs::read_to_string(package.path().join(SPEC_FILE)).expect("a file"), UNTIDY);
    let json = package.command(&["fmt", "--check", "--message-format", "json"], b"").exits(1).json();
    assert_eq!((&json["changed"], &json["written"]), (&true.into(), &false.into()));
    assert_eq!(json["diff"], finished.stdout.as_str());
}

// spec: CLI-100
#[test]
fn stdin_is_laid_out_to_stdout() {
    let package = Package::empty();
    package.command(&["fmt", "-"], b"a=1\r\nb = 'x'").exits(0).prints("a = 1\r\nb = \"x\"\r\n");
    package.command(&["fmt", "-", "--check"], b"a=1\n").exits(1);
    package.command(&["fmt", "-"], b"a=\n").exits(1).prints("").says("--> <stdin>:1:");
    package.command(&["fmt", "-"], b"\xff").exits(1).says("error[file-unreadable]: `<stdin>` is not UTF-8");
    let large = vec![b'#'; (1 << 20) + 1];
    package.command(&["fmt", "-"], &large).exits(1).says("error[spec-too-large]");
}

// spec: CLI-103
#[test]
fn what_is_not_toml_is_left_as_it_is() {
    let package = Package::of(&echo());
    let broken = SPEC.replace("id      =", "id      == ");
    package.write(SPEC_FILE, &broken);
    package
        .command(&["fmt"], b"")
        .exits(1)
        .prints("")
        .says("error[spec-toml-syntax]")
        .says("--> traverse.spec.toml:3:")
        .says("error[spec-invalid]: `traverse.spec.toml` is left as it is: it cannot be read");
    assert_eq!(std::fs::read_to_string(package.path().join(SPEC_FILE)).expect("a file"), broken);
    // What is wrong with the contract is no matter of its layout.
    package.write(SPEC_FILE, "[capabilty]\nid=1\n");
    package.command(&["fmt"], b"").exits(0);
    assert_eq!(
        std::fs::read_to_string(package.path().join(SPEC_FILE)).expect("a file"),
        "[capabilty]\nid = 1\n"
    );
    package.command(&["fmt", "artifacts/echo.wasm"], b"").exits(2).says("is not a spec");
    package.command(&["fmt", "none.toml"], b"").exits(1).says("error[spec-missing]");
}

// spec: CLI-105
#[test]
fn schemas_are_printed_for_editors() {
    let package = Package::empty();
    for (name, title) in [("spec", "traverse.spec.toml"), ("package", "traverse.package.toml")] {
        let text = package.command(&["schema", name], b"").exits(0).stdout;
        let json = package.command(&["schema", name, "--message-format", "json"], b"").exits(0).json();
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).expect("JSON"), json);
        assert_eq!(json["title"], title);
    }
    package.command(&["schema", "cargo"], b"").exits(2).prints("");
}

// spec: SPEC-49, SPEC-40
#[test]
fn a_new_project_names_its_schemas_and_is_laid_out() {
    let package = Package::empty();
    for template in ["minimal", "pricing", "iban"] {
        package.command(&["new", template, "--template", template], b"").exits(0);
        let read = |name: &str| {
            std::fs::read_to_string(package.path().join(template).join(name))
                .unwrap_or_else(|error| panic!("{name}: {error}"))
        };
        for (name, file) in
            [("spec", ".traverse/spec.schema.json"), ("package", ".traverse/package.schema.json")]
        {
            package.command(&["schema", name], b"").prints(&read(file));
            assert!(read(".taplo.toml").contains(file));
        }
        package.command(&["fmt", "--check", template], b"").exits(0).prints("");
    }
}
