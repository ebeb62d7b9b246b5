//! One package: built, its cases run, inputs drawn, what both showed put together.

use super::costs;
use super::report::{CaseReport, CostReport, FaultReport, GeneratedReport, PackageReport, Status};
use crate::args::TestArgs;
use crate::breach::Explainer;
use crate::cases::{Case, compare, file, record};
use crate::commands::Context;
use crate::engine;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::guest::build::build;
use crate::guest::compile::CompileOptions;
use crate::guest::host;
use crate::probe::constants;
use crate::probe::coverage::{By, Coverage};
use crate::probe::fault::{Fault, FaultKind};
use crate::probe::mutants;
use crate::probe::native::Native;
use crate::probe::ways::{Tried, Ways};
use crate::probe::{self, Cost, Found, Plan, Probed};
use crate::project::Project;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use traverse_contract::compiled::fingerprint;
use traverse_contract::outcome::{Outcome, ViolationKind};
use traverse_inputs::Constants;
use traverse_runtime::Capability;

/// How much is to be tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// All that the arguments ask for.
    Everything,
    /// Nothing changed but cases: no build, no drawn inputs.
    Cases,
}

/// Tests the package.
///
/// # Errors
/// Those of a build and of loading (exit code 3); `cases-…`, `costs-…`, `native-failed`.
pub(super) fn test(
    project: &Project,
    args: &TestArgs,
    context: &Context,
    scope: Scope,
) -> Result<PackageReport, CommandError> {
    // A broken manifest is said before a broken case, and both before minutes of compiling.
    let manifest = project.manifest()?;
    let read = file::read_cases(project, args.accept)?;
    let filter = args.filter();
    let all = read.len();
    let (cases, others): (Vec<Case>, Vec<Case>) =
        read.into_iter().partition(|case| filter.is_none_or(|filter| case.name.contains(filter)));
    let budget = budget(args, filter, scope);
    if cases.is_empty() {
        check_some(all, filter, budget)?;
    }
    // What is recorded anew need not be readable.
    let recorded = if args.bless_cost && filter.is_none() { None } else { costs::read(project)? };
    let native = prepare(project, args, context)?;
    let load = || Ok(engine::builder().build()?.load_package(&project.folder)?);
    let capability = load().map_err(|error: CommandError| error.exit(Exit::NotBuilt))?;
    let contract = capability.contract();
    let has_native = native.is_some();
    let mut ways = Ways::new(&capability, native);
    let mut coverage = Coverage::of(contract);
    let mut most = Cost::default();

    let filtered_out = all - cases.len();
    let mut reports = Vec::new();
    for case in &cases {
        reports.push(run_case(&mut ways, case, &mut coverage)?);
    }
    reports.iter().filter_map(|report| report.cost).for_each(|cost| most.include(cost));
    if args.accept {
        accept(project, &cases, &others, &mut reports)?;
    }
    match (args.bless_cost, recorded) {
        (true, recorded) => bless(project, recorded, &reports)?,
        (false, Some(recorded)) => note_rises(&recorded, &mut reports),
        (false, None) => {}
    }

    let known: Vec<Fault> = reports.iter().filter_map(|report| report.fault.clone()).collect();
    let drawn = match budget {
        Some(budget) => {
            let plan = Plan {
                budget,
                inputs: args.inputs,
                seed: args.seed.unwrap_or_else(fresh_seed),
                constants: code_of(project, &manifest.source.path.value),
            };
            let id = &manifest.package_id.value;
            Some(draw(project, args, context, id, &plan, &known, &mut ways, &mut coverage)?)
        }
        None => None,
    };
    let (generated, probed) = drawn.unzip();
    most.include(probed.as_ref().map(|probed: &Probed| probed.most).unwrap_or_default());
    coverage.settle();
    let stopped = reports.iter().filter(|report| report.call.is_none()).count() as u64
        + probed.as_ref().map_or(0, |probed| probed.stopped);
    let mutation = match (args.mutate, &probed) {
        (true, probed) => {
            let evidence = mutation_cases(&cases, &reports);
            let mut calls = probed.as_ref().map(|probed| probed.calls.clone()).unwrap_or_default();
            calls.extend(evidence.iter().filter_map(|case| Some((case.input.clone(), case.result.clone()?))));
            Some(mutants::judge(contract, &evidence, &calls))
        }
        (false, _) => None,
    };

    let section = &contract.spec.capability;
    let failed = reports.iter().filter(|report| report.status == Status::Failed).count();
    Ok(PackageReport {
        id: section.id.value.clone(),
        version: section.version.value.clone(),
        folder: project.folder.display().to_string(),
        digest: capability.module().digest.clone(),
        passed: reports.len() - failed,
        failed,
        filtered_out,
        native: has_native,
        cases: reports,
        generated,
        uncovered: args.require_clause_coverage && !coverage.is_whole(),
        gated: args.require_clause_coverage,
        coverage,
        costs: cost_report(&capability, most, stopped),
        mutation,
        error: None,
        explainer: Some(Explainer::of_package(project, contract)),
    })
}

/// Records what the cases cost. `recorded`: costs of cases that were not run, which stay.
fn bless(
    project: &Project,
    recorded: Option<costs::Recorded>,
    reports: &[CaseReport],
) -> Result<(), CommandError> {
    let mut costs = recorded.unwrap_or_default().cases;
    costs.extend(costs_of(reports));
    costs::write(project, costs)
}

fn note_rises(recorded: &costs::Recorded, reports: &mut [CaseReport]) {
    for (name, cost) in costs_of(reports) {
        if let Some(report) = reports.iter_mut().find(|report| report.name == name) {
            report.rises = costs::rises(recorded, &name, cost);
        }
    }
}

fn costs_of(reports: &[CaseReport]) -> BTreeMap<String, Cost> {
    costs::by_name(reports.iter().filter_map(|report| Some((report.name.as_str(), report.cost?))))
}

/// Draws inputs, counting them on the terminal.
#[allow(clippy::too_many_arguments)]
fn draw(
    project: &Project,
    args: &TestArgs,
    context: &Context,
    id: &str,
    plan: &Plan,
    known: &[Fault],
    ways: &mut Ways<'_>,
    coverage: &mut Coverage,
) -> Result<(GeneratedReport, Probed), CommandError> {
    let began = Instant::now();
    let counter = context.terminal.counter();
    let mut progress = |inputs: u64| {
        if inputs.is_multiple_of(256) && began.elapsed() > Duration::from_millis(500) {
            counter.show(&format!("{inputs} inputs drawn for {id}"));
        }
    };
    let probed = probe::run(ways, plan, known, coverage, &mut progress);
    counter.clear();
    let probed = probed?;
    let told = [ways.stateful, ways.rounded];
    Ok((generated(project, args, plan, &probed, began.elapsed(), told), probed))
}

/// How long inputs are drawn; not where a filter picks cases, unless that is asked for.
fn budget(args: &TestArgs, filter: Option<&str>, scope: Scope) -> Option<Duration> {
    if scope == Scope::Cases {
        return None;
    }
    let seconds = match (args.budget, filter) {
        (Some(seconds), _) => seconds,
        (None, Some(_)) => return None,
        (None, None) => TestArgs::DEFAULT_BUDGET,
    };
    (seconds > 0.0 && args.inputs > 0).then(|| Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX))
}

/// Where there is no case to run and nothing is drawn, nothing is proved.
fn check_some(all: usize, filter: Option<&str>, budget: Option<Duration>) -> Result<(), CommandError> {
    if let Some(filter) = filter
        && all > 0
    {
        return Err(CommandError::new(
            "cases-none-match",
            format!("none of {all} cases has `{filter}` in its name"),
        )
        .help("`cargo traverse test` without a filter runs and names them all"));
    }
    if budget.is_some() {
        return Ok(());
    }
    Err(CommandError::new("cases-missing", "there are no cases in `cases`")
        .note("without a case and without drawn inputs nothing is proved, so this is not a success")
        .help("write cases/first.json: {\"input\": …, \"expect\": {\"outcome\": \"result\", \"result\": …}}"))
}

/// Builds module and native program, where the package's sources are there.
fn prepare(project: &Project, args: &TestArgs, context: &Context) -> Result<Option<Native>, CommandError> {
    // A package without its sources is tested as it was received.
    if args.no_build || !project.path("Cargo.toml").is_file() {
        return Ok(None);
    }
    let not_built = |error: CommandError| error.exit(Exit::NotBuilt);
    let options = CompileOptions { offline: args.offline, ..CompileOptions::default() };
    let built = build(project, &options, &context.terminal).map_err(not_built)?;
    if args.no_native {
        return Ok(None);
    }
    let manifest = project.manifest()?;
    let spec = project.read(&manifest.capability_ref.contract_path.value)?;
    let program = host::compile(&built.cargo, &built.toolchain, &fingerprint(&spec.text), args.offline)
        .map_err(not_built)?;
    Ok(Some(Native::new(program, &project.folder)))
}

fn run_case(ways: &mut Ways<'_>, case: &Case, coverage: &mut Coverage) -> Result<CaseReport, CommandError> {
    // What keeps a call from having an outcome (a panic, spent fuel) fails the case and not the others.
    let Tried { call, fault } = ways.send(case.input.as_bytes())?;
    let mut report = CaseReport {
        name: case.name.clone(),
        file: case.file.clone(),
        line: case.line,
        status: Status::Failed,
        expected: case.expect.clone(),
        found: Value::Null,
        cost: None,
        rises: Vec::new(),
        accepted: false,
        differs: None,
        fault: None,
        call: None,
    };
    match call {
        Ok(call) => {
            report.found = call.outcome.to_json();
            if let Ok(input) = serde_json::from_str(&case.input) {
                coverage.record(ways.capability().contract(), &input, &call, By::Case);
            }
            let mut cost = Cost::default();
            cost.raise(&call.trace, &call.stdout);
            report.cost = Some(cost);
            report.call = Some((case.input.clone(), call.outcome));
        }
        Err(error) => {
            report.found = json!({"outcome": "error", "code": error.code(), "message": error.message()});
        }
    }
    let holds = case.expect.get("outcome").is_some_and(|outcome| outcome == "holds");
    let is_expected = if holds {
        fault.is_none()
    } else {
        let found = compare::part_expected(&case.expect, &report.found);
        let (expect, found) = case.comparison.compared(&case.expect, &found);
        let same = compare::same(&expect, &found);
        report.differs = (!same).then_some((expect, found));
        same
    };
    // A clause that does not hold may be what the case expects; that the ways part, no case can.
    let parts = fault
        .as_ref()
        .is_some_and(|fault| !matches!(fault.kind, FaultKind::ClauseBroken | FaultKind::ExceptionUndeclared));
    if is_expected && !parts {
        report.status = Status::Passed;
    } else {
        report.fault = fault;
    }
    Ok(report)
}

/// Records what the failed cases came to, where the contract holds. `others`: cases that were not run.
fn accept(
    project: &Project,
    cases: &[Case],
    others: &[Case],
    reports: &mut [CaseReport],
) -> Result<(), CommandError> {
    let acceptable = |report: &CaseReport| {
        report.fault.is_none()
            && match &report.call {
                Some((_, Outcome::Result(_) | Outcome::Exception(_) | Outcome::Rejected(_))) => true,
                Some((_, Outcome::Violation(violation))) => {
                    violation.clause.kind == ViolationKind::Precondition
                }
                _ => false,
            }
    };
    let mut found: Vec<(&Case, Value)> = Vec::new();
    for (at, case) in cases.iter().enumerate() {
        if reports[at].status == Status::Passed || !acceptable(&reports[at]) {
            continue;
        }
        // One expectation stands for all inputs of a case.
        let of_case = |other: &Case| other.file == case.file && other.place == case.place;
        let together: Vec<usize> = (0..cases.len()).filter(|other| of_case(&cases[*other])).collect();
        if together.iter().any(|other| !acceptable(&reports[*other])) {
            continue;
        }
        let refused = |message: String| {
            CommandError::new("cases-not-accepted", message)
                .help("give each input a case of its own, or run all of them; nothing was written")
        };
        if others.iter().any(of_case) {
            return Err(refused(format!("not every input of `{}` was run", case.name)));
        }
        let expected = expectation(case, &reports[at].found);
        let differs = |other: &usize| !compare::same(&expectation(case, &reports[*other].found), &expected);
        if together.iter().any(differs) {
            return Err(refused(format!("the inputs of `{}` come to different outcomes", case.name)));
        }
        found.push((case, expected));
        reports[at].accepted = true;
    }
    record::outcomes(project, &found)?;
    for report in reports.iter_mut().filter(|report| report.accepted) {
        report.status = Status::Passed;
    }
    Ok(())
}

/// What a case expects from now on that came to `found`.
fn expectation(case: &Case, found: &Value) -> Value {
    let now = record::expectation(found);
    if case.expect.get("outcome") == now.get("outcome") {
        return case.comparison.accepted(&case.expect, &now, &mut Vec::new());
    }
    now
}

fn code_of(project: &Project, source: &str) -> Constants {
    let source = project.path(source);
    source.parent().map_or_else(Constants::default, constants::of_folder)
}

fn generated(
    project: &Project,
    args: &TestArgs,
    plan: &Plan,
    probed: &Probed,
    took: Duration,
    [stateful, rounded]: [u64; 2],
) -> GeneratedReport {
    let faults = probed.found.iter().map(|found| fault_report(project, args, plan, found)).collect();
    GeneratedReport {
        seed: plan.seed,
        inputs: probed.inputs,
        admitted: probed.admitted,
        seconds: (took.as_secs_f64() * 1000.0).round() / 1000.0,
        stateful,
        rounded,
        known: probed.known,
        faults,
    }
}

fn fault_report(project: &Project, args: &TestArgs, plan: &Plan, found: &Found) -> FaultReport {
    let fault = &found.fault;
    let kind = serde_json::to_value(fault.kind).unwrap_or_default();
    let what = match fault.kind {
        FaultKind::ClauseBroken => fault.mark.clone(),
        FaultKind::Stopped => fault.mark.split(' ').next().unwrap_or_default().to_owned(),
        _ => kind.as_str().unwrap_or_default().to_owned(),
    };
    let note = format!("{} (found with seed {})", fault.message, plan.seed);
    let (kept, unkept) = match args.no_regressions {
        true => (None, None),
        false => match record::regression(project, &what, &found.input, &note) {
            Ok(file) => (Some(file), None),
            Err(error) => (None, Some(error.message)),
        },
    };
    FaultReport {
        kind: fault.kind,
        message: fault.message.clone(),
        notes: fault.notes.clone(),
        input: found.input.clone(),
        after: found.after,
        kept,
        unkept,
        outcome: fault.outcome.as_ref().map(Outcome::to_json),
        explained: fault.outcome.clone(),
    }
}

fn cost_report(capability: &Capability, most: Cost, stopped: u64) -> CostReport {
    let limits = capability.limits();
    let placement = capability.contract().spec.placement.as_ref();
    CostReport {
        most,
        stopped,
        limits: Cost {
            fuel: limits.fuel,
            memory_bytes: limits.memory_bytes,
            output_bytes: limits.output_bytes,
        },
        targets: placement
            .map(|placement| placement.targets.iter().map(|target| target.value.clone()).collect())
            .unwrap_or_default(),
    }
}

/// What cases say of changed contracts and results: their inputs, and what they came to as they should.
fn mutation_cases(cases: &[Case], reports: &[CaseReport]) -> Vec<mutants::CaseEvidence> {
    cases
        .iter()
        .zip(reports)
        .filter(|(_, report)| report.status == Status::Passed)
        .filter_map(|(case, report)| {
            let input = serde_json::from_str(&case.input).ok()?;
            let result = match &report.call {
                Some((_, Outcome::Result(result))) => Some(result.clone()),
                _ => None,
            };
            let (expect, comparison) = (case.expect.clone(), case.comparison.clone());
            Some(mutants::CaseEvidence { input, result, expect, comparison })
        })
        .collect()
}

fn fresh_seed() -> u64 {
    let nanoseconds = std::time::UNIX_EPOCH.elapsed().unwrap_or(Duration::from_secs(1)).as_nanos();
    // Short enough to be typed.
    (nanoseconds ^ u128::from(std::process::id())) as u64 % 1_000_000_000
}
