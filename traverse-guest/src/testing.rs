//! Calls for the author's own tests: natively, in this process, with every check of the contract (spec TEST-80).

use crate::driver::{Capability, Reply, run};
use crate::encode::{Writer, write_value};
use crate::json::{Document, Kind, Value};
use alloc::string::String;
use std::string::ToString;

/// What a call came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Called {
    exit_code: i32,
    document: String,
}

/// Calls the capability `C` with `input`, one JSON value.
pub fn call<C: Capability>(input: &str) -> Called {
    let Reply { exit_code, stdout } = run::<C>(input.as_bytes());
    Called { exit_code, document: String::from_utf8_lossy(&stdout).into_owned() }
}

impl Called {
    /// The exit code that a module would end with: 0 a result, 10 an exception, 20 a rejection, 21 to 24 a broken contract.
    pub fn exit_code(&self) -> i32 {
        self.exit_code
    }

    /// What a module would write to stdout: the result, or another outcome's document.
    pub fn document(&self) -> &str {
        &self.document
    }

    /// The same, if it is this result.
    ///
    /// # Panics
    /// If it is another, or none; if `expected` is no JSON.
    #[track_caller]
    pub fn assert_result(&self, expected: &str) -> &Self {
        assert!(self.exit_code == 0, "expected the result {expected}, {}", self.told());
        let (mut one, mut other) = (Document::default(), Document::default());
        let Some(wanted) = parsed(expected, &mut one) else {
            panic!("the expected result `{expected}` is not JSON")
        };
        let same = parsed(&self.document, &mut other).is_some_and(|found| same(wanted, found));
        assert!(same, "expected the result {expected}, {}", self.told());
        self
    }

    /// The same, if it is this exception.
    ///
    /// # Panics
    /// If it is another outcome.
    #[track_caller]
    pub fn assert_exception(&self, name: &str) -> &Self {
        let is = self.exit_code == 10 && self.text_at("/name").as_deref() == Some(name);
        assert!(is, "expected exception {name}, {}", self.told());
        self
    }

    /// The same, if it is a violation of this clause: `kind` is `precondition`, `postcondition`, `invariant` or
    /// `output-schema`, and `index` its place among its kind, from 0.
    ///
    /// # Panics
    /// If it is another outcome.
    #[track_caller]
    pub fn assert_violation(&self, kind: &str, index: usize) -> &Self {
        let kinds = ["precondition", "postcondition", "invariant", "output-schema"];
        assert!(kinds.contains(&kind), "`{kind}` is no kind of clause: {}", kinds.join(", "));
        let is = (21..=23).contains(&self.exit_code)
            && self.text_at("/clause/kind").as_deref() == Some(kind)
            && self.at("/clause/index", |found| found.bits() as usize == index);
        assert!(is, "expected a violation of {kind} {index}, {}", self.told());
        self
    }

    /// The same, if it is a violation of the clause with this id.
    ///
    /// # Panics
    /// If it is another outcome.
    #[track_caller]
    pub fn assert_violation_of(&self, id: &str) -> &Self {
        let is = (21..=23).contains(&self.exit_code) && self.text_at("/clause/id").as_deref() == Some(id);
        assert!(is, "expected a violation of the clause `{id}`, {}", self.told());
        self
    }

    /// The same, if the input was rejected for the value at this JSON pointer.
    ///
    /// # Panics
    /// If it is another outcome.
    #[track_caller]
    pub fn assert_rejected(&self, at: &str) -> &Self {
        let is = self.exit_code == 20 && self.text_at("/at").as_deref() == Some(at);
        assert!(is, "expected the input to be rejected at `{at}`, {}", self.told());
        self
    }

    /// The same, if the code kept its contract: a result, a declared exception, or a refusal of the input.
    ///
    /// # Panics
    /// If a postcondition, an invariant, the output schema or an exception's condition is broken.
    #[track_caller]
    pub fn assert_holds(&self) -> &Self {
        let holds = matches!(self.exit_code, 0 | 10 | 20 | 21);
        assert!(holds, "expected the contract to hold, {}", self.told());
        self
    }

    fn told(&self) -> String {
        alloc::format!("found (exit code {}) {}", self.exit_code, self.document)
    }

    fn text_at(&self, pointer: &str) -> Option<String> {
        let mut text = None;
        self.at(pointer, |found| {
            text = found.text().map(ToString::to_string);
            true
        });
        text
    }

    fn at(&self, pointer: &str, look: impl FnOnce(Value<'_>) -> bool) -> bool {
        let mut document = Document::default();
        let Some(root) = parsed(&self.document, &mut document) else { return false };
        root.pointer(pointer.as_bytes()).is_some_and(look)
    }
}

/// A document as it is written again; nothing if it is refused. `doubles` as generated code asks for them: without, numbers
/// that are no integers are not written.
#[doc(hidden)]
pub fn written_again(json: &[u8], doubles: bool) -> Option<String> {
    let mut document = Document::of(json);
    document.read(doubles).ok()?;
    let mut out = Writer::new();
    match doubles {
        true => write_value::<true>(document.root(), &mut out),
        false => write_value::<false>(document.root(), &mut out),
    }
    Some(out.text.to_owned_string())
}

fn parsed<'a>(text: &str, document: &'a mut Document) -> Option<Value<'a>> {
    document.text().push(text);
    document.read(true).ok()?;
    Some(document.root())
}

/// The same value: numbers by what they are, however they are written, objects whatever their order.
fn same(one: Value<'_>, other: Value<'_>) -> bool {
    let number = |value: Value<'_>| match value.kind() {
        Kind::Int => Some(value.bits().cast_signed() as f64),
        Kind::Double | Kind::Whole => Some(f64::from_bits(value.bits())),
        _ => None,
    };
    match (one.kind(), other.kind()) {
        (Kind::Int, Kind::Int) | (Kind::Bool, Kind::Bool) => one.bits() == other.bits(),
        (Kind::Int | Kind::Double, Kind::Int | Kind::Double) => number(one) == number(other),
        (Kind::Text, Kind::Text) => one.text() == other.text(),
        (Kind::Null, Kind::Null) => true,
        (Kind::Array, Kind::Array) => {
            one.count() == other.count()
                && one.parts().zip(other.parts()).all(|(one, other)| same(one, other))
        }
        (Kind::Object, Kind::Object) => {
            one.count() == other.count()
                && one.properties().all(|(name, value)| {
                    other.properties().any(|(other_name, other)| name == other_name && same(value, other))
                })
        }
        _ => false,
    }
}
