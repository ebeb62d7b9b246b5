//! Processes that are killed while they load and compile: what they leave in the cache is never taken for what it is not, and
//! the packages stay as they were.

#![cfg(unix)]

mod support;

use fastrand::Rng;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use support::*;
use traverse_runtime::{Cache, Runtime};

/// Where the process that is killed finds its packages.
const HOME: &str = "TRAVERSE_KILLED_HOME";
const PACKAGES: usize = 12;

fn packages(home: &Path) -> impl Iterator<Item = PathBuf> {
    (0..PACKAGES).map(move |number| home.join(format!("package-{number}")))
}

/// A cache in which not all of them have room: entries come and go.
fn cache(home: &Path) -> Cache {
    Cache::at(home.join("compiled")).max_bytes(256 << 10)
}

fn load_and_call(cache: &Cache, package: &Path) -> Vec<u8> {
    let runtime = Runtime::builder().max_concurrent_calls(2).cache(cache.clone()).build();
    let capability = runtime.and_then(|runtime| runtime.load_package(package)).expect("it loads");
    capability.call(INPUT).expect("an outcome").stdout
}

/// The process that is killed: this very test, run by the other one; alone it has nothing to do.
#[test]
#[ignore = "what the other test starts and kills"]
fn load_and_call_until_killed() {
    let Some(home) = std::env::var_os(HOME).map(PathBuf::from) else { return };
    let mut rng = Rng::new();
    // Not for ever, should the other one be gone.
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(20) {
        let package = home.join(format!("package-{}", rng.usize(..PACKAGES)));
        load_and_call(&cache(&home), &package);
    }
}

fn start(home: &Path) -> Child {
    let mut command = Command::new(std::env::current_exe().expect("a test knows its own program"));
    command.args(["--ignored", "--exact", "load_and_call_until_killed"]).env(HOME, home);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts")
}

/// Every file below `folder`, and its content.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            let content = fs::read(&path).expect("a file");
            found.insert(path, content);
        }
    }
    found
}

// spec: RUN-18
#[test]
fn what_killed_processes_leave_is_taken_for_nothing_else() {
    let home = tempfile::tempdir().expect("a folder");
    let home = home.path();
    let say = |number: usize| format!(r#"{{"percent":{number},"note":"package {number}"}}"#);
    for (number, package) in packages(home).enumerate() {
        // Enough code that compiling and writing take their time.
        let functions = "(func (param i32) (result i32) (i32.mul (local.get 0) (i32.const 3)))".repeat(200);
        write_package(&package, &sealed(doing(&functions, &say_stdout(), &say(number), "")));
    }
    load_and_call(&cache(home), &home.join("package-0"));
    let before: Vec<_> = packages(home).map(|package| files(&package)).collect();

    let seed = Rng::new().u64(..);
    println!("seed {seed}");
    let mut rng = Rng::with_seed(seed);
    let began = Instant::now();
    let mut kills = 0;
    while kills < 400 && began.elapsed() < Duration::from_secs(5) {
        let mut children: Vec<Child> = (0..rng.usize(1..=2)).map(|_| start(home)).collect();
        for child in &mut children {
            std::thread::sleep(Duration::from_micros(rng.u64(2_000..80_000)));
            child.kill().expect("SIGKILL");
            child.wait().expect("it is gone");
            kills += 1;
        }
    }
    let compiled = home.join("compiled");
    let left = fs::read_dir(&compiled).map(|entries| entries.count()).unwrap_or_default();
    println!("{kills} killed; {left} files in the cache");

    // What has an entry's name is one, whole: head, digest and the code that it is of.
    for (path, content) in files(&compiled) {
        if path.extension().is_some_and(|ending| ending == "compiled") {
            let (head, code) = content.split_at(content.len().min(65));
            assert_eq!(head[..33], *b"traverse compiled module, form 1\n", "{path:?}");
            let digest: String = head[33..].iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(format!("sha256:{digest}"), traverse_contract::canonical::sha256(code), "{path:?}");
        }
    }
    // The next run of each is what it always was, and so is the one that finds the entry of the last.
    let cache = cache(home);
    for (number, package) in packages(home).enumerate() {
        for _ in 0..2 {
            assert_eq!(load_and_call(&cache, &package), say(number).as_bytes());
        }
    }
    let after: Vec<_> = packages(home).map(|package| files(&package)).collect();
    assert!(after == before, "a package has changed");
    // Files that were being written are nobody's; they go when the cache is cleared.
    cache.clear().expect("cleared");
    assert_eq!(files(&compiled).len(), 0);
}
