//! Modules made by hand: a contract, a command that says what a test wants said, and the sections that hold the two
//! together.
#![allow(dead_code)] // Each test binary uses a part of it.

pub(crate) mod hostile;

use serde_json::{Value, json};
use std::path::Path;
use traverse_contract::canonical;
use traverse_contract::package::{CONTRACT_SECTION, PACKAGE_SECTION};
use traverse_runtime::{Call, Capability, Error, Runtime};

/// The contract of the tests, as TOML. [`contract_json`] is the same in the form that a module carries.
pub(crate) const SPEC: &str = r#"
[capability]
id = "shop.discount"
version = "1.2.0"
runtime = "wasm32-wasip1"

[input]
type = "object"
required = ["total", "tier"]
additionalProperties = false
[input.properties.total]
type = "number"
minimum = 0
[input.properties.tier]
type = "string"
enum = ["standard", "gold"]

[output]
type = "object"
required = ["percent", "note"]
additionalProperties = false
[output.properties.percent]
type = "integer"
minimum = 0
maximum = 90
[output.properties.note]
type = "string"

[contract]
preconditions = ["total < 1000000.0", { id = "not-nothing", rule = "total > 0.0", message = "the cart is empty" }]
postconditions = ["result.percent >= 0", { rule = "size(result.note) > 0", message = "say why" }]
invariants = ["tier == 'gold' or result.percent <= 20", "no discount is ever surprising"]
exceptions = [
    { name = "CartTooBig", when = "total >= 5000.0", message = "ask for an offer" },
    { name = "WrongTier", details = { type = "object", required = ["expected"], properties = { expected = { type = "string" } } } },
    "Closed",
]

[limits]
fuel = 100000000
memory_bytes = 1048576
input_bytes = 200
output_bytes = 65536
"#;

/// Input that fits the contract.
pub(crate) const INPUT: &[u8] = br#"{"total":120.0,"tier":"standard"}"#;
/// A result that fits the contract.
pub(crate) const RESULT: &str = r#"{"percent":5,"note":"within limits"}"#;

/// The canonical JSON of [`SPEC`].
pub(crate) fn contract_json() -> String {
    let source = traverse_contract::Source { name: "traverse.spec.toml".into(), text: SPEC.into() };
    canonical::contract_json(&source).expect("the contract of the tests is a contract")
}

/// The section `traverse.package` that belongs to [`SPEC`].
pub(crate) fn package_json() -> Value {
    json!({"id": "shop.discount", "version": "1.2.0", "sdk": "0.1.0"})
}

/// Text to bytes.
pub(crate) fn wat(text: &str) -> Vec<u8> {
    wat::parse_str(text).expect("the test's module is well-formed")
}

/// A command that reads nothing, writes `stdout` and `stderr`, and ends with `exit_code`.
pub(crate) fn saying(exit_code: i32, stdout: &str, stderr: &str) -> Vec<u8> {
    doing(
        "",
        &format!("{} {} (call $proc_exit (i32.const {exit_code}))", say(1, 4096), say(2, 40960)),
        stdout,
        stderr,
    )
}

/// Writes the text at `address`, which is a length and bytes.
fn say(fd: i32, address: i32) -> String {
    format!(
        "(i32.store (i32.const 0) (i32.const {})) (i32.store (i32.const 4) (i32.load (i32.const {address})))
        (drop (call $fd_write (i32.const {fd}) (i32.const 0) (i32.const 1) (i32.const 8)))",
        address + 4
    )
}

/// Writes what stands in the place of stdout.
pub(crate) fn say_stdout() -> String {
    say(1, 4096)
}

/// Writes what stands in the place of stderr.
pub(crate) fn say_stderr() -> String {
    say(2, 40960)
}

/// A command with this body, not yet with a contract.
pub(crate) fn doing(declarations: &str, body: &str, stdout: &str, stderr: &str) -> Vec<u8> {
    importing("", declarations, body, stdout, stderr)
}

/// [`doing`], with more imports than the three.
pub(crate) fn importing(
    imports: &str,
    declarations: &str,
    body: &str,
    stdout: &str,
    stderr: &str,
) -> Vec<u8> {
    wat(&format!(
        r#"(module
            (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
            (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
            (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
            {imports}
            (memory (export "memory") 2)
            (data (i32.const 4096) "{}")
            (data (i32.const 40960) "{}")
            {declarations}
            (func (export "_start") {body}))"#,
        text_data(stdout),
        text_data(stderr)
    ))
}

fn text_data(text: &str) -> String {
    let length = u32::try_from(text.len()).expect("a short text").to_le_bytes();
    length.iter().chain(text.as_bytes()).map(|byte| format!("\\{byte:02x}")).collect()
}

/// Appends a custom section.
pub(crate) fn with_section(mut module: Vec<u8>, name: &str, content: &[u8]) -> Vec<u8> {
    let mut body = leb128(name.len());
    body.extend(name.as_bytes());
    body.extend(content);
    module.push(0);
    module.extend(leb128(body.len()));
    module.extend(body);
    module
}

fn leb128(mut value: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let byte = (value & 0x7f) as u8;
        value >>= 7;
        if value == 0 {
            bytes.push(byte);
            return bytes;
        }
        bytes.push(byte | 0x80);
    }
}

/// Appends the contract of the tests, and the package section.
pub(crate) fn sealed(module: Vec<u8>) -> Vec<u8> {
    let module = with_section(module, CONTRACT_SECTION, contract_json().as_bytes());
    with_section(module, PACKAGE_SECTION, package_json().to_string().as_bytes())
}

/// Loads a command under the contract of the tests.
pub(crate) fn load(module: Vec<u8>) -> Capability {
    runtime().load_bytes(&sealed(module)).expect("the test's module loads")
}

/// A runtime without limits of its own.
pub(crate) fn runtime() -> Runtime {
    Runtime::new().expect("the engine starts")
}

/// Calls a command that says this.
pub(crate) fn call_saying(exit_code: i32, stdout: &str) -> Result<Call, Error> {
    load(saying(exit_code, stdout, "")).call(INPUT)
}

/// The outcome's document.
pub(crate) fn outcome(call: Result<Call, Error>) -> Value {
    call.expect("the call has an outcome").outcome.to_json()
}

/// Code and message of an error.
pub(crate) fn failure<T: std::fmt::Debug>(result: Result<T, Error>) -> (&'static str, String) {
    let error = result.expect_err("an error");
    assert!(!error.help().is_empty());
    (error.code(), error.message())
}

/// Writes a package: manifest, spec and artifact that belong together.
pub(crate) fn write_package(dir: &Path, module: &[u8]) {
    std::fs::create_dir_all(dir.join("artifacts")).expect("a folder");
    std::fs::write(dir.join("traverse.spec.toml"), SPEC).expect("a file");
    std::fs::write(dir.join("artifacts/discount.wasm"), module).expect("a file");
    std::fs::write(dir.join("traverse.package.toml"), manifest(module)).expect("a file");
}

/// The manifest that belongs to [`SPEC`] and this module.
pub(crate) fn manifest(module: &[u8]) -> String {
    format!(
        r#"package_id = "shop.discount"
version = "1.2.0"
summary = "Decides a discount."

[capability_ref]
id = "shop.discount"
version = "1.2.0"
contract_path = "traverse.spec.toml"
contract_digest = "{}"

[source]
path = "src/main.rs"
language = "rust"
entry = "discount"

[binary]
path = "artifacts/discount.wasm"
format = "wasm32-wasip1"
digest = "{}"
bytes = {}
"#,
        canonical::sha256(contract_json().as_bytes()),
        canonical::sha256(module),
        module.len()
    )
}
