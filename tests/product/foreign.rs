//! Modules of other compilers, which carry no contract, under one that is given: C with wasi-libc, AssemblyScript with its WASI
//! shim, Rust with nothing of Traverse.

use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::time::Duration;
use traverse_tests::{Finished, finish, guest_target_dir, process, repository, traverse, traverse_with};

fn source(file: &str) -> PathBuf {
    repository().join("tests/foreign").join(file)
}

/// Runs a compiler; `mend` is how to get one.
fn compile(program: &str, arguments: &[&str], folder: &Path, mend: &str) {
    let mut command = process(program, folder);
    let output = command.args(arguments).output();
    let output = output.unwrap_or_else(|error| panic!("{program} does not start: {error}; {mend}"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {arguments:?}: {said}\n{mend}");
}

fn from_c(folder: &Path, name: &str, flags: &[&str]) -> PathBuf {
    let module = folder.join(name);
    let (from, to) = (source("pricing.c"), module.to_string_lossy().into_owned());
    let mut arguments = vec!["--target=wasm32-wasi", "--sysroot=/usr", "-Os", "-o", &to];
    arguments.extend(flags);
    let from = from.to_string_lossy();
    arguments.push(&from);
    compile("clang", &arguments, folder, "sudo apt-get install clang lld wasi-libc libclang-rt-dev-wasm32");
    module
}

/// The compiler comes from npm, in the versions of the lock file, into a folder that stays.
fn from_assemblyscript(folder: &Path) -> PathBuf {
    let compiler = guest_target_dir().join("assemblyscript");
    std::fs::create_dir_all(&compiler).expect("a folder");
    for file in ["package.json", "package-lock.json", "pricing.ts"] {
        std::fs::copy(source(file), compiler.join(file)).expect("a copy");
    }
    let installed = || compiler.join("node_modules/.package-lock.json").exists();
    for attempt in 1..=3 {
        if installed() {
            break;
        }
        let mut npm = process("npm", &compiler);
        let done = finish(
            {
                npm.args(["ci", "--no-audit", "--no-fund"]);
                npm
            },
            b"",
        );
        assert!(done.code == 0 || attempt < 3, "npm ci failed three times: {}", done.stderr);
        if done.code != 0 {
            std::thread::sleep(Duration::from_secs(attempt * 5));
        }
    }
    let module = folder.join("assemblyscript.wasm");
    let to = module.to_string_lossy();
    let shim = "node_modules/@assemblyscript/wasi-shim/asconfig.json";
    let arguments =
        ["node_modules/assemblyscript/bin/asc.js", "pricing.ts", "-O", "--config", shim, "-o", &to];
    compile("node", &arguments, &compiler, "install node and npm");
    module
}

/// With the compiler of the guest toolchain, for any other has no library for the target.
fn from_rust(folder: &Path) -> PathBuf {
    let shown = traverse(folder, &["toolchain", "show", "--message-format", "json"]).exits(0).json();
    let sysroot = shown["sysroot"].as_str().map(|sysroot| Path::new(sysroot).join("bin/rustc"));
    let rustc = sysroot.filter(|rustc| rustc.exists()).unwrap_or_else(|| "rustc".into());
    let module = folder.join("rust.wasm");
    let (from, to) = (source("pricing.rs"), module.to_string_lossy().into_owned());
    let from = from.to_string_lossy();
    let arguments =
        ["--edition=2024", "--target=wasm32-wasip1", "-Copt-level=s", "-Cstrip=symbols", "-o", &to, &from];
    compile(&rustc.to_string_lossy(), &arguments, folder, "cargo traverse toolchain install");
    module
}

fn run(folder: &Path, module: &Path, input: &str) -> Finished {
    let (module, spec) = (module.to_string_lossy(), source("traverse.spec.toml"));
    let spec = spec.to_string_lossy();
    traverse_with(folder, &["run", &module, "--spec", &spec, "--message-format", "json"], input.as_bytes())
}

fn input(tier: &str, total: f64) -> String {
    json!({"customer": {"tier": tier}, "cart": {"total": total}}).to_string()
}

fn imports(folder: &Path, module: &Path) -> Vec<String> {
    let module = module.to_string_lossy();
    let shown = traverse(folder, &["inspect", &module, "--message-format", "json"]).exits(0).json();
    let names = shown["imports"].as_array().cloned().unwrap_or_default();
    names
        .iter()
        .filter_map(|name| name.as_str()?.strip_prefix("wasi_snapshot_preview1.").map(str::to_owned))
        .collect()
}

/// spec: RUN-21
#[test]
fn modules_of_other_compilers_run_under_a_contract_that_is_given() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = home.path();
    let c = from_c(folder, "c.wasm", &[]);
    let modules = [c.clone(), from_assemblyscript(folder), from_rust(folder)];
    for module in &modules {
        let outcome = |tier: &str, total: f64| -> (i32, Value) {
            let ended = run(folder, module, &input(tier, total));
            (ended.code, ended.json())
        };
        println!("{}: {:?}", module.display(), imports(folder, module));
        let (code, said) = outcome("enterprise", 120.0);
        assert_eq!(code, 0, "{}: {said:#}", module.display());
        assert_eq!(
            said["result"],
            json!({"eligible": true, "reason": "within the enterprise agreement"}),
            "{said:#}"
        );
        assert_eq!(outcome("standard", 49.5).1["result"]["eligible"], false);
        assert_eq!(outcome("standard", 50.0).1["result"]["reason"], "standard pricing applies");
        assert_eq!(outcome("standard", 10_001.0).0, 10);
        // The host finds these; the module is not asked.
        assert_eq!(outcome("gold", 5.0).0, 21);
        assert_eq!(outcome("standard", 0.0).0, 21);
        assert_eq!(run(folder, module, "{").code, 20);
    }

    // What stdio asks of its descriptors is answered here, and no capability may ask it.
    assert_eq!(
        imports(folder, &c),
        ["fd_close", "fd_fdstat_get", "fd_read", "fd_seek", "fd_write", "proc_exit"]
    );
    let lying = from_c(folder, "lying.wasm", &["-DLYING"]);
    let violation = run(folder, &lying, &input("enterprise", 120.0)).exits(23).json();
    assert_eq!(
        violation["found_by"].as_str().or(violation["outcome"]["found_by"].as_str()),
        Some("host"),
        "{violation:#}"
    );
}
