//! [`ContractDocument`]: everything that a contract says, in sentences, in the order in which they are read. Its serde
//! form is the JSON document of `explain` (spec `CLI-94`).

use super::phrase::Phrase;
use super::rule;
use super::schema::Shape;
use crate::report::grouped;
use serde::Serialize;
use traverse_contract::outcome::FoundBy;
use traverse_contract::spec::{ClauseKind, Limits, Text};
use traverse_contract::{CheckedClause, CheckedException, Contract, Rule};

/// A contract for a reader who knows no code.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ContractDocument {
    pub(crate) id: String,
    pub(crate) version: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) summary: Option<Phrase>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) description: Option<Phrase>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) owner: Option<Phrase>,
    pub(crate) runtime: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) placement: Option<Placement>,
    pub(crate) limits: Vec<Limit>,
    pub(crate) input: InOrOut,
    pub(crate) output: InOrOut,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) types: Vec<NamedType>,
    pub(crate) clauses: Vec<Clause>,
    pub(crate) exceptions: Vec<Exception>,
    /// What is checked, when and by whom, in the order of a call.
    pub(crate) checks: Vec<Check>,
}

/// Where the capability runs.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Placement {
    pub(crate) targets: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) prefer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) fallback: Option<String>,
}

/// How much one call may use.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Limit {
    /// The key in `[limits]`.
    pub(crate) name: &'static str,
    /// What it limits.
    pub(crate) about: &'static str,
    pub(crate) most: u64,
    /// `bytes` or `units of fuel`.
    pub(crate) unit: &'static str,
    /// Whether the author left it out.
    pub(crate) default: bool,
}

/// The input or the result.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct InOrOut {
    /// Whether the types follow from the clauses alone.
    pub(crate) inferred: bool,
    #[serde(flatten)]
    pub(crate) shape: Shape,
}

/// `[types.Name]`
#[derive(Debug, Clone, Serialize)]
pub(crate) struct NamedType {
    pub(crate) name: String,
    #[serde(flatten)]
    pub(crate) shape: Shape,
}

/// A clause.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Clause {
    pub(crate) kind: &'static str,
    pub(crate) index: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<String>,
    /// The rule in words; the author's own words where `prose`.
    pub(crate) words: Phrase,
    /// The rule as the contract has it.
    pub(crate) rule: String,
    /// Whether the rule is words that a function of the capability decides.
    pub(crate) prose: bool,
    /// What a caller is told who broke it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) message: Option<String>,
    /// Why it is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<Phrase>,
    /// Who checks it, in this order.
    pub(crate) checked_by: &'static [FoundBy],
    /// The same as a sentence.
    pub(crate) checked: &'static str,
}

/// An exception.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Exception {
    pub(crate) name: String,
    /// When it is raised, in words.
    pub(crate) words: Phrase,
    /// `when`, as the contract has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) when: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) details: Option<Shape>,
}

/// A step of a call at which something is checked.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Check {
    pub(crate) when: &'static str,
    pub(crate) who: &'static str,
    pub(crate) what: &'static str,
}

impl ContractDocument {
    /// The words for a checked contract.
    pub(crate) fn of(contract: &Contract) -> ContractDocument {
        let spec = &contract.spec;
        let capability = &spec.capability;
        let phrase = |text: &Option<Text>| text.as_ref().map(|text| Phrase::of_author(&text.value));
        let schemas = &contract.schemas;
        ContractDocument {
            id: capability.id.value.clone(),
            version: capability.version.value.clone(),
            summary: phrase(&capability.summary),
            description: phrase(&capability.description),
            owner: phrase(&capability.owner),
            runtime: capability.runtime.value.clone(),
            placement: spec.placement.as_ref().map(|placement| Placement {
                targets: placement.targets.iter().map(|target| target.value.clone()).collect(),
                prefer: written(&placement.prefer),
                fallback: written(&placement.fallback),
            }),
            limits: limits(&spec.limits),
            input: InOrOut { inferred: schemas.input_inferred, shape: Shape::of(&schemas.input) },
            output: InOrOut { inferred: schemas.output_inferred, shape: Shape::of(&schemas.output) },
            types: schemas
                .types
                .iter()
                .map(|(name, schema)| NamedType { name: name.clone(), shape: Shape::of(schema) })
                .collect(),
            clauses: contract.clauses.iter().map(clause).collect(),
            exceptions: contract.exceptions.iter().map(exception).collect(),
            checks: checks(contract),
        }
    }

    /// The clauses of one kind.
    pub(crate) fn of_kind(&self, kind: ClauseKind) -> impl Iterator<Item = &Clause> {
        self.clauses.iter().filter(move |clause| clause.kind == kind.as_str())
    }
}

impl Placement {
    /// `browser, edge, cloud; preferably edge, else cloud`
    pub(crate) fn in_words(&self) -> String {
        let mut words = self.targets.join(", ");
        if let Some(prefer) = &self.prefer {
            words.push_str(&format!("; preferably {prefer}"));
        }
        if let Some(fallback) = &self.fallback {
            words.push_str(&format!("; if need be {fallback}"));
        }
        words
    }
}

impl Limit {
    /// `1,048,576 bytes (1 MiB)`
    pub(crate) fn in_words(&self) -> String {
        let number = format!("{} {}", grouped(self.most), self.unit);
        let whole = |unit: u64, name: &str| {
            (self.unit == "bytes" && self.most >= unit && self.most.is_multiple_of(unit))
                .then(|| format!("{number} ({} {name})", self.most / unit))
        };
        whole(1 << 30, "GiB")
            .or_else(|| whole(1 << 20, "MiB"))
            .or_else(|| whole(1 << 10, "KiB"))
            .unwrap_or(number)
    }
}

fn written(text: &Option<Text>) -> Option<String> {
    text.as_ref().map(|text| text.value.clone())
}

fn limits(limits: &Limits) -> Vec<Limit> {
    let bytes = "bytes";
    [
        ("fuel", "work", limits.fuel, Limits::DEFAULT_FUEL, "units of fuel"),
        ("memory_bytes", "memory", limits.memory_bytes, Limits::DEFAULT_MEMORY_BYTES, bytes),
        ("input_bytes", "input", limits.input_bytes, Limits::DEFAULT_INPUT_BYTES, bytes),
        ("output_bytes", "result", limits.output_bytes, Limits::DEFAULT_OUTPUT_BYTES, bytes),
        ("stack_bytes", "stack", limits.stack_bytes, Limits::DEFAULT_STACK_BYTES, bytes),
    ]
    .map(|(name, about, written, default, unit)| Limit {
        name,
        about,
        most: written.unwrap_or(default),
        unit,
        default: written.is_none(),
    })
    .into()
}

fn clause(clause: &CheckedClause) -> Clause {
    let source = &clause.source;
    let (words, prose) = match &clause.rule {
        Rule::Expression { expr, .. } => (rule::in_words(expr), false),
        Rule::Prose => (Phrase::of_author(&source.rule.value), true),
    };
    let (checked_by, checked): (&'static [FoundBy], _) = match (prose, source.kind) {
        (true, _) => (
            &[FoundBy::Guest],
            "by the capability itself after its work, by a function written for these words; the host does not check it",
        ),
        (false, ClauseKind::Precondition) => (
            &[FoundBy::Host, FoundBy::Guest],
            "by the host before the call, then by the capability before its work",
        ),
        (false, _) => (
            &[FoundBy::Guest, FoundBy::Host],
            "by the capability after its work, then by the host after the call",
        ),
    };
    Clause {
        kind: source.kind.as_str(),
        index: source.index,
        id: written(&source.id),
        words,
        rule: source.rule.value.clone(),
        prose,
        message: written(&source.message),
        reason: source.reason.as_ref().map(|reason| Phrase::of_author(&reason.value)),
        checked_by,
        checked,
    }
}

fn exception(exception: &CheckedException) -> Exception {
    let source = &exception.source;
    Exception {
        name: source.name.value.clone(),
        words: match &exception.when {
            Some((when, _)) => Phrase::text("if ").then(rule::in_words(when)).say(", and only then"),
            None => Phrase::text("when the capability finds cause to"),
        },
        when: written(&source.when),
        message: written(&source.message),
        details: source.details.as_ref().map(Shape::of),
    }
}

/// The steps of a call, those alone at which this contract has something to check.
fn checks(contract: &Contract) -> Vec<Check> {
    let has = |kind: ClauseKind, prose: bool| {
        contract.clauses.iter().any(|clause| clause.source.kind == kind && clause.is_prose() == prose)
    };
    let pre = has(ClauseKind::Precondition, false);
    let after = has(ClauseKind::Postcondition, false) || has(ClauseKind::Invariant, false);
    let prose = has(ClauseKind::Invariant, true);
    let whens = contract.exceptions.iter().any(|exception| exception.when.is_some());
    let declared = !contract.exceptions.is_empty();
    let (host, capability) = ("the host", "the capability");
    let (before, within, done) = ("before the call", "before its work", "after its work");
    let behind = "after the call";
    let steps = [
        (true, before, host, "the input is one JSON value, not too large, and fits its description"),
        (pre, before, host, "every precondition holds"),
        (true, within, capability, "the same once more"),
        (whens, done, capability, AN_EXCEPTION_WAS_RIGHT),
        (true, done, capability, "the result fits its description"),
        (after, done, capability, "every postcondition and every invariant holds that is an expression"),
        (prose, done, capability, "every invariant in words holds: nobody else checks these"),
        (whens, behind, host, AN_EXCEPTION_WAS_RIGHT),
        (
            declared,
            behind,
            host,
            "an exception is one of this contract, with its message and details as described",
        ),
        (true, behind, host, "the result fits its description"),
        (after, behind, host, "every postcondition and every invariant holds that is an expression"),
    ];
    let steps = steps.into_iter().filter(|(is_checked, ..)| *is_checked);
    steps.map(|(_, when, who, what)| Check { when, who, what }).collect()
}

const AN_EXCEPTION_WAS_RIGHT: &str =
    "an exception with a condition was raised if its condition holds, and only then";
