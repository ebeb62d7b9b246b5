//! `traverse.spec.toml` → [`Spec`] (spec `SPEC`): every value with its place in the file.
//!
//! `toml` reads the file (`node`, with `host`, the JSON that travels in a module) into one tree; `parse` turns the
//! tree into a [`Spec`] and collects every error on the way.

mod literal;
pub(crate) mod names;
pub(crate) mod node;
pub(crate) mod parse;
pub(crate) mod section;
pub(crate) mod toml;

use crate::diagnostic::Span;
use crate::pattern::Patterns;
use crate::schema::Schema;

/// A string value of the spec, which knows where each of its bytes stands in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The decoded string.
    pub value: String,
    /// The literal in the file, quotes included.
    pub span: Span,
    /// For each byte of `value` (and one past the end), its byte offset in the file; empty where there is no file.
    pub(crate) offsets: Vec<usize>,
}

impl Text {
    /// A text that stands in no file.
    pub fn detached(value: impl Into<String>) -> Self {
        Text { value: value.into(), span: Span::default(), offsets: Vec::new() }
    }

    /// A text that is the whole of its source.
    pub fn whole(value: impl Into<String>) -> Self {
        let value = value.into();
        Text { span: Span::new(0, value.len()), offsets: (0..=value.len()).collect(), value }
    }

    /// The place in the file of the bytes `inner` of the decoded string.
    pub fn locate(&self, inner: Span) -> Span {
        match (self.offsets.get(inner.start), self.offsets.get(inner.end)) {
            (Some(&start), Some(&end)) => Span::new(start, end),
            _ => self.span,
        }
    }
}

/// A spec as read: well-formed, its keys known; clauses not yet parsed or checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Spec {
    /// `[capability]`
    pub capability: CapabilitySection,
    /// `[input]`
    pub input: Option<Schema>,
    /// `[output]`
    pub output: Option<Schema>,
    /// `[types.Name]`
    pub types: Vec<(String, Schema)>,
    /// `[contract]` `preconditions`, `postconditions`, `invariants`, in that order of kinds.
    pub clauses: Vec<ClauseSource>,
    /// `[contract]` `exceptions`
    pub exceptions: Vec<ExceptionSource>,
    /// `[placement]`
    pub placement: Option<Placement>,
    /// `[limits]`
    pub limits: Limits,
    /// Those of its schemas, and in time of its clauses.
    pub(crate) patterns: Patterns,
}

/// `[capability]`
#[derive(Debug, Clone, PartialEq)]
pub struct CapabilitySection {
    /// Dotted, lower-case, kebab segments: `pricing.eligibility-check`.
    pub id: Text,
    /// Semantic version.
    pub version: Text,
    /// `wasm32-wasip1`, or its old name `wasm32-wasi`.
    pub runtime: Text,
    /// One line.
    pub summary: Option<Text>,
    /// More.
    pub description: Option<Text>,
    /// Who answers for it.
    pub owner: Option<Text>,
}

/// The kinds of clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ClauseKind {
    /// Holds before the function.
    Precondition,
    /// Holds on a normal result.
    Postcondition,
    /// Holds on a normal result, over input and result together.
    Invariant,
}

impl ClauseKind {
    /// `precondition`, `postcondition` or `invariant`, as reports name it.
    pub fn as_str(self) -> &'static str {
        match self {
            ClauseKind::Precondition => "precondition",
            ClauseKind::Postcondition => "postcondition",
            ClauseKind::Invariant => "invariant",
        }
    }
}

/// A clause as written: a string, or `{ id, rule, message, reason }`.
#[derive(Debug, Clone, PartialEq)]
pub struct ClauseSource {
    /// Its kind.
    pub kind: ClauseKind,
    /// Its place among the clauses of its kind, from 0.
    pub index: usize,
    /// The author's name for it; unique in the spec.
    pub id: Option<Text>,
    /// The rule: an expression, or (invariants only) prose.
    pub rule: Text,
    /// What to tell a caller who broke it.
    pub message: Option<Text>,
    /// Why the rule is there.
    pub reason: Option<Text>,
}

/// An exception as written: a name, or `{ name, when, message, details }`.
#[derive(Debug, Clone, PartialEq)]
pub struct ExceptionSource {
    /// UpperCamelCase.
    pub name: Text,
    /// If this condition on the input holds, exactly this exception must be raised, and only then.
    pub when: Option<Text>,
    /// The message that the outcome carries.
    pub message: Option<Text>,
    /// An object schema: what the outcome's `details` holds.
    pub details: Option<Schema>,
}

/// `[placement]`
#[derive(Debug, Clone, PartialEq)]
pub struct Placement {
    /// `browser`, `edge`, `cloud`, `ai-pipeline`, or a name of the author's own in kebab case.
    pub targets: Vec<Text>,
    /// Among `targets`.
    pub prefer: Option<Text>,
    /// Among `targets`.
    pub fallback: Option<Text>,
}

/// `[limits]`; `None` is the default of [`Limits::DEFAULT_FUEL`] and its neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Limits {
    /// Units of fuel for one call.
    pub fuel: Option<u64>,
    /// Bytes of linear memory.
    pub memory_bytes: Option<u64>,
    /// Bytes of input.
    pub input_bytes: Option<u64>,
    /// Bytes of output.
    pub output_bytes: Option<u64>,
    /// Bytes of the guest's stack, laid out when the module is linked.
    pub stack_bytes: Option<u64>,
    /// Bytes of linear memory that the module begins with, stack and data included; by default what these and small calls
    /// need.
    pub initial_memory_bytes: Option<u64>,
}

impl Limits {
    /// About a second of a plain loop.
    pub const DEFAULT_FUEL: u64 = 1_000_000_000;
    /// 64 MiB.
    pub const DEFAULT_MEMORY_BYTES: u64 = 64 << 20;
    /// 1 MiB.
    pub const DEFAULT_INPUT_BYTES: u64 = 1 << 20;
    /// 1 MiB.
    pub const DEFAULT_OUTPUT_BYTES: u64 = 1 << 20;
    /// 256 KiB.
    pub const DEFAULT_STACK_BYTES: u64 = 256 << 10;
}
