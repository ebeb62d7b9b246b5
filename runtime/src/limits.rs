//! What one call may use.

use serde::Serialize;
use traverse_contract::spec::Limits;

/// The limits of a call in force: those of the spec or their defaults, lowered to what the host allows (spec RUN-9).
///
/// `{"fuel":1000000000,"memory_bytes":67108864,"input_bytes":1048576,"output_bytes":1048576}`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct CallLimits {
    /// Units of fuel; about one per WebAssembly instruction, and one per byte that crosses the wall.
    pub fuel: u64,
    /// Bytes of linear memory, tables included at 8 bytes an element.
    pub memory_bytes: u64,
    /// Bytes of stdin.
    pub input_bytes: u64,
    /// Bytes of stdout.
    pub output_bytes: u64,
}

/// What a host allows at most, whatever a spec asks for. `None` leaves it to the spec.
///
/// A host can lower a limit and never raise it: a contract that says 1 MiB of memory means it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Ceiling {
    pub(crate) fuel: Option<u64>,
    pub(crate) memory_bytes: Option<u64>,
    pub(crate) input_bytes: Option<u64>,
    pub(crate) output_bytes: Option<u64>,
}

impl Ceiling {
    /// For a module that no package approves: a contract that a stranger wrote gets the defaults at most, unless the
    /// host says otherwise. The input is the caller's own, so its size stays with the contract.
    pub(crate) fn of_bare_module(self) -> Ceiling {
        Ceiling {
            fuel: self.fuel.or(Some(Limits::DEFAULT_FUEL)),
            memory_bytes: self.memory_bytes.or(Some(Limits::DEFAULT_MEMORY_BYTES)),
            output_bytes: self.output_bytes.or(Some(Limits::DEFAULT_OUTPUT_BYTES)),
            ..self
        }
    }
}

impl CallLimits {
    pub(crate) fn new(spec: &Limits, ceiling: &Ceiling) -> CallLimits {
        let lowest = |asked: Option<u64>, default: u64, allowed: Option<u64>| {
            asked.unwrap_or(default).min(allowed.unwrap_or(u64::MAX))
        };
        CallLimits {
            fuel: lowest(spec.fuel, Limits::DEFAULT_FUEL, ceiling.fuel),
            memory_bytes: lowest(spec.memory_bytes, Limits::DEFAULT_MEMORY_BYTES, ceiling.memory_bytes),
            input_bytes: lowest(spec.input_bytes, Limits::DEFAULT_INPUT_BYTES, ceiling.input_bytes),
            output_bytes: lowest(spec.output_bytes, Limits::DEFAULT_OUTPUT_BYTES, ceiling.output_bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // spec: RUN-9
    #[test]
    fn a_host_lowers_limits_and_never_raises_them() {
        let spec = Limits { fuel: Some(1000), memory_bytes: None, ..Limits::default() };
        let host = Ceiling { fuel: Some(5000), memory_bytes: Some(1 << 20), ..Ceiling::default() };
        let limits = CallLimits::new(&spec, &host);
        assert_eq!(limits.fuel, 1000);
        assert_eq!(limits.memory_bytes, 1 << 20);
        assert_eq!(limits.input_bytes, Limits::DEFAULT_INPUT_BYTES);
        assert_eq!(limits.output_bytes, Limits::DEFAULT_OUTPUT_BYTES);
    }

    // spec: RUN-9
    #[test]
    fn a_bare_module_gets_the_defaults_at_most_unless_the_host_says_otherwise() {
        let huge = Some((1 << 53) - 1);
        let spec = Limits { fuel: huge, memory_bytes: huge, output_bytes: huge, ..Limits::default() };
        let limits = CallLimits::new(&spec, &Ceiling::default().of_bare_module());
        assert_eq!(limits.fuel, Limits::DEFAULT_FUEL);
        assert_eq!(limits.memory_bytes, Limits::DEFAULT_MEMORY_BYTES);
        assert_eq!(limits.output_bytes, Limits::DEFAULT_OUTPUT_BYTES);
        let raised = Ceiling { fuel: Some(5_000_000_000), ..Ceiling::default() };
        assert_eq!(CallLimits::new(&spec, &raised.of_bare_module()).fuel, 5_000_000_000);
        let low = Limits { fuel: Some(7), ..Limits::default() };
        assert_eq!(CallLimits::new(&low, &raised.of_bare_module()).fuel, 7);
    }
}
