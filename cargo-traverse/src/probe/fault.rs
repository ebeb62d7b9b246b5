//! What is wrong with a capability, shown by one input.

use serde::Serialize;
use traverse_contract::outcome::Outcome;

/// A way in which code and contract part (spec TEST-21).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum FaultKind {
    /// A postcondition, an invariant or the output schema does not hold of the result.
    ClauseBroken,
    /// An exception was raised, or not raised, against its condition.
    ExceptionUndeclared,
    /// The module was stopped: a trap, a panic, a limit.
    Stopped,
    /// The module says what the host can refute.
    Disbelieved,
    /// Module and host refuse the input in different words, or only one of them does.
    RefusalDiffers,
    /// The same input came to two different ends.
    NotDeterministic,
    /// The native program and the module part.
    NativeDiffers,
}

/// A fault, as one input shows it.
#[derive(Debug, Clone)]
pub(crate) struct Fault {
    /// Which kind.
    pub(crate) kind: FaultKind,
    /// What tells it from other faults of the kind, and is the same for every input that shows it.
    pub(crate) mark: String,
    /// One sentence.
    pub(crate) message: String,
    /// What else there is to say, a line each.
    pub(crate) notes: Vec<String>,
    /// What the call ended in, if the contract explains it.
    pub(crate) outcome: Option<Outcome>,
}

impl Fault {
    pub(super) fn new(kind: FaultKind, mark: impl Into<String>, message: impl Into<String>) -> Fault {
        Fault { kind, mark: mark.into(), message: message.into(), notes: Vec::new(), outcome: None }
    }

    /// Whether both are the same fault.
    pub(crate) fn is(&self, other: &Fault) -> bool {
        self.kind == other.kind && self.mark == other.mark
    }
}
