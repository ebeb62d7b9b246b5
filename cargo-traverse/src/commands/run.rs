//! `cargo traverse run`: one call. The result on stdout, everything else on stderr (spec `CLI-10` to `CLI-16`).

use crate::args::RunArgs;
use crate::commands::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::project::{Project, Target};
use crate::report::{Report, Screen, Style, printable};
use serde::ser::{Serialize, Serializer};
use serde_json::Value;
use std::fs::File;
use std::io::{IsTerminal, Read};
use std::path::Path;
use traverse_contract::outcome::{FoundBy, Outcome, Violation};
use traverse_contract::schema::SchemaKind;
use traverse_contract::{Contract, Diagnostic, Source, Span};
use traverse_runtime::{Call, Capability, Runtime};

/// What a call ended in: `{outcome, …, stderr, trace}`.
#[derive(Debug)]
pub(crate) struct RunReport {
    call: Call,
    /// The broken clause in the package's spec, where there is a spec.
    place: Option<(Source, Span)>,
}

impl Serialize for RunReport {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut document = self.call.outcome.to_json();
        if let Value::Object(fields) = &mut document {
            let trace = serde_json::to_value(&self.call.trace).map_err(serde::ser::Error::custom)?;
            fields.insert("stderr".into(), String::from_utf8_lossy(&self.call.stderr).into());
            fields.insert("trace".into(), trace);
        }
        document.serialize(serializer)
    }
}

impl Report for RunReport {
    fn render_human(&self, screen: &mut Screen) {
        if !self.call.stderr.is_empty() {
            screen.note(printable(String::from_utf8_lossy(&self.call.stderr).trim_end_matches('\n')));
        }
        screen.line(self.stdout_line());
        match &self.call.outcome {
            Outcome::Result(_) => {}
            Outcome::Exception(exception) => {
                let message = exception.message.as_deref().unwrap_or("the capability raised it");
                let name =
                    screen.paint_err(Style::Warn, format!("exception[{}]", printable(&exception.name)));
                screen.note(format!("{name}: {}", printable(message)));
                if let Some(details) = &exception.details {
                    screen.note(format!("  details: {}", printable(&details.to_string())));
                }
            }
            Outcome::Rejected(rejection) => {
                let place = match rejection.at.as_str() {
                    "" => String::new(),
                    at => format!(" at `{at}`"),
                };
                screen.headline("rejected", &format!("the input{place}: {}", rejection.message));
                screen.note("  = help: `cargo traverse check --schema` shows what the input must be");
            }
            Outcome::Violation(violation) => self.render_violation(violation, screen),
            Outcome::Undeclared(undeclared) => screen.headline("undeclared", &undeclared.message),
        }
    }

    fn exit(&self) -> Exit {
        Exit::of_outcome(&self.call.outcome)
    }
}

impl RunReport {
    /// The guest's own text where it said what the call ended in; else (the host found it) the outcome's document.
    fn stdout_line(&self) -> String {
        let document = self.call.outcome.to_stdout();
        let guest = std::str::from_utf8(&self.call.stdout).unwrap_or_default().trim();
        match serde_json::from_str::<Value>(guest) {
            Ok(value) if value == document && !guest.contains(['\n', '\r']) => terminal_safe(guest),
            _ => terminal_safe(&document.to_string()),
        }
    }

    fn render_violation(&self, violation: &Violation, screen: &mut Screen) {
        match &self.place {
            Some((source, span)) => {
                let diagnostic =
                    Diagnostic::error("violation", violation.message.clone()).at(*span, "does not hold");
                screen.diagnostic(source, &diagnostic);
            }
            None => screen.headline("violation", &violation.message),
        }
        let clause = &violation.clause;
        let kind = serde_json::to_value(clause.kind).unwrap_or_default();
        let kind = kind.as_str().unwrap_or_default().to_owned();
        let id = clause.id.as_ref().map(|id| format!(" `{}`", printable(id))).unwrap_or_default();
        screen.note(format!("  clause:   {kind} {}{id}", clause.index));
        screen.note(format!("  rule:     {}", printable(&clause.rule)));
        for (index, (path, value)) in violation.observed.iter().enumerate() {
            let head = if index == 0 { "observed:" } else { "" };
            screen.note(format!("  {head:<9} {} = {}", printable(path), printable(&value.to_string())));
        }
        screen.note(match violation.found_by {
            FoundBy::Guest => "  found by: guest",
            FoundBy::Host => "  found by: host",
        });
    }
}

/// JSON text with the control characters that JSON admits in strings (U+007F to U+009F, some of which steer terminals)
/// as escapes: the same value.
fn terminal_safe(json: &str) -> String {
    let mut safe = String::with_capacity(json.len());
    for character in json.chars() {
        match character {
            '\u{7f}'..='\u{9f}' => safe.push_str(&format!("\\u{:04x}", u32::from(character))),
            other => safe.push(other),
        }
    }
    safe
}

/// Loads the capability, reads the input, calls it once.
pub(crate) fn execute(args: &RunArgs, context: &Context) -> Result<RunReport, CommandError> {
    let target = Target::locate(args.path.as_deref(), context.manifest_path.as_deref())?;
    let runtime = Runtime::new().map_err(refused)?;
    let capability = match &target {
        Target::Module(path) => runtime.load_module(path),
        Target::Package(project) => runtime.load_package(&project.folder),
    };
    let capability = capability.map_err(refused)?;
    let input = read_input(args, context, &capability)?;
    let call = capability.call(&input).map_err(refused)?;
    let place = match (&call.outcome, &target) {
        (Outcome::Violation(violation), Target::Package(project)) => clause_place(project, violation),
        _ => None,
    };
    Ok(RunReport { call, place })
}

/// What the host refused or stopped, with the exit code that stands for it.
fn refused(error: traverse_runtime::Error) -> CommandError {
    let exit = Exit::of_runtime(&error);
    CommandError::from(error).exit(exit)
}

/// At most one byte more than the capability's limit: enough for the runtime to refuse it, and an endless stream ends.
fn read_input(args: &RunArgs, context: &Context, capability: &Capability) -> Result<Vec<u8>, CommandError> {
    if let Some(text) = &args.input_json {
        return Ok(text.clone().into_bytes());
    }
    let limit = capability.limits().input_bytes.saturating_add(1);
    let mut input = Vec::new();
    if let Some(path) = &args.input {
        let unreadable = |error| {
            CommandError::io("input-unreadable", "read the input", path, &error)
                .help("`--input` names a file with one JSON value; `--input-json` takes the value itself")
        };
        File::open(path).and_then(|file| file.take(limit).read_to_end(&mut input)).map_err(unreadable)?;
        return Ok(input);
    }
    let stdin = std::io::stdin();
    if stdin.is_terminal() {
        context.terminal.status("Waiting", awaited(capability.contract()));
    }
    stdin.lock().take(limit).read_to_end(&mut input).map_err(|error| {
        CommandError::io("input-unreadable", "read the input from", Path::new("stdin"), &error)
    })?;
    Ok(input)
}

/// What a person at a terminal is to type.
fn awaited(contract: &Contract) -> String {
    let schemas = &contract.schemas;
    let names = match &schemas.resolve(&schemas.input).kind {
        SchemaKind::Object(object) => {
            object.properties.iter().map(|p| format!("`{}`", p.name)).collect::<Vec<_>>().join(", ")
        }
        _ => String::new(),
    };
    let of = if names.is_empty() { String::new() } else { format!(" with {names}") };
    format!("for one JSON object{of} on stdin; end it with Ctrl-D, or use --input or --input-json")
}

/// Where the clause stands in the package's spec. Nothing, if the spec cannot be read again: the outcome says enough.
fn clause_place(project: &Project, violation: &Violation) -> Option<(Source, Span)> {
    let manifest = project.manifest().ok()?;
    let source = project.read(&manifest.capability_ref.contract_path.value).ok()?;
    let contract = Contract::from_toml(&source).ok()?;
    let clause = contract.clauses.iter().find(|clause| {
        serde_json::to_value(violation.clause.kind).is_ok_and(|kind| kind == clause.source.kind.as_str())
            && clause.source.index == violation.clause.index
            && clause.source.rule.value == violation.clause.rule
    })?;
    Some((source, clause.source.rule.span))
}
