//! The checked tree: every name resolved, every node with its type. The macro and the evaluator work from this alone.
//!
//! The static type decides (spec LANG): a property of schema type `integer` is an int, of `number` a double, however
//! the JSON spelled it.

use crate::diagnostic::Span;
use crate::lang::syntax::{BinaryOp, Function, Literal, Macro, TypeName, TypeValue};
use crate::pattern::Pattern;
use crate::schema::ObjectSchema;
use std::sync::Arc;

/// The type of an expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Type {
    /// Only `null`.
    Null,
    /// `true` or `false`.
    Bool,
    /// A 64-bit integer; Rust `i64`.
    Int,
    /// A double; Rust `f64`.
    Number,
    /// Text; Rust `String`.
    String,
    /// Text out of a closed set (schema `enum`); a Rust enum with `as_str`.
    Enum(Arc<Vec<String>>),
    /// A list of one type.
    List(Box<Type>),
    /// A list of fixed length, each element of its own type; a Rust tuple.
    Tuple(Vec<Type>),
    /// An object with known properties.
    Object(Arc<ObjectSchema>),
    /// Values of one type by text.
    Map(Box<Type>),
    /// A value of the type within, or null; Rust `Option`. The type within is neither null nor nullable.
    Nullable(Box<Type>),
    /// A type as a value, which only compares; Rust `&'static str`, its name.
    Type,
    /// What `[]` and `{}` hold: nothing, which goes with every type (spec LANG-22). No value is of it, so only the body
    /// of a macro over nothing has expressions that are.
    Never,
}

impl Type {
    /// The type of the values that are not null.
    pub fn value(&self) -> &Type {
        match self {
            Type::Nullable(value) => value,
            other => other,
        }
    }

    /// What `type()` gives of the values that are not null (spec LANG-86).
    pub fn name_as_value(&self) -> TypeValue {
        match self.value() {
            Type::Null => TypeValue::Null,
            Type::Bool => TypeValue::Bool,
            Type::Int => TypeValue::Int,
            Type::Number => TypeValue::Double,
            Type::String | Type::Enum(_) => TypeValue::String,
            Type::List(_) | Type::Tuple(_) => TypeValue::List,
            Type::Object(_) | Type::Map(_) => TypeValue::Map,
            Type::Type => TypeValue::Type,
            // Never within itself.
            Type::Nullable(value) => value.name_as_value(),
            // Of no value.
            Type::Never => TypeValue::Null,
        }
    }

    /// This type or null.
    pub fn or_null(self) -> Type {
        match self {
            Type::Null | Type::Nullable(_) => self,
            Type::Never => Type::Null,
            value => Type::Nullable(Box::new(value)),
        }
    }
}

/// A checked expression.
#[derive(Debug, Clone, PartialEq)]
pub struct TypedExpr {
    /// What it is.
    pub kind: TypedKind,
    /// Its type.
    pub ty: Type,
    /// Where it stands, in bytes of the rule's own text.
    pub span: Span,
}

impl TypedExpr {
    /// The path for a message, in the guest as on the host: `cart.total`, `lines[…].price`; `input` is left out where a
    /// property follows, as authors do.
    pub fn path(&self) -> String {
        match &self.kind {
            TypedKind::Root(Root::Input) => "input".into(),
            TypedKind::Root(Root::Output) => "result".into(),
            TypedKind::Field { base, name, .. } => match &base.kind {
                TypedKind::Root(Root::Input) => name.clone(),
                _ => format!("{}.{name}", base.path()),
            },
            TypedKind::Variable { name, .. } => name.clone(),
            TypedKind::NotNull(read) => read.path(),
            TypedKind::Index { base, .. } => format!("{}[…]", base.path()),
            _ => "a value".into(),
        }
    }
}

/// The values that names start from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Root {
    /// `input`; a bare property name `cart` is `input.cart`.
    Input,
    /// `result` or `output`; not in preconditions or `when`.
    Output,
}

/// The forms of checked expressions.
#[derive(Debug, Clone, PartialEq)]
pub enum TypedKind {
    /// A literal.
    Literal(Literal),
    /// The text literal that `matches` looks for, made into a table; its type is string.
    Pattern(Arc<Pattern>),
    /// The whole input or output.
    Root(Root),
    /// A property, or the value of a map for a key that is a name. Where `optional`, as always in a map, the value may
    /// be absent and reading it then is an evaluation error.
    Field { base: Box<TypedExpr>, name: String, optional: bool },
    /// An element of a list for an int, out of range is an evaluation error; or the value of a map for a text, where a
    /// key that is not there is one. Of a tuple the index is a literal in range.
    Index { base: Box<TypedExpr>, index: Box<TypedExpr> },
    /// A list literal; every element has the list's element type, which is nullable if one of them may be null, and
    /// may hold less than it ([`Type::Never`]).
    List(Vec<TypedExpr>),
    /// A map literal: each key a text, each value of the map's value type. A key that comes twice is an evaluation
    /// error.
    Map(Vec<(TypedExpr, TypedExpr)>),
    /// Negation of a bool.
    Not(Box<TypedExpr>),
    /// Minus of an int (overflow is an error) or a double.
    Negate(Box<TypedExpr>),
    /// `+ - * / %`: both int, both double, or `+` on two strings or two lists. Int overflow and division by zero are
    /// errors.
    Arithmetic { op: BinaryOp, left: Box<TypedExpr>, right: Box<TypedExpr> },
    /// `< <= > >= == !=` on two scalars: numbers of either kind by mathematical value, strings by code point, bools,
    /// types and null by `==`/`!=` only, either side of which may be nullable. Enums compare as their text. Lists, maps,
    /// tuples and objects are equal if all in them is; of objects that is their declared properties.
    Compare { op: BinaryOp, left: Box<TypedExpr>, right: Box<TypedExpr> },
    /// A value among the elements of a list, by the same equality as `==`; or a text among the keys of a map.
    In { element: Box<TypedExpr>, list: Box<TypedExpr> },
    /// A value that may be null, where a proof says that it is not (spec LANG-81). Null is an evaluation error.
    NotNull(Box<TypedExpr>),
    /// The name of a type, as a value.
    TypeName(TypeValue),
    /// `is`: decided by the static type; `truth` is the answer. The operand is kept because reading it may fail.
    Is { operand: Box<TypedExpr>, type_name: TypeName, negated: bool, truth: bool },
    /// Error-absorbing: `false` on either side decides.
    And(Box<TypedExpr>, Box<TypedExpr>),
    /// Error-absorbing: `true` on either side decides.
    Or(Box<TypedExpr>, Box<TypedExpr>),
    /// `!a || b`, with the same absorption.
    Implies(Box<TypedExpr>, Box<TypedExpr>),
    /// The element that a macro looks at; `id` tells the macros of a rule apart.
    Variable { id: usize, name: String },
    /// A macro over a list, or over the keys of a map by code point: the body once for each element in order, which is [`TypedKind::Variable`] `variable` in it.
    /// `filter` is the middle argument of `map`: elements for which it is false are left out.
    Macro {
        kind: Macro,
        list: Box<TypedExpr>,
        variable: usize,
        filter: Option<Box<TypedExpr>>,
        body: Box<TypedExpr>,
    },
    /// `condition ? then : otherwise`, both of one type as the elements of a list literal are; only the chosen one is
    /// evaluated.
    Conditional { condition: Box<TypedExpr>, then: Box<TypedExpr>, otherwise: Box<TypedExpr> },
    /// Whether a property, or a key of a map, is there. For a property that is required, `optional` is false and the
    /// answer is true.
    Has { base: Box<TypedExpr>, name: String, optional: bool },
    /// A function call, receiver first.
    Call { function: Function, arguments: Vec<TypedExpr> },
}

impl TypedExpr {
    /// What it is made of, in the order of the text: of a macro the left side, the filter, the body.
    pub fn operands(&self) -> Vec<&TypedExpr> {
        match &self.kind {
            TypedKind::Literal(_)
            | TypedKind::Pattern(_)
            | TypedKind::TypeName(_)
            | TypedKind::Root(_)
            | TypedKind::Variable { .. } => Vec::new(),
            // The proof is not in the text: what is read stands for itself.
            TypedKind::NotNull(read) => read.operands(),
            TypedKind::Field { base: operand, .. }
            | TypedKind::Has { base: operand, .. }
            | TypedKind::Not(operand)
            | TypedKind::Negate(operand)
            | TypedKind::Is { operand, .. } => vec![operand],
            TypedKind::Index { base: left, index: right }
            | TypedKind::Arithmetic { left, right, .. }
            | TypedKind::Compare { left, right, .. }
            | TypedKind::In { element: left, list: right }
            | TypedKind::And(left, right)
            | TypedKind::Or(left, right)
            | TypedKind::Implies(left, right) => vec![left, right],
            TypedKind::List(operands) | TypedKind::Call { arguments: operands, .. } => {
                operands.iter().collect()
            }
            TypedKind::Map(entries) => entries.iter().flat_map(|(key, value)| [key, value]).collect(),
            TypedKind::Conditional { condition, then, otherwise } => vec![condition, then, otherwise],
            TypedKind::Macro { list, filter, body, .. } => {
                std::iter::once(&**list).chain(filter.as_deref()).chain([&**body]).collect()
            }
        }
    }
}

/// A path of properties that a clause reads, for reports: `cart.total`, `result.eligible`.
#[derive(Debug, Clone, PartialEq)]
pub struct ObservedPath {
    /// As a report names it: the author's own words (`cart.total`, `input.cart.total`, `result.eligible`).
    pub name: String,
    /// The read itself: a chain of `Field` down to a `Root`, longest chain, with `NotNull` between; never under an
    /// `Index` or a call.
    pub read: TypedExpr,
}
