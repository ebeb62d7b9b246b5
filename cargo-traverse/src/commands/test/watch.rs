//! Tests again whenever a file changes (spec TEST-51). Files are looked at a few times a second: a package has few, and this
//! works on every file system.

use super::package::Scope;
use super::report::TestReport;
use super::{select, test_all, write_reports};
use crate::args::TestArgs;
use crate::cases::FOLDER;
use crate::commands::Context;
use crate::error::CommandError;
use crate::project::Project;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// How often files are looked at.
const PERIOD: Duration = Duration::from_millis(120);

/// What the command itself writes, or what belongs to others.
const LEFT_OUT: [&str; 4] = ["target", "artifacts", "node_modules", "traverse.package.toml"];

/// A file's length and when it was last written.
type Seen = BTreeMap<PathBuf, (u64, SystemTime)>;

/// Tests, and tests again, until the user ends the command.
///
/// # Errors
/// Where the packages cannot be found.
pub(super) fn watch(args: &TestArgs, context: &Context) -> Result<TestReport, CommandError> {
    let projects = select::projects(args, context)?;
    let mut scope = Scope::Everything;
    let mut which: Vec<Project> = projects.clone();
    let reports = [&args.junit, &args.html].into_iter().flatten();
    let costs = projects.iter().map(|project| project.path(super::costs::FILE));
    let written: Vec<PathBuf> = reports.cloned().chain(costs).map(|path| real(&path)).collect();
    loop {
        let look = |projects: &[Project]| {
            let mut seen = look(projects);
            seen.retain(|path, _| !written.contains(&real(path)));
            seen
        };
        let before = look(&projects);
        context.terminal.finish(test_all(&which, args, context, scope).map(|mut report| {
            write_reports(&mut report, args, context);
            report
        }));
        context.terminal.status("Watching", "for changes; end with Ctrl-C");
        // Regressions that the test itself has kept are no change.
        let mut seen = look(&projects);
        keep_own(&before, &mut seen);
        let changed = wait_for_change(&projects, seen, &look);
        which = projects
            .iter()
            .filter(|project| changed.iter().any(|path| path.starts_with(plain(&project.folder))))
            .cloned()
            .collect();
        let only_cases = changed.iter().all(|path| {
            let is_case = path.extension().is_some_and(|end| end == "json");
            is_case && projects.iter().any(|project| path.starts_with(plain(&project.folder).join(FOLDER)))
        });
        scope = if only_cases { Scope::Cases } else { Scope::Everything };
    }
}

/// What was changed while the test ran and not by it is still to be seen as a change.
fn keep_own(before: &Seen, after: &mut Seen) {
    for (path, now) in after.iter_mut() {
        let is_regression = path.components().any(|part| part.as_os_str() == crate::cases::REGRESSIONS);
        if !is_regression && let Some(old) = before.get(path) {
            *now = *old;
        }
    }
}

/// The files that changed, once nothing more has for a moment.
fn wait_for_change(projects: &[Project], mut seen: Seen, look: &dyn Fn(&[Project]) -> Seen) -> Vec<PathBuf> {
    let mut changed: Vec<PathBuf> = Vec::new();
    loop {
        let now = look(projects);
        let mut fresh: Vec<PathBuf> = now
            .iter()
            .filter(|(path, state)| seen.get(*path) != Some(state))
            .map(|(path, _)| path.clone())
            .collect();
        fresh.extend(seen.keys().filter(|path| !now.contains_key(*path)).cloned());
        if fresh.is_empty() && !changed.is_empty() {
            return changed;
        }
        changed.extend(fresh);
        seen = now;
        std::thread::sleep(PERIOD);
    }
}

fn look(projects: &[Project]) -> Seen {
    let mut seen = Seen::new();
    projects.iter().for_each(|project| look_into(&project.folder, 12, &mut seen));
    seen
}

fn look_into(folder: &Path, depth: usize, seen: &mut Seen) {
    // A folder that goes while it is looked at is seen as gone the next time.
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with('.') || LEFT_OUT.contains(&name.as_ref()) {
            continue;
        }
        let Ok(metadata) = entry.metadata() else { continue };
        if metadata.is_dir() {
            if depth > 0 {
                look_into(&entry.path(), depth - 1, seen);
            }
        } else if let Ok(written) = metadata.modified() {
            seen.insert(plain(&entry.path()).to_owned(), (metadata.len(), written));
        }
    }
}

/// `./cases` is `cases`, and the current folder is the beginning of every path.
fn plain(path: &Path) -> &Path {
    path.strip_prefix(".").unwrap_or(path)
}

/// One spelling for a file that may not be there yet.
fn real(path: &Path) -> PathBuf {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    folder.join(path.file_name().unwrap_or_default())
}
