use super::*;

fn module(imports: &str, body: &str) -> Vec<u8> {
    wat::parse_str(format!(
        "(module
           {imports}
           (memory (export \"memory\") 1)
           (func (export \"_start\") {body})
           (func (export \"author_extra\"))
           (@custom \"producers\" \"x\") (@custom \"mine\" \"y\"))"
    ))
    .unwrap()
}

fn wasi(name: &str, parameters: usize) -> String {
    format!(
        "(import \"wasi_snapshot_preview1\" \"{name}\" (func ${name} (param{}) (result i32)))",
        " i32".repeat(parameters)
    )
}

/// spec: PKG-21, PKG-22
#[test]
fn the_surroundings_are_answered_inside() {
    let imports =
        [wasi("environ_get", 2), wasi("environ_sizes_get", 2), wasi("args_sizes_get", 2), wasi("fd_read", 4)]
            .join("\n");
    let closed = close_module(&module(
        &imports,
        "(drop (call $environ_sizes_get (i32.const 0) (i32.const 4)))
         (drop (call $args_sizes_get (i32.const 0) (i32.const 4)))
         (drop (call $environ_get (i32.const 0) (i32.const 4)))
         (drop (call $fd_read (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)))",
    ))
    .unwrap();
    assert_eq!(closed.imports, ["wasi_snapshot_preview1.fd_read"]);
    wasmparser::Validator::new().validate_all(&closed.bytes).unwrap();
}

/// spec: PKG-22
#[test]
fn an_import_that_nothing_calls_is_dropped() {
    let closed = close_module(&module(&wasi("clock_time_get", 3), "")).unwrap();
    assert!(closed.imports.is_empty());
}

/// spec: PKG-21
#[test]
fn a_clock_and_a_foreign_function_are_refused_by_name() {
    let imports = format!(
        "{} (import \"env\" \"host_call\" (func $host_call (param i32) (result i32)))",
        wasi("clock_time_get", 1)
    );
    let error = close_module(&module(
        &imports,
        "(drop (call $clock_time_get (i32.const 0))) (drop (call $host_call (i32.const 0)))",
    ))
    .unwrap_err();
    assert_eq!(
        error,
        CloseError::ForbiddenImports(vec![
            "env.host_call".to_owned(),
            "wasi_snapshot_preview1.clock_time_get".to_owned()
        ])
    );
}

#[test]
fn each_reason_is_given_once() {
    let imports = ["env.x", "clock_res_get", "clock_time_get", "random_get"].map(|name| match name {
        "env.x" => name.to_owned(),
        name => format!("wasi_snapshot_preview1.{name}"),
    });
    let reasons = explain_imports(&imports);
    assert_eq!(reasons.len(), 2);
    assert!(reasons[0].0.contains("read a clock"));
    assert_eq!(reasons[0].1, imports[1..3]);
    assert!(reasons[1].0.contains("no randomness"));
}

#[test]
fn descriptors_beside_sockets_are_sockets() {
    let wasi = |names: &[&str]| -> Vec<String> {
        names.iter().map(|name| format!("wasi_snapshot_preview1.{name}")).collect()
    };
    let reasons = explain_imports(&wasi(&["fd_close", "fd_fdstat_get"]));
    assert!(reasons.len() == 1 && reasons[0].0.contains("`File`"), "{reasons:?}");
    let reasons = explain_imports(&wasi(&["fd_close", "fd_fdstat_get", "sock_recv"]));
    assert!(reasons.len() == 1 && reasons[0].0.contains("`TcpStream`"), "{reasons:?}");
}

/// spec: PKG-23, PKG-24
#[test]
fn only_the_two_exports_and_no_custom_section_stay() {
    let closed = close_module(&module("", "")).unwrap();
    let mut exports = Vec::new();
    for payload in wasmparser::Parser::new(0).parse_all(&closed.bytes) {
        match payload.unwrap() {
            wasmparser::Payload::ExportSection(section) => {
                exports.extend(section.into_iter().map(|export| export.unwrap().name.to_owned()));
            }
            wasmparser::Payload::CustomSection(section) => panic!("section `{}` is left", section.name()),
            _ => {}
        }
    }
    exports.sort();
    assert_eq!(exports, ["_start", "memory"]);
}

/// spec: PKG-20
#[test]
fn closing_is_a_function_of_the_bytes() {
    let wasm = module(&wasi("environ_get", 2), "(drop (call $environ_get (i32.const 0) (i32.const 0)))");
    assert_eq!(close_module(&wasm).unwrap().bytes, close_module(&wasm).unwrap().bytes);
}

#[test]
fn bytes_that_are_no_module_are_an_error() {
    assert!(matches!(close_module(b"\0asm\x01\0"), Err(CloseError::NotAModule(_))));
    assert!(matches!(close_module(b"hello"), Err(CloseError::NotAModule(_))));
}
