//! Decides whether a customer's cart qualifies, under the contract in `traverse.spec.toml`.
//!
//! `Customer`, `Cart`, `Output` and `Exception` come from that contract: `cart.total > 0` makes
//! `cart.total` a number, `result.reason is string` makes `reason` a string. See them all with
//! `cargo traverse check --schema`.

use traverse_sdk::prelude::*;

/// Standard pricing starts at this total.
const SMALLEST_STANDARD_TOTAL: f64 = 50.0;
/// A cart above this total holds its prices no longer: it has to be quoted again.
const LARGEST_TOTAL: f64 = 10_000.0;

// Only called with input that fits the contract: the tier is one of the two, the total is above
// zero. `Exception::CustomerNotFound` is there for the day that customers are looked up.
#[capability]
fn eligibility_check(customer: Customer, cart: Cart) -> Result<Output, Exception> {
    if cart.total > LARGEST_TOTAL {
        return Err(Exception::CartExpired);
    }
    if customer.tier == "enterprise" {
        return Ok(Output {
            eligible: true,
            reason: "within the enterprise agreement".into(),
        });
    }
    if cart.total < SMALLEST_STANDARD_TOTAL {
        return Ok(Output {
            eligible: false,
            reason: "below the smallest total of standard pricing".into(),
        });
    }
    Ok(Output {
        eligible: true,
        reason: "standard pricing applies".into(),
    })
}

// The contract says this in words; here is what the words mean. It is checked after every call.
#[invariant("enterprise customers never receive standard pricing")]
fn enterprise_pricing(customer: &Customer, _cart: &Cart, output: &Output) -> bool {
    !(customer.tier == "enterprise" && output.reason.starts_with("standard pricing"))
}

// Tests of the function alone, and of a call with every check, with `cargo test`. The cases in
// `cases/` test the whole on the real module, with `cargo traverse test`.
#[cfg(test)]
mod tests {
    use super::*;
    use traverse_sdk::test::call;

    fn check(tier: &str, total: f64) -> Result<Output, Exception> {
        eligibility_check(Customer { tier: tier.into() }, Cart { total })
    }

    #[test]
    fn standard_pricing_starts_at_fifty() {
        assert!(check("standard", 50.0).is_ok_and(|output| output.eligible));
        assert!(check("standard", 49.99).is_ok_and(|output| !output.eligible));
    }

    #[test]
    fn enterprise_customers_have_their_own_pricing() {
        assert!(check("enterprise", 0.01).is_ok_and(|output| output.eligible));
    }

    #[test]
    fn a_very_large_cart_has_expired() {
        assert!(check("standard", 10_000.0).is_ok());
        assert!(matches!(
            check("enterprise", 10_000.01),
            Err(Exception::CartExpired)
        ));
    }

    #[test]
    fn a_call_is_held_to_the_contract() {
        call!(r#"{"customer": {"tier": "enterprise"}, "cart": {"total": 120}}"#).assert_holds();
        call!(r#"{"customer": {"tier": "standard"}, "cart": {"total": 10001}}"#)
            .assert_exception("CartExpired");
        call!(r#"{"customer": {"tier": "gold"}, "cart": {"total": 5}}"#)
            .assert_violation("precondition", 0);
    }
}
