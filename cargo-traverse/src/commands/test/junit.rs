//! A report as JUnit XML (spec TEST-62).

use super::report::{PackageReport, Status, TestReport, difference};
use std::fmt::Write;

/// The whole document: a suite for each package, a test for each case, one for the drawn inputs and for each fault.
pub(super) fn document(report: &TestReport) -> String {
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let (tests, failures, errors) = report.packages.iter().fold((0, 0, 0), |sum, package| {
        let (tests, failures, errors) = counts(package);
        (sum.0 + tests, sum.1 + failures, sum.2 + errors)
    });
    // Writing to a string does not fail.
    let _ = writeln!(
        text,
        "<testsuites name=\"cargo traverse test\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\">"
    );
    for package in &report.packages {
        suite(package, &mut text);
    }
    text.push_str("</testsuites>\n");
    text
}

fn counts(package: &PackageReport) -> (usize, usize, usize) {
    let drawn = usize::from(package.generated.is_some());
    let errors = usize::from(package.error.is_some());
    let gate = usize::from(package.uncovered);
    let known = usize::from(package.generated.as_ref().is_some_and(|generated| generated.known > 0));
    let faults = package.faults().len() + known;
    let none_drawn_well = if faults > 0 { faults } else { drawn };
    (package.cases.len() + none_drawn_well + errors + gate, package.failed + faults + gate, errors)
}

fn suite(package: &PackageReport, text: &mut String) {
    let (tests, failures, errors) = counts(package);
    let id = escaped(&package.id);
    let _ = writeln!(
        text,
        "  <testsuite name=\"{id}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\">"
    );
    for case in &package.cases {
        let name = escaped(&case.name);
        let file = escaped(&case.file);
        let head = format!(
            "    <testcase classname=\"{id}\" name=\"{name}\" file=\"{file}\" line=\"{}\"",
            case.line
        );
        if case.status == Status::Passed {
            let _ = writeln!(text, "{head}/>");
            continue;
        }
        let message = case.fault.as_ref().map_or("another outcome than expected", |fault| &fault.message);
        let _ = writeln!(
            text,
            "{head}>\n      <failure message=\"{}\">{}</failure>\n    </testcase>",
            escaped(message),
            escaped(&difference(case))
        );
    }
    if let Some(generated) = &package.generated {
        for fault in &generated.faults {
            let kind = serde_json::to_value(fault.kind).unwrap_or_default();
            let what =
                format!("input: {}\nseed: {}\n{}", fault.input, generated.seed, fault.notes.join("\n"));
            let _ = writeln!(
                text,
                "    <testcase classname=\"{id}\" name=\"drawn inputs: {}\">\n      <failure message=\"{}\">{}</failure>\n    </testcase>",
                escaped(kind.as_str().unwrap_or_default()),
                escaped(&fault.message),
                escaped(&what)
            );
        }
        if generated.known > 0 {
            let _ = writeln!(
                text,
                "    <testcase classname=\"{id}\" name=\"drawn inputs: known faults\">\n      <failure message=\"{} inputs show a fault that a case shows\"/>\n    </testcase>",
                generated.known
            );
        } else if generated.faults.is_empty() {
            let name = format!("drawn inputs: {} with seed {}", generated.inputs, generated.seed);
            let _ = writeln!(
                text,
                "    <testcase classname=\"{id}\" name=\"{}\" time=\"{}\"/>",
                escaped(&name),
                generated.seconds
            );
        }
    }
    if package.uncovered {
        let _ = writeln!(
            text,
            "    <testcase classname=\"{id}\" name=\"clause coverage\">\n      <failure message=\"not every clause was exercised\"/>\n    </testcase>"
        );
    }
    if let Some(error) = &package.error {
        let _ = writeln!(
            text,
            "    <testcase classname=\"{id}\" name=\"build\">\n      <error type=\"{}\" message=\"{}\">{}</error>\n    </testcase>",
            escaped(error.code),
            escaped(&error.message),
            escaped(&error.told)
        );
    }
    text.push_str("  </testsuite>\n");
}

/// Text for XML, in an element or an attribute; what XML cannot hold is replaced.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for at in text.chars() {
        match at {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\n' => safe.push_str("&#10;"),
            '\t' => safe.push('\t'),
            '\u{0}'..='\u{1f}' | '\u{7f}' | '\u{fffe}' | '\u{ffff}' => safe.push('\u{fffd}'),
            other => safe.push(other),
        }
    }
    safe
}
