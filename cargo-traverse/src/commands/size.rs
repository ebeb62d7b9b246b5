//! `cargo traverse size`: where two modules differ in size (spec `CLI-110` and `CLI-111`).

use crate::args::SizeArgs;
use crate::commands::Context;
use crate::commands::inspect::{artifact_of, read_module};
use crate::error::CommandError;
use crate::project::Target;
use crate::report::{Report, Screen, Style, grouped, printable_line};
use crate::sizes::{Part, Sizes};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// `{old, new, difference, sections, crates, functions}`
#[derive(Debug, Serialize)]
pub(crate) struct SizeReport {
    old: Module,
    new: Module,
    difference: i64,
    sections: Vec<Change>,
    crates: Option<Vec<Change>>,
    functions: Option<Vec<Change>>,
}

/// `{file, digest, bytes}`
#[derive(Debug, Serialize)]
struct Module {
    file: String,
    digest: String,
    bytes: u64,
}

/// `{name, old, new, difference}`; what is not in one of the two has no bytes there.
#[derive(Debug, Serialize)]
struct Change {
    name: String,
    old: u64,
    new: u64,
    difference: i64,
}

/// So many functions are shown to a person.
const FUNCTIONS_SHOWN: usize = 20;

impl Report for SizeReport {
    fn render_human(&self, screen: &mut Screen) {
        for (name, module) in [("old", &self.old), ("new", &self.new)] {
            let file = printable_line(&module.file);
            screen.line(format!("{name} {file}: {} bytes, {}", grouped(module.bytes), module.digest));
        }
        let total = Change::of("all".to_owned(), self.old.bytes, self.new.bytes);
        render(screen, "sections", self.sections.iter().chain([&total]), usize::MAX);
        if let Some(crates) = &self.crates {
            render(screen, "code by crate", crates.iter(), usize::MAX);
        }
        match &self.functions {
            Some(functions) if functions.is_empty() => {}
            Some(functions) => render(screen, "functions", functions.iter(), FUNCTIONS_SHOWN),
            None => screen.note(
                "note: crates and functions are not known: a module says them if it was built here or with \
                 `cargo traverse build --debug`",
            ),
        }
    }
}

fn render<'a>(screen: &mut Screen, head: &str, changes: impl Iterator<Item = &'a Change>, most: usize) {
    screen.line(screen.paint(Style::Strong, format!("{:>9} {:>9} {:>9}  {head}", "old", "new", "change")));
    for (index, change) in changes.enumerate() {
        if index == most {
            screen.line("                               …");
            return;
        }
        let sign = if change.difference < 0 { "-" } else { "+" };
        let difference = match change.difference {
            0 => "0".to_owned(),
            other => format!("{sign}{}", grouped(other.unsigned_abs())),
        };
        let name = printable_line(&change.name);
        screen.line(format!("{:>9} {:>9} {difference:>9}  {name}", grouped(change.old), grouped(change.new)));
    }
}

impl Change {
    fn of(name: String, old: u64, new: u64) -> Change {
        Change { name, old, new, difference: new as i64 - old as i64 }
    }
}

/// Compares two modules. Nothing is run.
///
/// # Errors
///
/// Those of `inspect`.
pub(crate) fn execute(args: &SizeArgs, context: &Context) -> Result<SizeReport, CommandError> {
    let old = locate(Some(&args.old), None)?;
    let new = locate(args.new.as_deref(), context.manifest_path.as_deref())?;
    let ((old_facts, old_sizes), (new_facts, new_sizes)) = (read_module(&old)?, read_module(&new)?);
    let both = |of: fn(&Sizes) -> Option<BTreeMap<String, u64>>| {
        Some((of(&old_sizes)?, of(&new_sizes)?)).map(|(old, new)| changes(&old, &new))
    };
    let crates = both(|sizes| sizes.crates.as_deref().map(by_name));
    let mut functions = both(|sizes| sizes.functions.clone());
    if let Some(functions) = &mut functions {
        functions.retain(|change| change.difference != 0);
        functions.sort_by_key(|change| std::cmp::Reverse(change.difference.unsigned_abs()));
    }
    Ok(SizeReport {
        difference: new_facts.bytes as i64 - old_facts.bytes as i64,
        sections: sections(&old_sizes.sections, &new_sizes.sections),
        crates,
        functions,
        old: Module { file: old.display().to_string(), digest: old_facts.digest, bytes: old_facts.bytes },
        new: Module { file: new.display().to_string(), digest: new_facts.digest, bytes: new_facts.bytes },
    })
}

fn locate(path: Option<&Path>, manifest_path: Option<&Path>) -> Result<PathBuf, CommandError> {
    match Target::locate(path, manifest_path)? {
        Target::Module(path) => Ok(path),
        Target::Package(project) => artifact_of(&project),
    }
}

fn by_name(parts: &[Part]) -> BTreeMap<String, u64> {
    parts.iter().map(|part| (part.name.clone(), part.bytes)).collect()
}

/// In the order of the new module's sections, then what only the old one has.
fn sections(old: &[Part], new: &[Part]) -> Vec<Change> {
    let (old_bytes, new_bytes) = (by_name(old), by_name(new));
    let gone = old.iter().filter(|part| !new_bytes.contains_key(&part.name));
    let bytes = |of: &BTreeMap<String, u64>, name: &str| of.get(name).copied().unwrap_or(0);
    new.iter()
        .chain(gone)
        .map(|part| {
            Change::of(part.name.clone(), bytes(&old_bytes, &part.name), bytes(&new_bytes, &part.name))
        })
        .collect()
}

/// The largest first.
fn changes(old: &BTreeMap<String, u64>, new: &BTreeMap<String, u64>) -> Vec<Change> {
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let bytes = |of: &BTreeMap<String, u64>, name: &str| of.get(name).copied().unwrap_or(0);
    let mut list: Vec<Change> =
        names.into_iter().map(|name| Change::of(name.clone(), bytes(old, name), bytes(new, name))).collect();
    list.sort_by_key(|change| std::cmp::Reverse(change.new.max(change.old)));
    list
}
