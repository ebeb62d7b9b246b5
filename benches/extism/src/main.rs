//! The pricing rule as a plugin of Extism: a fresh plugin for each call, and one that is used again, beside a warm call of
//! Traverse, whose process this one starts and asks. Told as ratios, all of it in one run.
//!
//! ```text
//! traverse-bench-extism PLUGIN.wasm WARM PACKAGE
//! ```
//!
//! `PLUGIN.wasm` is made of `guest/`, `WARM` is the example `warm` of the runtime, `PACKAGE` the pricing template, built.
//! `scripts/measure-runtime.sh --extism` makes all three.

use extism::{CompiledPlugin, Manifest, Plugin, PluginBuilder, Wasm};
use std::hint::black_box;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitCode, Stdio};
use std::time::Instant;

const INPUT: &str = r#"{"customer":{"tier":"enterprise"},"cart":{"total":120.0}}"#;
const FUNCTION: &str = "eligibility_check";

type Failed = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [plugin, warm, package] = arguments.as_slice() else {
        eprintln!("usage: traverse-bench-extism PLUGIN.wasm WARM PACKAGE");
        return ExitCode::from(2);
    };
    match measure(plugin, warm, package) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn measure(plugin: &str, warm: &str, package: &str) -> Result<(), Failed> {
    let manifest = Manifest::new([Wasm::data(std::fs::read(plugin)?)]);
    let compiled = CompiledPlugin::new(PluginBuilder::new(manifest).with_wasi(true))?;
    let mut reused = Plugin::new_from_compiled(&compiled)?;
    let result: String = reused.call(FUNCTION, INPUT)?;
    let mut traverse = Warm::start(warm, package)?;
    if !same(&result, &traverse.result) {
        return Err(format!("the plugin says {result}, and the capability {}", traverse.result).into());
    }

    // Side by side, so that what else the machine does is done to each; fresh plugins apart from the one that is used again,
    // whose caches they would empty.
    let (mut again, mut beside_again) = (Vec::new(), Vec::new());
    for _ in 0..400 {
        again.push(time(50, || Ok(!reused.call::<_, &str>(FUNCTION, black_box(INPUT))?.is_empty()))?);
        beside_again.push(traverse.time(50)?);
    }
    let (mut fresh, mut beside_fresh) = (Vec::new(), Vec::new());
    for _ in 0..100 {
        fresh.push(time(5, || {
            let mut plugin = Plugin::new_from_compiled(&compiled)?;
            Ok(!plugin.call::<_, &str>(FUNCTION, black_box(INPUT))?.is_empty())
        })?);
        beside_fresh.push(traverse.time(50)?);
    }
    for (what, times, beside, goal) in [
        ("a fresh plugin for each call, compiled before", fresh, beside_fresh, 40.0),
        ("one plugin used again, its memory with it", again, beside_again, 1.0),
    ] {
        let (time, warm) = (median(times), median(beside));
        let ratio = time / warm;
        let met = if ratio >= goal { "met" } else { "NOT MET" };
        println!(
            "Extism, {what}: {time:.2} µs; beside it a warm call of Traverse, contract on both sides, trace: {warm:.2} µs: \
             {ratio:.2} times as long (goal: at least {goal}): {met}"
        );
    }
    Ok(())
}

/// Two texts of an object whose properties may be in another order.
fn same(one: &str, other: &str) -> bool {
    let parts = |text: &str| {
        let mut parts: Vec<String> =
            text.trim().trim_matches(['{', '}']).split(',').map(str::to_owned).collect();
        parts.sort();
        parts
    };
    parts(one) == parts(other)
}

/// The other process, which has the capability loaded and waits to be asked.
struct Warm {
    child: Child,
    ask: ChildStdin,
    answers: BufReader<ChildStdout>,
    result: String,
}

impl Warm {
    fn start(program: &str, package: &str) -> Result<Warm, Failed> {
        let mut child =
            Command::new(program).arg(package).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let (Some(mut ask), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
            return Err("no pipe to the other process".into());
        };
        writeln!(ask, "{INPUT}")?;
        let mut warm = Warm { child, ask, answers: BufReader::new(answers), result: String::new() };
        warm.result = warm.line()?;
        Ok(warm)
    }

    /// Microseconds of one call, taken over `calls` of them.
    fn time(&mut self, calls: u32) -> Result<f64, Failed> {
        writeln!(self.ask, "{calls}")?;
        Ok(self.line()?.trim().parse()?)
    }

    fn line(&mut self) -> Result<String, Failed> {
        let mut line = String::new();
        if self.answers.read_line(&mut line)? == 0 {
            return Err("the other process ended".into());
        }
        Ok(line)
    }
}

impl Drop for Warm {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Microseconds of one call, taken over `calls` of them. Every one must say that it went well.
fn time(calls: u32, mut call: impl FnMut() -> Result<bool, extism::Error>) -> Result<f64, Failed> {
    let began = Instant::now();
    for _ in 0..calls {
        if !call()? {
            return Err("a measured call failed".into());
        }
    }
    Ok(began.elapsed().as_secs_f64() * 1e6 / f64::from(calls))
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
