//! What a module carries of the standard library: what its author uses, and nothing else.

use traverse_tests::Project;

const SPEC: &str = r#"
[capability]
id      = "test.panics"
version = "0.1.0"
runtime = "wasm32-wasip1"

[input]
type       = "object"
required   = ["kind", "at"]
properties = { kind = { type = "integer" }, at = { type = "integer", minimum = 0 } }

[output]
type       = "object"
required   = ["value"]
properties = { value = { type = "integer" } }

[contract]
"#;

const PROGRAM: &str = r#"
use traverse_sdk::prelude::*;

#[capability]
fn panics(kind: i64, at: u64) -> Output {
    let (list, text, at) = (vec![1, 2, 3], "aé", at as usize);
    let value = match kind {
        0 => list[at],
        1 => list[at..].len() as i64,
        2 => text[..at].len() as i64,
        3 => text[1..].parse::<i64>().unwrap(),
        4 => list.get(at).copied().expect("nothing there"),
        5 => panic!("kind {kind}\n  and a second line"),
        6 => panic!("as it is"),
        7 => list.get(at).copied().unwrap(),
        _ => list.len() as i64,
    };
    Output { value }
}
"#;

/// spec: PKG-46, IO-15
#[test]
fn a_panic_says_why_without_the_standard_librarys_words_for_it() {
    let project = Project::with("panics", SPEC, PROGRAM);
    project.build();
    project.run(r#"{"kind":8,"at":0}"#).exits(0).prints("{\"value\":3}");
    project.run(r#"{"kind":0,"at":2}"#).exits(0).prints("{\"value\":3}");
    for (kind, at, message) in [
        (0, 7, "index out of bounds: the len is 3 but the index is 7"),
        (1, 9, "range start index 9 out of range for slice of length 3"),
        (2, 2, "text of 3 bytes cannot be cut from 0 to 2: a character lies across the cut"),
        (2, 4, "text of 3 bytes cannot be cut from 0 to 4: out of bounds"),
        (3, 0, "called `Result::unwrap()` on an `Err` value: ParseIntError { kind: InvalidDigit }"),
        (4, 3, "nothing there"),
        (5, 0, "kind 5 and a second line"),
        (6, 0, "as it is"),
        (7, 3, "called `Option::unwrap()` on a `None` value"),
    ] {
        let panicked = project.run(&format!("{{\"kind\":{kind},\"at\":{at}}}")).exits(38).prints("");
        assert!(panicked.stderr.contains("panicked at src/main.rs:"), "{kind}: {}", panicked.stderr);
        assert!(panicked.stderr.contains(&format!(": {message}")), "{kind}: {}", panicked.stderr);
    }
}

/// The sizes that docs/performance.md has are those of one compiler; another one's are near them.
///
/// spec: PKG-46
#[test]
fn modules_are_small() {
    for (template, most_bytes) in [("minimal", 12_000), ("pricing", 17_000), ("iban", 30_000)] {
        let project = Project::new(&format!("small-{template}"), template);
        project.build();
        let bytes = std::fs::metadata(project.artifact()).expect("the artifact").len();
        assert!(bytes <= most_bytes, "{template}: {bytes} bytes");
    }
}
