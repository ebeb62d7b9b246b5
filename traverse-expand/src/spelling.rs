//! How the types of the contract may be written in the author's source, and whether a type that is written out is
//! certainly another one. What only the compiler can tell (an alias, a type of the author's own) is left to it.

use crate::model::{Field, ItemKind, Shape, Types, int_type};
use syn::{GenericArgument, PathArguments, Type, TypePath};

/// Names that mean what they say wherever they stand; anything else may be an alias.
const KNOWN: &[&str] = &[
    "bool", "char", "str", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128",
    "usize", "f32", "f64", "String", "Vec", "Option", "Result", "Box", "Rc", "Arc", "Cow", "HashMap",
    "HashSet", "BTreeMap", "BTreeSet", "VecDeque",
];

/// What may stand before such a name.
const ROOTS: &[&str] = &[
    "std",
    "core",
    "alloc",
    "primitive",
    "string",
    "vec",
    "option",
    "result",
    "boxed",
    "rc",
    "sync",
    "borrow",
    "collections",
    "crate",
    "super",
    "self",
];

/// A shape as Rust.
pub fn describe_shape(shape: &Shape) -> String {
    match shape {
        Shape::Null => "()".into(),
        Shape::Nullable(value) => format!("Option<{}>", describe_shape(value)),
        Shape::Tuple(items) => match &items[..] {
            [only] => format!("({},)", describe_shape(only)),
            items => format!("({})", items.iter().map(describe_shape).collect::<Vec<_>>().join(", ")),
        },
        Shape::Bool(_) => "bool".into(),
        Shape::Int(bounds) => int_type(bounds).into(),
        Shape::Double(_) => "f64".into(),
        Shape::Text(_) => "String".into(),
        Shape::List(item, _) => format!("Vec<{}>", describe_shape(item)),
        Shape::Map(value, _) => format!("BTreeMap<String, {}>", describe_shape(value)),
        Shape::Named(ident) => ident.to_string(),
        Shape::Boxed(ident) => format!("Box<{ident}>"),
    }
}

/// What a reference to a shape may be taken as besides: `str` for a `String`, a slice for a `Vec`.
fn describe_borrowed(shape: &Shape) -> Option<String> {
    match shape {
        Shape::Text(_) => Some("str".into()),
        Shape::List(item, _) => Some(format!("[{}]", describe_shape(item))),
        Shape::Boxed(ident) => Some(ident.to_string()),
        _ => None,
    }
}

/// Every way to take a value of this shape as a parameter.
pub fn accepted(shape: &Shape, optional: bool) -> Vec<String> {
    if let (Shape::Nullable(value), false) = (shape, optional) {
        // `None` is null, as elsewhere it is absence.
        return accepted(value, true);
    }
    let owned = describe_shape(shape);
    let borrowed = describe_borrowed(shape);
    if optional {
        let mut accepted = vec![format!("Option<{owned}>"), format!("&Option<{owned}>")];
        accepted.push(format!("Option<&{}>", borrowed.unwrap_or(owned)));
        return accepted;
    }
    let mut accepted = vec![owned.clone(), format!("&{owned}")];
    accepted.extend(borrowed.map(|borrowed| format!("&{borrowed}")));
    accepted
}

/// The way that reads best in a function that only looks at the value.
pub fn preferred(field: &Field) -> String {
    let accepted = accepted(&field.shape, field.optional);
    let by_value = matches!(field.shape, Shape::Bool(_) | Shape::Int(_) | Shape::Double(_));
    let preferred = if by_value { accepted.first() } else { accepted.last() };
    preferred.cloned().unwrap_or_default()
}

/// `` `A` ``, `` `A` or `B` ``, `` `A`, `B` or `C` ``
pub fn alternatives(spellings: &[String]) -> String {
    match spellings {
        [] => String::new(),
        [only] => format!("`{only}`"),
        [others @ .., last] => {
            let others: Vec<String> = others.iter().map(|spelling| format!("`{spelling}`")).collect();
            format!("{} or `{last}`", others.join(", "))
        }
    }
}

/// Whether the author's type is certainly none of these.
pub fn is_none_of(ty: &Type, spellings: &[String], types: &Types) -> bool {
    spellings.iter().all(|spelling| {
        // What cannot be read as a type cannot be said to differ.
        syn::parse_str(spelling).is_ok_and(|expected: Type| differs(ty, &expected, types))
    })
}

fn differs(ty: &Type, expected: &Type, types: &Types) -> bool {
    if let Some(target) = alias(ty, types) {
        return differs(&target, expected, types);
    }
    if let Some(target) = alias(expected, types) {
        return differs(ty, &target, types);
    }
    match (ty, expected) {
        (Type::Paren(inner), _) => differs(&inner.elem, expected, types),
        (Type::Group(inner), _) => differs(&inner.elem, expected, types),
        (Type::Path(path), Type::Path(expected)) => paths_differ(path, expected, types),
        (Type::Path(path), _) => known_name(path, types).is_some(),
        (Type::Reference(reference), Type::Reference(expected)) => {
            differs(&reference.elem, &expected.elem, types)
        }
        (Type::Slice(slice), Type::Slice(expected)) => differs(&slice.elem, &expected.elem, types),
        (Type::Tuple(tuple), Type::Tuple(expected)) => {
            tuple.elems.len() != expected.elems.len()
                || tuple.elems.iter().zip(&expected.elems).any(|(ours, theirs)| differs(ours, theirs, types))
        }
        (
            Type::Reference(_)
            | Type::Slice(_)
            | Type::Array(_)
            | Type::Tuple(_)
            | Type::Never(_)
            | Type::Ptr(_)
            | Type::TraitObject(_),
            _,
        ) => true,
        _ => false,
    }
}

fn paths_differ(path: &TypePath, expected: &TypePath, types: &Types) -> bool {
    let (Some(name), Some(expected_name)) = (known_name(path, types), known_name(expected, types)) else {
        return false;
    };
    if name != expected_name {
        return true;
    }
    let (ours, theirs) = (arguments(path), arguments(expected));
    // `Result<Output>` may be an alias that has the other half.
    ours.len() == theirs.len() && ours.iter().zip(&theirs).any(|(ours, theirs)| differs(ours, theirs, types))
}

fn arguments(path: &TypePath) -> Vec<&Type> {
    match path.path.segments.last().map(|segment| &segment.arguments) {
        Some(PathArguments::AngleBracketed(arguments)) => arguments
            .args
            .iter()
            .filter_map(|argument| match argument {
                GenericArgument::Type(ty) => Some(ty),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// The name, if it can mean one type only.
fn known_name(path: &TypePath, types: &Types) -> Option<String> {
    if path.qself.is_some() {
        return None;
    }
    let mut names: Vec<String> = path.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    let last = names.pop()?;
    let is_known = last == "Exception"
        || KNOWN.contains(&last.as_str())
        || types.items.iter().any(|item| item.ident == last);
    (is_known && names.iter().all(|name| ROOTS.contains(&name.as_str()))).then_some(last)
}

/// What a type that the contract only renames stands for.
fn alias(ty: &Type, types: &Types) -> Option<Type> {
    let Type::Path(path) = ty else { return None };
    let name = known_name(path, types)?;
    types.items.iter().find_map(|item| match &item.kind {
        ItemKind::Alias(shape) if item.ident == name => syn::parse_str(&describe_shape(shape)).ok(),
        _ => None,
    })
}
