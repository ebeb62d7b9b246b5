//! Makes warm calls when it is asked to, and says what they take: for benchmarks that measure something else beside it.
//!
//! ```text
//! warm PACKAGE
//! ```
//!
//! The first line of stdin is the input; the result is printed. Each further line is a number of calls; the microseconds of one
//! of them are printed.

use std::hint::black_box;
use std::io::{BufRead, Write};
use std::process::ExitCode;
use std::time::Instant;
use traverse_runtime::Runtime;

fn main() -> ExitCode {
    match serve() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve() -> Result<(), Box<dyn std::error::Error>> {
    let package = std::env::args_os().nth(1).ok_or("usage: warm PACKAGE")?;
    let capability = Runtime::new()?.load_package(package.as_ref())?;
    let mut lines = std::io::stdin().lock().lines();
    let input = lines.next().ok_or("no input")??;
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(&capability.call(input.as_bytes())?.stdout)?;
    writeln!(stdout)?;
    stdout.flush()?;
    for line in lines {
        let calls: u32 = line?.parse()?;
        let began = Instant::now();
        for _ in 0..calls {
            if capability.call(black_box(input.as_bytes()))?.trace.outcome != "result" {
                return Err("a measured call failed".into());
            }
        }
        writeln!(stdout, "{:.4}", began.elapsed().as_secs_f64() * 1e6 / f64::from(calls))?;
        stdout.flush()?;
    }
    Ok(())
}
