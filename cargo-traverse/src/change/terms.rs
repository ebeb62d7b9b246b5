//! Words for expressions, equal only where the values are; and what is known of an expression from its form.

use super::normal::Normalizer;
use super::sets::{Set, Span};
use traverse_contract::lang::syntax::{BinaryOp, Function, Literal};
use traverse_contract::lang::typed::{Root, Type, TypedExpr, TypedKind};
use traverse_inputs::{Path, Step};

/// The element of a macro around.
pub(super) struct Bound {
    /// As the rule has it.
    id: usize,
    /// Its name, which does not depend on the author's.
    name: String,
    /// Where it is in the documents, if it is a part of them.
    path: Option<Path>,
}

/// A list with longer words is not part of its elements' names: lists within lists would double them.
const MAX_NAME_BYTES: usize = 200;

impl Normalizer<'_> {
    /// Puts the element of a macro over `list` among those around. Gives the words for the list, and how many were around.
    pub(super) fn bind(&mut self, list: &TypedExpr, variable: usize) -> (String, usize) {
        let depth = self.bound.len();
        let words = self.key(list);
        let path = match &list.ty {
            Type::List(_) if words.len() <= MAX_NAME_BYTES => self.path(list).map(|mut path| {
                path.steps.push(Step::Element);
                path
            }),
            _ => None,
        };
        let name = match &path {
            Some(_) => format!("#{depth}:{words}[]"),
            None => format!("#{depth}"),
        };
        if let Some(path) = &path {
            self.note(&name, path);
        }
        self.bound.push(Bound { id: variable, name, path });
        (words, depth)
    }

    fn variable(&self, id: usize) -> Option<&Bound> {
        self.bound.iter().find(|bound| bound.id == id)
    }

    /// Where in the documents an expression reads.
    pub(super) fn path(&self, expr: &TypedExpr) -> Option<Path> {
        let step = |base: &TypedExpr, step: Step| {
            let mut path = self.path(base)?;
            path.steps.push(step);
            Some(path)
        };
        match &expr.kind {
            TypedKind::Root(root) => Some(Path { output: *root == Root::Output, steps: Vec::new() }),
            TypedKind::Field { base, name, .. } => match &base.ty {
                Type::Object(_) => step(base, Step::Field(name.clone())),
                Type::Map(_) => step(base, Step::Element),
                _ => None,
            },
            TypedKind::Index { base, index } => match (&base.ty, &index.kind) {
                (Type::List(_) | Type::Map(_), _) => step(base, Step::Element),
                (Type::Tuple(_), TypedKind::Literal(Literal::Int(at))) => {
                    step(base, Step::Item(usize::try_from(*at).ok()?))
                }
                _ => None,
            },
            TypedKind::NotNull(read) => self.path(read),
            TypedKind::Variable { id, .. } => self.variable(*id)?.path.clone(),
            _ => None,
        }
    }

    /// Words for an expression, equal only where the values are.
    pub(crate) fn key(&mut self, expr: &TypedExpr) -> String {
        match &expr.kind {
            TypedKind::Root(Root::Input) => "input".into(),
            TypedKind::Root(Root::Output) => "result".into(),
            TypedKind::Field { base, name, .. } => {
                let key = format!("{}.{name}", self.key(base));
                self.noted(key, expr)
            }
            TypedKind::Index { base, index } => {
                let key = format!("{}[{}]", self.key(base), self.key(index));
                self.noted(key, expr)
            }
            // Where it is null nobody looks.
            TypedKind::NotNull(read) => self.key(read),
            TypedKind::Variable { id, .. } => match self.variable(*id) {
                Some(bound) => bound.name.clone(),
                None => self.whole(expr),
            },
            TypedKind::Literal(Literal::Int(integer)) => integer.to_string(),
            TypedKind::Literal(Literal::Double(double)) if *double == 0.0 && double.is_sign_negative() => {
                "-0".into()
            }
            // An int and a double of one value are told apart by the operator that they stand under.
            TypedKind::Literal(Literal::Double(double)) => traverse_contract::number::number_text(*double),
            TypedKind::Literal(literal) => format!("{literal:?}"),
            TypedKind::Pattern(pattern) => format!("pattern {:?}", pattern.source()),
            TypedKind::TypeName(name) => format!("type {name:?}"),
            TypedKind::List(elements) => {
                let keys: Vec<String> = elements.iter().map(|element| self.key(element)).collect();
                format!("[{}]", keys.join(", "))
            }
            TypedKind::Negate(operand) => format!("-{}({})", kind_of(&expr.ty), self.key(operand)),
            TypedKind::Arithmetic { op, left, right } => {
                let (mut one, mut other) = (self.key(left), self.key(right));
                let commutes = matches!(op, BinaryOp::Add | BinaryOp::Multiply)
                    && matches!(expr.ty, Type::Int | Type::Number);
                if commutes && other < one {
                    std::mem::swap(&mut one, &mut other);
                }
                format!("{op:?}-{}({one}, {other})", kind_of(&expr.ty))
            }
            TypedKind::Call { function: Function::Size, arguments } if arguments.len() == 1 => {
                let key = format!("size({})", self.key(&arguments[0]));
                self.domains.also(&key, Set::numbers(vec![Span { low: 0.0, ..Span::ALL }], true, false));
                key
            }
            TypedKind::Call { function, arguments } => {
                let arguments: Vec<String> = arguments
                    .iter()
                    .map(|argument| format!("{}: {}", self.key(argument), kind_of(&argument.ty)))
                    .collect();
                format!("{function:?}({})", arguments.join(", "))
            }
            TypedKind::Macro { kind, list, variable, filter, body } => {
                let (list, depth) = self.bind(list, *variable);
                let filter = filter.as_ref().map(|filter| self.normal_key(filter));
                let body = self.normal_key(body);
                self.bound.pop();
                format!("{kind:?}({list}, #{depth}, {filter:?}, {body})")
            }
            TypedKind::Conditional { condition, then, otherwise } => {
                format!(
                    "({} ? {} : {})",
                    self.normal_key(condition),
                    self.normal_key(then),
                    self.normal_key(otherwise)
                )
            }
            TypedKind::And(..)
            | TypedKind::Or(..)
            | TypedKind::Implies(..)
            | TypedKind::Not(_)
            | TypedKind::Compare { .. } => self.normal_key(expr),
            TypedKind::In { element, list } => {
                let of = self.shape(&format!("{:?}", list.ty));
                format!("{}: {} in {} of {of}", self.key(element), kind_of(&element.ty), self.key(list))
            }
            TypedKind::Is { operand, truth, .. } => format!("{truth} after {}", self.key(operand)),
            TypedKind::Has { base, name, .. } => format!("has({}.{name})", self.key(base)),
            #[allow(unreachable_patterns)]
            _ => self.whole(expr),
        }
    }

    fn noted(&mut self, key: String, expr: &TypedExpr) -> String {
        if let Some(path) = self.path(expr) {
            self.note(&key, &path);
        }
        key
    }

    fn normal_key(&mut self, expr: &TypedExpr) -> String {
        if expr.ty == Type::Bool { format!("{:?}", self.rule(expr, true)) } else { self.key(expr) }
    }

    /// What `Debug` shows of types, with the types that they name.
    pub(super) fn shape(&self, shown: &str) -> String {
        let mut shape = spanless(shown);
        if shape.contains("Ref(") {
            shape.push_str(&spanless(&format!("{:?}", self.schemas.types)));
        }
        shape
    }

    /// Words for a form of expression that is not taken apart here: all of its tree.
    fn whole(&self, expr: &TypedExpr) -> String {
        let bound: Vec<(usize, &str)> =
            self.bound.iter().map(|bound| (bound.id, bound.name.as_str())).collect();
        format!("{:?} within {bound:?}", self.shape(&format!("{expr:?}")))
    }
}

/// Whether it has a value on every document that fits the schema. What may be absent or null is read where it is
/// neither, or what is read does not matter: the checker asks for a proof. Steps are not counted.
pub(super) fn never_fails(expr: &TypedExpr) -> bool {
    let operation = match &expr.kind {
        // A key of a map may be absent.
        TypedKind::Field { base, .. } => !matches!(base.ty, Type::Map(_)),
        TypedKind::Index { base, .. } => matches!(base.ty, Type::Tuple(_)),
        TypedKind::Arithmetic { .. } | TypedKind::Negate(_) => expr.ty != Type::Int,
        TypedKind::Call { function, arguments } => {
            let of = |types: &[Type]| arguments.iter().all(|argument| types.contains(&argument.ty));
            match function {
                Function::Size
                | Function::StartsWith
                | Function::EndsWith
                | Function::Contains
                | Function::Matches
                | Function::String
                | Function::Type => true,
                Function::Int => of(&[Type::Int]),
                Function::Double => of(&[Type::Int, Type::Number]),
                Function::Bool => of(&[Type::Bool]),
            }
        }
        // A key may come twice.
        TypedKind::Map(_) => false,
        TypedKind::NotNull(read) => never_fails(read),
        _ => true,
    };
    operation && expr.operands().into_iter().all(never_fails)
}

/// Whether it may be a NaN, which no document holds and arithmetic makes.
pub(super) fn may_be_nan(expr: &TypedExpr, within: &Normalizer<'_>) -> bool {
    let is_literal = matches!(expr.kind, TypedKind::Literal(_));
    *expr.ty.value() == Type::Number && !is_literal && within.path(expr).is_none()
}

/// What arithmetic and conversions depend on besides the value.
pub(super) fn kind_of(ty: &Type) -> &'static str {
    match ty {
        Type::Int => "int",
        Type::Number => "number",
        Type::String | Type::Enum(_) => "text",
        Type::Bool => "bool",
        Type::List(_) => "list",
        Type::Nullable(value) => match **value {
            Type::Int => "int or null",
            Type::Number => "number or null",
            Type::String | Type::Enum(_) => "text or null",
            Type::Bool => "bool or null",
            Type::List(_) => "list or null",
            _ => "other or null",
        },
        _ => "other",
    }
}

/// What `Debug` shows of a tree without the places in files.
pub(crate) fn spanless(shown: &str) -> String {
    let mut text = String::with_capacity(shown.len());
    let mut rest = shown;
    while let Some(at) = rest.find("Span {") {
        text.push_str(&rest[..at]);
        rest = rest[at..].find('}').map_or("", |end| &rest[at + end + 1..]);
    }
    text + rest
}
