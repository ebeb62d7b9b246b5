//! Anyone can build a module again, to the byte; where the bytes are others, it is said in what.

use traverse_tests::{Project, finish, guest_target_dir, process};

/// spec: PKG-51, PKG-52, PKG-53
#[test]
fn a_module_is_built_again_elsewhere_or_it_is_said_what_differs() {
    let project = Project::new("verified", "pricing");
    // Host crates of another profile have another identity with cargo: that of the module's must not change.
    let mut other_host = process(traverse_tests::command_path(), &project.path());
    other_host
        .args(["traverse", "build"])
        .env("CARGO_PROFILE_RELEASE_BUILD_OVERRIDE_OPT_LEVEL", "1")
        .env("CARGO_BUILD_JOBS", "1")
        // Set and empty, it must not take the build's own flags away.
        .env("RUSTFLAGS", "")
        .env("TZ", "Asia/Tokyo")
        .env("LC_ALL", "tr_TR.UTF-8")
        .env("CARGO_TARGET_DIR", guest_target_dir());
    finish(other_host, b"").exits(0);
    let verified = project.traverse(&["verify", "--message-format", "json"]).exits(0).json();
    assert_eq!(
        verified["bytes"],
        serde_json::json!(std::fs::metadata(project.artifact()).expect("it").len())
    );

    // A module of another source.
    let module = std::fs::read(project.artifact()).expect("the artifact");
    project.write("published.wasm", "");
    std::fs::write(project.path().join("published.wasm"), &module).expect("written");
    project.replace("src/main.rs", "50.0", "55.0");
    let source = project.path();
    let mismatch =
        project.traverse(&["verify", "published.wasm", "--source", source.to_str().expect("UTF-8")]).exits(1);
    mismatch
        .says("error[verify-mismatch]: `published.wasm` is not what this source builds")
        .says("the first function that differs is number")
        .says("two builds of this source agree with each other: the module was built from another source");

    // Not a module of this command, and a question without a source.
    project.traverse(&["verify", "published.wasm"]).exits(2).says("`--source DIR`");
}

/// spec: PKG-52, PKG-51
#[test]
fn what_is_not_deterministic_or_lies_outside_is_named() {
    let project = Project::new("clocked", "minimal");
    project.write(
        "build.rs",
        "fn main() {\n    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();\n    \
         println!(\"cargo::rustc-env=STAMP={}\", now.as_nanos());\n}\n",
    );
    project.replace(
        "src/main.rs",
        "-> Output {",
        "-> Output {\n    if std::hint::black_box(cents) == 123456 { panic!(env!(\"STAMP\")) }",
    );
    project
        .traverse(&["build", "--verify"])
        .exits(1)
        .says("error[verify-mismatch]")
        .says("two builds of this source differ from each other")
        .says("the build script of `clocked` 0.1.0");

    std::fs::remove_file(project.path().join("build.rs")).expect("removed");
    let outside = tempfile::tempdir().expect("a folder");
    let helper = outside.path().join("helper");
    std::fs::create_dir_all(helper.join("src")).expect("made");
    std::fs::write(
        helper.join("Cargo.toml"),
        "[package]\nname = \"helper\"\nversion = \"0.1.0\"\nedition = \"2024\"\n",
    )
    .expect("written");
    std::fs::write(helper.join("src/lib.rs"), "pub fn least() -> i64 {\n    5000\n}\n").expect("written");
    project.replace(
        "Cargo.toml",
        "[dependencies]\n",
        &format!("[dependencies]\nhelper = {{ path = {:?} }}\n", helper.to_str().expect("UTF-8")),
    );
    project.replace(
        "src/main.rs",
        "if std::hint::black_box(cents) == 123456 { panic!(env!(\"STAMP\")) }",
        "let _ = helper::least();",
    );
    project
        .traverse(&["build"])
        .exits(0)
        .says("warning: the dependency `helper` lies outside of the package");
    project.traverse(&["verify"]).exits(1).says("error[dependency-outside]: the dependency `helper`");
}
