//! Reading a table whose keys are known: each value of its type, every other key an error with the nearest name.
//! The spec, its schemas' neighbours and the manifest are all read through this.

use super::Text;
use super::node::{Entry, Node, NodeValue};
use crate::diagnostic::{Diagnostic, Span, nearest};

/// Errors after which a part of a file is not looked through any further: a bound on the work. Fewer are shown.
pub(crate) const MAX_ERRORS: usize = 1_000;

/// The codes of the errors of one kind of file.
pub(crate) struct Codes {
    pub(crate) syntax: &'static str,
    pub(crate) too_large: &'static str,
    pub(crate) too_deep: &'static str,
    pub(crate) number: &'static str,
    pub(crate) unknown_key: &'static str,
    pub(crate) missing_key: &'static str,
    pub(crate) wrong_type: &'static str,
}

/// A table under a name, its keys checked.
pub(crate) struct Section<'n> {
    /// As messages call it: `` `[contract]` ``, `the clause`.
    name: String,
    /// Where a missing key is reported.
    span: Span,
    entries: &'n [Entry],
    codes: &'static Codes,
}

impl<'n> Section<'n> {
    /// Opens `node` as a table with these keys; every other key is an error. `None` if it is no table.
    pub(crate) fn open(
        name: impl Into<String>,
        node: &'n Node,
        known: &[&str],
        codes: &'static Codes,
        errors: &mut Vec<Diagnostic>,
    ) -> Option<Section<'n>> {
        let name = name.into();
        let NodeValue::Table(entries) = &node.value else {
            errors.push(
                Diagnostic::error(codes.wrong_type, format!("{name} must be a table, found {}", node.noun()))
                    .at(node.span, ""),
            );
            return None;
        };
        for entry in entries {
            if !known.contains(&entry.key.value.as_str()) && errors.len() < MAX_ERRORS {
                errors.push(unknown_key(&entry.key, &name, known, codes));
            }
        }
        Some(Section { name, span: node.span, entries, codes })
    }

    /// The entry of `key`, if written.
    pub(crate) fn entry(&self, key: &str) -> Option<&'n Entry> {
        self.entries.iter().find(|entry| entry.key.value == key)
    }

    /// The value of `key`, if written.
    pub(crate) fn node(&self, key: &str) -> Option<&'n Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// A string, if written.
    pub(crate) fn text(&self, key: &str, errors: &mut Vec<Diagnostic>) -> Option<Text> {
        match &self.node(key)?.value {
            NodeValue::String(text) => Some(text.clone()),
            _ => self.wrong_type(key, "a string", errors),
        }
    }

    /// A string that must be written; `example` is what the help shows, in TOML.
    pub(crate) fn required_text(
        &self,
        key: &str,
        example: &str,
        errors: &mut Vec<Diagnostic>,
    ) -> Option<Text> {
        if self.entry(key).is_none() {
            errors.push(self.missing(key, example));
        }
        self.text(key, errors)
    }

    /// A whole number in `range`, if written. `code` is the error's when it lies outside.
    pub(crate) fn integer(
        &self,
        key: &str,
        range: std::ops::RangeInclusive<u64>,
        code: &'static str,
        errors: &mut Vec<Diagnostic>,
    ) -> Option<u64> {
        let node = self.node(key)?;
        let NodeValue::Integer(number) = node.value else {
            return self.wrong_type(key, "an integer", errors);
        };
        match u64::try_from(number) {
            Ok(number) if range.contains(&number) => Some(number),
            _ => {
                let (least, most) = range.into_inner();
                errors.push(
                    Diagnostic::error(
                        code,
                        format!("`{key}` must be between {least} and {most}, found {number}"),
                    )
                    .at(node.span, ""),
                );
                None
            }
        }
    }

    /// The elements of an array; none if it is not written.
    pub(crate) fn list(&self, key: &str, errors: &mut Vec<Diagnostic>) -> &'n [Node] {
        match self.node(key).map(|node| &node.value) {
            None => &[],
            Some(NodeValue::Array(items)) => items,
            Some(_) => {
                self.wrong_type::<()>(key, "an array", errors);
                &[]
            }
        }
    }

    /// The error for a key that must be there and is not.
    pub(crate) fn missing(&self, key: &str, example: &str) -> Diagnostic {
        Diagnostic::error(self.codes.missing_key, format!("{} has no `{key}`", self.name))
            .at(self.span, format!("`{key}` is required here"))
            .help(format!("add `{key} = {example}`"))
    }

    fn wrong_type<T>(&self, key: &str, expected: &str, errors: &mut Vec<Diagnostic>) -> Option<T> {
        if let Some(node) = self.node(key) {
            let mut error = Diagnostic::error(
                self.codes.wrong_type,
                format!("`{key}` in {} must be {expected}, found {}", self.name, node.noun()),
            )
            .at(node.span, "");
            error.help = node.mend(expected);
            errors.push(error);
        }
        None
    }
}

fn unknown_key(key: &Text, section: &str, known: &[&str], codes: &Codes) -> Diagnostic {
    let help = match nearest(&key.value, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("known here: {}", quoted_list(known)),
    };
    Diagnostic::error(codes.unknown_key, format!("unknown key `{}` in {section}", key.value))
        .at(key.span, "not a key of this section")
        .help(help)
}

/// `` `a`, `b`, `c` ``
pub(crate) fn quoted_list<T: AsRef<str>>(names: &[T]) -> String {
    names.iter().map(|name| format!("`{}`", name.as_ref())).collect::<Vec<_>>().join(", ")
}
