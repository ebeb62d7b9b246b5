//! Which types go together: what may be compared, and what may stand side by side in a list, a map or a choice (spec
//! LANG-71, LANG-72).

use super::{Checker, described};
use crate::diagnostic::Diagnostic;
use crate::lang::syntax::Literal;
use crate::lang::typed::{Root, Type, TypedExpr, TypedKind};
use crate::schema::ObjectSchema;

/// Why two types do not go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Apart {
    /// They are of two kinds, themselves or in what they hold.
    Kinds,
    /// Objects that two schemas describe.
    Schemas,
    /// Objects of which only is known what clauses mention.
    Inferred,
    /// Objects of which no property is declared.
    Bare,
    /// Tuples: their types in Rust may differ where those of the language do not.
    Tuples,
}

/// Whether `==` takes the two.
pub(super) fn comparable(left: &Type, right: &Type) -> Result<(), Apart> {
    match (left, right) {
        (Type::Never, _) | (_, Type::Never) => Ok(()),
        // Null equals null alone.
        (Type::Null, Type::Nullable(_)) | (Type::Nullable(_), Type::Null) => Ok(()),
        (Type::Nullable(left), Type::Nullable(right)) => comparable(left, right),
        (Type::Nullable(value), other) | (other, Type::Nullable(value)) => comparable(value, other),
        (Type::Tuple(left), Type::Tuple(right)) if left.len() == right.len() => {
            left.iter().zip(right).try_for_each(|(left, right)| comparable(left, right))
        }
        (Type::Int | Type::Number, Type::Int | Type::Number) => Ok(()),
        (Type::List(left), Type::List(right)) | (Type::Map(left), Type::Map(right)) => {
            comparable(left, right)
        }
        _ => joined(left, right).map(|_| ()),
    }
}

/// The one type that values of both have.
pub(super) fn joined(left: &Type, right: &Type) -> Result<Type, Apart> {
    match (left, right) {
        (Type::Never, other) | (other, Type::Never) => Ok(other.clone()),
        (Type::Null, value) | (value, Type::Null) => Ok(value.clone().or_null()),
        (Type::Nullable(_), _) | (_, Type::Nullable(_)) => Ok(joined(left.value(), right.value())?.or_null()),
        (Type::Tuple(_), Type::Tuple(_)) => Err(Apart::Tuples),
        (Type::String | Type::Enum(_), Type::String | Type::Enum(_)) => {
            Ok(if left == right { left.clone() } else { Type::String })
        }
        (Type::List(left), Type::List(right)) => Ok(Type::List(Box::new(held(left, right)?))),
        (Type::Map(left), Type::Map(right)) => Ok(Type::Map(Box::new(held(left, right)?))),
        (Type::Object(one), Type::Object(other)) => of_one_schema(one, other).map(|()| left.clone()),
        _ if left == right => Ok(left.clone()),
        _ => Err(Apart::Kinds),
    }
}

/// The one type of what two lists or maps hold: in both it may be null, or in none.
fn held(left: &Type, right: &Type) -> Result<Type, Apart> {
    let nullable = |ty: &Type| matches!(ty, Type::Null | Type::Nullable(_));
    if [left, right].contains(&&Type::Never) || nullable(left) == nullable(right) {
        joined(left, right)
    } else {
        Err(Apart::Kinds)
    }
}

/// Objects are of one type where one place of the spec describes both.
fn of_one_schema(one: &ObjectSchema, other: &ObjectSchema) -> Result<(), Apart> {
    match () {
        () if one.inferred || other.inferred => Err(Apart::Inferred),
        () if one.properties.is_empty() && other.properties.is_empty() => Err(Apart::Bare),
        () if one == other => Ok(()),
        () => Err(Apart::Schemas),
    }
}

/// An int literal beside a number becomes the double of the same value, also within lists and maps.
pub(super) fn widen(side: &mut TypedExpr, other: &Type) {
    match (&mut side.kind, other.value()) {
        (TypedKind::Literal(Literal::Int(value)), Type::Number) if value.unsigned_abs() <= 1 << 53 => {
            side.kind = TypedKind::Literal(Literal::Double(*value as f64));
            side.ty = Type::Number;
        }
        (TypedKind::List(items), Type::List(other)) => {
            items.iter_mut().for_each(|item| widen(item, other));
            if let Some(ty) = together(items.iter()) {
                side.ty = Type::List(Box::new(ty));
            }
        }
        (TypedKind::Map(entries), Type::Map(other)) => {
            entries.iter_mut().for_each(|(_, value)| widen(value, other));
            if let Some(ty) = together(entries.iter().map(|(_, value)| value)) {
                side.ty = Type::Map(Box::new(ty));
            }
        }
        _ => {}
    }
}

/// The one type of these values.
fn together<'a>(mut values: impl Iterator<Item = &'a TypedExpr>) -> Option<Type> {
    let first = values.next()?.ty.clone();
    values.try_fold(first, |ty, value| joined(&ty, &value.ty)).ok()
}

/// The type, of lists and maps with what they hold: `a list of strings`.
pub(super) fn spelled(ty: &Type) -> String {
    match ty {
        Type::List(item) if **item == Type::Never => "an empty list".into(),
        Type::Map(value) if **value == Type::Never => "an empty map".into(),
        Type::List(item) => format!("a list of {}", plural(item)),
        Type::Map(value) => format!("a map of {}", plural(value)),
        _ => described(ty).to_owned(),
    }
}

fn plural(ty: &Type) -> String {
    match ty {
        Type::List(item) if **item == Type::Never => "empty lists".into(),
        Type::Map(value) if **value == Type::Never => "empty maps".into(),
        Type::List(item) => format!("lists of {}", plural(item)),
        Type::Map(value) => format!("maps of {}", plural(value)),
        Type::Enum(_) => "strings".into(),
        // `a number`, `an int` and their kin; `null` has no article.
        _ => {
            let one = described(ty);
            format!("{}s", one.split_once(' ').map_or(one, |(_, noun)| noun))
        }
    }
}

impl Checker<'_> {
    /// Values side by side in a list or a map, each of the type that comes back. `whole` is what they are in.
    pub(super) fn side_by_side(&mut self, values: &mut [TypedExpr], whole: &str) -> Option<Type> {
        // Ints among doubles, `[1, 2.5]`: a literal becomes the double of the same value.
        let mut types: Vec<Type> = Vec::new();
        for value in values.iter() {
            if !types.contains(&value.ty) {
                types.push(value.ty.clone());
            }
        }
        for value in values.iter_mut() {
            types.iter().for_each(|ty| widen(value, ty));
        }
        let Some((first, rest)) = values.split_first() else { return Some(Type::Never) };
        let mut ty = first.ty.clone();
        for odd in rest {
            match joined(&ty, &odd.ty) {
                Ok(joined) => ty = joined,
                Err(apart) => {
                    let message = format!(
                        "the {whole} are of one type, but `{}` is {} and `{}` is {}",
                        self.shown(first.span),
                        spelled(&ty),
                        self.shown(odd.span),
                        spelled(&odd.ty),
                    );
                    self.apart(apart, message, first, odd);
                    return None;
                }
            }
        }
        Some(ty)
    }

    /// Reports two values that do not go together; `kinds` is the message where their kinds are the reason.
    pub(super) fn apart(&mut self, apart: Apart, kinds: String, left: &TypedExpr, right: &TypedExpr) {
        let (shown_left, shown_right) = (self.shown(left.span).to_owned(), self.shown(right.span).to_owned());
        let label = described(&right.ty);
        let one_by_one = "or compare the properties one by one";
        let error = match apart {
            Apart::Kinds => Diagnostic::error("lang-type-mismatch", kinds),
            Apart::Schemas => Diagnostic::error(
                "lang-type-mismatch",
                format!("`{shown_left}` and `{shown_right}` are described by two schemas"),
            )
            .note("objects are of one type where one schema describes both")
            .help(format!(
                "write the schema once under `[types.Name]` and refer to it by `$ref = \"#/types/Name\"`, {one_by_one}"
            )),
            Apart::Inferred => {
                let section = if reads_output(left) { "[output]" } else { "[input]" };
                Diagnostic::error(
                    "lang-open-type",
                    format!("`{shown_left}` and `{shown_right}` may hold more than the clauses mention"),
                )
                .note("without a schema only the properties that clauses mention are known")
                .help(format!("write `{section}`, {one_by_one}"))
            }
            Apart::Bare => Diagnostic::error(
                "lang-type-mismatch",
                format!("`{shown_left}` and `{shown_right}` have no declared properties to go by"),
            )
            .help("declare what they hold under `properties`"),
            Apart::Tuples => Diagnostic::error(
                "lang-unsupported",
                format!("`{shown_left}` and `{shown_right}` side by side are not supported by this version"),
            )
            .note("two tuples may be of two types in Rust")
            .help("write what is read from them, as `pair[0]`"),
        };
        self.report(error, right.span, label);
    }
}

/// Whether the chain of properties starts at the result.
fn reads_output(expr: &TypedExpr) -> bool {
    match &expr.kind {
        TypedKind::Root(root) => *root == Root::Output,
        _ => expr.operands().first().is_some_and(|operand| reads_output(operand)),
    }
}
