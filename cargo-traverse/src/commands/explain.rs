//! `cargo traverse explain`: the contract for a reader who knows no code (spec `CLI-90` to `CLI-95`).

use crate::args::{ExplainArgs, ExplainFormat};
use crate::commands::Context;
use crate::commands::inspect::read_contract;
use crate::error::CommandError;
use crate::project::Target;
use crate::reader::document::ContractDocument;
use crate::reader::{html, markdown};
use crate::report::{Report, Screen, Style, grouped};
use crate::spec_file::SpecFile;
use crate::write;
use serde::{Serialize, Serializer};
use std::path::{Path, PathBuf};
use traverse_contract::Contract;
use traverse_contract::package::CONTRACT_SECTION;
use traverse_runtime::Error;
use traverse_runtime::module;

/// The document, or, where it went into a file, `{file, format, bytes}`.
#[derive(Debug)]
pub(crate) struct ExplainReport {
    document: ContractDocument,
    format: ExplainFormat,
    written: Option<(PathBuf, usize)>,
}

impl ExplainReport {
    fn page(&self) -> String {
        match self.format {
            ExplainFormat::Markdown => markdown::render(&self.document),
            ExplainFormat::Html => html::render(&self.document),
            // Text alone: it always serializes.
            ExplainFormat::Json => serde_json::to_string_pretty(&self.document).unwrap_or_default() + "\n",
        }
    }
}

impl Serialize for ExplainReport {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Written<'a> {
            file: &'a Path,
            format: ExplainFormat,
            bytes: usize,
        }
        match &self.written {
            None => self.document.serialize(serializer),
            Some((file, bytes)) => Written { file, format: self.format, bytes: *bytes }.serialize(serializer),
        }
    }
}

impl Report for ExplainReport {
    fn render_human(&self, screen: &mut Screen) {
        match &self.written {
            None => screen.out.push_str(&self.page()),
            Some((file, bytes)) => {
                let verb = screen.paint(Style::Good, "Wrote");
                screen.line(format!("{verb} {} ({} bytes)", file.display(), grouped(*bytes as u64)));
            }
        }
    }
}

/// Reads the contract and says what it says. Nothing is run.
pub(crate) fn execute(args: &ExplainArgs, context: &Context) -> Result<ExplainReport, CommandError> {
    let contract = contract(args.path.as_deref(), context.manifest_path.as_deref())?;
    let mut report =
        ExplainReport { document: ContractDocument::of(&contract), format: args.format, written: None };
    if let Some(file) = &args.out {
        let page = report.page();
        write::write_named(file, page.as_bytes())
            .map_err(|error| CommandError::io("explain-failed", "write", file, &error))?;
        report.written = Some((file.clone(), page.len()));
    }
    Ok(report)
}

/// The contract that a module carries, or that a spec holds.
fn contract(path: Option<&Path>, manifest_path: Option<&Path>) -> Result<Contract, CommandError> {
    let is_module = path.is_some_and(|path| path.extension().is_some_and(|extension| extension == "wasm"));
    if is_module && let Target::Module(path) = Target::locate(path, manifest_path)? {
        let facts = module::inspect_file(&path)?;
        let section = CONTRACT_SECTION;
        let missing = || Error::ContractMissing { path: Some(path.clone()), section };
        let json = facts.contract_json.ok_or_else(missing)?;
        return read_contract(&json, &path);
    }
    SpecFile::locate(path, manifest_path)?.contract()
}
