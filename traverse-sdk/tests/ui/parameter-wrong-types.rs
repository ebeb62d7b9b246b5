// Every way to write a type that the contract does not have; what the bodies make of them is not reported as well.
use traverse_sdk::prelude::*;

#[capability(spec = "tests/specs/order.spec.toml")]
fn order_check(
    order_id: i64,
    type_: &str,
    lines: &Vec<Customer>,
    discount: f64,
    tags: Option<&[f64]>,
    note: (String, i32),
    customer: &crate::Line,
) -> Result<Output, Exception> {
    let _: String = order_id;
    let _: f64 = customer.total + discount + tags + lines + note + type_;
    Err(Exception::Unavailable)
}

#[invariant("a web order is in euros", spec = "tests/specs/order.spec.toml")]
fn web_in_euros(lines: &[f64], input: &Output, output: &Input) -> bool {
    lines.price == output.currency + input.lines
}
