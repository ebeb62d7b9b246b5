//! A panic's last words: `panicked at src/main.rs:12:5: message`, the last line of stderr (spec IO-15).

use crate::buffer::Owned;
use crate::stdio;
use crate::text::Text;
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
    stdio::write_error(line(message.as_bytes(), info.location()).as_bytes());
    // The process would end by a signal where the profile aborts on panic, and with 101 where it unwinds.
    stdio::exit(101);
}

/// Panics with a message that was made without the formatting machinery, which it then does not need either.
#[cold]
#[track_caller]
pub(crate) fn fail(message: &[u8]) -> ! {
    #[cfg(target_arch = "wasm32")]
    end(message, Some(Location::caller()));
    #[cfg(not(target_arch = "wasm32"))]
    panic!("{}", alloc::string::String::from_utf8_lossy(message));
}

/// As the standard library ends where there is no memory.
#[cold]
#[inline(never)]
pub(crate) fn out_of_memory(bytes: usize) -> ! {
    #[cfg(target_arch = "wasm32")]
    {
        let mut message = Text::new(" memory allocation of ");
        message.push_digits(bytes as u64);
        message.push(" bytes failed");
        end_plainly(message.as_bytes())
    }
    #[cfg(not(target_arch = "wasm32"))]
    match core::alloc::Layout::from_size_align(bytes, 1) {
        Ok(layout) => alloc::alloc::handle_alloc_error(layout),
        Err(_) => panic!("capacity overflow"),
    }
}

/// Says why, and traps.
#[cfg(target_arch = "wasm32")]
pub(crate) fn end(message: &[u8], place: Option<&Location<'_>>) -> ! {
    stdio::write_error(line(message, place).as_bytes());
    core::arch::wasm32::unreachable()
}

/// As [`end`], where no place is to blame, with words that are a line and begin with a space.
#[cfg(target_arch = "wasm32")]
#[cold]
#[inline(never)]
pub(crate) fn end_plainly(words: &[u8]) -> ! {
    let mut line = Text::new("panicked:");
    line.push_bytes(words);
    line.push_byte(b'\n');
    stdio::write_error(line.as_bytes());
    core::arch::wasm32::unreachable()
}

/// `panicked at src/main.rs:12:5: message`, and a line end. Line breaks of the message, with the spaces around them, are a
/// space each, so that the last line of stderr has all of it.
fn line(message: &[u8], location: Option<&Location<'_>>) -> Owned<Text> {
    let mut line = Text::new("panicked");
    if let Some(location) = location {
        line.push(" at ");
        line.push(location.file());
        line.push_byte(b':');
        line.push_digits(location.line().into());
        line.push_byte(b':');
        line.push_digits(location.column().into());
    }
    line.push(":");
    // Spaces that are due, and whether a line break makes them one.
    let (mut spaces, mut breaks) = (1, false);
    for byte in message {
        match byte {
            b'\n' | b'\r' => breaks = true,
            b' ' | b'\t' if breaks => {}
            b' ' => spaces += 1,
            other => {
                push_spaces(&mut line, if breaks { 1 } else { spaces });
                (spaces, breaks) = (0, false);
                line.push_byte(*other);
            }
        }
    }
    push_spaces(&mut line, spaces);
    line.push_byte(b'\n');
    line
}

fn push_spaces(line: &mut Text, count: usize) {
    (0..count).for_each(|_| line.push_byte(b' '));
}
