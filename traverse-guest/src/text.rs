//! Text in the making, without the formatting machinery.

use crate::json::write_i64;
use alloc::string::String;

/// A text that grows at its end. What pushes to it is never inlined: nearly every function of a guest does.
#[derive(Debug, Default)]
pub(crate) struct Text(pub(crate) String);

impl Text {
    pub(crate) fn new(start: &str) -> Text {
        let mut text = Text::default();
        text.push(start);
        text
    }

    #[inline(never)]
    pub(crate) fn push(&mut self, text: &str) {
        self.0.push_str(text);
    }

    /// A character of ASCII.
    #[inline(never)]
    pub(crate) fn push_ascii(&mut self, character: u8) {
        self.0.push(char::from(character));
    }

    pub(crate) fn push_integer(&mut self, value: i64) {
        write_i64(value, self);
    }
}
