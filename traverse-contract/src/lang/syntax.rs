//! The tree that the parser makes: what the author wrote, each node with its span in the rule's text.

use crate::diagnostic::Span;

/// An expression as written.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it stands, in bytes of the rule's own text.
    pub span: Span,
}

/// The forms of expressions.
#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    /// `null`, `true`, `1`, `1.5`, `'text'`.
    Literal(Literal),
    /// A bare name.
    Name(String),
    /// `base.name`.
    Field { base: Box<Expr>, name: String, name_span: Span },
    /// `base[index]`.
    Index { base: Box<Expr>, index: Box<Expr> },
    /// `[a, b]`.
    List(Vec<Expr>),
    /// `{'a': 1, 'b': 2}`: keys and values in the author's order.
    Map(Vec<(Expr, Expr)>),
    /// `!e`, `not e`, `-e`.
    Unary { op: UnaryOp, operand: Box<Expr> },
    /// `a + b`, `a in b`, `a and b`, `a implies b`, …
    Binary { op: BinaryOp, op_span: Span, left: Box<Expr>, right: Box<Expr> },
    /// `list.all(variable, body)` and its kin; `filter` is the middle argument of `map`.
    Macro { kind: Macro, list: Box<Expr>, variable: String, filter: Option<Box<Expr>>, body: Box<Expr> },
    /// `condition ? then : otherwise`.
    Conditional { condition: Box<Expr>, then: Box<Expr>, otherwise: Box<Expr> },
    /// `e is string`, `e is not string`.
    Is { operand: Box<Expr>, type_name: TypeName, type_span: Span, negated: bool },
    /// `has(e.name)`.
    Has { base: Box<Expr>, name: String, name_span: Span },
    /// `size(e)`, `e.size()`, `e.startsWith(s)`, …: the receiver, if any, is the first argument.
    Call { function: Function, arguments: Vec<Expr> },
}

/// A literal value.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A 64-bit integer.
    Int(i64),
    /// An IEEE 754 double, always finite.
    Double(f64),
    /// Text.
    String(String),
}

/// Operators before an operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnaryOp {
    /// `!`, `not`
    Not,
    /// `-`
    Negate,
}

/// Operators between operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum BinaryOp {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
    NotEqual,
    In,
    And,
    Or,
    Implies,
}

/// The types that `is` can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum TypeName {
    Null,
    Bool,
    Int,
    Number,
    String,
    List,
    Object,
}

/// The names of types as values, CEL's (spec LANG-85): what `type(e)` gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum TypeValue {
    Null,
    Bool,
    Int,
    Double,
    String,
    List,
    Map,
    Type,
}

impl TypeValue {
    /// Its name in the language.
    pub fn name(self) -> &'static str {
        match self {
            TypeValue::Null => "null_type",
            TypeValue::Bool => "bool",
            TypeValue::Int => "int",
            TypeValue::Double => "double",
            TypeValue::String => "string",
            TypeValue::List => "list",
            TypeValue::Map => "map",
            TypeValue::Type => "type",
        }
    }

    /// The type of this name.
    pub fn named(name: &str) -> Option<TypeValue> {
        use TypeValue::*;
        [Null, Bool, Int, Double, String, List, Map, Type].into_iter().find(|value| value.name() == name)
    }
}

/// The macros over lists and the keys of maps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Macro {
    /// Whether the body holds for every element.
    All,
    /// Whether it holds for any.
    Exists,
    /// Whether it holds for exactly one.
    ExistsOne,
    /// The elements for which it holds.
    Filter,
    /// The body's value for each element.
    Map,
}

/// The functions of the language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Function {
    /// Characters of a string, elements of a list, keys of a map.
    Size,
    /// `s.startsWith(prefix)`
    StartsWith,
    /// `s.endsWith(suffix)`
    EndsWith,
    /// `s.contains(part)`
    Contains,
    /// `s.matches('pattern')`, `matches(s, 'pattern')`
    Matches,
    /// `int(e)`
    Int,
    /// `double(e)`
    Double,
    /// `string(e)`
    String,
    /// `bool(e)`
    Bool,
    /// `type(e)`
    Type,
}

impl Function {
    /// Its name in the language.
    pub fn name(self) -> &'static str {
        match self {
            Function::Size => "size",
            Function::StartsWith => "startsWith",
            Function::EndsWith => "endsWith",
            Function::Contains => "contains",
            Function::Matches => "matches",
            Function::Int => "int",
            Function::Double => "double",
            Function::String => "string",
            Function::Bool => "bool",
            Function::Type => "type",
        }
    }
}
