//! What a contract says, as `check` and `inspect` report it (spec `CLI-30`).

use crate::json_schema;
use crate::report::{Screen, Style, printable};
use serde::Serialize;
use serde_json::Value;
use traverse_contract::outcome::FoundBy;
use traverse_contract::spec::ClauseKind;
use traverse_contract::{Contract, Rule};

/// A contract's facts: `{id, version, runtime, summary?, clauses, exceptions, schema, schema_from}`.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ContractFacts {
    pub(crate) id: String,
    pub(crate) version: String,
    pub(crate) runtime: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) summary: Option<String>,
    pub(crate) clauses: Vec<ClauseFacts>,
    pub(crate) exceptions: Vec<ExceptionFacts>,
    pub(crate) schema: Value,
    pub(crate) schema_from: SchemaOrigin,
}

/// Where the schema in force comes from.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct SchemaOrigin {
    pub(crate) input: Origin,
    pub(crate) output: Origin,
}

/// Written by the author, or inferred from clauses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Origin {
    Written,
    Inferred,
}

/// `{kind, index, id?, rule, message?, reason?, checked_by: ["guest","host"]}`
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ClauseFacts {
    pub(crate) kind: &'static str,
    pub(crate) index: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<String>,
    pub(crate) rule: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<String>,
    /// Prose is checked by the guest alone, and never counted as enforced by the host.
    pub(crate) checked_by: &'static [FoundBy],
}

/// `{name, when?, message?}`
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ExceptionFacts {
    pub(crate) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) when: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) message: Option<String>,
}

impl ContractFacts {
    /// The facts of a checked contract.
    pub(crate) fn of(contract: &Contract) -> ContractFacts {
        let text =
            |text: &Option<traverse_contract::spec::Text>| text.as_ref().map(|text| text.value.clone());
        let capability = &contract.spec.capability;
        let origin = |inferred| if inferred { Origin::Inferred } else { Origin::Written };
        ContractFacts {
            id: capability.id.value.clone(),
            version: capability.version.value.clone(),
            runtime: capability.runtime.value.clone(),
            summary: text(&capability.summary),
            clauses: contract
                .clauses
                .iter()
                .map(|clause| ClauseFacts {
                    kind: clause.source.kind.as_str(),
                    index: clause.source.index,
                    id: text(&clause.source.id),
                    rule: clause.source.rule.value.clone(),
                    message: text(&clause.source.message),
                    reason: text(&clause.source.reason),
                    checked_by: match (&clause.rule, clause.source.kind) {
                        (Rule::Prose, _) => &[FoundBy::Guest],
                        (Rule::Expression { .. }, ClauseKind::Precondition) => {
                            &[FoundBy::Host, FoundBy::Guest]
                        }
                        (Rule::Expression { .. }, _) => &[FoundBy::Guest, FoundBy::Host],
                    },
                })
                .collect(),
            exceptions: contract
                .exceptions
                .iter()
                .map(|exception| ExceptionFacts {
                    name: exception.source.name.value.clone(),
                    when: text(&exception.source.when),
                    message: text(&exception.source.message),
                })
                .collect(),
            schema: json_schema::document(&contract.schemas),
            schema_from: SchemaOrigin {
                input: origin(contract.schemas.input_inferred),
                output: origin(contract.schemas.output_inferred),
            },
        }
    }

    /// `2 preconditions, 1 postcondition, 1 invariant, 2 exceptions`
    pub(crate) fn counts(&self) -> String {
        let of_kind = |kind: ClauseKind| self.clauses.iter().filter(|c| c.kind == kind.as_str()).count();
        [
            (of_kind(ClauseKind::Precondition), "precondition"),
            (of_kind(ClauseKind::Postcondition), "postcondition"),
            (of_kind(ClauseKind::Invariant), "invariant"),
            (self.exceptions.len(), "exception"),
        ]
        .map(|(count, noun)| format!("{count} {noun}{}", if count == 1 { "" } else { "s" }))
        .join(", ")
    }

    /// Clauses and exceptions, a line each, for a person.
    pub(crate) fn render_clauses(&self, screen: &mut Screen) {
        for kind in [ClauseKind::Precondition, ClauseKind::Postcondition, ClauseKind::Invariant] {
            let clauses: Vec<&ClauseFacts> =
                self.clauses.iter().filter(|c| c.kind == kind.as_str()).collect();
            if clauses.is_empty() {
                continue;
            }
            screen.line(screen.paint(Style::Strong, format!("{}s", kind.as_str())));
            for clause in clauses {
                let id = clause.id.as_ref().map(|id| format!("{}: ", printable(id))).unwrap_or_default();
                let by = match clause.checked_by {
                    [FoundBy::Guest, FoundBy::Host] => "checked by: guest and host",
                    [FoundBy::Host, FoundBy::Guest] => "checked by: host and guest",
                    _ => "checked by: guest",
                };
                let by = screen.paint(Style::Faint, format!("({by})"));
                screen.line(format!("  {}  {id}{}  {by}", clause.index, printable(&clause.rule)));
            }
        }
        if !self.exceptions.is_empty() {
            screen.line(screen.paint(Style::Strong, "exceptions"));
            for exception in &self.exceptions {
                let when = exception.when.as_ref().map(|when| format!("  when {}", printable(when)));
                screen.line(format!("  {}{}", printable(&exception.name), when.unwrap_or_default()));
            }
        }
    }
}
