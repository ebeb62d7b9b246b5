//! `cargo traverse diff` and `approve`, and what `check` and `build` say of approved versions.

use crate::package::{Package, SPEC, echo, sealed};
use insta::{assert_json_snapshot, assert_snapshot};
use std::fs;
use traverse_contract::package::{MANIFEST_FILE, SPEC_FILE};

const LOCK: &str = "traverse.lock";

/// Another contract: a stronger precondition, a stronger promise, a new exception, another message.
fn stricter() -> String {
    SPEC.replace(
        "amount > 0\", message = \"there is nothing to echo\"",
        "amount > 10\", message = \"too little\"",
    )
    .replace("result.amount <= 100", "result.amount <= 50")
    .replace("\"TooLoud\"", "\"TooLoud\", \"TooLong\"")
}

// spec: CLI-80, CLI-81, CHANGE-1, CHANGE-2
#[test]
fn diff_judges_every_part() {
    let package = Package::of(&echo());
    package.write("old.spec.toml", SPEC);
    package.write("new.spec.toml", &stricter().replace("\"1.2.0\"", "\"1.3.0\""));
    let finished = package.command(&["diff", "old.spec.toml", "new.spec.toml"], b"").exits(1);
    assert_eq!(finished.stderr, "");
    assert_snapshot!("diff", finished.stdout);
    let json = ["diff", "old.spec.toml", "new.spec.toml", "--message-format", "json"];
    assert_json_snapshot!("diff_json", package.command(&json, b"").exits(1).redacted_json());

    // The other way round the version is the smaller one.
    let back = package.command(&["diff", "new.spec.toml", "old.spec.toml"], b"").exits(1);
    assert!(back.stdout.contains("1.2.0 does not suffice"), "{}", back.stdout);
    package.write("new.spec.toml", &stricter().replace("\"1.2.0\"", "\"2.0.0\""));
    let enough = package.command(&["diff", "old.spec.toml", "new.spec.toml"], b"").exits(0);
    assert!(enough.stdout.ends_with("breaking: 2.0.0 suffices\n"), "{}", enough.stdout);
    let same = package.command(&["diff", "old.spec.toml", "old.spec.toml"], b"").exits(0);
    assert!(same.stdout.ends_with("identical: no other version is needed\n"), "{}", same.stdout);
}

// spec: CLI-80
#[test]
fn a_contract_is_a_spec_a_package_a_module_or_an_approved_version() {
    let package = Package::of(&echo());
    package.write_bytes("old.wasm", &sealed(&echo(), SPEC));
    package.command(&["diff", "old.wasm", "."], b"").exits(0);
    package
        .command(&["diff"], b"")
        .exits(1)
        .says("error[version-not-approved]: no version of the contract is approved");
    package.command(&["approve"], b"").exits(0);
    package.command(&["diff"], b"").exits(0);
    package.write(SPEC_FILE, &stricter());
    for old in ["1.2.0", "old.wasm"] {
        let finished = package.command(&["diff", old], b"").exits(1);
        assert!(finished.stdout.contains("the old contract accepts this input"), "{}", finished.stdout);
    }
    package
        .command(&["diff", "1.1.0"], b"")
        .exits(1)
        .prints("")
        .says("error[version-not-approved]: version `1.1.0` is not in `traverse.lock`")
        .says("help: approved are `1.2.0`");
    package
        .command(&["diff", "nowhere.toml"], b"")
        .exits(1)
        .says("error[path-missing]: there is no `nowhere.toml`");
    package.write("broken.toml", "[capability]\n");
    package.command(&["diff", "1.2.0", "broken.toml"], b"").exits(1).says("error[spec-missing-key]");
    package.write("bare.wasm", "text");
    package.command(&["diff", "bare.wasm"], b"").exits(1).says("error[artifact-not-wasm]");
}

// spec: CLI-82, CHANGE-2, CHANGE-12
#[test]
fn what_is_not_decided_counts_as_breaking_unless_the_author_answers_for_it() {
    let package = Package::of(&echo());
    let rule =
        |rule: &str, version: &str| SPEC.replacen("note is string", rule, 1).replace("\"1.2.0\"", version);
    package.write("old.toml", &rule("note.startsWith('ab')", "\"1.2.0\""));
    package.write("new.toml", &rule("(note + 'x').startsWith('ab')", "\"1.3.0\""));
    let finished = package.command(&["diff", "old.toml", "new.toml"], b"").exits(1);
    assert!(finished.stdout.contains("not decided  precondition 0: changed"), "{}", finished.stdout);
    assert!(
        finished
            .stdout
            .ends_with("not decided: needs a major version, 2.0.0 or later; 1.3.0 does not suffice\n"),
        "{}",
        finished.stdout
    );
    let allowed = package.command(&["diff", "old.toml", "new.toml", "--allow-undecided"], b"").exits(0);
    assert!(allowed.stdout.ends_with("not decided: 1.3.0 suffices\n"), "{}", allowed.stdout);
}

// spec: CLI-83, CLI-84, CHANGE-20, CHANGE-22, CHANGE-23
#[test]
fn an_approved_version_does_not_change() {
    let package = Package::of(&echo());
    let lock = || fs::read_to_string(package.path().join(LOCK)).expect("a lock");
    let said = package.command(&["approve"], b"").exits(0).stdout;
    assert!(said.starts_with("    Approved test.echo 1.2.0\n"), "{said}");
    let first = lock();
    assert_snapshot!("lock", first);
    let again = package.command(&["approve", "--message-format", "json"], b"").exits(0).json();
    assert_eq!((&again["changed"], lock()), (&false.into(), first.clone()));
    // Comments and layout are no change.
    package.replace(SPEC_FILE, "# traverse.spec.toml", "# a comment");
    package.command(&["approve"], b"").exits(0);

    package.write(SPEC_FILE, &stricter());
    let refused = package.command(&["approve"], b"").exits(1).prints("");
    assert_snapshot!("approve_changed", refused.stderr);
    package.command(&["approve", "--allow-breaking"], b"").exits(1);
    assert_eq!(lock(), first);

    // The next version must be large enough.
    package.write(SPEC_FILE, &stricter().replace("\"1.2.0\"", "\"1.3.0\""));
    package.command(&["approve"], b"").exits(1).says("error[version-too-small]").says(
        "help: a breaking change needs a major version: make it 2.0.0 or later in the spec and the manifest",
    );
    assert_eq!(lock(), first);
    package.write(SPEC_FILE, &stricter().replace("\"1.2.0\"", "\"2.0.0\""));
    let said = package.command(&["approve"], b"").exits(0).stdout;
    assert!(said.contains("test.echo 2.0.0, breaking since 1.2.0"), "{said}");
    assert!(lock().starts_with(first.as_str()), "{}", lock());
    // A fix of the old line is held against that line.
    package.write(SPEC_FILE, &SPEC.replace("\"1.2.0\"", "\"1.2.1\"").replace("Says again", "Repeats"));
    let said = package.command(&["approve"], b"").exits(0).stdout;
    assert!(said.contains("test.echo 1.2.1, text since 1.2.0"), "{said}");
    package.write(SPEC_FILE, &SPEC.replace("\"1.2.0\"", "\"0.9.0\""));
    package.command(&["approve"], b"").exits(1).says("error[version-behind]");
    package.command(&["approve", "--allow-breaking"], b"").exits(0);
    let versions: Vec<String> = lock()
        .lines()
        .filter_map(|line| Some(line.strip_prefix("version  = \"")?.trim_end_matches('"').to_owned()))
        .collect();
    assert_eq!(versions, ["0.9.0", "1.2.0", "1.2.1", "2.0.0"]);
}

// spec: CHANGE-24, CHANGE-25
#[test]
fn check_and_build_refuse_a_changed_contract() {
    let package = Package::of(&echo());
    package.command(&["approve"], b"").exits(0);
    package.command(&["check"], b"").exits(0);
    package.write(SPEC_FILE, &stricter());
    let checked = package.command(&["check"], b"").exits(1).prints("");
    assert_snapshot!("check_changed", checked.stderr);
    let built = package.command(&["build"], b"").exits(1).prints("");
    assert_snapshot!("build_changed", built.stderr);
    let json = package.command(&["check", "--message-format", "json"], b"").exits(1).json();
    assert_eq!(json["diagnostics"][0]["code"], "contract-changed");

    // A new version that is too small is said early, and is no error before it is approved.
    package.write(SPEC_FILE, &stricter().replace("\"1.2.0\"", "\"1.2.1\""));
    package.replace(MANIFEST_FILE, "version = \"1.2.0\"", "version = \"1.2.1\"");
    package
        .command(&["check"], b"")
        .exits(0)
        .says("warning[version-too-small]: version `1.2.1` is too small");
}

// spec: CHANGE-21
#[test]
fn a_lock_that_was_edited_is_refused_with_the_place() {
    let package = Package::of(&echo());
    package.command(&["approve"], b"").exits(0);
    package.replace(LOCK, "amount > 0", "amount > 1");
    for command in ["check", "build", "approve", "diff"] {
        package
            .command(&[command], b"")
            .exits(1)
            .prints("")
            .says("error[lock-digest-mismatch]: the digest of version `1.2.0` is not that of the contract beside it")
            .says("--> traverse.lock:7:12");
    }
    package.write(LOCK, "format = 1\n[[approved]\n");
    package.command(&["approve"], b"").exits(1).says("error[lock-toml-syntax]").says("--> traverse.lock:2:");
    assert_eq!(fs::read_to_string(package.path().join(LOCK)).expect("a lock"), "format = 1\n[[approved]\n");
    package.remove(LOCK);
    fs::create_dir(package.path().join(LOCK)).expect("a folder");
    package.command(&["check"], b"").exits(1).says("error[file-unreadable]: cannot read `traverse.lock`");
    package.command(&["approve"], b"").exits(1).says("error[file-unreadable]");
}

// spec: CHANGE-21, CHANGE-22
#[cfg(unix)]
#[test]
fn a_lock_that_is_a_link_stays_one_and_leads_somewhere() {
    use std::os::unix::fs::symlink;
    let package = Package::of(&echo());
    let lock = package.path().join(LOCK);
    let leads_to = |target: &str| {
        let _ = fs::remove_file(&lock);
        symlink(target, &lock).expect("a link");
    };
    package.command(&["approve"], b"").exits(0);
    fs::create_dir(package.path().join("kept")).expect("a folder");
    let kept = package.path().join("kept/lock");
    fs::rename(&lock, &kept).expect("it moves");
    leads_to("kept/lock");
    package.write(SPEC_FILE, &SPEC.replace("\"1.2.0\"", "\"1.2.1\""));
    package.command(&["approve"], b"").exits(0);
    assert!(lock.symlink_metadata().expect("it is there").is_symlink());
    assert!(fs::read_to_string(&kept).expect("a lock").contains("version  = \"1.2.1\""));

    // What was approved is not to be had: that is not the same as nothing.
    package.write(SPEC_FILE, SPEC);
    leads_to("kept/none");
    for command in ["check", "build", "approve", "diff"] {
        package
            .command(&[command], b"")
            .exits(1)
            .prints("")
            .says("error[file-unreadable]: cannot read `traverse.lock`: it is a link that leads nowhere");
    }
    assert!(!package.path().join("kept/none").exists());
    leads_to("/dev/zero");
    package.command(&["approve"], b"").exits(1).says("error[path-outside-package]");
}

// spec: CHANGE-21, CHANGE-22
#[test]
fn a_broken_lock_is_refused_as_it_is() {
    let package = Package::of(&echo());
    package.command(&["approve"], b"").exits(0);
    let good = fs::read_to_string(package.path().join(LOCK)).expect("a lock");
    let entry = &good[good.find("\n[[").expect("an entry")..];
    for (broken, code) in [
        (String::new(), "lock-missing-key"),
        (good[..good.len() / 2].to_owned(), "lock-toml-syntax"),
        (good[..good.find("contract =").expect("an entry")].to_owned(), "lock-missing-key"),
        ("hello {".to_owned(), "lock-toml-syntax"),
        ("\0\0".to_owned(), "lock-toml-syntax"),
        (format!("{good}{entry}"), "lock-duplicate-version"),
        (good.replace("sha256:", "sha256:0"), "lock-bad-digest"),
        (good.replace("\"1.2.0\"\n", "\"1.3.0\"\n"), "lock-wrong-contract"),
        (good.replace("format = 1", "format = 2"), "lock-bad-format"),
        (good.replace("format = 1", "format = -1"), "lock-bad-format"),
    ] {
        package.write(LOCK, &broken);
        for command in ["check", "build", "approve", "diff"] {
            package.command(&[command], b"").exits(1).prints("").says(&format!("error[{code}]"));
        }
        assert_eq!(fs::read_to_string(package.path().join(LOCK)).expect("a lock"), broken);
    }
    package.write_bytes(LOCK, b"\xff\xfe");
    package.command(&["approve"], b"").exits(1).says("error[file-unreadable]: `traverse.lock` is not UTF-8");
}
