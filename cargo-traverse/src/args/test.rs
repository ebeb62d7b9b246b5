//! Arguments of `test`.

use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct TestArgs {
    /// Only cases whose name contains this text; inputs are drawn then only if --budget is given
    #[arg(value_name = "FILTER")]
    pub(crate) name: Option<String>,
    /// The same
    #[arg(long = "filter", value_name = "TEXT", conflicts_with = "name")]
    pub(crate) filter_text: Option<String>,
    /// Draw inputs for so many seconds; 0 draws none [default: 2]
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub(crate) budget: Option<f64>,
    /// Draw at most so many inputs
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    pub(crate) inputs: u64,
    /// Begin the draw where an earlier one began
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// Fail unless every clause was met as it must be, and every exception raised
    #[arg(long)]
    pub(crate) require_clause_coverage: bool,
    /// Change contract and results a little, and say which changes nothing notices
    #[arg(long)]
    pub(crate) mutate: bool,
    /// Record what failed cases, and those without `expect`, come to, after showing it
    #[arg(long)]
    pub(crate) accept: bool,
    /// Record what each case costs in traverse.costs.json; a later rise of over 5 % is reported
    #[arg(long)]
    pub(crate) bless_cost: bool,
    /// Keep no input that shows a fault in cases/regressions/
    #[arg(long)]
    pub(crate) no_regressions: bool,
    /// Compare with no native program
    #[arg(long)]
    pub(crate) no_native: bool,
    /// Write a JUnit XML report
    #[arg(long, value_name = "FILE")]
    pub(crate) junit: Option<PathBuf>,
    /// Write a page for a browser
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
    /// Test again whenever a file of the package changes
    #[arg(long)]
    pub(crate) watch: bool,
    /// Test this package, by its id or folder name; may be given again
    #[arg(short, long, value_name = "NAME")]
    pub(crate) package: Vec<String>,
    /// Test every package in this folder and below it
    #[arg(long)]
    pub(crate) workspace: bool,
    /// Test the artifact as it is, without building first
    #[arg(long)]
    pub(crate) no_build: bool,
    /// Use no network when building; crates must be in the local cache
    #[arg(long)]
    pub(crate) offline: bool,
}

impl TestArgs {
    /// Inputs are drawn for so many seconds.
    pub(crate) const DEFAULT_BUDGET: f64 = 2.0;

    /// The text that cases are picked by.
    pub(crate) fn filter(&self) -> Option<&str> {
        self.name.as_deref().or(self.filter_text.as_deref())
    }

    /// Whether the packages are looked for below a folder.
    pub(crate) fn selects_many(&self) -> bool {
        self.workspace || !self.package.is_empty()
    }
}

fn seconds(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(seconds) if seconds >= 0.0 && seconds.is_finite() => Ok(seconds),
        _ => Err("a number of seconds from 0".to_owned()),
    }
}

pub(super) const HELP: &str = "\
A case is a JSON file in the folder cases/: an object, or an array of objects.

  {\"name\": \"big cart\", \"input\": {\"cart\": {\"total\": 5}},
   \"expect\": {\"outcome\": \"result\", \"result\": {\"eligible\": true}}}
  {\"input\": …, \"expect\": {\"outcome\": \"exception\", \"name\": \"CartExpired\", \"details\": …}}
  {\"input\": …, \"expect\": {\"outcome\": \"violation\", \"clause\": {\"kind\": \"precondition\", \"index\": 1}}}
  {\"input\": …, \"expect\": {\"outcome\": \"rejected\", \"at\": \"/cart/total\"}}
  {\"inputs\": […, …], \"expect\": {\"outcome\": \"holds\"}}
  {\"input\": …, \"expect\": …, \"compare\": {\"subset\": true, \"ignore\": [\"/result/id\"], \"tolerance\": 0.01}}

Besides the cases, inputs are drawn from the contract: at every bound and beside it, each member of a
list and what is none. Each goes through the host, the module and a native program, and must come to
what the contract says. What does not is made as small as can be and kept in cases/regressions/.

Examples:
  cargo traverse test
  cargo traverse test enterprise
  cargo traverse test --budget 30 --seed 7
  cargo traverse test --require-clause-coverage --junit report.xml --html report.html
  cargo traverse test --mutate
  cargo traverse test --accept
  cargo traverse test --workspace --message-format json

Exit codes:
  0  every case passed, and no drawn input shows a fault
  1  a case failed, an input shows a fault, coverage is required and not whole, there is nothing to test
  2  wrong arguments
  3  the artifact could not be built or loaded";
