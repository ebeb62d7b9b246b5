use super::*;
use std::panic::catch_unwind;

fn module(text: &str) -> Vec<u8> {
    wat::parse_str(text).expect("the test's module is well-formed")
}

/// A module with a little of everything.
fn full() -> Vec<u8> {
    module(
        r#"(module
            (import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32)))
            (import "wasi_snapshot_preview1" "environ_get" (func (param i32 i32) (result i32)))
            (import "env" "fd_read" (func))
            (memory (export "memory") 4 16)
            (table 1 funcref)
            (global i32 (i32.const 1))
            (data (i32.const 0) "some data")
            (func (export "_start"))
            (func (result i32) (i32.const 42))
            (@custom "traverse.contract" "{\"capability\":{}}")
            (@custom "traverse.package" "{\"id\":\"a.b\",\"version\":\"1.0.0\",\"sdk\":\"0.1.0\",\"rustc\":\"1.96.0\"}")
            (@custom "name" ""))"#,
    )
}

#[test]
fn facts_come_from_the_bytes_alone() {
    let bytes = full();
    let facts = inspect(&bytes).expect("a whole module");
    assert_eq!(facts.bytes, bytes.len() as u64);
    assert!(facts.digest.starts_with("sha256:"));
    assert_eq!(
        facts.imports,
        ["env.fd_read", "wasi_snapshot_preview1.environ_get", "wasi_snapshot_preview1.fd_write"]
    );
    assert_eq!(facts.forbidden_imports, ["env.fd_read", "wasi_snapshot_preview1.environ_get"]);
    assert_eq!(facts.exports, ["memory", "_start"]);
    assert_eq!(facts.functions, 2);
    assert_eq!(facts.memories, [MemoryFacts { initial_bytes: 4 << 16, maximum_bytes: Some(16 << 16) }]);
    assert!(facts.code_bytes > 0 && facts.data_bytes > 0);
    assert_eq!(facts.custom_sections[0], CustomSection { name: "traverse.contract".into(), bytes: 17 });
    assert_eq!(facts.contract_json.as_deref(), Some(r#"{"capability":{}}"#));
    let package = facts.package.expect("a package section");
    assert_eq!((package.id.as_str(), package.version.as_str()), ("a.b", "1.0.0"));
    assert_eq!(package.rustc.as_deref(), Some("1.96.0"));
    assert_eq!(package.built_by, None);
}

#[test]
fn what_is_no_module_is_told_apart() {
    for (bytes, message) in [
        (&b""[..], "the artifact is not a WebAssembly module: the file is empty"),
        (b"#!/bin/sh\n", "the artifact is not a WebAssembly module: it does not start with `\\0asm`"),
        (b"\0as", "the artifact is not a WebAssembly module: it is cut short in its first 8 bytes"),
        (
            b"\0asm\x0d\0\x01\0",
            "the artifact is not a WebAssembly module: it is a component, and a capability is a core module",
        ),
    ] {
        let error = inspect(bytes).expect_err("no module");
        assert_eq!(error.code(), "artifact-not-wasm");
        assert_eq!(error.message(), message);
    }
}

// spec: RUN-4
#[test]
fn a_module_cut_short_anywhere_is_never_taken_for_whole() {
    let bytes = full();
    let whole = inspect(&bytes).expect("a whole module");
    for length in 0..bytes.len() {
        let cut = catch_unwind(|| inspect(&bytes[..length])).expect("no panic");
        // Between two sections a shorter module may be well-formed; its digest is another, and so are its sections.
        if let Ok(facts) = cut {
            assert_ne!(facts.digest, whole.digest);
            assert!(facts.custom_sections.len() < whole.custom_sections.len());
        }
    }
}

#[test]
fn damaged_bytes_do_not_panic() {
    let bytes = full();
    for position in 0..bytes.len() {
        for flip in [0x01, 0x10, 0x80, 0xff] {
            let mut damaged = bytes.clone();
            damaged[position] ^= flip;
            catch_unwind(move || inspect(&damaged).map(drop)).expect("no panic").ok();
        }
    }
}

#[test]
fn garbage_after_the_magic_number_does_not_panic() {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    for _ in 0..20_000 {
        let mut bytes = b"\0asm\x01\0\0\0".to_vec();
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend(state.to_le_bytes().iter().take((state >> 60) as usize));
        bytes.extend(state.rotate_left(31).to_be_bytes());
        catch_unwind(move || inspect(&bytes).map(drop)).expect("no panic").ok();
    }
}

// spec: RUN-4
#[test]
fn two_contracts_or_no_text_are_refused() {
    for (text, reason) in [
        (
            r#"(module (@custom "traverse.contract" "{}") (@custom "traverse.contract" "{}"))"#,
            "the contract in the module is not valid: custom section `traverse.contract` is there twice",
        ),
        (
            r#"(module (@custom "traverse.contract" "{\ff}"))"#,
            "the contract in the module is not valid: custom section `traverse.contract` is not UTF-8 at byte 1",
        ),
    ] {
        let error = inspect(&module(text)).expect_err("refused");
        assert_eq!(error.code(), "contract-invalid");
        assert_eq!(error.message(), reason);
    }
    let error = inspect(&module(r#"(module (@custom "traverse.package" "{"))"#)).expect_err("refused");
    assert_eq!(error.code(), "contract-invalid");
}

// spec: RUN-6
#[test]
fn an_allowed_name_must_be_a_function() {
    let facts = inspect(&module(r#"(module (import "wasi_snapshot_preview1" "fd_read" (global i32)))"#));
    assert_eq!(facts.expect("a module").forbidden_imports, ["wasi_snapshot_preview1.fd_read"]);
}
