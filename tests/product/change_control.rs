//! An approved contract does not change: on a real project, from the first build to the next version.

use traverse_tests::Project;

/// spec: CHANGE-24, CHANGE-22, CLI-80
#[test]
fn a_changed_contract_needs_a_version_and_then_builds() {
    let project = Project::new("change-control", "minimal");
    project.build();
    project.traverse(&["approve"]).exits(0);
    project.build();
    let artifact = std::fs::read(project.artifact()).expect("it was built");

    // The program goes with the new promise; the version does not.
    project.replace("traverse.spec.toml", "cents >= 5000", "cents >= 6000");
    project.replace("src/main.rs", "cents >= 5000", "cents >= 6000");
    project
        .traverse(&["build"])
        .exits(1)
        .prints("")
        .says("error[contract-changed]: version `0.1.0` is approved")
        .says("--> traverse.spec.toml:")
        .says("breaking: invariant 0")
        .says("make it 0.2.0 or later");
    project.traverse(&["test"]).exits(3).says("error[contract-changed]");
    assert_eq!(std::fs::read(project.artifact()).expect("it is there"), artifact);

    for file in ["traverse.spec.toml", "traverse.package.toml"] {
        let text = project.read(file).replace("\"0.1.0\"", "\"0.2.0\"");
        project.write(file, &text);
    }
    // A later version is built before it is approved.
    project.build();
    assert_eq!(project.run("{\"cents\":5500}").exits(0).stdout.trim(), "{\"free\":false}");
    project.traverse(&["diff", "0.1.0"]).exits(0);
    project.traverse(&["approve"]).exits(0);
    project.build();
}
