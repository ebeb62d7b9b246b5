//! Packages in temporary folders, and the command run in them.

use serde_json::Value;
use std::ffi::OsStr;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempDir;
use traverse_contract::package::{CONTRACT_SECTION, MANIFEST_FILE, PACKAGE_SECTION, SPEC_FILE};
use traverse_contract::{Source, canonical};

/// The contract of the packages here: the module that echoes its input satisfies it for amounts up to 100.
pub(crate) const SPEC: &str = r#"# traverse.spec.toml
[capability]
id      = "test.echo"
version = "1.2.0"
runtime = "wasm32-wasip1"
summary = "Says again what it was told"

[contract]
preconditions = [
    "note is string",
    { id = "positive-amount", rule = "amount > 0", message = "there is nothing to echo" },
]
postconditions = ["result.amount <= 100", "result.note is string"]
invariants = ["echoes add nothing"]
exceptions = ["TooLoud", { name = "Silent", when = "note == 'hush'" }]

[limits]
fuel = 2000000
memory_bytes = 1048576
input_bytes = 1000
output_bytes = 2000
"#;

/// A package in a folder that goes when this is dropped.
pub(crate) struct Package {
    folder: TempDir,
}

/// What a finished command left.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Package {
    /// A folder with nothing in it.
    pub(crate) fn empty() -> Package {
        Package { folder: tempfile::tempdir().expect("a folder") }
    }

    /// A package of [`SPEC`] whose artifact is this module, sealed with the contract.
    pub(crate) fn of(module: &str) -> Package {
        let package = Package::empty();
        package.write(SPEC_FILE, SPEC);
        package.write("src/main.rs", "fn main() {}\n");
        package.put(&sealed(module, SPEC), SPEC);
        package
    }

    /// The same of a module that says nothing of the SDK, and so need not refuse anything itself.
    pub(crate) fn of_another_tool(module: &str) -> Package {
        let package = Package::of(module);
        let bytes = with_section(bytes_of(module), CONTRACT_SECTION, contract_json(SPEC).as_bytes());
        let about = br#"{"id":"test.echo","version":"1.2.0","built_by":"hand"}"#;
        package.put(&with_section(bytes, PACKAGE_SECTION, about), SPEC);
        package
    }

    /// Writes the artifact, and a manifest that names it and the contract of `spec`.
    pub(crate) fn put(&self, artifact: &[u8], spec: &str) {
        self.write_bytes("artifacts/echo.wasm", artifact);
        let digest = canonical::sha256(artifact);
        let contract_digest = canonical::sha256(contract_json(spec).as_bytes());
        let bytes = artifact.len();
        self.write(
            MANIFEST_FILE,
            &format!(
                r#"package_id = "test.echo"
version = "1.2.0"

[capability_ref]
id = "test.echo"
version = "1.2.0"
contract_path = "traverse.spec.toml"
contract_digest = "{contract_digest}"

[source]
path = "src/main.rs"
language = "rust"
entry = "echo"

[binary]
path = "artifacts/echo.wasm"
format = "wasm32-wasip1"
digest = "{digest}"
bytes = {bytes}
"#
            ),
        );
    }

    /// With a case file.
    pub(crate) fn case(self, name: &str, text: &str) -> Package {
        self.write(&format!("cases/{name}"), text);
        self
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        self.write_bytes(name, text.as_bytes());
    }

    pub(crate) fn write_bytes(&self, name: &str, bytes: &[u8]) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().expect("it lies in the package")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).expect("a file")
    }

    /// Puts all of the package into another folder.
    pub(crate) fn copy_to(&self, folder: &Path) {
        copy(self.path(), folder);
    }

    /// Replaces a text in a file of the package, which must be there.
    pub(crate) fn replace(&self, name: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path().join(name)).expect("a file");
        assert!(text.contains(from), "no `{from}` in {name}");
        self.write(name, &text.replace(from, to));
    }

    pub(crate) fn remove(&self, name: &str) {
        fs::remove_file(self.path().join(name)).expect("a file to remove");
    }

    /// The command in the package's folder, with this on its stdin.
    pub(crate) fn command<S: AsRef<OsStr>>(&self, arguments: &[S], stdin: &[u8]) -> Finished {
        let mut finished = command(self.path(), arguments, stdin);
        // The runtime names files by their real path.
        for folder in [self.path().canonicalize().expect("a folder"), self.path().to_owned()] {
            let folder = folder.display().to_string();
            finished.stdout = finished.stdout.replace(&folder, "[package]");
            finished.stderr = finished.stderr.replace(&folder, "[package]");
        }
        finished
    }

    /// `run --input-json INPUT`
    pub(crate) fn run(&self, input: &str) -> Finished {
        self.command(&["run", "--input-json", input], b"")
    }
}

impl Finished {
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Finished {
        assert_eq!(self.code, code, "\n--- stdout\n{}\n--- stderr\n{}", self.stdout, self.stderr);
        self
    }

    #[track_caller]
    pub(crate) fn prints(self, stdout: &str) -> Finished {
        assert_eq!(self.stdout, stdout, "\n--- stderr\n{}", self.stderr);
        self
    }

    #[track_caller]
    pub(crate) fn says(self, stderr: &str) -> Finished {
        assert!(self.stderr.contains(stderr), "no `{stderr}` in stderr:\n{}", self.stderr);
        self
    }

    /// stdout as the one document that it must be.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.stdout.matches('\n').count(), 1, "one line: {}", self.stdout);
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {}", self.stdout))
    }

    /// [`Finished::json`] without what differs from machine to machine and from release to release.
    #[track_caller]
    pub(crate) fn redacted_json(&self) -> Value {
        let mut json = self.json();
        redact(&mut json);
        json
    }
}

fn redact(value: &mut Value) {
    match value {
        Value::String(text) if text.starts_with("sha256:") => *text = "sha256:[digest]".to_owned(),
        Value::Array(items) => items.iter_mut().for_each(redact),
        Value::Object(fields) => {
            for (key, value) in fields.iter_mut() {
                let number = [
                    "fuel",
                    "fuel_used",
                    "peak_memory_bytes",
                    "bytes",
                    "code_bytes",
                    "data_bytes",
                    "seconds",
                    "total_ns",
                    "guest_ns",
                ];
                if number.contains(&key.as_str()) && value.is_number() && *value != 0 {
                    *value = "[number]".into();
                }
                redact(value);
            }
        }
        _ => {}
    }
}

/// The command in `folder`. Nothing of the surroundings that could change what is printed goes in.
pub(crate) fn command<S: AsRef<OsStr>>(folder: &Path, arguments: &[S], stdin: &[u8]) -> Finished {
    finish(process(folder, arguments), stdin)
}

/// The command with these variables in its environment, and nothing on its stdin.
pub(crate) fn command_with(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Finished {
    let mut process = process(folder, arguments);
    process.envs(variables.iter().copied());
    finish(process, b"")
}

fn process<S: AsRef<OsStr>>(folder: &Path, arguments: &[S]) -> Command {
    let mut process = Command::new(env!("CARGO_BIN_EXE_cargo-traverse"));
    process
        .args(arguments)
        .current_dir(folder)
        .env_remove("NO_COLOR")
        .env_remove("GITHUB_ACTIONS")
        .env("TERM", "xterm-256color");
    process
}

/// A command that goes on until this is dropped.
pub(crate) struct Watching {
    child: std::process::Child,
    said: std::sync::Arc<std::sync::Mutex<String>>,
}

impl Watching {
    pub(crate) fn start(folder: &Path, arguments: &[&str]) -> Watching {
        let mut child = process(folder, arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the command starts");
        let said = std::sync::Arc::new(std::sync::Mutex::new(String::new()));
        let out: Box<dyn std::io::Read + Send> = Box::new(child.stdout.take().expect("a pipe"));
        let err: Box<dyn std::io::Read + Send> = Box::new(child.stderr.take().expect("a pipe"));
        for stream in [out, err] {
            let said = said.clone();
            std::thread::spawn(move || {
                let lines = std::io::BufRead::lines(std::io::BufReader::new(stream));
                for line in lines.map_while(Result::ok) {
                    let mut said = said.lock().expect("no thread panics with it");
                    said.push_str(&line);
                    said.push('\n');
                }
            });
        }
        Watching { child, said }
    }

    /// All that it has printed so far.
    pub(crate) fn said(&self) -> String {
        self.said.lock().expect("no thread panics with it").clone()
    }

    /// Waits until it has printed this.
    #[track_caller]
    pub(crate) fn wait_for(&self, text: &str) {
        for _ in 0..1200 {
            if self.said().contains(text) {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        panic!("no `{text}`:\n{}", self.said());
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        // One that has ended already is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn finish(mut process: Command, stdin: &[u8]) -> Finished {
    let mut child = process
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    let mut pipe = child.stdin.take().expect("a pipe");
    let stdin = stdin.to_owned();
    // The command may end without reading its input, and it may write before it has read all of it.
    let writer = std::thread::spawn(move || drop(pipe.write_all(&stdin)));
    let output = child.wait_with_output().expect("the command ends");
    writer.join().expect("the writer ends");
    Finished {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).expect("UTF-8 on stdout"),
        stderr: String::from_utf8(output.stderr).expect("UTF-8 on stderr"),
    }
}

/// The canonical JSON of a spec.
pub(crate) fn contract_json(spec: &str) -> String {
    let source = Source { name: SPEC_FILE.into(), text: spec.into() };
    canonical::contract_json(&source).expect("the spec is a contract")
}

/// The module in text, as bytes, with the sections that `build` appends.
pub(crate) fn sealed(module: &str, spec: &str) -> Vec<u8> {
    let bytes = with_section(bytes_of(module), CONTRACT_SECTION, contract_json(spec).as_bytes());
    let package = br#"{"id":"test.echo","version":"1.2.0","sdk":"0.1.0","rustc":"1.96.0 (ac68faa20 2026-05-25)","built_by":"cargo-traverse 0.1.0"}"#;
    with_section(bytes, PACKAGE_SECTION, package)
}

pub(crate) fn bytes_of(module: &str) -> Vec<u8> {
    wat::parse_str(module).expect("the module's text is right")
}

/// Appends a custom section.
pub(crate) fn with_section(mut module: Vec<u8>, name: &str, data: &[u8]) -> Vec<u8> {
    let mut content = leb128(name.len());
    content.extend_from_slice(name.as_bytes());
    content.extend_from_slice(data);
    module.push(0);
    module.extend(leb128(content.len()));
    module.extend(content);
    module
}

fn leb128(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = (number & 0x7f) as u8;
        number >>= 7;
        if number == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}

/// A module that does this in `_start`; `$read`, `$write` and `$exit` are the three functions of a capability.
pub(crate) fn module(data: &str, body: &str) -> String {
    format!(
        r#"(module
  (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  {data}
  (func (export "_start")
    {body}))"#
    )
}

/// A module whose result is its input.
pub(crate) fn echo() -> String {
    module(
        "",
        "(i32.store (i32.const 0) (i32.const 1024))
    (i32.store (i32.const 4) (i32.const 4096))
    (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 4)))
    (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))",
    )
}

/// A module that writes this to stderr and this to stdout and ends with this exit code.
pub(crate) fn saying(code: i32, stdout: &str, stderr: &str) -> String {
    module(
        &format!(
            "(data (i32.const 1024) \"{}\") (data (i32.const 8192) \"{}\")",
            escaped(stdout),
            escaped(stderr)
        ),
        &format!(
            "(i32.store (i32.const 0) (i32.const 8192))
    (i32.store (i32.const 4) (i32.const {}))
    (drop (call $write (i32.const 2) (i32.const 0) (i32.const 1) (i32.const 8)))
    (i32.store (i32.const 0) (i32.const 1024))
    (i32.store (i32.const 4) (i32.const {}))
    (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
    (call $exit (i32.const {code}))",
            stderr.len(),
            stdout.len()
        ),
    )
}

fn escaped(text: &str) -> String {
    text.bytes().map(|byte| format!("\\{byte:02x}")).collect()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let place = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &place);
        } else {
            fs::copy(entry.path(), place).expect("a file");
        }
    }
}
