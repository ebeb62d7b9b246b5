//! A panic's last words: `panicked at src/main.rs:12:5: message`, the last line of stderr (spec IO-15).

use crate::stdio;
use crate::text::Text;
use alloc::vec::Vec;
use core::panic::Location;

#[cfg(not(target_arch = "wasm32"))]
/// Replaces the standard message, whose text varies with the environment, by one line.
pub(crate) fn install() {
    std::panic::set_hook(alloc::boxed::Box::new(report));
}

#[cfg(not(target_arch = "wasm32"))]
fn report(info: &std::panic::PanicHookInfo<'_>) {
    let payload = info.payload();
    let message = match (payload.downcast_ref::<&str>(), payload.downcast_ref::<alloc::string::String>()) {
        (Some(message), _) => message,
        (_, Some(message)) => message.as_str(),
        _ => "a value that is no text",
    };
    stdio::write_error(&line(message, info.location()));
    // The process would end by a signal where the profile aborts on panic, and with 101 where it unwinds.
    stdio::exit(101);
}

/// Panics with a message that was made without the formatting machinery, which it then does not need either.
#[cold]
#[track_caller]
pub(crate) fn fail(message: &str) -> ! {
    #[cfg(target_arch = "wasm32")]
    end(message, Some(Location::caller()));
    #[cfg(not(target_arch = "wasm32"))]
    panic!("{message}");
}

/// Says why, and traps.
#[cfg(target_arch = "wasm32")]
pub(crate) fn end(message: &str, place: Option<&Location<'_>>) -> ! {
    stdio::write_error(&line(message, place));
    core::arch::wasm32::unreachable()
}

/// `panicked at src/main.rs:12:5: message`, and a line end. Line breaks of the message, with the spaces around them, are a
/// space each, so that the last line of stderr has all of it.
fn line(message: &str, location: Option<&Location<'_>>) -> Vec<u8> {
    let mut line = Text::new("panicked");
    if let Some(location) = location {
        line.push(" at ");
        line.push(location.file());
        line.push(":");
        line.push_integer(i64::from(location.line()));
        line.push(":");
        line.push_integer(i64::from(location.column()));
    }
    line.push(": ");
    let mut line = line.0.into_bytes();
    let mut breaks = false;
    for byte in message.bytes() {
        breaks |= byte == b'\n' || byte == b'\r';
        let is_space = matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
        if breaks && !is_space {
            while line.last() == Some(&b' ') {
                line.pop();
            }
            line.push(b' ');
            breaks = false;
        }
        if !breaks {
            line.push(byte);
        }
    }
    line.push(b'\n');
    line
}
