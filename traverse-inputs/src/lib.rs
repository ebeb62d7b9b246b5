//! Inputs for a contract, and results: drawn where something may happen.
//!
//! A draw knows the schema (its bounds and their neighbours, members of an `enum` and texts that nearly are, optional
//! properties there and absent, lists at their least and greatest length) and the constants of the clauses (each number
//! that something is compared with and its neighbours, each text, each length). [`Inputs::valid`] walks from there until
//! each clause has been seen to hold and not to hold. The same contract and seed give the same values.
//!
//! ```
//! use traverse_contract::{Contract, Source};
//! use traverse_inputs::{Inputs, shrink};
//!
//! let text = r#"
//! [capability]
//! id = "shop.shipping"
//! version = "1.0.0"
//! runtime = "wasm32-wasip1"
//! [contract]
//! preconditions = ["total >= 0", "size(lines) > 2"]
//! postconditions = ["lines.all(line, line.price <= total)", "result.free is bool"]
//! "#;
//! let source = Source { name: "traverse.spec.toml".into(), text: text.into() };
//! let contract = Contract::from_toml(&source).expect("a contract");
//! let mut inputs = Inputs::new(&contract, 7);
//! assert!(contract.check_input(&inputs.valid()).is_ok());
//! let accepted = inputs.accepted().expect("one that every precondition lets pass");
//!
//! // The smallest input that still breaks the first precondition.
//! let mut breaks = |input: &serde_json::Value| input["total"].as_f64().is_some_and(|total| total < 0.0);
//! let broken = (0..1000).map(|_| inputs.valid()).find(|input| breaks(input)).expect("it is met");
//! assert_eq!(shrink(broken, breaks).to_string(), r#"{"total":-1}"#);
//! # let _ = accepted;
//! ```
//!
//! What is not here: whether a value fits ([`traverse_contract::schema::validate`]) and what a rule comes to
//! ([`traverse_contract::lang::eval`]).

mod broken;
mod draw;
mod mutate;
mod numbers;
mod path;
mod shrink;
mod solve;
mod texts;
mod wishes;

pub use draw::{Constants, Inputs};
pub use path::{Path, Step, reads};
pub use shrink::shrink;
pub use solve::{Document, Goal};
