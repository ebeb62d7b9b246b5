//! Exceptions: the reply that carries one (spec IO-13), and whether it may be raised at all.

use crate::buffer::Owned;
use crate::clause::Condition;
use crate::driver::Ended;
#[cfg(doc)]
use crate::encode::Encode;
use crate::encode::Writer;
use crate::json::{Decoded, Document, Value};
use crate::message::Message;
use crate::text::Text;

/// A declared exception. Implemented for the generated `Exception`.
pub trait Raised {
    /// Whether some have details.
    const DETAILED: bool;

    /// Whether JSON may not be able to hold the details of some, as [`Encode::FALLIBLE`] says it.
    const FALLIBLE: bool;

    /// As [`Capability::DOUBLES`](crate::driver::Capability::DOUBLES).
    const DOUBLES: bool;

    /// Whether the schemas of some details say more than their types.
    const BOUNDED: bool;

    /// The name in the spec.
    fn name(&self) -> &'static str;

    /// The message in the spec.
    fn message(&self) -> Option<&'static str>;

    /// Writes the details as JSON, if there are any.
    fn details(&self, out: &mut Writer);

    /// Holds the details to their schema, where that says more than their types.
    ///
    /// # Errors
    ///
    /// What the schema says of them.
    fn check_details(&self, _details: Value<'_>) -> Decoded<()> {
        Ok(())
    }
}

/// Exit code 10: `{"outcome":"exception","name":…,"message":…,"details":…}`.
///
/// # Panics
///
/// If the details are not what the contract says: no outcome stands for that (spec IO-15).
#[track_caller]
pub fn raise<E: Raised>(exception: &E) -> Owned<Writer> {
    reply(exception, exception.message().map(str::as_bytes))
}

/// As [`raise`], where the messages of some exceptions insert values: `tell` writes such a message and is true, of all
/// other exceptions it is false.
///
/// # Panics
///
/// As [`raise`].
#[track_caller]
pub fn raise_telling<E: Raised>(exception: &E, tell: impl FnOnce(&mut Message) -> bool) -> Owned<Writer> {
    let mut message = Message::new();
    let message = match tell(&mut message) {
        true => Some(message.as_text().as_bytes()),
        false => exception.message().map(str::as_bytes),
    };
    reply(exception, message)
}

#[track_caller]
fn reply<E: Raised>(exception: &E, message: Option<&[u8]>) -> Owned<Writer> {
    let mut out = Writer::outcome(10, "exception");
    out.text_property("name", exception.name().as_bytes());
    if let Some(message) = message {
        out.text_property("message", message);
    }
    if E::DETAILED {
        write_details(exception, &mut out);
    }
    out.end();
    out
}

#[track_caller]
fn write_details<E: Raised>(exception: &E, out: &mut Writer) {
    let mut details = Writer::new();
    exception.details(&mut details);
    if details.text.as_bytes().is_empty() {
        return;
    }
    if E::FALLIBLE {
        let mut whose = Text::new("exception `");
        whose.push(exception.name());
        whose.push("`");
        details.require_sound(whose.as_bytes());
    }
    if E::BOUNDED {
        check_details(exception, &details.text);
    }
    out.name("details");
    out.text.push_bytes(details.text.as_bytes());
}

/// The host refuses what does not fit; here the author is told which exception it was.
#[track_caller]
fn check_details<E: Raised>(exception: &E, details: &Text) {
    // Our own text always reads back.
    let mut document = Document::of(details.as_bytes());
    let checked = document.read(E::DOUBLES).and_then(|()| exception.check_details(document.root()));
    let Err(rejection) = checked else { return };
    let mut message = Text::new("the details of exception `");
    message.push(exception.name());
    message.push("` do not fit their schema at `");
    message.push_bytes(rejection.place());
    message.push("`: ");
    message.push_bytes(rejection.message.as_bytes());
    crate::panic::fail(message.as_bytes());
}

/// Exit code 24: `{"outcome":"undeclared","message":…}`.
pub(crate) fn undeclared(message: &Text) -> Owned<Writer> {
    let mut out = Writer::outcome(24, "undeclared");
    out.text_property("message", message.as_bytes());
    out.end();
    out
}

/// An exception with a condition is raised if and only if its condition holds; where several hold, any of them.
///
/// # Errors
///
/// The outcome `undeclared`.
pub fn check_raised(raised: Option<&str>, conditions: &[Condition]) -> Ended<()> {
    if let Some(raised) = raised
        && let Some(own) = conditions.iter().find(|condition| condition.exception == raised)
    {
        if own.holds {
            return Ok(());
        }
        let mut message = Text::new("exception `");
        message.push(raised);
        message.push("` was raised, but its condition `");
        message.push(own.rule);
        message.push("` does not hold");
        return Err(undeclared(&message));
    }
    match conditions.iter().find(|condition| condition.holds) {
        None => Ok(()),
        Some(due) => {
            let mut message = Text::new("`");
            message.push(due.rule);
            message.push("` holds, so exception `");
            message.push(due.exception);
            message.push("` must be raised");
            Err(undeclared(&message))
        }
    }
}
