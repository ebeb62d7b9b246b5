//! Annotations for GitHub's runner: lines on stderr, which it shows at the place in the change (spec TEST-64).

use super::report::{PackageReport, Status, TestReport, difference};
use crate::report::{Terminal, printable};
use std::path::Path;
use traverse_contract::package::SPEC_FILE;

/// One line for each failed case and each fault.
pub(super) fn annotate(report: &TestReport, terminal: &Terminal) {
    for package in &report.packages {
        for case in package.cases.iter().filter(|case| case.status == Status::Failed) {
            let message = match &case.fault {
                Some(fault) => fault.message.clone(),
                None => difference(case),
            };
            let place = format!("file={},line={}", property(&in_package(package, &case.file)), case.line);
            terminal.raw(&format!(
                "::error {place},title={}::{}",
                property(&format!("case {} failed", case.name)),
                data(&message)
            ));
        }
        for fault in package.faults() {
            let file = fault.kept.as_deref().unwrap_or(SPEC_FILE);
            terminal.raw(&format!(
                "::error file={},title={}::{}",
                property(&in_package(package, file)),
                property(&format!("{}: code and contract part", package.id)),
                data(&format!("{}\ninput: {}", fault.message, fault.input))
            ));
        }
        if let Some(error) = &package.error {
            terminal.raw(&format!("::error title={}::{}", property(&package.id), data(&error.told)));
        }
        for rise in package.cases.iter().flat_map(|case| &case.rises) {
            terminal.raw(&format!(
                "::warning title={}::{}",
                property(&package.id),
                data(&format!("{} takes {} {}, and took {}", rise.case, rise.to, rise.what, rise.from))
            ));
        }
    }
}

/// A file of a package by its path from the repository's root, which is where the runner looks.
fn in_package(package: &PackageReport, file: &str) -> String {
    let path = Path::new(&package.folder).join(file);
    let path = std::path::absolute(&path).unwrap_or(path);
    let root = std::env::var_os("GITHUB_WORKSPACE").unwrap_or_default();
    let short = path.strip_prefix(&root).map(Path::to_owned).unwrap_or(path);
    short.display().to_string()
}

fn data(text: &str) -> String {
    printable(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
