//! Messages that insert values, as generated code writes them. The host writes the same.

use crate::buffer::Owned;
use crate::clause::EvalError;
use crate::convert::write_double;
use crate::text::Text;

/// A message in the making.
pub struct Message(Owned<Text>);

impl Message {
    pub(crate) fn new() -> Message {
        Message(Text::new(""))
    }

    pub(crate) fn as_text(&self) -> &Text {
        &self.0
    }

    pub(crate) fn into_text(self) -> Owned<Text> {
        self.0
    }

    /// Text as it is.
    pub fn text(&mut self, text: &str) {
        self.0.push(text);
    }

    /// `string(int)`
    pub fn int(&mut self, value: i64) {
        self.0.push_integer(value);
    }

    /// `string(double)`
    pub fn double(&mut self, value: f64) {
        write_double(value, &mut self.0);
    }

    /// `string(bool)`
    pub fn bool(&mut self, value: bool) {
        self.0.push(if value { "true" } else { "false" });
    }

    /// A value that may be absent or fail: `write` writes it, or nothing.
    pub fn attempt(&mut self, write: impl FnOnce(&mut Message) -> Result<(), EvalError>) {
        let written = write(self);
        self.attempted(written);
    }

    /// What is written of a value that there is none of.
    #[inline(never)]
    fn attempted(&mut self, written: Result<(), EvalError>) {
        match written {
            Ok(()) => {}
            Err(EvalError::Absent(_)) => self.0.push("(absent)"),
            Err(error) => {
                self.0.push("(");
                error.write(&mut self.0);
                self.0.push(")");
            }
        }
    }
}
