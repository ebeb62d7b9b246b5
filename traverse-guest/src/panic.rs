//! A panic's last words: `panicked at src/main.rs:12:5: message`, the last line of stderr (spec IO-15).

use crate::clause::Text;
use crate::stdio;
use alloc::boxed::Box;
use alloc::string::String;
use core::panic::Location;
use std::panic::PanicHookInfo;

/// Replaces the standard message, whose text varies with the environment, by one line.
pub(crate) fn install() {
    std::panic::set_hook(Box::new(report));
}

fn report(info: &PanicHookInfo<'_>) {
    let payload = info.payload();
    let message = match (payload.downcast_ref::<&str>(), payload.downcast_ref::<String>()) {
        (Some(message), _) => message,
        (_, Some(message)) => message.as_str(),
        _ => "a value that is no text",
    };
    stdio::write_error(line(message, info.location()).as_bytes());
    // A module traps here. Natively the process would end by a signal where the profile aborts on panic, and with 101
    // where it unwinds.
    #[cfg(not(target_arch = "wasm32"))]
    stdio::exit(101);
}

/// `panicked at src/main.rs:12:5: message`, and a line end.
pub(crate) fn line(message: &str, location: Option<&Location<'_>>) -> String {
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
    // One line, so that the last line of stderr has all of it.
    for (index, part) in message.lines().enumerate() {
        if index > 0 {
            line.push(" ");
        }
        line.push(part.trim());
    }
    line.push("\n");
    line.0
}
