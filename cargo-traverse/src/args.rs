//! Arguments, and the help that explains them (spec `CLI-1`). `cargo traverse …` and `cargo-traverse …` are the same.

use crate::exit::Exit;
use clap::{Args, Parser, Subcommand, ValueEnum, error::ErrorKind};
use std::ffi::OsString;
use std::path::PathBuf;

mod cache;
mod change;
mod explain;
mod fmt;
mod schema;
mod size;
mod test;
mod verify;

pub(crate) use cache::{CacheArgs, CacheCommand};
pub(crate) use change::{ApproveArgs, DiffArgs};
pub(crate) use explain::{ExplainArgs, ExplainFormat};
pub(crate) use fmt::FmtArgs;
pub(crate) use schema::{SchemaArgs, SchemaOf};
pub(crate) use size::SizeArgs;
pub(crate) use test::TestArgs;
pub(crate) use verify::VerifyArgs;

/// Write a rule once, under a contract, and ship it as one small WebAssembly file.
#[derive(Debug, Parser)]
#[command(name = "cargo-traverse", bin_name = "cargo traverse", version, after_help = MAIN_HELP)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) global: GlobalArgs,
}

/// Flags of every command.
#[derive(Debug, Args)]
pub(crate) struct GlobalArgs {
    /// How to print: for people, or one JSON document on stdout
    #[arg(
        long,
        global = true,
        value_name = "FORMAT",
        default_value = "human",
        help_heading = "Global options"
    )]
    pub(crate) message_format: MessageFormat,
    /// The package: its folder, its traverse.package.toml or traverse.spec.toml, or the Cargo.toml beside it [default: this folder, or the nearest above it that holds one]
    #[arg(long, global = true, value_name = "PATH", help_heading = "Global options")]
    pub(crate) manifest_path: Option<PathBuf>,
}

/// `--message-format`
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum MessageFormat {
    /// Text for people
    Human,
    /// One JSON document on stdout
    Json,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write a new project from a template
    #[command(after_help = NEW_HELP)]
    New(NewArgs),
    /// Compile the capability, embed its contract, write the artifact and its digest
    #[command(after_help = BUILD_HELP)]
    Build(BuildArgs),
    /// Find where code and contract part: every case, and inputs drawn from the contract
    #[command(after_help = test::HELP)]
    Test(TestArgs),
    /// Run the capability once: JSON in, JSON out
    #[command(after_help = RUN_HELP)]
    Run(RunArgs),
    /// Check spec, manifest and clauses without compiling
    #[command(after_help = CHECK_HELP)]
    Check(CheckArgs),
    /// Say what changed from one contract to another, and which version that needs
    #[command(after_help = change::DIFF_HELP)]
    Diff(DiffArgs),
    /// Approve the contract's version: from now on it does not change
    #[command(after_help = change::APPROVE_HELP)]
    Approve(ApproveArgs),
    /// Try an expression: its value, and that of every part of it
    #[command(after_help = EVAL_HELP)]
    Eval(EvalArgs),
    /// Say what a contract means, for a reader who knows no code
    #[command(after_help = explain::HELP)]
    Explain(ExplainArgs),
    /// Lay out traverse.spec.toml
    #[command(after_help = fmt::HELP)]
    Fmt(FmtArgs),
    /// Show what a .wasm file says of itself, from its bytes alone
    #[command(after_help = INSPECT_HELP)]
    Inspect(InspectArgs),
    /// Build again elsewhere and compare: does this source come to these bytes
    #[command(after_help = verify::HELP)]
    Verify(VerifyArgs),
    /// Compare the sizes of two modules: by section, by crate, by function
    #[command(after_help = size::HELP)]
    Size(SizeArgs),
    /// Print the JSON Schema of traverse.spec.toml or traverse.package.toml, for editors
    #[command(after_help = schema::HELP)]
    Schema(SchemaArgs),
    /// Show each prerequisite, what was found, and the command that mends it
    #[command(after_help = DOCTOR_HELP)]
    Doctor(DoctorArgs),
    /// Show or clear what was compiled for this machine
    #[command(after_help = cache::HELP)]
    Cache(CacheArgs),
    /// Install or show the toolchain that compiles capabilities
    #[command(after_help = TOOLCHAIN_HELP)]
    Toolchain(ToolchainArgs),
}

#[derive(Debug, Args)]
pub(crate) struct NewArgs {
    /// The folder to make; its last part is the project's name
    #[arg(value_name = "PATH")]
    pub(crate) path: PathBuf,
    /// What to start from: minimal, pricing or iban
    #[arg(long, value_name = "NAME", default_value = "minimal")]
    pub(crate) template: String,
    /// The project's name, if not the folder's
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// Where the project takes the SDK from
    #[arg(long, value_name = "FROM", default_value = "vendored")]
    pub(crate) sdk: SdkSource,
    /// Use no network (nothing of `new` does; accepted so that scripts may pass it to every command)
    #[arg(long)]
    pub(crate) offline: bool,
}

/// `--sdk`
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SdkSource {
    /// Its sources, carried by this command, under the project's vendor/
    Vendored,
    /// The package registry
    Registry,
}

#[derive(Debug, Default, Args)]
pub(crate) struct BuildArgs {
    /// Use no network; crates must be in the local cache
    #[arg(long)]
    pub(crate) offline: bool,
    /// Refuse to change Cargo.lock, the recorded toolchain or a recorded digest
    #[arg(long)]
    pub(crate) locked: bool,
    /// Keep names and source lines, so that a trap is told with its place; writes into the target folder only
    #[arg(long, conflicts_with_all = ["verify", "check"])]
    pub(crate) debug: bool,
    /// Build once more in a clean folder elsewhere, and compare
    #[arg(long, conflicts_with = "check")]
    pub(crate) verify: bool,
    /// Compile nothing: say whether manifest, module, contract and source belong together
    #[arg(long, conflicts_with = "locked")]
    pub(crate) check: bool,
    /// Show where the time goes
    #[arg(long, conflicts_with = "check")]
    pub(crate) timings: bool,
}

#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    /// A package folder or a .wasm file [default: this folder]
    #[arg(value_name = "PATH")]
    pub(crate) path: Option<PathBuf>,
    /// The contract of a .wasm file that another tool made and that carries none
    #[arg(long, value_name = "FILE")]
    pub(crate) spec: Option<PathBuf>,
    /// Read the input from this file instead of stdin
    #[arg(long, value_name = "FILE", conflicts_with = "input_json")]
    pub(crate) input: Option<PathBuf>,
    /// The input itself
    #[arg(long, value_name = "TEXT")]
    pub(crate) input_json: Option<String>,
    /// At most so many units of fuel: lowers a package's limit, and replaces a bare module's cap of 1,000,000,000
    #[arg(long, value_name = "N")]
    pub(crate) fuel: Option<u64>,
    /// At most so many bytes of memory: lowers a package's limit, and replaces a bare module's cap of 67,108,864
    #[arg(long, value_name = "N")]
    pub(crate) memory_bytes: Option<u64>,
    /// At most so many bytes of result: lowers a package's limit, and replaces a bare module's cap of 1,048,576
    #[arg(long, value_name = "N")]
    pub(crate) output_bytes: Option<u64>,
}

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// Print the schema in force, written or inferred, as JSON Schema
    #[arg(long)]
    pub(crate) schema: bool,
}

#[derive(Debug, Args)]
pub(crate) struct EvalArgs {
    /// The expression, as in a clause, but of any type
    #[arg(value_name = "EXPR", allow_hyphen_values = true)]
    pub(crate) expression: String,
    /// The input, as JSON
    #[arg(long, value_name = "JSON")]
    pub(crate) input_json: Option<String>,
    /// Read the input from this file; `-` is stdin
    #[arg(long, value_name = "FILE", conflicts_with = "input_json")]
    pub(crate) input: Option<PathBuf>,
    /// The result, as JSON; without it the expression sees the input alone
    #[arg(long, value_name = "JSON")]
    pub(crate) output_json: Option<String>,
    /// Take the types from the JSON given, also in a package
    #[arg(long)]
    pub(crate) no_spec: bool,
}

#[derive(Debug, Args)]
pub(crate) struct InspectArgs {
    /// A .wasm file or a package folder [default: this folder]
    #[arg(value_name = "PATH")]
    pub(crate) path: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct DoctorArgs {}

#[derive(Debug, Args)]
pub(crate) struct ToolchainArgs {
    #[command(subcommand)]
    pub(crate) command: ToolchainCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ToolchainCommand {
    /// Provide the wasm32-wasip1 target
    #[command(after_help = TOOLCHAIN_HELP)]
    Install(ToolchainInstallArgs),
    /// Show the toolchain that `build` would use
    #[command(after_help = TOOLCHAIN_HELP)]
    Show(ToolchainShowArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ToolchainInstallArgs {
    /// Where to take it from [default: rustup, then Debian's packages]
    #[arg(long, value_name = "FROM")]
    pub(crate) from: Option<ToolchainSource>,
}

#[derive(Debug, Args)]
pub(crate) struct ToolchainShowArgs {}

/// `--from`
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ToolchainSource {
    /// `rustup target add wasm32-wasip1`
    Rustup,
    /// Debian 12's packages, unpacked into this command's data folder
    Debian,
}

/// Reads the arguments. `Err` after clap has printed help, version or what is wrong.
pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Cli, Exit> {
    let mut arguments: Vec<OsString> = arguments.into_iter().collect();
    // Cargo runs `cargo-traverse traverse …` for `cargo traverse …`.
    if arguments.get(1).is_some_and(|first| first == "traverse") {
        arguments.remove(1);
    }
    Cli::try_parse_from(arguments).map_err(|error| {
        match error.print() {
            // A closed pipe while printing help is no error.
            Err(failed) if failed.kind() != std::io::ErrorKind::BrokenPipe => {
                return crate::report::stdout_failed(&failed);
            }
            _ => {}
        }
        match error.kind() {
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Exit::Success,
            _ => Exit::Usage,
        }
    })
}

const MAIN_HELP: &str = "\
Examples:
  cargo traverse new eligibility --template pricing
  cd eligibility
  cargo traverse build
  cargo traverse test
  echo '{\"customer\":{\"tier\":\"enterprise\"},\"cart\":{\"total\":120.0}}' | cargo traverse run

Exit codes:
  0      done
  1      the command failed, or a case or check failed
  2      wrong arguments
  3      only `test`: the package could not be built or loaded
  10-39  only `run`: see `cargo traverse run --help`";

const NEW_HELP: &str = "\
Examples:
  cargo traverse new eligibility --template pricing
  cargo traverse new rules/iban-check --template iban
  cargo traverse new greeting --name greeting-service

Exit codes:
  0  the project was written
  1  it was not: the folder is there already, the name is no name, a file cannot be written
  2  wrong arguments";

const BUILD_HELP: &str = "\
Examples:
  cargo traverse build
  cargo traverse build --offline
  cargo traverse build --locked
  cargo traverse build --verify
  cargo traverse build --check
  cargo traverse build --debug
  cargo traverse build --manifest-path rules/iban-check --message-format json

Exit codes:
  0  the artifact is there and up to date; with --check, everything is as it was built
  1  it could not be built; with --check, something is not
  2  wrong arguments";

const RUN_HELP: &str = "\
The result goes to stdout, and nothing else does. Without --input and --input-json the input is
read from stdin.

Examples:
  echo '{\"name\":\"Ada\"}' | cargo traverse run
  cargo traverse run artifacts/greeting.wasm --input request.json
  cargo traverse run made-with-another-tool.wasm --spec traverse.spec.toml --input request.json
  cargo traverse run artifacts/greeting.wasm --fuel 5000000000 --input request.json
  cargo traverse run rules/iban-check --input-json '{\"iban\":\"GB82 WEST 1234 5698 7654 32\"}'

Exit codes:
  0   result
  1   the command failed: no artifact, not WebAssembly, input cannot be read, …
  2   wrong arguments
  10  a declared exception
  20  the input was rejected: not one JSON value, or not of the input schema
  21  a precondition does not hold
  22  a postcondition does not hold, or the result is not of the output schema
  23  an invariant does not hold
  24  an exception was raised, or not raised, against its condition
  30  the artifact's digest is not the approved one
  31  the artifact has no contract, or not the approved one
  32  the artifact imports what is forbidden
  33  out of fuel
  34  out of memory
  35  the output is too large
  37  the output is not JSON, or does not go with the exit code
  38  the capability panicked or trapped";

const CHECK_HELP: &str = "\
Examples:
  cargo traverse check
  cargo traverse check --schema
  cargo traverse check --manifest-path rules/iban-check --message-format json

Exit codes:
  0  no errors
  1  errors, each shown with its place
  2  wrong arguments";

const EVAL_HELP: &str = "\
In a package the types are those of its spec. Elsewhere they come from the JSON given: a number
without fraction and exponent is an int, any other a number.

The language, in short:
  compare   == != < <= > >=   a in ['x', 'y']   key in map   x is string
  join      and, or, not, implies   condition ? a : b
  compute   + - * / %   double(n) * rate   list[0]   map['key']
  text      size(t)   t.startsWith('x')   endsWith   contains   matches
  elements  items.all(i, i.price > 0)   exists   exists_one   filter   map
  absent    has(user.email) implies size(user.email) > 3

Examples:
  cargo traverse eval '1 + 2 * 3'
  cargo traverse eval 'cart.total > 100.0' --input-json '{\"cart\":{\"total\":120.0}}'
  cargo traverse eval 'items.all(i, i.price > 0)' --input order.json --no-spec
  cargo traverse eval 'result.eligible implies total > 0' --input-json '{\"total\":5}' \\
    --output-json '{\"eligible\":true}'

Exit codes:
  0  it has a value, which may be false
  1  it has none: an error in the expression, in its types, in the documents, or in evaluation
  2  wrong arguments";

const INSPECT_HELP: &str = "\
The file is read, never run, and nothing beside it is looked at.

Examples:
  cargo traverse inspect artifacts/greeting.wasm
  cargo traverse inspect rules/iban-check
  cargo traverse inspect artifacts/greeting.wasm --message-format json

Exit codes:
  0  shown
  1  not there, not WebAssembly, or its contract is broken
  2  wrong arguments";

const DOCTOR_HELP: &str = "\
Examples:
  cargo traverse doctor
  cargo traverse doctor --message-format json

Exit codes:
  0  everything that `build` needs is there
  1  something is missing
  2  wrong arguments";

const TOOLCHAIN_HELP: &str = "\
Examples:
  cargo traverse toolchain show
  cargo traverse toolchain install
  cargo traverse toolchain install --from debian

Exit codes:
  0  the toolchain is there
  1  it is not, or could not be installed
  2  wrong arguments";
