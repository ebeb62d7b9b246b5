//! `cargo traverse explain`.

use crate::package::{Package, SPEC, bytes_of, echo};
use insta::{assert_json_snapshot, assert_snapshot};
use traverse_contract::package::{MANIFEST_FILE, SPEC_FILE};

/// A contract with something of everything.
const RICH: &str = r##"
[capability]
id = "shop.refund"
version = "2.1.0"
runtime = "wasm32-wasip1"
summary = "Decides whether an order is refunded"
description = """
An order is refunded as a whole or not at all.

Amounts are in `EUR`."""
owner = "Payments"

[input]
type = "object"
required = ["order"]
additionalProperties = false
[input.properties]
order = { "$ref" = "#/types/Order" }
note = { type = "string", maxLength = 200, description = "What the customer says.", default = "", examples = ["too | late", "`broken`"] }

[output]
type = "object"
required = ["refund"]
[output.properties]
refund = { type = "number", minimum = 0, description = "0 where there is none.", examples = [0, 12.5] }

[types.Order]
type = "object"
description = "As it was placed."
examples = [{ lines = [{ sku = "a-1", price = 2.5 }], age_days = 3 }]
required = ["lines", "age_days"]
[types.Order.properties]
age_days = { type = "integer", minimum = 0 }
[types.Order.properties.lines]
type = "array"
minItems = 1
[types.Order.properties.lines.items]
type = "object"
required = ["sku", "price"]
[types.Order.properties.lines.items.properties]
sku = { type = "string" }
price = { type = "number", exclusiveMinimum = 0 }

[contract]
preconditions = ["has(note) implies size(note) > 0"]
postconditions = ["result.refund <= 1000.0 or order.age_days < 14"]
invariants = [
  { id = "something-left", rule = "order.lines.exists(l, result.refund >= l.price) or result.refund == 0", reason = "Nobody gets less than the cheapest line." },
  "a refund is never more than what was paid",
]
[[contract.exceptions]]
name = "TooOld"
when = "order.age_days > 30"
message = "the order is too old"
[contract.exceptions.details]
type = "object"
required = ["days"]
properties = { days = { type = "integer" } }

[placement]
targets = ["edge", "cloud"]
prefer = "edge"
"##;

// spec: CLI-90, CLI-91, CLI-92
#[test]
fn a_contract_reads_as_a_text() {
    let package = Package::empty();
    package.write(SPEC_FILE, RICH);
    let finished = package.command(&["explain"], b"").exits(0);
    assert_eq!(finished.stderr, "");
    assert_snapshot!("explain_markdown", finished.stdout);
}

// spec: CLI-93
#[test]
fn the_html_file_stands_alone() {
    let package = Package::empty();
    package.write(SPEC_FILE, RICH);
    let finished = package.command(&["explain", "--format", "html", "."], b"").exits(0);
    let (head, body) = finished.stdout.split_once("</head>").expect("a head");
    assert!(head.starts_with("<!DOCTYPE html>\n<html lang=\"en\">\n"), "{head}");
    assert_snapshot!("explain_html", body);
}

// spec: CLI-94
#[test]
fn json_has_every_sentence() {
    let package = Package::empty();
    package.write(SPEC_FILE, RICH);
    let finished = package.command(&["explain", "--message-format", "json"], b"").exits(0);
    assert_json_snapshot!("explain_json", finished.json());
    let indented = package.command(&["explain", "--format", "json"], b"").exits(0).stdout;
    assert_eq!(serde_json::from_str::<serde_json::Value>(&indented).expect("JSON"), finished.json());
}

// spec: CLI-90
#[test]
fn a_module_is_explained_by_what_it_carries() {
    let package = Package::of(&echo());
    let of_package = package.command(&["explain"], b"").exits(0).stdout;
    assert!(of_package.contains("2. **positive-amount**: `amount` is greater than 0."), "{of_package}");
    let spec = package.path().join(SPEC_FILE);
    package.remove(SPEC_FILE);
    package.command(&["explain", "artifacts/echo.wasm"], b"").exits(0).prints(&of_package);
    package.command(&["explain"], b"").exits(1).prints("").says("error[spec-missing]");
    package.write("elsewhere/other.toml", SPEC);
    package.command(&["explain", "elsewhere/other.toml"], b"").exits(0).prints(&of_package);
    package.write_bytes("bare.wasm", &bytes_of(&echo()));
    package.command(&["explain", "bare.wasm"], b"").exits(1).prints("").says("error[contract-missing]");
    package.command(&["explain", "none.wasm"], b"").exits(1).says("error[artifact-missing]");
    package
        .command(&["explain", "elsewhere/other.toml", "--manifest-path", "."], b"")
        .exits(2)
        .says("both say what to work on");
    assert!(!spec.exists());
}

// spec: CLI-90
#[test]
fn a_broken_contract_is_shown_with_its_places() {
    let package = Package::of(&echo());
    package.replace(SPEC_FILE, "amount > 0", "amount > ");
    package
        .command(&["explain"], b"")
        .exits(1)
        .prints("")
        .says("error[lang-syntax]")
        .says("--> traverse.spec.toml:")
        .says("error[spec-invalid]: `traverse.spec.toml` is not a valid contract");
    package.write(MANIFEST_FILE, "package_id = \n");
    package.command(&["explain"], b"").exits(1).says("error[manifest-toml-syntax]");
    Package::empty().command(&["explain"], b"").exits(1).prints("").says("error[spec-missing]");
}

// spec: CLI-95
#[test]
fn a_file_is_written_whole_or_not_at_all() {
    let package = Package::of(&echo());
    let page = package.command(&["explain", "--format", "html"], b"").exits(0).stdout;
    let arguments = ["explain", "--format", "html", "--out", "contract.html"];
    let bytes = format!("Wrote contract.html ({},{:03} bytes)\n", page.len() / 1000, page.len() % 1000);
    package.command(&arguments, b"").exits(0).prints(&bytes);
    assert_eq!(std::fs::read_to_string(package.path().join("contract.html")).expect("a file"), page);
    let json =
        package.command(&[&arguments[..], &["--message-format", "json"]].concat(), b"").exits(0).json();
    assert_eq!(json, serde_json::json!({"file": "contract.html", "format": "html", "bytes": page.len()}));
    for (place, reason) in [("src", "it is not a regular file"), ("none/contract.md", "no such file")] {
        package
            .command(&["explain", "--out", place], b"")
            .exits(1)
            .says("error[explain-failed]")
            .says(reason);
    }
}
