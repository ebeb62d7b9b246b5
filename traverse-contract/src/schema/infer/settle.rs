//! Settling of relations: until nothing changes, each passes on what one side knows to the other.

use super::report::section;
use super::{Inference, Kind, NodeId, Place, Relation, RelationKind};
use crate::diagnostic::Diagnostic;
use crate::schema::{SchemaKind, resolve_value};

/// What is known of a node, without its contents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum View {
    Unknown,
    Numeric,
    Null,
    Bool,
    Int,
    Number,
    String,
    List,
    Object,
    Map,
    Poison,
}

impl View {
    fn is_numeric(self) -> bool {
        matches!(self, View::Numeric | View::Int | View::Number)
    }

    fn described(self) -> &'static str {
        match self {
            View::Unknown | View::Poison => "open",
            View::Numeric | View::Number => "a number",
            View::Null => "null",
            View::Bool => "a bool",
            View::Int => "an int",
            View::String => "a string",
            View::List => "a list",
            View::Object => "an object",
            View::Map => "a map",
        }
    }
}

impl<'a> Inference<'a> {
    pub(super) fn view(&self, node: NodeId) -> View {
        self.view_of(&self.nodes[node].kind)
    }

    fn view_of(&self, kind: &Kind<'_>) -> View {
        match kind {
            Kind::Unknown => View::Unknown,
            Kind::Numeric => View::Numeric,
            Kind::Null => View::Null,
            Kind::Bool => View::Bool,
            Kind::Int => View::Int,
            Kind::Number => View::Number,
            Kind::String => View::String,
            Kind::List(_) => View::List,
            Kind::Object(_) => View::Object,
            Kind::Map(_) => View::Map,
            Kind::Poison => View::Poison,
            Kind::Known(schema) => match &resolve_value(self.types, schema).kind {
                SchemaKind::Null => View::Null,
                SchemaKind::Boolean(_) => View::Bool,
                SchemaKind::Integer(_) => View::Int,
                SchemaKind::Number(_) => View::Number,
                SchemaKind::String(_) | SchemaKind::Enum(_) => View::String,
                SchemaKind::Array(..) | SchemaKind::Tuple(_) => View::List,
                SchemaKind::Object(_) => View::Object,
                SchemaKind::Map(..) => View::Map,
                SchemaKind::Ref(_) | SchemaKind::Nullable(_) => View::Poison,
            },
        }
    }

    /// Says that `node` is of `kind`. Whether that changed anything; a contradiction is reported, once for a node.
    pub(super) fn require_at(&mut self, node: NodeId, kind: Kind<'a>, place: Place) -> bool {
        let (has, wants) = (self.view(node), self.view_of(&kind));
        let inferred = !matches!(self.nodes[node].kind, Kind::Known(_));
        match (has, wants) {
            (View::Poison, _) => false,
            (View::Unknown, _) | (View::Numeric, View::Int | View::Number) => {
                self.nodes[node].kind = kind;
                self.nodes[node].because = Some(place);
                true
            }
            (has, View::Numeric) if has.is_numeric() => false,
            (has, wants) if has == wants => false,
            _ => {
                if inferred && self.nodes[node].path.is_some() && !self.nodes[node].failed {
                    self.nodes[node].failed = true;
                    self.conflict(node, has, wants, place);
                }
                false
            }
        }
    }

    fn conflict(&mut self, node: NodeId, has: View, wants: View, place: Place) {
        let Some(path) = self.nodes[node].path.clone() else { return };
        let (first, second) = (has.described(), wants.described());
        let message = format!("`{path}` cannot be both {first} and {second}");
        let mut error =
            Diagnostic::error("lang-conflict", message).at(self.file(place), format!("{second} here"));
        if let Some(because) = self.nodes[node].because {
            error = error.also(self.file(because), format!("{first} here"));
        }
        let help = match (has, wants) {
            _ if has.is_numeric() && wants.is_numeric() => {
                "arithmetic takes two ints or two numbers; write whole numbers as `2.0` to mean numbers"
                    .into()
            }
            (View::Object, View::Map) | (View::Map, View::Object) => {
                "a property of an object is read with `.name`, a value of a map with `['key']`".into()
            }
            (View::List | View::Map, number) | (number, View::List | View::Map) if number.is_numeric() => {
                format!("for the number of its elements write `size({path})`")
            }
            _ => format!("change one of the two, or write `{}`", section(&path)),
        };
        self.errors.push(error.help(help));
    }

    pub(super) fn settle(&mut self) {
        self.most_nodes = self.nodes.len().saturating_mul(2).saturating_add(64);
        self.propagate();
        // What is compared with an int that is no literal (`result.count == size(items)`) is an int, unless a double
        // is there too.
        let mut undecided = true;
        while undecided {
            undecided = false;
            for node in 0..self.nodes.len() {
                if self.nodes[node].kind == Kind::Numeric
                    && let Some(place) = self.int_neighbour(node)
                {
                    undecided |= self.require_at(node, Kind::Int, place);
                    self.propagate();
                }
            }
        }
        for node in 0..self.nodes.len() {
            if self.nodes[node].kind == Kind::Numeric {
                self.nodes[node].kind = Kind::Number;
            }
        }
        self.propagate();
    }

    fn int_neighbour(&self, node: NodeId) -> Option<Place> {
        let mut found = None;
        for relation in &self.relations {
            let other = match (relation.left == node, relation.right == node) {
                (true, _) => relation.right,
                (_, true) => relation.left,
                _ => continue,
            };
            match self.view(other) {
                View::Int if !self.nodes[other].literal => found = found.or(Some(relation.place)),
                View::Number => return None,
                _ => {}
            }
        }
        found
    }

    fn propagate(&mut self) {
        let mut changed = true;
        while changed {
            changed = false;
            for index in 0..self.relations.len() {
                let relation = self.relations[index];
                changed |= self.pass(relation, relation.left, relation.right);
                changed |= self.pass(relation, relation.right, relation.left);
            }
        }
    }

    /// What two related lists, or maps, hold is related, too. A property that stands beside one is one.
    fn pass_inside(&mut self, relation: Relation, from: NodeId, to: NodeId) -> bool {
        let view = self.view(from);
        let open = self.nodes[to].kind == Kind::Unknown;
        // What would hold itself never ends.
        if !(open && self.nodes.len() < self.most_nodes || !open && self.view(to) == view)
            || !self.inside.insert((from.min(to), from.max(to)))
        {
            return false;
        }
        if open {
            self.nodes[to].because = Some(relation.place);
        }
        // Where the new elements are first spoken of.
        self.rule = relation.place.rule;
        let (left, right) = match view {
            View::List => (self.item(from, relation.place.span), self.item(to, relation.place.span)),
            _ => (self.value(from, None, relation.place.span), self.value(to, None, relation.place.span)),
        };
        self.relations.push(Relation { left, right, ..relation });
        true
    }

    /// Passes what `from` knows on to `to`.
    fn pass(&mut self, relation: Relation, from: NodeId, to: NodeId) -> bool {
        if self.nodes[from].failed || self.nodes[to].failed {
            return false;
        }
        let kind = match (relation.kind, self.view(from)) {
            (_, View::List | View::Map) => return self.pass_inside(relation, from, to),
            // The checker reports what is wrong with these.
            (_, View::Unknown | View::Null) => return false,
            (_, View::Object) => match self.nodes[from].kind {
                // Objects are of one type where one schema describes both, and one with a name can.
                Kind::Known(schema) if matches!(schema.kind, SchemaKind::Ref(_)) => {
                    if self.nodes[to].kind != Kind::Unknown {
                        return false;
                    }
                    Kind::Known(schema)
                }
                _ => return false,
            },
            (_, View::Poison) => {
                let unknown = self.nodes[to].kind == Kind::Unknown;
                if unknown {
                    self.nodes[to].kind = Kind::Poison;
                }
                return unknown;
            }
            (_, View::Bool) => Kind::Bool,
            (_, View::String) => Kind::String,
            (_, View::Numeric) => Kind::Numeric,
            (RelationKind::Comparable, View::Int | View::Number) => Kind::Numeric,
            (RelationKind::Same, View::Int) => Kind::Int,
            (RelationKind::Same, View::Number) => Kind::Number,
        };
        self.require_at(to, kind, relation.place)
    }
}
