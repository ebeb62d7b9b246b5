//! Generated code beside an author's own names and strict lints: this file need only compile.

#![deny(warnings, missing_docs, unreachable_pub, unused_qualifications, clippy::pedantic)]
#![forbid(unsafe_code)]
#![allow(dead_code)]

use traverse_sdk::prelude::*;

struct String;
struct Vec;
struct Box;
struct Writer;
struct Value;
#[allow(non_camel_case_types)]
struct bool;
enum Option {
    Some,
    None,
}
enum Outcome {
    Ok,
    Err,
}
use Option::{None, Some};
use Outcome::{Err, Ok};
type Result<T> = (T, Outcome);
trait Clone {}
trait Decode {}
trait From {}
mod core {}
mod std {}
macro_rules! matches {
    () => {};
}
macro_rules! concat {
    () => {};
}

#[capability(spec = "tests/specs/order.spec.toml")]
fn order_check(
    lines: &[Line],
    type_: Type,
    _customer: Customer,
) -> ::core::result::Result<Output, Exception> {
    let (_, _, _, _) = (Some, None, Ok, Err);
    let _: Result<i64> = (1, Ok);
    matches!();
    concat!();
    if type_ == "in-store" && lines.is_empty() {
        return ::core::result::Result::Err(Exception::Unavailable);
    }
    ::core::result::Result::Ok(Output {
        total: 1.5,
        count: 1,
        currency: Currency::Eur,
        note: ::core::option::Option::None,
    })
}

#[invariant("a web order is in euros", spec = "tests/specs/order.spec.toml")]
fn web_in_euros(type_: Type, output: &Output, _input: &Input) -> ::core::primitive::bool {
    type_ == Type::InStore || output.currency.as_str() == "EUR"
}

#[test]
fn compiles() {}
