//! What the values of generated types may hold, by which code is left out that nothing needs.

use super::types::{ItemKind, Shape, Types, int_type};
use proc_macro2::Ident;
use std::collections::HashSet;
use traverse_contract::schema::{ItemBounds, LengthBounds, NumberBounds, StringBounds};

impl Types {
    /// The generated types of which JSON can hold every value: those without a number, which may be none that is finite,
    /// and without a type that may hold itself, which may nest too deep.
    pub fn sound(&self) -> HashSet<&Ident> {
        let mut sound = HashSet::new();
        loop {
            let before = sound.len();
            for item in &self.items {
                let is_sound = match &item.kind {
                    ItemKind::Struct { fields, .. } => {
                        fields.iter().all(|field| field.shape.is_sound(&sound))
                    }
                    ItemKind::Enum(_) => true,
                    ItemKind::Alias(shape) => shape.is_sound(&sound),
                };
                if is_sound {
                    sound.insert(&item.ident);
                }
            }
            // A type that holds itself is never found.
            if sound.len() == before {
                return sound;
            }
        }
    }

    /// Whether a double may be read in the JSON of input, output or details that somebody looks at as such: a number, or, in
    /// what may be shown again, an integer beyond `i64`.
    pub fn hold_doubles(&self) -> bool {
        let in_items = self.items.iter().any(|item| match &item.kind {
            ItemKind::Struct { fields, .. } => fields.iter().any(|field| field.shape.has_double(true)),
            ItemKind::Enum(_) => false,
            ItemKind::Alias(shape) => shape.has_double(true),
        });
        let mut in_details =
            self.exceptions.iter().filter_map(|exception| exception.fields.as_ref()).flatten();
        in_items || self.output.has_double(true) || in_details.any(|field| field.shape.has_double(false))
    }

    /// The generated types that hold something with bounds that its own type does not say.
    pub fn bounded(&self) -> HashSet<&Ident> {
        let mut bounded = HashSet::new();
        loop {
            let before = bounded.len();
            for item in &self.items {
                let is_bounded = match &item.kind {
                    ItemKind::Struct { fields, .. } => {
                        fields.iter().any(|field| field.shape.is_bounded(&bounded))
                    }
                    ItemKind::Enum(_) => false,
                    ItemKind::Alias(shape) => shape.is_bounded(&bounded),
                };
                if is_bounded {
                    bounded.insert(&item.ident);
                }
            }
            if bounded.len() == before {
                return bounded;
            }
        }
    }
}

impl Shape {
    /// Whether it has bounds that its type does not say, given the generated types that have some.
    pub fn is_bounded(&self, bounded: &HashSet<&Ident>) -> bool {
        match self {
            Shape::Null => false,
            Shape::Bool(only) => only.is_some(),
            Shape::Int(bounds) | Shape::Double(bounds) => *bounds != NumberBounds::default(),
            Shape::Text(bounds) => *bounds != StringBounds::default(),
            Shape::Nullable(value) => value.is_bounded(bounded),
            Shape::List(item, bounds) => *bounds != ItemBounds::default() || item.is_bounded(bounded),
            Shape::Map(value, bounds) => *bounds != LengthBounds::default() || value.is_bounded(bounded),
            Shape::Tuple(items) => items.iter().any(|item| item.is_bounded(bounded)),
            Shape::Named(name) | Shape::Boxed(name) => bounded.contains(name),
        }
    }

    /// Whether a double may be read in its JSON, generated types apart; `large` if an integer beyond `i64` is one.
    fn has_double(&self, large: bool) -> bool {
        match self {
            Shape::Double(_) => true,
            Shape::Int(bounds) => large && int_type(bounds) == "u64",
            Shape::Nullable(value) | Shape::List(value, _) | Shape::Map(value, _) => value.has_double(large),
            Shape::Tuple(items) => items.iter().any(|item| item.has_double(large)),
            Shape::Null | Shape::Bool(_) | Shape::Text(_) | Shape::Named(_) | Shape::Boxed(_) => false,
        }
    }

    /// Whether JSON can hold every value, given the generated types of which it can.
    pub fn is_sound(&self, sound: &HashSet<&Ident>) -> bool {
        match self {
            Shape::Null | Shape::Bool(_) | Shape::Int(_) | Shape::Text(_) => true,
            Shape::Double(_) => false,
            Shape::Nullable(value) | Shape::List(value, _) | Shape::Map(value, _) => value.is_sound(sound),
            Shape::Tuple(items) => items.iter().all(|item| item.is_sound(sound)),
            Shape::Named(name) | Shape::Boxed(name) => sound.contains(name),
        }
    }
}
