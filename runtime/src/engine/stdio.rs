//! What a guest has written in one call, whichever host carried it: all of stdout up to a limit, the end of stderr.

use std::fmt;

/// The last part of stderr that is kept, in bytes.
pub(super) const STDERR_KEPT_BYTES: usize = 64 << 10;

/// The guest wrote more to stdout than it may.
#[derive(Debug)]
pub(super) struct OutputOverflow;

impl fmt::Display for OutputOverflow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("stdout is larger than its limit")
    }
}

impl std::error::Error for OutputOverflow {}

/// stdout and stderr of one call.
#[derive(Default)]
pub(super) struct Written {
    stdout: Vec<u8>,
    stdout_limit_bytes: u64,
    stderr: Vec<u8>,
}

impl Written {
    pub(super) fn new(stdout_limit_bytes: u64) -> Written {
        Written { stdout_limit_bytes, ..Written::default() }
    }

    /// stdout, and the last part of stderr.
    pub(super) fn into_parts(mut self) -> (Vec<u8>, Vec<u8>) {
        let surplus = self.stderr.len().saturating_sub(STDERR_KEPT_BYTES);
        self.stderr.drain(..surplus);
        (self.stdout, self.stderr)
    }

    pub(super) fn write_stdout(&mut self, bytes: &[u8]) -> Result<(), OutputOverflow> {
        let room = self.stdout_limit_bytes.saturating_sub(self.stdout.len() as u64);
        if bytes.len() as u64 > room {
            return Err(OutputOverflow);
        }
        self.stdout.extend_from_slice(bytes);
        Ok(())
    }

    pub(super) fn write_stderr(&mut self, bytes: &[u8]) {
        let last = &bytes[bytes.len().saturating_sub(STDERR_KEPT_BYTES)..];
        self.stderr.extend_from_slice(last);
        if self.stderr.len() > 4 * STDERR_KEPT_BYTES {
            let surplus = self.stderr.len() - STDERR_KEPT_BYTES;
            self.stderr.drain(..surplus);
        }
    }
}
