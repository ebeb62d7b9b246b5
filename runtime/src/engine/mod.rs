//! The sandbox: the only module that names wasmtime.
//!
//! It turns bytes into compiled code once, and runs that code in a fresh store for every call: fuel, memory and output
//! metered, three host functions and nothing else within reach. It knows no contract and no JSON; what it returns is how
//! the run ended and what was written.

mod meter;
mod wasi;

use crate::error::Error;
use crate::limits::CallLimits;
use meter::Meter;
use wasmtime::{Config, Instance, InstancePre, Linker, Module, OperatorCost, OptLevel, Store, Trap};

/// The module that every permitted import comes from.
pub(crate) const WASI_MODULE: &str = "wasi_snapshot_preview1";
/// All that a guest may import (spec RUN-6).
pub(crate) const WASI_FUNCTIONS: [&str; 3] = ["fd_read", "fd_write", "proc_exit"];

/// What the guest's own calls may use of the host's stack.
const GUEST_STACK_BYTES: usize = 512 << 10;

/// Flat fuel cost of `memory.grow` and `table.grow`, which ask the operating system.
const GROW_FUEL: u8 = 200;

/// A compiler with deterministic settings.
#[derive(Clone)]
pub(crate) struct Engine {
    engine: wasmtime::Engine,
    linker: Linker<State>,
}

/// A module, compiled and linked, that can be run any number of times, from any thread.
pub(crate) struct Compiled {
    pre: InstancePre<State>,
}

/// What one run left behind.
#[derive(Debug)]
pub(crate) struct Run {
    /// How it ended.
    pub(crate) ending: Ending,
    /// What the guest wrote to stdout, never more than the limit.
    pub(crate) stdout: Vec<u8>,
    /// The last of what the guest wrote to stderr.
    pub(crate) stderr: Vec<u8>,
    /// Units of fuel.
    pub(crate) fuel_used: u64,
    /// The most linear memory that the guest held, in bytes.
    pub(crate) peak_memory_bytes: u64,
}

/// How a run ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// `_start` returned (0), or the guest called `proc_exit`.
    Exited(i32),
    /// The fuel was spent.
    OutOfFuel,
    /// A trap after the host had refused memory.
    OutOfMemory {
        /// What the guest would have held, in bytes.
        wanted_bytes: u64,
    },
    /// stdout grew past its limit.
    OutputOverflow,
    /// Any other trap, and its cause in the engine's words.
    Trapped(String),
}

/// What a store holds for the length of one call.
struct State {
    meter: Meter,
    stdio: wasi::Stdio,
}

impl Engine {
    pub(crate) fn new() -> Result<Engine, Error> {
        let failed = |error: wasmtime::Error| Error::EngineFailed { reason: one_line(&error) };
        let mut cost = OperatorCost::new();
        cost.MemoryGrow = GROW_FUEL;
        cost.TableGrow = GROW_FUEL;

        let mut config = Config::new();
        config
            .consume_fuel(true)
            .operator_cost(cost)
            .cranelift_opt_level(OptLevel::Speed)
            // The same bits on every host: one NaN, no instruction whose result the hardware chooses.
            .cranelift_nan_canonicalization(true)
            .wasm_relaxed_simd(false)
            .wasm_memory64(false)
            .wasm_multi_memory(false)
            .max_wasm_stack(GUEST_STACK_BYTES);
        let engine = wasmtime::Engine::new(&config).map_err(failed)?;
        let mut linker = Linker::new(&engine);
        wasi::add_to_linker(&mut linker).map_err(failed)?;
        Ok(Engine { engine, linker })
    }

    /// Compiles and links. The imports have been checked before; what is left to fail is their types, and the exports
    /// that a command must have.
    pub(crate) fn compile(&self, bytes: &[u8]) -> Result<Compiled, Error> {
        let module = Module::from_binary(&self.engine, bytes)
            .map_err(|error| Error::CompileFailed { reason: one_line(&error) })?;
        let link_failed = |reason: String| Error::LinkFailed { reason };
        match module.get_export("_start") {
            Some(export) => match export.func() {
                Some(start) if start.params().len() == 0 && start.results().len() == 0 => {}
                _ => {
                    return Err(link_failed(
                        "its export `_start` is not a function without parameters".into(),
                    ));
                }
            },
            None => return Err(link_failed("it exports no function `_start`".into())),
        }
        if module.get_export("memory").is_none_or(|export| export.memory().is_none()) {
            return Err(link_failed("it exports no memory named `memory`".into()));
        }
        let pre = self.linker.instantiate_pre(&module).map_err(|error| link_failed(one_line(&error)))?;
        Ok(Compiled { pre })
    }
}

impl Compiled {
    /// Runs the guest once, from its initial state, with `input` on stdin.
    pub(crate) fn run(&self, input: &[u8], limits: &CallLimits) -> Run {
        let state = State {
            meter: Meter::new(limits.memory_bytes),
            stdio: wasi::Stdio::new(input.to_vec(), limits.output_bytes),
        };
        let mut store = Store::new(self.pre.module().engine(), state);
        store.limiter(|state| &mut state.meter);
        let ended = store
            .set_fuel(limits.fuel)
            .and_then(|()| self.pre.instantiate(&mut store))
            .and_then(|instance| start(&mut store, &instance));
        let fuel_used = limits.fuel.saturating_sub(store.get_fuel().unwrap_or(0));
        let State { meter, stdio } = store.into_data();
        let ending = match ended {
            Ok(()) => Ending::Exited(0),
            Err(error) => ending(&error, &meter),
        };
        let (stdout, stderr) = stdio.into_written();
        Run { ending, stdout, stderr, fuel_used, peak_memory_bytes: meter.peak_bytes() }
    }
}

fn start(store: &mut Store<State>, instance: &Instance) -> wasmtime::Result<()> {
    instance.get_typed_func::<(), ()>(&mut *store, "_start")?.call(store, ())
}

/// Why the guest stopped. Spent fuel is told first: a guest may well run out of fuel after it was refused memory.
fn ending(error: &wasmtime::Error, meter: &Meter) -> Ending {
    if let Some(wasi::Exit(code)) = error.downcast_ref() {
        return Ending::Exited(*code);
    }
    if error.downcast_ref::<wasi::OutputOverflow>().is_some() {
        return Ending::OutputOverflow;
    }
    match (error.downcast_ref::<Trap>(), meter.refused_bytes()) {
        (Some(Trap::OutOfFuel), _) => Ending::OutOfFuel,
        (Some(Trap::StackOverflow), _) => Ending::Trapped("call stack exhausted".into()),
        (_, Some(wanted_bytes)) => Ending::OutOfMemory { wanted_bytes },
        (Some(trap), None) => {
            let cause = trap.to_string();
            Ending::Trapped(cause.strip_prefix("wasm trap: ").unwrap_or(&cause).to_owned())
        }
        (None, None) => Ending::Trapped(one_line(error)),
    }
}

/// The engine's error with its causes, on one line.
fn one_line(error: &wasmtime::Error) -> String {
    let text = format!("{error:#}");
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
