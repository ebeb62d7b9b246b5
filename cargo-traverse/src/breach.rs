//! What a broken contract means, for a person: the clause in the spec, its rule, what was observed, who decided (spec
//! `CLI-14`). `run` and `test` show the same.

use crate::project::Project;
use crate::report::{Screen, printable};
use serde_json::{Map, Value};
use traverse_contract::lang::eval::observe;
use traverse_contract::outcome::{FoundBy, Outcome, Undeclared, Violation, ViolationKind};
use traverse_contract::schema::SchemaKind;
use traverse_contract::{CheckedException, Contract, Diagnostic, Source, Span};

/// A longer input is not shown: whoever gave it has it.
const LONGEST_INPUT_CHARS: usize = 300;

/// A contract that outcomes are explained by.
#[derive(Debug)]
pub(crate) struct Explainer {
    contract: Contract,
    /// The spec's text, where places in it can be shown.
    spec: Option<Source>,
}

impl Explainer {
    /// For a bare module: its own contract, which stands in no file.
    pub(crate) fn of_module(contract: &Contract) -> Explainer {
        Explainer { contract: contract.clone(), spec: None }
    }

    /// For a package whose module carries `contract`: with the places in its spec, if that can be read again.
    pub(crate) fn of_package(project: &Project, contract: &Contract) -> Explainer {
        let written = || {
            let manifest = project.manifest().ok()?;
            let source = project.read(&manifest.capability_ref.contract_path.value).ok()?;
            let contract = Contract::from_toml(&source).ok()?;
            Some(Explainer { contract, spec: Some(source) })
        };
        written().unwrap_or_else(|| Explainer::of_module(contract))
    }

    /// Writes what `outcome` means to the screen's stderr; nothing for an outcome that breaks no contract.
    pub(crate) fn render(&self, outcome: &Outcome, input: &[u8], screen: &mut Screen) {
        match outcome {
            Outcome::Violation(violation) => self.violation(violation, input, screen),
            Outcome::Undeclared(undeclared) => self.undeclared(undeclared, input, screen),
            Outcome::Result(_) | Outcome::Exception(_) | Outcome::Rejected(_) => {}
        }
    }

    fn violation(&self, violation: &Violation, input: &[u8], screen: &mut Screen) {
        let clause = &violation.clause;
        let pointer = (clause.kind == ViolationKind::OutputSchema).then(|| offending(violation)).flatten();
        let known = self.contract.clauses.iter().find(|known| known.clause_ref() == *clause);
        let place = match pointer {
            Some(pointer) => self.output_schema(pointer).map(|span| (span, "the result does not fit this")),
            None => known.map(|known| (known.source.rule.span, "does not hold")),
        };
        self.head("violation", &violation.message, place, screen);

        let kind = serde_json::to_value(clause.kind).unwrap_or_default();
        let kind = kind.as_str().unwrap_or_default().to_owned();
        let id = clause.id.as_ref().map(|id| format!(" `{}`", printable(id))).unwrap_or_default();
        screen.note(format!("  clause:   {kind} {}{id}", clause.index));
        screen.note(format!("  rule:     {}", printable(&clause.rule)));
        match (pointer, violation.observed.get("result")) {
            (Some(pointer), Some(value)) => {
                observed(&Map::from_iter([(result_path(pointer), value.clone())]), screen);
            }
            _ => observed(&violation.observed, screen),
        }
        if known.is_some_and(|known| known.is_prose()) {
            screen.note("  decided:  by the function under `#[invariant]` in the module");
            let input = String::from_utf8_lossy(input);
            let input = input.trim();
            if input.chars().count() <= LONGEST_INPUT_CHARS && !input.contains(['\n', '\r']) {
                screen.note(format!("  input:    {}", printable(input)));
            }
        }
        screen.note(match violation.found_by {
            FoundBy::Guest => "  found by: guest",
            FoundBy::Host => "  found by: host",
        });
    }

    fn undeclared(&self, undeclared: &Undeclared, input: &[u8], screen: &mut Screen) {
        let about = self.contract.exceptions.iter().find_map(|exception| {
            let label = finding(exception, &undeclared.message)?;
            Some((exception, label))
        });
        let place = about.and_then(|(exception, label)| Some((exception.source.when.as_ref()?.span, label)));
        self.head("undeclared", &undeclared.message, place, screen);
        let (Some((exception, _)), Ok(input)) = (about, serde_json::from_slice::<Value>(input)) else {
            return;
        };
        screen.note(format!("  exception: {}", printable(&exception.source.name.value)));
        if let Some((_, paths)) = &exception.when {
            observed(&observe(paths, self.contract.scope(&input, None)), screen);
        }
    }

    /// The error's first lines, with the place in the spec where there is one.
    fn head(
        &self,
        code: &'static str,
        message: &str,
        place: Option<(Span, &'static str)>,
        screen: &mut Screen,
    ) {
        match (&self.spec, place) {
            (Some(source), Some((span, label))) if span.end > span.start => {
                screen.diagnostic(source, &Diagnostic::error(code, printable(message)).at(span, label));
            }
            _ => screen.headline(code, message),
        }
    }

    /// Where the schema of the value at this JSON pointer into the result is written; nothing where it was inferred.
    fn output_schema(&self, pointer: &str) -> Option<Span> {
        let schemas = &self.contract.schemas;
        let mut schema = schemas.resolve_value(&schemas.output);
        for step in steps(pointer) {
            let next = match &schema.kind {
                SchemaKind::Object(object) => &object.property(&step)?.schema,
                SchemaKind::Array(items, _) => items,
                SchemaKind::Map(values, _) => values,
                SchemaKind::Tuple(items) => items.get(step.parse::<usize>().ok()?)?,
                _ => return None,
            };
            schema = schemas.resolve_value(next);
        }
        Some(schema.span)
    }
}

/// What was found of the condition of this exception, if the message is about it. The texts are those of specs/io.md.
fn finding(exception: &CheckedException, message: &str) -> Option<&'static str> {
    let (name, when) = (&exception.source.name.value, &exception.source.when.as_ref()?.value);
    if message == format!("exception `{name}` was raised, but its condition `{when}` does not hold") {
        Some("does not hold")
    } else if message == format!("`{when}` holds, so exception `{name}` must be raised") {
        Some("holds")
    } else if message
        .starts_with(&format!("the condition `{when}` of exception `{name}` cannot be evaluated: "))
    {
        Some("cannot be evaluated")
    } else {
        None
    }
}

/// The JSON pointer of the value that does not fit the output schema. A property's name may hold spaces, so the rule
/// (`POINTER MESSAGE`) is held against the violation's message.
fn offending(violation: &Violation) -> Option<&str> {
    let rule = &violation.clause.rule;
    rule.match_indices(' ').find_map(|(at, _)| {
        let (place, what) = (&rule[..at], &rule[at + 1..]);
        let said = format!("the result does not fit the output schema at `{place}`: {what}");
        (violation.message == said).then_some(if place == "(root)" { "" } else { place })
    })
}

/// `/lines/0/sku` → `result.lines[0].sku`, as an expression would have it.
fn result_path(pointer: &str) -> String {
    let mut path = "result".to_owned();
    for step in steps(pointer) {
        let is_index = !step.is_empty() && step.bytes().all(|byte| byte.is_ascii_digit());
        path.push_str(&if is_index { format!("[{step}]") } else { format!(".{step}") });
    }
    path
}

fn steps(pointer: &str) -> impl Iterator<Item = String> {
    pointer.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~"))
}

fn observed(values: &Map<String, Value>, screen: &mut Screen) {
    for (index, (path, value)) in values.iter().enumerate() {
        let head = if index == 0 { "observed:" } else { "" };
        screen.note(format!("  {head:<9} {} = {}", printable(path), printable(&value.to_string())));
    }
}
