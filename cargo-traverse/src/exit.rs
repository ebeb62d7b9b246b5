//! Every exit code of the command, in one place (spec `CLI-3`).

use std::process::ExitCode;
use traverse_contract::outcome::{Outcome, ViolationKind, exit_code};
use traverse_runtime::{Error, ErrorClass};

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
    /// `test`: the package could not be built or loaded.
    NotBuilt = 3,
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
    /// `run`: the artifact's digest is not the approved one.
    Digest = 30,
    /// `run`: the module has no contract, a broken one, or not the approved one.
    Contract = 31,
    /// `run`: the module imports what is forbidden.
    Import = 32,
    /// `run`: out of fuel.
    Fuel = 33,
    /// `run`: out of memory.
    Memory = 34,
    /// `run`: more output than allowed.
    OutputSize = 35,
    /// `run`: out of time.
    Time = 36,
    // 39 is kept for what may come.
    /// `run`: stdout is not JSON, or does not go with the exit code.
    Output = 37,
    /// `run`: a trap, for example a panic.
    Trap = 38,
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

    /// What the runtime refused or stopped; 1 for a package that is not there or cannot be read at all.
    pub(crate) fn of_runtime(error: &Error) -> Exit {
        match error.class() {
            ErrorClass::NotRunnable => Exit::Failure,
            ErrorClass::Digest => Exit::Digest,
            ErrorClass::Contract => Exit::Contract,
            ErrorClass::Import => Exit::Import,
            ErrorClass::Fuel => Exit::Fuel,
            ErrorClass::Memory => Exit::Memory,
            ErrorClass::Time => Exit::Time,
            ErrorClass::OutputSize => Exit::OutputSize,
            ErrorClass::Output => Exit::Output,
            ErrorClass::Trap => Exit::Trap,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}
