//! Many calls of one native program, for `cargo traverse test`: a process for each would cost more than the call.
//!
//! stdin holds inputs, each behind its length in four bytes, the least first. For each comes one reply on stdout: the mark
//! that stands in [`MARK`], the exit code and the length of what follows, in four bytes each, and the outcome. What the
//! author's code itself writes to stdout stands before the mark. A panic ends the process, as it ends a call.

use crate::driver::{Capability, run};
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use std::io::{self, Read, Write};
#[cfg(unix)]
use std::time::Duration;

/// The variable that asks for this, and names the mark.
const MARK: &str = "TRAVERSE_CALLS";

/// The mark, where many calls are asked for.
pub(crate) fn mark() -> Option<String> {
    std::env::var(MARK).ok()
}

/// Answers until stdin ends.
pub(crate) fn serve<C: Capability>(mark: &[u8]) -> ! {
    #[cfg(unix)]
    std::thread::spawn(end_with_who_asks);
    match answer_all::<C>(mark) {
        // Who asked is gone, or asks no more.
        Ok(()) => std::process::exit(0),
        Err(error) => panic!("the calls cannot be answered: {error}"),
    }
}

/// A call that does not end is ended by who asks; if that is gone, by this.
#[cfg(unix)]
fn end_with_who_asks() {
    let who = std::os::unix::process::parent_id();
    while std::os::unix::process::parent_id() == who {
        std::thread::sleep(Duration::from_millis(200));
    }
    std::process::exit(1);
}

fn answer_all<C: Capability>(mark: &[u8]) -> io::Result<()> {
    let mut input = vec![];
    while read_input(&mut input)? {
        let reply = run::<C>(&input);
        let mut stdout = io::stdout().lock();
        stdout.write_all(mark)?;
        stdout.write_all(&reply.exit_code.to_le_bytes())?;
        stdout.write_all(&(reply.stdout.len() as u32).to_le_bytes())?;
        stdout.write_all(&reply.stdout)?;
        stdout.flush()?;
    }
    Ok(())
}

/// Reads the next input; `false` where there is none. The lock is not held while the author's code runs.
fn read_input(input: &mut Vec<u8>) -> io::Result<bool> {
    let mut stdin = io::stdin().lock();
    let mut length = [0; 4];
    match stdin.read_exact(&mut length) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(false),
        Err(error) => return Err(error),
    }
    input.clear();
    input.resize(u32::from_le_bytes(length) as usize, 0);
    stdin.read_exact(input)?;
    Ok(true)
}
