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
#[rustfmt::skip]
#[allow(non_camel_case_types)]
mod primitives {
    pub(crate) struct bool;
    pub(crate) struct char;
    pub(crate) struct f64;
    pub(crate) struct i64;
    pub(crate) struct str;
    pub(crate) struct u8;
    pub(crate) struct u64;
    pub(crate) struct usize;
}
#[allow(unused_imports)]
use primitives::{bool, char, f64, i64, str, u8, u64, usize};

macro_rules! values {
    ($($name:ident)*) => {
        $(#[allow(non_upper_case_globals)] static $name: () = ();)*
    };
}
values! {
    input value name details exception conditions result observed other out f item list element double order
    field0 field1 field2 field3 field4 field5 field6 value0 value1 item0 item1
}
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
    let _: Result<u8> = (u8, Ok);
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
