//! How often each part of the contract was met, by a case and by a generated input (spec TEST-30).

use serde::Serialize;
use serde_json::Value;
use traverse_contract::contract::Rule;
use traverse_contract::lang::eval::evaluate;
use traverse_contract::lang::typed::{TypedExpr, TypedKind};
use traverse_contract::outcome::{ClauseRef, Outcome, ViolationKind};
use traverse_contract::schema::{Schema, SchemaKind, resolve_value};
use traverse_contract::{CheckedClause, Contract};
use traverse_runtime::{Call, Finding};

/// Who made the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    /// A case.
    Case,
    /// The generator.
    Generated,
}

/// What was met of a contract.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Coverage {
    /// Every clause, in the contract's order.
    pub(crate) clauses: Vec<ClauseCoverage>,
    /// Every exception.
    pub(crate) exceptions: Vec<ExceptionCoverage>,
    /// Every text of an `enum` of the schemas, by its place.
    pub(crate) enums: Vec<EnumCoverage>,
}

/// `{kind, index, id, rule, case: {held, broken, vacuous}, generated: {…}, exercised}`
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ClauseCoverage {
    /// The clause.
    #[serde(flatten)]
    pub(crate) clause: ClauseRef,
    /// By cases.
    pub(crate) case: Times,
    /// By generated inputs.
    pub(crate) generated: Times,
    /// Whether it was met as far as it must be: a precondition true and false, any other clause true for a reason.
    pub(crate) exercised: bool,
    /// Whether it only names a type, so that what would make it false does not fit the schema.
    #[serde(skip)]
    pub(crate) of_schema: bool,
}

/// How often a clause came out how.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub(crate) struct Times {
    /// True.
    pub(crate) held: u64,
    /// False, or an error.
    pub(crate) broken: u64,
    /// True only because what stands before `implies` is false; not counted as held.
    pub(crate) vacuous: u64,
}

/// `{name, case, generated}`: how often it was raised.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ExceptionCoverage {
    /// Its name.
    pub(crate) name: String,
    /// By cases.
    pub(crate) case: u64,
    /// By generated inputs.
    pub(crate) generated: u64,
}

/// `{at, member, case, generated}`: how often the member was seen there.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct EnumCoverage {
    /// `input.customer.tier`, `result.lines[].kind`.
    pub(crate) at: String,
    /// The text.
    pub(crate) member: String,
    /// In cases.
    pub(crate) case: u64,
    /// In generated inputs and what they came to.
    pub(crate) generated: u64,
}

impl Coverage {
    /// Nothing met yet.
    pub(crate) fn of(contract: &Contract) -> Coverage {
        let clause = |clause: &CheckedClause| ClauseCoverage {
            clause: clause.clause_ref(),
            case: Times::default(),
            generated: Times::default(),
            exercised: false,
            of_schema: matches!(&clause.rule, Rule::Expression { expr, .. } if matches!(expr.kind, TypedKind::Is { .. })),
        };
        let mut enums = Vec::new();
        let schemas = &contract.schemas;
        collect_enums(&schemas.types, &schemas.input, "input", &mut Vec::new(), &mut enums);
        collect_enums(&schemas.types, &schemas.output, "result", &mut Vec::new(), &mut enums);
        Coverage {
            clauses: contract.clauses.iter().map(clause).collect(),
            exceptions: contract
                .exceptions
                .iter()
                .map(|exception| ExceptionCoverage {
                    name: exception.source.name.value.clone(),
                    case: 0,
                    generated: 0,
                })
                .collect(),
            enums,
        }
    }

    /// Counts what one call met.
    pub(crate) fn record(&mut self, contract: &Contract, input: &Value, call: &Call, by: By) {
        let result = match &call.outcome {
            Outcome::Result(result) => Some(result),
            _ => None,
        };
        let verdicts = call.trace.clauses();
        for ((counted, verdict), clause) in self.clauses.iter_mut().zip(verdicts).zip(&contract.clauses) {
            let Some(finding) = verdict.host.or(verdict.guest) else { continue };
            let vacuous = || match (&clause.rule, result) {
                (Rule::Expression { expr, .. }, Some(result)) => {
                    let scope = contract.scope(input, Some(result.into()));
                    antecedent(expr).is_some_and(|before| evaluate(before, scope) != Ok(true))
                }
                _ => false,
            };
            let times = match by {
                By::Case => &mut counted.case,
                By::Generated => &mut counted.generated,
            };
            match finding {
                Finding::Violated => times.broken += 1,
                Finding::Holds if vacuous() => times.vacuous += 1,
                Finding::Holds => times.held += 1,
            }
        }
        if let Outcome::Exception(raised) = &call.outcome
            && let Some(counted) = self.exceptions.iter_mut().find(|counted| counted.name == raised.name)
        {
            *by_of(by, &mut counted.case, &mut counted.generated) += 1;
        }
        if !self.enums.is_empty() && call.trace.outcome != "rejected" {
            let types = &contract.schemas.types;
            self.record_enums(types, &contract.schemas.input, input, "input", by);
            if let Some(result) = result {
                self.record_enums(types, &contract.schemas.output, result, "result", by);
            }
        }
    }

    /// Says what was exercised. To be asked once all calls are recorded.
    pub(crate) fn settle(&mut self) {
        for clause in &mut self.clauses {
            let held = clause.case.held + clause.generated.held > 0;
            let broken = clause.case.broken + clause.generated.broken > 0;
            let may_be_false = clause.clause.kind == ViolationKind::Precondition && !clause.of_schema;
            clause.exercised = held && (broken || !may_be_false);
        }
    }

    /// Whether every clause was exercised and every exception raised.
    pub(crate) fn is_whole(&self) -> bool {
        self.clauses.iter().all(|clause| clause.exercised)
            && self.exceptions.iter().all(|exception| exception.case + exception.generated > 0)
    }

    fn record_enums(&mut self, types: &[(String, Schema)], schema: &Schema, value: &Value, at: &str, by: By) {
        match (&resolve_value(types, schema).kind, value) {
            (SchemaKind::Enum(_), Value::String(member)) => {
                let mut known = self.enums.iter_mut();
                if let Some(counted) = known.find(|known| known.at == at && known.member == *member) {
                    *by_of(by, &mut counted.case, &mut counted.generated) += 1;
                }
            }
            (SchemaKind::Array(items, _), Value::Array(elements)) => {
                let at = format!("{at}[]");
                elements.iter().for_each(|element| self.record_enums(types, items, element, &at, by));
            }
            (SchemaKind::Object(object), Value::Object(fields)) => {
                for property in &object.properties {
                    if let Some(field) = fields.get(&property.name) {
                        let at = format!("{at}.{}", property.name);
                        self.record_enums(types, &property.schema, field, &at, by);
                    }
                }
            }
            _ => {}
        }
    }
}

fn by_of<'a>(by: By, case: &'a mut u64, generated: &'a mut u64) -> &'a mut u64 {
    match by {
        By::Case => case,
        By::Generated => generated,
    }
}

/// What stands before the `implies` that a rule is.
fn antecedent(rule: &TypedExpr) -> Option<&TypedExpr> {
    match &rule.kind {
        TypedKind::Implies(before, _) => Some(before),
        _ => None,
    }
}

/// More members are not counted: such a list is data.
const MAX_MEMBERS: usize = 500;

/// `within`: the schemas around, for types may contain themselves.
fn collect_enums<'s>(
    types: &'s [(String, Schema)],
    schema: &'s Schema,
    at: &str,
    within: &mut Vec<&'s Schema>,
    found: &mut Vec<EnumCoverage>,
) {
    let schema = resolve_value(types, schema);
    if within.iter().any(|around| std::ptr::eq(*around, schema)) || found.len() >= MAX_MEMBERS {
        return;
    }
    within.push(schema);
    match &schema.kind {
        SchemaKind::Enum(members) => {
            let members = members.iter().map(|member| EnumCoverage {
                at: at.to_owned(),
                member: member.clone(),
                case: 0,
                generated: 0,
            });
            found.extend(members.take(MAX_MEMBERS - found.len()));
        }
        SchemaKind::Array(items, _) => collect_enums(types, items, &format!("{at}[]"), within, found),
        SchemaKind::Object(object) => {
            for property in &object.properties {
                collect_enums(types, &property.schema, &format!("{at}.{}", property.name), within, found);
            }
        }
        _ => {}
    }
    within.pop();
}
