//! What the project's files may not hold: paths of a machine, and marks of unfinished work.

use traverse_tests::{files_below, repository};

#[test]
fn no_file_names_a_path_of_one_machine() {
    let root = repository();
    let mut found = Vec::new();
    for file in files_below(&root) {
        let shown = file.to_string_lossy().into_owned();
        let Ok(text) = std::fs::read_to_string(root.join(&file)) else { continue };
        for (number, line) in text.lines().enumerate() {
            // Spelled in two parts, so that this file does not find itself.
            let machine_paths = [["/wo", "rk/"], ["/ro", "ot/"]];
            if machine_paths.iter().any(|parts| line.contains(&parts.concat())) {
                found.push(format!("{shown}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn no_source_is_left_unfinished() {
    let root = repository();
    // The macros `todo` and `unimplemented` are clippy's to find.
    let marks = [["TO", "DO"], ["FIX", "ME"]].map(|parts| parts.concat());
    let mut found = Vec::new();
    for file in files_below(&root) {
        let shown = file.to_string_lossy().into_owned();
        if !shown.ends_with(".rs") {
            continue;
        }
        let Ok(text) = std::fs::read_to_string(root.join(&file)) else { continue };
        for (number, line) in text.lines().enumerate() {
            if marks.iter().any(|mark| line.contains(mark.as_str())) {
                found.push(format!("{shown}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}
