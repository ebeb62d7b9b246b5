//! Values that may be null: `type = ["string", "null"]`, and a `$ref` or null (spec SCHEMA-55, SCHEMA-56).

use super::{Keywords, wrong_type};
use crate::diagnostic::{Diagnostic, Span};
use crate::schema::SchemaKind;
use crate::spec::node::{Node, NodeValue};

impl<'a> Keywords<'a, '_> {
    /// The one type that stands beside `"null"` in a list of types.
    pub(super) fn type_beside_null(&mut self, names: &'a [Node], span: Span) -> Option<&'a str> {
        let mut types: Vec<&str> = Vec::new();
        for name in names {
            let NodeValue::String(text) = &name.value else {
                self.errors.push(wrong_type("a name in `type`", "a string", name));
                return None;
            };
            if types.contains(&text.value.as_str()) {
                let message = format!("`{}` stands twice in `type`", text.value);
                self.errors.push(Diagnostic::error("schema-duplicate", message).at(name.span, ""));
                return None;
            }
            types.push(&text.value);
        }
        let error = match types[..] {
            [name, "null"] | ["null", name] => return Some(name),
            [only] => Diagnostic::error("schema-unsupported", "a list of types is one type and `\"null\"`")
                .help(format!("write `type = \"{only}\"`, or `type = [\"{only}\", \"null\"]`")),
            _ => Diagnostic::error("schema-unsupported", "a list of types is one type and `\"null\"`")
                .note("a value of one type or another has no type in Rust")
                .help("make an optional property for each type that the value may have"),
        };
        self.errors.push(error.at(span, ""));
        None
    }

    /// `anyOf = [{ "$ref" = "#/types/Name" }, { type = "null" }]`, in either order. Whether the type that is named may
    /// be null itself is no matter: null is null.
    pub(super) fn nullable_reference(&mut self) -> Option<SchemaKind> {
        let node = self.get("anyOf")?;
        let NodeValue::Array(schemas) = &node.value else {
            self.errors.push(wrong_type("`anyOf`", "an array of schemas", node));
            return None;
        };
        let value = match &schemas[..] {
            [value, null] | [null, value] if is_null(null) && !is_null(value) => value,
            _ => {
                self.refuse_any_of(node.span);
                return None;
            }
        };
        let value = self.parser.schema(value, &format!("{}.anyOf", self.place), self.errors)?;
        if !matches!(value.kind, SchemaKind::Ref(_)) {
            self.errors.push(
                Diagnostic::error("schema-unsupported", "`anyOf` is for a `$ref` or null")
                    .at(node.span, "no `$ref` here")
                    .help("write the type with null beside it: `type = [\"string\", \"null\"]`"),
            );
            return None;
        }
        Some(SchemaKind::Nullable(Box::new(value)))
    }

    fn refuse_any_of(&mut self, span: Span) {
        self.errors.push(
            Diagnostic::error("schema-unsupported", "`anyOf` is for a `$ref` or null")
                .at(span, "neither of them")
                .note("a value of one type or another has no type in Rust")
                .help("write `anyOf = [{ \"$ref\" = \"#/types/Name\" }, { type = \"null\" }]`, or make a property for each type"),
        );
    }
}

/// `{ type = "null" }`
fn is_null(node: &Node) -> bool {
    let NodeValue::Table(entries) = &node.value else { return false };
    matches!(&entries[..], [only] if only.key.value == "type"
        && matches!(&only.value.value, NodeValue::String(text) if text.value == "null"))
}
