//! Guests that misbehave, on the real command: each is stopped, with its own exit code and message.

use std::sync::OnceLock;
use traverse_tests::{Finished, Project};

const SPEC: &str = r#"
[capability]
id      = "hostile.guest"
version = "1.0.0"
runtime = "wasm32-wasip1"

[contract]
preconditions  = ["mode is string"]
postconditions = ["result.count is int"]
"#;

const PROGRAM: &str = r#"
use traverse_sdk::prelude::*;

#[capability]
fn misbehave(mode: String) -> Output {
    match mode.as_str() {
        "panic" => panic!("nothing is as it should be: {}", mode.len()),
        "index" => {
            let list = vec![1, 2, 3];
            Output { count: list[mode.len() + 7] }
        }
        "loop" => {
            let mut count: i64 = 0;
            loop {
                count = std::hint::black_box(count.wrapping_add(1));
            }
        }
        "memory" => {
            let mut hoard: Vec<Vec<u8>> = Vec::new();
            for block in 0..1024 {
                hoard.push(vec![block as u8; 1 << 20]);
            }
            Output { count: std::hint::black_box(&hoard).len() as i64 }
        }
        "stdout" => {
            use std::io::Write;
            let block = vec![b' '; 1 << 20];
            for _ in 0..100 {
                std::io::stdout().write_all(&block).ok();
            }
            Output { count: 100 }
        }
        "noise" => {
            println!("a word before the result");
            Output { count: 1 }
        }
        "stack" => Output { count: deep(1_000_000_000) },
        _ => Output { count: 0 },
    }
}

fn deep(level: i64) -> i64 {
    let here = std::hint::black_box([level; 64]);
    if level == 0 { here[3] } else { deep(level - 1) + here[level as usize % 64] }
}
"#;

fn misbehave(mode: &str) -> Finished {
    static GUEST: OnceLock<Project> = OnceLock::new();
    let project = GUEST.get_or_init(|| {
        let project = Project::with("hostile-guest", SPEC, PROGRAM);
        project.build();
        project
    });
    project.run(&format!(r#"{{"mode":"{mode}"}}"#))
}

#[test]
fn one_that_behaves_gives_its_result() {
    misbehave("quiet").exits(0).prints(r#"{"count":0}"#);
}

#[test]
fn a_panic_is_told_with_its_message_and_line() {
    let ended = misbehave("panic").exits(38).says("nothing is as it should be: 5").says("src/main.rs:7:");
    assert_eq!(ended.stdout, "");
    misbehave("index").exits(38).says("index out of bounds").says("src/main.rs:10:");
}

#[test]
fn an_endless_loop_runs_out_of_fuel() {
    misbehave("loop").exits(33).says("fuel");
}

#[test]
fn a_gibibyte_of_memory_is_refused() {
    misbehave("memory").exits(34).says("memory");
}

#[test]
fn a_hundred_mebibytes_of_output_are_refused() {
    let ended = misbehave("stdout").exits(35).says("output");
    assert_eq!(ended.stdout, "");
}

#[test]
fn a_word_before_the_result_is_not_json() {
    misbehave("noise").exits(37).says("JSON");
}

#[test]
fn a_stack_that_overflows_is_a_trap() {
    misbehave("stack").exits(38).says("`stack_bytes`");
}

/// What would need a file, a clock or a socket cannot be built, and the import is named.
#[test]
fn a_forbidden_import_is_refused_at_build() {
    let spec = SPEC.replace("hostile.guest", "hostile.clock");
    let program = r#"
use traverse_sdk::prelude::*;

#[capability]
fn tell_the_time(mode: String) -> Output {
    let since = std::time::SystemTime::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_secs());
    Output { count: since as i64 + mode.len() as i64 }
}
"#;
    let project = Project::with("hostile-clock", &spec, program);
    let manifest = project.read("traverse.package.toml");
    project
        .traverse(&["build"])
        .exits(1)
        .says("error[import-forbidden]")
        .says("clock_time_get")
        .says("`SystemTime`");
    assert!(!project.artifact().exists(), "nothing is left behind");
    assert_eq!(project.read("traverse.package.toml"), manifest);
}
