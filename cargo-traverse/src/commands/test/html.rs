//! A report as one page that stands alone, for a reviewer's browser: no script, nothing fetched (spec TEST-63).

use super::report::{PackageReport, Status, TestReport, counted, difference, lack, times};
use crate::reader::html::{STYLE, escaped};
use crate::report::grouped;
use std::fmt::Write;
use traverse_contract::outcome::ViolationKind;

const OWN_STYLE: &str = "\
.good { color: #1a7f37; } .bad { color: #c62828; } .weak { color: #9a6700; }
@media (prefers-color-scheme: dark) { .good { color: #56d364; } .bad { color: #ff7b72; } .weak { color: #e3b341; } }
.bar { background: var(--tint); border: 1px solid var(--line); height: 1rem; min-width: 12rem; }
.bar > div { background: var(--link); height: 100%; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
";

/// The whole page.
pub(super) fn document(report: &TestReport) -> String {
    let well = report.packages.iter().all(PackageReport::is_well);
    let title = match report.packages.as_slice() {
        [package] => format!("{} {}", package.id, package.version),
        packages => counted(packages.len(), "package"),
    };
    let mut page = Page::default();
    page.line("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">");
    page.line("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">");
    page.line("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
    page.line(format!("<title>{}: test</title>", escaped(&title)));
    page.line(format!("<style>\n{STYLE}{OWN_STYLE}</style>\n</head>\n<body>"));
    let verdict =
        if well { "<span class=\"good\">passed</span>" } else { "<span class=\"bad\">failed</span>" };
    page.line(format!("<header>\n<h1>{}</h1>\n<p>{verdict}</p>\n</header>\n<main>", escaped(title.trim())));
    for package in &report.packages {
        page.package(package, report.packages.len() > 1);
    }
    page.line("</main>\n</body>\n</html>");
    page.text
}

#[derive(Default)]
struct Page {
    text: String,
}

impl Page {
    fn line(&mut self, line: impl AsRef<str>) {
        self.text.push_str(line.as_ref());
        self.text.push('\n');
    }

    fn package(&mut self, package: &PackageReport, named: bool) {
        if named {
            self.line(format!("<h2>{} {}</h2>", escaped(&package.id), escaped(&package.version)));
        }
        if let Some(error) = &package.error {
            self.line(format!("<p class=\"bad\">{}</p>", escaped(error.code)));
            self.pre(&error.told);
            return;
        }
        self.line(format!(
            "<p>{} passed, {} failed, {} found. Module <code>{}</code></p>",
            counted(package.passed, "case"),
            package.failed,
            counted(package.faults().len(), "fault"),
            escaped(&package.digest)
        ));
        self.faults(package);
        self.clauses(package);
        self.cases(package);
        self.costs(package);
        self.mutation(package);
    }

    fn faults(&mut self, package: &PackageReport) {
        let Some(generated) = &package.generated else { return };
        self.line("<h2>Drawn inputs</h2>");
        self.line(format!(
            "<p>{} inputs, {} of them admitted, in {:.1} s, with seed <code>{}</code>.</p>",
            grouped(generated.inputs),
            grouped(generated.admitted),
            generated.seconds,
            generated.seed
        ));
        if generated.known > 0 {
            let known = grouped(generated.known);
            self.line(format!("<p class=\"bad\">{known} of them show a fault that a case shows.</p>"));
        }
        for fault in &generated.faults {
            self.line(format!("<h3 class=\"bad\">{}</h3>", escaped(&fault.message)));
            fault.notes.iter().for_each(|note| self.line(format!("<p>{}</p>", escaped(note))));
            self.line("<p>The smallest input found:</p>");
            self.pre(&serde_json::to_string_pretty(&fault.input).unwrap_or_default());
            if let Some(outcome) = &fault.outcome {
                self.line("<p>It came to:</p>");
                self.pre(&serde_json::to_string_pretty(outcome).unwrap_or_default());
            }
            if let Some(file) = &fault.kept {
                self.line(format!("<p>Kept as <code>{}</code>.</p>", escaped(file)));
            }
        }
    }

    fn clauses(&mut self, package: &PackageReport) {
        let coverage = &package.coverage;
        self.line("<h2>Clauses</h2>\n<div class=\"scroll\">\n<table>");
        self.line("<caption>How often each clause came out true / false</caption>");
        self.line("<thead><tr><th>Kind</th><th>Rule</th><th>Cases</th><th>Drawn</th><th></th></tr></thead>\n<tbody>");
        for clause in &coverage.clauses {
            let kind = match clause.clause.kind {
                ViolationKind::Precondition => "precondition",
                ViolationKind::Postcondition | ViolationKind::OutputSchema => "postcondition",
                ViolationKind::Invariant => "invariant",
            };
            let note = match lack(clause) {
                Some(word) => format!("<span class=\"weak\">{}</span>", escaped(word)),
                None => String::new(),
            };
            self.line(format!(
                "<tr><td>{kind} {}</td><td><code>{}</code></td><td class=\"number\">{}</td><td class=\"number\">{}</td><td>{note}</td></tr>",
                clause.clause.index,
                escaped(&clause.clause.rule),
                times(clause.case),
                times(clause.generated)
            ));
        }
        for exception in &coverage.exceptions {
            let never = exception.case + exception.generated == 0;
            let note = if never { "<span class=\"weak\">never raised</span>" } else { "" };
            self.line(format!(
                "<tr><td>exception</td><td><code>{}</code></td><td class=\"number\">{}</td><td class=\"number\">{}</td><td>{note}</td></tr>",
                escaped(&exception.name),
                grouped(exception.case),
                grouped(exception.generated)
            ));
        }
        for member in &coverage.enums {
            let never = member.case + member.generated == 0;
            let note = if never { "<span class=\"weak\">never seen</span>" } else { "" };
            self.line(format!(
                "<tr><td>{}</td><td><code>{}</code></td><td class=\"number\">{}</td><td class=\"number\">{}</td><td>{note}</td></tr>",
                escaped(&member.at),
                escaped(&member.member),
                grouped(member.case),
                grouped(member.generated)
            ));
        }
        self.line("</tbody>\n</table>\n</div>");
    }

    fn cases(&mut self, package: &PackageReport) {
        self.line("<h2>Cases</h2>");
        if package.cases.is_empty() {
            self.line("<p>None.</p>");
            return;
        }
        let dearest =
            package.cases.iter().filter_map(|case| case.cost).map(|cost| cost.fuel).max().unwrap_or(1);
        self.line("<div class=\"scroll\">\n<table>\n<thead><tr><th></th><th>Case</th><th>Fuel</th><th></th></tr></thead>\n<tbody>");
        for case in &package.cases {
            let (class, word) = match case.status {
                Status::Passed => ("good", "ok"),
                Status::Failed => ("bad", "failed"),
            };
            let fuel = case.cost.map_or(0, |cost| cost.fuel);
            self.line(format!(
                "<tr><td class=\"{class}\">{word}</td><td>{}</td><td class=\"number\">{}</td><td>{}</td></tr>",
                escaped(&case.name),
                grouped(fuel),
                bar(fuel, dearest)
            ));
        }
        self.line("</tbody>\n</table>\n</div>");
        for case in package.cases.iter().filter(|case| case.status == Status::Failed) {
            self.line(format!("<h3>{}</h3>", escaped(&case.name)));
            if let Some(fault) = &case.fault {
                self.line(format!("<p class=\"bad\">{}</p>", escaped(&fault.message)));
            }
            self.pre(&difference(case));
        }
    }

    fn costs(&mut self, package: &PackageReport) {
        let (most, limits) = (package.costs.most, package.costs.limits);
        self.line("<h2>Costs</h2>\n<div class=\"scroll\">\n<table>");
        self.line(
            "<thead><tr><th>Of</th><th>At most used</th><th>Allowed</th><th></th></tr></thead>\n<tbody>",
        );
        for (what, used, limit) in [
            ("fuel", most.fuel, limits.fuel),
            ("bytes of memory", most.memory_bytes, limits.memory_bytes),
            ("bytes of result", most.output_bytes, limits.output_bytes),
        ] {
            self.line(format!(
                "<tr><td>{what}</td><td class=\"number\">{}</td><td class=\"number\">{}</td><td>{}</td></tr>",
                grouped(used),
                grouped(limit),
                bar(used, limit)
            ));
        }
        self.line("</tbody>\n</table>\n</div>");
    }

    fn mutation(&mut self, package: &PackageReport) {
        let Some(mutation) = &package.mutation else { return };
        self.line("<h2>Changes that nothing notices</h2>\n<ul>");
        for unnoticed in &mutation.unnoticed {
            self.line(format!("<li>{}: {}</li>", escaped(&unnoticed.change), escaped(&unnoticed.why)));
        }
        for says in mutation.results.iter().filter_map(|tied| tied.says.as_ref()) {
            self.line(format!("<li>{}</li>", escaped(says)));
        }
        self.line("</ul>");
        if mutation.words > 0 {
            self.line("<p>Invariants in words are not looked at here: only the module's own function knows what breaks them.</p>");
        }
    }

    fn pre(&mut self, text: &str) {
        // Writing to a string does not fail.
        let _ = writeln!(self.text, "<pre><code>{}</code></pre>", escaped(text));
    }
}

fn bar(part: u64, whole: u64) -> String {
    let percent = (part as f64 * 100.0 / whole.max(1) as f64).min(100.0);
    format!("<div class=\"bar\" title=\"{percent:.1} %\"><div style=\"width:{percent:.1}%\"></div></div>")
}
