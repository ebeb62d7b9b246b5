//! The smallest useful spec, types inferred, as a process: stdin, stdout, stderr, exit code.

use std::io::Write;
use std::process::{Command, Stdio};
use traverse_sdk::prelude::*;

#[capability(spec = "tests/specs/pricing.spec.toml")]
fn eligibility_check(customer: Customer, cart: Cart) -> Result<Output, Exception> {
    if cart.total > 10_000.0 {
        return Err(Exception::CartExpired);
    }
    if cart.total == 13.0 {
        panic!("unlucky\n  number");
    }
    let reason =
        if customer.tier == "enterprise" && cart.total != 66.0 { "agreed" } else { "standard pricing" };
    Ok(Output { eligible: cart.total >= 50.0, reason: reason.into() })
}

mod rules {
    pub(crate) mod pricing {
        use crate::*;

        // Anywhere in the crate; by value, by reference, whatever it needs.
        #[invariant(
            "enterprise customers never receive standard pricing",
            spec = "tests/specs/pricing.spec.toml"
        )]
        fn enterprise_pricing(_cart: Cart, customer: &Customer, result: &Output) -> bool {
            !(customer.tier == "enterprise" && result.reason.contains("standard pricing"))
        }
    }
}

/// The program itself, when a test below runs this test alone.
#[test]
fn program() {
    if std::env::var_os("TRAVERSE_TEST_PROGRAM").is_some() {
        main();
    }
}

/// Exit code, stdout, last line of stderr.
fn run(stdin: &[u8]) -> (Option<i32>, String, String) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "program", "--nocapture", "--quiet"])
        .env("TRAVERSE_TEST_PROGRAM", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(stdin).unwrap();
    let output = child.wait_with_output().unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    // Before it comes what the test harness says.
    let stdout = stdout.trim_start_matches("\nrunning 1 test\n").to_owned();
    let stderr = String::from_utf8(output.stderr).unwrap();
    (output.status.code(), stdout, stderr.lines().last().unwrap_or_default().to_owned())
}

/// spec: IO-1, IO-9
#[test]
fn a_result_is_alone_on_stdout() {
    let (code, stdout, stderr) = run(br#" {"customer":{"tier":"enterprise"},"cart":{"total":120}} "#);
    assert_eq!(
        (code, stdout.as_str(), stderr.as_str()),
        (Some(0), r#"{"eligible":true,"reason":"agreed"}"#, "")
    );
}

/// spec: IO-9, IO-13
#[test]
fn an_exception_is_named() {
    let (code, stdout, _) = run(br#"{"customer":{"tier":"standard"},"cart":{"total":10001}}"#);
    assert_eq!((code, stdout.as_str()), (Some(10), r#"{"outcome":"exception","name":"CartExpired"}"#));
}

/// spec: IO-9, IO-10
#[test]
fn wrong_input_is_rejected() {
    for (input, at, message) in [
        ("", "", "input is empty: expected one JSON value"),
        ("{} {}", "", "not valid JSON: more data after the value at byte 3"),
        ("[]", "", "expected an object, found an array"),
        ("{}", "", "required property `customer` is missing"),
        (r#"{"cart":{"total":"1"},"customer":{}}"#, "/cart/total", "expected a number, found a string"),
        (r#"{"cart":{},"customer":{}}"#, "/cart", "required property `total` is missing"),
        (r#"{"cart":{"total":1,"total":1}}"#, "/cart/total", "duplicate key"),
        (r#"{"cart":null}"#, "/cart", "expected an object, found null"),
        (r#"{"more":[1e999]}"#, "/more/0", "number out of range"),
    ] {
        let expected = format!(r#"{{"outcome":"rejected","at":"{at}","message":"{message}"}}"#);
        assert_eq!(run(input.as_bytes()), (Some(20), expected, String::new()), "{input}");
    }
    let (code, stdout, _) = run(b"{\"\xff\":1}");
    assert_eq!(code, Some(20));
    assert!(stdout.contains("not UTF-8: invalid at byte 2"), "{stdout}");
    let (code, stdout, _) = run(&vec![b'['; 1_000_000]);
    assert_eq!(code, Some(20));
    assert!(stdout.contains("nested deeper than 100 levels"), "{stdout}");
}

/// spec: IO-17
#[test]
fn input_beyond_the_limit_is_rejected() {
    let (code, stdout, _) = run(&vec![b' '; (1 << 20) + 1]);
    assert_eq!(code, Some(20));
    assert!(stdout.contains("input is larger than the limit of 1048576 bytes"), "{stdout}");
    // One byte less is only empty.
    let (_, stdout, _) = run(&vec![b' '; 1 << 20]);
    assert!(stdout.contains("input is empty"), "{stdout}");
}

/// spec: IO-9, IO-11
#[test]
fn a_broken_precondition_is_reported_with_what_it_read() {
    let (code, stdout, _) = run(br#"{"customer":{"tier":"gold"},"cart":{"total":0}}"#);
    let expected = concat!(
        r#"{"outcome":"violation","clause":{"kind":"precondition","index":0,"#,
        r#""rule":"customer.tier in ['standard', 'enterprise']"},"observed":{"customer.tier":"gold"},"#,
        r#""message":"`customer.tier in ['standard', 'enterprise']` does not hold","found_by":"guest"}"#,
    );
    assert_eq!((code, stdout.as_str()), (Some(21), expected));
    let (code, stdout, _) = run(br#"{"customer":{"tier":"standard"},"cart":{"total":-0.0}}"#);
    assert_eq!(code, Some(21));
    assert!(
        stdout.contains(r#""index":1,"rule":"cart.total > 0"},"observed":{"cart.total":-0.0}"#),
        "{stdout}"
    );
}

/// spec: IO-9, IO-12
#[test]
fn a_broken_invariant_in_words_is_reported() {
    let (code, stdout, _) = run(br#"{"customer":{"tier":"enterprise"},"cart":{"total":66}}"#);
    let expected = concat!(
        r#"{"outcome":"violation","clause":{"kind":"invariant","index":0,"#,
        r#""rule":"enterprise customers never receive standard pricing"},"observed":{},"#,
        r#""message":"`enterprise customers never receive standard pricing` does not hold","found_by":"guest"}"#,
    );
    assert_eq!((code, stdout.as_str()), (Some(23), expected));
}

/// spec: IO-15
#[test]
fn a_panic_says_where_in_its_last_line() {
    let (code, stdout, stderr) = run(br#"{"customer":{"tier":"enterprise"},"cart":{"total":13}}"#);
    assert_eq!(code, Some(101));
    // The rest of stdout is the test harness's.
    assert!(!stdout.contains('{'), "{stdout}");
    let place = stderr.strip_prefix("panicked at ").unwrap_or_default();
    let (place, message) = place.split_once(": ").unwrap_or_default();
    assert_eq!(message, "unlucky number");
    let (file, column) = place.split_once(".rs:").unwrap_or_default();
    assert!(file.ends_with("tests/pricing") && column.ends_with(":9"), "{stderr}");
}

/// spec: TEST-80
#[test]
fn a_call_in_this_process_has_every_check() {
    use traverse_sdk::test::call;

    let with = |tier: &str, total: &str| {
        call!(&format!(r#"{{"customer":{{"tier":"{tier}"}},"cart":{{"total":{total}}}}}"#))
    };
    with("enterprise", "120").assert_result(r#"{"reason":"agreed","eligible":true}"#).assert_holds();
    with("standard", "10001").assert_exception("CartExpired").assert_holds();
    with("gold", "5").assert_violation("precondition", 0).assert_holds();
    with("standard", "\"5\"").assert_rejected("/cart/total");
    assert_eq!(with("enterprise", "66").assert_violation("invariant", 0).exit_code(), 23);
    let said = |check: fn(&traverse_sdk::test::Called)| {
        let called = with("enterprise", "66");
        let panic = std::panic::catch_unwind(|| check(&called)).expect_err("it is not so");
        panic.downcast_ref::<String>().cloned().unwrap_or_default()
    };
    let message = said(|called| {
        called.assert_holds();
    });
    assert!(
        message.starts_with("expected the contract to hold, found (exit code 23) {\"outcome\":\"violation\""),
        "{message}"
    );
    let message = said(|called| {
        called.assert_result("{}");
    });
    assert!(message.starts_with("expected the result {}, found (exit code 23)"), "{message}");
}
