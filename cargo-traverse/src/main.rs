//! The `cargo traverse` command: arguments → command → report. The only crate that prints, and only in [`report`].

mod agreement;
mod approval;
mod args;
mod breach;
mod cases;
mod change;
mod commands;
mod editor;
mod engine;
mod error;
mod exit;
mod facts;
mod guest;
mod json_schema;
mod layout;
mod manifest_edit;
mod probe;
mod project;
mod reader;
mod report;
mod sizes;
mod spec_file;
mod toolchain;
mod vendor;
mod write;

use args::{Cli, Command, ToolchainCommand};
use commands::Context;
use report::Terminal;
use std::process::ExitCode;

fn main() -> ExitCode {
    if let Some(code) = guest::link::run_if_linking() {
        return code;
    }
    if let Some(code) = guest::wrapper::run_if_wrapping() {
        return code;
    }
    let cli = match args::parse(std::env::args_os()) {
        Ok(cli) => cli,
        Err(exit) => return exit.into(),
    };
    dispatch(cli).into()
}

/// Runs the command and prints what it returns. Each arm is one library call.
fn dispatch(cli: Cli) -> exit::Exit {
    let Cli { command, global } = cli;
    let context =
        Context { terminal: Terminal::new(global.message_format), manifest_path: global.manifest_path };
    let terminal = &context.terminal;
    match command {
        Command::New(args) => terminal.finish(commands::new::execute(&args, &context)),
        Command::Build(args) if args.check => terminal.finish(commands::build::belong::execute(&context)),
        Command::Build(args) => terminal.finish(commands::build::execute(&args, &context)),
        Command::Test(args) => terminal.finish(commands::test::execute(&args, &context)),
        Command::Run(args) => terminal.finish(commands::run::execute(&args, &context)),
        Command::Check(args) => terminal.finish(commands::check::execute(&args, &context)),
        Command::Diff(args) => terminal.finish(commands::diff::execute(&args, &context)),
        Command::Approve(args) => terminal.finish(commands::approve::execute(&args, &context)),
        Command::Eval(args) => terminal.finish(commands::eval::execute(&args, &context)),
        Command::Explain(args) => terminal.finish(commands::explain::execute(&args, &context)),
        Command::Fmt(args) => terminal.finish(commands::fmt::execute(&args, &context)),
        Command::Inspect(args) => terminal.finish(commands::inspect::execute(&args, &context)),
        Command::Verify(args) => terminal.finish(commands::verify::execute(&args, &context)),
        Command::Size(args) => terminal.finish(commands::size::execute(&args, &context)),
        Command::Schema(args) => terminal.finish(commands::schema::execute(&args, &context)),
        Command::Doctor(args) => terminal.finish(commands::doctor::execute(&args, &context)),
        Command::Cache(args) => terminal.finish(commands::cache::execute(&args)),
        Command::Toolchain(args) => match args.command {
            ToolchainCommand::Install(args) => terminal.finish(commands::toolchain::install(&args, &context)),
            ToolchainCommand::Show(args) => terminal.finish(commands::toolchain::show(&args, &context)),
        },
    }
}
