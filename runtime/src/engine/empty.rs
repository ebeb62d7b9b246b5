//! What a module of another tool may import besides the three functions (spec RUN-21): answers that there is nothing. No
//! argument, no variable, no folder; three descriptors, none of which is a terminal or a file, and each of which can be closed.

use super::place;
use super::wasi::{BADF, CALL_FUEL, FAULT, SUCCESS, Stdio, charge, memory_and_stdio, put};
use super::{EMPTY_FUNCTIONS, WASI_MODULE};
use wasmtime::{Caller, Linker};

type State = super::State<Stdio>;
type Answer = wasmtime::Result<i32>;

const SPIPE: i32 = 70;
/// `fd_read` and `fd_write` among the rights of preview 1.
const MAY_READ: u64 = 1 << 1;
const MAY_WRITE: u64 = 1 << 6;

pub(super) fn add_to_linker(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    let [
        args_get,
        args_sizes_get,
        environ_get,
        environ_sizes_get,
        fd_close,
        fd_fdstat_get,
        fd_prestat_get,
        fd_seek,
    ] = EMPTY_FUNCTIONS;
    linker.func_wrap(WASI_MODULE, args_get, nothing)?;
    linker.func_wrap(WASI_MODULE, args_sizes_get, no_sizes)?;
    linker.func_wrap(WASI_MODULE, environ_get, nothing)?;
    linker.func_wrap(WASI_MODULE, environ_sizes_get, no_sizes)?;
    linker.func_wrap(WASI_MODULE, fd_close, close)?;
    linker.func_wrap(WASI_MODULE, fd_fdstat_get, fdstat)?;
    linker.func_wrap(WASI_MODULE, fd_prestat_get, prestat)?;
    linker.func_wrap(WASI_MODULE, fd_seek, seek)?;
    Ok(())
}

/// Arguments or variables, of which there are none.
fn nothing(mut caller: Caller<'_, State>, _pointers: i32, _texts: i32) -> Answer {
    charge(&mut caller, CALL_FUEL)?;
    Ok(SUCCESS)
}

/// Their number, and the bytes that they take.
fn no_sizes(mut caller: Caller<'_, State>, number_to: i32, bytes_to: i32) -> Answer {
    charge(&mut caller, CALL_FUEL)?;
    for to in [number_to, bytes_to] {
        place::reach(to as u32 as usize..(to as u32 as usize).saturating_add(4))?;
    }
    let (memory, _) = memory_and_stdio(&mut caller)?;
    Ok(if put(memory, number_to, &[0; 4]) && put(memory, bytes_to, &[0; 4]) { SUCCESS } else { FAULT })
}

fn close(mut caller: Caller<'_, State>, fd: i32) -> Answer {
    charge(&mut caller, CALL_FUEL)?;
    let (_, stdio) = memory_and_stdio(&mut caller)?;
    Ok(if stdio.close(fd) { SUCCESS } else { BADF })
}

/// Of no known kind, without flags; may be read from, or written to.
fn fdstat(mut caller: Caller<'_, State>, fd: i32, stat_to: i32) -> Answer {
    charge(&mut caller, CALL_FUEL)?;
    let (memory, stdio) = memory_and_stdio(&mut caller)?;
    if !stdio.is_open(fd) {
        return Ok(BADF);
    }
    place::reach(stat_to as u32 as usize..(stat_to as u32 as usize).saturating_add(24))?;
    let rights = if fd == 0 { MAY_READ } else { MAY_WRITE }.to_le_bytes();
    let mut stat = [0; 24];
    stat[8..16].copy_from_slice(&rights);
    stat[16..].copy_from_slice(&rights);
    Ok(if put(memory, stat_to, &stat) { SUCCESS } else { FAULT })
}

/// No descriptor is a folder.
fn prestat(mut caller: Caller<'_, State>, _fd: i32, _prestat_to: i32) -> Answer {
    charge(&mut caller, CALL_FUEL)?;
    Ok(BADF)
}

fn seek(mut caller: Caller<'_, State>, fd: i32, _offset: i64, _whence: i32, _position_to: i32) -> Answer {
    charge(&mut caller, CALL_FUEL)?;
    let (_, stdio) = memory_and_stdio(&mut caller)?;
    Ok(if stdio.is_open(fd) { SPIPE } else { BADF })
}
