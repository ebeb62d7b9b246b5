//! `cargo traverse run`: one call. The result on stdout, everything else on stderr (spec `CLI-10` to `CLI-16`).

use crate::args::RunArgs;
use crate::breach::Explainer;
use crate::commands::Context;
use crate::commands::inspect::artifact_of;
use crate::engine;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::guest::lines;
use crate::project::Target;
use crate::report::{Report, Screen, Style, printable};
use serde::ser::{Serialize, Serializer};
use serde_json::Value;
use std::fs::File;
use std::io::{IsTerminal, Read};
use std::path::Path;
use traverse_contract::Contract;
use traverse_contract::diagnostic::is_hidden;
use traverse_contract::outcome::Outcome;
use traverse_contract::schema::SchemaKind;
use traverse_runtime::{Call, Capability, Error};

/// What a call ended in: `{outcome, …, stderr, trace}`.
#[derive(Debug)]
pub(crate) struct RunReport {
    call: Call,
    /// What a broken contract is explained by.
    explainer: Explainer,
    /// As it was given.
    input: Vec<u8>,
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
            broken @ (Outcome::Violation(_) | Outcome::Undeclared(_)) => {
                self.explainer.render(broken, &self.input, screen);
            }
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
}

/// JSON text with the control characters that JSON admits in strings (U+007F to U+009F, some of which steer terminals),
/// and those that turn the direction of what follows, as escapes: the same value.
fn terminal_safe(json: &str) -> String {
    let mut safe = String::with_capacity(json.len());
    for character in json.chars() {
        match character {
            hidden if hidden >= '\u{7f}' && is_hidden(hidden) => {
                safe.push_str(&format!("\\u{:04x}", u32::from(character)))
            }
            other => safe.push(other),
        }
    }
    safe
}

/// Loads the capability, reads the input, calls it once.
pub(crate) fn execute(args: &RunArgs, context: &Context) -> Result<RunReport, CommandError> {
    let target = Target::locate(args.path.as_deref(), context.manifest_path.as_deref())?;
    let mut builder = engine::builder();
    if let Some(fuel) = args.fuel {
        builder = builder.max_fuel(fuel);
    }
    if let Some(bytes) = args.memory_bytes {
        builder = builder.max_memory_bytes(bytes);
    }
    if let Some(bytes) = args.output_bytes {
        builder = builder.max_output_bytes(bytes);
    }
    let runtime = builder.build().map_err(refused)?;
    let capability = match (&target, &args.spec) {
        (Target::Module(path), Some(spec)) => runtime.load_module_under(path, spec),
        (Target::Package(_), Some(_)) => {
            return Err(CommandError::usage("`--spec` goes with a `.wasm` file; a package has its own")
                .help("give the module's path, or the package's folder alone"));
        }
        (Target::Module(path), None) => runtime.load_module(path),
        (Target::Package(project), None) => {
            project.require_manifest()?;
            runtime.load_package(&project.folder)
        }
    };
    let capability = capability.map_err(refused)?;
    if let Target::Package(project) = &target
        && let Some(newer) = project.newer_than_artifact()
    {
        context.terminal.note(format!(
            "`{}` is newer than the artifact; `cargo traverse build` takes it in",
            newer.display()
        ));
    }
    let input = read_input(args, context, &capability)?;
    let call = capability.call(&input).map_err(|error| {
        let says_line =
            matches!(&error, Error::Trap { message: Some(message), .. } if message.contains("panicked at"));
        let module = match &target {
            Target::Module(path) => Some(path.clone()),
            Target::Package(project) => artifact_of(project).ok(),
        };
        let places = module.map(|path| lines::places(&path, error.frames(), says_line)).unwrap_or_default();
        places.into_iter().fold(stopped(error, &capability), CommandError::note)
    })?;
    let explainer = match &target {
        Target::Module(_) => Explainer::of_module(capability.contract()),
        Target::Package(project) => Explainer::of_package(project, capability.contract()),
    };
    Ok(RunReport { call, explainer, input })
}

/// What the host refused or stopped, with the exit code that stands for it.
fn refused(error: traverse_runtime::Error) -> CommandError {
    let exit = Exit::of_runtime(&error);
    CommandError::from(error).exit(exit)
}

/// What the host stopped; where its own limit did, and not the contract's, which option sets it.
fn stopped(error: traverse_runtime::Error, capability: &Capability) -> CommandError {
    let (asked, given) = (&capability.contract().spec.limits, capability.limits());
    let capped = match error.code() {
        "fuel-exhausted" => Some(("fuel", "--fuel", asked.fuel, given.fuel)),
        "memory-exceeded" => Some(("memory_bytes", "--memory-bytes", asked.memory_bytes, given.memory_bytes)),
        "output-too-large" => {
            Some(("output_bytes", "--output-bytes", asked.output_bytes, given.output_bytes))
        }
        _ => None,
    };
    let error = refused(error);
    match capped {
        Some((key, option, Some(asked), given)) if asked > given => error.note(format!(
            "the contract asks for `{key} = {asked}`, and this call had {given}: `{option} N` allows more or less"
        )),
        _ => error,
    }
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
