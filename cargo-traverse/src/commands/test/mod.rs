//! `cargo traverse test`: the contract tests the code (specs/testing.md).
//!
//! [`select`] says which packages, [`package`] tests one of them, [`report`] is what came of it and [`human`] how it is read; [`costs`], [`junit`],
//! [`html`] and [`github`] write it elsewhere, [`watch`] does it all again when a file changes.

mod costs;
mod github;
mod html;
mod human;
mod junit;
mod package;
mod report;
mod select;
mod watch;

use crate::args::TestArgs;
use crate::commands::Context;
use crate::error::CommandError;
use crate::project::Project;
use package::Scope;
use report::{PackageReport, TestReport};
use std::num::NonZero;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Tests what the arguments select, and writes the reports that they ask for.
///
/// # Errors
/// Those of one package, where one is tested; `report-unwritable`.
pub(crate) fn execute(args: &TestArgs, context: &Context) -> Result<TestReport, CommandError> {
    if args.watch {
        return watch::watch(args, context);
    }
    let projects = select::projects(args, context)?;
    check_folders(args)?;
    let mut report = match test_all(&projects, args, context, Scope::Everything) {
        Ok(report) => report,
        Err(error) => {
            // Whoever reads the files is not to find those of an earlier run.
            let packages = projects.iter().map(|project| PackageReport::failed(project, &error)).collect();
            write_reports(&mut TestReport { packages, many: false, unwritten: false }, args, context);
            return Err(error);
        }
    };
    write_reports(&mut report, args, context);
    Ok(report)
}

/// Tests the packages: one as it is, several beside each other, each then with what kept it from being tested.
fn test_all(
    projects: &[Project],
    args: &TestArgs,
    context: &Context,
    scope: Scope,
) -> Result<TestReport, CommandError> {
    if let ([project], false) = (projects, args.selects_many()) {
        let package = package::test(project, args, context, scope)?;
        return Ok(TestReport { packages: vec![package], many: false, unwritten: false });
    }
    // Cargo builds one package at a time in a folder; what is built is tested while the next one compiles.
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, PackageReport)>> = Mutex::new(Vec::new());
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get).min(projects.len());
    let work = || {
        while let Some((at, project)) = {
            let at = next.fetch_add(1, Ordering::Relaxed);
            projects.get(at).map(|project| (at, project))
        } {
            let report = package::test(project, args, context, scope)
                .unwrap_or_else(|error| PackageReport::failed(project, &error));
            done.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((at, report));
        }
    };
    std::thread::scope(|threads_of| {
        (0..threads).for_each(|_| {
            threads_of.spawn(work);
        });
    });
    let mut done = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    done.sort_by_key(|(at, _)| *at);
    Ok(TestReport {
        packages: done.into_iter().map(|(_, report)| report).collect(),
        many: true,
        unwritten: false,
    })
}

/// A report that has no place is told before minutes of work.
fn check_folders(args: &TestArgs) -> Result<(), CommandError> {
    for path in [&args.junit, &args.html].into_iter().flatten() {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        if folder.is_some_and(|folder| !folder.is_dir()) {
            return Err(CommandError::new(
                "report-unwritable",
                format!("there is no folder for `{}`", path.display()),
            ));
        }
    }
    Ok(())
}

/// Writes the reports. One that cannot be written is told, and takes nothing from the others.
fn write_reports(report: &mut TestReport, args: &TestArgs, context: &Context) {
    let write = |path: &Option<PathBuf>, document: fn(&TestReport) -> String| {
        let Some(path) = path else { return true };
        match crate::write::write_named(path, document(report).as_bytes()) {
            Ok(()) => true,
            Err(error) => {
                let error = CommandError::io("report-unwritable", "write", path, &error);
                context.terminal.raw(crate::report::told(&error).trim_end());
                false
            }
        }
    };
    let written = [write(&args.junit, junit::document), write(&args.html, html::document)];
    report.unwritten = written.contains(&false);
    if std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true") {
        github::annotate(report, &context.terminal);
    }
}
