//! What `type(e)` tells of `e`, and where the name of a type stands for it (spec LANG-87).

use super::{Inference, Kind, NodeId};
use crate::diagnostic::Span;
use crate::lang::syntax::{BinaryOp, Expr, ExprKind, Function, Literal, TypeValue};
use crate::schema::{SchemaKind, resolve};

/// The literal `null`.
pub(super) fn is_null(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Literal(Literal::Null))
}

impl Inference<'_> {
    /// `type(e) == int`, `type(e) in [int, double]` and their kin: the only places where, without a schema, a name such
    /// as `int` means the type rather than a property of that name. `None` for anything else.
    pub(super) fn types_compared(
        &mut self,
        op: BinaryOp,
        left: &Expr,
        right: &Expr,
        span: Span,
    ) -> Option<NodeId> {
        use BinaryOp::{Equal, In, NotEqual};
        match op {
            Equal | NotEqual => {
                let (asked, other) = match (operand_of_type(left), operand_of_type(right)) {
                    (Some(asked), None) => (asked, right),
                    (None, Some(asked)) => (asked, left),
                    _ => return None,
                };
                let named = self.type_named(other)?;
                let node = self.expr(asked);
                if named == TypeValue::Null {
                    self.nodes[node].nullable = true;
                } else if op == Equal {
                    self.is_of_type(node, named, span);
                }
            }
            In => {
                let asked = operand_of_type(left)?;
                let ExprKind::List(elements) = &right.kind else { return None };
                let named: Vec<TypeValue> =
                    elements.iter().map(|element| self.type_named(element)).collect::<Option<_>>()?;
                let node = self.expr(asked);
                self.nodes[node].nullable |= named.contains(&TypeValue::Null);
                let numbers = |named: &TypeValue| matches!(named, TypeValue::Int | TypeValue::Double);
                if !named.is_empty() && named.iter().all(numbers) {
                    self.require(node, Kind::Numeric, span);
                }
            }
            _ => return None,
        }
        Some(self.node(Kind::Bool))
    }

    /// The type that the expression names; an element of a macro and a property of a written input come first.
    fn type_named(&self, expr: &Expr) -> Option<TypeValue> {
        let ExprKind::Name(name) = &expr.kind else { return None };
        let bound = self.bound.iter().any(|(bound, _)| bound == name);
        let written = match self.nodes[self.input].kind {
            Kind::Known(schema) => match &resolve(self.types, schema).kind {
                SchemaKind::Object(object) => object.property(name).is_some(),
                _ => false,
            },
            _ => false,
        };
        TypeValue::named(name).filter(|_| !bound && !written)
    }

    /// As `is` tells it (spec LANG-30).
    fn is_of_type(&mut self, node: NodeId, named: TypeValue, span: Span) {
        match named {
            TypeValue::Bool => self.require(node, Kind::Bool, span),
            TypeValue::Int => self.require(node, Kind::Int, span),
            TypeValue::Double => self.require(node, Kind::Number, span),
            TypeValue::String => self.require(node, Kind::String, span),
            TypeValue::List => {
                self.item(node, span);
            }
            TypeValue::Map => self.object(node, span),
            TypeValue::Null | TypeValue::Type => {}
        }
    }
}

/// The `e` of `type(e)`.
fn operand_of_type(expr: &Expr) -> Option<&Expr> {
    match &expr.kind {
        ExprKind::Call { function: Function::Type, arguments } => arguments.first(),
        _ => None,
    }
}
