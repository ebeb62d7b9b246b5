//! `cargo traverse test`: every case in `cases/`, on the real artifact in the runtime (spec `CLI-20` to `CLI-27`).

use crate::args::{BuildArgs, TestArgs};
use crate::breach::Explainer;
use crate::cases::{Case, compare, diff, file};
use crate::commands::{Context, build};
use crate::engine;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::project::Project;
use crate::report::{Report, Screen, Style, printable};
use serde::Serialize;
use serde_json::{Value, json};
use traverse_contract::outcome::Outcome;
use traverse_runtime::Capability;

/// How the cases went: `{id, version, digest, passed, failed, filtered_out, cases}`.
#[derive(Debug, Serialize)]
pub(crate) struct TestReport {
    id: String,
    version: String,
    digest: String,
    passed: usize,
    failed: usize,
    filtered_out: usize,
    cases: Vec<CaseReport>,
    /// What a broken contract is explained by.
    #[serde(skip)]
    explainer: Explainer,
}

/// `{name, file, status, expected, found}`: `found` is the outcome's document, or `{"outcome":"error","code",…}`.
#[derive(Debug, Serialize)]
struct CaseReport {
    name: String,
    file: String,
    status: Status,
    expected: Value,
    found: Value,
    /// The input, and what the call ended in, if it did.
    #[serde(skip)]
    call: Option<(String, Outcome)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Status {
    Passed,
    Failed,
}

impl Report for TestReport {
    fn render_human(&self, screen: &mut Screen) {
        for case in &self.cases {
            let name = printable(&case.name);
            if case.status == Status::Passed {
                screen.line(format!("{}  {name}", screen.paint(Style::Good, "    ok")));
                continue;
            }
            let place = screen.paint(Style::Faint, format!("({})", printable(&case.file)));
            screen.line(format!("{}  {name} {place}", screen.paint(Style::Bad, "FAILED")));
            let found = compare::part_expected(&case.expected, &case.found);
            for line in diff::lines(&case.expected, &found) {
                let text = format!("        {} {}", line.sign, printable(&line.text));
                screen.line(match line.sign {
                    '-' => screen.paint(Style::Good, text),
                    '+' => screen.paint(Style::Bad, text),
                    _ => text,
                });
            }
            if let Some((input, outcome)) = &case.call {
                screen.lines_from("        ", |aside| {
                    self.explainer.render(outcome, input.as_bytes(), aside);
                });
            }
        }
        if self.failed > 0 {
            screen.line(format!(
                "        {} expected, {} found",
                screen.paint(Style::Good, "-"),
                screen.paint(Style::Bad, "+")
            ));
        }
        let filtered = match self.filtered_out {
            0 => String::new(),
            count => format!(", {count} filtered out"),
        };
        let (style, verdict) = if self.failed == 0 { (Style::Good, "ok") } else { (Style::Bad, "FAILED") };
        screen.line(format!(
            "{}: {} passed, {} failed{filtered}",
            screen.paint(style, verdict),
            self.passed,
            self.failed
        ));
    }

    fn exit(&self) -> Exit {
        if self.failed == 0 { Exit::Success } else { Exit::Failure }
    }
}

/// Reads the cases, builds (quick when nothing changed), runs every case that the filter leaves.
pub(crate) fn execute(args: &TestArgs, context: &Context) -> Result<TestReport, CommandError> {
    let project = Project::locate(context.manifest_path.as_deref())?;
    // A broken manifest is said before a broken case, and both before minutes of compiling.
    project.manifest()?;
    let cases = file::read_cases(&project)?;
    let all = cases.len();
    let filter = args.filter.as_deref().unwrap_or_default();
    let cases: Vec<Case> = cases.into_iter().filter(|case| case.name.contains(filter)).collect();
    if cases.is_empty() {
        return Err(CommandError::new(
            "cases-none-match",
            format!("none of {all} cases has `{filter}` in its name"),
        )
        .help("`cargo traverse test` without a filter runs and names them all"));
    }
    // A package without its sources is tested as it was received.
    if !args.no_build && project.path("Cargo.toml").is_file() {
        build::execute(&BuildArgs { offline: args.offline, ..BuildArgs::default() }, context)?;
    }
    let capability = engine::builder().build()?.load_package(&project.folder)?;
    let filtered_out = all - cases.len();
    let cases: Vec<CaseReport> = cases.into_iter().map(|case| run_case(&capability, case)).collect();
    let passed = cases.iter().filter(|case| case.status == Status::Passed).count();
    let capability_section = &capability.contract().spec.capability;
    Ok(TestReport {
        id: capability_section.id.value.clone(),
        version: capability_section.version.value.clone(),
        digest: capability.module().digest.clone(),
        passed,
        failed: cases.len() - passed,
        filtered_out,
        cases,
        explainer: Explainer::of_package(&project, capability.contract()),
    })
}

fn run_case(capability: &Capability, case: Case) -> CaseReport {
    // What keeps a call from having an outcome (a panic, spent fuel) fails the case and not the others.
    let (found, outcome) = match capability.call(case.input.as_bytes()) {
        Ok(call) => (call.outcome.to_json(), Some(call.outcome)),
        Err(error) => (json!({"outcome": "error", "code": error.code(), "message": error.message()}), None),
    };
    let passed = compare::same(&case.expect, &compare::part_expected(&case.expect, &found));
    CaseReport {
        name: case.name,
        file: case.file,
        status: if passed { Status::Passed } else { Status::Failed },
        expected: case.expect,
        found,
        call: outcome.map(|outcome| (case.input, outcome)),
    }
}
