//! The discount of a customer by years of membership.

use traverse_sdk::prelude::*;

#[capability]
fn discount(customer: &Customer) -> Output {
    let years = match customer.member_years {
        Some(Some(years)) => years,
        _ => 0,
    };
    Output { percent: i64::from(years.min(10)) }
}
