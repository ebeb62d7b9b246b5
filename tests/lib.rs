//! What the whole-product tests stand on: the real command, in real project folders, with one shared folder for
//! what guests compile to, so that third-party crates are compiled once for all of them.

use serde_json::Value;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use traverse_contract::Contract;

/// What a finished process left.
#[derive(Debug)]
pub struct Finished {
    /// Exit code; -1 when a signal ended it.
    pub code: i32,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Finished {
    /// The same, if the exit code is this one.
    ///
    /// # Panics
    /// With everything that was printed, if it is another.
    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "\n--- stdout\n{}\n--- stderr\n{}", self.stdout, self.stderr);
        self
    }

    /// The same, if stderr holds this text.
    ///
    /// # Panics
    /// With everything that was printed, if it does not.
    #[track_caller]
    pub fn says(self, text: &str) -> Self {
        assert!(
            self.stderr.contains(text),
            "no `{text}` in stderr:\n{}\n--- stdout\n{}",
            self.stderr,
            self.stdout
        );
        self
    }

    /// The same, if stdout is exactly this, but for white space around it.
    ///
    /// # Panics
    /// With everything that was printed, if it is not.
    #[track_caller]
    pub fn prints(self, text: &str) -> Self {
        assert_eq!(self.stdout.trim(), text, "\n--- stderr\n{}", self.stderr);
        self
    }

    /// Standard output as one JSON document.
    ///
    /// # Panics
    /// If it is not one.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| {
            panic!("stdout is not JSON: {error}\n{}\n--- stderr\n{}", self.stdout, self.stderr)
        })
    }
}

/// The repository.
pub fn repository() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().unwrap_or(tests).to_path_buf()
}

/// Where test programs of this run are compiled to.
fn target_dir() -> &'static Path {
    static TARGET: OnceLock<PathBuf> = OnceLock::new();
    TARGET.get_or_init(|| {
        let program = std::env::current_exe().expect("a test knows its own program");
        // <target>/<profile>/deps/<test>
        program.ancestors().nth(3).expect("a test lies in the target folder").to_path_buf()
    })
}

/// The shared folder for what guests compile to.
pub fn guest_target_dir() -> PathBuf {
    target_dir().join("guests")
}

/// The real command, built if it is not up to date.
pub fn command_path() -> &'static Path {
    static COMMAND: OnceLock<PathBuf> = OnceLock::new();
    COMMAND.get_or_init(|| {
        // The same selection of packages as `cargo test --workspace`, so that nothing is compiled in a second way.
        let status = Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--locked", "--package", "cargo-traverse", "--target-dir"])
            .arg(target_dir())
            .current_dir(repository())
            .status()
            .expect("cargo runs");
        assert!(status.success(), "cargo-traverse does not build");
        target_dir().join("debug").join("cargo-traverse")
    })
}

/// A process to be, with everything that the test runner put into the environment taken out.
pub fn process(program: impl AsRef<std::ffi::OsStr>, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder);
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        let inherited = (text.starts_with("CARGO") && text != "CARGO_HOME")
            || text.starts_with("RUSTC")
            || text.starts_with("RUSTDOC")
            || text == "RUSTFLAGS"
            || text == "RUST_BACKTRACE"
            || text == "LD_LIBRARY_PATH"
            || text == "RUST_RECURSION_COUNT"
            || text == "RUSTUP_TOOLCHAIN";
        if inherited {
            command.env_remove(&name);
        }
    }
    command
}

/// Runs a process to its end with this standard input.
pub fn finish(mut command: Command, input: &[u8]) -> Finished {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
    let mut stdin = child.stdin.take().expect("stdin is piped");
    let input = input.to_vec();
    // A process that does not read its input ends with a broken pipe here, which is its own affair.
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().expect("a child can be waited for");
    writer.join().expect("the writer does not panic");
    Finished {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// `cargo-traverse traverse ARGS` in a folder, with a standard input.
pub fn traverse_with(folder: &Path, arguments: &[&str], input: &[u8]) -> Finished {
    let mut command = process(command_path(), folder);
    command.arg("traverse").args(arguments).env("CARGO_TARGET_DIR", guest_target_dir());
    finish(command, input)
}

/// `cargo-traverse traverse ARGS` in a folder, with nothing on standard input.
pub fn traverse(folder: &Path, arguments: &[&str]) -> Finished {
    traverse_with(folder, arguments, b"")
}

/// A manifest with the id and the version of this spec and the name of this program's function.
pub fn manifest_for(manifest: &str, spec: &str, program: &str) -> String {
    let find = |key: &str| {
        let line = spec.lines().find(|line| line.split('=').next().is_some_and(|name| name.trim() == key));
        line.and_then(|line| line.split('"').nth(1)).map(str::to_owned)
    };
    let (Some(id), Some(version)) = (find("id"), find("version")) else { return manifest.to_owned() };
    let entry = program
        .split_once("#[capability]")
        .and_then(|(_, after)| after.split_once("fn ")?.1.split(['(', '<']).next())
        .unwrap_or("none");
    manifest
        .lines()
        .map(|line| match line.split('=').next().map(str::trim) {
            Some("id") => format!("id = \"{id}\""),
            Some("package_id") => format!("package_id = \"{id}\""),
            Some("entry") => format!("entry = \"{entry}\""),
            Some("version") => format!("version = \"{version}\""),
            _ => line.to_owned(),
        })
        .collect::<Vec<_>>()
        .join("\n")
}

/// A project in a folder of its own, which goes when this is dropped.
#[derive(Debug)]
pub struct Project {
    root: tempfile::TempDir,
    name: String,
}

impl Project {
    /// What `new NAME --template TEMPLATE` writes. The name must be unique among the tests: they share one target
    /// folder, in which cargo tells packages apart by name.
    pub fn new(name: &str, template: &str) -> Project {
        let root = tempfile::tempdir().expect("a temporary folder");
        traverse(root.path(), &["new", name, "--template", template]).exits(0);
        Project { root, name: name.to_owned() }
    }

    /// A project with this spec and this program, from the minimal template, without cases.
    pub fn with(name: &str, spec: &str, program: &str) -> Project {
        let project = Project::new(name, "minimal");
        project.write("traverse.spec.toml", spec);
        project.write("src/main.rs", program);
        std::fs::remove_dir_all(project.path().join("cases")).expect("the template has cases");
        project.adopt_identity();
        project
    }

    /// Writes the spec's id and version and the function's name into the manifest.
    fn adopt_identity(&self) {
        let manifest = self.read("traverse.package.toml");
        let manifest = manifest_for(&manifest, &self.read("traverse.spec.toml"), &self.read("src/main.rs"));
        self.write("traverse.package.toml", &manifest);
    }

    /// Its folder.
    pub fn path(&self) -> PathBuf {
        self.root.path().join(&self.name)
    }

    /// Its module.
    pub fn artifact(&self) -> PathBuf {
        self.path().join(format!("artifacts/{}.wasm", self.name))
    }

    /// A file's text.
    pub fn read(&self, file: &str) -> String {
        std::fs::read_to_string(self.path().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
    }

    /// Writes a file, with the folders on the way.
    pub fn write(&self, file: &str, text: &str) {
        let path = self.path().join(file);
        std::fs::create_dir_all(path.parent().expect("a file lies in a folder"))
            .expect("a folder can be made");
        std::fs::write(&path, text).unwrap_or_else(|error| panic!("{file}: {error}"));
    }

    /// Replaces a text in a file that holds it.
    #[track_caller]
    pub fn replace(&self, file: &str, from: &str, to: &str) {
        let text = self.read(file);
        assert!(text.contains(from), "no `{from}` in {file}:\n{text}");
        self.write(file, &text.replace(from, to));
    }

    /// `cargo traverse ARGS` here.
    pub fn traverse(&self, arguments: &[&str]) -> Finished {
        traverse(&self.path(), arguments)
    }

    /// `cargo traverse run` here, with this input.
    pub fn run(&self, input: &str) -> Finished {
        traverse_with(&self.path(), &["run"], input.as_bytes())
    }

    /// Builds it.
    #[track_caller]
    pub fn build(&self) -> Finished {
        self.traverse(&["build"]).exits(0)
    }
}

/// Every file below a folder, relative to it, sorted; folders of build products left out.
pub fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_path_buf()];
    while let Some(next) = waiting.pop() {
        for entry in std::fs::read_dir(&next).into_iter().flatten().flatten() {
            let path = entry.path();
            let name = entry.file_name();
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                if name != "target" && name != ".git" && name != "node_modules" {
                    waiting.push(path);
                }
            } else if let Ok(relative) = path.strip_prefix(folder) {
                found.push(relative.to_path_buf());
            }
        }
    }
    found.sort();
    found
}

/// A contract whose input has these properties, by their JSON Schema, all required.
///
/// # Errors
/// What the contract's reader says of the schema.
pub fn contract_of_input(properties: serde_json::Map<String, Value>) -> Result<Contract, String> {
    let required: Vec<&String> = properties.keys().collect();
    let spec = serde_json::json!({
        "capability": { "id": "test.expressions", "version": "1.0.0", "runtime": "wasm32-wasip1" },
        "input": { "type": "object", "required": required, "properties": properties },
        "output": { "type": "boolean" },
    });
    Contract::from_json(&spec.to_string())
        .map_err(|errors| errors.iter().map(|error| error.message.as_str()).collect::<Vec<_>>().join("; "))
}
