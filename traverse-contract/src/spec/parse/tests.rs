use crate::canonical::contract_json;
use crate::diagnostic::{Diagnostic, Source, Span};
use crate::spec::{ClauseKind, Spec};
use proptest::prelude::*;

/// The smallest useful spec, as the design gives it.
const SMALLEST: &str = r#"# traverse.spec.toml — capability contract

[capability]
id          = "pricing.eligibility-check"
version     = "1.2.0"
runtime     = "wasm32-wasi"

[contract]
preconditions  = ["customer.tier in ['standard', 'enterprise']", "cart.total > 0"]
postconditions = ["result.eligible is bool", "result.reason is string"]
invariants     = ["enterprise customers never receive standard pricing"]
exceptions     = ["CustomerNotFound", "CartExpired"]

[placement]
targets     = ["browser", "edge", "cloud", "ai-pipeline"]
prefer      = "edge"
fallback    = "cloud"
"#;

const HEAD: &str = "[capability]\nid = 'a.b'\nversion = '1.0.0'\nruntime = 'wasm32-wasip1'\n";

fn source(text: &str) -> Source {
    Source { name: "traverse.spec.toml".into(), text: text.into() }
}

fn errors(text: &str) -> Vec<Diagnostic> {
    Spec::from_toml(&source(text)).expect_err("errors")
}

/// Each error as `code: message [marked text] {help}`.
fn told(text: &str) -> Vec<String> {
    errors(text)
        .iter()
        .map(|error| {
            let marked = error.label.as_ref().map_or("", |(span, _)| &text[span.start..span.end]);
            let help = error.help.as_deref().unwrap_or_default();
            format!("{}: {} [{marked}] {{{help}}}", error.code, error.message)
        })
        .collect()
}

fn with_head(rest: &str) -> Vec<String> {
    told(&format!("{HEAD}{rest}"))
}

// spec: SPEC-1, SPEC-8, SPEC-9
#[test]
fn the_smallest_useful_spec() {
    let spec = Spec::from_toml(&source(SMALLEST)).expect("a spec");
    assert_eq!(spec.capability.id.value, "pricing.eligibility-check");
    assert_eq!(
        &SMALLEST[spec.capability.id.span.start..spec.capability.id.span.end],
        "\"pricing.eligibility-check\""
    );
    let clauses: Vec<(ClauseKind, usize, &str)> =
        spec.clauses.iter().map(|clause| (clause.kind, clause.index, clause.rule.value.as_str())).collect();
    assert_eq!(
        clauses,
        [
            (ClauseKind::Precondition, 0, "customer.tier in ['standard', 'enterprise']"),
            (ClauseKind::Precondition, 1, "cart.total > 0"),
            (ClauseKind::Postcondition, 0, "result.eligible is bool"),
            (ClauseKind::Postcondition, 1, "result.reason is string"),
            (ClauseKind::Invariant, 0, "enterprise customers never receive standard pricing"),
        ]
    );
    assert_eq!(spec.exceptions.len(), 2);
    assert_eq!(spec.placement.expect("placement").targets.len(), 4);
    assert!(spec.input.is_none() && spec.output.is_none());
}

/// Every optional part, once.
const FULL: &str = r##"
[capability]
id = "shop.order"
version = "2.0.0-beta.1"
runtime = "wasm32-wasip1"
summary = "One line."
description = "More\nlines."
owner = "team"

[contract]
preconditions = [{ id = "not-empty", rule = "size(lines) > 0", message = "no line", reason = "why" }, "total >= 0"]
invariants = ["totals add up"]

[[contract.exceptions]]
name = "TooLarge"
when = "total > 1000000"
message = "too large"
details = { type = "object", required = ["limit"], properties.limit = { type = "integer", minimum = 1.0 } }

[types.Line]
type = "object"
required = ["sku", "amount"]
additionalProperties = false
[types.Line.properties]
note = { type = "string", maxLength = 10, default = "x", format = "any" }
amount = { type = "number", exclusiveMinimum = 0, maximum = 1e16 }
sku = { type = "string", minLength = 1 }
again = { enum = ["b", "a"] }

[input]
type = "object"
title = "Order"
required = ["lines"]
properties.total = { type = "number" }
properties.lines = { type = "array", items = { "$ref" = "#/types/Line" }, maxItems = 100 }

[output]
type = "boolean"

[placement]
targets = ["edge"]

[limits]
fuel = 1_000_000
memory_bytes = 0x100_0000
"##;

/// The spec without its places, which JSON does not have.
fn placeless(spec: &Spec) -> String {
    let text = format!("{spec:?}");
    let mut plain = String::new();
    let mut rest = text.as_str();
    while let Some(at) = rest.find("span: Span {") {
        plain.push_str(&rest[..at]);
        rest = &rest[at + rest[at..].find('}').expect("the end of a span")..];
    }
    plain.push_str(rest);
    while let Some(at) = plain.find("offsets: [") {
        let end = at + plain[at..].find(']').expect("the end of a list");
        plain.replace_range(at..=end, "");
    }
    plain
}

// spec: SPEC-8
#[test]
fn the_canonical_form_means_the_same() {
    for text in [SMALLEST, FULL] {
        let source = source(text);
        let from_toml = Spec::from_toml(&source).expect("a spec");
        let json = contract_json(&source).expect("canonical JSON");
        let from_json = Spec::from_json(&json).expect("the same spec");
        assert_eq!(placeless(&from_toml), placeless(&from_json));
    }
}

#[test]
fn errors_in_json_have_no_place() {
    let found =
        Spec::from_json(r#"{"capability":{"id":"A","version":"1","runtime":"wasm32-wasi"},"x":null}"#)
            .expect_err("errors");
    assert_eq!(found.len(), 3);
    assert!(found.iter().all(|error| error.label.is_none() && error.also.is_empty()));
    for (json, message) in [
        ("{", "not valid JSON"),
        ("[]", "the spec must be a table, found an array"),
        (r#"{"a":1,"a":2}"#, "duplicate key"),
        ("null", "the spec must be a table, found `null`"),
    ] {
        let found = Spec::from_json(json).expect_err("an error");
        assert!(found[0].message.starts_with(message), "{}", found[0].message);
    }
}

// spec: SPEC-5, DIAG-1
#[test]
fn all_errors_in_one_pass_each_at_its_place() {
    let text = SMALLEST
        .replace("preconditions ", "preconditons  ")
        .replace("\"CartExpired\"]", "\"cart_expired\"]")
        .replace("\"1.2.0\"", "\"1.2\"")
        .replace("= \"edge\"", "= \"egde\"");
    let source = source(&text);
    let shown: Vec<String> = errors(&text).iter().map(|error| error.render(&source)).collect();
    assert_eq!(
        shown.join("\n\n"),
        r#"error[spec-bad-version]: `version` is not a semantic version: unexpected end of input while parsing minor version number
  --> traverse.spec.toml:5:15
   |
 5 | version     = "1.2"
   |               ^^^^^
   = help: write three numbers: `1.2.0`

error[spec-unknown-key]: unknown key `preconditons` in `[contract]`
  --> traverse.spec.toml:9:1
   |
 9 | preconditons   = ["customer.tier in ['standard', 'enterprise']", "cart.total > 0"]
   | ^^^^^^^^^^^^ not a key of this section
   = help: did you mean `preconditions`?

error[spec-bad-exception-name]: `cart_expired` is not a name for an exception
   --> traverse.spec.toml:12:39
    |
 12 | exceptions     = ["CustomerNotFound", "cart_expired"]
    |                                       ^^^^^^^^^^^^^^
    = help: names of exceptions are UpperCamelCase: `CartExpired`

error[spec-bad-placement]: `prefer` is `egde`, which is not among `targets`
   --> traverse.spec.toml:16:15
    |
 16 | prefer      = "egde"
    |               ^^^^^^
    = help: did you mean `edge`?"#
    );
}

// spec: SPEC-1
#[test]
fn toml_that_is_none() {
    let text = "[capability]\nid = \"a\nversion = '1.0.0'\n[contract\n";
    let source = source(text);
    let shown: Vec<String> = errors(text).iter().map(|error| error.render(&source)).collect();
    assert_eq!(
        shown.join("\n\n"),
        "\
error[spec-toml-syntax]: not valid TOML: invalid basic string, expected `\"`
  --> traverse.spec.toml:2:8
   |
 2 | id = \"a
   |        ^

error[spec-toml-syntax]: not valid TOML: unclosed table, expected `]`
  --> traverse.spec.toml:4:10
   |
 4 | [contract
   |          ^"
    );
    assert_eq!(
        told("[capability]\nid = 'a'\nid = 'b'\n"),
        [
            "spec-toml-syntax: not valid TOML: duplicate key `id` [id] {remove one of the two, or make them one}"
        ]
    );
}

// spec: SPEC-4, SPEC-9, SPEC-10, SPEC-11, SPEC-12, SPEC-13
#[test]
fn the_capability_section() {
    assert_eq!(
        told(""),
        ["spec-missing-key: the spec has no `[capability]` section [] \
          {add `[capability]` with `id`, `version` and `runtime`}"]
    );
    assert_eq!(
        told("[capability]\n"),
        [
            "spec-missing-key: `[capability]` has no `id` [[capability]] {add `id = \"pricing.eligibility-check\"`}",
            "spec-missing-key: `[capability]` has no `version` [[capability]] {add `version = \"0.1.0\"`}",
            "spec-missing-key: `[capability]` has no `runtime` [[capability]] {add `runtime = \"wasm32-wasip1\"`}",
        ]
    );
    assert_eq!(
        told(
            "[capability]\nid = 'Pricing.Eligibility_Check'\nversion = 1\nruntime = 'wasm64'\nsummary = \"a\\nb\"\nowner = []\n[Capability]"
        ),
        [
            "spec-unknown-key: unknown key `Capability` in the spec [Capability] {did you mean `capability`?}",
            "spec-bad-id: `Pricing.Eligibility_Check` is not an `id` ['Pricing.Eligibility_Check'] \
             {lower-case words joined by `-`, segments by `.`: `pricing.eligibility-check`}",
            "spec-wrong-type: `version` in `[capability]` must be a string, found an integer [1] {}",
            "spec-bad-runtime: unknown runtime `wasm64` ['wasm64'] {write `wasm32-wasip1` (or its old name, `wasm32-wasi`)}",
            "spec-wrong-type: `summary` must be one line [\"a\\nb\"] {put the rest into `description`}",
            "spec-wrong-type: `owner` in `[capability]` must be a string, found an array [[]] {}",
        ]
    );
    for id in ["", ".", "a.", "-a", "a--b", "1a", "ä", "a b", &"a".repeat(129)] {
        let found = told(&HEAD.replace("a.b", id));
        assert!(found[0].starts_with("spec-bad-id"), "{id}: {found:?}");
    }
    for id in ["a", "a1-b2.c"] {
        assert!(Spec::from_toml(&source(&HEAD.replace("a.b", id))).is_ok(), "{id}");
    }
    assert_eq!(
        told("capability = 1"),
        ["spec-wrong-type: `[capability]` must be a table, found an integer [1] {}"]
    );
}

// spec: SPEC-14, SPEC-15, SPEC-16, SPEC-17
#[test]
fn clauses() {
    assert_eq!(
        with_head(
            "[contract]\npreconditions = [1, '', {}, { rule = 'a', text = 'x' }, { id = 'A b', rule = 'c' }]\n\
             postconditions = 'x'\ninvariants = ['b', 'b']\n"
        ),
        [
            "spec-wrong-type: a precondition must be a string or a table, found an integer [1] \
             {write the rule as a string: \"cart.total > 0\"}",
            "spec-empty-rule: this precondition has no rule [''] {}",
            "spec-missing-key: the precondition has no `rule` [{}] {add `rule = \"cart.total > 0\"`}",
            "spec-unknown-key: unknown key `text` in the precondition [text] {known here: `id`, `rule`, `message`, `reason`}",
            "spec-bad-id: the id of a clause is lower-case words joined by `-`, found `A b` ['A b'] {write `a-b`}",
            "spec-wrong-type: `postconditions` in `[contract]` must be an array, found a string ['x'] {write `[\"x\"]`}",
            "spec-duplicate-rule: the same invariant twice ['b'] {remove one of the two}",
        ]
    );
    let text = format!(
        "{HEAD}[contract]\npreconditions = [{{ id = 'x', rule = 'a' }}]\npostconditions = [{{ id = 'x', rule = 'a' }}]\n"
    );
    let found = errors(&text);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].code, found[0].message.as_str()), ("spec-duplicate-id", "id `x` is taken"));
    assert_eq!(found[0].also.len(), 1);
    assert!(found[0].also[0].0 < found[0].label.as_ref().expect("a place").0);
}

// spec: SPEC-18, SPEC-19, SPEC-20
#[test]
fn exceptions() {
    assert_eq!(
        with_head(
            "[contract]\nexceptions = ['not found', 'Self', 'A', 'A', {}, true, { name = 'B', when = ' ', \
             details = { type = 'string' } }, { name = 'C', nmae = 'D' }]\n"
        ),
        [
            "spec-bad-exception-name: `not found` is not a name for an exception ['not found'] \
             {names of exceptions are UpperCamelCase: `NotFound`}",
            "spec-bad-exception-name: `Self` is not a name for an exception ['Self'] \
             {names of exceptions are UpperCamelCase: `CartExpired`}",
            "spec-missing-key: the exception has no `name` [{}] {add `name = \"CartExpired\"`}",
            "spec-wrong-type: an exception must be a string or a table, found a boolean [true] \
             {write its name as a string: \"CartExpired\"}",
            "spec-empty-rule: this `when` has no condition [' '] {}",
            "schema-not-an-object: `details` must describe an object [{ type = 'string' }] \
             {write `type = \"object\"` and name the values in `properties`}",
            "spec-unknown-key: unknown key `nmae` in the exception [nmae] {did you mean `name`?}",
            "spec-bad-exception-name: exception `A` is taken ['A'] {}",
        ]
    );
}

// spec: SPEC-21, SPEC-22
#[test]
fn placement() {
    assert_eq!(
        with_head("[placement]\nprefer = 'edge'\n"),
        [
            "spec-missing-key: `[placement]` has no `targets` [[placement]] {add `targets = [\"edge\", \"cloud\"]`}"
        ]
    );
    assert_eq!(
        with_head("[placement]\ntargets = []\n"),
        ["spec-bad-placement: `targets` is empty [[]] {name one, or remove `[placement]`}"]
    );
    assert_eq!(
        with_head("[placement]\ntargets = ['Edge', 'cloud', 'cloud', 3]\nfallback = 'moon'\n"),
        [
            "spec-bad-placement: a target is lower-case words joined by `-`, found `Edge` ['Edge'] {write `edge`}",
            "spec-wrong-type: a target must be a string, found an integer [3] {}",
            "spec-bad-placement: target `cloud` is taken ['cloud'] {}",
            "spec-bad-placement: `fallback` is `moon`, which is not among `targets` ['moon'] \
             {choose one of `Edge`, `cloud`, `cloud`, or add it to `targets`}",
        ]
    );
}

// spec: SPEC-23, SPEC-24
#[test]
fn limits() {
    assert_eq!(
        with_head(
            "[limits]\nfuel = 0\nmemory_bytes = 65535\ninput_bytes = -1\noutput_bytes = 1.5\nstack_bytes = 65537\nmemory = 1\n"
        ),
        [
            "spec-unknown-key: unknown key `memory` in `[limits]` [memory] \
             {known here: `fuel`, `memory_bytes`, `input_bytes`, `output_bytes`, `stack_bytes`, `initial_memory_bytes`}",
            "spec-bad-limit: `fuel` must be between 1 and 9007199254740991, found 0 [0] {}",
            "spec-bad-limit: `memory_bytes` must be between 65536 and 4294967296, found 65535 [65535] {}",
            "spec-bad-limit: `input_bytes` must be between 1 and 1073741824, found -1 [-1] {}",
            "spec-wrong-type: `output_bytes` in `[limits]` must be an integer, found a number [1.5] {}",
            "spec-bad-limit: `stack_bytes` must be a multiple of 16 [65537] {write `stack_bytes = 65552`}",
        ]
    );
    assert_eq!(
        with_head("[limits]\nmemory_bytes = 65536\n"),
        ["spec-bad-limit: a stack of 262144 bytes does not fit into 65536 bytes of memory [65536] {}"]
    );
    let enough = format!("{HEAD}[limits]\ninitial_memory_bytes = 327680\n");
    let limits = Spec::from_toml(&source(&enough)).expect("valid").limits;
    assert_eq!(limits.initial_memory_bytes, Some(327_680));
    assert_eq!(
        with_head("[limits]\ninitial_memory_bytes = 300000\n"),
        ["spec-bad-limit: `initial_memory_bytes` must be a multiple of 65536 [300000] \
          {write `initial_memory_bytes = 327680`}"]
    );
    assert_eq!(
        with_head("[limits]\ninitial_memory_bytes = 196608\n"),
        [
            "spec-bad-limit: `initial_memory_bytes` is 196608, less than the stack of 262144 bytes, which is a part of it \
          [196608] {}"
        ]
    );
    assert_eq!(
        with_head("[limits]\ninitial_memory_bytes = 134217728\n"),
        [
            "spec-bad-limit: `initial_memory_bytes` is 134217728, more than the 67108864 bytes of `memory_bytes` \
          [134217728] {}"
        ]
    );
}

// spec: SPEC-3
#[test]
fn values_without_a_json_form() {
    assert_eq!(
        with_head(
            "[limits]\nfuel = 9007199254740992\nmemory_bytes = nan\ninput_bytes = -inf\nstack_bytes = 1979-05-27\noutput_bytes = 1e999\n"
        ),
        [
            "spec-number-range: number out of range [9007199254740992] {}",
            "spec-number-range: number out of range [nan] {}",
            "spec-number-range: number out of range [-inf] {}",
            "spec-wrong-type: dates and times have no JSON form [1979-05-27] {write it as a string: \"1979-05-27\"}",
            "spec-number-range: number out of range [1e999] {}",
        ]
    );
}

// spec: SPEC-25
#[test]
fn places_inside_a_rule_reach_through_escapes_and_lines() {
    let text = format!(
        "{HEAD}[contract]\npreconditions = [\"\"\"\r\n  a.b == \\\"x\\\" \\\n   && cc\"\"\", 'é < d']\n"
    );
    let spec = Spec::from_toml(&source(&text)).expect("a spec");
    let place = |clause: usize, part: &str| {
        let rule = &spec.clauses[clause].rule;
        let start = rule.value.find(part).expect("part of the rule");
        let span = rule.locate(Span::new(start, start + part.len()));
        &text[span.start..span.end]
    };
    assert_eq!(spec.clauses[0].rule.value, "  a.b == \"x\" && cc");
    assert_eq!(place(0, "a.b"), "a.b");
    assert_eq!(place(0, "\"x\""), "\\\"x\\\"");
    assert_eq!(place(0, "cc"), "cc");
    assert_eq!(place(1, "é"), "é");
    assert_eq!(place(1, "d"), "d");
    assert_eq!(spec.clauses[1].rule.locate(Span::new(0, 99)), spec.clauses[1].rule.span);
}

// spec: SPEC-25
#[test]
fn line_ends_change_no_digest() {
    let text = format!("{HEAD}description = '''\none\ntwo\n'''\n");
    let windows = text.replace('\n', "\r\n");
    assert_eq!(contract_json(&source(&text)), contract_json(&source(&windows)));
}

/// On a stack as small as a thread's may be.
fn errors_on_a_small_stack(text: String) -> Vec<Diagnostic> {
    let reader = move || Spec::from_toml(&source(&text)).expect_err("errors");
    std::thread::Builder::new()
        .stack_size(512 << 10)
        .spawn(reader)
        .expect("a thread")
        .join()
        .expect("no overflow")
}

// spec: SPEC-2
#[test]
fn nesting_is_bounded() {
    let keys = vec!["a"; 70].join(".");
    let inline = |levels: usize| format!("{}1{}", format!("{{ {keys} = ").repeat(levels), "}".repeat(levels));
    for text in [
        format!("x = {}", "[".repeat(1_000_000)),
        format!("x = {}", "{a=".repeat(300_000)),
        format!("{HEAD}x = {}{}", "[".repeat(70), "]".repeat(70)),
        format!("[{keys}]\n{keys} = {}", inline(70)),
        format!("x = {}", inline(3)),
        format!("{} = 1", vec!["a"; 100_000].join(".")),
        format!("[{}]", vec!["a"; 100_000].join(".")),
        format!("{}\n", "[[a]]\n[a.".repeat(20_000)),
        format!("x = \"\"\"{}", "[".repeat(500)),
    ] {
        let found = errors_on_a_small_stack(text);
        assert!(
            ["spec-too-deep", "spec-toml-syntax"].contains(&found[0].code),
            "{}: {}",
            found[0].code,
            found[0].message
        );
    }
    let found = errors_on_a_small_stack(format!("{HEAD}x = {}{}", "[".repeat(63), "]".repeat(63)));
    assert_eq!(found[0].message, "nested deeper than 64 levels");
    let found = errors_on_a_small_stack(format!("{HEAD}x = {}{}", "[".repeat(62), "]".repeat(62)));
    assert_eq!(found[0].code, "spec-unknown-key");
    // Dots and brackets in strings and comments are no nesting.
    let dots = "[.".repeat(2000);
    let text = format!(
        "{HEAD}description = \"{dots}\"\nowner = '''\n{dots}'''\nsummary = \"\\\"{dots}\" # {dots}\n"
    );
    assert!(Spec::from_toml(&source(&text)).is_ok());
}

// spec: SPEC-1, SPEC-5
#[test]
fn hostile_sizes_end_soon() {
    let found = errors(&format!("{HEAD}#{}", "x".repeat(1 << 20)));
    assert_eq!(found[0].code, "spec-too-large");
    let many: String = (0..50_000).map(|n| format!("k{n} = {n}\n")).collect();
    assert_eq!(errors(&many).len(), 101);
    let types: String =
        (0..12_000).map(|n| format!("[types.T{n}]\n\"$ref\" = '#/types/T{}'\n", (n + 1) % 12_000)).collect();
    let found = errors(&format!("{HEAD}{types}"));
    assert_eq!(found[0].message, "no value of type `T0` ever ends");
    let names: Vec<String> = (0..20_000).map(|n| format!("'p{n}'")).collect();
    let text = format!("{HEAD}[input]\ntype = 'object'\nrequired = [{}]\n", names.join(","));
    assert_eq!(errors(&text).len(), 101);
}

// spec: SPEC-1, SPEC-30
#[test]
fn hostile_schemas_end_soon() {
    let large = |text: String| assert_eq!(errors(&format!("{HEAD}{text}"))[0].code, "spec-too-large");
    large(format!("[output]\ntype = 'string'\ndescription = '{}'\n", "x".repeat(10 << 20)));
    let properties: String = (0..1_000_000).map(|n| format!("p{n} = {{ type = 'string' }}\n")).collect();
    large(format!("[output]\ntype = 'object'\n[output.properties]\n{properties}"));
    large("[a]\n".repeat(300_000));

    // As much as fits into the file.
    let properties: String = (0..30_000).map(|n| format!("p{n}.type = 'string'\n")).collect();
    let text = format!("{HEAD}[output]\ntype = 'object'\n[output.properties]\n{properties}");
    assert!(Spec::from_toml(&source(&text)).is_ok());
    let types: String = (0..1000)
        .map(|n| {
            let next = |step: usize| (n * 7 + step) % 1000;
            format!(
                "[types.T{n}]\ntype = 'object'\nproperties = {{ a = {{ '$ref' = '#/types/T{}' }}, b = {{ type = 'array', items = {{ '$ref' = '#/types/T{}' }} }} }}\n",
                next(1), next(2)
            )
        })
        .collect();
    let text = format!("{HEAD}[output]\n'$ref' = '#/types/T0'\n{types}");
    let spec = Spec::from_toml(&source(&text)).expect("a spec");
    assert!(crate::schema::InPlace::of(&spec.types).meet("T0", "T1"));
    let endless = errors(&format!(
        "{HEAD}{}",
        types.replace("type = 'object'\n", "type = 'object'\nrequired = ['a']\n")
    ));
    assert!(endless[0].message.ends_with("ever ends"), "{}", endless[0].message);
    let values: Vec<String> = (0..100_000).map(|n| n.to_string()).collect();
    let text = format!("{HEAD}[output]\nenum = [{}]\n", values.join(","));
    assert!(Spec::from_toml(&source(&text)).is_ok());
}

/// `text` with a piece cut out and another put in its place.
fn edited(text: &str, at: usize, cut: usize, piece: &str) -> String {
    let boundary =
        |at: usize| (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    let start = boundary(at % (text.len() + 1));
    format!("{}{piece}{}", &text[..start], &text[boundary(start + cut)..].to_owned())
}

proptest! {
    // spec: SPEC-5, SPEC-8, DIAG-1
    #[test]
    fn any_file_is_read_or_its_errors_can_be_shown(
        full in any::<bool>(),
        at in any::<usize>(),
        cut in 0usize..12,
        piece in r#"[\[\]{}"'=.,#\\\n a-z0-9é]{0,6}"#,
    ) {
        let source = source(&edited(if full { FULL } else { SMALLEST }, at, cut, &piece));
        match Spec::from_toml(&source) {
            Ok(spec) => {
                let json = contract_json(&source).expect("canonical JSON");
                let again = Spec::from_json(&json).expect("the same spec");
                prop_assert_eq!(placeless(&spec), placeless(&again));
                for clause in &spec.clauses {
                    for start in 0..=clause.rule.value.len() {
                        let place = clause.rule.locate(Span::new(start, clause.rule.value.len()));
                        prop_assert!(clause.rule.span.start <= place.start && place.end <= clause.rule.span.end);
                    }
                }
            }
            Err(errors) => {
                prop_assert!(!errors.is_empty());
                for error in errors {
                    prop_assert!(error.render(&source).starts_with("error["));
                }
            }
        }
    }
}

// spec: SPEC-4
#[test]
fn what_stands_outside_its_section_is_told_where_it_belongs() {
    assert_eq!(
        with_head("[[exceptions]]\nname = 'A'\n[preconditions]\na = 1\n[fuel]\n"),
        [
            "spec-unknown-key: unknown key `exceptions` in the spec [exceptions] {did you mean `[[contract.exceptions]]`?}",
            "spec-unknown-key: unknown key `preconditions` in the spec [preconditions] {it is a list: write `preconditions = [\"…\"]` under `[contract]`}",
            "spec-unknown-key: unknown key `fuel` in the spec [fuel] {`fuel` stands under `[limits]`}",
        ]
    );
    assert_eq!(
        told(&format!("exceptions = [{{ name = 'A' }}]\ninvariants = []\n{HEAD}")),
        [
            "spec-unknown-key: unknown key `exceptions` in the spec [exceptions] {`exceptions` stands under `[contract]`}",
            "spec-unknown-key: unknown key `invariants` in the spec [invariants] {`invariants` stands under `[contract]`}",
        ]
    );
}

// spec: SPEC-5
#[test]
fn wrong_brackets_and_quotes_are_shown_right() {
    let helps = |text: &str| -> Vec<String> {
        let text = format!("{HEAD}{text}");
        errors(&text).into_iter().map(|error| error.help.unwrap_or_default()).collect()
    };
    assert_eq!(
        helps(
            "[limits]\nfuel = '1_000'\ninput_bytes = 'much'\n[contract]\npreconditions = 'cart.total > 0'\npostconditions = 'a == \"b\"'\n[placement]\ntargets = 'edge'\n"
        ),
        [
            "write `[\"cart.total > 0\"]`",
            "write `[\"…\"]`",
            "write `[\"edge\"]`",
            "write it without quotes",
            "",
        ]
    );
}

// spec: SPEC-1, SPEC-5
#[test]
fn a_key_that_stands_twice_is_named_with_its_first_place() {
    let first = |text: &str| -> Vec<String> {
        let of = |error: Diagnostic| {
            let also = error.also.first().map(|(span, _)| source(text).line_and_column(span.start));
            format!("{} {also:?}", error.message)
        };
        errors(text).into_iter().map(of).collect()
    };
    assert_eq!(
        first("[a]\nkey = [\n 1,\n]\nother = { key = 1 }\nkey = [\n 2\n]\n"),
        ["not valid TOML: duplicate key `key` Some((2, 1))"]
    );
    assert_eq!(
        first("[a]\nx = { b = { c = 1 }, b = { c = 2 } }\n"),
        ["not valid TOML: duplicate key `b` Some((2, 7))"]
    );
    // What is wrong only because of a repeated section is not said.
    assert_eq!(
        first("[a.b]\nkey = 1\n[c]\nkey = 1\n[a.b]\nkey = 2\n"),
        ["not valid TOML: the section `[a.b]` stands twice Some((1, 1))"]
    );
    // Where the text does not show it plainly, nothing is pointed to.
    assert_eq!(first("[a]\nkey.b = 1\nkey = 2\n"), ["not valid TOML: duplicate key `key` None"]);
    assert_eq!(first("[a]\nb = []\n[[a.b]]\n"), ["not valid TOML: duplicate key `b` None"]);
}
