//! Loading: what is checked, in which order, and what a user reads when it fails. Modules here, packages in `package`.

mod package;
#[path = "../support/mod.rs"]
mod support;

use package::changed_package;
use std::fs;
use support::*;
use traverse_contract::canonical;
use traverse_contract::package::{CONTRACT_SECTION, PACKAGE_SECTION};
use traverse_runtime::outcome::Outcome;
use traverse_runtime::{Error, module};

fn good() -> Vec<u8> {
    sealed(saying(0, RESULT, ""))
}

#[test]
fn a_module_in_memory_loads_and_runs() -> Result<(), Error> {
    let capability = runtime().load_bytes(&good())?;
    assert_eq!(capability.contract().spec.capability.id.value, "shop.discount");
    assert_eq!(capability.module().package.as_ref().map(|package| package.version.as_str()), Some("1.2.0"));
    assert_eq!(capability.contract_digest(), canonical::sha256(contract_json().as_bytes()));
    let call = capability.call(INPUT)?;
    assert_eq!(call.outcome, Outcome::Result(serde_json::from_str(RESULT).expect("JSON")));
    assert_eq!(call.stdout, RESULT.as_bytes());
    Ok(())
}

#[test]
fn a_module_in_a_file_loads() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("discount.wasm");
    fs::write(&path, good()).expect("a file");
    assert!(runtime().load_module(&path).is_ok());
}

// spec: RUN-1
#[test]
fn a_package_loads_and_runs() {
    let dir = tempfile::tempdir().expect("a folder");
    write_package(dir.path(), &good());
    let capability = runtime().load_package(dir.path()).expect("it loads");
    assert_eq!(outcome(capability.call(INPUT))["outcome"], "result");
}

// spec: RUN-14
#[test]
fn an_error_about_a_module_names_its_file() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("module.wasm");
    let wild = wat(
        r#"(module (import "env" "fetch" (func)) (memory (export "memory") 1) (func (export "_start")))"#,
    );
    let no_contract = with_section(saying(0, RESULT, ""), CONTRACT_SECTION, b"{");
    for (module, message) in [
        (sealed(wild), "the module `{}` imports `env.fetch`, which a capability may not"),
        (no_contract, "the contract in the module `{}` is not valid: not valid JSON"),
    ] {
        fs::write(&path, module).expect("a file");
        let (_, said) = failure(runtime().load_module(&path));
        assert!(said.starts_with(&message.replace("{}", &path.display().to_string())), "{said}");
    }
}

#[test]
fn a_path_to_nothing_to_a_folder_or_to_text_is_told_apart() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("none.wasm");
    let shown = path.display();
    assert_eq!(
        failure(runtime().load_module(&path)),
        ("artifact-missing", format!("no artifact at `{shown}`"))
    );
    fs::create_dir(&path).expect("a folder");
    assert_eq!(
        failure(runtime().load_module(&path)),
        ("artifact-unreadable", format!("the artifact `{shown}` cannot be read: it is a folder"))
    );
    let (code, _) = failure(runtime().load_module(&path.join("inside")));
    assert_eq!(code, "artifact-missing");
    let text = dir.path().join("text.wasm");
    fs::write(&text, "{}").expect("a file");
    assert_eq!(
        failure(runtime().load_module(&text)),
        (
            "artifact-not-wasm",
            format!(
                "the artifact `{}` is not a WebAssembly module: it does not start with `\\0asm`",
                text.display()
            )
        )
    );
    let (code, _) = failure(runtime().load_module("a\0b".as_ref()));
    assert_eq!(code, "artifact-unreadable");
}

// spec: RUN-4
#[test]
fn a_module_cut_short_is_refused_wherever_it_is_cut() {
    let bytes = good();
    for length in (0..bytes.len()).step_by(7) {
        let (code, message) = failure(runtime().load_bytes(&bytes[..length]));
        // Cut between two sections it is a module, but no longer one with a contract.
        assert!(["artifact-not-wasm", "contract-missing"].contains(&code), "{length}: {message}");
    }
}

// spec: RUN-4
#[test]
fn a_module_without_a_contract_is_refused() {
    assert_eq!(
        failure(runtime().load_bytes(&saying(0, RESULT, ""))),
        (
            "contract-missing",
            "the module carries no contract: it has no custom section `traverse.contract`".into()
        )
    );
}

// spec: RUN-4, RUN-5
#[test]
fn a_contract_that_is_none_is_refused() {
    let spaced = contract_json().replacen(':', ": ", 1);
    for (contract, reason) in [
        ("", "input is empty"),
        ("{", "not valid JSON"),
        ("{\"a\":1,\"a\":2}", "duplicate key"),
        ("{}", "capability"),
        (spaced.as_str(), "it is not in canonical form"),
    ] {
        let module = with_section(saying(0, RESULT, ""), CONTRACT_SECTION, contract.as_bytes());
        let (code, message) = failure(runtime().load_bytes(&module));
        assert_eq!(code, "contract-invalid", "{contract}");
        assert!(message.contains(reason), "{contract}: {message}");
    }
}

// spec: RUN-5
#[test]
fn the_sections_of_a_module_name_one_capability() {
    let module = with_section(saying(0, RESULT, ""), CONTRACT_SECTION, contract_json().as_bytes());
    let module = with_section(module, PACKAGE_SECTION, br#"{"id":"shop.discount","version":"1.3.0"}"#);
    assert_eq!(
        failure(runtime().load_bytes(&module)),
        ("contract-mismatch", "the module's version is `1.3.0`, and its contract says `1.2.0`".into())
    );
}

// spec: RUN-4
#[test]
fn a_package_section_that_is_none_is_refused() {
    for (section, reason) in [
        (&b"id = 'shop.discount'"[..], "expected value"),
        (b"", "EOF while parsing"),
        (b"[]", "invalid length 0"),
        (br#"{"id":"shop.discount"}"#, "missing field `version`"),
        (b"\xff", "is not UTF-8 at byte 0"),
    ] {
        let module = with_section(saying(0, RESULT, ""), CONTRACT_SECTION, contract_json().as_bytes());
        let (code, message) = failure(runtime().load_bytes(&with_section(module, PACKAGE_SECTION, section)));
        assert_eq!(code, "contract-invalid", "{section:?}");
        assert!(message.contains("`traverse.package`") && message.contains(reason), "{message}");
    }
}

// spec: RUN-6
#[test]
fn every_forbidden_import_is_named() {
    let module = sealed(wat(r#"(module
        (import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "clock_time_get" (func (param i32 i64 i32) (result i32)))
        (import "wasi_snapshot_preview1" "environ_get" (func (param i32 i32) (result i32)))
        (import "env" "fetch" (func))
        (memory (export "memory") 1)
        (func (export "_start")))"#));
    assert_eq!(
        failure(runtime().load_bytes(&module)),
        (
            "import-forbidden",
            "the module imports `env.fetch`, `wasi_snapshot_preview1.clock_time_get`, \
             `wasi_snapshot_preview1.environ_get`, which a capability may not"
                .into()
        )
    );
}

// spec: RUN-6
#[test]
fn nothing_of_wasi_but_three_functions_may_be_imported() {
    for name in [
        "args_get",
        "args_sizes_get",
        "environ_get",
        "environ_sizes_get",
        "clock_res_get",
        "clock_time_get",
        "random_get",
        "fd_prestat_get",
        "fd_close",
        "fd_seek",
        "path_open",
        "poll_oneoff",
        "sched_yield",
        "sock_accept",
        "proc_raise",
    ] {
        let module = sealed(wat(&format!(
            r#"(module (import "wasi_snapshot_preview1" "{name}" (func)) (memory (export "memory") 1)
                (func (export "_start")))"#
        )));
        let (code, message) = failure(runtime().load_bytes(&module));
        assert_eq!(code, "import-forbidden");
        assert!(message.contains(&format!("`wasi_snapshot_preview1.{name}`")), "{message}");
    }
}

#[test]
fn what_does_not_validate_is_not_compiled() {
    // A function that promises an i32 and leaves nothing: well-formed sections, a wrong body.
    let mut module = b"\0asm\x01\0\0\0".to_vec();
    module.extend(b"\x01\x05\x01\x60\x00\x01\x7f"); // type: () -> i32
    module.extend(b"\x03\x02\x01\x00"); // function 0 of type 0
    module.extend(b"\x0a\x04\x01\x02\x00\x0b"); // code: no locals, end
    let (code, message) = failure(runtime().load_bytes(&sealed(module)));
    assert_eq!(code, "compile-failed");
    assert!(message.starts_with("the module cannot be compiled: "), "{message}");
}

// spec: RUN-6
#[test]
fn a_module_that_is_no_command_is_not_linked() {
    for (module, reason) in [
        (r#"(module (memory (export "memory") 1))"#, "it exports no function `_start`"),
        (
            r#"(module (memory (export "memory") 1) (func (export "_start") (param i32)))"#,
            "its export `_start` is not a function without parameters",
        ),
        (r#"(module (func (export "_start")))"#, "it exports no memory named `memory`"),
        (
            r#"(module (import "wasi_snapshot_preview1" "fd_read" (func (param i64)))
                (memory (export "memory") 1) (func (export "_start")))"#,
            "fd_read",
        ),
    ] {
        let (code, message) = failure(runtime().load_bytes(&sealed(wat(module))));
        assert_eq!(code, "link-failed", "{module}");
        assert!(message.contains(reason), "{message}");
    }
}

// spec: RUN-14
#[test]
fn names_that_a_stranger_chose_are_shown_short_and_on_one_line() {
    let forbidden = |imports: &str| {
        let module = format!(r#"(module {imports} (memory (export "memory") 1) (func (export "_start")))"#);
        failure(runtime().load_bytes(&sealed(wat(&module)))).1
    };
    let many: String = (0..50_000).map(|number| format!(r#"(import "env" "f{number:05}" (func))"#)).collect();
    let message = forbidden(&many);
    assert!(message.ends_with("`env.f00009` and 49990 more, which a capability may not"), "{message}");
    assert_eq!(
        forbidden(r#"(import "env\1b" "x\0a\e2\80\ae" (func))"#),
        "the module imports `env\\u{1b}.x\\u{a}\\u{202e}`, which a capability may not"
    );
    let long = forbidden(&format!(r#"(import "env" "{}" (func))"#, "x".repeat(90_000)));
    assert_eq!(long, format!("the module imports `env.{}…`, which a capability may not", "x".repeat(196)));
}

// spec: RUN-6
#[test]
fn a_module_with_many_tables_is_not_linked() {
    let tables = "(table 10 funcref)".repeat(17);
    let module = format!(r#"(module (memory (export "memory") 1) {tables} (func (export "_start")))"#);
    assert_eq!(
        failure(runtime().load_bytes(&sealed(wat(&module)))),
        ("link-failed", "the module cannot be linked: it has 17 tables, and may have 16".into())
    );
}

// spec: RUN-4
#[test]
fn a_section_over_its_size_is_refused_before_it_is_parsed() {
    let large = |name, size: usize| {
        let module = with_section(good(), name, &vec![b'x'; size]);
        failure(runtime().load_bytes(&module))
    };
    for (name, limit) in [("traverse.contract", 1_048_576), ("traverse.package", 65_536)] {
        assert_eq!(
            large(name, limit + 1),
            (
                "contract-invalid",
                format!(
                    "the contract in the module is not valid: custom section `{name}` has {} bytes, and may have {limit}",
                    limit + 1
                )
            )
        );
    }
    let comment = format!("{SPEC}\n#{}", "x".repeat(1 << 20));
    let source = traverse_contract::Source { name: "traverse.spec.toml".into(), text: comment };
    assert_eq!(canonical::contract_json(&source).expect_err("too large")[0].code, "spec-too-large");
    let text = " ".repeat((1 << 20) + 1);
    assert_eq!(
        traverse_contract::Contract::from_json(&text).expect_err("too large")[0].code,
        "spec-too-large"
    );
    // Each quote is two characters in JSON.
    let quotes = SPEC.replace("id = \"shop.discount\"", &format!("id = '{}'", "\"".repeat(600_000)));
    let source = traverse_contract::Source { name: "traverse.spec.toml".into(), text: quotes };
    let errors = canonical::contract_json(&source).expect_err("too large");
    assert_eq!(errors[0].message, "`traverse.spec.toml` is larger than 1048576 bytes as canonical JSON");
}

// spec: RUN-17
#[cfg(unix)]
#[test]
fn nothing_but_regular_files_of_a_bounded_size_is_read() {
    use std::os::unix::fs::symlink;
    let reason = |path: &std::path::Path| {
        traverse_runtime::file::read_regular(path, 10).expect_err("refused").to_string()
    };
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("file");
    fs::write(&path, "0123456789").expect("a file");
    assert_eq!(traverse_runtime::file::read_regular(&path, 10).expect("ten bytes"), b"0123456789");
    fs::write(&path, "0123456789a").expect("a file");
    assert_eq!(reason(&path), "it is larger than 10 bytes");
    assert_eq!(reason(dir.path()), "it is a folder");
    let device = dir.path().join("device");
    symlink("/dev/zero", &device).expect("a link");
    assert_eq!(reason(&device), "it is not a regular file");

    let pipe = dir.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo runs");
    assert!(made.success());
    assert_eq!(reason(&pipe), "it is not a regular file");

    for (file, code) in [
        ("traverse.package.toml", "manifest-unreadable"),
        ("traverse.spec.toml", "spec-unreadable"),
        ("artifacts/discount.wasm", "artifact-unreadable"),
    ] {
        let dir = changed_package(|manifest| manifest);
        fs::remove_file(dir.path().join(file)).expect("a file");
        fs::rename(&pipe, dir.path().join(file)).expect("the pipe moves");
        let (found, message) = failure(runtime().load_package(dir.path()));
        assert_eq!(found, code);
        assert!(message.ends_with("cannot be read: it is not a regular file"), "{message}");
        fs::rename(dir.path().join(file), &pipe).expect("the pipe moves");
        let large = fs::File::create(dir.path().join(file)).expect("a file");
        large.set_len((64 << 20) + 1).expect("a sparse file");
        let (found, message) = failure(runtime().load_package(dir.path()));
        assert_eq!(found, code);
        assert!(message.contains("cannot be read: it is larger than "), "{message}");
    }
}

// spec: RUN-14
#[test]
fn an_error_about_a_module_from_a_file_names_the_file() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("cut.wasm");
    let no_command = sealed(wat(r#"(module (memory (export "memory") 1))"#));
    let mut invalid = b"\0asm\x01\0\0\0\x01\x05\x01\x60\x00\x01\x7f\x03\x02\x01\x00".to_vec();
    invalid.extend(b"\x0a\x04\x01\x02\x00\x0b"); // code that leaves no i32
    for (bytes, code, message) in [
        (good()[..40].to_vec(), "artifact-not-wasm", "the artifact `PATH` is not a WebAssembly module: "),
        (saying(0, RESULT, ""), "contract-missing", "the module `PATH` carries no contract: "),
        (sealed(invalid), "compile-failed", "the module `PATH` cannot be compiled: "),
        (no_command, "link-failed", "the module `PATH` cannot be linked: "),
    ] {
        fs::write(&path, &bytes).expect("a file");
        let (found, told) = failure(runtime().load_module(&path));
        assert_eq!(found, code);
        let message = message.replace("PATH", &path.display().to_string());
        assert!(told.starts_with(&message), "{told}");
        // Without a file the same is said without a name.
        let (found, told) = failure(runtime().load_bytes(&bytes));
        assert_eq!(found, code);
        assert!(!told.contains("cut.wasm"), "{told}");
    }

    let package = dir.path().join("package");
    let cut = &good()[..40];
    write_package(&package, cut);
    let (code, told) = failure(runtime().load_package(&package));
    assert_eq!(code, "artifact-not-wasm");
    assert!(told.contains("discount.wasm` is not a WebAssembly module"), "{told}");

    fs::write(&path, cut).expect("a file");
    let (code, told) = failure(module::inspect_file(&path));
    assert_eq!(code, "artifact-not-wasm");
    assert!(told.starts_with(&format!("the artifact `{}` is not", path.display())), "{told}");
    assert_eq!(failure(module::inspect_file(dir.path())).0, "artifact-unreadable");
    assert_eq!(failure(module::inspect_file(&dir.path().join("none.wasm"))).0, "artifact-missing");
}

// spec: RUN-21
#[test]
fn a_module_of_another_tool_runs_under_a_contract_that_is_given() {
    let spec = |text: &str| traverse_contract::Source { name: "given.spec.toml".into(), text: text.into() };
    let foreign = saying(0, RESULT, "");
    assert_eq!(failure(runtime().load_bytes(&foreign)).0, "contract-missing");
    let capability = runtime().load_bytes_under(&foreign, &spec(SPEC)).expect("it loads");
    assert_eq!(outcome(capability.call(INPUT))["outcome"], "result");
    let lying = runtime().load_bytes_under(&saying(0, "{\"percent\":95,\"note\":\"x\"}", ""), &spec(SPEC));
    assert_eq!(outcome(lying.expect("it loads").call(INPUT))["outcome"], "violation");

    assert!(runtime().load_bytes_under(&sealed(foreign.clone()), &spec(SPEC)).is_ok());
    let other = SPEC.replace("total > 0.0", "total > 1.0");
    let (code, message) = failure(runtime().load_bytes_under(&sealed(foreign.clone()), &spec(&other)));
    assert_eq!(code, "contract-mismatch", "{message}");
    assert_eq!(failure(runtime().load_bytes_under(&foreign, &spec("[capability"))).0, "spec-invalid");

    let folder = tempfile::tempdir().expect("a folder");
    let (module, contract) = (folder.path().join("m.wasm"), folder.path().join("given.spec.toml"));
    std::fs::write(&module, &foreign).expect("written");
    assert_eq!(failure(runtime().load_module_under(&module, &contract)).0, "spec-missing");
    std::fs::write(&contract, SPEC).expect("written");
    assert!(runtime().load_module_under(&module, &contract).is_ok());
}
