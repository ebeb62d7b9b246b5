//! [`Trace`]: how a call can be explained afterwards.

use crate::limits::CallLimits;
use serde::{Serialize, Serializer};
use smallvec::SmallVec;
use std::sync::Arc;
use std::time::{Duration, Instant};
use traverse_contract::outcome::ClauseRef;
use traverse_contract::{CheckedClause, CheckedException, Contract};

/// What was called, under which contract, at what cost, and who said what of each clause.
///
/// ```json
/// {
///   "id": "pricing.eligibility-check", "version": "1.2.0",
///   "contract_digest": "sha256:…", "artifact_digest": "sha256:…",
///   "limits": {"fuel": 1000000000, "memory_bytes": 67108864, "input_bytes": 1048576, "output_bytes": 1048576},
///   "outcome": "result", "exit_code": 0,
///   "fuel_used": 22573, "peak_memory_bytes": 262144, "times": {"total_ns": 6210, "guest_ns": 4800},
///   "clauses": [
///     {"kind": "precondition", "index": 1, "rule": "cart.total > 0", "host": "holds", "guest": "holds"},
///     {"kind": "invariant", "index": 0, "rule": "enterprise customers never …", "host": null, "guest": "holds"}
///   ],
///   "exceptions": [{"name": "CartExpired", "when": "cart.age > 30", "host": "violated", "raised": false}]
/// }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Trace {
    /// What is the same in every trace of the capability.
    pub(crate) known: Arc<Known>,
    /// The limits that the call had.
    pub limits: CallLimits,
    /// `result`, `exception`, `rejected`, `violation` or `undeclared`.
    pub outcome: &'static str,
    /// The guest's exit code; `null` if the host refused the input and the guest never ran.
    pub exit_code: Option<i32>,
    /// Units of fuel that the guest used.
    pub fuel_used: u64,
    /// The most linear memory that the guest held, in bytes.
    pub peak_memory_bytes: u64,
    /// How long it took, which differs from call to call.
    pub times: Times,
    /// For every clause of the contract, in its order, what the host found of it, and the guest.
    pub(crate) clauses: OfClauses,
    /// For every exception of the contract, in its order, what the host found of its condition, and whether the guest raised it.
    pub(crate) exceptions: OfExceptions,
}

/// What the host found, and the guest.
pub(crate) type Findings = [Option<Finding>; 2];
/// What the host found of an exception's condition, and whether the guest raised it.
pub(crate) type Raised = (Option<Finding>, bool);
/// Of as many as most contracts have, without an allocation.
pub(crate) type OfClauses = SmallVec<[Findings; 8]>;
pub(crate) type OfExceptions = SmallVec<[Raised; 4]>;

impl Trace {
    /// The capability's id.
    pub fn id(&self) -> &str {
        &self.known.id
    }

    /// The capability's version.
    pub fn version(&self) -> &str {
        &self.known.version
    }

    /// `sha256:…` of the contract's canonical JSON.
    pub fn contract_digest(&self) -> &str {
        &self.known.contract_digest
    }

    /// `sha256:…` of the module's bytes.
    pub fn artifact_digest(&self) -> &str {
        &self.known.artifact_digest
    }

    /// Every clause of the contract, in its order.
    pub fn clauses(&self) -> Vec<ClauseVerdict<'_>> {
        let verdict =
            |(clause, [host, guest]): (_, &Findings)| ClauseVerdict { clause, host: *host, guest: *guest };
        self.known.clauses.iter().zip(&self.clauses).map(verdict).collect()
    }

    /// Every exception of the contract, in its order.
    pub fn exceptions(&self) -> Vec<ExceptionVerdict<'_>> {
        let verdict = |(exception, (host, raised)): (_, &Raised)| ExceptionVerdict {
            exception,
            host: *host,
            raised: *raised,
        };
        self.known.exceptions.iter().zip(&self.exceptions).map(verdict).collect()
    }
}

impl Serialize for Trace {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Document<'a> {
            id: &'a str,
            version: &'a str,
            contract_digest: &'a str,
            artifact_digest: &'a str,
            limits: CallLimits,
            outcome: &'a str,
            exit_code: Option<i32>,
            fuel_used: u64,
            peak_memory_bytes: u64,
            times: Times,
            clauses: Vec<ClauseVerdict<'a>>,
            exceptions: Vec<ExceptionVerdict<'a>>,
        }
        let document = Document {
            id: self.id(),
            version: self.version(),
            contract_digest: self.contract_digest(),
            artifact_digest: self.artifact_digest(),
            limits: self.limits,
            outcome: self.outcome,
            exit_code: self.exit_code,
            fuel_used: self.fuel_used,
            peak_memory_bytes: self.peak_memory_bytes,
            times: self.times,
            clauses: self.clauses(),
            exceptions: self.exceptions(),
        };
        document.serialize(serializer)
    }
}

/// How long a call took, in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Times {
    /// The whole call, contract and all.
    pub total_ns: u64,
    /// From making the guest's instance to its end; `null` if it never ran.
    pub guest_ns: Option<u64>,
}

impl Times {
    pub(crate) fn of(began: Instant, guest: Option<Duration>) -> Times {
        let nanoseconds = |time: Duration| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        Times { total_ns: nanoseconds(began.elapsed()), guest_ns: guest.map(nanoseconds) }
    }
}

/// What host and guest found of one clause.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClauseVerdict<'a> {
    /// The clause: `kind`, `index`, `id`, `rule`.
    #[serde(flatten)]
    pub clause: &'a ClauseRef,
    /// The host's finding; `null` if it did not come to it, and always for prose.
    pub host: Option<Finding>,
    /// The guest's finding, as its outcome tells it; `null` if it did not come to it.
    pub guest: Option<Finding>,
}

/// What was found of an exception.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExceptionVerdict<'a> {
    /// The exception: `name`, and `when`, its condition, if it has one.
    #[serde(flatten)]
    pub exception: &'a ExceptionRef,
    /// Whether its condition holds; `null` if it has none, or the host did not come to it.
    pub host: Option<Finding>,
    /// Whether the guest raised it.
    pub raised: bool,
}

/// An exception of the contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExceptionRef {
    /// Its name.
    pub name: String,
    /// Its condition, if it has one.
    pub when: Option<String>,
}

/// What is the same in every trace of a capability, and shared by them. Each thread has one of its own: so far from all else
/// that counting who refers to it does not make others wait.
#[derive(Debug, PartialEq)]
#[repr(align(128))]
pub(crate) struct Known {
    pub(crate) id: String,
    pub(crate) version: String,
    pub(crate) contract_digest: String,
    pub(crate) artifact_digest: String,
    pub(crate) clauses: Vec<ClauseRef>,
    pub(crate) exceptions: Vec<ExceptionRef>,
}

impl Known {
    pub(crate) fn of(contract: &Contract, contract_digest: &str, artifact_digest: &str) -> Known {
        let exception = |checked: &CheckedException| ExceptionRef {
            name: checked.source.name.value.clone(),
            when: checked.source.when.as_ref().map(|when| when.value.clone()),
        };
        Known {
            id: contract.spec.capability.id.value.clone(),
            version: contract.spec.capability.version.value.clone(),
            contract_digest: contract_digest.into(),
            artifact_digest: artifact_digest.into(),
            clauses: contract.clauses.iter().map(CheckedClause::clause_ref).collect(),
            exceptions: contract.exceptions.iter().map(exception).collect(),
        }
    }
}

/// One finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Finding {
    /// It holds.
    Holds,
    /// It does not hold, or cannot be evaluated.
    Violated,
}

impl Finding {
    pub(crate) fn of(holds: bool) -> Finding {
        if holds { Finding::Holds } else { Finding::Violated }
    }
}
