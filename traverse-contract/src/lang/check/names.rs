//! Names and properties: what a word stands for, and what was likely meant where it stands for nothing.

use super::{Checked, Checker, Facts, Names, described, nullable, type_of};
use crate::diagnostic::{Diagnostic, Span, nearest};
use crate::lang::syntax::TypeValue;
use crate::lang::typed::{Root, Type, TypedExpr, TypedKind};
use crate::schema::{ObjectSchema, SchemaKind};

impl Checker<'_> {
    pub(super) fn name(&mut self, name: &str, span: Span, facts: &Facts) -> Checked {
        if let Some(bound) = self.bound.iter().rev().find(|bound| bound.name == name) {
            let kind = TypedKind::Variable { id: bound.id, name: name.to_owned() };
            return Some(nullable::narrowed(TypedExpr { kind, ty: bound.ty.clone(), span }, facts));
        }
        let root = match name {
            "input" => Root::Input,
            "result" | "output" => Root::Output,
            _ => return self.input_property(name, span, facts),
        };
        if root == Root::Output && self.names != Names::After {
            let (place, help) = match self.names {
                Names::When => {
                    ("a `when` condition sees the input only", "say in terms of the input when it is raised")
                }
                _ => (
                    "a precondition is checked before the function runs",
                    "move the clause to `postconditions`",
                ),
            };
            let error =
                Diagnostic::error("lang-result-in-precondition", format!("`{name}` does not exist yet here"));
            self.report(error.note(place).help(help), span, "not known here");
            return None;
        }
        let schema = if root == Root::Input { &self.schemas.input } else { &self.schemas.output };
        let ty = type_of(self.schemas, schema)?;
        Some(nullable::narrowed(TypedExpr { kind: TypedKind::Root(root), ty, span }, facts))
    }

    /// A bare name is a property of the input. Its root has an empty span: it is not in the text.
    fn input_property(&mut self, name: &str, span: Span, facts: &Facts) -> Checked {
        let base = TypedExpr {
            kind: TypedKind::Root(Root::Input),
            ty: type_of(self.schemas, &self.schemas.input)?,
            span: Span::new(span.start, span.start),
        };
        if let Type::Object(object) = &base.ty
            && object.property(name).is_none()
        {
            if let Some(value) = TypeValue::named(name) {
                return Some(TypedExpr { kind: TypedKind::TypeName(value), ty: Type::Type, span });
            }
            let help = self.meant_name(name, object);
            let error =
                Diagnostic::error("lang-unknown-field", format!("`{name}` is not a property of the input"));
            self.report(error.help(help), span, "unknown name");
            return None;
        }
        self.field(base, name, span, span, facts)
    }

    fn meant_name(&self, name: &str, input: &ObjectSchema) -> String {
        let mut known: Vec<&str> = input.properties.iter().map(|property| property.name.as_str()).collect();
        if self.names == Names::After {
            known.extend(["result", "output"]);
        }
        known.push("input");
        known.extend(self.bound.iter().map(|bound| bound.name.as_str()));
        if let Some(near) = nearest(name, known.iter().copied()) {
            return format!("did you mean `{near}`?");
        }
        // The name of a property one level down, written without its object.
        let output = match &self.schemas.resolve_value(&self.schemas.output).kind {
            SchemaKind::Object(object) if self.names == Names::After => Some(object),
            _ => None,
        };
        if output.is_some_and(|output| output.property(name).is_some()) {
            return format!("did you mean `result.{name}`?");
        }
        for property in &input.properties {
            if let SchemaKind::Object(object) = &self.schemas.resolve_value(&property.schema).kind
                && object.property(name).is_some()
            {
                return format!("did you mean `{}.{name}`?", property.name);
            }
        }
        match listed(input) {
            Some(properties) => format!("the input has {properties}; text stands in quotes: `'{name}'`"),
            None => "the input has no properties".into(),
        }
    }

    /// Whether `name` may be absent from `base`, and its type.
    pub(super) fn property(&mut self, base: &TypedExpr, name: &str, name_span: Span) -> Option<(bool, Type)> {
        if let Type::Map(value) = &base.ty {
            return Some((true, (**value).clone()));
        }
        if base.ty == Type::Never {
            return Some((false, Type::Never));
        }
        let shown = self.shown_base(base);
        let Type::Object(object) = &base.ty else {
            let found = described(&base.ty);
            let help = match (&base.ty, name) {
                (Type::List(_) | Type::Tuple(_), "length" | "len" | "count" | "size") => {
                    Some(format!("write `size({shown})`"))
                }
                (Type::List(_) | Type::Tuple(_), _) => {
                    Some(format!("an element is read with an index: `{shown}[0].{name}`"))
                }
                (Type::String | Type::Enum(_), "length" | "len" | "size") => {
                    Some(format!("write `size({shown})`"))
                }
                _ => None,
            };
            self.mismatch(name_span, format!("`{shown}` is {found} and has no properties"), "", help);
            return None;
        };
        if let Some(property) = object.property(name) {
            return Some((!property.required, type_of(self.schemas, &property.schema)?));
        }
        let known: Vec<&str> = object.properties.iter().map(|property| property.name.as_str()).collect();
        let help = match (nearest(name, known.iter().copied()), listed(object)) {
            (Some(near), _) => format!("did you mean `{near}`?"),
            (None, Some(properties)) => format!("`{shown}` has {properties}"),
            (None, None) => format!("`{shown}` has no properties in its schema"),
        };
        let error = Diagnostic::error("lang-unknown-field", format!("`{shown}` has no property `{name}`"));
        self.report(error.help(help), name_span, "unknown property");
        None
    }

    fn shown_base(&self, base: &TypedExpr) -> String {
        match self.shown(base.span) {
            "" => "input".into(),
            shown => shown.to_owned(),
        }
    }
}

/// The properties of an object, at most eight of them, for a help line.
fn listed(object: &ObjectSchema) -> Option<String> {
    let names: Vec<String> =
        object.properties.iter().map(|property| format!("`{}`", property.name)).collect();
    match names.len() {
        0 => None,
        1..=8 => Some(names.join(", ")),
        _ => Some(format!("{} and more", names[..8].join(", "))),
    }
}
