//! The sandbox: the only module that names wasmtime.
//!
//! It turns bytes into compiled code once, and runs that code in a fresh store for every call: fuel, memory and output
//! metered, three host functions and nothing else within reach. It knows no contract and no JSON; what it returns is how
//! the run ended and what was written.
//!
//! The three functions are there twice: `wasi` has our own, which charge fuel, and `reference` those of wasmtime-wasi.
//! [`Host`] chooses.

pub(crate) mod cache;
mod empty;
mod meter;
mod place;
mod pool;
mod reference;
mod shards;
mod stdio;
mod wasi;
pub(crate) mod watch;

use crate::error::Error;
use crate::frames::{Frame, MAX_FRAMES};
use crate::limits::CallLimits;
use cache::Cache;
use meter::{MAX_TABLES, Meter};
use place::{Filled, NoPlace, Places};
use shards::Shards;
pub(crate) use shards::thread_shard;
use std::sync::{Arc, OnceLock};
use stdio::{OutputOverflow, Written};
use wasmtime::{
    Config, Extern, FrameInfo, Func, Instance, InstancePre, Linker, Memory, Module, ModuleExport,
    PoolConcurrencyLimitError, Store, Trap, WasmBacktrace,
};
use watch::{Stopped, Watch};

/// The module that every permitted import comes from.
pub(crate) const WASI_MODULE: &str = "wasi_snapshot_preview1";
/// All that a guest may import (spec RUN-6).
pub(crate) const WASI_FUNCTIONS: [&str; 3] = ["fd_read", "fd_write", "proc_exit"];
/// What a module of another tool may import besides: the libraries of other languages ask these whether there is more than stdin and
/// stdout, and hear that there is nothing (spec RUN-21).
pub(crate) const EMPTY_FUNCTIONS: [&str; 8] = [
    "args_get",
    "args_sizes_get",
    "environ_get",
    "environ_sizes_get",
    "fd_close",
    "fd_fdstat_get",
    "fd_prestat_get",
    "fd_seek",
];

/// Whose `fd_read`, `fd_write` and `proc_exit` stand behind a guest's imports (spec RUN-16).
///
/// Whichever it is, a guest has the same three functions, the same limits on memory and output, and nothing else; one
/// that leaves stdin, stdout and its exit code to the SDK has the same outcome, as long as its fuel lasts. They differ in
/// what fuel pays for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Host {
    /// The runtime's own functions, over buffers in memory. Fuel pays for the guest's instructions and for every call,
    /// buffer and byte of the host's work (spec RUN-10), so that the fuel of a contract bounds the time of a call. The
    /// host for guests that are not trusted, and the default.
    #[default]
    Metered,
    /// Those of `wasmtime-wasi`, the reference implementation of WASI preview 1, with nothing granted: to compare with,
    /// or where that implementation is required.
    ///
    /// Fuel pays for the guest's instructions and its data only, and `fuel_used` counts nothing else. What the guest writes is held to
    /// a second budget of the same size, and what one call hands over to the memory limit. A call that writes nothing
    /// (a wrong descriptor, a long list of empty buffers) costs no more than the few instructions around it, however long
    /// the host works: a guest that means harm can keep a thread busy many times longer than its fuel suggests.
    ///
    /// In addresses outside memory, addresses that are not aligned, and exit codes above 125 the guest traps, where the
    /// runtime's own functions return an error number or report the code. A read or write takes the first buffer of its
    /// list that is not empty, and not all of them.
    WasmtimeWasi,
}

/// A compiler with deterministic settings.
#[derive(Clone)]
pub(crate) struct Engine {
    settings: Settings,
    /// Nothing where the builder wants no pool, or the system has no address space for one.
    pooled: Option<Arc<Shards>>,
    /// Made when it is needed: for modules that do not fit the pool.
    on_demand: Arc<OnceLock<Backend>>,
}

/// How engines are made.
#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) host: Host,
    /// So many calls at once have a place in a pool; 0 for none.
    pub(crate) places: u32,
    /// Whether a call can be stopped while it runs.
    pub(crate) stoppable: bool,
    pub(crate) cache: Option<Cache>,
}

/// An engine and the host's functions for it.
#[derive(Clone)]
struct Backend {
    engine: wasmtime::Engine,
    linker: HostLinker,
    /// Where the memory of its guests lies, if that is the runtime's business.
    places: Option<Arc<Places>>,
}

/// The functions of one [`Host`].
#[derive(Clone)]
enum HostLinker {
    Metered(Linker<State<wasi::Stdio>>),
    WasmtimeWasi(Linker<State<reference::Reference>>),
}

/// A module, compiled and linked, that can be run any number of times, from any thread.
pub(crate) struct Compiled {
    module: Module,
    filled: Filled,
    /// The compiled code, for the shards after the first.
    code: OnceLock<Option<Vec<u8>>>,
    shards: Option<Arc<Shards>>,
    /// The module in the first shard, or in the engine without shards.
    first: Port,
    /// In the other shards, where it is called there.
    others: Box<[OnceLock<Option<Port>>]>,
}

/// A module in one engine, linked.
struct Port {
    linked: Linked,
    exports: Exports,
    places: Option<Arc<Places>>,
}

/// Where the two exports are that a guest is run by.
#[derive(Clone, Copy)]
struct Exports {
    start: ModuleExport,
    memory: ModuleExport,
}

/// A module with the functions of one [`Host`].
enum Linked {
    Metered(InstancePre<State<wasi::Stdio>>),
    WasmtimeWasi(InstancePre<State<reference::Reference>>),
}

/// What one run left behind.
#[derive(Debug)]
pub(crate) struct Run {
    /// How it ended.
    pub(crate) ending: Ending,
    /// What it was in when it was stopped, the innermost call first; empty where it ended by itself.
    pub(crate) frames: Vec<Frame>,
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
    /// Every place of the pool is taken.
    Busy,
    /// Its time was over.
    OutOfTime,
    /// Its caller wanted it to end.
    Interrupted,
    /// stdout grew past its limit.
    OutputOverflow,
    /// Any other trap, and its cause in the engine's words.
    Trapped(String),
}

/// What a store holds for the length of one call.
struct State<W> {
    meter: Meter,
    wasi: W,
    /// The guest's memory, known from its instantiation on; before, its start function may call the host.
    memory: Option<Memory>,
}

impl Engine {
    pub(crate) fn new(settings: Settings) -> Result<Engine, Error> {
        let pooled = Shards::new(&settings).map(Arc::new);
        let engine = Engine { settings, pooled, on_demand: Arc::new(OnceLock::new()) };
        if engine.pooled.is_none() {
            engine.on_demand()?;
        }
        Ok(engine)
    }

    fn on_demand(&self) -> Result<&Backend, Error> {
        if let Some(backend) = self.on_demand.get() {
            return Ok(backend);
        }
        let backend = Backend::new(&self.settings, pool::on_demand(), None)
            .map_err(|error| Error::EngineFailed { reason: one_line(&error) })?;
        Ok(self.on_demand.get_or_init(|| backend))
    }

    /// Compiles and links. The imports have been checked before; what is left to fail is their types, and the exports
    /// that a command must have.
    pub(crate) fn compile(&self, bytes: &[u8]) -> Result<Compiled, Error> {
        if let Some(shards) = &self.pooled
            && let Some(first) = shards.get(0)
            && (first.places.is_some() || pool::has_room_for_tables(bytes))
            && let Ok(module) = self.module(&first.engine, bytes)
        {
            let filled = Filled::of(bytes);
            return first.link(&module).map(|port| Compiled::new(module, filled, Some(shards.clone()), port));
        }
        // A module that does not fit, or one that is none: this one's words count.
        let backend = self.on_demand()?;
        let module = self
            .module(&backend.engine, bytes)
            .map_err(|error| Error::CompileFailed { path: None, reason: one_line(&error) })?;
        backend.link(&module).map(|port| Compiled::new(module, Filled::Anything, None, port))
    }

    fn module(&self, engine: &wasmtime::Engine, bytes: &[u8]) -> wasmtime::Result<Module> {
        match &self.settings.cache {
            Some(cache) => cache.compile(engine, bytes),
            None => Module::from_binary(engine, bytes),
        }
    }
}

impl Backend {
    fn new(
        settings: &Settings,
        mut config: Config,
        places: Option<Arc<Places>>,
    ) -> wasmtime::Result<Backend> {
        config.epoch_interruption(settings.stoppable);
        let engine = wasmtime::Engine::new(&config)?;
        if settings.stoppable {
            watch::tick(&engine)?;
        }
        let linker = HostLinker::new(settings.host, &engine)?;
        Ok(Backend { engine, linker, places })
    }

    fn link(&self, module: &Module) -> Result<Port, Error> {
        let link_failed = |reason: String| Error::LinkFailed { path: None, reason };
        let exports = find_exports(module).map_err(link_failed)?;
        let tables = module.resources_required().num_tables as usize;
        if tables > MAX_TABLES {
            return Err(link_failed(format!("it has {tables} tables, and may have {MAX_TABLES}")));
        }
        let linked = match &self.linker {
            HostLinker::Metered(linker) => linker.instantiate_pre(module).map(Linked::Metered),
            HostLinker::WasmtimeWasi(linker) => {
                reference::check_imports(module).map_err(link_failed)?;
                linker.instantiate_pre(module).map(Linked::WasmtimeWasi)
            }
        };
        let linked = linked.map_err(|error| link_failed(one_line(&error)))?;
        Ok(Port { linked, exports, places: self.places.clone() })
    }
}

/// The exports that a command must have, or why it is none.
fn find_exports(module: &Module) -> Result<Exports, String> {
    match module.get_export("_start") {
        Some(export) => match export.func() {
            Some(start) if start.params().len() == 0 && start.results().len() == 0 => {}
            _ => return Err("its export `_start` is not a function without parameters".into()),
        },
        None => return Err("it exports no function `_start`".into()),
    }
    let no_memory = || "it exports no memory named `memory`".to_owned();
    if module.get_export("memory").is_none_or(|export| export.memory().is_none()) {
        return Err(no_memory());
    }
    let start = module.get_export_index("_start").ok_or("it exports no function `_start`")?;
    Ok(Exports { start, memory: module.get_export_index("memory").ok_or_else(no_memory)? })
}

impl HostLinker {
    fn new(host: Host, engine: &wasmtime::Engine) -> wasmtime::Result<HostLinker> {
        Ok(match host {
            Host::Metered => {
                let mut linker = Linker::new(engine);
                wasi::add_to_linker(&mut linker)?;
                HostLinker::Metered(linker)
            }
            Host::WasmtimeWasi => {
                let mut linker = Linker::new(engine);
                reference::add_to_linker(&mut linker)?;
                HostLinker::WasmtimeWasi(linker)
            }
        })
    }
}

impl Compiled {
    fn new(module: Module, filled: Filled, shards: Option<Arc<Shards>>, first: Port) -> Compiled {
        let count = shards.as_ref().map_or(1, |shards| shards.count());
        let others = (1..count).map(|_| OnceLock::new()).collect();
        Compiled { module, filled, code: OnceLock::new(), shards, first, others }
    }

    /// How many engines it may run in.
    pub(crate) fn shards(&self) -> usize {
        self.others.len() + 1
    }

    /// Runs the guest once, from its initial state, with `input` on stdin, in the calling thread's shard; where all places of that are
    /// taken, in another.
    ///
    /// `watch` is only looked at by an engine that was made stoppable, and must be given to one.
    pub(crate) fn run(&self, input: &[u8], limits: &CallLimits, watch: Option<Watch>) -> Run {
        let count = self.shards();
        let own = thread_shard(count);
        let run = self.port(own).run(self.filled, input, limits, watch.clone());
        if run.ending != Ending::Busy {
            return run;
        }
        let mut others = (1..count)
            .map(|step| self.port((own + step) % count).run(self.filled, input, limits, watch.clone()));
        others.find(|run| run.ending != Ending::Busy).unwrap_or(run)
    }

    /// The module in that shard; in the first, where it cannot be there.
    fn port(&self, index: usize) -> &Port {
        let other = index.checked_sub(1).and_then(|at| self.others.get(at));
        other.and_then(|port| port.get_or_init(|| self.open(index)).as_ref()).unwrap_or(&self.first)
    }

    fn open(&self, index: usize) -> Option<Port> {
        let backend = self.shards.as_ref()?.get(index)?;
        let code = self.code.get_or_init(|| self.module.serialize().ok()).as_ref()?;
        // SAFETY: an engine of this process with the same settings has compiled this, and nobody has touched it since.
        let module = unsafe { Module::deserialize(&backend.engine, code) }.ok()?;
        backend.link(&module).ok()
    }
}

const NO_ADDRESSES: &str = "the host has no address space for the memory of another guest";
const NO_MEMORY: &str = "the host has no memory for the guest, whose limit allows it";

impl Port {
    fn run(&self, filled: Filled, input: &[u8], limits: &CallLimits, watch: Option<Watch>) -> Run {
        // It outlives the store, which is made and dropped below.
        let taken = match self.places.as_ref().map(|places| places.take(filled)).transpose() {
            Ok(taken) => taken,
            Err(NoPlace::AllTaken) => return Run::of(Ending::Busy),
            Err(NoPlace::NoAddresses) => return Run::of(Ending::Trapped(NO_ADDRESSES.into())),
        };
        let mut run = match &self.linked {
            Linked::Metered(pre) => wasi::run(pre, self.exports, input, limits, watch),
            Linked::WasmtimeWasi(pre) => reference::run(pre, self.exports, input, limits, watch),
        };
        // Whatever the engine makes of a page that could not be had.
        if matches!(run.ending, Ending::Trapped(_)) && taken.is_some_and(|taken| taken.is_refused()) {
            run.ending = Ending::Trapped(NO_MEMORY.into());
        }
        run
    }
}

impl Run {
    /// One that ended before it began.
    fn of(ending: Ending) -> Run {
        Run {
            ending,
            frames: Vec::new(),
            stdout: Vec::new(),
            stderr: Vec::new(),
            fuel_used: 0,
            peak_memory_bytes: 0,
        }
    }
}

/// A fresh store, its memory metered.
fn new_store<W: 'static>(
    pre: &InstancePre<State<W>>,
    wasi: W,
    limits: &CallLimits,
    watch: Option<Watch>,
) -> Store<State<W>> {
    let state = State { meter: Meter::new(limits.memory_bytes), wasi, memory: None };
    let mut store = Store::new(pre.module().engine(), state);
    store.limiter(|state| &mut state.meter);
    place::watch(&mut store);
    if let Some(watch) = watch {
        watch.arm(&mut store);
    }
    store
}

/// The function to call, which `find_exports` has found to have neither parameters nor results, after the memory has been
/// noted for the host's functions.
fn start<W: 'static>(
    store: &mut Store<State<W>>,
    instance: &Instance,
    exports: Exports,
) -> wasmtime::Result<Func> {
    let missing = || wasmtime::Error::msg("an export is gone");
    let memory = instance.get_module_export(&mut *store, &exports.memory).and_then(Extern::into_memory);
    store.data_mut().memory = Some(memory.ok_or_else(missing)?);
    let start = instance.get_module_export(&mut *store, &exports.start).and_then(Extern::into_func);
    start.ok_or_else(missing)
}

/// What a run left behind in its store.
fn finish<W>(
    store: Store<State<W>>,
    ended: wasmtime::Result<()>,
    limits: &CallLimits,
    written: impl FnOnce(W) -> Written,
) -> Run {
    let fuel_used = limits.fuel.saturating_sub(store.get_fuel().unwrap_or(0));
    let State { meter, wasi, .. } = store.into_data();
    let (ending, frames) = match ended {
        Ok(()) => (Ending::Exited(0), Vec::new()),
        Err(error) => match ending(&error, &meter) {
            exited @ Ending::Exited(_) => (exited, Vec::new()),
            stopped => (stopped, frames(&error)),
        },
    };
    let (stdout, stderr) = written(wasi).into_parts();
    Run { ending, frames, stdout, stderr, fuel_used, peak_memory_bytes: meter.peak_bytes() }
}

fn frames(error: &wasmtime::Error) -> Vec<Frame> {
    let Some(backtrace) = error.downcast_ref::<WasmBacktrace>() else { return Vec::new() };
    let frame = |frame: &FrameInfo| Frame {
        function: frame.func_name().map(str::to_owned),
        offset: frame.module_offset().map(|offset| offset as u64),
    };
    backtrace.frames().iter().take(MAX_FRAMES).map(frame).collect()
}

/// Why the guest stopped. Spent fuel is told first: a guest may well run out of fuel after it was refused memory.
fn ending(error: &wasmtime::Error, meter: &Meter) -> Ending {
    if let Some(code) = wasi::exit_code(error).or_else(|| reference::exit_code(error)) {
        return Ending::Exited(code);
    }
    if error.downcast_ref::<PoolConcurrencyLimitError>().is_some() {
        return Ending::Busy;
    }
    match error.downcast_ref::<Stopped>() {
        Some(Stopped::Time) => return Ending::OutOfTime,
        Some(Stopped::Interrupted) => return Ending::Interrupted,
        None => {}
    }
    if error.downcast_ref::<OutputOverflow>().is_some() {
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
        // A host function's own error: its cause alone, without the guest's backtrace.
        (None, None) => Ending::Trapped(error.root_cause().to_string()),
    }
}

/// The engine's error with its causes, on one line.
fn one_line(error: &wasmtime::Error) -> String {
    let text = format!("{error:#}");
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
