//! What each form of expression says of the types in it.

use super::types::is_null;
use super::{Inference, Kind, NodeId, RelationKind};
use crate::diagnostic::Span;
use crate::lang::check::Names;
use crate::lang::syntax::{BinaryOp, Expr, ExprKind, Function, Literal, Macro, TypeName, UnaryOp};
use crate::schema::{SchemaKind, resolve_value};

impl Inference<'_> {
    pub(super) fn expr(&mut self, expr: &Expr) -> NodeId {
        let span = expr.span;
        match &expr.kind {
            ExprKind::Literal(literal) => {
                let node = self.node(match literal {
                    Literal::Null => Kind::Null,
                    Literal::Bool(_) => Kind::Bool,
                    Literal::Int(_) => Kind::Int,
                    Literal::Double(_) => Kind::Number,
                    Literal::String(_) => Kind::String,
                });
                self.nodes[node].literal = true;
                node
            }
            ExprKind::Name(name) if self.bound.iter().any(|(bound, _)| bound == name) => {
                let bound = self.bound.iter().rev().find(|(bound, _)| bound == name);
                bound.map_or(self.input, |(_, node)| *node)
            }
            ExprKind::Name(name) => match name.as_str() {
                "input" => self.input,
                "result" | "output" if self.rules[self.rule].names == Names::After => {
                    self.mention(self.output, span);
                    self.output
                }
                "result" | "output" => self.node(Kind::Poison),
                name => self.field(self.input, name, span, false),
            },
            ExprKind::Field { base, name, .. } => {
                let base = self.expr(base);
                self.field(base, name, span, false)
            }
            ExprKind::Has { base, name, .. } => {
                let base = self.expr(base);
                self.field(base, name, span, true);
                self.node(Kind::Bool)
            }
            ExprKind::Index { base, index } => {
                let base = self.expr(base);
                let index_node = self.expr(index);
                if let (Some(indexed), Some(path)) = (&mut self.indexed, &self.nodes[base].path) {
                    indexed.push((index_node, path.clone()));
                    // What it is is not known before the end.
                    return self.node(Kind::Unknown);
                }
                if self.is_map(base) || self.is_text(index_node) && !self.is_list(base) {
                    self.require(index_node, Kind::String, index.span);
                    return self.value(base, Some(index), span);
                }
                self.require(index_node, Kind::Int, index.span);
                if let Kind::Known(schema) = self.nodes[base].kind
                    && let SchemaKind::Tuple(items) = &resolve_value(self.types, schema).kind
                    && let ExprKind::Literal(Literal::Int(at)) = index.kind
                {
                    let item = usize::try_from(at).ok().and_then(|at| items.get(at));
                    return self.node(item.map_or(Kind::Poison, Kind::Known));
                }
                self.item(base, span)
            }
            ExprKind::List(elements) => {
                let nodes: Vec<NodeId> = elements.iter().map(|element| self.expr(element)).collect();
                for pair in nodes.windows(2) {
                    self.relate(RelationKind::Comparable, pair[0], pair[1], span);
                }
                // Null says nothing of the type that stands beside it.
                let telling = nodes.iter().find(|&&node| self.nodes[node].kind != Kind::Null);
                match telling.or(nodes.first()) {
                    Some(&first) => self.node(Kind::List(first)),
                    None => {
                        let item = self.node(Kind::Unknown);
                        self.node(Kind::List(item))
                    }
                }
            }
            ExprKind::Map(entries) => {
                let mut values = Vec::new();
                for (key, value) in entries {
                    let key_node = self.expr(key);
                    self.require(key_node, Kind::String, key.span);
                    values.push(self.expr(value));
                }
                for pair in values.windows(2) {
                    self.relate(RelationKind::Comparable, pair[0], pair[1], span);
                }
                match values.first() {
                    Some(&first) => self.node(Kind::Map(first)),
                    None => {
                        let value = self.node(Kind::Unknown);
                        self.node(Kind::Map(value))
                    }
                }
            }
            ExprKind::Unary { op: UnaryOp::Not, operand } => {
                let node = self.expr(operand);
                self.require(node, Kind::Bool, operand.span);
                self.node(Kind::Bool)
            }
            ExprKind::Unary { op: UnaryOp::Negate, operand } => {
                let operand = self.expr(operand);
                let result = self.node(Kind::Numeric);
                self.relate(RelationKind::Same, operand, result, span);
                result
            }
            ExprKind::Binary { op, left, right, .. } => self.binary(*op, left, right, span),
            ExprKind::Macro { kind, list, variable, filter, body } => {
                let list_node = self.expr(list);
                let item = self.element(list_node, list.span);
                self.bound.push((variable.clone(), item));
                if let Some(filter) = filter {
                    let node = self.expr(filter);
                    self.require(node, Kind::Bool, filter.span);
                }
                let node = self.expr(body);
                if *kind != Macro::Map {
                    self.require(node, Kind::Bool, body.span);
                }
                self.bound.pop();
                match kind {
                    Macro::All | Macro::Exists | Macro::ExistsOne => self.node(Kind::Bool),
                    Macro::Filter => self.node(Kind::List(item)),
                    Macro::Map => self.node(Kind::List(node)),
                }
            }
            ExprKind::Conditional { condition, then, otherwise } => {
                let node = self.expr(condition);
                self.require(node, Kind::Bool, condition.span);
                let (then, otherwise) = (self.expr(then), self.expr(otherwise));
                let result = self.node(Kind::Unknown);
                // An int literal may stand for a double, so it says no more than that the other is numeric.
                let loose = |node: NodeId| self.nodes[node].literal && self.nodes[node].kind == Kind::Int;
                let (loose_then, loose_otherwise) = (loose(then), loose(otherwise));
                let kind = |loose: bool| if loose { RelationKind::Comparable } else { RelationKind::Same };
                let both = loose_then && loose_otherwise;
                self.relate(kind(loose_then || loose_otherwise), then, otherwise, span);
                self.relate(kind(loose_then && !both), then, result, span);
                self.relate(kind(loose_otherwise && !both), otherwise, result, span);
                result
            }
            ExprKind::Is { operand, type_name, negated, .. } => {
                let node = self.expr(operand);
                if *type_name == TypeName::Null {
                    self.nodes[node].nullable = true;
                }
                if !negated {
                    match type_name {
                        TypeName::Null => {}
                        TypeName::Bool => self.require(node, Kind::Bool, span),
                        TypeName::Int => self.require(node, Kind::Int, span),
                        TypeName::Number => self.require(node, Kind::Numeric, span),
                        TypeName::String => self.require(node, Kind::String, span),
                        TypeName::List => {
                            self.item(node, span);
                        }
                        TypeName::Object if self.is_map(node) => {
                            self.value(node, None, span);
                        }
                        TypeName::Object => self.object(node, span),
                    }
                }
                self.node(Kind::Bool)
            }
            ExprKind::Call { function, arguments } => {
                let nodes: Vec<NodeId> = arguments.iter().map(|argument| self.expr(argument)).collect();
                match function {
                    Function::Size => {
                        if let Some(&node) = nodes.first() {
                            self.nodes[node].sized = true;
                        }
                        return self.node(Kind::Int);
                    }
                    // What is converted may be of several types.
                    Function::Int => return self.node(Kind::Int),
                    Function::Double => return self.node(Kind::Number),
                    Function::String => return self.node(Kind::String),
                    Function::Bool => return self.node(Kind::Bool),
                    // A type as a value is none of the types of a schema; the checker says where it does not fit.
                    Function::Type => return self.node(Kind::Poison),
                    Function::StartsWith | Function::EndsWith | Function::Contains | Function::Matches => {}
                }
                for (node, argument) in nodes.into_iter().zip(arguments) {
                    let span = if argument.span == expr.span { expr.span } else { argument.span };
                    self.require(node, Kind::String, span);
                }
                self.node(Kind::Bool)
            }
        }
    }

    fn binary(&mut self, op: BinaryOp, left_expr: &Expr, right_expr: &Expr, span: Span) -> NodeId {
        use BinaryOp::*;
        if let Some(node) = self.types_compared(op, left_expr, right_expr, span) {
            return node;
        }
        let (left, right) = (self.expr(left_expr), self.expr(right_expr));
        match op {
            And | Or | Implies => {
                self.require(left, Kind::Bool, left_expr.span);
                self.require(right, Kind::Bool, right_expr.span);
                self.node(Kind::Bool)
            }
            Equal | NotEqual | Less | LessOrEqual | Greater | GreaterOrEqual => {
                if matches!(op, Equal | NotEqual) {
                    self.nodes[left].nullable |= is_null(right_expr);
                    self.nodes[right].nullable |= is_null(left_expr);
                }
                self.relate(RelationKind::Comparable, left, right, span);
                self.node(Kind::Bool)
            }
            In => {
                if let ExprKind::List(elements) = &right_expr.kind
                    && elements.iter().any(is_null)
                {
                    self.nodes[left].nullable = true;
                }
                let item = self.element(right, right_expr.span);
                self.relate(RelationKind::Comparable, left, item, span);
                self.node(Kind::Bool)
            }
            Remainder => {
                self.require(left, Kind::Int, span);
                self.require(right, Kind::Int, span);
                self.node(Kind::Int)
            }
            Add | Subtract | Multiply | Divide => {
                let result = self.node(if op == Add { Kind::Unknown } else { Kind::Numeric });
                self.relate(RelationKind::Same, left, right, span);
                self.relate(RelationKind::Same, left, result, span);
                self.relate(RelationKind::Same, right, result, span);
                result
            }
        }
    }
}
