//! The linker that a build gives to the compiler (spec `PKG-40`): the toolchain's own, after a change to the object that it
//! is given. The compiler starts this very program, told apart by a variable of its environment.
//!
//! A symbol of the standard library is made to mean the function of the SDK that stands in its stead, before the linker
//! drops what nothing refers to. So a module carries no part of the standard library that its author does not use, and the
//! author still may use all of it.

mod object;

use object::{Object, ObjectError};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// The variable by which the build tells this program to be the linker.
pub(crate) const LINKING_VARIABLE: &str = "TRAVERSE_LINKING";

/// A function of the standard library by the path in its symbol, and what stands in its stead.
const STEADS: [(&str, &str); 6] = [
    ("7___rustc17rust_begin_unwind", "__traverse_panic"),
    ("4core9panicking18panic_bounds_check", "__traverse_panic_bounds_check"),
    ("4core6option13expect_failed", "__traverse_expect_failed"),
    ("7___rustc26___rust_alloc_error_handler", "__traverse_alloc_error"),
    ("5alloc5alloc18handle_alloc_error", "__traverse_alloc_error"),
    ("3std5alloc8rust_oom", "__traverse_alloc_error"),
];
/// The SDK's `main`, which reads, calls, writes and ends the process.
const MAIN: &str = "14traverse_guest6driver4main";
/// What the C library begins with; it calls `main` by way of the standard library's runtime.
const START_OBJECT: &str = "crt1-command.o";
/// The toolchain's linker; the compiler has put its folder on the path.
const LINKER: &str = "rust-lld";

/// Links, if this process was started as the linker of a build.
pub(crate) fn run_if_linking() -> Option<ExitCode> {
    std::env::var_os(LINKING_VARIABLE)?;
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    if arguments.first().is_none_or(|first| first != "-flavor") {
        // A build script or a macro that calls `cargo traverse` during the build.
        return None;
    }
    Some(match link(arguments) {
        Ok(code) => code,
        Err(reason) => {
            eprintln!("cargo-traverse, as the linker: {reason}");
            ExitCode::FAILURE
        }
    })
}

fn link(mut arguments: Vec<OsString>) -> Result<ExitCode, String> {
    let mut changed = Vec::new();
    let mut starts_itself = false;
    for argument in &mut arguments {
        let path = Path::new(argument.as_os_str());
        if path.extension().is_none_or(|extension| extension != "o") || is_start_object(path) {
            continue;
        }
        let bytes = std::fs::read(path).map_err(|error| format!("cannot read `{}`: {error}", path.display()))?;
        let mut object = match Object::parse(&bytes) {
            Ok(object) => object,
            // Another kind of file: the linker has its own words for it.
            Err(ObjectError::NotAnObject) => continue,
            Err(ObjectError::Broken(reason)) => return Err(format!("`{}`: {reason}", path.display())),
        };
        for (path, stead) in STEADS {
            object.redirect(path, stead);
        }
        starts_itself |= object.start_with(MAIN);
        let beside = PathBuf::from(format!("{}.closed.o", path.display()));
        std::fs::write(&beside, object.bytes())
            .map_err(|error| format!("cannot write `{}`: {error}", beside.display()))?;
        *argument = beside.clone().into_os_string();
        changed.push(beside);
    }
    if starts_itself {
        arguments.retain(|argument| !is_start_object(Path::new(argument)));
        drop_main_export(&mut arguments);
    }
    let status = Command::new(LINKER).args(&arguments).status();
    for path in changed {
        // Only space, in the target folder.
        let _ = std::fs::remove_file(path);
    }
    let status = status.map_err(|error| format!("cannot run `{LINKER}`: {error}"))?;
    Ok(ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)))
}

fn is_start_object(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == START_OBJECT)
}

/// `--export __main_void` keeps the standard library's runtime, which nothing starts any more.
fn drop_main_export(arguments: &mut Vec<OsString>) {
    while let Some(at) = arguments.windows(2).position(|pair| pair[0] == "--export" && pair[1] != "memory") {
        arguments.drain(at..at + 2);
    }
}
