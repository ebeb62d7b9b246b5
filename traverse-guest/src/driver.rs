//! One call, from the bytes of stdin to the reply (spec IO-7): parse and schema, then what the generated
//! [`Capability::call`] does in turn: preconditions, `when` conditions, the function, the exception checks or the
//! output schema, postconditions, invariants.

use crate::buffer::{Owned, disowned, owned};
use crate::decode::Decode;
use crate::encode::Writer;
use crate::json::{Decoded, Document, Rejection};
use crate::stdio;
use alloc::vec::Vec;

/// A function under its contract. Implemented by `#[capability]`.
pub trait Capability {
    /// The input's type.
    type Input: Decode;

    /// Whether a double may be in the input or the result.
    const DOUBLES: bool;

    /// The longest input, in bytes.
    const INPUT_BYTES: usize;

    /// Everything after the schema. The result as JSON if all clauses hold.
    ///
    /// # Errors
    ///
    /// Every other reply.
    fn call(input: Self::Input) -> Ended<Owned<Writer>>;
}

/// What a step of a call gives; a reply that ends the call is rare and apart.
pub type Ended<T> = Result<T, Owned<Writer>>;

/// What a process ends with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// Its exit code (spec IO-9).
    pub exit_code: i32,
    /// One JSON value.
    pub stdout: Vec<u8>,
}

/// Calls the capability `C` with what stood on stdin.
pub fn run<C: Capability>(stdin: &[u8]) -> Reply {
    let mut document = owned(Document::default());
    document.text().push_bytes(stdin);
    let reply = call::<C>(document);
    Reply { exit_code: reply.exit_code, stdout: reply.text.as_bytes().to_vec() }
}

/// `document` has the text of stdin.
fn call<C: Capability>(mut document: Owned<Document>) -> Owned<Writer> {
    let read = read::<C>(&mut document).and_then(|()| C::Input::decode(document.root()));
    // Its memory is free for what the call needs.
    disowned(document).release();
    match read {
        Ok(input) => match C::call(input) {
            Ok(reply) | Err(reply) => reply,
        },
        Err(rejection) => rejected(&rejection),
    }
}

fn read<C: Capability>(document: &mut Document) -> Decoded<()> {
    if document.text().as_bytes().len() > C::INPUT_BYTES {
        let mut rejection = Rejection::here("input is larger than the limit of ");
        rejection.message.push_integer(C::INPUT_BYTES as i64);
        rejection.message.push(" bytes");
        return Err(rejection);
    }
    document.read(C::DOUBLES)
}

/// Exit code 20: `{"outcome":"rejected","at":…,"message":…}`.
#[cold]
fn rejected(rejection: &Rejection) -> Owned<Writer> {
    let mut out = Writer::outcome(20, "rejected");
    out.text_property("at", rejection.at.as_bytes());
    out.text_property("message", rejection.message.as_bytes());
    out.end();
    out
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
    // One byte more than allowed shows that there is too much, without reading all of it.
    let mut document = owned(Document::default());
    stdio::read(document.text(), C::INPUT_BYTES.saturating_add(1));
    let reply = call::<C>(document);
    stdio::write(reply.text.as_bytes());
    match reply.exit_code {
        0 => stdio::end_well(),
        code => stdio::exit(code),
    }
}
