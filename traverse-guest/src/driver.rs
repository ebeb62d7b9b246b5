//! One call, from the bytes of stdin to the reply (spec IO-7): parse and schema, then what the generated
//! [`Capability::call`] does in turn: preconditions, `when` conditions, the function, the exception checks or the
//! output schema, postconditions, invariants.

use crate::buffer::boxed;
use crate::decode::Decode;
use crate::encode::Writer;
use crate::json::{Decoded, Document, Rejection};
use crate::stdio;
use crate::text::Text;
use alloc::boxed::Box;
use alloc::vec::Vec;

/// A function under its contract. Implemented by `#[capability]`.
pub trait Capability {
    /// The input's type.
    type Input: Decode;

    /// Whether a double may be in the input or the result.
    const DOUBLES: bool;

    /// The longest input, in bytes.
    const INPUT_BYTES: usize;

    /// The mark that stays in the program's data, by which `cargo traverse build` knows from which contract it was
    /// generated (spec `PKG-28`).
    const COMPILED_FROM: &'static str;

    /// Everything after the schema. The result as JSON if all clauses hold.
    ///
    /// # Errors
    ///
    /// Every other reply.
    fn call(input: Self::Input) -> Ended<Text>;
}

/// What a step of a call gives; a reply that ends the call is rare and apart.
pub type Ended<T> = Result<T, Box<Ending>>;

/// What a process ends with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// Its exit code (spec IO-9).
    pub exit_code: i32,
    /// One JSON value.
    pub stdout: Vec<u8>,
}

/// The same where it is no result, in the making.
#[derive(Debug)]
pub struct Ending {
    exit_code: i32,
    text: Text,
}

impl Ending {
    /// The object in `out` is complete but for its end.
    #[inline(never)]
    pub(crate) fn of(exit_code: i32, mut out: Writer) -> Box<Ending> {
        out.end();
        boxed(Ending { exit_code, text: out.text })
    }
}

/// Calls the capability `C` with what stood on stdin.
pub fn run<C: Capability>(stdin: &[u8]) -> Reply {
    let mut text = Text::default();
    text.push_bytes(stdin);
    let (exit_code, text) = match call::<C>(text) {
        Ok(text) => (0, text),
        Err(ending) => (ending.exit_code, ending.text),
    };
    Reply { exit_code, stdout: text.as_bytes().to_vec() }
}

fn call<C: Capability>(stdin: Text) -> Ended<Text> {
    let mut document = Document::default();
    let read = read::<C>(stdin, &mut document).and_then(|()| C::Input::decode(document.root()));
    // Its memory is free for what the call needs.
    document.release();
    match read {
        Ok(input) => C::call(input),
        Err(rejection) => Err(rejected(rejection)),
    }
}

fn read<C: Capability>(stdin: Text, document: &mut Document) -> Decoded<()> {
    if stdin.as_bytes().len() > C::INPUT_BYTES {
        let mut message = Text::new("input is larger than the limit of ");
        message.push_integer(C::INPUT_BYTES as i64);
        message.push(" bytes");
        return Err(Rejection::here(message));
    }
    document.read(stdin, C::DOUBLES)
}

/// Exit code 20: `{"outcome":"rejected","at":…,"message":…}`.
#[cold]
fn rejected(rejection: Box<Rejection>) -> Box<Ending> {
    let mut out = Writer::outcome("rejected");
    out.text_property("at", rejection.at.as_bytes());
    out.text_property("message", rejection.message.as_bytes());
    // As all that stands on the way to the end of the call.
    #[cfg(target_arch = "wasm32")]
    core::mem::forget(rejection);
    Ending::of(20, out)
}

/// The generated `main`: reads stdin, calls the capability, writes stdout, exits with the outcome's code.
#[inline(never)]
pub fn main<C: Capability>() {
    #[cfg(not(target_arch = "wasm32"))]
    crate::panic::install();
    #[cfg(not(target_arch = "wasm32"))]
    if let Some(mark) = crate::served::mark() {
        crate::served::serve::<C>(mark.as_bytes());
    }
    // Nothing reads it here; so the optimizer must be told that something does.
    core::hint::black_box(C::COMPILED_FROM);
    // One byte more than allowed shows that there is too much, without reading all of it.
    match call::<C>(stdio::read(C::INPUT_BYTES.saturating_add(1))) {
        Ok(stdout) => {
            stdio::write(stdout.as_bytes());
            stdio::end_well();
            // There is nobody to use the memory again.
            core::mem::forget(stdout);
        }
        Err(reply) => {
            stdio::write(reply.text.as_bytes());
            stdio::exit(reply.exit_code)
        }
    }
}
