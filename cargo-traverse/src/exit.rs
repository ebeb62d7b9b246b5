//! Every exit code of the command, in one place (spec `CLI-3`).

use std::process::ExitCode;
use traverse_contract::outcome::{Outcome, ViolationKind, exit_code};

/// What the process ends with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// Done. For `run`: a normal result.
    Success = exit_code::RESULT as u8,
    /// The command's own error, or a test or check that failed.
    Failure = 1,
    /// Wrong arguments.
    Usage = 2,
    /// `run`: a declared exception.
    Exception = exit_code::EXCEPTION as u8,
    /// `run`: the input is not one JSON value or does not fit the schema.
    Rejected = exit_code::REJECTED as u8,
    /// `run`: a precondition does not hold.
    Precondition = exit_code::PRECONDITION as u8,
    /// `run`: a postcondition does not hold, or the result does not fit the output schema.
    Postcondition = exit_code::POSTCONDITION as u8,
    /// `run`: an invariant does not hold.
    Invariant = exit_code::INVARIANT as u8,
    /// `run`: an exception against its `when`.
    Undeclared = exit_code::UNDECLARED as u8,
}

impl Exit {
    /// Each outcome has its code; the guest ends with the same one.
    pub(crate) fn of_outcome(outcome: &Outcome) -> Exit {
        match outcome {
            Outcome::Result(_) => Exit::Success,
            Outcome::Exception(_) => Exit::Exception,
            Outcome::Rejected(_) => Exit::Rejected,
            Outcome::Violation(violation) => match violation.clause.kind {
                ViolationKind::Precondition => Exit::Precondition,
                ViolationKind::Postcondition | ViolationKind::OutputSchema => Exit::Postcondition,
                ViolationKind::Invariant => Exit::Invariant,
            },
            Outcome::Undeclared(_) => Exit::Undeclared,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}
