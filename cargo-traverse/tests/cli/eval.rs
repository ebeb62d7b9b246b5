//! `cargo traverse eval`.

use crate::package::{Finished, Package, echo};
use insta::{assert_json_snapshot, assert_snapshot};
use traverse_contract::package::{MANIFEST_FILE, SPEC_FILE};

const ORDER: &str = r#"{"items":[{"price":2.5,"count":2},{"price":1.0,"count":0}],"coupon":"x"}"#;

fn elsewhere(arguments: &[&str], stdin: &str) -> Finished {
    Package::empty().command(&[&["eval"], arguments].concat(), stdin.as_bytes())
}

// spec: CLI-70, CLI-72, LANG-110
#[test]
fn an_expression_is_shown_part_by_part() {
    let rule = "items.all(i, i.price > 0.5) and (coupon == 'x' or 1 / 0 == 1)";
    let finished = elsewhere(&[rule, "--input-json", ORDER], "").exits(0);
    assert_eq!(finished.stderr, "");
    assert_snapshot!("eval", finished.stdout);
    for (rule, shown) in
        [("1 + 2", "1 + 2  3\n"), ("-1", "-1  -1\n"), ("'a' + \"b\"", "'a' + \"b\"  \"ab\"\n")]
    {
        elsewhere(&[rule], "").exits(0).prints(shown);
    }
}

// spec: CLI-70
#[test]
fn documents_come_from_arguments_files_and_stdin() {
    let shown = "a  1\n";
    elsewhere(&["a", "--input-json", r#"{"a":1}"#], "").exits(0).prints(shown);
    elsewhere(&["a", "--input", "-"], r#"{"a":1}"#).exits(0).prints(shown);
    let package = Package::empty();
    package.write("in.json", r#"{"a":1}"#);
    package.command(&["eval", "a", "--input", "in.json"], b"").exits(0).prints(shown);
    package
        .command(&["eval", "a", "--input", "no.json"], b"")
        .exits(1)
        .prints("")
        .says("error[input-unreadable]");
    elsewhere(&["result + 1", "--output-json", "2"], "").exits(0).prints("result + 1  3\n  result    2\n");
    elsewhere(&["result + 1"], "").exits(1).prints("").says("= help: give it with `--output-json JSON`");
    elsewhere(&["a", "--input-json", "{"], "")
        .exits(1)
        .prints("")
        .says("error[rejected]: the input: not valid JSON");
    elsewhere(&["a"], "").exits(1).prints("").says("= note: no input is given");
    // No input would mend this.
    let finished = elsewhere(&["1 and true"], "").exits(1).prints("").says("= help: compare it");
    assert!(!finished.stderr.contains("no input is given"), "{}", finished.stderr);
}

// spec: CLI-71, CLI-70
#[test]
fn in_a_package_the_types_are_those_of_its_spec() {
    let package = Package::of(&echo());
    let input = ["--input-json", r#"{"note":"hi","amount":5}"#];
    let eval = |rule, more: &[&str]| package.command(&[&["eval", rule], &input[..], more].concat(), b"");
    eval("amount", &[]).exits(0).prints("amount  5.0\n");
    eval("amount", &["--no-spec"]).exits(0).prints("amount  5\n");
    eval("amount + 1", &[]).exits(1).prints("").says("write `1.0`");
    eval("amont", &[]).exits(1).prints("").says("did you mean `amount`?");
    eval("result.amount > amount", &["--output-json", r#"{"note":"hi","amount":6}"#])
        .exits(0)
        .says("")
        .prints("result.amount > amount  true\n  result.amount         6.0\n    result              {\"amount\":6.0,\"note\":\"hi\"}\n  amount                5.0\n");
    let wrong = ["eval", "amount", "--input-json", r#"{"note":"hi","amount":"5"}"#];
    package
        .command(&wrong, b"")
        .exits(1)
        .prints("")
        .says("error[rejected]: the input at `/amount`: expected a number");
    package.command(&["eval", "amount"], b"").exits(1).prints("").says("error[eval-no-input]");
    package.command(&["eval", "1 > 0"], b"").exits(0).prints("1 > 0  true\n");

    // The spec counts, whatever became of the manifest; a broken one is an error, which `--no-spec` passes by.
    package.remove(MANIFEST_FILE);
    eval("amount", &[]).exits(0).prints("amount  5.0\n");
    package.replace(SPEC_FILE, "amount > 0", "amount >");
    eval("amount", &[])
        .exits(1)
        .prints("")
        .says("--> traverse.spec.toml")
        .says("error[spec-invalid]")
        .says("`--no-spec`");
    eval("amount", &["--no-spec"]).exits(0).prints("amount  5\n");
    eval("amount", &["--no-spec", "--manifest-path", "."]).exits(2).prints("").says("error[usage]");
    Package::empty()
        .command(&["eval", "1", "--manifest-path", "."], b"")
        .exits(1)
        .prints("")
        .says("error[spec-missing]");
}

// spec: CLI-73, LANG-112
#[test]
fn what_is_wrong_is_shown_at_its_place() {
    let finished = elsewhere(&["items.map(i, i.count / (i.count - 2))", "--input-json", ORDER], "").exits(1);
    assert_snapshot!("eval_error", format!("{}---\n{}", finished.stdout, finished.stderr));
    let finished =
        elsewhere(&["items.all(i, i.prise > 0) and coupon > 1", "--input-json", ORDER], "").exits(1);
    assert_snapshot!("eval_refused", finished.prints("").stderr);
    for document in [r#"{"a":[]}"#, r#"{"a":[[]]}"#] {
        elsewhere(&["a == a", "--input-json", document], "")
            .exits(1)
            .prints("")
            .says("error[eval-open-type]: the expression reads a value whose type the documents do not tell");
    }
    elsewhere(&["1 +"], "").exits(1).prints("").says("error[lang-syntax]").says("--> EXPR:1:3");
    elsewhere(&["l", "--input-json", r#"{"l":[1,"a"]}"#], "")
        .exits(1)
        .prints("")
        .says("error[rejected]: the input at `/l/1`: is a string");
}

// spec: CLI-74, CLI-9
#[test]
fn the_parts_are_json_too() {
    let json =
        |rule| elsewhere(&[rule, "--input-json", ORDER, "--message-format", "json"], "").redacted_json();
    assert_json_snapshot!("eval_json", json("items.exists(i, i.count == 0) or coupon == ''"));
    assert_json_snapshot!("eval_json_error", json("items[1].count % items[1].count"));
    assert_eq!(json("items +")["error"]["diagnostics"][0]["code"], "lang-syntax");
    assert_eq!(json("0.0 / 0.0")["value"], "NaN");
}

// spec: CLI-72
#[test]
fn long_things_are_cut() {
    let items: Vec<u32> = (0..200).collect();
    let input = format!("{{\"l\":{}}}", serde_json::to_string(&items).expect("JSON"));
    let finished = elsewhere(&["l.map(x, x * 2)", "--input-json", &input], "").exits(0);
    assert!(finished.stdout.contains("… 190 elements more …"), "{}", finished.stdout);
    assert!(finished.stdout.contains("element 199: 199"), "{}", finished.stdout);
    let last = finished.stdout.lines().last().unwrap_or_default();
    assert!(last.starts_with("= [0,2,4") && last.ends_with(",398]"), "{last}");
    assert!(
        finished.stdout.lines().rev().skip(1).all(|line| line.chars().count() < 200),
        "{}",
        finished.stdout
    );
}
