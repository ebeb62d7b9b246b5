//! Text in the making, without the formatting machinery.

use crate::buffer::{Buffer, Owned, owned};
use crate::json::checked_text;
use alloc::string::String;

/// A text that grows at its end, as the bytes of its UTF-8: so pieces of another text, cut at characters of ASCII, need
/// no check of where they are cut. What pushes to it is never inlined, as nearly every function of a guest does.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Text(Buffer<u8>);

impl Text {
    /// A text that begins so, in memory of its own.
    #[inline(never)]
    pub(crate) fn new(start: &str) -> Owned<Text> {
        let mut text = owned(Text::default());
        text.push(start);
        text
    }

    pub(crate) fn reserve(&mut self, bytes: usize) {
        self.0.reserve(bytes);
    }

    pub(crate) fn push(&mut self, text: &str) {
        self.push_bytes(text.as_bytes());
    }

    /// What stands in `bytes` from one place to another, neither of which is beyond its end.
    #[inline(never)]
    pub(crate) fn push_part(&mut self, bytes: &[u8], from: usize, to: usize) {
        self.push_bytes(bytes.get(from..to).unwrap_or_default());
    }

    #[inline(never)]
    pub(crate) fn push_bytes(&mut self, bytes: &[u8]) {
        self.0.extend(bytes);
    }

    #[inline(never)]
    pub(crate) fn push_byte(&mut self, byte: u8) {
        self.0.push(byte);
    }

    pub(crate) fn push_integer(&mut self, value: i64) {
        if value < 0 {
            self.push_byte(b'-');
        }
        self.push_digits(value.unsigned_abs());
    }

    /// Decimal digits.
    pub(crate) fn push_digits(&mut self, value: u64) {
        if value >= 10 {
            self.push_digits(value / 10);
        }
        self.push_byte(b'0' + (value % 10) as u8);
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    pub(crate) fn buffer(&mut self) -> &mut Buffer<u8> {
        &mut self.0
    }

    /// The text, its memory given back.
    pub(crate) fn into_string(self) -> String {
        let string = self.to_owned_string();
        self.release();
        string
    }

    /// Gives the memory back.
    pub(crate) fn release(self) {
        self.0.release();
    }

    pub(crate) fn to_owned_string(&self) -> String {
        String::from(checked_text(self.as_bytes()).unwrap_or_default())
    }
}
