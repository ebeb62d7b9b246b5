//! What a schema says of a value.

use super::super::range::{Doubles, Ints, Known, Lists, Sizes, Texts, Truth};
use super::{Analysis, MOST_NESTED};
use crate::lang::syntax::BinaryOp;
use crate::schema::{LengthBounds, NumberBounds, Schema, SchemaKind};

impl Analysis<'_> {
    /// What the schema of a property admits. Where it lists values, they are looked through once.
    pub(super) fn of_property(&mut self, schema: &Schema) -> Known {
        let lists = match &self.schemas.resolve(schema).kind {
            SchemaKind::Enum(_) | SchemaKind::Array(..) => true,
            SchemaKind::Integer(bounds) | SchemaKind::Number(bounds) => !bounds.among.is_empty(),
            _ => false,
        };
        if !lists {
            return self.of_schema(schema, MOST_NESTED);
        }
        if let Some(known) = self.listed.get(&std::ptr::from_ref(schema)) {
            return known.clone();
        }
        let known = self.of_schema(schema, MOST_NESTED);
        self.listed.insert(schema, known.clone());
        known
    }

    /// What a schema admits.
    pub(super) fn of_schema(&self, schema: &Schema, depth: usize) -> Known {
        let kind = &self.schemas.resolve(schema).kind;
        match kind {
            SchemaKind::Boolean(Some(only)) if self.bounds => Known::Bool(Truth::only(*only)),
            SchemaKind::Boolean(_) => Known::Bool(Truth::EITHER),
            SchemaKind::Integer(bounds) if self.bounds => Known::Int(ints_within(bounds)),
            SchemaKind::Integer(_) => Known::Int(Ints::ALL),
            SchemaKind::Number(bounds) if self.bounds => Known::Double(doubles_within(bounds)),
            SchemaKind::Number(_) => Known::Double(Doubles::FINITE),
            SchemaKind::String(bounds) if self.bounds => {
                Known::Text(Texts::sized(sizes_within(&bounds.length)))
            }
            SchemaKind::String(_) => Known::Text(Texts::ALL),
            SchemaKind::Enum(members) if self.bounds => Known::Text(Texts::listed(members)),
            SchemaKind::Enum(_) => Known::Text(Texts::ALL),
            SchemaKind::Array(items, bounds) => {
                let size = if self.bounds { sizes_within(&bounds.length) } else { Sizes::ALL };
                // A type may hold lists of itself.
                let element = match depth {
                    0 => Known::Any,
                    _ => self.of_schema(items, depth - 1),
                };
                Known::List(Lists { size, element: Box::new(element), members: None })
            }
            _ => Known::Any,
        }
    }
}

fn ints_within(bounds: &NumberBounds) -> Ints {
    let mut ints = Known::Int(Ints::ALL);
    for (op, bound) in each_bound(bounds) {
        let bound = Known::Double(Doubles { low: bound, high: bound, nan: false });
        ints = ints.narrowed(op, &bound).unwrap_or(ints);
    }
    match ints {
        Known::Int(ints) => ints,
        _ => Ints::ALL,
    }
}

fn doubles_within(bounds: &NumberBounds) -> Doubles {
    let mut doubles = Known::Double(Doubles::FINITE);
    for (op, bound) in each_bound(bounds) {
        let bound = Known::Double(Doubles { low: bound, high: bound, nan: false });
        doubles = doubles.narrowed(op, &bound).unwrap_or(doubles);
    }
    match doubles {
        Known::Double(doubles) => doubles,
        _ => Doubles::FINITE,
    }
}

fn each_bound(bounds: &NumberBounds) -> impl Iterator<Item = (BinaryOp, f64)> {
    let listed = || bounds.among.iter().copied();
    [
        (BinaryOp::GreaterOrEqual, bounds.minimum),
        (BinaryOp::LessOrEqual, bounds.maximum),
        (BinaryOp::Greater, bounds.exclusive_minimum),
        (BinaryOp::Less, bounds.exclusive_maximum),
        (BinaryOp::GreaterOrEqual, listed().reduce(f64::min)),
        (BinaryOp::LessOrEqual, listed().reduce(f64::max)),
    ]
    .into_iter()
    .filter_map(|(op, bound)| Some((op, bound?)))
}

fn sizes_within(bounds: &LengthBounds) -> Sizes {
    let most = Sizes::ALL.high;
    Sizes { low: bounds.min.unwrap_or(0).min(most), high: bounds.max.unwrap_or(most).min(most) }
}
