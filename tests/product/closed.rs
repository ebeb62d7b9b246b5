//! A module reaches nothing: what would is refused with its name, or has an answer inside.

use traverse_tests::Project;

const SPEC: &str = r#"
[capability]
id      = "test.closed"
version = "0.1.0"
runtime = "wasm32-wasip1"

[input]
type       = "object"
required   = ["words"]
properties = { words = { type = "array", items = { type = "string" } } }

[output]
type       = "object"
required   = ["words"]
properties = { words = { type = "array", items = { type = "string" } } }

[contract]
"#;

const MAPS: &str = r#"
use std::collections::{HashMap, HashSet};
use traverse_sdk::prelude::*;

#[capability]
fn order(words: Vec<String>) -> Output {
    let lengths: HashMap<String, usize> = words.into_iter().map(|word| (word.clone(), word.len())).collect();
    let set: HashSet<String> = lengths.into_keys().collect();
    Output { words: set.into_iter().collect() }
}
"#;

const CLOCK: &str = r#"
use std::time::{SystemTime, UNIX_EPOCH};
use traverse_sdk::prelude::*;

#[inline(never)]
fn stamp() -> String {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs().to_string()
}

#[capability]
fn order(mut words: Vec<String>) -> Output {
    words.push(stamp());
    Output { words }
}
"#;

/// spec: PKG-54, PKG-21
#[test]
fn hash_maps_have_one_order_everywhere() {
    let project = Project::with("maps", SPEC, MAPS);
    let imports = project.traverse(&["build", "--message-format", "json"]).exits(0).json();
    assert_eq!(
        imports["imports"],
        serde_json::json!([
            "wasi_snapshot_preview1.fd_read",
            "wasi_snapshot_preview1.fd_write",
            "wasi_snapshot_preview1.proc_exit"
        ])
    );
    let input = r#"{"words":["a","b","c","d","e","f","g","h","i","j","k","l"]}"#;
    let first = project.run(input).exits(0).stdout.trim().to_owned();
    for _ in 0..3 {
        project.run(input).exits(0).prints(&first);
    }
    // Another order than they came in, or it would be no hash map's.
    assert_ne!(first, input);
}

/// spec: PKG-21
#[test]
fn what_needs_a_clock_is_refused_with_the_function_that_asks_for_it() {
    let project = Project::with("clock", SPEC, CLOCK);
    let refused = project.traverse(&["build"]).exits(1);
    refused
        .says("error[import-forbidden]")
        .says("`wasi_snapshot_preview1.clock_time_get` is called by `clock::stamp` of the crate `clock`")
        .says("take the time as a property of the input");
    assert!(!project.artifact().exists());
}

/// spec: PKG-21
#[test]
fn a_library_of_c_is_refused_with_words_for_it() {
    let project = Project::with(
        "needs-c",
        SPEC,
        &MAPS
            .replace(
                "use std::collections",
                "unsafe extern \"C\" { safe fn zlibVersion() -> usize; }\nuse std::collections",
            )
            .replace("let set", "if zlibVersion() == 1 { panic!() }\n    let set"),
    );
    project
        .traverse(&["build"])
        .exits(1)
        .says("error[compile-failed]")
        .says("`zlibVersion` is a function of C or of a host, which a capability does not have");
    project.write("build.rs", "fn main() { println!(\"cargo::rustc-link-lib=z\"); }\n");
    project
        .traverse(&["build"])
        .exits(1)
        .says("a dependency needs a library of C, which a capability cannot link");
}

/// A module of the author's that is named as a crate of the standard library is.
const NAMESAKE: &str = r#"
use std::cell::Cell;
use traverse_sdk::prelude::*;

mod core {
    pub mod option {
        #[inline(never)]
        pub fn expect_failed(text: &str, count: &std::cell::Cell<usize>) {
            count.set(count.get() + text.len());
        }
    }
}

#[capability]
fn order(mut words: Vec<String>) -> Output {
    let count = Cell::new(0);
    let add = std::hint::black_box(crate::core::option::expect_failed as fn(&str, &Cell<usize>));
    words.iter().for_each(|word| add(word, &count));
    words.push(count.get().to_string());
    Output { words }
}
"#;

/// spec: PKG-46
#[test]
fn functions_of_the_authors_stay_theirs_whatever_they_are_called() {
    let project = Project::with("namesake", SPEC, NAMESAKE);
    project.build();
    project.run(r#"{"words":["ab","c"]}"#).exits(0).prints(r#"{"words":["ab","c","3"]}"#);
}
