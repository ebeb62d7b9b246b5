//! `cargo traverse run`.

use crate::package::{Package, SPEC, bytes_of, command, echo, module, saying, sealed, with_section};
use insta::assert_snapshot;
use traverse_contract::package::{CONTRACT_SECTION, MANIFEST_FILE, SPEC_FILE};

const INPUT: &str = r#"{"note":"hi","amount":5}"#;

// spec: CLI-10, CLI-12
#[test]
fn the_result_alone_stands_on_stdout() {
    let package = Package::of(&echo());
    let finished = package.run(INPUT).exits(0).prints("{\"note\":\"hi\",\"amount\":5}\n");
    assert_eq!(finished.stderr, "");
}

// spec: CLI-11, CLI-12
#[test]
fn input_comes_from_stdin_a_file_or_an_argument_byte_for_byte() {
    let package = Package::of(&echo());
    let spaced = " {\"amount\": 5.0e0,  \"note\":\"\\u0068i\"}";
    let said = "{\"amount\": 5.0e0,  \"note\":\"\\u0068i\"}\n";
    package.command(&["run"], spaced.as_bytes()).exits(0).prints(said);
    package.run(spaced).exits(0).prints(said);
    package.write("request.json", spaced);
    package.command(&["run", "--input", "request.json"], b"").exits(0).prints(said);
    package
        .command(&["run", "--input", "none.json"], b"")
        .exits(1)
        .prints("")
        .says("error[input-unreadable]: cannot read the input `none.json`: no such file or directory");
}

// spec: CLI-11
#[cfg(unix)]
#[test]
fn an_endless_input_is_refused() {
    let package = Package::of(&echo());
    package
        .command(&["run", "--input", "/dev/zero"], b"")
        .exits(20)
        .says("input is larger than the limit of 1000 bytes");
    package.command(&["run"], &[b' '; 5000]).exits(20).says("input is larger than the limit of 1000 bytes");
}

// spec: CLI-10
#[test]
fn a_package_is_found_by_folder_manifest_module_or_here() {
    let package = Package::of(&echo());
    let elsewhere = Package::empty();
    let folder = package.path().display().to_string();
    for path in [
        folder.clone(),
        format!("{folder}/traverse.package.toml"),
        format!("{folder}/artifacts/echo.wasm"),
        format!("{folder}/Cargo.toml"),
    ] {
        elsewhere.command(&["run", &path, "--input-json", INPUT], b"").exits(0);
    }
    elsewhere.command(&["run", "--manifest-path", &folder, "--input-json", INPUT], b"").exits(0);
    package.command(&["run", "artifacts/echo.wasm", "--input-json", INPUT], b"").exits(0);
    elsewhere.command(&["run", "nowhere"], b"").exits(1).says("error[path-missing]: there is no `nowhere`");
    elsewhere
        .command(&["run", "none.wasm"], b"")
        .exits(1)
        .says("error[artifact-missing]: no artifact at `none.wasm`");
    elsewhere.command(&["run"], b"").exits(1).says("error[manifest-missing]");
}

// spec: CLI-10
#[test]
fn a_missing_artifact_says_to_build() {
    let package = Package::of(&echo());
    package.remove("artifacts/echo.wasm");
    package
        .run(INPUT)
        .exits(1)
        .prints("")
        .says("error[artifact-missing]")
        .says("help: build the package with `cargo traverse build`");
}

// spec: CLI-14, CLI-12, CLI-3
#[test]
fn a_precondition_that_does_not_hold_is_explained() {
    let package = Package::of(&echo());
    let finished = package.run(r#"{"note":"hi","amount":-5}"#).exits(21).prints(concat!(
        r#"{"outcome":"violation","clause":{"kind":"precondition","index":1,"id":"positive-amount","#,
        r#""rule":"amount > 0"},"observed":{"amount":-5.0},"message":"there is nothing to echo","found_by":"host"}"#,
        "\n"
    ));
    assert_snapshot!("violation_in_a_package", finished.stderr);
    // A bare module has no spec file to point into.
    let finished = package
        .command(&["run", "artifacts/echo.wasm", "--input-json", r#"{"note":"hi","amount":-5}"#], b"")
        .exits(21);
    assert_snapshot!("violation_in_a_module", finished.stderr);
}

// spec: CLI-14, CLI-3
#[test]
fn a_postcondition_that_only_the_host_sees_broken() {
    let package = Package::of(&echo());
    let finished = package.run(r#"{"note":"hi","amount":500}"#).exits(22);
    assert!(finished.stdout.starts_with("{\"outcome\":\"violation\",\"clause\":{\"kind\":\"postcondition\""));
    finished.says("clause:   postcondition 0").says("rule:     result.amount <= 100").says("found by: host");
}

// spec: CLI-14, CLI-3
#[test]
fn a_result_of_another_type_than_the_schema_says() {
    let package = Package::of(&saying(0, r#"{"note":"hi","amount":"five"}"#, ""));
    package.run(INPUT).exits(22).says("clause:   output-schema 0").says("observed: result.amount = \"five\"");
}

// spec: CLI-14
#[test]
fn a_result_out_of_bounds_is_shown_with_the_schema_that_says_so() {
    let spec = SPEC.replace(
        "[contract]",
        "[output]\ntype = \"object\"\nrequired = [\"amount\", \"note\"]\n[output.properties]\n\
         amount = { type = \"number\", minimum = 0 }\nnote = { type = \"string\" }\n\n[contract]",
    );
    let package = Package::of(&echo());
    package.write(SPEC_FILE, &spec);
    package.put(&sealed(&saying(0, r#"{"note":"hi","amount":-15}"#, ""), &spec), &spec);
    let finished = package.run(INPUT).exits(22);
    assert_snapshot!("output_schema_violation", finished.stderr);
}

// spec: CLI-14
#[test]
fn an_exception_that_is_missing_is_shown_with_its_condition() {
    let package = Package::of(&echo());
    let finished = package.run(r#"{"note":"hush","amount":5}"#).exits(24);
    assert_snapshot!("undeclared", finished.stderr);
    // A bare module has no spec file to point into.
    let input = r#"{"note":"hush","amount":5}"#;
    let bare = package.command(&["run", "artifacts/echo.wasm", "--input-json", input], b"").exits(24);
    assert!(!bare.stderr.contains("-->"), "{}", bare.stderr);
    bare.says("observed: note = \"hush\"");
}

// spec: CLI-10
#[test]
fn sources_that_are_newer_than_the_artifact_are_named() {
    let package = Package::of(&echo());
    let later = std::time::SystemTime::now() + std::time::Duration::from_secs(5);
    let source = std::fs::File::options().append(true).open(package.path().join("src/main.rs"));
    source.and_then(|file| file.set_modified(later)).expect("a file");
    package
        .run(INPUT)
        .exits(0)
        .says("note: `src/main.rs` is newer than the artifact; `cargo traverse build` takes it in\n");
    let json = package.command(&["run", "--message-format", "json", "--input-json", INPUT], b"").exits(0);
    assert_eq!(json.stderr, "");
}

// spec: CLI-4
#[test]
fn a_package_is_found_from_a_folder_in_it() {
    let package = Package::of(&echo()).case("none.txt", "");
    package.replace(SPEC_FILE, "summary = ", "summry = ");
    let from_src = |arguments: &[&str]| command(&package.path().join("src"), arguments, b"");
    from_src(&["check"]).exits(1).says("--> ../traverse.spec.toml:");
    from_src(&["build"]).exits(1).says("--> ../traverse.spec.toml:");
    package.write(SPEC_FILE, SPEC);
    from_src(&["run", "--input-json", INPUT]).exits(0).prints("{\"note\":\"hi\",\"amount\":5}\n");
    from_src(&["inspect"]).exits(0);
    let nowhere = Package::empty();
    for name in ["check", "build", "run", "test", "inspect"] {
        nowhere
            .command(&[name], b"")
            .exits(1)
            .says("error[manifest-missing]: there is no `traverse.package.toml` in this folder or above it");
    }
}

// spec: CLI-14, CLI-15, CLI-3
#[test]
fn an_invariant_of_words_is_the_guests() {
    let said = concat!(
        r#"{"outcome":"violation","clause":{"kind":"invariant","index":0,"rule":"echoes add nothing"},"#,
        r#""observed":{},"message":"`echoes add nothing` does not hold","found_by":"guest"}"#
    );
    let package = Package::of(&saying(23, said, "from the function\n"));
    let finished = package.run(INPUT).exits(23).prints(&format!("{said}\n"));
    assert!(finished.stderr.starts_with("from the function\n"), "{}", finished.stderr);
    finished
        .says("--> traverse.spec.toml:14:15")
        .says("decided:  by the function under `#[invariant]` in the module\n")
        .says(&format!("input:    {INPUT}\n"))
        .says("found by: guest");
}

// spec: CLI-15, CLI-12, CLI-3
#[test]
fn an_exception_is_named() {
    let said = r#"{"outcome":"exception","name":"TooLoud"}"#;
    let package = Package::of(&saying(10, said, ""));
    package.run(INPUT).exits(10).prints(&format!("{said}\n")).says("exception[TooLoud]: ");
}

// spec: CLI-15, CLI-3
#[test]
fn a_rejection_shows_the_place() {
    let package = Package::of(&echo());
    package
        .run(r#"{"note":"hi","amount":"5"}"#)
        .exits(20)
        .prints("{\"outcome\":\"rejected\",\"at\":\"/amount\",\"message\":\"expected a number, found a string\"}\n")
        .says("error[rejected]: the input at `/amount`: expected a number, found a string");
    package.command(&["run"], b"").exits(20).says("error[rejected]: the input: input is empty");
    package.command(&["run"], b"{} {}").exits(20).says("more data after the value");
    package.command(&["run"], b"\"\xff\"").exits(20).says("not UTF-8");
    let package = Package::of(&saying(0, "{}", ""));
    package.replace(SPEC_FILE, "input_bytes = 1000", "input_bytes = 9000000");
    let spec = SPEC.replace("input_bytes = 1000", "input_bytes = 9000000");
    package.put(&sealed(&echo(), &spec), &spec);
    package.command(&["run"], &[b'['; 1_000_000]).exits(20).says("nested deeper than 100 levels");
}

// spec: CLI-3, CLI-15
#[test]
fn an_exception_that_is_due_and_not_raised() {
    let package = Package::of(&echo());
    package
        .run(r#"{"note":"hush","amount":5}"#)
        .exits(24)
        .says("error[undeclared]: `note == 'hush'` holds, so exception `Silent` must be raised");
}

// spec: CLI-13, CLI-12, CLI-3
#[test]
fn what_the_host_refuses_has_its_exit_code() {
    let refused = |package: Package, code: i32, said: &str| {
        package.run(INPUT).exits(code).prints("").says(said);
    };

    let package = Package::of(&echo());
    package.replace(MANIFEST_FILE, "digest = \"sha256:", "digest = \"sha256:0000");
    refused(package, 1, "error[manifest-bad-digest]");

    let package = Package::of(&echo());
    let other = sealed(&saying(0, INPUT, ""), SPEC);
    package.write_bytes("artifacts/echo.wasm", &other);
    refused(package, 30, "error[digest-mismatch]");

    let package = Package::of(&echo());
    package.put(&bytes_of(&echo()), SPEC);
    refused(package, 31, "error[contract-missing]");

    let package = Package::of(&echo());
    package.replace(SPEC_FILE, "amount > 0", "amount > 1");
    refused(package, 31, "error[contract-mismatch]");

    let package = Package::of(&echo());
    package.put(&with_section(bytes_of(&echo()), CONTRACT_SECTION, b"{}"), SPEC);
    refused(package, 31, "error[contract-invalid]");

    let clock = echo().replace(
        "(memory",
        "(import \"wasi_snapshot_preview1\" \"clock_time_get\" (func (param i32 i64 i32) (result i32))) (memory",
    );
    refused(Package::of(&clock), 32, "`wasi_snapshot_preview1.clock_time_get`");

    refused(Package::of(&module("", "(loop $again (br $again))")), 33, "error[fuel-exhausted]");

    let grow = "(if (i32.eq (memory.grow (i32.const 16384)) (i32.const -1)) (then unreachable))";
    refused(Package::of(&module("", grow)), 34, "error[memory-exceeded]");

    refused(Package::of(&saying(0, &"1".repeat(3000), "")), 35, "error[output-too-large]");
    refused(Package::of(&saying(0, "Hello!", "")), 37, "error[output-not-json]");
    refused(Package::of(&saying(10, INPUT, "")), 37, "error[outcome-mismatch]");

    let panics = saying(0, "", "src/main.rs:7:5: the cart is gone\n")
        .replace("(call $exit (i32.const 0))", "unreachable");
    refused(Package::of(&panics), 38, "src/main.rs:7:5: the cart is gone");

    let package = Package::of(&echo());
    package.put(b"not a module", SPEC);
    refused(package, 1, "error[artifact-not-wasm]");
}

// spec: CLI-16
#[test]
fn json_is_the_outcome_with_its_trace() {
    let package = Package::of(&saying(0, INPUT, "a word\n"));
    let finished = package.command(&["run", "--message-format", "json", "--input-json", INPUT], b"").exits(0);
    assert_eq!(finished.stderr, "");
    insta::assert_json_snapshot!("run_result", finished.redacted_json());
    let package = Package::of(&echo());
    let finished = package
        .command(&["--message-format=json", "run", "--input-json", r#"{"note":"hi","amount":-5}"#], b"")
        .exits(21);
    insta::assert_json_snapshot!("run_violation", finished.redacted_json());
}

// spec: CLI-16, CLI-9
#[test]
fn json_of_a_refusal_is_an_error() {
    let package = Package::of(&module("", "unreachable"));
    let finished =
        package.command(&["run", "--message-format", "json", "--input-json", INPUT], b"").exits(38);
    insta::assert_json_snapshot!("run_error", finished.redacted_json());
}

// spec: CLI-10, RUN-9
#[test]
fn a_bare_module_has_the_default_limits_unless_an_option_says_otherwise() {
    let package = Package::empty();
    let spec = SPEC.replace("fuel = 2000000", "fuel = 9007199254740991");
    package.write_bytes("loop.wasm", &sealed(&module("", "(loop $l (br $l))"), &spec));
    let run = |options: &[&str]| {
        let arguments = [&["run", "loop.wasm", "--input-json", INPUT], options].concat();
        package.command(&arguments, b"").exits(33)
    };
    run(&[]).says("the guest used up its 1000000000 units of fuel").says(
        "note: the contract asks for `fuel = 9007199254740991`, and this call had 1000000000: `--fuel N` allows more or less",
    );
    run(&["--fuel", "5000"]).says("the guest used up its 5000 units of fuel");
    run(&["--fuel", "1100000000"]).says("the guest used up its 1100000000 units of fuel");

    let package = Package::of(&echo());
    package
        .command(&["run", "--input-json", INPUT, "--fuel", "10"], b"")
        .exits(33)
        .says("the guest used up its 10 units of fuel");
    package
        .command(&["run", "--input-json", INPUT, "--memory-bytes", "10"], b"")
        .exits(34)
        .says("error[memory-exceeded]");
    package
        .command(&["run", "--input-json", INPUT, "--output-bytes", "10"], b"")
        .exits(35)
        .says("error[output-too-large]: the guest wrote more than its limit of 10 bytes to stdout");
}

// spec: CLI-4, RUN-3, RUN-17
#[cfg(unix)]
#[test]
fn nothing_outside_the_package_and_nothing_endless_is_read() {
    use std::os::unix::fs::symlink;
    for (file, commands) in [
        (MANIFEST_FILE, &["run", "check", "inspect", "test"][..]),
        (SPEC_FILE, &["run", "check"]),
        ("artifacts/echo.wasm", &["run", "inspect"]),
    ] {
        let package = Package::of(&echo()).case("a.json", "[]");
        let path = package.path().join(file);
        let elsewhere = Package::empty();
        let target = elsewhere.path().join("target");
        std::fs::rename(&path, &target).expect("it moves");
        symlink(&target, &path).expect("a link");
        for command in commands {
            package.command(&[command], INPUT.as_bytes()).exits(1).says("path-outside-package");
        }
        std::fs::remove_file(&path).expect("a link");
        let made = std::process::Command::new("mkfifo").arg(&path).status().expect("mkfifo runs");
        assert!(made.success());
        for command in commands {
            package.command(&[command], INPUT.as_bytes()).exits(1).says("it is not a regular file");
        }
    }
}

// spec: CLI-6
#[cfg(unix)]
#[test]
fn help_that_cannot_be_written_is_an_error() {
    use std::process::{Command, Stdio};
    for argument in ["--help", "--version"] {
        let Ok(full) = std::fs::File::create("/dev/full") else { return };
        let output = Command::new(env!("CARGO_BIN_EXE_cargo-traverse"))
            .arg(argument)
            .stdin(Stdio::null())
            .stdout(full)
            .output()
            .expect("the command ends");
        assert_eq!(output.status.code(), Some(1));
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(stderr.starts_with("error[stdout]: cannot write to stdout: no space left"), "{stderr}");
    }
}

// spec: CLI-8
#[test]
fn a_module_cannot_steer_the_terminal() {
    let said = "{\"note\":\"\u{9b}2J\u{7f}\u{202e}\",\"amount\":5}";
    let package = Package::of(&saying(0, said, "\u{1b}[2Jgone\u{7}\n"));
    package
        .run(INPUT)
        .exits(0)
        .prints("{\"note\":\"\\u009b2J\\u007f\\u202e\",\"amount\":5}\n")
        .says("\\u{1b}[2Jgone\\u{7}\n");
    let package = Package::of(&echo());
    let finished = package.run("{\"note\":\"\u{9b}2J\",\"amount\":500}").exits(22);
    assert!(!finished.stderr.contains('\u{9b}') && !finished.stdout.contains('\u{9b}'), "{finished:?}");
}

// spec: CLI-6
#[cfg(unix)]
#[test]
fn stdout_that_has_gone_is_no_error_and_a_full_disk_is_one() {
    use std::process::{Command, Stdio};
    let package = Package::of(&echo());
    let mut child = Command::new(env!("CARGO_BIN_EXE_cargo-traverse"))
        .args(["run", "--input-json", INPUT])
        .current_dir(package.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("the command ends");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");

    let Ok(full) = std::fs::File::create("/dev/full") else { return };
    let output = Command::new(env!("CARGO_BIN_EXE_cargo-traverse"))
        .args(["run", "--input-json", INPUT])
        .current_dir(package.path())
        .stdin(Stdio::null())
        .stdout(full)
        .output()
        .expect("the command ends");
    assert_eq!(output.status.code(), Some(1));
    assert!(
        String::from_utf8_lossy(&output.stderr)
            .contains("error[stdout]: cannot write to stdout: no space left")
    );
}

// spec: RUN-21, CLI-10
#[test]
fn a_module_without_a_contract_runs_under_the_one_that_is_given() {
    let package = Package::of(&echo());
    package.write_bytes("bare.wasm", &crate::package::bytes_of(&echo()));
    let input = r#"{"note":"a","amount":5}"#;
    package.command(&["run", "bare.wasm", "--input-json", input], b"").exits(31);
    let given = ["run", "bare.wasm", "--spec", "traverse.spec.toml", "--input-json", input];
    package.command(&given, b"").exits(0).prints(&format!("{input}\n"));
    let wrong = r#"{"note":"a","amount":-5}"#;
    package
        .command(&["run", "bare.wasm", "--spec", "traverse.spec.toml", "--input-json", wrong], b"")
        .exits(21);
    package
        .command(&["run", ".", "--spec", "traverse.spec.toml"], b"")
        .exits(2)
        .says("`--spec` goes with a `.wasm` file");
    package.command(&["run", "bare.wasm", "--spec", "none.toml"], b"").exits(1).says("error[spec-missing]");
}
