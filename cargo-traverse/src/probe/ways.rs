//! One input, all ways: through the host's judgement, in the module alone, in the module once more, natively (spec TEST-20).

use super::fault::{Fault, FaultKind};
use super::native::{Native, Said};
use crate::cases::compare::{self, Comparison, Tolerance};
use crate::error::CommandError;
use serde_json::Value;
use traverse_contract::json::pointer_join;
use traverse_contract::outcome::{FoundBy, Outcome};
use traverse_runtime::{Call, Capability, Error, GuestCall};

/// The ways that an input can go.
pub(crate) struct Ways<'c> {
    capability: &'c Capability,
    native: Option<Native>,
    /// Whether the module says that the SDK is in it, which refuses what the host refuses. One of another tool need not.
    refuses_itself: bool,
    /// How often the native program came to another end than the module after other calls, and to the same one afresh.
    pub(crate) stateful: u64,
    /// How often the two had doubles that differ in their last digits.
    pub(crate) rounded: u64,
    /// On how many inputs it was asked again and again.
    looked_at_closely: u64,
    /// Whether the native program itself was seen to come to different ends.
    by_chance: bool,
}

/// On so many inputs a native program that parts from the module is asked again and again.
const LOOKED_AT_CLOSELY: u64 = 40;

/// What a native program has at hand that differs from one process to the next.
const BY_CHANCE: &str = "the native program itself comes to different ends: something in it differs from process to \
                         process, such as the order of a `HashMap`, which a module has fixed";

/// So often each.
const AFRESH: usize = 5;

/// What an input came to.
pub(crate) struct Tried {
    /// Through the host.
    pub(crate) call: Result<Call, Error>,
    /// What is wrong, the first thing of several.
    pub(crate) fault: Option<Fault>,
}

impl<'c> Ways<'c> {
    /// `native`: the program, where there is one.
    pub(crate) fn new(capability: &'c Capability, native: Option<Native>) -> Ways<'c> {
        let made = capability.module().package.as_ref();
        let refuses_itself = made.is_some_and(|made| made.sdk.is_some());
        Ways {
            capability,
            native,
            refuses_itself,
            stateful: 0,
            rounded: 0,
            looked_at_closely: 0,
            by_chance: false,
        }
    }

    /// What is called.
    pub(crate) fn capability(&self) -> &'c Capability {
        self.capability
    }

    /// Sends `input` all ways.
    ///
    /// # Errors
    /// `native-failed` where the native program cannot be started.
    pub(crate) fn send(&mut self, input: &[u8]) -> Result<Tried, CommandError> {
        let call = self.capability.call(input);
        // What is stopped once is not run again: it may have spent all the fuel that there is.
        let mut fault = of_call(&call);
        if fault.is_none() {
            let guest = self.capability.call_guest(input);
            fault = self.between_host_and_guest(input, &call, &guest);
            if fault.is_none() {
                fault = self.against_native(input, &guest)?;
            }
        }
        Ok(Tried { call, fault })
    }

    fn between_host_and_guest(
        &self,
        input: &[u8],
        call: &Result<Call, Error>,
        guest: &Result<GuestCall, Error>,
    ) -> Option<Fault> {
        let Ok(call) = call else {
            // It was stopped, which is a fault already.
            return None;
        };
        if call.trace.exit_code.is_some() {
            return differs_from_itself(&call.stdout, call.trace.fuel_used, guest);
        }
        if !self.refuses_itself {
            return None;
        }
        let guest = match guest {
            Ok(guest) => guest,
            Err(error) => {
                return Some(refusal_differs(
                    &call.outcome,
                    format!("the module is stopped: {}", error.message()),
                ));
            }
        };
        if let Some(fault) = refuses_otherwise(&call.outcome, guest) {
            return Some(fault);
        }
        let again = self.capability.call_guest(input);
        differs_from_itself(&guest.stdout, guest.fuel_used, &again)
    }

    fn against_native(
        &mut self,
        input: &[u8],
        guest: &Result<GuestCall, Error>,
    ) -> Result<Option<Fault>, CommandError> {
        let Some(native) = self.native.as_mut().filter(|native| !native.gave_up()) else { return Ok(None) };
        // What spends all its fuel or memory in the module may well not end natively.
        let in_module = match guest {
            Ok(guest) => Said::Ended { exit_code: guest.exit_code, stdout: guest.stdout.clone() },
            Err(_) => return Ok(None),
        };
        let mut natively = native.call(input)?;
        if nearly(&in_module, &natively) {
            self.rounded += 1;
            return Ok(None);
        }
        if native.gave_up() {
            let mut fault = native_differs(&in_module, &natively);
            fault.notes.push("no other input was given to the native program".to_owned());
            return Ok(Some(fault));
        }
        if natively != in_module {
            let after_others = natively;
            natively = native.call_afresh(input)?;
            if natively == in_module && !self.by_chance && self.looked_at_closely < LOOKED_AT_CLOSELY {
                // Chance may have made it so: what is random in a process, such as the order of a `HashMap`.
                self.looked_at_closely += 1;
                for _ in 0..AFRESH {
                    natively = native.call_afresh(input)?;
                    if natively != in_module {
                        break;
                    }
                }
            }
            if natively == in_module {
                if self.by_chance {
                    // What differs from process to process differs from call to call as well: it is no static.
                    natively = after_others;
                } else {
                    self.stateful += 1;
                    return Ok(None);
                }
            }
            let mut fault = native_differs(&in_module, &natively);
            if !self.by_chance && self.looked_at_closely < LOOKED_AT_CLOSELY {
                self.looked_at_closely += 1;
                for _ in 0..AFRESH {
                    if native.call_afresh(input)? != natively {
                        (self.by_chance, self.stateful) = (true, 0);
                        break;
                    }
                }
            }
            if self.by_chance {
                fault.notes.push(BY_CHANCE.to_owned());
            }
            return Ok(Some(fault));
        }
        Ok(None)
    }
}

/// Whether two results differ, and in nothing but the last digits of doubles: sine, exponents and the like are not the same library's.
fn nearly(one: &Said, other: &Said) -> bool {
    let (Said::Ended { exit_code: 0, stdout: one }, Said::Ended { exit_code: 0, stdout: other }) =
        (one, other)
    else {
        return false;
    };
    let parsed = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes);
    one != other
        && parsed(one).is_ok_and(|one| {
            parsed(other).is_ok_and(|other| {
                let near = Tolerance { absolute: 0.0, relative: 1e-14 };
                let comparison = Comparison { tolerance: near, ..Comparison::default() };
                doubles_alone_differ(&one, &other) && {
                    let (one, other) = comparison.compared(&one, &other);
                    compare::same(&one, &other)
                }
            })
        })
}

/// Whether all that differs are numbers that are no integers.
fn doubles_alone_differ(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Object(fields), Value::Object(others)) => {
            fields.len() == others.len()
                && fields.iter().all(|(name, value)| {
                    others.get(name).is_some_and(|other| doubles_alone_differ(value, other))
                })
        }
        (Value::Array(items), Value::Array(others)) => {
            items.len() == others.len()
                && items.iter().zip(others).all(|(one, other)| doubles_alone_differ(one, other))
        }
        (Value::Number(number), Value::Number(other_number)) => {
            one == other || number.is_f64() && other_number.is_f64()
        }
        _ => one == other,
    }
}

/// What a call alone shows.
fn of_call(call: &Result<Call, Error>) -> Option<Fault> {
    let call = match call {
        Ok(call) => call,
        Err(error @ (Error::OutcomeMismatch { .. } | Error::OutputNotJson { .. })) => {
            let mut fault = Fault::new(FaultKind::Disbelieved, error.code(), error.message());
            fault.notes.extend(error.note());
            return Some(fault);
        }
        Err(error) => return Some(stopped(error)),
    };
    let (kind, mark, message) = match &call.outcome {
        Outcome::Violation(violation) if call.trace.exit_code.is_some() => {
            let clause = &violation.clause;
            let kind = serde_json::to_value(clause.kind).unwrap_or_default();
            let place = if clause.rule.starts_with('/') { clause.rule.as_str() } else { "" };
            let mark = format!("{} {} {place}", kind.as_str().unwrap_or_default(), clause.index);
            (FaultKind::ClauseBroken, mark, violation.message.clone())
        }
        Outcome::Undeclared(undeclared) => {
            (FaultKind::ExceptionUndeclared, undeclared.message.clone(), undeclared.message.clone())
        }
        _ => return None,
    };
    Some(Fault { outcome: Some(call.outcome.clone()), ..Fault::new(kind, mark, message) })
}

fn stopped(error: &Error) -> Fault {
    let message = error.message();
    // Of a panic its place: its message may hold values.
    let mark = match message.find("panicked at ").map(|at| &message[at..]) {
        Some(panic) => format!("{} {}", error.code(), panic.split(": ").next().unwrap_or_default()),
        None => error.code().to_owned(),
    };
    let mut fault = Fault::new(FaultKind::Stopped, mark, message);
    fault.notes.extend(error.note());
    fault
}

fn differs_from_itself(stdout: &[u8], fuel: u64, again: &Result<GuestCall, Error>) -> Option<Fault> {
    let fault = |message: String| Some(Fault::new(FaultKind::NotDeterministic, "", message));
    match again {
        Err(error) => fault(format!("the same input ended well once, and once more: {}", error.message())),
        Ok(again) if again.stdout != stdout => {
            let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            fault(format!("the same input came to {} and to {}", said(stdout), said(&again.stdout)))
        }
        Ok(again) if again.fuel_used != fuel => {
            fault(format!("the same input took {fuel} units of fuel and {}", again.fuel_used))
        }
        Ok(_) => None,
    }
}

/// The host refused the input before the guest ran; the guest must do so in the same words.
fn refuses_otherwise(host: &Outcome, guest: &GuestCall) -> Option<Fault> {
    let mut expected = host.clone();
    if let Outcome::Violation(violation) = &mut expected {
        violation.found_by = FoundBy::Guest;
    }
    let said: Value = serde_json::from_slice(&guest.stdout).unwrap_or_default();
    let mut expected = expected.to_stdout();
    // Of what is not JSON each reader says what it saw, in its own words (IO-3).
    let is_syntax =
        |said: &Value| said["message"].as_str().is_some_and(|text| text.starts_with("not valid JSON"));
    if guest.exit_code == 20 && is_syntax(&said) && is_syntax(&expected) {
        expected = said.clone();
    }
    let same = guest.exit_code == host.exit_code() && compare::same(&said, &expected);
    (!same).then(|| {
        refusal_differs(host, format!("module: exit code {}, {}", guest.exit_code, shortened(&guest.stdout)))
    })
}

fn refusal_differs(host: &Outcome, of_guest: String) -> Fault {
    let mut fault =
        Fault::new(FaultKind::RefusalDiffers, "", "module and host do not refuse the input alike");
    fault.notes = vec![of_guest, format!("host: exit code {}, {}", host.exit_code(), host.to_stdout())];
    fault
}

fn native_differs(in_module: &Said, natively: &Said) -> Fault {
    let mark = match natively {
        Said::Ended { exit_code, .. } => format!("ends with {exit_code}"),
        Said::Panicked(line) => line.split(": ").next().unwrap_or_default().to_owned(),
        Said::Died(how) => how.clone(),
    };
    let message = match (in_module, natively) {
        (_, Said::Panicked(line)) => {
            format!("the native program, which checks arithmetic, {line}; the module goes on")
        }
        (_, Said::Died(how)) => format!("the native program {how}; the module ends well"),
        (Said::Ended { stdout: one, .. }, Said::Ended { stdout: other, .. }) => {
            match first_difference(one, other) {
                Some((at, one, other)) => {
                    format!("at `{at}` the module has {one}, and the native program {other}")
                }
                None => "module and native program end with different bytes".to_owned(),
            }
        }
        _ => "module and native program part".to_owned(),
    };
    let mut fault = Fault::new(FaultKind::NativeDiffers, mark, message);
    fault.notes = vec![format!("module: {}", told(in_module)), format!("native: {}", told(natively))];
    if matches!(natively, Said::Panicked(line) if line.contains("overflow")) {
        fault
            .notes
            .push("in the module the number wraps around: its release profile does not check".to_owned());
    }
    fault
}

fn told(said: &Said) -> String {
    match said {
        Said::Ended { exit_code, stdout } => format!("exit code {exit_code}, {}", shortened(stdout)),
        Said::Panicked(line) => line.clone(),
        Said::Died(how) => how.clone(),
    }
}

fn shortened(bytes: &[u8]) -> String {
    const MOST: usize = 400;
    let text = String::from_utf8_lossy(bytes);
    match text.char_indices().nth(MOST) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.into_owned(),
    }
}

/// Where two documents part first: a JSON pointer, and what stands there.
fn first_difference(one: &[u8], other: &[u8]) -> Option<(String, Value, Value)> {
    let (one, other): (Value, Value) =
        (serde_json::from_slice(one).ok()?, serde_json::from_slice(other).ok()?);
    let (at, one, other) = part_at(&one, &other, String::new())?;
    let at = if at.is_empty() { "(root)".to_owned() } else { at };
    Some((at, one.clone(), other.clone()))
}

fn part_at<'v>(one: &'v Value, other: &'v Value, at: String) -> Option<(String, &'v Value, &'v Value)> {
    match (one, other) {
        (Value::Object(fields), Value::Object(others)) if fields.keys().eq(others.keys()) => {
            fields.iter().find_map(|(name, value)| part_at(value, others.get(name)?, pointer_join(&at, name)))
        }
        (Value::Array(items), Value::Array(others)) if items.len() == others.len() => items
            .iter()
            .zip(others)
            .enumerate()
            .find_map(|(index, (one, other))| part_at(one, other, pointer_join(&at, &index.to_string()))),
        _ => (one != other).then_some((at, one, other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// spec: TEST-20
    #[test]
    fn the_first_place_where_two_documents_part_is_named() {
        let at = |one: &str, other: &str| first_difference(one.as_bytes(), other.as_bytes());
        assert_eq!(at("{\"a\":[1,2]}", "{\"a\":[1,2]}"), None);
        let (place, one, other) = at("{\"a\":[1,{\"b/c\":2}]}", "{\"a\":[1,{\"b/c\":3}]}").unwrap();
        assert_eq!((place.as_str(), one, other), ("/a/1/b~1c", 2.into(), 3.into()));
        assert_eq!(at("1", "2").unwrap().0, "(root)");
        assert_eq!(at("{\"a\":[]}", "{\"a\":[1]}").unwrap().0, "/a");
    }

    /// spec: TEST-21
    #[test]
    fn the_same_input_must_come_to_the_same_bytes_and_cost_the_same() {
        let again = |stdout: &str, fuel_used| {
            Ok(GuestCall {
                exit_code: 0,
                stdout: stdout.into(),
                stderr: Vec::new(),
                fuel_used,
                peak_memory_bytes: 0,
            })
        };
        assert!(differs_from_itself(b"1", 7, &again("1", 7)).is_none());
        let bytes = differs_from_itself(b"1", 7, &again("2", 7)).unwrap();
        assert_eq!(bytes.message, "the same input came to 1 and to 2");
        let fuel = differs_from_itself(b"1", 7, &again("1", 8)).unwrap();
        assert_eq!(fuel.message, "the same input took 7 units of fuel and 8");
        assert_eq!((bytes.kind, fuel.kind), (FaultKind::NotDeterministic, FaultKind::NotDeterministic));
    }

    /// spec: TEST-20
    #[test]
    fn only_last_digits_of_doubles_are_let_pass() {
        let said = |text: &str| Said::Ended { exit_code: 0, stdout: text.into() };
        let near = |one: &str, other: &str| nearly(&said(one), &said(other));
        assert!(near("{\"a\":0.4479247278046687}", "{\"a\":0.44792472780466874}"));
        assert!(!near("{\"a\":0.44}", "{\"a\":0.45}") && !near("{\"a\":1}", "{\"a\":2}"));
        assert!(!near("{\"a\":1.5,\"b\":true}", "{\"a\":1.5000000000000002,\"b\":false}"));
        assert!(!near("9007199254740993", "9007199254740992") && !near("1.5", "1.5"));
    }
}
