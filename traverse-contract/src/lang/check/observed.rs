//! Which paths a rule reads, for reports.

use super::facts::path_key;
use super::type_of;
use crate::diagnostic::Span;
use crate::lang::typed::{ObservedPath, Root, Type, TypedExpr, TypedKind};
use crate::schema::Schemas;

/// The longest chains of properties down to the input or the result, in the order of the text, each once. Under an
/// index the chain beneath it, the list, is read whole (spec LANG-47).
pub(super) fn observed(expr: &TypedExpr, rule: &str, schemas: &Schemas) -> Vec<ObservedPath> {
    let mut found = Collector { rule, schemas, paths: Vec::new(), keys: Vec::new() };
    found.walk(expr);
    found.paths
}

struct Collector<'a> {
    rule: &'a str,
    schemas: &'a Schemas,
    paths: Vec<ObservedPath>,
    keys: Vec<String>,
}

impl Collector<'_> {
    fn walk(&mut self, expr: &TypedExpr) {
        match &expr.kind {
            TypedKind::Literal(_)
            | TypedKind::Pattern(_)
            | TypedKind::TypeName(_)
            | TypedKind::Variable { .. } => {}
            // What is read is reported with its null.
            TypedKind::NotNull(read) => self.walk(read),
            TypedKind::Root(_) | TypedKind::Field { .. } if chain_name(expr, self.rule).is_some() => {
                self.add(expr)
            }
            TypedKind::Root(_) => {}
            TypedKind::Field { base, .. } => self.walk(base),
            TypedKind::Has { base, name, optional } => {
                let ty = match &base.ty {
                    Type::Object(object) => {
                        object.property(name).and_then(|property| type_of(self.schemas, &property.schema))
                    }
                    Type::Map(value) => Some((**value).clone()),
                    _ => None,
                };
                let Some(ty) = ty else { return };
                let read = TypedExpr {
                    kind: TypedKind::Field { base: base.clone(), name: name.clone(), optional: *optional },
                    ty,
                    span: expr.span,
                };
                self.walk(&read);
            }
            TypedKind::Index { base, index } => {
                self.walk(base);
                self.walk(index);
            }
            TypedKind::List(elements) => elements.iter().for_each(|element| self.walk(element)),
            TypedKind::Map(entries) => entries.iter().for_each(|(key, value)| {
                self.walk(key);
                self.walk(value);
            }),
            TypedKind::Not(operand) | TypedKind::Negate(operand) | TypedKind::Is { operand, .. } => {
                self.walk(operand)
            }
            TypedKind::Arithmetic { left, right, .. }
            | TypedKind::Compare { left, right, .. }
            | TypedKind::In { element: left, list: right }
            | TypedKind::And(left, right)
            | TypedKind::Or(left, right)
            | TypedKind::Implies(left, right) => {
                self.walk(left);
                self.walk(right);
            }
            TypedKind::Macro { list, filter, body, .. } => {
                self.walk(list);
                filter.iter().for_each(|filter| self.walk(filter));
                self.walk(body);
            }
            TypedKind::Conditional { condition, then, otherwise } => {
                self.walk(condition);
                self.walk(then);
                self.walk(otherwise);
            }
            TypedKind::Call { arguments, .. } => arguments.iter().for_each(|argument| self.walk(argument)),
        }
    }

    fn add(&mut self, read: &TypedExpr) {
        let (Some(key), Some(name)) = (path_key(read), chain_name(read, self.rule)) else { return };
        if !self.keys.contains(&key) {
            self.keys.push(key);
            self.paths.push(ObservedPath { name, read: read.clone() });
        }
    }
}

/// The author's words for a chain of properties; `None` if anything else is in the chain.
pub(crate) fn chain_name(expr: &TypedExpr, rule: &str) -> Option<String> {
    match &expr.kind {
        TypedKind::Root(root) => Some(root_name(*root, expr.span, rule).to_owned()),
        TypedKind::Field { base, name, .. } => {
            let base = chain_name(base, rule)?;
            Some(if base.is_empty() { name.clone() } else { format!("{base}.{name}") })
        }
        TypedKind::NotNull(read) => chain_name(read, rule),
        _ => None,
    }
}

/// `input`, `result` or `output` as written; empty where the root is only meant (a bare property name).
fn root_name(root: Root, span: Span, rule: &str) -> &'static str {
    let written = rule.get(span.start..span.end).unwrap_or_default();
    match root {
        Root::Input if written.is_empty() => "",
        Root::Input => "input",
        Root::Output if written.contains("output") => "output",
        Root::Output => "result",
    }
}
