//! Generated tests find mistakes: business rules in `tests/faults/`, each with one realistic mistake (`faulty.rs`) and
//! without it (`fixed.rs`), under one contract and without a single case.

use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use traverse_tests::{Project, manifest_for, repository, traverse};

/// What is found of a mistake.
struct Mistake {
    name: &'static str,
    kind: &'static str,
    /// A part of the message.
    says: &'static str,
    smallest: Smallest,
}

/// The smallest input that shows it.
enum Smallest {
    /// It is this one, whatever the seed.
    Is(&'static str),
    /// It has at most so many characters.
    Within(usize),
}
use Smallest::{Is, Within};

const fn mistake(name: &'static str, kind: &'static str, says: &'static str, smallest: Smallest) -> Mistake {
    Mistake { name, kind, says, smallest }
}

const CLAUSE: &str = "clause-broken";
const EXCEPTION: &str = "exception-undeclared";
const STOPPED: &str = "stopped";
const NATIVE: &str = "native-differs";

#[rustfmt::skip]
const MISTAKES: [Mistake; 36] = [
    // Off by one at the upper end of a tier.
    mistake("shipping-tiers", CLAUSE, "grams <= 5000", Is(r#"{"grams":5000}"#)),
    // Off by one at the least age.
    mistake("loan-eligibility", CLAUSE, "age >= 18 implies", Is(r#"{"age":18,"income":1,"amount":1}"#)),
    // `<=` where one booking ends as the other begins.
    mistake("double-booking", CLAUSE, "result.clash", Is(r#"{"first":{"from":1,"until":2},"second":{"from":0,"until":1}}"#)),
    // The wrong amount in one arm of an enum.
    mistake("premium-class", CLAUSE, "vehicle == 'trailer'", Is(r#"{"vehicle":"trailer","claims":1}"#)),
    // Branches swapped.
    mistake("reduced-tax", CLAUSE, "result.tax ==", Is(r#"{"net":6,"essential":false}"#)),
    // `a || b && c` without brackets.
    mistake("free-delivery", CLAUSE, "result.free ==", Within(60)),
    // Null where only absence was thought of.
    mistake("loyalty-discount", STOPPED, "called `Option::unwrap()`", Is(r#"{"customer":{"name":"a","member_years":null},"total":0}"#)),
    // An overflow, which wraps around in the module.
    mistake("loyalty-points", NATIVE, "attempt to multiply with overflow", Within(40)),
    // A cast to `usize`, which has 32 bits in the module.
    mistake("shard", NATIVE, "at `/shard`", Within(40)),
    // A cast of a negative number.
    mistake("stock-available", CLAUSE, "integer out of range", Is(r#"{"on_hand":0,"reserved":1}"#)),
    // The remainder of a negative number.
    mistake("shift-weekday", CLAUSE, "result.weekday >= 0", Is(r#"{"weekday":0,"days":-1}"#)),
    // The order of a `HashMap`.
    mistake("favourite-colour", NATIVE, "at `(root)`", Within(40)),
    // Floating-point numbers compared by `==`.
    mistake("split-payment", CLAUSE, "result.settled", Within(70)),
    // An error that adds up in a sum of floating-point numbers.
    mistake("instalments", CLAUSE, "result.months", Within(40)),
    // Cut off instead of rounded.
    mistake("cash-rounding", CLAUSE, "result.rounded - cents", Is(r#"{"cents":3}"#)),
    // Division by the length of an empty list.
    mistake("average-rating", STOPPED, "attempt to divide by zero", Is(r#"{"ratings":[]}"#)),
    // `[0]` of an empty list.
    mistake("first-delivery", STOPPED, "index out of bounds", Is(r#"{"ordered_on":0,"parcels":[]}"#)),
    // An exception too early.
    mistake("withdrawal", EXCEPTION, "`InsufficientFunds` was raised", Is(r#"{"balance":1,"amount":1}"#)),
    // An exception that is not raised.
    mistake("refund-window", EXCEPTION, "`WindowClosed` must be raised", Is(r#"{"days":15,"opened":true,"defect":false}"#)),
    // An exception that only the first element raises.
    mistake("order-lines", EXCEPTION, "`OutOfStock` must be raised", Is(r#"{"lines":[{"quantity":1,"in_stock":1,"grams":1},{"quantity":1,"in_stock":0,"grams":1}]}"#)),
    // A property of the result that is missing.
    mistake("invoice-due", CLAUSE, "has(result.due)", Is(r#"{"issued":1,"terms":0,"paid":false}"#)),
    // The wrong default.
    mistake("price-currency", CLAUSE, "result.currency", Is(r#"{"cents":0}"#)),
    // A result out of its bounds.
    mistake("credit-score", CLAUSE, "must be at most 100", Is(r#"{"years":11,"late_payments":0}"#)),
    // A result out of its bounds where a remainder is 0.
    mistake("article-check-digit", CLAUSE, "must be at most 9", Is(r#"{"digits":"0000000"}"#)),
    // A text cut within a character.
    mistake("initials", STOPPED, "text of 2 bytes", Is(r#"{"name":"é"}"#)),
    // Bytes counted for characters.
    mistake("username-length", CLAUSE, "result.ok", Within(40)),
    // Capitals beyond ASCII.
    mistake("password-policy", CLAUSE, "result.no_capital", Within(20)),
    // Case matters where it should not.
    mistake("coupon", CLAUSE, "[Mm][Ee]10$", Is(r#"{"code":"welcome10"}"#)),
    // The wrong one of equals.
    mistake("auction", CLAUSE, "b.minute >= result.minute", Is(r#"{"bids":[{"amount":1,"minute":1},{"amount":1,"minute":0}]}"#)),
    // Only neighbours are compared.
    mistake("serial-numbers", CLAUSE, "result.unique", Within(30)),
    // The last elements are lost.
    mistake("pagination", CLAUSE, "row in page", Is(r#"{"rows":[""],"per_page":2}"#)),
    // A key that is missing counts as enough.
    mistake("reservation", CLAUSE, "result.accepted", Is(r#"{"stock":{},"order":{"":1}}"#)),
    // A loop without an end.
    mistake("appointment-slots", STOPPED, "used up its 1000000000 units of fuel", Is(r#"{"opens":0,"closes":0,"minutes":0}"#)),
    // Memory for each of very many.
    mistake("seat-map", STOPPED, "bytes of memory", Within(60)),
    // A leap year in four centuries.
    mistake("month-length", CLAUSE, "month == 2", Within(25)),
    // A constant that no clause names.
    mistake("bulk-price", CLAUSE, "result.cents * 10", Is(r#"{"quantity":137,"unit_cents":1}"#)),
];

/// The packages of `tests/faults/`, in one workspace so that the SDK is compiled once for all of them. What is written
/// into it is seen by nobody else.
fn workspace() -> tempfile::TempDir {
    let root = tempfile::tempdir().expect("a temporary folder");
    let write = |file: &str, text: &str| {
        let path = root.path().join(file);
        std::fs::create_dir_all(path.parent().expect("a file lies in a folder"))
            .expect("a folder can be made");
        std::fs::write(path, text).unwrap_or_else(|error| panic!("{file}: {error}"));
    };
    let read = |path: &Path| {
        std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };

    traverse(root.path(), &["new", "model", "--template", "minimal"]).exits(0);
    let model = root.path().join("model");
    std::fs::rename(model.join("vendor"), root.path().join("vendor")).expect("a folder can be renamed");
    let cargo = read(&model.join("Cargo.toml"));
    let manifest = read(&model.join("traverse.package.toml"));
    let (package, _) = cargo.split_once("# A project of its own").expect("the template says what it is");
    let (_, profiles) = cargo.split_once("[profile.release]").expect("the template has a profile");
    write(
        "Cargo.toml",
        &format!(
            "[workspace]\nresolver = \"3\"\nmembers = [\"fault-*\", \"fixed-*\"]\nexclude = [\"vendor\"]\n\n\
             [profile.release]{profiles}"
        ),
    );
    write("Cargo.lock", &read(&model.join("Cargo.lock")));
    std::fs::remove_dir_all(&model).expect("a folder can be removed");

    for name in names() {
        let folder = repository().join("tests/faults").join(&name);
        for (twin, file) in [("fault", "faulty.rs"), ("fixed", "fixed.rs")] {
            let id = format!("{twin}-{name}");
            let spec = read(&folder.join("traverse.spec.toml")).replace(&format!("faults.{name}"), &id);
            let program = read(&folder.join(file));
            let package = package.replace("\"model\"", &format!("\"{id}\"")).replace("vendor/", "../vendor/");
            write(&format!("{id}/Cargo.toml"), &package);
            write(&format!("{id}/src/main.rs"), &program);
            write(&format!("{id}/traverse.package.toml"), &manifest_for(&manifest, &spec, &program));
            write(&format!("{id}/traverse.spec.toml"), &spec);
        }
    }
    root
}

/// The folders of `tests/faults/`.
fn names() -> Vec<String> {
    let folder = std::fs::read_dir(repository().join("tests/faults")).expect("the folder is there");
    let mut names: Vec<String> =
        folder.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn faults_of(package: &Value) -> &[Value] {
    package["generated"]["faults"].as_array().map_or(&[], Vec::as_slice)
}

/// Why the package does not show the mistake as it should; nothing where it does.
fn unlike(mistake: &Mistake, package: &Value) -> Option<String> {
    let faults = faults_of(package);
    let found = faults.iter().find(|fault| {
        fault["kind"] == mistake.kind
            && fault["message"].as_str().is_some_and(|message| message.contains(mistake.says))
    });
    let Some(found) = found else {
        return Some(format!(
            "{}: no `{}` that says `{}` among {faults:#?}\n{}",
            mistake.name, mistake.kind, mistake.says, package["error"]
        ));
    };
    let input = found["input"].to_string();
    let is_small = match mistake.smallest {
        Is(smallest) => input == smallest,
        Within(most) => input.chars().count() <= most,
    };
    (!is_small).then(|| format!("{}: the smallest input is {input}", mistake.name))
}

/// spec: TEST-20, TEST-21, TEST-22, TEST-23
#[test]
fn every_mistake_is_found_and_nothing_where_there_is_none() {
    let root = workspace();
    let arguments = ["test", "--workspace", "--message-format", "json", "--seed", "1", "--no-regressions"];
    let report = traverse(root.path(), &arguments).exits(1).json();
    let packages: BTreeMap<&str, &Value> = report["packages"]
        .as_array()
        .expect("a list of packages")
        .iter()
        .filter_map(|package| Some((package["id"].as_str()?, package)))
        .collect();
    assert_eq!(packages.len(), 2 * names().len());

    let mut wrong = Vec::new();
    for mistake in &MISTAKES {
        let package = packages[format!("fault-{}", mistake.name).as_str()];
        wrong.extend(unlike(mistake, package));
    }
    for name in names() {
        let fixed = packages[format!("fixed-{name}").as_str()];
        if fixed.get("error").is_some() || !faults_of(fixed).is_empty() || fixed["generated"]["stateful"] != 0
        {
            wrong.push(format!("fixed-{name}: {:#} {:#}", fixed["generated"], fixed["error"]));
        }
        // Each has a line in the table, but for the one below.
        if name != "ticket-number" && !MISTAKES.iter().any(|mistake| mistake.name == name) {
            wrong.push(format!("{name} is not in the table"));
        }
    }
    // What a static keeps, a module forgets after each call: that is said, and no fault.
    let stateful = packages["fault-ticket-number"];
    if stateful["generated"]["stateful"].as_u64().is_none_or(|count| count == 0)
        || !faults_of(stateful).is_empty()
    {
        wrong.push(format!("fault-ticket-number: {:#}", stateful["generated"]));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert_eq!(report["passed"], names().len() + 1);
    assert_eq!(report["not_tested"], 0);
}

/// spec: TEST-24
#[test]
fn a_fault_is_kept_as_a_case_that_fails_until_it_is_mended() {
    let folder = repository().join("tests/faults/shipping-tiers");
    let read = |file: &str| std::fs::read_to_string(folder.join(file)).expect("the file is there");
    let project = Project::with("fault-kept", &read("traverse.spec.toml"), &read("faulty.rs"));

    let found = project.traverse(&["test", "--seed", "1"]).exits(1);
    for part in [
        "FAULT   clause-broken",
        "grams <= 5000 ? 790 : 1290)` does not hold",
        "observed: result.cents = ",
        "the smallest input found, as a case:\n          {\n            \"note\": ",
        "            \"input\": {\"grams\": 5000},\n            \"expect\": {\"outcome\": \"holds\"}\n",
        "kept as cases/regressions/",
        "1 fault found",
    ] {
        assert!(found.stdout.contains(part), "no `{part}` in\n{}", found.stdout);
    }
    let kept = found.stdout.split("kept as ").nth(1).and_then(|rest| rest.lines().next()).expect("a file");
    assert!(project.read(kept).contains(r#""input": {"grams": 5000}"#), "{}", project.read(kept));

    // From now on it is a case, whatever is drawn.
    let again = project.traverse(&["test", "--budget", "0"]).exits(1);
    assert!(again.stdout.contains(&format!("({kept}:")), "{}", again.stdout);
    assert!(again.stdout.contains("0 passed, 1 failed"), "{}", again.stdout);
    // What a case shows is not found a second time.
    let drawn = project.traverse(&["test", "--seed", "1"]).exits(1);
    assert!(!drawn.stdout.contains("FAULT"), "{}", drawn.stdout);

    project.write("src/main.rs", &read("fixed.rs"));
    let mended = project.traverse(&["test", "--seed", "1"]).exits(0);
    assert!(mended.stdout.contains("ok: 1 passed, 0 failed"), "{}", mended.stdout);
}
