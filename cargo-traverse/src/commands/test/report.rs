//! What a test came to, and how a person sees it (spec TEST-60).

use super::costs::Rise;
use crate::breach::Explainer;
use crate::cases::{compare, diff};
use crate::error::CommandError;
use crate::exit::Exit;
use crate::probe::Cost;
use crate::probe::coverage::{ClauseCoverage, Coverage, Times};
use crate::probe::fault::{Fault, FaultKind};
use crate::probe::mutants::Mutation;
use crate::project::Project;
use crate::report::grouped;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};
use traverse_contract::outcome::{Outcome, ViolationKind};

/// One package, or several: `{"packages": […], "passed": N, "failed": N, "not_built": N}`.
#[derive(Debug)]
pub(crate) struct TestReport {
    pub(super) packages: Vec<PackageReport>,
    pub(super) many: bool,
    /// Whether a report could not be written.
    pub(super) unwritten: bool,
}

/// The document of one package (spec TEST-61).
#[derive(Debug, Serialize)]
pub(super) struct PackageReport {
    pub(super) id: String,
    pub(super) version: String,
    pub(super) folder: String,
    pub(super) digest: String,
    pub(super) passed: usize,
    pub(super) failed: usize,
    pub(super) filtered_out: usize,
    /// Whether there was a native program to compare with.
    pub(super) native: bool,
    pub(super) cases: Vec<CaseReport>,
    /// Left out where no inputs were drawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) generated: Option<GeneratedReport>,
    /// Whether coverage was required and is not there.
    pub(super) uncovered: bool,
    /// Whether it was required.
    #[serde(skip)]
    pub(super) gated: bool,
    pub(super) coverage: Coverage,
    pub(super) costs: CostReport,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) mutation: Option<Mutation>,
    /// Why it could not be tested; then everything else is empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) error: Option<Stopped>,
    /// What a broken contract is explained by.
    #[serde(skip)]
    pub(super) explainer: Option<Explainer>,
}

/// `{code, message, exit}`
#[derive(Debug, Serialize)]
pub(super) struct Stopped {
    pub(super) code: &'static str,
    pub(super) message: String,
    #[serde(skip)]
    pub(super) exit: Exit,
    #[serde(skip)]
    pub(super) told: String,
}

/// One case.
#[derive(Debug, Serialize)]
pub(super) struct CaseReport {
    pub(super) name: String,
    pub(super) file: String,
    pub(super) line: usize,
    pub(super) status: Status,
    pub(super) expected: Value,
    pub(super) found: Value,
    /// Left out where the call had no outcome.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cost: Option<Cost>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) rises: Vec<Rise>,
    /// Whether what was found is what the file expects from now on.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) accepted: bool,
    /// What was compared, where it differs.
    #[serde(skip)]
    pub(super) differs: Option<(Value, Value)>,
    /// What is wrong beside the expectation.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "fault_message")]
    pub(super) fault: Option<Fault>,
    /// The input, and what the call ended in, if it did.
    #[serde(skip)]
    pub(super) call: Option<(String, Outcome)>,
}

fn fault_message<S: Serializer>(fault: &Option<Fault>, serializer: S) -> Result<S::Ok, S::Error> {
    let told = |fault: &Fault| json!({"kind": fault.kind, "message": fault.message, "notes": fault.notes});
    fault.as_ref().map(told).serialize(serializer)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Status {
    Passed,
    Failed,
}

/// What drawn inputs showed.
#[derive(Debug, Serialize)]
pub(super) struct GeneratedReport {
    pub(super) seed: u64,
    pub(super) inputs: u64,
    /// So many of them were admitted by every precondition.
    pub(super) admitted: u64,
    pub(super) seconds: f64,
    /// How often the native program came to another end only because it had answered other calls before.
    pub(super) stateful: u64,
    /// How often module and native program had doubles that differ in their last digits.
    pub(super) rounded: u64,
    /// How many inputs showed a fault that a case shows.
    pub(super) known: u64,
    pub(super) faults: Vec<FaultReport>,
}

/// One fault.
#[derive(Debug, Serialize)]
pub(super) struct FaultReport {
    pub(super) kind: FaultKind,
    pub(super) message: String,
    pub(super) notes: Vec<String>,
    pub(super) input: Value,
    /// It took so many inputs.
    pub(super) after: u64,
    /// The file that keeps it.
    pub(super) kept: Option<String>,
    /// Why no file keeps it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) unkept: Option<String>,
    /// The outcome's document, where the contract explains the fault.
    pub(super) outcome: Option<Value>,
    #[serde(skip)]
    pub(super) explained: Option<Outcome>,
}

/// `{most, limits, targets}`
#[derive(Debug, Default, Serialize)]
pub(super) struct CostReport {
    pub(super) most: Cost,
    /// So many calls were stopped, and are not in `most`.
    pub(super) stopped: u64,
    pub(super) limits: Cost,
    pub(super) targets: Vec<String>,
}

impl PackageReport {
    /// A package that could not be tested.
    pub(super) fn failed(project: &Project, error: &CommandError) -> PackageReport {
        PackageReport {
            id: super::select::name_of(project),
            version: String::new(),
            folder: project.folder.display().to_string(),
            digest: String::new(),
            passed: 0,
            failed: 0,
            filtered_out: 0,
            native: false,
            cases: Vec::new(),
            generated: None,
            uncovered: false,
            gated: false,
            coverage: Coverage::default(),
            costs: CostReport::default(),
            mutation: None,
            error: Some(Stopped {
                code: error.code,
                message: error.message.clone(),
                exit: error.exit,
                told: crate::report::told(error),
            }),
            explainer: None,
        }
    }

    /// Faults that drawn inputs showed.
    pub(super) fn faults(&self) -> &[FaultReport] {
        self.generated.as_ref().map_or(&[], |generated| &generated.faults)
    }

    /// Whether everything is as it should be.
    pub(super) fn is_well(&self) -> bool {
        self.error.is_none() && self.failed == 0 && self.faults().is_empty() && !self.uncovered
    }
}

impl Serialize for TestReport {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let ([package], false) = (self.packages.as_slice(), self.many) {
            return package.serialize(serializer);
        }
        let count = |is: &dyn Fn(&PackageReport) -> bool| self.packages.iter().filter(|one| is(one)).count();
        let mut document = serializer.serialize_struct("TestReport", 4)?;
        document.serialize_field("packages", &self.packages)?;
        document.serialize_field("passed", &count(&PackageReport::is_well))?;
        document.serialize_field("failed", &count(&|one| one.error.is_none() && !one.is_well()))?;
        document.serialize_field("not_tested", &count(&|one| one.error.is_some()))?;
        document.end()
    }
}

/// What a clause lacks, in words.
pub(super) fn lack(clause: &ClauseCoverage) -> Option<&'static str> {
    let held = clause.case.held + clause.generated.held;
    let broken = clause.case.broken + clause.generated.broken;
    let vacuous = clause.case.vacuous + clause.generated.vacuous;
    match clause.clause.kind {
        _ if held + broken + vacuous == 0 => Some("never exercised"),
        ViolationKind::Precondition if broken == 0 && !clause.of_schema => Some("never false"),
        ViolationKind::Precondition if held == 0 => Some("never true"),
        _ if held + broken == 0 => Some("never exercised: what stands before `implies` was never true"),
        _ => None,
    }
}

pub(super) fn times(times: Times) -> String {
    format!("{} / {}", grouped(times.held), grouped(times.broken))
}

pub(super) fn counted(count: usize, what: &str) -> String {
    match count {
        0 => format!("no {what}"),
        1 => format!("1 {what}"),
        _ => format!("{count} {what}s"),
    }
}

/// Used by the other reports: the difference of a failed case, as text.
pub(super) fn difference(case: &CaseReport) -> String {
    let (expected, found) = match &case.differs {
        Some((expected, found)) => (expected.clone(), found.clone()),
        None => (case.expected.clone(), compare::part_expected(&case.expected, &case.found)),
    };
    diff::lines(&expected, &found).iter().map(|line| format!("{} {}\n", line.sign, line.text)).collect()
}
