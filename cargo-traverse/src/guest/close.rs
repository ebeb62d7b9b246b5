//! The close pass (spec `PKG-20` to `PKG-24`): a module as cargo links it → a module that can name nothing of the
//! host but `fd_read`, `fd_write` and `proc_exit`.
//!
//! The Rust standard library asks for the environment and the arguments (its panic hook reads a variable); a guest has
//! neither, so those imports become functions that answer "success, none". Anything else that is left is an error:
//! a module that names a clock or a random source must not look as if it were closed.

use traverse_contract::compiled::{self, CompiledFrom};
use walrus::IdsToIndices;
use walrus::ir::{MemArg, StoreKind};
use walrus::{FunctionId, MemoryId, Module, ModuleConfig, ValType};

/// The only module whose functions a guest may import.
const WASI: &str = "wasi_snapshot_preview1";
/// What a guest may import (spec `PKG-21`).
const ALLOWED: [&str; 3] = ["fd_read", "fd_write", "proc_exit"];
/// What a host finds in a guest (spec `PKG-23`).
const EXPORTED: [&str; 2] = ["_start", "memory"];
/// `(count: *mut u32, bytes: *mut u32) -> errno`: none of them, in no bytes.
const SIZES: [&str; 2] = ["environ_sizes_get", "args_sizes_get"];
/// `(pointers: *mut *mut u8, bytes: *mut u8) -> errno`: nothing is written.
const LISTS: [&str; 2] = ["environ_get", "args_get"];

/// A closed module.
#[derive(Debug)]
pub(crate) struct Closed {
    /// The module, without any custom section.
    pub(crate) bytes: Vec<u8>,
    /// The same with the names of its functions, so far as the linked module has them.
    pub(crate) named: Vec<u8>,
    /// Its imports as `module.name`, sorted.
    pub(crate) imports: Vec<String>,
    /// What it says it was compiled from: one entry for a capability, none for another program.
    pub(crate) compiled_from: Vec<CompiledFrom>,
}

/// Why a module cannot be closed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum CloseError {
    /// It is not a module that can be read.
    NotAModule(String),
    /// It imports what no guest may import; `module.name`, sorted.
    ForbiddenImports(Vec<String>),
}

/// Closes a module.
///
/// # Errors
///
/// [`CloseError::NotAModule`] and [`CloseError::ForbiddenImports`].
pub(crate) fn close_module(wasm: &[u8]) -> Result<Closed, CloseError> {
    let mut config = ModuleConfig::new();
    config.generate_producers_section(false).generate_name_section(true).generate_dwarf(false);
    let unreadable = |error: &dyn std::fmt::Display| CloseError::NotAModule(error.to_string());
    let mut module = config.parse(wasm).map_err(|error| unreadable(&error))?;

    stub_surroundings(&mut module).map_err(|error| unreadable(&error))?;
    drop_exports(&mut module);
    let sections: Vec<_> = module.customs.iter().map(|(id, _)| id).collect();
    let compiled_from = module
        .customs
        .iter()
        .filter(|(_, section)| section.name() == compiled::SECTION)
        .flat_map(|(_, section)| CompiledFrom::find(&section.data(&IdsToIndices::default())))
        .collect();
    for section in sections {
        module.customs.delete(section);
    }
    walrus::passes::gc::run(&mut module);

    let mut imports: Vec<String> =
        module.imports.iter().map(|import| format!("{}.{}", import.module, import.name)).collect();
    imports.sort();
    let forbidden: Vec<String> = imports.iter().filter(|name| !is_allowed(name)).cloned().collect();
    if !forbidden.is_empty() {
        return Err(CloseError::ForbiddenImports(forbidden));
    }
    let named = module.emit_wasm();
    Ok(Closed {
        bytes: without_customs(&named).map_err(|error| unreadable(&error))?,
        named,
        imports,
        compiled_from,
    })
}

/// The module without its custom sections.
fn without_customs(wasm: &[u8]) -> Result<Vec<u8>, wasmparser::BinaryReaderError> {
    let (mut bytes, mut at) = (Vec::with_capacity(wasm.len()), 0);
    for payload in wasmparser::Parser::new(0).parse_all(wasm) {
        let payload = payload?;
        let end = match &payload {
            wasmparser::Payload::Version { range, .. } => range.end,
            _ => match payload.as_section() {
                Some((_, range)) => range.end,
                None => continue,
            },
        };
        if !matches!(payload, wasmparser::Payload::CustomSection(_)) {
            bytes.extend_from_slice(&wasm[at..end]);
        }
        at = end;
    }
    Ok(bytes)
}

/// What brings forbidden imports into a Rust program and what to do instead, each reason once with its imports; those
/// of which nothing is known are left out.
pub(crate) fn explain_imports(imports: &[String]) -> Vec<(&'static str, Vec<String>)> {
    let mut reasons: Vec<(&'static str, Vec<String>)> = Vec::new();
    let sockets =
        imports.iter().any(|import| import.strip_prefix(WASI).is_some_and(|name| name.starts_with(".sock_")));
    for import in imports {
        let Some(reason) = explain_import(import, sockets) else { continue };
        match reasons.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, of_reason)) => of_reason.push(import.clone()),
            None => reasons.push((reason, vec![import.clone()])),
        }
    }
    reasons
}

/// `sockets`: the module imports functions of sockets, so that its descriptors are theirs.
fn explain_import(import: &str, sockets: bool) -> Option<&'static str> {
    let name = import.strip_prefix(WASI)?.strip_prefix('.')?;
    Some(match name {
        "clock_time_get" | "clock_res_get" => {
            "`Instant` and `SystemTime` read a clock; take the time as a property of the input"
        }
        "random_get" => {
            "a capability has no randomness; take it as input (hash maps of the standard library have a fixed seed where \
             the release profile has `lto = true`)"
        }
        "poll_oneoff" | "sched_yield" => "a capability cannot wait or yield; it is one computation",
        "path_open"
        | "path_create_directory"
        | "path_filestat_get"
        | "path_remove_directory"
        | "path_rename"
        | "path_unlink_file"
        | "fd_prestat_get"
        | "fd_prestat_dir_name"
        | "fd_readdir"
        | "fd_filestat_get" => {
            "a capability has no files; embed data with `include_str!` or take it as input"
        }
        "sock_accept" | "sock_recv" | "sock_send" | "sock_shutdown" => NO_NETWORK,
        "fd_close" | "fd_fdstat_get" | "fd_fdstat_set_flags" if sockets => NO_NETWORK,
        "fd_close" | "fd_seek" | "fd_fdstat_get" | "fd_fdstat_set_flags" => {
            "`File`, `TcpStream`, or stdin and stdout as files, handle descriptors; the SDK reads the input and writes the result"
        }
        _ => return None,
    })
}

const NO_NETWORK: &str =
    "`TcpStream` and the like are sockets, and a capability has no network; take what it needs as input";

pub(crate) fn is_allowed(import: &str) -> bool {
    import
        .strip_prefix(WASI)
        .and_then(|rest| rest.strip_prefix('.'))
        .is_some_and(|name| ALLOWED.contains(&name))
}

/// Gives the questions about environment and arguments an answer inside the module.
fn stub_surroundings(module: &mut Module) -> walrus::Result<()> {
    for name in LISTS {
        if let Some(function) = imported(module, name) {
            module.replace_imported_func(function, |(body, _)| {
                body.i32_const(0);
            })?;
        }
    }
    for name in SIZES {
        let (Some(function), Some(memory)) = (imported(module, name), first_memory(module)) else { continue };
        module.replace_imported_func(function, |(body, arguments)| {
            let word = MemArg { align: 4, offset: 0 };
            for pointer in arguments {
                body.local_get(*pointer).i32_const(0).store(memory, StoreKind::I32 { atomic: false }, word);
            }
            body.i32_const(0);
        })?;
    }
    Ok(())
}

/// The imported function of that name, if its type is the one of all four questions.
fn imported(module: &Module, name: &str) -> Option<FunctionId> {
    let function = module.imports.get_func(WASI, name).ok()?;
    let ty = module.types.get(module.funcs.get(function).ty());
    (ty.params() == [ValType::I32, ValType::I32] && ty.results() == [ValType::I32]).then_some(function)
}

fn first_memory(module: &Module) -> Option<MemoryId> {
    module.memories.iter().next().map(walrus::Memory::id)
}

fn drop_exports(module: &mut Module) {
    let extra: Vec<_> = module
        .exports
        .iter()
        .filter(|export| !EXPORTED.contains(&export.name.as_str()))
        .map(walrus::Export::id)
        .collect();
    for export in extra {
        module.exports.delete(export);
    }
}

#[cfg(test)]
mod tests;
