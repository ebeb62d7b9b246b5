//! What the build puts in the stead of functions of the standard library (spec `PKG-40`), by these names and with exactly
//! their types. Theirs bring the whole of formatting, a lock, an environment and a second allocator into every module, for
//! a panic's last words; these bring a few hundred bytes. A build without that step (`cargo build` alone) works as well
//! and is larger.

use crate::clause::Text;
use crate::{panic, stdio};
use core::fmt::Write as _;
use core::panic::{Location, PanicInfo};

impl core::fmt::Write for Text {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        self.push(text);
        Ok(())
    }
}

fn end(message: &str, place: Option<&Location<'_>>) -> ! {
    stdio::write_error(panic::line(message, place).as_bytes());
    core::arch::wasm32::unreachable()
}

/// For `rust_begin_unwind`, where every panic arrives that is not one of those below.
#[unsafe(no_mangle)]
fn __traverse_panic(info: &PanicInfo<'_>) -> ! {
    let arguments = info.message();
    match arguments.as_str() {
        Some(message) => end(message, info.location()),
        None => {
            let mut message = Text::new("");
            // Text takes everything; a value's own `fmt` may give up, and has then written what it could.
            let _ = message.write_fmt(format_args!("{arguments}"));
            end(&message.0, info.location())
        }
    }
}

/// For `core::panicking::panic_bounds_check`.
#[unsafe(no_mangle)]
fn __traverse_panic_bounds_check(index: usize, length: usize, place: &'static Location<'static>) -> ! {
    let mut message = Text::new("index out of bounds: the len is ");
    message.push_integer(length as i64);
    message.push(" but the index is ");
    message.push_integer(index as i64);
    end(&message.0, Some(place))
}

/// For `core::option::expect_failed`.
#[unsafe(no_mangle)]
fn __traverse_expect_failed(message: &str, place: &'static Location<'static>) -> ! {
    end(message, Some(place))
}

/// For `alloc::alloc::handle_alloc_error` and the standard library's handler behind it.
#[unsafe(no_mangle)]
fn __traverse_alloc_error(bytes: usize, _align: usize) -> ! {
    let mut message = Text::new("memory allocation of ");
    message.push_integer(bytes as i64);
    message.push(" bytes failed");
    end(&message.0, None)
}
