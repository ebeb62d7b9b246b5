//! The same three functions from wasmtime-wasi, the reference implementation of WASI preview 1, with nothing granted.
//!
//! Its functions are asynchronous. Here they never have to wait, because every stream is a buffer in memory that is
//! always ready: one poll runs a guest from its start to its end, on the calling thread, with no executor anywhere. The
//! synchronous variants would start one, and panic inside a task of another.
//!
//! What this host does for a guest is not paid for in the guest's fuel. Two bounds stand in for that: the bytes that one
//! call may hand over ([`Store::set_hostcall_fuel`]), and a second budget, as large as the first, for what is written.
//! Calls that write nothing are bounded one by one and not in sum; see [`Host`](super::Host).

use super::stdio::Written;
use super::wasi::{BYTE_FUEL, CALL_FUEL};
use super::watch::Watch;
use super::{EMPTY_FUNCTIONS, Exports, Run, WASI_FUNCTIONS, WASI_MODULE};
use crate::limits::CallLimits;
use bytes::Bytes;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::io::AsyncWrite;
use wasmtime::{InstancePre, Linker, Module, Trap};
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};
use wasmtime_wasi::p1::{self, WasiP1Ctx};
use wasmtime_wasi::p2::pipe::{MemoryInputPipe, MemoryOutputPipe};
use wasmtime_wasi::p2::{OutputStream, Pollable, StreamError, StreamResult};
use wasmtime_wasi::runtime::poll_noop;
use wasmtime_wasi::{I32Exit, WasiCtxBuilder, async_trait};

/// The most that one write is handed; wasmtime-wasi itself hands over 4 KiB at a time.
const WRITE_BYTES: usize = 64 << 10;

/// wasmtime-wasi's state of one call, and where its streams lead.
pub(super) struct Reference {
    context: WasiP1Ctx,
    sink: Arc<Mutex<Sink>>,
}

type State = super::State<Reference>;

/// Where stdout and stderr of one call end up.
struct Sink {
    written: Written,
    /// Units of fuel that are left for writing.
    fuel: u64,
}

/// One of the two streams into a [`Sink`].
#[derive(Clone)]
struct Stream {
    sink: Arc<Mutex<Sink>>,
    descriptor: Descriptor,
}

#[derive(Clone, Copy)]
enum Descriptor {
    Stdout,
    Stderr,
}

pub(super) fn add_to_linker(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    p1::add_to_linker_async(linker, |state| &mut state.wasi.context)
}

/// The linker holds all of preview 1: what no guest may import is not linked even so (spec RUN-6, RUN-21).
pub(super) fn check_imports(module: &Module) -> Result<(), String> {
    let known = |name: &str| WASI_FUNCTIONS.contains(&name) || EMPTY_FUNCTIONS.contains(&name);
    match module.imports().find(|import| import.module() != WASI_MODULE || !known(import.name())) {
        None => Ok(()),
        Some(import) => Err(format!("unknown import `{}.{}`", import.module(), import.name())),
    }
}

/// Runs the guest once on the calling thread.
pub(super) fn run(
    pre: &InstancePre<State>,
    exports: Exports,
    input: &[u8],
    limits: &CallLimits,
    watch: Option<Watch>,
) -> Run {
    let sink = Sink { written: Written::new(limits.output_bytes), fuel: limits.fuel };
    let sink = Arc::new(Mutex::new(sink));
    let context = WasiCtxBuilder::new()
        .stdin(MemoryInputPipe::new(input.to_vec()))
        .stdout(Stream { sink: sink.clone(), descriptor: Descriptor::Stdout })
        .stderr(Stream { sink: sink.clone(), descriptor: Descriptor::Stderr })
        .build_p1();
    let mut store = super::new_store(pre, Reference { context, sink }, limits, watch);
    // What a call hands over lies in the guest's memory, list of buffers and buffer side by side.
    store.set_hostcall_fuel(usize::try_from(limits.memory_bytes).unwrap_or(usize::MAX));
    let ended = poll_noop(pin!(async {
        store.set_fuel(limits.fuel)?;
        let instance = pre.instantiate_async(&mut store).await?;
        let start = super::start(&mut store, &instance, exports)?;
        start.typed::<(), ()>(&store)?.call_async(&mut store, ()).await
    }));
    // Unreachable: no stream ever waits.
    let ended = ended.unwrap_or_else(|| Err(wasmtime::Error::msg("the host was not ready")));
    super::finish(store, ended, limits, |reference| std::mem::take(&mut lock(&reference.sink).written))
}

/// The code that the guest gave to `proc_exit`, if that is how it ended.
pub(super) fn exit_code(error: &wasmtime::Error) -> Option<i32> {
    error.downcast_ref().map(|I32Exit(code)| *code)
}

fn lock(sink: &Mutex<Sink>) -> MutexGuard<'_, Sink> {
    sink.lock().unwrap_or_else(PoisonError::into_inner)
}

impl OutputStream for Stream {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        let mut sink = lock(&self.sink);
        let cost = CALL_FUEL + bytes.len() as u64 * BYTE_FUEL;
        sink.fuel = sink.fuel.checked_sub(cost).ok_or_else(|| StreamError::Trap(Trap::OutOfFuel.into()))?;
        match self.descriptor {
            Descriptor::Stdout => {
                sink.written.write_stdout(&bytes).map_err(|overflow| StreamError::Trap(overflow.into()))
            }
            Descriptor::Stderr => {
                sink.written.write_stderr(&bytes);
                Ok(())
            }
        }
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        Ok(WRITE_BYTES)
    }
}

#[async_trait]
impl Pollable for Stream {
    async fn ready(&mut self) {}
}

impl IsTerminal for Stream {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdoutStream for Stream {
    fn p2_stream(&self) -> Box<dyn OutputStream> {
        Box::new(self.clone())
    }

    /// Preview 1 never asks for this one; it takes nothing.
    fn async_stream(&self) -> Box<dyn AsyncWrite + Send + Sync> {
        MemoryOutputPipe::new(0).async_stream()
    }
}
