//! `cargo traverse test`: the contract tests the code (specs/testing.md).
//!
//! [`select`] says which packages, [`package`] tests one of them, [`report`] is what came of it; [`costs`], [`junit`],
//! [`html`] and [`github`] write it elsewhere, [`watch`] does it all again when a file changes.

mod costs;
mod github;
mod html;
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
    let report = test_all(&projects, args, context, Scope::Everything)?;
    write_reports(&report, args, context)?;
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
        return Ok(TestReport { packages: vec![package], many: false });
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
    Ok(TestReport { packages: done.into_iter().map(|(_, report)| report).collect(), many: true })
}

fn write_reports(report: &TestReport, args: &TestArgs, context: &Context) -> Result<(), CommandError> {
    let write = |path: &std::path::Path, text: String| {
        crate::write::write_beside(path, text.as_bytes())
            .map_err(|error| CommandError::io("report-unwritable", "write", path, &error))
    };
    if let Some(path) = &args.junit {
        write(path, junit::document(report))?;
    }
    if let Some(path) = &args.html {
        write(path, html::document(report))?;
    }
    if std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true") {
        github::annotate(report, &context.terminal);
    }
    Ok(())
}
