//! Clauses as generated code checks them: what can go wrong while one is evaluated, and the violation that says so
//! (spec IO-11, IO-12). The texts are normative: the host gives the same.

use crate::buffer::Owned;
use crate::driver::Ended;
use crate::encode::{Encode, Writer, write_value};
use crate::exception::undeclared;
use crate::json::{Decoded, Document, Value};
use crate::message::Message;
use crate::text::Text;
use alloc::string::String;
use core::cmp::Ordering;

/// Why a clause cannot be evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EvalError {
    /// A result outside `i64`.
    IntegerOverflow,
    /// `/` or `%` by an integer zero.
    DivisionByZero,
    /// No such element.
    IndexOutOfRange {
        /// The index asked for.
        index: i64,
        /// How many there are.
        length: usize,
    },
    /// A map has no value for the key that it is asked for.
    NoSuchKey,
    /// A map is written with one key twice.
    DuplicateKey,
    /// Text that does not say what it is converted to: `an int`, `a double` or `a bool`.
    NotInText(&'static str),
    /// An optional property without a value, by the author's words for it.
    Absent(&'static str),
}

impl EvalError {
    pub(crate) fn write(self, out: &mut Text) {
        match self {
            EvalError::IntegerOverflow => out.push("integer overflow"),
            EvalError::DivisionByZero => out.push("division by zero"),
            EvalError::IndexOutOfRange { index, length } => {
                out.push("index ");
                out.push_integer(index);
                out.push(" is out of range for a list of ");
                out.push_integer(length as i64);
            }
            EvalError::NoSuchKey => out.push("no such key"),
            EvalError::DuplicateKey => out.push("duplicate key in a map"),
            EvalError::NotInText(wanted) => {
                out.push("the text is not ");
                out.push(wanted);
            }
            EvalError::Absent(path) => {
                out.push("`");
                out.push(path);
                out.push("` is absent");
            }
        }
    }
}

/// The kinds of clause, by their exit codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Before the function.
    Precondition = 21,
    /// On a normal result.
    Postcondition = 22,
    /// On a normal result, over input and result together.
    Invariant = 23,
}

/// A clause as a report names it.
#[derive(Debug, Clone, Copy)]
pub struct Clause {
    /// Its kind.
    pub kind: Kind,
    /// Its place among its kind, from 0.
    pub index: u32,
    /// The author's name for it.
    pub id: Option<&'static str>,
    /// Its text.
    pub rule: &'static str,
    /// The author's message to a caller who broke it.
    pub message: Option<&'static str>,
}

/// The violation that says of a clause that it does not hold, up to the values that the clause read: the properties of an
/// object in the reply.
#[derive(Debug)]
pub struct Observed {
    out: Owned<Writer>,
    message: Owned<Text>,
}

impl Observed {
    /// A value, by the name that the rule gives it.
    pub fn put<T: Encode + ?Sized>(&mut self, name: &str, value: &T) {
        self.out.sound_property(name, value);
    }

    /// The rest: `,"message":…,"found_by":"guest"}`.
    fn end(self) -> Owned<Writer> {
        let Observed { mut out, message } = self;
        out.end();
        out.text_property("message", message.as_bytes());
        out.text_property("found_by", b"guest");
        out.end();
        out
    }
}

/// A clause must hold. Where it does, and where its rule cannot fail, nothing else of this is in the module.
///
/// # Errors
///
/// The violation, with what `observe` adds to it.
#[inline(always)]
pub fn check_clause(
    clause: &Clause,
    holds: Result<bool, EvalError>,
    observe: impl FnOnce(&mut Observed),
) -> Ended<()> {
    let mut observed = match holds {
        Ok(true) => return Ok(()),
        Ok(false) => untrue(clause),
        Err(error) => failed(clause, error),
    };
    observe(&mut observed);
    Err(observed.end())
}

/// As [`check_clause`], for a clause whose message inserts values: `tell` writes it.
///
/// # Errors
///
/// As [`check_clause`].
#[inline(always)]
pub fn check_clause_telling(
    clause: &Clause,
    holds: Result<bool, EvalError>,
    tell: impl FnOnce(&mut Message),
    observe: impl FnOnce(&mut Observed),
) -> Ended<()> {
    let mut observed = match holds {
        Ok(true) => return Ok(()),
        Ok(false) => {
            let mut message = Message::new();
            tell(&mut message);
            broken(clause, message.into_text())
        }
        Err(error) => failed(clause, error),
    };
    observe(&mut observed);
    Err(observed.end())
}

#[cold]
fn untrue(clause: &Clause) -> Observed {
    let message = match clause.message {
        Some(text) => Text::new(text),
        None => {
            let mut message = Text::new("`");
            message.push(clause.rule);
            message.push("` does not hold");
            message
        }
    };
    broken(clause, message)
}

#[cold]
#[inline(never)]
fn failed(clause: &Clause, error: EvalError) -> Observed {
    let mut message = Text::new("`");
    message.push(clause.rule);
    message.push("` cannot be evaluated: ");
    error.write(&mut message);
    broken(clause, message)
}

fn broken(clause: &Clause, message: Owned<Text>) -> Observed {
    let kind = match clause.kind {
        Kind::Precondition => "precondition",
        Kind::Postcondition => "postcondition",
        Kind::Invariant => "invariant",
    };
    violation(kind, clause.kind as i32, clause, clause.rule.as_bytes(), message)
}

/// Exit code 21 to 23: `{"outcome":"violation","clause":{…},"observed":{`. `rule` stands for the rule of `clause`.
#[cold]
fn violation(kind: &str, exit_code: i32, clause: &Clause, rule: &[u8], message: Owned<Text>) -> Observed {
    let mut out = Writer::outcome(exit_code, "violation");
    out.name("clause");
    out.begin();
    out.text_property("kind", kind.as_bytes());
    out.name("index");
    out.text.push_digits(clause.index.into());
    if let Some(id) = clause.id {
        out.text_property("id", id.as_bytes());
    }
    out.text_property("rule", rule);
    out.end();
    out.name("observed");
    out.begin();
    Observed { out, message }
}

/// The result, as it will be written, must fit the output schema. `decode` applies the schema. `DOUBLES` says whether a
/// double may be read in it.
///
/// # Errors
///
/// The violation of kind `output-schema`.
pub fn check_output<const DOUBLES: bool>(
    result: &Writer,
    decode: impl FnOnce(Value<'_>) -> Decoded<()>,
) -> Ended<()> {
    // Our own text always reads back; if it did not, that would be the violation.
    let mut document = Document::of(result.text.as_bytes());
    let read = document.read(DOUBLES);
    let is_read = read.is_ok();
    let Err(rejection) = read.and_then(|()| decode(document.root())) else {
        document.release();
        return Ok(());
    };
    let mut rule = Text::default();
    rule.push_bytes(rejection.place());
    let mut message = Text::new("the result does not fit the output schema at `");
    message.push_bytes(rule.as_bytes());
    message.push("`: ");
    message.push_bytes(rejection.message.as_bytes());
    rule.push(" ");
    rule.push_bytes(rejection.message.as_bytes());
    let value = if is_read { document.root().pointer(rejection.at.as_bytes()) } else { None };
    let clause = Clause { kind: Kind::Postcondition, index: 0, id: None, rule: "", message: None };
    let mut observed = violation("output-schema", 22, &clause, rule.as_bytes(), message);
    if let Some(value) = value {
        observed.out.name("result");
        write_value::<DOUBLES>(value, &mut observed.out);
    }
    Err(observed.end())
}

/// An exception's `when`, evaluated before the function runs.
#[derive(Debug, Clone, Copy)]
pub struct Condition {
    /// The exception.
    pub exception: &'static str,
    /// The text of `when`.
    pub rule: &'static str,
    /// Whether it holds.
    pub holds: bool,
}

/// Evaluates the `when` of `exception`.
///
/// # Errors
///
/// The outcome `undeclared` if it cannot be evaluated.
pub fn check_condition(
    exception: &'static str,
    rule: &'static str,
    holds: Result<bool, EvalError>,
) -> Ended<Condition> {
    match holds {
        Ok(holds) => Ok(Condition { exception, rule, holds }),
        Err(error) => {
            let mut message = Text::new("the condition `");
            message.push(rule);
            message.push("` of exception `");
            message.push(exception);
            message.push("` cannot be evaluated: ");
            error.write(&mut message);
            Err(undeclared(&message))
        }
    }
}

/// `&&` that absorbs errors: `false` on either side decides.
///
/// # Errors
///
/// The left side's error, if the right side does not decide; else the right side's.
pub fn and(
    left: Result<bool, EvalError>,
    right: impl FnOnce() -> Result<bool, EvalError>,
) -> Result<bool, EvalError> {
    match left {
        Ok(false) => Ok(false),
        Ok(true) => right(),
        Err(error) => match right() {
            Ok(false) => Ok(false),
            _ => Err(error),
        },
    }
}

/// `||` that absorbs errors: `true` on either side decides.
///
/// # Errors
///
/// The left side's error, if the right side does not decide; else the right side's.
pub fn or(
    left: Result<bool, EvalError>,
    right: impl FnOnce() -> Result<bool, EvalError>,
) -> Result<bool, EvalError> {
    match left {
        Ok(true) => Ok(true),
        Ok(false) => right(),
        Err(error) => match right() {
            Ok(true) => Ok(true),
            _ => Err(error),
        },
    }
}

/// `!left || right`, absorbing errors as [`or`] does.
///
/// # Errors
///
/// As [`or`].
pub fn implies(
    left: Result<bool, EvalError>,
    right: impl FnOnce() -> Result<bool, EvalError>,
) -> Result<bool, EvalError> {
    or(left.map(|holds| !holds), right)
}

/// `list.all(…)`: one element for which it is false decides, even if others are errors.
///
/// # Errors
///
/// The first, if no element decides.
pub fn all<T>(list: &[T], mut holds: impl FnMut(&T) -> Result<bool, EvalError>) -> Result<bool, EvalError> {
    exists(list, |item| holds(item).map(|holds| !holds)).map(|found| !found)
}

/// `list.exists(…)`: one element for which it is true decides, even if others are errors.
///
/// # Errors
///
/// The first, if no element decides.
pub fn exists<T>(
    list: &[T],
    mut holds: impl FnMut(&T) -> Result<bool, EvalError>,
) -> Result<bool, EvalError> {
    let mut outcome = Ok(false);
    for item in list {
        match holds(item) {
            Ok(true) => return Ok(true),
            Ok(false) => {}
            Err(error) => outcome = outcome.and(Err(error)),
        }
    }
    outcome
}

/// An integer against a double by mathematical value, without a lossy cast; `None` against NaN.
pub fn compare(integer: i64, double: f64) -> Option<Ordering> {
    if double.is_nan() {
        return None;
    }
    if double >= 9_223_372_036_854_775_808.0 {
        return Some(Ordering::Less);
    }
    if double < -9_223_372_036_854_775_808.0 {
        return Some(Ordering::Greater);
    }
    // Within i64 the cast drops the fraction alone, and a double with a fraction is far below 2^53.
    let whole = double as i64;
    Some(integer.cmp(&whole).then_with(|| {
        let fraction = double - whole as f64;
        if fraction > 0.0 {
            Ordering::Less
        } else if fraction < 0.0 {
            Ordering::Greater
        } else {
            Ordering::Equal
        }
    }))
}

/// `left + right` of two texts.
pub fn concat(left: &str, right: &str) -> String {
    let mut text = String::with_capacity(left.len() + right.len());
    text.push_str(left);
    text.push_str(right);
    text
}

/// Checked arithmetic on integers, and indexing by them.
pub mod int {
    use super::EvalError;

    type Outcome = Result<i64, EvalError>;

    /// `-value`
    ///
    /// # Errors
    ///
    /// Overflow.
    pub fn negate(value: i64) -> Outcome {
        value.checked_neg().ok_or(EvalError::IntegerOverflow)
    }

    /// `left + right`
    ///
    /// # Errors
    ///
    /// Overflow.
    pub fn add(left: i64, right: i64) -> Outcome {
        left.checked_add(right).ok_or(EvalError::IntegerOverflow)
    }

    /// `left - right`
    ///
    /// # Errors
    ///
    /// Overflow.
    pub fn subtract(left: i64, right: i64) -> Outcome {
        left.checked_sub(right).ok_or(EvalError::IntegerOverflow)
    }

    /// `left * right`
    ///
    /// # Errors
    ///
    /// Overflow.
    pub fn multiply(left: i64, right: i64) -> Outcome {
        left.checked_mul(right).ok_or(EvalError::IntegerOverflow)
    }

    /// `left / right`, truncated.
    ///
    /// # Errors
    ///
    /// Division by zero, overflow.
    pub fn divide(left: i64, right: i64) -> Outcome {
        if right == 0 {
            return Err(EvalError::DivisionByZero);
        }
        left.checked_div(right).ok_or(EvalError::IntegerOverflow)
    }

    /// `left % right`, with the sign of `left`.
    ///
    /// # Errors
    ///
    /// Division by zero, overflow.
    pub fn remainder(left: i64, right: i64) -> Outcome {
        if right == 0 {
            return Err(EvalError::DivisionByZero);
        }
        left.checked_rem(right).ok_or(EvalError::IntegerOverflow)
    }

    /// `list[index]`
    ///
    /// # Errors
    ///
    /// Index out of range; a negative index is out of range.
    pub fn index<T>(list: &[T], index: i64) -> Result<&T, EvalError> {
        usize::try_from(index)
            .ok()
            .and_then(|at| list.get(at))
            .ok_or(EvalError::IndexOutOfRange { index, length: list.len() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // spec: LANG comparison of int and double by mathematical value
    #[test]
    fn integers_and_doubles_compare_by_value() {
        assert_eq!(compare(1, 1.0), Some(Ordering::Equal));
        assert_eq!(compare(1, 1.5), Some(Ordering::Less));
        assert_eq!(compare(-1, -1.5), Some(Ordering::Greater));
        assert_eq!(compare(0, -0.0), Some(Ordering::Equal));
        assert_eq!(compare(i64::MAX, 9_223_372_036_854_775_807.0), Some(Ordering::Less));
        assert_eq!(compare(i64::MIN, -9_223_372_036_854_775_808.0), Some(Ordering::Equal));
        assert_eq!(compare(9_007_199_254_740_993, 9_007_199_254_740_992.0), Some(Ordering::Greater));
        assert_eq!(compare(0, f64::INFINITY), Some(Ordering::Less));
        assert_eq!(compare(0, f64::NEG_INFINITY), Some(Ordering::Greater));
        assert_eq!(compare(0, f64::NAN), None);
    }

    #[test]
    fn an_error_is_absorbed_only_by_the_side_that_decides() {
        let error = Err(EvalError::DivisionByZero);
        assert_eq!(and(error, || Ok(false)), Ok(false));
        assert_eq!(and(error, || Ok(true)), error);
        assert_eq!(and(Ok(false), || error), Ok(false));
        assert_eq!(or(error, || Ok(true)), Ok(true));
        assert_eq!(or(error, || Ok(false)), error);
        assert_eq!(implies(error, || Ok(true)), Ok(true));
        assert_eq!(implies(Ok(false), || error), Ok(true));
        assert_eq!(and(error, || Err(EvalError::IntegerOverflow)), error);
    }
}
