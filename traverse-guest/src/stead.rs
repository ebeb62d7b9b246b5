//! What the build puts in the stead of functions of the standard library (spec `PKG-46`), by these names and with exactly
//! their types. Theirs bring the whole of formatting, a lock, an environment and a second allocator into every module, for
//! a panic's last words; these bring a few hundred bytes. A build without that step (`cargo build` alone) works as well
//! and is larger.

use crate::panic::end;
use crate::text::Text;
use core::fmt::Write as _;
use core::panic::{Location, PanicInfo};

impl core::fmt::Write for Text {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        self.push(text);
        Ok(())
    }
}

fn end_with(message: &Text, place: &Location<'_>) -> ! {
    end(message.as_bytes(), Some(place))
}

/// For `rust_begin_unwind`, where every panic arrives that is not one of those below, in a module in which nothing formats
/// a value.
#[unsafe(no_mangle)]
fn __traverse_panic_plain(info: &PanicInfo<'_>) -> ! {
    end(info.message().as_str().unwrap_or("a panic").as_bytes(), info.location())
}

/// For the same in any other module.
#[unsafe(no_mangle)]
fn __traverse_panic(info: &PanicInfo<'_>) -> ! {
    let arguments = info.message();
    match arguments.as_str() {
        Some(message) => end(message.as_bytes(), info.location()),
        None => {
            let mut message = Text::default();
            // Text takes everything; a value's own `fmt` may give up, and has then written what it could.
            let _ = message.write_fmt(format_args!("{arguments}"));
            end(message.as_bytes(), info.location())
        }
    }
}

/// A caller of each of these that the compiler knows nothing of, so that none is made for the few callers that a module
/// has, with other parameters. Nothing calls it, and the linker leaves it out.
#[unsafe(no_mangle)]
fn __traverse_callers(bytes: &[u8], text: &str, some: Option<u8>, first: usize, last: usize) -> [usize; 4] {
    [
        usize::from(bytes[first]),
        bytes[first..last].len(),
        text[first..last].len(),
        usize::from(some.expect(text)),
    ]
}

/// For `core::panicking::panic_bounds_check`.
#[unsafe(no_mangle)]
fn __traverse_panic_bounds_check(index: usize, length: usize, place: &'static Location<'static>) -> ! {
    let mut message = Text::new("index out of bounds: the len is ");
    message.push_integer(length as i64);
    message.push(" but the index is ");
    message.push_integer(index as i64);
    end_with(&message, place)
}

/// For `core::slice::index::slice_index_fail`.
#[unsafe(no_mangle)]
fn __traverse_slice_index_fail(
    start: usize,
    end: usize,
    length: usize,
    place: &'static Location<'static>,
) -> ! {
    let (what, first, then, second) = if start > length {
        ("range start index ", start, " out of range for slice of length ", length)
    } else if end > length || start <= end {
        ("range end index ", end, " out of range for slice of length ", length)
    } else {
        ("slice index starts at ", start, " but ends at ", end)
    };
    let mut message = Text::new(what);
    message.push_integer(first as i64);
    message.push(then);
    message.push_integer(second as i64);
    end_with(&message, place)
}

/// For `core::str::slice_error_fail`, whose words quote the text, which takes kilobytes.
#[unsafe(no_mangle)]
fn __traverse_slice_error_fail(text: &str, begin: usize, end: usize, place: &'static Location<'static>) -> ! {
    let mut message = Text::new("text of ");
    message.push_integer(text.len() as i64);
    message.push(" bytes cannot be cut from ");
    message.push_integer(begin as i64);
    message.push(" to ");
    message.push_integer(end as i64);
    message.push(if begin > end {
        ": it ends before it begins"
    } else if end <= text.len() {
        ": a character lies across the cut"
    } else {
        ": out of bounds"
    });
    end_with(&message, place)
}

/// For `core::option::expect_failed`.
#[unsafe(no_mangle)]
fn __traverse_expect_failed(message: &str, place: &'static Location<'static>) -> ! {
    end(message.as_bytes(), Some(place))
}

/// For `alloc::alloc::handle_alloc_error` and the standard library's handler behind it.
#[unsafe(no_mangle)]
fn __traverse_alloc_error(bytes: usize, _align: usize) -> ! {
    crate::panic::out_of_memory(bytes)
}

/// For `alloc::raw_vec::handle_error`, where a list or a text ends that finds no room: what it wants has no alignment if it
/// is larger than anything can be.
#[unsafe(no_mangle)]
fn __traverse_no_room(align: usize, bytes: usize) -> ! {
    if align == 0 {
        crate::panic::end_plainly(b" capacity overflow");
    }
    crate::panic::out_of_memory(bytes)
}

/// For the question by which the standard library draws the seed of its hash maps: the same seed everywhere, so that a map's
/// order is the same on every host.
///
/// # Safety
///
/// `bytes` is the beginning of `length` bytes that may be written.
#[unsafe(no_mangle)]
unsafe extern "C" fn __traverse_hash_seed(bytes: *mut u8, length: usize) -> i32 {
    // Any bytes are as good: a call's input is bounded, and a host that meters it ends a call that collides for long.
    // SAFETY: as the caller says.
    unsafe { core::ptr::write_bytes(bytes, 0x5a, length) };
    0
}

/// For the function by which the compiler has bytes compared; the library's own takes them one by one.
///
/// # Safety
///
/// Both are the beginning of `length` bytes.
#[unsafe(no_mangle)]
unsafe extern "C" fn memcmp(one: *const u8, other: *const u8, length: usize) -> i32 {
    let mut at = 0;
    // Four at a time while they are the same, the last four once more with some of those before.
    if let Some(last) = length.checked_sub(4) {
        loop {
            // SAFETY: four places of both; WebAssembly reads at any address.
            let (one, other) = unsafe { (one.add(at).cast::<u32>(), other.add(at).cast::<u32>()) };
            // SAFETY: as above.
            if unsafe { one.read_unaligned() != other.read_unaligned() } {
                break;
            }
            if at == last {
                return 0;
            }
            at = (at + 4).min(last);
        }
    }
    while at < length {
        // SAFETY: a place of both.
        let (one, other) = unsafe { (*one.add(at), *other.add(at)) };
        if one != other {
            return i32::from(one) - i32::from(other);
        }
        at += 1;
    }
    0
}
