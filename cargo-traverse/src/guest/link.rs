//! The linker that a build gives to the compiler (spec `PKG-46`): the toolchain's own, after a change to the object that it
//! is given. The compiler starts this very program, told apart by a variable of its environment.
//!
//! A symbol of the standard library is made to mean the function of the SDK that stands in its stead, before the linker
//! drops what nothing refers to. So a module carries no part of the standard library that its author does not use, and the
//! author still may use all of it.

mod object;

use object::{Object, ObjectError};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, ExitStatus};
use wasmparser::{KnownCustom, Name};

/// The variable by which the build tells this program to be the linker; its value is the folder of the target's standard
/// library.
pub(crate) const LINKING_VARIABLE: &str = "TRAVERSE_LINKING";

/// A function of the standard library by the path in its symbol, and what stands in its stead.
const STEADS: [(&str, &str); 9] = [
    ("4core3str16slice_error_fail", "__traverse_slice_error_fail"),
    ("4core3str19slice_error_fail_rt", "__traverse_slice_error_fail"),
    ("4core5slice5index16slice_index_fail", "__traverse_slice_index_fail"),
    ("4core9panicking18panic_bounds_check", "__traverse_panic_bounds_check"),
    ("4core6option13expect_failed", "__traverse_expect_failed"),
    ("7___rustc26___rust_alloc_error_handler", "__traverse_alloc_error"),
    ("5alloc5alloc18handle_alloc_error", "__traverse_alloc_error"),
    ("5alloc7raw_vec12handle_error", "__traverse_no_room"),
    ("3std5alloc8rust_oom", "__traverse_alloc_error"),
];
/// Where every panic arrives that is not one of those, and what stands in its stead: for a module in which nothing formats
/// a value, so that every message is a text, and for any other.
const PANIC: &str = "7___rustc17rust_begin_unwind";
const PANIC_PLAIN: &str = "__traverse_panic_plain";
const PANIC_FORMATTING: &str = "__traverse_panic";
/// With this the standard library asks for the seed of its hash maps, and for nothing else, and what answers in its stead.
const RANDOM: &str = "4wasi13lib_generated22wasi_snapshot_preview110random_get";
const SEED: &str = "__traverse_hash_seed";
/// The crate of the standard library that has that import. A crate of the author's may have one that is named alike; the
/// hash in the symbol's name tells them apart.
const RANDOM_CRATE: &str = "libwasi-";
/// The SDK's `main`, which reads, calls, writes and ends the process.
const MAIN: &str = "14traverse_guest6driver4main";
/// What the C library begins with; it calls `main` by way of the standard library's runtime.
const START_OBJECT: &str = "crt1-command.o";
/// The toolchain's linker; the compiler has put its folder on the path.
const LINKER: &str = "rust-lld";

/// Links, if this process was started as the linker of a build.
pub(crate) fn run_if_linking() -> Option<ExitCode> {
    let library = PathBuf::from(std::env::var_os(LINKING_VARIABLE)?);
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    if arguments.first().is_none_or(|first| first != "-flavor") {
        // A build script or a macro that calls `cargo traverse` during the build.
        return None;
    }
    Some(match link(arguments, &library) {
        Ok(code) => code,
        Err(reason) => {
            eprintln!("cargo-traverse, as the linker: {reason}");
            ExitCode::FAILURE
        }
    })
}

/// The objects of the compiler, changed and written beside themselves.
struct Objects {
    written: Vec<PathBuf>,
    arguments: Vec<OsString>,
}

fn link(mut arguments: Vec<OsString>, library: &Path) -> Result<ExitCode, String> {
    // The build reads of the names what is where, and the module that it makes has none.
    for strip in ["--strip-all", "-s"] {
        arguments
            .iter_mut()
            .filter(|argument| *argument == strip)
            .for_each(|found| *found = STRIP_DEBUG.into());
    }
    let own_crate = std::fs::read(crate_file(library, RANDOM_CRATE)).unwrap_or_default();
    let plain = Objects::write(&arguments, PANIC_PLAIN, &own_crate)?;
    // The linker alone knows what is left in the end.
    let trial = Objects::trial_file(&plain.arguments);
    let formats = match &trial {
        Some(trial) => {
            let status = run(&trial.arguments)?;
            let names = std::fs::read(&trial.output).unwrap_or_default();
            let _ = std::fs::remove_file(&trial.output);
            if !status.success() {
                // It has said why.
                return Ok(code_of(status));
            }
            names_formatting(&names)
        }
        None => true,
    };
    let status = if formats {
        drop(plain);
        run(&Objects::write(&arguments, PANIC_FORMATTING, &own_crate)?.arguments)?
    } else {
        run(&plain.arguments)?
    };
    Ok(code_of(status))
}

fn run(arguments: &[OsString]) -> Result<ExitStatus, String> {
    Command::new(LINKER).args(arguments).status().map_err(|error| format!("cannot run `{LINKER}`: {error}"))
}

fn code_of(status: ExitStatus) -> ExitCode {
    ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1))
}

/// A link that is not kept, of which the functions that are left keep their names.
struct Trial {
    arguments: Vec<OsString>,
    output: PathBuf,
}

impl Objects {
    /// `own_crate`: the file of [`RANDOM_CRATE`], empty where there is none.
    fn write(arguments: &[OsString], panic: &str, own_crate: &[u8]) -> Result<Objects, String> {
        let mut objects = Objects { written: Vec::new(), arguments: arguments.to_vec() };
        let mut starts_itself = false;
        for (at, argument) in arguments.iter().enumerate() {
            let path = Path::new(argument);
            if path.extension().is_none_or(|extension| extension != "o") || is_start_object(path) {
                continue;
            }
            let bytes =
                std::fs::read(path).map_err(|error| format!("cannot read `{}`: {error}", path.display()))?;
            let mut object = match Object::parse(&bytes) {
                Ok(object) => object,
                // Another kind of file: the linker has its own words for it.
                Err(ObjectError::NotAnObject) => continue,
                Err(ObjectError::Broken(reason)) => return Err(format!("`{}`: {reason}", path.display())),
            };
            for (path, stead) in STEADS {
                object.redirect(path, stead);
            }
            object.redirect(PANIC, panic);
            object.redirect_import(RANDOM, SEED, |symbol| {
                memchr::memmem::find(own_crate, symbol.as_bytes()).is_some()
            });
            starts_itself |= object.start_with(MAIN);
            let beside = PathBuf::from(format!("{}.closed.o", path.display()));
            std::fs::write(&beside, object.bytes())
                .map_err(|error| format!("cannot write `{}`: {error}", beside.display()))?;
            objects.arguments[at] = beside.clone().into_os_string();
            objects.written.push(beside);
        }
        if starts_itself {
            objects.arguments.retain(|argument| !is_start_object(Path::new(argument)));
            drop_exports(&mut objects.arguments);
        }
        Ok(objects)
    }

    fn trial_file(arguments: &[OsString]) -> Option<Trial> {
        let mut arguments = arguments.to_vec();
        let at = arguments.iter().position(|argument| argument == "-o")? + 1;
        let output = PathBuf::from(format!("{}.trial", Path::new(arguments.get(at)?).display()));
        arguments[at] = output.clone().into_os_string();
        Some(Trial { arguments, output })
    }
}

impl Drop for Objects {
    fn drop(&mut self) {
        for path in &self.written {
            // Only space, in the target folder.
            let _ = std::fs::remove_file(path);
        }
    }
}

/// What makes the linker leave out all that a debugger reads, but no names of functions.
const STRIP_DEBUG: &str = "--strip-debug";

/// The file of a crate of the standard library by the beginning of its name; an empty path where there is none.
fn crate_file(library: &Path, prefix: &str) -> PathBuf {
    let entries = std::fs::read_dir(library).into_iter().flatten().flatten();
    let is_crate = |path: &PathBuf| {
        path.extension().is_some_and(|extension| extension == "rlib")
            && path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(prefix))
    };
    entries.map(|entry| entry.path()).find(is_crate).unwrap_or_default()
}

/// Whether a function of the module formats a value; true where it does not say what its functions are called.
fn names_formatting(module: &[u8]) -> bool {
    function_names(module).is_none_or(|names| {
        names
            .iter()
            .any(|name| name.contains("4core3fmt") || name.ends_with("3fmt") || name.contains("3fmt17h"))
    })
}

fn function_names(module: &[u8]) -> Option<Vec<&str>> {
    let mut names = Vec::new();
    for payload in wasmparser::Parser::new(0).parse_all(module) {
        let wasmparser::Payload::CustomSection(section) = payload.ok()? else { continue };
        let KnownCustom::Name(parts) = section.as_known() else { continue };
        for part in parts {
            if let Name::Function(functions) = part.ok()? {
                for function in functions {
                    names.push(function.ok()?.name);
                }
            }
        }
        return Some(names);
    }
    None
}

fn is_start_object(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == START_OBJECT)
}

/// `--export __main_void` keeps the standard library's runtime, which nothing starts any more, and others keep functions of
/// the SDK that the linker can leave out where nothing calls them.
fn drop_exports(arguments: &mut Vec<OsString>) {
    while let Some(at) = arguments.windows(2).position(|pair| pair[0] == "--export" && pair[1] != "memory") {
        arguments.drain(at..at + 2);
    }
}
