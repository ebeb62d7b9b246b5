//! What a call ends in (spec `IO`): its JSON, its exit code.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What a call of a capability ends in. A host failure (a trap, spent fuel, …) is not an outcome but an error.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// A normal result that satisfies the output contract. Exit code 0.
    Result(Value),
    /// A declared exception. Exit code 10.
    Exception(Exception),
    /// The input is not one JSON value or does not fit the input schema. Exit code 20.
    Rejected(Rejection),
    /// A clause does not hold. Exit code 21, 22 or 23.
    Violation(Violation),
    /// An exception raised where its `when` does not hold, or missing where it does. Exit code 24.
    Undeclared(Undeclared),
}

/// `{"outcome":"exception","name":"CartExpired","message":…,"details":…}`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Exception {
    /// The name in the spec.
    pub name: String,
    /// The message in the spec.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// What the guest says of it, by the exception's `details` schema.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<Value>,
}

/// `{"outcome":"rejected","at":"/cart/total","message":…}`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rejection {
    /// JSON pointer to the offending value; empty for the whole input.
    pub at: String,
    /// What is wrong with it.
    pub message: String,
}

/// `{"outcome":"violation","clause":{…},"observed":{…},"message":…,"found_by":"guest"}`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Violation {
    /// The clause.
    pub clause: ClauseRef,
    /// The values that the clause read, by the path's name.
    pub observed: Map<String, Value>,
    /// The author's message, or a sentence that names the rule.
    pub message: String,
    /// Who found it.
    pub found_by: FoundBy,
}

/// Names a clause: `{"kind":"precondition","index":1,"id":…,"rule":"cart.total > 0"}`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClauseRef {
    /// Its kind.
    pub kind: ViolationKind,
    /// Its place among its kind, from 0; for `output-schema` 0.
    pub index: usize,
    /// The author's name for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its text; for `output-schema` the JSON pointer of the value that does not fit, followed by what is wrong.
    pub rule: String,
}

/// What was broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ViolationKind {
    /// Exit code 21.
    Precondition,
    /// Exit code 22.
    Postcondition,
    /// The result does not fit the output schema. Exit code 22.
    OutputSchema,
    /// Exit code 23.
    Invariant,
}

/// Who found a violation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FoundBy {
    /// The module itself.
    Guest,
    /// The runtime, from outside.
    Host,
}

/// `{"outcome":"undeclared","message":…}`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Undeclared {
    /// Which exception, and why it may not (or must) be raised.
    pub message: String,
}

/// Exit codes of outcomes, for guest and command alike (spec IO).
pub mod exit_code {
    /// A normal result.
    pub const RESULT: i32 = 0;
    /// A declared exception.
    pub const EXCEPTION: i32 = 10;
    /// Input that is not one JSON value or does not fit the schema.
    pub const REJECTED: i32 = 20;
    /// A precondition does not hold.
    pub const PRECONDITION: i32 = 21;
    /// A postcondition does not hold, or the result does not fit the output schema.
    pub const POSTCONDITION: i32 = 22;
    /// An invariant does not hold.
    pub const INVARIANT: i32 = 23;
    /// An exception against its `when`.
    pub const UNDECLARED: i32 = 24;
}

impl ViolationKind {
    /// The exit code of a violation of this kind.
    pub fn exit_code(self) -> i32 {
        match self {
            ViolationKind::Precondition => exit_code::PRECONDITION,
            ViolationKind::Postcondition | ViolationKind::OutputSchema => exit_code::POSTCONDITION,
            ViolationKind::Invariant => exit_code::INVARIANT,
        }
    }
}

impl Outcome {
    /// The exit code that a guest ends with, and `cargo traverse run` too.
    pub fn exit_code(&self) -> i32 {
        match self {
            Outcome::Result(_) => exit_code::RESULT,
            Outcome::Exception(_) => exit_code::EXCEPTION,
            Outcome::Rejected(_) => exit_code::REJECTED,
            Outcome::Violation(violation) => violation.clause.kind.exit_code(),
            Outcome::Undeclared(_) => exit_code::UNDECLARED,
        }
    }

    /// What stands on stdout: for a result the bare value, for everything else an object with `outcome` first.
    pub fn to_stdout(&self) -> Value {
        match self {
            Outcome::Result(value) => value.clone(),
            other => other.to_json(),
        }
    }

    /// An object with `outcome` first, for a result too: `{"outcome":"result","result":…}`.
    pub fn to_json(&self) -> Value {
        let (name, body) = match self {
            Outcome::Result(value) => {
                let mut body = Map::new();
                body.insert("result".into(), value.clone());
                ("result", Value::Object(body))
            }
            Outcome::Exception(body) => ("exception", as_value(body)),
            Outcome::Rejected(body) => ("rejected", as_value(body)),
            Outcome::Violation(body) => ("violation", as_value(body)),
            Outcome::Undeclared(body) => ("undeclared", as_value(body)),
        };
        let mut object = Map::new();
        object.insert("outcome".into(), Value::String(name.into()));
        if let Value::Object(fields) = body {
            object.extend(fields);
        }
        Value::Object(object)
    }

    /// Reads what a guest wrote to stdout under `exit_code`. `None` if the two do not belong together.
    pub fn from_guest(exit_code: i32, stdout: Value) -> Option<Outcome> {
        if exit_code == exit_code::RESULT {
            return Some(Outcome::Result(stdout));
        }
        let name = stdout.get("outcome")?.as_str()?.to_owned();
        let outcome = match name.as_str() {
            "exception" => Outcome::Exception(serde_json::from_value(stdout).ok()?),
            "rejected" => Outcome::Rejected(serde_json::from_value(stdout).ok()?),
            "violation" => Outcome::Violation(serde_json::from_value(stdout).ok()?),
            "undeclared" => Outcome::Undeclared(serde_json::from_value(stdout).ok()?),
            _ => return None,
        };
        (outcome.exit_code() == exit_code).then_some(outcome)
    }
}

fn as_value<T: Serialize>(body: &T) -> Value {
    // The bodies hold strings and JSON values only, which always serialize.
    serde_json::to_value(body).unwrap_or(Value::Null)
}
