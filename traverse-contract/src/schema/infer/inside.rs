//! Values inside others: properties, elements of lists, values of maps. What is asked for one is thereby an object, a
//! list, a map.

use super::settle::View;
use super::{Field, Inference, Kind, MAX_PROPERTIES, NodeId};
use crate::diagnostic::{Diagnostic, Span};
use crate::lang::parser::KEYWORDS;
use crate::lang::syntax::{Expr, ExprKind, Literal};
use crate::schema::{SchemaKind, resolve_value};

impl Inference<'_> {
    pub(super) fn is_text(&self, node: NodeId) -> bool {
        self.view(node) == View::String
    }

    pub(super) fn is_list(&self, node: NodeId) -> bool {
        self.view(node) == View::List
    }

    /// Whether it is a map, or some rule indexes it by text.
    pub(super) fn is_map(&self, node: NodeId) -> bool {
        match self.view(node) {
            View::Map => true,
            View::Unknown => self.nodes[node].path.as_ref().is_some_and(|path| self.maps.contains(path)),
            _ => false,
        }
    }

    /// What macros and `in` look at in `node`: the keys of a map, the elements of what is thereby a list.
    pub(super) fn element(&mut self, node: NodeId, span: Span) -> NodeId {
        if self.is_map(node) {
            self.value(node, None, span);
            return self.node(Kind::String);
        }
        self.item(node, span)
    }

    /// A value of `node`, which is thereby a map; `key` is what it is asked for.
    pub(super) fn value(&mut self, node: NodeId, key: Option<&Expr>, span: Span) -> NodeId {
        match &self.nodes[node].kind {
            Kind::Map(value) => *value,
            Kind::Known(schema) => match &resolve_value(self.types, schema).kind {
                SchemaKind::Map(values, _) => self.node(Kind::Known(values)),
                _ => self.node(Kind::Poison),
            },
            Kind::Unknown => {
                let value = self.node(Kind::Unknown);
                let key = match key.map(|key| &key.kind) {
                    Some(ExprKind::Literal(Literal::String(key))) if !key.contains(['\'', '\\', '\n']) => key,
                    _ => "key",
                };
                self.nodes[value].path =
                    self.nodes[node].path.as_ref().map(|path| format!("{path}['{key}']"));
                self.mention(value, span);
                self.nodes[node].kind = Kind::Map(value);
                self.nodes[node].because = Some(self.place(span));
                value
            }
            _ => {
                let value = self.node(Kind::Poison);
                self.require(node, Kind::Map(value), span);
                value
            }
        }
    }

    /// The property `name` of `base`, which is thereby an object.
    pub(super) fn field(&mut self, base: NodeId, name: &str, span: Span, has: bool) -> NodeId {
        if let Kind::Map(value) = self.nodes[base].kind
            && self.nodes[base].path.is_none()
        {
            return value;
        }
        if !matches!(self.nodes[base].kind, Kind::Known(_)) {
            self.object(base, span);
        }
        let path = match self.nodes[base].path.as_deref() {
            Some(path) => format!("{path}.{name}"),
            // So that it reads as the property and as nothing else.
            None if ["input", "result", "output"].contains(&name) || KEYWORDS.contains(&name) => {
                format!("input.{name}")
            }
            None => name.to_owned(),
        };
        let known = match &mut self.nodes[base].kind {
            Kind::Object(fields) => match fields.iter_mut().find(|field| field.name == name) {
                Some(field) => {
                    field.optional |= has;
                    let node = field.node;
                    self.mention(node, span);
                    return node;
                }
                None => None,
            },
            Kind::Known(schema) => match &resolve_value(self.types, schema).kind {
                SchemaKind::Object(object) => Some(object.property(name).map(|property| &property.schema)),
                SchemaKind::Map(values, _) => Some(Some(&**values)),
                _ => Some(None),
            },
            _ => Some(None),
        };
        match known {
            Some(Some(schema)) => self.node(Kind::Known(schema)),
            Some(None) => self.node(Kind::Poison),
            None if self.is_full(base) => {
                self.too_many(span);
                self.node(Kind::Poison)
            }
            None => {
                let node = self.node(Kind::Unknown);
                self.nodes[node].path = Some(path);
                self.mention(node, span);
                if let Kind::Object(fields) = &mut self.nodes[base].kind {
                    fields.push(Field { name: name.to_owned(), node, optional: has });
                }
                node
            }
        }
    }

    fn is_full(&self, object: NodeId) -> bool {
        matches!(&self.nodes[object].kind, Kind::Object(fields) if fields.len() >= MAX_PROPERTIES)
    }

    /// Reported once: what follows in the file is more of the same.
    fn too_many(&mut self, span: Span) {
        const CODE: &str = "lang-too-many-properties";
        if self.errors.iter().all(|error| error.code != CODE) {
            let message = format!("the rules mention more than {MAX_PROPERTIES} properties of one object");
            let error = Diagnostic::error(CODE, message).at(self.file(self.place(span)), "one too many");
            self.errors.push(error.help("write the schema under `[input]` or `[output]`"));
        }
    }

    pub(super) fn object(&mut self, node: NodeId, span: Span) {
        if self.nodes[node].kind == Kind::Unknown {
            self.nodes[node].because = Some(self.place(span));
            self.nodes[node].kind = Kind::Object(Vec::new());
        } else if !matches!(self.nodes[node].kind, Kind::Object(_)) {
            self.require(node, Kind::Object(Vec::new()), span);
        }
    }

    /// An element of `node`, which is thereby a list.
    pub(super) fn item(&mut self, node: NodeId, span: Span) -> NodeId {
        match &self.nodes[node].kind {
            Kind::List(item) => *item,
            Kind::Known(schema) => match &resolve_value(self.types, schema).kind {
                SchemaKind::Array(items, _) => self.node(Kind::Known(items)),
                // Alike, or the checker reports it.
                SchemaKind::Tuple(items) => self.node(Kind::Known(&items[0])),
                _ => self.node(Kind::Poison),
            },
            Kind::Unknown => {
                let item = self.node(Kind::Unknown);
                self.nodes[item].path = self.nodes[node].path.as_ref().map(|path| format!("{path}[0]"));
                self.mention(item, span);
                self.nodes[node].kind = Kind::List(item);
                self.nodes[node].because = Some(self.place(span));
                item
            }
            _ => {
                let item = self.node(Kind::Poison);
                self.require(node, Kind::List(item), span);
                item
            }
        }
    }
}
