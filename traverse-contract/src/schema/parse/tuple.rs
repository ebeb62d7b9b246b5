//! Arrays of fixed length, each element of its own schema: `prefixItems` (spec SCHEMA-57, SCHEMA-59).

use super::{Keywords, wrong_type};
use crate::diagnostic::Diagnostic;
use crate::schema::{MAX_TUPLE, Schema, SchemaKind};
use crate::spec::node::NodeValue;
use std::collections::HashMap;

/// The most values and levels that a named type may come to where references between tuples are written out: twelve
/// tuples of twelve would be more than a machine holds after a few references.
const MAX_EXTENT: u64 = 256;

impl Keywords<'_, '_> {
    pub(super) fn tuple(&mut self) -> Option<SchemaKind> {
        let node = self.get("prefixItems")?;
        let NodeValue::Array(nodes) = &node.value else {
            self.errors.push(wrong_type("`prefixItems`", "an array of schemas", node));
            return None;
        };
        if nodes.is_empty() || nodes.len() > MAX_TUPLE {
            let message = format!("`prefixItems` has from 1 to {MAX_TUPLE} schemas, not {}", nodes.len());
            let help = "an array of any length, its elements alike, is written with `items`";
            self.errors.push(Diagnostic::error("schema-unsupported", message).at(node.span, "").help(help));
            return None;
        }
        self.closed(nodes.len());
        let mut items = Vec::new();
        for (at, node) in nodes.iter().enumerate() {
            items.push(self.parser.schema(node, &format!("{}.prefixItems[{at}]", self.place), self.errors));
        }
        Some(SchemaKind::Tuple(items.into_iter().collect::<Option<_>>()?))
    }

    /// JSON Schema lets an array end before its `prefixItems` do, and go on after them, unless it is told otherwise. Here
    /// it must be told: what is checked is then what every other reader of the schema checks.
    fn closed(&mut self, length: usize) {
        match self.get("items").map(|node| (&node.value, node)) {
            Some((NodeValue::Bool(false), _)) => {}
            None => self.errors.push(
                Diagnostic::error("schema-open-tuple", "this array may go on after its `prefixItems`")
                    .at(self.span, "nothing forbids more elements")
                    .note("in JSON Schema more may follow unless `items` is false; a tuple in Rust has one length")
                    .help("add `items = false`"),
            ),
            Some((_, node)) => self.errors.push(
                Diagnostic::error("schema-open-tuple", "`items` beside `prefixItems` must be `false`")
                    .at(node.span, "more elements may follow")
                    .note("a tuple in Rust has one length")
                    .help("write `items = false`, and put what follows into an array of its own"),
            ),
        }
        let (least, most) = (self.length("minItems"), self.length("maxItems"));
        let length = length as u64;
        if least.is_some_and(|least| least > length) || most.is_some_and(|most| most < length) {
            self.empty_range(&format!(
                "`prefixItems` has {length} schemas, which `minItems` or `maxItems` excludes"
            ));
        } else if least != Some(length) {
            let place = self.get("minItems").map_or(self.span, |node| node.span);
            self.errors.push(
                Diagnostic::error("schema-open-tuple", "this array may end before its `prefixItems` do")
                    .at(place, "fewer elements are allowed")
                    .note("in JSON Schema elements may be missing unless `minItems` forbids it; a tuple in Rust has one length")
                    .help(format!("write `minItems = {length}`")),
            );
        }
    }
}

/// A named type that tuples make too large: the first, for others follow from it or lead to it.
pub(super) fn check_extent(types: &[(String, Schema)], errors: &mut Vec<Diagnostic>) {
    let mut extents = HashMap::new();
    let large = types.iter().find(|(_, schema)| extent(types, schema, 0, &mut extents) > MAX_EXTENT);
    let Some((name, schema)) = large else { return };
    let message = format!("type `{name}` holds more than {MAX_EXTENT} values, by tuples within tuples");
    let error = Diagnostic::error("schema-tuple-too-large", message).at(schema.span, "");
    errors.push(error.help("make the inner tuples objects with names for their values"));
}

/// How many values and levels are written where the schema is used. Objects have a type of their own and are one.
fn extent<'s>(
    types: &'s [(String, Schema)],
    schema: &'s Schema,
    depth: u64,
    known: &mut HashMap<&'s String, u64>,
) -> u64 {
    if depth > MAX_EXTENT {
        return MAX_EXTENT + 1;
    }
    match &schema.kind {
        SchemaKind::Tuple(items) => {
            let items = items.iter().map(|item| extent(types, item, depth + 1, known));
            items.fold(1, u64::saturating_add)
        }
        SchemaKind::Array(inner, _) | SchemaKind::Nullable(inner) => extent(types, inner, depth + 1, known),
        SchemaKind::Ref(target) => {
            let Ok(at) = types.binary_search_by(|(name, _)| name.cmp(target)) else { return 1 };
            let (name, schema) = &types[at];
            if let Some(extent) = known.get(name) {
                return *extent;
            }
            // A type that contains itself is reported where that is looked for.
            known.insert(name, 1);
            let found = extent(types, schema, depth + 1, known);
            known.insert(name, found);
            found
        }
        _ => 1,
    }
}
