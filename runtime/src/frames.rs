//! Where in its code a guest was when the host stopped it.

use serde::Serialize;

/// A call that had not returned when the guest was stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Frame {
    /// The function's name as the compiler mangled it, if the module has names; `cargo traverse build --debug` makes one that has.
    pub function: Option<String>,
    /// Where in the `.wasm` file the instruction stands, in bytes from its beginning.
    pub offset: Option<u64>,
}

/// So many calls are kept, the innermost first.
pub(crate) const MAX_FRAMES: usize = 64;
