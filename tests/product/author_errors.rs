//! Mistakes of an author in spec and function: found by `check` where no compiler is needed, by `build` in any case,
//! with the place and the mend.

use traverse_tests::{Finished, Project};

/// A pricing project with one text replaced, and what `check` says of it.
fn check_with(name: &str, from: &str, to: &str) -> Finished {
    let project = Project::new(name, "pricing");
    project.replace("traverse.spec.toml", from, to);
    let checked = project.traverse(&["check"]).exits(1);
    // `build` says the same, before it compiles.
    let built = project.traverse(&["build"]).exits(1);
    let first =
        checked.stderr.lines().find(|line| line.starts_with("error[")).expect("an error line").to_owned();
    assert!(built.stderr.contains(&first), "{}", built.stderr);
    assert!(!project.artifact().exists());
    checked
}

/// spec: SPEC-4
#[test]
fn a_misspelt_key() {
    check_with("misspelt-key", "preconditions  =", "preconditons  =")
        .says("preconditons")
        .says("traverse.spec.toml:9:1")
        .says("^^^^^^^^^^^^")
        .says("`preconditions`");
}

#[test]
fn a_clause_with_a_syntax_error() {
    check_with("clause-syntax", "cart.total > 0", "cart.total > > 0").says("traverse.spec.toml:9:").says("^");
}

#[test]
fn an_unknown_field() {
    let project = Project::new("unknown-field", "iban");
    project.replace("traverse.spec.toml", "\"size(iban) > 0\"", "\"size(ibann) > 0\"");
    let checked = project.traverse(&["check"]).exits(1);
    checked.says("ibann").says("^^^^^").says("did you mean `iban`?");
}

#[test]
fn a_string_compared_to_a_number() {
    check_with("string-number", "\"cart.total > 0\"", "\"cart.total > 0\", \"customer.tier > 3\"")
        .says("customer.tier")
        .says("traverse.spec.toml:9:");
}

/// What needs the compiler: a project with its program changed, and what `build` says.
fn build_with(name: &str, from: &str, to: &str) -> Finished {
    let project = Project::new(name, "pricing");
    project.replace("src/main.rs", from, to);
    let built = project.traverse(&["build"]).exits(1);
    assert!(!project.artifact().exists());
    assert!(!project.read("traverse.package.toml").contains("sha256:"), "nothing is recorded");
    built
}

#[test]
fn an_unbound_prose_invariant() {
    build_with(
        "unbound-prose",
        "#[invariant(\"enterprise customers never receive standard pricing\")]\n",
        "#[allow(dead_code)]\n",
    )
    .says("enterprise customers never receive standard pricing")
    .says("#[invariant(");
}

#[test]
fn a_parameter_that_is_not_in_the_input() {
    build_with("unknown-parameter", "customer: Customer, cart: Cart)", "customer: Customer, basket: Cart)")
        .says("basket")
        .says("cart");
}

#[test]
fn a_wrong_return_type() {
    build_with(
        "wrong-return",
        "-> Result<Output, Exception> {\n    if cart.total",
        "-> bool {\n    if cart.total",
    )
    .says("must return `Result<Output, Exception>`");
}

#[test]
fn an_exception_the_spec_does_not_know() {
    build_with("unknown-exception", "Err(Exception::CartExpired)", "Err(Exception::CartExpire)")
        .says("CartExpire");
}

#[test]
fn a_capability_that_is_async_or_generic() {
    build_with("async-capability", "fn eligibility_check(", "async fn eligibility_check(").says("async");
    build_with("generic-capability", "fn eligibility_check(", "fn eligibility_check<T>(").says("generic");
}

#[test]
fn a_capability_that_is_defined_twice() {
    build_with(
        "second-capability",
        "// The contract says this in words",
        "#[capability]\nfn another(customer: Customer) -> Result<Output, Exception> {\n    let _ = customer;\n    Err(Exception::CartExpired)\n}\n\n// The contract says this in words",
    )
    .says("another");
}
