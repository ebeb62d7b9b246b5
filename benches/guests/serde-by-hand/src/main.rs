//! The rule of the pricing template as one writes it without Traverse: serde, and every check by hand.

use serde::{Deserialize, Serialize};
use std::io::Read;

#[derive(Deserialize)]
struct Input {
    customer: Customer,
    cart: Cart,
}

#[derive(Deserialize)]
struct Customer {
    tier: String,
}

#[derive(Deserialize)]
struct Cart {
    total: f64,
}

#[derive(Serialize)]
struct Output {
    eligible: bool,
    reason: String,
}

enum Exception {
    CartExpired,
}

fn eligibility_check(customer: &Customer, cart: &Cart) -> Result<Output, Exception> {
    if cart.total > 10_000.0 {
        return Err(Exception::CartExpired);
    }
    if customer.tier == "enterprise" {
        return Ok(Output { eligible: true, reason: "within the enterprise agreement".into() });
    }
    if cart.total < 50.0 {
        return Ok(Output { eligible: false, reason: "below the smallest total of standard pricing".into() });
    }
    Ok(Output { eligible: true, reason: "standard pricing applies".into() })
}

fn end(code: i32, document: &serde_json::Value) -> ! {
    print!("{document}");
    std::process::exit(code)
}

fn main() {
    let mut text = String::new();
    if let Err(error) = std::io::stdin().read_to_string(&mut text) {
        end(20, &serde_json::json!({"outcome": "rejected", "message": error.to_string()}));
    }
    let input: Input = match serde_json::from_str(&text) {
        Ok(input) => input,
        Err(error) => end(20, &serde_json::json!({"outcome": "rejected", "message": error.to_string()})),
    };
    if !["standard", "enterprise"].contains(&input.customer.tier.as_str()) {
        end(21, &serde_json::json!({"outcome": "violation", "message": "unknown tier"}));
    }
    if !(input.cart.total > 0.0) {
        end(21, &serde_json::json!({"outcome": "violation", "message": "the cart is empty"}));
    }
    match eligibility_check(&input.customer, &input.cart) {
        Err(Exception::CartExpired) => {
            end(10, &serde_json::json!({"outcome": "exception", "name": "CartExpired"}));
        }
        Ok(output) => {
            if input.customer.tier == "enterprise" && output.reason.starts_with("standard pricing") {
                end(23, &serde_json::json!({"outcome": "violation", "message": "standard pricing"}));
            }
            match serde_json::to_string(&output) {
                Ok(text) => print!("{text}"),
                Err(error) => end(38, &serde_json::json!({"outcome": "failed", "message": error.to_string()})),
            }
        }
    }
}
