//! The three functions of `wasi_snapshot_preview1` that a guest may import, over buffers in memory.
//!
//! There is nothing behind them: no descriptor but 0, 1 and 2, no table of files, no executor, no clock. What the host
//! does on a guest's behalf is paid for in fuel (spec RUN-10), so that fuel bounds the work of a call and not only the
//! guest's own part of it.

use super::place;
use super::stdio::Written;
use super::watch::Watch;
use super::{Exports, Run, WASI_FUNCTIONS, WASI_MODULE};
use crate::limits::CallLimits;
use std::fmt;
use wasmtime::{Caller, Extern, InstancePre, Linker, Trap};

/// Fuel for one call of a host function.
pub(super) const CALL_FUEL: u64 = 100;
/// Fuel for one buffer of a scattered read or gathered write.
const BUFFER_FUEL: u64 = 2;
/// Fuel for one byte moved.
pub(super) const BYTE_FUEL: u64 = 1;

pub(super) const SUCCESS: i32 = 0;
pub(super) const BADF: i32 = 8;
pub(super) const FAULT: i32 = 21;

/// The guest called `proc_exit`.
#[derive(Debug)]
struct Exit(i32);

impl fmt::Display for Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "exit with code {}", self.0)
    }
}

impl std::error::Error for Exit {}

/// What stands on stdin, and what was written.
pub(super) struct Stdio {
    input: Vec<u8>,
    input_read: usize,
    written: Written,
    /// A bit for each descriptor that the guest has closed.
    closed: u8,
}

impl Stdio {
    pub(super) fn is_open(&self, fd: i32) -> bool {
        (0..3).contains(&fd) && self.closed & (1 << fd) == 0
    }

    /// Whether it was open.
    pub(super) fn close(&mut self, fd: i32) -> bool {
        let was_open = self.is_open(fd);
        if was_open {
            self.closed |= 1 << fd;
        }
        was_open
    }
}

type State = super::State<Stdio>;

/// Runs the guest once on the calling thread.
pub(super) fn run(
    pre: &InstancePre<State>,
    exports: Exports,
    input: &[u8],
    limits: &CallLimits,
    watch: Option<Watch>,
) -> Run {
    let stdio =
        Stdio { input: input.to_vec(), input_read: 0, written: Written::new(limits.output_bytes), closed: 0 };
    let mut store = super::new_store(pre, stdio, limits, watch);
    let ended = store.set_fuel(limits.fuel).and_then(|()| pre.instantiate(&mut store)).and_then(|instance| {
        let start = super::start(&mut store, &instance, exports)?;
        // SAFETY: it has no parameters and no results. To ask for its type counts references, on every call.
        unsafe { start.call_unchecked(&mut store, &mut []) }
    });
    super::finish(store, ended, limits, |stdio| stdio.written)
}

/// The code that the guest gave to `proc_exit`, if that is how it ended.
pub(super) fn exit_code(error: &wasmtime::Error) -> Option<i32> {
    error.downcast_ref().map(|Exit(code)| *code)
}

pub(super) fn add_to_linker(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    let [read, write, exit] = WASI_FUNCTIONS;
    linker.func_wrap(WASI_MODULE, read, fd_read)?;
    linker.func_wrap(WASI_MODULE, write, fd_write)?;
    linker.func_wrap(WASI_MODULE, exit, proc_exit)?;
    super::empty::add_to_linker(linker)
}

fn proc_exit(_caller: Caller<'_, State>, code: i32) -> wasmtime::Result<()> {
    Err(Exit(code).into())
}

/// Fills the guest's buffers from stdin, in order; zero bytes at the end.
fn fd_read(
    mut caller: Caller<'_, State>,
    fd: i32,
    buffers: i32,
    buffer_count: i32,
    read_to: i32,
) -> wasmtime::Result<i32> {
    charge(&mut caller, call_fuel(buffer_count))?;
    if fd != 0 {
        return Ok(BADF);
    }
    let (memory, stdio) = memory_and_stdio(&mut caller)?;
    if !stdio.is_open(fd) {
        return Ok(BADF);
    }
    reach_buffers(buffers, buffer_count, read_to)?;
    let input = &stdio.input[stdio.input_read..];
    let mut read = 0;
    let mut faulty = false;
    for index in 0..buffer_count as u32 {
        if read == input.len() {
            break;
        }
        let range = buffer(memory, buffers, index);
        place::reach(range.clone().unwrap_or_default())?;
        let target = range.and_then(|range| memory.get_mut(range));
        let Some(target) = target else {
            faulty = true;
            break;
        };
        let part = target.len().min(input.len() - read);
        target[..part].copy_from_slice(&input[read..read + part]);
        read += part;
    }
    if faulty || !put_u32(memory, read_to, read as u32) {
        return Ok(FAULT);
    }
    stdio.input_read += read;
    charge(&mut caller, read as u64 * BYTE_FUEL)?;
    Ok(SUCCESS)
}

/// Takes the guest's buffers in order, whole, to stdout or stderr.
fn fd_write(
    mut caller: Caller<'_, State>,
    fd: i32,
    buffers: i32,
    buffer_count: i32,
    written_to: i32,
) -> wasmtime::Result<i32> {
    charge(&mut caller, call_fuel(buffer_count))?;
    if fd != 1 && fd != 2 {
        return Ok(BADF);
    }
    // Lengths first: the bytes are paid for before they are copied.
    let (memory, stdio) = memory_and_stdio(&mut caller)?;
    if !stdio.is_open(fd) {
        return Ok(BADF);
    }
    reach_buffers(buffers, buffer_count, written_to)?;
    let mut total: u64 = 0;
    for index in 0..buffer_count as u32 {
        match buffer(memory, buffers, index) {
            Some(range) if range.end <= memory.len() => total += range.len() as u64,
            _ => return Ok(FAULT),
        }
    }
    let Ok(written) = u32::try_from(total) else { return Ok(FAULT) };
    charge(&mut caller, total * BYTE_FUEL)?;

    let (memory, stdio) = memory_and_stdio(&mut caller)?;
    for index in 0..buffer_count as u32 {
        let range = buffer(memory, buffers, index);
        place::reach(range.clone().unwrap_or_default())?;
        let Some(bytes) = range.and_then(|range| memory.get(range)) else {
            return Ok(FAULT);
        };
        if fd == 1 {
            stdio.written.write_stdout(bytes)?;
        } else {
            stdio.written.write_stderr(bytes);
        }
    }
    Ok(if put_u32(memory, written_to, written) { SUCCESS } else { FAULT })
}

/// Has the list of buffers at hand, and the place of what came of them.
fn reach_buffers(buffers: i32, buffer_count: i32, result: i32) -> wasmtime::Result<()> {
    let start = buffers as u32 as usize;
    place::reach(start..start.saturating_add(buffer_count as u32 as usize * 8))?;
    let result = result as u32 as usize;
    place::reach(result..result.saturating_add(4))
}

fn call_fuel(buffer_count: i32) -> u64 {
    CALL_FUEL + u64::from(buffer_count as u32) * BUFFER_FUEL
}

pub(super) fn charge(caller: &mut Caller<'_, State>, fuel: u64) -> wasmtime::Result<()> {
    match caller.get_fuel()?.checked_sub(fuel) {
        Some(left) => caller.set_fuel(left),
        None => {
            caller.set_fuel(0)?;
            Err(Trap::OutOfFuel.into())
        }
    }
}

pub(super) fn memory_and_stdio<'a>(
    caller: &'a mut Caller<'_, State>,
) -> wasmtime::Result<(&'a mut [u8], &'a mut Stdio)> {
    let memory = match caller.data().memory {
        Some(memory) => memory,
        // A start function, which runs before the memory is noted.
        None => match caller.get_export("memory") {
            Some(Extern::Memory(memory)) => memory,
            // Unreachable: a module without this export is refused when it is linked.
            _ => return Err(wasmtime::Error::msg("no export `memory`")),
        },
    };
    let (bytes, state) = memory.data_and_store_mut(caller);
    Ok((bytes, &mut state.wasi))
}

/// The guest's `index`th buffer: an address and a length, four bytes each.
fn buffer(memory: &[u8], buffers: i32, index: u32) -> Option<std::ops::Range<usize>> {
    let entry = (buffers as u32 as usize).checked_add(index as usize * 8)?;
    let address = get_u32(memory, entry)? as usize;
    let length = get_u32(memory, entry + 4)? as usize;
    Some(address..address.checked_add(length)?)
}

fn get_u32(memory: &[u8], address: usize) -> Option<u32> {
    let bytes = memory.get(address..address.checked_add(4)?)?;
    Some(u32::from_le_bytes(bytes.try_into().ok()?))
}

#[must_use]
fn put_u32(memory: &mut [u8], address: i32, value: u32) -> bool {
    put(memory, address, &value.to_le_bytes())
}

/// Whether they lie in memory.
#[must_use]
pub(super) fn put(memory: &mut [u8], address: i32, bytes: &[u8]) -> bool {
    let address = address as u32 as usize;
    match memory.get_mut(address..address.saturating_add(bytes.len())) {
        Some(place) => {
            place.copy_from_slice(bytes);
            true
        }
        None => false,
    }
}
