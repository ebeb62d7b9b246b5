//! Manifest, contract, module and source belong together, or it is said which of them moved; a locked build changes
//! nothing of what is recorded.

use traverse_tests::{Finished, Project};

fn states(project: &Project, code: i32) -> Vec<String> {
    let report = project.traverse(&["build", "--check", "--message-format", "json"]).exits(code).json();
    let parts = report["parts"].as_array().expect("parts");
    parts
        .iter()
        .map(|part| {
            format!("{} {}", part["name"].as_str().expect("name"), part["state"].as_str().expect("state"))
        })
        .collect()
}

const AS_BUILT: [&str; 4] = ["manifest as-built", "contract as-built", "module as-built", "source as-built"];

/// `AS_BUILT` with another state at one place.
fn but(at: usize, state: &str) -> Vec<String> {
    let mut all: Vec<String> = AS_BUILT.map(str::to_owned).into();
    all[at] = state.to_owned();
    all
}

fn locked(project: &Project) -> Finished {
    project.traverse(&["build", "--locked"])
}

/// spec: PKG-47, PKG-48, PKG-49, PKG-3
#[test]
fn the_part_that_moved_is_named_and_a_locked_build_keeps_what_is_recorded() {
    let project = Project::new("belonging", "minimal");
    let fresh = states(&project, 1);
    assert_eq!(fresh, ["manifest missing", "contract as-built", "module missing", "source missing"]);
    locked(&project).exits(1).says("error[digest-changed]").says("the module is not recorded");
    assert!(!project.artifact().exists());
    project.build();
    assert_eq!(states(&project, 0), AS_BUILT);
    locked(&project).exits(0);

    // The source.
    let program = project.read("src/main.rs");
    project.write("src/main.rs", &program.replace("5000", "5100"));
    assert_eq!(states(&project, 1), but(3, "source moved"));
    let manifest = project.read("traverse.package.toml");
    locked(&project).exits(1).says("error[digest-changed]").says("the module was sha256:");
    assert_eq!(project.read("traverse.package.toml"), manifest);
    project.write("src/main.rs", &program);

    // What is no source.
    project.write("NOTES.md", "words");
    project.write("cases/more.json", "[]");
    assert_eq!(states(&project, 0), AS_BUILT);

    // The contract, which is a file of the source, too.
    let spec = project.read("traverse.spec.toml");
    project.write("traverse.spec.toml", &format!("{spec}\n[limits]\nfuel = 5\n"));
    let mut moved = but(1, "contract moved");
    moved[3] = "source moved".to_owned();
    assert_eq!(states(&project, 1), moved);
    project.write("traverse.spec.toml", &spec);

    // The module.
    let module = std::fs::read(project.artifact()).expect("the artifact");
    std::fs::write(project.artifact(), &module[..module.len() - 1]).expect("written");
    assert_eq!(states(&project, 1)[2], "module moved");
    std::fs::remove_file(project.artifact()).expect("removed");
    assert_eq!(states(&project, 1)[2], "module missing");
    std::fs::write(project.artifact(), b"\0asm\x01\0\0\0").expect("written");
    assert_eq!(states(&project, 1)[2], "module moved");
    std::fs::write(project.artifact(), &module).expect("written");

    // The manifest.
    let digest = |text: &str| text.split("contract_digest = \"").nth(1).expect("a digest")[..71].to_owned();
    project.write(
        "traverse.package.toml",
        &manifest.replace(&digest(&manifest), &format!("sha256:{}", "0".repeat(64))),
    );
    assert_eq!(states(&project, 1)[0], "manifest moved");

    // Another toolchain than the recorded one.
    project.write("traverse.package.toml", &manifest.replace("rustc = \"1.", "rustc = \"0."));
    locked(&project).exits(1).says("error[toolchain-changed]").says("rustc was 0.");
    project
        .traverse(&["build"])
        .exits(0)
        .says("warning: another toolchain than the one that the manifest records: rustc was 0.");
    assert_eq!(states(&project, 0), AS_BUILT);
}
