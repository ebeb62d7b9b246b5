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
    let cases: Vec<Case> =
        read.into_iter().filter(|case| filter.is_none_or(|filter| case.name.contains(filter))).collect();
    let budget = budget(args, filter, scope);
    if cases.is_empty() {
        check_some(all, filter, budget)?;
    }
    let recorded = costs::read(project)?;
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
        let mut report = run_case(&mut ways, case, &mut coverage)?;
        if let (Some(cost), Some(recorded)) = (report.cost, &recorded) {
            report.rises = costs::rises(recorded, &case.name, cost);
        }
        reports.push(report);
    }
    for cost in reports.iter().filter_map(|report| report.cost) {
        most = Cost {
            fuel: most.fuel.max(cost.fuel),
            memory_bytes: most.memory_bytes.max(cost.memory_bytes),
            output_bytes: most.output_bytes.max(cost.output_bytes),
        };
    }
    if args.accept {
        accept(project, &cases, &mut reports)?;
    }
    if args.bless_cost {
        let costs: BTreeMap<String, Cost> =
            reports.iter().filter_map(|report| Some((report.name.clone(), report.cost?))).collect();
        costs::write(project, costs)?;
    }

    let known: Vec<Fault> = reports.iter().filter_map(|report| report.fault.clone()).collect();
    let (generated, probed) = match budget {
        Some(budget) => {
            let plan = Plan {
                budget,
                inputs: args.inputs,
                seed: args.seed.unwrap_or_else(fresh_seed),
                constants: code_of(project, &manifest.source.path.value),
            };
            let began = Instant::now();
            let show = context.terminal.counter();
            let mut progress = |inputs: u64| {
                if inputs.is_multiple_of(256) && began.elapsed() > Duration::from_millis(500) {
                    show.show(&format!("{inputs} inputs drawn for {}", manifest.package_id.value));
                }
            };
            let probed = probe::run(&mut ways, &plan, &known, &mut coverage, &mut progress)?;
            show.clear();
            most.fuel = most.fuel.max(probed.most.fuel);
            most.memory_bytes = most.memory_bytes.max(probed.most.memory_bytes);
            most.output_bytes = most.output_bytes.max(probed.most.output_bytes);
            (Some(generated(project, args, &plan, &probed, began.elapsed(), ways.stateful)), Some(probed))
        }
        None => (None, None),
    };
    coverage.settle();
    let mutation = match (args.mutate, &probed) {
        (true, Some(probed)) => {
            Some(mutants::judge(contract, &mutation_cases(&cases, &reports), &probed.calls))
        }
        _ => None,
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
        costs: cost_report(&capability, most),
        mutation,
        error: None,
        explainer: Some(Explainer::of_package(project, contract)),
    })
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
    (seconds > 0.0).then(|| Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX))
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
    let parts = fault.as_ref().is_some_and(|fault| {
        !matches!(fault.kind, FaultKind::ClauseBroken | FaultKind::ExceptionUndeclared | FaultKind::Stopped)
    });
    if is_expected && !parts {
        report.status = Status::Passed;
    } else {
        report.fault = fault;
    }
    Ok(report)
}

/// Records what the failed cases came to, where the contract holds.
fn accept(project: &Project, cases: &[Case], reports: &mut [CaseReport]) -> Result<(), CommandError> {
    let mut found = Vec::new();
    for (case, report) in cases.iter().zip(reports.iter_mut()) {
        let acceptable = match &report.call {
            Some((_, Outcome::Result(_) | Outcome::Exception(_) | Outcome::Rejected(_))) => true,
            Some((_, Outcome::Violation(violation))) => violation.clause.kind == ViolationKind::Precondition,
            _ => false,
        };
        if report.status == Status::Failed && acceptable && report.fault.is_none() {
            report.accepted = true;
            found.push((case, record::expectation(&report.found)));
        }
    }
    // One expectation stands for several inputs: they must agree.
    for at in 0..found.len() {
        let (case, outcome) = &found[at];
        let other = found.iter().find(|(other, said)| {
            other.file == case.file && other.place == case.place && !compare::same(said, outcome)
        });
        let sibling_passed = cases.iter().zip(reports.iter()).any(|(other, report)| {
            other.file == case.file && other.place == case.place && report.status == Status::Passed
        });
        if other.is_some() || sibling_passed {
            return Err(CommandError::new(
                "cases-not-accepted",
                format!("the inputs of `{}` come to different outcomes", case.name),
            )
            .help("give each input a case of its own; nothing was written"));
        }
    }
    record::outcomes(project, &found)?;
    for report in reports.iter_mut().filter(|report| report.accepted) {
        report.status = Status::Passed;
    }
    Ok(())
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
    stateful: u64,
) -> GeneratedReport {
    let faults = probed.found.iter().map(|found| fault_report(project, args, plan, found)).collect();
    GeneratedReport {
        seed: plan.seed,
        inputs: probed.inputs,
        admitted: probed.admitted,
        seconds: (took.as_secs_f64() * 1000.0).round() / 1000.0,
        stateful,
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

fn cost_report(capability: &Capability, most: Cost) -> CostReport {
    let limits = capability.limits();
    let placement = capability.contract().spec.placement.as_ref();
    CostReport {
        most,
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
            Some(mutants::CaseEvidence { input, result, expect: case.expect.clone() })
        })
        .collect()
}

fn fresh_seed() -> u64 {
    let nanoseconds = std::time::UNIX_EPOCH.elapsed().unwrap_or(Duration::from_secs(1)).as_nanos();
    // Short enough to be typed.
    (nanoseconds ^ u128::from(std::process::id())) as u64 % 1_000_000_000
}
