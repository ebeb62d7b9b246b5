//! `fd_read`, `fd_write` and `proc_exit` of `wasi_snapshot_preview1`: all that a guest imports.
//!
//! This module, memory (`allocator`, `buffer`), what stands for functions of the standard library (`stead`), and in `json` the
//! reader's place and two casts of checked bytes to text are the only unsafe code of the SDK.

use crate::text::Text;

/// A stretch of memory, as WASI takes it (`iovec`, `ciovec`).
#[repr(C)]
struct Stretch {
    start: *const u8,
    length: usize,
}

#[link(wasm_import_module = "wasi_snapshot_preview1")]
unsafe extern "C" {
    /// Fills the stretches from a stream and stores how many bytes came; 0 bytes is the end. Returns an errno.
    fn fd_read(fd: i32, stretches: *const Stretch, count: usize, read: *mut usize) -> i32;
    /// Writes the stretches to a stream and stores how many bytes went. Returns an errno.
    fn fd_write(fd: i32, stretches: *const Stretch, count: usize, written: *mut usize) -> i32;
    /// Ends the process.
    fn proc_exit(code: i32) -> !;
}

/// stdin to its end, or until there are `limit` bytes of it.
#[inline(never)]
pub(crate) fn read(text: &mut Text, limit: usize) {
    text.reserve(1024);
    loop {
        text.reserve(1);
        // SAFETY: the stretch is the text's own spare room, alive and untouched for the whole call; the host writes only
        // inside it, from its beginning on, and tells how far.
        let read = unsafe {
            text.buffer().fill(|start, length| {
                let stretch = Stretch { start, length };
                let mut read = 0;
                if fd_read(0, &raw const stretch, 1, &raw mut read) != 0 {
                    crate::panic::end_plainly(b" stdin cannot be read");
                }
                read
            })
        };
        if read == 0 || text.as_bytes().len() >= limit {
            return;
        }
    }
}

fn write_all(fd: i32, mut bytes: &[u8]) -> bool {
    while !bytes.is_empty() {
        let stretch = Stretch { start: bytes.as_ptr(), length: bytes.len() };
        let mut written = 0;
        // SAFETY: the stretch is a live slice, which the host only reads.
        let errno = unsafe { fd_write(fd, &raw const stretch, 1, &raw mut written) };
        match bytes.get(written..) {
            Some(rest) if errno == 0 && written > 0 => bytes = rest,
            _ => return false,
        }
    }
    true
}

/// All of `bytes` to stdout.
pub(crate) fn write(bytes: &[u8]) {
    if !write_all(1, bytes) {
        crate::panic::end_plainly(b" stdout cannot be written");
    }
}

/// All of `bytes` to stderr, if it takes them.
pub(crate) fn write_error(bytes: &[u8]) {
    // A panic is under way; there is nobody left to tell.
    let _ = write_all(2, bytes);
}

/// Nothing: a module whose start returns has ended well, and its host has less to do than for one that asks to be ended.
pub(crate) fn end_well() {}

/// Ends the process.
pub(crate) fn exit(code: i32) -> ! {
    // SAFETY: takes a number and does not return.
    unsafe { proc_exit(code) }
}

/// Stand-ins for two functions of the C library: a call has neither an environment nor a working directory.
///
/// The standard library asks for both on the way to a panic's message. With the C library's own functions every guest
/// would import `environ_get` and `environ_sizes_get`, and carry a second allocator of 9 KB for the answers.
mod absent {
    use core::ptr::null_mut;

    /// Every variable is unset.
    #[unsafe(no_mangle)]
    extern "C" fn getenv(_name: *const u8) -> *mut u8 {
        null_mut()
    }

    /// There is no working directory.
    #[unsafe(no_mangle)]
    extern "C" fn getcwd(_buffer: *mut u8, _bytes: usize) -> *mut u8 {
        null_mut()
    }

    /// Stands beside `getcwd` in the C library, whose other functions resolve paths with it. A guest that links them
    /// is refused for what they import; this is here so that it gets as far as that message.
    #[unsafe(no_mangle)]
    #[allow(non_upper_case_globals)]
    static mut __wasilibc_cwd: *const u8 = c"/".as_ptr().cast();
}
