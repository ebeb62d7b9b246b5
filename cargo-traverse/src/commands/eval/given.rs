//! What an expression is tried on: the documents, and the types that they have by the spec or by themselves.

use crate::args::EvalArgs;
use crate::commands::Context;
use crate::error::CommandError;
use crate::project::Project;
use serde::Serialize;
use serde_json::{Map, Value};
use std::io::Read;
use std::path::Path;
use traverse_contract::lang::check::Names;
use traverse_contract::lang::eval::Scope;
use traverse_contract::outcome::Rejection;
use traverse_contract::package::{MANIFEST_FILE, SPEC_FILE};
use traverse_contract::schema::derive::derive;
use traverse_contract::schema::validate::validate;
use traverse_contract::schema::{Schema, Schemas};
use traverse_contract::{Contract, json};
use traverse_runtime::file::{MAX_FILE_BYTES, read_regular};

/// Where types come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum TypesFrom {
    /// The spec of the package.
    Spec,
    /// The documents themselves.
    Documents,
}

/// How to mend it that there is no input.
pub(super) const NO_INPUT: &str = "give the input with `--input-json JSON`, `--input FILE` or `--input -`";

/// The documents and their types.
#[derive(Debug)]
pub(super) struct Given {
    pub(super) schemas: Schemas,
    pub(super) types_from: TypesFrom,
    /// `None` where none was given.
    pub(super) input: Option<Value>,
    output: Option<Value>,
}

impl Given {
    /// Reads documents and spec, and holds the ones against the other.
    pub(super) fn read(args: &EvalArgs, context: &Context) -> Result<Given, CommandError> {
        if args.no_spec && context.manifest_path.is_some() {
            return Err(CommandError::usage("`--no-spec` and `--manifest-path` contradict each other")
                .help("give one of the two"));
        }
        let contract = if args.no_spec { None } else { contract(context.manifest_path.as_deref())? };
        let input = match (&args.input_json, &args.input) {
            (Some(text), _) => Some(document("input", text.as_bytes())?),
            (None, Some(path)) => Some(document("input", &bytes_of(path)?)?),
            (None, None) => None,
        };
        let output = match &args.output_json {
            Some(text) => Some(document("result", text.as_bytes())?),
            None => None,
        };
        let (schemas, types_from) = match contract {
            Some(contract) => {
                let schemas = contract.schemas;
                for (what, schema, value) in
                    [("input", &schemas.input, &input), ("result", &schemas.output, &output)]
                {
                    if let Some(value) = value {
                        validate(&schemas, schema, value).map_err(|rejection| {
                            rejected(what, &rejection)
                                .help("`cargo traverse check --schema` shows what it must be; `--no-spec` takes the types from the documents")
                        })?;
                    }
                }
                (schemas, TypesFrom::Spec)
            }
            None => (derived(input.as_ref(), output.as_ref())?, TypesFrom::Documents),
        };
        Ok(Given { schemas, types_from, input, output })
    }

    /// The result is known where it was given.
    pub(super) fn names(&self) -> Names {
        if self.output.is_some() { Names::After } else { Names::Precondition }
    }

    pub(super) fn scope(&self) -> Scope<'_> {
        // Where no input was given, the expression was found not to read it.
        let input = self.input.as_ref().unwrap_or(&Value::Null);
        Scope {
            input: input.into(),
            output: self.output.as_ref().map(Into::into),
            types: &self.schemas.types,
        }
    }

    /// What an error about names and types means here, where no clause is checked.
    pub(super) fn explained(&self, mut error: CommandError) -> CommandError {
        for (_, diagnostic) in &mut error.diagnostics {
            if diagnostic.code == "lang-result-in-precondition" {
                diagnostic.message = "no result is given".into();
                diagnostic.note = None;
                diagnostic.help = Some("give it with `--output-json JSON`".into());
            }
        }
        match (self.types_from, &self.input) {
            (TypesFrom::Spec, _) => error,
            (TypesFrom::Documents, Some(_)) => {
                error.note("the types are those of the documents: no spec says more")
            }
            // What does not ask for the input is not mended by giving it.
            (TypesFrom::Documents, None)
                if error.diagnostics.iter().all(|(_, found)| found.code != "lang-unknown-field") =>
            {
                error
            }
            (TypesFrom::Documents, None) => {
                error.note("no input is given, and no spec says what it would be").help(NO_INPUT)
            }
        }
    }
}

/// The contract of the package; `None` outside of one.
fn contract(manifest_path: Option<&Path>) -> Result<Option<Contract>, CommandError> {
    let project = Project::locate(manifest_path)?;
    let named = project
        .path(MANIFEST_FILE)
        .is_file()
        .then(|| project.manifest().ok())
        .flatten()
        .map(|manifest| manifest.capability_ref.contract_path.value);
    let path = named.unwrap_or_else(|| SPEC_FILE.to_owned());
    if manifest_path.is_none() && !project.path(&path).is_file() {
        return Ok(None);
    }
    let source = project.read(&path)?;
    Contract::from_toml(&source).map(Some).map_err(|diagnostics| {
        CommandError::new("spec-invalid", format!("`{}` is not a valid contract", source.name))
            .diagnostics(&source, diagnostics)
            .help("mend the spec, or try the expression without it: `--no-spec`")
    })
}

fn bytes_of(path: &Path) -> Result<Vec<u8>, CommandError> {
    let read = if path == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin().lock().take(MAX_FILE_BYTES).read_to_end(&mut bytes).map(|_| bytes)
    } else {
        read_regular(path, MAX_FILE_BYTES)
    };
    read.map_err(|error| {
        CommandError::io("input-unreadable", "read the input", path, &error)
            .help("`--input` names a file with one JSON value, or `-` for stdin; `--input-json` takes the value itself")
    })
}

fn document(what: &str, bytes: &[u8]) -> Result<Value, CommandError> {
    json::parse(bytes).map_err(|rejection| rejected(what, &rejection))
}

/// A document that is no JSON, or does not fit.
fn rejected(what: &str, rejection: &Rejection) -> CommandError {
    let place = if rejection.at.is_empty() { String::new() } else { format!(" at `{}`", rejection.at) };
    CommandError::new("rejected", format!("the {what}{place}: {}", rejection.message))
}

/// The types that documents tell of themselves; without an input it is an object without properties.
fn derived(input: Option<&Value>, output: Option<&Value>) -> Result<Schemas, CommandError> {
    let schema = |what: &str, value: Option<&Value>| -> Result<Schema, CommandError> {
        derive(value.unwrap_or(&Value::Object(Map::new()))).map_err(|rejection| {
            rejected(what, &rejection)
                .help("the elements of a list are of one type, or a spec says what they are")
        })
    };
    Ok(Schemas {
        input: schema("input", input)?,
        output: schema("result", output)?,
        types: Vec::new(),
        input_inferred: true,
        output_inferred: true,
    })
}
