//! The standard library's streams.

use crate::text::Text;
use alloc::vec::Vec;
use std::io::{Read, Write};

/// stdin to its end, or to `limit` bytes.
pub(crate) fn read(text: &mut Text, limit: usize) {
    let mut bytes = Vec::new();
    if let Err(error) = std::io::stdin().lock().take(limit as u64).read_to_end(&mut bytes) {
        panic!("stdin cannot be read: {error}");
    }
    text.push_bytes(&bytes);
}

/// All of `bytes` to stdout.
pub(crate) fn write(bytes: &[u8]) {
    let mut stdout = std::io::stdout().lock();
    if let Err(error) = stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        panic!("stdout cannot be written: {error}");
    }
}

/// All of `bytes` to stderr, if it takes them.
pub(crate) fn write_error(bytes: &[u8]) {
    // A panic is under way; there is nobody left to tell.
    let _ = std::io::stderr().lock().write_all(bytes);
}

/// Ends the process with 0.
pub(crate) fn end_well() {
    exit(0)
}

/// Ends the process.
pub(crate) fn exit(code: i32) -> ! {
    std::process::exit(code)
}
