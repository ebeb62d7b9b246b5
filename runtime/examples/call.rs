//! Calls a capability with what stands on stdin, as an application would that embeds the runtime.
//!
//! ```text
//! echo '{"customer":{"tier":"enterprise"},"cart":{"total":120.0}}' | cargo run --example call -- PACKAGE_OR_WASM
//! ```

use std::io::Read;
use std::path::PathBuf;
use std::process::ExitCode;
use traverse_runtime::{Error, Runtime};

fn main() -> ExitCode {
    let Some(path) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("usage: call PACKAGE_OR_WASM < input.json");
        return ExitCode::from(2);
    };
    let mut input = Vec::new();
    if let Err(error) = std::io::stdin().lock().read_to_end(&mut input) {
        eprintln!("error: stdin cannot be read: {error}");
        return ExitCode::FAILURE;
    }
    match call(&path, &input) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error[{}]: {error}\n  = help: {}", error.code(), error.help());
            ExitCode::FAILURE
        }
    }
}

fn call(path: &std::path::Path, input: &[u8]) -> Result<ExitCode, Error> {
    // A host of its own may allow less than the contract asks for.
    let runtime = Runtime::builder().max_fuel(100_000_000).build()?;
    let capability = if path.is_dir() { runtime.load_package(path)? } else { runtime.load_module(path)? };
    let call = capability.call(input)?;
    println!("{}", call.outcome.to_stdout());
    eprintln!("{} units of fuel, {} bytes of memory", call.trace.fuel_used, call.trace.peak_memory_bytes);
    // Outcomes have exit codes from 0 to 24.
    Ok(ExitCode::from(u8::try_from(call.outcome.exit_code()).unwrap_or(1)))
}
