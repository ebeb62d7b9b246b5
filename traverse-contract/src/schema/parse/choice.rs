//! `enum` and `const`: the values that a schema admits, one by one (spec SCHEMA-9, SCHEMA-30).

use super::bounds::{double, whole};
use super::{Keywords, wrong_type};
use crate::diagnostic::{Diagnostic, Span};
use crate::schema::{NumberBounds, StringBounds};
use crate::spec::node::{Node, NodeValue};
use crate::spec::section::MAX_ERRORS;
use std::collections::HashMap;

/// A value, how messages show it, and its place.
struct Chosen<T> {
    value: T,
    shown: String,
    span: Span,
}

impl<'a> Keywords<'a, '_> {
    /// The type that `const`, or the values of `enum`, are of, where `type` is left out.
    pub(super) fn implied_type(&self) -> Option<&'static str> {
        let values: &[Node] = match (self.get("const"), self.get("enum")) {
            (Some(node), _) => std::slice::from_ref(node),
            (None, Some(Node { value: NodeValue::Array(items), .. })) => items,
            // What is wrong with it is reported as of strings.
            (None, Some(_)) => &[],
            (None, None) => return None,
        };
        Some(match values.first().map(|first| &first.value) {
            Some(NodeValue::Bool(_)) => "boolean",
            Some(NodeValue::Integer(_) | NodeValue::Float(_)) => {
                let fraction = |node: &Node| double(node).is_some() && whole(node).is_none();
                if values.iter().any(fraction) { "number" } else { "integer" }
            }
            _ => "string",
        })
    }

    pub(super) fn chosen_boolean(&mut self) -> Option<bool> {
        let chosen = self.chosen("a boolean", |node| match node.value {
            NodeValue::Bool(truth) => Some((truth, truth.to_string())),
            _ => None,
        })?;
        match &chosen[..] {
            [only] => Some(only.value),
            _ => None,
        }
    }

    /// Empty where neither keyword is there, or nothing of it can be used.
    pub(super) fn chosen_numbers(&mut self, integral: bool, bounds: &NumberBounds) -> Vec<f64> {
        let noun = if integral { "an integer" } else { "a number" };
        let chosen = self.chosen(noun, |node| {
            let number = if integral { whole(node).map(|number| number as f64) } else { double(node) };
            number.map(|number| (number, crate::number::number_text(number)))
        });
        let chosen = chosen.unwrap_or_default();
        let admitted = |number: f64| {
            bounds.minimum.is_none_or(|bound| number >= bound)
                && bounds.maximum.is_none_or(|bound| number <= bound)
                && bounds.exclusive_minimum.is_none_or(|bound| number > bound)
                && bounds.exclusive_maximum.is_none_or(|bound| number < bound)
                && bounds.multiple_of.is_none_or(|step| number % step == 0.0)
        };
        self.refuse_outside(&chosen, |number| admitted(*number));
        chosen.into_iter().map(|chosen| chosen.value).collect()
    }

    pub(super) fn chosen_texts(&mut self, bounds: &StringBounds) -> Option<Vec<String>> {
        let chosen = self.chosen("a string", |node| match &node.value {
            NodeValue::String(text) => Some((text.value.clone(), text.value.clone())),
            _ => None,
        })?;
        self.refuse_outside(&chosen, |text| {
            let length = text.chars().count() as u64;
            bounds.length.min.is_none_or(|least| length >= least)
                && bounds.length.max.is_none_or(|most| length <= most)
                && bounds.pattern.as_ref().is_none_or(|pattern| pattern.is_match(text))
        });
        Some(chosen.into_iter().map(|chosen| chosen.value).collect())
    }

    /// The values of `enum`, each once, or of those the one that `const` names; `None` where neither keyword is there.
    fn chosen<T: Clone>(
        &mut self,
        noun: &str,
        read: impl Fn(&Node) -> Option<(T, String)>,
    ) -> Option<Vec<Chosen<T>>> {
        let listed = self.get("enum").map(|node| self.listed(node, noun, &read));
        let Some(node) = self.get("const") else { return listed };
        let Some((value, shown)) = self.value("`const`", node, noun, &read) else { return Some(Vec::new()) };
        let disagrees = |listed: &Vec<Chosen<T>>| listed.iter().all(|listed| listed.shown != shown);
        if listed.as_ref().is_some_and(disagrees) {
            self.errors.push(
                Diagnostic::error(
                    "schema-contradiction",
                    format!("`{shown}` is not among the values of `enum`"),
                )
                .at(node.span, "")
                .help("`const` alone says it; remove `enum`"),
            );
        }
        Some(vec![Chosen { value, shown, span: node.span }])
    }

    fn listed<T>(
        &mut self,
        node: &'a Node,
        noun: &str,
        read: impl Fn(&Node) -> Option<(T, String)>,
    ) -> Vec<Chosen<T>> {
        let NodeValue::Array(items) = &node.value else {
            let expected = format!("an array of {}", noun.trim_start_matches("an ").trim_start_matches("a "));
            self.errors.push(wrong_type("`enum`", &format!("{expected}s"), node));
            return Vec::new();
        };
        if items.is_empty() {
            self.errors.push(
                Diagnostic::error("schema-empty-range", "`enum` admits nothing")
                    .at(node.span, "name a value"),
            );
        }
        let mut seen: HashMap<String, Span> = HashMap::new();
        let mut chosen = Vec::new();
        for item in items {
            if self.errors.len() >= MAX_ERRORS {
                break;
            }
            let Some((value, shown)) = self.value("a value of `enum`", item, noun, &read) else { continue };
            if let Some(first) = seen.insert(shown.clone(), item.span) {
                self.errors.push(
                    Diagnostic::error("schema-duplicate", format!("`{shown}` stands twice in `enum`"))
                        .at(item.span, "")
                        .also(first, "first here"),
                );
            }
            chosen.push(Chosen { value, shown, span: item.span });
        }
        chosen
    }

    fn value<T>(
        &mut self,
        what: &str,
        node: &Node,
        noun: &str,
        read: impl Fn(&Node) -> Option<(T, String)>,
    ) -> Option<(T, String)> {
        let read = read(node);
        if read.is_none() {
            self.errors.push(match node.value {
                NodeValue::Array(_) | NodeValue::Table(_) => Diagnostic::error(
                    "schema-unsupported",
                    format!("{what} is {}, which this version does not support", node.noun()),
                )
                .at(node.span, "")
                .help("give its parts schemas of their own, with `const` where one is fixed"),
                _ => {
                    let why = if self.get("type").is_some() { "as its `type` is" } else { "as the first is" };
                    wrong_type(what, &format!("{noun}, {why}"), node)
                }
            });
        }
        read
    }

    /// Values that the other keywords of the schema do not admit.
    fn refuse_outside<T>(&mut self, chosen: &[Chosen<T>], admitted: impl Fn(&T) -> bool) {
        for Chosen { value, shown, span } in chosen {
            if !admitted(value) && self.errors.len() < MAX_ERRORS {
                self.errors.push(
                    Diagnostic::error(
                        "schema-contradiction",
                        format!("`{shown}` is listed, and the bounds beside it do not admit it"),
                    )
                    .at(*span, "never admitted")
                    .help("remove the value, or the bound"),
                );
            }
        }
    }
}
