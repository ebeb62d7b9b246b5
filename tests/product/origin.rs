//! The module's code and the contract that it carries belong together, whatever cargo makes of the files' times; artifact
//! and manifest do, whatever happens while they are made.

use std::process::Command;
use traverse_tests::{Project, command_path, finish, guest_target_dir, process};

const LOW: &str = r#"{"customer":{"tier":"standard"},"cart":{"total":5}}"#;

fn build_command(project: &Project) -> Command {
    let mut command = process(command_path(), &project.path());
    command.args(["traverse", "build"]).env("CARGO_TARGET_DIR", guest_target_dir());
    command
}

/// spec: PKG-28
#[test]
fn an_older_contract_that_is_put_back_is_compiled_again() {
    let project = Project::new("origin-older", "pricing");
    project.build();
    let (first, spec) =
        (std::fs::read(project.artifact()).unwrap(), project.path().join("traverse.spec.toml"));
    // With its time, as `cp -p` and `mv` do.
    let old = (project.read("traverse.spec.toml"), std::fs::metadata(&spec).unwrap().modified().unwrap());
    project.replace("traverse.spec.toml", "cart.total > 0", "cart.total > 10");
    project.build();
    project.run(LOW).exits(21);
    std::fs::write(&spec, old.0).unwrap();
    std::fs::File::options().append(true).open(&spec).unwrap().set_modified(old.1).unwrap();
    project.build();
    project.run(LOW).exits(0);
    assert_eq!(std::fs::read(project.artifact()).unwrap(), first);
}

/// spec: PKG-28
#[test]
fn code_of_another_contract_is_refused() {
    let project = Project::new("origin-other", "pricing");
    project.build();
    let (artifact, manifest) =
        (std::fs::read(project.artifact()).unwrap(), project.read("traverse.package.toml"));

    let source = project.read("src/main.rs");
    project.write(
        "other.spec.toml",
        &project.read("traverse.spec.toml").replace("cart.total > 0", "cart.total > 10"),
    );
    project
        .write("src/main.rs", &source.replace("#[capability]", "#[capability(spec = \"other.spec.toml\")]"));
    let refused = project.traverse(&["build"]).exits(1).says("error[contract-not-compiled]");
    refused.says("contract_path");

    project.write("src/main.rs", "use traverse_sdk as _;\nfn main() {\n    println!(\"{{}}\");\n}\n");
    project.traverse(&["build"]).exits(1).says("error[capability-missing]").says("no `#[capability]`");

    // Behind a macro of the author's, where only the program itself can tell.
    project.write(
        "src/main.rs",
        &source
            .replace(
                "#[capability]",
                "macro_rules! same { ($item:item) => { $item } }\nsame! {\n#[capability]",
            )
            .replacen("\n}\n", "\n}\n}\n", 1),
    );
    project.replace("traverse.package.toml", "eligibility_check", "nonsense");
    let refused = project.traverse(&["build"]).exits(1).says("manifest-bad-entry");
    refused.says("entry = \"eligibility_check\"");

    assert_eq!(std::fs::read(project.artifact()).unwrap(), artifact);
    project.write("traverse.package.toml", &manifest);
    project.write("src/main.rs", &source);
    project.build();
    assert_eq!(std::fs::read(project.artifact()).unwrap(), artifact);
}

/// spec: PKG-29
#[test]
fn a_manifest_broken_while_cargo_runs_leaves_the_artifact_as_it_was() {
    let project = Project::new("origin-broken", "pricing");
    project.build();
    let artifact = std::fs::read(project.artifact()).unwrap();
    project.replace("traverse.spec.toml", "cart.total > 0", "cart.total > 10");
    project.write(
        "build.rs",
        "fn main() { std::fs::write(\"traverse.package.toml\", \"package_id = [\\n\").unwrap(); }\n",
    );
    project.traverse(&["build"]).exits(1).says("traverse.package.toml:1:");
    assert_eq!(std::fs::read(project.artifact()).unwrap(), artifact);
    assert_eq!(project.read("traverse.package.toml"), "package_id = [\n");
    assert_eq!(std::fs::read_dir(project.path().join("artifacts")).unwrap().count(), 1);
}

/// spec: PKG-29
#[test]
fn builds_at_the_same_time_leave_an_artifact_and_its_manifest() {
    let project = Project::new("origin-twice", "pricing");
    project.build();
    for round in 0..2 {
        project.replace(
            "traverse.spec.toml",
            &format!("cart.total > {round}"),
            &format!("cart.total > {}", round + 1),
        );
        let commands: Vec<_> = (0..2).map(|_| build_command(&project)).collect();
        let running: Vec<_> =
            commands.into_iter().map(|command| std::thread::spawn(move || finish(command, b""))).collect();
        for build in running {
            build.join().unwrap().exits(0);
        }
        // Its digest is the manifest's, and its contract the spec's.
        project.run(LOW).exits(0);
        assert_eq!(std::fs::read_dir(project.path().join("artifacts")).unwrap().count(), 1);
    }
}
